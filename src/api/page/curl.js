/* Writes a request as a line for the shell. */

import {plan} from "./ask.js";

/* Quote a text for sh, bash and zsh. Nothing is special between single quotes, except the quote itself. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/* Write a parameter as an option. -d would read a file where a value begins with @, and does not encode. */
function option([name, value]) {
  const text = `${name}=${value}`;
  return /^[\w=.-]+$/.test(text) ? `-d ${text}` : `--data-urlencode ${quoted(text)}`;
}

/* Return JSON without control characters: JSON.stringify() leaves those beyond ASCII. */
const plainJson = (value) => JSON.stringify(value).replace(/\p{Cc}/gu, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

/* Return the line. A text that is long, or has control characters, which terminals act on, goes as JSON. */
export function curlLine({path, parameters}) {
  const url = quoted(new URL(path, location.href.replace(/[?#].*/, "")).href);
  if (plan({path, parameters}).isLong || Object.values(parameters).some((value) => /\p{Cc}/u.test(value)))
    return `curl ${url} -H 'Content-Type: application/json' -d ${quoted(plainJson(parameters))}`;
  const options = Object.entries(parameters).map(option);
  return ["curl", ...(options.length ? ["-G"] : []), url, ...options].join(" ");
}
