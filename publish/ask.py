"""Asks a place which revision it serves, over HTTP or FastCGI."""

import http.client
import json
import socket
import struct
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import namedtuple

from problem import Problem

SECONDS = 5  # without a byte of an answer
LIMIT = 1 << 20  # bytes of an answer that are read
PAUSE = 0.2  # seconds between two questions while a place takes over a snapshot
HEADER = "serverful-revision"
BEGIN, PARAMS, STDIN, STDOUT = 1, 4, 5, 6

# What a place answers: the revision; if the URL is that of /status, also the seconds since its snapshot was written, and what
# is wrong with the store or the snapshot that was sent. None for what is unknown.
State = namedtuple("State", "revision age error")


def _record(kind, content):
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def _request(path):
    """A FastCGI request for a path. The pool closes the connection after its answer."""
    params = b"".join(bytes([len(name), len(value)]) + name.encode() + value.encode() for name, value in
                      (("REQUEST_METHOD", "GET"), ("DOCUMENT_URI", path), ("QUERY_STRING", "")))
    return _record(BEGIN, struct.pack("!HB5x", 1, 0)) + _record(PARAMS, params) + _record(PARAMS, b"") + _record(STDIN, b"")


def _output(data):
    """The output in the records of a FastCGI answer."""
    output, at = b"", 0
    while at + 8 <= len(data):
        _, kind, _, length, padding = struct.unpack_from("!BBHHB", data, at)
        if kind == STDOUT:
            output += data[at + 8:at + 8 + length]
        at += 8 + length + padding
    return output


def _ask_fastcgi(address, path):
    """The headers, with names in lower case, and the body that a pool answers."""
    with socket.create_connection(address, SECONDS) as connection:
        connection.sendall(_request(path))
        with connection.makefile("rb") as file:
            head, _, body = _output(file.read(LIMIT)).partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode("latin-1").split("\r\n"))
    return {name.lower(): value for name, _, value in lines}, body


def _ask_http(url):
    """The same over HTTP, whatever the status of the answer."""
    try:
        answer = urllib.request.urlopen(url, timeout=SECONDS)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read(LIMIT)


def _get(url):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "fcgi":
        return _ask_fastcgi((parts.hostname, parts.port), parts.path or "/")
    return _ask_http(url)


def _reason_of(error):
    """What a failure says, without the number of the error."""
    error = getattr(error, "reason", None) or error
    return getattr(error, "strerror", None) or error


def ask(url):
    """Ask the place at a URL, http, https or fcgi://HOST:PORT/PATH. Returns its State."""
    try:
        headers, body = _get(url)
    except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last one: no such host name is possible
        raise Problem(f"no answer from {url}: {_reason_of(error)}") from error
    try:
        status = json.loads(body)
        age, error = int(status["snapshot"]["age"]), status["store_error"]
    except (ValueError, KeyError, TypeError, OverflowError):  # another page
        age = error = None
    if HEADER not in headers and not error:
        raise Problem(f"{url} answers without the header Serverful-Revision: give the URL of a pool or function of this version that has a snapshot")
    return State(headers.get(HEADER), age, error)


def await_state(url, is_done, patience):
    """Wait until the state of the place at a URL is as it should be."""
    deadline = time.monotonic() + patience
    while True:
        try:
            state = ask(url)
            if is_done(state):
                return
            why = f"still serves {state.revision or 'no snapshot'} after {patience} s" + (f": {state.error}" if state.error else "")
        except Problem as problem:
            why = str(problem)
        if time.monotonic() >= deadline:
            raise Problem(why)
        time.sleep(PAUSE)
