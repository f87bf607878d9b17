// What is pasted, from Word, mail or the web, as blocks of our dialect: lists, emphasis, links, footnotes and tables stay,
// and nothing else comes along. What had to be left out is told.
import { Fragment, Slice } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { DEEPEST, schema } from "./schema.js";
import { blockAt } from "./places.js";
import { fillCells } from "./tables.js";
import { crosses, withoutChosen } from "./taking.js";

const { nodes, marks } = schema;

const BLOCKS = new Set("P DIV H1 H2 H3 H4 H5 H6 LI UL OL BLOCKQUOTE PRE TABLE HR SECTION ARTICLE HEADER FOOTER MAIN DL DT DD FIGURE ASIDE NAV ADDRESS BODY".split(" "));
const LEFT_OUT = { IMG: "pictures", SVG: "pictures", VIDEO: "films", AUDIO: "sound", IFRAME: "other pages", OBJECT: "objects", MATH: "formulas", CANVAS: "pictures" };
const SILENT = new Set("SCRIPT STYLE TITLE META LINK NOSCRIPT TEMPLATE HEAD SELECT BUTTON TEXTAREA DATALIST".split(" "));
const FOOTNOTE = /^#?(?:_?ftn|_?edn|ftnt|sdfootnote|sdendnote|footnote|fn)[-_]?\w*$/i;

const styleOf = (element) => element.getAttribute?.("data-style") ?? "";

/**
 * HTML whose styles and handlers have other names. They would do nothing where it is parsed, but the browser would
 * report each of them as something the page forbids.
 */
