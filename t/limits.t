#!/usr/bin/python3
"""The shipped site: who may see what, and what is refused when there is too much of it."""

import json
import os
import re
import socket
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Nginx, Service, ended_well

SUM = "/calculator?num1=1&num2=2&operator=add"
PAGES = ("/healthz", "/status", "/metrics")


def shipped(directory):
    """A configuration around nginx/serverful.conf, of which only paths and ports are changed, with one more address
    to listen on, and the other addresses of the machine allowed to be told apart by a header."""
    with open(os.path.join(tap.SOURCE, "nginx", "serverful.conf"), encoding="utf-8") as file:
        site = file.read()
    site = site.replace("snippets/", "").replace("/run/serverful/serverful.sock", "serverful.sock")
    site = site.replace("listen 8080 default_server;", "listen 127.0.0.1:@PORT@ default_server;")
    site = site.replace("listen [::]:8080 default_server;", "set_real_ip_from 127.0.0.1; real_ip_header X-Test-Address;")
    with open(os.path.join(tap.SOURCE, "nginx", "dev.conf.in"), encoding="utf-8") as file:
        head = file.read().split("    include serverful-limits.conf;")[0]
    path = os.path.join(directory, "site.conf.in")
    with open(path, "w", encoding="utf-8") as file:
        file.write(head + site + "}\n")
    return path


def is_error(answer, status, text, name):
    found = (answer.status, json.loads(answer.body), answer.headers["content-type"])
    tap.equal(found, (status, {"error": text}, "application/json; charset=utf-8"), name)


def check_pages(port):
    with Client(port) as client:
        for page in PAGES:
            answer = client.get(page)
            tap.equal((answer.status, answer.headers["cache-control"]), (200, "no-store"), f"{page} on the VM")
            tap.equal(client.exchange("HEAD", page).status, 200, f"HEAD {page}")
            is_error(client.exchange("POST", page, body=b""), 405, "Method not allowed", f"POST {page}")
            for address in ("192.0.2.7", "2001:db8::7"):
                is_error(client.exchange("GET", page, {"X-Test-Address": address}), 403, "Forbidden",
                         f"{page} from {address}")
        tap.equal(json.loads(client.get("/healthz").body), {"status": "ok"}, "/healthz says so")
        is_error(client.get("/status/"), 404, "Not found", "/status/ is none of them")


def check_rate(port):
    """400 requests in a row from one address: 200 and a few more are answered, the others not, and who comes from
    elsewhere does not notice."""
    statuses, other = [], []
    with Client(port) as client, Client(port) as second:
        for i in range(400):
            answer = client.exchange("GET", SUM, {"X-Test-Address": "192.0.2.1"})
            statuses.append(answer.status)
            if answer.status == 429:
                refused = answer
            if i % 40 == 0:
                other.append(second.exchange("GET", SUM, {"X-Test-Address": "192.0.2.2"}).status)
    tap.ok(statuses[:200] == [200] * 200, "200 requests in a burst are answered", statuses[:200])
    tap.ok(set(statuses) == {200, 429}, "then some are refused", set(statuses))
    is_error(refused, 429, "Too many requests", "with 429")
    tap.equal(refused.headers.get("retry-after"), "1", "and Retry-After")
    tap.equal(other, [200] * 10, "another address is answered meanwhile")


def check_full(service, port):
    """More requests at a time from one address than it may have in work: with no worker that goes on, they wait, and
    those beyond the limit are told at once."""
    pids = service.pool.workers()
    answers, lock = [], threading.Lock()

    def ask():
        with Client(port) as client:
            answer = client.exchange("GET", SUM, {"X-Test-Address": "192.0.2.3"})
        with lock:
            answers.append(answer)

    for pid in pids:
        os.kill(pid, 19)  # SIGSTOP
    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads[:]:
        thread.join(2)
        if sum(answer.status == 503 for answer in answers) == 8:
            break
    early = [answer.status for answer in answers]
    for pid in pids:
        os.kill(pid, 18)  # SIGCONT
    for thread in threads:
        thread.join()
    tap.equal(early, [503] * 8, "of 40 requests at a time, 8 are refused while the others wait")
    is_error(answers[0], 503, "The service is overloaded", "with 503")
    tap.equal(answers[0].headers.get("retry-after"), "1", "and Retry-After")
    tap.equal(sorted(answer.status for answer in answers[8:]), [200] * 32, "the others are answered when workers go on")


