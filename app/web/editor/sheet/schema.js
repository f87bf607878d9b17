// What a section can hold while somebody writes in it: the blocks and marks of our dialect, nothing else.
//
// Blocks stand side by side, as they are kept: a list item or a quotation has a depth, not children. So each keeps its
// permanent id wherever it goes, and a move is a move.
import { Schema } from "prosemirror-model";

export const DEEPEST = 5;

const own = { id: { default: null }, depth: { default: 0 } };

/** Attributes of the element of a block. Its class says the depth, since a style attribute is never used. */
const shown = (node, name) => ({
  class: node.attrs.depth ? `${name} deep-${Math.min(node.attrs.depth, 6)}` : name,
  "data-id": node.attrs.id,
});

const words = { content: "inline*", group: "block" };

export const schema = new Schema({
  nodes: {
    doc: { content: "body notes?" },
    body: { content: "block+", isolating: true, toDOM: () => ["div", { class: "sheet-body" }, 0] },
    notes: { content: "block+", isolating: true, toDOM: () => ["div", { class: "sheet-notes" }, 0] },
    paragraph: { ...words, attrs: own, toDOM: (node) => ["p", shown(node, "plain-line"), 0] },
    heading: {
      ...words,
      attrs: { ...own, level: { default: 3 } },
      defining: true,
      toDOM: (node) => [`h${Math.min(6, Math.max(3, node.attrs.level))}`, shown(node, "head-line"), 0],
    },
    item: {
      ...words,
      attrs: { ...own, style: { default: "bullet" }, start: { default: null } },
      toDOM: (node) => ["p", shown(node, "list-line"), 0],
    },
    quote: { ...words, attrs: own, toDOM: (node) => ["p", shown(node, "quoted"), 0] },
    note: {
      ...words,
      attrs: { ...own, label: {} },
      defining: true,
      toDOM: (node) => ["p", { ...shown(node, "note-words"), "data-label": node.attrs.label }, 0],
    },
    code_block: {
      content: "text*",
      group: "block",
      marks: "",
      code: true,
      defining: true,
      attrs: { ...own, lang: { default: null } },
      toDOM: (node) => ["pre", shown(node, "verbatim"), ["code", 0]],
    },
    table: {
      content: "row+",
      group: "block",
      isolating: true,
      attrs: { ...own, align: { default: ["none"] } },
      toDOM: (node) => ["table", shown(node, "grid"), ["tbody", 0]],
    },
    row: { content: "cell+", toDOM: () => ["tr", 0] },
    cell: { content: "inline*", isolating: true, toDOM: () => ["td", 0] },
    rule: { group: "block", atom: true, attrs: own, toDOM: (node) => ["hr", shown(node, "divider")] },
    text: { group: "inline" },
    cite: {
      group: "inline",
      inline: true,
      atom: true,
      // The cursor goes past it like past a letter: if it were selected, the next word typed would take its place.
      selectable: false,
      attrs: { label: {} },
      toDOM: (node) => ["sup", { class: "cite", "data-label": node.attrs.label }],
    },
    br: { group: "inline", inline: true, selectable: false, toDOM: () => ["br"] },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      // Nobody leaves the page they write on by a slip: the target is shown, not followed.
      toDOM: (mark) => ["span", { class: "linked", title: mark.attrs.href }, 0],
    },
    emphasis: { toDOM: () => ["em", 0] },
    strong: { toDOM: () => ["strong", 0] },
    code: { toDOM: () => ["code", 0] },
  },
});

const { nodes } = schema;

/** Whether a block holds words that can be typed in place. */
export const holdsWords = (node) => node.isTextblock && node.type !== nodes.cell;

/** The words of a block as somebody reads them. */
export const wordsOf = (node) => node.textBetween(0, node.content.size, " ", " ");
