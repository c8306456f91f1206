"""Every control can be reached and used by keyboard alone."""

import tap
from page import WORDS
from wait import wait_until

RESULTS = 3
# Record each element that gets the focus: its name, and whether it shows the focus.
RECORD = """window.focused = [];
    addEventListener('focusin', ({target: at}) => {
        const look = getComputedStyle(at), label = at.closest('label'), box = at.querySelector('rect');
        focused.push([at.id || at.name || at.value || at.textContent.trim(), look.outlineStyle !== 'none' ||
            Boolean(box) && getComputedStyle(box).strokeWidth === '4px' || Boolean(label) && getComputedStyle(label).outlineStyle !== 'none']);
    })"""
REACHABLE = """return [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex="0"]')].filter((control) =>
    control.tabIndex >= 0 && control.checkVisibility() && !control.disabled && !(control.type === 'radio' && !control.checked)).length"""


def check_order(page):
    page.load(lang="zh", open="api-calculator,graph,json", word="7-9")
    page.run(RECORD)
    reachable = page.run(REACHABLE)
    page.press(*["TAB"] * (reachable + 1))
    focused, last = page.run("return [focused, document.activeElement.tagName]")
    tap.equal([name for name, is_seen in focused if not is_seen], [], "each control shows that it has the focus")
    tap.equal((len(focused), last), (reachable, "BODY"), f"the tab key reaches all controls: {', '.join(name for name, _ in focused)}")


def check_use(page):
    browser = page.browser

    def asked():
        return [request for request in page.proxy.requests if "/segment?text=小明" in request and "mode=search" in request]
    page.run("document.getElementById('text').focus()")
    browser.replace("小明硕士毕业于中国科学院计算所")
    while page.run("return document.activeElement.name") != "mode":
        page.press("TAB")
    page.press("ARROW_RIGHT", "ARROW_RIGHT")
    browser.await_that(WORDS + ".includes('科学院')")
    n = len(asked())
    browser.press_with("CONTROL", "ENTER")
    wait_until(lambda: len(asked()) > n, "another request")
    page.settle()
    tap.ok(True, "a text is segmented in another mode by keyboard alone, and again by Ctrl+Enter")


def check(page):
    check_order(page)
    check_use(page)
