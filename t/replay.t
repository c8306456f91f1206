#!/usr/bin/python3
"""A replay: which requests serverful simulate chooses, what it says about measurements whose result is known by hand, what is sent to both sides
and noted of it, and what people read."""

import contextlib
import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from types import SimpleNamespace

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import results_file  # adds compare/ to the path
import replay
import summary
import tap
import terminal
import words
from endpoints import Endpoint
from lambda_log import Report
from names import replay_notes
from report import replayed

DAY = 86400
MS = 1000


def simulate(path, *arguments):
    return subprocess.run([tap.SERVERFUL, "simulate", "--results", path, *arguments], capture_output=True, text=True)


def run_sql(path, statements):
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statements)


def arrivals(path, *arguments):
    """Choose arrivals. Return them in seconds, and the traffic and the length of the window in seconds."""
    run = simulate(path, "--arrivals", *arguments)
    if run.returncode:
        raise RuntimeError(run.stderr)
    with closing(sqlite3.connect(path)) as db:
        return [us / 1e6 for us, in db.execute("SELECT at_us FROM replay_arrival ORDER BY rowid")], dict(db.execute("SELECT name, value FROM replay_input"))


def choose(path):
    found, given = arrivals(path, "1000")
    office = sum(8 * 3600 <= at < 18 * 3600 for at in found)
    tap.ok(given == {"scenario": "standard", "traffic": "office-hours", "window_seconds": DAY} and 850 < len(found) < 1150 and found == sorted(found) and office > 0.8 * len(found),
           "without traffic, a replay has a day of the shape office-hours", (given, len(found), office))
    tap.equal(arrivals(path, "1000")[0], found, "the same seed chooses the same requests")
    tap.ok(arrivals(path, "1000", "--seed", "2")[0] != found, "another seed chooses others")
    run_sql(path, "UPDATE parameter SET value = 'shop-sale' WHERE name = 'traffic'; INSERT INTO scenario_parameter VALUES ('hobby', 'traffic', 'steady')")
    found, given = arrivals(path, "2000")
    sale = sum(at % DAY < 12 * 3600 for at in found)
    tap.ok(given["traffic"] == "shop-sale" and 1800 < len(found) < 2200 and sale > 0.3 * len(found), "the busiest day of a shop is that of its sale",
           (given, len(found), sale))
    run_sql(path, """UPDATE parameter SET value = 'log' WHERE name = 'traffic';
        INSERT INTO traffic_endpoint VALUES (1, 'a', 40, 0), (2, 'b', 10, 0);
        INSERT INTO traffic_arrival VALUES (1000, 1, 30), (1000, 2, 10), (1009, 1, 10)""")
    found, given = arrivals(path, "50")
    tap.equal((given, sum(at < 1 for at in found), sum(9 <= at < 10 for at in found)), ({"scenario": "standard", "traffic": "log", "window_seconds": 10}, 40, 10),
              "a log that is shorter than a day is replayed as a whole")
    run_sql(path, "INSERT INTO traffic_arrival VALUES (400000, 1, 100), (400060, 1, 100), (800000, 1, 1)")
    found, given = arrivals(path, "200")
    tap.equal((given["window_seconds"], 59 < found[-1] - found[0] < 62), (DAY, True), "of a longer log, the busiest day is replayed")
    found, given = arrivals(path, "200", "--hours", "2")
    tap.equal(given["window_seconds"], 7200, "the hours that are replayed can be fewer")
    run_sql(path, "DELETE FROM traffic_arrival; INSERT INTO traffic_arrival VALUES (0, 1, 60), (172800, 1, 50), (173700, 1, 50)")
    found, given = arrivals(path, "100")
    tap.equal((given["window_seconds"], len(found), 899 < found[-1] - found[0] < 902), (DAY, 100, True), "the busiest day can be the end of a log, in the midst of an hour")
    run_sql(path, "DELETE FROM traffic_arrival; INSERT INTO traffic_arrival VALUES (0, 1, 1), (172800, 1, 10)")
    tap.equal([len(arrivals(path, n)[0]) for n in ("1200", "100000")], [1200, 100000], "a replay has as many requests as are wanted, however few the log has")
    run_sql(path, "DELETE FROM traffic_arrival")
    run = simulate(path, "--arrivals", "10")
    tap.ok(run.returncode == 1 and "serverful traffic" in run.stderr, "the replay of a log that is not there is refused with a reason", run.stderr)
    run_sql(path, "UPDATE parameter SET value = 'none' WHERE name = 'traffic'")
    tap.equal(simulate(path, "--arrivals", "0").returncode, 2, "a replay of no request is refused")


