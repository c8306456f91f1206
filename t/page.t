#!/usr/bin/python3
"""The page at / in a headless Chromium, through nginx and a proxy that makes it slow or faulty: each panel by mouse, by keyboard and
by link, in both languages and themes, from 320 to 2560 px, on paper, without script, and with axe-core. The checks are in t/page/.
Leaves pictures of the page in t-page/ of the build directory."""

import os
import shutil
import sys
import urllib.parse

TESTS = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = os.path.join(TESTS, "lib"), os.path.join(TESTS, "page")
import tap
from faulty_proxy import FaultyProxy
from http_client import Client
from page import Page
from service import Service, ended_well
from store import sql
from wait import wait_until

import axe
import copies
import failures
import graph
import keyboard
import languages
import links
import looks
import no_script
import others
import reference
import source
import words
from image_host import image_host

try:
    from browser import Browser
except ImportError:
    tap.skip_all("python3-selenium is not installed")
if not shutil.which("chromium") or not shutil.which("chromedriver"):
    tap.skip_all("chromium and chromium-driver are not installed")

CHECKS = source, languages, words, links, copies, reference, keyboard, looks, axe, failures, graph, others, no_script
AXE = axe.source()


def check_quiet(page, hosts):
    complaints = page.browser.complaints()
    tap.equal(complaints, [], "the browser's console has no message")
    strange = {url for url in page.browser.asked() if urllib.parse.urlsplit(url).scheme not in ("data", "about") and urllib.parse.urlsplit(url).netloc not in hosts}
    tap.equal(strange, set(), "the page loads nothing from another host")


tap.plan(sum(module.RESULTS for module in CHECKS) + 3)
with image_host() as images, Service(f"DELETE FROM images; INSERT INTO images (url, tag) VALUES ('{images}one.png', 'cat'), ('{images}two.png', 'dog');") as service, \
        FaultyProxy(service.port) as proxy, Client(service.port) as client, Browser("zh-CN") as browser:
    def edit(statements, is_seen):
        """Edit the store, and wait until the service answers from the new data."""
        sql(service.db, statements)
        wait_until(lambda: is_seen(client), f"the edit to be served: {statements}")

    page = Page(browser, f"http://127.0.0.1:{proxy.port}/", proxy, images)
    browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.look(1280)
    source.check(client)
    browser.open(page.url)
    page.settle()
    languages.check(page)
    words.check(page)
    links.check(page)
    copies.check(page)
    reference.check(page, proxy)
    keyboard.check(page)
    looks.check(page)
    check_quiet(page, {urllib.parse.urlsplit(url).netloc for url in (page.url, images)})
    axe.check(page, AXE)
    failures.check(page, proxy)
    graph.check(page, edit)
    others.check(page, edit, os.path.join(service.directory, "serverful.snapshot"))
    no_script.check(page, client)
    ended_well(service)
tap.done()
