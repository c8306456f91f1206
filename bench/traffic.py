#!/usr/bin/python3
"""Measure serverful traffic on a log of each format, beside awk, which counts the lines of each second, and wc, which counts lines,
in interleaved rounds of one run. Print the lines a second of processor time, how many times as much of it as awk and as wc it needs, and
the peak memory: medians, and write them to bench/traffic.json in the build directory.

The logs have the same requests, 100 a second. Two more have combined lines: one with a single request a second, which makes a row for each
line, and one that is compressed; a last one has ten times as many lines, so that one sees that memory does not grow."""

import argparse
import gzip
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "t", "lib")]
import access_logs
from tap import BUILD, SERVERFUL

START = 1793610903
PATHS = (b"/segment", b"/api/segment", b"/calculator", b"/cart/17/items", b"/", b"/products/list", b"/static/app.css", b"/random-image")
AWK = "{n[$4]++} END {for (s in n) k++; print k}"


def requests(n, rate):
    rng = random.Random(1)
    return [access_logs.Request(START + i // rate, rng.choice(("GET", "POST")), rng.choice(PATHS), f"q={rng.randrange(10**6)}", 200,
                                rng.randrange(10000), rng.randrange(1, 400)) for i in range(n)]


def write(path, name, n, rate):
    """Write a log of n lines: those of 1,000 s, again and again, or those of n s at one a second."""
    part = min(n, 1000 * rate if rate > 1 else n)
    data = access_logs.write(name, requests(part, rate))
    with open(path, "wb") as file:
        for _ in range(n // part):
            file.write(data)


def run(*command):
    """Run a command. Return the seconds of its processor time, and its peak memory in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.run([os.path.join(BUILD, "bench", "run_once"), *command], stdout=subprocess.PIPE, check=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    _, kib, status = map(int, ran.stdout.split())
    if status:
        sys.exit(f"{' '.join(command)} ended with status {status}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, kib / 1024


def measure(path, directory, rounds):
    """Return {program: [(seconds, MB) of each round]}."""
    commands = {"serverful": (SERVERFUL, "traffic", "--results", os.path.join(directory, "results.db"), path)}
    if not path.endswith(".gz"):
        commands |= {"awk": ("awk", AWK, path), "wc": ("wc", "-l", path)}
    found = {program: [] for program in commands}
    for _ in range(rounds):
        for program, command in commands.items():
            found[program].append(run(*command))
    return found


def make_logs(directory, n):
    """Write the logs one by one, and yield their names and paths; a log is removed before the next one is written."""
    path = os.path.join(directory, "access.log")
    for name in access_logs.FORMATS:
        write(path, name, n, 100)
        yield name, n, path
    write(path, "nginx combined", n, 1)
    yield "one a second", n, path
    write(path, "nginx combined", n, 100)
    with open(path, "rb") as plain, gzip.open(path + ".gz", "wb", compresslevel=6) as packed:
        while data := plain.read(1 << 20):
            packed.write(data)
    yield "combined, gzip", n, path + ".gz"
    write(path, "nginx combined", 10 * n, 100)
    yield "combined, 10 times", 10 * n, path


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1000000, help="lines of a log, a multiple of 100,000 (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement (3)")
    given = parser.parse_args()
    rows = []
    print(f"{'log':28} {'lines/s':>12} {'x awk':>7} {'x wc':>7} {'MB':>6}")
    with tempfile.TemporaryDirectory(prefix="serverful-bench-") as directory:
        for name, lines, path in make_logs(directory, given.lines):
            found = measure(path, directory, given.rounds)
            seconds = {program: statistics.median(s for s, _ in rounds) for program, rounds in found.items()}
            row = {"log": name, "lines_per_second": round(lines / seconds["serverful"]), "mb": max(mb for _, mb in found["serverful"]),
                   **{program: seconds["serverful"] / seconds[program] for program in ("awk", "wc") if program in seconds}}
            rows.append(row)
            ratios = " ".join(f"{row[program]:7.2f}" if program in row else "      -" for program in ("awk", "wc"))
            print(f"{name:28} {row['lines_per_second']:>12,} {ratios} {row['mb']:6.1f}", flush=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    with open(os.path.join(BUILD, "bench", "traffic.json"), "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1)


main()
