#!/usr/bin/python3
"""serverful traffic reads access logs of all formats into the same tables, whatever their order, zone and compression, counts
what it cannot read, and leaves the results alone where it fails. The counts of real logs are those of awk, where a directory has
such logs: SERVERFUL_ACCESS_LOGS names it."""

import collections
import glob
import gzip
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import access_logs
from access_logs import FORMATS, Request
from tap import SERVERFUL, SOURCE, done, equal, ok, plan

LOGS = sorted(glob.glob(os.path.join(os.environ.get(
    "SERVERFUL_ACCESS_LOGS", os.path.join(os.path.dirname(SOURCE), "shared", "traffic")), "*.log.gz")))
START = 1793610903  # 2 November 2026, 09:15:03 UTC
TABLES = {
    "arrivals": "SELECT second, name, n FROM traffic_arrival JOIN traffic_endpoint ON id = endpoint ORDER BY 1, 2",
    "sizes": "SELECT name, low, high, n FROM traffic_size JOIN traffic_endpoint ON id = endpoint ORDER BY 1, 2",
    "statuses": "SELECT name, status, n FROM traffic_status JOIN traffic_endpoint ON id = endpoint ORDER BY 1, 2",
    "endpoints": "SELECT name, requests, bytes FROM traffic_endpoint ORDER BY 1",
    "skipped": "SELECT reason, sum(n) FROM traffic_skipped WHERE reason <> 'comment' GROUP BY reason ORDER BY 1",
}
DURATIONS = "SELECT name, low, high, n FROM traffic_duration JOIN traffic_endpoint ON id = endpoint ORDER BY 1, 2"

directory = tempfile.TemporaryDirectory(prefix="serverful-")
os.chdir(directory.name)


def make_requests(n):
    rng = random.Random(20)
    paths = [b"/segment", b"/api/segment", b"/prod/calculator", b"/cart/17", b"/cart/18", b"/", b"/a\"b\\c/d", "/购物/车".encode(), b"/logo.png"]
    return [Request(START + int(rng.expovariate(0.01)), rng.choice(("GET", "POST", "M-SEARCH")), rng.choice(paths), rng.choice(("", "q=a%20b", "/x.png")),
                    rng.choice((200, 200, 304, 404, 499)), rng.choice((0, 7, 512, 70000, 5 * 10**9)), rng.choice((0, 1, 12, 499)))
            for _ in range(n)]


def run(*logs, results="results.db", text=b""):
    """Run serverful traffic: (exit status, standard output, standard error)."""
    got = subprocess.run([SERVERFUL, "traffic", "--results", results, *logs], input=text, capture_output=True, check=False)
    return got.returncode, got.stdout.decode(), got.stderr.decode()


def query(sql, results="results.db"):
    with sqlite3.connect(results) as db:
        return db.execute(sql).fetchall()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
    return name


def read(data, *more, name="access.log"):
    """Read logs that must be read. Returns the summary."""
    status, out, err = run(*(write(f"{i}{name}", part) for i, part in enumerate((data, *more))))
    if status:
        raise RuntimeError(err)
    return out


def tables():
    return {name: query(sql) for name, sql in TABLES.items()}


def expected(requests):
    """The arrivals and statuses of requests, as Python counts them."""
    names = {b"/segment": "segment", b"/api/segment": "segment", b"/prod/calculator": "calculator", b"/cart/17": "/cart", b"/cart/18": "/cart",
             b"/": "/", b"/a\"b\\c/d": "/a\"b\\c", "/购物/车".encode(): "/\\xE8\\xB4\\xAD\\xE7\\x89\\xA9"}
    kept = [(r, names[r.path]) for r in requests if r.path in names]
    arrivals = collections.Counter((r.second, name) for r, name in kept)
    statuses = collections.Counter((name, r.status) for r, name in kept)
    return [sorted((*key, n) for key, n in found.items()) for found in (arrivals, statuses)]


def check_formats():
    requests = make_requests(400)
    arrivals, statuses = expected(requests)
    first, durations = None, None
    for name, (format_name, _, _, has_durations, resolution) in FORMATS.items():
        out = read(access_logs.write(name, requests))
        found = tables()
        first = first or found
        equal(query("SELECT format, resolution_us, refused FROM traffic_file"), [(format_name, resolution, 0)],
              f"{name}: the format and the resolution of the time stamps are found, and each line is read")
        equal((found["arrivals"], found["statuses"]), (arrivals, statuses), f"{name}: arrivals and statuses are those of the requests")
        equal(found, first, f"{name}: the tables are those of the first format")
        got = query(DURATIONS)
        durations = durations or got
        equal(got, durations if has_durations else [], f"{name}: the durations are those of the first format that has them, if this one does")
        ok(f": {format_name}, " in out and "\nsegment " in out, f"{name}: the summary names the format and the endpoints", out)


