#!/usr/bin/python3
"""The HTTP contract through a real nginx and the pool: the cases of t/cases/, what nginx answers by itself, and
kept connections."""

import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import tap
from http_client import Client
from service import Service, ended_well

JSON = "application/json; charset=utf-8"
QUESTION = "/calculator?num1=7&num2=2&operator=divide"
HAN = "%E6%88%91"


def replay(service):
    """Every case that applies here."""
    with Client(service.port) as client:
        for case in cases.load("nginx"):
            request = case["request"]
            answer = client.exchange(request["method"], cases.target(case), request["headers"], cases.body(case))
            wrong = cases.differences(case, answer.status, answer.headers, answer.body)
            tap.ok(not wrong, cases.title(case), "\n".join(wrong))


def check_headers(service):
    """nginx adds three headers of its own, and changes none of ours."""
    with Client(service.port) as client:
        answer = client.exchange("GET", QUESTION, {"Accept-Encoding": "gzip", "Origin": "https://example.org"})
        tap.equal(sorted(answer.headers), ["access-control-allow-origin", "connection", "content-length",
                                           "content-type", "date", "server"], "the headers of an answer")
        tap.equal(answer.headers["server"], "nginx", "no version is told")
        for target in (QUESTION, "/random-image", "/segment?text=" + HAN, "/calculator", "/nowhere"):
            body, head = client.get(target), client.exchange("HEAD", target)
            for answer in (body, head):
                answer.headers.pop("date")
            if target != "/random-image":  # whose URLs differ in length
                tap.equal((head.status, head.headers), (body.status, body.headers), f"HEAD {target} is as GET")
            tap.equal(head.body, b"", f"HEAD {target} has no body")
        tap.equal(client.connections, 1, "one connection carried all that")


def is_error(answer, status, text, name):
    got = (answer.status, answer.headers.get("content-type"), answer.headers.get("access-control-allow-origin"),
           answer.body.decode())
    tap.equal(got, (status, JSON, "*", f'{{"error": "{text}"}}'), name)


def check_nginx_errors(service):
    """What nginx refuses before the pool sees it is JSON, too."""
    with Client(service.port) as client:
        tap.equal(client.get("/segment?text=" + HAN * 4000).status, 200, "a GET takes 4,000 Chinese characters")
        is_error(client.get("/segment?text=" + HAN * 4600), 414, "URI too long", "more are too long")
        is_error(client.get("/calculator?" + "a" * 1000000), 414, "URI too long", "a query of 1 MB")
        is_error(client.exchange("GET", "/", {"X": "a" * 50000}), 431, "Request headers too large", "a huge header")
        is_error(client.exchange("TRACE", "/segment"), 405, "Method not allowed", "TRACE")
        is_error(client.exchange("GET", "/%zz"), 400, "Bad request", "an invalid path")
        is_error(client.exchange("GET", "/segment%00"), 400, "Bad request", "a NUL in the path")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "-1"}), 400, "Bad request", "length -1")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "1x"}), 400, "Bad request", "length 1x")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "99999999999"}), 413,
                 "Request body too large", "a length of 99999999999")
        is_error(client.exchange("POST", "/segment", {"Content-Type": "text/plain"}, b"a" * (2 * 1024 * 1024 + 1)), 413,
                 "Request body too large", "a byte more than 2 MiB")
        for junk, name in ((b"GET\r\n\r\n", "half a request line"), (b"GET / HTTP/1.1\r\n\r\n", "no Host"),
                           (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "TLS")):
            client.close()
            client.send(junk)
            is_error(client.receive(), 400, "Bad request", name)
        client.close()
        client.send(b"GET / HTTP/3.7\r\nHost: a\r\n\r\n")
        is_error(client.receive(), 505, "HTTP version not supported", "HTTP/3.7")
        is_error(client.get("/.error?x"), 404, "Not found", "the location of the errors is not for clients")


def check_bodies(service):
    with Client(service.port) as client:
        body = "我" * (2 * 1024 * 1024 // 3)
        answer = client.exchange("POST", "/segment?mode=full", {"Content-Type": "text/plain"}, body.encode())
        tap.equal((answer.status, len(answer.body)), (200, len('{"words": []}') + len(body) * 7 - 2),
                  "the largest body, and its answer of 5 MB")
        client.send(b"POST /segment HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"3\r\n\xe6\x88\x91\r\n3\r\n\xe4\xbb\xac\r\n0\r\n\r\n")
        tap.equal(client.receive().body.decode(), '{"words": ["我们"]}', "a body in chunks")
        client.send(b"GET /calculator?num1=1&num2=1&operator=add HTTP/1.1\r\nHost: a\r\n\r\n"
                    b"GET /calculator?num1=1&num2=2&operator=add HTTP/1.1\r\nHost: a\r\n\r\n")
        tap.equal([client.receive().body, client.receive().body], [b'{"result": 2.0}', b'{"result": 3.0}'],
                  "two requests at once on one connection")


def check_kept_connection(service):
    with Client(service.port) as client:
        answers = [client.get(f"/calculator?num1={i}&num2=1&operator=add") for i in range(100)]
        tap.equal([answer.body.decode() for answer in answers], [f'{{"result": {i + 1}.0}}' for i in range(100)],
                  "100 requests on one connection")
        tap.equal(client.connections, 1, "it was one connection")


class Asker(threading.Thread):
    """Asks again and again on one kept connection, `n` times or until `enough` is set."""

    def __init__(self, port, number, n, enough):
        super().__init__(daemon=True)
        self.port, self.number, self.n, self.enough = port, number, n, enough
        self.wrong = []
        self.done = 0

    def run(self):
        expected = f'{{"result": {self.number + 1}.0}}'.encode()
        try:
            with Client(self.port, timeout=20) as client:
                while not self.enough.is_set() and self.done != self.n:
                    answer = client.get(f"/calculator?num1={self.number}&num2=1&operator=add")
                    if (answer.status, answer.body) != (200, expected):
                        self.wrong.append(answer)
                    self.done += 1
        except OSError as error:
            self.wrong.append(error)


def check_crowd(service):
    """Clients that never pause must not starve others: connections of nginx that are kept occupy workers."""
    enough = threading.Event()
    greedy = [Asker(service.port, i, None, enough) for i in range(12)]
    others = [Asker(service.port, 100 + i, 20, threading.Event()) for i in range(12)]
    for asker in greedy + others:
        asker.start()
    for asker in others:
        asker.join()
    enough.set()
    for asker in greedy:
        asker.join()
    wrong = [error for asker in greedy + others for error in asker.wrong]
    tap.ok(not wrong, f"24 kept connections on 2 workers, {sum(a.done for a in greedy + others)} requests", wrong[:5])
    tap.equal({asker.done for asker in others}, {20}, "nobody starved")


def check_without_pool(service):
    service.pool.stop()
    with Client(service.port) as client:
        is_error(client.get("/random-image"), 502, "The service is not reachable", "the pool is gone")


with Service(workers=2) as service:
    replay(service)
    check_headers(service)
    check_nginx_errors(service)
    check_bodies(service)
    check_kept_connection(service)
    check_crowd(service)
    ended_well(service)
    check_without_pool(service)
tap.done()
