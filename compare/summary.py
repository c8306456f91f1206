"""The results of a comparison as plain data: for the summary, for the report and for --json."""

import flip
import simulated
import traffic
import ways
from shadow import BILLS, NEEDS, compute, drop, one_scenario, own_volumes, tables

# The parts of a bill, in groups.
GROUPS = {
    "Lambda": ("requests", "compute", "compute, committed", "provisioned", "compute, provisioned"),
    "gateway": ("gateway", "load balancer", "capacity units"),
    "VM": ("vm", "fee for managed VMs", "credits"),
    "disk": ("disk", "snapshots"),
    "network": ("addresses", "NAT", "NAT, data"),
    "logs": ("function log", "access log", "stored logs"),
    "transfer": ("transfer", "CDN, transfer", "CDN, requests"),
    "operation": ("WAF", "WAF, rules", "WAF, requests", "DNS", "alarms", "metrics", "people"),
}
LEAD = "standard"  # the scenario that the report shows in full
TIERS = (0, 1)  # without the free tier, which leads, and with it
BEYOND = 10  # requests that a percentile needs beyond it, as in the view latency

QUANTILES = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.625, 0.75, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997,
             0.998, 0.999, 0.9995, 0.9999, 1)

# What would change the bills in ways that an architect asks for; see report/attack.py.
CASES = {"cdn": {"cdn": 1}, "work": {"hourly_rate": 50, "vm_hours": 1}, "memory": {"memory_mb": 512}, "slow": {"billed_ms": 10},
         "spot": {"purchase": "spot"}, "peak": {"peak_factor": 20, "traffic": "none"}, "cold": {"cold_share": 0.05, "traffic": "none"},
         "assumed": {"traffic": "none"}, "gb": {"gb_bytes": 2 ** 30},
         "nat": {"load_balancer": 1, "instances": 2, "spare": 1, "nat_gateways": 1}}


