/* The words of the segmenter lead to the graph, which says why each is a word. The arrow keys go from one to the next. */

import {byId} from "./dom.js";
import {setOpen, state, writeAddress} from "./address.js";
import {panels} from "./panel.js";
import {goToGraph, selectFromAddress} from "./graph.js";
import {updateAll} from "./controls.js";

const lengthOf = (text) => [...text].length;

/* Return where a word begins, in characters. In accurate mode the words before it are the text before it. In the others words overlap:
   the n-th time that a word is among the words, it is taken to be the n-th in the text. */
function startOf(word, before) {
  if (state.mode === "accurate") return lengthOf(before.join(""));
  let at = state.text.indexOf(word);
  for (const other of before)
    if (other === word) at = state.text.indexOf(word, at + 1);
  return lengthOf(state.text.slice(0, at));
}

/* Show a word in the graph. */
function show({words}, i) {
  const start = startOf(words[i], words.slice(0, i));
  state.word = `${start}-${start + lengthOf(words[i])}`;
  setOpen("graph", true);
  byId("graph").open = true;
  writeAddress();
  updateAll();
  selectFromAddress();
  goToGraph();
}

/* Move the focus to another word. */
function move(from, to) {
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}

export function startWordLinks() {
  const panel = panels.find(({root}) => root.id === "segmenter");
  const wordOf = ({target}) => panel.is("done") ? target.closest(".words li")?.querySelector("[role=button]") : null;
  const open = (word) => show(panel.answer.json, [...word.closest("ol").children].indexOf(word.parentNode));
  panel.place.addEventListener("click", (event) => {
    const word = wordOf(event);
    if (word && getSelection().isCollapsed) open(word); /* a mouse that selects text to copy opens nothing */
  });
  panel.place.addEventListener("keydown", (event) => {
    const word = wordOf(event);
    if (!word || event.ctrlKey || event.metaKey || event.altKey) return;
    const side = {ArrowLeft: "previousSibling", ArrowRight: "nextSibling"}[event.key];
    if (side) move(word, word.parentNode[side]?.firstChild);
    else if (event.key === "Enter" || event.key === " ") open(word);
    else return;
    event.preventDefault();
  });
}
