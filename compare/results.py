"""results.db: an SQLite file with all that was measured, the prices, and the views that make a bill of both. The tables
are described in sql/results.sql, sql/parameters.sql, sql/prices.sql and sql/cost.sql."""

import os
import sqlite3

from failure import Failure

SQL = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "sql")
TABLES = ("results.sql", "parameters.sql", "prices.sql", "cost.sql")
APPLICATION = 1397904979
VERSION = 1
MEASURED = ("sample", "series", "invocation", "cold_start", "run")  # what a new measurement replaces

# Requests to each endpoint, before anyone edits the table `mix`.
MIX = {"calculator": 3, "random-image": 3, "segment-20": 2, "segment-200": 1.9, "segment-5000": 0.1}


def create(db):
    """Make the tables and the views in an empty database."""
    for name in TABLES:
        with open(os.path.join(SQL, name), encoding="utf-8") as file:
            db.executescript(file.read())


def open_results(path, must_exist=False):
    """Open the file, or create it. Prices, parameters and the mix that are in it are kept."""
    if must_exist and not os.path.exists(path):
        raise Failure(f"there is no {path}: measure first, without --report-only")
    db = sqlite3.connect(path)
    try:
        if not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            create(db)
        found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    except sqlite3.DatabaseError as error:
        raise Failure(f"{path}: {error}") from None
    if found != [APPLICATION, VERSION]:
        raise Failure(f"{path} was not made by this version of 'serverful compare': move it away, or give --results")
    return db


def begin(db, endpoints):
    """Forget what was measured before, and note what is measured now."""
    for table in MEASURED:
        db.execute(f"DELETE FROM {table}")
    db.executemany("INSERT INTO endpoint (name, description, target, request_bytes) VALUES (?, ?, ?, ?)"
                   " ON CONFLICT (name) DO UPDATE SET description = excluded.description, target = excluded.target,"
                   " request_bytes = excluded.request_bytes",
                   [(e.name, e.description, e.target, e.request_bytes) for e in endpoints])
    db.executemany("INSERT INTO mix (endpoint, share) VALUES (?, ?) ON CONFLICT (endpoint) DO NOTHING",
                   [(e.name, MIX[e.name]) for e in endpoints])
