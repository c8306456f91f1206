/* The state of the page, and the address that holds it: reload, back and a shared link show the same page. The state is
   in the fragment, which browsers do not send: the page has one address for caches, and a text is in no server's log twice. */

import {isChinese} from "./language.js";

export const EXAMPLE = "我来到北京清华大学";
const DEFAULTS = {
  text: EXAMPLE, mode: "accurate", hmm: "1", pos: "0", offsets: "0", word: "",
  method: "tfidf", top: "10", allow_pos: "",
  image: "0", tag: "", seed: "",
  num1: "7", num2: "2", operator: "divide",
  open: "graph",
};
const FLAG = ["0", "1"];
const CHOICES = {
  mode: ["accurate", "full", "search"], hmm: FLAG, pos: FLAG, offsets: FLAG, method: ["tfidf", "textrank"],
  image: FLAG, operator: ["add", "subtract", "multiply", "divide"],
};
const LONGEST_TEXT = 2000; /* characters of a text in the address; a longer one is kept by this browser's history */

export const state = {...DEFAULTS};

let typed = ""; /* the control whose typing made the latest entry of the history */

export const isChanged = (name) => state[name] !== DEFAULTS[name];

export const fitsInAddress = () => state.text.length <= LONGEST_TEXT;

/* Return the fragment for the state: the language, and what differs from the defaults. */
function fragment() {
  const parts = new URLSearchParams({lang: isChinese() ? "zh" : "en"});
  for (const [name, value] of Object.entries(state))
    if (isChanged(name) && (name !== "text" || fitsInAddress())) parts.set(name, value);
  return "#" + parts;
}

const isKnown = (name, value) => value !== null && (CHOICES[name]?.includes(value) ?? true);

/* Read the state from the address. What it lacks, or what no control can choose, has its default. Returns the language that the
   address names, or null. */
export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name in DEFAULTS) state[name] = isKnown(name, given.get(name)) ? given.get(name) : DEFAULTS[name];
  state.text = history.state?.text ?? state.text;
  typed = "";
  return given.get("lang");
}

/* Write the state to the address. A choice makes an entry of the history; so does the typing into one control, once. */
export function writeAddress(control = "") {
  const address = fragment();
  const kept = fitsInAddress() ? null : {text: state.text};
  if (address === location.hash && kept?.text === history.state?.text) return;
  const isMore = control !== "" && control === typed;
  typed = control;
  try {
    history[isMore ? "replaceState" : "pushState"](kept, "", address);
  } catch { /* browsers refuse too many entries in a short time: the next change writes the address */ }
}

/* Parts of the page that are open or closed, by their ids. */
const openParts = () => state.open.split(",").filter(Boolean);
export const isOpen = (id) => openParts().includes(id);

export function setOpen(id, open) {
  const others = openParts().filter((part) => part !== id);
  state.open = (open ? [...others, id].sort() : others).join(",");
}
