// What was changed between two lists of blocks, drawn from the texts themselves and not from how they were typed:
// taking a change back leaves no mark, and a draft that is opened again shows the same marks.
//
// Blocks are paired by their permanent ids. Where nothing but the words of a pair differs they are compared alone; where
// blocks came or went beside it they are compared together, so that a paragraph that was cut in two shows one new
// beginning, and one that was joined to the next one end that is gone.
import { ChangeSet, simplifyChanges } from "prosemirror-changeset";
import { StepMap } from "prosemirror-transform";
import { schema } from "./schema.js";

const { nodes } = schema;

const encoder = {
  encodeCharacter: (code, marks) =>
    marks.length ? `${code} ${marks.map((mark) => mark.type.name + (mark.attrs.href ?? "")).join(" ")}` : code,
  // What kind of block some words stand in is told beside them, so it does not count among them.
  encodeNodeStart: (node) =>
    node.type === nodes.cite ? `cite ${node.attrs.label}` : node.inlineContent ? "open words" : `open ${node.type.name}`,
  encodeNodeEnd: () => "close",
  compareTokens: (a, b) => a === b,
};

/** The places of the heaviest run of rising numbers in a list; what is not among them was moved, as little as can be. */
export function rising(numbers, weights) {
  if (numbers.every((number, at) => !at || numbers[at - 1] < number)) return new Set(numbers.keys());
  // For each number the heaviest run that ends with it. Sections have hundreds of blocks, and most stand in order.
  const best = [];
  const before = [];
  let last = -1;
  numbers.forEach((number, at) => {
    best[at] = 0;
    before[at] = -1;
    for (let n = at - 1; n >= 0; n -= 1) {
      if (numbers[n] < number && best[n] > best[at]) [best[at], before[at]] = [best[n], n];
    }
    best[at] += 1 + weights[at];
    if (last < 0 || best[at] > best[last]) last = at;
  });
  const found = new Set();
  for (let at = last; at >= 0; at = before[at]) found.add(at);
  return found;
}

/** Whether two blocks differ in what they are (a paragraph, an item, its depth), not in their words. */
export function retyped(old, now) {
  return (
    old.type !== now.type ||
    ["depth", "level", "style", "start", "lang"].some((name) => old.attrs[name] !== now.attrs[name]) ||
    String(old.attrs.align) !== String(now.attrs.align)
  );
}

/** What lies between and at the blocks that both lists have in the same order, in reading order. */
function* steps(old, now) {
  const placeOf = new Map(old.map((node, at) => [node.attrs.id, at]));
  const pairs = now.map((node) => (node.attrs.id === null ? -1 : (placeOf.get(node.attrs.id) ?? -1)));
  const paired = [...now.keys()].filter((at) => pairs[at] >= 0);
  const kept = rising(
    paired.map((at) => pairs[at]),
    paired.map((at) => now[at].content.size),
  );
  const moved = new Set(paired.filter((_, n) => !kept.has(n)));
  const away = new Set([...moved].map((at) => pairs[at]));
  let [i, j] = [0, 0];
  const gap = function* (was, is) {
    const gone = range(i, was).filter((at) => !away.has(at));
    let open = { old: gone, now: [], at: j };
    for (const at of range(j, is)) {
      if (!moved.has(at)) {
        open.now.push(at);
        continue;
      }
      if (open.old.length || open.now.length) yield open;
      yield { old: [pairs[at]], now: [at], at, moved: pairs[at] };
      open = { old: [], now: [], at: at + 1 };
    }
    if (open.old.length || open.now.length) yield open;
  };
  for (const at of paired.filter((_, n) => kept.has(n))) {
    yield* gap(pairs[at], at);
    yield { old: [pairs[at]], now: [at], at, pair: true, same: old[pairs[at]].eq(now[at]) };
    [i, j] = [pairs[at] + 1, at + 1];
  }
  yield* gap(old.length, now.length);
}

const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);

const bagOf = (nodes) => nodes.flatMap((node) => node.textContent.match(/[\p{L}\p{N}]+/gu) ?? []);

/** Whether more than half of some words are among others. */
function mostlyIn(words, others) {
  const left = new Map();
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1);
  let found = 0;
  for (const word of words) {
    const count = left.get(word) ?? 0;
    if (count) {
      found += 1;
      left.set(word, count - 1);
    }
  }
  return words.length > 0 && found * 2 > words.length;
}

