"""The reference of the API."""

import tap

RESULTS = 8


def check_texts(page):
    page.open(lang="zh", open="api-segment")
    tap.equal(page.run("return [...document.querySelectorAll('#api-list [lang=en]')].map((element) => element.textContent)"), [], "each text of the reference has its Chinese")
    known = page.run("return [...document.querySelectorAll('#api-list summary')].map((summary) => summary.innerText.split(/\\s+/).slice(0, 2).join(' '))")
    tap.ok({"GET /segment", "POST /segment", "GET /keywords", "GET /random-image", "GET /calculator", "GET /openapi.json"} <= set(known), "the reference has every operation", known)
    names = page.run("return [...document.querySelectorAll('#api-segment dl:first-of-type dt code')].map((name) => name.textContent)")
    tap.equal(set(names), {"text", "mode", "hmm", "pos", "offsets", "explain"}, "an operation lists its parameters")
    tap.ok("2,000,000" in page.text_of("#api-segmentBody summary"), "large numbers have commas", page.text_of("#api-segmentBody summary"))


def check_forms(page, proxy):
    page.browser.choose("#api-segment select[name=mode] option:nth-of-type(2)")
    page.click("#api-segment form button")
    answer = page.browser.await_that("return document.querySelector('#api-segment form pre')?.innerText")
    tap.ok("华大" in answer and "mode=full" in page.text_of("#api-segment form .line"), "an operation is tried in place, with its curl line", answer)
    with proxy.held("mode=full"):
        page.click("#api-segment form button")
        page.browser.choose("#api-segment select[name=mode] option:nth-of-type(3)")
        page.click("#api-segment form button")
        answer = page.browser.await_that("return document.querySelector('#api-segment form pre')?.innerText")
    page.run("return fetch('calculator?num1=1&num2=1&operator=add')")  # behind the answer that was held
    tap.equal(page.text_of("#api-segment form pre"), answer, "the answer to the latest request wins there, too")
    page.click("#api-randomImage summary")
    page.browser.choose("#api-randomImage select[name=redirect] option:last-of-type")
    page.click("#api-randomImage form button")
    page.browser.await_that("return document.querySelector('#api-randomImage form .result a')")
    tap.equal(page.run("return document.querySelector('#api-randomImage form .result a').getAttribute('href')"), "random-image?redirect=1",
              "a redirection, which the page cannot follow, is a link")


def check_parts(page):
    page.click("#api-calculator summary")
    page.browser.await_that("return location.hash.includes('api-calculator')")
    page.click("#language [value=en]")
    tap.ok(page.run("return document.getElementById('api-calculator').open") and "Add, subtract" in page.text_of("#api-calculator summary"),
           "an open operation is in the address, and stays open in the other language")


def check(page, proxy):
    check_texts(page)
    check_forms(page, proxy)
    check_parts(page)
