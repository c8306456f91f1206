#!/usr/bin/python3
"""The page at / in a headless Chromium, through nginx and a proxy that makes it slow or faulty: each panel by mouse, by keyboard and
by link, in both languages and themes, from 320 to 2560 px, on paper, without script, and with axe-core. Leaves pictures of it in
t-page/ of the build directory."""

import glob
import gzip
import http.server
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
import urllib.parse
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import page_texts
import tap
from environment import PythonEnvironment, Unavailable
from faulty_proxy import FaultyProxy
from http_client import Client
from page import STATE, WORDS, Page
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
WIDTHS = 320, 360, 640, 768, 1280, 2560  # 640: 1280 at 200 % zoom
PICTURED = {"light": (360, 768, 1280, 2560), "dark": (1280,)}
MOST_BYTES = 60000  # of the page, compressed
PARAGRAPH = "机器学习让计算机从数据中学习。深度学习是机器学习的一个分支，用多层神经网络处理图像、语音和文本数据。"
# Texts that a shell, curl or a terminal would change if the line did not quote them.
HARD_TEXTS = ["我来到北京", "@/etc/passwd 我", "it's 'quoted' \"twice\" 我'", "一行\n两行\t表\\n", "$HOME `id` $(id) !! \\ 我", "a&b=c+d%41#e?f;g|h", "-d 我",
              "😀𠮷 👨‍👩‍👧", "\x7f\x85我", "{\"text\": [1]}", "我来到北京清华大学'" * 300]


class Images(http.server.BaseHTTPRequestHandler):
    """The host of the images. It answers 404 to a path without .png."""

    def do_GET(self):
        found = self.path.endswith(".png")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/png" if found else "text/plain")
        self.end_headers()
        self.wfile.write(png(64, 40) if found else b"none")

    def log_message(self, *_):
        pass