def check_idle(service, port):
    """Connections that do nothing, to nginx and kept by nginx to the pool, keep nobody from being answered."""
    idle = []
    for _ in range(600):
        idle.append(socket.create_connection(("127.0.0.1", port)))
    for _ in range(8):  # more than there are workers
        with Client(port) as client:
            client.exchange("GET", SUM, {"X-Test-Address": "192.0.2.4"})
    kept = [fcgi.Connection(service.pool.socket) for _ in range(8)]
    for connection in kept:  # as another server in front would keep them
        connection.exchange(fcgi.get("/calculator", "num1=1&num2=2&operator=add"))
    with Client(port) as client:
        answer = client.exchange("GET", SUM, {"X-Test-Address": "192.0.2.5"})
        tap.equal(answer.status, 200, "600 idle clients and 8 idle connections to 4 workers: the next one is answered")
    for connection in idle + [connection.socket for connection in kept]:
        connection.close()


def check_metrics(port):
    """What /metrics says agrees with what was sent."""
    def sums(text):
        found = {}
        for route, status, n in re.findall(r'^serverful_requests_total\{route="(.*)",status="(.*)"\} (\d+)$', text, re.M):
            found[route, status] = int(n)
        return found
    with Client(port) as client:
        def ask(target):
            return client.exchange("GET", target, {"X-Test-Address": "192.0.2.6"}).status
        before = sums(client.get("/metrics").body.decode())
        sent = {("calculator", "200"): [ask(SUM) for _ in range(5)], ("calculator", "400"): [ask("/calculator")],
                ("random-image", "200"): [ask("/random-image") for _ in range(3)],
                ("random-image", "302"): [ask("/random-image?redirect=1") for _ in range(2)], ("none", "404"): [ask("/x")]}
        text = client.get("/metrics").body.decode()
        after = sums(text)
        got = {key: after.get(key, 0) - before.get(key, 0) for key in sent}
        tap.equal(got, {key: len(statuses) for key, statuses in sent.items()},
                  "/metrics counts requests by route and status, a redirection as 302")
        tap.equal([key for key in after if key[1] == "other"], [], "/metrics counts no response under the status 'other'")
    counts = dict(re.findall(r'^serverful_request_duration_seconds_count\{route="(.*)"\} (\d+)$', text, re.M))
    infinite = dict(re.findall(r'^serverful_request_duration_seconds_bucket\{route="(.*)",le="\+Inf"\} (\d+)$', text, re.M))
    tap.ok(counts == infinite and int(counts["calculator"]) == after["calculator", "200"] + after["calculator", "400"],
           "the histogram counts the same requests", (counts, infinite))
    buckets = [int(n) for n in re.findall(r'_bucket\{route="calculator",le=".*"\} (\d+)$', text, re.M)]
    tap.ok(buckets == sorted(buckets) and len(buckets) == 17, "its buckets grow", buckets)
    lines = [line for line in text.splitlines() if not re.fullmatch(
        r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"\\]*",?)+\})? [0-9.e+-]+', line)]
    tap.equal(lines, [], "every line is as Prometheus wants it")


with Service() as service:
    site = Nginx(service.directory, shipped(service.directory), "site")
    try:
        check_pages(site.port)
        check_rate(site.port)
        check_full(service, site.port)
        check_idle(service, site.port)
        check_metrics(site.port)
    finally:
        site.stop()
    ended_well(service)
tap.done()
