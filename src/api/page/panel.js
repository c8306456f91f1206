/* A panel shows the answer to a request. Its element says what it shows, in data-state:
     empty     there is nothing to ask
     pending   a request is under way; an older answer is still there, dimmed, and cannot be copied
     done      the answer belongs to what the page shows
     failed    the reason stands in place of the answer
   Only the answer to the latest request is ever shown. */

import {byId, make} from "./dom.js";
import {t} from "./language.js";
import {ask} from "./ask.js";
import {describe} from "./problem.js";

const MOST_RETRIES = 3; /* that the page makes by itself, in a row */
const SLOW = 3000; /* ms after which the page says that it still waits */

export const panels = [];

export class Panel {
  /* `request()` returns {path, parameters}, or null if there is nothing to ask. `show(answer, place)` draws an answer and
     returns what the status says. `wait` is what the status says meanwhile. These may be left out: `asked(request)` is called
     for each request, `drop()` removes what show() has drawn elsewhere, and `idle()` returns what the status says where there
     is nothing to ask. */
  constructor(id, {request, show, wait, asked = () => {}, drop = () => {}, idle = () => ""}) {
    const root = byId(id);
    Object.assign(this, {root, request, show, wait, asked, drop, idle, key: "", answer: null, problem: null, retries: 0});
    this.status = root.querySelector(".status");
    this.place = root.querySelector(".answer");
    this.alert = root.querySelector(".problem");
    panels.push(this);
  }

  is(state) {
    return this.root.dataset.state === state;
  }

  /* Ask, unless the answer that is shown, or awaited, belongs to the request. `delay` is in ms; `force` asks in any case. */
  update({delay = 0, force = false} = {}) {
    const request = this.request();
    const key = JSON.stringify(request);
    if (request && key === this.key && !force) return;
    this.stop();
    this.key = key;
    this.retries = 0;
    if (!request) return this.clear();
    this.asked(request);
    this.pend();
    this.timer = setTimeout(() => this.send(request), delay);
  }

  /* Ask again what is shown, and change nothing unless the answer differs. */
  async renew() {
    if (!this.is("done")) return;
    const {key, answer} = this;
    const fresh = await ask(this.request(), null).catch(() => answer);
    if (key !== this.key || !this.is("done") || fresh.text === answer.text) return;
    this.answer = fresh;
    this.drawAnswer();
  }

  stop() {
    clearTimeout(this.timer);
    clearTimeout(this.slow);
    this.controller?.abort();
  }

  enter(state) {
    this.root.dataset.state = state;
    this.place.ariaBusy = String(state === "pending");
    for (const button of this.root.querySelectorAll("[data-copy]")) button.disabled = state !== "done";
    if (state === "done" || state === "empty") this.mark(null);
    if (state !== "failed") this.alert.replaceChildren();
  }

  clear() {
    Object.assign(this, {answer: null, problem: null});
    this.enter("empty");
    this.erase();
    this.status.textContent = this.idle();
  }

  /* Remove what show() has drawn. */
  erase() {
    this.place.replaceChildren();
    this.drop();
  }

  pend() {
    this.enter("pending");
    this.status.textContent = t(this.wait);
  }

  async send(request) {
    const {signal} = (this.controller = new AbortController());
    this.slow = setTimeout(() => { this.status.textContent = t("Still waiting for the service…"); }, SLOW);
    let answer = null, problem = null;
    try { answer = await ask(request, signal); } catch (error) { problem = error; }
    if (signal.aborted) return;
    clearTimeout(this.slow);
    Object.assign(this, {answer, problem});
    if (problem) this.fail();
    else this.drawAnswer();
    if (problem?.wait && this.retries++ < MOST_RETRIES)
      this.timer = setTimeout(() => { this.pend(); this.send(request); }, problem.wait * 1000);
  }

  /* Show the same in the language of the page. The service says what fails in the language of the request: ask again. */
  relabel() {
    if (this.is("done")) this.drawAnswer();
    else this.update({force: true});
  }

  drawAnswer() {
    this.enter("done");
    this.erase();
    this.status.textContent = this.show(this.answer, this.place);
  }

  fail() {
    const {title, said, advice} = describe(this.problem);
    const again = make("button", {type: "button", className: "small"}, t("Try again"));
    again.addEventListener("click", () => this.update({force: true}));
    this.enter("failed");
    this.erase();
    this.status.textContent = "";
    this.alert.replaceChildren(make("strong", {}, title), ...(said ? [make("p", {}, said)] : []),
      ...(advice ? [make("p", {}, advice)] : []), again);
    this.mark(this.problem.body.parameter);
  }

  /* Mark the control that the service complains about. */
  mark(parameter) {
    for (const control of this.root.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
    if (parameter) this.root.querySelector(`[name="${CSS.escape(parameter)}"]`)?.setAttribute("aria-invalid", "true");
  }
}