def view(path):
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        return {row["side"]: dict(row) for row in db.execute("SELECT * FROM replay")}


def known(path):
    """Requests of 1 ms, cold starts of 5 ms, an idle life of 100 ms, two processors."""
    due = [0, 50 * MS, 50 * MS, 50 * MS, 140 * MS, 400 * MS, 401 * MS, 480 * MS]  # cold: the first one; two at 50 ms; at 400 and at 401 ms
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DELETE FROM replay_input; INSERT INTO replay_input VALUES ('idle_ms', 100), ('quota', 9), ('processors', 2), ('cold', 5), ('seconds', 1)")
        db.executemany("INSERT INTO replay_sample VALUES (?, 'replay', ?, ?, 200, NULL)", [(side, us, 1000 + i) for side in ("vm", "lambda") for i, us in enumerate(due)])
        db.execute("INSERT INTO replay_sample VALUES ('vm', 'warm', 0, 1000, 200, NULL), ('lambda', 'warm', 0, 1000, 200, 800),"
                   " ('lambda', 'warm', 9, 77000, 503, 800), ('lambda', 'cold', 0, 5000, 200, 4000)")
        db.commit()
    run, found = simulate(path, "--replay"), view(path)
    tap.equal((run.returncode, found["lambda"]["simulated_cold_share"], found["lambda"]["cold_share"]), (0, 5 / 8, 5 / 8), "cold starts are those that the arrivals make")
    got = [found[side][f"simulated_{name}_ms"] for side in ("vm", "lambda") for name in ("p50", "p99")]
    tap.ok(all(abs(a - b) <= 0.004 * b for a, b in zip(got, (1, 2, 5, 5))), "the third of three requests waits for one of two processors; environments have their own", got)
    tap.equal([(row["requests"], row["failed"], row["p50_ms"]) for row in found.values()], [(8, 0, None)] * 2, "a percentile of too few requests is not known")
    run_sql(path, "UPDATE replay_sample SET took_us = 90000 WHERE due_us = 50000")  # they end when the next one begins
    found = view(path)
    tap.equal([row["crowded_share"] for row in found.values()], [1 / 8] * 2, "the share of the requests that came while both processors were busy is known")


def unknown(path):
    """What is not known of a replay is not shown."""
    run_sql(path, "UPDATE replay_sample SET status = 503 WHERE side = 'lambda' AND part = 'replay' AND due_us = 0")
    found = view(path)
    tap.equal(({name for name, value in found["lambda"].items() if value is not None}, found["vm"]["void"], found["lambda"]["void"]),
              ({"side", "requests", "failed", "void"}, None, "1 of 8 requests failed"), "a side of which too many requests failed is void, and nothing else is known of it")
    run_sql(path, "UPDATE replay_sample SET status = 200; CREATE TABLE was AS SELECT * FROM replay_sample")
    got = []
    for side, part in (("vm", "warm"), ("lambda", "warm"), ("lambda", "cold")):
        run_sql(path, f"DELETE FROM replay_sample WHERE side = '{side}' AND part = '{part}'")
        run = simulate(path, "--replay")
        got.append((run.returncode, *(row["side"] for row in view(path).values() if row["simulated_p50_ms"] is None)))
        run_sql(path, "DELETE FROM replay_sample; INSERT INTO replay_sample SELECT * FROM was")
    tap.equal(got, [(0, "vm"), (0, "lambda"), (0, "lambda")], "a side without a measured request, or the function without a cold start, is not simulated")
    run_sql(path, "DELETE FROM replay_input WHERE name = 'seconds'")
    run = simulate(path, "--replay")
    tap.ok(run.returncode == 1 and "interrupted" in run.stderr and view(path) == {}, "the replay that was interrupted is not simulated, and not shown", run.stderr)
    run_sql(path, "DELETE FROM replay_sample")
    run = simulate(path, "--replay")
    with closing(sqlite3.connect(path)) as db:
        tap.equal((run.returncode, db.execute("SELECT count(*) FROM replay_simulated").fetchone()), (0, (0,)), "without a replay, nothing is simulated")