def check_durations():
    requests = make_requests(400)
    read(access_logs.write("ALB", requests))
    equal(query("SELECT low, high, sum(n) FROM traffic_duration GROUP BY low"),
          [(low, high, sum(r.ms == ms and r.path != b"/logo.png" for r in requests)) for ms, low, high in
           ((0, 0, 0), (1, 960, 1023), (12, 11264, 12287), (499, 491520, 524287))], "a duration is in the bucket that has its microseconds")
    equal(query("SELECT stamp, duration FROM traffic_file"), [("start", "target_processing_time")], "ALB's time of creation is the arrival")
    equal(query("SELECT low, high FROM traffic_size GROUP BY low"), [(0, 0), (7, 7), (512, 575), (65536, 73727), (4831838208, 5368709119)],
          "a size is in the bucket that has its bytes")


def check_stamps():
    combined, pool = access_logs.combined_nginx, access_logs.pool
    one = Request(START, "GET", b"/segment", "", 200, 1, 400)
    for name, text, second in (
            ("a time with a duration of the request loses that", pool(one).replace('"ms": 400.0', '"ms": 60000.0'), START - 60),
            ("a time of whole seconds counts as its middle before a duration is subtracted", access_logs.cloudfront(one), START),
            ("a zone behind UTC is honoured", combined(one).replace("+0100", "-0330"), START + 4 * 3600 + 1800),
            ("a zone of ISO 8601 is honoured", f"time,path\n{access_logs.iso(START, None, '+05:45')},/segment", START - 5 * 3600 - 2700),
            ("a time of ISO 8601 without a zone is in UTC", f"time,path\n{access_logs.iso(START, None, '')},/segment", START),
            ("a time in milliseconds is known by its digits", f"time,path\n{START}123,/segment", START),
            ("a time in microseconds is known by its digits", f"time,path\n{START}123456,/segment", START),
            ("a time in nanoseconds is known by its digits", f"time,path\n{START}123456789,/segment", START),
            ("the leap day exists in 2000", 'h - - [29/Feb/2000:00:00:00 +0000] "GET /segment HTTP/1.1" 200 1', 951782400),
            ("a CSV may be separated by semicolons", f"path;time\n/segment;{START}", START),
            ("a byte order mark is no part of a line", "\ufeff" + pool(one), START),
            ("CR is no part of a line", f'h - - [{access_logs.clf(START)}] "GET /segment HTTP/1.0" 200 -\r\n', START),
            ("a CSV that was joined may have its header again", f"time,path\ntime,path\n{START},/segment\ntime,path\n", START),
            ("a request without a version is one", f'h - - [{access_logs.clf(START)}] "GET /segment" 200 1', START),
            ("a user may have blanks and brackets", f'h - a [b] c [{access_logs.clf(START)}] "GET /segment HTTP/1.0" 200 -', START),
            ("a target may have blanks", f'h - - [{access_logs.clf(START)}] "GET /api /segment HTTP/1.0" 200 -', START),
            ("ALB without a time of creation has that of the end less the durations", " ".join(access_logs.alb(one).split(" ")[:15]) + ' "x"', START)):
        read(text.encode())
        equal((query(TABLES["arrivals"]), query("SELECT refused FROM traffic_file")), ([(second, "segment", 1)], [(0,)]), name)
    night = [f'h - - [25/Oct/2026:02:{minute}:00 +0{zone}00] "GET / HTTP/1.1" 200 1' for zone, minute in ((2, 30), (2, 59), (1, "00"), (1, 30))]
    read("\n".join(night).encode())
    equal(query("SELECT second FROM traffic_arrival"), [(1792888200 + s,) for s in (0, 1740, 1800, 3600)],
          "the hour that the end of daylight saving repeats is two hours")


def check_order():
    requests = make_requests(600)
    data = access_logs.write("nginx combined", requests)
    read(data)
    wanted = tables()
    lines = data.splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    read(b"".join(lines))
    equal(tables(), wanted, "lines that are out of order give the same tables")
    read(b"".join(lines[:250]), gzip.compress(b"".join(lines[250:])))
    equal(tables(), wanted, "two files that overlap, one of them compressed, give the same tables")
    read(b"".join(gzip.compress(b"".join(lines[i:i + 7])) for i in range(0, len(lines), 7)))
    equal(tables(), wanted, "a file of many members of gzip gives the same tables")
    read(b"\xEF\xBB\xBF" + data.replace(b"\n", b"\r\n").rstrip())
    equal(tables(), wanted, "a byte order mark, CR LF and a last line without an end change nothing")
    status, _, err = run("-", text=gzip.compress(data))
    equal((status, err, tables()), (0, "", wanted), "- is the standard input, which may be compressed")
    read(b"", data)
    equal((tables(), query("SELECT format, lines FROM traffic_file ORDER BY id")), (wanted, [("empty", 0), ("combined (nginx or Apache)", 600)]),
          "an empty file among the logs changes nothing")


