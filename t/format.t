#!/usr/bin/python3
"""clang-format decides the layout of C."""

import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

SEVERAL = 40  # files for one process, most of whose time goes into its start


def sources():
    """All C files of the project, by their paths in the tree."""
    for top in ("src", "t", "data", "bench", "fuzz"):
        for directory, _, names in os.walk(os.path.join(tap.SOURCE, top)):
            yield from (os.path.relpath(os.path.join(directory, name), tap.SOURCE)
                        for name in sorted(names) if name.endswith((".c", ".h")))


def complaints(files):
    """What clang-format says about files."""
    run = subprocess.run(["clang-format", "--dry-run", "--Werror", "--", *files], cwd=tap.SOURCE, stderr=subprocess.PIPE, text=True)
    return run.stderr or ("" if run.returncode == 0 else f"clang-format ended with {run.returncode}")


if not shutil.which("clang-format"):
    tap.skip_all("clang-format is not installed")
tap.plan(2)
files = list(sources())
tap.ok(len(files) > 50, f"there are C files: {len(files)}")
said = "".join(complaints(files[i:i + SEVERAL]) for i in range(0, len(files), SEVERAL))
wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error:", said, re.M)))
tap.ok(not said, "each C file has the layout of clang-format", f"run ./dev format; wrong are {', '.join(wrong)}\n{said[:3000]}")
tap.done()
