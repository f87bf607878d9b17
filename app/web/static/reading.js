// Reading a charter: select words to comment on them, to propose others, or to see where they come from.
//
// Everything here is also reached without it, by the links of each paragraph. It only shortens the way: what was
// selected goes along, without note numbers, pins, markers and whatever else of ours stands between the words.

const text = document.querySelector("article.text[data-whence]");
const ways = text?.dataset ?? {};
const OURS = ".ref, .vh, .pin, .k, .no, .adds, .here, .pop, .margin";
const MOST = 2000;
const CONTEXT = 48;

const pop = Object.assign(document.createElement("div"), { className: "pop", hidden: true });
pop.setAttribute("role", "group");
pop.setAttribute("aria-label", "The selected words");
pop.lang = "en";
const said = Object.assign(document.createElement("p"), { className: "vh" });
said.setAttribute("role", "status");
said.lang = "en";

/** The innermost block of the charter around a node, or null. */
const blockAround = (node) => {
  const element = node instanceof Element ? node : node.parentElement;
  const found = element?.closest('[id^="b-"]');
  return found && text.contains(found) ? found : null;
};

/** Every piece of the block's own words with its text node: not of the blocks inside it, nor anything of ours. */
function* pieces(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) => {
    if (!(node instanceof Element)) return NodeFilter.FILTER_ACCEPT;
    if (node.matches(OURS) || node.matches('[id^="b-"]')) return NodeFilter.FILTER_REJECT;
    return node.matches("br") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP;
  });
  while (walker.nextNode()) yield walker.currentNode;
}

/** What a block says before, in and after a range. */
function around(block, range) {
  const found = ["", "", ""];
  for (const node of pieces(block)) {
    if (node instanceof Element) {
      const place = range.comparePoint(node.parentNode, [...node.parentNode.childNodes].indexOf(node));
      found[place + 1] += "\n";
      continue;
    }
    const begins = range.comparePoint(node, 0);
    const ends = range.comparePoint(node, node.length);
    if (ends < 0) found[0] += node.data;
    else if (begins > 0) found[2] += node.data;
    else {
      const low = node === range.startContainer ? range.startOffset : 0;
      const high = node === range.endContainer ? range.endOffset : node.length;
      found[0] += node.data.slice(0, low);
      found[1] += node.data.slice(low, high);
      found[2] += node.data.slice(high);
    }
  }
  return found;
}

/** What is selected: words of one block, a heading of a section, or more than one block. Null for nothing of the text. */
function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(text) || !selection.toString().trim()) return null;
  const touched = new Set();
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  let node = range.commonAncestorContainer instanceof Text ? range.commonAncestorContainer : walker.nextNode();
  for (; node; node = walker.nextNode()) {
    // A selection of a whole paragraph often ends at the beginning of the next one, before its first word.
    if (range.comparePoint(node, 0) > 0 || range.comparePoint(node, node.length) < 0) continue;
    if (!node.data.trim() || node.parentElement.closest(OURS)) continue;
    const low = node === range.startContainer ? range.startOffset : 0;
    const high = node === range.endContainer ? range.endOffset : node.length;
    if (!node.data.slice(low, high).trim()) continue;
    if (!text.contains(node)) return null;
    // A note that is shown again, an annexe or the imprint is no place of the text to work on.
    touched.add(blockAround(node) ?? node.parentElement.closest(".sec > h2")?.closest(".sec"));
  }
  const [block] = touched;
  const section = block?.closest(".sec");
  if (!section || [...touched].some((one) => !one)) return null;
  if (touched.size > 1) return { range, section, several: true };
  if (!block.id.startsWith("b-")) return { range, section };
  // However a page is written, people read one space between words.
  const [before, words, after] = around(block, range).map((piece) => piece.replace(/\s+/g, " "));
  if (!words.trim()) return null;
  // The room at the ends belongs to what stands around the words.
  const lead = words.length - words.trimStart().length;
  const trail = words.trimEnd().length;
  return {
    range,
    section,
    block,
    id: block.id.slice(2),
    quote: words.trim(),
    whole: !before.trim() && !after.trim(),
    prefix: (before + words.slice(0, lead)).slice(-CONTEXT),
    suffix: (words.slice(trail) + after).slice(0, CONTEXT),
  };
}

const link = (words, address) => Object.assign(document.createElement("a"), { href: address, textContent: words });

/** A button that puts an address into the clipboard and says so. */
function copying(words, fragment) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  button.addEventListener("click", async () => {
    const address = new URL(`${ways.home}#${fragment}`, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      button.textContent = said.textContent = "Copied";
    } catch {
      location.hash = fragment;
      said.textContent = "The address of this paragraph is now the address of the page.";
    }
  });
  return button;
}

