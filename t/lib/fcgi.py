"""A small FastCGI client, which sends valid and invalid requests to the pool without nginx."""

import socket
import struct

from wait import PATIENCE

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7
RECORD = 0xFFF8  # bytes of content in one record at most


def record(kind, content, request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(content), 0) + content


def records(kind, content, request=1):
    """The content in as many records as it needs, followed by the empty record that ends it."""
    parts = [content[i:i + RECORD] for i in range(0, len(content), RECORD)]
    return b"".join(record(kind, part, request) for part in [*parts, b""])


def _length(n):
    return struct.pack("!B", n) if n < 128 else struct.pack("!I", n | 0x80000000)


def pairs(params):
    """Encode parameters. Names and values are text or bytes."""
    found = b""
    for name, value in params.items():
        name, value = (x if isinstance(x, bytes) else str(x).encode() for x in (name, value))
        found += _length(len(name)) + _length(len(value)) + name + value
    return found


def begin(keep, request=1, role=1):
    return record(BEGIN, struct.pack("!HB5x", role, 1 if keep else 0), request)


def get(path, query="", method="GET", **more):
    """The parameters that nginx sends for a request."""
    return {"REQUEST_METHOD": method, "DOCUMENT_URI": path, "QUERY_STRING": query, "CONTENT_TYPE": "",
            "CONTENT_LENGTH": "", **more}


class Answer:
    def __init__(self, output, errors):
        head, _, self.body = output.partition(b"\r\n\r\n")
        self.headers = {}
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            self.headers[name.lower()] = value
        self.status = int(self.headers.pop("status", "200").split()[0])
        self.errors = errors

    def __repr__(self):
        return f"{self.status} {self.headers} {self.body[:300]!r}"


class Connection:
    """One connection. `address` is the path of a Unix socket, or (host, port)."""

    def __init__(self, address, timeout=PATIENCE):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.socket = socket.socket(family)
        self.socket.settimeout(timeout)
        self.socket.connect(address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _read(self, n):
        """Read n bytes, or fewer at the end of the connection."""
        data = b""
        while len(data) < n:
            part = self.socket.recv(n - len(data))
            if not part:
                break
            data += part
        return data

    def send(self, data):
        self.socket.sendall(data)

    def receive(self, request=1):
        """Read a response. Raises ConnectionError if the connection ends first."""
        streams = {STDOUT: bytearray(), STDERR: bytearray()}
        while True:
            head = self._read(8)
            if len(head) < 8:
                raise ConnectionError(f"the connection ended after {streams[STDOUT][:1000]!r} and {streams[STDERR][:1000]!r}")
            _, kind, number, length, padding = struct.unpack("!BBHHBx", head)
            content = self._read(length + padding)[:length]
            if number == request and kind == END:
                return Answer(bytes(streams[STDOUT]), bytes(streams[STDERR]))
            if number == request and kind in streams:
                streams[kind] += content

    def exchange(self, params, body=b"", keep=True):
        self.send(begin(keep) + records(PARAMS, pairs(params)) + records(STDIN, body))
        return self.receive()

    def is_closed(self):
        """Whether the pool closes the connection before the time-out."""
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False
