#!/usr/bin/python3
"""The bills of sql/cost.sql are those of a second implementation, t/lib/bill.py, which follows docs/bill.md; those that were worked
out by hand; and those of AWS's own pricing examples."""

import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import bill_scenarios
import tap

SEED = int(os.environ.get("SERVERFUL_SEED", 18))
DATABASES, SCENARIOS = 10, 200  # of which every other database has measurements
TWINS = 60  # scenarios whose numbers have both types
LADDERS, STEPS = 20, 4  # scenarios in which one parameter rises, in so many steps

KNOWN = {"vm_cpu_ms": 0.1, "vm_memory_mb": 50, "lambda_cpu_ms": 0.1, "billed_ms": 2}
PLAIN = {**KNOWN, "cold_share": 0, "header_bytes": 0, "function_log_bytes": 0}  # requests and compute alone


def close(a, b, requests=None):
    """Whether two numbers, or None, are equal to 1e-9, and, of costs, to a cent for a million requests."""
    if a is None or b is None:
        return a is b
    a, b = float(a), float(b)
    difference = abs(a - b)
    return difference <= 1e-9 * max(abs(a), abs(b)) + 1e-12 and (requests is None or difference <= requests / 1e8 + 1e-9)


class Comparison:
    """What the two implementations disagree about, by kind, and how often each kind of bill and part was compared."""

    def __init__(self):
        self.wrong = {"option": [], "vms": [], "missing": [], "bill": [], "quantity": [], "cost": []}
        self.bills, self.parts = {}, {}

    def add(self, database, scenarios, sql, python):
        self.wrong["option"] += [(database, key) for key in sql.keys() ^ python.keys()]
        for key in sql.keys() & python.keys():
            self.compare((database, *key), scenarios[key[0]].get("requests", 1e7), sql[key], python[key])

    def compare(self, where, requests, sql, python):
        self.note("vms", close(sql["vms"], python["vms"]), where, sql["vms"], python["vms"])
        for free in (0, 1):
            costs = sql["bill"][free], python["bill"][free]
            self.note("bill", close(*costs, requests), where, free, *costs)
        if python["parts"]:
            self.note("missing", sql["missing"] == python["missing"], where, sql["missing"], python["missing"])
            self.compare_parts(where, requests, sql["parts"], python["parts"])
        if costs[0]:
            option = where[2].split()
            kind = option[0] if option[0] == "vm" else where[2]
            self.bills[kind] = self.bills.get(kind, 0) + 1

    def compare_parts(self, where, requests, sql, python):
        for part in sql.keys() | python.keys():
            of_sql, of_python = sql.get(part, (0, 0)), python.get(part, (0, 0))
            self.note("quantity", close(of_sql[0], of_python[0]), where, part, of_sql, of_python)
            if of_python[0]:
                self.note("cost", close(of_sql[1], of_python[1], requests), where, part, of_sql, of_python)
            if of_sql[1]:
                self.parts[part[0]] = self.parts.get(part[0], 0) + 1

    def note(self, kind, good, *what):
        if not good:
            self.wrong[kind].append(what)

    def report(self, kind, name):
        tap.ok(not self.wrong[kind], name, f"seed {SEED}, {len(self.wrong[kind])} differ (SQL, Python):\n"
               + "\n".join(map(str, self.wrong[kind][:10])))


def compare_random():
    """Compare all bills of random scenarios, in databases with other prices, mixes and measurements."""
    found = Comparison()
    for i in range(DATABASES):
        db, scenarios = bill_scenarios.random_database(random.Random(f"{SEED} {i}"), SCENARIOS, i % 2, i % 4 > 1)
        found.add(i, scenarios, bill_scenarios.by_sql(db), bill_scenarios.by_bill(db, scenarios))
    n = f"{DATABASES * SCENARIOS:,} random scenarios"
    found.report("option", f"{n} have the options that docs/bill.md gives them")
    found.report("vms", f"{n} need the same numbers of VMs by SQL and by the second implementation")
    found.report("missing", f"{n} lack the same prices by SQL and by the second implementation")
    found.report("bill", f"{n} cost the same by SQL and by the second implementation, with and without the free tier")
    found.report("quantity", f"{n} have the same quantities of each part of each bill")
    found.report("cost", f"{n} have the same cost of each part of each bill")
    least = DATABASES * SCENARIOS // 40
    tap.ok(len(found.bills) == 13 and min(found.bills.values()) > least, "each option has a bill in many of them", found.bills)
    tap.ok(len(found.parts) == 29 and min(found.parts.values()) > least, "each part has a cost in many of them", found.parts)


