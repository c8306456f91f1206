#!/usr/bin/python3
"""The site of nginx/serverful.conf: where the status pages are, whom it takes for a client behind a proxy, and which requests it
refuses under load."""

import itertools
import json
import os
import random
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Nginx, Service, ended_well
from wait import PATIENCE, wait_until

SUM = "/calculator?num1=1&num2=2&operator=add"
PAGES = ("/healthz", "/status", "/metrics")


def shipped(name):
    with open(os.path.join(tap.SOURCE, "nginx", name), encoding="utf-8") as file:
        return file.read()


def behind_proxy():
    """The text of nginx/serverful-proxy.conf after the operator has named a proxy on this machine. Each comment of the file that
    is a directive stands on a line of its own."""
    text = shipped("serverful-proxy.conf")
    for directive in "set_real_ip_from 127.0.0.1;", "real_ip_header X-Forwarded-For;", "real_ip_recursive on;":
        if text.count("\n#" + directive) != 1:
            tap.give_up(f"serverful-proxy.conf has the line #{directive}", text)
        text = text.replace("\n#" + directive, "\n" + directive)
    return text


def configuration(directory, name, proxy):
    """Write a configuration around nginx/serverful.conf, with other paths and ports, and with the text `proxy` in place of
    serverful-proxy.conf. Returns its path."""
    site = shipped("serverful.conf").replace("include snippets/serverful-proxy.conf;", proxy)
    site = site.replace("snippets/", "").replace("/run/serverful/serverful.sock", "serverful.sock")
    site = site.replace("listen 8080 default_server;", "listen 127.0.0.1:@PORT@ default_server;")
    site = site.replace("listen [::]:8080 default_server;", "").replace("127.0.0.1:8081", "127.0.0.1:@STATUS_PORT@")
    path = os.path.join(directory, name + ".conf.in")
    with open(path, "w", encoding="utf-8") as file:
        file.write(shipped("dev.conf.in").split("    include serverful-limits.conf;")[0] + site + "}\n")
    return path


def from_address(address):
    """The header of a request that the proxy got from this address. The client claims to be a proxy itself."""
    return {"X-Forwarded-For": f"203.0.113.{random.randrange(256)}, {address}"}


def is_error(answer, status, text, name):
    body = json.loads(answer.body)
    got = (answer.status, body["error"], body["detail"] != "", answer.headers["content-type"])
    tap.equal(got, (status, text, True, "application/json; charset=utf-8"), name)


def check_pages(site):
    """The status pages answer on their own port only."""
    with Client(site.status_port) as client, Client(site.port) as public:
        for page in PAGES:
            answer = client.get(page)
            tap.equal((answer.status, answer.headers["cache-control"]), (200, "no-store"), f"GET {page} on the port of the status pages is 200 and never cached")
            tap.equal(client.exchange("HEAD", page).status, 200, f"HEAD {page} is 200")
            is_error(client.exchange("POST", page, body=b""), 405, "Method not allowed", f"POST {page} is 405")
            for target in page, f"/%{ord(page[1]):x}{page[2:]}", "/x/.." + page:
                is_error(public.get(target), 404, "Not found", f"GET {target} on the port of the site is 404, even from this machine")
            is_error(public.exchange("GET", page, {"Host": "serverful-status"}), 404, "Not found",
                     f"GET {page} on the port of the site is 404 with the Host of the status pages, too")
        tap.equal(json.loads(client.get("/healthz").body), {"status": "ok"}, "/healthz answers {\"status\": \"ok\"}")
        is_error(client.get("/status/"), 404, "Not found", "/status/ is 404, unlike /status")


def check_without_proxy(service):
    """Without a proxy in serverful-proxy.conf, clients cannot choose their address."""
    site = Nginx(service.directory, configuration(service.directory, "direct", shipped("serverful-proxy.conf")), "direct")
    with Client(site.port) as client:
        statuses = (client.exchange("GET", SUM, {"X-Forwarded-For": f"192.0.2.{i % 256}"}).status for i in range(20000))
        tap.ok(429 in statuses, "a client that claims many addresses is refused with 429 if no proxy is configured")
    site.stop()


