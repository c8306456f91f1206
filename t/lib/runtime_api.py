"""A Runtime API of AWS Lambda for tests, with faults to order, and a `bootstrap` that runs against it.

    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        result = api.invoke(b'{"text": "..."}')
        result.kind            "response" or "error"
        result.body            what was posted, as bytes

Each event that is put into the queue carries its own faults: see class Event.
"""

import os
import queue
import resource
import select
import socket
import struct
import subprocess
import tempfile
import threading
import time

import tap

PATIENCE = 60  # seconds until a test gives up; it only matters when something is broken
BASE = "/2018-06-01/runtime"


class Result:
    """What became of an event: `kind`, the `body` that was posted, and its error `type` (of the header)."""

    def __init__(self, kind, body=b"", type=None):
        self.kind, self.body, self.type = kind, body, type

    def __repr__(self):
        return f"{self.kind} {self.type or ''} {self.body[:300]!r}"


class Event:
    """An event, and how it is delivered:

    framing      "length", "chunked" (with extensions and a trailer), or "close" (up to the connection's end)
    id           the request id; None: the header is left out
    headers      more headers, a list of lines
    status       of the answer to /next
    raw          these bytes instead of any answer, and then the connection is closed
    cut          the connection is closed after so many bytes of the body
    reset        it is reset then, and not closed in order
    close        "announced" (Connection: close) or "silent" (closed without a word) after the event
    answers      answers to the POSTs for this event, in turn: a status, or bytes to send as they are; an
                 empty run of bytes closes the connection. The default is 202.
    interim      send a 100 and a 102 before the answer
    early        answer the first POST as soon as its head has come, and close the connection
    late         seconds until the POST is answered
    """

    def __init__(self, body, framing="length", id="id", headers=(), status=200, raw=None, cut=None, reset=False,
                 close=None, answers=(), interim=False, early=False, late=0):
        self.body, self.framing, self.status, self.raw, self.cut = body, framing, status, raw, cut
        self.reset = reset
        self.id, self.headers, self.close = id, list(headers), close
        self.answers, self.interim, self.early, self.late = list(answers), interim, early, late
        self.posts = queue.Queue()

    def head(self):
        lines = [f"HTTP/1.1 {self.status} Whatever", "CONTENT-TYPE: application/json"]
        if self.id is not None:
            lines.append(f"lambda-runtime-AWS-request-id:  {self.id} ")
        if self.framing == "length":
            lines.append(f"Content-Length: {len(self.body)}")
        if self.framing == "chunked":
            lines.append("Transfer-Encoding: Chunked")
        if self.close == "announced" or self.framing == "close":
            lines.append("Connection: Keep-Alive, Close")
        return "\r\n".join(lines + self.headers).encode() + b"\r\n\r\n"

    def payload(self):
        if self.framing != "chunked":
            return self.body if self.cut is None else self.body[:self.cut]
        out, sizes, at = [], [1, 7, 4096, 65536], 0
        while at < len(self.body):
            piece = self.body[at:at + sizes[len(out) % len(sizes)]]
            out.append(b"%X;name=\"value\"\r\n%s\r\n" % (len(piece), piece))
            at += len(piece)
        whole = b"".join(out) + b"0\r\nX-Trailer: of no use\r\n\r\n"
        return whole if self.cut is None else whole[:self.cut]

    def send(self, conn):
        """Deliver the event; returns whether the connection stays open."""
        if self.raw is not None:
            conn.sendall(self.raw)
            return False
        interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n" if self.interim else b""
        conn.sendall(interim + self.head() + self.payload())
        if self.reset:
            time.sleep(0.05)  # a reset overtakes what was not read yet
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return self.cut is None and self.close is None and self.framing != "close"

    def result(self):
        """Wait for what was posted for this event. TimeoutError where nothing is: all that follows would wait as
        long."""
        try:
            return self.posts.get(timeout=PATIENCE)
        except queue.Empty:
            raise TimeoutError(f"an event was left unanswered: {self.body[:300]!r}") from None