def costs_of(db, scenarios):
    """Return {(scenario, option, free): cost} of the bills by SQL."""
    bill_scenarios.set_scenarios(db, scenarios)
    bill_scenarios.compute(db)
    return {tuple(key): cost for *key, cost in db.execute("SELECT scenario, option, free, cost FROM bill")}


def compare_types():
    """Compare the bills of scenarios whose numbers are typed as integers with those where they are reals."""
    db, scenarios = bill_scenarios.random_database(random.Random(f"{SEED} types"), TWINS, True)
    twins = {f"twin of {name}": {key: bill_scenarios.retyped(value) for key, value in values.items()}
             for name, values in scenarios.items()}
    changed = sum(type(value) is not type(twins[f"twin of {name}"][key]) for name, of in scenarios.items() for key, value in of.items())
    costs = costs_of(db, {**scenarios, **twins})
    wrong = [(key, cost, costs[f"twin of {key[0]}", *key[1:]]) for key, cost in costs.items()
             if key[0] in scenarios and cost != costs[f"twin of {key[0]}", *key[1:]]]
    tap.ok(changed > 5 * TWINS and not wrong, "a number typed as an integer gives the bill that it gives as a real", (changed, wrong[:5]))


def compare_rising(parameter, low, high):
    """Check that no bill falls when a parameter rises."""
    rng = random.Random(f"{SEED} {parameter}")
    db, bases = bill_scenarios.random_database(rng, LADDERS, True)
    ladder = {}
    for name, values in bases.items():
        steps = sorted(round(low * (high / low) ** rng.random(), rng.randint(0, 3)) for _ in range(STEPS))
        for i, step in enumerate(steps):
            ladder[f"{name} {i}"] = {"billed_ms": 5, **values, parameter: rng.choice((step, int(step)))
                                     if i == 0 else step}
    costs = costs_of(db, ladder)
    pairs = [((scenario, option, free), cost, costs[after]) for (scenario, option, free), cost in costs.items()
             if (after := (f"{scenario[:-1]}{int(scenario[-1]) + 1}", option, free)) in costs and cost is not None]
    wrong = [pair for pair in pairs if pair[2] is None or pair[2] < pair[1] * (1 - 1e-12)]
    tap.ok(len(pairs) > 500 and not wrong, f"no bill falls when {parameter} rises from {low} to {high}", (len(pairs), wrong[:5]))


# Known answers.

def known(option, statements="", part=None, free=0, column="cost", **parameters):
    """Return the cost of an option in the scenario hobby, or of its parts, to the cent; of both implementations, where they differ."""
    db = bill_scenarios.create()
    db.executescript(statements)
    scenarios = {"hobby": {**KNOWN, **parameters}}
    bill_scenarios.set_scenarios(db, scenarios)
    found = [chosen(of["hobby", option], part, free, column)
             for of in (bill_scenarios.by_sql(db), bill_scenarios.by_bill(db, scenarios))]
    return round(float(found[0]), 2) if close(*found) else tuple(found)


def chosen(of, parts, free, column):
    if column == "vms":
        return of["vms"]
    if parts is None:
        return of["bill"][free]
    return sum(values[column == "cost"] for (name, _, is_free), values in of["parts"].items() if name in parts and is_free == free)


def price(item, value, above=0):
    return f"INSERT OR REPLACE INTO price VALUES ('us-east-1', '{item}', {above}, {value}, '', '', '2026-11-29', 'aws', '');"


def sizes(request_bytes, response_bytes):
    return f"INSERT INTO endpoint VALUES ('it', '', '/', {request_bytes}, {response_bytes}); INSERT INTO mix VALUES ('it', 1);"


