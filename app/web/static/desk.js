// The desk made quicker: keys from change to change, reasons that outlive a reload, and how many changes are ticked.

const desk = document.querySelector("[data-desk]");
const form = document.getElementById("page.decide");
const cards = [...document.querySelectorAll("article.change")];
const back = document.getElementById("page.back");

/** What somebody wrote and has not sent, by the name of its field; kept in this tab alone. */
const store = {
  key: `engross.desk.${desk?.dataset.desk}`,
  read() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
    } catch {
      return {};
    }
  },
  write(values) {
    try {
      sessionStorage.setItem(this.key, JSON.stringify(values));
    } catch {
      // A browser that keeps nothing does as without this script.
    }
  },
};

const refOf = (name) => name.slice(name.indexOf(".") + 1);
const written = [...document.querySelectorAll("textarea[form='page.decide']")];

function keepWhatIsWritten() {
  const kept = store.read();
  // What has just been decided is no longer being written; what was refused is.
  if (back?.classList.contains("good")) for (const name of kept.sent ?? []) delete kept[name];
  delete kept.sent;
  for (const field of written) {
    const words = kept[field.name];
    if (words !== undefined && field.value === field.defaultValue && words !== field.defaultValue) {
      field.value = words;
      const folded = field.closest("details");
      if (folded) folded.open = true;
    }
    field.addEventListener("input", () => {
      const now = store.read();
      if (field.value === field.defaultValue && !field.value.trim()) delete now[field.name];
      else now[field.name] = field.value;
      store.write(now);
    });
  }
  store.write(kept);
}

function sendOnce() {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    const pressed = event.submitter;
    if (pressed?.name !== "decide" && pressed?.name !== "ticked") return;
    sent = true;
    const refs = pressed.name === "decide" ? [pressed.value.split(" ")[0]] : ticked().map((box) => refOf(box.name));
    const names = refs.flatMap((ref) => [`reason.${ref}`, `text.${ref}`, `sheet.${ref}`]);
    store.write({ ...store.read(), sent: pressed.name === "ticked" ? [...names, "common"] : names });
  });
  addEventListener("pageshow", () => (sent = false));
}

/** A page that answers a form can be loaded again like any other. */
function giveItsAddress() {
  if (location.search || !back) return;
  const said = new URLSearchParams();
  for (const name of ["show", "section", "proposal", "page"]) {
    const value = form?.elements.namedItem(name)?.value;
    if (value && !(name === "page" && value === "1")) said.set(name, value);
  }
  if (said.size) history.replaceState(null, "", `?${said}${location.hash}`);
}

const boxes = cards.map((card) => card.querySelector("input[name^='take.']")).filter(Boolean);
const ticked = () => boxes.filter((box) => box.checked);

function countTicks() {
  const count = document.getElementById("page.count");
  if (!count) return;
  const tell = () => {
    const ready = ticked().filter((box) => box.dataset.ready).length;
    const left = ticked().length - ready;
    const parts = [ready && `${ready} adopted`, left && `${left} not adopted`].filter(Boolean);
    count.textContent = ticked().length
      ? `${ticked().length} ticked: ${parts.join(", ")}.${left ? " What is not adopted can be previewed, not merged." : ""}`
      : "Ticked changes can be tried out, or decided on, together.";
  };
  const press = (words, on) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-bare";
    button.textContent = words;
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = on;
      tell();
    });
    return button;
  };
  for (const box of boxes) box.addEventListener("change", tell);
  const both = document.createElement("span");
  both.className = "row";
  both.append(press("Tick all shown", true), press("Untick all", false));
  count.after(both);
  count.setAttribute("role", "status");
  tell();
}

/** The change that somebody is at: the one that has the focus, else the first one in sight. */
function here() {
  const focused = cards.findIndex((card) => card.contains(document.activeElement));
  return focused >= 0 ? focused : cards.findIndex((card) => card.getBoundingClientRect().bottom > 80);
}

function go(card) {
  if (!card) return;
  card.querySelector("h3 a, h4 a").focus({ preventScroll: true });
  card.scrollIntoView({ block: "start" });
}

const within = (selector) => cards[here()]?.querySelector(selector);
const KEYS = {
  j: ["the next change", () => go(cards[Math.min(here() + (isHere() ? 1 : 0), cards.length - 1)])],
  k: ["the change before", () => go(cards[Math.max(here() - 1, 0)])],
  n: ["the next one that is not decided", () => go(cards.slice(here() + (isHere() ? 1 : 0)).find((c) => c.dataset.open))],
  r: ["write the reason", () => focusOn("textarea[name^='reason.']")],
  t: ["tick it, or take the tick away", () => within("input[name^='take.']")?.click()],
};
const isHere = () => cards.some((card) => card.contains(document.activeElement));

function focusOn(selector) {
  const field = within(selector);
  const folded = field?.closest("details:not([open])");
  if (folded) folded.open = true;
  field?.focus();
}

function offerKeys() {
  const filters = document.querySelector("nav .filters")?.parentElement;
  if (!filters || !cards.length) return;
  const name = "engross.desk.keys";
  let on = true;
  try {
    on = localStorage.getItem(name) !== "off";
  } catch {
    // Without a memory they are on.
  }
  const list = document.createElement("details");
  list.className = "keys";
  list.innerHTML = "<summary>Keys that lead from change to change</summary><dl></dl>";
  for (const [key, [words]] of Object.entries(KEYS)) {
    const term = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    term.append(kbd);
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    list.querySelector("dl").append(term, meaning);
  }
  const label = document.createElement("label");
  label.className = "tick";
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = on;
  label.append(box, " Use these keys. No key decides anything.");
  list.append(label);
  filters.after(list);
  box.addEventListener("change", () => {
    on = box.checked;
    try {
      localStorage.setItem(name, on ? "on" : "off");
    } catch {
      // Then it holds for this page.
    }
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]");
    if (!on || writing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const act = KEYS[event.key]?.[1];
    if (!act) return;
    event.preventDefault();
    act();
  });
  // From a reason being written, Escape leads back to its change, where the keys hold again.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("article.change textarea")) {
      event.target.closest("article").querySelector("h3 a, h4 a").focus();
    }
  });
}

if (form) {
  keepWhatIsWritten();
  sendOnce();
  countTicks();
  offerKeys();
}
giveItsAddress();
const wrong = document.querySelector(".decide .wrong");
if (wrong) (wrong.parentElement.querySelector("details[open] textarea") ?? wrong.parentElement.querySelector("textarea")).focus({ preventScroll: true });
else if (back?.tabIndex === -1 && location.hash === "#page.back") back.focus({ preventScroll: true });