class RuntimeApi:
    """The server; a context manager. `requests` lists what came: (connection's number, method, path)."""

    def __init__(self, family=socket.AF_INET):
        self.listener = socket.create_server(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.address = f"[::1]:{self.port}" if family == socket.AF_INET6 else f"127.0.0.1:{self.port}"
        self.requests, self.heads = [], []
        self.init_errors = queue.Queue()
        self._events, self._given = queue.Queue(), {}
        self._ended = threading.Event()
        self._connections = 0
        self._serial = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self.listener.close()

    def put(self, body, **how):
        """Queue an event; returns it."""
        self._serial += 1
        how.setdefault("id", f"8476a536-e9f4-11e8-9739-{self._serial:012x}")
        event = Event(body if isinstance(body, bytes) else body.encode(), **how)
        self._events.put(event)
        return event

    def invoke(self, body, **how):
        """Queue an event and wait for what becomes of it."""
        return self.put(body, **how).result()

    def _accept(self):
        while not self._ended.is_set():
            if not select.select([self.listener], [], [], 0.02)[0]:
                continue
            conn, _ = self.listener.accept()
            self._connections += 1
            thread = threading.Thread(target=self._serve, args=(conn, self._connections))
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn, number):
        reader = conn.makefile("rb")
        try:
            with conn:
                while self._exchange(conn, reader, number):
                    pass
        except OSError:
            pass  # the process went away
        finally:
            reader.close()

    def _readable(self, conn):
        """Wait until the peer says something, or has closed, or the server ends."""
        while not self._ended.is_set():
            if select.select([conn], [], [], 0.02)[0]:
                return True
        return False

    def _exchange(self, conn, reader, number):
        """One request and its answer; returns whether another may follow on this connection."""
        if not self._readable(conn):
            return False
        line = reader.readline()
        if not line:
            return False
        method, path, _ = line.decode().split(" ")
        headers = {}
        while (line := reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self.requests.append((number, method, path))
        self.heads.append(headers)
        if method == "GET" and path == BASE + "/invocation/next":
            return self._next(conn)
        length = int(headers.get("content-length", "0"))
        event = self._given.get(path.split("/")[-2])
        if event and event.early:
            event.early = False
            self._answer(conn, event)
            return False
        return self._post(conn, path, headers, reader.read(length), event)

    def _next(self, conn):
        while not self._ended.is_set():
            if select.select([conn], [], [], 0)[0]:
                return False  # closed: nobody waits any more
            try:
                event = self._events.get(timeout=0.02)
            except queue.Empty:
                continue
            self._given[event.id] = event
            return event.send(conn)
        return False

    def _post(self, conn, path, headers, body, event):
        if path == BASE + "/init/error":
            self.init_errors.put(Result("error", body, headers.get("lambda-runtime-function-error-type")))
            conn.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
            return True
        if event is None:
            conn.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            return True
        kind = path.split("/")[-1]
        open_still = self._answer(conn, event)
        event.posts.put(Result(kind, body, headers.get("lambda-runtime-function-error-type")))
        return open_still

    def _answer(self, conn, event):
        time.sleep(event.late)
        answer = event.answers.pop(0) if event.answers else 202
        if isinstance(answer, bytes):
            conn.sendall(answer)
            return False
        body = b'{"status": "of no use"}'
        conn.sendall(b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n\r\n%s" % (answer, len(body), body))
        return True


class Bootstrap:
    """A running bootstrap; a context manager that ends it. `environment` adds to its environment; `memory` is
    the most that it may have, in bytes of address space; `command` is run instead of that of the build."""

    def __init__(self, api, snapshot, environment=None, server=None, memory=None, command=()):
        env = {"AWS_LAMBDA_RUNTIME_API": api.address if server is None else server, "SERVERFUL_SNAPSHOT": snapshot}
        env.update(environment or {})
        env = {name: value for name, value in env.items() if value is not None}
        for name, value in os.environ.items():  # sanitizers, coverage
            if name.endswith("SAN_OPTIONS") or name.startswith("GCOV_"):
                env[name] = value
        self._log = tempfile.TemporaryFile()  # a pipe that nobody reads would fill up
        limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))) if memory else None
        self.process = subprocess.Popen(command or [tap.BOOTSTRAP], env=env, stdin=subprocess.DEVNULL, stderr=self._log,
                                        preexec_fn=limit)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._log.close()

    def alive(self):
        return self.process.poll() is None

    def stop(self):
        """End it; returns what it wrote to its log."""
        self.process.terminate()
        return self.log()

    def status(self):
        """Wait for its end; returns its exit status."""
        return self.process.wait(timeout=PATIENCE)

    def log(self):
        """Wait for its end; returns what it wrote to its log."""
        self.status()
        self._log.seek(0)
        return self._log.read().decode(errors="replace")
