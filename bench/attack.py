#!/usr/bin/python3
"""Send the requests that need most memory, for a minute, to a service whose memory is limited by a control group, and light requests
beside them. Print how many were answered, and whether the kernel had to kill a process. Needs root and the memory controller.
SERVERFUL_BUILD names the build directory."""

import argparse
import collections
import contextlib
import itertools
import os
import statistics
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
from http_client import Client
from large_requests import LARGE_REQUESTS
from service import Service, children

LIGHT = "/segment?text=%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC"


class MemoryGroup:
    """A control group with a limit in MB, of version 1 or 2; a context manager."""

    def __init__(self, megabytes):
        old = "/sys/fs/cgroup/memory"
        self.is_old = os.path.isdir(old)
        self.path = os.path.join(old if self.is_old else "/sys/fs/cgroup", f"serverful-{os.getpid()}")
        self.limit = megabytes << 20

    def __enter__(self):
        os.mkdir(self.path)
        self._write("memory.limit_in_bytes" if self.is_old else "memory.max", self.limit)
        return self

    def __exit__(self, *_):
        os.rmdir(self.path)

    def _write(self, name, value):
        with open(os.path.join(self.path, name), "w", encoding="ascii") as file:
            file.write(str(value))

    def add(self, pid):
        """Add a process and its children."""
        for process in [pid, *children(pid)]:
            self._write("cgroup.procs", process)

    def kills(self):
        """Return how many processes the kernel has killed because of the limit."""
        with open(os.path.join(self.path, "memory.oom_control" if self.is_old else "memory.events"), encoding="ascii") as file:
            return int(dict(line.split() for line in file)["oom_kill"])

    def peak(self):
        """Return the most memory in MB that was used."""
        with open(os.path.join(self.path, "memory.max_usage_in_bytes" if self.is_old else "memory.peak"), encoding="ascii") as file:
            return int(file.read()) / 1e6


def attack(port, end, counts):
    """Send the large requests in turn on one connection."""
    with Client(port) as client:
        for name, path, query, kind, body, _ in itertools.cycle(LARGE_REQUESTS):
            if time.monotonic() > end:
                return
            try:
                counts[client.exchange("POST", f"{path}?{query}", {"Content-Type": kind}, body).status] += 1
            except (OSError, ValueError) as error:
                counts[f"{name}: {error!r}"] += 1
                client.close()


def ask(port, end, counts, times):
    """Send light requests, 100 a second at most."""
    with Client(port) as client:
        while time.monotonic() < end:
            begin = time.monotonic()
            counts[client.get(LIGHT).status] += 1
            times.append((time.monotonic() - begin) * 1000)
            time.sleep(0.01)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=450, help="memory of the control group (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=8, help="clients that send large requests (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=60, help="length (default: %(default)s)")
    arguments = parser.parse_args()
    large, light, times = collections.Counter(), collections.Counter(), []
    with MemoryGroup(arguments.megabytes) as group, contextlib.ExitStack() as stack:
        service = stack.enter_context(Service(workers=max(2, os.cpu_count())))
        for pid in (service.pool.pid, service.nginx.process.pid):
            group.add(pid)
        end = time.monotonic() + arguments.seconds
        threads = [threading.Thread(target=attack, args=(service.port, end, large)) for _ in range(arguments.clients)]
        threads.append(threading.Thread(target=ask, args=(service.port, end, light, times)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kills, peak = group.kills(), group.peak()
    print(f"large requests: {dict(large)}")
    print(f"light requests: {dict(light)}, median {statistics.median(times):.1f} ms, p99 {statistics.quantiles(times, n=100)[98]:.1f} ms")
    print(f"peak of the group: {peak:.0f} of {arguments.megabytes} MB; processes killed by the kernel: {kills}")
    return 1 if kills or set(light) != {200} else 0


if __name__ == "__main__":
    sys.exit(main())
