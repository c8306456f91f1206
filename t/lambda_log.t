#!/usr/bin/python3
"""serverful compare --reports: each form of a log of Lambda gives the same invocations, what the log says counts in the bill, a
parameter that contradicts it is refused, and damaged or hostile logs do no harm."""

import gzip
import json
import math
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tracemalloc
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import evidence
import lambda_log
import results_file
from failure import Failure
from lambda_log import Report

STREAMS = ["2026/11/02/[$LATEST]5f1c0a", "2026/11/02/[7]77aa01"]
T0 = 1793610903412  # 2026-11-02T09:15:03.412Z
INITS = {0: 14.02, 57: 20.5}  # by number of the invocation
STATUSES = {5: "error", 40: "timeout"}
EXPECTED = {"memory_mb": 1024, "billed_ms": 41, "init_ms": 17.5, "cold_share": 0.02}  # of the invocations below


def invocations(n=100, memory=1024):
    """Return invocations that are billed 41 ms, and those of INITS by their init more."""
    found = []
    for i in range(n):
        duration, init = 40 + i % 10 / 10 + 0.05, INITS.get(i)
        billed = math.ceil(duration + (init or 0))
        found.append(Report(f"dbda340c-1111-4031-8810-{i:012x}", round(duration, 2), billed, memory, 22, init, None,
                            STATUSES.get(i), T0 + 1000 * i, STREAMS[i % 2]))
    return found


def line(r):
    """Return the REPORT line of an invocation."""
    return (f"REPORT RequestId: {r.id}\tDuration: {r.duration_ms:.2f} ms\tBilled Duration: {r.billed_ms} ms\tMemory Size: {r.memory_mb} MB\t"
            f"Max Memory Used: {r.used_mb} MB\t" + (f"Init Duration: {r.init_ms:.2f} ms\t" if r.init_ms is not None else "") +
            (f"Restore Duration: {r.restore_ms:.2f} ms\tBilled Restore Duration: 26 ms\t" if r.restore_ms is not None else "") +
            (f"Status: {r.status}\t" if r.status else "") + ("Error Type: Runtime.ExitError\t" if r.status == "error" else "") + "\n")


def stamp(r, separator="T", digits=3):
    seconds, ms = divmod(r.time_ms, 1000)
    with closing(sqlite3.connect(":memory:")) as db:
        day, time = db.execute("SELECT date(?1, 'unixepoch'), time(?1, 'unixepoch')", (seconds,)).fetchone()
    return f"{day}{separator}{time}" + (f".{ms:03d}".ljust(digits + 1, "0") if digits else "")


def platform(r):
    """Return the platform.report of an invocation."""
    metrics = {"durationMs": r.duration_ms, "billedDurationMs": r.billed_ms, "memorySizeMB": r.memory_mb, "maxMemoryUsedMB": r.used_mb}
    if r.init_ms is not None:
        metrics["initDurationMs"] = r.init_ms
    return {"time": stamp(r) + "Z", "type": "platform.report",
            "record": {"requestId": r.id, "metrics": metrics, "status": r.status or "success", "tracing": {"spanId": "a"}}}


def text(found):
    return "".join(f"START RequestId: {r.id} Version: $LATEST\nEND RequestId: {r.id}\n{line(r)}XRAY TraceId: 1-5e34a614-10bdxmpl\tSampled: true\n"
                   for r in found)


def json_lines(found):
    start = json.dumps({"time": "2026-11-02T09:15:03Z", "type": "platform.start", "record": {"requestId": "x"}})
    return "".join(f"{start}\n{json.dumps(platform(r))}\n" for r in found)


def event(r, message):
    return {"logStreamName": r.stream, "timestamp": r.time_ms, "message": message, "ingestionTime": r.time_ms + 5, "eventId": "3889"}


def pages(found, message, size=30, **layout):
    """Return the JSON of filter-log-events in pages of `size` events, one after the other, with an empty one."""
    made = [found[i:i + size] for i in range(0, len(found), size)] + [[]]
    return "\n".join(json.dumps({"events": [event(r, message(r)) for r in page] + [event(found[0], "INIT_REPORT Init Duration: 9.00 ms\n")],
                                 "searchedLogStreams": [{"logStreamName": "x", "searchedCompletely": True}], "nextToken": "n"}, **layout)
                     for page in made)


