/* The segmenter: the words of the text, as it is typed, and the same for programs. */

import {byId} from "./dom.js";
import {isChanged, state} from "./address.js";
import {Panel} from "./panel.js";
import {copiesOn} from "./copy.js";
import {curlLine} from "./curl.js";
import {showWords} from "./words.js";

const MOST_JSON = 100000; /* characters of JSON that are shown; all are copied */

/* The modes that have an option. */
const MODES = {hmm: ["accurate", "search"], pos: ["accurate"], offsets: ["accurate", "search"]};
export const OPTIONS = Object.keys(MODES);
export const hasOption = (name) => MODES[name].includes(state.mode);

/* Return what makes the words others than those of the accurate mode, which the graph shows, or "". */
export const differsBy = () => state.mode !== "accurate" ? state.mode : state.pos === "1" ? "pos" : "";

/* Return the request for the words, without what is the default. */
function request() {
  if (!state.text) return null;
  const {text, mode} = state;
  const parameters = {text};
  if (mode !== "accurate") parameters.mode = mode;
  for (const name of OPTIONS)
    if (isChanged(name) && hasOption(name)) parameters[name] = state[name];
  return {path: "segment", parameters};
}

function show(answer, place) {
  byId("json-text").textContent = answer.text.slice(0, MOST_JSON) + (answer.text.length > MOST_JSON ? "…" : "");
  return showWords(answer, place);
}

export function startSegmenter() {
  const panel = new Panel("segmenter", {
    request, show, wait: "Segmenting…",
    asked: (asked) => { byId("curl-text").textContent = curlLine(asked); },
    drop: () => { byId("json-text").textContent = ""; },
  });
  copiesOn(byId("copy-words"), () => panel.answer.json.words.join(" "));
  copiesOn(byId("copy-json"), () => panel.answer.text);
  copiesOn(byId("copy-curl"), () => curlLine(request()));
  copiesOn(byId("copy-link"), () => location.href);
}
