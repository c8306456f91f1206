#!/usr/bin/python3
"""Compare the load generator of `serverful compare` with wrk, in interleaved rounds of one run, for each endpoint: the requests a
second on 8 connections, and the latency on one. Print medians over the rounds, and ratios. SERVERFUL_BUILD names the build
directory."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("wrk", commands=["wrk"])
from service import Service
from tap import BUILD

TARGETS = {"calculator": "/calculator?num1=7&num2=2&operator=divide", "random-image": "/random-image",
           "segment": "/segment?text=" + urllib.parse.quote("我来到北京清华大学。" * 300)}
CONNECTIONS = 8


def ours(url, seconds, connections):
    """Return requests a second, and the median and the 90th percentile of the latency in ms, by our load generator."""
    out = subprocess.check_output([os.path.join(BUILD, "load"), "0", str(seconds), str(connections), url], text=True)
    took = [int(line.split()[1]) / 1000 for line in out.splitlines()]
    tenths = statistics.quantiles(took, n=10)
    return len(took) / seconds, tenths[4], tenths[8]


def wrk(url, seconds, connections):
    """Return the same figures, by wrk."""
    out = subprocess.check_output(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", url], text=True)
    p50, p90 = (float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
                for number, unit in re.findall(r"(?:50|90)%\s+([\d.]+)(us|ms|s)", out))
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), p50, p90


def compare(url, rounds, seconds, connections):
    """Return (ours, wrk's, ratio) of each figure, as medians over the rounds."""
    pairs = [(ours(url, seconds, connections), wrk(url, seconds, connections)) for _ in range(rounds)]
    return [(statistics.median(mine), statistics.median(theirs), statistics.median(a / b for a, b in zip(mine, theirs)))
            for mine, theirs in ((column[0], column[1]) for column in (list(zip(*figure)) for figure in
                                                                       zip(*(list(zip(*pair)) for pair in pairs))))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="number of rounds (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=2, help="length of one measurement (default: %(default)s)")
    args = parser.parse_args()
    with Service() as service:
        for name, target in TARGETS.items():
            url = f"http://127.0.0.1:{service.port}{target}"
            rate = compare(url, args.rounds, args.seconds, CONNECTIONS)[0]
            _, p50, p90 = compare(url, args.rounds, args.seconds, 1)
            print(f"{name:13}", *(f"{what} {mine:.{digits}f}, wrk {theirs:.{digits}f}, ratio {ratio:.2f};" for what, digits, (mine, theirs, ratio)
                                  in (("requests/s", 0, rate), ("p50 ms", 3, p50), ("p90 ms", 3, p90))), flush=True)


if __name__ == "__main__":
    main()
