// The register with htmx: what the reader was looking at stays in view, and the region list can be searched.

const wide = window.matchMedia("(min-width: 62rem)");
let panelScroll = 0;
let panelOpen = false;
let pressed = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const panel = event.target.querySelector(".filters");
  panelScroll = panel?.scrollTop ?? 0;
  panelOpen = panel?.open ?? false;
  pressed = placeOf(document.activeElement);
});

document.addEventListener("htmx:afterSettle", () => {
  const panel = document.querySelector(".filters");
  if (!panel) return;
  if (panelOpen) panel.open = true;
  openBesideRows();
  panel.scrollTop = panelScroll;
  focusAgain();
  revealFinders();
});

// Where the panel stands beside the rows it is open for everyone, not by its looks only.
function openBesideRows() {
  const panel = document.querySelector(".filters");
  if (panel && wide.matches) panel.open = true;
}

// htmx gives the focus back to what has an id; a heading or a pager link has none.
function placeOf(element) {
  if (!element || element.id) return null;
  const heading = element.closest("#listing thead th");
  if (heading) return { heading: heading.cellIndex };
  return element.closest("#listing") ? { count: true } : null;
}

function focusAgain() {
  if (!pressed || document.activeElement !== document.body) return;
  const heading = document.querySelectorAll("#listing thead th")[pressed.heading];
  const target = heading?.querySelector("a") ?? document.getElementById("result-count");
  if (!target.matches("a")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  pressed = null;
}

function revealFinders() {
  document.querySelectorAll("[data-find]").forEach((finder) => {
    finder.hidden = false;
    // Options that were brought in meanwhile are narrowed like the others.
    if (finder.value) finder.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

// What is typed to find an option is no filter: the form must not be sent for it.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches?.("[data-find]")) event.stopPropagation();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-find]")) event.preventDefault();
});

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const wanted = event.target.value.trim().toLowerCase();
  document.querySelectorAll(`#${event.target.dataset.find} > li`).forEach((item) => {
    narrow(item, wanted);
  });
});

// A province stays when it fits itself, then with all below it, or when something below it fits.
function narrow(item, wanted) {
  const fits = (element) => element.textContent.toLowerCase().includes(wanted);
  const own = fits(item.querySelector(":scope > label"));
  const below = [...item.querySelectorAll("details li")];
  below.forEach((each) => {
    each.hidden = !own && !fits(each);
  });
  const found = below.some((each) => !each.hidden);
  item.hidden = !own && !found;
  const more = item.querySelector("details");
  if (more && wanted && !own) more.open = found;
}

wide.addEventListener("change", openBesideRows);
openBesideRows();
revealFinders();
