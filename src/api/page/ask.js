/* Sends requests to the service. */

import {isChinese} from "./language.js";

const LONGEST_QUERY = 4000; /* characters; a longer request is sent by POST */

export const REDIRECTION = 302; /* for any: a browser does not say which */

/* A request that failed. `status` is 0 where there was no answer; `body` is the JSON of the answer, or empty. */
export class Problem extends Error {
  constructor(status, body = {}, wait = 0) {
    super(body.error);
    Object.assign(this, {status, body, wait});
  }
}

/* Return how a request is sent: its method, and its address without and with the query. */
export function plan({path, parameters}) {
  const query = new URLSearchParams(parameters).toString();
  const isLong = query.length > LONGEST_QUERY && "text" in parameters;
  return {isLong, url: isLong || !query ? path : `${path}?${query}`};
}

/* Send a request. Returns the text of the answer and its JSON, or throws a Problem, or an AbortError. */
export async function ask(request, signal) {
  const {isLong, url} = plan(request);
  const headers = {"Accept-Language": isChinese() ? "zh-CN" : "en"};
  const post = {method: "POST", headers: {...headers, "Content-Type": "application/json"}, body: JSON.stringify(request.parameters)};
  let answer, text;
  try {
    answer = await fetch(url, {...(isLong ? post : {headers}), signal, cache: "no-cache", redirect: "manual"});
    text = await answer.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0);
  }
  return read(answer, text);
}

function read(answer, text) {
  if (answer.type === "opaqueredirect") throw new Problem(REDIRECTION);
  let json;
  try { json = JSON.parse(text); } catch { /* not from the service, but from something before it */ }
  if (answer.ok && json) return {text, json};
  throw new Problem(answer.status, json ?? {}, Number(answer.headers.get("Retry-After")) || 0);
}
