#!/usr/bin/python3
"""The systemd units: systemd-analyze accepts them, and rates the exposure of the service as low. The service limits its memory."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

UNITS = os.path.join(tap.SOURCE, "systemd")

if not shutil.which("systemd-analyze"):
    tap.skip_all("systemd is not installed")
def setting(name):
    """The value of a setting of serverful.service, or None."""
    with open(os.path.join(UNITS, "serverful.service"), encoding="utf-8") as file:
        found = re.findall(rf"^{name}=(.*)$", file.read(), re.M)
    return found[0] if len(found) == 1 else None


tap.plan(4)
run = subprocess.run(["systemd-analyze", "security", "--no-pager", "--offline=true", os.path.join(UNITS, "serverful.service")],
                     capture_output=True, text=True)
level = re.search(r"Overall exposure level for serverful.service: ([0-9.]+)", run.stdout)
tap.ok(level and float(level[1]) <= 1.5, "the exposure level of serverful.service is at most 1.5", run.stdout[-300:] + run.stderr)
limit = re.fullmatch(r"(\d+)%", setting("MemoryMax") or "")
tap.ok(limit and int(limit[1]) <= 75, "serverful.service leaves a quarter of the memory to others", setting("MemoryMax"))
tap.equal(setting("OOMPolicy"), "continue", "serverful.service continues after the kernel has killed a worker for its memory")
with tempfile.TemporaryDirectory() as directory:
    names = [name for name in sorted(os.listdir(UNITS)) if not name.endswith(".sysusers")]
    for name in names:
        with open(os.path.join(UNITS, name), encoding="utf-8") as file:
            text = file.read().replace("/usr/bin/serverful", tap.SERVERFUL)
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write(text)
    run = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no",
                          *(os.path.join(directory, name) for name in names)],
                         capture_output=True, text=True)
    wrong = [line for line in run.stderr.splitlines() if directory in line or "Unknown" in line]
    tap.equal(wrong, [], "systemd knows every setting in the units")
tap.done()
