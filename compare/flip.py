"""What would flip the answer: the bills of a scenario at its volume, with one assumption changed at a time.

A variation is a scenario of its own, so that one pass over the views computes all of them. Temporary tables take the place of the
tables of scenarios, and the file is not written to."""

import math

import simulated
from shadow import BILLS, NEEDS, compute, own_volumes, tables
from ways import way_of

STEPS = 4  # between the ends of a range, to find where it flips
REFINEMENTS = 2  # times that as many more are tried between two values between which it flips
OURS = ("billed_ms", "init_ms", "vm_cpu_ms")  # parameters whose range is that of our own service
KEYS = (None, "http")  # the best function, and the way that most architects ask for


def least_costs(db, scenario, variations):
    """Return {name: {way: lowest cost}} for {name: {parameter: value}}, without the free tier. The name None is the scenario
    itself."""
    with tables(db, "scenario", "scenario_parameter", "effective", *simulated.TABLES, *NEEDS, "volume", *BILLS):
        db.execute("CREATE TEMP TABLE scenario (name, position, meaning)")
        db.execute("CREATE TEMP TABLE scenario_parameter (scenario, parameter, value, PRIMARY KEY (scenario, parameter))")
        names = [(None, {}), *variations.items()]
        for i, (_, changed) in enumerate(names):
            db.execute("INSERT INTO temp.scenario VALUES (?, 0, '')", (i,))
            db.execute("INSERT INTO temp.scenario_parameter SELECT ?, parameter, value FROM main.scenario_parameter WHERE scenario = ?",
                       (i, scenario))
            db.executemany("INSERT OR REPLACE INTO temp.scenario_parameter VALUES (?, ?, ?)",
                           [(i, parameter, value) for parameter, value in changed.items()])
        compute(db, ("effective", "setting"))
        simulated.vary(db, scenario)
        compute(db, NEEDS[NEEDS.index("option"):])
        own_volumes(db)
        compute(db, BILLS)
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


def _brackets(points):
    """Return the neighbours of (value, ratio) between which the cheaper side changes."""
    return [(a, b) for a, b in zip(points, points[1:]) if a[1] and b[1] and (a[1] < 1) != (b[1] < 1)]


def _between(low, high, part):
    """Return the value at a part of the way between two: by factors where both are positive, as `_places` has them."""
    return low * (high / low) ** part if low > 0 else low + (high - low) * part


def _turn(points, now):
    """Return the value nearest to `now` at which the cheaper side changes, interpolated between (value, ratio), or None."""
    found = [_between(x0, x1, math.log(y0) / math.log(y0 / y1)) for (x0, y0), (x1, y1) in _brackets(points)]
    return min(found, key=lambda value: abs(value - now) if isinstance(now, float) else value, default=None)


def reaches(db, scenario):
    """Return {name: (low, high)} of the parameters with a range. Of another service, those in OURS reach from half to twice their value."""
    found = {name: ends for name, *ends in db.execute("SELECT name, low, high FROM parameter WHERE low IS NOT NULL AND high IS NOT NULL")}
    if db.execute("SELECT 1 FROM run WHERE name = 'service'").fetchone():
        values = db.execute(f"SELECT {', '.join(OURS)} FROM demand WHERE scenario = ?", (scenario,)).fetchone()
        found.update({name: [value / 2, value * 2] for name, value in zip(OURS, values) if value and name in found})
    return found


def _assumptions(db, scenario, requests, without):
    """Return the parameters with a range, and the volume, from a tenth of it to ten times as much; `without` some."""
    found = [{"name": "requests", "low": requests / 10, "high": requests * 10}] if requests else []
    return found + [{"name": name, "low": low, "high": high} for name, (low, high) in reaches(db, scenario).items()
                    if name not in without]


class _Moves:
    """The bills of a scenario with one assumption moved through its range, and again between two places where the answer flips."""

    def __init__(self, db, scenario):
        self.current = dict(db.execute("SELECT parameter, value FROM effective WHERE scenario = ?", (scenario,)))
        without = simulated.REPLACED if simulated.is_simulated(db, scenario) else ()
        self.parameters = _assumptions(db, scenario, self.current["requests"], without)
        self.places = {one["name"]: set(_places(one["low"], one["high"])) for one in self.parameters}
        self.costs = self._costs(db, scenario, self.places)
        for _ in range(REFINEMENTS):
            between = {name: self._around_flips(name) for name in self.places}
            self.costs.update(self._costs(db, scenario, between))
            self.places = {name: values | between[name] for name, values in self.places.items()}

    @staticmethod
    def _costs(db, scenario, places):
        return least_costs(db, scenario, {(name, value): {name: value} for name, values in places.items() for value in values})

    def _around_flips(self, name):
        """Return further values of an assumption between two between which the answer flips."""
        return {value for key in KEYS for (low, _), (high, _) in _brackets(self.points(name, key)) for value in _places(low, high)}

    def points(self, name, key):
        """Return (value, ratio) of the best function, or of one way, at each place."""
        return [(value, ratio(self.costs[name, value], key)) for value in sorted(self.places[name])]

    def rows(self, key):
        """Return a row for each assumption that has a ratio at both ends: the ratio now and there, and the nearest flip."""
        now = ratio(self.costs[None], key)
        for one in self.parameters:
            points = self.points(one["name"], key)
            if now and all(value for _, value in points):
                yield {"parameter": one["name"], "from": one["low"], "to": one["high"], "now": now, "low": points[0][1],
                       "high": points[-1][1], "flips_at": _turn(points, self.current.get(one["name"]))}


def ranges(db, scenario):
    """Return {way or "best": rows} on the assumptions, those with the largest effect first. "best" is the best function."""
    moves = _Moves(db, scenario)
    return {key or "best": sorted(moves.rows(key), key=lambda row: -abs(math.log(row["high"] / row["low"]))) for key in KEYS}
