#!/usr/bin/python3
"""Measure how long `serverful prices import` takes for the list of EC2 in JSON, the largest that AWS has for a region, and how much
memory. The list is generated in the shape of AWS's. SERVERFUL_BUILD names the build directory."""

import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "t", "lib"))
import price_list
import tap


def measure(directory):
    """Import the list. Returns the seconds, the processor's seconds and the peak of memory in MB."""
    start = time.monotonic()
    child = subprocess.Popen([tap.SERVERFUL, "prices", "import", "large.json"], cwd=directory, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit("the import failed")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=480, help="size of the list (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="number of imports (default: %(default)s)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "large.json")
        items = len(price_list.write_ec2(path, args.megabytes))
        print(f"{os.path.getsize(path) / 1e6:.0f} MB with the prices of {items} items")
        for _ in range(args.runs):
            wall, processor, memory = measure(directory)
            print(f"{wall:.1f} s, of which {processor:.1f} s of a processor; at most {memory:.0f} MB of memory", flush=True)


if __name__ == "__main__":
    main()