def check_rate(port):
    """Of requests in a row from one address, the first 200 are answered and later ones refused. Another address is not
    affected. 400 requests suffice, unless the machine is so busy that they take longer than 2 s."""
    statuses, other, refused = [], [], None
    with Client(port) as client, Client(port) as second:
        for i in itertools.takewhile(lambda i: i < 400 or (not refused and i < 20000), itertools.count()):
            answer = client.exchange("GET", SUM, from_address("192.0.2.1"))
            statuses.append(answer.status)
            if answer.status == 429:
                refused = answer
            if i % 40 == 0 and i < 400:
                other.append(second.exchange("GET", SUM, from_address("192.0.2.2")).status)
    tap.ok(statuses[:200] == [200] * 200, "a burst of 200 requests from one address is answered", statuses[:200])
    tap.ok(set(statuses) == {200, 429}, "of many requests from one address, some are refused with 429", set(statuses))
    is_error(refused, 429, "Too many requests", "a refusal with 429 has an error in JSON")
    tap.equal([refused.headers.get(name) for name in ("retry-after", "ratelimit-policy", "ratelimit", "access-control-expose-headers")],
              ["1", '"address";q=100;w=1', '"address";r=0;t=1', "Retry-After, RateLimit-Policy, RateLimit"],
              "a refusal with 429 has Retry-After, RateLimit-Policy and RateLimit, for scripts of other sites, too")
    tap.equal(other, [200] * 10, "another address is answered while one is refused")


def check_network(port):
    """A client that has a network of IPv6 is one client, whatever addresses of it it uses."""
    with Client(port) as client:
        statuses = (client.exchange("GET", SUM, from_address(f"2001:db8:0:1:{i:x}:{i:x}::7")).status for i in range(20000))
        tap.ok(429 in statuses, "a client is refused with 429 though it uses many addresses of its IPv6 network")
        tap.equal([client.exchange("GET", SUM, from_address(f"2001:db8:0:{i:x}::7")).status for i in range(2, 42)], [200] * 40,
                  "clients of other IPv6 networks are answered meanwhile")


def check_full(service, port):
    """40 requests at a time from one address, while all workers are stopped: 32 wait, and the others are refused at
    once."""
    pids = service.pool.workers()
    answers, lock = [], threading.Lock()

    def ask():
        with Client(port) as client:
            answer = client.exchange("GET", SUM, from_address("192.0.2.3"))
        with lock:
            answers.append(answer)

    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    wait_until(lambda: sum(answer.status == 503 for answer in answers) == 8, lambda: f"8 refusals; the answers are {answers}")
    early = [answer.status for answer in answers]
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    for thread in threads:
        thread.join()
    tap.equal(early, [503] * 8, "of 40 requests at a time from one address, 8 are refused while the others wait")
    is_error(answers[0], 503, "The service is overloaded", "a refusal with 503 has an error in JSON")
    tap.equal([answers[0].headers.get(name) for name in ("retry-after", "access-control-expose-headers", "ratelimit")], ["1", "Retry-After", None],
              "a refusal with 503 has Retry-After, for scripts of other sites, too, and no rate")
    tap.equal(sorted(answer.status for answer in answers[8:]), [200] * 32, "the 32 requests that waited are answered when the workers continue")


def check_large(service, port):
    """12 requests at a time with a large body from one address, while all workers are stopped: 8 wait, and the others are refused
    at once. Small ones are not."""
    address = from_address("192.0.2.8")
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "a", "Content-Type": "text/plain", **address}.items())
    chunked = f"POST /segment HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\n186a0\r\n{'x' * 100000}\r\n0\r\n\r\n"
    sized = f"POST /segment HTTP/1.1\r\n{head}Content-Length: 100000\r\n\r\n{'x' * 100000}"
    small = f"POST /segment HTTP/1.1\r\n{head}Content-Length: 99999\r\n\r\n{'x' * 99999}"
    answers, lock = {sized: [], chunked: [], small: []}, threading.Lock()

    def ask(request):
        with Client(port) as client:
            client.send(request.encode())
            answer = client.receive()
        with lock:
            answers[request].append(answer.status)

    pids = service.pool.workers()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    threads = [threading.Thread(target=ask, args=[request]) for request in 6 * [sized, chunked] + 8 * [small]]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(answers[sized] + answers[chunked]) == 4, lambda: f"4 refusals; the answers are {answers.values()}")
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    for thread in threads:
        thread.join()
    tap.equal(sorted(answers[sized] + answers[chunked]), [200] * 8 + [503] * 4,
              "of 12 requests at a time with a body of 100 kB from one address, 4 are refused")
    tap.equal(answers[small], [200] * 8, "requests with a smaller body are answered beside them")


