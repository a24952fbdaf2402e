// Comforts of the page on which a commitment is logged; it works without them.

// Money asks for its source, which stands in the folded part.
const indicator = document.querySelector("[name=indicator]");
const more = document.querySelector("details[data-more]");

indicator?.addEventListener("change", () => {
  if (indicator.selectedOptions[0].textContent.includes("(Rupiah)")) more.open = true;
});
