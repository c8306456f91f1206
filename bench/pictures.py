#!/usr/bin/python3
"""Take the pictures of the READMEs from the running programs, and write them to docs/images/.

    make -C build pictures                              # measure with `serverful compare --quick` first
    make -C build pictures PICTURES='--results FILE'    # show an earlier comparison

It starts the service as the tests do, opens its page and the report in a headless Chromium, and saves what a reader sees.
It needs Debian's packages chromium, chromium-driver, fonts-noto-cjk and python3-selenium."""

import argparse
import base64
import os
import subprocess
import sys
import tempfile
import urllib.parse

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(SOURCE, "t", "lib"))
import tap
from browser import Browser
from service import Service

IMAGES = os.path.join(SOURCE, "docs", "images")
MOST_BYTES = 250000  # of a picture
SCALE = 1.2  # pixels of a picture per CSS pixel
TEXT = "他来到了网易杭研大厦"  # has a word that the model finds
WIDTH, HEIGHT = 1200, 900  # of the window, in CSS pixels
MARGIN = 12  # around what is shown, in CSS pixels
READY = """return ['segmenter', 'graph', 'keywords', 'calculator'].every((id) => document.getElementById(id).dataset.state === 'done')"""
# The smallest box around all elements that match one of the selectors.
BOX = """const boxes = [...arguments].map((selector) => document.querySelector(selector).getBoundingClientRect());
    const least = (side) => Math.min(...boxes.map((box) => box[side])), most = (side) => Math.max(...boxes.map((box) => box[side]));
    return [least('left'), least('top') + scrollY, most('right'), most('bottom') + scrollY]"""


def open_page(browser, url, scale=SCALE):
    browser.command("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=scale, mobile=False)
    browser.command("Emulation.setScrollbarsHidden", hidden=True)  # the capture has none, and would be laid out anew
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    browser.open(url)


def save(browser, name, *selectors):
    """Save the part of the page that holds the elements, as docs/images/NAME."""
    left, top, right, bottom = browser.run(BOX, *selectors)
    left, top = max(0, left - MARGIN), max(0, top - MARGIN)
    clip = {"x": left, "y": top, "width": min(WIDTH, right + MARGIN) - left, "height": bottom + MARGIN - top, "scale": 1}
    data = base64.b64decode(browser.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])
    if len(data) >= MOST_BYTES:
        sys.exit(f"pictures: {name} has {len(data):,} bytes; make it smaller than {MOST_BYTES:,}")
    with open(os.path.join(IMAGES, name), "wb") as file:
        file.write(data)
    print(f"docs/images/{name}: {len(data):,} bytes")


def take_page(port, language, name):
    """The page at /: a text with its words, its keywords and its word graph."""
    with Browser(language) as browser:
        open_page(browser, f"http://127.0.0.1:{port}/#" + urllib.parse.urlencode({"text": TEXT}))
        browser.await_that(READY)
        save(browser, name, "header", "#keywords", "#graph-section")


def take_report(results, language, directory, name):
    """The answer of the report: the sentence, the table of the ways, and the bills over the volume."""
    report = os.path.join(directory, "report.html")
    subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--lang", language, "--results", results, "--report", report],
                   check=True, capture_output=True)
    with Browser(language) as browser:
        open_page(browser, "file://" + report, scale=1)  # it is large
        save(browser, name, "#answer h2", "#answer figure")


def measure(directory):
    """Compare both sides for a minute. Return the path of the results."""
    results = os.path.join(directory, "results.db")
    subprocess.run([tap.SERVERFUL, "compare", "--quick", "--store", os.path.join(directory, "serverful.db"),
                    "--results", results, "--report", os.devnull], check=True, stdout=subprocess.DEVNULL)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", metavar="FILE", help="results.db of an earlier comparison (default: measure now)")
    arguments = parser.parse_args()
    os.makedirs(IMAGES, exist_ok=True)
    with Service() as service, tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        results = arguments.results or measure(service.directory)
        for language, ending in ("en", ".png"), ("zh-CN", ".zh-CN.png"):
            take_page(service.port, language, "page" + ending)
            take_report(results, language, directory, "report" + ending)


if __name__ == "__main__":
    main()
