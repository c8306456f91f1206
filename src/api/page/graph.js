/* The panel that shows why a text was segmented as it was. */

import {byId} from "./dom.js";
import {counted, t} from "./language.js";
import {isOpen, state, writeAddress} from "./address.js";
import {Panel} from "./panel.js";
import {GraphView, logp} from "./graph_view.js";
import {wordDetails} from "./word_details.js";

const LONGEST = Number("@EXPLAIN_MAX@"); /* characters that the service explains */
const LEAST_ZOOM = 0.8; /* that the first view of a long text has */

let view = null;

function select(word) {
  byId("word-details").replaceChildren(...(word ? [wordDetails(word)] : []));
  const chosen = word ? `${word.start}-${word.end}` : "";
  if (chosen === state.word) return;
  state.word = chosen;
  writeAddress();
}

/* Show the word that the address names. */
export function selectFromAddress() {
  const span = /^(\d+)-(\d+)$/.exec(state.word);
  if (span) view?.chooseAt(Number(span[1]), Number(span[2]));
  else view?.choose(null);
}

function showGraph({json: {explain: {blocks}}}, place) {
  view = new GraphView(blocks, select);
  place.append(view.box);
  view.fit(LEAST_ZOOM);
  byId("word-details").replaceChildren();
  selectFromAddress();
  const paths = blocks.filter(({graph}) => graph);
  const sum = paths.reduce((total, {route_logp}) => total + route_logp, 0);
  const n = view.groups.filter(({word}) => word.kind !== "made").length;
  return counted(n, "{n} candidate", "{n} candidates") + " · " + t("best path {p}", {p: logp(sum)});
}

/* Return the request for the graph. It is that of the accurate mode, whatever the mode is: the others do not choose a path. A note
   above the graph says so. */
function request() {
  if (!isOpen("graph") || !state.text || [...state.text].length > LONGEST) return null;
  return {path: "segment", parameters: {text: state.text, ...(state.hmm === "0" && {hmm: "0"}), explain: "1"}};
}

export function startGraph() {
  const panel = new Panel("graph", {request, show: showGraph, wait: "Drawing the word graph…"});
  const clear = panel.clear.bind(panel);
  panel.clear = () => {
    clear();
    view = null;
    byId("word-details").replaceChildren();
    const isLong = [...state.text].length > LONGEST;
    panel.status.textContent = isLong ? t("The graph shows texts of up to {n} characters.", {n: LONGEST.toLocaleString("en")}) : "";
  };
  byId("zoom-in").addEventListener("click", () => view?.zoomBy(1.25));
  byId("zoom-out").addEventListener("click", () => view?.zoomBy(0.8));
  byId("zoom-fit").addEventListener("click", () => view?.fit());
}
