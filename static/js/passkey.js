// Joins the library's scripts for passkeys to a form: data-passkey says what it does, data-options with what.
// What goes wrong is said in one of the sentences that stand on the page.

const SENTENCES = { NotAllowedError: "cancelled", AbortError: "cancelled", SecurityError: "address", InvalidStateError: "known" };
const form = document.querySelector("form[data-passkey]");

function id(element, name) {
  element.id ||= name;
  return element.id;
}

function join() {
  const button = form.querySelector("[data-passkey-button]");
  const kind = form.dataset.passkey;
  const ids = { credential: id(form.elements.credential, "credential") };
  ids[kind] = id(button, "passkey-button");
  // The library reads whether the key opens the account by itself from a box that is ticked.
  const join = window.allauth.webauthn.forms[`${kind}Form`];
  join({ ids, data: form.dataset.options && JSON.parse(form.dataset.options) });
  button.addEventListener("click", () => say(""));
}

function say(which) {
  const trouble = form.querySelector("[data-passkey-trouble]");
  trouble.hidden = !which;
  trouble.querySelectorAll("[data-trouble]").forEach((each) => {
    each.hidden = each.dataset.trouble !== which;
  });
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  say(SENTENCES[event.detail.exception.name] ?? "unable");
});

if (form && window.PublicKeyCredential) {
  form.hidden = false;
  join();
} else if (form && !form.hidden) {
  say("unable");
}