def check_flush():
    """More seconds than the reader keeps in memory: their arrivals are written in parts."""
    seconds = list(range(START, START + 60000)) * 2
    random.Random(2).shuffle(seconds)
    read(("time\n" + "".join(f"{second}\n" for second in seconds)).encode())
    equal(query("SELECT count(*), min(n), max(n), min(second), max(second) FROM traffic_arrival"), [(60000, 2, 2, START, START + 59999)],
          "arrivals that are written in parts add up")


def check_skipped():
    clf, one = access_logs.clf(START), Request(START, "GET", b"/segment", "", 200, 1, 4)
    read(f'''h - - [{clf}] "-" 408 0 "-" "-"
h - - [{clf}] "" 400 0 "-" "-"
h - - [{clf}] "\\x16\\x03\\x01" 400 157 "-" "-"
h - - [{clf}] "CONNECT example.com:443 HTTP/1.1" 400 157 "-" "-"
h - - [{clf}] "GET /segment HTTP/1.1" 200 1 "-" "ELB-HealthChecker/2.0"
h - - [{clf}] "GET /a/logo.png?v=/segment HTTP/1.1" 200 1 "-" "x"
h - - [{clf}] "OPTIONS * HTTP/1.1" 200 1 "-" "x"
'''.encode())
    equal((query(TABLES["skipped"]), query("SELECT name FROM traffic_endpoint")),
          ([("health check", 1), ("no request", 4), ("static file", 1)], [("*",)]), "lines that are no requests to the service are counted by reason")
    read((access_logs.common(one) + "\n" + 2 * (access_logs.combined_nginx(one) + "\n")).encode())
    equal(query("SELECT format, requests FROM traffic_file"), [("combined (nginx or Apache)", 3)], "the format of most of the first lines is that of the file")
    read(f'{{"requestTime":"{clf}","routeKey":"$default","status":"200"}}'.encode())
    equal(query("SELECT name FROM traffic_endpoint"), [("$default",)], "the catch-all route of an HTTP API is an endpoint")
    results = ("Hit", "RefreshHit", "OriginShieldHit", "Redirect", "LimitExceeded", "Miss", "Error")
    log = access_logs.CLOUDFRONT + "".join(access_logs.cloudfront(one, result) + "\n" for result in results)
    read((log + log).encode())
    equal((query("SELECT reason, n FROM traffic_skipped"), query("SELECT requests FROM traffic_file")),
          ([("answered by CloudFront", 4), ("cache hit", 4), ("comment", 4)], [(6,)]), "what CloudFront answers by itself is no request to the service")


def check_refused():
    good = access_logs.combined_nginx(Request(START, "GET", b"/segment", "", 200, 1, 4)).encode()
    bad = [b"\x1b]0;title\x07\xC2\x9B31m [x", good.replace(b"Nov", b"Nop"), good.replace(b"02/", b"31/"), good.replace(b" 200 1", b" 2x0 1"), good.replace(b" 200 1", b" 200 x"),
           good[:70], b"", b"x" * 70000, good.replace(b"+0100", b"+2500")]
    out = read(b"\n".join([good, *bad, good]))
    equal(query("SELECT lines, requests, refused FROM traffic_file"), [(11, 2, 9)], "lines that cannot be read are counted")
    equal(query("SELECT line, reason, substr(text, 1, 12) FROM traffic_refused"),
          [(2, "no time in brackets", r"\x1B]0;title"), (3, "no time in brackets", "192.0.2.17 -"), (4, "no time in brackets", "192.0.2.17 -"),
           (5, "no status behind the request", "192.0.2.17 -"), (6, "no number of bytes behind the status", "192.0.2.17 -")],
          "the first lines that cannot be read are kept, with their numbers and reasons")
    ok("refused: 9\n" in out and r"line 2, no time in brackets: \x1B]0;title\x07\xC2\x9B31m" in out and not set(out) & set("\x1b\x07\x9b"),
       "the summary shows them without their control characters", out)
    read(good + b"\n" + b"y" * 300000 + b"\n" + good)
    equal(query("SELECT lines, requests, reason, length(text) FROM traffic_file, traffic_refused"), [(3, 2, "too long", 160)],
          "a line that is longer than the buffer is refused, and the next one is read")
    read(access_logs.write("nginx JSON", make_requests(3)) + b'{"a":[}\n{"time":"x","status":200}\n{"time":1793610903,"status":20}\n'
         b'{"time":1793610903,"request_time":99999999999}\n{} x\n')
    equal(query("SELECT reason FROM traffic_refused"), [("no JSON object",), ("no time in the JSON object",), ("no status in the JSON object",), ("too long a duration",),
                                                        ("no JSON object",)], "JSON that cannot be read is refused with a reason")