def check_by_hand():
    for option, cost in (("lambda http arm64", 11.80), ("lambda rest arm64", 36.80), ("lambda url arm64", 1.80), ("vm t4g.nano", 7.36)):
        tap.equal(known(option, free=1), cost, f"10 million requests of 2 ms on {option} cost ${cost:.2f} with the free tier")
    busy = {"requests": 2500000, "vm_cpu_ms": 300}
    tap.equal((known("vm t4g.nano", column="vms", **busy), known("vm t4g.nano", free=1, **busy)), (3, 22.07),
              "2.5 million requests of 300 ms of a processor need three t4g.nano, whose baseline is 5 %, for $22.07")
    tap.equal(known("vm t3.small", column="vms", **busy), 2,
              "2.5 million requests of 300 ms of a processor need two t3.small, half idle in the busiest second")
    tap.equal(known("vm t4g.nano", free=1, instances=2), 14.71, "two t4g.nano cost $14.71")
    tap.equal(known("vm t4g.nano", free=1, instances=2, load_balancer=1, lcu=0.1), 31.72,
              "two t4g.nano without public addresses behind an ALB with two of them, which uses 0.1 LCU, cost $31.72")
    article = {**PLAIN, "requests": 3200000, "billed_ms": 1000}
    tap.equal((known("lambda url x86_64", part=["compute"], column="quantity", memory_mb=100, **article),
               known("lambda url x86_64", free=1, memory_mb=100, **article)), (312500, 0.44),
              "3.2 million seconds of 100 MB are 312,500 GB-s, which are free, and $0.44 for the requests")
    tap.equal((known("lambda url x86_64", part=["compute"], free=1, **article), known("lambda url x86_64", part=["compute"], **article)), (0, 6.67),
              "3.2 million seconds of 128 MB are just free, and cost $6.67 without the free tier")


# AWS's own examples, with the inputs and prices that they give. Each is named by its page.

def check_lambda_examples():
    old = price("lambda.compute.x86_64", 0.00001667)
    tap.equal(known("lambda url x86_64", old, free=1, **{**PLAIN, "requests": 3000000, "memory_mb": 512, "billed_ms": 1000}), 18.74,
              "AWS Lambda Pricing, example 1: 3 million requests of 1 s at 512 MB cost $18.74")
    tap.equal(known("lambda url x86_64", old, free=1, **{**PLAIN, "requests": 30000000, "billed_ms": 200}), 11.63,
              "AWS Lambda Pricing, example 2: 30 million requests of 200 ms at 128 MB cost $11.63")
    blog = {**PLAIN, "requests": 60000000, "memory_mb": 1024, "billed_ms": 28}
    tap.equal([known("lambda url x86_64", part=part, **blog) for part in (["compute"], ["requests"], None)], [28, 12, 40],
              "AWS News Blog, New for AWS Lambda – 1ms Billing Granularity: 60 million requests of 28 ms at 1 GB cost $28 and $12, in all $40")
    tiers = "DELETE FROM price WHERE item = 'logs.vended';" + "".join(
        price("logs.vended", value, above) for above, value in ((0, 0.5), (10000, 0.25), (30000, 0.1), (50000, 0.05)))
    tap.equal(known("lambda url x86_64", tiers, part=["function log"], requests=6e10, function_log_bytes=1000), 12500,
              "AWS Compute Blog on tiered prices of Lambda's logs: 60 TB a month cost $12,500")


def check_gateway_examples():
    rest = {**PLAIN, "requests": 5000000}
    answers = sizes(0, 2860)  # 5 million answers of 3 KB, which the page counts as 14.3 GB
    tap.equal([known("lambda rest x86_64", answers, part=part, **rest) for part in (["gateway"], ["transfer"], ["gateway", "transfer"])],
              [17.5, 1.29, 18.79],
              "Amazon API Gateway Pricing, REST API: 5 million calls with 14.3 GB of answers cost $17.50 and $1.29, in all $18.79")
    euro = answers + price("gateway.rest", 0.0000036514) + price("transfer", 0.07723233)
    tap.equal([int(known("lambda rest x86_64", euro, part=[part], **rest) * 10) for part in ("gateway", "transfer")], [182, 11],
              "Amazon API Gateway Pricing, European Sovereign Cloud: 5 million calls with 14.3 GB cost €18.2 and €1.1")
    tap.equal(known("lambda http x86_64", part=["gateway"], requests=432000000), 418.8,
              "Amazon API Gateway Pricing, HTTP API: 432 million calls cost 300 times $1.00 and 132 times $0.90")
    tap.equal(known("lambda http x86_64", sizes(100, 524289), part=["gateway"], requests=216000000), 418.8,
              "Amazon API Gateway Pricing: HTTP APIs are metered in increments of 512 KB, so that 216 million answers of one byte more count as 432")


