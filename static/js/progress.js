// Keeps a report while it is written: on the server after a pause, on this device when the line drops.
// The page works without it; then the buttons alone save.

const form = document.querySelector("form[data-draft]");
const line = form?.querySelector("[data-line]");
const chooser = form?.querySelector("[data-evidence]");
const said = form?.dataset;
const PAUSE = 1200;
const RETRY = 5000;

let timer = null;
let running = null; // the sending that is under way
let unanswered = null; // what was sent and never answered: it may have arrived
let stopped = false; // somebody else has saved the report; only the buttons go on
let leaving = false;
let wanted = false; // evidence waits for the first draft, even of an empty form

function say(words, warns = false) {
  line.textContent = words;
  line.classList.toggle("report__line--warn", warns);
}

// ---- what is typed, as pairs; files and the version are not part of it ----

function typed(within = form) {
  const pairs = [...new FormData(within)].filter(
    ([name, value]) =>
      typeof value === "string" && !["csrfmiddlewaretoken", "version", "certain"].includes(name),
  );
  return pairs.filter(([name]) => name !== "then");
}

const version = () => form.elements.version;
const asText = (pairs) => JSON.stringify(pairs);

// As the server sent it: a browser may have filled fields again with what was in them before.
function sent() {
  const copy = form.cloneNode(true);
  copy.reset();
  return typed(copy);
}

let onServer = form ? asText(sent()) : "";

// ---- this device; the key holds the person, so that nobody else on it is shown the copy ----

function keep() {
  try {
    localStorage.setItem(said.keptAs, JSON.stringify({ version: version().value, pairs: typed() }));
  } catch {
    // A full or forbidden store: the server's copy must do.
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(said.keptAs));
  } catch {
    return null;
  }
}

function forget() {
  try {
    localStorage.removeItem(said.keptAs);
  } catch {
    // Nothing was kept there either.
  }
}

function putBack(pairs) {
  const total = form.querySelector('[name$="-TOTAL_FORMS"]');
  const wanted = Number(pairs.find(([name]) => name === total?.name)?.[1] ?? 0);
  const add = form.querySelector("[data-formset-add]");
  for (let rows = Number(total?.value ?? 0); add && rows < wanted; rows += 1) add.click();
  pairs.forEach(([name, value]) => {
    const field = form.elements[name];
    if (field && field.type !== "checkbox" && !name.endsWith("_FORMS")) field.value = value;
  });
  say(said.saidRestored, true);
  later();
}

function lookForKept() {
  const copy = kept();
  if (!copy) {
    if (asText(typed()) !== onServer) later();
    return;
  }
  if (asText(copy.pairs) === onServer) {
    forget();
  } else if (copy.version === version().value) {
    putBack(copy.pairs);
  } else {
    // The report went on since: what was kept is offered, not put over it.
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary button--small";
    button.textContent = said.saidPutBack;
    button.addEventListener("click", () => putBack(copy.pairs));
    say(`${said.saidOther} `, true);
    line.append(button);
  }
}

// ---- the server ----

async function send(message) {
  const body = new URLSearchParams(message.pairs);
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("version", message.version);
  unanswered = message;
  const answer = await fetch(said.draft, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
  });
  if (answer.status >= 500) throw new TypeError("the portal does not answer");
  unanswered = null;
  if (answer.type === "opaqueredirect" || answer.status === 403) return halt(said.saidSignedOut);
  const data = await answer.json();
  if (!answer.ok) return halt(answer.status === 409 ? said.saidElsewhere : data.sentence);
  version().value = data.version;
  wanted = false;
  onServer = asText(message.pairs);
  if (chooser) chooser.dataset.upload = data.evidence;
  form.dispatchEvent(new CustomEvent("draft-kept"));
  if (asText(typed()) === onServer) forget();
  const partly = data.left_out.length ? `. ${said.saidPartly}: ${data.left_out.join(", ")}` : "";
  say(`${said.saidSaved} ${data.saved_at}${partly}`, Boolean(partly));
  return true;
}

function halt(words) {
  stopped = true;
  say(words, true);
  return false;
}

// What was sent and not answered goes first, unchanged: if it had arrived, the server knows it again.
async function save() {
  clearTimeout(timer);
  if (stopped) return false;
  try {
    if (unanswered && !(await send(unanswered))) return false;
    const pairs = typed();
    if (!wanted && asText(pairs) === onServer) return true;
    if (!line.textContent) say(said.saidSaving);
    return await send({ pairs, version: version().value });
  } catch {
    say(said.saidOffline, true);
    timer = setTimeout(flush, RETRY);
    return false;
  }
}

async function flush() {
  if (running) await running;
  running = save();
  const done = await running;
  running = null;
  return done;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
}

// A button that leaves the page waits until the server has what was typed; without a line it stays.
async function leave(event) {
  if (leaving) return;
  event.preventDefault();
  const { target, submitter } = event;
  await allFilesSent();
  if ((await flush()) || stopped) {
    leaving = true;
    forgetWhenSafe();
    // A form is not sent from within its own submit event, which may still be under way.
    await new Promise((done) => setTimeout(done));
    target.requestSubmit(submitter?.form === target ? submitter : undefined);
    // Coming back to this page finds its buttons at work again.
    setTimeout(() => {
      leaving = false;
    }, 4000);
  } else {
    say(said.saidWait, true);
  }
}

async function allFilesSent() {
  while (form.querySelector("[data-sending] progress")) {
    say(said.saidFiles);
    await new Promise((done) => setTimeout(done, 250));
  }
}

function forgetWhenSafe() {
  if (!stopped) forget();
}

if (form) {
  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    if (!stopped) later();
    keep();
  });
  form.addEventListener("draft-wanted", () => {
    wanted = true;
    flush();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form || event.target.matches("[id^=withdraw-]")) leave(event);
  });
  window.addEventListener("online", () => flush());
  window.addEventListener("offline", () => {
    keep();
    say(said.saidOffline, true);
  });
  lookForKept();
}
