/* The reference of the API, made from /openapi.json. Chinese comes from API_ZH; a text without is shown in English, and marked so. */

import {byId, make} from "./dom.js";
import {grouped, isChinese, onLanguage, t} from "./language.js";
import {isOpen, setOpen, writeAddress} from "./address.js";
import {ask} from "./ask.js";
import {describe} from "./problem.js";
import {API_ZH} from "./api_zh.js";
import {tryForm} from "./try_form.js";

/* The endpoints of the page come first, in its order; then others, and last those that describe the service. */
const FIRST = ["/segment", "/keywords", "/random-image", "/random-image/tags", "/calculator"];
const LAST = ["/openapi.json", "/"];
const KINDS = ["string", "integer", "number", "boolean", "array", "object"];
const METHODS = ["get", "post", "put", "patch", "delete"];

let description = null;

/* Return the part of the description that a {"$ref": "#/…"} stands for. */
function resolve(part) {
  if (!part?.$ref) return part;
  const names = part.$ref.slice(2).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  return resolve(names.reduce((at, name) => at[name], description));
}

/* Make an element with a text of the description, in the language of the page. */
function told(tag, text, properties = {}) {
  const chinese = isChinese() && API_ZH[text];
  return make(tag, {...properties, ...(isChinese() && !chinese && {lang: "en"})}, chinese || text);
}

/* Return what values a schema allows, in a few words. */
function allowed(schema) {
  const {type, enum: values, const: only, minimum, maximum, maxLength, anyOf, maxItems} = resolve(schema) ?? {};
  if (values) return [...new Set(values.filter((value) => value !== null && typeof value !== "boolean").map(String))].join(" | ");
  if (only !== undefined) return String(only);
  if (anyOf) return allowed(anyOf[0]);
  const kind = t(KINDS.find((name) => [type].flat().includes(name)) ?? "any value");
  if (minimum !== undefined && maximum !== undefined) return `${kind}, ${grouped(minimum)}–${grouped(maximum)}`;
  if (maxLength !== undefined) return `${kind}, ${t("at most {n} bytes", {n: grouped(maxLength)})}`;
  return maxItems === undefined ? kind : `${kind}, ${t("at most {n}", {n: grouped(maxItems)})}`;
}

/* Describe a parameter, or a member of a body. */
function parameterRow({name, required, schema, description: text, example}) {
  const {default: preset, description: own} = resolve(schema) ?? {};
  const hasDefault = preset !== undefined && preset !== "";
  const facts = [allowed(schema), required && t("required"), hasDefault && t("default {value}", {value: preset}),
    example !== undefined && t("for example {value}", {value: example})].filter(Boolean);
  return [make("dt", {}, make("code", {}, name), " ", make("small", {}, facts.join(" · "))),
    make("dd", {}, ...(text ?? own ? [told("span", text ?? own)] : []))];
}

const rows = (title, list) => list.length ? [make("h3", {}, t(title)), make("dl", {}, ...list.flatMap(parameterRow))] : [];

const code = (value) => make("pre", {tabIndex: 0}, make("code", {}, typeof value === "string" ? value : JSON.stringify(value, null, 1).replace(/\n */g, " ")));

/* Describe the body of a request, for each type. */
function bodyRows({content}) {
  return Object.entries(content).flatMap(([type, {schema, example}]) => {
    const {properties = {}, required = []} = resolve(schema) ?? {};
    const members = Object.entries(properties).map(([name, member]) => ({name, schema: member, required: required.includes(name)}));
    return [make("h3", {}, t("Body:"), " ", make("code", {}, type)), make("dl", {}, ...members.flatMap(parameterRow)),
      ...(example === undefined ? [] : [code(example)])];
  });
}

function responseRow([status, response]) {
  const {description: text, content = {}, headers = {}} = resolve(response);
  const {example} = content["application/json"] ?? {};
  const names = Object.keys(headers);
  return [make("dt", {}, make("code", {}, status)), make("dd", {}, told("span", text),
    ...(names.length ? [make("p", {className: "note"}, t("Headers:"), " ", make("code", {}, names.join(", ")))] : []),
    ...(example === undefined ? [] : [code(example)]))];
}

function operation(path, method, item) {
  const {operationId, summary, description: text, parameters = [], requestBody, responses} = item[method];
  const all = [...parameters, ...(item.parameters ?? [])].map(resolve);
  const id = "api-" + operationId;
  const details = make("details", {id, open: isOpen(id)},
    make("summary", {}, make("code", {className: "method"}, method.toUpperCase()), " ", make("code", {}, path), " ", told("span", summary)),
    ...(text ? [told("p", text)] : []),
    ...rows("Parameters of the query", all),
    ...(requestBody ? bodyRows(resolve(requestBody)) : []),
    make("h3", {}, t("Responses")), make("dl", {}, ...Object.entries(responses).flatMap(responseRow)),
    ...(method === "get" && path !== "/" ? [tryForm(path.slice(1), all, resolve)] : []));
  details.addEventListener("toggle", () => {
    if (details.open === isOpen(id)) return;
    setOpen(id, details.open);
    writeAddress();
  });
  return details;
}

const rank = ([path]) => FIRST.includes(path) ? FIRST.indexOf(path) : FIRST.length + LAST.indexOf(path) + 1;

function drawReference() {
  const paths = Object.entries(description.paths).sort((a, b) => rank(a) - rank(b));
  const operations = paths.flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(path, method, item)));
  byId("api-list").replaceChildren(told("p", description.info.description), ...operations);
  byId("version").textContent = description.info.version;
}

/* Get the description, and draw it. A failure stands in its place. */
async function load() {
  const place = byId("api-list");
  place.replaceChildren(make("p", {className: "note"}, t("Loading the description…")));
  try {
    description = (await ask({path: "openapi.json", parameters: {}})).json;
    drawReference();
  } catch (problem) {
    const {title, advice} = describe(problem);
    const again = make("button", {type: "button", className: "small"}, t("Try again"));
    again.addEventListener("click", load);
    place.replaceChildren(make("div", {className: "problem", role: "alert"}, make("strong", {}, title), make("p", {}, advice), again));
  }
}

/* Open the operations that the address names, and close the others. */
export function openFromAddress() {
  for (const details of document.querySelectorAll("#api-list details")) details.open = isOpen(details.id);
}

export function startReference() {
  onLanguage(() => { if (description) drawReference(); });
  return load();
}
