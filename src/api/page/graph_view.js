/* Draws the word graph as SVG, in a box that scrolls: the browser pans by wheel, touch and screen reader. Here are the zoom, the
   mouse that drags, two fingers, and the keys. */

import {draw, make, visible} from "./dom.js";
import {t} from "./language.js";
import {BOX, layOut, widthOf} from "./graph_layout.js";

const INSET = 4; /* between a word and its borders */
const SMALLEST = 0.25, LARGEST = 3, STEP = 1.25; /* of the zoom */
const COMFORTABLE = 1.3; /* the largest zoom that the view chooses by itself */

export const logp = (value) => value.toFixed(2).replace("-", "−");

const NOTES = {model: "HMM", rule: "rule"};

/* Return what stands below a word: its log probability, or who made it. */
const noteOf = (word) => word.logp === undefined ? t(NOTES[word.from] ?? "dictionary") : logp(word.logp);

export function nameOf(word) {
  const parts = [visible(word.word)];
  if (word.logp !== undefined) parts.push(t("log probability {p}", {p: logp(word.logp)}));
  if (word.kind === "best") parts.push(t("on the best path"));
  if (word.kind === "made" || word.from === "model") parts.push(word.from === "rule" ? t("made by a rule") : t("found by the HMM"));
  return parts.join(", ");
}

/* Shorten a text to a width. */
function fitted(text, width) {
  let room = width - 2 * INSET - 8;
  const characters = [...text];
  const end = characters.findIndex((character) => (room -= widthOf(character)) < 0);
  return end < 0 ? text : characters.slice(0, Math.max(end - 1, 0)).join("") + "…";
}

function drawWord(word) {
  const centre = word.x + word.width / 2;
  const looks = `word ${word.kind} ${word.from}`;
  const group = draw("g", {class: looks, role: "button", tabindex: -1, "aria-label": nameOf(word), "aria-pressed": "false"},
    draw("rect", {x: word.x + INSET, y: word.y, width: word.width - 2 * INSET, height: BOX, rx: 9}),
    draw("text", {class: "label", x: centre, y: word.y + 19, lang: "zh"}, fitted(visible(word.word), word.width)),
    draw("text", {class: "logp", x: centre, y: word.y + 34}, noteOf(word)));
  group.word = word;
  return group;
}

