#!/usr/bin/python3
"""The HTTP contract through a real nginx and the pool: the cases of t/cases/, the errors that nginx answers by itself,
and kept connections."""

import json
import os
import select
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import tap
from http_client import Client
from service import Service, ended_well
from store import sql
from wait import PATIENCE, wait_until

JSON = "application/json; charset=utf-8"
QUESTION = "/calculator?num1=7&num2=2&operator=divide"
HAN = "%E6%88%91"
CACHED = ("/segment?text=" + HAN, "/keywords?text=" + HAN, "/random-image?seed=1", "/random-image?seed=1&count=2", "/random-image/tags", QUESTION, "/",
          "/openapi.json")
TARGETS = (QUESTION, "/random-image", "/segment?text=" + HAN, "/calculator", "/nowhere")


def replay(service):
    """Check every case that applies to nginx."""
    with Client(service.port) as client:
        for case in cases.load("nginx"):
            request = case["request"]
            answer = client.exchange(request["method"], cases.target(case), request["headers"], cases.body(case))
            wrong = cases.differences(case, answer.status, answer.headers, answer.body)
            tap.ok(not wrong, cases.title(case), "\n".join(wrong))


def check_headers(service):
    """Check that nginx adds only Server, Date and Connection, and that HEAD has the headers of GET."""
    with Client(service.port) as client:
        answer = client.exchange("GET", QUESTION, {"Accept-Encoding": "gzip", "Origin": "https://example.org"})
        tap.equal(sorted(answer.headers), ["access-control-allow-origin", "cache-control", "connection", "content-length", "content-type",
                                           "date", "etag", "server", "serverful-revision", "vary"], "a response through nginx has ten headers, of which nginx adds Server, Date and Connection")
        tap.equal(answer.headers["server"], "nginx", "the Server header does not show the version of nginx")
        for target in TARGETS:
            body, head = client.get(target), client.exchange("HEAD", target)
            for answer in (body, head):
                answer.headers.pop("date")
            if target != "/random-image":  # whose URLs differ in length
                tap.equal((head.status, head.headers), (body.status, body.headers), f"HEAD {target} has the status and headers of GET")
            tap.equal(head.body, b"", f"HEAD {target} has no body")
        tap.equal(client.connections, 1, "one connection carries GET and HEAD requests of all endpoints")


def check_caching(service):
    """Check that a client which has an answer gets 304 until the store is edited, if the answer follows from the snapshot."""
    def ask(targets, etags=None):
        found = {}
        for target in targets:
            headers = {"If-None-Match": f'"x", {etags[target]}'} if etags else {}
            answer = client.exchange("GET", target, headers)
            found[target] = answer
            if answer.status == 304:
                tap.equal((answer.body, answer.headers.get("content-length"), answer.headers["etag"], "cache-control" in answer.headers, answer.headers["vary"]),
                          (b"", None, etags[target], True, "Accept-Encoding"), f"the 304 of {target} has the headers for caches, and no body")
        return found
    with Client(service.port) as client:
        first = ask(CACHED)
        etags = {target: answer.headers["etag"] for target, answer in first.items()}
        tap.equal({target: answer.status for target, answer in ask(CACHED, etags).items()}, dict.fromkeys(CACHED, 304),
                  "a client with the ETag of an answer gets 304")
        tap.equal(client.exchange("HEAD", QUESTION, {"If-None-Match": etags[QUESTION]}).status, 304, "HEAD answers 304, too")
        tap.equal(client.exchange("POST", "/segment", {"Content-Type": "text/plain", "If-None-Match": "*"}, b"a").status, 200,
                  "POST ignores If-None-Match")
        sql(service.db, "INSERT INTO words (word, freq) VALUES ('杭研', 5)")
        wait_until(lambda: client.get(CACHED[0]).headers["etag"] != etags[CACHED[0]], "the edit to be served")
        stay = {QUESTION, "/", "/openapi.json"}
        tap.equal({target: answer.status for target, answer in ask(CACHED, etags).items()}, {target: 304 if target in stay else 200 for target in CACHED},
                  "after an edit, answers that follow from the store are sent again")
        for target in "/random-image", "/random-image?redirect=1", "/random-image?count=2":
            answer = client.get(target)
            tap.equal((answer.headers["cache-control"], "etag" in answer.headers), ("no-store", False), f"the random answer of {target} is never stored")
        tap.equal(client.get("/random-image?redirect=1&seed=1").headers.get("etag"), None, "a redirect has no ETag")


