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


def make(path, measured=True, failed=0):
    """Make a results file. Without `measured`, it has prices and parameters only."""
    with closing(sqlite3.connect(path)) as db:
        results.create(db)
        if measured:
            measure(db, failed)
        db.commit()
