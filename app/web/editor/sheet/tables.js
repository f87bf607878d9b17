// Tables: cells, rows and columns.
import { NodeSelection, TextSelection } from "prosemirror-state";
import { blockAt } from "./places.js";
import { schema } from "./schema.js";

const { nodes } = schema;

/** A table of two rows and two columns without words. */
export const newTable = () =>
  nodes.table.create(
    { align: ["none", "none"] },
    [0, 1].map(() => nodes.row.create(null, [0, 1].map(() => nodes.cell.create()))),
  );

/** Where in a table the selection stands, or null. */
export function cellAt(state) {
  const here = blockAt(state);
  if (here?.node.type !== nodes.table || state.selection instanceof NodeSelection) return null;
  const { $from } = state.selection;
  return { ...here, row: $from.index(2), column: $from.index(3) };
}

/** The table with rows and columns put in or taken out. */
export function tabled(act) {
  return (state, dispatch) => {
    const at = cellAt(state);
    if (!at) return false;
    const rows = [];
    at.node.forEach((row) => {
      const cells = [];
      row.forEach((cell) => cells.push(cell));
      rows.push(cells);
    });
    const align = [...at.node.attrs.align];
    const done = ACTS[act](rows, align, at);
    if (!done) return false;
    if (dispatch) {
      const made = nodes.table.create({ ...at.node.attrs, align }, rows.map((cells) => nodes.row.create(null, cells)));
      const tr = state.tr.replaceWith(at.at, at.at + at.node.nodeSize, made);
      dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(placeOfCell(made, at.at, ...done)))).scrollIntoView());
    }
    return true;
  };
}

const ACTS = {
  "row-in"(rows, align, { row }) {
    rows.splice(row + 1, 0, align.map(() => nodes.cell.create()));
    return [row + 1, 0];
  },
  "row-out"(rows, align, { row, column }) {
    if (rows.length < 2) return null;
    rows.splice(row, 1);
    return [Math.min(row, rows.length - 1), column];
  },
  "column-in"(rows, align, { row, column }) {
    rows.forEach((cells) => cells.splice(column + 1, 0, nodes.cell.create()));
    align.splice(column + 1, 0, "none");
    return [row, column + 1];
  },
  "column-out"(rows, align, { row, column }) {
    if (align.length < 2) return null;
    rows.forEach((cells) => cells.splice(column, 1));
    align.splice(column, 1);
    return [row, Math.min(column, align.length - 1)];
  },
};

function placeOfCell(table, at, row, column) {
  let place = at + 1;
  for (let n = 0; n < row; n += 1) place += table.child(n).nodeSize;
  place += 1;
  for (let n = 0; n < column; n += 1) place += table.child(row).child(n).nodeSize;
  return place + 1;
}

/**
 * Put the cells of a table into the cells of the one the cursor stands in, from there on, before the words that are in
 * them already. A ``piece`` was chosen in the middle of a row and goes on at the beginning of the next. Whether it was
 * done: the cells are left alone where there is not the room, or no cursor stands in a table.
 */
export function fillCells(tr, table, piece = false) {
  const at = cellAt(tr);
  if (!at || table.type !== nodes.table || !tr.selection.empty) return false;
  const width = at.node.attrs.align.length;
  const rows = [];
  table.forEach((row) => rows.push(row));
  const from = (n) => (n && piece ? 0 : at.column);
  const whole = !piece || rows.length === 1 || at.column + rows[0].childCount === width;
  const fits = rows.every((row, n) => from(n) + row.childCount <= width) && at.row + rows.length <= at.node.childCount;
  if (!fits || !whole) return false;
  for (let n = rows.length - 1; n >= 0; n -= 1)
    for (let column = rows[n].childCount - 1; column >= 0; column -= 1) {
      const first = n + column === 0;
      const words = [];
      rows[n].child(column).forEach((node) => words.push(node.type === nodes.br ? schema.text(" ") : node));
      const place = first ? tr.selection.from : placeOfCell(at.node, at.at, at.row + n, from(n) + column);
      tr.insert(place, words);
    }
  return true;
}

/** To the next or last cell of a table; out of it at its end, so that nobody is caught in it. */
export function nextCell(by) {
  return (state, dispatch) => {
    const at = cellAt(state);
    if (!at) return false;
    const columns = at.node.attrs.align.length;
    const place = at.row * columns + at.column + by;
    if (place < 0 || place >= columns * at.node.childCount) return false;
    const pos = placeOfCell(at.node, at.at, Math.floor(place / columns), place % columns);
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, pos)).scrollIntoView());
    return true;
  };
}

/** To the cell below; from the last row into a new one. */
export function below(state, dispatch) {
  const at = cellAt(state);
  if (!at) return false;
  return nextCell(at.node.attrs.align.length)(state, dispatch) || tabled("row-in")(state, dispatch);
}
