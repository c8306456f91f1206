#!/usr/bin/python3
"""20,000 requests do not increase the memory of a worker. It takes little for the largest requests, and gives it back. A
function of 128 MB answers them, too. bench/memory.py sends a million requests."""

import os
import sys
import tempfile

sys.path[0:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in ("lib", "../bench")]
import fcgi
import memory
import tap
from lambda_host import LambdaHost
from large_requests import LARGE_REQUESTS
from service import Pool, ended_well
from store import jieba_snapshot, jieba_store
from wait import wait_until

REQUESTS = 20000
KEPT = 4096  # kB that a worker may keep of a large request
PEAK = 88 << 10  # kB that a large request may take
FUNCTION_PEAK = 110  # MB that it may take a function, whose response has a limit
FUNCTION_REQUESTS = [("gzip", request) for request in LARGE_REQUESTS] + [("identity", request) for request in LARGE_REQUESTS[:2]]


def check_requests(watched):
    start, before, after, wrong = memory.measure(REQUESTS)
    print(f"# resident and anonymous memory in kB: {start}, {before}, {after}")
    tap.equal(wrong, 0, f"a worker answers {REQUESTS:,} requests")
    tap.ok(watched or after[1] - before[1] <= memory.LIMIT, f"{REQUESTS:,} requests do not increase the memory of a worker", f"{before}, then {after}")


def most_memory(pid):
    """Return the most resident memory in kB that a process has had since it was asked last."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        most = next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")
    return most


def check_large(directory, watched):
    jieba_store(directory)
    jieba_snapshot(directory)
    pool = Pool(directory, workers=1, options=["--request-timeout", "0"])
    worker, = pool.await_workers()
    with fcgi.Connection(pool.socket) as connection:
        connection.exchange(fcgi.get("/segment", "text=%E6%88%91"))
        start = memory.memory(worker)
        for name, path, query, kind, body, status in LARGE_REQUESTS:
            most_memory(worker)
            answer = connection.exchange(fcgi.get(path, query, "POST", CONTENT_TYPE=kind, CONTENT_LENGTH=len(body)), body)
            took = most_memory(worker) - start[0]
            tap.equal(answer.status, status, f"{name}: answered with {status}")
            tap.ok(watched or took <= PEAK, f"{name}: takes at most {PEAK:,} kB", f"{took:,} kB")
            kept = lambda: memory.memory(worker)[1] - start[1]
            try:
                wait_until(lambda: watched or kept() <= KEPT, "less memory")
                tap.ok(True, f"{name}: the worker gives the memory back")
            except TimeoutError:
                tap.ok(False, f"{name}: the worker gives the memory back", f"{kept()} kB more than at its start")
    tap.equal(pool.workers(), [worker], "no large request ends the worker")
    ended_well(pool)


def check_function(directory, watched):
    """Send the same to a function of the smallest size. It compresses the answers, which takes most memory; the longest answers
    are asked for as they are, too. The function may refuse what is too large, but must not run out of memory."""
    with LambdaHost(memory=10240 if watched else 128, snapshot=jieba_snapshot(directory)) as host:
        for coding, (name, path, query, kind, body, status) in FUNCTION_REQUESTS:
            answer = host.client.exchange("POST", f"{path}?{query}", {"Content-Type": kind, "Accept-Encoding": coding}, body)
            tap.ok(answer.status in (status, 413), f"{name}, {coding}: a function of 128 MB answers with {status} or 413", f"{answer.status} {answer.body[:200]}")
        most = max(int(report["used"]) for report in host.reports())
        tap.ok(watched or most <= FUNCTION_PEAK, f"no request takes a function more than {FUNCTION_PEAK} MB", most)
        tap.ok("OutOfMemory" not in host.log(), "no request takes all memory of the function", host.log())


tap.plan(2 + 3 * len(LARGE_REQUESTS) + 2 + len(FUNCTION_REQUESTS) + 2)
watched = tap.is_watched(tap.SERVERFUL)  # sanitizers and valgrind take more memory, and keep it for a while
check_requests(watched)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    check_large(directory, watched)
    check_function(directory, watched)
tap.done()
