#!/usr/bin/python3
"""Ten seconds of each fuzz target, with sanitizers: `make fuzz SECONDS=60` gives them a minute."""

import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

SECONDS = 10


def fuzz():
    """Build the targets and run them; the exit status of make, and what was printed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    run = subprocess.run(["make", "-C", tap.BUILD, "fuzz", f"SECONDS={SECONDS}"], text=True, errors="replace",
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
    return run.returncode, run.stdout


if not shutil.which("clang"):
    print("1..0 # SKIP clang is not installed")
    sys.exit(0)
sources = glob.glob(os.path.join(tap.SOURCE, "fuzz", "*.c"))
expected = {name[:-2] for name in map(os.path.basename, sources) if "LLVMFuzzerTestOneInput(const" in
            open(os.path.join(tap.SOURCE, "fuzz", name), encoding="utf-8").read()}
status, said = fuzz()
results = re.findall(r"(?m)^(\w+) +([\d,]+) executions .* (\d+) findings$", said)
tap.equal({name for name, _, _ in results}, expected, "every target is built and runs") or print("# " + said[-3000:].replace("\n", "\n# "))
for name, executions, findings in sorted(results):
    tap.ok(int(findings) == 0 and int(executions.replace(",", "")) > 100, f"{name}: {executions} executions without a finding", said[-6000:])
tap.equal(status, 0, "make fuzz ends with 0")
tap.done()
