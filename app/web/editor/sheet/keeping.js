// What must stay true however somebody types: no id stands twice, and no footnote goes with a slip of a selection.
import { Plugin } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes } = schema;

/** Of two blocks with one id (a paragraph that was cut, a copy) the one with more words keeps it. */
function twice(doc) {
  const best = new Map();
  const all = [];
  doc.forEach((part, partAt) =>
    part.forEach((node, at) => {
      const { id } = node.attrs;
      if (!id) return;
      const one = { node, at: partAt + 1 + at, id };
      all.push(one);
      if (!best.has(id) || best.get(id).node.content.size < node.content.size) best.set(id, one);
    }),
  );
  return all.filter((one) => best.get(one.id) !== one);
}

/** Notes of other sections that are not below this one any more, though they were: they cannot be taken out here. */
function lostNotes(doc, notes) {
  if (doc.childCount > 1) {
    const here = new Set();
    doc.child(1).forEach((node) => here.add(node.attrs.id));
    return notes.filter((node) => !here.has(node.attrs.id));
  }
  return notes;
}

/** `notes` are the blocks of the notes that stood below the section at first. */
export function keepingPlugin(notes) {
  return new Plugin({
    appendTransaction(transactions, _, state) {
      if (!transactions.some((one) => one.docChanged)) return null;
      const tr = state.tr;
      for (const { at, node } of twice(state.doc)) tr.setNodeMarkup(at, null, { ...node.attrs, id: null });
      const lost = lostNotes(tr.doc, notes);
      if (lost.length) {
        const last = tr.doc.childCount > 1;
        const end = last ? tr.doc.content.size - 1 : tr.doc.content.size;
        tr.insert(end, last ? lost : nodes.notes.create(null, lost));
      }
      return tr.docChanged ? tr : null;
    },
  });
}
