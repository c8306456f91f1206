/* The segmenter's words, with their tags and positions. */

import {make, visible} from "./dom.js";
import {counted, grouped, t} from "./language.js";
import {fitsInAddress, state} from "./address.js";
import {meaningOf} from "./tags.js";
import {isTooLong} from "./explained.js";

const MOST = 2000; /* words that are shown; all are copied */

/* Make the element of a word. If the graph can show the text, it is a button: word_links.js says what it does. */
function item(word, i, {tags, offsets}, isButton) {
  const notes = [tags?.[i], offsets?.[i]?.join("–")].filter(Boolean);
  const link = isButton ? {role: "button", tabIndex: i ? -1 : 0} : {};
  return make("li", {}, make("span", {lang: "zh", ...link}, visible(word)), ...notes.map((note) => make("small", {}, note)));
}

function legend(tags) {
  const known = [...new Set(tags)].sort();
  return make("p", {className: "note"}, known.map((tag) => `${tag} ${meaningOf(tag)}`).join(" · "));
}

/* Draw the words of an answer of /segment. Returns what the status says. */
export function showWords({json}, place) {
  const {words, tags} = json;
  const isButton = !isTooLong(state.text);
  const items = words.slice(0, MOST).map((word, i) => item(word, i, json, isButton));
  place.append(make("ol", {className: "words", ariaLabel: t("Words")}, ...items));
  if (tags?.length) place.append(legend(tags));
  const rest = fitsInAddress() ? "" : " " + t("The text is too long for the address: a link to this page leaves it out.");
  const more = words.length > MOST ? " " + t("The first {n} are shown; copying takes all.", {n: grouped(MOST)}) : "";
  return counted(words.length, "{n} word", "{n} words") + more + rest;
}
