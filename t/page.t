#!/usr/bin/python3
"""The page at / in a headless Chromium, through nginx: each endpoint by mouse and by keyboard, in both languages, light
and dark, on a phone and on a desktop. Leaves pictures of it in t-page/ of the build directory."""

import http.server
import os
import re
import shutil
import struct
import sys
import threading
import urllib.parse
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from http_client import Client
from service import Service, ended_well
from store import sql
from wait import wait_until

try:
    from browser import Browser
except ImportError:
    tap.skip_all("python3-selenium is not installed")
if not shutil.which("chromium") or not shutil.which("chromedriver"):
    tap.skip_all("chromium and chromium-driver are not installed")

PICTURES = os.path.join(tap.BUILD, "t-page")
SIZES = {"phone": 360, "desktop": 1280}


def png(width, height):
    """Return a PNG whose colours change from corner to corner."""
    rows = b"".join(b"\0" + bytes(value for x in range(width) for value in (x % 256, y % 256, 128)) for y in range(height))
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Images(http.server.BaseHTTPRequestHandler):
    """The host of the images. It answers 404 to a path without .png."""
    picture = png(640, 400)

    def do_GET(self):
        found = self.path.endswith(".png")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/png" if found else "text/plain")
        self.end_headers()
        self.wfile.write(self.picture if found else b"none")

    def log_message(self, *_):
        pass


TEXT_OF = "return document.querySelector(arguments[0]).innerText"
WORDS = "return [...document.querySelectorAll('#segment .chips li > span')].map((chip) => chip.innerText)"
DONE = """const form = document.getElementById(arguments[0]);
    return form.querySelector('.result').ariaBusy === 'false' && form.innerText.includes(arguments[1])"""


def check_words(browser):
    """Segment texts by mouse, and by Ctrl+Enter."""
    browser.click("#segment button")
    browser.await_that(DONE, "segment", "GET /segment")
    tap.equal(browser.run(WORDS), ["我", "来到", "北京", "清华大学"], "a click on the button shows the words")
    browser.click("#segment [value=full]")
    browser.await_that(DONE, "segment", "mode=full")
    tap.equal(browser.run(WORDS), ["我", "来到", "北京", "清华", "清华大学", "华大", "大学"], "a click on full mode shows its words at once")
    browser.click("#segment [value=search]")
    browser.await_that(DONE, "segment", "mode=search")
    tap.equal(browser.run(WORDS), ["我", "来到", "北京", "清华", "华大", "大学", "清华大学"], "a click on search mode shows its words")
    browser.click("#segment [value=accurate]")
    browser.click("#segment textarea")
    browser.replace("他来到了网易杭研大厦 　<b>1</b>")
    browser.press_with("CONTROL", "ENTER")
    browser.await_that(DONE, "segment", "杭研")
    tap.equal(browser.run(WORDS), ["他", "来到", "了", "网易", "杭研", "大厦", "␣", "□", "<", "b", ">", "1", "<", "/", "b", ">"],
              "Ctrl+Enter shows the words, with white space made visible and markup as text")
    browser.click("#segment [name=hmm]")
    browser.await_that(DONE, "segment", "hmm=0")
    tap.equal(browser.run(WORDS)[4:6], ["杭", "研"], "a click on HMM switches it off")
    browser.click("#segment [name=hmm]")
    browser.await_that(DONE, "segment", "hmm=1")
    browser.run("document.querySelector('#segment textarea').value = '我来到北京清华大学'.repeat(500)")
    browser.click("#segment button")
    browser.await_that(DONE, "segment", "POST /segment")
    tap.equal(len(browser.run(WORDS)), 2000, "the page sends a long text by POST and shows the first 2000 words")
    browser.run("document.querySelector('#segment textarea').value = ''")
    browser.click("#segment button")
    browser.await_that(DONE, "segment", "text=&")
    tap.equal(browser.run(WORDS), [], "an empty text shows no words")


