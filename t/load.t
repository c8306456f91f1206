#!/usr/bin/python3
"""load: when requests are due, how long each took, and which answers are complete."""

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
STALL = 0.5  # seconds that the stalling server waits before its first answer

GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWERS = [  # name, bytes, whether the server closes after them, the status that load must print
    ("with a length", GOOD, False, 200),
    ("without a body", b"HTTP/1.1 204 No Content\r\n\r\n", False, 204),
    ("in chunks with trailers", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: x\r\n\r\n", False, 200),
    ("in chunks with half a trailer", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nDigest: x\r\n", True, 0),
    ("in chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", False, 200),
    ("with an error", b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", False, 503),
    ("delimited by the end of the connection", b"HTTP/1.1 200 OK\r\n\r\nall of it", True, 200),
    ("shorter than its Content-Length", b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nnot all", True, 0),
    ("other than HTTP", b"what is it?\r\n\r\n" * 3, True, 0),
    ("of no bytes", b"", True, 0),
    ("with an invalid status", b"HTTP/1.1 20x OK\r\nContent-Length: 0\r\n\r\n", False, 0),
    ("with an invalid Content-Length", b"HTTP/1.1 200 OK\r\nContent-Length: 2x\r\n\r\nok", False, 0),
    ("with an invalid size of a chunk", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x\r\n\r\n", False, 0),
]


class Server:
    """Answers request n, counted from 1, with the bytes and the decision to close that `answer(n)` returns. `requests` lists
    the requests so far."""

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
                # MSG_MORE holds the bytes back for the close that follows, so that both arrive together.
                connection.send(text, socket.MSG_MORE if closes else 0)
                if closes:
                    return


def load(server, rate, seconds, connections, *message):
    """Run load. Returns its requests as (due in us, took us, status)."""
    out = subprocess.run([LOAD, str(rate), str(seconds), str(connections), f"http://127.0.0.1:{server.port}/path?a=b", *message],
                         check=True, capture_output=True, text=True).stdout
    return [tuple(map(int, line.split())) for line in out.splitlines()]


tap.plan(47)
for name, answer, closes, expected in ANSWERS:
    found = load(Server(lambda n, a=answer, c=closes: (a, c)), 20, 0.2, 2)
    tap.equal([status for _, _, status in found], [expected] * 4, f"load prints the status {expected} for an answer {name}")

server = Server(lambda n: (GOOD, False))
found = load(server, 200, 1, 4)
tap.equal([due for due, _, _ in found], [n * 5000 for n in range(200)], "at a constant rate, requests are due at equal intervals")
tap.equal(len(server.requests), 200, "each request is sent once")
tap.equal(server.requests[0].split(b"\r\n")[:2], [b"GET /path?a=b HTTP/1.1", f"Host: 127.0.0.1:{server.port}".encode()],
          "without a file, a request is a GET of the URL")

# One connection, and a server that stalls at the first request: the requests that become due meanwhile wait.


def stall(n):
    if n == 1:
        time.sleep(STALL)
    return GOOD, False


found = load(Server(stall), 100, 0.5, 1)
early = [(due, took) for due, took, _ in found if due + took < STALL * 1e6]
tap.equal(early, [], "the time of a request counts from when it was due: no answer comes before the stall ends")
tap.equal(len(found), 50, "every request that became due during the stall is sent")


announced = GOOD.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")
for seconds in 0.3, 1, 3, 10, 30:  # 0.3 s suffice for hundreds of requests, unless the machine is busy
    found = load(Server(lambda n: (announced if n == 5 else GOOD, n == 5)), 0, seconds, 1)
    if len(found) > 5:
        break
tap.ok(len(found) > 5 and {status for _, _, status in found} == {200}, "load reconnects after an answer with Connection: close",
       found[:10])
for seconds in 0.1, 0.5, 2, 8, 32:  # between two requests; on a busy machine, load may not learn of the close by then
    found = [status for _, _, status in load(Server(lambda n: (GOOD, True)), 1 / seconds, 4 * seconds, 1)]
    if found == [200] * 4:
        break
tap.equal(found, [200] * 4, "load reconnects after the server has closed the connection between two requests")

with tempfile.NamedTemporaryFile() as file:
    for method, message, length in (("POST", "Content-Type: text/plain\r\nX: y\r\n\r\n我来到北京", "Content-Length: 15\r\n"),
                                    ("PUT", "X: y\r\n\r\na", "Content-Length: 1\r\n"), ("DELETE", "X: y\r\n\r\n", "Content-Length: 0\r\n"), ("GET", "X: y\r\n\r\n", "")):
        file.seek(0)
        file.truncate()
        file.write(message.encode())
        file.flush()
        server = Server(lambda n: (GOOD, False))
        load(server, 10, 0.1, 1, method, file.name)
        headers, _, body = message.partition("\r\n\r\n")
        expected = f"{method} /path?a=b HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{headers}\r\n{length}\r\n{body}"
        tap.equal(server.requests[0].decode(), expected, f"with {method} and a file, a request has its headers and its body")
    found = load(Server(lambda n: (GOOD.removesuffix(b"ok"), False)), 20, 0.2, 1, "HEAD", file.name)
    tap.equal([status for _, _, status in found], [200] * 4, "the answer to a HEAD request has no body, whatever its Content-Length")
    file.truncate(3)
    run = subprocess.run([LOAD, "10", "1", "1", "http://127.0.0.1:9/", "GET", file.name], capture_output=True, text=True)
    tap.ok(run.returncode == 1 and "no empty line" in run.stderr, "load rejects a file without an empty line", run.stderr)

TIMES = "0 1\n1500 0\n1500 1\n200000 0\n"
with tempfile.NamedTemporaryFile("w") as times, tempfile.NamedTemporaryFile("w") as message:
    message.write("X: y\r\n\r\nbody")
    message.flush()

    def load_at(text, *targets):
        """Run load with these times and targets. Returns what it did."""
        times.seek(0)
        times.truncate()
        times.write(text)
        times.flush()
        return subprocess.run([LOAD, "at", times.name, "1", *targets], capture_output=True, text=True)

    servers = [Server(lambda n: (GOOD, False)), Server(lambda n: (GOOD.replace(b"200", b"201"), False))]
    given = [part for server, method, path in zip(servers, ("GET", "POST"), ("", message.name))
             for part in (f"http://127.0.0.1:{server.port}/", method, path)]
    found = [line.split() for line in load_at(TIMES, *given).stdout.splitlines()]
    tap.equal([(line[0], line[2]) for line in found], [("0", "201"), ("1500", "200"), ("1500", "201"), ("200000", "200")],
              "with a file of times, each request is due at its time and goes to its target")
    tap.equal([request.partition(b" ")[0] + request[-4:] for server in servers for request in server.requests],
              [b"GET\r\n\r\n"] * 2 + [b"POSTbody"] * 2, "each of these requests has the method and the body of its target")
    for text, line in (("5 0\n4 0\n", 2), ("5 2\n", 1), ("5\n", 1), ("-5 0\n", 1), ("5 0 0\n", 1), ("99999999999 0\n", 1)):
        run = load_at(text, *given)
        tap.ok(run.returncode == 2 and f"line {line} is invalid" in run.stderr, f"load rejects the times {text!r}", run.stderr)
    tap.equal([(load_at("", *given).returncode, load_at(TIMES, *given[:2]).returncode)], [(2, 2)], "load rejects a file without times, and a target without its file")

closed = socket.create_server(("127.0.0.1", 0))
port = closed.getsockname()[1]
closed.close()
run = subprocess.run([LOAD, "20", "0.2", "1", f"http://127.0.0.1:{port}/"], capture_output=True, text=True)
tap.equal((run.returncode, [line.split()[2] for line in run.stdout.splitlines()]), (0, ["0"] * 4), "load prints the status 0 for each request where no server listens")
for arguments, why in ((["10", "1", "1", "ftp://x/"], "cannot use the URL"), (["10", "1", "1", "http://no.such.invalid/"], "no.such.invalid")):
    run = subprocess.run([LOAD, *arguments], capture_output=True, text=True)
    tap.ok(run.returncode == 1 and why in run.stderr, f"load rejects the URL {arguments[-1]}", run.stderr)
tap.equal(subprocess.run([LOAD], capture_output=True).returncode, 2, "load without arguments exits with 2")
for name, place, values in ("RATE", 0, ("1x", "-1", "nan", ".")), ("SECONDS", 1, ("0", "1s")), ("CONNECTIONS", 2, ("0", "5x")):
    for value in values:
        arguments = ["1", "1", "1"]
        arguments[place] = value
        run = subprocess.run([LOAD, *arguments, "http://127.0.0.1:9/"], capture_output=True, text=True)
        tap.ok(run.returncode == 2 and f"invalid {name} '{value}'" in run.stderr, f"load rejects {name} {value}", run.stderr)
tap.done()
