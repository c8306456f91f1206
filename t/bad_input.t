#!/usr/bin/python3
"""Bad input is answered with a 4xx as JSON and never ends a worker: through nginx, and straight to the pool, which
must not rely on nginx."""

import json
import os
import random
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Service, ended_well

MB = 1024 * 1024
TEXT, JSON = "text/plain", "application/json"
SUM, SUM_ANSWER = "num1=1&num2=2&operator=add", b'{"result": 3.0}'

# Queries and bodies that are refused alike on both ways: (name, path, query, content type, body, status, error).
ALIKE = [
    ("percent and no digits", "/segment", "text=%zz", None, None, 400, "Invalid percent-encoding"),
    ("percent at the end", "/calculator", "num1=1&num2=%4", None, None, 400, "Invalid percent-encoding"),
    ("a name with a bad percent", "/segment", "%=1", None, None, 400, "Invalid percent-encoding"),
    ("UTF-8 cut short", "/segment", "text=%E6%88", None, None, 400, "Invalid UTF-8"),
    ("overlong UTF-8", "/segment", "text=%C0%80", None, None, 400, "Invalid UTF-8"),
    ("a surrogate", "/segment", "text=%ED%A0%80", None, None, 400, "Invalid UTF-8"),
    ("raw bytes that are no UTF-8", "/segment", b"text=\xff\xfe", None, None, 400, "Invalid UTF-8"),
    ("a NUL in a number", "/calculator", "num1=1%00&num2=2&operator=add", None, None, 400, "Invalid input"),
    ("a NUL in the operator", "/calculator", "num1=1&num2=2&operator=add%00", None, None, 400, "Invalid operator"),
    ("10,000 parameters", "/calculator", "a&" * 10000, None, None, 400, "Too many parameters (the limit is 1000)"),
    ("a text that is no UTF-8", "/segment", "", TEXT, b"\xe6\x88\x91\xff", 400, "Invalid UTF-8"),
    ("another charset", "/segment", "", TEXT + "; charset=gbk", b"a", 415, "Unsupported media type"),
    ("another media type", "/segment", "", "application/xml", b"<a/>", 415, "Unsupported media type"),
    ("no media type", "/segment", "", None, b"a", 415, "Unsupported media type"),
    ("20 MB", "/segment", "", TEXT, b"a" * 20 * MB, 413, "Request body too large"),
    ("arrays nested 100,000 deep", "/segment", "", JSON, b"[" * 100000 + b"]" * 100000, 400, None),
    ("objects nested 100,000 deep", "/segment", "", JSON, b'{"text":' * 100000 + b"1" + b"}" * 100000, 400, None),
    ("depth in a member", "/segment", "", JSON, b'{"text": "a", "x": ' + b"[" * 900000, 400, None),
    ("no JSON", "/segment", "", JSON, b"text", 400, None),
    ("JSON cut short", "/segment", "", JSON, b'{"text": "a', 400, None),
    ("JSON in UTF-16", "/segment", "", JSON, '{"text": "a"}'.encode("utf-16"), 400, None),
    ("half a surrogate pair", "/segment", "", JSON, rb'{"text": "\ud800"}', 400, None),
    ("JSON that is no object", "/segment", "", JSON, b'["text"]', 400, None),
    ("an empty body of JSON", "/segment", "", JSON, b"", 400, None),
    ("a number for a text", "/segment", "", JSON, b'{"text": 1}', 400, "Invalid text"),
    ("a truth for a text", "/segment", "", JSON, b'{"text": true}', 400, "Invalid text"),
    ("an array for a text", "/segment", "", JSON, b'{"text": ["a"]}', 400, "Invalid text"),
    ("a number for a mode", "/segment", "", JSON, b'{"text": "a", "mode": 1}', 400, "Invalid mode"),
    ("an object for hmm", "/segment", "", JSON, b'{"text": "a", "hmm": {}}', 400, "Invalid hmm"),
]


def is_error(answer, status, text, name):
    """Check status, type and text of an answer; `text` None: any, but it must be there."""
    try:
        error = json.loads(answer.body).get("error")
    except ValueError:
        error = None
    good = answer.status == status and answer.headers.get("content-type") == "application/json; charset=utf-8" and \
        error and text in (None, error)
    tap.ok(good, name, f"expected {status} {text}, got {answer}")


