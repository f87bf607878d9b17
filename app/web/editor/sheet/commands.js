// What somebody can do with the text besides typing: cut paragraphs, make lists, move, cite notes, set words apart.
import { Fragment } from "prosemirror-model";
import { TextSelection } from "prosemirror-state";
import { DEEPEST, schema } from "./schema.js";
import { backToText } from "./notes.js";
import { blockAt, chosenBlocks, inNotes, offsetOf, unitEnd } from "./places.js";
import { below } from "./tables.js";
import { withoutChosen } from "./taking.js";

const { nodes, marks } = schema;

/** Enter: a new paragraph, item, or line of code; out of a list where an item is empty; out of a note into the text. */
export function cut(state, dispatch) {
  const here = blockAt(state);
  if (!here || !(state.selection instanceof TextSelection)) return false;
  if (here.node.type === nodes.table) return below(state, dispatch);
  if (here.node.type === nodes.note) return backToText(state, dispatch);
  if (here.node.type === nodes.code_block) {
    dispatch?.(state.tr.insertText("\n").scrollIntoView());
    return true;
  }
  if (!here.node.content.size && here.node.attrs.depth > 0) return shallower(state, dispatch, here);
  if (!here.node.content.size && here.node.type !== nodes.paragraph) return retype(nodes.paragraph)(state, dispatch);
  if (dispatch) {
    const tr = withoutChosen(state.tr);
    const $at = tr.selection.$from;
    const node = $at.parent;
    const atEnd = $at.parentOffset === node.content.size;
    const type = node.type === nodes.heading && atEnd ? nodes.paragraph : node.type;
    const fresh = type === node.type ? { ...node.attrs, id: null } : { depth: node.attrs.depth };
    if ($at.parentOffset === 0 && node.content.size) tr.insert($at.before(), type.create({ ...node.attrs, id: null }));
    else tr.split($at.pos, 1, [{ type, attrs: fresh }]);
    dispatch(tr.scrollIntoView());
  }
  return true;
}

/** Out of what an empty block stands in: it becomes the next item of the list around it, or a paragraph there. */
function shallower(state, dispatch, { node, at, part, index }) {
  const depth = node.attrs.depth - 1;
  let around = index - 1;
  while (around >= 0 && part.child(around).attrs.depth > depth) around -= 1;
  const holder = around >= 0 ? part.child(around) : null;
  const listed = holder?.type === nodes.item && holder.attrs.depth === depth;
  const { style, start } = holder?.attrs ?? {};
  const attrs = { id: node.attrs.id, depth };
  dispatch?.(state.tr.setNodeMarkup(at, listed ? nodes.item : nodes.paragraph, listed ? { ...attrs, style, start } : attrs).scrollIntoView());
  return true;
}

/** Backspace at the beginning of an item, quotation or heading: it becomes a paragraph, as in a word processor. */
export function plainAgain(state, dispatch) {
  const { empty, $from } = state.selection;
  const here = blockAt(state);
  if (!empty || !here || $from.parentOffset > 0 || $from.depth !== 2) return false;
  if (here.node.type === nodes.note) return true;
  if (here.node.attrs.depth > 0) return deeper(-1)(state, dispatch);
  if (![nodes.item, nodes.quote, nodes.heading].includes(here.node.type)) return false;
  return retype(nodes.paragraph)(state, dispatch);
}

/** A line break inside a paragraph. */
export function breakLine(state, dispatch) {
  const here = blockAt(state);
  if (!here || [nodes.heading, nodes.table].includes(here.node.type)) return false;
  if (here.node.type === nodes.code_block) return cut(state, dispatch);
  dispatch?.(withoutChosen(state.tr).replaceSelectionWith(nodes.br.create()).scrollIntoView());
  return true;
}

