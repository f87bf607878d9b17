// Cutting and copying: for others the text as any word processor reads it, for ourselves the blocks as they are, so that
// what is cut and put back is what it was, with its lists, citations and ids.
import { DOMSerializer, Fragment, Node } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { blockAt } from "./places.js";
import { noteNumbers } from "./numbers.js";
import { DEEPEST, schema } from "./schema.js";
import { fillCells } from "./tables.js";
import { withoutChosen } from "./taking.js";

const { nodes, marks } = schema;
const LABEL = /^[^\s[\]]{1,64}$/;
const LEADS = /^(?:https?:\/\/[^/?#]|mailto:.|#.|annexe:.)/i;
const STYLES = ["bullet", "decimal", "upper-alpha", "lower-alpha", "upper-roman", "lower-roman"];
const ALIGNED = ["none", "left", "center", "right"];
const TYPES = { "lower-alpha": "a", "upper-alpha": "A", "lower-roman": "i", "upper-roman": "I" };

const childrenOf = (node) => {
  const found = [];
  node.forEach((child) => found.push(child));
  return found;
};

const charter = () => location.pathname.split("/")[1];

/** The blocks that are selected, and how far the first and the last of them were cut into. */
function chosen(selection) {
  const slice = selection.content();
  const parts = childrenOf(slice.content);
  const body = parts.find((part) => part.type === nodes.body) ?? parts.find((part) => part.type === nodes.notes);
  if (!body) return { blocks: parts, open: [slice.openStart, slice.openEnd] };
  const both = parts.length > 1;
  return { blocks: childrenOf(body), open: [Math.max(0, slice.openStart - 1), both ? 0 : Math.max(0, slice.openEnd - 1)] };
}

/** Put what is selected into the clipboard. Whether there was anything. */
export function copied(view, to, manuscript) {
  const { state } = view;
  if (state.selection.empty || !to) return false;
  const { blocks, open } = chosen(state.selection);
  const cited = new Set();
  Fragment.from(blocks).descendants((node) => void (node.type === nodes.cite && cited.add(node.attrs.label)));
  const notes = [];
  state.doc.descendants((node) => {
    if (node.type === nodes.note && cited.has(node.attrs.label)) notes.push(node);
    return !node.inlineContent;
  });
  const place = document.implementation.createHTMLDocument("").body;
  const all = { charter: charter(), blocks, open, notes };
  const holder = place.ownerDocument.createElement("div");
  holder.setAttribute("data-engross", JSON.stringify(all));
  readable(blocks, holder, noteNumbers(state.doc, manuscript), open);
  place.append(holder);
  to.clearData();
  to.setData("text/html", place.innerHTML);
  to.setData("text/plain", blocks.map((node) => node.textBetween(0, node.content.size, "\n", (one) => (one.type === nodes.br ? "\n" : ""))).join("\n\n"));
  return true;
}

/** The blocks as HTML that other programs read: real lists, real links, the numbers of notes. */
function readable(blocks, holder, numbers, open) {
  const made = holder.ownerDocument;
  const element = (name, set = {}) => Object.assign(made.createElement(name), set);
  const plain = DOMSerializer.fromSchema(schema);
  const serializer = new DOMSerializer(
    { ...plain.nodes, cite: (node) => ["sup", `[${numbers.get(node.attrs.label) ?? "?"}]`] },
    { ...plain.marks, link: (mark) => (/^(?:https?|mailto):/i.test(mark.attrs.href) ? ["a", { href: mark.attrs.href }, 0] : ["span", 0]) },
  );
  const words = (node, into) => into.append(serializer.serializeFragment(node.content, { document: made })) ?? into;
  if (blocks.length === 1 && open[0] && blocks[0].isTextblock) {
    words(blocks[0], holder);
    return;
  }
  const lists = [];
  for (const node of blocks) {
    const { depth, style, start } = node.attrs;
    while (lists.length && (node.type !== nodes.item ? lists.at(-1).depth >= depth : lists.at(-1).depth > depth)) lists.pop();
    if (node.type === nodes.item) {
      if (lists.at(-1)?.depth === depth && lists.at(-1).style !== style) lists.pop();
      if (lists.at(-1)?.depth !== depth) {
        const list = style === "bullet" ? element("ul") : element("ol", { start: start ?? 1 });
        if (TYPES[style]) list.setAttribute("type", TYPES[style]);
        (lists.at(-1)?.list.lastElementChild ?? holder).append(list);
        lists.push({ list, depth, style });
      }
      lists.at(-1).list.append(words(node, element("li")));
      continue;
    }
    const into = lists.at(-1)?.list.lastElementChild ?? holder;
    if (node.type === nodes.table) {
      const table = element("table");
      node.forEach((row) => {
        const line = table.insertRow();
        row.forEach((cell) => words(cell, line.insertCell()));
      });
      into.append(table);
    } else if (node.type === nodes.rule) into.append(element("hr"));
    else if (node.type === nodes.heading) into.append(words(node, element(`h${Math.min(6, Math.max(1, node.attrs.level))}`)));
    else into.append(words(node, element(node.type === nodes.quote ? "blockquote" : node.type === nodes.code_block ? "pre" : "p")));
  }
}

/** What was cut or copied here, out of HTML, or null: anybody can write such a thing, so nothing in it is believed. */
export function ownBlocks(html) {
  if (!html.includes("data-engross")) return null;
  try {
    const said = new DOMParser().parseFromString(html, "text/html").querySelector("[data-engross]").getAttribute("data-engross");
    const { charter: home, blocks, open, notes } = JSON.parse(said);
    const read = (all) => all.map((one) => sound(Node.fromJSON(schema, one))).filter(Boolean);
    const found = { home, blocks: read(blocks), open: open.map((n) => Math.max(0, Number(n) || 0)), notes: read(notes) };
    for (const node of [...found.blocks, ...found.notes]) {
      if (!node.type.isInGroup("block")) return null;
      node.check();
    }
    return found.blocks.length ? found : null;
  } catch {
    return null;
  }
}

/** A node with attributes that can be, or null. */
function sound(node) {
  if (node.isText) return node.mark(soundMarks(node.marks));
  const given = node.attrs;
  const attrs = { ...given };
  if ("id" in given) attrs.id = typeof given.id === "string" && /^[\w-]{1,64}$/.test(given.id) ? given.id : null;
  if ("depth" in given) attrs.depth = Math.min(DEEPEST, Math.max(0, Math.trunc(Number(given.depth)) || 0));
  if ("level" in given) attrs.level = Math.min(6, Math.max(1, Math.trunc(Number(given.level)) || 3));
  if ("style" in given && !STYLES.includes(given.style)) attrs.style = "bullet";
  if ("start" in given) attrs.start = attrs.style === "bullet" ? null : Math.max(0, Math.trunc(Number(given.start)) || 1);
  if ("align" in given) attrs.align = [given.align].flat().map((one) => (ALIGNED.includes(one) ? one : "none"));
  if ("lang" in given && typeof given.lang !== "string") attrs.lang = null;
  if ("label" in given && !LABEL.test(String(given.label))) return null;
  const inside = childrenOf(node).map(sound).filter(Boolean);
  return node.type.create(attrs, Fragment.fromArray(inside), soundMarks(node.marks));
}

const soundMarks = (all) => all.filter((mark) => mark.type !== marks.link || LEADS.test(String(mark.attrs.href)));

/**
 * The transaction that puts such blocks where the selection is, or null where only words of them can go. `ids` are the
 * ids of the section's own blocks: one that stands nowhere any more is given back to its block.
 */
export function putBack(state, own, ids, manuscript) {
  const { home, open } = own;
  const { blocks, notes } = home === charter() ? own : foreign(own, manuscript, state.doc);
  const tr = withoutChosen(state.tr);
  const here = blockAt(tr);
  const $at = tr.selection.$from;
  if (!here || !$at.parent.isTextblock || here.node.type === nodes.code_block) return null;
  const within = blocks.length === 1 && open[0] && open[1];
  const lone = within ? only(blocks[0]) : null;
  if (lone) {
    const keeps = (node) => node.isText || node.type === nodes.br || (node.type === nodes.cite && here.partAt === 0);
    const flat = [nodes.cell, nodes.heading].includes($at.parent.type);
    const words = childrenOf(lone).filter(keeps).map((node) => (flat && node.type === nodes.br ? schema.text(" ") : node));
    return withNotes(tr.replaceWith($at.pos, $at.pos, words), home, notes, manuscript);
  }
  if (blocks.length === 1 && here.partAt === 0 && fillCells(tr, blocks[0], open[0] > 0)) return withNotes(tr, home, notes, manuscript);
  if (within || $at.depth !== 2 || here.partAt !== 0) return null;
  const left = here.node.content.cut(0, $at.parentOffset);
  const right = here.node.content.cut($at.parentOffset);
  const standing = new Set();
  const labels = new Set();
  tr.doc.descendants((node) => {
    if (node.attrs.id && node !== here.node) standing.add(node.attrs.id);
    if (node.type === nodes.note && node !== here.node) labels.add(node.attrs.label);
  });
  const free = (id) => home === charter() && id !== null && ids.has(id) && !standing.has(id);
  // Into a footnote go words, unless it is what was cut out between two of them that comes back.
  if (here.node.type === nodes.note && !blocks.some((node) => free(node.attrs.id))) return null;
  const given = (node, id) => {
    if (id !== null) standing.add(id);
    return node.type === nodes.rule || node.attrs.id !== id ? node.type.create({ ...node.attrs, id }, node.content) : node;
  };
  const list = [];
  for (const [n, one] of blocks.entries()) {
    let node = one;
    const known = free(node.attrs.id);
    if (node.type === nodes.note && !(known && !labels.has(node.attrs.label)))
      node = nodes.paragraph.create({ id: null, depth: 0 }, node.content);
    const goesOn = n === 0 && left.size && open[0] && node.inlineContent && node.type !== nodes.code_block;
    if (goesOn) list.push(given(here.node.copy(left.append(node.content)), here.node.attrs.id));
    else {
      if (n === 0 && left.size) list.push(given(here.node.copy(left), here.node.attrs.id));
      list.push(given(node, free(node.attrs.id) ? node.attrs.id : null));
    }
  }
  const last = list.at(-1);
  let behind = 0;
  if (right.size) {
    if (open[1] && last.inlineContent && last.type !== nodes.code_block && list.length > 1) {
      list[list.length - 1] = last.copy(last.content.append(right));
      behind = right.size + 1;
    } else {
      const rest = here.node.type === nodes.note ? nodes.paragraph.create(null, right) : here.node.type.create({ ...here.node.attrs, id: null }, right);
      list.push(given(rest, standing.has(here.node.attrs.id) ? null : here.node.attrs.id));
      behind = rest.nodeSize + 1;
    }
  } else behind = 1;
  const end = here.at + here.node.nodeSize;
  tr.replaceWith(here.at, end, levelled(list, here.index ? here.part.child(here.index - 1) : null));
  tr.setSelection(TextSelection.near(tr.doc.resolve(tr.mapping.map(end) - behind), -1));
  return withNotes(tr, home, notes, manuscript);
}

/** What holds the words of a block if one thing in it does: itself, or its one cell. */
function only(node) {
  if (node.isTextblock) return node;
  return node.childCount === 1 ? only(node.firstChild) : null;
}

/** The blocks as anybody's: for places that hold only words of them. */
export const asAnybodys = (blocks) =>
  blocks.map((node) => (node.type === nodes.note ? nodes.paragraph.create(null, node.content) : node.type.create({ ...node.attrs, id: null }, node.content)));

/** None deeper than what stands above it can hold. */
function levelled(list, above) {
  return list.map((node) => {
    const holds = above && [nodes.item, nodes.quote, nodes.note].includes(above.type);
    const most = above ? above.attrs.depth + (holds ? 1 : 0) : 0;
    above = node.attrs.depth <= most ? node : node.type.create({ ...node.attrs, depth: most }, node.content);
    return above;
  });
}

/** What comes from another charter cites notes of that one: they come along under labels that are free here. */
function foreign({ blocks, notes }, manuscript, doc) {
  const taken = new Set(manuscript.labels);
  doc.descendants((node) => void (node.attrs.label && taken.add(node.attrs.label)));
  const labels = new Map();
  const fresh = (label) => {
    if (!labels.has(label)) {
      let n = 1;
      while (taken.has(`n${n}`)) n += 1;
      taken.add(`n${n}`);
      labels.set(label, `n${n}`);
    }
    return labels.get(label);
  };
  const renamed = (node) => {
    if (node.isText) return node;
    const attrs = node.attrs.label ? { ...node.attrs, label: fresh(node.attrs.label) } : node.attrs;
    return node.type.create(attrs, Fragment.fromArray(childrenOf(node).map(renamed)), node.marks);
  };
  return { blocks: blocks.map(renamed), notes: notes.map(renamed) };
}

/** With the notes that are cited now and stand nowhere; a citation of none is left out. */
function withNotes(tr, home, notes, manuscript) {
  const known = new Set(manuscript.labels);
  tr.doc.descendants((node) => void (node.type === nodes.note && known.add(node.attrs.label)));
  const missing = new Map();
  tr.doc.descendants((node, at) => {
    if (node.type === nodes.cite && !known.has(node.attrs.label)) missing.set(at, node.attrs.label);
  });
  const brought = new Set();
  for (const [at, label] of [...missing].reverse()) {
    if (notes.some((note) => note.attrs.label === label)) brought.add(label);
    else if (home !== charter()) tr.delete(at, at + 1);
  }
  const fresh = notes.filter((note) => brought.has(note.attrs.label)).map((note) => nodes.note.create({ id: null, label: note.attrs.label }, note.content));
  if (fresh.length) {
    const own = manuscript.kind === "footnotes";
    const parted = tr.doc.childCount > 1;
    const end = own ? 1 + tr.doc.firstChild.content.size : parted ? tr.doc.content.size - 1 : tr.doc.content.size;
    tr.insert(end, own || parted ? fresh : nodes.notes.create(null, fresh));
  }
  return tr.scrollIntoView();
}
