#!/usr/bin/python3
"""The cost model of sql/cost.sql computes the bills that were worked out by hand from the price list."""

import math
import os
import sqlite3
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import names
import results
import shadow
import summary
import words

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
    bills = (*shadow.BILLS, "break_even")
    with shadow.tables(db, *shadow.NEEDS, "volume", *bills):
        shadow.compute(db, shadow.NEEDS)
        if "break_even" in query:
            shadow.compute(db, ["volume"])
        else:
            shadow.own_volumes(db)
        shadow.compute(db, bills)
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


tap.plan(114)

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

# The size of a response that is set counts for each endpoint.
two = endpoint("small", 3, 0, 1000) + endpoint("large", 1, 600000, 5000)
tap.equal([part(model(two, response_bytes=size), "lambda http arm64", "gateway", "quantity", 0) for size in (None, 524288, 524289)], [12500000, 12500000, 20000000],
          "a response of one byte more than 512 KB costs two requests to an HTTP API, as a request of 600 kB does")
tap.equal([part(model(two, response_bytes=size), "vm t4g.nano", "transfer", "quantity", 0) for size in (None, 100000)], [20, 1000],
          "the transfer is that of the sizes that were measured, or of the size that is set")

# The number of VMs. A month has 2,628,000 s, so that a billion requests of 10 ms need 3.81 processors, and 19.03 at the peak.
db = model(requests=1e9, vm_cpu_ms=10)
tap.equal(fleet(db, "vm c7g.large"), 20, "a load of 19.03 processors at the peak needs 20 VMs with 2 processors, which stay half free")
tap.equal(fleet(db, "vm t4g.nano"), 39, "a mean load of 3.81 processors needs 39 VMs with 2 processors and a baseline of 5 %")
tap.equal(bill(db, "vm c7g.large"), 1144.3, "20 c7g.large cost 14,600 h of a VM and of an IPv4 address, and 160 GB of disk")
tap.equal(fleet(model(instances=2), "vm t4g.nano"), 2, "the parameter instances is the smallest number of VMs")
tap.equal((fleet(model(vm_memory_mb=400), "vm t4g.nano"), bill(model(vm_memory_mb=400), "vm t4g.nano")), (None, None),
          "a VM with too little memory has no bill")
db = model(endpoint("a", 1) + "INSERT INTO series VALUES (1, 'vm', 'vm', NULL, 'a', NULL, 1, 8, 0.5, 60, NULL);"
           + "INSERT INTO sample VALUES " + ", ".join(["(1, 0, 100, 200)"] * 1000), vm_cpu_ms=None, vm_memory_mb=None, vm_speed=2)
tap.equal(rows(db, "SELECT vm_cpu_seconds, vm_memory_mb FROM demand")[0], (0.00025, 60),
          "vm_speed=2 halves the measured processor time of a request on the VM")

# What was simulated takes the place of cold_share, peak_factor and headroom.


def simulated(*functions, **fleets):
    """Return SQL for what might have been simulated: (requests, cold_share, throttled_share), and of c7g.large and others (requests, VMs, credits)."""
    return "".join(f"INSERT INTO simulated_function VALUES ('hobby', {requests}, {cold}, {throttled}, 1, 1, 1, 1, 1, 1, 1);"
                   for requests, cold, throttled in functions) + "".join(
        "INSERT INTO simulated_fleet (scenario, requests, instance, vms, surplus_credits)"
        f" VALUES ('hobby', {requests}, '{name.replace('_', '.')}', {vms}, {credits});" for name, rows in fleets.items() for requests, vms, credits in rows)


found = simulated((1e6, 0.04, 0), (1e8, 0.02, 0), (1e10, 0.01, 0.1), c7g_large=((1e6, 1, 0), (2e6, 5, 0), (4e6, "NULL", "NULL")),
                  t4g_nano=((1e6, 2, 0), (3e6, 4, 7200)))
db = model(found, traffic="log", requests=1e7, init_ms=100, billed_ms=1, memory_mb=1024)
tap.equal([round(one(db, "SELECT cold_share FROM demand"), 9), part(db, "lambda url arm64", "compute", "quantity")], [0.03, 40000],
          "halfway between 4 % at a million and 2 % at 100 million requests on a logarithmic scale, 3 % of 10 million need an init")