def insights(found, order, quote=lambda value: value):
    """Return the CSV of Logs Insights with columns in an order."""
    cells = {"@timestamp": lambda r: stamp(r, " "), "@requestId": lambda r: r.id, "@duration": lambda r: r.duration_ms,
             "@billedDuration": lambda r: f"{r.billed_ms}.0", "@initDuration": lambda r: "" if r.init_ms is None else r.init_ms,
             "@memorySize": lambda r: f"{r.memory_mb / 100:g}E8", "@maxMemoryUsed": lambda r: f"{r.used_mb / 10:g}E7", "@logStream": lambda r: r.stream}
    return "".join(",".join(row) + "\n" for row in [order, *([quote(str(cells[name](r))) for name in order] for r in found)])


def message_csv(found):
    """Return the CSV of Logs Insights with whole messages: each is quoted, and ends with a newline."""
    def doubled(message):
        return '"' + message.replace('"', '""') + '"'
    return "@timestamp,@message,@logStream\n" + "".join(
        f"{stamp(r, ' ')},{doubled(line(r) if i % 2 else json.dumps(platform(r)))},{r.stream}\n" for i, r in enumerate(found))


def tail(found, message, colour=False):
    """Return the output of `aws logs tail` in its detailed form."""
    green, cyan, plain = ("\x1b[32m", "\x1b[36m", "\x1b[0m") if colour else ("", "", "")
    return "".join(f"{green}{stamp(r, digits=6)}+00:00{plain} {cyan}{r.stream}{plain} {message(r)}" for r in found)


def tail_short(found):
    return "".join(f"{stamp(r, digits=0)} {line(r)}" for r in found)


def mixed(found):
    third = len(found) // 3
    return text(found[:third]) + pages(found[third:2 * third], line, indent=4) + "\n[INFO] {an application's line\n" + \
        insights(found[2 * third:], ORDER)


ORDER = ["@timestamp", "@requestId", "@duration", "@billedDuration", "@initDuration", "@memorySize", "@maxMemoryUsed"]
OTHER_ORDER = ["@maxMemoryUsed", "@logStream", "@initDuration", "@memorySize", "@billedDuration", "@timestamp", "@requestId", "@duration"]
# What a form of the log does not have.
FORMS = {
    "REPORT lines": (text, ("time_ms", "stream")),
    "REPORT lines with CR LF": (lambda found: text(found).replace("\n", "\r\n"), ("time_ms", "stream")),
    "REPORT lines with spaces instead of tabs": (lambda found: text(found).replace("\t", " "), ("time_ms", "stream")),
    "platform.report lines": (json_lines, ("stream",)),
    "CSV of Logs Insights": (lambda found: insights(found, ORDER), ("status", "stream")),
    "CSV of Logs Insights, its columns in another order and quoted": (
        lambda found: "\ufeff" + insights(found, OTHER_ORDER, '"{}"'.format).replace("\n", "\r\n"), ("status",)),
    "CSV of Logs Insights with @message": (message_csv, ()),
    "filter-log-events on one line": (lambda found: json.dumps({"events": [event(r, line(r)) for r in found]}), ()),
    "pages of filter-log-events": (lambda found: pages(found, line, indent=4), ()),
    "pages of filter-log-events, without white space": (lambda found: pages(found, line, separators=(",", ":")), ()),
    "filter-log-events of platform.report": (lambda found: pages(found, lambda r: json.dumps(platform(r)), indent=4), ()),
    "an array of pages": (lambda found: json.dumps([json.loads(page) for page in pages(found, line, indent=None).split("\n")]), ()),
    "aws logs tail": (lambda found: tail(found, line), ()),
    "aws logs tail in colours": (lambda found: tail(found, line, colour=True), ()),
    "aws logs tail of platform.report": (lambda found: tail(found, lambda r: json.dumps(platform(r)) + "\n"), ()),
    "aws logs tail --format short": (tail_short, ("ms", "stream")),
    "aws logs tail --format json": (lambda found: tail(found, lambda r: "\n" + json.dumps(platform(r), indent=4) + "\n", colour=True), ()),
    "sam logs": (lambda found: "".join(f"{r.stream} {stamp(r, digits=6)} {line(r)}" for r in found), ()),
    "several forms in one file": (mixed, ("time_ms", "stream", "status")),
}


