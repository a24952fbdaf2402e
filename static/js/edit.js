// Comforts of the page on which a paper is written; it works without them.

const form = document.querySelector("form.edit");
const names = document.getElementById("organization-names");

// ---- one more row: the server sends it, the form counts it ----

function totalOf(part) {
  return part.querySelector('[name$="-TOTAL_FORMS"]');
}

document.addEventListener("htmx:configRequest", (event) => {
  const button = event.detail.elt;
  if (button.name === "add") {
    const part = button.closest("[data-part]");
    event.detail.parameters = { part: part.dataset.part, index: totalOf(part).value };
  } else if (button.matches("[data-organization]")) {
    event.detail.parameters = { q: button.value };
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches("[data-part-rows]")) {
    const part = event.target.closest("[data-part]");
    const row = event.target.lastElementChild;
    totalOf(part).value = Number(totalOf(part).value) + 1;
    namePartyChoices();
    row.querySelector("input:not([type=hidden]), select")?.focus();
  }
  // The answer may come after the writer has gone on.
  if (event.target === names && asking && asking !== document.activeElement) {
    describe(asking);
    offerToRegister(asking);
  }
});

// ---- signatories choose among the parties as they are typed now ----

function namePartyChoices() {
  const parties = [...form.querySelectorAll("[data-organization]")].map((field, index) => [
    String(index),
    `${index + 1}. ${field.value}`.trim().slice(0, 90),
  ]);
  form.querySelectorAll("[data-party-choice]").forEach((select) => {
    parties.forEach(([value, words]) => {
      const known = [...select.options].find((option) => option.value === value);
      if (known && words.includes(" ")) known.textContent = words;
      if (!known) select.add(new Option(words, value));
    });
  });
}

// ---- organisations: what kind it is, which paper is usual, or that it is not in the list ----

let asking = null;

function chosen(field) {
  const typed = field.value.trim().toLowerCase();
  return [...names.options].find((option) => option.value.toLowerCase() === typed);
}

function describe(field) {
  const option = chosen(field);
  const row = field.closest("[data-row]");
  row.querySelector("[data-kind]").textContent = option ? option.dataset.kind : "";
  const kind = form.querySelector("[data-kind-of-paper]");
  if (option?.dataset.proposes && kind && kind.value === "") {
    kind.value = option.dataset.proposes;
  }
}

// Nothing in the list is called so: the fields for a new organisation open.
function offerToRegister(field) {
  const fields = field?.closest("[data-row]").querySelector("[data-new]");
  const known = [...names.options].some((option) => !("near" in option.dataset));
  if (fields && field.value.trim().length > 3 && !known) fields.hidden = false;
}

form?.addEventListener("input", (event) => {
  if (event.target.matches("[data-organization]")) asking = event.target;
});

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-organization]")) {
    describe(event.target);
    offerToRegister(event.target);
    namePartyChoices();
  }
  if (event.target.name?.endsWith("-remove")) {
    event.target
      .closest("[data-row]")
      .classList.toggle("formset__row--removed", event.target.checked);
  }
});

// A name that was near is picked without a way to the server and back.
form?.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="pick"]');
  if (!button) return;
  event.preventDefault();
  const field = button.closest("[data-row]").querySelector("[data-organization]");
  field.value = button.textContent.trim();
  field.removeAttribute("aria-invalid");
  namePartyChoices();
  field.focus();
});
