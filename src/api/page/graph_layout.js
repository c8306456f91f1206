/* Computes where the parts of the word graph stand. From top to bottom: the candidates in as many rows as they need, the
   best path in a row of its own, the characters, and the words that the model or a rule makes of characters of the path. */

import {visible} from "./dom.js";

export const UNIT = 64; /* width of a character */
export const ROW = 52; /* height of a row of words */
export const BOX = 42; /* height of a word */
const CHARACTERS = 34; /* height of the row of characters */
const GAP = 14; /* beside what stands between blocks */
const WIDEST_GAP = 260;
const MARGIN = 10;

/* Put words into rows, so that those of a row do not overlap: short ones into low rows. Returns the number of rows. */
function stack(words) {
  const order = [...words].sort((a, b) => (a.end - a.start) - (b.end - b.start) || a.start - b.start);
  const rows = []; /* the words of each row */
  for (const word of order) {
    let row = rows.findIndex((others) => others.every((other) => other.end <= word.start || word.end <= other.start));
    if (row < 0) row = rows.push([]) - 1;
    rows[row].push(word);
    word.row = row;
  }
  return rows.length;
}

/* Return the words that are not edges of the best path: the model or a rule made them. */
const made = ({words}, path) => words.filter(({start, end}) => !path.some((edge) => edge.start === start && edge.end === end));

/* Make the words of a block: its edges, and the words that the model or a rule made. */
function wordsOf(block) {
  const path = block.graph.filter((edge) => edge.on_route);
  const byModel = (edge) => block.words.some(({from, start, end}) => from === "model" && edge.start === start && edge.end === end);
  return [
    ...block.graph.map((edge) => ({
      ...edge,
      kind: edge.on_route ? "best" : "candidate",
      from: edge.on_route && byModel(edge) ? "model" : "words",
    })),
    ...made(block, path).map((word) => ({...word, kind: "made"})),
  ];
}

/* Return about how wide a text is drawn: a character of Chinese takes 18 px, others about half of that. */
export const widthOf = (text) => [...text].reduce((width, character) => width + (character > "\u2e80" ? 18 : 10), 0);

/* Return the width of what stands between blocks: less than a character of a word each, since it forms no words. */
const widthBetween = (text) => Math.min(WIDEST_GAP, widthOf(text) + 2 * GAP);

/* Return {width, height, words, characters, gaps, borders, lines} for the blocks of an explanation. All have x and y of
   their left top corners; words have width, too. */
export function layOut(blocks) {
  const made = {words: [], characters: [], gaps: [], borders: [], lines: []};
  let x = MARGIN;
  for (const block of blocks) {
    if (block.kind === "between") {
      const text = visible(block.text), width = widthBetween(text);
      made.gaps.push({text, width, x: x + width / 2});
      x += width;
      continue;
    }
    const words = block.graph ? wordsOf(block) : block.words.map((word) => ({...word, kind: "best", freq: word.freq}));
    for (const word of words) Object.assign(word, {block, x: x + (word.start - block.start) * UNIT, width: (word.end - word.start) * UNIT});
    [...block.text].forEach((character, i) => made.characters.push({character, x: x + (i + 0.5) * UNIT}));
    made.lines.push({from: x, to: x + (block.end - block.start) * UNIT});
    made.words.push(...words);
    x += (block.end - block.start) * UNIT;
  }
  return {...made, ...rise(made), width: x + MARGIN};
}

/* Give everything its height. */
function rise({words, characters, gaps, borders, lines}) {
  const rows = stack(words.filter(({kind}) => kind === "candidate"));
  const path = MARGIN + rows * ROW, axis = path + ROW, below = axis + CHARACTERS;
  for (const word of words)
    word.y = {best: path, made: below}[word.kind] ?? path - (word.row + 1) * ROW;
  for (const text of [...characters, ...gaps]) text.y = axis + CHARACTERS / 2;
  for (const line of lines) line.y = path + BOX / 2;
  const tops = new Map(); /* of the highest word that begins or ends at x */
  for (const {x, y, width, kind} of words)
    for (const at of kind === "made" ? [] : [x, x + width]) tops.set(at, Math.min(tops.get(at) ?? axis, y));
  for (const [x, y] of tops) borders.push({x, y, bottom: axis + CHARACTERS / 2});
  return {height: below + (words.some(({kind}) => kind === "made") ? ROW : 0) + MARGIN};
}
