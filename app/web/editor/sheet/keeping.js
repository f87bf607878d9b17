// What must stay true however somebody types: no id stands twice, and no footnote goes with a slip of a selection.
import { Fragment } from "prosemirror-model";
import { Plugin } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes } = schema;

/** Of two blocks with one id (a paragraph that was cut, a copy) the one with more words keeps it; a footnote always. */
function twice(doc) {
  const best = new Map();
  const all = [];
  doc.forEach((part, partAt) =>
    part.forEach((node, at) => {
      const { id } = node.attrs;
      if (!id) return;
      const one = { node, at: partAt + 1 + at, id };
      all.push(one);
      const other = best.get(id)?.node;
      if (!other || (part.type === nodes.notes && node.type === nodes.note) || other.content.size < node.content.size) best.set(id, one);
    }),
  );
  return all.filter((one) => best.get(one.id) !== one);
}

/** Line breaks where there is one line only: in headings and the cells of tables. */
function breaks(doc) {
  const found = [];
  doc.descendants((node, at, parent) => {
    if (node.type === nodes.br && [nodes.heading, nodes.cell].includes(parent.type)) found.push(at);
    return true;
  });
  return found;
}

/** Tables whose rows have not all the same number of cells, as a selection over several cells leaves them. */
function ragged(doc) {
  const found = [];
  doc.forEach((part, partAt) =>
    part.forEach((node, at) => {
      if (node.type !== nodes.table) return;
      const widths = [];
      node.forEach((row) => widths.push(row.childCount));
      const width = Math.max(...widths);
      if (widths.some((one) => one !== width) || node.attrs.align.length !== width) found.push({ node, at: partAt + 1 + at, width });
    }),
  );
  return found;
}

/** The table with empty cells where some are missing. */
function even(table, width) {
  const rows = [];
  table.forEach((row) => {
    const missing = Array.from({ length: width - row.childCount }, () => nodes.cell.create());
    rows.push(row.copy(row.content.append(Fragment.from(missing))));
  });
  const align = Array.from({ length: width }, (_, n) => table.attrs.align[n] ?? "none");
  return nodes.table.create({ ...table.attrs, align }, rows);
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
      for (const at of breaks(tr.doc)) tr.replaceWith(at, at + 1, schema.text(" "));
      for (const { at, node, width } of ragged(tr.doc).reverse()) tr.replaceWith(at, at + node.nodeSize, even(node, width));
      const lost = lostNotes(tr.doc, notes);
      if (lost.length) {
        const last = tr.doc.childCount > 1;
        const end = last ? tr.doc.content.size - 1 : tr.doc.content.size;
        tr.insert(end, last ? lost : nodes.notes.create(null, lost));
      }
      for (const { at, node } of twice(tr.doc)) tr.setNodeMarkup(at, null, { ...node.attrs, id: null });
      return tr.docChanged ? tr : null;
    },
  });
}
