#!/usr/bin/python3
"""The cost model of sql/cost.sql against bills that were worked out by hand from the price list."""

import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results

PLAIN = {"cold_share": 0, "log_bytes": 0, "header_bytes": 0, "billed_ms": 2, "vm_cpu_ms": 0.1, "vm_memory_mb": 50}


def model(statements="", **parameters):
    """An empty results.db with parameters set, after SQL statements."""
    db = sqlite3.connect(":memory:")
    results.create(db)
    for name, value in {**PLAIN, **parameters}.items():
        assert db.execute("UPDATE parameter SET value = ? WHERE name = ?", (value, name)).rowcount == 1
    db.executescript(statements)
    return db


def one(db, query, *values):
    return db.execute(query, values).fetchone()[0]


def bill(db, option, free=1):
    return one(db, "SELECT round(usd, 4) FROM bill JOIN scenario USING (requests) WHERE option = ? AND free = ?", option, free)


def part(db, option, name, column="usd", free=1):
    return one(db, f"SELECT round({column}, 4) FROM line JOIN scenario USING (requests)"
                   " WHERE option = ? AND part = ? AND free = ?", option, name, free)


def fleet(db, option):
    return one(db, "SELECT n FROM fleet JOIN scenario USING (requests) WHERE option = ?", option)


def endpoint(name, share, request_bytes=0, response_bytes=0):
    return f"""INSERT INTO endpoint VALUES ('{name}', '', '/', {request_bytes}, {response_bytes});
               INSERT INTO mix VALUES ('{name}', {share});"""


def invocations(name, memory_mb, *durations):
    return "".join(f"INSERT INTO invocation VALUES ('{name}', {memory_mb}, {ms}, NULL, 10);" for ms in durations)


tap.plan(48)

# The article's figures: 3.2 million seconds.
db = model(requests=3200000, billed_ms=1000, memory_mb=100)
tap.equal(part(db, "lambda url x86_64", "compute", "quantity"), 312500, "3.2 million seconds at 100 MB: 312,500 GB-s")
tap.equal(bill(db, "lambda url x86_64"), 0.44, "they are free, and 2.2 million requests cost $0.44")
db = model(requests=3200000, billed_ms=1000, memory_mb=128)
tap.equal(part(db, "lambda url x86_64", "compute", "quantity"), 400000, "3.2 million seconds at 128 MB: 400,000 GB-s")
tap.equal(part(db, "lambda url x86_64", "compute"), 0, "which are just free")
tap.equal(part(db, "lambda url x86_64", "compute", free=0), 6.6667, "and without the free tier $6.67")

# The free tier's edges.
tap.equal(bill(model(requests=1000000, billed_ms=3200), "lambda url arm64"), 0, "1 M requests, 400,000 GB-s: nothing")
tap.equal(bill(model(requests=2000000, billed_ms=3200), "lambda url arm64"), 5.5334,
          "twice that: 1 M requests at $0.20, 400,000 GB-s of arm64 at $0.0000133334")
tap.equal(bill(model(requests=2000000, billed_ms=3200), "lambda url x86_64"), 6.8667, "and of x86_64 at $0.0000166667")

# Ten million requests of 2 ms at 128 MB.
db = model()
for option, free, usd in (("lambda http arm64", 1, 11.80), ("lambda rest arm64", 1, 36.80), ("lambda url arm64", 1, 1.80),
                          ("lambda http arm64", 0, 12.0333), ("vm t4g.nano", 1, 7.356), ("vm t4g.small", 1, 16.554),
                          ("vm t3.micro", 1, 11.882)):
    tap.equal(bill(db, option, free), usd, f"10 M requests of 2 ms, {option}, {'with' if free else 'without'} free tier: ${usd}")
for lambda_, requests in (("http", 6296667), ("rest", 2042162), ("url", 37780000)):
    found = db.execute("SELECT round(requests), cheaper_below FROM break_even WHERE lambda = ? AND vm = 'vm t4g.nano' AND free",
                       (f"lambda {lambda_} arm64",)).fetchall()
    tap.equal(found, [(requests, "lambda")], f"{lambda_} costs what a t4g.nano costs at {requests:,} requests")

# Tiers.
tap.equal(part(model(requests=2e10, billed_ms=1000, memory_mb=1024), "lambda url x86_64", "compute", free=0), 301667.2,
          "20 G GB-s of x86_64: 6 G, 9 G and 5 G at three prices")
tap.equal(part(model(requests=4e8), "lambda http arm64", "gateway"), 390, "400 M requests of an HTTP API: 300 + 100 x 0.90")
tap.equal(part(model(requests=1.5e9), "lambda rest arm64", "gateway"), 4223.1,
          "1.5 G requests of a REST API: 333 x 3.50 + 667 x 2.80 + 500 x 2.38")

# What a request sends and leaves behind.
db = model(endpoint("big", 1, 0, 600000))
tap.equal(part(db, "lambda http arm64", "gateway"), 20, "an answer of 600 KB is two units of an HTTP API")
tap.equal(part(db, "lambda rest arm64", "gateway"), 35, "and one request of a REST API")
db = model(endpoint("page", 1, 0, 49700), header_bytes=300)
tap.equal(part(db, "lambda url arm64", "transfer"), 36, "10 M answers of 50 kB: 500 GB, of which 100 are free, at $0.09")
tap.equal(part(db, "vm t3.nano", "transfer"), 36, "from a VM, too")
tap.equal(part(model(requests=1e8, log_bytes=330), "lambda url arm64", "logs"), 14, "33 GB of log, of which 5 are free, at $0.50")
db = model(requests=1000000, billed_ms=1, memory_mb=1024, cold_share=0.01, init_ms=100)
tap.equal(part(db, "lambda url arm64", "compute", "quantity"), 2000, "the init of one request in a hundred is billed")
tap.equal(part(model(first_year=1), "lambda http arm64", "gateway"), 9, "in its first year an account has 1 M of a gateway free")

