// Where somebody is in the text: in which block, with what belongs to it.
import { schema } from "./schema.js";

const { nodes } = schema;

/** The block the selection begins in: its node, place in the document, number in its part, and the part's place. */
export function blockAt(state) {
  const { $from } = state.selection;
  const depth = 2;
  if ($from.depth < depth - 1) return null;
  const part = $from.node(1);
  const index = $from.index(1);
  if (index >= part.childCount) return null;
  const node = part.child(index);
  const at = $from.depth >= depth ? $from.before(depth) : $from.pos;
  return { node, at, index, part, partAt: $from.before(1) };
}

/** The blocks that the selection touches, each with its place. */
export function chosenBlocks(state) {
  const found = [];
  const { from, to } = state.selection;
  state.doc.forEach((part, partAt) =>
    part.forEach((node, at) => {
      const start = partAt + 1 + at;
      if (start < to + 1 && start + node.nodeSize > from) found.push({ node, at: start });
    }),
  );
  return found;
}

/** Whether somebody writes in a footnote that stands below the section. */
export const inNotes = (state) => state.selection.$from.depth > 1 && state.selection.$from.node(1).type === nodes.notes;

/** The end of a unit: a block and what stands deeper under it. */
export function unitEnd(part, index) {
  let end = index + 1;
  while (end < part.childCount && part.child(end).attrs.depth > part.child(index).attrs.depth) end += 1;
  return end;
}

/** Where a block begins, counted from the beginning of its part. */
export const offsetOf = (part, index) => {
  let at = 0;
  for (let n = 0; n < index; n += 1) at += part.child(n).nodeSize;
  return at;
};
