"""What the page copies: words, JSON, link, and the line for the shell."""

import json
import re
import subprocess

import tap

RESULTS = 6
# Texts that a shell, curl or a terminal would change if the line did not quote them.
HARD_TEXTS = ["我来到北京", "@/etc/passwd 我", "it's 'quoted' \"twice\" 我'", "一行\n两行\t表\\n", "$HOME `id` $(id) !! \\ 我", "a&b=c+d%41#e?f;g|h", "-d 我",
              "😀𠮷 👨‍👩‍👧", "\x7f\x85我", "{\"text\": [1]}", "我来到北京清华大学'" * 300]


def check_buttons(page):
    page.open(lang="zh", pos="1", open="")
    tap.equal(page.copied("#copy-words"), "我 来到 北京 清华大学", "the words are copied")
    page.click("#json summary")
    raw = page.copied("#copy-json")
    tap.ok(json.loads(raw)["tags"] == ["r", "v", "ns", "nt"] and page.run("return document.getElementById('json-text').textContent") == raw, "the JSON is shown, and copied, as it came", raw)
    tap.equal(page.copied("#copy-link"), page.run("return location.href"), "the link is copied")
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('not secure'))")
    tap.equal(page.copied("#copy-words"), "我 来到 北京 清华大学", "the words are copied where the page is not secure")
    page.run("delete navigator.clipboard.writeText")


def check_curl(page):
    page.open(lang="zh", hmm="0", open="json")
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


def check(page):
    check_buttons(page)
    check_curl(page)
