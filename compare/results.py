"""results.db, an SQLite file with all samples, the prices, the parameters, and the views that compute the bills.
sql/results.sql, sql/parameters.sql, sql/figures.sql, sql/prices.sql, sql/simulation.sql, sql/cost.sql and
sql/traffic.sql describe its tables and views."""

import json
import os
import sqlite3

from failure import Failure

SQL = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "sql")
TABLES = ("results.sql", "parameters.sql", "figures.sql", "prices.sql", "simulation.sql", "cost.sql", "traffic.sql")
FOREIGN = "SELECT 1 FROM sqlite_schema WHERE tbl_name NOT GLOB 'traffic_*'"  # anything that serverful traffic has not written
APPLICATION = 1397904979
VERSION = 7
MEASURED = ("sample", "series", "round_trip", "gateway", "vm_metric", "first_request", "invocation", "cold_start", "run", "evidence", "replay_input", "replay_arrival", "replay_sample",
            "replay_simulated")  # tables that a new measurement replaces

# Initial shares of the requests to each endpoint; the table `mix` holds them for editing.
MIX = {"calculator": 3, "random-image": 3, "segment-20": 2, "segment-200": 1.9, "segment-5000": 0.1}


def _statements(file):
    """Yield the statements of a file of SQL, each of which ends with a line."""
    text = ""
    for line in file:
        text += line
        if sqlite3.complete_statement(text):
            yield text
            text = ""


def create(db):
    """Create the tables and views in a database that has none, or only those of serverful traffic, all or none of them. Another program
    may do so at the same time."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        if db.execute(FOREIGN).fetchone():
            return
        for name in TABLES:
            with open(os.path.join(SQL, name), encoding="utf-8") as file:
                for statement in _statements(file):
                    db.execute(statement)


def open_results(path, must_exist=False):
    """Open the file, or create it unless it must exist. Edited prices, parameters and shares stay as they are."""
    if must_exist and not os.path.exists(path):
        raise Failure(f"{path} does not exist: measure first, without --report-only")
    db = sqlite3.connect(path)
    try:
        if not db.execute(FOREIGN).fetchone():
            create(db)
        found = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    except sqlite3.DatabaseError as error:
        raise Failure(f"{path}: {error}") from None
    if found != [APPLICATION, VERSION]:
        raise Failure(f"{path} was not made by this version of serverful compare: move it away, or name another file with --results")
    return db


def begin(db, endpoints, shares=None):
    """Delete the results of the last measurement, and write the endpoints of the new one, with their shares by name. None: the endpoints
    are our own, and have their initial shares unless these were edited."""
    for table in MEASURED:
        db.execute(f"DELETE FROM {table}")
    for table, name in (("mix", "endpoint"), ("endpoint", "name")):
        db.execute(f"DELETE FROM {table} WHERE {name} NOT IN (SELECT value FROM json_each(?))", (json.dumps([e.name for e in endpoints]),))
    db.executemany("INSERT INTO endpoint (name, description, target, request_bytes) VALUES (?, ?, ?, ?)"
                   " ON CONFLICT (name) DO UPDATE SET description = excluded.description, target = excluded.target,"
                   " request_bytes = excluded.request_bytes",
                   [(e.name, e.description, e.target, e.request_bytes) for e in endpoints])
    db.executemany(f"INSERT INTO mix (endpoint, share) VALUES (?, ?) ON CONFLICT (endpoint) DO {'UPDATE SET share = excluded.share' if shares else 'NOTHING'}",
                   [(e.name, (shares or MIX)[e.name]) for e in endpoints])