const muted = (html) =>
  html
    .replace(/<style[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[^>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style=").replace(/\son(?=\w+\s*=)/gi, " data-on"));

/** The style of a list whose item is marked like this. */
function styleOfMarker(text) {
  const sign = text.trim().replace(/^\(|[.)]+$/g, "");
  if (/^\d+$/.test(sign)) return "decimal";
  if (/^[ivx]+$/.test(sign) && sign !== "v" && sign !== "x") return "lower-roman";
  if (/^[IVX]+$/.test(sign) && sign !== "V" && sign !== "X") return "upper-roman";
  if (/^[a-z]$/.test(sign)) return "lower-alpha";
  if (/^[A-Z]$/.test(sign)) return "upper-alpha";
  return "bullet";
}

const LIST_TYPES = { 1: "decimal", a: "lower-alpha", A: "upper-alpha", i: "lower-roman", I: "upper-roman" };

class Pasted {
  constructor(root, takenLabels) {
    this.root = root;
    this.taken = new Set(takenLabels);
    this.blocks = [];
    this.notes = [];
    this.leftOut = new Map();
    this.labels = new Map();
    this.words = [];
    // Words that stand in no paragraph of their own were cut out of one, with the spaces at their edges.
    this.frame = { depth: 0, type: nodes.paragraph, attrs: {}, loose: true };
  }

  read() {
    for (const [target, body] of this.footnoteBodies()) this.labels.set(target, { body, label: null });
    this.walk(this.root, []);
    this.end();
    for (const { body, label } of this.labels.values()) if (label) this.note(body, label);
    return this;
  }

  /** The words of footnotes: the places that citations lead to, as Word, Writer and Google Docs mark them. */
  footnoteBodies() {
    const found = new Map();
    for (const link of this.root.querySelectorAll("a[href]")) {
      const href = link.getAttribute("href");
      const at = href.lastIndexOf("#");
      if (at < 0 || !FOOTNOTE.test(href.slice(at)) || /ref|anc|_ref/i.test(href.slice(at))) continue;
      const id = href.slice(at + 1);
      const place = [...this.root.querySelectorAll("[id], [name]")].find((one) => one.id === id || one.getAttribute("name") === id);
      const body = place && (place.closest("div[id], li[id], p[class*=oot], div[data-style*=footnote]") ?? place.closest("p, li, div"));
      if (body && body !== this.root && !body.contains(link)) found.set(id, body);
    }
    return found;
  }

  walk(node, set) {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) this.text(child.data, set);
      else if (child.nodeType === 1) this.element(child, set);
    }
  }

  text(data, set) {
    let text = this.frame.keeps ? data : data.replace(/[ \t\r\n]+/g, " ");
    // Where something between two words stays behind, one space stays between them.
    if (!this.frame.keeps && this.words.at(-1)?.isText && this.words.at(-1).text.endsWith(" ")) text = text.replace(/^ /, "");
    if (!text) return;
    if (!this.words.length && !text.trim() && !this.frame.keeps) return;
    this.words.push(schema.text(text, set));
  }

  element(element, set) {
    const name = element.nodeName.toUpperCase();
    const style = styleOf(element);
    if (SILENT.has(name) || /mso-list:\s*Ignore/i.test(style) || /display:\s*none/i.test(style)) return;
    // The sign of a comment stays where the comment stays.
    if (/MsoCommentReference/i.test(element.className) || /^#_msocom/i.test(element.getAttribute("href") ?? "")) return;
    if (name === "DEL" || /mso-element:\s*(?:comment|footnote-list|endnote-list)/i.test(style)) return;
    if ([...this.labels.values()].some(({ body }) => body === element)) return;
    if (LEFT_OUT[name]) {
      this.leftOut.set(LEFT_OUT[name], (this.leftOut.get(LEFT_OUT[name]) ?? 0) + 1);
      return;
    }
    if (name === "BR") {
      if (this.words.length) this.words.push(nodes.br.create());
    } else if (name === "HR") {
      this.end();
      this.blocks.push(nodes.rule.create());
    } else if (name === "TABLE") this.table(element);
    else if (BLOCKS.has(name)) this.block(element, name, style);
    else this.inline(element, name, style, set);
  }

  inline(element, name, style, set) {
    const cited = name === "A" && this.citation(element);
    if (cited) {
      this.words.push(nodes.cite.create({ label: cited }));
      return;
    }
    this.walk(element, this.marked(element, name, style, set));
  }

  marked(element, name, style, set) {
    let made = set;
    const weight = /font-weight:\s*(\w+)/i.exec(style)?.[1];
    const light = weight && !/bold|[6-9]00/i.test(weight);
    if (((name === "B" || name === "STRONG") && !light) || (weight && !light)) made = marks.strong.create().addToSet(made);
    const upright = /font-style:\s*normal/i.test(style);
    if (((name === "I" || name === "EM") && !upright) || /font-style:\s*italic/i.test(style)) made = marks.emphasis.create().addToSet(made);
    if (name === "CODE" || name === "TT" || name === "KBD") made = marks.code.create().addToSet(made);
    if (name === "A") {
      const href = (element.getAttribute("href") ?? "").trim();
      if (/^(?:https?:\/\/[^/?#]|mailto:.)/i.test(href)) made = marks.link.create({ href }).addToSet(made);
    }
    return made;
  }

  /** The label under which a footnote of the pasted text is cited here, if this leads to one. */
  citation(link) {
    const href = link.getAttribute("href") ?? "";
    const found = this.labels.get(href.slice(href.lastIndexOf("#") + 1));
    if (!found || !href.includes("#")) return null;
    found.label ??= this.fresh();
    return found.label;
  }

  fresh() {
    let n = 1;
    while (this.taken.has(`n${n}`)) n += 1;
    this.taken.add(`n${n}`);
    return `n${n}`;
  }

  note(body, label) {
    const inside = new Pasted(body, this.taken);
    inside.walk(body, []);
    inside.end();
    const words = inside.blocks.flatMap((node, n) => [...(n ? [schema.text(" ")] : []), ...childrenOf(node)]);
    // The number and its way back belong to Word, not to the note.
    const first = words[0]?.isText ? words[0].text.replace(/^\s*(?:\[?\w{1,4}\]?[.)]?\s+|\[\w{1,4}\]|\^)\s*/u, "") : null;
    if (first !== null) words[0] = first ? schema.text(first, words[0].marks) : null;
    this.notes.push(nodes.note.create({ label }, words.filter(Boolean)));
  }

  block(element, name, style) {
    this.end();
    const outer = this.frame;
    this.frame = { ...this.framed(element, name, style, outer), loose: false };
    this.walk(element, this.marked(element, "", style, []));
    this.end();
    if (name === "LI" && outer.list) outer.list.count += 1;
    this.frame = outer;
  }

  framed(element, name, style, outer) {
    const level = /^H([1-6])$/.exec(name);
    if (level) return { ...outer, type: nodes.heading, attrs: { level: Math.min(4, Math.max(2, Number(level[1]))) }, depth: 0 };
    if (name === "UL" || name === "OL") {
      const listed = name === "UL" ? "bullet" : (LIST_TYPES[element.getAttribute("type")] ?? ordered(style) ?? "decimal");
      const start = listed === "bullet" ? null : Number(element.getAttribute("start")) || 1;
      const depth = outer.list ? outer.list.depth + 1 : outer.depth;
      return { ...outer, list: { style: listed, start, depth: Math.min(DEEPEST, depth), count: 0 } };
    }
    if (name === "LI") {
      const { style: listed, start, depth } = outer.list ?? { style: "bullet", start: null, depth: outer.depth };
      return { ...outer, type: nodes.item, attrs: { style: listed, start }, depth, then: true };
    }
    if (/mso-list:\s*l\d+/i.test(style) && !/mso-list:\s*none/i.test(style)) {
      const deep = Number(/level(\d+)/i.exec(style)?.[1] ?? 1) - 1;
      const sign = [...element.querySelectorAll("span")].find((one) => /mso-list:\s*Ignore/i.test(styleOf(one)));
      const listed = styleOfMarker(sign?.textContent ?? "•");
      const first = listed === "decimal" ? Number(sign.textContent.replace(/\D/g, "")) || 1 : 1;
      return { ...outer, type: nodes.item, attrs: { style: listed, start: listed === "bullet" ? null : first }, depth: Math.min(DEEPEST, deep) };
    }
    if (name === "BLOCKQUOTE") return { ...outer, type: nodes.quote, attrs: {} };
    if (name === "PRE") return { ...outer, type: nodes.code_block, attrs: {}, keeps: true };
    return outer;
  }

  /** The words so far become a block. */
  end() {
    const { type, attrs, depth } = this.frame;
    let words = this.words;
    this.words = [];
    while (words.length && words[words.length - 1].type === nodes.br) words = words.slice(0, -1);
    if (!words.some((node) => !node.isText || node.text.trim())) return;
    if (type === nodes.code_block) {
      const text = words.map((node) => (node.isText ? node.text : "\n")).join("").replace(/\n$/, "");
      this.blocks.push(nodes.code_block.create({ depth }, text ? schema.text(text) : []));
      return;
    }
    if (type === nodes.heading) words = words.map((node) => (node.type === nodes.br ? schema.text(" ") : node));
    this.blocks.push(type.create({ ...attrs, depth }, this.frame.loose ? edged(words) : trimmed(words)));
    // What follows in the same item belongs to it.
    if (this.frame.then) Object.assign(this.frame, { type: nodes.paragraph, attrs: {}, depth: Math.min(DEEPEST, depth + 1), then: false });
  }

  table(element) {
    this.end();
    const rows = [...element.querySelectorAll("tr")].filter((row) => row.closest("table") === element);
    const grid = rows.map(() => []);
    rows.forEach((row, n) => {
      let at = 0;
      for (const cell of row.children) {
        // What is beside or under a cell that takes the room of several stays empty.
        while (grid[n][at]) at += 1;
        const wide = Math.min(40, Math.max(1, cell.colSpan || 1));
        const high = Math.min(rows.length - n, Math.max(1, cell.rowSpan || 1));
        for (let down = 0; down < high; down += 1) for (let right = 0; right < wide; right += 1) grid[n + down][at + right] ??= nodes.cell.create();
        grid[n][at] = this.cell(cell);
        at += wide;
      }
    });
    const width = Math.max(0, ...grid.map((row) => row.length));
    if (!width) return;
    const whole = grid.map((row) => nodes.row.create(null, Array.from({ length: width }, (_, n) => row[n] ?? nodes.cell.create())));
    this.blocks.push(nodes.table.create({ align: Array(width).fill("none") }, whole));
  }

  cell(cell) {
    const inside = new Pasted(cell, this.taken);
    inside.labels = this.labels;
    inside.walk(cell, []);
    inside.end();
    const words = inside.blocks.flatMap((node, n) => [...(n ? [schema.text(" ")] : []), ...childrenOf(node)]);
    return nodes.cell.create(null, words.map((node) => (node.type === nodes.br ? schema.text(" ") : node)));
  }
}

const ordered = (style) => /list-style-type:\s*((?:lower|upper)-(?:alpha|roman|latin))/i.exec(style)?.[1].replace("latin", "alpha");

const childrenOf = (node) => {
  const found = [];
  if (node.inlineContent) node.forEach((child) => found.push(child));
  else
    node.forEach((child) => {
      const words = childrenOf(child);
      found.push(...(found.length && words.length ? [schema.text(" ")] : []), ...words);
    });
  return found;
};

/** Browsers write a space at the edge of what is copied as one that does not break. */
function edged(words) {
  const made = [...words];
  const change = (at, pattern) => {
    const node = made[at];
    if (node?.isText) made[at] = schema.text(node.text.replace(pattern, " "), node.marks);
  };
  change(0, /^\u00a0/);
  change(made.length - 1, /\u00a0$/);
  return made;
}

function trimmed(words) {
  const made = [...words];
  const trim = (at, pattern) => {
    const node = made[at];
    if (!node?.isText) return;
    const text = node.text.replace(pattern, "");
    if (text) made[at] = schema.text(text, node.marks);
    else made.splice(at < 0 ? made.length + at : at, 1);
  };
  trim(0, /^ +/);
  if (made.length) trim(made.length - 1, / +$/);
  return made;
}

/** Blocks of pasted HTML: `{blocks, notes, leftOut}`; `taken` are labels that notes have already. */
export function pastedHtml(html, taken) {
  // Parsed into a document of its own: nothing in it runs, and nothing is fetched.
  const parsed = new DOMParser().parseFromString(muted(html), "text/html");
  return new Pasted(parsed.body, taken).read();
}

const BULLET = /^[ \t]*[-•·▪‣–][ \t]+(.+)$/s;

/** Whether a line goes on in the next one: in texts from a PDF or a mail every line of a paragraph is broken. */
function goesOn(line, next, longest) {
  if (longest < 50 || line.length < longest * 0.6 || BULLET.test(next)) return false;
  // A full stop in the middle of a paragraph can stand at the end of a line, too; then nobody can tell.
  return /^[ \t]*[\p{Ll}(]/u.test(next) || !/[.:;!?…»”"’)]\s*$/u.test(line);
}

/** The lines of a paragraph as one. A hyphen at the end of a line stays: whether it was there before nobody can tell. */
const joinedLines = (lines) =>
  lines.reduce((whole, line) => {
    const words = line.trim();
    if (/\p{L}\u00ad$/u.test(whole)) return whole.slice(0, -1) + words;
    return /\p{Ll}-$/u.test(whole) && /^\p{Ll}/u.test(words) ? whole + words : `${whole} ${words}`.trim();
  }, "");

/** Blocks of pasted plain text. Empty lines part paragraphs; without them each line is one, if it does not go on. */
export function pastedText(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, "").split("\n");
  const parted = lines.some((line) => !line.trim());
  const longest = Math.max(...lines.map((line) => line.length));
  const parts = [];
  let last = "";
  for (const line of lines) {
    const joins = last.trim() && line.trim() && (parted ? !BULLET.test(line) : goesOn(last, line, longest));
    if (joins) parts.at(-1).push(line);
    else parts.push([line]);
    last = line;
  }
  return parts.map(joinedLines).filter(Boolean).map((part) => {
    const bullet = BULLET.exec(part);
    if (bullet) return nodes.item.create({ style: "bullet", start: null }, schema.text(bullet[1]));
    return nodes.paragraph.create(null, schema.text(part));
  });
}

/** Put pasted blocks where the selection is. Within one paragraph words stay words of it. */
export function insertBlocks(state, blocks, notes, kind) {
  const tr = crosses(state.selection) ? withoutChosen(state.tr) : state.tr;
  const { $from, $to } = tr.selection;
  const here = blockAt(tr);
  if (!here || !blocks.length) return null;
  const lone = blocks.length === 1 && blocks[0].inlineContent;
  const plain = here.node.type === nodes.code_block;
  if (blocks.length === 1 && !notes.length && fillCells(tr, blocks[0])) return tr.scrollIntoView();
  if (plain || here.node.type === nodes.table || here.node.type === nodes.note || (lone && $from.parent.inlineContent && $from.parent.content.size)) {
    const words = blocks.flatMap((node, n) => [...(n ? [schema.text(plain ? "\n" : " ")] : []), ...childrenOf(node)]);
    const fitting = plain ? words.filter((node) => node.isText).map((node) => schema.text(node.text)) : words;
    const within = here.node.type === nodes.heading || here.node.type === nodes.table ? fitting.map((node) => (node.type === nodes.br ? schema.text(" ") : node)) : fitting;
    tr.replaceWith($from.pos, $to.pos, Fragment.fromArray(within));
  } else {
    const depth = here.node.attrs.depth;
    const deep = blocks.map((node) => node.type.create({ ...node.attrs, depth: node.type === nodes.heading ? 0 : Math.min(DEEPEST, node.attrs.depth + depth) }, node.content));
    const [first, last] = [deep[0], deep[deep.length - 1]];
    if ($from.parent.inlineContent && $from.parent.content.size && first.inlineContent && first.type !== nodes.code_block && $from.parentOffset > 0) {
      // The first lines go on the paragraph they are pasted into.
      const open = last.inlineContent && last.type !== nodes.code_block ? 1 : 0;
      const keep = here.node.type.create({ ...here.node.attrs, id: null }, first.content);
      tr.replace($from.pos, $to.pos, new Slice(Fragment.from([keep, ...deep.slice(1)]), 1, open));
    } else if ($from.parent.inlineContent && !$from.parent.content.size && tr.selection.empty) {
      tr.replaceWith(here.at, here.at + here.node.nodeSize, deep);
    } else {
      const done = tr.steps.length;
      const at = tr.deleteSelection().mapping.slice(done).map(here.at, -1);
      tr.insert(at, deep);
      tr.setSelection(TextSelection.near(tr.doc.resolve(at + Fragment.from(deep).size), -1));
    }
  }
  if (notes.length) {
    const own = kind === "footnotes";
    const end = own ? 1 + tr.doc.firstChild.content.size : tr.doc.childCount > 1 ? tr.doc.content.size - 1 : tr.doc.content.size;
    tr.insert(end, own || tr.doc.childCount > 1 ? notes : nodes.notes.create(null, notes));
  }
  return tr.scrollIntoView();
}
