"""The results of a comparison: as plain data for the report and for --json, and as a text for the terminal."""

import re

# Views that others are made of, in the order of sql/cost.sql.
COMPUTED = ("setting", "demand", "option", "need", "tier", "machine", "volume", "fleet", "line", "bill", "break_even")
# The parts of a bill, in groups.
GROUPS = {
    "compute": ("requests", "compute", "compute, committed", "provisioned", "compute, provisioned"),
    "gateway": ("gateway", "load balancer", "capacity units"),
    "VM": ("vm", "fee for managed VMs", "credits"),
    "disk": ("disk", "snapshots"),
    "network": ("addresses", "NAT", "NAT, data"),
    "logs": ("function log", "access log", "stored logs"),
    "transfer": ("transfer", "CDN, transfer", "CDN, requests"),
    "operation": ("WAF", "WAF, rules", "WAF, requests", "DNS", "alarms", "metrics", "people"),
}
LEAD = "standard"  # the scenario that the report shows in full

QUANTILES = (0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.625, 0.75, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997,
             0.998, 0.999, 0.9995, 0.9999, 1)
GATEWAYS = {"http": "HTTP API", "rest": "REST API", "url": "function URL", "alb": "ALB"}
BUSIEST = "closed loop"

# What refuses requests with these statuses, and the setting to raise.
REFUSALS = {
    ("vm", 429): "raise `rate` and `burst` in the site of nginx, or remove its `limit_req` for the test; see docs/operate.md",
    ("vm", 503): "raise `limit_conn` in the site of nginx, or remove it for the test; see docs/operate.md",
    ("lambda", 429): "raise the concurrency of the function, or the throttling limits of its API",
    ("lambda", 503): "raise the concurrency of the function",
}


