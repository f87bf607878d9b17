// Cards that stand in the text but are no part of it: who else wants to change the same sentence.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { wording } from "./live.js";

export const islandsKey = new PluginKey("islands");

function card(one, acts) {
  const home = location.pathname.split("/")[1];
  const made = document.createElement("div");
  made.className = "island warn";
  made.contentEditable = "false";
  const title = document.createElement("p");
  const who = document.createElement("strong");
  const whose = one.yours ? "You want" : `${one.author} wants`;
  who.textContent = one.sentence ? `${whose} to change this sentence too` : `${whose} to change something here too`;
  title.append(who);
  const link = document.createElement("a");
  link.href = `/${home}/proposals/${one.proposal}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = `Proposal ${one.ref}, “${one.title}”`;
  const lead = document.createElement("p");
  lead.append(link, one.pieces.length ? " would make it:" : " would take it out.");
  made.append(title, lead);
  if (one.pieces.length) made.append(wording(one.pieces));
  const what = document.createElement("p");
  what.textContent = one.yours
    ? "Open it to change it there. If you go on here, both stand side by side when it is decided."
    : "If that says what you want, open it and support it. Otherwise go on: both stand side by side when it is decided.";
  const keep = document.createElement("button");
  keep.type = "button";
  keep.className = "btn";
  keep.textContent = "Go on with mine";
  keep.addEventListener("click", acts.dismiss);
  made.append(what);
  const row = document.createElement("p");
  row.className = "row";
  if (!one.yours) {
    const support = document.createElement("button");
    support.type = "button";
    support.className = "btn";
    support.textContent = `Support ${one.proposal} and take mine out`;
    support.addEventListener("click", () => acts.support(one, what));
    row.append(support, " ");
  }
  row.append(keep);
  made.append(row);
  return made;
}

/**
 * The plugin that shows them; meta `{meetings}` sets what the server found. Each is shown until somebody goes on.
 *
 * `support` is called with what somebody would rather support than go on with, and the place to say what came of it.
 */
export function islandsPlugin(support) {
  const dismissed = new Set();
  const made = new Map();
  const drawn = (doc, meetings, view) => {
    const found = [];
    doc.firstChild?.forEach((node, offset) => {
      for (const one of meetings) {
        if (!one.block || one.block !== node.attrs.id) continue;
        found.push(Decoration.node(1 + offset, 1 + offset + node.nodeSize, { class: "is-met" }));
        if (dismissed.has(one.ref)) continue;
        const key = JSON.stringify(one);
        const dismiss = () => {
          dismissed.add(one.ref);
          view().dispatch(view().state.tr.setMeta(islandsKey, { meetings }).setMeta("addToHistory", false));
          view().focus();
        };
        if (!made.has(key)) made.set(key, card(one, { dismiss, support }));
        found.push(
          Decoration.widget(1 + offset + node.nodeSize, made.get(key), { key, side: -2, ignoreSelection: true, stopEvent: () => true }),
        );
      }
    });
    return DecorationSet.create(doc, found);
  };
  let editor = null;
  return new Plugin({
    key: islandsKey,
    state: {
      init: () => ({ meetings: [], set: DecorationSet.empty }),
      apply(tr, last, _, state) {
        const said = tr.getMeta(islandsKey);
        if (said) return { meetings: said.meetings, set: drawn(state.doc, said.meetings, () => editor) };
        return tr.docChanged ? { ...last, set: last.set.map(tr.mapping, tr.doc) } : last;
      },
    },
    props: { decorations: (state) => islandsKey.getState(state).set },
    view(view) {
      editor = view;
      return {};
    },
  });
}
