// Rows that are selected in a list: how many, the whole page at once, and the way to all results.

const boxes = () => [...document.querySelectorAll("#listing tbody .cell--select input")];

function show() {
  const all = boxes();
  const selected = all.filter((box) => box.checked).length;
  const whole = all.length > 0 && selected === all.length;
  const page = document.querySelector("[data-select-page]");
  if (!page) return;
  page.hidden = false;
  document.querySelector("[data-select-heading]").hidden = true;
  const box = page.querySelector("input");
  box.checked = whole;
  box.indeterminate = selected > 0 && !whole;
  document.querySelector("[data-selected]").textContent = selected;
  const results = document.querySelector("[data-select-all]");
  if (results) results.hidden = !whole;
}

document.addEventListener("change", (event) => {
  if (!event.target.closest?.(".cell--select")) return;
  if (event.target.closest("[data-select-page]")) {
    boxes().forEach((box) => {
      box.checked = event.target.checked;
    });
  }
  show();
});

// htmx brings new rows; the back button brings the old ones with their ticks.
document.addEventListener("htmx:afterSettle", show);
window.addEventListener("pageshow", show);
show();