def alike_through_nginx(client):
    for name, path, query, media_type, body, status, error in ALIKE:
        target = path.encode() + b"?" + (query if isinstance(query, bytes) else query.encode())
        headers = {"Content-Type": media_type} if media_type else {}
        answer = client.exchange("GET" if body is None else "POST", target, headers, body)
        is_error(answer, status, error, f"nginx: {name}")


def lies_through_nginx(service, client):
    """What only a client of HTTP can do wrong."""
    is_error(client.get("/segment?text=" + "a" * MB), 414, "URI too long", "nginx: a query of 1 MB")
    is_error(client.get("/segment?text=a\0b"), 400, "Bad request", "nginx: a NUL in the request line")
    post = "POST /segment HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    for value in ("-1", "1e3", "0x10", "99999999999999999999999", "1, 2", "１"):
        client.close()
        client.send(f"{post}Content-Length: {value}\r\n\r\na".encode())
        answer = client.receive()
        tap.ok(answer.status in (400, 413) and b'{"error"' in answer.body, f"nginx: Content-Length: {value}", answer)
    client.close()
    client.send(f"{post}Content-Length: 3\r\n\r\n我们".encode())  # what is too much is no request
    tap.equal(client.receive().body.decode(), '{"words": ["我"]}', "nginx: a Content-Length that is too small")
    is_error(client.receive(), 400, "Bad request", "nginx: and what comes after")
    client.close()
    client.send(f"{post}Content-Length: 100\r\n\r\na".encode())
    client.socket.shutdown(socket.SHUT_WR)
    tap.equal(client.socket.recv(1), b"", "nginx: a body that ends early gets no answer")
    client.close()
    for _ in range(20):  # leave before the answer is there
        client.send(post.encode() + b"Content-Length: 300000\r\n\r\n" + b"a" * 300000)
        client.close()
    tap.equal(client.get("/calculator?" + SUM).body, SUM_ANSWER, "nginx: after clients that did not wait")


def alike_straight(service):
    """Each on one and the same kept connection, so that it must stay in step; but for a body too large."""
    connection = fcgi.Connection(service.pool.socket)
    for name, path, query, media_type, body, status, error in ALIKE:
        params = fcgi.get(path, query, "GET" if body is None else "POST", CONTENT_TYPE=media_type or "",
                          CONTENT_LENGTH="" if body is None else len(body))
        is_error(connection.exchange(params, body or b""), status, error, f"pool: {name}")
        if status == 413:
            tap.ok(connection.is_closed(), "pool: the rest of it is not waited for")
            connection = fcgi.Connection(service.pool.socket)
    tap.equal(connection.exchange(fcgi.get("/calculator", SUM)).body, SUM_ANSWER, "pool: still in step")
    connection.socket.close()


# (name, CONTENT_LENGTH, body, status, error or None for an answer of the words in the fourth place)
LENGTHS = [
    ("negative", "-1", b"a", 400, "Invalid Content-Length"),
    ("no number", "abc", b"a", 400, "Invalid Content-Length"),
    ("a number and more", "1x", b"a", 400, "Invalid Content-Length"),
    ("a sign", "+1", b"a", 400, "Invalid Content-Length"),
    ("a space", " 1", b"a", 400, "Invalid Content-Length"),
    ("a byte too large", 2 * MB + 1, b"a", 413, "Request body too large"),
    ("2^32 + 1", 2**32 + 1, b"a", 413, "Request body too large"),
    ("2^64 + 1", 2**64 + 1, b"a", 413, "Request body too large"),
    ("40 digits", "9" * 40, b"a", 413, "Request body too large"),
    ("too many", 4, "我".encode(), 400, "Incomplete request body"),
    ("far too many", 2 * MB, "我".encode(), 400, "Incomplete request body"),
    ("any, and no body", 3, b"", 400, "Incomplete request body"),
    ("too few", 3, "我们".encode(), 200, ["我"]),
    ("far too few", 3, "我们".encode() * 100000, 200, ["我"]),
    ("leading zeros", "0003", "我".encode(), 200, ["我"]),
]


