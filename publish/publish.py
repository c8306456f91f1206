#!/usr/bin/python3
"""Compile the store, and hand the snapshot to all places that serve it. `serverful publish` starts it."""

import argparse
import concurrent.futures
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time

from ask import ask
from functions import publish_to_stack
from hosts import publish_to_host
from places import Host, read_places
from problem import Problem

DESCRIPTION = """Compile the store, and hand the snapshot to the hosts and functions that the file of places names. What the guard
refuses is published nowhere. A place that already has the revision is left alone, and one that fails does not hold up the
others."""
SERVERFUL = os.environ["SERVERFUL"]
PUBLISHED = os.path.join(os.path.dirname(os.environ["SERVERFUL_STORE"]), "publish", "serverful.snapshot")


class Parser(argparse.ArgumentParser):
    """Fails where it cannot print the help. Since Python 3.12 argparse itself ignores that."""

    def print_help(self, file=None):
        print(self.format_help(), end="", file=file, flush=True)


def arguments():
    parser = Parser(prog="serverful publish", description=DESCRIPTION)
    parser.add_argument("--store", metavar="FILE", default=os.environ["SERVERFUL_STORE"], help="the store (default: %(default)s)")
    parser.add_argument("--snapshot", metavar="FILE", default=PUBLISHED, help="the snapshot that is published (default: %(default)s)")
    parser.add_argument("--places", metavar="FILE", default="/etc/serverful/places", help="the file of places (default: %(default)s)")
    parser.add_argument("--wait", metavar="S", type=int, default=30, help="seconds that a place may take to serve the snapshot (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="publish nothing; print which place has which revision")
    parser.add_argument("names", metavar="PLACE", nargs="*", help="only these places")
    return parser.parse_args()


def snapshot(*options):
    """Run serverful snapshot. Returns what it prints."""
    run = subprocess.run([SERVERFUL, "snapshot", *options], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Problem(run.stderr.strip().removeprefix("serverful snapshot: ") or f"serverful snapshot ended with {run.returncode}")
    return run.stdout.strip()


def beside(path, suffix):
    """The path of a file beside `path` that rsync's wildcards do not match."""
    return os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{suffix}")


def compile_store(store, path):
    """Compile the store, and replace the published snapshot if nothing was refused: a refusal holds back all of the edit, and
    what was published last is what the guard compares with. Returns the revision."""
    trial = beside(path, "trial")
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(trial)
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(path, trial)
        snapshot("--store", store, "--snapshot", trial)
        os.rename(trial, path)
    except Problem as problem:
        raise Problem(f"nothing is published: {problem}") from problem
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(trial)
    return snapshot("--print-revision", "--snapshot", path)


@contextlib.contextmanager
def alone(path):
    """Wait until no other process publishes this snapshot."""
    with open(beside(path, "lock"), "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def publish_to(place, args, revision):
    """Publish to a place. Returns whether it did not have the revision before."""
    if isinstance(place, Host):
        return publish_to_host(place, args.snapshot, revision, args.wait)
    return publish_to_stack(place, args.snapshot, revision, args.wait)


def each(places, function):
    """Call a function for all places at once. Yields each place with the result, or with what went wrong, in the order of the places."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(places)) as threads:
        running = [threads.submit(function, place) for place in places]
        for place, future in zip(places, running):
            try:
                yield place, future.result()
            except (Problem, OSError) as problem:
                yield place, problem


def publish(places, args):
    """Publish to all places. Returns the exit status."""
    os.umask(0o007)
    os.makedirs(os.path.dirname(os.path.abspath(args.snapshot)), 0o770, exist_ok=True)
    failed = 0
    with alone(args.snapshot):
        revision = compile_store(args.store, args.snapshot)
        for place, result in each(places, lambda place: publish_to(place, args, revision)):
            if isinstance(result, Exception):
                failed += 1
                print(f"serverful publish: {place.name}: {result}", file=sys.stderr)
            else:
                print(f"{place.name}: {'published' if result else 'already has'} {revision}", flush=True)
    if failed:
        print(f"serverful publish: {failed} of {len(places)} places do not have {revision}: correct the cause, and run it again",
              file=sys.stderr)
    return 1 if failed else 0


def age_text(seconds):
    """Seconds as a person says it."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def published(path):
    """The revision of the published snapshot, and its age in seconds."""
    if not os.path.exists(path):
        raise Problem(f"no snapshot has been published to {path}: run 'serverful publish' first")
    return snapshot("--print-revision", "--snapshot", path), int(time.time() - os.stat(path).st_mtime)


def row_of(place, state, revision):
    """The columns of a place, and whether it has the revision."""
    if isinstance(state, Exception):
        return (place.name, "-", "-", str(state)), False
    same = state.revision == revision
    return (place.name, state.revision or "-", "-" if state.age is None else age_text(state.age),
            ("same" if same else "differs") + (f": {state.error}" if state.error else "")), same


def print_list(places, args):
    """Print which place has which revision. Returns the exit status."""
    revision, age = published(args.snapshot)
    found = [row_of(place, state, revision) for place, state in each(places, lambda place: ask(place.url))]
    rows = [("place", "revision", "age", "state"), ("(published)", revision, age_text(age), ""), *(row for row, _ in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print("  ".join([*(text.ljust(width) for text, width in zip(row, widths)), row[3]]).rstrip())
    return 0 if all(same for _, same in found) else 1


def main():
    try:
        args = arguments()
        places = read_places(args.places, args.names)
        status = (print_list if args.list else publish)(places, args)
        sys.stdout.flush()
        return status
    except (Problem, OSError) as problem:
        print(f"serverful publish: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


sys.exit(main())
