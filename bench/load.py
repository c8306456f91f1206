#!/usr/bin/python3
"""The figures of `serverful compare` beside those of tools that are not ours, in interleaved rounds of one run: requests
a second on as many connections (wrk), and the median latency at a constant rate (h2load). Prints ratios, medians over the
rounds. SERVERFUL_BUILD names the build directory."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("wrk", commands=["wrk"])
install.packages("nghttp2-client", commands=["h2load"])
from service import Service
from tap import BUILD

TARGETS = {"calculator": "/calculator?num1=7&num2=2&operator=divide", "random-image": "/random-image",
           "segment": "/segment?text=%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC%E6%B8%85%E5%8D%8E%E5%A4%A7%E5%AD%A6"}
CONNECTIONS = 8
RATE = 200


def ours(url, rate, seconds, connections):
    out = subprocess.check_output([os.path.join(BUILD, "load"), str(rate), str(seconds), str(connections), url], text=True)
    return [int(line.split()[1]) for line in out.splitlines()]


def wrk(url, seconds):
    out = subprocess.check_output(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", url], text=True)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def h2load(url, seconds):
    """The median of the time from sending to the answer's end, in microseconds."""
    with tempfile.NamedTemporaryFile("r") as log:
        subprocess.run(["h2load", "--h1", "-t1", "-c4", f"--rps={RATE / 4}", f"-D{seconds}", f"--log-file={log.name}", url],
                       check=True, capture_output=True)
        return statistics.median(int(line.split("\t")[2]) for line in log)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=2)
    args = parser.parse_args()
    with Service() as service:
        for name, target in TARGETS.items():
            url = f"http://127.0.0.1:{service.port}{target}"
            rows = []
            for _ in range(args.rounds):
                rows.append((len(ours(url, 0, args.seconds, CONNECTIONS)) / args.seconds, wrk(url, args.seconds),
                             statistics.median(ours(url, RATE, args.seconds, 4)), h2load(url, args.seconds)))
            mine, theirs, took, their_took = (statistics.median(column) for column in zip(*rows))
            print(f"{name:14} requests/s {mine:8.0f}, wrk {theirs:8.0f}, ratio"
                  f" {statistics.median(row[0] / row[1] for row in rows):.2f};"
                  f"  median latency at {RATE}/s {took:5.0f} us, h2load {their_took:5.0f} us, ratio"
                  f" {statistics.median(row[2] / row[3] for row in rows):.2f}", flush=True)


if __name__ == "__main__":
    main()
