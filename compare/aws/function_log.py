"""Fetches the REPORT lines of the function from its log, and takes durations and inits from them."""

import bisect
import json
import os

import evidence
from failure import Failure
from lambda_log import read_log

PAGE = 10000  # lines of one answer
LATE = 30  # seconds after the last request of a series in which its last report may come
TAKEN = ("memory_mb", "init_ms")  # the requests of a measurement say nothing of the share of cold starts, nor are they the mix


def fetch(calls, group, begin, path):
    """Write the reports since `begin`, in seconds since 1970, into a file, each with its time. Return their number."""
    n, token = 0, None
    with open(path + ".new", "w", encoding="utf-8") as file:
        while True:
            page = calls.ask("logs", "filter-log-events", log_group_name=group, start_time=int(begin * 1000),
                             filter_pattern='?"REPORT RequestId" ?"platform.report"', max_items=PAGE, starting_token=token)
            n += len(page["events"])
            file.writelines(json.dumps({name: event[name] for name in ("timestamp", "message")}) + "\n" for event in page["events"])
            token = page.get("NextToken")
            if not token:
                break
    os.replace(path + ".new", path)
    return n


def endpoint_of(db):
    """Return a function of a time in milliseconds since 1970 that says which endpoint was requested then, or None: of a run, series follow
    one another, and a series is of one endpoint."""
    series = db.execute("SELECT began, began + seconds, endpoint FROM series WHERE began IS NOT NULL ORDER BY began").fetchall()
    begins = [began for began, _, _ in series]

    def find(ms):
        i = bisect.bisect(begins, ms / 1000) - 1
        return series[i][2] if i >= 0 and ms / 1000 < series[i][1] + LATE else None
    return find


def take(calls, db, group, begin, path):
    """Let results.db have the durations and inits of the reports since `begin`. Raise Failure where they contradict its parameters: then
    the file remains, and the run can go on."""
    if not fetch(calls, group, begin, path):
        raise Failure(f"the log {group} has no REPORT line: run the same command again, which goes on")
    found = evidence.weigh(db, read_log(path))
    evidence.take(db, found._replace(values={name: value for name, value in found.values.items() if name in TAKEN}))
    find = endpoint_of(db)
    with db:
        db.execute("DELETE FROM invocation")
        db.executemany("INSERT INTO invocation (endpoint, memory_mb, duration_ms, used_mb, billed_ms) VALUES (?, ?, ?, ?, ?)",
                       [(endpoint, one.memory_mb, one.duration_ms, one.used_mb, one.billed_ms) for one in found.warm
                        if one.time_ms is not None and (endpoint := find(one.time_ms))])
