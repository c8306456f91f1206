"""axe-core, which looks for what people cannot use who cannot see well or use a mouse."""

import glob
import os

import tap
from environment import PythonEnvironment, Unavailable

RESULTS = 4


def source():
    """Return the source of axe-core, or an empty text where it cannot be installed."""
    try:
        environment = PythonEnvironment("axe", os.path.join(tap.SOURCE, "t", "page", "requirements.txt"), "--no-deps")
    except Unavailable:
        return ""
    for path in glob.glob(f"{environment.directory}/lib/python*/site-packages/axe_playwright_python/axe.min.js"):
        with open(path, encoding="utf-8") as file:
            return file.read()
    raise RuntimeError(f"{environment.directory} has no axe.min.js")


def check(page, script):
    """axe-core finds nothing, in both languages and themes, with everything open, and a request that failed. Of a theme only
    the contrast can be another."""
    if not script:
        tap.skip(RESULTS, "axe-core cannot be installed")
        return
    run = """const done = arguments[1]; axe.run(document, {resultTypes: ['violations'], ...arguments[0]}).then(({violations}) =>
        done(violations.map(({id, nodes}) => [id, nodes.map(({target, failureSummary}) => target + ': ' + failureSummary)])))"""
    everything = {"text": "他来到了网易杭研大厦，小明", "pos": "1", "offsets": "1", "word": "4-6", "open": "api-segment,graph,json", "num2": "0"}
    page.run(script)
    for language in "zh", "en":
        page.open(**everything, lang=language)
        for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
            page.browser.look(1280, scheme=scheme)
            page.browser.await_that("return [...document.querySelectorAll('.answer')].every((answer) => getComputedStyle(answer).opacity === '1')")
            tap.equal(page.browser.driver.execute_async_script(run, rules), [], f"axe-core finds nothing in {language}, {scheme}")
    page.browser.complaints()
    page.browser.look(1280)
