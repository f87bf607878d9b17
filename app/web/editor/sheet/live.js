// Beside the text: the changes in words, whom they meet, and that everything is kept. The server says it, at every pause.

const PAUSE = 500;
const AGAIN = 5000;

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const spoken = (words) => element("span", { class: "vh" }, words);

const time = (moment) => new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" }).format(moment);

/** Someone's wording with what it changes marked. */
export function wording(pieces) {
  return element(
    "p",
    { class: "their-words" },
    ...pieces.map(([fate, text]) =>
      // Not as insertions and deletions of this text: they are somebody else's.
      fate === "inserted"
        ? element("span", { class: "added" }, spoken("added: "), text)
        : fate === "deleted"
          ? element("span", { class: "removed" }, spoken("taken out: "), text)
          : document.createTextNode(text),
    ),
  );
}

/** Keeps a form on the server while it is filled in, and in the browser for as long as the server cannot be reached. */
export class Live {
  /** `fill` puts the text into the form's data, `told` hears what the server says, `show` and `undo` serve the list. */
  constructor(form, place, { fill, told, show, undo, canUndo }) {
    Object.assign(this, { form, place, fill, told, show, undo, canUndo });
    this.side = form.querySelector(".writing-side");
    this.waiting = null;
    this.asking = false;
    this.changed = false;
    this.kept = document.getElementById("page.editor").dataset.since;
    this.side.querySelector("[data-instead]").addEventListener("click", () => {
      this.instead = true;
      this.ask();
    });
    this.home = `engross ${location.pathname}${location.search}`;
    form.addEventListener("input", () => this.touch());
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.changed && !this.leaving) event.preventDefault();
    });
    window.addEventListener("online", () => this.changed && this.ask());
  }

  /** Something was typed. */
  touch() {
    this.changed = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  data() {
    const data = new FormData(this.form);
    this.fill(data);
    return data;
  }

  /** Ask what the form says so far, without keeping it. */
  look() {
    return this.ask({ only: true });
  }

  async ask({ only = false } = {}) {
    clearTimeout(this.waiting);
    if (this.asking || this.leaving) {
      this.waiting = setTimeout(() => this.ask(), PAUSE);
      return;
    }
    this.asking = true;
    this.changed = false;
    const data = this.data();
    if (only) data.set("ask", "yes");
    data.set("kept", this.kept);
    if (this.instead) data.set("instead", "yes");
    try {
      const answer = await fetch(this.place, { method: "POST", body: new URLSearchParams(data), headers: { accept: "application/json" } });
      if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
      const said = await answer.json();
      this.tooLong = false;
      this.heard(said);
      if (said.elsewhere) this.hold(data);
      else if (!only) this.letGo();
    } catch (error) {
      this.changed = true;
      this.hold(data);
      this.tooLong = error.status === 413;
      this.fail(error.status);
      this.waiting = setTimeout(() => this.ask(), AGAIN);
    } finally {
      this.asking = false;
    }
  }

  heard(said) {
    this.side.querySelector("[data-unkept]").hidden = true;
    this.side.querySelector("[data-elsewhere]").hidden = !said.elsewhere;
    if (said.elsewhere) this.changed = true;
    else this.instead = false;
    if (said.kept_at) this.kept = said.kept_at;
    const kept = this.side.querySelector("[data-kept]");
    const when = said.kept_at ? `Kept at ${time(new Date(said.kept_at))}. Only you can see it.` : "";
    kept.textContent = [this.once, when].filter(Boolean).join(" ");
    this.once = "";
    const moved = said.moved_on - Number(this.form.dataset.moved ?? 0);
    if (moved > 0) kept.append(element("strong", {}, " The text has moved since you began: your words stay as they are, and your proposal will show how it fits the newer text."));
    this.list(said);
    this.told(said);
  }

  /** Say something once, where it is said that everything is kept. */
  say(words) {
    this.side.querySelector("[data-kept]").textContent = words;
    this.once = words;
  }

  fail(status) {
    const place = this.side.querySelector("[data-unkept]");
    const why =
      status === 401 || status === 403
        ? "You are signed out. Sign in again in another tab; what you typed stays in this window, and is kept as soon as you are back."
        : status === 413
          ? "This is more than one section can hold, so it cannot be kept or sent. What you typed stays in this window: take some of it out, or make two sections of it."
          : status === 404
          ? "This can no longer be written to. Copy what you typed before you leave the page."
          : "This could not be kept just now: the server does not answer. What you typed stays in this window, and is sent again by itself.";
    if (place.textContent !== why) place.textContent = why;
    place.hidden = false;
  }

  /** The list of changes in words, each with a way to it and a way back. */
  list(said) {
    const list = this.side.querySelector("[data-changes]");
    for (const place of this.form.querySelectorAll("[data-count]")) place.textContent = said.count;
    this.form.querySelector("[data-count-word]").textContent = said.count === 1 ? "change" : "changes";
    this.side.querySelector("[data-none]").hidden = said.count > 0;
    this.side.querySelector("[data-each]").hidden = said.count < 2;
    list.replaceChildren(...said.changes.map((change) => this.entry(change)));
    const problem = this.side.querySelector("[data-problem]");
    problem.textContent = [said.problem, ...said.reports].filter(Boolean).join(" ");
    problem.hidden = !problem.textContent;
    const same = this.side.querySelector("[data-same]");
    same.replaceChildren(...said.same.map((one) => this.twin(one)));
  }

  entry(change) {
    const entry = element("li", {}, element("span", {}, change.text));
    const acts = element("span", { class: "change-acts" });
    if (change.here && (change.block || change.at !== null)) {
      const show = element("button", { type: "button", class: "textlike" }, "Show");
      show.addEventListener("click", () => this.show(change));
      acts.append(show);
    }
    if (this.canUndo(change)) {
      const undo = element("button", { type: "button", class: "textlike" }, "Take back");
      undo.addEventListener("click", () => this.undo(change));
      acts.append(undo);
    }
    for (const button of acts.children) button.append(element("span", { class: "vh" }, `: ${change.text}`));
    if (acts.children.length) entry.append(acts);
    return entry;
  }

  twin(one) {
    const home = location.pathname.split("/")[1];
    return element(
      "p",
      { class: "warn" },
      `${one.author} wants exactly the same in `,
      element("a", { href: `/${home}/proposals/${one.number}`, target: "_blank", rel: "noopener" }, `proposal ${one.number}, “${one.title}”`),
      ". Open it and support it: that counts more than a second one.",
    );
  }

  /** The form is sent: with the text as it is now. */
  leave(event) {
    if (this.tooLong) {
      // It would be refused without being read, and the page with the words on it would be gone.
      event.preventDefault();
      this.side.querySelector("[data-unkept]").scrollIntoView({ block: "center" });
      return;
    }
    const data = new FormData();
    this.fill(data);
    for (const [name, value] of data) {
      let field = this.form.querySelector(`input[type=hidden][name="${name}"]`);
      if (!field) {
        field = element("input", { type: "hidden", name });
        this.form.append(field);
      }
      field.value = value;
    }
    // A second press does what the first one does; the server knows it again.
    this.leaving = !event.defaultPrevented;
    // What was typed in the last moment is known to nobody yet, should the sending fail.
    if (this.changed) this.hold(this.data(), { sent: true });
    else this.letGo();
    setTimeout(() => (this.leaving = false), 4000);
  }

  hold(data, { sent = false } = {}) {
    try {
      const fields = Object.fromEntries([...data].filter(([name]) => !["csrf", "once", "act"].includes(name)));
      localStorage.setItem(this.home, JSON.stringify({ at: Date.now(), sent, fields }));
    } catch {
      // A browser that keeps nothing: the words are in the window all the same.
    }
  }

  letGo() {
    try {
      localStorage.removeItem(this.home);
    } catch {
      // Nothing was kept here.
    }
  }

  /**
   * What could not reach the server when this form was open last: `{at, fields}`, or null. What was sent with the form
   * counts only if the server still keeps something of that form: it keeps nothing of what it has taken.
   */
  held() {
    try {
      const held = JSON.parse(localStorage.getItem(this.home));
      return held?.sent && !this.kept ? null : held;
    } catch {
      return null;
    }
  }
}
