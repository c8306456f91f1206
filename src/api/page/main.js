/* Starts the page. */

import {byId} from "./dom.js";
import {onLanguage, rememberLanguage, speak} from "./language.js";
import {forget, remember} from "./storage.js";
import {readAddress, writeAddress} from "./address.js";
import {panels} from "./panel.js";
import {startSegmenter} from "./segmenter.js";
import {selectFromAddress, startGraph} from "./graph.js";
import {startKeywords} from "./keywords.js";
import {startImage} from "./image.js";
import {startCalculator} from "./calculator.js";
import {openFromAddress, startReference} from "./reference.js";
import {showState, startControls, updateAll} from "./controls.js";
import {startWordLinks} from "./word_links.js";

function startLanguage() {
  for (const button of document.querySelectorAll("#language button"))
    button.addEventListener("click", () => {
      speak(button.value);
      rememberLanguage();
      writeAddress();
    });
  onLanguage(() => { for (const panel of panels) panel.relabel(); });
}

function startTheme() {
  const {dataset} = document.documentElement;
  const select = byId("theme");
  select.value = dataset.theme ?? "";
  select.addEventListener("change", () => {
    if (select.value) dataset.theme = select.value, remember("theme", select.value);
    else delete dataset.theme, forget("theme");
  });
}

/* Show what the address says, after back or forward, or another link. */
function follow() {
  if (location.hash && !location.hash.includes("=")) return; /* a place on the page */
  const language = readAddress();
  if (language) speak(language);
  showState();
  openFromAddress();
  updateAll();
  selectFromAddress();
}

/* Go to a place on the page. The fragment of the address holds the state, so it must not change. */
function go(event) {
  const place = document.querySelector(event.currentTarget.getAttribute("href"));
  event.preventDefault();
  place.focus({preventScroll: true});
  place.scrollIntoView();
}

function start() {
  for (const part of [startSegmenter, startGraph, startKeywords, startImage, startCalculator]) part();
  for (const part of [startControls, startWordLinks, startTheme, startLanguage]) part();
  for (const link of document.querySelectorAll("a[href^='#']")) link.addEventListener("click", go);
  addEventListener("popstate", follow);
  addEventListener("online", () => { for (const panel of panels) if (panel.is("failed")) panel.update({force: true}); });
  /* An admin may have changed a word in another window. */
  addEventListener("focus", () => { for (const panel of panels) if (panel.root.id !== "image") panel.renew(); });
  readAddress();
  speak(document.documentElement.lang);
  showState();
  startReference();
  updateAll();
}

start();