for requests, share in ((10, 0.04), (1e6, 0.04), (1e9, 0.015), (1e11, 0.01)):
    tap.equal(round(one(model(found, traffic="log", requests=requests), "SELECT cold_share FROM demand"), 9), share,
              f"at {requests:,.0f} requests the share of cold starts is {share * 100:g} %, between those that were simulated, or that at the end")
tap.equal([fleet(model(found, traffic="log", requests=requests, spare=1, instances=3), "vm c7g.large") for requests in (1e5, 1.5e6, 1.5000001e6, 2e6, 3e6)],
          [3, 4, 5, 6, None], "VMs between two volumes are a straight line, rounded up, with the spare one, at least `instances`, and unknown beside an unknown number")
tap.equal([fleet(model(found, traffic="log", requests=requests), "vm t4g.nano") for requests in (3e6, 6e6, 2.1e7)], [4, 8, 28],
          "above the last volume that was simulated, the VMs grow with the volume")
tap.equal(fleet(model(found, traffic="log", requests=2.5e6, autoscaling=1), "vm t4g.nano"), 3.5, "with autoscaling the number of VMs is a mean")
tap.equal(part(model(found, traffic="log", requests=2e6, surplus_credits=1), "vm t4g.nano", "credits", "quantity"), 60,
          "3,600 surplus credits that were simulated are 60 vCPU hours")
tap.equal((fleet(model(found, traffic="log", requests=2e6, vm_memory_mb=400), "vm t4g.nano"), fleet(model(found, traffic="log", requests=2e6), "vm t3.small")), (None, 1),
          "a type with too little memory has no bill, and one that was not simulated the VMs of peak_factor and headroom")
logged = model(found + "INSERT INTO evidence VALUES ('cold_share', 0.06, 'a log of Lambda');", traffic="log", requests=1e8, init_ms=100, billed_ms=1, memory_mb=1024)
tap.equal([one(logged, "SELECT cold_share FROM demand"), *(round(share, 9) for share, in logged.execute(
    "SELECT cold_share FROM cold WHERE requests IN (1e6, 1e8) ORDER BY requests DESC"))],
          [0.06, 0.06, round(0.04 / 0.96 * (0.06 / 0.94) / (0.02 / 0.98) / (1 + 0.04 / 0.96 * (0.06 / 0.94) / (0.02 / 0.98)), 9)],
          "a share of cold starts in a log of Lambda counts at the scenario's own volume, and moves the odds of the others")
quiet = model(found, traffic="none", requests=1e7, init_ms=100, cold_share=0.5)
tap.equal([one(quiet, "SELECT cold_share FROM demand"), fleet(quiet, "vm c7g.large")], [0.5, 1], "with the traffic 'none' nothing that was simulated counts")
added = [round(requests) for requests, in model(found, traffic="log").execute("SELECT requests FROM volume WHERE abs(requests - 1.5e6) < 1 ORDER BY requests")]
tap.equal(added, [1500000, 1500000], "the volumes with bills have those just before and after which a simulated VM is added")
quotas = dict(model(found, traffic="log").execute("SELECT quota, round(requests) FROM over_quota WHERE option = 'lambda http arm64'"))
tap.equal((quotas["request rate"], quotas["gateway rate"], quotas["concurrency"] > 1e9), (1e9, 1e9, True),
          "a quota does not suffice above a volume between the last one at which no request was throttled and the next one")
tap.equal(model(simulated((1e6, 0.04, 0)), traffic="log").execute("SELECT * FROM over_quota").fetchall(), [], "without throttled requests each quota suffices")

db = model("DELETE FROM instance WHERE name <> 'c7g.large';" + simulated((1e6, 0.01, 0), c7g_large=((1e6, 1, 0), (1e9, 1000, 0))), traffic="log")
moved = summary.flip.least_costs(db, "hobby", {"twice": {"vm_cpu_ms": 0.2}, "assumed": {"traffic": "none"}})
tap.equal([round(moved[name]["vm"] / moved["assumed"]["vm"], 6) for name in (None, "twice")], [10, 20],
          "a request that takes twice the processor time needs the VMs of twice the volume that was simulated")

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

# Percentiles by nearest rank, of successful requests; NULL where fewer than ten lie beyond.


