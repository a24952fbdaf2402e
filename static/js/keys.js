// Single keys in a list: / f j k x ?. Loaded only for who has not turned them off on the own page.

const typed = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const keys = {
  "/": () => focusOn(document.getElementById("search")),
  f: toFilters,
  j: () => toRow(1),
  k: () => toRow(-1),
  x: () => currentRow()?.querySelector(".cell--select input")?.click(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.target.closest(typed) || document.querySelector("dialog[open]")) return;
  const press = Object.hasOwn(keys, event.key) && keys[event.key];
  if (!press) return;
  event.preventDefault();
  press();
});

const rows = () => [...document.querySelectorAll("#listing tbody tr")];
const currentRow = () => document.activeElement.closest("#listing tbody tr");

// The focus itself moves from row to row, so that Enter opens and a screen reader tells where one is.
function toRow(step) {
  const all = rows();
  const now = all.indexOf(currentRow());
  const next = now < 0 ? all[0] : all[Math.min(Math.max(now + step, 0), all.length - 1)];
  focusOn(next?.querySelector(".cell--title a") ?? next?.querySelector("a"));
}

function toFilters() {
  const panel = document.getElementById("filters");
  panel.open = true;
  const controls = [...panel.querySelectorAll("form :is(summary, input, select)")];
  focusOn(controls.find((control) => control.checkVisibility()));
}

function focusOn(element) {
  element?.focus();
  element?.select?.();
  element?.scrollIntoView({ block: "nearest" });
}
