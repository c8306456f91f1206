"""The Test Anything Protocol for the tests in Python.

    from tap import done, equal, ok, plan

    plan(2)
    ok(1 + 1 == 2, "one and one is two")
    equal("a".upper(), "A", "upper() writes a capital letter")
    done()

The plan comes first. A file fails that ends early, that has no plan, or that gives more or fewer results than it planned.
Where the results follow from data, compute the plan from the data: plan(2 * len(CASES) + 1). Never compute it in the loop that
prints the results: the plan notices a loop that skips a case. skip() prints the results that this machine cannot give.
"""

import os
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("SERVERFUL_BUILD", os.path.join(SOURCE, "build"))
SERVERFUL = os.path.join(BUILD, "serverful")
BOOTSTRAP = os.path.join(BUILD, "bootstrap")


def is_watched(program):
    """Whether sanitizers or valgrind watch a program of this build, which makes it slower."""
    with open(program, "rb") as file:
        return b"__asan_init" in file.read() or "SERVERFUL_VALGRIND" in os.environ


LONGEST = 2000  # characters of a line of a diagnosis; the rest is cut off

_planned = None
_run = 0
_failed = 0


def plan(n):
    """Declare that the file gives `n` results. Call it once, before the first result."""
    global _planned
    if _planned is not None or _run:
        raise RuntimeError("plan() must be called once, before the first result")
    _planned = n
    print(f"1..{n}", flush=True)


def ok(good, name, diagnosis=None):
    """Print one result. Where it failed, print its name and `diagnosis` to standard error, which prove shows. Returns whether it
    passed."""
    global _run, _failed
    _run += 1
    print(f"{'ok' if good else 'not ok'} {_run} - {name}", flush=True)
    if not good:
        _failed += 1
        print(f"# {os.path.basename(sys.argv[0])} failed: {name}", file=sys.stderr)
        for line in str(diagnosis if diagnosis is not None else "no diagnosis").splitlines():
            print(f"# {line if len(line) <= LONGEST else line[:LONGEST] + '…'}", file=sys.stderr)
    sys.stderr.flush()
    return bool(good)


def equal(got, expected, name):
    """Print whether two values are equal, and both of them where they are not. Returns whether they are equal."""
    return ok(got == expected, name, f"     got: {got!r}\nexpected: {expected!r}")


def skip(n, reason):
    """Print `n` results that pass because this machine cannot run them."""
    global _run
    for _ in range(n):
        _run += 1
        print(f"ok {_run} # SKIP {reason}", flush=True)


def skip_all(reason):
    """End a file of which this machine can run nothing. Call it instead of plan()."""
    if _planned is not None or _run:
        raise RuntimeError("skip_all() must be called before plan() and before the first result")
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def give_up(what, diagnosis=None):
    """End a file that cannot run any further: one failed result, and exit status 1. Other files still run."""
    ok(False, what, diagnosis)
    sys.exit(1)


def done():
    """End the file. Exits with 1 where a result failed, where no plan was declared, or where there are more or fewer results
    than planned."""
    if _planned is None:
        print("# no plan: call plan() with the number of results before the first one")
    elif _run != _planned:
        print(f"# planned {_planned} results but printed {_run}: correct plan({_planned}) if a test was added or removed")
    sys.exit(1 if _failed or _planned != _run else 0)
