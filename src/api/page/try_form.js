/* A form that sends a request to an endpoint of the reference, with a field for each of its parameters. */

import {make} from "./dom.js";
import {t} from "./language.js";
import {REDIRECTION, ask, plan} from "./ask.js";
import {describe} from "./problem.js";
import {curlLine} from "./curl.js";
import {copyButton} from "./copy.js";

function field({name, schema, example, required}, resolve) {
  const {enum: values, default: preset} = resolve(schema) ?? {};
  const none = preset === undefined && !required ? [make("option", {value: ""}, "–")] : []; /* leaves the parameter out */
  const input = values ? make("select", {name}, ...none, ...values.map((value) => make("option", {}, value)))
    : make("input", {name, autocapitalize: "none", autocomplete: "off", spellcheck: false});
  input.value = preset || (required || name === "text" ? example : "") || "";
  return make("label", {}, make("code", {}, name), input);
}

function showProblem(problem, request) {
  if (problem.status === REDIRECTION)
    return make("p", {}, make("a", {href: plan(request).url, target: "_blank", rel: "noreferrer"},
      t("The answer is a redirection: open it in a new window.")));
  const {title, said, advice} = describe(problem);
  return make("p", {className: "problem"}, make("strong", {}, title), " ", said, " ", advice);
}

/* Show what a request gives: the line for the shell, and the body. */
async function send(request, result, signal) {
  const line = curlLine(request);
  result.replaceChildren(make("p", {className: "note"}, t("Waiting for the answer…")));
  let body;
  try {
    body = make("pre", {tabIndex: 0}, make("code", {}, (await ask(request, signal)).text));
  } catch (problem) {
    if (signal.aborted) return;
    body = showProblem(problem, request);
  }
  result.replaceChildren(make("div", {className: "line"}, make("code", {}, line), copyButton(t("Copy"), line)), body);
}

export function tryForm(path, parameters, resolve) {
  const fields = make("div", {className: "fields"}, ...parameters.map((parameter) => field(parameter, resolve)));
  const result = make("div", {className: "result", ariaLive: "polite"});
  const form = make("form", {}, fields, make("button", {}, t("Send")), result);
  form.ariaLabel = t("Try {path}", {path: "/" + path});
  let controller;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    controller?.abort(); /* the answer to an earlier request must not come after that to this one */
    controller = new AbortController();
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    send({path, parameters: Object.fromEntries(given)}, result, controller.signal);
  });
  return form;
}
