/* The language of the page. The English texts stand in the markup and in the scripts; ZH has the Chinese ones. */

import {ZH} from "./texts_zh.js";
import {remember} from "./storage.js";

const redraws = []; /* functions that draw in the new language what scripts have made */

export const isChinese = () => document.documentElement.lang === "zh-CN";

/* Return an English text in the language of the page, with the values of its {names}. */
export function t(text, values = {}) {
  return ((isChinese() && ZH[text]) || text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/* Return a number with its digits in groups of three. */
export const grouped = (n) => n.toLocaleString("en");

/* Return the text for one thing, or for a number of them. */
export const counted = (n, one, many) => t(n === 1 ? one : many, {n: grouped(n)});

export function onLanguage(redraw) {
  redraws.push(redraw);
}

/* Translate the texts of the markup below an element. Each keeps its English text in a data attribute. */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-t]")) {
    element.dataset.t ||= element.textContent;
    element.textContent = t(element.dataset.t);
  }
  for (const element of root.querySelectorAll("[data-label]")) element.ariaLabel = t(element.dataset.label);
  for (const element of root.querySelectorAll("[data-hint]")) element.placeholder = t(element.dataset.hint);
}

/* Show the page in a language: "zh" and its variants, or English. */
export function speak(language) {
  document.documentElement.lang = /^zh\b/i.test(language) ? "zh-CN" : "en";
  for (const button of document.querySelectorAll("#language button"))
    button.ariaPressed = String((button.value === "zh") === isChinese());
  document.title = t("serverful: Chinese word segmentation");
  translate(document);
  for (const redraw of redraws) redraw();
}

export const rememberLanguage = () => remember("language", isChinese() ? "zh" : "en");
