"""The segmenter: words follow the text, the mode and the options."""

import tap
from page import WORDS

RESULTS = 14


def check_options(page):
    page.open(lang="zh")
    tap.equal(page.run(WORDS), ["我", "来到", "北京", "清华大学"], "the page opens with an example and its words")
    tap.equal(page.text_of("#segmenter .status"), "4 个词", "the status counts the words")
    page.click("#segmenter [value=full]")
    page.await_words("我", "来到", "北京", "清华", "清华大学", "华大", "大学")
    tap.equal(page.run("return ['hmm', 'pos', 'offsets'].map((id) => document.getElementById(id).disabled)"), [True] * 3, "full mode has no model, tags and positions")
    page.click("#segmenter [value=search]")
    page.await_words("我", "来到", "北京", "清华", "华大", "大学", "清华大学")
    page.click("#segmenter [value=accurate]")
    page.type("#text", "他来到了网易杭研大厦 　<b>1</b>")
    page.await_words("他", "来到", "了", "网易", "杭研", "大厦", "␣", "□", "<", "b", ">", "1", "<", "/", "b", ">")
    tap.ok(True, "words follow each mode and what is typed, with white space made visible and markup as text")
    page.click("#hmm")
    page.browser.await_that(WORDS + "[4] === '杭'")
    tap.equal(page.state()["hmm"], "0", "a click switches the model off")
    page.click("#hmm")
    page.click("#pos")
    page.click("#offsets")
    page.settle()
    notes = page.run("return [...document.querySelectorAll('.words li')].slice(0, 2).map((word) => [...word.querySelectorAll('small')].map((note) => note.innerText))")
    tap.equal(notes, [["r", "0–1"], ["v", "1–3"]], "tags and positions stand below the words")
    tap.ok("r 代词" in page.text_of("#segmenter .answer"), "the page says in Chinese what a tag means")


def check_empty(page):
    page.click("#json summary")
    page.type("#text", " ")
    page.press("BACK_SPACE")
    page.await_state("segmenter", "empty")
    tap.equal((page.run(WORDS), page.run("return document.getElementById('json-text').textContent"), page.run("return document.getElementById('curl-text').checkVisibility()")),
              ([], "", False), "an empty text has no words, no JSON and no curl line")
    tap.equal(page.run("return [...document.querySelectorAll('[data-copy]')].every((button) => button.disabled)"), True, "an empty text has nothing to copy")
    page.click("#examples button:nth-of-type(2)")
    page.await_state("segmenter", "done")
    tap.equal(page.run("return document.getElementById('text').value"), "乒乓球拍卖完了", "a click on an example segments it")


def check_way_to_graph(page):
    """A word leads to the same word of the graph."""
    shown = "return [document.activeElement.word?.word, document.querySelector('#word-details h3 span')?.innerText, document.querySelector('.word[aria-pressed=true]')?.word.word]"
    page.open(lang="zh", text="我来到北京清华大学，清华大学", mode="search", open="")
    page.click(".words li:nth-child(10)")
    page.settle()
    tap.equal((page.state()["word"], page.state().get("open"), page.run(shown)[1:]), ("11-13", None, ["华大"] * 2), "a click on a word opens the graph with this word selected")
    page.click("#segmenter [value=accurate]")
    page.settle()
    page.run("document.querySelector('.words [tabindex=\"0\"]').focus()")
    page.press("ARROW_RIGHT", "ARROW_RIGHT", "ARROW_RIGHT", "ARROW_LEFT", "ARROW_RIGHT", "ENTER")
    tap.equal((page.state()["word"], page.run(shown)), ("5-9", ["清华大学"] * 3), "arrow keys go from word to word, and Enter goes to the graph")
    page.open(lang="zh", text="他来到了网易杭研大厦", pos="1")
    page.click(".words li:nth-child(6)")
    tap.equal(page.run(shown), ["研"] * 3, "a word that is not in the graph leads to the one in its place")
    page.open(lang="zh", text="我来到北京")
    page.run("""getSelection().selectAllChildren(document.querySelector('.words'));
        document.querySelector('.words li').click(); getSelection().removeAllRanges()""")
    tap.equal(page.state().get("word"), None, "a mouse that selects words to copy them does not go to the graph")


def check(page):
    check_options(page)
    check_empty(page)
    check_way_to_graph(page)
