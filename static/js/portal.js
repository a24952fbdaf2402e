// Small comforts on top of pages that work without them. One listener each, so that parts of a
// page that htmx brings in later have them too.

const wide = window.matchMedia("(min-width: 72rem)");

// What only a script can do appears only where scripts run.
function reveal(root) {
  root.querySelectorAll("[data-print], [data-copy], [data-formset-add]").forEach((button) => {
    button.hidden = button.matches("[data-copy]") && !navigator.clipboard;
  });
}

// Older browsers can't show the content of a closed <details> by CSS alone.
function openFilters() {
  if (CSS.supports("selector(::details-content)")) return;
  document.querySelectorAll("details.filters").forEach((panel) => {
    panel.open = wide.matches;
  });
}

function focusErrors() {
  document.querySelector(".error-summary")?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-print]")) window.print();
  if (button?.matches("[data-copy]")) copy(button);
  if (button?.matches("[data-formset-add]")) addRow(button);
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

async function copy(button) {
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector(".visually-hidden");
  const before = words.textContent;
  words.setAttribute("role", "status");
  words.textContent = button.dataset.copied;
  button.classList.add("ref__copy--done");
  setTimeout(() => {
    words.removeAttribute("role");
    words.textContent = before;
    button.classList.remove("ref__copy--done");
  }, 2000);
}

// A formset: <div data-formset="PREFIX"> with its rows in [data-formset-rows] and a <template>
// whose fields carry __prefix__, as Django writes them.
function addRow(button) {
  const formset = button.closest("[data-formset]");
  const total = formset.querySelector(`[name="${formset.dataset.formset}-TOTAL_FORMS"]`);
  const index = Number(total.value);
  const holder = document.createElement("template");
  holder.innerHTML = formset.querySelector("template").innerHTML.replaceAll("__prefix__", index);
  const row = holder.content.firstElementChild;
  const number = row.querySelector(".formset__number");
  if (number) number.textContent = index + 1;
  formset.querySelector("[data-formset-rows]").append(row);
  total.value = index + 1;
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

// Leaving a form with unsent changes asks first.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-warn-unsaved]");
  if (form) changed.add(form);
});
document.addEventListener("submit", (event) => {
  changed.delete(event.target.closest("form"));
});
window.addEventListener("beforeunload", (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});

// htmx replaces a part of the page: what the reader had opened in it stays open.
let opened = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  opened = [...event.target.querySelectorAll("details[id][open]")].map((details) => details.id);
});
document.addEventListener("htmx:afterSettle", () => {
  opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
  opened = [];
  reveal(document);
  openFilters();
});

wide.addEventListener("change", openFilters);
reveal(document);
openFilters();
focusErrors();