def is_error(answer, status, text, name):
    body = json.loads(answer.body)
    got = (answer.status, answer.headers.get("content-type"), answer.headers.get("access-control-allow-origin"),
           answer.headers.get("vary"), body["error"], body["detail"] != "", answer.body[-2:])
    tap.equal(got, (status, JSON, "*", "Accept-Language", text, True, b"}\n"), name)


def check_long_parameters(client):
    """Check that a request whose parameters do not fit into one FastCGI record is refused, and that others are answered."""
    long = "/calculator?num1=1&num2=2&operator=add&x=" + "a" * 39000
    zeros = "0" * 38999 + "1"
    for name, request in {
            "a query and a Content-Type": ("GET", long, {"Content-Type": "a" * 39000}),
            "a query and an If-None-Match": ("GET", long, {"If-None-Match": "a" * 39000}),
            "a path and a Content-Type": ("POST", "/" + "a" * 39000, {"Content-Type": "a" * 39000}, b"a"),
            "a method and a Content-Type": ("A" * 39000, "/segment", {"Content-Type": "a" * 39000}, b"a"),
            "a query and a Content-Length": ("POST", long, {"Content-Length": zeros}, b"a"),
            "a Content-Type and a Content-Length": ("POST", "/", {"Content-Type": "a" * 39000, "Content-Length": zeros}, b"a")}.items():
        is_error(client.exchange(*request), 431, "Request headers too large", f"{name} of 39 kB each answer 431")
        client.close()
    tap.equal(client.exchange("GET", long, {"Content-Type": "a" * 24000}).body, b'{"result": 3.0}\n',
              "a query of 39 kB and a Content-Type of 24 kB are answered")
    tap.equal(client.exchange("GET", long, {name: "a" * 39000 for name in ("Accept", "Cookie")}).body, b'{"result": 3.0}\n',
              "headers that nginx does not pass on may be as long as a query beside them")


def check_late_bytes(client):
    """Check that a client which goes on sending after an error gets the answer, and no reset that discards it."""
    client.close()
    client.send(b"GET / HTTP/1.1\r\n\r\n")
    end = select.poll()
    end.register(client.socket, select.POLLRDHUP)
    end.poll(1000 * PATIENCE)
    for _ in range(3):
        client.send(b"a" * 100000)
    is_error(client.receive(), 400, "Bad request", "a client that goes on sending after an error gets the answer")


def check_nginx_errors(service):
    """Check that errors which nginx answers by itself are JSON like those of the handlers, in both languages."""
    with Client(service.port) as client:
        tap.equal(client.get("/segment?text=" + HAN * 4000).status, 200, "GET /segment takes 4,000 Chinese characters")
        is_error(client.get("/segment?text=" + HAN * 4600), 414, "URI too long", "GET /segment with 4,600 Chinese characters answers 414")
        is_error(client.get("/calculator?" + "a" * 1000000), 414, "URI too long", "a query of 1 MB answers 414")
        is_error(client.exchange("GET", "/", {"X": "a" * 50000}), 431, "Request headers too large", "a header of 50 kB answers 431")
        check_long_parameters(client)
        answer = client.exchange("TRACE", "/segment")
        is_error(answer, 405, "Method not allowed", "TRACE answers 405")
        tap.equal(answer.headers.get("allow"), "GET, HEAD, OPTIONS", "nginx names the methods that are allowed")
        is_error(client.exchange("GET", "/%zz"), 400, "Bad request", "a path with an invalid percent-encoding answers 400")
        is_error(client.exchange("GET", "/segment%00"), 400, "Bad request", "a path with a NUL answers 400")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "-1"}), 400, "Bad request", "Content-Length: -1 answers 400")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "1x"}), 400, "Bad request", "Content-Length: 1x answers 400")
        is_error(client.exchange("POST", "/segment", {"Content-Length": "99999999999"}), 413,
                 "Request body too large", "Content-Length: 99999999999 answers 413")
        is_error(client.exchange("POST", "/segment", {"Content-Type": "text/plain"}, b"a" * (5 * 1024 * 1024 + 1)), 413,
                 "Request body too large", "a body of 5 MiB and one byte answers 413")
        for junk, name in ((b"GET\r\n\r\n", "half a request line"), (b"GET / HTTP/1.1\r\n\r\n", "a request without Host"),
                           (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "a TLS handshake")):
            client.close()
            client.send(junk)
            is_error(client.receive(), 400, "Bad request", f"{name} answers 400")
        check_late_bytes(client)
        client.close()
        client.send(b"GET / HTTP/3.7\r\nHost: a\r\n\r\n")
        is_error(client.receive(), 505, "HTTP version not supported", "HTTP/3.7 answers 505")
        for header, chinese in (("zh", True), ("zh-CN,zh;q=0.9,en;q=0.8", True), ("zh-Hans ; q=0.5", True), ("zh;q=0", False), ("en, zh", False), ("zhx", False),
                                ("fr, eno, zh-TW; Q = 0.5", True), (",zh", True), ("*, zh;q=0, zh-HK", True), ("fr, en-GB;q=0.9, zh;q=0.8", False),
                                ("fr," * 9000 + "zh", True), ("a" * 30000 + "zh", False)):
            detail = json.loads(client.exchange("TRACE", "/", {"Accept-Language": header}).body)["detail"]
            tap.equal(not detail.isascii(), chinese, f"nginx explains its errors in {'Chinese' if chinese else 'English'} for {header:.40}")
        is_error(client.get("/.error?x"), 404, "Not found", "a client cannot request the internal location of the errors")