def _rows(db, query, *values):
    cursor = db.execute(query, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def _quantiles(took):
    """Return [share, ms] for each share in QUANTILES of sorted times in microseconds, by nearest rank; a share with no request
    beyond it is left out."""
    n = len(took)
    return [[share, took[max(0, -int(-share * n // 1) - 1)] / 1000] for share in QUANTILES
            if not 0.5 < share < 1 or n * (1 - share) >= 1 - 1e-9]


def _latency(db):
    found = _rows(db, "SELECT * FROM latency")
    for row in found:
        took = [us for us, in db.execute(
            "SELECT took_us FROM sample JOIN series ON id = series WHERE side = ? AND endpoint = ? AND rate IS ? ORDER BY took_us",
            (row["side"], row["endpoint"], row["rate"]))]
        row["quantiles"] = _quantiles(took)
    return found


def _refusals(db):
    """Return how many requests each side has refused with each status, of how many. A refusal is fast, so that the percentiles say
    little about the others."""
    return _rows(db, """SELECT side, status, count(*) AS n, (SELECT count(*) FROM sample JOIN series ON series.id = series
            WHERE side = refused.side) AS total
        FROM sample JOIN series AS refused ON refused.id = series WHERE status IN (429, 503) GROUP BY side, status""")


def _bills(db, scenario):
    """Return the bill of each option at the scenario's volume, with its lines, and the sums of their groups; the cheapest first."""
    lines = _rows(db, "SELECT line.* FROM line JOIN setting USING (scenario, requests) WHERE scenario = ?", scenario)
    found = _rows(db, "SELECT option, free, cost FROM bill JOIN setting USING (scenario, requests) WHERE scenario = ?"
                      " ORDER BY free DESC, cost", scenario)
    for bill in found:
        bill["lines"] = [line for line in lines if (line["option"], line["free"]) == (bill["option"], bill["free"])]
        bill["parts"] = {group: sum(line["cost"] or 0 for line in own) for group, parts in GROUPS.items()
                         if (own := [line for line in bill["lines"] if line["part"] in parts])}
    return found


def _compute(db, scenario):
    """Compute each view once. A temporary table of its name takes its place in the queries of this connection; otherwise each
    use of a view would compute all that it is made of. Scenarios but the chosen one have bills at their own volumes alone."""
    definition = dict(db.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'"))
    for name in COMPUTED:
        db.execute(re.sub(r"^CREATE VIEW", "CREATE TEMP TABLE", definition[name]))
        if name == "volume":
            db.execute("DELETE FROM temp.volume WHERE scenario <> ? AND (scenario, requests) NOT IN (SELECT scenario, requests FROM setting)",
                       (scenario,))


def read(db, scenario=LEAD):
    """Return all results, those of a scenario in full. `curve` has the bill of each option at each volume; a bill is None where
    data for it are missing."""
    _compute(db, scenario)
    try:
        return _read(db, scenario)
    finally:
        for name in COMPUTED:
            db.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _read(db, scenario):
    curve = {}
    for requests, option, free, cost in db.execute("SELECT requests, option, free, cost FROM bill WHERE scenario = ? ORDER BY requests",
                                                   (scenario,)):
        curve.setdefault("free" if free else "paid", {}).setdefault(option, []).append([requests, cost])

    def of_scenario(query):
        return _rows(db, query, scenario)
    scenarios = _rows(db, "SELECT name, meaning FROM scenario ORDER BY position")
    return {
        "run": dict(db.execute("SELECT name, value FROM run")),
        "endpoints": _rows(db, "SELECT endpoint.*, share FROM endpoint LEFT JOIN mix ON mix.endpoint = endpoint.name"),
        "latency": _latency(db),
        "refusals": _refusals(db),
        "evidence": _rows(db, "SELECT * FROM evidence"),
        "cold_starts": _rows(db, "SELECT * FROM cold_start"),
        "memory_sizes": of_scenario("SELECT * FROM memory_size WHERE scenario = ? ORDER BY architecture, memory_mb"),
        "scenario": scenario,
        "scenarios": [{**one, "bills": _bills(db, one["name"])} for one in scenarios],
        "setting": of_scenario("SELECT * FROM setting WHERE scenario = ?")[0],
        "demand": of_scenario("SELECT * FROM demand WHERE scenario = ?")[0],
        "bills": _bills(db, scenario),
        "fleet": dict(db.execute("SELECT option, n FROM fleet JOIN setting USING (scenario, requests) WHERE scenario = ?", (scenario,))),
        "curve": curve,
        "break_even": of_scenario("SELECT * FROM break_even WHERE scenario = ? ORDER BY free DESC, vm, lambda, requests"),
        "missing": of_scenario("SELECT * FROM missing WHERE scenario = ?"),
        "over_quota": of_scenario("SELECT * FROM over_quota JOIN quota ON quota.name = quota WHERE scenario = ?"),
        "currency": next((code for code, in db.execute("SELECT currency FROM region JOIN setting ON region.name = setting.region"
                                                        " WHERE scenario = ?", (scenario,))), None),
        "instances": _rows(db, "SELECT * FROM instance"),
        "parameters": _rows(db, "SELECT parameter.*, effective.value AS effective, origin FROM parameter"
                                " JOIN effective ON parameter = name WHERE scenario = ?", scenario),
        "overheads": _rows(db, "SELECT * FROM overhead"),
        "prices": _rows(db, "SELECT * FROM price"),
        "allowances": _rows(db, "SELECT * FROM allowance"),
    }


def option_name(option):
    """Return the name of an option for people: "lambda http arm64" is "Lambda, HTTP API, arm64"."""
    kind, _, rest = option.partition(" ")
    if kind == "vm":
        return f"VM {rest}"
    gateway, architecture = rest.split()
    return f"Lambda, {GATEWAYS[gateway]}, {architecture}"


def count(number):
    """Return a volume in words, in three digits: 6.3 million."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:.3g} {name}"
    return f"{float(f'{number:.3g}'):,.0f}"


def milliseconds(value):
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _table(rows):
    """Return a text with aligned columns, the first to the left and the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.rjust(width) if i else cell.ljust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


def _latency_text(found):
    rows = [["latency in ms", "", "rate", "p50", "p90", "p99", "p99.9", "max", "failed"]]
    for row in found["latency"]:
        rate = f"{row['rate']:.0f}/s" if row["rate"] else f"{row['per_second']:,.0f}/s *"
        rows.append([row["endpoint"], row["side"], rate,
                     *(milliseconds(row[name]) for name in ("p50", "p90", "p99", "p999", "max")), str(row["failed"])])
    return _table(rows) + f"\n* {BUSIEST}, on {next((r['connections'] for r in found['latency'] if not r['rate']), 0)} connections"


def refusal_text(found):
    """Return a line for each status with which a side has refused requests."""
    return "\n".join(f"WARNING: {row['side']} refused {row['n']:,} of {row['total']:,} requests with {row['status']}:"
                     f" {REFUSALS[row['side'], row['status']]}" for row in found["refusals"])


def _cold_text(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    if not inits:
        return "no cold starts measured"
    return (f"{len(inits)} cold starts: init {milliseconds(inits[len(inits) // 2])} ms (median),"
            f" {milliseconds(inits[-1])} ms (max)")


def from_log(found, name):
    """Return " (from the log)" if the value of a parameter is from a log, otherwise ""."""
    return " (from the log)" if any(row["name"] == name for row in found["evidence"]) else ""


def cheapest_size(found, architecture="arm64"):
    """Return the memory size at which compute is cheapest; None if no two sizes can be compared."""
    sizes = [row for row in found["memory_sizes"] if row["architecture"] == architecture]
    return min(sizes, key=lambda row: row["cost_per_million"])["memory_mb"] if len(sizes) > 1 else None


def _bill_text(found):
    rows = [["a month in US dollars", "free tier", "without"]]
    paid = {bill["option"]: bill["cost"] for bill in found["bills"] if not bill["free"]}
    for bill in found["bills"]:
        if bill["free"]:
            rows.append([option_name(bill["option"]),
                         *("–" if cost is None else f"{cost:,.2f}" for cost in (bill["cost"], paid[bill["option"]]))])
    return _table(rows)


def without_bill(found):
    """Return the sides that have no bill: their measurements or prices are missing."""
    return [name for side, name in (("lambda", "Lambda"), ("vm", "the VM"))
            if not any(bill["option"].startswith(side + " ") and bill["cost"] is not None for bill in found["bills"])]


def _break_even_text(found):
    missing = without_bill(found)
    if missing:
        return f"No break-even is known, since {' and '.join(missing)} {'has' if len(missing) == 1 else 'have'} no bill:" \
            " measurements or prices are missing."
    cheapest = next((b["option"] for b in found["bills"] if b["free"] and b["option"].startswith("vm ") and b["cost"]), None)
    rows = [f"{option_name(row['lambda'])}: {row['cheaper_below'] == 'lambda' and 'cheaper' or 'more expensive'} below"
            f" {count(row['requests'])} requests a month"
            for row in found["break_even"] if row["free"] and row["vm"] == cheapest and row["lambda"].endswith("arm64")]
    return f"Against {option_name(cheapest)}, free tier included:\n  " + "\n  ".join(rows) if cheapest and rows else \
        "A VM and Lambda cost the same at no volume."


def _scenario_text(found):
    scenario, size = found["setting"], cheapest_size(found)
    said = f"{count(scenario['requests'])} requests a month, {scenario['memory_mb']:g} MB{from_log(found, 'memory_mb')}, {scenario['region']}"
    return said + (f" (cheapest memory size: {size} MB)" if size else "")


def _log_text(found):
    """Return what a log said, or None."""
    if "log" not in found["run"]:
        return None
    rows = [["from the log", "", ""], *([row["name"], f"{row['value']:.6g}", row["source"]] for row in found["evidence"])]
    return f"{found['run']['log name']}: {found['run']['log']}\n" + "\n".join(f"{a.ljust(14)}{b.rjust(10)}  {c}".rstrip() for a, b, c in rows)


def text(found):
    """Return the summary for the terminal."""
    return "\n\n".join([
        *filter(None, [refusal_text(found)]), _latency_text(found), _cold_text(found),
        *filter(None, [_log_text(found)]), _scenario_text(found), _bill_text(found), _break_even_text(found),
        "The latency that AWS adds is not measured here, and the prices are those published; see the report."])
