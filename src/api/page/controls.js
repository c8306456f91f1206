/* Binds the controls of the page to its state. Each control has the name of a member of the state. */

import {byId} from "./dom.js";
import {EXAMPLE, isOpen, setOpen, state, writeAddress} from "./address.js";
import {panels} from "./panel.js";
import {OPTIONS, hasOption} from "./segmenter.js";
import {tellDifference} from "./graph.js";

const TYPING = 200; /* ms after the last key before the page asks */

const controls = () => document.querySelectorAll("[data-state-of] [name]");
const parts = () => document.querySelectorAll("details[data-part]");

/* Let the text field be as high as its text, up to half the window. */
function grow(field) {
  field.style.height = "auto";
  field.style.height = Math.min(field.scrollHeight + 2, Math.max(innerHeight / 2, 160)) + "px";
}

function settle() {
  for (const name of OPTIONS) byId(name).disabled = !hasOption(name);
  tellDifference();
  grow(byId("text"));
}

export function updateAll(options) {
  for (const panel of panels) panel.update(options);
}

/* Ask again, whatever is shown. Another image would be another answer. */
function askAgain() {
  for (const panel of panels) if (panel.root.id !== "image") panel.update({force: true});
}

/* Show the state in the controls and the parts of the page. */
export function showState() {
  for (const control of controls()) {
    if (control.type === "radio") control.checked = control.value === state[control.name];
    else if (control.type === "checkbox") control.checked = state[control.name] === "1";
    else control.value = state[control.name];
  }
  for (const part of parts()) part.open = isOpen(part.id);
  settle();
}

/* Take the value of a control into the state. Half a surrogate pair, which no request can hold, becomes U+FFFD. */
function take(control) {
  state[control.name] = control.type === "checkbox" ? (control.checked ? "1" : "0") : control.value.replace(/\p{Surrogate}/gu, "\ufffd");
  if (control.name === "text") state.word = "";
  if (["tag", "seed"].includes(control.name)) state.image = "0";
}

function changed({target, isComposing}) {
  if (!target.name || !(target.name in state) || isComposing) return; /* an input method has not finished a word */
  const isTyped = target.matches("textarea, input:not([type=radio], [type=checkbox])");
  take(target);
  settle();
  writeAddress(isTyped ? target.name : "");
  updateAll({delay: isTyped ? TYPING : 0});
}

/* Put a text into the segmenter. */
function segment(text) {
  Object.assign(state, {text, word: ""});
  showState();
  writeAddress();
  updateAll();
}

function toggled({target}) {
  if (target.open === isOpen(target.id)) return;
  setOpen(target.id, target.open);
  writeAddress();
  updateAll();
}

export function startControls() {
  for (const root of document.querySelectorAll("[data-state-of]")) {
    for (const event of ["input", "change", "compositionend"]) root.addEventListener(event, changed);
    root.addEventListener("submit", (event) => event.preventDefault());
  }
  for (const button of document.querySelectorAll("#examples button"))
    button.addEventListener("click", () => segment(button.value || EXAMPLE));
  for (const part of parts()) part.addEventListener("toggle", toggled);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) askAgain();
  });
  addEventListener("resize", () => grow(byId("text")));
}
