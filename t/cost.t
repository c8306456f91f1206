#!/usr/bin/python3
"""The cost model of sql/cost.sql computes the bills that were worked out by hand from the price list."""

import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results
import shadow
import summary

PLAIN = {"cold_share": 0, "function_log_bytes": 0, "header_bytes": 0, "billed_ms": 2, "vm_cpu_ms": 0.1, "vm_memory_mb": 50, "lambda_cpu_ms": 0.05}


def model(statements="", **parameters):
    """Return a results.db without measurements, with the scenario hobby alone, with parameters set and after SQL statements."""
    db = sqlite3.connect(":memory:")
    results.create(db)
    db.executescript("DELETE FROM scenario_parameter; DELETE FROM scenario WHERE name <> 'hobby';")
    for name, value in {**PLAIN, **parameters}.items():
        assert db.execute("UPDATE parameter SET value = ? WHERE name = ?", (value, name)).rowcount == 1
    db.executescript(statements)
    return db


def rows(db, query, *values):
    """Return the rows of a query on the views, each of which is computed once; at the scenario's own volume but for break-evens."""
    before, after = ("setting", "demand", "option", "need", "tier", "machine"), ("fleet", "line", "bill", "break_even")
    with shadow.tables(db, *before, "volume", *after):
        shadow.compute(db, before)
        if "break_even" in query:
            shadow.compute(db, ["volume"])
        else:
            shadow.own_volumes(db)
        shadow.compute(db, after)
        return db.execute(query, values).fetchall()


def one(db, query, *values):
    return rows(db, query, *values)[0][0]


def bill(db, option, free=1):
    return one(db, "SELECT round(cost, 4) FROM bill JOIN setting USING (scenario, requests) WHERE scenario = 'hobby' AND option = ? AND free = ?", option, free)


def part(db, option, name, column="cost", free=1):
    return one(db, f"SELECT round({column}, 4) FROM line JOIN setting USING (scenario, requests)"
                   " WHERE scenario = 'hobby' AND option = ? AND part = ? AND free = ?", option, name, free)


def fleet(db, option):
    return one(db, "SELECT n FROM fleet JOIN setting USING (scenario, requests) WHERE scenario = 'hobby' AND option = ?", option)


def endpoint(name, share, request_bytes=0, response_bytes=0):
    return f"""INSERT INTO endpoint VALUES ('{name}', '', '/', {request_bytes}, {response_bytes});
               INSERT INTO mix VALUES ('{name}', {share});"""


def invocations(name, memory_mb, *durations):
    return "".join(f"INSERT INTO invocation (endpoint, memory_mb, duration_ms, init_ms, used_mb) VALUES ('{name}', {memory_mb}, {ms}, NULL, 10);" for ms in durations)


tap.plan(51)

# 3.2 million invocations of 1 s, as in the article.
db = model(requests=3200000, billed_ms=1000, memory_mb=100)
tap.equal(part(db, "lambda url x86_64", "compute", "quantity"), 312500, "3.2 million invocations of 1 s at 100 MB use 312,500 GB-s")
tap.equal(bill(db, "lambda url x86_64"), 0.44, "for 3.2 million invocations of 1 s at 100 MB, compute is free and requests cost $0.44")
db = model(requests=3200000, billed_ms=1000, memory_mb=128)
tap.equal(part(db, "lambda url x86_64", "compute", "quantity"), 400000, "3.2 million invocations of 1 s at 128 MB use 400,000 GB-s")
tap.equal(part(db, "lambda url x86_64", "compute"), 0, "400,000 GB-s are within the free tier")
tap.equal(part(db, "lambda url x86_64", "compute", free=0), 6.6667, "400,000 GB-s of x86_64 cost $6.67 without the free tier")

# The limits of the free tier.
tap.equal(bill(model(requests=1000000, billed_ms=3200), "lambda url arm64"), 0, "1 million requests and 400,000 GB-s cost nothing with the free tier")
tap.equal(bill(model(requests=2000000, billed_ms=3200), "lambda url arm64"), 5.5334,
          "2 million requests and 800,000 GB-s of arm64 cost $5.53: half of each is free")
tap.equal(bill(model(requests=2000000, billed_ms=3200), "lambda url x86_64"), 6.8667,
          "2 million requests and 800,000 GB-s of x86_64 cost $6.87: half of each is free")

# Ten million requests of 2 ms at 128 MB.
db = model()
found = dict(((option, free), usd) for option, free, usd in rows(
    db, "SELECT option, free, round(cost, 4) FROM bill JOIN setting USING (scenario, requests) WHERE scenario = 'hobby'"))
for option, free, usd in (("lambda http arm64", 1, 11.80), ("lambda rest arm64", 1, 36.80), ("lambda url arm64", 1, 1.80),
                          ("lambda http arm64", 0, 12.0333), ("vm t4g.nano", 1, 7.356), ("vm t4g.small", 1, 16.554),
                          ("vm t3.micro", 1, 11.882)):
    tap.equal(found[option, free], usd, f"10 million requests of 2 ms on {option} cost ${usd} {'with' if free else 'without'} the free tier")