def check_balancer_examples():
    parts = {"part": ["load balancer", "capacity units"], "month_hours": 720, "load_balancer": 1, "header_bytes": 0}
    for option, units in (("vm t4g.nano", 1.08), ("lambda alb x86_64", 2.7)):
        tap.equal(known(option, sizes(0, 60000), **parts, requests=5 * 720 * 3600, requests_per_connection=5, connection_seconds=120),
                  round(16.2 + units * 5.76, 2), "Elastic Load Balancing Pricing, Application Load Balancer, example 1: a connection a second for"
                  f" 2 minutes, 5 requests and 300 KB a second are {units} LCU" + (", or $22.42" if units == 1.08 else " to a function"))
    tap.equal(known("vm t4g.nano", sizes(0, 25000), **parts, requests=4 * 720 * 3600, requests_per_connection=0.04, connection_seconds=180), 50.76,
              "Elastic Load Balancing Pricing, Application Load Balancer, example 2: 100 connections a second for 3 minutes, 4 requests and"
              " 100 KB a second are 6 LCU, or $50.76")


def check_credit_example():
    large = "INSERT INTO instance VALUES ('t3.large', 'x86_64', 2, 8192, 0.3);" + price("vm.t3.large", 0.0832)
    day = {"month_hours": 24, "requests": 86400, "peak_factor": 1, "headroom": 0, "surplus_credits": 1, "part": ["credits"]}
    tap.equal([known("vm t3.large", large, **day, vm_cpu_ms=ms, column=column) for ms, column in
               ((600, "quantity"), (800, "quantity"), (800, "cost"))], [0, 4.8, 0.24],
              "EC2 User Guide, Unlimited mode concepts: a t3.large at 30 % pays no credits, and at 40 % those of 10 % of its two vCPUs")


def check_free_examples():
    cdn = {**PLAIN, "cdn": 1, "requests": 10000000, "part": ["CDN, transfer", "CDN, requests"]}
    tap.equal([known("lambda url arm64", sizes(0, 100000), **cdn, free=free) for free in (1, 0)], [0, 95],
              "Amazon CloudFront Pricing: 1 TB and 10 million requests are free, and cost $85 and $10 without the free tier")
    warm = {**PLAIN, "requests": 1200000, "memory_mb": 1024, "billed_ms": 1000, "provisioned": 1000, "provisioned_share": 1, "month_hours": 2}
    tap.equal([known("lambda url x86_64", part=[part], **warm, free=1) for part in ("provisioned", "requests", "compute, provisioned")],
              [30, 0.24, 11.67], "AWS Lambda Pricing: the free tier does not apply with Provisioned Concurrency; 1,000 environments of 1 GB for two"
              " hours cost $30, and their 1.2 million requests of 1 s $0.24 and $11.67")
    tap.equal([known("vm t4g.nano", vm_alarms=alarms, vm_metrics=metrics, free=1, part=["alarms", "metrics"])
               for alarms, metrics in ((10, 10), (11, 12))], [0, 0.7],
              "Amazon CloudWatch Pricing: 10 alarms and 10 metrics are free, an eleventh alarm costs $0.10, and two more metrics $0.60")


tap.plan(8 + 1 + 3 + 10 + 4 + 4 + 3 + 1 + 3)
print(f"# seed {SEED}; SERVERFUL_SEED sets another one", flush=True)
compare_random()
compare_types()
compare_rising("requests", 1, 1e10)
compare_rising("billed_ms", 1, 2000)
compare_rising("memory_mb", 128, 10240)
check_by_hand()
check_lambda_examples()
check_gateway_examples()
check_balancer_examples()
check_credit_example()
check_free_examples()
tap.done()
