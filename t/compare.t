#!/usr/bin/python3
"""serverful compare: a run from the first request to the report, real URLs, a log of Lambda, and what it refuses."""

import contextlib
import html
import http.server
import itertools
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import types
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import measure
import results
import share
import sides
import summary
import terminal
from service import children, is_running
from store import small_store
from wait import PATIENCE, wait_until

ENDPOINTS = ["calculator", "random-image", "segment-20", "segment-200", "segment-5000"]
NAMES = {"vm": "VM", "lambda": "Lambda"}
LOG = """START RequestId: 8f507cfc Version: $LATEST
END RequestId: 8f507cfc
REPORT RequestId: 8f507cfc\tDuration: 1.44 ms\tBilled Duration: 20 ms\tMemory Size: 1024 MB\tMax Memory Used: 17 MB\tInit Duration: 18.45 ms\t
2026-11-25T01:02:03Z REPORT RequestId: 8f507cfd\tDuration: 7.20 ms\tBilled Duration: 8 ms\tMemory Size: 1024 MB\tMax Memory Used: 17 MB
"""


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A service that answers every request with the next of `statuses`, and counts them."""
    protocol_version = "HTTP/1.1"
    n_requests = 0
    statuses = itertools.repeat(200)

    def do_GET(self):
        Elsewhere.n_requests += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(next(Elsewhere.statuses))
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET

    def log_message(self, *_):
        pass


# Touches 200 MB, forks a process that shares them, and lives until its standard input ends.
HOLDER = """import mmap, os, sys
memory = mmap.mmap(-1, 200 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
for page in range(0, 200 << 20, 4096): memory[page] = 1
child = os.fork()
if child: print(child, flush=True)
sys.stdin.read()
"""


def serve_elsewhere():
    """Start an HTTP service that is neither side of the comparison. Returns the server and its URL."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


def memory_of_a_side():
    """Check that the report has the memory of two processes whose memory is known."""
    server, url = serve_elsewhere()
    with subprocess.Popen([sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder, \
            closing(sqlite3.connect(":memory:")) as db:
        pids = [holder.pid, int(holder.stdout.readline())]
        both = sides.memory_mb(pids)
        tap.ok(200 < both < 250, "two processes that share 200 MB have a memory of 200 MB together, not 400", both)
        tap.ok(100 < sides.memory_mb(pids[:1]) < 150, "each of two processes that share 200 MB has a memory of 100 MB",
               sides.memory_mb(pids[:1]))
        results.create(db)
        calculator = types.SimpleNamespace(name="calculator", description="", method="GET", target="/", message=None, request_bytes=0)
        results.begin(db, [calculator])
        side = types.SimpleNamespace(url=url, pids=lambda: pids)
        programs = {"load": os.path.join(tap.BUILD, "load")}
        measure.Measurement(db, programs, side, side, [], [calculator], True, False).capacity("vm", calculator)
        found = summary.read(db)
        tap.ok(200 < found["demand"]["vm_memory_mb"] < 250, "the cost model takes the memory of the VM's processes as it was measured",
               found["demand"])
        tap.ok(200 < found["latency"][0]["memory_mb"] < 250, "the report has the memory of the VM's processes as it was measured",
               found["latency"])
    server.shutdown()


def refused_requests():
    """Check that a comparison names the limit that refused its requests."""
    server, url = serve_elsewhere()
    with closing(sqlite3.connect(":memory:")) as db:
        results.create(db)
        calculator = types.SimpleNamespace(name="calculator", description="", method="GET", target="/", message=None, request_bytes=0)
        results.begin(db, [calculator])
        programs = {"load": os.path.join(tap.BUILD, "load")}
        measurement = measure.Measurement(db, programs, None, None, [], [calculator], True, False)
        targets = {side: measure.local_target(side, url) for side in ("vm", "lambda")}
        measurement.latency(targets["vm"], calculator, 100, 0.1)
        tap.equal(terminal.refusal_text(summary.read(db)), "", "compare does not warn if no request was refused")
        for side, status, setting in (("vm", 429, "`limit_req`"), ("vm", 503, "`limit_conn`"), ("lambda", 429, "the throttling limits"),
                                      ("lambda", 503, "the concurrency of the function")):
            Elsewhere.statuses = itertools.cycle([200, status])
            measurement.latency(targets[side], calculator, 100, 0.1)
            n, = db.execute("SELECT count(*) FROM series JOIN sample ON series = id WHERE side = ? AND status = ?", (side, status)).fetchone()
            said = [line for line in terminal.refusal_text(summary.read(db)).splitlines()
                    if line.startswith(f"WARNING: {NAMES[side]} refused {n} of ") and f"requests with {status}:" in line]
            tap.ok(n > 0 and len(said) == 1 and setting in said[0], f"compare names {setting} where {side} refused requests with {status}", said)
    Elsewhere.statuses = itertools.repeat(200)
    server.shutdown()


def compare(directory, *arguments):
    return subprocess.run([tap.SERVERFUL, "compare", "--results", "results.db", "--report", "report.html", *arguments],
                          cwd=directory, capture_output=True, text=True, env={**os.environ, "SERVERFUL_COMPARE_BRIEF": "1"})


def rows(directory, query):
    with closing(sqlite3.connect(os.path.join(directory, "results.db"))) as db:
        return db.execute(query).fetchall()


def whole_run(directory):
    run = compare(directory, "--quick", "--store", "serverful.db", "--json")
    if not tap.equal((run.returncode, "Traceback" in run.stderr), (0, False), "compare --quick succeeds"):
        raise RuntimeError(run.stderr)
    found = json.loads(run.stdout)
    tap.equal(sorted({(row["side"], row["endpoint"]) for row in found["latency"]}),
              sorted((side, name) for side in ("vm", "lambda") for name in ENDPOINTS), "compare measures both sides at each endpoint")
    tap.equal([row for row in found["latency"] if row["failed"] or row["void"] or not 0 < row["min"] <= row["max"]
               or (row["p50"] is None) != (row["n"] < 20)], [], "no request of a comparison fails")
    tap.equal(sorted((row["target"], row["n"], row["connect_us"] > 0) for row in found["round_trips"]), [("lambda-host", 20, True), ("vm", 20, True)],
              "compare measures the round trip to both sides")
    tls = {row["name"]: row["value"] for row in found["evidence"] if row["name"].startswith("tls_")}
    tap.ok(tls["tls_full_bytes"] > 2200 > tls["tls_resumed_bytes"] > 0 and tls["tls_full_cpu_ms"] > 0 and tls["tls_resumed_cpu_ms"] > 0
           and tls["tls_request_cpu_ms"] >= 0, "compare measures what TLS costs: bytes with two certificates, without, and processor time", tls)
    tap.equal({row["origin"] for row in found["parameters"] if row["name"] in tls}, {"evidence"}, "the bills count what was measured of TLS")
    tap.equal(rows(directory, "SELECT count(*) FROM series WHERE rate > 0 AND rate * seconds <>"
                              " (SELECT count(*) FROM sample WHERE series = id)"), [(0,)], "each request of a series with a rate has its sample in results.db")
    tap.equal([row for row in found["latency"] if not row["rate"] and not (row["cpu_ms"] > 0 and row["memory_mb"] > 1)], [],
              "each capacity has its processor time and its memory")
    tap.equal(len(found["cold_starts"]), 50, "compare measures fifty cold starts")
    sizes = {row["memory_mb"] for row in found["memory_sizes"]}
    tap.equal(sizes, {128, 256, 512, 1024, 1769} if share.is_available() else {1769}, "compare measures each memory size of the function")
    tap.ok(all(bill["cost"] > 0 for bill in found["bills"]), "every option has a bill", found["bills"])
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        tap.ok(file.read().startswith("<!DOCTYPE html>"), "compare writes an HTML report")
    sides_of_replay = {row["side"]: row for row in found["replay"]["sides"]}
    arrivals, = rows(directory, "SELECT count(*) FROM replay_arrival")[0]
    tap.equal([(side, row["requests"], row["failed"]) for side, row in sides_of_replay.items()], [("vm", arrivals, 0), ("lambda", arrivals, 0)],
              "compare replays the busiest day against both sides, and no request fails")
    # On a busy machine, none of the few requests before a brief replay may be known: then a side is not simulated.
    known = set(rows(directory, "SELECT side, part FROM replay_sample WHERE part <> 'replay' AND status = 200"))
    is_known = {"vm": ("vm", "warm") in known, "lambda": {("lambda", "warm"), ("lambda", "cold")} <= known}
    tap.ok(all(0 < row["simulated_p50_ms"] <= row["simulated_p99_ms"] if is_known[side] else row["simulated_p50_ms"] is None
               for side, row in sides_of_replay.items()) and 0 < sides_of_replay["lambda"]["cold_share"] <= 1
           and (not is_known["lambda"] or 0 < sides_of_replay["lambda"]["simulated_cold_share"] <= 1),
           "the replay has latencies and cold starts, measured and simulated", (sides_of_replay, known))
    tap.ok(re.search(r"^ *\d+%  \d+:\d\d left to measure  ", run.stderr, re.M), "compare shows the time that is left to measure", run.stderr)


def edited(directory):
    """An SQL statement changes the report, without measuring."""
    before = rows(directory, "SELECT count(*) FROM sample")
    subprocess.run(["sqlite3", "results.db", "DELETE FROM scenario_parameter WHERE scenario <> 'standard'; DELETE FROM scenario WHERE name <> 'standard'"],
                   cwd=directory, check=True)
    first = json.loads(compare(directory, "--report-only", "--json").stdout)
    for statement, what in (("UPDATE price SET price = price * 2 WHERE item GLOB 'lambda.request.*'", "a price"),
                            ("UPDATE parameter SET value = 1024 WHERE name = 'memory_mb'", "the memory size"),
                            ("UPDATE mix SET share = 0 WHERE endpoint <> 'segment-5000'", "the mix")):
        subprocess.run(["sqlite3", "results.db", statement], cwd=directory, check=True)
        second = json.loads(compare(directory, "--report-only", "--json").stdout)
        tap.ok([b["cost"] for b in first["bills"]] != [b["cost"] for b in second["bills"]], f"{what} changes the bills", second["bills"])
        first = second
    tap.equal(rows(directory, "SELECT count(*) FROM sample"), before, "--report-only measures nothing")


def limited(vm, n):
    """Start an nginx in front of a VM's pool that answers n requests, and further ones with 429. Returns its URL."""
    port = sides.free_port()
    with open(os.path.join(vm.prefix, "nginx.conf"), encoding="utf-8") as file:
        text = file.read()
    for old, new in ((vm.url.removeprefix("http://"), f"127.0.0.1:{port}"), ("pid nginx.pid;", "pid limited.pid;"),
                     ("include serverful-limits.conf;", "include serverful-limits.conf; limit_req_zone $server_port zone=few:64k rate=1r/m;"),
                     ("include serverful-api.conf;", f"include serverful-api.conf; limit_req zone=few burst={n - 1} nodelay;")):
        if old not in text:
            raise RuntimeError(f"nginx.conf has no '{old}'")
        text = text.replace(old, new)
    with open(os.path.join(vm.prefix, "limited.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    vm.start_nginx("limited.conf")
    return f"http://127.0.0.1:{port}"


def sentences(directory):
    """Return the text of the report, without tags."""
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        return html.unescape(re.sub(r"<(style|pre)\b.*?</\1>|<[^>]+>", " ", file.read(), flags=re.S))


def false_at_urls(text):
    """Return what a text says that is not true where both sides were measured at URLs."""
    return [phrase for phrase in ("lambda-host", "this machine", "cannot be measured", "without a network", "machine of this run") if phrase in text]


def at_urls(directory):
    """compare with a VM that refuses most requests, a function by its URL, one behind something unknown, and the log of the function."""
    with open(os.path.join(directory, "lambda.log"), "w", encoding="utf-8") as file:
        file.write(LOG)
    server, elsewhere = serve_elsewhere()
    Elsewhere.n_requests = 0
    programs = {"serverful": tap.SERVERFUL, "bootstrap": tap.BOOTSTRAP}
    store, snapshot = (os.path.join(directory, name) for name in ("serverful.db", "for-urls.snapshot"))
    subprocess.run([tap.SERVERFUL, "snapshot", "--store", store, "--snapshot", snapshot], check=True, capture_output=True)
    with sides.Vm(programs, os.path.join(directory, "vm"), store, snapshot) as vm, sides.Lambda(programs, os.path.join(directory, "lambda"), snapshot) as function:
        vm_url = limited(vm, 10)
        run = compare(directory, "--quick", "--store", "serverful.db", "--vm-url", vm_url, "--function-url", function.url,
                      "--lambda-url", elsewhere + "/", "--client", "a laptop in Ulm", "--reports", "lambda.log")
    server.shutdown()
    text = sentences(directory)
    urls = {"vm": vm_url, "url": function.url, "lambda": elsewhere}
    tap.equal((run.returncode, rows(directory, "SELECT DISTINCT target, url FROM series WHERE rate > 0 ORDER BY 1")), (0, sorted(urls.items())),
              "compare measures the latency of each URL, and of no side on this machine that has a URL")
    sent = rows(directory, "SELECT count(*) FROM series JOIN sample ON series = id WHERE target = 'lambda'")[0][0]
    tap.equal(Elsewhere.n_requests, sent + len(ENDPOINTS), "each request to a URL has its sample")
    tap.equal(rows(directory, "SELECT DISTINCT side, target, url FROM series WHERE rate IS NULL ORDER BY 1"), [("lambda", "lambda-host", None), ("vm", "vm", None)],
              "compare measures the capacity on this machine")
    tap.equal(rows(directory, "SELECT target, n, connect_us > 0, tls_us FROM round_trip ORDER BY 1"), [(target, 20, 1, None) for target in sorted(urls)],
              "compare measures the round trip to each URL")
    void = rows(directory, "SELECT DISTINCT target FROM latency WHERE void IS NOT NULL")
    n_answered = rows(directory, "SELECT sum(answered) FROM latency WHERE target = 'vm' AND rate > 0")[0][0]
    tap.equal((void, n_answered), ([("vm",)], 10 - len(ENDPOINTS)), "the series of the VM that refuses most requests are void, and no others")
    row, = rows(directory, "SELECT n, failed, p50, p90, p99, max, void FROM latency WHERE target = 'vm' AND rate = 200 AND endpoint = 'segment-20'")
    tap.equal(row, (20, 20, None, None, None, None, "20 of 20 requests failed: 20 × 429"), "a series of refused requests has no percentile, and its reason")
    tap.ok(all(said in text for said in ("100 % of the requests failed", row[-1], "a laptop in Ulm", *urls.values())),
           "the report has the share of failed requests of a void series, each URL, and the client", text[:5000])
    tap.ok(f"WARNING: VM refused " in run.stdout and f"VOID: segment-20 at 200/s, VM: {row[-1]}" in run.stdout, "the summary names the void series", run.stdout)
    tap.equal((false_at_urls(text), false_at_urls(run.stdout)), ([], []), "with URLs of both sides, report and summary say nothing that is true of this machine only")
    tap.equal(rows(directory, "SELECT * FROM invocation"), [(None, 1024, 7.2, None, 17, 8, None), (None, 1024, 1.44, 18.45, 17, 20, None)],
              "--reports takes the durations from the REPORT lines of a log")
    tap.equal(rows(directory, "SELECT init_ms, latency_ms FROM cold_start"), [(18.45, None)], "--reports takes the cold starts from a log")
    tap.equal(rows(directory, "SELECT value FROM parameter WHERE name = 'memory_mb'"), [(1024,)], "an edited parameter stays")
    tap.equal(rows(directory, "SELECT count(*) FROM evidence WHERE name GLOB 'tls_*'"), [(5,)], "a log leaves what was measured of TLS")


def urls_without_log(directory):
    """The report of a run whose latency was measured at URLs, and all else on this machine."""
    subprocess.run(["sqlite3", "results.db", """UPDATE series SET url = 'https://vm.example' WHERE side = 'vm' AND rate > 0;
        UPDATE series SET target = 'http', url = 'https://h.example' WHERE side = 'lambda' AND rate > 0; DELETE FROM replay_sample;
        INSERT INTO run VALUES ('vm url', 'https://vm.example'), ('http url', 'https://h.example');"""], cwd=directory, check=True)
    run = compare(directory, "--report-only")
    found = false_at_urls(sentences(directory)), false_at_urls(run.stdout)
    tap.equal((run.returncode, *found), (0, [], []), "without a log, a report of latencies at URLs says nothing that is true of this machine only")


def refusals(directory):
    with open(os.path.join(directory, "empty.log"), "w", encoding="utf-8"):
        pass
    for arguments, why in ((["--store", "none.db"], "none.db"), (["--report-only", "--results", "none"], "measure first"),
                           (["--report-only", "--results", "serverful.db"], "was not made by"),
                           (["--report-only", "--reports", "empty.log"], "no REPORT line"),
                           (["--quick", "--store", "serverful.db", "--vm-url", "http://127.0.0.1:1"], "the request to http://127.0.0.1:1/")):
        run = compare(directory, *arguments)
        tap.ok(run.returncode == 1 and why in run.stderr and "Traceback" not in run.stderr, f"compare {' '.join(arguments)} is refused with a reason", run.stderr)
    tap.equal(compare(directory, "--nonsense").returncode, 2, "compare with an unknown option ends with 2")
    tap.ok("--quick" in compare(directory, "--help").stdout, "compare --help lists the options")


def all_of(parent):
    """A process and all its descendants."""
    return [parent, *(pid for child in children(parent) for pid in all_of(child))]


def sends(parent, target):
    """Return whether a load generator sends requests to a target."""
    for pid in children(parent, "load"):
        with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            if f"{target}\0POST\0" in file.read():
                return True
    return False


def ended_by(number, directory):
    """Send a signal to serverful compare during its first measurement, wait until all processes that it has started have ended, and return
    its exit status and its temporary files. The request of the file own.json goes to our own service, since no URLs are given."""
    temporary = tempfile.mkdtemp(dir=directory)
    running = subprocess.Popen([tap.SERVERFUL, "compare", "--quick", "--store", "serverful.db", "--endpoints", "own.json", "--results", "ended.db"], cwd=directory,
                               env={**os.environ, "TMPDIR": temporary}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: children(running.pid, "nginx") and sends(running.pid, "/keywords"), "the first measurement, of the request in the file")
    started = all_of(running.pid)
    running.send_signal(number)
    status = running.wait(PATIENCE)
    try:
        wait_until(lambda: not any(map(is_running, started)), "the end of what compare has started")
    finally:
        for pid in filter(is_running, started):
            os.kill(pid, signal.SIGKILL)
    return status, os.listdir(temporary)


def ended_early(directory):
    with open(os.path.join(directory, "own.json"), "w", encoding="utf-8") as file:
        json.dump([{"target": "/keywords", "body": {"text": "北京"}}], file)
    tap.equal(ended_by(signal.SIGTERM, directory), (143, []), "serverful compare that gets SIGTERM ends its processes and removes its temporary files")
    tap.equal(ended_by(signal.SIGKILL, directory)[0], -signal.SIGKILL, "the processes that serverful compare has started end when it is killed")


if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("a build with sanitizers or under valgrind is too slow to be compared")
tap.plan(51)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    small_store(directory)
    refusals(directory)
    whole_run(directory)
    edited(directory)
    urls_without_log(directory)
    at_urls(directory)
    ended_early(directory)
memory_of_a_side()
refused_requests()
tap.done()
