"""Each state is in the address, so that a link, reload, back and forward show it."""

import tap
from page import WORDS

RESULTS = 9


def check_state(page):
    state = {"lang": "en", "text": "小明硕士毕业于中国科学院", "mode": "search", "hmm": "0", "offsets": "1", "method": "textrank", "top": "3", "allow_pos": "n,nt",
             "image": "1", "tag": "cat", "seed": "one & two", "num1": "1e3", "num2": "-0.25", "operator": "multiply", "open": "api-calculator,graph,json", "word": "7-9"}
    read = """return {...Object.fromEntries([...document.querySelectorAll('[data-state-of] [name]')].filter(
        (control) => control.type !== 'radio' || control.checked).map((control) => [control.name, control.type === 'checkbox' ? (control.checked ? '1' : '0') : control.value])),
        open: [...document.querySelectorAll('details[open]')].map((part) => part.id).sort().join(), lang: document.documentElement.lang}"""
    expected = {name: value for name, value in {**state, "pos": "0"}.items() if name not in ("word", "image")}
    page.load(**state)
    tap.equal(page.run(read), expected, "a link sets every control, the language and what is open")
    tap.equal((page.text_of("#calculator output"), page.run("return document.querySelector('#image a').pathname"), page.text_of("#word-details h3 span")),
              ("= -250.0", "/one.png", "中国"), "a link shows the result, the image and the word of the graph")
    page.browser.reload()
    page.settle()
    tap.equal((page.run(read), page.state()), (expected, state), "a reload shows the same")
    page.open(lang="en", mode="none", hmm="2", method="none", operator="none", image="2", word="9-1", open="none", foreign="1", __proto__="1")
    tap.equal((page.run(read), page.run("return document.querySelectorAll('[data-state=done]').length")),
              ({"text": "我来到北京清华大学", "mode": "accurate", "hmm": "1", "pos": "0", "offsets": "0", "method": "tfidf", "top": "10", "allow_pos": "", "tag": "", "seed": "",
                "num1": "7", "num2": "2", "operator": "divide", "open": "", "lang": "en"}, 3), "a link with values that no control has shows the defaults")


def check_history(page):
    page.open(lang="zh")
    for number, text in enumerate(("我爱北京", "我爱上海")):
        page.type("#text", text)
        page.browser.await_that("return document.getElementById('segmenter').dataset.state === 'done' && location.hash.length > 20")
        page.click("#segmenter [value=%s]" % ("full", "search")[number])
        page.settle()
    seen = []
    for _ in range(4):
        page.run("history.back()")
        page.browser.await_that("return location.hash !== arguments[0]", page.run("window.before ??= ''; return window.before"))
        page.settle()
        seen.append((page.state().get("text"), page.state().get("mode"), page.run("return document.getElementById('text').value")))
        page.run("window.before = location.hash")
    tap.equal(seen, [("我爱上海", "full", "我爱上海"), ("我爱北京", "full", "我爱北京"), ("我爱北京", None, "我爱北京"), (None, None, "我来到北京清华大学")],
              "back goes through texts, once each, and modes")
    page.run("history.forward()")
    page.browser.await_that("return document.getElementById('text').value === '我爱北京'")
    page.click("header nav a")
    tap.equal((page.state()["text"], page.run("return document.activeElement.id")), ("我爱北京", "api"), "a link to a part of the page keeps the state")


def check_long_text(page):
    long = "我来到北京清华大学。" * 260
    page.set_text(long)
    page.settle()
    tap.ok("text" not in page.state() and "无法放入地址" in page.text_of("#segmenter .status"), "a long text is not in the address, and the page says so", page.state())
    tap.ok(any(request.startswith("POST /segment") for request in page.proxy.requests), "a long text is sent by POST")
    page.browser.reload()
    page.settle()
    tap.equal(page.run("return [document.getElementById('text').value === arguments[0], document.querySelectorAll('.words li').length]", long),
              [True, 1300], "a reload keeps a long text")


def check(page):
    check_state(page)
    check_history(page)
    check_long_text(page)
