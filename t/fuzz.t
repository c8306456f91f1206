#!/usr/bin/python3
"""A second of each fuzz target, with sanitizers: `make fuzz SECONDS=60` gives them a minute."""

import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

SECONDS = 1


def fuzz():
    """Build the targets and run them; the exit status of make, and what was printed."""
    inherited = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # from `make check`
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    run = subprocess.run(["make", "-C", tap.BUILD, "fuzz", f"SECONDS={SECONDS}"], text=True, errors="replace",
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    return run.returncode, run.stdout


if not shutil.which("clang"):
    tap.skip_all("clang is not installed")
sources = glob.glob(os.path.join(tap.SOURCE, "fuzz", "*.c"))
expected = set()
for path in sources:
    with open(path, encoding="utf-8") as file:
        if "int LLVMFuzzerTestOneInput(" in file.read():
            expected.add(os.path.basename(path)[:-2])
tap.plan(len(expected) + 2)
status, said = fuzz()
results = re.findall(r"(?m)^(\w+) +([\d,]+) executions .* (\d+) findings$", said)
tap.ok({name for name, _, _ in results} == expected, f"{len(expected)} targets are built and run", said[-6000:])
for name, executions, findings in sorted(results):
    tap.ok(int(findings) == 0 and executions != "0", f"{name}: {executions} executions without a finding", said[-6000:])
tap.equal(status, 0, "make fuzz ends with 0")
tap.done()
