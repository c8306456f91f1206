"""Random scenarios, prices, mixes and samples for t/bill.t, in a results.db in memory, and as the plain dictionaries that bill.py
takes."""

import os
import random
import sqlite3
import sys

import bill
import bill_parameters
import tap
from real_lists import REAL

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results

COMPUTED = ("setting", "measured", "function_stretch", "fleet_stretch", "demand", "option", "need", "tier", "machine", "volume", "cold", "fleet",
            "line", "bill", "missing")
CURRENCIES = {"eu-nowhere-1": "EUR", "us-nowhere-1": "USD", "cn-nowhere-1": "CNY", "ap-nowhere-1": "JPY"}

# What a number may be where the table has no range.
RANGES = {
    "requests": (1, 1e11), "month_hours": (672, 744), "memory_mb": (128, 10240), "provisioned": (0, 200),
    "function_log_bytes": (0, 5000), "managed_instances": (1, 9), "managed_fee": (0, 0.5), "vm_memory_mb": (10, 2000),
    "lambda_cpu_ms": (0.05, 300), "vm_cpu_ms": (0.02, 300), "billed_ms": (1, 2000), "disk_gb": (0, 100), "instances": (1, 6),
    "spare": (0, 4), "snapshot_gb": (0, 100), "nat_gateways": (0, 3), "nat_gb": (0, 5000), "tls_request_cpu_ms": (0, 0.1),
    "tls_full_cpu_ms": (0, 5), "tls_resumed_cpu_ms": (0, 2), "tls_full_bytes": (0, 9000), "tls_resumed_bytes": (0, 900),
    "balancer_zones": (2, 6), "lcu": (0, 500), "waf_rules": (0, 20), "dns_zones": (0, 9), "access_log_bytes": (0, 2000),
    "log_months": (0, 24), "lambda_alarms": (0, 40), "vm_alarms": (0, 12), "vm_metrics": (0, 12), "lambda_hours": (0, 20),
    "vm_hours": (0, 20), "hourly_rate": (0, 150), "p99_ms": (1, 1000),
    "idle_seconds": (60, 900), "environment_hours": (1, 8), "placement_ms": (0, 100), "managed_concurrency": (1, 64), "lost_seconds": (0, 3600),
    "boot_seconds": (0, 600), "response_bytes": (0, 3000000),
}
COUNTS = {"provisioned", "managed_concurrency", "managed_instances", "instances", "spare", "nat_gateways", "balancer_zones", "waf_rules", "dns_zones",
          "lambda_alarms", "vm_alarms", "vm_metrics"}
EDGES = {"requests": (0, 1, 0.01, 1e15, 2628000, 2628001), "memory_mb": (1, 128, 10240), "headroom": (0, 0.5, 1),
         "month_hours": (1, 672, 720, 744), "requests_per_connection": (1, 2, 50),
         "instances": (1, 2), "managed_instances": (1, 2), "balancer_zones": (1, 2, 6), "vm_speed": (0.5, 1, 1.5),
         "gb_bytes": (1000 ** 3, 1024 ** 3), "idle_seconds": (300, 600), "environment_hours": (1, 8), "p99_ms": (1, 100),
         "managed_concurrency": (1, 64), "response_bytes": (0, 524288, 524289)}
TEXTS = {"traffic": ("auto", "none", "log", "steady"), "reuse": ("newest", "recent", "oldest"),
         "log_format": ("text", "json"), "log_level": ("INFO", "WARN"), "log_side": ("none", "vm", "lambda"),
         "purchase": ("on-demand", "on-demand", "spot", "reserved", "savings")}
OFTEN = {"traffic", "requests", "memory_mb", "billed_ms", "vm_cpu_ms", "vm_memory_mb", "lambda_cpu_ms"}  # set in most scenarios


def typed(rng, number):
    """Return a whole number as an integer or as a real, at random."""
    return int(number) if number == int(number) and rng.random() < 0.5 else float(number)


def retyped(value):
    """Return a whole number in its other type, and all else as it is."""
    if isinstance(value, int):
        return float(value)
    return int(value) if isinstance(value, float) and value == int(value) else value


def random_number(rng, name, low, high):
    low, high = RANGES.get(name, (low, high))
    if rng.random() < 0.1:
        return typed(rng, rng.choice(EDGES.get(name, (low, high, 0, 1))))
    if name == "requests":
        return typed(rng, round(10 ** rng.uniform(2, 11)))
    number = rng.uniform(low, high)
    return typed(rng, round(number) if name in COUNTS or rng.random() < 0.3 else round(number, rng.randint(1, 6)))


