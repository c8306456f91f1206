/* What is known of a word of the graph, and the SQL that changes it. */

import {make, visible} from "./dom.js";
import {grouped, t} from "./language.js";
import {copyButton} from "./copy.js";
import {nameOf} from "./graph_view.js";

const changesOf = ({changes = [], has_no_effect: useless = []}) => [...changes, ...useless];

/* Return the changes that concern a word: first those of the word itself, then those that make it or use it. */
function concerning({word, start, end, block}) {
  const spans = ({start: from, pieces}) => pieces.map((piece) => [from, from += [...piece].length]);
  const isIts = (change) => change.word === word && change.start === start ||
    spans(change).some(([from, to]) => from === start && to === end);
  const isOwn = (change) => change.word === word;
  const changes = changesOf(block).filter(isIts);
  return [...changes.filter(isOwn), ...changes.filter((change) => !isOwn(change))];
}

/* Return the changes that split the words in whose place a candidate would stand. */
const inItsWay = ({start, end, block}) =>
  changesOf(block).filter((change) => change.do === "split" && change.start < end && start < change.end);

const TITLES = {join: "Join {pieces} to {word}", keep: "Keep {word} as a word", split: "Split {word} into {pieces}"};

function showChange({do: what, word, pieces, sql, gives, works}) {
  const title = t(TITLES[what], {word, pieces: pieces.join(" ")});
  const words = gives.join(" / ");
  const result = works ? t("Tried out: it gives {words}", {words}) : t("Tried out: it does not do this, it gives {words}", {words});
  return make("li", {className: works ? "" : "useless"}, make("strong", {}, title), statement(sql), make("p", {className: "note"}, result));
}

function statement(sql) {
  return make("div", {className: "line"}, make("code", {}, sql), copyButton(t("Copy SQL"), sql));
}

/* Return the facts about a word, from the dictionary's row and the graph. */
function facts(word) {
  const rows = [];
  if (word.freq !== undefined && word.freq !== null) rows.push(t("frequency {n}", {n: grouped(word.freq)}));
  if (word.freq === null && word.kind !== "made") rows.push(t("not in the dictionary"));
  rows.push(...nameOf(word).split(", ").slice(1));
  return rows.join(" · ");
}

const note = (text) => make("p", {className: "note"}, text);

const list = (changes) => make("ul", {className: "changes"}, ...changes.map(showChange));

const HOW = /* a text of t() */
  "Run one of these in sqlite3 on the service's store, var/serverful.db or /var/lib/serverful/serverful.db. Within a second the service uses it, and this page shows it when you come back.";

/* Make the list of what changes a word, or else of what changes those that stand in its place. */
function ways(word) {
  const own = concerning(word);
  if (own.length) return [note(t(HOW)), list(own)];
  const others = inItsWay(word);
  const itself = t("The service has tried no change of this word itself. These split the words in its place.");
  if (others.length) return [note(itself), note(t(HOW)), list(others)];
  return [note(t("The service has tried no change of this word."))];
}

/* Make the details of a word. */
export function wordDetails(word) {
  const isRow = word.from === "words" && word.freq !== null;
  const look = `SELECT * FROM words WHERE word = '${word.word.replaceAll("'", "''")}';`;
  return make("div", {},
    make("h3", {}, make("span", {lang: "zh"}, visible(word.word)), " ", make("small", {}, facts(word))),
    ...ways(word),
    ...(isRow ? [note(t("Its row in the dictionary:")), statement(look)] : []));
}