/** What is among the words of some blocks beyond those of others. */
function beyond(words, others) {
  const left = new Map();
  for (const word of others) left.set(word, (left.get(word) ?? 0) + 1);
  return words.filter((word) => {
    const count = left.get(word) ?? 0;
    if (count) left.set(word, count - 1);
    return !count;
  });
}

/**
 * Whether two neighbouring steps are one change: a paragraph was cut in two (the new one has the words that the other
 * lost) or joined to the next one (which has the words of the one that is gone), or both came and went in one place.
 */
function belong(one, other, old, now) {
  const [pair, gap] = one.pair ? [one, other] : [other, one];
  if (!pair.pair) return true;
  const [was, is] = [bagOf(pair.old.map((at) => old[at])), bagOf(pair.now.map((at) => now[at]))];
  const gone = bagOf(gap.old.map((at) => old[at]));
  const come = bagOf(gap.now.map((at) => now[at]));
  return mostlyIn(gone, beyond(is, was)) || mostlyIn(come, beyond(was, is));
}

/**
 * The stretches in which two lists of blocks differ, in reading order: `{old, now, at, moved?}`. `old` and `now` are
 * places in the lists, `at` is the place in `now` where the stretch stands or where what is gone stood; `moved` is the
 * place where a block stood that stands elsewhere now.
 */
export function stretches(old, now) {
  const found = [];
  let last = null;
  for (const step of steps(old, now)) {
    if (step.same || step.moved !== undefined) {
      if (step.moved !== undefined) found.push(step);
      last = null;
    } else if (last && !(last.pair && step.pair) && belong(last, step, old, now)) {
      // Something came or went beside a block that was changed: they are compared as one.
      last.old.push(...step.old);
      last.now.push(...step.now);
      last.pair = step.pair ?? last.pair;
    } else {
      last = { old: [...step.old], now: [...step.now], at: step.at, pair: step.pair };
      found.push(last);
    }
  }
  return found;
}

const compared = new WeakMap();

/** The changes in one stretch, with places counted within the blocks of either side. */
export function changesIn(old, now) {
  const key = now[0] ?? old[0];
  const last = compared.get(key);
  if (last && same(last.old, old) && same(last.now, now)) return last.changes;
  const before = nodes.body.create(null, old);
  const after = nodes.body.create(null, now);
  const map = new StepMap([0, before.content.size, after.content.size]);
  const set = ChangeSet.create(before, undefined, encoder).addSteps(after, [map], null);
  const changes = slid(simplifyChanges(set.changes, after), before, after);
  compared.set(key, { old, now, changes });
  return changes;
}

/** The character beside a place, with its marks, or null where a block begins or ends or something else stands. */
function character(doc, at, after) {
  const $at = doc.resolve(at);
  const node = after ? $at.nodeAfter : $at.nodeBefore;
  if (!node?.isText) return null;
  const marks = node.marks.map((mark) => mark.type.name).join(" ");
  return { sign: after ? node.text[0] : node.text.slice(-1), marks };
}

const alike = (one, other) => one !== null && other !== null && one.sign === other.sign && one.marks === other.marks;
const isLetter = (one) => one !== null && /[\p{L}\p{N}]/u.test(one.sign);

/** Whether a place lies inside a word. */
const cuts = (doc, at) => isLetter(character(doc, at, false)) && isLetter(character(doc, at, true));

/**
 * A change that only puts in or only takes out can say the same at several places. It is shown at the first of them
 * that cuts no word: who types a space and a word after a word sees just these underlined.
 */
function slid(changes, before, after) {
  return changes.map((change, n) => {
    const { fromA, toA, fromB, toB } = change;
    if (fromA !== toA && fromB !== toB) return change;
    const [doc, from, to] = fromA === toA ? [after, fromB, toB] : [before, fromA, toA];
    const [last, next] = [changes[n - 1], changes[n + 1]];
    const room = { left: last ? fromB - last.toB : fromB, right: next ? next.fromB - toB : Infinity };
    let [left, right] = [0, 0];
    while (left < room.left && alike(character(doc, from - left, false), character(doc, to - left, false))) left += 1;
    while (right < room.right && alike(character(doc, from + right, true), character(doc, to + right, true))) right += 1;
    for (let by = -left; by <= right; by += 1) {
      if (!cuts(doc, from + by) && !cuts(doc, to + by))
        return { fromA: fromA + by, toA: toA + by, fromB: fromB + by, toB: toB + by };
    }
    return change;
  });
}

const same = (some, others) => some.length === others.length && some.every((node, at) => node === others[at]);