def random_share(rng, unit):
    if unit == "0 or 1" or rng.random() < 0.2:
        return typed(rng, rng.choice((0, 1)))
    return round(rng.random(), rng.randint(1, 6))


def random_scenario(rng, declared, regions, instances, measured):
    """Return some parameters of a scenario. Where `measured`, the measured ones are left to the samples half of the time."""
    found = {"region": rng.choice(regions)}
    for name, parameter in declared.items():
        chance = 0.5 if parameter["measured"] and measured else 0.9 if name in OFTEN else 0.35
        if name == "region" or rng.random() > chance:
            continue
        if name == "managed_instance":
            found[name] = rng.choice(instances)
        elif parameter["type"] == "text":
            found[name] = rng.choice(TEXTS[name])
        elif parameter["type"] in ("share", "flag"):
            found[name] = random_share(rng, parameter["unit"])
        else:
            found[name] = random_number(rng, name, parameter["low"], parameter["high"])
    return found


def random_tiers(rng, tiers):
    """Return tiers with other prices and bounds, at times with one more."""
    factor = rng.choice((1, 7.1, 150)) * rng.uniform(0.7, 1.6)
    found = [(above * rng.choice((1, 0.5)), float(f"{price * factor * rng.uniform(0.8, 1.2):.6g}")) for above, price in tiers]
    if rng.random() < 0.2:
        found.append(((found[-1][0] or 100) * rng.randint(2, 9), found[-1][1] * 0.7))
    return sorted(set(dict(found).items()))


def add_regions(rng, db):
    """Add regions in other currencies, with other prices, of which some are missing; and those of AWS's lists in real_lists.py, with
    invented prices for what the lists do not have."""
    usual = prices_of(db)["us-east-1"]
    listed = listed_prices()
    for region, currency in {**CURRENCIES, **{region: "CNY" if region.startswith("cn-") else "USD" for region in listed}}.items():
        db.execute("INSERT OR IGNORE INTO region VALUES (?, ?)", (region, currency))
        for item, tiers in {**usual, **listed.get(region, {})}.items():
            if rng.random() < 0.93:
                tiers = listed.get(region, {}).get(item) or random_tiers(rng, tiers)
                db.execute("DELETE FROM price WHERE region = ? AND item = ?", (region, item))
                db.executemany("INSERT INTO price VALUES (?, ?, ?, ?, '', 'invented', '2026-11-29', 'weak', '')",
                               [(region, item, *tier) for tier in tiers])


def listed_prices():
    """Return {region: {item: tiers}} of AWS's lists, but for us-east-1, whose prices are in sql/prices.sql."""
    found = {}
    for _, prices in REAL.values():
        for (region, item), tiers in prices.items():
            if region != "us-east-1":
                found.setdefault(region, {})[item] = tiers
    return found


def prices_of(db):
    found = {}
    for region, item, above, price in db.execute("SELECT region, item, above, price FROM price"):
        found.setdefault(region, {}).setdefault(item, []).append((above, price))
    return found


def add_mix(rng, db):
    """Add endpoints with small and large requests and responses."""
    for i in range(rng.randint(1, 5)):
        sizes = [int(rng.choice((0, 524288, 524289, 10 ** rng.uniform(1, 6.7)))) for _ in range(2)]
        db.execute("INSERT INTO endpoint VALUES (?, '', '/', ?, ?)", (f"endpoint {i}", *sizes))
        if rng.random() < 0.9 or i == 0:
            db.execute("INSERT INTO mix VALUES (?, ?)", (f"endpoint {i}", rng.choice((1, 2.5, 7)) if i == 0 else rng.choice((0, 1, 0.3))))


def add_samples(rng, db):
    """Add measurements of both sides, of invocations at several memory sizes, and of cold starts. Some are missing, or there twice."""
    endpoints = [name for name, in db.execute("SELECT name FROM endpoint")]
    for endpoint in endpoints:
        for side in ("vm", "lambda"):
            for rate in (10, *[None] * rng.choices((0, 1, 2), (1, 20, 4))[0]):
                add_series(rng, db, side, endpoint, rate)
    for endpoint in [*endpoints, *[None] * rng.randint(0, 1)]:
        for memory in (128, 512, 1769):
            db.executemany("INSERT INTO invocation (endpoint, memory_mb, duration_ms, init_ms, used_mb) VALUES (?, ?, ?, ?, 9)",
                           [(endpoint, memory, round(rng.uniform(0.1, 9) * 1769 / memory, 2), 9.1 if rng.random() < 0.1 else None)
                            for _ in range(rng.choices((0, 6), (1, 6))[0])])
    db.executemany("INSERT INTO cold_start (init_ms, duration_ms) VALUES (?, 1)",
                   [(round(rng.uniform(5, 60), 2),) for _ in range(rng.randint(1, 9))])


