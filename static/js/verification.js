// Keys for who judges many reports: shown on the page, off while something is typed, and off for good
// when the reader says so.

const hints = document.querySelectorAll("[data-keys]");
const toggle = document.querySelector("[data-keys-toggle]");
const KEPT_AS = "verification-keys";
let on = true;
try {
  on = localStorage.getItem(KEPT_AS) !== "off";
} catch {
  // A browser that keeps nothing asks each time.
}

function show() {
  hints.forEach((hint) => {
    hint.hidden = !on;
  });
  if (!toggle) return;
  toggle.hidden = false;
  toggle.textContent = on ? toggle.dataset.saidOff : toggle.dataset.saidOn;
}

function moveInList(step) {
  const rows = [...document.querySelectorAll("[data-row-link]")];
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? rows[0] : rows[at + step];
  next?.focus();
}

toggle?.addEventListener("click", () => {
  on = !on;
  show();
  try {
    localStorage.setItem(KEPT_AS, on ? "on" : "off");
  } catch {
    // See above.
  }
});

document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (wanted) {
    event.preventDefault();
    wanted.click();
  } else if (event.key === "r" && document.querySelector("[data-decision]")) {
    event.preventDefault();
    document.querySelector("[data-decision] textarea").focus();
  } else if (event.key === "j") {
    moveInList(1);
  } else if (event.key === "k") {
    moveInList(-1);
  }
});

show();
