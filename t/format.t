#!/usr/bin/python3
"""clang-format decides what C looks like."""

import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap


def sources():
    """All C files of the project."""
    for top in ("src", "t", "data", "bench", "fuzz"):
        for directory, _, names in os.walk(os.path.join(tap.SOURCE, top)):
            yield from (os.path.join(directory, name) for name in sorted(names) if name.endswith((".c", ".h")))


if not shutil.which("clang-format"):
    print("1..0 # SKIP clang-format is not installed")
    sys.exit(0)
files = list(sources())
tap.ok(len(files) > 50, f"there are {len(files)} files")
for path in files:
    run = subprocess.run(["clang-format", "--dry-run", "--Werror", path], stderr=subprocess.PIPE, text=True)
    tap.ok(run.returncode == 0, os.path.relpath(path, tap.SOURCE), run.stderr)
tap.done()
