// Taking out what is selected where the selection goes over a wall: the edge of a table's cell, of a table, or between
// the text and its footnotes. Words are taken out as anywhere; the walls stay, and nothing beyond them moves.
import { Plugin, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes } = schema;

/** The part, table or cell a place stands in, by where it begins. */
function wallsAround($at) {
  for (let depth = $at.depth; depth > 0; depth -= 1) if ($at.node(depth).type.spec.isolating) return $at.before(depth);
  return null;
}

/** Whether a selection of words begins and ends in different cells, tables or parts. */
export const crosses = (selection) =>
  selection instanceof TextSelection && !selection.empty && wallsAround(selection.$from) !== wallsAround(selection.$to);

/** The transaction with what is selected taken out of it. */
export function withoutChosen(tr) {
  if (!crosses(tr.selection)) return tr.deleteSelection();
  const { from, to } = tr.selection;
  for (const [start, end] of taken(tr.doc, from, to).reverse()) tr.delete(start, end);
  const body = tr.doc.firstChild;
  if (!body.childCount) tr.insert(1, nodes.paragraph.create());
  return tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(tr.mapping.map(from), tr.doc.content.size))));
}

/** What goes, as pairs of places: whole blocks between the ends, and only words of the blocks at the ends. */
function taken(doc, from, to) {
  const ranges = [];
  const words = (node, at) => {
    const [start, end] = [Math.max(from, at + 1), Math.min(to, at + 1 + node.content.size)];
    if (start < end) ranges.push([start, end]);
  };
  doc.forEach((part, partAt) => {
    // Whoever draws the mouse down from the text into its footnotes means the text.
    if (part.type === nodes.notes && from < partAt) return;
    part.forEach((node, offset) => {
      const at = partAt + 1 + offset;
      const end = at + node.nodeSize;
      if (end <= from || at >= to) return;
      if ((from <= at && to >= end) || swept(node, at, from, to)) ranges.push([at, end]);
      else if (node.isTextblock) words(node, at);
      else node.descendants((cell, inside) => void (cell.type === nodes.cell && words(cell, at + 1 + inside)));
    });
  });
  return ranges;
}

/** Whether all words of a table are selected, and some beside it: then it goes as a whole. */
function swept(node, at, from, to) {
  const [first, last] = [at + 3, at + node.nodeSize - 3];
  return node.type === nodes.table && from <= first && to >= last && (from < at || to > at + node.nodeSize);
}

/** What was not asked for by a key of ours: words typed over such a selection, and the keys of a phone. */
export function takingPlugin() {
  return new Plugin({
    props: {
      handleTextInput(view, from, to, text) {
        const { selection, tr } = view.state;
        if (!crosses(selection) || from !== selection.from || to !== selection.to) return false;
        view.dispatch(withoutChosen(tr).insertText(text).scrollIntoView());
        return true;
      },
      handleDOMEvents: {
        beforeinput(view, event) {
          if (!event.inputType.startsWith("delete") || !crosses(view.state.selection)) return false;
          event.preventDefault();
          return takeOut(view.state, view.dispatch);
        },
      },
    },
  });
}

/** Backspace and Delete over such a selection. */
export function takeOut(state, dispatch) {
  if (!crosses(state.selection)) return false;
  dispatch?.(withoutChosen(state.tr).scrollIntoView());
  return true;
}
