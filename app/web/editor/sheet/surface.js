// The surface that is written on: the text with its keys, its marks, and what is pasted or let fall into it.
import { history } from "prosemirror-history";
import { EditorState, TextSelection } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { asAnybodys, copied, ownBlocks, putBack } from "./clipboard.js";
import { draggingPlugin } from "./dragging.js";
import { islandsPlugin } from "./islands.js";
import { keepingPlugin } from "./keeping.js";
import { keys } from "./keys.js";
import { marksPlugin } from "./marks.js";
import { toNote } from "./notes.js";
import { insertBlocks, pastedHtml, pastedText } from "./paste.js";
import { blockNode, docOf } from "./reading.js";
import { takingPlugin, withoutChosen } from "./taking.js";
import { blocksById, manuscriptOf } from "./writing.js";

/** A document as it was sent last: blocks that said they were the same are taken from the text. */
export function docOfSheet(sheet, text) {
  const known = new Map([...text.blocks, ...text.notes].map((block) => [block.id, block]));
  const whole = (block) => (block.same ? known.get(block.id) : block);
  return docOf({ ...text, blocks: sheet.blocks.map(whole).filter(Boolean), notes: sheet.notes.map(whole).filter(Boolean) });
}

const readable = (sheet) => sheet && Array.isArray(sheet.blocks) && Array.isArray(sheet.notes);

/**
 * Open the text of a page for writing. `say` tells whoever writes something, `changed` hears of every new state and
 * whether its text is another one, `support`, `leave` and `link` serve the cards and the keys.
 */
export function openSheet(mount, page, { say, changed, support, leave, link, attributes = {} }) {
  const untouched = docOf(page.text);
  const known = blocksById(untouched);
  const base = { blocks: page.base.blocks.map(blockNode), notes: page.base.notes.map(blockNode) };
  const ids = new Set([...page.base.blocks, ...page.text.blocks].map((block) => block.id));
  const stateOf = (doc) =>
    EditorState.create({
      doc,
      plugins: [
        history(),
        takingPlugin(),
        ...keys(page.text, { leave, link }),
        keepingPlugin(page.text.notes.map(blockNode)),
        marksPlugin(base, page.text),
        islandsPlugin(support),
        draggingPlugin(),
      ],
    });

  const view = new EditorView(mount, {
    state: stateOf(readable(page.sheet) ? docOfSheet(page.sheet, page.text) : untouched),
    attributes: { role: "textbox", "aria-multiline": "true", spellcheck: "true", class: "charter-text", ...attributes },
    dispatchTransaction(tr) {
      const next = view.state.apply(tr);
      view.updateState(next);
      changed(next, tr.docChanged);
    },
    handleClickOn: (editor, _, node) => node.type.name === "cite" && toNote(editor.state, editor.dispatch, node.attrs.label),
    handleDOMEvents: {
      copy(editor, event) {
        if (!copied(editor, event.clipboardData, page.text)) return false;
        event.preventDefault();
        return true;
      },
      cut(editor, event) {
        if (!copied(editor, event.clipboardData, page.text)) return false;
        event.preventDefault();
        editor.dispatch(withoutChosen(editor.state.tr).scrollIntoView().setMeta("uiEvent", "cut"));
        return true;
      },
      // Before anybody else reads what is pasted, and in its place.
      paste(editor, event) {
        event.preventDefault();
        pasted(editor, event.clipboardData);
        return true;
      },
      drop(editor, event) {
        if (editor.dragging || !event.dataTransfer) return false;
        event.preventDefault();
        const at = editor.posAtCoords({ left: event.clientX, top: event.clientY });
        if (at) editor.dispatch(editor.state.tr.setSelection(TextSelection.near(editor.state.doc.resolve(at.pos))));
        pasted(editor, event.dataTransfer);
        return true;
      },
    },
  });

  /** Put in what somebody pasted or let fall into the text. */
  function pasted(editor, from) {
    const html = from?.getData("text/html");
    const text = from?.getData("text/plain") ?? "";
    const taken = [...page.text.labels];
    editor.state.doc.descendants((node) => void (node.attrs.label && taken.push(node.attrs.label)));
    const own = html ? ownBlocks(html) : null;
    const back = own && putBack(editor.state, own, ids, page.text);
    if (back) {
      editor.dispatch(back.setMeta("paste", true));
      return;
    }
    const read = own ? { blocks: asAnybodys(own.blocks), notes: [], leftOut: new Map() } : html ? pastedHtml(html, taken) : null;
    const blocks = read?.blocks.length ? read.blocks : pastedText(text);
    if (!blocks.length) {
      say(read?.leftOut.size ? leftOut(read.leftOut) : "There were no words to paste.");
      return;
    }
    const tr = insertBlocks(editor.state, blocks, read?.blocks.length ? read.notes : [], page.text.kind);
    if (tr) editor.dispatch(tr.setMeta("paste", true));
    if (read?.leftOut.size) say(leftOut(read.leftOut));
  }

  return {
    TextSelection,
    view,
    base,
    known,
    written: () => manuscriptOf(view.state.doc, known),
    restore: (sheet) => view.updateState(stateOf(docOfSheet(sheet, page.text))),
  };
}

const leftOut = (what) =>
  `Left out of what you pasted: ${[...what].map(([name, count]) => `${count} ${name}`).join(", ")}. The charter holds words only.`;
