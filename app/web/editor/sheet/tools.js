// The tool bar: each button says whether it applies where somebody is writing.
import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { deeper, insertAfter, linkAt, list, move, retype, setLink } from "./commands.js";
import { citeAgain, footnote } from "./notes.js";
import { blockAt } from "./places.js";
import { blockNode } from "./reading.js";
import { newTable, tabled } from "./tables.js";
import { marksKey } from "./marks.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const KINDS = {
  paragraph: retype(nodes.paragraph),
  quote: retype(nodes.quote),
  "heading-3": retype(nodes.heading, { level: 3 }),
  "heading-4": retype(nodes.heading, { level: 4 }),
};

/** What a block is, as the list of kinds names it. */
function kindOf(node) {
  if (!node) return "other";
  if (node.type === nodes.item) return node.attrs.style;
  if (node.type === nodes.heading) return node.attrs.level >= 4 ? "heading-4" : "heading-3";
  return node.type === nodes.paragraph || node.type === nodes.quote ? node.type.name : "other";
}

export class Tools {
  constructor(bar, page) {
    Object.assign(this, { bar, page });
    this.linkTalk = document.getElementById("page.link");
    this.againTalk = document.getElementById("page.again");
    this.commands = {
      undo,
      redo,
      strong: toggleMark(marks.strong),
      emphasis: toggleMark(marks.emphasis),
      up: move(-1),
      down: move(1),
      deeper: deeper(1),
      higher: deeper(-1),
      footnote: footnote(page.text),
      rule: insertAfter(nodes.rule.create()),
      table: insertAfter(newTable()),
      "row-in": tabled("row-in"),
      "row-out": tabled("row-out"),
      "column-in": tabled("column-in"),
      "column-out": tabled("column-out"),
      link: () => this.askLink(),
      again: () => this.askAgain(),
    };
  }

  /** Begin to serve an editor. */
  serve(view) {
    this.view = view;
    const kind = this.bar.querySelector("[data-kind]");
    this.bar.addEventListener("mousedown", (event) => {
      // A press of a tool does not take the cursor out of the text.
      if (event.target.closest("button.tool")) event.preventDefault();
    });
    this.bar.addEventListener("click", (event) => {
      const act = event.target.closest("button[data-act]")?.dataset.act;
      if (!act || event.target.closest("[aria-disabled=true]")) return;
      this.commands[act](view.state, view.dispatch, view);
      if (!["link", "again"].includes(act)) view.focus();
      const more = this.bar.querySelector("details[open]");
      if (more) more.open = false;
    });
    kind.addEventListener("change", () => {
      (KINDS[kind.value] ?? list(kind.value))(view.state, view.dispatch);
      view.focus();
    });
    this.bar.querySelector("[data-showing]").addEventListener("change", ({ target }) => {
      view.dispatch(view.state.tr.setMeta(marksKey, { showing: target.checked }).setMeta("addToHistory", false));
    });
    this.linkButtons();
    this.againButtons();
    this.show(view.state);
  }

  /** Show what applies at the selection. */
  show(state) {
    const here = blockAt(state);
    const kind = this.bar.querySelector("[data-kind]");
    kind.value = kindOf(here?.node);
    kind.disabled = kind.value === "other";
    for (const button of this.bar.querySelectorAll("button[data-act]")) {
      const { act } = button.dataset;
      const applies = act === "link" || act === "again" ? Boolean(here?.node.inlineContent) : this.commands[act](state);
      button.setAttribute("aria-disabled", String(!applies));
      if (act === "strong" || act === "emphasis") button.setAttribute("aria-pressed", String(this.pressed(state, marks[act])));
    }
    this.bar.querySelector("[data-in-table]").hidden = here?.node.type !== nodes.table;
  }

  pressed(state, mark) {
    const { empty, $from, from, to } = state.selection;
    return Boolean(empty ? mark.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, mark));
  }

  askLink() {
    const { state } = this.view;
    if (!blockAt(state)) return false;
    const at = linkAt(state);
    const target = this.page.targets.find((one) => one.href === at?.href);
    const place = this.linkTalk.querySelector("select");
    if (place.options.length < 2) for (const { href, name } of this.page.targets) place.add(new Option(name, href));
    place.value = target ? target.href : "";
    document.getElementById("page.link.to").value = at && !target ? at.href : "";
    this.linkTalk.querySelector("[data-link-words]").hidden = Boolean(at) || !state.selection.empty;
    document.getElementById("page.link.words").value = "";
    this.linkTalk.querySelector("[role=alert]").hidden = true;
    this.linkTalk.showModal();
    return true;
  }

  linkButtons() {
    const to = document.getElementById("page.link.to");
    this.linkTalk.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.tagName === "BUTTON") return;
      event.preventDefault();
      this.linkTalk.querySelector("[data-do=set]").click();
    });
    this.linkTalk.addEventListener("click", (event) => {
      const act = event.target.closest("[data-do]")?.dataset.do;
      if (!act) return;
      if (act === "set") {
        const place = this.linkTalk.querySelector("select");
        const href = place.value || address(to.value);
        const problem = this.linkTalk.querySelector("[role=alert]");
        problem.textContent = "Type the address of a page, like www.example.org, or of a mailbox.";
        problem.hidden = Boolean(href);
        if (!href) return;
        const words = document.getElementById("page.link.words").value.trim() || place.selectedOptions[0]?.value && place.selectedOptions[0].text;
        setLink(href, words)(this.view.state, this.view.dispatch);
      }
      if (act === "off") setLink(null)(this.view.state, this.view.dispatch);
      this.linkTalk.close();
      this.view.focus();
    });
  }

  askAgain() {
    const select = document.getElementById("page.again.note");
    const numbers = this.page.numbers(this.view.state.doc);
    const words = (pieces) => pieces.map((piece) => piece.text ?? "").join("").slice(0, 80);
    const known = this.page.notes.filter((note) => numbers.has(note.label)).sort((a, b) => numbers.get(a.label) - numbers.get(b.label));
    if (!known.length) return false;
    select.replaceChildren(...known.map((note) => new Option(`${numbers.get(note.label)}  ${words(note.inline)}`, note.label)));
    this.againTalk.showModal();
    return true;
  }

  againButtons() {
    this.againTalk.addEventListener("click", (event) => {
      const act = event.target.closest("[data-do]")?.dataset.do;
      if (!act) return;
      this.againTalk.close();
      const note = this.page.notes.find((one) => one.label === document.getElementById("page.again.note").value);
      if (act === "set" && note) citeAgain(note.label, [blockNode(note)], this.page.text)(this.view.state, this.view.dispatch);
      this.view.focus();
    });
  }
}

/** What somebody typed as an address, whole: a mailbox, or a page with https:// before it. "" if it is neither. */
export function address(typed) {
  const text = typed.trim();
  if (/^(?:https?:\/\/[^/?#\s]|mailto:.|#.)/i.test(text)) return text;
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(text)) return `mailto:${text}`;
  if (/^[^\s:/]+\.[^\s:/.]{2,}(?:[/?#:].*)?$/.test(text)) return `https://${text}`;
  return "";
}

