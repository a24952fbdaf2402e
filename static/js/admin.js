// A lookup field of the administration (select2) is named after its label, for those who hear the page.
const nameLookups = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0]?.textContent.trim().replace(/:$/, "");
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (label && box) {
      box.setAttribute("aria-label", label);
    }
  }
};

window.addEventListener("load", nameLookups);
document.addEventListener("formset:added", () => window.setTimeout(nameLookups));
