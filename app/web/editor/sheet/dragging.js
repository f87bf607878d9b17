// Moving a paragraph with the mouse or a finger: a handle beside the one that is pointed at or written in.
import { Plugin } from "prosemirror-state";
import { moved } from "./commands.js";
import { blockAt, unitEnd } from "./places.js";

class Handle {
  constructor(view) {
    this.view = view;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "grip";
    this.button.tabIndex = -1;
    this.button.setAttribute("aria-hidden", "true");
    this.button.title = "Drag to move this paragraph";
    this.button.textContent = "⠿";
    this.button.hidden = true;
    this.line = document.createElement("div");
    this.line.className = "drop-line";
    this.line.hidden = true;
    this.place = view.dom.parentNode;
    this.place.append(this.button, this.line);
    this.index = null;
    this.over = (event) => this.point(event);
    view.dom.addEventListener("mousemove", this.over);
    this.button.addEventListener("pointerdown", (event) => this.begin(event));
    this.button.addEventListener("pointermove", (event) => this.drag(event));
    this.button.addEventListener("pointerup", (event) => this.end(event));
    this.button.addEventListener("pointercancel", () => this.stop());
  }

  /** The blocks of the section, as elements. */
  elements() {
    const body = this.view.state.doc.firstChild;
    const found = [];
    body.forEach((_, offset) => found.push(this.view.nodeDOM(1 + offset)));
    return found;
  }

  point(event) {
    if (this.dragging) return;
    const elements = this.elements();
    const at = elements.findIndex((element) => {
      const box = element?.getBoundingClientRect();
      return box && event.clientY >= box.top && event.clientY <= box.bottom;
    });
    if (at >= 0) this.show(at, elements[at]);
  }

  show(index, element) {
    if (!element) return;
    this.index = index;
    this.button.hidden = false;
    const top = element.getBoundingClientRect().top - this.place.getBoundingClientRect().top;
    this.button.style.setProperty("top", `${top}px`);
  }

  update(view) {
    if (this.dragging || !view.hasFocus()) return;
    const here = blockAt(view.state);
    if (here && here.partAt === 0) this.show(here.index, view.nodeDOM(here.at));
  }

  begin(event) {
    if (this.index === null) return;
    event.preventDefault();
    this.dragging = true;
    this.button.setPointerCapture(event.pointerId);
    this.drag(event);
  }

  drag(event) {
    if (!this.dragging) return;
    const elements = this.elements();
    const middle = (element) => {
      const box = element.getBoundingClientRect();
      return (box.top + box.bottom) / 2;
    };
    let target = elements.findIndex((element) => element && event.clientY < middle(element));
    if (target < 0) target = elements.length;
    this.target = target;
    const edge = target < elements.length ? elements[target].getBoundingClientRect().top : elements[elements.length - 1].getBoundingClientRect().bottom;
    this.line.hidden = false;
    this.line.style.setProperty("top", `${edge - this.place.getBoundingClientRect().top}px`);
  }

  end() {
    if (!this.dragging) return;
    const { state } = this.view;
    const part = state.doc.firstChild;
    const end = unitEnd(part, this.index);
    const { target, index } = this;
    this.stop();
    if (target >= index && target <= end) return;
    this.view.dispatch(moved(state, { part, partAt: 0, index }, end, target));
    this.view.focus();
  }

  stop() {
    this.dragging = false;
    this.line.hidden = true;
    this.button.hidden = true;
  }

  destroy() {
    this.view.dom.removeEventListener("mousemove", this.over);
    this.button.remove();
    this.line.remove();
  }
}

// An editor that has just been closed has no place on the page any more.
export const draggingPlugin = () => new Plugin({ view: (view) => (view.dom.parentNode ? new Handle(view) : {}) });