def check_mapping():
    lines = "".join(access_logs.common(Request(START + i, "GET", path, "", 200, 1, 4)) + "\n" for i, path in enumerate(
        [b"/shop/cart/1", b"/shop/cart/2", b"/shop/list.png", b"/exact", b"/exact/not", b"/x7y"] + [b"/n%d/x" % n for n in range(1500)] + [b"/n3/y"] * 30 + [b"/late"] * 50))
    query("INSERT INTO traffic_path VALUES (1, '/shop/*', 'shop'), (2, '/exact', 'exactly'), (3, '*x[0-9]y', 'glob'), (4, '/exact/*', NULL), (5, '/', NULL)")
    read(lines.encode())
    equal(query("SELECT name, requests FROM traffic_endpoint WHERE name NOT GLOB '/*' AND name <> 'other' ORDER BY 1"), [("exactly", 1), ("glob", 1), ("shop", 3)],
          "the first pattern of traffic_path that a path matches names its endpoint")
    equal(query("SELECT count(*), sum(requests), max(requests) FROM traffic_endpoint WHERE name GLOB '/*' OR name = 'other'"), [(21, 1580, 1488)],
          "the 20 busiest first segments are endpoints, and the others are together")
    equal(query("SELECT sum(n) FROM traffic_arrival JOIN traffic_endpoint ON id = endpoint WHERE name = '/n3'"), [(31,)],
          "a first segment that has many requests is an endpoint of its own")
    equal(query("SELECT requests FROM traffic_endpoint WHERE name = '/late'"), [(43,)], "a frequent first segment is an endpoint, even if a thousand come before it")
    equal(query("SELECT sum(n), count(DISTINCT endpoint) FROM traffic_arrival"), [(1585, 24)], "the arrivals of the others are together, too")
    equal(query("SELECT n FROM traffic_skipped"), [(1,)], "a pattern without an endpoint skips a path")
    query("DELETE FROM traffic_path WHERE place < 10")


def check_summary():
    lines = "".join(access_logs.common(Request(START + s, "GET", b"/segment", "", 200, 100, 4)) + "\n" for s in (0, 0, 0, 1, 59, 3599))
    out = read(lines.encode())
    equal(query("SELECT requests, seconds, busiest_second, busiest_minute, busiest_hour, peak_factor, round(month_requests) FROM traffic_summary"),
          [(6, 3600, 3, 4, 5, 1800, 4380)], "the view traffic_summary has the peak factor and the requests of a month")
    ok("Requests  6 in 60.0 minutes, from 2026-11-02 09:15:03 to 2026-11-02 10:15:02 UTC\n" in out and
       "at most 3 in a second, 4 in a minute, 5 in an hour\n" in out and "has 1,800 times" in out and
       "A month   4,380 requests, if all of it is like this; the bills take that from a log of 23 hours or more only\n" in out, "the summary prints them", out)
    ok("Gap" not in out, "no gap is named in a log without one", out)
    days = lambda *found: read("".join(access_logs.common(Request(START + 86400 * d, "GET", b"/segment", "", 200, 100, 4)) + "\n" for d in found).encode())
    out = days(0, 1, 2, 60)
    ok("Gap       58.0 days without a request, from 2026-11-04 10:00:00 UTC on: more than half of the log" in out and "like this\n" in out,
       "the summary names a gap of more than half of the log, and no least length where the log has it", out)
    ok("Gap" not in (out := days(0, 10, 20, 30)), "gaps of a third are none", out)


