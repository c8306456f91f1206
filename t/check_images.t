#!/usr/bin/python3
"""serverful check --images asks the hosts of images for them: what it makes of each kind of answer, how polite it is, what the
store has afterwards, and that this is no edit."""

import contextlib
import http.server
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from service import Pool
from store import serverful, sql
from tap import SERVERFUL, done, equal, ok, plan
from wait import wait_until

HOSTS = 6  # addresses of this machine, 127.0.0.1 and so on
OPEN = 4  # how many requests may be open


class Host(http.server.BaseHTTPRequestHandler):
    """A host of images. The path says how to answer."""
    protocol_version = "HTTP/1.1"
    lock = threading.Condition()
    seen, open, most = [], [], {}  # requests; hosts of open ones; the most open ones of each host, and of all

    def do_HEAD(self):
        host = self.headers["Host"].split(":")[0]
        with self.lock:
            self.seen.append((self.command, self.path, self.headers.get("Range"), self.headers.get("User-Agent")))
            self.open.append(host)
            for name, n in ((host, self.open.count(host)), ("all", len(self.open))):
                self.most[name] = max(self.most.get(name, 0), n)
            self.lock.notify_all()
        self.host = host
        getattr(self, "answer_" + re.search("(?<!/)/([a-z_]+)", self.path)[1])()
        self.leave()

    do_GET = do_HEAD

    def leave(self):
        """Count the request as ended: before its answer, since the next request may come before this thread goes on."""
        with self.lock:
            if self.host:
                self.open.remove(self.host)
            self.host = None

    def send(self, status, *headers, body=b"an image"):
        self.leave()
        self.send_response(status)
        for name, value in (("Content-Length", str(len(body))), ("Connection", "close"), *headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)
        self.close_connection = True

    def answer_status(self):
        self.send(int(re.search("/status/([0-9]+)", self.path)[1]), ("Content-Type", "image/png"), ("Retry-After", "1"))

    def answer_page(self):
        self.send(200, ("Content-Type", "text/html; charset=utf-8"))

    def answer_no_head(self):
        status = int(self.path.split("/")[2])
        self.send(status if self.command == "HEAD" else 206, ("Content-Type", "image/png"))

    def answer_no_head_moved(self):
        self.send(405 if self.command == "HEAD" else 302, ("Location", "/status/200 猫#x".encode().decode("latin-1")))

    def answer_no_head_endless(self):
        """Refuse HEAD, and answer GET with a body that ends when the client closes the connection."""
        self.leave()
        self.send_response(405 if self.command == "HEAD" else 200)
        self.send_header("Content-Length", "0" if self.command == "HEAD" else str(1 << 50))
        self.end_headers()
        while self.command == "GET":
            self.wfile.write(bytes(65536))

    def answer_no_method(self):
        self.send(405)

    def answer_to(self):
        self.send(int(self.path.split("/")[2]), ("Location", self.path.split("/", 3)[3]))

    def answer_hops(self):
        left = int(self.path.split("/")[2])
        self.send(302 if left else 200, *([("Location", f"{left - 1}")] if left else []))

    def answer_early(self):
        self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        self.close_connection = True

    def answer_close(self):
        self.close_connection = True

    def answer_noise(self):
        self.wfile.write(b"\0\1\2\3\4\5\6\7 what is this")
        self.close_connection = True

    def answer_hang(self):
        RELEASE.wait()
        self.close_connection = True

    def answer_meet(self):
        """Wait until as many requests are open as may be."""
        with self.lock:
            self.lock.wait_for(lambda: len(self.open) >= OPEN or MET.is_set())
            MET.set()
        self.send(200)

    def log_message(self, *_):
        pass


RELEASE, MET = threading.Event(), threading.Event()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


def serve(tls=None):
    server = Server(("0.0.0.0", 0), Host)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def check(path, *options, **environment):
    own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    run = subprocess.run([SERVERFUL, "check", "--images", "--store", path, *options], capture_output=True, text=True,
                         env={**own, **environment})
    return run.returncode, run.stdout, run.stderr


def images(path, *urls):
    sql(path, "DELETE FROM images;" + "".join(f"INSERT INTO images (url) VALUES ('{url}');" for url in urls))


def answers(path):
    return dict(line.split("|") for line in sql(path, "SELECT url, answer FROM image_check ORDER BY id;").splitlines())


