#!/usr/bin/python3
"""Compare VM and Lambda for two invented logs of as many requests a month, one of office hours and one of a shop that sells tickets on
Fridays, and take the pictures of docs/compare.md from the reports.

    make -C build two-logs                              # the reports stay in var/two-logs/

Each log has four weeks with 100 million requests a month, which are written as CSV and read by `serverful traffic` through a pipe. All else
is set by hand, so that nothing is measured and the result is the same everywhere. It takes some minutes."""

import argparse
import math
import os
import random
import sqlite3
import subprocess
import sys
import time

from pictures import SOURCE, Browser, open_page, save, tap

sys.path.insert(0, os.path.join(SOURCE, "compare"))
import results

BEGIN = 1788739200  # Monday, 2026-09-07 00:00 UTC
DAY, WEEK, WEEKS, MONTH = 86400, 7 * 86400, 4, 730 * 3600
REQUESTS = 100_000_000  # a month
RELEASE = 4 * DAY + 10 * 3600  # of tickets, from the begin of a week: Friday at 10:00
HALF_S = 1800  # the time in which the crowd halves
CROWD = 0.8  # share of the requests that a release of tickets draws

# A service whose requests take 2 ms of a processor; the function has one processor.
SERVICE = {"requests": REQUESTS, "vm_cpu_ms": 2, "lambda_cpu_ms": 2, "billed_ms": 3, "init_ms": 15, "memory_mb": 1769, "vm_memory_mb": 100}


def office(second):
    """Return the weight of a second of a week: office hours from Monday to Friday with two peaks a day, and little at night."""
    hour = second % DAY / 3600
    busy = second < 5 * DAY and 8 <= hour < 18
    return 1 - 0.3 * math.cos((hour - 8) * math.pi / 2.5) if busy else 0.05


def tickets(second):
    """Return the weight of a second of a week: the same every day, and a crowd when tickets are released."""
    evening = 1 + 0.8 * math.sin((second % DAY / 3600 - 13) * math.pi / 12)
    since = (second - RELEASE) % WEEK
    return evening * (1 - CROWD) / WEEK + CROWD * math.log(2) / HALF_S * 2 ** (-since / HALF_S)


LOGS = {"office": office, "tickets": tickets}
LANGUAGES = {"en": "", "zh-CN": ".zh-CN"}  # and the endings of their files


def write_log(name, file):
    """Write a log as CSV: a line for each request, with its second. The number in a second is random around its mean."""
    rng, weight = random.Random(name), [LOGS[name](second) for second in range(WEEK)]
    scale = REQUESTS * WEEK / MONTH / sum(weight)
    file.write("time\n")
    for second in range(WEEKS * WEEK):
        mean = weight[second % WEEK] * scale
        n = max(0, math.floor(rng.gauss(mean, math.sqrt(mean)) + rng.random()))
        if n:
            file.write((time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGIN + second)) + "\n") * n)


def read_log(name, path):
    """Let `serverful traffic` read a log into the results."""
    with subprocess.Popen([tap.SERVERFUL, "traffic", "--results", path, "-"], stdin=subprocess.PIPE, text=True) as reader:
        write_log(name, reader.stdin)
    if reader.returncode:
        sys.exit(f"two_logs: serverful traffic failed with {reader.returncode}")


def compare(name, directory):
    """Compare both sides for a log, and write a report in each language."""
    path = os.path.join(directory, f"{name}.db")
    if os.path.exists(path):
        os.remove(path)
    with sqlite3.connect(path) as db:
        results.create(db)
        db.executemany("UPDATE parameter SET value = ? WHERE name = ?", [(value, key) for key, value in SERVICE.items()])
    db.close()
    read_log(name, path)
    for language, html in reports(name, directory):
        subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--results", path, "--report", html, "--lang", language], check=True)


def reports(name, directory):
    """Return (language, path) of the reports on a log."""
    return [(language, os.path.join(directory, f"{name}{ending}.html")) for language, ending in LANGUAGES.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", default=os.path.join(SOURCE, "var", "two-logs"), help="where the reports go (default: %(default)s)")
    directory = parser.parse_args().directory
    os.makedirs(directory, exist_ok=True)
    for name in LOGS:
        compare(name, directory)
        for language, html in reports(name, directory):
            with Browser(language) as browser:
                open_page(browser, "file://" + html, scale=1)
                save(browser, f"{name}-week{LANGUAGES[language]}.png", "#traffic figure")
                save(browser, f"{name}-answer{LANGUAGES[language]}.png", "#answer .lead", "#answer table")


if __name__ == "__main__":
    main()
