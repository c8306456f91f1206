#!/usr/bin/python3
"""Measure the memory of a pool worker before and after many requests.

A pool with one worker answers mixed requests over kept FastCGI connections: each endpoint, each mode, errors, bodies. The
anonymous memory belongs to the worker alone; the rest of the resident memory is the snapshot, which all workers share and which
the kernel loads on use. Exits with 1 if the anonymous memory grows by more than 256 kB after the first 5,000 requests, or if a
response is wrong. SERVERFUL_BUILD names the build directory.
"""

import argparse
import itertools
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "t", "lib"))
import fcgi
from service import Pool
from store import jieba_snapshot, jieba_store

WARM_UP = 5000  # requests until all buffers have their final size
A_CONNECTION = 2500  # requests on one connection
LIMIT = 256  # kB that anonymous memory may grow by
TEXT = "他来到了网易杭研大厦，小明硕士毕业于中国科学院计算所，后在日本京都大学深造。AT&T C++ 1.5%"


def encoded(status, params, body=b""):
    """Return the bytes of a request, and the expected beginning of its response."""
    if body:
        params = {**params, "CONTENT_LENGTH": len(body)}
    return (fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, body),
            f"Status: {status} ".encode())


def requests():
    """Yield the mix: every endpoint and mode, large and small, valid and invalid."""
    post = {"CONTENT_TYPE": "text/plain"}
    yield encoded(200, fcgi.get("/random-image"))
    yield encoded(200, fcgi.get("/calculator", "num1=1e300&num2=3.7&operator=divide"))
    yield encoded(400, fcgi.get("/calculator", "num1=x&num2=3.7&operator=divide"))
    for mode in ("accurate", "full", "search"):
        yield encoded(200, fcgi.get("/segment", f"mode={mode}", "POST", **post), TEXT.encode())
        yield encoded(200, fcgi.get("/segment", f"mode={mode}&hmm=0", "POST", **post), ("a" * 50 + TEXT).encode())
    yield encoded(200, fcgi.get("/segment", "", "POST", CONTENT_TYPE="application/json"), b'{"text": "abc", "mode": "full"}')
    yield encoded(400, fcgi.get("/segment", "", "POST", CONTENT_TYPE="application/json"), b'{"text": [[[')
    yield encoded(400, fcgi.get("/segment", "text=%zz"))
    yield encoded(404, fcgi.get("/nowhere"))
    yield encoded(204, fcgi.get("/segment", method="OPTIONS"))
    yield encoded(200, fcgi.get("/segment", "text=a&" + "&".join(f"p{i}=%41" for i in range(100)), method="HEAD"))
    yield encoded(415, fcgi.get("/segment", "", "POST", CONTENT_TYPE="image/png"), b"x" * 3000)


def memory(pid):
    """Return the resident and the anonymous memory in kB. (/proc/PID/status would lag behind.)"""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in itertools.islice(file, 1, None))
    return tuple(int(fields[name].split()[0]) for name in ("Rss", "Anonymous"))


def exchange(socket, request):
    """Send a request. Return the bytes of the response, up to its last record."""
    socket.sendall(request)
    answer = b""
    while answer[-16:-14] != b"\x01\x03":
        part = socket.recv(65536)
        if not part:
            raise ConnectionError("the pool closed the connection")
        answer += part
    return answer


def load(address, n, mix):
    """Send n requests. Return the number of wrong responses."""
    wrong = 0
    for begin in range(0, n, A_CONNECTION):
        with fcgi.Connection(address) as connection:
            for request, expected in itertools.islice(mix, min(A_CONNECTION, n - begin)):
                wrong += not exchange(connection.socket, request)[8:].startswith(expected)
    return wrong


def measure(n):
    """Run a pool, and n requests after the warm-up. Return the memory at the start, before and after, and the number of wrong
    responses."""
    with tempfile.TemporaryDirectory() as directory:
        jieba_store(directory)
        jieba_snapshot(directory)
        pool = Pool(directory, workers=1)
        try:
            worker, = pool.await_workers()
            mix = itertools.cycle(requests())
            start = memory(worker)
            wrong = load(pool.socket, WARM_UP, mix)
            before = memory(worker)
            wrong += load(pool.socket, n, mix)
            after = memory(worker)
            if pool.workers() != [worker]:
                raise RuntimeError("the worker was replaced: " + pool.log())
        finally:
            pool.stop()
    return start, before, after, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", nargs="?", type=int, default=1000000, help="number of requests (default: %(default)s)")
    n = parser.parse_args().requests
    began = time.monotonic()
    start, before, after, wrong = measure(n)
    print(f"{'':28}{'resident':>12}{'anonymous':>12}")
    for name, (resident, anonymous) in (("at start", start), (f"after {WARM_UP:,} requests", before),
                                        (f"after {n:,} more", after)):
        print(f"{name:28}{resident:>9} kB{anonymous:>9} kB")
    print(f"{n:,} requests in {time.monotonic() - began:.0f} s, {wrong} wrong responses, {after[1] - before[1]:+} kB")
    return 1 if wrong or after[1] - before[1] > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