NOTES = """return [...document.querySelectorAll('#segment .chips li')].map(
    (chip) => [...chip.querySelectorAll('small')].map((note) => note.innerText))"""


def check_tags(browser):
    browser.run("document.querySelector('#segment textarea').value = '我来到北京'")
    browser.click("#segment [name=pos]")
    browser.await_that(DONE, "segment", "pos=1")
    tap.equal(browser.run(NOTES), [["r"], ["v"], ["ns"]], "a click on parts of speech shows the tags")
    tap.ok("ns 地名" in browser.run(TEXT_OF, "#segment .result"), "the page explains the tag ns in Chinese")
    browser.click("#segment [name=offsets]")
    browser.await_that(DONE, "segment", "offsets=1")
    tap.equal(browser.run(NOTES), [["r", "0–1"], ["v", "1–3"], ["ns", "3–5"]], "a click on positions shows them beside the tags")
    browser.click("#segment [value=full]")
    browser.await_that(DONE, "segment", "mode=full")
    off = browser.run("""return ['pos', 'offsets'].map((name) => document.querySelector(`#segment [name=${name}]`).disabled)""")
    tap.equal((off, browser.run(NOTES)[0]), ([True, True], []), "full mode disables parts of speech and positions, and shows neither")
    for control in "[value=accurate]", "[name=pos]", "[name=offsets]":
        browser.click(f"#segment {control}")
    browser.await_that(DONE, "segment", "mode=accurate&hmm=1")


def check_explanation(browser):
    browser.run("document.querySelector('#segment textarea').value = '我来到杭研'")
    browser.click("#segment [name=explain]")
    browser.await_that(DONE, "segment", "explain=1")
    tap.equal(browser.run(NOTES)[0][0][:2], "词典", "an explained word shows that it comes from the dictionary")
    tap.ok(browser.run("return document.querySelector('#segment [name=pos]').disabled"), "an explanation disables parts of speech")
    best = browser.run("return [...document.querySelectorAll('#segment .graph .best > span:first-child')].map((word) => word.innerText)")
    tap.equal("".join(best), "我来到杭研", "the graph marks the best path")
    tap.ok("杭研 → 杭研" in browser.run(TEXT_OF, "#segment .more"), "the explanation shows the word that the HMM found")
    browser.click("#segment summary")
    tap.ok("INSERT INTO words" in browser.run(TEXT_OF, "#segment .changes"), "the explanation shows SQL that changes the segmentation")
    browser.run("document.querySelector('#segment textarea').value = '我'.repeat(1001)")
    browser.click("#segment button")
    browser.await_that("return document.querySelector('#segment .wrong').innerText")
    tap.equal(browser.run("return [document.querySelector('#segment .wrong').innerText, document.querySelector('#segment .more').innerText]"),
              ["文本过长，最多解释 1000 个字", ""], "the page shows in Chinese that 1001 characters are too long to explain")
    check_complaint(browser, 413)
    browser.run("document.querySelector('#segment textarea').value = '小明硕士毕业于中国科学院，我来到北京清华大学'")
    browser.click("#segment button")
    browser.await_that(DONE, "segment", "explain=1")


def check_keywords(browser):
    words = "return [...document.querySelectorAll('#keywords tbody td:first-child')].map((word) => word.innerText)"
    browser.click("#keywords button")
    browser.await_that(DONE, "keywords", "method=tfidf")
    weighty = browser.run(words)
    tap.ok(len(weighty) == 10 and "学习" in weighty, "a click shows ten keywords by TF-IDF", weighty)
    browser.choose("#keywords [value=textrank]")
    browser.await_that(DONE, "keywords", "method=textrank")
    tap.ok(browser.run(words) not in ([], weighty), "choosing TextRank shows other keywords at once", browser.run(words))
    browser.click("#keywords [name=top]")
    browser.replace("2")
    browser.press("TAB", "n", "ENTER")
    browser.await_that(DONE, "keywords", "allow_pos=n")
    tap.equal(len(browser.run(words)), 2, "two nouns are extracted by keyboard alone")
    browser.run("const list = document.querySelector('#keywords [name=allow_pos]'); list.value = 'n,,v'")
    browser.click("#keywords button")
    browser.await_that("return document.querySelector('#keywords .wrong').innerText")
    tap.equal(browser.run(TEXT_OF, "#keywords .wrong"), "词性列表无效，请用逗号分隔，例如 ns,n,vn",
              "the page shows in Chinese that a list of tags is invalid")
    check_complaint(browser, 400)
    browser.run("document.querySelector('#keywords [name=allow_pos]').value = ''")
    browser.click("#keywords button")
    browser.await_that(words + ".length")