export class GraphView {
  /* `select(word)` is called for the word that is clicked, or null. */
  constructor(blocks, select) {
    const layout = layOut(blocks);
    const {width, height} = layout;
    Object.assign(this, {width, height, select});
    this.groups = layout.words.map(drawWord);
    this.svg = draw("svg", {viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": t("Word graph")},
      ...layout.borders.map(({x, y, bottom}) => draw("line", {class: "border", x1: x, x2: x, y1: y + BOX / 2, y2: bottom})),
      ...layout.lines.map(({from, to, y}) => draw("line", {class: "path", x1: from, x2: to, y1: y, y2: y})),
      ...layout.characters.map(({character, x, y}) => draw("text", {class: "character", x, y, "aria-hidden": "true"}, visible(character))),
      ...layout.gaps.map(({text, x, y, width}) => draw("text", {class: "gap", x, y}, fitted(text, width))),
      ...this.groups);
    this.box = make("div", {className: "graph"}, this.svg);
    this.listen();
    this.reach(this.groups.find(({word}) => word.kind === "best") ?? this.groups[0]);
  }

  listen() {
    this.box.addEventListener("click", ({target}) => {
      if (!this.dragged) this.choose(target.closest(".word"));
      this.dragged = false; /* the click that ends a drag selects nothing */
    });
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("focusin", ({target}) => this.reach(target.closest(".word")));
    this.box.addEventListener("wheel", (event) => this.wheel(event), {passive: false});
    this.box.addEventListener("pointerdown", (event) => this.drag(event));
    this.box.addEventListener("touchmove", (event) => this.pinch(event), {passive: false});
    this.box.addEventListener("touchend", () => { this.spread = 0; });
  }

  /* Zoom so that the point of the box stays where it is. The view must be in the page. */
  zoom(to, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
    const before = this.scale ?? 1;
    this.scale = Math.min(LARGEST, Math.max(SMALLEST, to));
    this.svg.setAttribute("width", this.width * this.scale);
    this.svg.setAttribute("height", this.height * this.scale);
    this.box.scrollLeft = (this.box.scrollLeft + x) * this.scale / before - x;
    this.box.scrollTop = (this.box.scrollTop + y) * this.scale / before - y;
  }

  zoomBy(factor) {
    this.zoom(this.scale * factor);
  }

  /* Show the whole graph. `least` is the smallest zoom. */
  fit(least = SMALLEST) {
    this.zoom(Math.max(least, Math.min(COMFORTABLE, this.box.clientWidth / this.width)), 0, 0);
  }

  /* Make a word the one that the tab key reaches. */
  reach(group) {
    if (!group) return;
    this.reached?.setAttribute("tabindex", -1);
    group.setAttribute("tabindex", 0);
    this.reached = group;
  }

  /* Mark a word as selected, or none. Returns the word. */
  press(group) {
    for (const other of this.groups) other.setAttribute("aria-pressed", String(other === group));
    if (!group) return null;
    this.reach(group);
    const {x, width} = group.word;
    const {scrollLeft, clientWidth} = this.box;
    if (x * this.scale < scrollLeft || (x + width) * this.scale > scrollLeft + clientWidth)
      this.box.scrollLeft = (x + width / 2) * this.scale - clientWidth / 2;
    return group.word;
  }

  /* Select a word, or none. */
  choose(group) {
    this.select(this.press(group));
  }

  /* Return the group of the word at a place of the text, or else of the path's word where it begins. */
  find(start, end) {
    return this.groups.findLast(({word}) => word.start === start && word.end === end) ??
      this.groups.find(({word}) => word.kind === "best" && word.start <= start && start < word.end);
  }

  key(event) {
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    const factor = {"+": STEP, "=": STEP, "-": 1 / STEP}[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (move) this.move(...move);
    else if (factor) this.zoomBy(factor);
    else if (event.key === "0") this.fit();
    else if (event.key === "Enter" || event.key === " ") this.choose(event.target.closest(".word"));
    else return;
    event.preventDefault();
  }

  /* Go to the nearest word in a direction. */
  move(dx, dy) {
    const from = this.reached.word;
    const middle = ({x, width}) => x + width / 2;
    const distance = ({word}) => {
      const across = middle(word) - middle(from), down = word.y - from.y;
      const ahead = dx ? dx * across : dy * down;
      return ahead <= 0 ? Infinity : dx ? ahead + 10 * Math.abs(down) : Math.abs(across) + ahead / 1000;
    };
    const next = this.groups.reduce((best, group) => distance(group) < distance(best) ? group : best);
    if (distance(next) === Infinity) return;
    next.focus();
    next.scrollIntoView({block: "nearest", inline: "nearest"});
  }

  /* Zoom by Ctrl and the wheel, as browsers report a pinch on a touchpad, too. Without Ctrl the browser scrolls. */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const {left, top} = this.box.getBoundingClientRect();
    this.zoom(this.scale * Math.exp(-event.deltaY / 200), event.clientX - left, event.clientY - top);
  }

  /* Pan by a mouse that drags. A touch pans by itself. */
  drag({pointerType, button, clientX, clientY}) {
    this.dragged = false;
    if (pointerType !== "mouse" || button !== 0) return;
    const {scrollLeft, scrollTop} = this.box;
    const stop = new AbortController();
    addEventListener("pointermove", (event) => {
      const across = event.clientX - clientX, down = event.clientY - clientY;
      this.dragged ||= Math.hypot(across, down) > 4;
      if (this.dragged) Object.assign(this.box, {scrollLeft: scrollLeft - across, scrollTop: scrollTop - down});
    }, stop);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => stop.abort(), stop);
  }

  /* Zoom by two fingers. */
  pinch(event) {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    const [a, b] = event.touches;
    const spread = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    const {left, top} = this.box.getBoundingClientRect();
    if (this.spread) this.zoom(this.scale * spread / this.spread, (a.clientX + b.clientX) / 2 - left, (a.clientY + b.clientY) / 2 - top);
    this.spread = spread;
  }
}
