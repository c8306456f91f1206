"""Gives processes a share of a processor as Lambda does, in proportion to the memory; 1,769 MB correspond to one processor.
It uses a Linux control group (version 1 or 2), which needs root."""

import contextlib
import os
import time

FULL_MB = 1769  # "Configure Lambda function memory", developer guide: the equivalent of one vCPU
PERIOD_US = 20000
V1 = "/sys/fs/cgroup/cpu"
V2 = "/sys/fs/cgroup"


def _write(path, name, value):
    with open(os.path.join(path, name), "w", encoding="ascii") as file:
        file.write(str(value))


def is_available():
    """Return whether this process can create such a control group."""
    try:
        with Share(FULL_MB):
            return True
    except OSError:
        return False


class Share:
    """A context manager for a control group whose processes get the share of a memory size. Raises OSError if this process
    cannot create it."""

    def __init__(self, memory_mb):
        self.quota = round(PERIOD_US * memory_mb / FULL_MB)

    def __enter__(self):
        v1 = os.path.exists(os.path.join(V1, "cpu.cfs_quota_us"))
        if not v1 and not os.path.exists(os.path.join(V2, "cgroup.controllers")):
            raise OSError("no control groups")
        self.path = os.path.join(V1 if v1 else V2, f"serverful-{os.getpid()}")
        if not v1:
            _write(V2, "cgroup.subtree_control", "+cpu")
        os.makedirs(self.path, exist_ok=True)
        if v1:
            _write(self.path, "cpu.cfs_period_us", PERIOD_US)
            _write(self.path, "cpu.cfs_quota_us", self.quota)
        else:
            _write(self.path, "cpu.max", f"{self.quota} {PERIOD_US}")
        return self

    def add(self, pids):
        for pid in pids:
            _write(self.path, "cgroup.procs", pid)

    def __exit__(self, *_):
        """Remove the group, after its processes have been killed. Wait until the last of them is gone."""
        for _ in range(500):
            with contextlib.suppress(OSError):
                os.rmdir(self.path)
                return
            time.sleep(0.01)
