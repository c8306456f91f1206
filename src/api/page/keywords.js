/* The keywords of the same text. */

import {make, visible} from "./dom.js";
import {counted, t} from "./language.js";
import {state} from "./address.js";
import {Panel} from "./panel.js";

function request() {
  if (!state.text) return null;
  const {text, method, top, allow_pos} = state;
  const parameters = {text, method, top, allow_pos};
  for (const name of ["top", "allow_pos"])
    if (parameters[name] === "") delete parameters[name];
  return {path: "keywords", parameters};
}

/* Draw the keywords with bars for their weights. Returns what the status says. */
function show({json: {keywords}}, place) {
  const rows = keywords.map(({word, weight}) => make("tr", {}, make("th", {scope: "row", lang: "zh"}, visible(word)),
    make("td", {}, make("meter", {max: keywords[0].weight, value: weight, ariaLabel: t("Weight of {word}", {word})})),
    make("td", {}, weight.toPrecision(4))));
  if (rows.length) {
    const heads = ["Keyword", "Share", "Weight"].map((text) => make("th", {scope: "col"}, t(text)));
    place.append(make("table", {}, make("thead", {className: "unseen"}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
  }
  return counted(keywords.length, "{n} keyword", "{n} keywords");
}

export function startKeywords() {
  new Panel("keywords", {request, show, wait: "Weighing the words…"});
}
