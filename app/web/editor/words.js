// Wording that is typed outside the editor of a section: a small editor in the place of a plain field, so that nobody
// meets a sign of Markdown. It offers what the field is for: the words of one paragraph, the rows of a table, or blocks.
//
// The plain field stays below it, hidden, and is what is sent until something is written here.
import { baseKeymap, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { Fragment } from "prosemirror-model";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { copied, ownBlocks, putBack, asAnybodys } from "./sheet/clipboard.js";
import { breakLine } from "./sheet/commands.js";
import { keepingPlugin } from "./sheet/keeping.js";
import { keys } from "./sheet/keys.js";
import { marksPlugin } from "./sheet/marks.js";
import { insertBlocks, pastedHtml, pastedText } from "./sheet/paste.js";
import { blockAt } from "./sheet/places.js";
import { blockNode, docOf } from "./sheet/reading.js";
import { schema, wordsOf } from "./sheet/schema.js";
import { below, nextCell, tabled } from "./sheet/tables.js";
import { takeOut, takingPlugin, withoutChosen } from "./sheet/taking.js";
import { blockValue } from "./sheet/writing.js";

const { nodes, marks } = schema;
const ONE_PARAGRAPH = "These are the words of one paragraph: there can be no second one here.";

const childrenOf = (node) => {
  const found = [];
  node.forEach((child) => found.push(child));
  return found;
};

/** Whether a text is what the field is for; anything else is not let in. */
const FITS = {
  line: (body) => body.childCount === 1 && body.firstChild.type === nodes.paragraph && !body.firstChild.attrs.depth,
  rows: (body, width) =>
    body.childCount === 1 && body.firstChild.type === nodes.table && childrenOf(body.firstChild).every((row) => row.childCount === width),
  blocks: () => true,
};

/** Blocks as words of one paragraph or cell, one after the other. */
function flattened(blocks, keepBreaks) {
  const words = blocks.flatMap((block, n) => {
    const own = block.inlineContent ? childrenOf(block.content) : wordsOf(block) ? [schema.text(wordsOf(block))] : [];
    return n && own.length ? [schema.text(" "), ...own] : own;
  });
  return Fragment.fromArray(words.map((node) => (node.type === nodes.br && !keepBreaks ? schema.text(" ") : node)));
}

/** The same without citations of notes that are not in this charter. */
function cited(node, known) {
  if (node.isText || !node.childCount) return node;
  const inside = childrenOf(node).filter((one) => one.type !== nodes.cite || known.has(one.attrs.label));
  return node.copy(Fragment.fromArray(inside.map((one) => cited(one, known))));
}

class OwnWords {
  constructor(place) {
    this.place = place;
    this.page = JSON.parse(place.dataset.words);
    this.field = place.querySelector(".own-sheet");
    this.numbers = new Map(Object.entries(this.page.numbers));
    for (const { label, number } of citable) if (!this.numbers.has(label)) this.numbers.set(label, number);
    this.text = { kind: "text", blocks: this.page.blocks, notes: [], labels: [...this.numbers.keys()], numbers: this.numbers };
    this.offered = docOf({ blocks: this.page.offered, notes: [] });
    this.start = docOf(this.text);
    this.width = this.page.form === "rows" ? this.page.blocks[0].rows[0].length : 0;
    const plain = place.querySelector(".own-plain");
    const hadFocus = plain.contains(document.activeElement);
    plain.hidden = true;
    place.append(place.querySelector("template").content);
    this.tools = place.querySelector(".own-tools");
    this.told = place.querySelector(".own-told");
    this.sent = this.field.value.trim();
    this.open(this.kept() ?? this.start);
    this.serve();
    if (hadFocus) this.view.focus();
    addEventListener("pageshow", () => this.comeBack());
  }

  /** What was written before, as this field holds it; null if nothing was, or it cannot be read. */
  kept() {
    try {
      const { blocks } = JSON.parse(this.field.value);
      const doc = docOf({ blocks, notes: [] });
      doc.check();
      return FITS[this.page.form](doc.firstChild, this.width) ? doc : null;
    } catch {
      return null;
    }
  }

  /** Browsers put back what a field held when somebody comes back to a page, and they do it late. */
  comeBack() {
    if (this.field.value.trim() === this.sent) return;
    const doc = this.kept();
    if (doc) this.view.updateState(this.stateOf(doc));
    this.sent = this.field.value.trim();
  }

  stateOf(doc) {
    const { form } = this.page;
    const base = { blocks: this.page.base.map(blockNode), notes: [] };
    return EditorState.create({
      doc,
      plugins: [
        history(),
        takingPlugin(),
        ...(form === "blocks" ? keys(this.text, { leave: () => this.leave(), link: () => true }) : this.ownKeys()),
        keepingPlugin([]),
        marksPlugin(base, this.text),
        new Plugin({ filterTransaction: (tr) => !tr.docChanged || (tr.doc.childCount === 1 && FITS[form](tr.doc.firstChild, this.width)) }),
      ],
    });
  }

  ownKeys() {
    const isLine = this.page.form === "line";
    const tell = () => this.say(ONE_PARAGRAPH);
    return [
      keymap({
        "Mod-z": undo,
        "Mod-y": redo,
        "Shift-Mod-z": redo,
        "Mod-b": toggleMark(marks.strong),
        "Mod-i": toggleMark(marks.emphasis),
        Enter: isLine ? tell : below,
        "Shift-Enter": isLine && this.page.breaks ? breakLine : isLine ? tell : () => true,
        Backspace: takeOut,
        Delete: takeOut,
        Tab: nextCell(1),
        "Shift-Tab": nextCell(-1),
        Escape: () => this.leave(),
      }),
      keymap(baseKeymap),
    ];
  }

  open(doc) {
    const { place } = this;
    this.view = new EditorView(place.querySelector(".own-manuscript"), {
      state: this.stateOf(doc),
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": place.dataset.label,
        spellcheck: "true",
        class: "charter-text",
        lang: place.dataset.language,
      },
      dispatchTransaction: (tr) => {
        this.view.updateState(this.view.state.apply(tr));
        if (tr.docChanged) this.changed();
        this.show();
      },
      handleDOMEvents: {
        copy: (view, event) => {
          if (!copied(view, event.clipboardData, this.text)) return false;
          event.preventDefault();
          return true;
        },
        cut: (view, event) => {
          if (!copied(view, event.clipboardData, this.text)) return false;
          event.preventDefault();
          view.dispatch(withoutChosen(view.state.tr).scrollIntoView());
          return true;
        },
        paste: (_, event) => {
          event.preventDefault();
          this.pasted(event.clipboardData);
          return true;
        },
        drop: (view, event) => {
          if (view.dragging || !event.dataTransfer) return false;
          event.preventDefault();
          this.pasted(event.dataTransfer);
          return true;
        },
      },
    });
  }

  /** Keep what is written in the field that is sent; nothing while the words are those that the page began with. */
  changed() {
    const { doc } = this.view.state;
    const own = !doc.eq(this.start);
    this.told.textContent = "";
    this.field.value = own ? JSON.stringify({ form: this.page.form, blocks: childrenOf(doc.firstChild).map(blockValue) }) : "";
    this.sent = this.field.value;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    const choice = own && document.getElementById(this.place.dataset.own);
    if (choice) choice.checked = true;
  }

  pasted(from) {
    const html = from?.getData("text/html");
    const { view } = this;
    const own = html ? ownBlocks(html) : null;
    if (own && this.page.form === "blocks") {
      const back = putBack(view.state, own, new Set(), this.text);
      if (back && back.doc.childCount === 1) {
        view.dispatch(back);
        return;
      }
    }
    const ours = own && own.home === location.pathname.split("/")[1];
    const read = own ? asAnybodys(own.blocks) : html ? pastedHtml(html, [...this.numbers.keys()]).blocks : [];
    const known = new Set(own && !ours ? [] : this.numbers.keys());
    const blocks = (read.length ? read : pastedText(from?.getData("text/plain") ?? "")).map((block) => cited(block, known));
    if (!blocks.length) {
      this.say("There were no words to paste.");
      return;
    }
    const { form, breaks } = this.page;
    let tr = null;
    if (form === "line") {
      tr = withoutChosen(view.state.tr);
      const { from: at } = tr.selection;
      tr.replaceWith(at, at, flattened(blocks, breaks)).scrollIntoView();
    } else tr = insertBlocks(view.state, blocks, [], "text");
    if (tr) view.dispatch(tr.setMeta("paste", true));
    if (form === "line" && blocks.length > 1) this.say(`What you pasted was put into one paragraph. ${ONE_PARAGRAPH}`);
  }

  say(words) {
    this.told.textContent = words;
    return true;
  }

  /** Out of the words with the keyboard. */
  leave() {
    (this.tools.querySelector("button") ?? this.view.dom).focus();
    return true;
  }

  commands = {
    undo,
    strong: toggleMark(marks.strong),
    emphasis: toggleMark(marks.emphasis),
    "row-in": tabled("row-in"),
    "row-out": tabled("row-out"),
    again: (state, dispatch) => {
      if (state.doc.eq(this.offered)) return false;
      dispatch?.(state.tr.replaceWith(0, state.doc.content.size, this.offered.content));
      return true;
    },
  };

  serve() {
    const { tools, view } = this;
    const cite = tools.querySelector("[data-cite]");
    for (const { number, label, words } of citable) cite.add(new Option(`${number}  ${words}`, label));
    if (!citable.length) cite.closest("label").hidden = true;
    tools.addEventListener("mousedown", (event) => {
      // A press of a tool does not take the cursor out of the words.
      if (event.target.closest("button")) event.preventDefault();
    });
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (!button || button.getAttribute("aria-disabled") === "true") return;
      this.commands[button.dataset.act](view.state, view.dispatch);
      view.focus();
    });
    cite.addEventListener("change", () => {
      const { state } = view;
      if (cite.value && blockAt(state)) {
        const at = state.selection.to;
        const tr = state.tr.insert(at, nodes.cite.create({ label: cite.value }));
        view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
      }
      cite.value = "";
      view.focus();
    });
    this.show();
  }

  /** Show which tools apply. */
  show() {
    if (!this.tools || !this.view) return;
    const { state } = this.view;
    for (const button of this.tools.querySelectorAll("button[data-act]")) {
      const { act } = button.dataset;
      const applies = this.commands[act](state);
      if (act === "again") button.hidden = !applies;
      else button.setAttribute("aria-disabled", String(!applies));
      if (act !== "strong" && act !== "emphasis") continue;
      const { empty, $from, from, to } = state.selection;
      const on = empty ? marks[act].isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, marks[act]);
      button.setAttribute("aria-pressed", String(Boolean(on)));
    }
  }
}

const citable = JSON.parse(document.getElementById("page.cited")?.dataset.cited ?? "[]");

/** What is folded away is made into an editor when it is opened; a desk has many of these. */
function prepare(place) {
  const folded = place.closest("details:not([open])");
  if (!folded) {
    new OwnWords(place);
    return;
  }
  folded.addEventListener("toggle", () => prepare(place), { once: true });
}

for (const place of document.querySelectorAll("[data-words]")) prepare(place);