def series(number, statuses, target="vm", at="a"):
    """Return SQL for a series of requests that took 1 ms, 2 ms, and so on, the slowest first, and ended with these statuses."""
    side = "vm" if target == "vm" else "lambda"
    return (f"INSERT INTO series (id, side, target, endpoint, rate, seconds, connections) VALUES ({number}, '{side}', '{target}', '{at}', 10, 100, 1);"
            f"INSERT INTO sample SELECT {number}, 0, (key + 1) * 1000, value FROM json_each('{list(statuses)}') ORDER BY key DESC;")


PERCENTILES = ("p50", "p90", "p99", "p999", "max")
for n, expected in ((1, [None, None, None, None, 1]), (19, [None, None, None, None, 19]), (20, [10, None, None, None, 20]), (99, [50, None, None, None, 99]),
                    (100, [50, 90, None, None, 100]), (999, [500, 900, None, None, 999]), (1000, [500, 900, 990, None, 1000]),
                    (9999, [5000, 9000, 9900, None, 9999]), (10000, [5000, 9000, 9900, 9990, 10000])):
    row, = summary.latencies(model(endpoint("a", 1) + series(1, [200] * n)))
    tap.equal([row[name] for name in PERCENTILES], expected, f"{n} latencies have the percentiles beyond which ten of them lie, by nearest rank")
    quantiles = dict(row["quantiles"])
    tap.equal(({share for share in (0.5, 0.9, 0.99, 0.999) if share in quantiles}, quantiles[0], quantiles[1]),
              ({share for share, ms in zip((0.5, 0.9, 0.99, 0.999), expected) if ms}, 1, n), f"the curve of {n} latencies has no other shares than the view")
row, = summary.latencies(model(endpoint("a", 1) + series(1, [200] * 990 + [429] * 10)))
tap.equal([row[name] for name in ("n", "answered", "failed", "failed_share", "per_second", "void", "p50", "p90", "max")],
          [1000, 990, 10, 0.01, 9.9, None, 495, 891, 990], "failed requests are counted, and enter no percentile")
row, = summary.latencies(model(endpoint("a", 1) + series(1, [429] * 2000 + [0] * 500 + [200] * 500)))
tap.equal(([row[name] for name in ("answered", "failed", *PERCENTILES)], row["void"], row["quantiles"]),
          ([500, 2500] + [None] * 5, "2,500 of 3,000 requests failed: 2,000 × 429, 500 × no answer", []),
          "a series of which more than 1 % failed is void, has no percentile, and says why")
row, = summary.latencies(model(endpoint("a", 1) + series(1, [502] * 40)))
tap.equal((row["answered"], row["void"]), (0, "40 of 40 requests failed: 40 × 502"), "a series without any answer is void")

# What a client waits for the mix.
CLIENT = ("p50", "p90", "p99", "warm_p50", "warm_p90", "warm_p99")


def client(db, target, scenario="hobby"):
    """Return the row of a target in the view client_latency, or None."""
    db.row_factory = sqlite3.Row
    return db.execute("SELECT * FROM client_latency WHERE scenario = ? AND target = ?", (scenario, target)).fetchone()


COLD = "INSERT INTO cold_start VALUES (10, 1, 2000), (10, 1, 4000);"
db = model(endpoint("a", 1) + endpoint("b", 3) + series(1, [200] * 1000) + series(2, [200] * 2000, at="b") + series(3, [200] * 1000, "lambda-host")
           + series(4, [200] * 2000, "lambda-host", "b") + COLD, cold_share=0.02, init_ms=10)
row = client(db, "vm")
# a is a quarter of the mix: x of the 1,000 latencies of a and x of the 2,000 of b are at most x ms.
tap.equal([row[name] for name in CLIENT], [800, 1734, 1974] * 2, "the latency of a mix weighs each endpoint by its share, and a VM has no cold starts")
row = client(db, "lambda-host")
tap.equal([row[name] for name in CLIENT], [817, 1783, 2000, 800, 1734, 1974], "cold starts count in their share for what a client of Lambda waits")
tap.equal(client(model(endpoint("a", 1) + series(1, [200] * 2000, "lambda-host") + COLD, cold_share=0.02, init_ms=510), "lambda-host")["p99"], 2500,
          "a cold start takes longer by as much as its init counts longer in the bills")