class Logs:
    """Writes logs and reads them with the library and with the command."""

    def __init__(self, directory):
        self.directory, self.db = directory, os.path.join(directory, "results.db")

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, content, name="lambda.log"):
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        return self.path(name)

    def read(self, content):
        """Return the Log of a text or of bytes, or the Failure."""
        try:
            return lambda_log.read_log(self.write(content))
        except Failure as failure:
            return failure

    def fresh(self, **parameters):
        """Make results as a measurement on this machine leaves them, with parameters set by hand."""
        measured = self.path("measured.db")
        if not os.path.exists(measured):
            results_file.make(measured)
            with closing(sqlite3.connect(measured)) as db:  # one scenario and few samples, which are read and priced fast
                db.executescript("DELETE FROM scenario_parameter WHERE scenario <> 'standard'; DELETE FROM scenario WHERE name <> 'standard';"
                                 " DELETE FROM sample WHERE rowid % 20 > 0;")
        shutil.copy(measured, self.db)
        for name, value in parameters.items():
            self.sql("UPDATE parameter SET value = ? WHERE name = ?", value, name)

    def sql(self, statement, *values):
        with closing(sqlite3.connect(self.db)) as db:
            found = db.execute(statement, values).fetchall()
            db.commit()
        return found

    def compare(self, *arguments, **options):
        return subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--results", self.db, "--report", self.path("report.html"), *arguments],
                              capture_output=True, text=True, **options)

    def reports(self, content, *arguments):
        return self.compare("--reports", self.write(content), *arguments)

    def take(self, content):
        """Take a log as --reports does. Return what the bill makes of it, or the Failure."""
        with closing(sqlite3.connect(self.db)) as db:
            try:
                evidence.take(db, evidence.weigh(db, lambda_log.read_log(self.write(content))))
            except Failure as failure:
                return failure
            return db.execute("SELECT billed_ms, init_ms, round(gb_seconds, 9) FROM demand").fetchone()

    def page(self):
        with open(self.path("report.html"), encoding="utf-8") as file:
            return re.sub("<style>.*</style>|<[^>]*>", " ", file.read(), flags=re.S)

    def evidence(self):
        return dict(self.sql("SELECT name, value FROM evidence"))


