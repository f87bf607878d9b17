// Suggestions drawn over a clean text: what was added, taken out, moved, set otherwise. The text itself holds no marks.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { DOMSerializer, Fragment } from "prosemirror-model";
import { changesIn, retyped, stretches } from "./changes.js";
import { goalLabels, markers, noteNumbers } from "./numbers.js";
import { schema, wordsOf } from "./schema.js";

export const marksKey = new PluginKey("marks");
const serializer = DOMSerializer.fromSchema(schema);

const childrenOf = (part) => {
  const found = [];
  part?.forEach((node) => found.push(node));
  return found;
};

/** Where each block begins in the document. */
function placesOf(part, start) {
  const found = [];
  let at = start;
  part.forEach((node) => {
    found.push(at);
    at += node.nodeSize;
  });
  found.push(at);
  return found;
}

// What acts without being seen is told by its number, as on every page; what shapes its neighbours is seen in what it does.
const UNSEEN = /(?![\u00ad\u034f\u200c\u200d\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu;
const codeOf = (sign) => `U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

/** Make visible in an element what acts without being seen. */
function signed(element) {
  const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) if (walk.currentNode.data.search(UNSEEN) >= 0) found.push(walk.currentNode);
  for (const text of found) {
    const pieces = text.data.split(/((?![\u00ad\u034f\u200c\u200d\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}])/u);
    text.replaceWith(
      ...pieces.map((piece, n) => {
        if (n % 2 === 0) return piece;
        const sign = document.createElement("span");
        sign.className = "unseen";
        sign.dataset.code = codeOf(piece);
        sign.textContent = piece;
        return sign;
      }),
    );
  }
}

/** Words that were taken out, struck through at the place where they stood. */
function goneWords(fragment, numbers) {
  const element = document.createElement("del");
  element.className = "gone";
  element.contentEditable = "false";
  element.append(serializer.serializeFragment(fragment));
  element.querySelectorAll("sup.cite").forEach((cite) => {
    cite.textContent = numbers.get(cite.dataset.label) ?? "?";
  });
  signed(element);
  if (!element.textContent) element.textContent = "¶";
  return element;
}

function newSign() {
  const element = document.createElement("ins");
  element.className = "sign";
  element.contentEditable = "false";
  element.textContent = "¶";
  return element;
}

/** Whole blocks that were taken out, or stood here before they were moved. */
function goneBlocks(nodes, numbers, why) {
  const element = document.createElement("div");
  element.className = why ? "gone-blocks was-here" : "gone-blocks";
  element.contentEditable = "false";
  if (why) {
    const label = document.createElement("p");
    label.className = "gone-why";
    label.textContent = why;
    element.append(label);
  }
  for (const node of nodes) {
    const line = document.createElement("p");
    line.append(goneWords(node.inlineContent ? node.content : wordsFragment(node), numbers));
    element.append(line);
  }
  return element;
}

/** The words of a block as one line; of a table those of its cells, each with its citations. */
function wordsFragment(node) {
  if (node.isTextblock) return node.type.name === "code_block" && !node.content.size ? Fragment.empty : node.content;
  let made = Fragment.empty;
  node.descendants((one) => {
    if (!one.inlineContent) return true;
    if (made.size && one.content.size) made = made.append(Fragment.from(schema.text(" | ")));
    made = made.append(one.content);
    return false;
  });
  return made;
}

class Drawing {
  constructor(numbers) {
    this.numbers = numbers;
    this.made = [];
    this.count = 0;
  }

  /** Everything that differs in one part of the document, the body or the notes. */
  part(old, part, start) {
    const now = childrenOf(part);
    const places = placesOf(part, start);
    // The place to write in of a section without words is none of its changes.
    if (!old.length && now.length === 1 && now[0].type.name === "paragraph" && !now[0].content.size) return;
    const found = stretches(old, now);
    const moved = new Set(found.filter((one) => one.moved !== undefined).map((one) => old[one.moved].attrs.id));
    this.still = new Set(now.map((node) => node.attrs.id).filter((id) => id !== null && !moved.has(id)));
    for (const stretch of found) this.stretch(stretch, old, now, places);
  }

  stretch({ old: was, now: is, at, moved }, old, now, places) {
    const before = was.map((n) => old[n]);
    const after = is.map((n) => now[n]);
    this.count += Math.max(before.length, after.length);
    for (const n of is) this.node(places[n], now[n], "is-changed");
    if (moved !== undefined) this.moved(before[0], places[at], now[at], moved, now, old, places);
    if (!after.length) {
      this.goneWhole(places[at], before, was[0] / old.length);
      return;
    }
    if (!before.length) {
      for (const n of is) this.inserted(places[n], now[n]);
      return;
    }
    if (before.length === 1 && after.length === 1 && retyped(before[0], after[0])) this.node(places[at], now[at], "is-retyped");
    if (before.length === 1 && after.length === 1 && sameShape(before[0], after[0])) {
      this.cells(before[0], after[0], places[at]);
      return;
    }
    if (before.length === 1 && after.length === 1 && wholly(before[0], after[0])) {
      // Of one that was moved the old words stand where it stood.
      if (moved === undefined) this.goneWhole(places[at], before, was[0] / old.length);
      this.inserted(places[at], now[at]);
      return;
    }
    this.words(before, after, places[is[0]], is, places, now);
  }

  /** Blocks that are gone, before what stands at a place; `order` is how far down the old text they stood. */
  goneWhole(at, blocks, order, why) {
    this.widget(at, () => goneBlocks(blocks, this.numbers, why), `${why ?? "gone"} ${ids(blocks)}`, order - 2);
  }

  /** A table whose rows and columns are as many as before: the words of each cell. */
  cells(before, after, at) {
    after.forEach((row, rowAt, r) => {
      row.forEach((cell, cellAt, c) => {
        const old = before.child(r).child(c);
        const place = at + 1 + rowAt + 1 + cellAt;
        if (!old.eq(cell)) this.words([old], [cell], place, [], [], []);
      });
    });
  }

  /** The words that differ between some blocks; `start` is where the first of them begins in the document. */
  words(before, after, start, is, places, now) {
    const whole = schema.nodes.body.create(null, before);
    const fresh = schema.nodes.body.create(null, after);
    for (const change of changesIn(before, after)) {
      const [from, to] = [start + change.fromB, start + change.toB];
      const inserted = fresh.slice(change.fromB, change.toB);
      const deleted = whole.slice(change.fromA, change.toA);
      const words = (slice) => slice.content.textBetween(0, slice.content.size, "¶", (node) => (node.type.name === "cite" ? `[${node.attrs.label}]` : "↵"));
      if (words(inserted) === words(deleted) && words(inserted)) {
        this.made.push(Decoration.inline(from, to, { class: "reformatted", title: "Set otherwise" }));
        continue;
      }
      if (change.toA > change.fromA) this.gone(from, deleted, before, after, change);
      if (to > from) {
        this.underlined(fresh, change.fromB, change.toB, start);
        for (const n of is) if (places[n] >= from && places[n] < to) this.beginning(places[n], now[n], now[n - 1]);
      }
    }
  }

  /** A block that begins where none began before: a sign at the end of the one before it, as word processors show. */
  beginning(at, node, above) {
    this.node(at, node, "is-new");
    // In a block without words the sign would stand where the cursor has to.
    if (above?.content.size) this.widget(at - 1, newSign, `sign ${node.attrs.id} ${wordsOf(node).slice(0, 20)}`, 1);
  }

  /** Words that are gone within a block; whole blocks that are gone between two. */
  gone(at, slice, before, after, change) {
    // Whoever cites notes otherwise sees other numbers in what is struck out, too.
    const cited = [...slice.content.textBetween(0, slice.content.size, "", (node) => (node.type.name === "cite" ? `[${this.numbers.get(node.attrs.label)}]` : "")).matchAll(/\[\w+\]/g)].join(" ");
    const name = `gone ${change.fromA} ${change.toA} ${ids(before)} ${ids(after)} ${slice.content.size} ${cited}`;
    const blocks = childrenOf(slice.content);
    const inside = schema.nodes.body.create(null, after).resolve(change.fromB).depth > 0;
    if (blocks.every((node) => node.isInline)) {
      this.widget(at, () => goneWords(slice.content, this.numbers), name, -1);
    } else if (inside) {
      this.widget(at, () => goneWords(joined(blocks), this.numbers), name, -1);
    } else {
      this.widget(at, () => goneBlocks(blocks, this.numbers), name, -1);
    }
  }

  inserted(at, node) {
    this.node(at, node, "is-new");
    if (node.type.name === "table" || node.type.name === "rule") this.node(at, node, "is-put-in");
    else if (node.content.size) this.underlined(node, 0, node.content.size, at + 1);
  }

  /**
   * Words that are new, and what else is between them. A citation or line break is no element around itself: whoever
   * types right before it would write into that element, where the surface does not look for words.
   */
  underlined(parent, from, to, start) {
    const mark = (a, b, attributes) => b > a && this.made.push(Decoration.inline(start + a, start + b, attributes));
    let done = from;
    parent.nodesBetween(from, to, (node, at) => {
      if (!node.isInline || node.isText) return;
      mark(done, at, { nodeName: "ins" });
      mark(at, at + 1, node.type.name === "cite" ? { class: "put-in", role: "insertion" } : { class: "put-in" });
      done = at + 1;
    });
    mark(done, to, { nodeName: "ins" });
  }

  moved(before, at, node, was, now, old, places) {
    this.node(at, node, "is-moved");
    // It stood before the next block of the old text that is still in its place.
    const next = old.slice(was + 1).find((other) => this.still.has(other.attrs.id));
    const place = next ? places[now.findIndex((one) => one.attrs.id === next.attrs.id)] : places[now.length];
    this.goneWhole(place, [before], was / old.length, "Moved from here");
  }

  node(at, node, name) {
    this.made.push(Decoration.node(at, at + node.nodeSize, { class: name }));
  }

  widget(at, make, key, side) {
    this.made.push(Decoration.widget(at, make, { side, key: `${key}`, ignoreSelection: true }));
  }
}

const ids = (nodes) => nodes.map((node) => node.attrs.id ?? wordsOf(node).slice(0, 20)).join(" ");

/** The words of several blocks in one line, with a sign where a block ended. */
function joined(blocks) {
  let made = null;
  for (const node of blocks) {
    const content = node.isInline ? schema.nodes.paragraph.create(null, node).content : node.inlineContent ? node.content : wordsFragment(node);
    made = made ? made.append(schema.nodes.paragraph.create(null, schema.text(" ¶ ")).content).append(content) : content;
  }
  return made;
}

/** Whether two tables have the same rows and columns. */
function sameShape(before, after) {
  const [one, other] = [before, after].map((node) => (node.type.name === "table" ? childrenOf(node).map((row) => row.childCount) : []));
  return one.length > 0 && String(one) === String(other);
}

/** Whether the words of two blocks cannot be compared one by one: a table that has other columns now, a dividing line. */
const wholly = (before, after) => !(before.inlineContent && after.inlineContent);

/** Everything drawn over a document: suggestions if `showing`, and always the numbers. */
export function draw(doc, base, manuscript, showing) {
  const numbers = noteNumbers(doc, manuscript);
  const drawing = new Drawing(numbers);
  const body = doc.firstChild;
  const notes = doc.childCount > 1 ? doc.child(1) : null;
  if (showing) {
    drawing.part(base.blocks, body, 1);
    // Notes that are cited no more stay in the charter, so what is not here any more counts as there.
    const here = new Set(childrenOf(notes).map((node) => node.attrs.id));
    if (notes) drawing.part(base.notes.filter((node) => here.has(node.attrs.id)), notes, body.nodeSize + 1);
  }
  numbered(drawing.made, doc, numbers, manuscript);
  return { set: DecorationSet.create(doc, drawing.made), count: drawing.count };
}

function numbered(made, doc, numbers, manuscript) {
  doc.forEach((part, offset) => {
    const blocks = childrenOf(part);
    const places = placesOf(part, offset + 1);
    const written = markers(blocks);
    const goals = goalLabels(blocks, manuscript.kind);
    blocks.forEach((node, n) => {
      const marker = node.type.name === "note" ? (numbers.get(node.attrs.label) ?? "not cited") : (written[n] ?? goals.get(n));
      if (marker) made.push(Decoration.node(places[n], places[n] + node.nodeSize, { "data-marker": String(marker) }));
    });
  });
  doc.descendants((node, at) => {
    if (node.isText) {
      for (const { 0: sign, index } of node.text.matchAll(UNSEEN))
        made.push(Decoration.inline(at + index, at + index + sign.length, { class: "unseen", "data-code": codeOf(sign) }));
    }
    if (node.type.name === "cite")
      made.push(Decoration.node(at, at + 1, { "data-number": String(numbers.get(node.attrs.label) ?? "?") }));
  });
}

/** The plugin that draws. While somebody composes a character (accents, phone keyboards) nothing is drawn anew. */
export function marksPlugin(base, manuscript) {
  let view = null;
  return new Plugin({
    key: marksKey,
    state: {
      init: (_, state) => ({ showing: true, ...draw(state.doc, base, manuscript, true) }),
      apply(tr, last, _, state) {
        const said = tr.getMeta(marksKey);
        const showing = said?.showing ?? last.showing;
        if (!tr.docChanged && !said) return last;
        if (view?.composing && !said) return { ...last, set: last.set.map(tr.mapping, tr.doc), stale: true };
        return { showing, ...draw(state.doc, base, manuscript, showing) };
      },
    },
    props: {
      decorations: (state) => marksKey.getState(state).set,
      handleDOMEvents: {
        compositionstart(editor) {
          // Right behind a citation the browser would lose its hold of what is composed, and double its first sign,
          // if the place were not set apart for it; stored marks, even none, make the view do that.
          const { state } = editor;
          const { empty, $to } = state.selection;
          if (!editor.composing && empty && !state.storedMarks && $to.nodeBefore?.type.name === "cite")
            editor.dispatch(state.tr.setStoredMarks($to.marks()));
          return false;
        },
        compositionend(editor) {
          // The composed text enters the document just after this event.
          setTimeout(() => {
            if (!editor.isDestroyed && marksKey.getState(editor.state).stale)
              editor.dispatch(editor.state.tr.setMeta(marksKey, {}).setMeta("addToHistory", false));
          }, 30);
          return false;
        },
      },
    },
    view(editor) {
      view = editor;
      return {};
    },
  });
}
