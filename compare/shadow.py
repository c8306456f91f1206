"""Computes views of results.db with temporary tables, which take the place of their names in the queries of one connection.
The file is not written to."""

import contextlib
import re

# The views that bills are made of, in the order of sql/cost.sql: those that know no volume, and those with a row for each.
NEEDS = ("setting", "function_stretch", "demand", "fleet_stretch", "option", "need", "tier", "machine")
BILLS = ("cold", "fleet", "line", "bill")


def compute(db, names):
    """Compute each view once, in this order. Otherwise each use of a view would compute all that it is made of."""
    definition = dict(db.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'"))
    for name in names:
        db.execute(re.sub(r"^CREATE VIEW", "CREATE TEMP TABLE", definition[name]))


def own_volumes(db):
    """Let each scenario have its own volume only."""
    db.execute("CREATE TEMP TABLE volume AS SELECT scenario, requests FROM setting")


def drop(db, *names):
    """Remove temporary tables."""
    for name in names:
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")


@contextlib.contextmanager
def tables(db, *names):
    """Remove temporary tables of these names at the end."""
    try:
        yield
    finally:
        drop(db, *names)


@contextlib.contextmanager
def one_scenario(db, name):
    """Let the computed table `setting` have one scenario only."""
    db.execute("CREATE TEMP TABLE other_setting AS SELECT * FROM temp.setting WHERE scenario <> ?", (name,))
    db.execute("DELETE FROM temp.setting WHERE scenario <> ?", (name,))
    try:
        yield
    finally:
        db.execute("INSERT INTO temp.setting SELECT * FROM other_setting")
        drop(db, "other_setting")