def without(reports, names):
    """Return reports without the values that a form of the log does not have; "ms" is the fraction of the time."""
    return sorted(r._replace(**{name: None for name in names if name != "ms"},
                             **({"time_ms": r.time_ms // 1000 * 1000} if "ms" in names else {})) for r in reports)


def every_form(logs):
    expected = invocations()
    for name, (write, missing) in FORMS.items():
        found = logs.read(write(expected))
        if isinstance(found, Failure):
            tap.ok(False, f"{name}: the log has its {len(expected)} invocations", found)
            tap.ok(False, f"{name}: the bill is that of every other form", found)
            continue
        same = without(found.reports, missing) == without(expected, missing) and not found.n_unreadable and not found.n_duplicates
        tap.ok(same, f"{name}: the log has its {len(expected)} invocations",
               f"{len(found.reports)} of {len(expected)}, {found.n_unreadable} {found.unreadable}, {found.n_duplicates}\n"
               f"{without(found.reports, missing)[:2]}\n{without(expected, missing)[:2]}")
        logs.fresh()
        tap.equal((logs.take(write(expected)), logs.evidence()), ((41, 17.5, 0.04135), EXPECTED), f"{name}: the bill is that of every other form")


def pieces(logs):
    """A long line is read in pieces, which may end anywhere."""
    expected, whole = invocations(), lambda_log.PIECE
    for name in ("filter-log-events on one line", "pages of filter-log-events, without white space", "platform.report lines", "an array of pages"):
        write, missing = FORMS[name]
        wrong = []
        for lambda_log.PIECE in (1, 2, 7, 97, 1000):
            found = logs.read(write(expected).replace('"searchedCompletely": true', '"searchedCompletely": true, "x": [false, null]'))
            if without(getattr(found, "reports", []), missing) != without(expected, missing):
                wrong.append((lambda_log.PIECE, found))
        tap.equal(wrong, [], f"{name}: lines that are read in pieces give the same invocations")
    lambda_log.PIECE = whole


def ways_in(logs):
    """A log may be compressed, in UTF-16, and on the standard input."""
    expected, whole = invocations(), text(invocations())
    half = whole.index("START", len(whole) // 2)
    members = gzip.compress(whole[:half].encode()) + gzip.compress(whole[half:].encode())
    for name, content in (("compressed by gzip, in two members", members), ("in UTF-16, as PowerShell writes it", whole.encode("utf-16")),
                          ("in UTF-8 with a byte order mark", b"\xef\xbb\xbf" + whole.encode())):
        found = logs.read(content)
        tap.equal(len(getattr(found, "reports", [])), len(expected), f"a log {name} is read")
    found = logs.read(members[:-100])
    tap.ok(isinstance(found, Failure) and "gzip data are damaged" in str(found), "a log whose gzip data are cut off is refused", found)
    logs.fresh()
    with open(logs.write(members), "rb") as file:
        run = logs.compare("--reports", "-", stdin=file)
    tap.ok(run.returncode == 0 and "the standard input: 100 invocations" in run.stdout, "--reports - reads the standard input", run.stdout + run.stderr)


def odd_lines(logs):
    one, two = invocations(2)
    restored = logs.read(line(one._replace(init_ms=None, restore_ms=325.93))).reports[0]
    tap.equal((restored.init_ms, restored.restore_ms), (None, 325.93), "a REPORT line of SnapStart has its Restore Duration")
    old = logs.read(line(two._replace(billed_ms=100))).reports[0]
    tap.equal(old.billed_ms, 100, "a REPORT line has the Billed Duration that AWS rounded to 100 ms")
    for name, damaged in (("without a duration", line(one).replace("\tDuration: 40.05 ms", "")),
                          ("cut off", line(one)[:90] + "\n"), ("with a word for its memory", line(one).replace("1024", "much")),
                          ("with an endless memory", line(one).replace("1024", "1e999")), ("with a memory of 0", line(one).replace("1024", "0")),
                          ("in JSON, without metrics", json.dumps({"type": "platform.report", "record": {"requestId": "a"}}) + "\n"),
                          ("in JSON, with a list for its memory", json.dumps(platform(one)).replace("1024", "[1024]") + "\n"),
                          ("in JSON, with true for its duration", json.dumps(platform(one)).replace("40.05", "true") + "\n"),
                          ("in JSON that ends in the middle", json.dumps(platform(one), indent=4)[:-60]),
                          ("in a CSV, with a word for its duration", insights([one], ORDER).replace("40.05", "long"))):
        found = logs.read(line(two) + damaged)
        tap.equal((found.reports and [r.id for r in found.reports], found.n_unreadable), ([two.id], 1), f"a report {name} is counted as unreadable")
    found = logs.read(json.dumps(event(one, line(one)))[:-40] + "\n" + line(two))
    tap.equal([r.id for r in getattr(found, "reports", [])], [one.id, two.id], "an event that ends in the middle of a line hides no other")
    found = logs.read("{ not JSON\n[1, 2\n" + line(one) + '{"a": "b\n' + json.dumps(platform(two)) + "\n")
    tap.equal([r.id for r in getattr(found, "reports", [])], [one.id, two.id], "lines that only begin like JSON hide no report")
    found = logs.read("INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\nmy REPORT RequestIdentity\n" + line(one))
    tap.equal((len(found.reports), found.n_unreadable), (1, 0), "an INIT_REPORT is no report")
    large = json.dumps({"events": [event(one, "x" * 300000 + '"{[\\')] * 8 + [event(two, line(two))]})
    tap.equal([r.id for r in logs.read(large).reports], [two.id], "events longer than a piece of the log hide no report")
    csv = insights([one, two], ORDER).replace("10.24E8", str(1024 * 2 ** 20))
    tap.equal([r.memory_mb for r in logs.read(csv).reports], [1024, 1024], "a memory size in bytes of 1,024 MiB is 1,024 MB")
    few = "@requestId,@duration,@memorySize\n" + f"{one.id},40.05,1.28E8\n"
    tap.equal([(r.billed_ms, r.used_mb, r.memory_mb) for r in logs.read(few).reports], [(None, None, 128)], "a CSV needs @duration and @memorySize only")
    found = logs.read("@requestId,@duration\na,40.05\n")
    tap.ok(isinstance(found, Failure) and "lacks the column @memorySize" in str(found), "a CSV without @memorySize is refused with the reason", found)


def duplicates(logs):
    found = logs.read(pages(invocations(50), line) + "\n" + pages(invocations(100)[30:], line))
    tap.equal((len(found.reports), found.n_duplicates), (100, 20), "overlapping pages count each invocation once")
    retry = invocations(1)[0]
    found = logs.read(line(retry) + line(retry._replace(duration_ms=77.5, billed_ms=78)))
    tap.equal((len(found.reports), found.n_duplicates), (2, 0), "a retry with the same request id is an invocation of its own")


def known_bills(logs):
    """10 million requests of 41 ms are 51,250 GB-s at 128 MB and 410,000 at 1,024 MB, for $0.0000133334 each."""
    for memory, usd in ((128, 0.68), (1024, 5.47)):
        logs.fresh()
        warm = [r for r in invocations(memory=memory) if r.init_ms is None]
        run = logs.reports(text(warm), "--json")
        bills = {(bill["option"], bill["free"]): bill for bill in json.loads(run.stdout)["bills"]}
        tap.equal(round(next(line["cost"] for line in bills["lambda url arm64", 0]["lines"] if line["part"] == "compute"), 2), usd,
                  f"the compute of 10 million requests is ${usd} for a log of {memory:,} MB, with memory_mb as it is by default")
    logs.fresh()
    _, _, gb_seconds = logs.take(text(invocations()))
    total = sum(r.billed_ms for r in invocations()) / 1000 / 100
    tap.equal(round(gb_seconds, 9), round(total, 9), "the gigabyte-seconds of a request are those that AWS has billed for the log, inits included")
    restored = [r._replace(init_ms=None, restore_ms=325.93, billed_ms=67) if r.init_ms else r for r in invocations()]
    logs.take(text(restored))
    tap.equal((logs.evidence()["init_ms"], logs.evidence()["billed_ms"], logs.evidence()["cold_share"]), (26, 41, 0.02),
              "what AWS has billed for a restore is billed like an init")
    tap.equal(logs.sql("SELECT DISTINCT init_ms FROM cold_start"), [(325.93,)], "a restore is a cold start")
    old = [r._replace(init_ms=INITS.get(i), billed_ms=100) for i, r in enumerate(invocations())]
    run = logs.reports(text(old))
    tap.ok(logs.evidence()["billed_ms"] == 100 and logs.evidence()["init_ms"] == 0 and "steps of 100 ms" in run.stdout,
           "a log that AWS rounded to 100 ms counts as billed, and the summary says so", f"{logs.evidence()}\n{run.stdout}")


def statement(verb, message):
    """Return the SQL statement that a message names, or "" if it names none."""
    found = re.search(rf"{verb} .*?WHERE name = '\w+'", str(message))
    return found[0] if found else ""


def contradictions(logs):
    log = text(invocations())
    for name, value, texts in (("memory_mb", 256, ("256 MB", "1,024")), ("billed_ms", 2, ("2 ms", "41")), ("init_ms", 99, ("99 ms", "17.5")),
                               ("cold_share", 0.3, ("0.3", "0.02"))):
        logs.fresh(**{name: value})
        before = logs.sql("SELECT * FROM invocation")
        refusal = logs.take(log)
        tap.ok(isinstance(refusal, Failure) and all(one in str(refusal) for one in (name, *texts, "lambda.log", "leave out --reports")),
               f"a {name} of {value} that contradicts the log is refused, and the message has both values", refusal)
        tap.equal((logs.sql("SELECT * FROM invocation"), logs.evidence()), (before, {}), f"a log that contradicts {name} changes nothing")
        logs.sql(statement("UPDATE", refusal))
        logs.take(log)
        tap.equal(logs.evidence(), EXPECTED, f"after the UPDATE that the message names, the log is taken ({name})")
    logs.fresh(cold_share=0.0201, billed_ms=41, memory_mb=1024)
    tap.equal(tuple(round(one, 5) for one in logs.take(log)), (41, 17.5, 0.04135), "parameters that agree with the log are no contradiction")
    logs.fresh(memory_mb=256)
    run = logs.reports(log)
    tap.ok(run.returncode == 1 and "256 MB" in run.stderr and "1,024" in run.stderr, "serverful compare refuses a log that contradicts a parameter", run.stderr)
    logs.fresh()
    logs.take(log)
    logs.sql("UPDATE parameter SET value = 512 WHERE name = 'memory_mb'")
    run = logs.compare()
    tap.ok(run.returncode == 1 and "512 MB" in run.stderr and "1,024" in run.stderr, "an edit that contradicts the log taken before is refused", run.stderr)
    logs.sql(statement("DELETE", run.stderr))
    run = logs.compare("--json")
    tap.equal((run.returncode, json.loads(run.stdout or "{}").get("setting", {}).get("memory_mb")), (0, 512),
              "after the DELETE that the message names, the edited memory size counts")


def cold_only(logs):
    logs.fresh()
    run = logs.reports(text([r for r in invocations() if r.init_ms]))
    tap.ok(run.returncode == 0 and "no warm request" in run.stdout and "None" not in run.stdout,
           "a log with cold starts only is taken, and the summary says that it has no warm request", run.stdout + run.stderr)
    tap.equal(logs.evidence(), {"memory_mb": 1024, "init_ms": 17.5}, "a log with cold starts only says nothing about durations and the share of cold starts")
    tap.ok(logs.sql("SELECT count(*) FROM invocation WHERE endpoint IS NOT NULL")[0][0] > 0 and re.search("VM t4g.* above [0-9.]+ million", run.stdout),
           "after a log with cold starts only, the measured durations stay, and there are break-evens", run.stdout)
    os.remove(logs.db)
    results_file.make(logs.db, measured=False)
    run = logs.reports(text([r for r in invocations() if r.init_ms]))
    said = run.stdout + logs.page()
    tap.ok(run.returncode == 0 and "No break-even is known, since" in run.stdout and "None" not in said and "at no volume" not in said
           and "No two of the lines cross" not in said, "without any duration of a warm request nothing is said about a break-even", said)


def sizes(logs):
    both = text(invocations(30, 1024)) + text([r._replace(id="b" + r.id[1:]) for r in invocations(20, 512)])
    logs.fresh(memory_mb=256)
    run = logs.reports(both)
    tap.ok(run.returncode == 1 and "20 of 512 MB, 30 of 1,024 MB" in run.stderr and "memory_mb" in run.stderr,
           "a log with several memory sizes is refused, with the number of invocations of each", run.stderr)
    logs.fresh(memory_mb=512)
    run = logs.reports(both)
    tap.ok(run.returncode == 0 and "only those of 512 MB count" in run.stdout and logs.sql("SELECT DISTINCT memory_mb FROM invocation") == [(512,)],
           "where memory_mb names one of several sizes, only its invocations count, and the summary says so", run.stdout + run.stderr)


def shown(logs):
    logs.fresh()
    run = logs.reports(text(invocations()) + line(invocations(1)[0]) + "REPORT RequestId: x\tDuration: 1 ms\n")
    for what in ("1,024 MB (from the function’s log)", "lambda.log: 100 invocations of 1,024 MB, 2 of them cold starts", "1 ended with an error",
                 "1 timed out", "1 invocation is in the log more than once", "1 line looks like reports but cannot be read"):
        tap.ok(what in run.stdout, f"the summary has: {what}", run.stdout)
    page = logs.page()
    for what in ("mean of 98 warm in lambda.log", "2 of 100 in lambda.log", "1,024 MB (from the function’s log)",
                 "2 % cold starts (from the function’s log)", "from 2 REPORT lines of lambda.log"):
        tap.ok(what in page, f"the page has: {what}", page[:3000])
    untrue = ("as on this machine", "Durations and inits are those of the process alone", "measured here. Dashed")
    tap.equal([one for one in untrue if one in page], [], "with a log the page does not say that durations are of this machine")


def nothing(logs):
    logs.fresh()
    for name, content in (("empty", ""), ("with lines of an application only", "START\nhello\n{}\n"), ("with START and END only", "START RequestId: a\nEND RequestId: a\n")):
        run = logs.reports(content)
        tap.ok(run.returncode == 1 and "no REPORT line" in run.stderr and "Logs Insights" in run.stderr and "filter-log-events" in run.stderr,
               f"a log {name} is refused, and the message names the formats", run.stderr)


    for name in ("none.log", "."):
        run = logs.compare("--reports", logs.path(name))
        tap.ok(run.returncode == 1 and "cannot read the log" in run.stderr and "Traceback" not in run.stderr, f"--reports {name} is refused", run.stderr)


def hostile(logs):
    rng, good = random.Random(18), invocations(3)
    tokens = ["REPORT RequestId: ", "Duration: ", "platform.report", '{"type":"platform.report"', '"message":"', "{", "}", "[", "]", '"', "\\", ",",
              "\n", "@duration,@memorySize\n", "@message\n", "1e9", "\x1b[32m", "\u2028", "\x00", "2026-11-02T09:15:03 ", "\udce4", "9" * 5000, "é"]
    wrong = []
    for i in range(400):
        junk = "".join(rng.choice(tokens) for _ in range(rng.randint(1, 120))).encode("utf-8", "surrogateescape")
        if i % 2:
            junk = rng.randbytes(rng.randint(1, 3000)) + junk
        try:
            logs.read(junk)
        except Exception as error:
            wrong.append((repr(error), junk[:200]))
    tap.equal(wrong[:2], [], "400 logs of random bytes and tokens are read or refused")
    for name, junk in (("a line of 4 MB", "x" * (4 << 20) + "\n"), ("a line of 4 MB of braces", "{" * (4 << 20) + "\n"), ("a line of 4 MB of brackets", "[" * (4 << 20) + "\n"),
                       ("JSON of 100,000 levels", '{"a":' * 100000 + "1" + "}" * 100000 + "\n"),
                       ("JSON of 100,000 levels on as many lines", '{"a":\n' * 100000 + "1" + "}\n" * 100000),
                       ("a string of 4 MB without an end", '{"message": "' + "y" * (4 << 20) + "\n"),
                       ("a number of a million digits", '{"type":"platform.report","record":' + "7" * 1000000 + "}\n"),
                       ("a stream name without an end", "2026/11/02/" + "[" * (1 << 20) + "\n"),
                       ("a million quotes", '"\n' * 500000)):
        found = logs.read(junk + text(good))
        tap.equal([r.id for r in getattr(found, "reports", [])], [r.id for r in good], f"{name} hides no report after it")
    found = logs.read("@message\n" + '"\n' * 100001 + text(good))
    tap.equal(len(getattr(found, "reports", [])), 3, "quotes without an end in a CSV hide no report after them")
    found = logs.read(line(good[0]) + "REPORT RequestId: \x1b]0;title\x07\x9b2J\r\x00\n")
    tap.ok(found.n_unreadable == 1 and found.unreadable.isprintable(), "the unreadable line that is shown cannot control a terminal", found.unreadable)
    deep = '{"type":"platform.report","x":' + "[" * 9000 + "]" * 9000 + "}\n"
    tap.equal(len(logs.read(deep + text(good)).reports), 3, "a platform.report of 9,000 levels hides no report after it")


def bounded(logs):
    """A log is not held in memory: only a tuple for each invocation is."""
    filler = json.dumps({"events": [event(invocations(1)[0], "START RequestId: a\n" + "z" * 1000)] * 20000}, indent=4)
    path = logs.write(filler + text(invocations(3)))
    tracemalloc.start()
    found = lambda_log.read_log(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    tap.ok(len(found.reports) == 3 and peak < 8 << 20, f"a log of {len(filler) >> 20} MB is read in less than 8 MB of memory", peak)


tap.plan(len(FORMS) * 2 + 89)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    logs = Logs(directory)
    for check in (every_form, pieces, ways_in, odd_lines, duplicates, known_bills, contradictions, cold_only, sizes, shown, nothing, hostile, bounded):
        check(logs)
tap.done()
