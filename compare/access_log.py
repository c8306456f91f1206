"""What the access logs in results.db, which `serverful traffic` has read, say for the bill: the requests of a month and the sizes of responses;
of another service the shares of its endpoints, too, and the durations on one side."""

import operator

from failure import Failure

FROM_LOG = "in the access log"  # ends the source of evidence from there

LEAST_HOURS = 23  # that a log must have for a month's volume: a day, whose file may begin and end some minutes late or early

# Of each endpoint with sizes: its name, the number of sizes, their mean, and the mean of the pieces of 512 KB that an HTTP API bills.
SIZES = """SELECT name, sum(n), bytes * 1.0 / sum(n), sum(n * max(1, ceil((low + high) / 1048576.0))) / sum(n)
    FROM traffic_size JOIN traffic_endpoint ON id = endpoint GROUP BY id"""

# Of each endpoint with durations: its name, the number of durations, and their mean in billed ms, which are whole ones.
DURATIONS = """SELECT name, sum(n), sum(n * ceil((low + high) / 2000.0)) / sum(n)
    FROM traffic_duration JOIN traffic_endpoint ON id = endpoint GROUP BY name"""


def shares(db, path, names):
    """Return {name: share} of endpoints by their requests in the log, and a note on it. `path` is the file that names them."""
    known = dict(db.execute("SELECT name, requests FROM traffic_endpoint"))
    if not known:
        raise Failure(f'{path}: no request has a "share": give one to each, or read an access log before, whose shares count then (serverful traffic)')
    missing = [name for name in names if name not in known]
    if missing:
        raise Failure(f'{path}: no request has a "share", and the access log has no endpoint "{missing[0]}" (it has {", ".join(sorted(known))}):'
                      ' give each request the "name" of an endpoint of the log, map its paths in the table traffic_path, or give each a "share"')
    total, others = sum(known.values()), sorted(name for name in known if name not in names)
    rest = sum(known[name] for name in others) / total * 100
    return {name: known[name] for name in names}, "shares of the requests in the access log" + (
        f"; {rest:.3g} % of them are of other endpoints: {', '.join(others)}" if others else "")


def side(db):
    """Return the side whose durations the log has: 'vm', 'lambda', or 'none'."""
    found = db.execute("SELECT coalesce(value, assumed) FROM parameter WHERE name = 'log_side'").fetchone()
    return found[0] if found else "none"


def choose(db, chosen):
    """Set the side whose durations the log has."""
    db.execute("UPDATE parameter SET value = ? WHERE name = 'log_side'", (chosen,))
    db.commit()


def check(db):
    """Raise Failure if a side is set, and there are no durations."""
    if side(db) == "none" or db.execute("SELECT 1 FROM traffic_duration").fetchone():
        return
    what = "the access log has no durations: take one that has (docs/traffic.md)" if db.execute("SELECT 1 FROM traffic_file").fetchone() else \
        "there is no access log: read it before (serverful traffic)"
    raise Failure(f"the parameter log_side is '{side(db)}', but {what}, or leave them out (--log-side none)")


def _means(db, query):
    """Return the number of requests, and the mean of each further column: of the mix, where each endpoint of it has some, else of all."""
    found = {name: (n, *values) for name, n, *values in db.execute(query)}
    weights = dict(db.execute("SELECT endpoint, weight FROM weight"))
    counts = {name: n for name, (n, *_) in found.items()}
    if not weights or not all(name in found for name in weights):
        weights = counts
    columns = zip(*(found[name][1:] for name in weights))
    return sum(counts.values()), *(sum(map(operator.mul, weights.values(), column)) / sum(weights.values()) for column in columns)


def _evidence(db):
    """Yield (parameter, value, source) of what the log says."""
    row = db.execute("SELECT requests, seconds, month_requests FROM traffic_summary").fetchone()
    if row and row[1] >= LEAST_HOURS * 3600:
        requests, seconds, month = row
        yield "requests", max(1, round(month)), f"a month like the {requests:,} requests in {seconds / 86400:.3g} days {FROM_LOG}"
    if db.execute("SELECT 1 FROM traffic_size").fetchone():
        n, size, pieces = _means(db, SIZES)
        yield "response_bytes", size, f"mean of {n:,} sizes {FROM_LOG}"
        yield "http_units", pieces, f"mean of {n:,} sizes in pieces of 512 KB {FROM_LOG}"  # no parameter: see the view demand
    if side(db) == "lambda":
        n, ms = _means(db, DURATIONS)
        yield "billed_ms", ms, f"mean of {n:,} durations {FROM_LOG}"


def take(db):
    """Let what the log says count. Its durations are those of the function, if log_side says so and no log of Lambda has better ones."""
    db.execute("DELETE FROM evidence WHERE source GLOB ?", ("*" + FROM_LOG,))
    db.executemany("INSERT OR IGNORE INTO evidence VALUES (?, ?, ?)", list(_evidence(db)))
    db.commit()