def check_failures():
    requests = make_requests(50)
    data = access_logs.write("nginx combined", requests)
    read(data)
    wanted = tables()
    packed = gzip.compress(data)
    for name, log, reason in (
            ("a log of an unknown format", b"hello\n\x1b[31mworld\n", "unknown format (known are combined"),
            ("a compressed log that breaks off", packed[:-20], "its compressed data break off"),
            ("a compressed log that is damaged", packed[:40] + bytes(20) + packed[60:], "its compressed data are damaged"),
            ("a log that has no request", data.split(b'"')[0] + b'"-" 400 0 "-" "-"\n', "no request to the service")):
        status, out, err = run(write("good", data), write("bad", log)) if "no request" not in name else run(write("bad", log))
        ok((status, out, tables()) == (1, "", wanted) and reason in err and "\x1b" not in err, f"{name} is an error that leaves the results alone", (status, out, err))
    for name, logs, reason in (("a log that does not exist", ["missing.log"], "cannot open missing.log: No such file"), ("a directory", ["."], "cannot read .: Is a directory")):
        status, _, err = run(*logs)
        ok(status == 1 and reason in err, f"{name} is an error with a reason", err)
    os.symlink("good", "link")
    status, _, err = run("bad", "good", "link")
    ok((status, tables()) == (1, wanted) and "are the same file: name it once" in err, "a log that is named twice is refused", err)
    equal(run()[0], 2, "no log is an invalid command line")
    with sqlite3.connect("foreign.db") as db:
        db.execute("CREATE TABLE t (a)")
    status, _, err = run("good", results="foreign.db")
    ok(status == 1 and "has no results of serverful" in err, "a database of another program is refused", err)
    with sqlite3.connect("older.db") as db:
        db.executescript("PRAGMA application_id = 1397904979; PRAGMA user_version = 1; CREATE TABLE run (a)")
    status, _, err = run("good", results="older.db")
    ok(status == 1 and "move it away" in err and not query("SELECT 1 FROM sqlite_schema WHERE name GLOB 'traffic_*'", "older.db"),
       "results of an older version are refused and left alone", err)


def check_compare():
    """serverful compare takes a file that has traffic and nothing else, and one of its own."""
    sys.path.insert(0, os.path.join(SOURCE, "compare"))
    import results  # pylint: disable=import-outside-toplevel
    read(access_logs.write("CSV", make_requests(50)))
    wanted = tables()
    results.open_results("results.db").close()
    equal((tables(), query("SELECT count(*) FROM parameter WHERE name = 'cold_share'")), (wanted, [(1,)]),
          "serverful compare adds its tables to a file that has only traffic")
    read(access_logs.write("CSV", make_requests(60)))
    equal(query("SELECT lines FROM traffic_file"), [(61,)], "serverful traffic writes into the results of serverful compare")


def awk(log, program):
    """Run awk on a compressed log: {key: number} of its lines."""
    got = subprocess.run(f"zcat '{log}' | awk '{program}'", shell=True, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {key: int(n) for key, n in (line.rsplit(" ", 1) for line in got.splitlines())}


def check_real(log):
    name = os.path.basename(log)
    if os.path.exists("real.db"):
        os.remove("real.db")
    run(log, results="real.db")
    query("INSERT INTO traffic_path VALUES (1, '*', 'all')", "real.db")
    status, _, err = run(log, results="real.db")
    equal((status, err), (0, ""), f"{name} is read")
    equal(query("SELECT lines, requests, refused FROM traffic_file", "real.db"), [(awk(log, 'END {print "lines", NR}')["lines"],) * 2 + (0,)],
          f"{name}: each line that awk counts is a request")
    seconds = collections.Counter()
    for text, n in awk(log, '{n[substr($4, 2) " " substr($5, 1, 5)]++} END {for (t in n) print t, n[t]}').items():
        seconds[access_logs.epoch(text)] += n
    wrong = set(query("SELECT second, n FROM traffic_arrival", "real.db")) ^ set(seconds.items())
    equal(sorted(wrong)[:10], [], f"{name}: the arrivals of each second are those of awk")
    statuses = awk(log, r'{sub(/.*\] "([^"\\]|\\.)*" /, ""); n[$1]++} END {for (s in n) print s, n[s]}')
    equal(dict(query("SELECT status, n FROM traffic_status", "real.db")), {int(s): n for s, n in statuses.items()}, f"{name}: the statuses are those of awk")
    total = awk(log, r'{sub(/.*\] "([^"\\]|\\.)*" /, ""); s += $2} END {printf "bytes %.0f\n", s}')["bytes"]
    equal(query("SELECT bytes FROM traffic_endpoint", "real.db"), [(total,)], f"{name}: the bytes are those of awk")


plan(5 * len(FORMATS) + 3 + 18 + 6 + 1 + 4 + 8 + 6 + 2 + 10 + 2 + 5 * len(LOGS))
check_formats()
check_durations()
check_stamps()
check_order()
check_flush()
check_skipped()
check_refused()
check_mapping()
check_summary()
check_failures()
check_compare()
for path in LOGS:
    check_real(path)
done()
