"""The language and the theme: chosen, remembered, and in the address."""

import tap

RESULTS = 7


def check(page):
    browser = page.browser
    tap.equal(page.run("return [document.documentElement.lang, document.title]"), ["zh-CN", "serverful：中文分词"], "the page begins in the language of the browser")
    texts = "return [...document.querySelectorAll('[data-t]')].map((element) => element.textContent)"
    chinese = page.run(texts)
    page.click("#language [value=en]")
    same = [text for text, other in zip(chinese, page.run(texts)) if text == other]
    tap.equal((page.run("return document.documentElement.lang"), same), ("en", []), "a click translates every text of the page")
    tap.equal(page.state(), {"lang": "en"}, "the address has the language")
    browser.choose("#theme [value=dark]")
    page.load()
    tap.equal(page.run("return [document.documentElement.lang, document.documentElement.dataset.theme, document.getElementById('theme').value]"),
              ["en", "dark", "dark"], "language and theme are remembered")
    page.load(lang="zh")
    tap.equal(page.run("return document.documentElement.lang"), "zh-CN", "the language of the address comes before the one remembered")
    page.open(lang="en")
    page.open(lang="zh-TW")
    tap.equal(page.run("return document.documentElement.lang"), "zh-CN", "a link in a variant of Chinese shows Chinese")
    browser.choose("#theme [value='']")
    page.run("localStorage.clear()")
    broken = browser.command("Page.addScriptToEvaluateOnNewDocument", source="Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('off'); }")
    page.load()
    page.click("#language [value=en]")
    tap.equal((page.run("return document.documentElement.lang"), browser.complaints()), ("en", []), "the page works without storage")
    browser.command("Page.removeScriptToEvaluateOnNewDocument", **broken)
