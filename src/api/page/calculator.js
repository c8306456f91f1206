/* The calculator. */

import {make} from "./dom.js";
import {state} from "./address.js";
import {Panel} from "./panel.js";

function request() {
  const {num1, num2, operator} = state;
  return num1.trim() && num2.trim() ? {path: "calculator", parameters: {num1, num2, operator}} : null;
}

/* Show the number as the service wrote it: JavaScript would print 3.0 as 3. */
function show({text}, place) {
  place.append(make("output", {className: "number"}, "= " + /: (.*)}\s*$/.exec(text)[1]));
  return "";
}

export function startCalculator() {
  new Panel("calculator", {request, show, wait: "Calculating…"});
}