def check_tag_and_seed(browser):
    options = "return [...document.querySelectorAll('#image input[name=tag]')[0].list.options].map((option) => option.value)"
    browser.await_that(options + ".length")
    tap.equal(browser.run(options), ["cat", "dog"], "the field for a tag offers the tags that images have")
    urls = set()
    for _ in range(5):
        browser.click("#image [name=tag]")
        browser.replace("cat")
        browser.press("TAB")
        browser.replace("one seed")
        browser.press("ENTER")
        browser.await_that(DONE, "image", "seed=one seed")
        urls.add(browser.run(TEXT_OF, "#image a"))
    tap.ok(urls == {HOST + "one.png"}, "the same tag and seed show the same image five times", urls)
    browser.click("#image [name=tag]")
    browser.replace("none")
    browser.press("ENTER")
    browser.await_that("return document.querySelector('#image .wrong').innerText")
    tap.equal(browser.run(TEXT_OF, "#image .wrong"), "没有符合条件的图片", "the page shows in Chinese that no image has a tag")
    check_complaint(browser, 404)
    browser.run("for (const name of ['tag', 'seed']) document.querySelector(`#image [name=${name}]`).value = ''")
    browser.click("#image button")
    browser.await_that(DONE, "image", "GET /random-image")


def check_image(browser, host):
    browser.click("#image button")
    browser.await_that("const image = document.querySelector('#image img'); return image && image.complete && image.naturalWidth")
    url = browser.run("return document.querySelector('#image img').src")
    tap.ok(url.startswith(host), "a click shows an image of the list", url)
    tap.equal(browser.run("return document.querySelector('#image a').href"), url, "the image has a link to its URL")


def check_complaint(browser, status):
    """Check that the browser's console has an error with this status, as it does for each request that fails, and no other."""
    complaints = wait_until(browser.complaints, "an error in the browser's console")
    tap.ok(complaints and all(f"status of {status}" in text for text in complaints), f"the browser's console has only the expected {status}",
           "\n".join(complaints))


def check_missing_image(browser):
    browser.click("#image button")
    browser.await_that("return document.querySelector('#image .result .wrong')")
    tap.equal(browser.run(TEXT_OF, "#image .result .wrong"), "图片加载失败", "the page shows in Chinese that an image cannot be loaded")
    check_complaint(browser, 404)


def check_calculator(browser):
    for operator, result in (("add", "9.0"), ("subtract", "5.0"), ("multiply", "14.0"), ("divide", "3.5")):
        browser.choose(f"#calculator [value={operator}]")
        browser.click("#calculator button")
        browser.await_that(DONE, "calculator", operator)
        tap.equal(browser.run(TEXT_OF, "#calculator output"), f"= {result}", f"{operator} by mouse gives {result}")


def focus(browser):
    """Return what has the focus: the form, and the name or the text of the control."""
    return browser.run("""const at = document.activeElement;
        return at === document.body ? '' :
            [at.form ? at.form.id : '', at.name || at.lang || at.textContent.trim()].filter(Boolean).join(' ')""")


