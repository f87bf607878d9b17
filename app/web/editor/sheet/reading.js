// A manuscript, as the server sends it, made into a document.
import { schema } from "./schema.js";

const { nodes, marks } = schema;

function inlineNodes(pieces) {
  return pieces.flatMap((piece) => {
    const set = (piece.marks ?? []).map((name) => marks[name].create());
    if (piece.link !== undefined) set.push(marks.link.create({ href: piece.link }));
    if (piece.break) return [nodes.br.create(null, null, set)];
    if (piece.note !== undefined) return [nodes.cite.create({ label: piece.note }, null, set)];
    return piece.text ? [schema.text(piece.text, set)] : [];
  });
}

/** One block of the manuscript as a node. */
export function blockNode(block) {
  const own = { id: block.id ?? null, depth: block.depth ?? 0 };
  switch (block.kind) {
    case "heading":
      return nodes.heading.create({ ...own, level: block.level }, inlineNodes(block.inline));
    case "item":
      return nodes.item.create({ ...own, ...block.list }, inlineNodes(block.inline));
    case "note":
      return nodes.note.create({ ...own, label: block.label }, inlineNodes(block.inline));
    case "code":
      return nodes.code_block.create({ ...own, lang: block.lang ?? null }, block.text ? [schema.text(block.text)] : []);
    case "rule":
      return nodes.rule.create(own);
    case "table":
      return nodes.table.create(
        { ...own, align: block.align },
        block.rows.map((row) => nodes.row.create(null, row.map((cell) => nodes.cell.create(null, inlineNodes(cell))))),
      );
    default:
      return nodes[block.kind].create(own, inlineNodes(block.inline));
  }
}

/** The document of a manuscript. A section without words has one empty paragraph to write in. */
export function docOf(manuscript) {
  const body = manuscript.blocks.map(blockNode);
  const notes = manuscript.notes.map(blockNode);
  const parts = [nodes.body.create(null, body.length ? body : [nodes.paragraph.create()])];
  if (notes.length) parts.push(nodes.notes.create(null, notes));
  return nodes.doc.create(null, parts);
}
