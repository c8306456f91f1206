#!/usr/bin/python3
"""Take the pictures of the README from the running programs: docs/images/page.png and docs/images/report.png.

    make -C build pictures                              # measures with `serverful compare --quick`
    make -C build pictures PICTURES='--results FILE'    # shows an earlier comparison

It starts the service as the tests do, opens its page and the report in a headless Chromium, and saves what a reader
sees there. It needs Debian's packages chromium, chromium-driver and python3-selenium."""

import argparse
import base64
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "t", "lib"))
import tap
from browser import Browser
from service import Service

LIMIT = 250 * 1000  # bytes of a picture
SCALE = 1.5  # pixels of a picture per CSS pixel
TEXT = "我来到北京清华大学"
READY = """const form = document.getElementById(arguments[0]);
    return form.querySelector('.result').ariaBusy === 'false' && form.querySelector('.asked')"""


def resize(browser, width, height):
    """Set the size of the window, in CSS pixels."""
    browser.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=SCALE, mobile=False)
    browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])


def save(browser, name, first, last):
    """Save the page from the top of the element `first` to the bottom of `last`, in full width, as docs/images/NAME."""
    top, bottom, width = browser.run(
        """const [first, last] = [...arguments].map((selector) => document.querySelector(selector).getBoundingClientRect());
           return [first.top + scrollY, last.bottom + scrollY, document.documentElement.clientWidth]""", first, last)
    clip = {"x": 0, "y": max(0, top - 12), "width": width, "height": bottom - max(0, top - 12) + 12, "scale": 1}
    data = base64.b64decode(browser.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"])
    if len(data) >= LIMIT:
        sys.exit(f"take: {name} has {len(data):,} bytes, and may have {LIMIT:,} at most")
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)
    print(f"docs/images/{name}: {len(data):,} bytes")


def take_page(browser, port):
    """The page at /: a text that is segmented and explained, keywords, and a division."""
    resize(browser, 1100, 900)
    browser.open(f"http://127.0.0.1:{port}/")
    browser.run("document.querySelector('#segment textarea').value = arguments[0]", TEXT)
    browser.click("#segment [name=explain]")
    for form in "segment", "calculator":
        browser.click(f"#{form} button")
        browser.await_that(READY, form)
    browser.run("document.activeElement.blur()")
    save(browser, "page.png", "body", "#segment")


def take_report(browser, results, directory):
    """The first parts of the report."""
    report = os.path.join(directory, "report.html")
    subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--results", results, "--report", report], check=True,
                   stdout=subprocess.DEVNULL)
    resize(browser, 1100, 900)
    browser.open("file://" + report)
    save(browser, "report.png", "#volume h2", "#volume article")


def measure(directory):
    """Run a comparison of a minute. Return the path of its results."""
    results = os.path.join(directory, "results.db")
    subprocess.run([tap.SERVERFUL, "compare", "--quick", "--store", os.path.join(directory, "serverful.db"), "--results", results,
                    "--report", os.devnull], check=True, stdout=subprocess.DEVNULL)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", metavar="FILE", help="the results.db of an earlier comparison (default: measure now)")
    arguments = parser.parse_args()
    with Service() as service, Browser("en") as browser, tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        take_page(browser, service.port)
        take_report(browser, arguments.results or measure(service.directory), directory)


if __name__ == "__main__":
    main()
