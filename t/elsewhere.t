#!/usr/bin/python3
"""serverful compare --endpoints: the requests in a file, another service at the URLs of both sides, and what is refused."""

import html
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import access_log
import elsewhere
import endpoints_file
import flip
import metrics
import report
import results
import summary
import terminal
import traffic
import words
from endpoints import read_message
from failure import Failure

SHOP = [{"name": "home", "target": "/", "share": 6},
        {"target": "/search?q=茶", "headers": {"Accept": "text/html", "User-Agent": "shop-test"}, "share": 3},
        {"name": "order", "method": "put", "target": "/orders/7", "body": "@order.json", "share": 1}]
CPU_MS = 3  # of a request, by the metrics of the service
LOG = """REPORT RequestId: 8f507cfc\tDuration: 31.44 ms\tBilled Duration: 412 ms\tMemory Size: 512 MB\tMax Memory Used: 97 MB\tInit Duration: 380 ms\t
REPORT RequestId: 8f507cfd\tDuration: 27.20 ms\tBilled Duration: 28 ms\tMemory Size: 512 MB\tMax Memory Used: 97 MB
"""
OURS = ("calculator", "random-image", "segment", "nginx", "pool", "bootstrap", "lambda-host", "machine of the run", "machine of this run")


class Service(http.server.BaseHTTPRequestHandler):
    """Another service. It notes the requests, and its metrics say how many there were."""
    protocol_version, wbufsize = "HTTP/1.1", 65536

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        n = len(self.server.seen)
        text = f"# HELP process_cpu_seconds_total x\nprocess_cpu_seconds_total{{pid=\"1\"}} 7\nprocess_cpu_seconds_total{{pid=\"2\"}} {n * CPU_MS / 1000}\n" \
               f"process_cpu_seconds_total_x 5\nprocess_resident_memory_bytes {150 << 20}\n"
        if self.path != "/metrics":
            self.server.seen.append((self.command, self.path, self.headers["Accept"], self.headers["User-Agent"], self.headers["Content-Type"], body))
            text = "x" * 5000
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    do_PUT = do_GET

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128


def serve():
    """Start a service. Return the server and its URL."""
    server = Server(("127.0.0.1", 0), Service)
    server.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def write(directory, name, text):
    with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
        file.write(text)
    return os.path.join(directory, name)


def refusal(do, *arguments):
    """Return why a function refuses its arguments, or None."""
    try:
        do(*arguments)
    except Failure as failure:
        return str(failure)
    return None


