#!/usr/bin/python3
"""Send twice as many requests as the service can answer. Print how many it answers, how fast it refuses the rest, and how fast it
recovers. On two cores or more, the load generator has one of its own, as if it ran on another machine. SERVERFUL_BUILD names the
build directory."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("nghttp2-client", commands=["h2load"])
import corpora
from http_client import Client
from service import Service

CLIENTS = 512  # connections; more than nginx admits at once


def load(port, body, seconds, clients, rate=None):
    """Send requests in a closed loop, or at a rate. Return the requests a second that succeed, are refused, and fail."""
    limit = ["--rps", str(rate / clients)] if rate else []
    out = subprocess.run(["h2load", "--h1", f"-c{clients}", f"-D{seconds}", "-t1", "-d", body, *limit,
                          "-H", "Content-Type: text/plain", f"http://127.0.0.1:{port}/segment"],
                         check=True, capture_output=True, text=True).stdout
    good, bad = (int(re.search(rf"(\d+) {kind}xx", out)[1]) / seconds for kind in (2, 5))
    failed = int(re.search(r"(\d+) failed, ", out)[1]) - bad * seconds
    if re.search(r"[1-9]\d* [34]xx", out) or "2xx" not in out:
        raise RuntimeError(out)
    return good, bad, failed


class Prober(threading.Thread):
    """A thread that sends one request at a time on its own connection, and notes (status, seconds, begin) of each."""

    def __init__(self, port, text):
        super().__init__()
        self.port, self.text, self.over, self.found = port, text, threading.Event(), []

    def run(self):
        with Client(self.port) as client:
            while not self.over.wait(0.005):
                begin = time.perf_counter()
                answer = client.exchange("POST", "/segment", {"Content-Type": "text/plain"}, self.text)
                if answer.status not in (200, 503) or (answer.status == 503 and "retry-after" not in answer.headers):
                    raise RuntimeError(f"{answer}")
                self.found.append((answer.status, time.perf_counter() - begin, begin))

    def stop(self):
        self.over.set()
        self.join()
        return self.found


def print_times(name, seconds):
    if seconds:
        seconds = sorted(seconds)
        print(f"  {name}: {len(seconds)} probes; ms p50 {statistics.median(seconds) * 1000:.1f}, "
              f"p99 {seconds[int(len(seconds) * 0.99)] * 1000:.1f}, max {seconds[-1] * 1000:.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=10, help="length of each load (default: %(default)s)")
    parser.add_argument("--characters", type=int, default=20000, help="length of the text for /segment (default: %(default)s)")
    arguments = parser.parse_args()
    text = "".join(corpora.sentences(2000))[: arguments.characters].encode()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[1:] or cores)
    with Service() as service:
        os.sched_setaffinity(0, cores[:1])
        body = os.path.join(service.directory, "body")
        with open(body, "wb") as file:
            file.write(text)
        capacity, bad, failed = load(service.port, body, arguments.seconds, 64)
        print(f"closed loop, 64 connections: {capacity:.0f} requests a second answered, {bad:.0f} refused, {failed:.0f} failed")
        prober = Prober(service.port, text)
        prober.start()
        good, bad, failed = load(service.port, body, arguments.seconds, CLIENTS, 2 * capacity)
        end = time.perf_counter()
        time.sleep(2)
        found = prober.stop()
        print(f"{2 * capacity:.0f} requests a second on {CLIENTS} connections: {good:.0f} answered ({good / capacity:.2f} of its "
              f"capacity), {bad:.0f} refused, {failed:.0f} failed")
        for status in (200, 503):
            print_times(status, [seconds for got, seconds, begin in found if got == status and begin < end])
        late = [begin + seconds - end for got, seconds, begin in found if begin > end and (got != 200 or seconds > 0.05)]
        print(f"recovery: the last probe that was refused or took more than 50 ms ended {max(late, default=0):.2f} s after the load")


if __name__ == "__main__":
    main()
