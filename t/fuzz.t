#!/usr/bin/python3
"""Each fuzz target runs the inputs of its corpus, and variants of them, under sanitizers. `./dev fuzz` looks for new inputs."""

import glob
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fuzz"))
import limits
import tap

VARIANTS = 5000 if os.environ.get("SERVERFUL_LARGE") == "1" else 20


def targets():
    """The names of the files of fuzz/ that are a target."""
    found = set()
    for path in glob.glob(os.path.join(tap.SOURCE, "fuzz", "*.c")):
        with open(path, encoding="utf-8") as file:
            if "int LLVMFuzzerTestOneInput(" in file.read():
                found.add(os.path.basename(path)[:-2])
    return found


def build():
    """Build the targets. Returns make's exit status and output."""
    inherited = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")  # from `make check`
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    made = subprocess.run(["make", "-s", "-C", tap.BUILD, "fuzz-targets"], text=True, errors="replace", env=environment,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return made.returncode, made.stdout


def replay(name):
    """Run a target with its corpus: see fuzz/replay.c."""
    inputs = sorted(glob.glob(os.path.join(tap.SOURCE, "fuzz", "corpus", name, "*")))
    ran = subprocess.run([os.path.join(tap.BUILD, "fuzz", name), str(VARIANTS), str(limits.max_len(name)), *inputs], text=True,
                         errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**os.environ, "ASAN_OPTIONS": limits.ASAN})
    executions = re.findall(r"(?m)^(\d+) executions$", ran.stdout)
    expected = len(inputs) * (1 + VARIANTS)
    tap.ok(ran.returncode == 0 and inputs and executions == [str(expected)],
           f"{name}: {len(inputs)} inputs and {VARIANTS} variants of each, without a finding", ran.stdout[-6000:])


if not tap.is_watched(tap.SERVERFUL):
    tap.skip_all("it replays inputs under sanitizers: ./dev test --sanitize fuzz")
names = targets()
tap.plan(len(names) + 2)
tap.equal(set(os.listdir(os.path.join(tap.SOURCE, "fuzz", "corpus"))), names, f"each of {len(names)} targets has a corpus")
status, said = build()
tap.equal(status, 0, "make fuzz-targets builds the targets" if not status else said[-6000:])
for name in sorted(names):
    replay(name)
tap.done()
