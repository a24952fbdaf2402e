// Sends evidence file by file: photos made smaller first, with a bar for each file and a way to try again.
// Without it the files go with the form.

const chooser = document.querySelector("[data-evidence]");
const form = chooser?.closest("form");
const list = document.querySelector("[data-evidence-list]");
const said = chooser?.dataset;
const LONGEST_SIDE = 2000; // pixels
const QUALITY = 0.85;
const LARGEST = 10 * 1024 * 1024; // bytes
const SMALL_PNG = 1024 * 1024;

// ---- photos ----

// Drawn anew, a picture keeps nothing of what the camera wrote into it. Not a picture, or one that this
// browser can't read: as it is; the portal looks at it in any case.
async function smaller(file) {
  if (!["image/jpeg", "image/png"].includes(file.type)) return file;
  let picture;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return file;
  }
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  if (file.type === "image/png" && scale === 1 && file.size <= SMALL_PNG) return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) return file;
  return new File([blob], `${file.name.replace(/\.[^.]+$/, "")}.jpg`, { type: "image/jpeg" });
}

// ---- one file on its way ----

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function rowFor(file) {
  const row = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const words = document.createElement("span");
  words.className = "cell__note";
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", `${said.saidSending} ${file.name}`);
  row.append(name, words, bar);
  chooser.querySelector("[data-sending]").append(row);
  return { row, words, bar };
}

function trouble({ row, words, bar }, sentence, again) {
  bar.remove();
  words.textContent = sentence;
  words.className = "cell__note evidence__trouble";
  words.setAttribute("role", "alert");
  const buttons = document.createElement("div");
  buttons.className = "buttons";
  const add = (text, action) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--secondary button--small";
    button.textContent = text;
    button.addEventListener("click", () => {
      row.remove();
      action?.();
    });
    buttons.append(button);
  };
  if (again) add(said.saidRetry, again);
  add(said.saidDismiss);
  row.append(buttons);
}

function post(file, key, bar) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("upload_key", key);
    body.set("file", file);
    request.open("POST", said.upload);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("loadend", () => done(request));
    request.send(body);
  });
}

// The report must be there before its evidence: its first draft is asked for and waited for.
function drafted() {
  if (said.upload) return Promise.resolve();
  return new Promise((done) => {
    form.addEventListener("draft-kept", done, { once: true });
    form.dispatchEvent(new CustomEvent("draft-wanted"));
  });
}

async function take(chosen, key = newKey()) {
  const shown = rowFor(chosen);
  const file = await smaller(chosen);
  const note = file === chosen ? "" : said.saidSmaller;
  shown.words.textContent = note;
  if (file.size > LARGEST) return trouble(shown, said.saidLarge);
  if (!said.upload) shown.words.textContent = `${note} ${said.saidWaiting}`;
  await drafted();
  shown.words.textContent = `${note} ${said.saidSending} …`;
  const answer = await post(file, key, shown.bar);
  if (answer.status === 201) return arrived(answer.response, shown, note);
  const sentence = answer.response?.sentence ?? said.saidFailed;
  // A refused file stays refused; anything else may go through the next time, under the same key.
  return trouble(shown, sentence, answer.status === 422 ? null : () => take(chosen, key));
}

function arrived(answer, shown, note) {
  list.querySelector(".evidence__none")?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = answer.html.trim();
  const item = holder.content.firstElementChild;
  if (note) {
    const words = document.createElement("span");
    words.className = "cell__note";
    words.setAttribute("role", "status");
    words.textContent = note;
    item.querySelector(".evidence__text").append(words);
  }
  list.append(item);
  // The form that the item's button belongs to: a form can't stand within the report's own.
  const withdraw = document.createElement("form");
  withdraw.method = "post";
  withdraw.id = `withdraw-${answer.document}`;
  withdraw.action = answer.withdraw;
  withdraw.append(form.elements.csrfmiddlewaretoken.cloneNode());
  document.querySelector("main").append(withdraw);
  shown.row.remove();
}

let queue = Promise.resolve();
chooser?.querySelector("input[type=file]").addEventListener("change", (event) => {
  const files = [...event.target.files];
  event.target.value = "";
  files.forEach((file) => {
    queue = queue.then(() => take(file));
  });
});
