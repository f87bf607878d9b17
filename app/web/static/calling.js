// After an @ in a comment: the names of those who can be called, chosen by key, mouse or finger. Typing on is always right.

const MOST = 30;
const names = [...document.querySelectorAll("#page\\.people option")].map((option) => option.value);

/** Letters as they are compared: without case and accents, one kind of apostrophe and hyphen. */
const plain = (words) =>
  words
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[‘’ʼ´`]/g, "'")
    .replace(/[‐‑–]/g, "-")
    .replace(/\s+/g, " ")
    .toLowerCase();

const known = names.map((name) => ({ name, words: plain(name) }));

/** The names that begin like this, then those in which a later word does. */
function fitting(begun) {
  const sought = plain(begun);
  const first = known.filter((one) => one.words.startsWith(sought));
  const later = known.filter((one) => !first.includes(one) && one.words.split(/[\s-]/).some((word) => word.startsWith(sought)));
  return [...first, ...later].slice(0, MOST).map((one) => one.name);
}

/** What stands between an @ and the cursor, or null where nobody is being called. */
function begun(field) {
  if (field.selectionStart !== field.selectionEnd) return null;
  const before = field.value.slice(0, field.selectionStart);
  const at = Math.max(before.lastIndexOf("@"), before.lastIndexOf("＠"));
  if (at < 0 || /[a-z0-9._@+-]/i.test(before[at - 1] ?? " ")) return null;
  const words = before.slice(at + 1);
  return words.length > 60 || /^\s|\n| {2}/.test(words) ? null : { at, words };
}

function equip(field, number) {
  const list = document.createElement("ul");
  list.id = `page.names.${number}`;
  list.className = "names";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "People you can call");
  const told = document.createElement("p");
  told.className = "vh";
  told.setAttribute("role", "status");
  field.after(list, told);
  // A field of several lines may not be a combobox; a text field may have a list that completes what is typed in it.
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  field.setAttribute("autocomplete", "off");
  let chosen = 0;
  let left = -1;

  const shown = () => !list.hidden;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
    told.textContent = "";
  }

  function choose(n) {
    chosen = (n + list.children.length) % list.children.length;
    [...list.children].forEach((item, i) => {
      item.setAttribute("aria-selected", String(i === chosen));
      if (i !== chosen) return;
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    });
  }

  function take(name) {
    const call = begun(field);
    if (!call) return;
    const after = field.value.slice(field.selectionStart);
    field.focus();
    field.setSelectionRange(call.at + 1, field.selectionStart);
    const written = /^[\s,.:;!?)]/.test(after) ? name : `${name} `;
    // So that it can be undone like what is typed; a browser that knows no such command has it put in its place.
    if (!document.execCommand?.("insertText", false, written)) {
      field.setRangeText(written, call.at + 1, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    left = call.at;
    close();
  }

  function offer(event) {
    if (event?.isComposing) return;
    const call = begun(field);
    if (!call) left = -1;
    const found = call && call.at !== left ? fitting(call.words) : [];
    // Whose whole name stands there needs no list any more.
    if (!found.length || (found.length === 1 && plain(found[0]) === plain(call.words))) {
      close();
      return;
    }
    list.replaceChildren(
      ...found.map((name, i) => {
        const item = document.createElement("li");
        item.id = `${list.id}.${i}`;
        item.setAttribute("role", "option");
        item.textContent = name;
        // Before the field loses the cursor.
        item.addEventListener("mousedown", (press) => press.preventDefault());
        item.addEventListener("click", () => take(name));
        return item;
      }),
    );
    list.hidden = false;
    field.setAttribute("aria-controls", list.id);
    const room = window.visualViewport ?? { height: window.innerHeight, offsetTop: 0 };
    const box = field.getBoundingClientRect();
    const below = room.offsetTop + room.height - box.bottom;
    list.classList.toggle("is-above", below < list.offsetHeight && box.top > below);
    choose(0);
    told.textContent = `${found.length} ${found.length === 1 ? "name" : "names"}, ${found[0]} first: up and down to choose, Enter to take, Escape to go on typing.`;
  }

  field.addEventListener("input", offer);
  field.addEventListener("compositionend", () => offer());
  field.addEventListener("click", () => offer());
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (!shown() || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const item = list.children[chosen];
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && item) take(item.textContent);
    else if (event.key === "Escape") {
      left = begun(field)?.at ?? -1;
      close();
    } else return;
    event.preventDefault();
  });
  field.addEventListener("keyup", (event) => {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) offer();
  });
}

if (names.length) document.querySelectorAll("textarea[data-calls]").forEach(equip);