def reading(directory):
    """The file of --endpoints: what it may say, and what is refused."""
    path = write(directory, "some.json", json.dumps([
        {"target": "/a b?q=茶"}, {"name": "json", "target": "/j", "body": {"text": "茶"}}, {"target": "/t", "body": "plain", "headers": {"content-type": "x/y"}},
        {"name": "file", "method": "patch", "target": "/f", "body": "@order.json"}, {"name": "gone", "method": "DELETE", "target": "/f/1"}]))
    found, shares = endpoints_file.read(path, directory)
    tap.equal([(one.name, one.method, one.target) for one in found], [("/a b", "GET", "/a%20b?q=%E8%8C%B6"), ("json", "POST", "/j"), ("/t", "POST", "/t"),
                                                                      ("file", "PATCH", "/f"), ("gone", "DELETE", "/f/1")],
              "a request has the path of its target as its name, and GET or POST as its method, unless the file says otherwise")
    messages = [read_message(one.message) if one.message else None for one in found]
    tap.equal(messages, [None, *(({"User-Agent": "serverful-load", **headers}, body.encode()) for headers, body in (
        ({"Content-Type": "application/json"}, '{"text": "茶"}'), ({"content-type": "x/y"}, "plain"), ({"Content-Type": "application/json"}, '{"n": 1}'), ({}, "")))],
              "a body is a text, a file beside the file of requests, or JSON, and has its type unless the headers have one")
    tap.equal((shares, [one.request_bytes for one in found]), (None, [0, 15, 5, 8, 0]), "a file without shares has none, and a request has the size of its body")
    tap.equal(endpoints_file.read(write(directory, "one.json", '\ufeff[{"target": "/"}]'), directory)[1], {"/": 1}, "the only request of a file needs no share")
    for text, why in (("[{", "is not JSON"), ("{}", "has no list"), ("[]", "has no list"), ("[1]", "request 1: it must be an object"), ('[{"target": "/", "boddy": ""}]', '"boddy" is no key'),
                      ('[{"target": "x"}]', '"target" is "x"'), ('[{"name": "x"}]', '"target" is null'), ('[{"target": "https://x/"}]', "the host is that of"),
                      ('[{"target": "/", "method": "A B"}]', '"method" is "A B"'), ('[{"target": "/", "method": "CONNECT"}]', '"method" is'),
                      ('[{"target": "/", "headers": ["x"]}]', '"headers" must be'), ('[{"target": "/", "headers": {"X": "a\\r\\nB: c"}}]', 'the header "X"'),
                      ('[{"target": "/", "headers": {"Host": "x"}}]', "the header Host follows"), ('[{"target": "/", "body": 1}]', '"body" must be'),
                      ('[{"target": "/", "body": "@none"}]', "none: No such file"), ('[{"target": "/", "share": -1}]', '"share" is -1'),
                      ('[{"target": "/", "share": true}]', '"share" is true'), ('[{"target": "/", "share": NaN}]', '"share" is NaN'), ('[{"target": "/", "name": ""}]', '"name" is ""'),
                      ('[{"target": "/"}, {"target": "/?a"}]', 'request 2: another one has the name "/"'),
                      ('[{"target": "/", "share": 1}, {"target": "/b"}]', '"/b" has no "share"'), ('[{"target": "/", "share": 0}, {"target": "/b", "share": 0}]', "is 0")):
        said = refusal(endpoints_file.read, write(directory, "bad.json", text), directory)
        tap.ok(said and "bad.json" in said and why in said, f"the file {text} is refused with a reason", said)


def with_traffic(db, durations):
    """Add an access log with requests to three endpoints, and with durations in microseconds {name: [(low, high, n)]}."""
    db.execute("INSERT INTO traffic_file VALUES (1, 'access.log', 'JSON', 100, 100, 0, 0, 9, 1, 'start', NULL, 0)")
    for i, (name, n) in enumerate({"home": 70, "order": 20, "/health": 10}.items()):
        db.execute("INSERT INTO traffic_endpoint VALUES (?, ?, ?, 0)", (i, name, n))
        db.executemany("INSERT INTO traffic_duration VALUES (?, ?, ?, ?)", [(i, *row) for row in durations.get(name, ())])


