"""What each gateway adds to the latency, by CloudWatch: the mean time from a request at the gateway to its answer, and the mean part of it
in which the gateway waits for the function."""

import time

from . import cloudwatch

PERIOD = 60  # seconds; the services send their metrics every minute
PATIENCE = 900  # seconds until CloudWatch has the metrics of the last minute
POLL = 15  # seconds between two polls
ENOUGH = 0.99  # of the requests, since CloudWatch does not promise each
STATISTICS = ("Sum", "SampleCount")


def metrics(outputs, rest_name):
    """Return {target: (metric of the whole, metric of the part)} of the gateways in the outputs of the function's stack. A metric is
    (namespace, name, dimensions). `rest_name` is the name of the REST API. A function URL has no metric of the part: it is the duration
    of the function, whichever gateway asked."""
    found = {}
    if "ApiUrl" in outputs:
        found["http"] = _of_api({"ApiId": outputs["ApiUrl"].split("/")[2].partition(".")[0], "Stage": "$default"})
    if "RestApiUrl" in outputs:
        found["rest"] = _of_api({"ApiName": rest_name, "Stage": "live"})
    if "FunctionUrl" in outputs:
        function = {"FunctionName": outputs["FunctionName"]}
        found["url"] = ("AWS/Lambda", "UrlRequestLatency", function), ("AWS/Lambda", "Duration", function)
    return found


def _of_api(dimensions):
    return tuple(("AWS/ApiGateway", name, dimensions) for name in ("Latency", "IntegrationLatency"))


def ask(calls, of_targets, begin, end):
    """Return {target: (number of requests, mean ms of the whole, mean ms of the part)} of the time from `begin` to `end`, both in seconds since
    1970, in whole minutes around them. A target that CloudWatch knows nothing of yet is left out."""
    queries = [cloudwatch.query(f"{target}_{part}_{statistic.lower()}", metric, statistic, PERIOD) for target, both in of_targets.items()
               for part, metric in zip(("whole", "part"), both) for statistic in STATISTICS]
    sums = {}
    for row in cloudwatch.ask(calls, queries, begin, end, PERIOD):
        sums[row["Id"]] = sums.get(row["Id"], 0) + sum(row["Values"])
    found = {}
    for target in of_targets:
        (whole, n), (part, n_parts) = ([sums.get(f"{target}_{name}_{statistic.lower()}", 0) for statistic in STATISTICS] for name in ("whole", "part"))
        if n and n_parts:
            found[target] = round(n), whole / n, part / n_parts
    return found


def _late(found, requests):
    """Return a sentence on each target of which CloudWatch lacks requests."""
    counts = {target: found[target][0] if target in found else 0 for target in requests}
    return [f"CloudWatch knows of {counts[target]:,} of {n:,} requests to {target}" for target, n in requests.items() if counts[target] < n * ENOUGH]


def wait(calls, of_targets, begin, end, requests):
    """Ask until CloudWatch knows of as many requests to each target as `requests` has, or for PATIENCE seconds. Return what ask() does, and
    sentences on what is lacking."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = ask(calls, of_targets, begin, end)
        late = _late(found, {target: requests.get(target, 1) for target in of_targets})
        if not late or time.monotonic() > deadline:
            return found, late
        time.sleep(POLL)


def write(db, found):
    """Write what ask() returned into results.db."""
    with db:
        db.execute("DELETE FROM gateway")
        db.executemany("INSERT INTO gateway (target, n, latency_ms, integration_ms) VALUES (?, ?, ?, ?)", [(target, *row) for target, row in found.items()])