def report_of(duration_ms, init_ms=None):
    return Report("id", duration_ms, 1, 1769, 12, init_ms, None, None, None, None)


class Host:
    """Instead of lambda-host: its REPORT lines are given."""
    url = "http://lambda"

    def __init__(self, reports):
        self.given = reports

    def reports(self):
        return self.given

    def await_report(self, n):
        return self.given[n]

    def end_environments(self):
        pass


# Instead of the load generator: it answers each request 12 ms after that on the same connection, and keeps what it was given.
LOAD = """#!/bin/sh
echo "$3 $4" >> "$0.targets"
cat "$2" >> "$0.times"
awk -v n="$3" 'n > 1 { end = $1 } { if ($1 > end) end = $1; end += 12000; print $1, end - $1, 200 }' "$2"
"""


def sent(directory, path):
    """Send the requests of a replay to both sides. Return what was sent: a pair of kind and connections by target, in order; and the samples."""
    load = os.path.join(directory, "load")
    with open(load, "w", encoding="ascii") as file:
        file.write(LOAD)
    os.chmod(load, 0o755)
    with closing(sqlite3.connect(path)) as db:
        db.executescript("""DELETE FROM replay_sample; DELETE FROM replay_arrival; DELETE FROM replay_input;
            INSERT INTO replay_input VALUES ('scenario', 'standard'), ('traffic', 'log'), ('window_seconds', 250);
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39) INSERT INTO replay_arrival SELECT i * 1000 FROM n;
            INSERT INTO scenario_parameter VALUES ('hobby', 'idle_seconds', 7), ('standard', 'idle_seconds', 50)""")
        one = replay.Replay.__new__(replay.Replay)
        one.db, one.programs, one.length = db, {"load": load}, replay.Length(24, 25, 40, 40, 20)
        one.vm = SimpleNamespace(url="http://vm", directory=directory)
        one.kinds = [Endpoint(str(n), "", "POST", "/", "file", 1) for n in replay.TEXTS]
        one.function = Host([report_of(1, 5)])
        one.function.await_report = lambda n: report_of(1, 5)
        hosts = {"before": Host([report_of(1, 5), *[report_of(2)] * 38, report_of(13)]), "replay": Host([report_of(1, 5)] * 40)}
        one._host = lambda name: contextlib.nullcontext(hosts[name])
        one.warm(), one.replay("vm", one.vm), one.cold(), one.warm_function(), one.replay_function()
        samples = db.execute("SELECT side, part, took_us, busy_us FROM replay_sample").fetchall()
        given = dict(db.execute("SELECT name, value FROM replay_input"))
        hosts["before"].given.append(report_of(2))
        db.execute("DELETE FROM replay_sample")
        one.warm_function()
        unpaired = db.execute("SELECT count(*) FROM replay_sample").fetchone()
    with open(f"{load}.times", encoding="ascii") as times:
        return [int(line.split()[1]) for line in times], samples, given, unpaired


def both_sides(directory, path):
    """What is sent to both sides, and what is noted of it."""
    kinds, samples, given, unpaired = sent(directory, path)
    with open(os.path.join(directory, "load.targets"), encoding="ascii") as targets:
        connections = [line.split()[0] for line in targets]
    tap.equal((kinds[:80], set(kinds[:40]), len(set(kinds[80:100])) > 1), (kinds[100:180], {0, 1, 2}, True), "both sides get requests of the same kinds in the same order")
    tap.equal(connections, ["1", "200", *["200"] * 20, "1", "200", "1"], "the requests before the replay wait for each other")
    before = [sample for sample in samples if sample[0] == "lambda" and sample[1] != "replay"]
    tap.equal((before[20:], {took for _, _, took, _ in samples}), ([("lambda", "cold", 12000, 6000), *[("lambda", "warm", 12000, 2000)] * 38], {12000}),
              "a wait for the answer before does not count, nor does an environment that is busy for longer than its client waits")
    tap.equal(unpaired, (0,), "REPORT lines that are not as many as the answers belong to none of them")
    tap.equal((given["idle_ms"], given["seconds"], given["processors"]), (5000, 25, replay.processors()), "environments live as long as in the scenario that is replayed")


