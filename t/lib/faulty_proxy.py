"""A proxy in front of the service that a test makes slow or faulty, request by request.

    with FaultyProxy(service.port) as proxy:
        with proxy.held("/segment") as held:        # requests whose target contains this wait until the block ends
            ...
        with proxy.answering("/segment", 503, b"{}"): # requests get this answer instead
            ...
"""

import contextlib
import http.client
import http.server
import threading
import urllib.parse

HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "content-length")


class FaultyProxy:
    def __init__(self, upstream):
        self._rules = []  # (part of the decoded target, function that gets the handler)
        self.requests = []  # methods and decoded targets, in the order of their arrival
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                target = urllib.parse.unquote_plus(self.path)
                proxy.requests.append(f"{self.command} {target}")
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                for part, act in list(proxy._rules):
                    if part in target and act(self):
                        return
                with contextlib.suppress(ConnectionError):  # the browser may have given up
                    self.forward(body)

            do_POST = do_HEAD = do_GET

            def forward(self, body):
                client = http.client.HTTPConnection("127.0.0.1", upstream)
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                client.request(self.command, self.path, body or None, headers)
                answer = client.getresponse()
                kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
                self.answer(answer.status, answer.read(), kept)

            def answer(self, status, body, headers):
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # a request that the browser aborted

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @contextlib.contextmanager
    def _ruled(self, part, act):
        rule = (part, act)
        self._rules.append(rule)
        try:
            yield
        finally:
            self._rules.remove(rule)

    @contextlib.contextmanager
    def held(self, part):
        """Hold the requests until the block ends."""
        released = threading.Event()
        with self._ruled(part, lambda _: released.wait() and False):
            try:
                yield
            finally:
                released.set()

    def answering(self, part, status, body, headers=(("Content-Type", "application/json"),)):
        """Answer the requests with this."""
        def act(handler):
            handler.answer(status, body, headers)
            return True
        return self._ruled(part, act)

    def dropping(self, part):
        """Close the connections of the requests, without an answer."""
        def act(handler):
            handler.close_connection = True
            handler.connection.close()
            return True
        return self._ruled(part, act)
