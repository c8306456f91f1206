"""The page at / in a browser of lib/browser.py, for t/page.t."""

import json
import urllib.parse

WORDS = "return [...document.querySelectorAll('.words li > span')].map((word) => word.innerText)"
SETTLED = """return ['segmenter', 'graph', 'keywords', 'image', 'calculator'].every((id) =>
    ['done', 'empty', 'failed'].includes(document.getElementById(id).dataset.state)) && document.querySelector('#api-list details')"""
STATE = "return document.getElementById(arguments[0]).dataset.state"


class Page:
    """The page in a browser, at an address behind a FaultyProxy. `images` is the address of a host of images."""

    def __init__(self, browser, url, proxy, images):
        self.browser, self.url, self.proxy, self.images = browser, url, proxy, images
        self.run, self.click, self.press = browser.run, browser.click, browser.press

    def load(self, **state):
        """Load the page with a state in its address."""
        self.browser.reload(self.url + ("#" + urllib.parse.urlencode(state) if state else ""))
        self.settle()

    def open(self, **state):
        """Go to another state, as by a link, in the page that is there: that takes much less than loading it."""
        self.browser.driver.execute_async_script("""const [fragment, done] = arguments;
            if (location.hash === fragment) done();
            addEventListener('hashchange', () => done(), {once: true});
            location.hash = fragment""", "#" + urllib.parse.urlencode(state))
        self.settle()

    def settle(self):
        self.browser.await_that(SETTLED)

    def await_state(self, panel, state):
        self.browser.await_that(STATE + " === arguments[1]", panel, state)

    def await_words(self, *words):
        self.browser.await_that("return document.getElementById('segmenter').dataset.state === 'done' && "
                                f"JSON.stringify([...document.querySelectorAll('.words li > span')].map((word) => word.innerText)) === {json.dumps(json.dumps(words, ensure_ascii=False, separators=(',', ':')))}")
        self.settle()

    def text_of(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def type(self, selector, text):
        self.browser.find(selector).click()
        self.browser.replace(text)

    def set_text(self, text):
        """Put a text into the field as a paste does, which can hold characters that no key types."""
        self.run("""const field = document.getElementById('text'); field.focus(); field.value = arguments[0];
            field.dispatchEvent(new InputEvent('input', {bubbles: true}))""", text)

    def state(self):
        """The state in the address."""
        return dict(urllib.parse.parse_qsl(self.run("return location.hash.slice(1)"), keep_blank_values=True))

    def copied(self, selector):
        """Click on a button that copies. Return what is in the clipboard."""
        if not self.run("return document.hasFocus()"):
            self.browser.command("Page.bringToFront")
        self.click(selector)
        self.browser.await_that("return document.querySelector(arguments[0]).dataset.said", selector)
        return self.browser.driver.execute_async_script("const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done(String(e)))")
