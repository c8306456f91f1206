/* Copies texts to the clipboard. */

import {byId, make} from "./dom.js";
import {t} from "./language.js";

const SHOWN = 1600; /* ms for which a button says that it has copied */

/* Copy by a selected field, where the page is not in a secure context and has no clipboard. Returns whether it worked. */
function copyBySelection(text) {
  const before = document.activeElement;
  const field = make("textarea", {value: text, className: "unseen"});
  document.body.append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  before?.focus();
  return worked;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/* Let a button copy what `text()` returns, and say so. */
export function copiesOn(button, text) {
  button.addEventListener("click", async () => {
    const said = await copy(text()) ? t("Copied") : t("The browser does not allow it: select the text and copy it.");
    button.dataset.said = said;
    byId("announcer").textContent = said;
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { delete button.dataset.said; byId("announcer").textContent = ""; }, SHOWN);
  });
}

/* Make a button that copies a text. */
export function copyButton(label, text) {
  const button = make("button", {type: "button", className: "small"}, label);
  copiesOn(button, () => text);
  return button;
}
