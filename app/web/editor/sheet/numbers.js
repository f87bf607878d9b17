// The numbers that nobody types: of list items, of footnotes by first citation, of goals.

const ROMAN = [[1000, "m"], [900, "cm"], [500, "d"], [400, "cd"], [100, "c"], [90, "xc"], [50, "l"], [40, "xl"], [10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]];

function roman(number) {
  let written = "";
  for (const [value, letters] of ROMAN) {
    while (number >= value) {
      written += letters;
      number -= value;
    }
  }
  return written || "0";
}

function letters(number) {
  let written = "";
  while (number > 0) {
    written = String.fromCharCode(65 + ((number - 1) % 26)) + written;
    number = Math.floor((number - 1) / 26);
  }
  return written || "0";
}

/** How a list marker is written. */
export function marker(style, number) {
  switch (style) {
    case "bullet":
      return "•";
    case "upper-alpha":
      return `${letters(number)}.`;
    case "lower-alpha":
      return `${letters(number).toLowerCase()}.`;
    case "upper-roman":
      return `${roman(number).toUpperCase()}.`;
    case "lower-roman":
      return `${roman(number)}.`;
    default:
      return `${number}.`;
  }
}

/** The marker of every item in a list of blocks, null for what is none. Neighbours of one depth and style count on. */
export function markers(blocks) {
  const running = new Map();
  return blocks.map(({ type, attrs }) => {
    for (const depth of [...running.keys()]) if (depth > attrs.depth) running.delete(depth);
    if (type.name !== "item") {
      running.delete(attrs.depth);
      return null;
    }
    const before = running.get(attrs.depth);
    const number = before && before.style === attrs.style ? before.number + 1 : (attrs.start ?? 1);
    running.set(attrs.depth, { style: attrs.style, number });
    return marker(attrs.style, number);
  });
}

/**
 * The numbers of all notes by label: those cited before this section, then here as it stands, then after it. Words that
 * are no section come with the numbers they are shown with.
 */
export function noteNumbers(doc, manuscript) {
  if (manuscript.numbers) return manuscript.numbers;
  const order = new Set(manuscript.cited_before);
  const known = new Set(manuscript.labels);
  doc.descendants((node) => {
    if (node.type.name === "note") known.add(node.attrs.label);
  });
  if (doc.firstChild) {
    doc.firstChild.descendants((node) => {
      if (node.type.name === "cite") order.add(node.attrs.label);
    });
  }
  for (const label of manuscript.cited_after) order.add(label);
  return new Map([...order].filter((label) => known.has(label)).map((label, at) => [label, at + 1]));
}

/** Which blocks are titles of goals, with their labels, by place: the highest headings of a section of goals. */
export function goalLabels(blocks, kind) {
  const found = new Map();
  if (kind !== "goals") return found;
  const headings = [...blocks.keys()].filter((at) => blocks[at].type.name === "heading" && !blocks[at].attrs.depth);
  const level = Math.min(...headings.map((at) => blocks[at].attrs.level));
  headings.filter((at) => blocks[at].attrs.level === level).forEach((at, n) => found.set(at, `Goal ${n + 1}`));
  return found;
}
