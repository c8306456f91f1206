"""The page without script."""

import urllib.parse

import tap

RESULTS = 2


def check(page, client):
    browser = page.browser
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.driver.get(page.url)
    links = [urllib.parse.urlsplit(link.get_attribute("href")) for link in browser.driver.find_elements("css selector", "noscript a")]
    shown = [element.is_displayed() for element in (browser.find("noscript h2"), browser.find("#text"))]
    browser.command("Emulation.setScriptExecutionDisabled", value=False)
    tap.equal(shown, [True, False], "without script the page says so, and shows no controls that do nothing")
    answers = [client.get(f"{link.path}?{link.query}").status for link in links]
    tap.equal(answers, [200, 200, 200, 302, 200, 200], "without script the links work")