/** Make the chosen blocks something else; `attrs` are those of the new kind. */
export function retype(type, attrs = {}) {
  return (state, dispatch) => {
    const chosen = chosenBlocks(state).filter(({ node }) => node.inlineContent && node.type !== nodes.note && node.type !== nodes.code_block);
    if (!chosen.length || inNotes(state)) return false;
    if (dispatch) {
      const tr = state.tr;
      for (const { node, at } of chosen) {
        const next = { id: node.attrs.id, depth: node.attrs.depth, ...attrs };
        if (type === nodes.heading) next.depth = 0;
        if (type === nodes.item) Object.assign(next, listOf(tr.doc, at, attrs));
        tr.setNodeMarkup(at, type, next);
      }
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

/** The list an item joins: that of the item above it if the style is the same, else one that begins with 1. */
function listOf(doc, at, { style, start }) {
  const $at = doc.resolve(at);
  const above = $at.index() > 0 ? $at.parent.child($at.index() - 1) : null;
  const joins = above?.type === nodes.item && above.attrs.style === style;
  return { style, start: joins ? above.attrs.start : style === "bullet" ? null : (start ?? 1) };
}

/** Make the chosen blocks items of a list, or give the list they are in another style. */
export function list(style) {
  return (state, dispatch) => {
    const here = blockAt(state);
    if (!here || inNotes(state)) return false;
    const start = style === "bullet" ? null : 1;
    if (here.node.type !== nodes.item || !state.selection.empty) return retype(nodes.item, { style, start })(state, dispatch);
    if (dispatch) {
      const tr = state.tr;
      for (const index of wholeList(here.part, here.index))
        tr.setNodeMarkup(here.partAt + 1 + offsetOf(here.part, index), null, { ...here.part.child(index).attrs, style, start });
      dispatch(tr);
    }
    return true;
  };
}

/** The places of all items of the list that one item stands in. */
function wholeList(part, index) {
  const { depth, style } = part.child(index).attrs;
  const belongs = (node) => node.type === nodes.item && node.attrs.depth === depth && node.attrs.style === style;
  const found = [];
  let first = index;
  for (let n = index; n >= 0; n -= 1) {
    const node = part.child(n);
    if (belongs(node)) first = n;
    else if (node.attrs.depth <= depth) break;
  }
  for (let n = first; n < part.childCount; n += 1) {
    const node = part.child(n);
    if (belongs(node)) found.push(n);
    else if (node.attrs.depth <= depth) break;
  }
  return found;
}

/** Put the block and what belongs to it one level deeper, or one less deep. */
export function deeper(by) {
  return (state, dispatch) => {
    const here = blockAt(state);
    if (!here || inNotes(state) || [nodes.heading, nodes.note].includes(here.node.type)) return false;
    const above = here.index ? here.part.child(here.index - 1) : null;
    const holds = above && [nodes.item, nodes.quote, nodes.note].includes(above.type);
    const most = above ? Math.min(DEEPEST, above.attrs.depth + (holds ? 1 : 0)) : 0;
    const depth = here.node.attrs.depth + by;
    if (depth < 0 || depth > most) return false;
    if (dispatch) {
      const tr = state.tr;
      for (let n = here.index; n < unitEnd(here.part, here.index); n += 1) {
        const node = here.part.child(n);
        tr.setNodeMarkup(here.partAt + 1 + offsetOf(here.part, n), null, { ...node.attrs, depth: node.attrs.depth + by });
      }
      dispatch(tr.scrollIntoView());
    }
    return true;
  };
}

/** Move the block, with what belongs to it, one place up (-1) or down (1). */
export function move(by) {
  return (state, dispatch) => {
    const here = blockAt(state);
    if (!here || inNotes(state)) return false;
    const { part, index } = here;
    const end = unitEnd(part, index);
    let target;
    if (by < 0) {
      target = index - 1;
      while (target >= 0 && part.child(target).attrs.depth > here.node.attrs.depth) target -= 1;
      if (target < 0) return false;
    } else {
      if (end >= part.childCount) return false;
      target = unitEnd(part, end);
    }
    dispatch?.(moved(state, here, end, target));
    return true;
  };
}

/** The transaction that puts the blocks `index` to `end` of a part before the block that is number `target` there. */
export function moved(state, { part, partAt, index }, end, target) {
  const blocks = [];
  part.forEach((node) => blocks.push(node));
  const unit = blocks.slice(index, end);
  const order = target <= index ? [...unit, ...blocks.slice(target, index)] : [...blocks.slice(end, target), ...unit];
  const first = Math.min(index, target);
  const last = Math.max(end, target);
  const from = partAt + 1 + offsetOf(part, first);
  const to = partAt + 1 + offsetOf(part, last);
  const size = Fragment.from(unit).size;
  const was = partAt + 1 + offsetOf(part, index);
  const is = target <= index ? from : to - size;
  const tr = state.tr.replaceWith(from, to, order);
  const at = Math.min(tr.doc.content.size, Math.max(0, state.selection.from - was + is));
  return tr.setSelection(TextSelection.near(tr.doc.resolve(at))).scrollIntoView();
}

/** The link that the cursor or selection stands in: `{from, to, href}`, or null. */
export function linkAt(state) {
  const { $from, from, to } = state.selection;
  const mark = marks.link.isInSet($from.marks()) ?? ($from.nodeAfter && marks.link.isInSet($from.nodeAfter.marks));
  if (!mark) return null;
  const start = $from.start();
  let [first, last] = [from, to];
  $from.parent.forEach((child, offset) => {
    const [a, b] = [start + offset, start + offset + child.nodeSize];
    if (mark.isInSet(child.marks) && a <= to && b >= from) [first, last] = [Math.min(first, a), Math.max(last, b)];
  });
  return { from: first, to: last, href: mark.attrs.href };
}

/** Set or take off the link of some words; without words the address itself is put in. */
export function setLink(href, words) {
  return (state, dispatch) => {
    const at = linkAt(state) ?? state.selection;
    const tr = state.tr;
    if (!href) tr.removeMark(at.from, at.to, marks.link);
    else if (at.from === at.to) tr.insert(at.from, schema.text(words || href, [marks.link.create({ href })]));
    else tr.removeMark(at.from, at.to, marks.link).addMark(at.from, at.to, marks.link.create({ href }));
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** A dividing line or another block after this one. */
export function insertAfter(node) {
  return (state, dispatch) => {
    const here = blockAt(state);
    if (!here || inNotes(state)) return false;
    if (dispatch) {
      const at = here.at + here.node.nodeSize;
      const tr = state.tr.insert(at, node);
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView());
    }
    return true;
  };
}

/** Take a block out, or bring it back as it was. `before` is the list of blocks as they were, with their notes. */
export function undoBlock(id, before) {
  return (state, dispatch) => {
    const old = before.find((node) => node.attrs.id === id);
    let found = null;
    state.doc.forEach((part, partAt) =>
      part.forEach((node, at) => {
        if (node.attrs.id === id) found = { node, at: partAt + 1 + at };
      }),
    );
    const tr = state.tr;
    if (old && found && !old.eq(found.node)) tr.replaceWith(found.at, found.at + found.node.nodeSize, old);
    else if (old) {
      if (found) tr.delete(found.at, found.at + found.node.nodeSize);
      tr.insert(placeBefore(tr.doc, old, before), old);
    } else if (found) tr.delete(found.at, found.at + found.node.nodeSize);
    else return false;
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** The place behind the nearest block that stood before this one and is still there. */
function placeBefore(doc, old, before) {
  const at = before.indexOf(old);
  for (let n = at - 1; n >= 0; n -= 1) {
    let place = null;
    doc.firstChild.forEach((node, offset) => {
      if (node.attrs.id === before[n].attrs.id) place = 1 + offset + node.nodeSize;
    });
    if (place !== null) return place;
  }
  return 1;
}
