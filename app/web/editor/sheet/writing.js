// A document written as what the server reads. What is as it was says only that, so that not a byte of it can change.

function pieces(node) {
  const made = [];
  node.forEach((child) => {
    const piece = child.isText ? { text: child.text } : child.type.name === "br" ? { break: true } : { note: child.attrs.label };
    const set = child.marks.filter((mark) => mark.type.name !== "link").map((mark) => mark.type.name);
    if (set.length) piece.marks = set;
    const link = child.marks.find((mark) => mark.type.name === "link");
    if (link) piece.link = link.attrs.href;
    made.push(piece);
  });
  return made;
}

/** One block, whole. */
export function blockValue(node) {
  const { id, depth, style, start, ...rest } = node.attrs;
  const value = { id, kind: node.type.name === "code_block" ? "code" : node.type.name, depth };
  for (const name of ["level", "label", "align"]) if (rest[name] !== undefined) value[name] = rest[name];
  if (rest.lang) value.lang = rest.lang;
  if (style !== undefined) value.list = { style, start: style === "bullet" ? null : (start ?? 1) };
  if (value.kind === "code") value.text = node.textContent;
  else if (value.kind === "table") value.rows = rowsOf(node);
  else if (value.kind !== "rule") value.inline = pieces(node);
  return value;
}

function rowsOf(table) {
  const rows = [];
  table.forEach((row) => {
    const cells = [];
    row.forEach((cell) => cells.push(pieces(cell)));
    rows.push(cells);
  });
  return rows;
}

/** The blocks of a document by id: what they were before anybody wrote. */
export function blocksById(doc) {
  const found = new Map();
  doc.forEach((part) => part.forEach((node) => node.attrs.id && found.set(node.attrs.id, node)));
  return found;
}

/** What is sent: `{blocks, notes}`. `known` are the blocks as the server sent them, by id. */
export function manuscriptOf(doc, known) {
  const sent = { blocks: [], notes: [] };
  doc.forEach((part) => {
    const into = part.type.name === "notes" ? sent.notes : sent.blocks;
    part.forEach((node) => {
      const before = node.attrs.id && known.get(node.attrs.id);
      into.push(before && before.eq(node) ? { id: node.attrs.id, same: true } : blockValue(node));
    });
  });
  return sent;
}