def processors(directory):
    everything = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everything)})
    pinned = replay.processors()
    os.sched_setaffinity(0, everything)
    found = []
    for quota in ("max", "100000", "50000"):
        with open(os.path.join(directory, "cpu.max"), "w", encoding="ascii") as file:
            file.write(f"{quota} 100000\n")
        found.append(replay.processors(directory))
    tap.equal((pinned, found), (1, [len(everything), 1, 1]), "the processors are those that the run may use, by its affinity and by its control groups")


def expected(path):
    """The progress of a replay knows that a log can be shorter."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DELETE FROM traffic_arrival; UPDATE parameter SET value = NULL WHERE name = 'traffic'; INSERT INTO traffic_arrival VALUES (5, 1, 1), (8, 1, 1)")
        one = replay.Replay.__new__(replay.Replay)
        one.db, one.length = db, replay.FULL
        found = [round(seconds, 1) for seconds, *_ in one.steps()]
        db.executescript("DELETE FROM traffic_arrival")
        tap.equal((found, [round(seconds, 2) for seconds, *_ in one.steps()]), ([0.2, 3, 4, 2, 3.2, 4.2], [0.2, 6.25, 25, 2, 6.45, 25.2]),
                  "the replay of a short log is expected to take as long as the log")


def people(path):
    """What the report and the terminal say."""
    def notes(statements):
        run_sql(path, statements)
        with closing(sqlite3.connect(path)) as db:
            found = {"replay": summary.replay_of(db)}
        return replay_notes(found), str(replayed.part(found)), terminal.replay_text(found)
    words.use("en")
    results_file.make(path)
    found, page, text = notes("")
    tap.ok(found == [] and "the shape office-hours (office hours)" in page and "VM, simulated" in text, "a replay of a shape is named, with nothing to warn of", (found, page))
    found, page, text = notes("UPDATE replay_input SET value = 'log' WHERE name = 'traffic'; UPDATE replay_sample SET took_us = 300000")
    tap.ok(len(found) == 1 and "99.6 % of the requests to Lambda came" in found[0] and all(found[0] in where for where in (page, text)) and "of your access log were" in page,
           "report and terminal warn where requests found all processors busy", (found, page))
    found, page, text = notes("UPDATE replay_sample SET status = 503 WHERE side = 'lambda' AND due_us < 1000000")
    tap.ok(found == ["The replay against Lambda is void: 20 of 500 requests failed: 20 × 503."] and all(found[0] in where for where in (page, text)),
           "report and terminal say why a replay is void", (found, page))
    found, page, text = notes("DELETE FROM replay_input WHERE name = 'seconds'")
    tap.ok(found == [text] and "interrupted" in text and text in page, "report and terminal say that a replay was interrupted", (found, page))


def bench():
    spec = importlib.util.spec_from_file_location("bench_replay", os.path.join(tap.SOURCE, "bench", "replay.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    rows = [{"side": "lambda", "cold_share": measured, "simulated_cold_share": simulated} for measured, simulated in ((0.1, 0.1), (0, 0), (0, 0.1), (0.1, None))]
    tap.equal(module.verdict([*rows, {"side": "vm", "cold_share": None, "simulated_cold_share": None}], "cold_share", 0.1),
              "cold_share: 2 of 4 within 10 %, 1 not known, at most inf %", "the verdict of ./dev bench replay leaves out no row")


tap.plan(31)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    results = os.path.join(directory, "results.db")
    results_file.make(results, measured=False)
    choose(results)
    known(results)
    unknown(results)
    both_sides(directory, results)
    processors(directory)
    expected(results)
    people(os.path.join(directory, "people.db"))
    bench()
tap.done()
