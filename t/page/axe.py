"""axe-core, which looks for what people cannot use who cannot see well or use a mouse."""

import glob
import os

import tap
from environment import PythonEnvironment, Unavailable

RESULTS = 2


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


def findings(page, **options):
    """Return what axe-core finds: the names of its rules, each with the elements."""
    return page.browser.driver.execute_async_script("""const [options, done] = arguments;
        axe.run(document, {resultTypes: ['violations'], ...options}).then(({violations}) =>
            done(violations.map(({id, nodes}) => [id, nodes.map(({target, failureSummary}) => target + ': ' + failureSummary)])))""", options)


def check(page, script):
    """axe-core finds nothing with everything open, and a request that failed. Contrast takes it most of the time: the colours are those
    of the theme, in each language."""
    if not script:
        tap.skip(RESULTS, "axe-core cannot be installed")
        return
    everything = {"text": "他来到了网易杭研大厦，小明", "pos": "1", "offsets": "1", "word": "4-6", "open": "api-segment,graph,json", "num2": "0"}
    page.run(script)
    page.open(**everything, lang="zh")
    tap.equal(findings(page), [], "axe-core finds nothing in Chinese, in light colours")
    page.browser.look(1280, scheme="dark")
    page.open(**everything, lang="en")
    tap.equal(findings(page), [], "axe-core finds nothing in English, in dark colours")
    page.browser.complaints()
    page.browser.look(1280)