def png(width, height):
    """Return a PNG of one colour."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = (b"\0" + b"\x0b\x6e\x5f" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def check_source(client, page_text):
    """What can be seen without a browser."""
    policy = client.get("/").headers["content-security-policy"]
    tap.ok(re.fullmatch(r"default-src 'none'; script-src( 'sha256-\S+'){2}; style-src 'sha256-\S+'; img-src http: https: data:; connect-src 'self'; "
                        r"base-uri 'none'; form-action 'none'; frame-ancestors 'none'", policy), "the policy allows the page's own scripts and style alone", policy)
    size = len(gzip.compress(page_text.encode()))
    tap.ok(size < MOST_BYTES, f"the page has {size} bytes, compressed", size)
    tap.equal(page_texts.problems(page_text), [], "each text of the page has its Chinese, and no Chinese is left over")
    description = json.loads(client.get("/openapi.json").body)
    tap.equal(page_texts.left_over(page_text, description), [], "no Chinese of the reference is left over")


def check_languages(page):
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
    browser.choose("#theme [value='']")
    page.run("localStorage.clear()")
    broken = browser.command("Page.addScriptToEvaluateOnNewDocument", source="Storage.prototype.getItem = Storage.prototype.setItem = () => { throw new Error('off'); }")
    page.load()
    page.click("#language [value=en]")
    tap.equal((page.run("return document.documentElement.lang"), browser.complaints()), ("en", []), "the page works without storage")
    browser.command("Page.removeScriptToEvaluateOnNewDocument", **broken)
    page.load(lang="zh")


def check_words(page):
    tap.equal(page.run(WORDS), ["我", "来到", "北京", "清华大学"], "the page opens with an example and its words")
    tap.equal(page.text_of("#segmenter .status"), "4 个词", "the status counts the words")
    page.click("#segmenter [value=full]")
    page.await_words("我", "来到", "北京", "清华", "清华大学", "华大", "大学")
    tap.equal(page.run("return ['pos', 'offsets'].map((id) => document.getElementById(id).disabled)"), [True, True], "full mode has no tags and positions")
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
    page.type("#text", " ")
    page.press("BACK_SPACE")
    page.await_state("segmenter", "empty")
    tap.equal(page.run("return [...document.querySelectorAll('[data-copy]')].every((button) => button.disabled)"), True, "an empty text has no words to copy")
    page.click("#examples button:nth-of-type(2)")
    page.await_state("segmenter", "done")
    tap.equal(page.run("return document.getElementById('text').value"), "乒乓球拍卖完了", "a click on an example segments it")


def check_links(page):
    """Each state is in the address, so that a link, reload, back and forward show it."""
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
    long = "我来到北京清华大学。" * 260
    page.set_text(long)
    page.settle()
    tap.ok("text" not in page.state() and "无法放入地址" in page.text_of("#segmenter .status"), "a long text is not in the address, and the page says so", page.state())
    tap.ok(any(request.startswith("POST /segment") for request in page.proxy.requests), "a long text is sent by POST")
    page.browser.reload()
    page.settle()
    tap.equal(page.run("return [document.getElementById('text').value === arguments[0], document.querySelectorAll('.words li').length]", long),
              [True, 1300], "a reload keeps a long text")


def check_graph(page, edit):
    page.open(lang="zh", text="他来到了网易杭研大厦")
    notes = """return [...document.querySelectorAll('#graph .note')].filter((note) => note.checkVisibility()).map((note) => note.dataset.about ?? '')"""
    said = {}
    for control in "[value=full]", "[value=search]", "[value=accurate]", "#pos", "#pos":
        page.click(f"#segmenter {control}")
        said.setdefault(control, []).append(page.run(notes))
    tap.equal(said, {"[value=full]": [["", "full"]], "[value=search]": [["", "search"]], "[value=accurate]": [[""]], "#pos": [["", "pos"], [""]]},
              "a note says where the words are not those of the graph")
    page.settle()
    groups = "return [...document.querySelectorAll('.word.%s')].map((group) => group.word.word)"
    tap.equal("".join(page.run(groups % "best")), "他来到了网易杭研大厦", "the graph marks the best path")
    tap.equal(page.run(groups % "made"), ["杭研"], "the graph marks the word that the model made")
    tap.ok("−8.83" in page.run("return [...document.querySelectorAll('.word')].map((group) => group.textContent).join()"), "each word has its log probability")
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
    drag = page.browser.drag(".graph", -120)
    tap.ok(drag[1] > drag[0] and not page.state().get("word"), "a mouse that drags pans, and selects nothing", drag)
    page.run("document.querySelector('.word[tabindex=\"0\"]').focus()")
    page.press("ARROW_RIGHT", "ARROW_RIGHT", "0", "+", "ENTER")
    tap.equal((page.run("return document.activeElement.word.word"), page.state()["word"]), ("了", "3-4"), "keys go from word to word, zoom, and select")
    page.press("ARROW_UP")
    tap.ok(page.run("return document.activeElement.classList.contains('candidate')"), "the up key goes to a candidate")
    page.click(".word.made rect")
    tap.ok("INSERT INTO words" in page.text_of("#word-details .changes") and "已验证" in page.text_of("#word-details"), "a click on a word shows the SQL that was tried out")
    statement = page.copied("#word-details li:nth-child(2) button")
    tap.equal(statement, "INSERT INTO words (word, freq) VALUES ('杭研', 0);", "the SQL is copied")
    edit(statement, lambda client: "杭研" not in json.loads(client.get("/segment?text=" + urllib.parse.quote("他来到了网易杭研大厦")).body)["words"])
    page.run("dispatchEvent(new Event('focus'))")
    page.await_words("他", "来到", "了", "网易", "杭", "研", "大厦")
    tap.ok(True, "once it has run, the words change when the reader comes back to the page")
    page.set_text("我" * 1001)
    page.settle()
    tap.equal((page.run(STATE, "graph"), page.text_of("#graph .status")), ("empty", "词图最多支持 1,000 个字符。"), "the page says that a text is too long for the graph")


def check_copies(page):
    page.open(lang="zh", pos="1", open="")
    tap.equal(page.copied("#copy-words"), "我 来到 北京 清华大学", "the words are copied")
    page.click("#json summary")
    raw = page.copied("#copy-json")
    tap.ok(json.loads(raw)["tags"] == ["r", "v", "ns", "nt"] and page.run("return document.getElementById('json-text').textContent") == raw, "the JSON is shown, and copied, as it came", raw)
    tap.equal(page.copied("#copy-link"), page.run("return location.href"), "the link is copied")
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('not secure'))")
    tap.equal(page.copied("#copy-words"), "我 来到 北京 清华大学", "the words are copied where the page is not secure")
    page.load(lang="zh", hmm="0", open="json")
    wrong = []
    for text in HARD_TEXTS:
        page.set_text(text)
        page.await_state("segmenter", "done")
        line = page.run("return document.getElementById('curl-text').textContent")
        done = subprocess.run(["sh", "-c", line], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        answer = json.loads(done.stdout or "{}")
        if "".join(answer.get("words", [])) != text or re.search(r"[\0-\x1f\x7f-\x9f]", line) or answer["words"] != json.loads(page.run("return document.getElementById('json-text').textContent"))["words"]:
            wrong.append((text, line, done.stdout, done.stderr))
    tap.equal(page.copied("#copy-curl"), line, "the curl line is copied")
    tap.equal(wrong, [], f"the curl line gives the words of the page in sh, for {len(HARD_TEXTS)} texts that need quoting")


def check_others(page, edit):
    page.open(lang="zh", text=PARAGRAPH, open="")
    words = "return [...document.querySelectorAll('#keywords tbody th')].map((word) => word.innerText)"
    weighty = page.run(words)
    tap.ok(len(weighty) == 10 and "学习" in weighty, "the keywords of the text stand beside it", weighty)
    page.browser.choose("#keywords [value=textrank]")
    page.type("#keywords [name=top]", "2")
    page.press("TAB")
    page.browser.replace("n")
    page.browser.await_that(words + ".length === 2 && document.getElementById('keywords').dataset.state === 'done'")
    tap.equal(page.state().get("method"), "textrank", "method, number and parts of speech change the keywords")
    page.browser.replace("n,,v")
    page.await_state("keywords", "failed")
    tap.ok("请求有误" in page.text_of("#keywords .problem") and page.run(words) == [], "an invalid option is refused in place of the keywords", page.text_of("#keywords .problem"))
    page.browser.await_that("return document.getElementById('tags').options.length")
    tap.equal(page.run("return [...document.getElementById('tags').options].map((option) => option.value)"), ["cat", "dog"], "the field for a tag offers the tags")
    page.type("#image [name=tag]", "cat")
    page.press("ENTER")
    page.browser.await_that("const image = document.querySelector('#image img'); return image && image.complete && image.naturalWidth")
    tap.equal(page.run("return [document.querySelector('#image img').src, document.querySelector('#image a').href]"), [page.host + "one.png"] * 2, "Enter shows an image with the tag, and its address")
    page.type("#image [name=tag]", "none")
    page.press("ENTER")
    page.await_state("image", "failed")
    page.type("#calculator [name=num1]", "10")
    for operator, result in (("add", "= 12.0"), ("subtract", "= 8.0"), ("multiply", "= 20.0"), ("divide", "= 5.0")):
        page.browser.choose(f"#calculator [value={operator}]")
        page.browser.await_that("return document.querySelector('#calculator output')?.innerText === arguments[0]", result)
    page.type("#calculator [name=num2]", "0")
    page.await_state("calculator", "failed")
    tap.ok(True, "the calculator follows its controls, and says that it cannot divide by zero")
    edit(f"DELETE FROM images; INSERT INTO images (url) VALUES ('{page.host}none.jpg');", lambda client: b"none" in client.get("/random-image").body)
    page.open(lang="zh", image="1", open="")
    page.browser.await_that("return document.querySelector('#image .failure')")
    tap.equal(page.text_of("#image .failure"), "图片加载失败，请换一张试试。", "the page says that the host does not send an image")


def check_slow(page, proxy):
    """The answer to the latest text wins, and an older one never looks current."""
    page.open(lang="zh", open="")  # the graph is not part of this
    with proxy.held("text=慢"):
        page.set_text("慢慢来")
        page.await_state("segmenter", "pending")
        dim = page.run("""const panel = document.getElementById('segmenter');
            return [panel.querySelector('.answer').ariaBusy, panel.querySelector('.status').innerText, document.getElementById('copy-words').disabled]""")
        tap.equal(dim, ["true", "正在分词…", True], "an older answer is busy, says that it waits, and cannot be copied")
        page.browser.await_that("return getComputedStyle(document.querySelector('#segmenter .answer')).opacity < 0.5")
        tap.ok(True, "an older answer is dimmed")
        page.browser.await_that("return document.querySelector('#segmenter .status').innerText.includes('仍在等待')")
        tap.ok(True, "the page says that it still waits")
        page.set_text("快快来")
        page.await_state("segmenter", "done")
        fast = page.run(WORDS)
    page.settle()
    page.run("return fetch('calculator?num1=1&num2=1&operator=add')")  # behind the answer that was held
    tap.equal((fast, page.run(WORDS)), (["快快", "来"],) * 2, "the answer to the latest text wins over one that comes later")


def check_failures(page, proxy):
    """Each way to fail is named, with what to do, and can be mended."""
    page.open(lang="zh", open="")
    json_type = ("Content-Type", "application/json")
    def refusal(**members):
        return json.dumps(members, ensure_ascii=False).encode()
    cases = [(proxy.answering("/segment", 503, refusal(error="The service is overloaded")), "服务繁忙", "请稍候"),
             (proxy.answering("/segment", 413, refusal(error="Request body too large")), "文本过长", "分多次发送"),
             (proxy.answering("/segment", 500, refusal(error="Internal server error")), "服务内部错误", "日志"),
             (proxy.answering("/segment", 504, b"<html>"), "服务响应超时", "HTTP 504"),
             (proxy.answering("/segment", 200, b"<html>log in</html>"), "并非来自本服务", "登录网络"),
             (proxy.dropping("/segment"), "无法连接服务", "是否在运行"),
             (proxy.answering("/segment", 400, refusal(error="Invalid mode", detail="mode 无效：可用 accurate、full、search", parameter="text")), "请求有误", "可用 accurate")]
    shown, marked = [], ""
    for number, (fault, title, advice) in enumerate(cases):
        with fault:
            page.set_text(f"失败{number}")
            page.await_state("segmenter", "failed")
            text = page.text_of("#segmenter .problem")
            marked = page.run("return document.getElementById('text').getAttribute('aria-invalid')")
            shown.append(title in text and advice in text and "重试" in text and page.run(WORDS) == [] or text)
    tap.equal(shown, [True] * len(cases), "each failure has its title, what to do and a button in place of the words")
    tap.equal(marked, "true", "the control that the service complains about is marked")
    page.click("#segmenter .problem button")
    page.await_state("segmenter", "done")
    tap.equal(page.run("return [document.querySelector('#segmenter .problem').innerText, document.getElementById('text').getAttribute('aria-invalid')]"), ["", None],
              "the button asks again, and the failure goes")
    with proxy.answering("/segment", 429, refusal(error="Too many requests"), (json_type, ("Retry-After", "1"))):
        page.set_text("请求太多")
        page.await_state("segmenter", "failed")
        text = page.text_of("#segmenter .problem")
    page.await_state("segmenter", "done")
    tap.ok("请求过于频繁" in text and "1 秒后自动重试" in text, "429 says when the page asks again, and it does", text)
    page.browser.command("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.set_text("断网")
    page.await_state("segmenter", "failed")
    text = page.text_of("#segmenter .problem")
    page.browser.command("Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1)
    page.await_state("segmenter", "done")
    tap.ok("网络已断开" in text, "the page says that it is offline, and asks again when it is online", text)
    with proxy.answering("/openapi.json", 502, b"{}"):
        page.browser.reload(page.url + "#lang=zh")
        page.browser.await_that("return document.querySelector('#api-list .problem')")
        tap.ok("服务不可用" in page.text_of("#api-list .problem"), "the reference says why it cannot be loaded", page.text_of("#api-list"))
    page.click("#api-list button")
    page.settle()
    page.browser.complaints()  # the browser logs each failure


def check_reference(page):
    page.open(lang="zh", open="api-segment")
    tap.equal(page.run("return [...document.querySelectorAll('#api-list [lang=en]')].map((element) => element.textContent)"), [], "each text of the reference has its Chinese")
    known = page.run("return [...document.querySelectorAll('#api-list summary')].map((summary) => summary.innerText.split(/\\s+/).slice(0, 2).join(' '))")
    tap.ok({"GET /segment", "POST /segment", "GET /keywords", "GET /random-image", "GET /calculator", "GET /openapi.json"} <= set(known), "the reference has every operation", known)
    names = page.run("return [...document.querySelectorAll('#api-segment dl:first-of-type dt code')].map((name) => name.textContent)")
    tap.equal(set(names), {"text", "mode", "hmm", "pos", "offsets", "explain"}, "an operation lists its parameters")
    page.browser.choose("#api-segment select[name=mode] option:nth-of-type(2)")
    page.click("#api-segment form button")
    answer = page.browser.await_that("return document.querySelector('#api-segment form pre')?.innerText")
    tap.ok("华大" in answer and "mode=full" in page.text_of("#api-segment form .line"), "an operation is tried in place, with its curl line", answer)
    page.click("#api-calculator summary")
    page.browser.await_that("return location.hash.includes('api-calculator')")
    page.click("#language [value=en]")
    tap.ok(page.run("return document.getElementById('api-calculator').open") and "Add, subtract" in page.text_of("#api-calculator summary"),
           "an open operation is in the address, and stays open in the other language")


def focus(browser):
    """Return the name of what has the focus, and whether it shows that."""
    return browser.run("""const at = document.activeElement, look = getComputedStyle(at), label = at.closest('label'), box = at.querySelector('rect');
        return [at === document.body ? '' : at.id || at.name || at.value || at.textContent.trim(), look.outlineStyle !== 'none' ||
            Boolean(box) && getComputedStyle(box).strokeWidth === '4px' || Boolean(label) && getComputedStyle(label).outlineStyle !== 'none']""")


def check_keyboard(page):
    """Every control can be reached and used by keyboard alone."""
    browser = page.browser
    page.load(lang="zh", open="api-calculator,graph,json", word="7-9")
    order, unseen = [], []
    for _ in range(80):
        page.press("TAB")
        name, is_seen = focus(browser)
        if not name:
            break
        order.append(name)
        if not is_seen:
            unseen.append(name)
    tap.equal(unseen, [], "each control shows that it has the focus")
    reachable = page.run("""return [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex="0"]')].filter(
        (control) => control.checkVisibility() && !control.disabled && !(control.type === 'radio' && !control.checked)).length""")
    tap.equal(len(order), reachable, f"the tab key reaches all controls: {', '.join(order)}")
    page.run("document.getElementById('text').focus()")
    browser.replace("小明硕士毕业于中国科学院计算所")
    while page.run("return document.activeElement.name") != "mode":
        page.press("TAB")
    page.press("ARROW_RIGHT", "ARROW_RIGHT")
    browser.await_that(WORDS + ".includes('科学院')")
    n = len([request for request in page.proxy.requests if "/segment?text=小明" in request and "mode=search" in request])
    browser.press_with("CONTROL", "ENTER")
    wait_until(lambda: len([request for request in page.proxy.requests if "/segment?text=小明" in request and "mode=search" in request]) > n, "another request")
    page.settle()
    tap.ok(True, "a text is segmented in another mode by keyboard alone, and again by Ctrl+Enter")


def check_axe(page, axe):
    """axe-core finds nothing, in both languages and themes, with everything open, and a request that failed. Of a theme only
    the contrast can be another."""
    if not axe:
        tap.skip(4, "axe-core cannot be installed")
        return
    run = """const done = arguments[1]; axe.run(document, {resultTypes: ['violations'], ...arguments[0]}).then(({violations}) =>
        done(violations.map(({id, nodes}) => [id, nodes.map(({target, failureSummary}) => target + ': ' + failureSummary)])))"""
    everything = {"text": "他来到了网易杭研大厦，小明", "pos": "1", "offsets": "1", "word": "4-6", "open": "api-segment,graph,json", "num2": "0"}
    page.run(axe)
    for language in "zh", "en":
        page.open(**everything, lang=language)
        for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.browser.look(1280, scheme=scheme)
            page.browser.await_that("return [...document.querySelectorAll('.answer')].every((answer) => getComputedStyle(answer).opacity === '1')")
            tap.equal(page.browser.driver.execute_async_script(run, rules), [], f"axe-core finds nothing in {language}, {scheme}")
    page.browser.complaints()
    page.browser.look(1280)


def check_sizes(page):
    """Nothing is wider than the window or its card, and pictures are taken."""
    wide = """const width = document.documentElement.clientWidth, right = (element) => element.getBoundingClientRect().right;
        const edges = new Map([...document.querySelectorAll('.card')].map((card) => [card, right(card) - parseFloat(getComputedStyle(card).paddingRight)]));
        return [document.documentElement.scrollWidth - width, [...document.querySelectorAll('body *')].filter((element) => !element.closest('.graph, .unseen, .skip, .bar, details:not([open])') &&
            right(element) > (edges.get(element.parentElement?.closest('.card')) ?? width) + 0.5).map((element) => element.outerHTML.slice(0, 80))]"""
    for language, scheme in (("zh", "light"), ("en", "dark")):
        page.open(lang=language, text="他来到了网易杭研大厦，" + PARAGRAPH, pos="1", open="api-segment,graph,json", word="4-6")
        found = {}
        for width in WIDTHS if scheme == "light" else (WIDTHS[0], 1280):
            page.browser.look(width, scheme=scheme)
            found[width] = page.run(wide)
            if width in PICTURED[scheme]:
                page.browser.shot(os.path.join(PICTURES, f"{width}-{language}-{scheme}.png"))
        tap.equal({width: wide for width, wide in found.items() if wide != [0, []]}, {}, f"nothing overflows windows of {list(found)} px in {language}, {scheme}")
        shade = sum(map(int, re.findall(r"\d+", page.run("return getComputedStyle(document.body).backgroundColor"))[:3])) / 3
        tap.ok((shade > 128) == (scheme == "light"), f"the background is {scheme}", shade)
    page.browser.look(1280)


def check_media(page):
    """On paper, and with reduced motion."""
    page.open(lang="zh", word="0-1")
    page.browser.command("Emulation.setEmulatedMedia", media="print")
    visible = "return arguments[0].map((selector) => document.querySelector(selector).checkVisibility())"
    tap.equal(page.run(visible, [".words", ".graph svg", "#keywords table", "#examples", "#theme", "#copy-words"]), [True] * 3 + [False] * 3, "paper shows words, graph and keywords, and no controls")
    page.browser.command("Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    moving = page.run("""document.getElementById('segmenter').dataset.state = 'pending';
        return [getComputedStyle(document.querySelector('#segmenter .bar'), '::after').animationName, getComputedStyle(document.querySelector('.answer')).transitionDuration]""")
    tap.equal(moving, ["none", "0s"], "nothing moves for a reader who wants less motion")
    page.browser.look(1280)


def check_without_script(page, client):
    browser = page.browser
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.driver.get(page.url)
    links = [urllib.parse.urlsplit(link.get_attribute("href")) for link in browser.driver.find_elements("css selector", "noscript a")]
    shown = [element.is_displayed() for element in (browser.find("noscript h2"), browser.find("#text"))]
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
    tap.equal(shown, [True, False], "without script the page says so, and shows no controls that do nothing")
    answers = [client.get(f"{link.path}?{link.query}").status for link in links]
    tap.equal(answers, [200, 200, 200, 302, 200, 200], "without script the links work")


def check_quiet(page, hosts):
    complaints = page.browser.complaints()
    tap.equal(complaints, [], "the browser's console has no message")
    strange = {url for url in page.browser.asked() if urllib.parse.urlsplit(url).scheme not in ("data", "about") and urllib.parse.urlsplit(url).netloc not in hosts}
    tap.equal(strange, set(), "the page loads nothing from another host")


def axe_core():
    """Return the source of axe-core, or an empty text where it cannot be installed."""
    try:
        environment = PythonEnvironment("axe", os.path.join(tap.SOURCE, "t", "page", "requirements.txt"), "--no-deps")
    except Unavailable:
        return ""
    for path in glob.glob(f"{environment.directory}/lib/python*/site-packages/axe_playwright_python/axe.min.js"):
        with open(path, encoding="utf-8") as file:
            return file.read()
    raise RuntimeError(f"{environment.directory} has no axe.min.js")


AXE = axe_core()
tap.plan(86)
images = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Images)
threading.Thread(target=images.serve_forever, daemon=True).start()
HOST = f"http://127.0.0.1:{images.server_port}/"
with Service(f"DELETE FROM images; INSERT INTO images (url, tag) VALUES ('{HOST}one.png', 'cat'), ('{HOST}two.png', 'dog');") as service, \
        FaultyProxy(service.port) as proxy, Client(service.port) as client, Browser("zh-CN") as browser:
    def edit(statements, is_seen):
        """Edit the store, and wait until the service answers from the new data."""
        sql(service.db, statements)
        wait_until(lambda: is_seen(client), f"the edit to be served: {statements}")

    page = Page(browser, f"http://127.0.0.1:{proxy.port}/")
    page.proxy, page.host = proxy, HOST
    browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.look(1280)
    check_source(client, client.get("/").body.decode())
    browser.open(page.url)
    page.settle()
    check_languages(page)
    check_words(page)
    check_links(page)
    check_copies(page)
    check_reference(page)
    check_keyboard(page)
    check_sizes(page)
    check_media(page)
    check_quiet(page, {f"127.0.0.1:{proxy.port}", f"127.0.0.1:{images.server_port}"})
    check_axe(page, AXE)
    check_slow(page, proxy)
    check_failures(page, proxy)
    check_graph(page, edit)
    check_others(page, edit)
    check_without_script(page, client)
    ended_well(service)
tap.done()
