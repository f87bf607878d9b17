// The keys of a word processor, for the text.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { breakLine, cut, deeper, move, plainAgain } from "./commands.js";
import { backToText, footnote } from "./notes.js";
import { nextCell } from "./tables.js";
import { schema } from "./schema.js";

const { marks } = schema;

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
      Backspace: plainAgain,
      "Alt-Shift-ArrowUp": move(-1),
      "Alt-Shift-ArrowDown": move(1),
      "Alt-Shift-ArrowRight": deeper(1),
      "Alt-Shift-ArrowLeft": deeper(-1),
      // Inside a table only: anywhere else Tab leads on, so that nobody is caught in the text.
      Tab: nextCell(1),
      "Shift-Tab": nextCell(-1),
      Escape: chainCommands(leaveNote, leave),
    }),
    keymap(baseKeymap),
  ];
}

const leaveNote = (state, dispatch) => backToText(state, dispatch);
