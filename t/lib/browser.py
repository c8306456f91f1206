"""A headless Chromium for the tests, driven through WebDriver.

    with Browser("zh-CN") as browser:
        browser.open(f"http://127.0.0.1:{port}/")
        browser.press("Tab", "Enter")
"""

import base64
import contextlib
import json
import os
import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from wait import PATIENCE, wait_until

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server"]


def is_own(url):
    """Return whether an address is one of the browser's own pages."""
    return url.startswith(("chrome:", "chrome-untrusted:"))


class Browser:
    """A browser whose user prefers `language`. It records the messages on the console and the requests."""

    def __init__(self, language):
        self.profile = tempfile.mkdtemp(prefix="serverful-")
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in [*ARGUMENTS, f"--user-data-dir={self.profile}"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option("perfLoggingPrefs", {"enablePage": False})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.driver.set_script_timeout(PATIENCE)
        self.requests = []
        agent = self.driver.execute_script("return navigator.userAgent")
        self.command("Network.setUserAgentOverride", userAgent=agent, acceptLanguage=language)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Exception):  # the browser may have ended already
            self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def command(self, name, **parameters):
        """Send a command of the DevTools protocol. Returns its result."""
        return self.driver.execute_cdp_cmd(name, parameters)

    def look(self, width, height=800, scheme="light", motion="reduce"):
        """Set the width of the window, in CSS pixels, the colour scheme, and whether the user wants motion ("no-preference") or not
        ("reduce"). Without motion the browser draws fewer frames."""
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=width < 600)
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": motion}])

    def open(self, url):
        """Open a page. On a busy machine the driver can return while the page before is still there."""
        self._leave(lambda: self.driver.get(url), url)

    def reload(self, url=None):
        """Load the page again, under another address of the same host where one is given: that spares the browser a new process."""
        if url:
            self.run("history.replaceState(null, '', arguments[0])", url)
        self._leave(self.driver.refresh, url)

    def _leave(self, go, url):
        self.run("window.isPageBefore = true")
        go()
        wait_until(lambda: self.run("return !window.isPageBefore && document.readyState === 'complete'"), f"the page {url}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def _show(self, selector):
        """Scroll to an element. Returns it."""
        return self.run("""const element = document.querySelector(arguments[0]);
            element.scrollIntoView({block: 'center'});
            return element""", selector)

    def click(self, selector):
        """Scroll to an element and click it with the mouse."""
        ActionChains(self.driver, duration=0).move_to_element(self._show(selector)).click().perform()

    def choose(self, selector):
        """Choose an option of a select. WebDriver's mouse cannot reach the menu that the browser draws."""
        self.find(selector).click()

    def drag(self, selector, across):
        """Drag from the middle of an element by the mouse, by `across` px."""
        ActionChains(self.driver, duration=0).move_to_element(self._show(selector)).click_and_hold().move_by_offset(across, 0).release().perform()

    def press(self, *keys):
        """Press keys, by their names in Selenium ("TAB"), or type texts. They go to the element that has the focus."""
        actions = ActionChains(self.driver)
        for key in keys:
            actions.send_keys(getattr(Keys, key, key))
        actions.perform()

    def press_with(self, modifier, key):
        modifier = getattr(Keys, modifier)
        ActionChains(self.driver).key_down(modifier).send_keys(getattr(Keys, key, key)).key_up(modifier).perform()

    def replace(self, text):
        """Replace the content of the focused field by a text."""
        self.press_with("CONTROL", "a")
        self.press("DELETE", text)

    def await_that(self, script, *arguments):
        """Wait until a script returns a true value, and return that. The page itself asks again and again, since each question from
        outside takes the time of three processes: so it must not be left meanwhile."""
        try:
            return self.driver.execute_async_script(f"""const done = [...arguments].pop(), wanted = function () {{ {script} }};
                const look = () => {{ const value = wanted(...arguments); if (value) done(value); else setTimeout(look, 20); }};
                look()""", *arguments)
        except TimeoutException:
            raise TimeoutException(f"never true: {script}") from None

    def shot(self, path):
        """Save a picture of the whole page."""
        os.makedirs(os.path.dirname(path), exist_ok=True)
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return document.documentElement.clientWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        data = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """Return the messages on the console since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked(self):
        """Return the addresses of all requests so far, without those of the browser's own pages, such as its new tab."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and not is_own(message["params"]["documentURL"]):
                self.requests.append(message["params"]["request"]["url"])
        return self.requests