def add_series(rng, db, side, endpoint, rate):
    cpu, memory = round(rng.uniform(0.001, 3), 4), round(rng.uniform(5, 300), 1)
    series = db.execute("INSERT INTO series (side, target, endpoint, rate, seconds, connections, cpu_seconds, memory_mb) VALUES (?, ?, ?, ?, 1, 8, ?, ?)",
                        (side, "vm" if side == "vm" else "lambda-host", endpoint, rate, cpu if rate is None else None, memory if rate is None else None)).lastrowid
    db.executemany("INSERT INTO sample VALUES (?, 0, ?, 200)", [(series, i) for i in range(rng.randint(1, 20))])


def add_simulation(rng, db, scenarios):
    """Add what might have been simulated for most of the scenarios, at some volumes; for some VMs only."""
    def volumes():
        return sorted(10 ** (n / 3) for n in rng.sample(range(9, 31), rng.randint(1, 8)))

    def machines():
        return [(requests, None if rng.random() < 0.1 else rng.choice((1, 1, 2, 3, 9.5, 400))) for requests in volumes()]
    instances = [name for name, in db.execute("SELECT name FROM instance")]
    for scenario in rng.sample(sorted(scenarios), len(scenarios) * 3 // 4):
        db.executemany("INSERT INTO simulated_function VALUES (?, ?, ?, 0, 1, 1, 1, 1, 1, 1, 1)",
                       [(scenario, requests, round(rng.random() ** 4, 6)) for requests in volumes()])
        for instance in rng.sample(instances, len(instances) * 2 // 3):
            db.executemany("INSERT INTO simulated_fleet (scenario, requests, instance, vms, surplus_credits) VALUES (?, ?, ?, ?, ?)", [
                (scenario, requests, instance, vms, None if vms is None else rng.choice((0, 1, 1234.5))) for requests, vms in machines()])
        instance = scenarios[scenario].get("managed_instance") or rng.choice(instances)
        db.executemany("INSERT INTO simulated_managed (scenario, requests, instance, vms) VALUES (?, ?, ?, ?)",
                       [(scenario, requests, instance, vms) for requests, vms in machines()])


def simulation(db, scenario):
    def by_instance(query):
        found = {}
        for instance, *row in db.execute(query, (scenario,)):
            found.setdefault(instance, []).append(row)
        return found
    cold = db.execute("SELECT requests, cold_share FROM simulated_function WHERE scenario = ? ORDER BY requests", (scenario,)).fetchall()
    measured = cold and db.execute("SELECT 1, value FROM evidence WHERE name = 'cold_share'").fetchall()  # a log of Lambda is better
    return bill.Simulation(measured or cold,
                           by_instance("SELECT instance, requests, vms, surplus_credits FROM simulated_fleet WHERE scenario = ? ORDER BY requests"),
                           by_instance("SELECT instance, requests, vms FROM simulated_managed WHERE scenario = ? ORDER BY requests"))


def create():
    db = sqlite3.connect(":memory:")
    results.create(db)
    return db


def rows(db, query):
    cursor = db.execute(query)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor]


def declared(db):
    """Return the parameters as bill_parameters.effective takes them."""
    known = dict(db.execute("SELECT name, value FROM evidence"))
    return {row["name"]: {**row, "known": known.get(row["name"])} for row in rows(db, "SELECT * FROM parameter")}


def known_to(db, *names):
    """Return the values of evidence of these names; None where there is none."""
    known = dict(db.execute("SELECT name, value FROM evidence"))
    return [known.get(name) for name in names]


def tables(db):
    return bill.Tables(prices_of(db), dict(db.execute("SELECT name, currency FROM region")),
                       dict(db.execute("SELECT item, quantity FROM allowance")),
                       {name: row for name, *row in db.execute("SELECT name, vcpus, memory_mb, baseline FROM instance")},
                       {(form, level): size for form, level, size in db.execute("SELECT format, level, bytes FROM log_size")})


def samples(db):
    return {"series": rows(db, "SELECT series.*, (SELECT count(*) FROM sample WHERE series = id) AS n FROM series"),
            "invocation": rows(db, "SELECT * FROM invocation"), "cold_start": rows(db, "SELECT * FROM cold_start")}


def set_scenarios(db, scenarios):
    """Replace the scenarios with {name: {parameter: value}}."""
    db.execute("DELETE FROM scenario_parameter")
    db.execute("DELETE FROM scenario")
    db.executemany("INSERT INTO scenario VALUES (?, ?, '')", [(name, i) for i, name in enumerate(scenarios)])
    db.executemany("INSERT INTO scenario_parameter VALUES (?, ?, ?)",
                   [(name, *item) for name, found in scenarios.items() for item in found.items()])


def compute(db):
    """Compute each view of sql/cost.sql once, at the volume of each scenario only, into a temporary table of its name."""
    views = dict(db.execute("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'"))
    views["volume"] = "CREATE VIEW volume AS SELECT scenario, requests FROM setting"
    for name in COMPUTED:
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")
        db.execute("CREATE TEMP TABLE" + views[name][len("CREATE VIEW"):])


def by_sql(db):
    """Return what sql/cost.sql says of each (scenario, option): the bill with and without the free tier, its parts, its VMs, and
    the prices that are missing."""
    compute(db)
    found = {}
    for scenario, option, free, cost in db.execute("SELECT scenario, option, free, cost FROM bill"):
        of = found.setdefault((scenario, option), {"bill": {}, "parts": {}, "vms": None, "missing": []})
        of["bill"][free] = cost
    for scenario, option, free, part, item, quantity, cost in db.execute(
            "SELECT scenario, option, free, part, item, quantity, cost FROM line WHERE quantity <> 0 OR quantity IS NULL"):
        found[scenario, option]["parts"][part, item, free] = (quantity, cost)
    for scenario, option, n in db.execute("SELECT scenario, option, n FROM fleet"):
        found[scenario, option]["vms"] = n
    for scenario, option, item in db.execute("SELECT scenario, option, item FROM missing ORDER BY item"):
        found[scenario, option]["missing"].append(item)
    return found


def by_bill(db, scenarios):
    """Return the same from bill.py."""
    known, of_samples, all_tables = declared(db), samples(db), tables(db)
    mix = dict(db.execute("SELECT endpoint, share FROM mix"))
    of_mix = db.execute("SELECT share, request_bytes, response_bytes FROM mix JOIN endpoint ON name = endpoint").fetchall()
    logged = tuple(map(bill.exact, known_to(db, "response_bytes", "http_units")))
    found = {}
    for scenario, values in scenarios.items():
        parameters = bill_parameters.effective(known, values, of_samples, mix)
        sizes = bill.sizes(of_mix, parameters["response_bytes"], logged)
        simulated = simulation(db, scenario)
        vms = bill.vms(parameters, sizes, all_tables, simulated)
        for option, parts in bill.bills(parameters, sizes, all_tables, simulated).items():
            found[scenario, option] = one_bill(parts, all_tables.allowances, vms.get(option))
    return found


def one_bill(parts, allowances, vms):
    found = {"bill": {}, "parts": {}, "vms": vms, "missing": bill.missing(parts) if parts else []}
    for free, allowed in ((0, {}), (1, allowances)):
        costs = bill.costs(parts, allowed) if parts else {}
        found["bill"][free] = bill.total(costs) if parts else None
        found["parts"].update({(part, parts[part].item, free): (parts[part].quantity, cost) for part, cost in costs.items()})
    return found


def random_database(rng, n, measured, simulated=False):
    """Return a database and n random scenarios, which are set in it. Some of a `simulated` one have what might have been simulated."""
    db = create()
    add_regions(rng, db)
    if measured or rng.random() < 0.7:
        add_mix(rng, db)
    if measured:
        add_samples(rng, db)
    if rng.random() < 0.3:
        db.execute("INSERT INTO evidence VALUES ('billed_ms', 7.5, 'a log'), ('cold_share', 0.02, 'a log')")
    if rng.random() < 0.4:
        db.execute("INSERT INTO evidence VALUES ('requests', 3e7, 'an access log'), ('response_bytes', 22586.25, 'an access log'), ('http_units', 1.07, 'an access log')")
    if rng.random() < 0.5:
        db.execute("UPDATE parameter SET value = 7 WHERE name = 'peak_factor'")
    names = [name for name, in db.execute("SELECT name FROM instance")]
    regions = [name for name, in db.execute("SELECT name FROM region WHERE name <> 'global'")]
    known = declared(db)
    scenarios = {f"scenario {i}": random_scenario(rng, known, regions, names, measured) for i in range(n)}
    set_scenarios(db, scenarios)
    if simulated:
        add_simulation(rng, db, scenarios)
    return db, scenarios