db.execute("INSERT INTO round_trip VALUES ('url', 20, 30000, NULL)")
db.execute("UPDATE series SET target = 'url', url = 'https://f.example' WHERE target = 'lambda-host'")
tap.equal([client(db, "url")[name] for name in ("p99", "warm_p99", "url")], [2030, 1974, "https://f.example"], "a target with a URL has a row of its own, and its cold starts take a round trip longer")
db.execute("UPDATE sample SET status = 429 WHERE series = 4 AND took_us > 1900000")
tap.equal(client(db, "url"), None, "a mix of which a series is void has no latency")
tap.equal([client(model(endpoint("a", 1) + endpoint("b", 1) + series(1, [200] * n) + series(2, [200] * n, at="b")), "vm")["p99"] for n in (499, 500)], [None, 495],
          "two endpoints with 500 requests each are enough for p99 of their mix, 499 are not")

# The standard error of a memory size's cost: that of the mean of what is billed.
fast = invocations("a", 128, *[0.5] * 50, *[1.5] * 50)
db = model(endpoint("a", 1) + fast + invocations("a", 256, *[0.5] * 100), billed_ms=None, cold_share=0)
tap.equal([round(row[0], 9) for row in db.execute("SELECT billed_error_ms FROM measured")], [round((0.25 / 99) ** 0.5, 9), 0],
          "the view measured has the standard error of the mean billed duration")
for durations, size in (([0.5] * 50 + [1.5] * 50, 128), ([0.5] * 3 + [1.5] * 97, None), ([1.5] * 100, None), ([2.5] * 100, 256), ([0.5], None)):
    db = model(endpoint("a", 1) + invocations("a", 128, *durations) + invocations("a", 256, *[0.5] * 100), billed_ms=None, cold_share=0)
    db.row_factory = sqlite3.Row
    found = {"memory_sizes": db.execute("SELECT * FROM memory_size WHERE scenario = 'hobby'").fetchall()}
    tap.equal(summary.ways.cheapest_size(found), size, f"of 128 MB, billed {sum(map(math.ceil, durations)) / len(durations):g} ms in {len(durations)}"
              f" requests, and 256 MB, billed 1 ms, {size or 'none'} is clearly the cheapest")
    intel = {"memory_sizes": [row for row in found["memory_sizes"] if row["architecture"] == "x86_64"]}
    tap.equal(summary.ways.cheapest_size(intel), size, "in a region without arm64 the same size is the cheapest")

# The volumes at which a side is cheaper, in words of three digits.
for sides, ends, who, text, chinese in (
        ("lv", [6.3e6], "lambda", "below 6.3 million", "630 万以下"),
        ("lvlv", [1e6, 2e6, 3e6], "lambda", "below 1 million, and at some volumes up to 3 million", "100 万以下，以及直到 300 万的部分用量"),
        ("lvlv", [1e6, 2e6, 3e6], "vm", "above 1 million, but not at all volumes up to 3 million", "100 万以上，但 300 万之前并非处处如此"),
        ("lvlv", [21.51e6, 21.52e6, 21.53e6], "lambda", "below about 21.5 million", "约 2150 万以下"),
        ("lvlv", [21.51e6, 21.52e6, 21.53e6], "vm", "above about 21.5 million", "约 2150 万以上"),
        ("lvl", [1e6, 2e6], "lambda", "below 1 million, and above 2 million", "100 万以下，以及 200 万以上"),
        ("lvl", [1e6, 2e6], "vm", "from 1 million to 2 million", "100 万至 200 万"),
        ("lvlvl", [1e6, 2e6, 3e6, 4e6], "lambda", "at all volumes but some from 1 million to 4 million", "除 100 万至 400 万之间的部分用量外均是"),
        ("lvlvl", [1e6, 2e6, 3e6, 4e6], "vm", "at some volumes from 1 million to 4 million", "100 万至 400 万之间的部分用量"),
        ("lvl", [21.51e6, 21.52e6], "lambda", "at all volumes but some around 21.5 million", "除 2150 万附近的部分用量外均是"),
        ("lvl", [21.51e6, 21.52e6], "vm", "at some volumes around 21.5 million", "2150 万附近的部分用量")):
    stretches = [[start, end, {"l": "lambda", "v": "vm"}[side]] for start, end, side in zip([0, *ends], [*ends, None], sides)]
    found = []
    for language in "en", "zh-CN":
        words.use(language)
        found.append(names.when(stretches, who))
    tap.equal(found, [text, chinese], f"the volumes at which {who} is cheaper, with ends at {ends}, are '{text}'")
tap.done()
