#!/usr/bin/python3
"""serverful simulate for a replay: which requests it chooses, and what it says about measurements whose result is known by hand."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import results_file
import tap

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
    tap.ok(given == {"traffic": "office-hours", "window_seconds": DAY} and 850 < len(found) < 1150 and found == sorted(found) and office > 0.8 * len(found),
           "without traffic, a replay has a day of the shape office-hours", (given, len(found), office))
    tap.equal(arrivals(path, "1000")[0], found, "the same seed chooses the same requests")
    tap.ok(arrivals(path, "1000", "--seed", "2")[0] != found, "another seed chooses others")
    run_sql(path, "UPDATE parameter SET value = 'shop-sale' WHERE name = 'traffic'")
    found, given = arrivals(path, "2000")
    sale = sum(at % DAY < 12 * 3600 for at in found)
    tap.ok(given["traffic"] == "shop-sale" and 1800 < len(found) < 2200 and sale > 0.3 * len(found), "the busiest day of a shop is that of its sale",
           (given, len(found), sale))
    run_sql(path, """UPDATE parameter SET value = 'log' WHERE name = 'traffic';
        INSERT INTO traffic_endpoint VALUES (1, 'a', 40, 0), (2, 'b', 10, 0);
        INSERT INTO traffic_arrival VALUES (1000, 1, 30), (1000, 2, 10), (1009, 1, 10)""")
    found, given = arrivals(path, "50")
    tap.equal((given, sum(at < 1 for at in found), sum(9 <= at < 10 for at in found)), ({"traffic": "log", "window_seconds": 10}, 40, 10),
              "a log that is shorter than a day is replayed as a whole")
    run_sql(path, "INSERT INTO traffic_arrival VALUES (400000, 1, 100), (400060, 1, 100), (800000, 1, 1)")
    found, given = arrivals(path, "200")
    tap.equal((given["window_seconds"], 59 < found[-1] - found[0] < 62), (DAY, True), "of a longer log, the busiest day is replayed")
    found, given = arrivals(path, "200", "--hours", "2")
    tap.equal(given["window_seconds"], 7200, "the hours that are replayed can be fewer")
    run_sql(path, "DELETE FROM traffic_arrival")
    run = simulate(path, "--arrivals", "10")
    tap.ok(run.returncode == 1 and "serverful traffic" in run.stderr, "the replay of a log that is not there is refused with a reason", run.stderr)
    run_sql(path, "UPDATE parameter SET value = 'none' WHERE name = 'traffic'")
    tap.equal(simulate(path, "--arrivals", "0").returncode, 2, "a replay of no request is refused")


def known(path):
    """Requests of 1 ms, cold starts of 5 ms, an idle life of 100 ms, two processors."""
    due = [0, 50 * MS, 50 * MS, 50 * MS, 140 * MS, 400 * MS, 401 * MS, 480 * MS]  # cold: the first one; two at 50 ms; at 400 and at 401 ms
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DELETE FROM replay_input; INSERT INTO replay_input VALUES ('idle_ms', 100), ('quota', 9), ('processors', 2), ('cold', 5)")
        db.executemany("INSERT INTO replay_sample VALUES (?, 'replay', ?, ?, 200, NULL)", [(side, us, 1000 + i) for side in ("vm", "lambda") for i, us in enumerate(due)])
        db.execute("INSERT INTO replay_sample VALUES ('vm', 'warm', 0, 1000, 200, NULL), ('lambda', 'warm', 0, 1000, 200, 800),"
                   " ('lambda', 'warm', 9, 77000, 503, 76800), ('lambda', 'cold', 0, 5000, 200, 4000)")
        db.commit()
    run = simulate(path, "--replay")
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        found = {row["side"]: dict(row) for row in db.execute("SELECT * FROM replay")}
    tap.equal((run.returncode, found["lambda"]["simulated_cold_share"], found["lambda"]["cold_share"]), (0, 5 / 8, 5 / 8), "cold starts are those that the arrivals make")
    got = [found[side][f"simulated_{name}_ms"] for side in ("vm", "lambda") for name in ("p50", "p99")]
    tap.ok(all(abs(a - b) <= 0.004 * b for a, b in zip(got, (1, 2, 5, 5))), "the third of three requests waits for one of two processors; environments have their own", got)
    tap.equal([(row["requests"], row["failed"], row["p50_ms"]) for row in found.values()], [(8, 0, None)] * 2, "a percentile of too few requests is not known")
    run_sql(path, "DELETE FROM replay_sample")
    run = simulate(path, "--replay")
    with closing(sqlite3.connect(path)) as db:
        tap.equal((run.returncode, db.execute("SELECT count(*) FROM replay_simulated").fetchone()), (0, (0,)), "without a replay, nothing is simulated")


tap.plan(13)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    results = os.path.join(directory, "results.db")
    results_file.make(results, measured=False)
    choose(results)
    known(results)
tap.done()
