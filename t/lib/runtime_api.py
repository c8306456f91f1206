"""A server of AWS Lambda's Runtime API that misbehaves on request, and a `bootstrap` that runs against it.

    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        result = api.invoke(b'{"text": "..."}')
        result.kind            "response" or "error"
        result.body            the bytes that bootstrap posted

Each queued event carries its own faults: see class Event.
"""

import array
import fcntl
import os
import queue
import resource
import select
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time

import tap
from wait import PATIENCE, wait_until

BASE = "/2018-06-01/runtime"


class Result:
    """The outcome of an event: its `kind`, the `body` that bootstrap posted, and the error `type` of its header."""

    def __init__(self, kind, body=b"", type=None):
        self.kind, self.body, self.type = kind, body, type

    def __repr__(self):
        return f"{self.kind} {self.type or ''} {self.body[:300]!r}"


class Event:
    """An event, and how the server delivers it:

    framing      "length", "chunked" (with extensions and a trailer), or "close" (delimited by the end of the connection)
    id           the request id; None leaves the header out
    headers      additional header lines
    deadline_ms  the deadline, in milliseconds from the moment of delivery; None leaves the header out
    status       the status of the answer to /next
    raw          bytes to send instead of an answer, after which the server closes the connection
    cut          the number of bytes of the body after which the server closes the connection
    reset        the server resets the connection there instead of closing it
    close        "announced" (Connection: close) or "silent": the server closes the connection after the event
    answers      answers to the POSTs for this event, in order: a status, or raw bytes; b"" closes the connection.
                 The default is 202.
    interim      send a 100 and a 102 before the answer
    early        answer the first POST as soon as its head has come, and close the connection
    held         do not answer a POST before release() is called
    """

    def __init__(self, body, framing="length", id="id", headers=(), deadline_ms=None, status=200, raw=None, cut=None,
                 reset=False, close=None, answers=(), interim=False, early=False, held=False):
        self.body, self.framing, self.status, self.raw, self.cut = body, framing, status, raw, cut
        self.reset, self.deadline_ms = reset, deadline_ms
        self.id, self.headers, self.close = id, list(headers), close
        self.answers, self.interim, self.early = list(answers), interim, early
        self.posts = queue.Queue()
        self.arrived = None  # when the first POST for this event came, in seconds of time.time()
        self.deadline = None  # as it was sent, in seconds of time.time()
        self._may_answer = threading.Event()
        if not held:
            self.release()

    def release(self):
        """Let the server answer the POSTs."""
        self._may_answer.set()

    def await_release(self):
        self._may_answer.wait(PATIENCE)

    def head(self):
        lines = [f"HTTP/1.1 {self.status} Whatever", "CONTENT-TYPE: application/json"]
        if self.deadline_ms is not None:
            self.deadline = time.time() + self.deadline_ms / 1000
            lines.append(f"Lambda-Runtime-Deadline-Ms: {int(self.deadline * 1000)}")
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
        """Deliver the event. Returns whether the connection stays open."""
        if self.raw is not None:
            conn.sendall(self.raw)
            return False
        interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nX: y\r\n\r\n" if self.interim else b""
        conn.sendall(interim + self.head() + self.payload())
        if self.reset:
            # A reset discards bytes that the peer has not received yet.
            wait_until(lambda: unacknowledged(conn) == 0, "the peer to receive the event")
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return self.cut is None and self.close is None and self.framing != "close"

    def result(self):
        """Wait for the next POST for this event; TimeoutError where there is none."""
        try:
            return self.posts.get(timeout=PATIENCE)
        except queue.Empty:
            raise TimeoutError(f"bootstrap left an event unanswered: {self.body[:300]!r}") from None


def unacknowledged(conn):
    """The number of bytes in the socket's send queue."""
    n = array.array("i", [0])
    fcntl.ioctl(conn, termios.TIOCOUTQ, n)
    return n[0]


class RuntimeApi:
    """The server; a context manager. `requests` lists the requests so far: (number of the connection, method, path)."""

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
        for event in list(self._given.values()):
            event.release()
        for thread in self._threads:
            thread.join()
        self.listener.close()

    def put(self, body, **how):
        """Queue an event, and return it."""
        self._serial += 1
        how.setdefault("id", f"8476a536-e9f4-11e8-9739-{self._serial:012x}")
        event = Event(body if isinstance(body, bytes) else body.encode(), **how)
        self._events.put(event)
        return event

    def invoke(self, body, **how):
        """Queue an event, and wait for its outcome."""
        return self.put(body, **how).result()

    def init_error(self):
        """Wait for an error report of the start."""
        return self.init_errors.get(timeout=PATIENCE)

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
            pass  # bootstrap has ended
        finally:
            reader.close()

    def _readable(self, conn):
        """Wait until the peer has sent something or closed. Returns False when the server ends first."""
        while not self._ended.is_set():
            if select.select([conn], [], [], 0.02)[0]:
                return True
        return False

    def _exchange(self, conn, reader, number):
        """Read and answer one request. Returns whether another may follow on this connection."""
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
        if event and event.arrived is None:
            event.arrived = time.time()
        if event and event.early:
            event.early = False
            self._answer(conn, event)
            return False
        return self._post(conn, path, headers, reader.read(length), event)

    def _next(self, conn):
        while not self._ended.is_set():
            if select.select([conn], [], [], 0)[0]:
                return False  # the peer has closed the connection
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
        event.await_release()
        answer = event.answers.pop(0) if event.answers else 202
        if isinstance(answer, bytes):
            conn.sendall(answer)
            return False
        body = b'{"status": "of no use"}'
        conn.sendall(b"HTTP/1.1 %d Whatever\r\nContent-Length: %d\r\n\r\n%s" % (answer, len(body), body))
        return True


class Bootstrap:
    """A running bootstrap; a context manager that kills it. `environment` adds to its environment variables, `memory`
    limits its address space in bytes, and `command` replaces the bootstrap of the build directory."""

    def __init__(self, api, snapshot, environment=None, server=None, memory=None, command=()):
        env = {"AWS_LAMBDA_RUNTIME_API": api.address if server is None else server, "SERVERFUL_SNAPSHOT": snapshot}
        env.update(environment or {})
        env = {name: value for name, value in env.items() if value is not None}
        for name, value in os.environ.items():  # for sanitizers and coverage
            if name.endswith("SAN_OPTIONS") or name.startswith("GCOV_"):
                env[name] = value
        self._log = tempfile.TemporaryFile()  # a pipe would fill up, since nobody reads it meanwhile
        limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (memory, memory))) if memory else None
        self.process = subprocess.Popen(command or [tap.BOOTSTRAP], env=env, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
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
        """Terminate it. Returns its log."""
        self.process.terminate()
        return self.log()

    def status(self):
        """Wait for its end. Returns its exit status."""
        return self.process.wait(timeout=PATIENCE)

    def log(self):
        """Wait for its end. Returns its log."""
        self.status()
        self._log.seek(0)
        return self._log.read().decode(errors="replace")
