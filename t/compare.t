#!/usr/bin/python3
"""serverful compare: a run from the first request to the report, real URLs, a log of Lambda, and what it refuses."""

import http.server
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import share
from store import jieba_store

ENDPOINTS = ["calculator", "random-image", "segment-20", "segment-200", "segment-5000"]
LOG = """START RequestId: 8f507cfc Version: $LATEST
END RequestId: 8f507cfc
REPORT RequestId: 8f507cfc\tDuration: 1.44 ms\tBilled Duration: 20 ms\tMemory Size: 512 MB\tMax Memory Used: 17 MB\tInit Duration: 18.45 ms\t
2026-11-25T01:02:03Z REPORT RequestId: 8f507cfd\tDuration: 7.20 ms\tBilled Duration: 8 ms\tMemory Size: 512 MB\tMax Memory Used: 17 MB
"""


class Elsewhere(http.server.BaseHTTPRequestHandler):
    """A service that answers everything, and counts."""
    protocol_version = "HTTP/1.1"
    n_requests = 0

    def do_GET(self):
        Elsewhere.n_requests += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_GET

    def log_message(self, *_):
        pass


def compare(directory, *arguments):
    return subprocess.run([tap.SERVERFUL, "compare", "--results", "results.db", "--report", "report.html", *arguments],
                          cwd=directory, capture_output=True, text=True)


def rows(directory, query):
    with closing(sqlite3.connect(os.path.join(directory, "results.db"))) as db:
        return db.execute(query).fetchall()


def whole_run(directory):
    run = compare(directory, "--quick", "--store", "serverful.db", "--json")
    if not tap.equal((run.returncode, "Traceback" in run.stderr), (0, False), "a quick comparison ends well"):
        print("# " + run.stderr.replace("\n", "\n# "))
        return
    found = json.loads(run.stdout)
    tap.equal(sorted({(row["side"], row["endpoint"]) for row in found["latency"]}),
              sorted((side, name) for side in ("vm", "lambda") for name in ENDPOINTS), "both sides are measured at each endpoint")
    tap.equal([row for row in found["latency"] if row["failed"] or not 0 < row["p50"] <= row["max"]], [], "each request was answered")
    tap.equal(rows(directory, "SELECT count(*) FROM series WHERE rate > 0 AND rate * seconds <>"
                              " (SELECT count(*) FROM sample WHERE series = id)"), [(0,)], "at a rate, each request has its sample")
    tap.equal([row for row in found["latency"] if not row["rate"] and not (row["cpu_ms"] > 0 and row["memory_mb"] > 1)], [],
              "capacities come with processor time and memory")
    tap.equal(len(found["cold_starts"]), 50, "fifty cold starts")
    sizes = {row["memory_mb"] for row in found["memory_sizes"]}
    tap.equal(sizes, {128, 256, 512, 1024, 1769} if share.is_available() else {1769}, "memory sizes")
    tap.ok(all(bill["usd"] > 0 for bill in found["bills"]), "every option has a bill", found["bills"])
    with open(os.path.join(directory, "report.html"), encoding="utf-8") as file:
        tap.ok(file.read().startswith("<!DOCTYPE html>"), "there is a report")
    tap.ok("left" in run.stderr, "the time left is told", run.stderr)


def edited(directory):
    """One SQL statement, and the report changes without measuring."""
    before = rows(directory, "SELECT count(*) FROM sample")
    first = json.loads(compare(directory, "--report-only", "--json").stdout)
    for statement, what in (("UPDATE price SET usd = usd * 2 WHERE item = 'lambda.request'", "a price"),
                            ("UPDATE parameter SET value = 1024 WHERE name = 'memory_mb'", "the memory size"),
                            ("UPDATE mix SET share = 0 WHERE endpoint <> 'segment-5000'", "the mix")):
        subprocess.run(["sqlite3", "results.db", statement], cwd=directory, check=True)
        second = json.loads(compare(directory, "--report-only", "--json").stdout)
        tap.ok([b["usd"] for b in first["bills"]] != [b["usd"] for b in second["bills"]], f"{what} changes the bills", second["bills"])
        first = second
    tap.equal(rows(directory, "SELECT count(*) FROM sample"), before, "and nothing was measured")


def real_function(directory):
    with open(os.path.join(directory, "lambda.log"), "w", encoding="utf-8") as file:
        file.write(LOG)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    run = compare(directory, "--quick", "--store", "serverful.db", "--lambda-url", url, "--reports", "lambda.log", "--json")
    found = json.loads(run.stdout or "{}")
    sent = rows(directory, "SELECT count(*) FROM series JOIN sample ON series = id WHERE side = 'lambda' AND rate IS NOT NULL")[0][0]
    tap.equal((run.returncode, Elsewhere.n_requests), (0, sent + len(ENDPOINTS)), "a real URL takes the place of lambda-host")
    tap.equal(rows(directory, "SELECT * FROM invocation"), [(None, 512, 1.44, 18.45, 17), (None, 512, 7.2, None, 17)],
              "a log's REPORT lines take the place of those of lambda-host")
    tap.equal([(row["init_ms"], row["latency_ms"]) for row in found["cold_starts"]], [(18.45, None)], "so do its cold starts")
    tap.equal((found["run"]["lambda url"], rows(directory, "SELECT value FROM parameter WHERE name = 'memory_mb'")),
              (url, [(1024,)]), "the report says where, and what was edited before is kept")
    server.shutdown()


def refusals(directory):
    with open(os.path.join(directory, "empty.log"), "w", encoding="utf-8"):
        pass
    for arguments, why in ((["--store", "none.db"], "none.db"), (["--report-only", "--results", "none"], "measure first"),
                           (["--report-only", "--results", "serverful.db"], "was not made by"),
                           (["--report-only", "--reports", "empty.log"], "no REPORT line"),
                           (["--quick", "--store", "serverful.db", "--vm-url", "http://127.0.0.1:1"], "gives no good answer")):
        run = compare(directory, *arguments)
        tap.ok(run.returncode == 1 and why in run.stderr and "Traceback" not in run.stderr, f"refused: {' '.join(arguments)}", run.stderr)
    tap.equal(compare(directory, "--nonsense").returncode, 2, "an unknown option is a wrong usage")
    tap.ok("--quick" in compare(directory, "--help").stdout, "--help tells the options")


if subprocess.run(["readelf", "-l", tap.BOOTSTRAP], capture_output=True, text=True).stdout.count("INTERP") or \
        "SERVERFUL_VALGRIND" in os.environ:
    print("1..0 # SKIP what sanitizers and valgrind slow down is not worth comparing")
    sys.exit()
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    jieba_store(directory)
    refusals(directory)
    whole_run(directory)
    edited(directory)
    real_function(directory)
tap.done()