def check_bodies(service):
    with Client(service.port) as client:
        body = "我" * (5 * 1024 * 1024 // 3)
        answer = client.exchange("POST", "/segment?mode=full", {"Content-Type": "text/plain"}, body.encode())
        tap.equal((answer.status, len(answer.body)), (200, len('{"words": []}\n') + len(body) * 7 - 2),
                  "POST /segment takes a body of 5 MiB and answers with 12 MB")
        client.send(b"POST /segment HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                    b"3\r\n\xe6\x88\x91\r\n3\r\n\xe4\xbb\xac\r\n0\r\n\r\n")
        tap.equal(client.receive().body.decode(), '{"words": ["我们"]}\n', "POST /segment takes a chunked body, even if a chunk ends within a character")
        client.send(b"GET /calculator?num1=1&num2=1&operator=add HTTP/1.1\r\nHost: a\r\n\r\n"
                    b"GET /calculator?num1=1&num2=2&operator=add HTTP/1.1\r\nHost: a\r\n\r\n")
        tap.equal([client.receive().body, client.receive().body], [b'{"result": 2.0}\n', b'{"result": 3.0}\n'],
                  "nginx answers two pipelined requests in order")


def check_kept_connection(service):
    with Client(service.port) as client:
        answers = [client.get(f"/calculator?num1={i}&num2=1&operator=add") for i in range(100)]
        tap.equal([answer.body.decode() for answer in answers], [f'{{"result": {i + 1}.0}}\n' for i in range(100)],
                  "100 requests in a row get their own answers")
        tap.equal(client.connections, 1, "the 100 requests use one connection")


class Asker(threading.Thread):
    """A thread that sends requests on one kept connection without a pause, `n` times or until `enough` is set."""

    def __init__(self, port, number, n, enough):
        super().__init__(daemon=True)
        self.port, self.number, self.n, self.enough = port, number, n, enough
        self.wrong = []
        self.done = 0

    def run(self):
        expected = f'{{"result": {self.number + 1}.0}}\n'.encode()
        try:
            with Client(self.port) as client:
                while not self.enough.is_set() and self.done != self.n:
                    answer = client.get(f"/calculator?num1={self.number}&num2=1&operator=add")
                    if (answer.status, answer.body) != (200, expected):
                        self.wrong.append(answer)
                    self.done += 1
        except OSError as error:
            self.wrong.append(error)


def check_crowd(service):
    """Check that clients which never pause do not starve others, although each connection that nginx keeps occupies a worker."""
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
    tap.ok(not wrong, f"2 workers answer {sum(a.done for a in greedy + others)} requests of 24 kept connections correctly", wrong[:5])
    tap.equal({asker.done for asker in others}, {20}, "each of 12 clients gets its 20 answers while 12 others never pause")


def check_without_pool(service):
    service.pool.stop()
    with Client(service.port) as client:
        is_error(client.get("/random-image"), 502, "The service is not reachable", "nginx answers 502 when the pool has stopped")


tap.plan(len(cases.load("nginx")) + 2 * len(TARGETS) + 48 + len(CACHED) + 3 + 9)
with Service(workers=2) as service:
    replay(service)
    check_headers(service)
    check_nginx_errors(service)
    check_bodies(service)
    check_caching(service)
    check_kept_connection(service)
    check_crowd(service)
    ended_well(service)
    check_without_pool(service)
tap.done()
