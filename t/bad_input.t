#!/usr/bin/python3
"""Bad input is answered with a 4xx as JSON, and no worker dies of it: through nginx, and sent directly to the pool, which
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
TOO_LARGE = "Request body too large"
SUM, SUM_ANSWER = "num1=1&num2=2&operator=add", b'{"result": 3.0}\n'

# Queries and bodies that nginx and the pool refuse alike: (name, path, query, content type, body, status, error).
ALIKE = [
    ("a percent sign without digits", "/segment", "text=%zz", None, None, 400, "Invalid percent-encoding"),
    ("a percent sign at the end", "/calculator", "num1=1&num2=%4", None, None, 400, "Invalid percent-encoding"),
    ("a percent sign in a name", "/segment", "%=1", None, None, 400, "Invalid percent-encoding"),
    ("truncated UTF-8", "/segment", "text=%E6%88", None, None, 400, "Invalid UTF-8"),
    ("overlong UTF-8", "/segment", "text=%C0%80", None, None, 400, "Invalid UTF-8"),
    ("a surrogate in UTF-8", "/segment", "text=%ED%A0%80", None, None, 400, "Invalid UTF-8"),
    ("raw bytes that are not UTF-8", "/segment", b"text=\xff\xfe", None, None, 400, "Invalid UTF-8"),
    ("a NUL in a number", "/calculator", "num1=1%00&num2=2&operator=add", None, None, 400, "Invalid input"),
    ("a NUL in the operator", "/calculator", "num1=1&num2=2&operator=add%00", None, None, 400, "Invalid operator"),
    ("10,000 parameters", "/calculator", "a&" * 10000, None, None, 400, "Too many parameters: at most 1000"),
    ("a body that is not UTF-8", "/segment", "", TEXT, b"\xe6\x88\x91\xff", 400, "Invalid UTF-8"),
    ("the charset GBK", "/segment", "", TEXT + "; charset=gbk", b"a", 415, "Unsupported media type"),
    ("the media type application/xml", "/segment", "", "application/xml", b"<a/>", 415, "Unsupported media type"),
    ("a body without a media type", "/segment", "", None, b"a", 415, "Unsupported media type"),
    ("a body of 20 MB", "/segment", "", TEXT, b"a" * 20 * MB, 413, TOO_LARGE),
    ("arrays nested 10,000 deep", "/segment", "", JSON, b"[" * 10000 + b"]" * 10000, 400, None),
    ("objects nested 10,000 deep", "/segment", "", JSON, b'{"text":' * 10000 + b"1" + b"}" * 10000, 400, None),
    ("deep nesting in a member that is not read", "/segment", "", JSON, b'{"text": "a", "x": ' + b"[" * 10000, 400, None),
    ("very deep nesting in such a member", "/segment", "", JSON, b'{"text": "a", "x": ' + b"[" * 900000, 413, "Too many JSON values: at most 20000"),
    ("20,000 JSON values", "/segment", "", JSON, b'{"text": "", "mode": 1, "x": [' + b"1," * 19995 + b"1]}", 400, "Invalid mode"),
    ("20,001 JSON values", "/segment", "", JSON, b'{"text": "", "x": [' + b"1," * 19997 + b"1]}", 413, "Too many JSON values: at most 20000"),
    ("20,001 JSON values behind an escape", "/segment", "", JSON, b'{"text": "\\\\", "x": [' + b"{}," * 19997 + b"[ ]]}", 413, "Too many JSON values: at most 20000"),
    ("many commas in a text", "/segment", "", JSON, b'{"mode": 1, "text": "' + b'\\",[{' * 20000 + b'"}', 400, "Invalid mode"),
    ("a body that is not JSON", "/segment", "", JSON, b"text", 400, None),
    ("truncated JSON", "/segment", "", JSON, b'{"text": "a', 400, None),
    ("JSON in UTF-16", "/segment", "", JSON, '{"text": "a"}'.encode("utf-16"), 400, None),
    ("half a surrogate pair", "/segment", "", JSON, rb'{"text": "\ud800"}', 400, None),
    ("JSON that is not an object", "/segment", "", JSON, b'["text"]', 400, None),
    ("an empty JSON body", "/segment", "", JSON, b"", 400, None),
    ("a number for a text", "/segment", "", JSON, b'{"text": 1}', 400, "Invalid text"),
    ("true for a text", "/segment", "", JSON, b'{"text": true}', 400, "Invalid text"),
    ("an array for a text", "/segment", "", JSON, b'{"text": ["a"]}', 400, "Invalid text"),
    ("a number for a mode", "/segment", "", JSON, b'{"text": "a", "mode": 1}', 400, "Invalid mode"),
    ("an object for hmm", "/segment", "", JSON, b'{"text": "a", "hmm": {}}', 400, "Invalid hmm"),
]


def is_error(answer, status, text, name):
    """Check status, content type and error of a response. Where `text` is None, any error will do."""
    try:
        error = json.loads(answer.body).get("error")
    except ValueError:
        error = None
    good = answer.status == status and answer.headers.get("content-type") == "application/json; charset=utf-8" and \
        error and text in (None, error)
    tap.ok(good, name, f"expected {status} {text}, got {answer}")


def check_alike_through_nginx(client):
    for name, path, query, media_type, body, status, error in ALIKE:
        target = path.encode() + b"?" + (query if isinstance(query, bytes) else query.encode())
        headers = {"Content-Type": media_type} if media_type else {}
        answer = client.exchange("GET" if body is None else "POST", target, headers, body)
        is_error(answer, status, error, f"through nginx, {name} is answered with {status}")


WRONG_LENGTHS = ("-1", "1e3", "0x10", "99999999999999999999999", "1, 2", "１")  # that nginx refuses


def check_http_errors(service, client):
    """Check errors that are possible in HTTP only."""
    is_error(client.get("/segment?text=" + "a" * MB), 414, "URI too long", "through nginx, a query of 1 MB is answered with 414")
    is_error(client.get("/segment?text=a\0b"), 400, "Bad request", "nginx answers a NUL in the request line with 400")
    post = "POST /segment HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
    for value in WRONG_LENGTHS:
        client.close()
        client.send(f"{post}Content-Length: {value}\r\n\r\na".encode())
        answer = client.receive()
        tap.ok(answer.status in (400, 413) and b'{"error"' in answer.body, f"nginx answers Content-Length: {value} with 400 or 413", answer)
    client.close()
    client.send(f"{post}Content-Length: 3\r\n\r\n我们".encode())  # the rest is not a request
    tap.equal(client.receive().body.decode(), '{"words": ["我"]}\n', "nginx passes on as much of a body as Content-Length says")
    is_error(client.receive(), 400, "Bad request", "nginx answers the bytes behind the body with 400")
    client.close()
    client.send(f"{post}Content-Length: 100\r\n\r\na".encode())
    client.socket.shutdown(socket.SHUT_WR)
    tap.equal(client.socket.recv(1), b"", "nginx closes the connection of a client that ends its body early")
    client.close()
    for _ in range(20):  # disconnect before the response comes
        client.send(post.encode() + b"Content-Length: 300000\r\n\r\n" + b"a" * 300000)
        client.close()
    tap.equal(client.get("/calculator?" + SUM).body, SUM_ANSWER, "nginx answers after 20 clients disconnected without waiting")


def check_alike_at_pool(service):
    """Send each on one kept connection, which must stay in step; after a body that is too large, on a new one."""
    connection = fcgi.Connection(service.pool.socket)
    for name, path, query, media_type, body, status, error in ALIKE:
        params = fcgi.get(path, query, "GET" if body is None else "POST", CONTENT_TYPE=media_type or "",
                          CONTENT_LENGTH="" if body is None else len(body))
        is_error(connection.exchange(params, body or b""), status, error, f"sent to the pool, {name} is answered with {status}")
        if error == TOO_LARGE:
            tap.ok(connection.is_closed(), "the pool closes the connection after a body that is too large")
            connection = fcgi.Connection(service.pool.socket)
    tap.equal(connection.exchange(fcgi.get("/calculator", SUM)).body, SUM_ANSWER, "the kept connection still answers after all bad requests")
    connection.socket.close()


# Bodies of another length than CONTENT_LENGTH says: (name, CONTENT_LENGTH, body, status, error or words).
LENGTHS = [
    ("a negative length", "-1", b"a", 400, "Invalid Content-Length"),
    ("a length that is not a number", "abc", b"a", 400, "Invalid Content-Length"),
    ("a length with a letter behind it", "1x", b"a", 400, "Invalid Content-Length"),
    ("a length with a plus sign", "+1", b"a", 400, "Invalid Content-Length"),
    ("a length with a space", " 1", b"a", 400, "Invalid Content-Length"),
    ("a length of 5 MiB and one byte", 5 * MB + 1, b"a", 413, TOO_LARGE),
    ("the length 2^32 + 1", 2**32 + 1, b"a", 413, TOO_LARGE),
    ("the length 2^64 + 1", 2**64 + 1, b"a", 413, TOO_LARGE),
    ("a length of 40 digits", "9" * 40, b"a", 413, TOO_LARGE),
    ("a body one byte too short", 4, "我".encode(), 400, "Incomplete request body"),
    ("a body far too short", 2 * MB, "我".encode(), 400, "Incomplete request body"),
    ("no body in spite of a length", 3, b"", 400, "Incomplete request body"),
    ("a body three bytes too long", 3, "我们".encode(), 200, ["我"]),
    ("a body far too long", 3, "我们".encode() * 100000, 200, ["我"]),
    ("a length with leading zeros", "0003", "我".encode(), 200, ["我"]),
]


def check_lengths_at_pool(service):
    for name, length, body, status, expected in LENGTHS:
        params = fcgi.get("/segment", "", "POST", CONTENT_TYPE=TEXT, CONTENT_LENGTH=length)
        with fcgi.Connection(service.pool.socket) as connection:
            answer = connection.exchange(params, body)
            if status == 200:
                tap.equal((answer.status, json.loads(answer.body)), (200, {"words": expected}), f"the pool answers {name} with the words of that length")
            else:
                is_error(answer, status, expected, f"the pool answers {name} with {status}")
            try:  # the kept connection is in step, or closed
                body = connection.exchange(fcgi.get("/calculator", SUM)).body
            except ConnectionError:
                body = SUM_ANSWER
            tap.equal(body, SUM_ANSWER, f"the pool gives the right answer after {name}")
    with fcgi.Connection(service.pool.socket) as connection:
        answer = connection.exchange(fcgi.get("/segment", "text=" + "a" * MB))
        is_error(answer, 414, "URI too long", "the pool answers a query of 1 MB with 414")
        answer = connection.exchange({"QUERY_STRING": "text=a"})
        is_error(answer, 404, "Not found", "the pool answers a request without method and path with 404")
        answer = connection.exchange(fcgi.get(b"/segment\xff\xfe", method=b"\xff\x00\xff"))
        is_error(answer, 404, "Not found", "the pool answers path and method that are not UTF-8 with 404")
        answer = connection.exchange({f"HTTP_X{i}": "a" * 100 for i in range(5000)} | fcgi.get("/calculator", SUM))
        tap.equal(answer.body, SUM_ANSWER, "the pool ignores 5,000 parameters that it does not use")


def garbage():
    """Return data that is not FastCGI, or not all of it, by name."""
    good = fcgi.records(fcgi.PARAMS, fcgi.pairs(fcgi.get("/calculator", SUM)))
    generator = random.Random(20)
    return {
        "nothing": b"", "HTTP": b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "an unknown version": b"\x09" + fcgi.begin(True)[1:],
        "an unknown role": fcgi.begin(True, role=9) + good,
        "no begin record": good,
        "truncated parameters": fcgi.begin(True) + good[:30],
        "a name longer than the record": fcgi.begin(True) + fcgi.records(fcgi.PARAMS, b"\x7f\x01ab"),
        "a name of 2 GB": fcgi.begin(True) + fcgi.records(fcgi.PARAMS, b"\xff\xff\xff\xff\xff\xff\xff\xffab"),
        "an unknown type of record": fcgi.begin(True) + fcgi.record(99, b"abc"),
        "a management record to libfcgi": fcgi.record(9, fcgi.pairs({"FCGI_MAX_CONNS": "", "X": ""}), 0) + fcgi.begin(True)[:9],
        "a truncated body": fcgi.begin(True) + good + fcgi.record(fcgi.STDIN, b"a" * 100)[:50],
        "an abort": fcgi.begin(True) + good + fcgi.record(fcgi.ABORT, b""),
        "two requests on one connection": fcgi.begin(True, 1) + fcgi.begin(True, 2) + good,
        **{f"random bytes {i}": bytes(generator.randrange(256) for _ in range(200)) for i in range(20)},
    }


def check_garbage_at_pool(service):
    """Send garbage. The pool may close the connection or answer, and then must work on."""
    for name, data in garbage().items():
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
        tap.equal(answer.body, SUM_ANSWER, f"the pool works after {name}")


tap.plan(2 * len(ALIKE) + sum(error == TOO_LARGE for *_, error in ALIKE) + len(WRONG_LENGTHS) + 2 * len(LENGTHS) +
         len(garbage()) + 16)
with Service(workers=2) as service:
    before = service.pool.await_workers()
    with Client(service.port) as client:
        check_alike_through_nginx(client)
        check_http_errors(service, client)
    tap.equal(service.pool.workers(), before, "no worker died of bad input through nginx")
    check_alike_at_pool(service)
    check_lengths_at_pool(service)
    tap.equal(service.pool.workers(), before, "no worker died of bad input sent to the pool")
    check_garbage_at_pool(service)
    tap.equal(service.pool.workers(), before, "no worker died of data that is not FastCGI")
    tap.equal(service.pool.complaints(), [], "the pool logs nothing about bad input")
    ended_well(service)
tap.done()
