#!/usr/bin/python3
"""What a worker of the pool weighs before and after many requests.

    SERVERFUL_BUILD=build bench/memory.py [REQUESTS]

A real pool with one worker answers REQUESTS (one million) mixed requests over kept FastCGI connections: each endpoint,
each mode, errors, bodies. The worker's anonymous memory is its own; the rest of what is resident is the snapshot, which
all workers share and which comes in as it is used. Ends with 1 where the anonymous memory grew by more than 256 kB
after the first 5,000 requests, or an answer was wrong.
"""

import itertools
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "t", "lib"))
import fcgi
from service import Pool
from store import jieba_snapshot, jieba_store

WARM_UP = 5000  # requests after which everything that is kept has its size
A_CONNECTION = 2500  # requests on one connection
LIMIT = 256  # kB
TEXT = "他来到了网易杭研大厦，小明硕士毕业于中国科学院计算所，后在日本京都大学深造。AT&T C++ 1.5%"


def encoded(status, params, body=b""):
    """A request as it is sent, and how its answer begins."""
    if body:
        params = {**params, "CONTENT_LENGTH": len(body)}
    return (fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, body),
            f"Status: {status} ".encode())


def requests():
    """The mix: every endpoint and mode, large and small, right and wrong."""
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
    yield encoded(200, fcgi.get("/segment", "&".join(f"p{i}=%41" for i in range(100)), method="HEAD"))
    yield encoded(415, fcgi.get("/segment", "", "POST", CONTENT_TYPE="image/png"), b"x" * 3000)


def memory(pid):
    """Resident and anonymous memory in kB. (The sums in /proc/PID/status lag behind.)"""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        fields = dict(line.split(":", 1) for line in itertools.islice(file, 1, None))
    return tuple(int(fields[name].split()[0]) for name in ("Rss", "Anonymous"))


def exchange(socket, request):
    """Send a request; the bytes of the answer, up to the record that ends it."""
    socket.sendall(request)
    answer = b""
    while answer[-16:-14] != b"\x01\x03":
        part = socket.recv(65536)
        if not part:
            raise ConnectionError("the pool closed the connection")
        answer += part
    return answer


def load(address, n, mix):
    """Make n requests; how many answers were wrong."""
    wrong = 0
    for begin in range(0, n, A_CONNECTION):
        with fcgi.Connection(address) as connection:
            for request, expected in itertools.islice(mix, min(A_CONNECTION, n - begin)):
                wrong += not exchange(connection.socket, request)[8:].startswith(expected)
    return wrong


def measure(n):
    """Run a pool, and n requests after the warm-up. Returns the memory before and after, and the wrong answers."""
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
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
    began = time.monotonic()
    start, before, after, wrong = measure(n)
    print(f"{'':28}{'resident':>12}{'anonymous':>12}")
    for name, (resident, anonymous) in (("at start", start), (f"after {WARM_UP:,} requests", before),
                                        (f"after {n:,} more", after)):
        print(f"{name:28}{resident:>9} kB{anonymous:>9} kB")
    print(f"{n:,} requests in {time.monotonic() - began:.0f} s, {wrong} wrong answers, {after[1] - before[1]:+} kB")
    return 1 if wrong or after[1] - before[1] > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
