"""Lets `serverful simulate` bring the simulation of results.db up to date, which the report takes."""

import os
import subprocess

from failure import Failure


def update(db, path):
    """Simulate the scenarios that have traffic, unless that is done. Commits what is open, since another program writes into the file."""
    db.commit()
    if not db.execute("SELECT 1 FROM setting WHERE traffic <> 'none' UNION ALL SELECT 1 FROM simulated_function").fetchone():
        return
    run = subprocess.run([os.environ["SERVERFUL"], "simulate", "--results", path], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                         check=False)
    if run.returncode:
        raise Failure(run.stderr.strip().removeprefix("serverful simulate: "))
