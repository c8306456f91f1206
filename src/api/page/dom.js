/* Makes elements. */

export const byId = (id) => document.getElementById(id);

export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/* Make an element of SVG. Its look comes from attributes and classes: the page's policy allows no style attributes. */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥", "\u3000": "□"};

/* Return a word with its white space and control characters made visible. */
export function visible(word) {
  return word.replace(/[\s\p{C}]/gu, (c) => SIGNS[c] || "U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0"));
}
