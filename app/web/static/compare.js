// Going through a comparison change by change: two buttons that stay in reach, and the keys n and p (or the arrows).
//
// The keys work while the focus is in the compared text or on the buttons, and nowhere else: a single letter must not
// do anything for somebody who is typing, or who speaks to the machine. Without this the same ways are links.

const compared = document.querySelector(".compared[data-changes]");
const places = compared ? [...compared.querySelectorAll('[id^="change."]')] : [];

let at = -1;

const button = (words, act) => {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words, className: "btn" });
  made.addEventListener("click", act);
  return made;
};

/** To another change: it is opened where it is folded away, shown, focused and so read out. */
function go(to) {
  if (places.length === 0) return;
  at = Math.max(0, Math.min(places.length - 1, to));
  const place = places[at];
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
  history.replaceState(null, "", `#${place.id}`);
  tell();
}

const said = document.createElement("span");
said.className = "nums";
const back = button("← Previous", () => go(at - 1));
const on = button("Next →", () => go(at + 1));

function tell() {
  said.textContent = at < 0 ? `${places.length} ${places.length === 1 ? "place" : "places"}` : `${at + 1} of ${places.length}`;
  back.setAttribute("aria-disabled", String(at <= 0));
  on.setAttribute("aria-disabled", String(at >= places.length - 1));
}

if (places.length > 1) {
  const bar = document.createElement("div");
  bar.className = "stepper";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Changes, one by one");
  const hint = Object.assign(document.createElement("span"), { className: "hint", textContent: "or the keys p and n" });
  bar.append(back, on, said, hint);
  compared.append(bar);
  tell();
  compared.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const arrows = bar.contains(event.target);
    if (event.key === "n" || (arrows && event.key === "ArrowRight")) go(at + 1);
    else if (event.key === "p" || (arrows && event.key === "ArrowLeft")) go(at - 1);
    else return;
    event.preventDefault();
  });
  compared.addEventListener("focusin", (event) => {
    const here = places.indexOf(event.target.closest('[id^="change."]'));
    if (here >= 0) {
      at = here;
      tell();
    }
  });
  const named = () => {
    const here = places.findIndex((place) => `#${place.id}` === location.hash);
    if (here >= 0) go(here);
  };
  addEventListener("hashchange", named);
  named();
}
