/* A random image. It is asked for only on a click, or by an address that shows one: the image's host sees who asks. */

import {byId, make} from "./dom.js";
import {t} from "./language.js";
import {state, writeAddress} from "./address.js";
import {ask} from "./ask.js";
import {Panel} from "./panel.js";

function request() {
  if (state.image !== "1") return null;
  const parameters = {};
  for (const name of ["tag", "seed"])
    if (state[name]) parameters[name] = state[name];
  return {path: "random-image", parameters};
}

function show({json: {imageUrl}}, place) {
  const image = make("img", {alt: t("Random image"), src: imageUrl, referrerPolicy: "no-referrer"});
  image.addEventListener("error", () => image.replaceWith(make("p", {className: "failure"},
    t("The host of the image does not send it. Try another one."))));
  place.append(image, make("a", {href: imageUrl, target: "_blank", rel: "noreferrer"}, imageUrl));
  return "";
}

/* Offer the tags of images in the field for one. Where they cannot be had, the field takes any. */
async function offerTags() {
  const {json: {tags = []}} = await ask({path: "random-image/tags", parameters: {}}).catch(() => ({json: {}}));
  byId("tags").replaceChildren(...tags.map(({tag}) => make("option", {value: tag})));
}

export function startImage() {
  const panel = new Panel("image", {request, show, wait: "Choosing an image…"});
  byId("image-form").addEventListener("submit", () => {
    state.image = "1";
    writeAddress();
    panel.update({force: true});
  });
  offerTags();
}