def _rows(db, query, *values):
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def _quantiles(took):
    """Return [share, ms] for each share in QUANTILES of sorted times in microseconds, by nearest rank; a share with fewer than BEYOND
    requests beyond it is left out."""
    n = len(took)
    return [[share, took[max(0, -int(-share * n // 1) - 1)] / 1000] for share in QUANTILES
            if share in (0, 1) or n * (1 - max(share, 0.5)) >= BEYOND - 1e-9] if took else []


def latencies(db):
    """Return the rows of the view latency, each with its `quantiles`: [share, ms] of the curve, and its `failures`: [number, status]."""
    found = _rows(db, "SELECT * FROM latency")
    failures = db.execute("SELECT series, count(*) AS n, status FROM sample WHERE status NOT BETWEEN 200 AND 299"
                          " GROUP BY series, status ORDER BY n DESC").fetchall()
    for row in found:
        row["failures"] = [failure[1:] for failure in failures if failure[0] == row["id"]]
        row["quantiles"] = [] if row["void"] else _quantiles([us for us, in db.execute(
            "SELECT took_us FROM sample WHERE series = ? AND status BETWEEN 200 AND 299 ORDER BY took_us", (row["id"],))])
    return found


def _refusals(db):
    """Return how many requests each target has refused with each status, of how many."""
    return _rows(db, """SELECT side, target, status, count(*) AS n, (SELECT count(*) FROM sample JOIN series ON series.id = series
            WHERE target = refused.target) AS total
        FROM sample JOIN series AS refused ON refused.id = series WHERE status IN (429, 503) GROUP BY side, target, status""")


def replay_of(db):
    """Return the replay: its `input` by name, and `sides`, the rows of the view replay, each with its `failures`: [number, status]."""
    sides = [{**row, "failures": db.execute("SELECT count(*) AS n, status FROM replay_sample WHERE part = 'replay' AND side = ? AND status NOT BETWEEN 200 AND 299"
                                           " GROUP BY status ORDER BY n DESC", (row["side"],)).fetchall()} for row in _rows(db, "SELECT * FROM replay")]
    return {"input": dict(db.execute("SELECT name, value FROM replay_input")), "sides": sides}


def is_void(row):
    """Return whether so many requests of a series failed that its percentiles say nothing."""
    return row["void"] is not None


def _mixed(db, lead):
    """Return what a client of each target waits for a request of the mix at the highest rate: `p50` and `p99` with cold starts,
    `warm_p50` and `warm_p99` without, from the table that takes the place of the view client_latency. They are None where a series is
    missing, void, or too short."""
    known = {(row["target"], row["rate"]): row for row in _rows(db, "SELECT * FROM client_latency WHERE scenario = ?", lead)}
    unknown = {"cold": 0, **dict.fromkeys(("n", "p50", "p90", "p99", "warm_p50", "warm_p90", "warm_p99"))}
    return [known.get((row["target"], row["rate"]), {**row, **unknown}) for row in _rows(
        db, "SELECT target, side, url, max(rate) AS rate FROM series WHERE rate IS NOT NULL GROUP BY target")]


def _bills(db, scenario):
    """Return the bill of each option at the scenario's volume, with its lines, and the sums of their groups; the cheapest first,
    and unknown ones last."""
    lines = _rows(db, "SELECT line.* FROM line JOIN setting USING (scenario, requests) WHERE scenario = ?", scenario)
    found = _rows(db, "SELECT option, free, cost FROM bill JOIN setting USING (scenario, requests) WHERE scenario = ?"
                      " ORDER BY free, cost IS NULL, cost, option", scenario)
    for bill in found:
        bill["lines"] = [line for line in lines if (line["option"], line["free"]) == (bill["option"], bill["free"])]
        bill["parts"] = {group: sum(line["cost"] or 0 for line in own) for group, parts in GROUPS.items()
                         if (own := [line for line in bill["lines"] if line["part"] in parts])}
    return found


def _curves(db, scenario, free):
    rows = db.execute("SELECT requests, option, cost FROM bill WHERE scenario = ? AND free = ? ORDER BY requests", (scenario, free))
    return ways.Curves(rows, _rows(db, "SELECT * FROM break_even WHERE scenario = ? AND free = ?", scenario, free))


def _scenario(db, name):
    """Return the results of a scenario. Its setting has the share of cold starts that counts. `ways` and `lines` have a value for each of TIERS; `lines` are the bills of each way over
    the volume, of `lambda` those of the cheapest function."""
    bills = _bills(db, name)
    curves = [_curves(db, name, free) for free in TIERS]
    demand = _rows(db, "SELECT * FROM demand WHERE scenario = ?", name)[0]
    return {
        "bills": bills,
        "setting": {**_rows(db, "SELECT * FROM setting WHERE scenario = ?", name)[0], "cold_share": demand["cold_share"]},
        "demand": demand,
        "simulation": simulated.read(db, name),
        "fleet": dict(db.execute("SELECT option, n FROM fleet JOIN setting USING (scenario, requests) WHERE scenario = ?", (name,))),
        "ways": [ways.find(curve, [bill for bill in bills if bill["free"] == free]) for free, curve in zip(TIERS, curves)],
        "lines": [{key: curve.envelope(key) for key in ways.WAYS} for curve in curves],
        "over_quota": _rows(db, "SELECT * FROM over_quota JOIN quota ON quota.name = quota WHERE scenario = ? ORDER BY requests, quota, option", name),
    }


def thin_out(db, lead):
    """Take three of four regular volumes from the scenarios that are not shown in full. Their bills are straight lines in between."""
    db.execute("""DELETE FROM temp.volume WHERE scenario <> ? AND (scenario, requests) NOT IN (SELECT scenario, requests FROM setting)
                  AND abs(20 * log10(requests / 1000) - round(20 * log10(requests / 1000))) < 1e-9 AND round(20 * log10(requests / 1000)) % 4""",
               (lead,))


def read(db, lead=LEAD):
    """Return all results, those of one scenario in full. A bill is None where data for it are missing."""
    flips = flip.ranges(db, lead)
    cases = flip.least_costs(db, lead, CASES)
    with tables(db, *NEEDS, "volume", *BILLS, "break_even", "client_latency"):
        compute(db, (*NEEDS, "volume"))
        thin_out(db, lead)
        compute(db, (*BILLS, "break_even"))
        drop(db, "line", "fleet", "volume")  # lines and fleets are shown at the scenarios' own volumes only
        own_volumes(db)
        compute(db, ("fleet", "line"))
        with one_scenario(db, lead):
            compute(db, ("client_latency",))
        found = _read(db, lead)
    return {**found, "flips": flips, "cases": {name or "now": costs for name, costs in cases.items()}}


def _read(db, lead):
    def of_lead(query):
        return _rows(db, query, lead)
    reaches = flip.reaches(db, lead)
    scenarios = [{**one, **_scenario(db, one["name"])} for one in _rows(db, "SELECT name, meaning FROM scenario ORDER BY position")]
    return {
        "run": dict(db.execute("SELECT name, value FROM run")),
        "endpoints": _rows(db, "SELECT endpoint.*, share FROM endpoint LEFT JOIN mix ON mix.endpoint = endpoint.name"),
        "latency": latencies(db),
        "mixed": _mixed(db, lead),
        "round_trips": _rows(db, "SELECT * FROM round_trip"),
        "gateways": _rows(db, "SELECT * FROM gateway ORDER BY own_ms"),
        "first_requests": _rows(db, "SELECT target, latency_ms FROM first_request ORDER BY target, latency_ms"),
        "vm_metrics": _rows(db, "SELECT * FROM vm_metric ORDER BY name, at"),
        "refusals": _refusals(db),
        "evidence": _rows(db, "SELECT * FROM evidence"),
        "cold_starts": _rows(db, "SELECT * FROM cold_start"),
        "replay": replay_of(db),
        "memory_sizes": of_lead("SELECT * FROM memory_size WHERE scenario = ? ORDER BY architecture, memory_mb"),
        "traffic": traffic.read(db),
        "shape": traffic.shape(db, lead),
        "scenario": lead,
        "scenarios": scenarios,
        **{key: value for one in scenarios if one["name"] == lead for key, value in one.items() if key not in ("name", "meaning")},
        "break_even": of_lead("SELECT * FROM break_even WHERE scenario = ? ORDER BY free, vm, lambda, requests"),
        "missing": of_lead("SELECT * FROM missing WHERE scenario = ?"),
        "currency": next((code for code, in db.execute("SELECT currency FROM region JOIN setting ON region.name = setting.region"
                                                       " WHERE scenario = ?", (lead,))), None),
        "instances": _rows(db, "SELECT * FROM instance"),
        "parameters": [{**row, **dict(zip(("low", "high"), reaches.get(row["name"], ())))} for row in of_lead(
            "SELECT parameter.*, effective.value AS effective, origin, evidence.source AS evidence FROM effective"
            " JOIN parameter ON parameter.name = parameter LEFT JOIN evidence ON evidence.name = parameter.name WHERE scenario = ?")],
        "overheads": _rows(db, "SELECT * FROM overhead"),
        "public_figures": _rows(db, "SELECT * FROM public_figure ORDER BY kind, median_ms"),
        "prices": of_lead("SELECT price.*, source.currency = home.currency AND price.region IN (home.name, 'global') AS counts"
                          " FROM price JOIN region AS source ON source.name = price.region"
                          " LEFT JOIN region AS home ON home.name = (SELECT region FROM setting WHERE scenario = ?)"),
        "allowances": _rows(db, "SELECT * FROM allowance"),
    }
