#!/usr/bin/python3
"""Answers that are sent while they are still being made: they are whole, or the client can see that they are not."""

import http.client
import json
import os
import resource
import socket
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Nginx, Service, ended_well
from wait import wait_until

TEXT = "的确，我来到北京 清华大学\n" * 40000
PLAIN = {"Content-Type": "text/plain"}
SMALL, SMALL_ANSWER = "/calculator?num1=1&num2=2&operator=add", b'{"result": 3.0}\n'


def check_whole(client):
    """Check that a large answer has the text in its words, its tags and its positions, and comes without a length."""
    target, body = "/segment?pos=1&offsets=1", TEXT.encode()
    answer = client.exchange("POST", target, PLAIN, body)
    tap.equal((answer.status, answer.headers.get("transfer-encoding"), answer.headers.get("content-length")), (200, "chunked", None),
              "a large answer comes in chunks")
    tap.equal(answer.headers.get("access-control-allow-origin"), "*", "it has the headers of any other")
    found = json.loads(answer.body)
    tap.ok("".join(found["words"]) == TEXT, "its words are the text")
    tap.equal([len(found["tags"]), len(found["offsets"])], [len(found["words"])] * 2, "it has a tag and a position for each word")
    wrong = sum(TEXT[begin:end] != word for word, (begin, end) in zip(found["words"], found["offsets"]))
    tap.equal(wrong, 0, "the positions are those of the words")
    texts = json.dumps({"texts": [TEXT[:2000]] * 300}, ensure_ascii=False).encode()
    parts = json.loads(client.exchange("POST", "/segment", {"Content-Type": "application/json"}, texts).body)["results"]
    tap.ok(len(parts) == 300 and all("".join(part["words"]) == TEXT[:2000] for part in parts), "an answer for many texts is whole")
    tap.equal(client.connections, 1, "one connection carries all of them")


def check_refusals(client):
    """Check that what can be refused is refused before a byte of the answer is sent."""
    answer = client.exchange("POST", "/segment", PLAIN, TEXT.encode() + b"\xff")
    tap.equal((answer.status, json.loads(answer.body)["error"]), (400, "Invalid UTF-8"), "a large text that ends with a wrong byte is refused")
    body = json.dumps({"texts": [TEXT[:2000]] * 300 + [1]}, ensure_ascii=False).encode()
    answer = client.exchange("POST", "/segment", {"Content-Type": "application/json"}, body)
    tap.equal((answer.status, json.loads(answer.body).get("index")), (400, 300), "texts of which the last one is a number are refused")


def check_early_end(service):
    """Check that clients which go before the end harm nobody."""
    for _ in range(10):
        with Client(service.port) as client:
            client.send(b"POST /segment?pos=1 HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(TEXT.encode()))
            client.send(TEXT.encode())
            client.socket.recv(100)
    with Client(service.port) as client:
        tap.equal(client.get(SMALL).body, SMALL_ANSWER, "the service answers after clients have gone in the middle of an answer")


def check_failure(service):
    """Let a worker run out of memory in the middle of an answer, while the client reads nothing and so the worker waits."""
    name = "a worker that fails in the middle of an answer"
    if tap.is_watched(tap.SERVERFUL):
        tap.skip(3, "sanitizers reserve more memory than can be limited")
        return
    before = service.pool.workers()
    with fcgi.Connection(service.pool.socket) as connection:
        body = TEXT.encode()
        params = fcgi.get("/segment", "pos=1", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(body))
        connection.socket.sendall(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, body))
        got = connection.socket.recv(1)
        for pid in before:
            with open(f"/proc/{pid}/statm", encoding="ascii") as file:
                size = int(file.read().split()[0]) * resource.getpagesize()
            resource.prlimit(pid, resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))
        while part := connection.socket.recv(1 << 20):
            got += part
        for pid in before:
            resource.prlimit(pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    tap.ok(got[-16:-14] != bytes((1, fcgi.END)), f"{name} does not end it, but closes the connection")
    tap.ok(wait_until(lambda: "out of memory" in service.pool.log(), "the reason"), f"{name} logs the reason")
    tap.equal(service.pool.workers(), before, f"{name} lives on")


def break_off(listener):
    """Accept connections, and close each in the middle of an answer."""
    head = b"Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    while True:
        try:
            connection = listener.accept()[0]
        except OSError:
            return
        connection.recv(1 << 16)
        connection.sendall(fcgi.record(fcgi.STDOUT, head + b"a" * 10000))
        connection.close()


def check_nginx_shows_failure(directory):
    """Check that nginx tells a client where an answer without a length ends too early."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.join(directory, "serverful.sock"))
        listener.listen()
        threading.Thread(target=break_off, args=(listener,), daemon=True).start()
        nginx = Nginx(directory)
        try:
            with Client(nginx.port) as client:
                wrong = None
                try:
                    wrong = client.get("/segment?text=a")
                except http.client.IncompleteRead:
                    pass
            tap.ok(wrong is None, "nginx does not end an answer as if it were whole", wrong)
        finally:
            nginx.stop()
            listener.shutdown(socket.SHUT_RDWR)


tap.plan(7 + 2 + 1 + 3 + 1 + 1)
with Service(workers=2) as service:
    with Client(service.port) as client:
        check_whole(client)
        check_refusals(client)
    check_early_end(service)
    check_failure(service)
    ended_well(service)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    check_nginx_shows_failure(directory)
tap.done()
