"""Refuses results whose tables were edited so that no page about them would be true."""

from failure import Failure
from names import SHAPES

UNKNOWN = ("lcu", "function_log_bytes")  # parameters that may be NULL; the views know what counts then
LOG_SIDES = ("none", "vm", "lambda")
WORDS = {"purchase": ("on-demand", "spot", "reserved", "savings"), "traffic": ("auto", "log", "none", *SHAPES),
         "reuse": ("newest", "recent", "oldest"), "log_side": LOG_SIDES}

# What a value of each type must be, as in sql/parameters.sql.
TYPES = {
    "flag": ("0 or 1", lambda value: value in (0, 1)), "share": ("a number from 0 to 1", lambda value: 0 <= value <= 1),
    "count": ("a whole number from 1 on", lambda value: value >= 1 and value == int(value)),
    "positive": ("a number above 0", lambda value: value > 0), "number": ("a number from 0 on", lambda value: value >= 0),
}


def check(db, lead):
    """Raise Failure if a parameter is missing or has a value that it cannot have, or if a scenario has no prices of its region."""
    if not db.execute("SELECT 1 FROM scenario WHERE name = ?", (lead,)).fetchone():
        raise Failure(f"the table scenario has no row '{lead}', with which the report leads: insert it again, or measure into another file (--results)")
    _complete(db)
    for name, kind, value in db.execute("SELECT name, type, assumed FROM parameter WHERE assumed IS NOT NULL"):
        _of_type("the column parameter.assumed", name, kind, value, f"UPDATE parameter SET assumed = … WHERE name = '{name}'")
    for name, kind, value in db.execute("SELECT name, type, evidence.value FROM evidence JOIN parameter USING (name)"):
        _of_type("the table evidence", name, kind, value, f"DELETE FROM evidence WHERE name = '{name}'")
    _texts(db)
    _regions(db, lead)


def _complete(db):
    """Check that each parameter that the views use exists and has a value."""
    names = {row[1] for row in db.execute("PRAGMA table_info(setting)")} - {"scenario"}
    missing = sorted(names - {name for name, in db.execute("SELECT name FROM parameter")})
    if missing:
        raise Failure(f"the table parameter lacks {', '.join(missing)}: measure into another file (--results), and edit that one")
    unknown = db.execute("SELECT DISTINCT parameter FROM effective WHERE value IS NULL AND origin <> 'measured' ORDER BY parameter").fetchall()
    for name, in unknown:
        if name not in UNKNOWN:
            raise Failure(f"the parameter {name} has no value: UPDATE parameter SET value = … WHERE name = '{name}'")


def _of_type(column, name, kind, value, remedy):
    allowed, holds = ("a text", None) if kind == "text" else TYPES[kind]
    if isinstance(value, str) != (kind == "text") or not isinstance(value, (str, int, float)) or holds and not (value <= 1e15 and holds(value)):
        raise Failure(f"{column}: the parameter {name} is {value!r}, but must be {allowed}: {remedy}")


def _texts(db):
    """Check the parameters whose values are words."""
    formats = db.execute("SELECT DISTINCT format FROM log_size").fetchall()
    levels = db.execute("SELECT DISTINCT level FROM log_size").fetchall()
    types = db.execute("SELECT name FROM instance ORDER BY memory_mb, name").fetchall()
    allowed = {**WORDS, **{name: tuple(value for value, in rows) for name, rows in (
        ("log_format", formats), ("log_level", levels), ("managed_instance", types))}}
    for scenario, name, value, origin in db.execute("SELECT * FROM effective ORDER BY scenario, parameter"):
        if allowed.get(name) and value not in allowed[name]:
            where = f"scenario_parameter SET value = … WHERE scenario = '{scenario}' AND parameter = '{name}'" if origin == "scenario" else \
                f"parameter SET value = … WHERE name = '{name}'"
            raise Failure(f"the parameter {name} is '{value}' in the scenario {scenario}, but must be one of {', '.join(allowed[name])}: UPDATE {where}")


def _regions(db, lead):
    """Check that each scenario's region has prices, all in the currency of the page."""
    known = dict(db.execute("SELECT name, currency FROM region WHERE name <> 'global' AND EXISTS (SELECT 1 FROM price WHERE region = name)"))
    regions = dict(db.execute("SELECT scenario, region FROM setting"))
    for scenario, region in regions.items():
        if region not in known:
            raise Failure(f"the region '{region}' of the scenario {scenario} has no prices: import AWS's lists (serverful prices fetch {region or 'REGION'}),"
                          f" or set the parameter region to one of {', '.join(known) or 'those that you import'}")
        if known[region] != known.get(regions[lead], known[region]):
            raise Failure(f"the prices of {region}, the region of the scenario {scenario}, are in {known[region]}, those of {lead} are in"
                          f" {known[regions[lead]]}: a page has one currency, so set one region for all scenarios")
