"""A host of images for the page. It sends the same PNG for each path that ends in .png, and answers 404 to others."""

import base64
import contextlib
import http.server
import threading

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mPgzov/DwADSQHS59ZOrAAAAABJRU5ErkJggg==")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path.endswith(".png")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "image/png" if found else "text/plain")
        self.end_headers()
        self.wfile.write(PNG if found else b"none")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def image_host():
    """Run the host. Gives the part of the addresses before the path, with its slash."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
