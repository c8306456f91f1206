"""The traffic of access logs, as data for the report: see sql/traffic.sql."""

from failure import Failure

WEEK = 168  # hours
MONDAY = 72  # hours from the begin of a week to that of 1970, a Thursday


def choose(db, chosen):
    """Let the simulation take a shape, or the access log again: 'log'. Raise Failure if there is none."""
    if chosen == "log" and not db.execute("SELECT 1 FROM traffic_arrival").fetchone():
        raise Failure("--shape log: there is no access log in the results: read it before (serverful traffic), or name a shape")
    db.execute("UPDATE parameter SET value = ? WHERE name = 'traffic'", (None if chosen == "log" else chosen,))
    db.commit()


def _week(db, offset):
    """Return the mean requests of each hour of a week, from Monday 00:00 on, in the local time of the log; None of an hour that it does
    not have."""
    sums = dict(db.execute("SELECT (second + ?) / 3600, sum(n) FROM traffic_arrival GROUP BY 1", (offset,)))
    first, last = min(sums), max(sums)
    found = []
    for hour in range(WEEK):
        own = range(first + (hour - MONDAY - first) % WEEK, last + 1, WEEK)
        found.append(sum(sums.get(one, 0) for one in own) / len(own) if own else None)
    return found


def _busiest(db):
    """Return [rank, requests]: as many seconds have at least so many requests, the busiest first."""
    found, rank = [], 0
    for n, seconds in db.execute("SELECT n, count(*) FROM (SELECT sum(n) AS n FROM traffic_arrival GROUP BY second) GROUP BY n ORDER BY n DESC"):
        rank += seconds
        found.append([rank, n])
    return found


def shape(db, scenario):
    """Return [share, share of its busiest minute] of each hour of a month, where a shape was simulated for a scenario, or an empty list."""
    return db.execute("SELECT share, busiest_minute FROM simulated_hour JOIN setting ON traffic = shape WHERE scenario = ? ORDER BY hour", (scenario,)).fetchall()


def read(db):
    """Return what the report shows of the logs, or None without any."""
    cursor = db.execute("SELECT * FROM traffic_summary")
    row = cursor.fetchone()
    if not row:
        return None
    offset, = db.execute("SELECT utc_offset FROM traffic_file WHERE requests ORDER BY first_second").fetchone() or (0,)
    return {**dict(zip([column[0] for column in cursor.description], row)),
            "files": db.execute("SELECT path, format, requests, refused FROM traffic_file ORDER BY id").fetchall(),
            "endpoints": db.execute("SELECT name, requests FROM traffic_endpoint ORDER BY requests DESC, name").fetchall(),
            "week": _week(db, offset), "busiest": _busiest(db),
            "sizes": db.execute("SELECT low, high, sum(n) FROM traffic_size GROUP BY low, high ORDER BY low").fetchall()}
