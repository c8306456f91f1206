#!/usr/bin/python3
"""20,000 requests do not increase the memory of a worker. bench/memory.py sends a million requests."""

import os
import sys

sys.path[0:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in ("lib", "../bench")]
import memory
import tap

REQUESTS = 20000

tap.plan(2)
start, before, after, wrong = memory.measure(REQUESTS)
print(f"# resident and anonymous memory in kB: {start}, {before}, {after}")
tap.equal(wrong, 0, f"a worker answers {REQUESTS:,} requests")
watched = tap.is_watched(tap.SERVERFUL)  # sanitizers and valgrind keep freed memory for a while
tap.ok(watched or after[1] - before[1] <= memory.LIMIT, f"{REQUESTS:,} requests do not increase the memory of a worker", f"{before}, then {after}")
tap.done()
