"""What would flip the answer: the bills of a scenario at its volume, with one assumption changed at a time.

A variation is a scenario of its own, so that one pass over the views computes all of them. Temporary tables take the place of the
tables of scenarios, and the file is not written to."""

import math

from shadow import compute, own_volumes, tables
from ways import way_of

BEFORE = ("effective", "setting", "demand", "option", "need", "tier", "machine")
AFTER = ("fleet", "line", "bill")
STEPS = 4  # between the ends of a range, to find where it flips


def least_costs(db, scenario, variations):
    """Return {name: {way: lowest cost}} for {name: {parameter: value}}, without the free tier. The name None is the scenario
    itself."""
    with tables(db, "scenario", "scenario_parameter", "volume", *BEFORE, *AFTER):
        db.execute("CREATE TEMP TABLE scenario (name, position, meaning)")
        db.execute("CREATE TEMP TABLE scenario_parameter (scenario, parameter, value, PRIMARY KEY (scenario, parameter))")
        names = [(None, {}), *variations.items()]
        for i, (_, changed) in enumerate(names):
            db.execute("INSERT INTO temp.scenario VALUES (?, 0, '')", (i,))
            db.execute("INSERT INTO temp.scenario_parameter SELECT ?, parameter, value FROM main.scenario_parameter WHERE scenario = ?",
                       (i, scenario))
            db.executemany("INSERT OR REPLACE INTO temp.scenario_parameter VALUES (?, ?, ?)",
                           [(i, parameter, value) for parameter, value in changed.items()])
        compute(db, BEFORE)
        own_volumes(db)
        compute(db, AFTER)
        found = {name: {} for name, _ in names}
        for i, option, cost in db.execute("SELECT scenario, option, cost FROM bill WHERE free = 0 AND cost IS NOT NULL"):
            costs, key = found[names[i][0]], way_of(option)
            costs[key] = min(cost, costs.get(key, cost))
        return found


def best(costs):
    """Return the lowest cost of Lambda and of the VM, either None if unknown."""
    functions = [cost for key, cost in costs.items() if key != "vm"]
    return min(functions, default=None), costs.get("vm")


def ratio(costs, key=None):
    """Return the bill of the best function, or of one way, relative to that of the best VM; None if one is unknown."""
    function, machine = best(costs)
    function = costs.get(key) if key else function
    return None if function is None or not machine else function / machine


def _places(low, high):
    """Return values from one end of a range to the other: at equal factors where the ends are far apart."""
    if low > 0 and high > 10 * low:
        return [low * (high / low) ** (i / STEPS) for i in range(STEPS + 1)]
    return [low + (high - low) * i / STEPS for i in range(STEPS + 1)]


def _turns(points, now):
    """Return the values at which the cheaper side changes, interpolated between (value, ratio)."""
    found = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if (y0 < 1) != (y1 < 1):
            found.append(x0 + (x1 - x0) * (1 - y0) / (y1 - y0))
    return sorted(found, key=lambda value: abs(value - now) if isinstance(now, float) else value)


def _assumptions(db, requests):
    """Return the parameters with a range, and the volume, from a tenth of it to ten times as much."""
    found = [{"name": "requests", "low": requests / 10, "high": requests * 10}] if requests else []
    return found + [dict(zip(("name", "low", "high"), row)) for row in
                    db.execute("SELECT name, low, high FROM parameter WHERE low IS NOT NULL AND high IS NOT NULL")]


def ranges(db, scenario):
    """Return {way or None: rows} on the parameters with a range, those with the largest effect first. None stands for the best
    function. A row has the ratio now, at both ends of the range and in between, and the nearest value at which the answer flips."""
    current = dict(db.execute("SELECT parameter, value FROM effective WHERE scenario = ?", (scenario,)))
    parameters = _assumptions(db, current["requests"])
    variations = {(one["name"], value): {one["name"]: value} for one in parameters for value in _places(one["low"], one["high"])}
    costs = least_costs(db, scenario, variations)
    found = {}
    for key in (None, "http"):
        now = ratio(costs[None], key)
        rows = []
        for one in parameters:
            points = [(value, ratio(costs[one["name"], value], key)) for value in _places(one["low"], one["high"])]
            if now is None or any(value is None for _, value in points):
                continue
            turns = _turns(points, current.get(one["name"]))
            rows.append({"parameter": one["name"], "from": one["low"], "to": one["high"], "now": now,
                         "low": points[0][1], "high": points[-1][1],
                         "flips_at": turns[0] if turns else None})
        found[key or "best"] = sorted(rows, key=lambda row: -abs(math.log(row["high"] / row["low"])))
    return found