crossings = rows(db, "SELECT lambda, round(requests), cheaper_below FROM break_even WHERE scenario = 'hobby' AND vm = 'vm t4g.nano' AND free")
for lambda_, requests in (("http", 6296667), ("rest", 2042162), ("url", 37780000)):
    found = [crossing[1:] for crossing in crossings if crossing[0] == f"lambda {lambda_} arm64"]
    tap.equal(found, [(requests, "lambda")], f"lambda {lambda_} breaks even with a t4g.nano at {requests:,} requests, and is cheaper below")

# Tiers.
tap.equal(part(model(requests=2e10, billed_ms=1000, memory_mb=1024), "lambda url x86_64", "compute", free=0), 301667.2,
          "20 billion GB-s of x86_64 have three prices, for 6, 9 and 5 billion")
tap.equal(part(model(requests=4e8), "lambda http arm64", "gateway"), 390, "400 million requests of an HTTP API have two prices, for 300 and 100 million")
tap.equal(part(model(requests=1.5e9), "lambda rest arm64", "gateway"), 4223.1,
          "1.5 billion requests of a REST API have three prices, for 333, 667 and 500 million")

# The sizes of responses and logs, and cold starts.
db = model(endpoint("big", 1, 0, 600000))
tap.equal(part(db, "lambda http arm64", "gateway"), 20, "a response of 600 KB is billed as two requests of an HTTP API")
tap.equal(part(db, "lambda rest arm64", "gateway"), 35, "a response of 600 KB is billed as one request of a REST API")
db = model(endpoint("page", 1, 0, 49700), header_bytes=300)
tap.equal(part(db, "lambda url arm64", "transfer"), 36, "10 million responses of 50 kB from a function cost the transfer of 500 GB, of which 100 GB are free")
tap.equal(part(db, "vm t3.nano", "transfer"), 36, "10 million responses of 50 kB from a VM cost the same transfer")
tap.equal(part(model(requests=1e8, function_log_bytes=330), "lambda url arm64", "function log"), 14, "33 GB of log cost $14, since 5 GB are free")
db = model(requests=1000000, billed_ms=1, memory_mb=1024, cold_share=0.01, init_ms=100)
tap.equal(part(db, "lambda url arm64", "compute", "quantity"), 2000, "with 1 % cold starts, the init of one request in a hundred is billed")

# Measured durations, rounded up to milliseconds and weighted by the mix.
db = model(endpoint("fast", 3) + endpoint("slow", 1) + invocations("fast", 128, 0.2, 1.0, 1.01)
           + invocations("slow", 128, 9.5) + invocations("fast", 1024, 0.1) + invocations("slow", 1024, 1.0), billed_ms=None)
tap.equal(one(db, "SELECT billed_ms FROM demand WHERE scenario = 'hobby'"), 3.5, "billed_ms is the mean of the durations in whole ms, weighted by the mix")
tap.equal(rows(db, "SELECT memory_mb, round(cost_per_million, 6) FROM memory_size WHERE scenario = 'hobby' AND architecture = 'arm64'"),
          [(128, 0.005833), (1024, 0.013333)], "the view memory_size has the compute of a million requests at each measured size")
db.execute("UPDATE parameter SET value = 512 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand WHERE scenario = 'hobby'"), 3.5, "a memory size that was not measured has the durations of the next smaller one")
db.execute("UPDATE parameter SET value = 2048 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand WHERE scenario = 'hobby'"), 2, "a memory size above all measured ones has the durations of the largest, but at least the public figure")
db.execute("UPDATE mix SET share = 0 WHERE endpoint = 'fast'")
db.execute("UPDATE parameter SET value = 128 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand WHERE scenario = 'hobby'"), 10, "a change of the mix changes billed_ms without another measurement")

# A log does not tell which endpoint an invocation was for.
db = model(endpoint("a", 1) + endpoint("b", 1) + "INSERT INTO invocation (endpoint, memory_mb, duration_ms, init_ms, used_mb) VALUES (NULL, 128, 4.2, NULL, 10), (NULL, 128, 6, 30, 10)",
           billed_ms=None)
tap.equal(one(db, "SELECT billed_ms FROM demand WHERE scenario = 'hobby'"), 5, "billed_ms of a log is the mean of its invocations without their cold starts, for all endpoints")