def check_answers(path, base):
    """Each kind of answer."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        refusing = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    expected = {
        f"{base}/status/200": "200", f"{base}/status/204": "204", f"{base}/status/403": "403", f"{base}/status/404?x=1": "404",
        f"{base}/status/429": "429", f"{base}/status/500": "500", f"{base}/page": "200 is a page (text/html), no image",
        f"{base}/no_head/405": "206", f"{base}/no_head/501": "206", f"{base}/no_method": "405", f"{base}/early": "200",
        f"{base}/to/301//status/200": "200", f"{base}/to/302//status/404": "404", f"{base}/to/307/{base}/status/200": "200",
        f"{base}/to/308//no_head/405": "206", f"{base}/no_head_moved": "200", f"{base}/no_head_endless": "200",
        f"{base}/to/302/ftp://127.0.0.1/": 'Protocol "ftp" ',
        f"{base}/to/302/mailto:a@b.example": "302 invalid redirect", f"{base}/to/302/http://[": "302 invalid redirect",
        f"{base}/hops/5": "200", f"{base}/hops/6": "302 too many redirects",
        f"{base}/close": "Empty reply from server", f"{base}/noise": "Received HTTP/0.9 when not allowed",
        refusing: "Failed to connect to 127.0.0.1 ", "http://[::1]:1/": "Failed to connect to ::1 ",
        "http://no-such-host.invalid/": "Could not resolve host: ", "http://127.0.0.1:99999/": "URL "}
    images(path, *expected)
    status, out, said = check(path)
    got = answers(path)
    for url, answer in expected.items():
        found = got.get(url, "none")
        ok(found.startswith(answer) if answer.endswith(" ") else found == answer, f"the answer for {url.replace(base, '')} is {answer}", found)
    good = [url for url, answer in expected.items() if re.fullmatch("2[0-9][0-9]", answer)]
    equal((status, said), (1, ""), "the exit status is 1 where an image does not answer")
    equal(out.splitlines()[-1], f"images: {len(good)} answer, {len(expected) - len(good)} do not", "the last line has the numbers")
    equal(sorted(out.splitlines()[:-1]), sorted(f"{url}: {got[url]}" for url in expected if url not in good),
          "a line for each image that does not answer has its address and the reason")
    equal(sql(path, f"SELECT count(*) FROM image_check WHERE finding LIKE '%did not answer%';"), f"{len(expected) - len(good)}\n",
          "image_check has a finding for each of them")
    equal(sql(path, "SELECT count(*) FROM image_answers WHERE at BETWEEN datetime('now', '-1 hour') AND datetime('now', '+1 second')"
              " AND ms BETWEEN 0 AND 3600000;"), f"{len(expected)}\n", "each answer has its time and how long it took")
    asked = {(command, target): (scope, agent) for command, target, scope, agent in Host.seen}
    ok(all("serverful" in agent for _, agent in asked.values()), "requests name serverful as their User-Agent", asked)
    equal({(command, scope) for (command, _), (scope, _) in asked.items()}, {("HEAD", None), ("GET", "bytes=0-0")},
          "images are asked for by HEAD, or by GET for one byte")
    equal({target for (command, target) in asked if command == "GET"},
          {"/no_head/405", "/no_head/501", "/no_head_moved", "/no_head_endless", "/no_method"},
          "GET follows only where HEAD is refused")
    equal([target for _, target, _, _ in Host.seen].count("/status/429"), 1, "a host that answers 429 is not asked again")
    ok("/status/200%20%e7%8c%ab" in {target.lower() for _, target in asked}, "what no URL may have is percent-encoded in a redirect", asked)


def check_timeout(path, base):
    """A host that does not answer."""
    images(path, f"{base}/hang", f"{base.replace('127.0.0.1', '127.0.0.2')}/status/200")
    status, out, _ = check(path, "--timeout", "3")
    equal((status, re.sub("[0-9]+ milliseconds", "N milliseconds", out)),
          (1, f"{base}/hang: Operation timed out after N milliseconds with 0 bytes received\nimages: 1 answer, 1 do not\n"),
          "a host that does not answer is given up, and the others are not")
    RELEASE.set()


def check_politeness(path, port):
    """Many images of several hosts: one at a time for each host, a few at a time in all."""
    Host.most.clear()
    images(path, *[f"http://127.0.0.{1 + i // 10}:{port}/meet/{i}" for i in range(10 * HOSTS)],
           *[f"http://127.0.0.1:{port}/to/302/http://127.0.0.2:{port}/status/200?{i}" for i in range(10)])
    equal(check(path), (0, f"images: {10 * HOSTS + 10} answer, 0 do not\n", ""), "the exit status is 0 where all images answer")
    equal(Host.most.pop("all"), OPEN, f"{OPEN} requests are open at a time")
    equal(Host.most, {f"127.0.0.{1 + i}": 1 for i in range(HOSTS)}, "a host is asked for one image at a time, after redirects, too")


def check_proxy(path, base):
    """The proxy that the environment names is asked instead of the hosts."""
    images(path, "http://no-such-host.invalid/status/200", f"{base}/status/204")
    equal(check(path, http_proxy=base, no_proxy="127.0.0.1"), (0, "images: 2 answer, 0 do not\n", ""), "http_proxy and no_proxy are heeded")
    equal(sorted(target for _, target, _, _ in Host.seen[-2:]), ["/status/204", "http://no-such-host.invalid/status/200"],
          "the proxy gets the whole URL")


def check_rows(path, base):
    """Disabled images are not asked for; rows of images that are gone are deleted; the answers are no edit."""
    images(path, f"{base}/status/200", f"{base}/status/404")
    sql(path, f"UPDATE images SET enabled = 0 WHERE url LIKE '%404';"
              "INSERT INTO image_answers VALUES ('https://gone.example/', '2026-11-28 08:00:00', 404, '', 1);")
    state = "SELECT * FROM revision; SELECT count(*) FROM edits; SELECT count(*) FROM edited_rows;"
    before = sql(path, state)
    equal(check(path), (0, "images: 1 answer, 0 do not\n", ""), "a disabled image is not asked for")
    equal(sql(path, "SELECT url, status FROM image_answers;"), f"{base}/status/200|200\n",
          "the store has the answers of its images alone")
    equal(sql(path, state), before, "neither a revision nor the history has changed")


def check_wrong(path, directory):
    for options, status, reason in ((["--timeout", "0"], 2, "--timeout"), (["--timeout", "x"], 2, "--timeout")):
        got = check(path, *options)
        ok(got[0] == status and reason in got[2], f"{options} is refused", got)
    got = check(os.path.join(directory, "none.db"))
    ok(got[0] == 1 and got[2].startswith("serverful check: cannot open the store"), "a missing store is a failure", got)
    images(path)
    equal(check(path), (0, "images: 0 answer, 0 do not\n", ""), "a store without images has none that does not answer")
    with open("/dev/full", "wb") as full:
        run = subprocess.run([SERVERFUL, "check", "--images", "--store", path], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    equal((run.returncode, run.stderr), (1, "serverful check: cannot write to the standard output\n"),
          "serverful check --images fails if it cannot write its findings")


def check_tls(path, directory):
    """A certificate must be valid for the name, or the address."""
    key, certificate = os.path.join(directory, "key.pem"), os.path.join(directory, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    port = serve(context)
    images(path, f"https://127.0.0.1:{port}/status/200", f"https://localhost:{port}/status/200", f"https://127.0.0.2:{port}/status/200")
    check(path, SSL_CERT_FILE=certificate)
    got = list(answers(path).values())
    equal(got[:2], ["200", "200"], "a certificate that is valid for the name and the address is accepted")
    ok("certificate" in got[2], "a certificate of another address is refused", got)
    images(path, f"https://127.0.0.1:{port}/status/200", f"http://127.0.0.1:{port}/status/200")
    check(path)
    got = list(answers(path).values())
    ok(got[0] == "SSL certificate problem: self-signed certificate", "a certificate that nobody has signed is refused", got)
    ok(not got[1].startswith("2"), "plain HTTP to a host with TLS fails", got)


def check_pool(directory, base):
    """A running pool compiles nothing when answers are saved."""
    place = os.path.join(directory, "pool")
    os.mkdir(place)
    path = os.path.join(place, "serverful.db")
    serverful("init", "--store", path)
    images(path, f"{base}/status/200", f"{base}/status/404")
    pool = Pool(place, workers=1)
    pool.await_workers()
    equal(check(path)[0], 1, "images are checked while a pool runs")
    sql(path, "INSERT INTO images (url) VALUES ('https://last.example/');")
    def is_new():
        with open(os.path.join(place, "serverful.snapshot"), "rb") as file:
            return b"https://last.example/" in file.read()
    wait_until(is_new, "the pool compiles a later edit")
    equal(pool.stop(), 0, "the pool ends well")
    compiled = [line for line in pool.log().splitlines() if "snapshot compiled" in line]
    equal(len(compiled), 2, "the pool compiles the store when it starts, and that edit, but not the answers")


plan(59)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    store = os.path.join(where, "serverful.db")
    serverful("init", "--store", store)
    number = serve()
    own = f"http://127.0.0.1:{number}"
    check_answers(store, own)
    check_timeout(store, own)
    check_politeness(store, number)
    check_proxy(store, own)
    check_rows(store, own)
    check_wrong(store, where)
    check_tls(store, where)
    check_pool(where, own)
done()
