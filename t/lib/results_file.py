"""Makes results files for the tests, like those of `serverful compare`, with invented numbers."""

import os
import random
import sqlite3
import sys
from contextlib import closing

import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results

ENDPOINTS = {"calculator": (0, 15, 0.2), "random-image": (0, 66, 0.2), "segment-20": (60, 127, 0.25),
             "segment-200": (600, 1143, 0.4), "segment-5000": (15000, 28067, 1.1)}  # bytes in, bytes out, ms
SIDES = {"vm": 1, "lambda": 2}  # factor of the latencies of a side
TARGETS = {"vm": "vm", "lambda": "lambda-host"}
RATES = {10: 100, 100: 1000, 1000: 3000}  # number of requests at each rate


def add_series(db, rng, side, endpoint, rate, n, ms, cpu_seconds=None, memory_mb=None, failed=0):
    """Add a series whose latencies have a long tail. The first `failed` requests fail."""
    series = db.execute(
        "INSERT INTO series (side, target, endpoint, rate, seconds, connections, cpu_seconds, memory_mb) VALUES (?, ?, ?, ?, ?, 8, ?, ?)",
        (side, TARGETS[side], endpoint, rate, n / (rate or 5000), cpu_seconds, memory_mb)).lastrowid
    db.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", (
        (series, i * 1000, round(1000 * ms * rng.lognormvariate(0, 0.5) * (30 if rng.random() < 0.004 else 1)),
         (0, 502)[i % 2] if i < failed else 200) for i in range(n)))


def measure(db, failed=0):
    """Add the rows of a full comparison, the same for each call."""
    rng = random.Random(7)
    db.executemany("INSERT INTO run VALUES (?, ?)", {"date": "2026-11-25 08:00 UTC", "processor": "one <of> these & \"others\"",
                                                     "processors": "2", "kind": "full"}.items())
    for name, (request, response, ms) in ENDPOINTS.items():
        db.execute("INSERT INTO endpoint VALUES (?, ?, '/', ?, ?)", (name, f"<i>{name}</i>", request, response))
        db.execute("INSERT INTO mix VALUES (?, ?)", (name, results.MIX[name]))
        for side, times in SIDES.items():
            for rate, n in RATES.items():
                add_series(db, rng, side, name, rate, n, ms * times, failed=failed if rate == 100 else 0)
            add_series(db, rng, side, name, None, 2000, ms * times * 4, cpu_seconds=0.4 * ms * times, memory_mb=9 * times)
        for memory in (128, 256, 512, 1024, 1769):
            db.executemany("INSERT INTO invocation (endpoint, memory_mb, duration_ms, init_ms, used_mb) VALUES (?, ?, ?, NULL, 12)",
                           [(name, memory, ms * max(1, 0.3 * 1769 / memory) * rng.uniform(0.9, 1.4)) for _ in range(20)])
    db.executemany("INSERT INTO cold_start VALUES (?, ?, ?)",
                   [(rng.lognormvariate(0.6, 0.4), 0.4, rng.lognormvariate(1.8, 0.3)) for _ in range(50)])
    replay(db, rng)


def replay(db, rng):
    """Add a replay of both sides, with a percentile that is not known."""
    db.executemany("INSERT INTO replay_input VALUES (?, ?)", {"traffic": "office-hours", "window_seconds": 86400, "seconds": 25, "idle_ms": 87,
                                                              "quota": 200, "cold": 30, "processors": 2}.items())
    for side, times in SIDES.items():
        db.executemany("INSERT INTO replay_sample VALUES (?, 'replay', ?, ?, 200, NULL)", ((side, i * 50000, round(1000 * times * rng.uniform(1, 5))) for i in range(500)))
        db.execute("INSERT INTO replay_simulated VALUES (?, ?, ?, ?, ?)", (side, 0.058, 3.1 * times, 4.6 * times, 5 * times))


def add_traffic(db):
    """Add what `serverful traffic` and `serverful simulate` might have found: two weeks with a burst, and more VMs with the volume."""
    db.execute("INSERT INTO traffic_file VALUES (1, '<access>.log', 'combined (nginx or Apache)', 9, 8, 1, 1789344000, 1790553599, 1000000, 'end', NULL, 7200)")
    db.execute("INSERT INTO traffic_endpoint VALUES (1, 'segment', 90000, 1), (2, 'other', 9, 1)")
    rng = random.Random(7)
    rows = {(1789344000 + rng.randrange(14 * 24) * 3600 + round(rng.expovariate(1 / 900)), 1 + (i % 9 == 0)): rng.randint(1, 3) for i in range(4000)}
    rows[1790000000, 1] = 300
    db.executemany("INSERT INTO traffic_arrival VALUES (?, ?, ?)", [(*key, n) for key, n in rows.items()])
    db.executemany("INSERT INTO traffic_size VALUES (1, ?, ?, ?)", [(0, 0, 5), (100, 111, 900), (3000, 3100, 12345), (900000, 910000, 1)])
    db.execute("INSERT INTO simulation_input VALUES ('seed', 1)")
    volumes = [10 ** (n / 3) for n in range(9, 31)]
    for scenario, requests in [(name, volume) for name, own in db.execute("SELECT scenario, requests FROM setting").fetchall()
                               for volume in sorted({*volumes, own})]:
        load = requests / 1e7
        db.execute("INSERT INTO simulated_function VALUES (?, ?, ?, ?, ?, ?, ?, 1.2, 2.3, 40.5, ?)",
                   (scenario, requests, 0.5 / (1 + load), 0.002 if load > 100 else 0, 1 + load, int(9 + 9 * load), load, None if load > 100 else 60))
        for place, (instance, baseline) in enumerate(db.execute("SELECT name, baseline FROM instance ORDER BY vcpus, memory_mb, name").fetchall()):
            vms = None if place == 0 and load > 1 else 1 + int(load)
            credits = (7, -12) if baseline < 1 and vms else (0, None)
            db.execute("INSERT INTO simulated_fleet VALUES (?, ?, ?, ?, 0.3, 0.001, ?, ?, 0.5, 0.9, ?, 99)",
                       (scenario, requests, instance, vms, *credits, None if vms is None else 9 + place))
        db.execute("INSERT INTO simulated_managed VALUES (?, ?, 'c7g.large', ?, 0.1, 0, 1, 2, 3, 4)", (scenario, requests, 3 + int(load)))


def make(path, measured=True, failed=0, traffic=False):
    """Make a results file. Without `measured`, it has prices and parameters only; with `traffic` what was simulated, too."""
    with closing(sqlite3.connect(path)) as db:
        results.create(db)
        if measured:
            measure(db, failed)
        if traffic:
            add_traffic(db)
        db.commit()