# The number of VMs. A month has 2,628,000 s, so that a billion requests of 10 ms need 3.81 processors, and 19.03 at the peak.
db = model(requests=1e9, vm_cpu_ms=10)
tap.equal(fleet(db, "vm c7g.large"), 20, "a load of 19.03 processors at the peak needs 20 VMs with 2 processors, which stay half free")
tap.equal(fleet(db, "vm t4g.nano"), 39, "a mean load of 3.81 processors needs 39 VMs with 2 processors and a baseline of 5 %")
tap.equal(bill(db, "vm c7g.large"), 1144.3, "20 c7g.large cost 14,600 h of a VM and of an IPv4 address, and 160 GB of disk")
tap.equal(fleet(model(instances=2), "vm t4g.nano"), 2, "the parameter instances is the smallest number of VMs")
tap.equal((fleet(model(vm_memory_mb=400), "vm t4g.nano"), bill(model(vm_memory_mb=400), "vm t4g.nano")), (None, None),
          "a VM with too little memory has no bill")
db = model(endpoint("a", 1) + "INSERT INTO series VALUES (1, 'vm', 'a', NULL, 1, 8, 0.5, 60);"
           + "INSERT INTO sample VALUES " + ", ".join(["(1, 0, 100, 200)"] * 1000), vm_cpu_ms=None, vm_memory_mb=None, vm_speed=2)
tap.equal(rows(db, "SELECT vm_cpu_seconds, vm_memory_mb FROM demand")[0], (0.00025, 60),
          "vm_speed=2 halves the measured processor time of a request on the VM")

# Edits of the tables.
db = model("UPDATE price SET price = 0.000002 WHERE item = 'gateway.http' AND above = 0")
tap.equal(bill(db, "lambda http arm64"), 21.8, "an edited price changes the bill")
db = model(region="eu-central-1")
tap.equal(one(db, "SELECT count(*) FROM option"), 0, "a region without prices has no options")
db = model("DELETE FROM price WHERE item = 'ipv4'")
tap.equal((bill(db, "vm t4g.nano"), one(db, "SELECT item FROM missing WHERE scenario = 'hobby' AND option = 'vm t4g.nano'")), (None, "ipv4"),
          "a bill that lacks a price is NULL, and the view missing names the price")
for statement, why in (("UPDATE parameter SET value = 'many' WHERE name = 'requests'", "value: text for a text"),
                       ("UPDATE parameter SET value = -1 WHERE name = 'requests'", "value: text for a text"),
                       ("INSERT INTO price VALUES ('us-east-1', 'x', 0, 1, '', '', 'today', 'aws', '')", "date"),
                       ("INSERT INTO price VALUES ('us-east-1', 'x', 0, 1, '', '', '2026-01-01', 'sure', '')", "status")):
    try:
        model(statement)
        refusal = "none"
    except sqlite3.IntegrityError as error:
        refusal = str(error)
    tap.ok(why in refusal, f"the schema rejects: {statement}", refusal)
unsure = {row[0] for row in model().execute("SELECT item FROM allowance WHERE status = 'conflict' UNION"
                                            " SELECT item FROM price WHERE status = 'conflict'")}
tap.ok({"transfer", "vm.c7g.large"} <= unsure, "prices that sources disagree about have the status conflict", unsure)

# Percentiles by nearest rank; NULL where there are too few samples.
db = model(endpoint("a", 1) + "INSERT INTO series VALUES (1, 'vm', 'a', 10, 1, 8, NULL, NULL), (2, 'vm', 'a', 20, 1, 8, NULL, NULL);"
           + "INSERT INTO sample VALUES " + ", ".join(f"(1, 0, {n * 1000}, {503 if n == 7 else 200})" for n in range(100, 0, -1))
           + "; INSERT INTO sample VALUES (2, 0, 4000, 200)")
tap.equal(rows(db, "SELECT n, failed, p50, p90, p99, p999, max, per_second FROM latency"),
          [(100, 1, 50.0, 90.0, 99.0, None, 100.0, 100.0), (1, 0, 4.0, None, None, None, 4.0, 1.0)],
          "the view latency has percentiles by nearest rank, and NULL where there are too few samples")
# The latencies of 1,000 requests that took 1 ms, 2 ms, … 1,000 ms.
db = model(endpoint("a", 1) + """INSERT INTO series (side, endpoint, rate, seconds, connections) VALUES ('vm', 'a', 10, 100, 1);
    WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i - 1 FROM n WHERE i > 1)
    INSERT INTO sample (series, due_us, took_us, status) SELECT (SELECT max(id) FROM series), i * 100000, i * 1000, 200 FROM n;""")
row, = summary.read(db, "hobby")["latency"]
tap.equal([row[name] for name in ("p50", "p90", "p99", "p999", "max")], [500, 900, 990, 999, 1000],
          "the percentiles of 1,000 latencies are the nearest ranks")
quantiles = dict(row["quantiles"])
tap.equal([quantiles.get(share) for share in (0, 0.01, 0.5, 0.99, 0.999, 1)], [1, 10, 500, 990, 999, 1000],
          "the curve of 1,000 latencies has the nearest ranks")
tap.equal([share for share in (0.9995, 0.9999) if share in quantiles], [],
          "the curve of 1,000 latencies has no share that no request lies beyond")
tap.done()