def from_access_log():
    """The shares and the durations of an access log."""
    with closing(sqlite3.connect(":memory:")) as db:
        results.create(db)
        tap.ok("serverful traffic" in refusal(access_log.shares, db, "f.json", ["home"]), "requests without shares and without an access log are refused")
        access_log.choose(db, "lambda")
        tap.ok("read it before" in refusal(access_log.check, db), "durations of an access log that nobody has read are refused")
        with_traffic(db, {})
        tap.ok("has no durations" in refusal(access_log.check, db), "durations of an access log without any are refused")
        tap.equal(access_log.shares(db, "f.json", ["home", "order"]),
                  ({"home": 70, "order": 20}, "shares of the requests in the access log; 10 % of them are of other endpoints: /health"),
                  "requests without shares have those of the endpoints of the same names in the access log")
        tap.ok('no endpoint "cart"' in refusal(access_log.shares, db, "f.json", ["home", "cart"]), "a request that the access log does not have is refused")
    with closing(sqlite3.connect(":memory:")) as db:
        results.create(db)
        with_traffic(db, {"home": [(1600, 1800, 3), (9400, 9600, 1)], "order": [(20100, 20300, 5)]})  # billed: 2, 2, 2, 10; 21
        db.execute("INSERT INTO mix VALUES ('home', 9), ('order', 1)")
        access_log.choose(db, "vm")
        access_log.check(db)
        access_log.take(db)
        tap.equal(db.execute("SELECT * FROM evidence").fetchall(), [], "durations on the VM say nothing about the function")
        access_log.choose(db, "lambda")
        for expected in [("billed_ms", 0.9 * 4 + 0.1 * 21, "mean of 9 durations in the access log")], [("billed_ms", (16 + 105) / 9, "mean of 9 durations in the access log")]:
            access_log.take(db)
            tap.equal(db.execute("SELECT * FROM evidence").fetchall(), expected, "durations of the function count in the mix, or in all where an endpoint has none")
            db.execute("INSERT OR IGNORE INTO mix VALUES ('cart', 1)")
        db.execute("UPDATE evidence SET value = 5, source = 'x'")
        access_log.take(db)
        tap.equal(db.execute("SELECT value FROM evidence").fetchall(), [(5,)], "a log of Lambda counts instead of an access log")
        db.execute("INSERT INTO run VALUES ('service', 'x')")
        tap.ok("vm_cpu_ms" in refusal(elsewhere.check, db), "results of another service without processor time are refused")


def volume_and_sizes():
    """The volume of a month and the sizes of responses in an access log."""
    def evidence():
        access_log.take(db)
        return {name: (value, source) for name, value, source in db.execute("SELECT * FROM evidence")}

    def counted():
        return db.execute("SELECT requests, demand.response_bytes, http_units FROM setting JOIN demand USING (scenario) WHERE scenario = 'standard'").fetchone()
    with closing(sqlite3.connect(":memory:")) as db:
        results.create(db)
        with_traffic(db, {})
        db.executemany("INSERT INTO traffic_arrival VALUES (?, 0, ?)", [(1000, 9), (1000 + 23 * 3600 - 2, 3)])
        tap.equal((evidence(), counted()), ({}, (1e7, None, 1)), "a log of less than 23 hours says nothing about the volume of a month")
        db.execute("UPDATE traffic_arrival SET second = second + 1 WHERE n = 3")
        month = round(12 * 730 / 23)
        tap.equal((evidence(), counted()[0]), ({"requests": (month, "a month like the 12 requests in 0.958 days in the access log")}, month),
                  "that of a log of 23 hours is scaled to 730 hours, and counts")
        db.execute("UPDATE traffic_endpoint SET bytes = 5242880 WHERE name = 'home'")
        db.execute("UPDATE traffic_endpoint SET bytes = 600000 WHERE name = 'order'")
        db.execute("INSERT INTO traffic_size VALUES (0, 0, 0, 3), (0, 4718592, 5242879, 1), (1, 589824, 655359, 1)")
        found = evidence()
        tap.equal([found["response_bytes"], found["http_units"][0], counted()[1:]],
                  [((5242880 + 600000) / 5, "mean of 5 sizes in the access log"), (3 + 10 + 2) / 5, ((5242880 + 600000) / 5, 3)],
                  "without a mix the mean size of all responses counts, with the pieces that an HTTP API bills for each of them")
        db.execute("INSERT INTO endpoint VALUES ('home', '', '/', 0, 70), ('order', '', '/', 0, 70)")
        db.execute("INSERT INTO mix VALUES ('home', 9), ('order', 1)")
        evidence()
        tap.equal([round(n, 6) for n in counted()[1:]], [0.9 * 5242880 / 4 + 0.1 * 600000, 3.125], "in a mix of endpoints that the log has, it is the mix that counts")
        db.execute("UPDATE parameter SET value = 600000 WHERE name = 'response_bytes'")
        db.execute("UPDATE parameter SET value = 7 WHERE name = 'requests'")
        db.execute("INSERT INTO evidence VALUES ('init_ms', 5, 'a log')")
        evidence()
        tap.equal(counted(), (7, 600000, 2), "what you set counts instead of what the log says")
        for table in ("size", "arrival"):
            db.execute(f"DELETE FROM traffic_{table}")
        tap.equal(list(evidence()), ["init_ms"], "another log takes away what the last one said, and nothing else")


