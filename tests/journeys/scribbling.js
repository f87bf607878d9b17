// Somebody who types, cuts, moves and takes back at random, and what must be true of the text at every moment.
//
// `scribble(editor, text, seed, steps)` writes on a surface of its own and answers `{sent, faults}`: what would be sent
// at some moments, each with the words that stood there, and what was not as it must be.
(() => {
  const dice = (seed) => () => {
    seed |= 0;
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const bare = (words) => words.replace(/[\s¶↵|]+/gu, "");
  const wordsOf = (node) => node.textBetween(0, node.content.size, "\n", (one) => (one.type.name === "br" ? "\n" : ""));
  const bag = (node) => wordsOf(node).match(/[\p{L}\p{N}]+/gu) ?? [];
  const missing = (before, after) => {
    const left = new Map();
    for (const word of after) left.set(word, (left.get(word) ?? 0) + 1);
    return before.filter((word) => {
      const count = left.get(word) ?? 0;
      if (count) left.set(word, count - 1);
      return !count;
    });
  };

  /** The words shown within an element, without those in what `skip` names. */
  function shown(root, skip) {
    let words = "";
    const walk = (node) => {
      if (node.nodeType === 3) words += node.data;
      if (node.nodeType !== 1 || node.matches(skip)) return;
      if (node.matches("sup.cite")) words += `[${node.dataset.label}]`;
      else node.childNodes.forEach(walk);
    };
    if (root) walk(root);
    return bare(words);
  }

  /** The words of a part as they are kept, with the labels of its citations. */
  function kept(nodes) {
    let words = "";
    for (const node of nodes) {
      node.descendants((one) => {
        if (one.isText) words += one.text;
        else if (one.type.name === "cite") words += `[${one.attrs.label}]`;
      });
    }
    return bare(words);
  }

  window.scribble = ({ openSheet, commands, notes, tables }, text, seed, steps) => {
    const roll = dice(seed);
    const below = (n) => Math.floor(roll() * n);
    const pick = (list) => list[below(list.length)];
    const mount = document.createElement("div");
    document.body.append(mount);
    const page = { base: text, text, sheet: null };
    const surface = openSheet(mount, page, { say() {}, changed() {}, support() {}, leave: () => true, link: () => true });
    const { view, base } = surface;
    const first = view.state.doc;
    const faults = [];
    const sent = [];
    const log = [];
    let typed = 0;
    const fault = (what, more = "") => faults.length < 5 && faults.push(`seed ${seed}, after ${log.slice(-8).join("; ")}: ${what} ${more}`);

    // No cursor stands within a character, even if it takes two places, as an emoji does.
    const whole = (at) => {
      const $at = view.state.doc.resolve(at);
      const text = $at.textOffset ? $at.parent.child($at.index()).text : "";
      return text && /[\udc00-\udfff]/.test(text[$at.textOffset]) ? at - 1 : at;
    };
    const cursor = (from, to = from) => {
      const { TextSelection } = surface;
      const [a, b] = [whole(from), whole(to)];
      view.dispatch(view.state.tr.setSelection(TextSelection.between(view.state.doc.resolve(a), view.state.doc.resolve(b))));
      view.focus();
    };
    const anywhere = () => below(view.state.doc.content.size);
    const edge = () => {
      const places = [];
      view.state.doc.descendants((node, at) => {
        if (node.inlineContent) places.push(at + 1, at + 1 + node.content.size);
      });
      return pick(places);
    };
    const key = (name, held = {}) => {
      const event = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...held });
      Object.defineProperty(event, "keyCode", { value: { Enter: 13, Backspace: 8, Delete: 46, Tab: 9, Escape: 27 }[name] ?? 0 });
      if (view.dom.dispatchEvent(event)) {
        if (name === "Backspace") document.execCommand("delete");
        if (name === "Delete") document.execCommand("forwardDelete");
        if (name === "Enter") document.execCommand("insertParagraph");
      }
      surface.view.domObserver.flush();
    };
    const type = (words) => {
      document.execCommand("insertText", false, words);
      view.domObserver.flush();
    };
    const clip = new DataTransfer();
    const clipboard = (name) => {
      const data = name === "paste" ? clip : new DataTransfer();
      view.dom.dispatchEvent(new ClipboardEvent(name, { clipboardData: data, bubbles: true, cancelable: true }));
      if (name !== "paste") {
        clip.clearData();
        for (const kind of data.types) clip.setData(kind, data.getData(kind));
      }
      view.domObserver.flush();
    };
    const run = (command) => command(view.state, view.dispatch, view);
    const HTML = [
      "<p>pasted <b>bold</b></p><ul><li>one<ol><li>two</li></ol></li></ul>",
      "<b style='font-weight:normal'><p>docs</p></b>",
      "a few words",
      "<table><tr><td colspan=2>wide</td></tr><tr><td>a</td><td>b</td></tr></table>",
      "<blockquote>said</blockquote><pre>code  here</pre><hr><h2>Head</h2>",
    ];
    // What takes nothing away, by name; and what may.
    const KEEPING = {
      type: () => {
        typed += 1;
        const word = `neu${seed}x${typed}`;
        type(pick([` ${word}`, `${word} `, ` ${word} `]));
        if (!wordsOf(view.state.doc).includes(word)) fault(`${word} was typed and is not there`);
      },
      enter: () => key("Enter"),
      break: () => key("Enter", { shiftKey: true }),
      bold: () => key("b", { ctrlKey: true }),
      italic: () => key("i", { ctrlKey: true }),
      kind: () => run(commands.retype(view.state.schema.nodes[pick(["paragraph", "quote", "heading"])])),
      list: () => run(commands.list(pick(["bullet", "decimal", "upper-alpha", "lower-roman"]))),
      deeper: () => key("ArrowRight", { altKey: true, shiftKey: true }),
      higher: () => key("ArrowLeft", { altKey: true, shiftKey: true }),
      up: () => key("ArrowUp", { altKey: true, shiftKey: true }),
      down: () => key("ArrowDown", { altKey: true, shiftKey: true }),
      footnote: () => {
        if (run(notes.footnote(text))) type(`note${seed}x${(typed += 1)}`);
      },
      again: () => {
        const note = pick(text.notes.filter((one) => one.label));
        if (note) run(notes.citeAgain(note.label, [], text));
      },
      table: () => run(commands.insertAfter(tables.newTable())),
      row: () => run(tables.tabled("row-in")),
      column: () => run(tables.tabled("column-in")),
      rule: () => run(commands.insertAfter(view.state.schema.nodes.rule.create())),
      tab: () => key("Tab"),
      copy: () => clipboard("copy"),
      "cut and put back": () => {
        const at = anywhere();
        cursor(at, anywhere());
        const { doc, selection } = view.state;
        if (selection.empty || selection.$from.index(0) !== selection.$to.index(0) || selection.$from.index(0)) return;
        clipboard("cut");
        clipboard("paste");
        const ends = [selection.$from, selection.$to];
        const inText = selection.to < doc.firstChild.nodeSize && ends.every((one) => one.depth === 2 && !one.parent.type.spec.code && one.parent.type.name !== "note");
        // A heading takes the words behind it in without their line breaks: it has one line.
        const flat = ends[0].parent.type.name === "heading" && String(ends[1].parent).includes("br");
        const inTable = ends.every((one) => one.depth === 4) && ends[0].before(2) === ends[1].before(2);
        if (((inText && !flat) || inTable) && String(view.state.doc) !== String(doc)) fault("what was cut and put back is not what it was:", `\n${doc}\n${view.state.doc}`);
      },
    };
    const TAKING = {
      back: () => key("Backspace"),
      delete: () => key("Delete"),
      cut: () => clipboard("cut"),
      paste: () => clipboard("paste"),
      html: () => {
        clip.clearData();
        clip.setData("text/html", pick(HTML));
        clipboard("paste");
      },
      plain: () => {
        clip.clearData();
        clip.setData("text/plain", pick(["one\n\ntwo", "- a\n- b", "words"]));
        clipboard("paste");
      },
      link: () => view.state.selection.empty || run(commands.setLink("https://example.org/")),
      "over-type": () => type(`over${seed}x${(typed += 1)}`),
      undo: () => key("z", { ctrlKey: true }),
      redo: () => key("y", { ctrlKey: true }),
      "row-out": () => run(tables.tabled("row-out")),
      "column-out": () => run(tables.tabled("column-out")),
      back1: () => run(commands.undoBlock(pick(base.blocks)?.attrs.id, base.blocks)),
    };

    function check(name) {
      const { doc } = view.state;
      try {
        doc.check();
      } catch (error) {
        fault("the text breaks its schema:", error.message);
      }
      const ids = [];
      doc.forEach((part) => part.forEach((node) => node.attrs.id && ids.push(node.attrs.id)));
      if (new Set(ids).size !== ids.length) fault("an id stands twice");
      const body = doc.firstChild;
      const notesPart = doc.childCount > 1 ? doc.child(1) : null;
      const drawn = view.dom.querySelector(".sheet-body");
      const below = view.dom.querySelector(".sheet-notes");
      const NEVER = ".gone-why, .sign, .island, .ProseMirror-trailingBreak, img";
      const children = (part) => (part ? [...Array(part.childCount).keys()].map((n) => part.child(n)) : []);
      for (const [where, part, element, was] of [["text", body, drawn, base.blocks], ["notes", notesPart, below, base.notes]]) {
        const now = kept(children(part));
        const reads = shown(element, `${NEVER}, del, .gone-blocks`);
        if (reads !== now) fault(`the ${where} reads otherwise than it is:`, JSON.stringify([reads, now].map((s) => s.slice(0, 300))));
        // Notes that are not here any more stay in the charter.
        const here = new Set(children(part).map((node) => node.attrs.id));
        const old = kept(where === "notes" ? was.filter((node) => here.has(node.attrs.id)) : was);
        const before = shown(element, `${NEVER}, ins, .put-in, .is-moved, .is-put-in`);
        // Of several blocks that were moved and taken out in one place the order may be another one.
        const differs = element?.querySelector(".is-moved") ? [...before].sort().join("") !== [...old].sort().join("") : before !== old;
        if (differs) {
          let n = 0;
          while (before[n] === old[n]) n += 1;
          fault(`the marks in the ${where} say that there stood something else:`, JSON.stringify([before, old].map((s) => s.slice(Math.max(0, n - 30), n + 60))));
        }
      }
      for (const id of text.notes.map((one) => one.id)) if (!ids.includes(id)) fault("a note of the charter is gone:", id);
    }

    const weights = { type: 8, enter: 3, back: 4, delete: 3, undo: 2, "over-type": 1 };
    const names = Object.entries({ ...KEEPING, ...TAKING }).flatMap(([name]) => Array(weights[name] ?? 1).fill(name));
    for (let n = 0; n < steps && !faults.length; n += 1) {
      const name = pick(names);
      const ranged = name in TAKING && roll() < 0.4 || ["bold", "italic", "kind", "list"].includes(name) && roll() < 0.7;
      const wide = roll() < 0.15;
      if (roll() < 0.8) {
        const at = roll() < 0.4 ? edge() : anywhere();
        cursor(at, ranged ? (wide ? anywhere() : Math.max(0, Math.min(view.state.doc.content.size, at + below(40) - 20))) : at);
      } else if (name in KEEPING && !["bold", "italic", "kind", "list"].includes(name)) cursor(view.state.selection.from);
      const { from, to } = view.state.selection;
      log.push(`${name} ${from}${to > from ? `–${to}` : ""}`);
      const before = bag(view.state.doc);
      const was = view.state.doc;
      try {
        ({ ...KEEPING, ...TAKING })[name]();
      } catch (error) {
        fault("it broke:", error.stack);
      }
      if (name in KEEPING && from === to) {
        // A word that is typed inside another one parts it, and so may a break.
        const joined = bare(wordsOf(view.state.doc));
        const lost = missing(before, bag(view.state.doc)).filter((word) => !joined.includes(word));
        // What was cut out of half a table and half a paragraph cannot go where it was, but no letter of it may go.
        if (name === "cut and put back") lost.splice(0, lost.length, ...missing([...bare(wordsOf(was))], [...joined]));
        if (lost.length > (["type", "enter", "break", "footnote"].includes(name) ? 1 : 0)) fault("words are gone:", `${lost.join(" ")}\n${was}\n${view.state.doc}`);
      }
      check(name);
      if (n % 5 === 4 || faults.length)
        sent.push({ value: JSON.parse(JSON.stringify(surface.written())), words: wordsOf(view.state.doc), log: log.slice(-6).join("; ") });
    }
    const through = (name) => {
      for (let n = 0; n < 5 * steps; n += 1) {
        const was = view.state.doc;
        key(name, { ctrlKey: true });
        if (view.state.doc === was) break;
      }
    };
    through("y");
    const last = view.state.doc;
    if (!faults.length) through("z");
    if (!faults.length) {
      if (!view.state.doc.eq(first)) fault("undoing everything does not lead back");
      else if (view.dom.querySelector("ins, del, .put-in, .is-changed, .is-moved, .gone-blocks, .reformatted")) fault("undoing everything leaves a mark");
      const { blocks, notes: noted } = surface.written();
      if ([...blocks, ...noted].some((one) => !one.same) && text.blocks.length) fault("undoing everything leaves something to send");
      check("undo");
      through("y");
      if (!view.state.doc.eq(last)) fault("doing everything again does not lead there");
    }
    const looks = faults.length ? view.dom.innerHTML : "";
    view.destroy();
    mount.remove();
    return { sent, faults, looks };
  };
})();
