// Footnotes: new ones, the same one cited again, and the ways between a citation and its words.
import { TextSelection } from "prosemirror-state";
import { noteNumbers } from "./numbers.js";
import { blockAt, inNotes } from "./places.js";
import { schema } from "./schema.js";

const { nodes } = schema;

/** A label that no note has: in the charter, or in what is being written. */
function freeLabel(doc, manuscript) {
  const taken = new Set(manuscript.labels);
  doc.descendants((node) => {
    if (node.attrs.label) taken.add(node.attrs.label);
  });
  let n = 1;
  while (taken.has(`n${n}`)) n += 1;
  return `n${n}`;
}

/** A new footnote at the end of the selection; the next words are typed into it. */
export function footnote(manuscript) {
  return (state, dispatch) => {
    const here = blockAt(state);
    if (!here || inNotes(state) || !citable(state)) return false;
    if (dispatch) {
      const label = freeLabel(state.doc, manuscript);
      const tr = state.tr.insert(state.selection.to, nodes.cite.create({ label }));
      const note = nodes.note.create({ label });
      const at = placeForNote(tr.doc, label, manuscript);
      tr.insert(at, tr.doc.childCount > 1 || manuscript.kind === "footnotes" ? note : nodes.notes.create(null, note));
      const inside = manuscript.kind === "footnotes" || state.doc.childCount > 1 ? at + 1 : at + 2;
      dispatch(tr.setSelection(TextSelection.create(tr.doc, inside)).scrollIntoView());
    }
    return true;
  };
}

const citable = (state) => state.selection.$to.parent.inlineContent && ![nodes.code_block].includes(state.selection.$to.parent.type);

/** Where the note with that label stands among the others, in the order of their numbers. */
function placeForNote(doc, label, manuscript) {
  if (manuscript.kind === "footnotes") return 1 + doc.firstChild.content.size;
  if (doc.childCount < 2) return doc.content.size;
  const numbers = noteNumbers(doc, { ...manuscript, labels: [...manuscript.labels, label] });
  const part = doc.child(1);
  const start = doc.firstChild.nodeSize + 1;
  let place = start + part.content.size;
  part.forEach((node, offset) => {
    const later = node.type === nodes.note && (numbers.get(node.attrs.label) ?? Infinity) > (numbers.get(label) ?? Infinity);
    if (later && start + offset < place) place = start + offset;
  });
  return place;
}

/** Cite a note that is there already once more; `words` are its blocks, if they do not stand here yet. */
export function citeAgain(label, words, manuscript) {
  return (state, dispatch) => {
    if (!blockAt(state) || inNotes(state) || !citable(state)) return false;
    if (dispatch) {
      const tr = state.tr.insert(state.selection.to, nodes.cite.create({ label }));
      if (!places(tr.doc, "note", label).length && words.length) {
        const at = placeForNote(tr.doc, label, manuscript);
        tr.insert(at, tr.doc.childCount > 1 ? words : nodes.notes.create(null, words));
      }
      dispatch(tr.setSelection(TextSelection.create(tr.doc, tr.mapping.slice(0, 1).map(state.selection.to))).scrollIntoView());
    }
    return true;
  };
}

/** Where nodes of that name with that label stand. */
function places(doc, name, label) {
  const found = [];
  doc.descendants((node, at) => {
    if (node.type.name === name && node.attrs.label === label) found.push(at);
  });
  return found;
}

/** From a citation to the words of its note. */
export function toNote(state, dispatch, label) {
  const [at] = places(state.doc, "note", label);
  if (at === undefined) return false;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, at + 1 + state.doc.nodeAt(at).content.size)).scrollIntoView());
  return true;
}

/** From a note back to the words it belongs to. */
export function backToText(state, dispatch) {
  const here = blockAt(state);
  if (here?.node.type !== nodes.note) return false;
  const [at] = places(state.doc, "cite", here.node.attrs.label);
  if (at === undefined) return true;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, at + 1)).scrollIntoView());
  return true;
}
