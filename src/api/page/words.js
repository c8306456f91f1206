/* The segmenter's words, with their tags and positions. */

import {make, visible} from "./dom.js";
import {counted, t} from "./language.js";
import {fitsInAddress} from "./address.js";
import {meaningOf} from "./tags.js";

const MOST = 2000; /* words that are shown; all are copied */

function item(word, tag, offsets) {
  const notes = [tag, offsets?.join("–")].filter(Boolean);
  return make("li", {}, make("span", {lang: "zh"}, visible(word)), ...notes.map((note) => make("small", {}, note)));
}

function legend(tags) {
  const known = [...new Set(tags)].sort();
  return make("p", {className: "note"}, known.map((tag) => `${tag} ${meaningOf(tag)}`).join(" · "));
}

/* Draw the words of an answer of /segment. Returns what the status says. */
export function showWords({json: {words, tags, offsets}}, place) {
  const items = words.slice(0, MOST).map((word, i) => item(word, tags?.[i], offsets?.[i]));
  place.append(make("ol", {className: "words"}, ...items));
  if (tags?.length) place.append(legend(tags));
  const rest = fitsInAddress() ? "" : " " + t("The text is too long for the address: a link to this page leaves it out.");
  const more = words.length > MOST ? " " + t("The first {n} are shown; copying takes all.", {n: MOST.toLocaleString("en")}) : "";
  return counted(words.length, "{n} word", "{n} words") + more + rest;
}