def shapes():
    """A shape instead of the access log, and the log again."""
    with closing(sqlite3.connect(":memory:")) as db:
        results.create(db)
        with_traffic(db, {})
        db.execute("INSERT INTO traffic_arrival VALUES (0, 0, 1)")
        found = []
        for chosen in ("shop-sale", "log"):
            traffic.choose(db, chosen)
            found += db.execute("SELECT DISTINCT traffic FROM setting")
        tap.equal(found, [("shop-sale",), ("log",)], "--shape takes a shape instead of the access log, and with 'log' the log again")


def compare(directory, *arguments):
    return subprocess.run([tap.SERVERFUL, "compare", *arguments], cwd=directory, capture_output=True, text=True,
                          env={**os.environ, "SERVERFUL_COMPARE_BRIEF": "1"})


def refused(directory, urls, vm_url):
    """What compare refuses before it measures."""
    requests, log = ("--endpoints", "shop.json"), ("--reports", "lambda.log")
    for arguments, why in (((*requests, *urls[:2]), "too, or no URL"), ((*requests, *urls[2:]), "that of the VM (--vm-url)"), ((*requests, *urls), "nothing says how long a request takes"),
                           ((*requests, *urls, *log), "nothing says the processor time"), ((*requests, "--vm-metrics", vm_url), "--vm-metrics needs"),
                           ((*requests, *urls, *log, "--vm-metrics", vm_url), "have no process_cpu_seconds_total"),
                           ((*requests, "--report-only"), "leave out --report-only"), (("--log-side", "vm"), "there is no access log"), (("--shape", "log"), "there is no access log")):
        run = compare(directory, "--results", f"refused{len(arguments)}.db", *arguments)
        tap.ok(run.returncode == 1 and why in run.stderr and "Traceback" not in run.stderr, f"compare is refused with a reason: {why}", run.stderr)
    with closing(results.open_results(os.path.join(directory, "damaged.db"))) as db, db:
        db.execute("DROP TABLE scenario")
    run = compare(directory, "--report-only", "--results", "damaged.db")
    tap.ok(run.returncode == 1 and run.stderr.startswith("serverful compare: damaged.db: "), "an error of the database names the file", run.stderr)


def without_tags(page):
    return html.unescape(re.sub(r"<(style|pre)\b.*?</\1>|<[^>]+>", " ", page, flags=re.S))


def ours_in(text):
    """Return what a text says that is true of our own service only."""
    return [word for word in OURS if word in text]