def check_keyboard(browser, url):
    """Check that every control can be reached and used by keyboard."""
    browser.open(url)
    order, unseen = [], []
    for _ in range(60):
        browser.press("TAB")
        at = focus(browser)
        if not at or at in order:
            break
        order.append(at)
        if browser.run("return getComputedStyle(document.activeElement).outlineStyle") == "none":
            unseen.append(at)
    tap.equal(unseen, [], "each control shows that it has the focus")
    visible = browser.run("""return [...document.querySelectorAll('a, button, input, select, textarea')].filter(
        (control) => control.checkVisibility() && !control.disabled && !(control.type === 'radio' && !control.checked)).length""")
    tap.equal(len(order), visible, f"the tab key reaches all controls: {', '.join(order)}")

    browser.run("document.querySelector('#segment textarea').focus()")
    browser.replace("小明硕士毕业于中国科学院计算所")
    browser.press("TAB", "ARROW_RIGHT", "ARROW_RIGHT")  # the third mode
    while focus(browser) != "segment 分词":
        browser.press("TAB")
    browser.press("ENTER")
    browser.await_that(DONE, "segment", "mode=search")
    tap.ok("科学院" in browser.run(WORDS), "a text is segmented by keyboard alone", browser.run(WORDS))
    browser.run("document.querySelector('#image button').focus()")
    browser.press("SPACE")
    browser.await_that("return document.querySelector('#image img')")
    tap.ok(True, "an image is shown by keyboard alone")
    browser.run("document.querySelector('[name=num1]').focus()")
    browser.replace("1e3")
    browser.press("TAB", "HOME", "ARROW_DOWN", "ARROW_DOWN", "TAB")
    browser.replace("-0.25")
    browser.press("ENTER")
    browser.await_that(DONE, "calculator", "multiply")
    tap.equal(browser.run(TEXT_OF, "#calculator output"), "= -250.0", "a product is calculated by keyboard alone")


def check_errors(browser):
    """Check that errors are shown in the language of the page, and announced to screen readers."""
    browser.run("document.querySelector('[name=num2]').focus()")
    browser.replace("zwei")
    browser.press("ENTER")
    browser.await_that("return document.querySelector('#calculator .wrong').innerText")
    tap.equal(browser.run(TEXT_OF, "#calculator .wrong"), "请输入有效的数字", "the page shows an error of the calculator in Chinese")
    check_complaint(browser, 400)
    tap.equal(browser.run(TEXT_OF, "#calculator .result"), "", "an error replaces the result")
    browser.click(".languages [value=en]")
    tap.equal(browser.run(TEXT_OF, "#calculator .wrong"), "Invalid input", "changing the language translates the error that is shown")
    roles = browser.run("""return [...document.querySelectorAll('form')].map((form) =>
        [form.querySelector('.wrong').getAttribute('role'), form.querySelector('.result').getAttribute('aria-live')])""")
    tap.equal(set(map(tuple, roles)), {("alert", "polite")}, "errors and results are live regions")
    browser.click(".languages [value=zh]")


def check_names(browser):
    """Check that every control has an accessible name, as the browser computes it."""
    nodes = browser.command("Accessibility.getFullAXTree")["nodes"]
    roles = {"button", "checkbox", "radio", "textbox", "combobox", "spinbutton", "link", "image", "region", "group"}
    named = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]
             and node.get("role", {}).get("value") in roles]
    without = [role for role, name in named if not name]
    tap.ok(len(named) > 20 and not without, f"{len(named)} controls have accessible names", named)


def check_languages(browser, language, first, second):
    tap.equal(browser.run("return [navigator.language, document.documentElement.lang]"), [language, first],
              f"the page begins in the language of the browser, {language}")
    texts = browser.run("return [...document.querySelectorAll('[data-t]')].map((element) => element.textContent)")
    browser.click(f".languages [value={second[:2]}]")
    others = browser.run("return [...document.querySelectorAll('[data-t]')].map((element) => element.textContent)")
    same = [text for text, other in zip(texts, others) if text == other]
    tap.ok(len(texts) > 20 and not same, f"every text of the page changes from {first} to {second}", same)
    tap.equal(browser.run("return document.documentElement.lang"), second, f"a click changes the language of the document to {second}")
    browser.click(f".languages [value={first[:2]}]")


