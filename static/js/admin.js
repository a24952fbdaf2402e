// What Django's administration leaves out for those who hear the page or have no pointer.

// A lookup field (select2) is named after its label; its own reference leads to an empty element.
const nameLookups = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0]?.textContent.trim().replace(/:$/, "");
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    if (label && box) {
      box.removeAttribute("aria-labelledby");
      box.setAttribute("aria-label", label);
      box.querySelector("[role=textbox]")?.setAttribute("aria-label", label);
    }
  }
};

// A table that is wider than the page is scrolled with the arrow keys too.
const reachScrolled = () => {
  for (const region of document.querySelectorAll(".inline-group, fieldset.module, .results, .history__change")) {
    if (region.scrollWidth > region.clientWidth) {
      region.tabIndex = 0;
    }
  }
};

// Lookups are made after the page, and again with each row that is added.
new MutationObserver(nameLookups).observe(document.body, { childList: true, subtree: true });
nameLookups();
window.addEventListener("load", reachScrolled);
