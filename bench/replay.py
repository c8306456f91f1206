#!/usr/bin/python3
"""Replay the busiest day of some shapes in 40 seconds, at some loads, against both sides, as serverful compare does, and print measured beside
simulated: cold starts and percentiles of the latency, with the difference in percent. Write all to bench/replay.json in the build directory.

As root, it runs with real-time priority, so that other programs of the machine disturb it little. Environments of the function have a lower
one than client and lambda-host, or requests would reach lambda-host only when an environment has ended one. A loop of idle priority keeps each
processor awake: to wake one takes up to some tenths of a millisecond, which depends on what has happened before."""

import argparse
import contextlib
import json
import math
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "t", "lib"), os.path.join(HERE, "..", "compare")]
import replay
import results
import sides
import store
from names import CROWDED
from tap import BUILD, SERVERFUL

SHAPES = ("steady", "office-hours", "shop-sale", "front-page")
LOADS = (1100, 1500, 2000)  # the least has 1,000 requests or more with any seed, as p99 needs
PROGRAMS = {"serverful": SERVERFUL, "bootstrap": os.path.join(BUILD, "bench", "bootstrap_below"), "load": os.path.join(BUILD, "load")}
COLUMNS = ("cold_share", "p50_ms", "p90_ms", "p99_ms")


def run_first():
    """Get real-time priority for this program and all that it starts. Return whether that is allowed."""
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(2))  # 1 is that of bootstrap_below
        return True
    return False


@contextlib.contextmanager
def processors_awake():
    """Run an endless loop of idle priority on each processor."""
    def become_idle(processor):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        os.sched_setaffinity(0, {processor})

    loops = [subprocess.Popen(["/bin/sh", "-c", "while :; do :; done"], preexec_fn=lambda n=processor: become_idle(n)) for processor in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def measure(directory, vm, function, shape, length):
    """Replay a shape. Return the rows of the view replay, by side."""
    path = os.path.join(directory, f"{shape}-{length.requests}.db")
    with contextlib.closing(results.open_results(path)) as db:
        db.execute("UPDATE parameter SET value = ? WHERE name = 'traffic'", (shape,))
        db.commit()
        for _, _, do in replay.Replay(db, path, PROGRAMS, vm, function, length).steps():
            do()
        replay.simulate(PROGRAMS, path, "--replay")
        db.row_factory = sqlite3.Row
        return {row["side"]: dict(row) for row in db.execute("SELECT * FROM replay")}


def difference(row, column):
    """Return by how much the simulation is above the measurement, as a share; None where one is not known."""
    measured, simulated = row[column], row[f"simulated_{column}"]
    if measured is None or simulated is None:
        return None
    return (simulated - measured) / measured if measured else math.inf if simulated else 0


def verdict(rows, column, limit):
    """Return a sentence on how many rows are within a limit, of those that have the column: cold starts are the function's."""
    offs = [difference(row, column) for row in rows if column != "cold_share" or row["side"] == "lambda"]
    known = [abs(off) for off in offs if off is not None]
    unknown = f", {len(offs) - len(known)} not known" if len(known) < len(offs) else ""
    return f"{column}: {sum(off <= limit for off in known)} of {len(offs)} within {100 * limit:.0f} %{unknown}, at most {100 * max(known, default=0):.1f} %"


def text_of(row, column):
    measured, simulated, off = row[column], row[f"simulated_{column}"], difference(row, column)
    if off is None:
        return f"{'–':>23}"
    scale, digits = (100, 2) if column == "cold_share" else (1, 3)
    return f"{measured * scale:7.{digits}f} {simulated * scale:7.{digits}f} {100 * off:+6.1f} %"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=40, help="the time that the day takes (40)")
    parser.add_argument("--shapes", default=",".join(SHAPES), help="the shapes (%(default)s)")
    parser.add_argument("--loads", default=",".join(map(str, LOADS)), help="the requests of a replay (%(default)s)")
    given = parser.parse_args()
    print("with real-time priority" if run_first() else "without real-time priority: other programs disturb it")
    print("measured, simulated, and by how much the latter is above\n")
    print(f"{'shape':13} {'requests':>8} {'side':7}" + "".join(f"{name:>24}" for name in ("cold starts in %", "p50 in ms", "p90 in ms", "p99 in ms")))
    found = []
    with tempfile.TemporaryDirectory(prefix="serverful-bench-") as directory, processors_awake():
        path = store.jieba_store(directory)
        snapshot = store.jieba_snapshot(directory)
        for shape in given.shapes.split(","):
            for load in map(int, given.loads.split(",")):
                with contextlib.ExitStack() as stack:
                    place = os.path.join(directory, f"{shape}-{load}")
                    vm = stack.enter_context(sides.Vm(PROGRAMS, f"{place}-vm", path, snapshot))
                    function = stack.enter_context(sides.Lambda(PROGRAMS, f"{place}-lambda", snapshot))
                    rows = measure(directory, vm, function, shape, replay.Length(24, given.seconds, load, load * 3 // 10, 100))
                for side, row in rows.items():
                    found.append({"shape": shape, **row})
                    print(f"{shape:13} {row['requests']:8,} {side:7}" + "".join(" " + text_of(row, column) for column in COLUMNS)
                          + (f"  {row['failed']} failed" if row["failed"] else "")
                          + (f"  {100 * row['crowded_share']:.0f} % crowded" if (row["crowded_share"] or 0) > CROWDED else ""), flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    with open(os.path.join(BUILD, "bench", "replay.json"), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)
    for column, limit in zip(COLUMNS, (0.1, 0.2, 0.2, 0.2)):
        print(verdict(found, column, limit))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing outlives it
    main()
