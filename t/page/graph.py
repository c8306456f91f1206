"""The word graph: what it shows, its zoom, its keys, and the SQL that changes a word."""

import json
import urllib.parse

import tap
from page import STATE

RESULTS = 16


def check_notes(page):
    page.open(lang="zh", text="他来到了网易杭研大厦")
    note = "return document.getElementById('graph-note').innerText"
    said = {}
    for control in "[value=full]", "[value=search]", "[value=accurate]", "#pos", "#pos":
        page.click(f"#segmenter {control}")
        said.setdefault(control, []).append(page.run(note)[:4])
    tap.equal(said, {"[value=full]": ["全模式列"], "[value=search]": ["搜索引擎"], "[value=accurate]": [""], "#pos": ["标注词性", ""]},
              "a note says where the words are not those of the graph")
    live = page.run("return [...document.querySelectorAll('#graph-note, #graph .status')].map((element) => element.role ?? element.getAttribute('role'))")
    tap.equal(live, ["status", "status"], "screen readers announce the notes and the state of the graph")


def check_picture(page):
    page.settle()
    groups = "return [...document.querySelectorAll('.word.%s')].map((group) => group.word.word)"
    tap.equal("".join(page.run(groups % "best")), "他来到了网易杭研大厦", "the graph marks the best path")
    tap.equal(page.run(groups % "made"), ["杭研"], "the graph marks the word that the model made")
    tap.ok("−8.83" in page.run("return [...document.querySelectorAll('.word')].map((group) => group.textContent).join()"), "each word has its log probability")


def check_moves(page):
    width = "return document.querySelector('.graph svg').getBoundingClientRect().width"
    before = page.run(width)
    page.click("#zoom-in")
    bigger = page.run(width)
    page.click("#zoom-fit")
    fitted = page.run(width)
    page.run("document.querySelector('.graph').dispatchEvent(new WheelEvent('wheel', {deltaY: -100, ctrlKey: true, bubbles: true, cancelable: true, clientX: 300, clientY: 500}))")
    tap.ok(bigger > before and page.run(width) > fitted, "buttons and Ctrl with the wheel zoom", [before, bigger, fitted])
    page.run("""const touch = (at) => new Touch({identifier: at, target: box, clientX: at, clientY: 400}), box = document.querySelector('.graph');
        for (const [a, b] of [[100, 200], [50, 300]])
            box.dispatchEvent(new TouchEvent('touchmove', {touches: [touch(a), touch(b)], bubbles: true, cancelable: true}))""")
    tap.ok(page.run(width) > bigger, "two fingers zoom", page.run(width))
    left = "return document.querySelector('.graph').scrollLeft"
    before = page.run(left)
    page.browser.drag(".word.made rect", -120)
    tap.ok(page.run(left) > before and not page.state().get("word"), "a mouse that drags pans, and selects nothing", [before, page.run(left)])
    page.run("document.querySelector('.word.best').focus()")
    page.press("ARROW_RIGHT", "ARROW_RIGHT", "0", "+", "ENTER")
    tap.equal((page.run("return document.activeElement.word.word"), page.state()["word"]), ("了", "3-4"), "keys go from word to word, zoom, and select")
    page.press("ARROW_UP")
    tap.ok(page.run("return document.activeElement.classList.contains('candidate')"), "the up key goes to a candidate")


def check_changes(page, edit):
    page.click(".word.made rect")
    tap.ok("INSERT INTO words" in page.text_of("#word-details .changes") and "已验证" in page.text_of("#word-details"), "a click on a word shows the SQL that was tried out")
    statement = page.copied("#word-details li:nth-child(2) button")
    tap.equal(statement, "INSERT INTO words (word, freq) VALUES ('杭研', 0);", "the SQL is copied")
    edit(statement, lambda client: "杭研" not in json.loads(client.get("/segment?text=" + urllib.parse.quote("他来到了网易杭研大厦")).body)["words"])
    page.run("dispatchEvent(new Event('focus'))")
    page.await_words("他", "来到", "了", "网易", "杭", "研", "大厦")
    tap.ok(True, "once it has run, the words change when the reader comes back to the page")


def check_long_text(page):
    page.set_text("")
    page.await_state("graph", "empty")
    page.set_text("我" * 1001)
    page.await_state("segmenter", "done")
    tap.equal((page.run(STATE, "graph"), page.text_of("#graph .status")), ("empty", "词图最多支持 1,000 个字符。"), "the page says that a text is too long for the graph")
    page.click("#language [value=en]")
    tap.equal(page.text_of("#graph .status"), "The graph shows texts of up to 1,000 characters.", "it says so in the other language, too")
    tap.equal(page.run("return document.querySelectorAll('.words [role=button]').length"), 0, "the words of such a text do not lead to the graph")
    page.settle()


def check(page, edit):
    check_notes(page)
    check_picture(page)
    check_moves(page)
    check_changes(page, edit)
    check_long_text(page)
