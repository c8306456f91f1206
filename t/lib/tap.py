"""The Test Anything Protocol for the tests in Python: ok() and equal() print a line each, done() ends, and so does
skip()."""

import os
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("SERVERFUL_BUILD", os.path.join(SOURCE, "build"))
SERVERFUL = os.path.join(BUILD, "serverful")
BOOTSTRAP = os.path.join(BUILD, "bootstrap")

_run = 0
_failed = 0


def ok(good, name, diagnosis=None):
    """Print one result; `diagnosis` is shown when it is not good. Returns whether it is good."""
    global _run, _failed
    _run += 1
    print(f"{'ok' if good else 'not ok'} {_run} - {name}")
    if not good:
        _failed += 1
        for line in str(diagnosis if diagnosis is not None else "no more is known").splitlines():
            print(f"# {line}")
    sys.stdout.flush()
    return bool(good)


def equal(got, expected, name):
    """Compare two values."""
    return ok(got == expected, name, f"     got: {got!r}\nexpected: {expected!r}")


def done():
    """Print the plan and exit, with 1 where anything failed."""
    print(f"1..{_run}")
    sys.exit(1 if _failed else 0)


def skip(reason):
    """End a test of which nothing can be run."""
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
