"""The page in windows of each size, on paper, and for a reader who wants less motion."""

import os
import re

import tap

RESULTS = 7
PICTURES = os.path.join(tap.BUILD, "t-page")
WIDTHS = [320, 360, 640, 768, 1280, 2560]  # 640: 1280 at 200 % zoom
TEXT = "他来到了网易杭研大厦，机器学习让计算机从数据中学习。" + "a" * 90


def overflow(page):
    """Return by how much the page is wider than the window, and which elements are wider than the window or their card."""
    return page.run("""const width = document.documentElement.clientWidth, right = (element) => element.getBoundingClientRect().right;
        const edges = new Map([...document.querySelectorAll('.card')].map((card) => [card, right(card) - parseFloat(getComputedStyle(card).paddingRight)]));
        return [document.documentElement.scrollWidth - width, [...document.querySelectorAll('body *')].filter((element) => !element.closest('.graph, .unseen, .skip, .bar, details:not([open])') &&
            right(element) > (edges.get(element.parentElement?.closest('.card')) ?? width) + 0.5).map((element) => element.outerHTML.slice(0, 80))]""")


def check_sizes(page, language, scheme, widths, pictured):
    """Nothing is too wide, and pictures are taken."""
    page.open(lang=language, text=TEXT, pos="1", open="api-segment,graph,json", word="4-6")
    found = {}
    for width in widths:
        page.browser.look(width, scheme=scheme)
        found[width] = overflow(page)
        if width in pictured:
            page.browser.shot(os.path.join(PICTURES, f"{width}-{language}-{scheme}.png"))
    tap.equal(found, dict.fromkeys(widths, [0, []]), f"nothing overflows windows of {', '.join(map(str, widths))} px in {language}, {scheme}")
    shade = sum(map(int, re.findall(r"\d+", page.run("return getComputedStyle(document.body).backgroundColor"))[:3])) / 3
    tap.ok((shade > 128) == (scheme == "light"), f"the background is {scheme}", shade)


def check_order(page):
    page.browser.look(360)
    tops = page.run("return ['segmenter', 'graph', 'keywords'].map((id) => document.getElementById(id).getBoundingClientRect().top)")
    tap.equal(tops, sorted(tops), "in a narrow window the graph follows the words, and the keywords the graph")
    page.browser.look(1280)


def check_paper(page):
    page.open(lang="zh", word="0-1")
    page.browser.command("Emulation.setEmulatedMedia", media="print")
    visible = "return arguments[0].map((selector) => document.querySelector(selector).checkVisibility())"
    tap.equal(page.run(visible, [".words", ".graph svg", "#keywords table", "#examples", "#theme", "#copy-words", "#calculator", "#api"]), [True] * 3 + [False] * 5, "paper shows words, graph and keywords, and nothing else")
    page.browser.command("Emulation.setEmulatedMedia", media="")


def check_motion(page):
    motion = {}
    for wanted in "no-preference", "reduce":
        page.browser.look(1280, motion=wanted)
        motion[wanted] = page.run("""document.getElementById('segmenter').dataset.state = 'pending';
            return [getComputedStyle(document.querySelector('#segmenter .bar'), '::after').animationName, getComputedStyle(document.querySelector('.answer')).transitionDuration]""")
    tap.equal(motion, {"no-preference": ["wait", "0.12s"], "reduce": ["none", "0s"]}, "nothing moves for a reader who wants less motion")


def check(page):
    check_sizes(page, "zh", "light", WIDTHS, pictured=[360, 768, 1280, 2560])
    check_order(page)
    check_sizes(page, "en", "dark", [320, 1280], pictured=[1280])
    check_paper(page)
    check_motion(page)
