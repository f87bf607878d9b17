// The keys of a word processor, for the text.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { InputRule, inputRules, undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { breakLine, cut, deeper, move, plainAgain } from "./commands.js";
import { backToText, footnote } from "./notes.js";
import { nextCell } from "./tables.js";
import { takeOut } from "./taking.js";
import { schema } from "./schema.js";

const { marks, nodes } = schema;

/** `leave` takes the keyboard out of the text, `link` asks where a link leads. */
export function keys(manuscript, { leave, link }) {
  const note = footnote(manuscript);
  return [
    keymap({
      "Mod-z": undo,
      "Mod-y": redo,
      "Shift-Mod-z": redo,
      "Mod-b": toggleMark(marks.strong),
      "Mod-i": toggleMark(marks.emphasis),
      "Mod-k": link,
      "Mod-Alt-f": note,
      Enter: cut,
      "Shift-Enter": breakLine,
      // What was made of a sign by itself is taken back at once.
      Backspace: chainCommands(undoInputRule, takeOut, plainAgain),
      "Mod-Backspace": takeOut,
      Delete: takeOut,
      "Mod-Delete": takeOut,
      "Alt-Shift-ArrowUp": move(-1),
      "Alt-Shift-ArrowDown": move(1),
      "Alt-Shift-ArrowRight": deeper(1),
      "Alt-Shift-ArrowLeft": deeper(-1),
      // Inside a table only: anywhere else Tab leads on, so that nobody is caught in the text.
      Tab: nextCell(1),
      "Shift-Tab": nextCell(-1),
      Escape: chainCommands(backToText, leave),
    }),
    keymap(baseKeymap),
    lists(),
  ];
}

/** Who begins a paragraph with - or 1. as in a letter gets a list. Letters are left alone: they may begin a name. */
function lists() {
  const rule = (sign, attrs) =>
    new InputRule(sign, (state, [typed], from, to) => {
      const $from = state.doc.resolve(from);
      if ($from.parent.type !== nodes.paragraph || $from.parentOffset > 0) return null;
      const tr = state.tr.delete(from, to);
      const start = attrs.style === "bullet" ? null : parseInt(typed, 10);
      return tr.setNodeMarkup($from.before(), nodes.item, { ...$from.parent.attrs, ...attrs, start });
    });
  return inputRules({ rules: [rule(/^[-*•]\s$/, { style: "bullet" }), rule(/^1[.)]\s$/, { style: "decimal" })] });
}
