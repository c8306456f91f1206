#!/usr/bin/python3
"""A page shows an image by a redirect of /random-image: whether Chromium tells the host of the image which page that is."""

import http.server
import os
import shutil
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from http_client import Client
from service import Service
from store import sql
from tap import done, equal, plan, skip_all
from wait import wait_until

try:
    from browser import Browser
except ImportError:
    skip_all("python3-selenium is not installed")
if not shutil.which("chromium") or not shutil.which("chromedriver"):
    skip_all("chromium and chromium-driver are not installed")

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")  # a GIF
REFERRERS = {}  # by the path of the image


class Host(http.server.BaseHTTPRequestHandler):
    """Serves the page, at the name localhost, and the images, at the address."""

    def do_GET(self):
        is_page = self.path.startswith("/page?")
        if not is_page:
            REFERRERS[self.path] = self.headers.get("Referer")
        body = f'<img src="{self.path.partition("?")[2]}">'.encode() if is_page else PIXEL
        self.send_response(200)
        self.send_header("Content-Type", "text/html" if is_page else "image/gif")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def shows(browser, port, service, image):
    """Let a page show the only image. Returns the Referer that its host gets."""
    url = f"http://127.0.0.1:{service.port}/random-image?redirect=1"
    with Client(service.port) as client:
        wait_until(lambda: image.encode() in client.get("/random-image").body, "the image is served")
    browser.open(f"http://localhost:{port}/page?{url}")
    wait_until(lambda: image in REFERRERS, "the browser asks for the image")
    return REFERRERS[image]


plan(2)
host = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
threading.Thread(target=host.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{host.server_port}"
with Service(f"DELETE FROM images; INSERT INTO images (url) VALUES ('{address}/one.gif');") as site, Browser("en") as chromium:
    equal(shows(chromium, host.server_port, site, "/one.gif"), None, "the host of an image does not learn which page shows it")
    sql(site.db, "UPDATE settings SET value = 0 WHERE name = 'redirect_no_referrer';"
        f"UPDATE images SET url = '{address}/two.gif';")
    equal(shows(chromium, host.server_port, site, "/two.gif"), f"http://localhost:{host.server_port}/",
          "with redirect_no_referrer switched off, it learns the site of the page")
done()
