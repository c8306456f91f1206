"""A small HTTP client that sends what it is told to, well-formed or not."""

import http.client
import io
import socket


class _Reader(io.BufferedReader):
    """What comes on a connection. HTTPResponse takes it for a socket, and closes it after each answer; it stays
    open all the same, since the next answer may have been read into it."""

    def makefile(self, _mode):
        return self

    def close(self):
        pass


class Answer:
    """status, headers (names in lower case; values of a header that came twice are joined) and body."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {}
        for name, value in response.getheaders():
            name = name.lower()
            self.headers[name] = f"{self.headers[name]}, {value}" if name in self.headers else value
        self.body = response.read()
        self.closes = response.will_close

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:300]!r}"


class Client:
    """One connection, opened when it is needed, and kept as long as the server keeps it."""

    def __init__(self, port, timeout=60):
        self.port, self.timeout = port, timeout
        self.socket = self.reader = None
        self.connections = 0  # made so far

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = self.reader = None

    def send(self, data):
        """Send bytes as they are."""
        if not self.socket:
            self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            self.reader = _Reader(socket.SocketIO(self.socket, "rb"))
            self.connections += 1
        self.socket.sendall(data)

    def receive(self, method="GET"):
        """Read the answer to what was sent."""
        response = http.client.HTTPResponse(self.reader, method=method)
        response.begin()
        answer = Answer(response)
        if answer.closes:
            self.close()
        return answer

    def exchange(self, method, target, headers=None, body=None):
        """Send a request, and read its answer. `target` is text or bytes; Host and Content-Length are added."""
        fields = {"Host": "127.0.0.1", **(headers or {})}
        if body is not None and "Content-Length" not in fields:
            fields["Content-Length"] = str(len(body))
        target = target.encode() if isinstance(target, str) else target
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(method.encode() + b" " + target + b" HTTP/1.1\r\n" + head.encode() + b"\r\n" + (body or b""))
        return self.receive(method)

    def get(self, target):
        return self.exchange("GET", target)