/** Whether a section is one of the charter: what we put below the text is not. */
const isOfCharter = (section) => !section.id.startsWith("page.");

function offers(found) {
  if (found.several) {
    const words = document.createElement("p");
    words.textContent = ways.remark
      ? "Select words inside one paragraph to comment on them or to propose others."
      : "Select words inside one paragraph to see where they come from.";
    const offered = [words];
    if (ways.remark && isOfCharter(found.section)) offered.push(link("Comment on the section", `${ways.remark}section=${found.section.id}`));
    return offered;
  }
  const offered = [];
  if (ways.remark && (found.id || isOfCharter(found.section))) {
    const about = new URLSearchParams(found.id ? { block: found.id } : { section: found.section.id });
    if (found.quote && !found.whole && found.quote.length <= MOST) {
      about.set("quote", found.quote);
      about.set("prefix", found.prefix);
      about.set("suffix", found.suffix);
    }
    offered.push(link("Comment", ways.remark + about));
  }
  if (ways.propose && isOfCharter(found.section)) {
    const address = ways.propose.replace("{}", found.section.id);
    offered.push(link("Propose", found.id ? `${address}#b-${found.id}` : address));
  }
  if (ways.working && found.id) offered.push(link("In the working text", `${ways.working}#b-${found.id}`));
  if (ways.whence && found.id) offered.push(link("Where from", ways.whence.replace("{}", found.id)));
  offered.push(copying("Copy link", found.block?.id ?? found.section.id));
  return offered;
}

let shown = "";
let holding = false;

function hide() {
  pop.hidden = true;
  shown = "";
}

function show() {
  if (holding) return;
  const found = selected();
  if (!found) {
    if (!pop.contains(document.activeElement)) hide();
    return;
  }
  const now = `${found.several ?? ""} ${found.block?.id ?? found.section.id} ${found.prefix} ${found.quote}`;
  if (now !== shown) {
    pop.replaceChildren(...offers(found));
    // Right after the words in the order of the page, so that the next press of Tab leads to it.
    const home = found.block?.closest(".block, .goal, .fn") ?? found.section;
    home.append(pop);
    if (!shown) said.textContent = found.several ? pop.querySelector("p").textContent : "What you can do with these words comes next with Tab.";
    shown = now;
  }
  pop.hidden = false;
  place(found.range);
}

/** Below the end of the selection, inside the page; a touch screen has its own place for it. */
function place(range) {
  const lines = range.getClientRects();
  const last = lines[lines.length - 1];
  const holder = pop.offsetParent;
  if (!last || !holder) return;
  const around = holder.getBoundingClientRect();
  const room = document.documentElement.clientWidth - pop.offsetWidth - 16;
  const edge = Math.max(16, text.getBoundingClientRect().left);
  const left = Math.min(room, Math.max(edge, last.right - pop.offsetWidth / 2));
  pop.style.insetInlineStart = `${left - around.left}px`;
  pop.style.insetBlockStart = `${last.bottom - around.top + 8}px`;
}

/** A card that stands in a closed list is shown when its mark is followed, also where browsers do not do so. */
function unfold() {
  const fold = document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest("details.mfold");
  if (fold && !fold.open) {
    fold.open = true;
    document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView({ block: "nearest" });
  }
}

/** At each paragraph one goes to, its address can be copied too. */
function offerAddresses() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const here = target?.closest(".block, .fn, .sec")?.querySelector(":scope > .here > .do");
  if (here && target.id.match(/^b-/) && !here.querySelector("button")) here.append(copying("Copy link", target.id));
}

if (text) {
  document.body.append(said);
  for (const hint of document.querySelectorAll(".select-hint")) hint.hidden = false;
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 180);
  });
  pop.addEventListener("pointerdown", (event) => event.preventDefault());
  document.addEventListener("pointerdown", (event) => {
    holding = text.contains(event.target) && event.pointerType === "mouse" && !pop.contains(event.target);
  });
  document.addEventListener("pointerup", () => {
    holding = false;
  });
  document.addEventListener("keydown", (event) => {
    if (pop.hidden) return;
    if (event.key === "Escape") hide();
    if (event.key === "Tab" && !event.shiftKey && document.activeElement === document.body) {
      event.preventDefault();
      pop.querySelector("a, button").focus();
    }
  });
  addEventListener("resize", () => !pop.hidden && show());
  addEventListener("hashchange", offerAddresses);
  offerAddresses();
  addEventListener("hashchange", unfold);
  unfold();
}