# What was measured: whole milliseconds, weighed by the mix.
db = model(endpoint("fast", 3) + endpoint("slow", 1) + invocations("fast", 128, 0.2, 1.0, 1.01)
           + invocations("slow", 128, 9.5) + invocations("fast", 1024, 0.1) + invocations("slow", 1024, 1.0), billed_ms=None)
tap.equal(one(db, "SELECT billed_ms FROM demand"), 3.5, "billed in whole ms: 3/4 of (1 + 1 + 2) / 3, and 1/4 of 10")
tap.equal(db.execute("SELECT memory_mb, round(usd_per_million, 6) FROM memory_size WHERE architecture = 'arm64'").fetchall(),
          [(128, 0.005833), (1024, 0.013333)], "compute of a million: 0.125 GB x 3.5 ms, 1 GB x 1 ms")
db.execute("UPDATE parameter SET value = 512 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand"), 3.5, "a size that was not measured is as fast as the next smaller one")
db.execute("UPDATE parameter SET value = 2048 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand"), 1, "or the largest")
db.execute("UPDATE mix SET share = 0 WHERE endpoint = 'fast'")
db.execute("UPDATE parameter SET value = 128 WHERE name = 'memory_mb'")
tap.equal(one(db, "SELECT billed_ms FROM demand"), 10, "another mix is another bill, without measuring")

# From a log it is not known which endpoint an invocation was for.
db = model(endpoint("a", 1) + endpoint("b", 1) + "INSERT INTO invocation VALUES (NULL, 128, 4.2, NULL, 10), (NULL, 128, 6, 30, 10)",
           billed_ms=None)
tap.equal(one(db, "SELECT billed_ms FROM demand"), 5, "the mean of a log stands for all endpoints, its cold starts left out")

# How many VMs. A month has 2,628,000 s; a thousand million requests of 10 ms are 3.81 processors, 19.03 at the peak.
db = model(requests=1e9, vm_cpu_ms=10)
tap.equal(fleet(db, "vm c7g.large"), 20, "of 2 processors that are half free at the peak: 20")
tap.equal(fleet(db, "vm t4g.nano"), 39, "of 2 that may use 5 % for ever: 39")
tap.equal(bill(db, "vm c7g.large"), 1144.3, "twenty of them: 14,600 h at $0.0725 and $0.005, and 160 GB at $0.08")
tap.equal(fleet(model(instances=2), "vm t4g.nano"), 2, "as many as are wanted at least")
tap.equal((fleet(model(vm_memory_mb=400), "vm t4g.nano"), bill(model(vm_memory_mb=400), "vm t4g.nano")), (None, None),
          "a VM that is too small has no bill")
db = model(endpoint("a", 1) + "INSERT INTO series VALUES (1, 'vm', 'a', NULL, 1, 8, 0.5, 60);"
           + "INSERT INTO sample VALUES " + ", ".join(["(1, 0, 100, 200)"] * 1000), vm_cpu_ms=None, vm_memory_mb=None, vm_speed=2)
tap.equal(db.execute("SELECT vm_cpu_seconds, vm_memory_mb FROM demand").fetchone(), (0.00025, 60),
          "1,000 requests in 0.5 s of a processor, on one twice as fast")

# Editing.
db = model("UPDATE price SET usd = 0.000002 WHERE item = 'gateway.http' AND above = 0")
tap.equal(bill(db, "lambda http arm64"), 21.8, "a price that is changed changes the bill")
db = model(region="eu-central-1")
tap.equal((one(db, "SELECT count(usd) FROM bill"), one(db, "SELECT count(*) > 0 FROM bill")), (0, 1),
          "a region without prices has bills that say nothing")
for statement, why in (("UPDATE parameter SET value = 'many' WHERE name = 'requests'", "value: a number"),
                       ("UPDATE parameter SET value = -1 WHERE name = 'requests'", "value: a number"),
                       ("INSERT INTO price VALUES ('us-east-1', 'x', 0, 1, '', '', 'today', 'aws', '')", "date"),
                       ("INSERT INTO price VALUES ('us-east-1', 'x', 0, 1, '', '', '2026-01-01', 'sure', '')", "status")):
    try:
        model(statement)
        refusal = "none"
    except sqlite3.IntegrityError as error:
        refusal = str(error)
    tap.ok(why in refusal, f"refused: {statement}", refusal)
unsure = {row[0] for row in model().execute("SELECT item FROM allowance WHERE status = 'conflict' UNION"
                                            " SELECT item FROM price WHERE status = 'conflict'")}
tap.ok({"transfer", "gateway.rest"} <= unsure, "prices that sources do not agree on are marked", unsure)

# Percentiles: the nearest rank, and none beyond which no sample lies.
db = model(endpoint("a", 1) + "INSERT INTO series VALUES (1, 'vm', 'a', 10, 1, 8, NULL, NULL), (2, 'vm', 'a', 20, 1, 8, NULL, NULL);"
           + "INSERT INTO sample VALUES " + ", ".join(f"(1, 0, {n * 1000}, {503 if n == 7 else 200})" for n in range(100, 0, -1))
           + "; INSERT INTO sample VALUES (2, 0, 4000, 200)")
tap.equal(db.execute("SELECT n, failed, p50, p90, p99, p999, max, per_second FROM latency").fetchall(),
          [(100, 1, 50.0, 90.0, 99.0, None, 100.0, 100.0), (1, 0, 4.0, None, None, None, 4.0, 1.0)], "percentiles")
tap.done()