def segmented(status):
    """The number of requests to /segment that the pool has answered."""
    found = re.search(r'^serverful_request_duration_seconds_count\{route="segment"\} (\d+)$', status.get("/metrics").body.decode(), re.M)
    return int(found[1]) if found else 0


def is_whole(end):
    """Whether these last bytes of a response are those of a whole one, which may be chunked."""
    return re.search(rb"\]\}\n?(\r\n0\r\n\r\n)?\Z", end) is not None


class SlowClient(threading.Thread):
    """A client that asks for a response of 11 MB and reads 100 kB of it every second, without a pause. After 2 MB it has read long
    enough for nginx to lose its patience, and reads the rest at once."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.got, self.end = port, 0, b""
        self.start()

    def run(self):
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(b"POST /segment?pos=1&offsets=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                               b"Content-Type: text/plain\r\nContent-Length: 400000\r\n\r\n" + b" " * 400000)
            try:
                while data := connection.recv(10000 if self.got < 2000000 else 1000000):
                    self.got, self.end = self.got + len(data), (self.end + data)[-20:]
                    if self.got < 2000000:
                        time.sleep(len(data) / 100000)
            except OSError as error:
                self.end = repr(error).encode()


def check_slow(client):
    client.join()
    tap.ok(client.got > 10000000 and is_whole(client.end), "a client that reads 100 kB/s without a pause gets the whole response of 11 MB",
           (client.got, client.end))


def check_unread(site):
    """A client that reads nothing keeps no worker busy, even with the largest response."""
    with Client(site.status_port) as status, socket.socket() as client:
        before, end = segmented(status), b""
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.connect(("127.0.0.1", site.port))
        text = "\1" * 2000000
        client.sendall(f"POST /segment?pos=1&offsets=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                       f"Content-Length: {len(text)}\r\n\r\n{text}".encode())
        wait_until(lambda: segmented(status) > before, "the response, which nobody reads")
        client.settimeout(PATIENCE)
        while data := client.recv(1000000):
            end = (end + data)[-20:]
    tap.ok(is_whole(end), "the largest response leaves the pool before the client reads it")


def check_idle(service, port):
    """Idle connections to nginx and to the pool do not keep other requests from being answered."""
    idle = []
    for _ in range(600):
        idle.append(socket.create_connection(("127.0.0.1", port)))
    for _ in range(8):  # more than there are workers
        with Client(port) as client:
            client.exchange("GET", SUM, from_address("192.0.2.4"))
    kept = [fcgi.Connection(service.pool.socket) for _ in range(8)]
    for connection in kept:  # as another web server might keep them
        connection.exchange(fcgi.get("/calculator", "num1=1&num2=2&operator=add"))
    with Client(port) as client:
        answer = client.exchange("GET", SUM, from_address("192.0.2.5"))
        tap.equal(answer.status, 200, "a request is answered beside 600 idle connections to nginx and 8 idle ones to 4 workers")
    for connection in idle + [connection.socket for connection in kept]:
        connection.close()


def check_tls(service):
    """The example of TLS in docs/operate.md speaks HTTP/2."""
    with open(os.path.join(tap.SOURCE, "docs", "operate.md"), encoding="utf-8") as file:
        example = re.search(r"(?:^    .*\n)*^    listen 443 .*\n(?:^    .*\n)*", file.read(), re.M)[0]
    text = re.sub(r"/etc/letsencrypt/\S+/(\w+\.pem);", r"\1;", re.sub(r".*\[::\].*\n", "", example).replace(" 443 ", " 127.0.0.1:@PORT@ "))
    template = configuration(service.directory, "tls", "")
    with open(template, encoding="utf-8") as file:
        site = file.read()
    with open(template, "w", encoding="utf-8") as file:
        file.write(site.replace("    listen 127.0.0.1:@PORT@ default_server;\n", text))
    os.makedirs(os.path.join(service.directory, "tls"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", "privkey.pem", "-out", "fullchain.pem"], cwd=os.path.join(service.directory, "tls"), check=True, capture_output=True)
    nginx = Nginx(service.directory, template, "tls")
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(("127.0.0.1", nginx.port), PATIENCE) as plain, context.wrap_socket(plain) as connection:
        tap.equal(connection.selected_alpn_protocol(), "h2", "the example of TLS speaks HTTP/2")
    nginx.stop()


def check_metrics(site):
    """/metrics counts the requests that were sent."""
    def sums(text):
        found = {}
        for route, status, n in re.findall(r'^serverful_requests_total\{route="(.*)",status="(.*)"\} (\d+)$', text, re.M):
            found[route, status] = int(n)
        return found
    with Client(site.status_port) as client, Client(site.port) as public:
        def ask(target):
            return public.exchange("GET", target, from_address("192.0.2.6")).status

        def all_counted():
            """Whether no worker has a request, except the one that answers this: a worker counts a request after its response."""
            workers = json.loads(client.get("/status").body)["workers"]
            return sum(worker["state"] != "idle" for worker in workers) == 1
        wait_until(all_counted, "the workers to count all requests")
        before = sums(client.get("/metrics").body.decode())
        sent = {("calculator", "200"): [ask(SUM) for _ in range(5)], ("calculator", "400"): [ask("/calculator")],
                ("random-image", "200"): [ask("/random-image") for _ in range(3)],
                ("random-image", "302"): [ask("/random-image?redirect=1") for _ in range(2)], ("none", "404"): [ask("/x")]}
        wait_until(all_counted, "the workers to count all requests")
        text = client.get("/metrics").body.decode()
        after = sums(text)
        got = {key: after.get(key, 0) - before.get(key, 0) for key in sent}
        tap.equal(got, {key: len(statuses) for key, statuses in sent.items()},
                  "/metrics counts requests by route and status, a redirection as 302")
        tap.equal([key for key in after if key[1] == "other"], [], "/metrics counts no response under the status 'other'")
    counts = dict(re.findall(r'^serverful_request_duration_seconds_count\{route="(.*)"\} (\d+)$', text, re.M))
    infinite = dict(re.findall(r'^serverful_request_duration_seconds_bucket\{route="(.*)",le="\+Inf"\} (\d+)$', text, re.M))
    tap.ok(counts == infinite and int(counts["calculator"]) == after["calculator", "200"] + after["calculator", "400"],
           "the histogram of /metrics counts the same requests", (counts, infinite))
    buckets = [int(n) for n in re.findall(r'_bucket\{route="calculator",le=".*"\} (\d+)$', text, re.M)]
    tap.ok(buckets == sorted(buckets) and len(buckets) == 17, "the histogram's 17 buckets are cumulative", buckets)
    lines = [line for line in text.splitlines() if not re.fullmatch(
        r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"\\]*",?)+\})? [0-9.e+-]+', line)]
    tap.equal(lines, [], "every line of /metrics has the format of Prometheus")


tap.plan(47)
with Service() as service:
    site = Nginx(service.directory, configuration(service.directory, "site", behind_proxy()), "site")
    try:
        slow = SlowClient(site.port)
        check_pages(site)
        check_rate(site.port)
        check_network(site.port)
        check_full(service, site.port)
        check_large(service, site.port)
        check_idle(service, site.port)
        check_slow(slow)
        check_unread(site)
        check_metrics(site)
        check_without_proxy(service)
        check_tls(service)
    finally:
        site.stop()
    ended_well(service)
tap.done()