def whole_run(directory, urls, vm, function):
    """Another service on both sides: nothing of ours is started, and the texts do not speak of it."""
    with closing(sqlite3.connect(os.path.join(directory, "results.db"))) as db:
        results.create(db)
        db.execute("DELETE FROM scenario_parameter WHERE scenario <> 'standard'")  # fewer bills take less time
        db.execute("DELETE FROM scenario WHERE name <> 'standard'")
        db.execute("INSERT INTO mix VALUES ('home', 1), ('calculator', 2)")
        db.commit()
    run = compare(directory, "--quick", "--store", "none.db", "--endpoints", "shop.json", "--reports", "lambda.log", "--vm-metrics", urls[1] + "/metrics", *urls)
    if not tap.equal((run.returncode, "Traceback" in run.stderr), (0, False), "compare measures another service without a store"):
        raise RuntimeError(run.stderr)
    tap.equal(set(vm.seen), {("GET", "/", None, "serverful-load", None, b""), ("GET", "/", None, "Python-urllib/%d.%d" % sys.version_info[:2], None, b""),
                             ("GET", "/search?q=%E8%8C%B6", "text/html", "shop-test", None, b""),
                             ("PUT", "/orders/7", None, "serverful-load", "application/json", b'{"n": 1}')}, "each request is sent with its method, headers and body")
    tap.equal(set(vm.seen), set(function.seen), "both sides get the same requests")
    with closing(sqlite3.connect(os.path.join(directory, "results.db"))) as db:
        tap.equal(db.execute("SELECT target, endpoint, rate IS NULL, count(*) FROM series GROUP BY 1, 2, 3 ORDER BY 1, 2, 3").fetchall(),
                  [("url", name, 0, 1) for name in ("/search", "home", "order")] + [("vm", name, rate, 1) for name in ("/search", "home", "order") for rate in (0, 1)],
                  "latency is measured on both sides, processor time on the VM")
        tap.equal(db.execute("SELECT * FROM mix ORDER BY 1").fetchall(), [("/search", 3), ("home", 6), ("order", 1)], "the shares are those of the file")
        found = summary.read(db)
        reaches = flip.reaches(db, "standard")
    demand = found["demand"]
    tap.equal([round(demand[name], 6) for name in ("vm_cpu_ms", "vm_memory_mb", "billed_ms")], [CPU_MS, 150, 28], "the bills count processor time and memory of the metrics, and durations of the log")
    tap.equal((reaches["billed_ms"], [row["low"] for row in found["parameters"] if row["name"] == "billed_ms"]), ([14, 56], [14]),
              "the duration of another service reaches from half to twice its value")
    tap.ok({bill["option"].split()[0] for bill in found["bills"] if bill["cost"] is not None} == {"vm", "lambda"}, "both sides have bills", found["bills"])
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        page = file.read()
    tap.equal((ours_in(without_tags(page)), ours_in(run.stdout), "endpoint = 'order'" in html.unescape(page)), ([], [], True), "report and summary do not speak of our own service")
    del found["run"]["client"], found["run"]["processor"]
    found["cold_starts"], demand["vm_memory_mb"] = [], None
    for row in found["parameters"]:
        row["origin"] = "measured" if row["name"] in ("init_ms", "vm_memory_mb") else row["origin"]
    found["refusals"] = [{"side": "vm", "target": "vm", "status": 429, "n": 1, "total": 2}]
    tap.ok("set vm_memory_mb" in terminal.text(found) and "set init_ms" in terminal.text(found), "the summary says what is not known of the service", terminal.text(found))
    words.use("zh-CN")
    report.page(found), terminal.text(found)
    tap.equal(sorted(words.missing), [], "report and summary of another service are there in Chinese")


def first_requests(directory, urls):
    """What compare refuses when a first request fails."""
    write(directory, "moved.json", '[{"target": "/moved"}]')
    for more, why, what in ((), "302", "a request that is redirected"), (("--vm-url", "vm.example"), "vm.example/moved failed: unknown url type", "a URL without http or https"):
        run = compare(directory, "--endpoints", "moved.json", "--reports", "lambda.log", "--vm-metrics", urls[1] + "/metrics", "--results", "moved.db", *urls, *more)
        tap.ok(run.returncode == 1 and why in run.stderr and "Traceback" not in run.stderr, f"compare refuses {what}", run.stderr)


tap.plan(67)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    write(directory, "order.json", '{"n": 1}')
    write(directory, "shop.json", json.dumps(SHOP))
    write(directory, "lambda.log", LOG)
    reading(directory)
    from_access_log()
    volume_and_sizes()
    shapes()
    (vm, vm_url), (function, function_url) = serve(), serve()
    urls = ("--vm-url", vm_url, "--function-url", function_url)
    tap.equal(metrics.read(vm_url + "/metrics"), (7, 150), "metrics with labels count together")
    refused(directory, urls, vm_url)
    whole_run(directory, urls, vm, function)
    first_requests(directory, urls)
tap.done()
