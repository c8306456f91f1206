/* Says what failed, and what to do. */

import {t} from "./language.js";

/* What a status means: the title, and the advice for a person. {wait} is the time until the page asks again. */
const MEANINGS = {
  413: ["The text is too long", "Shorten it, or send its parts one by one."],
  414: ["The text is too long", "Shorten it, or send its parts one by one."],
  429: ["Too many requests", "Wait a moment."],
  500: ["The service failed", "Its log says why. Other requests may still work."],
  502: ["The service is not reachable", "It may be restarting. Wait a moment."],
  503: ["The service is overloaded", "Wait a moment."],
  504: ["The service did not answer in time", "Wait a moment, or shorten the text."],
};
const REFUSED = ["The service refuses this request", ""];
const UNKNOWN = ["The answer is not from the service", "Something before it has answered: check the address, or log in to the network."];

function meaning({status, body}) {
  if (status === 0 && !navigator.onLine) return ["You are offline", "The page asks again when you are online."];
  if (status === 0) return ["Cannot reach the service", "Check that it is running."];
  if (MEANINGS[status]) return MEANINGS[status];
  return body.error ? REFUSED : UNKNOWN;
}

/* Return the texts for a problem: its title, what the service says, and what to do. */
export function describe(problem) {
  const [title, advice] = meaning(problem);
  const said = problem.body.detail || problem.body.error || (problem.status ? `HTTP ${problem.status}` : "");
  const next = problem.wait ? t("The page asks again in {wait} s.", {wait: problem.wait}) : "";
  return {title: t(title), said, advice: [advice && t(advice), next].filter(Boolean).join(" ")};
}
