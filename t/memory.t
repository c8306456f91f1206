#!/usr/bin/python3
"""20,000 requests do not increase the memory of a worker, and it gives the memory of the largest ones back. bench/memory.py sends
a million requests."""

import json
import os
import sys
import tempfile

sys.path[0:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in ("lib", "../bench")]
import fcgi
import memory
import tap
from service import Pool, ended_well
from store import jieba_snapshot, jieba_store
from wait import wait_until

REQUESTS = 20000
LARGEST = 2 << 20  # bytes of a body
KEPT = 4096  # kB that a worker may keep of a large request


def filled(part, head=b"", tail=b""):
    """The largest body that consists of parts."""
    return head + part * ((LARGEST - len(head) - len(tail)) // len(part)) + tail


# Requests that need much memory: path, query, type, body.
LARGE = [
    ("/segment", "pos=1&offsets=1", "text/plain", filled(b" ")),
    ("/segment", "mode=search&offsets=1", "text/plain", filled("中华人民共和国".encode())),
    ("/segment", "", "application/json", filled(b"{},", b'{"text": "", "x": [', b"{}]}")),
    ("/segment", "pos=1", "application/json", json.dumps({"texts": ["一" * 60] * 10000}, ensure_ascii=False).encode()),
    ("/segment", "explain=1", "text/plain", "研究生命起源".encode() * 150),
    ("/keywords", "count=100", "text/plain", filled("清华大学北京".encode())),
]


def check_requests(watched):
    start, before, after, wrong = memory.measure(REQUESTS)
    print(f"# resident and anonymous memory in kB: {start}, {before}, {after}")
    tap.equal(wrong, 0, f"a worker answers {REQUESTS:,} requests")
    tap.ok(watched or after[1] - before[1] <= memory.LIMIT, f"{REQUESTS:,} requests do not increase the memory of a worker", f"{before}, then {after}")


def check_large(directory, watched):
    jieba_store(directory)
    jieba_snapshot(directory)
    pool = Pool(directory, workers=1, options=["--request-timeout", "0"])
    worker, = pool.await_workers()
    with fcgi.Connection(pool.socket) as connection:
        connection.exchange(fcgi.get("/segment", "text=%E6%88%91"))
        start = memory.memory(worker)[1]
        for path, query, kind, body in LARGE:
            answer = connection.exchange(fcgi.get(path, query, "POST", CONTENT_TYPE=kind, CONTENT_LENGTH=len(body)), body)
            name = f"{path}?{query} with {len(body):,} bytes of {kind}"
            tap.equal(answer.status, 200, f"{name} is answered with 200")
            kept = lambda: memory.memory(worker)[1] - start
            try:
                wait_until(lambda: watched or kept() <= KEPT, "less memory")
                tap.ok(True, f"{name}: the worker gives the memory back")
            except TimeoutError:
                tap.ok(False, f"{name}: the worker gives the memory back", f"{kept()} kB more than at its start")
    tap.equal(pool.workers(), [worker], "no large request ends the worker")
    ended_well(pool)


tap.plan(2 + 2 * len(LARGE) + 2)
watched = tap.is_watched(tap.SERVERFUL)  # sanitizers and valgrind keep freed memory for a while
check_requests(watched)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    check_large(directory, watched)
tap.done()
