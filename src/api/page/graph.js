/* The panel that shows why a text was segmented as it was. */

import {byId} from "./dom.js";
import {counted, grouped, onLanguage, t} from "./language.js";
import {isOpen, state, writeAddress} from "./address.js";
import {LONGEST, isTooLong} from "./explained.js";
import {Panel} from "./panel.js";
import {GraphView, logp} from "./graph_view.js";
import {wordDetails} from "./word_details.js";
import {differsBy} from "./segmenter.js";

const LEAST_ZOOM = 0.8; /* that the first view of a long text has */

let view = null;

/* Why the words can be others than those of the graph, by what differs. */
const DIFFERENCES = {
  full: "Full mode takes every word of the dictionary and chooses no path. The graph shows the accurate mode.",
  search: "Search mode takes the words of the accurate mode, which the graph shows, and adds the shorter words inside them.",
  pos: "With parts of speech, another model finds the words that the dictionary lacks: they can differ from those in the graph.",
};

export function tellDifference() {
  byId("graph-note").textContent = t(DIFFERENCES[differsBy()] ?? "");
}

function showDetails(word) {
  byId("word-details").replaceChildren(...(word ? [wordDetails(word)] : []));
}

function select(word) {
  showDetails(word);
  const chosen = word ? `${word.start}-${word.end}` : "";
  if (chosen === state.word) return;
  state.word = chosen;
  writeAddress();
}

/* Show the word that the address names. The address stays, so that back does not come here again. */
export function selectFromAddress() {
  const [, start, end] = /^(\d+)-(\d+)$/.exec(state.word) ?? [];
  showDetails(view?.press(end && view.find(Number(start), Number(end))));
}

/* Bring the graph into view, and the focus to its word that is selected. */
export function goToGraph() {
  view?.reached?.focus({preventScroll: true});
  (view?.box ?? byId("graph-section")).scrollIntoView();
}

function showGraph({json: {explain: {blocks}}}, place) {
  view = new GraphView(blocks, select);
  place.append(view.box);
  view.fit(LEAST_ZOOM);
  selectFromAddress();
  const paths = blocks.filter(({graph}) => graph);
  const sum = paths.reduce((total, {route_logp}) => total + route_logp, 0);
  const n = view.groups.filter(({word}) => word.kind !== "made").length;
  return counted(n, "{n} candidate", "{n} candidates") + " · " + t("best path {p}", {p: logp(sum)});
}

/* Return the request for the graph. It is that of the accurate mode, whatever the mode is: the others do not choose a path. A note
   above the graph says so. */
function request() {
  if (!isOpen("graph") || !state.text || isTooLong(state.text)) return null;
  return {path: "segment", parameters: {text: state.text, ...(state.hmm === "0" && {hmm: "0"}), explain: "1"}};
}

function drop() {
  view = null;
  showDetails(null);
}

const idle = () => isTooLong(state.text) ? t("The graph shows texts of up to {n} characters.", {n: grouped(LONGEST)}) : "";

export function startGraph() {
  new Panel("graph", {request, show: showGraph, wait: "Drawing the word graph…", drop, idle});
  onLanguage(tellDifference);
  byId("zoom-in").addEventListener("click", () => view?.zoomBy(1.25));
  byId("zoom-out").addEventListener("click", () => view?.zoomBy(0.8));
  byId("zoom-fit").addEventListener("click", () => view?.fit());
}
