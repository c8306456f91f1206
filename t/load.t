#!/usr/bin/python3
"""load: when requests are due, what counts as their time, and which answers are whole."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

LOAD = os.path.join(tap.BUILD, "load")
STALL = 0.5  # seconds that a server sleeps, where it does

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWERS = [  # name, bytes, whether the server closes then, the status that load must note
    ("with a length", GOOD, False, 200),
    ("without a body", b"HTTP/1.1 204 No Content\r\n\r\n", False, 204),
    ("in chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", False, 200),
    ("an error", b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", False, 503),
    ("that ends with the connection", b"HTTP/1.1 200 OK\r\n\r\nall of it", True, 200),
    ("shorter than it says", b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nnot all", True, 0),
    ("no HTTP", b"what is it?\r\n\r\n" * 3, True, 0),
    ("nothing", b"", True, 0),
]


class Server:
    """Answers each request with the bytes that `answer(n)` gives for the nth, and closes where it says so; `requests` has
    what came."""

    def __init__(self, answer):
        self.answer, self.requests, self.lock = answer, [], threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            while request := connection.recv(65536):
                with self.lock:
                    self.requests.append(request)
                    n = len(self.requests)
                text, closes = self.answer(n)
                connection.sendall(text)
                if closes:
                    return


def load(server, rate, seconds, connections, *body):
    """The requests as (due in us, took us, status)."""
    out = subprocess.run([LOAD, str(rate), str(seconds), str(connections), f"http://127.0.0.1:{server.port}/path?a=b", *body],
                         check=True, capture_output=True, text=True).stdout
    return [tuple(map(int, line.split())) for line in out.splitlines()]


for name, answer, closes, expected in ANSWERS:
    found = load(Server(lambda n, a=answer, c=closes: (a, c)), 20, 0.2, 2)
    tap.equal([status for _, _, status in found], [expected] * 4, f"an answer {name} is a {expected}")

server = Server(lambda n: (GOOD, False))
found = load(server, 200, 1, 4)
tap.equal([due for due, _, _ in found], [n * 5000 for n in range(200)], "requests are due at equal distances")
tap.equal(len(server.requests), 200, "each is sent once")
tap.equal(server.requests[0].split(b"\r\n")[:2], [b"GET /path?a=b HTTP/1.1", f"Host: 127.0.0.1:{server.port}".encode()],
          "as a GET of the URL")

# One connection, and a server that stalls at its first request: what was due meanwhile has waited since it was due.


def stall(n):
    if n == 1:
        time.sleep(STALL)
    return GOOD, False


found = load(Server(stall), 100, 0.5, 1)
early = [(due, took) for due, took, _ in found if due + took < STALL * 1e6]
tap.equal(early, [], "no answer comes before the stall ends, whatever each request's own time was")
tap.equal(len(found), 50, "and all are sent")

found = load(Server(lambda n: (GOOD.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n") if n == 5 else GOOD, n == 5)), 0, 0.3, 1)
tap.ok(len(found) > 5 and {status for _, _, status in found} == {200}, "a connection that ends as announced is opened anew",
       found[:10])
tap.equal([status for _, _, status in load(Server(lambda n: (GOOD, True)), 10, 0.5, 1)], [200] * 5,
          "so is one that was closed between two requests")

with tempfile.NamedTemporaryFile() as file:
    file.write("我来到北京".encode())
    file.flush()
    server = Server(lambda n: (GOOD, False))
    load(server, 10, 0.1, 1, "text/plain", file.name)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    tap.equal((head.split(b" ")[0], b"Content-Type: text/plain\r\nContent-Length: 15" in head, body.decode()),
              (b"POST", True, "我来到北京"), "with a file it is a POST")

closed = socket.create_server(("127.0.0.1", 0))
port = closed.getsockname()[1]
closed.close()
run = subprocess.run([LOAD, "20", "0.2", "1", f"http://127.0.0.1:{port}/"], capture_output=True, text=True)
tap.equal((run.returncode, [line.split()[2] for line in run.stdout.splitlines()]), (0, ["0"] * 4), "where nobody listens no request is answered")
for arguments, why in ((["10", "1", "1", "ftp://x/"], "no URL"), (["10", "1", "1", "http://no.such.invalid/"], "no.such.invalid")):
    run = subprocess.run([LOAD, *arguments], capture_output=True, text=True)
    tap.ok(run.returncode == 1 and why in run.stderr, f"refused: {arguments[-1]}", run.stderr)
tap.equal(subprocess.run([LOAD], capture_output=True).returncode, 2, "without arguments it tells its usage")
tap.done()
