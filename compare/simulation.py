"""Lets `serverful simulate` bring the simulation of results.db up to date, which the report takes."""

import os
import subprocess
import sys

import child
from failure import Failure
from words import say

PATIENCE = 2  # seconds until it says that it takes longer


def _wait(run):
    """Wait for the end of the simulation, and say that it takes longer where it does. Return what it wrote to its standard error."""
    try:
        return run.communicate(timeout=PATIENCE)[1]
    except subprocess.TimeoutExpired:
        print(say("simulating the traffic on both sides, which can take some minutes"), file=sys.stderr, flush=True)
        return run.communicate()[1]


def update(db, path):
    """Simulate the scenarios that have traffic, unless that is done. Commits what is open, since another program writes into the file."""
    db.commit()
    if not db.execute("SELECT 1 FROM setting WHERE traffic <> 'none' UNION ALL SELECT 1 FROM simulated_function").fetchone():
        return
    simulate = child.command(os.environ["SERVERFUL"], "simulate", "--results", path)
    with subprocess.Popen(simulate, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as run:
        try:
            reason = _wait(run)
        except BaseException:  # SIGTERM, too: it would go on, and lock the results
            run.kill()
            raise
    if run.returncode:
        raise Failure(reason.strip().removeprefix("serverful simulate: ") or f"the simulation failed with exit status {run.returncode}")