def show_all(browser):
    """Fill in and send every form, with every option, so that all results are shown."""
    browser.run("""document.querySelector('#segment textarea').value = '他来到了网易杭研大厦，小明硕士毕业于中国科学院计算所';
        for (const option of document.querySelectorAll('#segment [type=checkbox], #segment [value=accurate]')) {
            option.checked = true;
            option.dispatchEvent(new Event('change', {bubbles: true}));
        }
        for (const form of document.forms) if (form.checkVisibility()) form.requestSubmit()""")
    browser.await_that("""return [...document.forms].every((form) => !form.checkVisibility() ||
        form.querySelector('.result').ariaBusy === 'false' && form.querySelector('.asked'))""")
    browser.await_that("return document.querySelector('#image img').complete")


def check_sizes(browser):
    """Check that nothing is wider than the window, and take pictures."""
    show_all(browser)
    for scheme in "light", "dark":
        for name, width in SIZES.items():
            browser.look(width, scheme=scheme)
            wide = browser.run("""return [document.documentElement.scrollWidth - document.documentElement.clientWidth,
                [...document.querySelectorAll('body *')].filter((element) => !element.closest('.scroll, .unseen') &&
                    element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5).map((element) => element.outerHTML.slice(0, 80))]""")
            tap.equal(wide, [0, []], f"in {scheme} colours, nothing overflows a {name} of {width} px")
            colour = browser.run("return getComputedStyle(document.body).backgroundColor")
            shade = sum(map(int, re.findall(r"\d+", colour)[:3])) / 3
            tap.ok((shade > 128) == (scheme == "light"), f"the page on a {name} has a {scheme} background", colour)
            browser.shot(os.path.join(PICTURES, f"{name}-{scheme}.png"))
    browser.look(SIZES["desktop"])


def check_quiet(browser, hosts):
    complaints = browser.complaints()
    tap.ok(not complaints, "the browser's console has no message", "\n".join(complaints))
    strange = {url for url in browser.asked() if urllib.parse.urlsplit(url).scheme != "data"
               and urllib.parse.urlsplit(url).netloc not in hosts}
    tap.equal(strange, set(), "the page loads nothing from another host")


def serve_images():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Images)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def check_page(url, host, edit):
    with Browser("zh-CN") as browser:
        browser.look(SIZES["desktop"])
        browser.open(url)
        check_languages(browser, "zh-CN", "zh-CN", "en")
        check_words(browser)
        check_tags(browser)
        check_explanation(browser)
        check_keywords(browser)
        check_image(browser, host)
        check_tag_and_seed(browser)
        check_calculator(browser)
        check_keyboard(browser, url)
        check_names(browser)
        check_sizes(browser)
        check_quiet(browser, {urllib.parse.urlsplit(address).netloc for address in (url, host)})
        check_errors(browser)
        edit(f"DELETE FROM images; INSERT INTO images (url) VALUES ('{host}none.jpg');",
             lambda client: b"none" in client.get("/random-image").body)
        check_missing_image(browser)
    with Browser("en-GB") as browser:
        browser.look(SIZES["desktop"])
        browser.open(url)
        check_languages(browser, "en-GB", "en", "zh-CN")
        check_quiet(browser, {urllib.parse.urlsplit(url).netloc})


tap.plan(65)
images = serve_images()
HOST = f"http://127.0.0.1:{images.server_port}/"
with Service(f"DELETE FROM images; INSERT INTO images (url, tag) VALUES ('{HOST}one.png', 'cat'), ('{HOST}two.png', 'dog');") as service:
    def edit(statements, is_seen):
        """Edit the store, and wait until the service answers from the new data."""
        sql(service.db, statements)
        with Client(service.port) as client:
            wait_until(lambda: is_seen(client), f"the edit to be served: {statements}")

    check_page(f"http://127.0.0.1:{service.port}/", HOST, edit)
    ended_well(service)
tap.done()
