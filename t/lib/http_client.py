"""A small HTTP client that sends any request, well-formed or not."""

import http.client
import io
import select
import socket

from wait import PATIENCE


class _Reader(io.BufferedReader):
    """Reads a connection, and serves HTTPResponse as its socket. HTTPResponse closes its socket after each answer. This close()
    does nothing, because the buffer may hold the next answer already."""

    def makefile(self, _mode):
        return self

    def close(self):
        pass


class Answer:
    """The status, the headers and the body of an answer. Names of headers are in lower case; the values of a repeated header are
    joined by commas."""

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
    """One connection. It is opened for the first request, and again for the next one after the server has closed it: after an
    answer that said so, or while nothing was sent for long."""

    def __init__(self, port, timeout=PATIENCE):
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

    def _has_ended(self):
        """Whether the server has closed the connection, and has sent nothing that is not read yet."""
        ready = select.poll()
        ready.register(self.socket, select.POLLIN)
        try:
            return bool(ready.poll(0)) and self.socket.recv(1, socket.MSG_PEEK) == b""
        except ConnectionError:
            return True

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
        if self.socket and self._has_ended():
            self.close()
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.send(method.encode() + b" " + target + b" HTTP/1.1\r\n" + head.encode() + b"\r\n" + (body or b""))
        return self.receive(method)

    def get(self, target):
        return self.exchange("GET", target)
