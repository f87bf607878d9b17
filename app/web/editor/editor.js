// The editor: a section as it will read, typed into as in a word processor, with every change marked.
//
// It takes the place of the form's fields where scripts run, and sends what it holds in one field beside the others.
import { TextSelection } from "prosemirror-state";
import { undoBlock } from "./sheet/commands.js";
import { islandsKey } from "./sheet/islands.js";
import { Live } from "./sheet/live.js";
import { noteNumbers } from "./sheet/numbers.js";
import { docOf } from "./sheet/reading.js";
import { openSheet } from "./sheet/surface.js";
import { Tools } from "./sheet/tools.js";
import { manuscriptOf } from "./sheet/writing.js";

// What tests take hold of: they write on a surface of their own, and do what the tools do.
export { openSheet };
export * as commands from "./sheet/commands.js";
export * as notes from "./sheet/notes.js";
export * as tables from "./sheet/tables.js";

/** A manuscript read and written again, every block whole: for tests of what must come back as it was. */
export const again = (text) => manuscriptOf(docOf(text), new Map());

function begin(place) {
  const form = document.getElementById("page.form");
  const page = JSON.parse(place.dataset.manuscript);
  page.numbers = (doc) => noteNumbers(doc, page.text);
  const tools = new Tools(place.querySelector(".tools"), page);
  const side = form.querySelector(".writing-side");
  let live = null;

  const leave = () => {
    (document.getElementById("page.title") ?? side.querySelector("button")).focus();
    return true;
  };
  /** Support somebody else's wording, and take the change of this paragraph back. */
  async function support(one, told) {
    const home = location.pathname.split("/")[1];
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, position: "support" });
    try {
      const answer = await fetch(`/${home}/proposals/${one.proposal}/reviews`, { method: "POST", body });
      if (!answer.ok) throw new Error("refused");
    } catch {
      told.textContent = `Your support could not be noted just now. Open proposal ${one.proposal} and support it there.`;
      return;
    }
    undoBlock(one.block, base.blocks)(view.state, view.dispatch);
    live.say(`You support proposal ${one.proposal}. Your change here is taken out.`);
    view.focus();
  }

  const { view, base, written, restore } = openSheet(document.getElementById("page.sheet"), page, {
    say: (words) => live.say(words),
    changed(state, isOther) {
      tools.show(state);
      if (isOther) live.touch();
    },
    support,
    leave,
    link: () => tools.askLink(),
    attributes: {
      "aria-label": `Text of ${place.dataset.name}`,
      "aria-describedby": "page.keys",
      lang: place.dataset.language,
    },
  });

  const placeOf = (change) => {
    let found = null;
    let n = -1;
    view.state.doc.firstChild.forEach((node, offset) => {
      if (node.content.size || node.isAtom) n += 1;
      if (found === null && (change.block ? node.attrs.id === change.block : n === change.at)) found = 1 + offset;
    });
    if (found === null && change.block && view.state.doc.childCount > 1)
      view.state.doc.child(1).forEach((node, offset) => {
        if (node.attrs.id === change.block) found = view.state.doc.firstChild.nodeSize + 1 + offset;
      });
    return found;
  };
  live = new Live(form, place.dataset.live, {
    fill: (data) => data.set("sheet", JSON.stringify(written())),
    told: ({ meetings }) => view.dispatch(view.state.tr.setMeta(islandsKey, { meetings }).setMeta("addToHistory", false)),
    canUndo: ({ block, here }) => here && block !== null && base.blocks.some((node) => node.attrs.id === block),
    undo: ({ block }) => {
      undoBlock(block, base.blocks)(view.state, view.dispatch);
      view.focus();
    },
    show: (change) => {
      const at = placeOf(change);
      if (at === null) return;
      view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at + 1))));
      view.nodeDOM(at)?.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      view.focus();
    },
  });

  tools.serve(view);
  const plain = document.getElementById("page.plain");
  plain.disabled = true;
  plain.hidden = true;
  for (const part of form.querySelectorAll(".with-editor")) part.hidden = false;
  form.querySelector("[formaction$='/preview']")?.classList.remove("btn-go");
  document.getElementById("page.title").required = true;
  offerHeld(live, form, page, restore);
  live.look();
  const block = decodeURIComponent(location.hash.replace(/^#b-/, ""));
  if (block && placeOf({ block }) !== null) live.show({ block, at: null, here: true });
  place.dataset.ready = "";
}

/** Words that never reached the server are put back, if whoever typed them wants that. */
function offerHeld(live, form, page, restore) {
  const held = live.held();
  if (!held?.fields?.sheet || held.fields.sheet === JSON.stringify(page.sheet)) return;
  const bar = document.createElement("div");
  bar.className = "begun";
  bar.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = `Words you typed on ${new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(held.at)} did not reach the server.`;
  const back = document.createElement("button");
  const away = document.createElement("button");
  for (const [button, name] of [[back, "Put them back"], [away, "Throw them away"]]) {
    button.type = "button";
    button.className = "btn";
    button.textContent = name;
  }
  back.addEventListener("click", () => {
    for (const [name, value] of Object.entries(held.fields)) {
      const field = form.elements.namedItem(name);
      if (name !== "sheet" && field && "value" in field && field.type !== "checkbox") field.value = value;
    }
    try {
      restore(JSON.parse(held.fields.sheet));
    } catch {
      words.textContent = "These words could not be put back.";
      return;
    }
    bar.remove();
    live.touch();
  });
  away.addEventListener("click", () => {
    live.letGo();
    bar.remove();
  });
  bar.append(words, back, away);
  form.before(bar);
}

const place = document.getElementById("page.editor");
if (place) begin(place);