def lengths_straight(service):
    for name, length, body, status, expected in LENGTHS:
        params = fcgi.get("/segment", "", "POST", CONTENT_TYPE=TEXT, CONTENT_LENGTH=length)
        with fcgi.Connection(service.pool.socket) as connection:
            answer = connection.exchange(params, body)
            if status == 200:
                tap.equal((answer.status, json.loads(answer.body)), (200, {"words": expected}), f"pool: length {name}")
            else:
                is_error(answer, status, expected, f"pool: length {name}")
            try:  # a kept connection is in step, or it is closed
                body = connection.exchange(fcgi.get("/calculator", SUM)).body
            except ConnectionError:
                body = SUM_ANSWER
            tap.equal(body, SUM_ANSWER, f"pool: the next answer after length {name}")
    with fcgi.Connection(service.pool.socket) as connection:
        answer = connection.exchange(fcgi.get("/segment", "text=" + "a" * MB))
        is_error(answer, 414, "URI too long", "pool: a query of 1 MB")
        answer = connection.exchange({"QUERY_STRING": "text=a"})
        is_error(answer, 404, "Not found", "pool: no method and no path")
        answer = connection.exchange(fcgi.get(b"/segment\xff\xfe", method=b"\xff\x00\xff"))
        is_error(answer, 404, "Not found", "pool: a path and a method that are no text")
        answer = connection.exchange({f"HTTP_X{i}": "a" * 100 for i in range(5000)} | fcgi.get("/calculator", SUM))
        tap.equal(answer.body, SUM_ANSWER, "pool: 5,000 parameters that nobody asked for")


def garbage_straight(service):
    """What is no FastCGI. The connection is closed, or what there is of it is answered."""
    good = fcgi.records(fcgi.PARAMS, fcgi.pairs(fcgi.get("/calculator", SUM)))
    generator = random.Random(20)
    samples = {
        "nothing": b"", "HTTP": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "another version": b"\x09" + fcgi.begin(True)[1:],
        "another role": fcgi.begin(True, role=9) + good,
        "no begin": good,
        "parameters cut short": fcgi.begin(True) + good[:30],
        "a name longer than the record": fcgi.begin(True) + fcgi.records(fcgi.PARAMS, b"\x7f\x01ab"),
        "a name of 2 GB": fcgi.begin(True) + fcgi.records(fcgi.PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xffab"),
        "an unknown kind": fcgi.begin(True) + fcgi.record(99, b"abc"),
        "a question to the library": fcgi.record(9, fcgi.pairs({"FCGI_MAX_CONNS": "", "X": ""}), 0) + fcgi.begin(True)[:9],
        "a body cut short": fcgi.begin(True) + good + fcgi.record(fcgi.STDIN, b"a" * 100)[:50],
        "abort": fcgi.begin(True) + good + fcgi.record(fcgi.ABORT, b""),
        "two at once": fcgi.begin(True, 1) + fcgi.begin(True, 2) + good,
        **{f"random bytes {i}": bytes(generator.randrange(256) for _ in range(200)) for i in range(20)},
    }
    for name, data in samples.items():
        with fcgi.Connection(service.pool.socket) as connection:
            try:
                connection.send(data)
                connection.socket.shutdown(socket.SHUT_WR)
                while connection.socket.recv(65536):
                    pass
            except (BrokenPipeError, ConnectionResetError):
                pass
        with fcgi.Connection(service.pool.socket) as connection:
            answer = connection.exchange(fcgi.get("/calculator", SUM))
        tap.equal(answer.body, SUM_ANSWER, f"pool: after {name}")


with Service(workers=2) as service:
    before = service.pool.await_workers()
    with Client(service.port) as client:
        alike_through_nginx(client)
        lies_through_nginx(service, client)
    tap.equal(service.pool.workers(), before, "nginx: the workers are those of the begin")
    alike_straight(service)
    lengths_straight(service)
    tap.equal(service.pool.workers(), before, "pool: the workers are those of the begin")
    garbage_straight(service)
    tap.equal(service.pool.workers(), before, "garbage: the workers are those of the begin")
    tap.equal(service.pool.log(), "", "the pool has nothing to say about it")
    ended_well(service)
tap.done()
