#!/usr/bin/python3
"""20,000 requests add nothing to the memory of a worker; bench/memory.py alone makes a million of them."""

import os
import sys

sys.path[0:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), name) for name in ("lib", "../bench")]
import memory
import tap

REQUESTS = 20000

start, before, after, wrong = memory.measure(REQUESTS)
print(f"# resident and anonymous memory in kB: {start}, {before}, {after}")
tap.equal(wrong, 0, f"{REQUESTS:,} requests are answered")
with open(tap.SERVERFUL, "rb") as file:
    # Sanitizers and valgrind keep what is freed for a while.
    watched = b"__asan_init" in file.read() or "SERVERFUL_VALGRIND" in os.environ
tap.ok(watched or after[1] - before[1] <= memory.LIMIT, "they add no memory", f"{before}, then {after}")
tap.done()
