"""What the access logs in results.db, which `serverful traffic` has read, say about another service: the shares of its endpoints, and
the durations on one side."""

from failure import Failure

FROM_LOG = "in the access log"  # ends the source of evidence from there

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


def _mean(db):
    """Return the number of durations and their mean in billed ms: of the mix, where each endpoint of it has some, else of all."""
    found = {name: (n, ms) for name, n, ms in db.execute(DURATIONS)}
    weights = dict(db.execute("SELECT endpoint, weight FROM weight"))
    n = sum(n for n, _ in found.values())
    if weights and all(name in found for name in weights):
        return n, sum(weight * found[name][1] for name, weight in weights.items())
    return n, sum(n * ms for n, ms in found.values()) / n


def take(db):
    """Let the durations of the log count for the function, if they are its own and no log of Lambda has better ones."""
    db.execute("DELETE FROM evidence WHERE name = 'billed_ms' AND source GLOB ?", ("*" + FROM_LOG,))
    if side(db) == "lambda":
        n, ms = _mean(db)
        db.execute("INSERT OR IGNORE INTO evidence VALUES ('billed_ms', ?, ?)", (ms, f"mean of {n:,} durations {FROM_LOG}"))
    db.commit()
