#!/usr/bin/python3
"""The simulator agrees with theory, with SimFaaS and with AWS's worked example of CPU credits, and gives the same numbers for the same
seed. SERVERFUL_LARGE=1 runs SimFaaS beside it; otherwise the figures that SimFaaS gave are in SIMFAAS."""

import json
import math
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "lib"))
import tap
from environment import Environment
from tap import done, equal, ok, plan

DRIVER = os.path.join(tap.BUILD, "t", "simulate")
MONTH = 2628000
LARGE = os.environ.get("SERVERFUL_LARGE") == "1"

# (requests a second, utilisation, cores) of M/M/c, and as many requests as bring chance below 1 %.
QUEUES = [(20, 0.3, 1, 1e6), (20, 0.5, 1, 2e6), (50, 0.6, 1, 2e6), (20, 0.7, 1, 4e6), (20, 0.5, 2, 2e6), (20, 0.6, 2, 3e6), (20, 0.75, 2, 8e6),
          (40, 0.6, 3, 3e6), (40, 0.75, 4, 8e6), (30, 0.7, 4, 5e6)]

# (requests a second, ms of a warm request, ms of a cold one, idle life in s, concurrency limit), and what SimFaaS 0.2.2 gave for it:
# the simulated seconds, requests, cold starts, rejected requests, mean environments and mean running ones.
SIMFAAS = [
    [[0.9, 1.991, 2.244, 600, 1000], 4000000, [3601446, 4831, 0, 7.697839, 1.793352]],
    [[0.9, 1.991, 2.244, 60, 1000], 1500000, [1349659, 21765, 0, 5.892881, 1.792999]],
    [[0.1, 2, 2.5, 600, 1000], 20000000, [2000379, 14213, 0, 2.649057, 0.200284]],
    [[5, 0.5, 0.8, 30, 1000], 400000, [2000379, 12488, 0, 7.969227, 2.508519]],
    [[0.01, 2, 4, 120, 1000], 20000000, [199842, 63731, 0, 0.736582, 0.026313]],
    [[0.5, 1, 3, 5, 2], 1000000, [500317, 78785, 61625, 1.567518, 0.595967]],
]
# What SimFaaS's README and its second notebook have for the first of these: cold starts, requests, mean environments, mean running ones.
PUBLISHED = [(1213, 898469, 7.6612, 1.7879), (1183, 900020, 7.6910, 1.7971)]


def output(command, parameters, text=""):
    arguments = [f"{name}={value}" for name, value in parameters.items()]
    return subprocess.run([DRIVER, command, *arguments], input=text, stdout=subprocess.PIPE, text=True, check=True).stdout


def simulate(command, text="", rate=None, **parameters):
    """Run the driver. Returns its numbers by name. `rate` is a number of requests a second."""
    parameters = {"shape": "steady", **parameters}
    if rate is not None:
        parameters["volume"] = rate * MONTH
    if "log_seconds" in parameters:
        del parameters["shape"]
    return {name: float(value) for name, value in (line.split() for line in output(command, parameters, text).splitlines())}


def near(got, expected, share, name):
    return ok(abs(got - expected) <= share * expected, name, f"got {got:.6g}, expected {expected:.6g} within {100 * share:g} %")


def erlang_b(load, servers):
    blocked = 1
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(load, servers):
    blocked = erlang_b(load, servers)
    return blocked / (1 - load / servers * (1 - blocked))


def slowest(share, load, servers):
    """The time in service times that `share` of the requests of M/M/c take at most, from arrival to end, by bisection."""
    waits, spare = erlang_c(load, servers), servers - load - 1
    def above(time):
        rest = time if abs(spare) < 1e-9 else (1 - math.exp(-time * spare)) / spare
        return math.exp(-time) * (1 + waits * rest)
    low, high = 0, 1000
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if above(middle) > 1 - share else (low, middle)
    return high


def mean_wait(found, cores, seconds):
    """The mean wait in ms: the mean latency less the mean of the service times that were drawn."""
    return found["mean_ms"] - 1000 * found["utilisation"] * cores * seconds / found["requests"]


def check_queues():
    for seed, (rate, utilisation, cores, requests) in enumerate(QUEUES):
        load = utilisation * cores
        service = 1000 * load / rate
        found = simulate("vm", rate=rate, seconds=requests / rate, seed=seed, warm=f"exp:{service}", cores=cores)
        wait = service * erlang_c(load, cores) / (cores - load)
        what = f"M/M/{cores} at {100 * utilisation:g} %"
        near(mean_wait(found, cores, requests / rate), wait, 0.01, f"{what}: the mean wait is that of Erlang C")
        near(found["p95_ms"], service * slowest(0.95, load, cores), 0.01, f"{what}: the 95th percentile of the latency is that of theory")
        near(found["utilisation"], utilisation, 0.01, f"{what}: the utilisation is the load by the cores")
    for rate, service in (8, 100), (50, 14):
        used = rate * service / 1000
        found = simulate("vm", rate=rate, seconds=1e6 / rate, warm=f"const:{service}")
        near(found["mean_ms"] - service, used * service / 2 / (1 - used), 0.01, f"M/D/1 at {100 * used:g} %: the mean wait is half that of M/M/1")


def check_limit():
    for durations in "exp:1000", "const:1000", "list:100,100,2800":
        found = simulate("lambda", rate=10, seconds=1e5, warm=durations, first=durations, quota=10, reuse=1)
        near(found["by_quota"] / found["requests"], erlang_b(10, 10), 0.01, f"a limit of 10 at once, {durations}: the throttled share is Erlang B")
    found = simulate("lambda", rate=150, seconds=1000, warm="const:1", first="const:1", request_rate=100)
    near(found["by_rate"] / found["requests"], 1 / 3, 0.01, "a limit of 100 requests a second throttles a third of 150")
    found = simulate("lambda", rate=1000, seconds=20, warm="const:100000", first="const:100000", quota=100000, growth=100, at_once=1000)
    near(found["cold"], 3000, 0.001, "a function grows by 1,000 environments at once, and by 100 a second")
    near(found["by_growth"], found["requests"] - 3000, 0.001, "requests beyond the growth are throttled")


def check_one_environment():
    found = simulate("lambda", rate=1 / 300, seconds=1e6, repetitions=30, warm="const:1", first="const:1", idle_s=600)
    near(found["cold"] / found["requests"], math.exp(-2), 0.02, "one environment: the share of cold starts is exp(-rate * idle life)")
    near(found["alive"], 1 - math.exp(-2), 0.01, "one environment: it lives for the rest of the time")
    for reuse in 0, 1, 2:
        found = simulate("lambda", rate=0.9, seconds=1e6, warm="exp:1991", first="exp:1991", reuse=reuse)
        near(found["running"], 0.9 * 1.991, 0.01, f"Little's law holds for order of reuse {reuse}")
    young = simulate("lambda", rate=1, seconds=1e6, warm="const:0.01", first="const:0.01", age_s=1000)
    near(young["cold"], 1000, 0.02, "an environment ends at its maximum age however busy it is")


def check_reuse():
    alive = [simulate("lambda", rate=5, seconds=1e5, warm="exp:500", first="exp:500", idle_s=30, reuse=reuse)["alive"] for reuse in range(3)]
    ok(alive[0] < alive[2] and alive[1] < alive[2], "reuse of the least recently used keeps the most environments alive", alive)
    common = {"rate": 5, "seconds": 20000, "warm": "const:400", "first": "const:400", "init": "const:100", "placement": 30, "round_trip": 5}
    found = simulate("lambda", provisioned=2, **common)
    near(found["provisioned"] / found["requests"], 1 - erlang_b(2, 2), 0.02, "provisioned environments answer what finds one of them idle")
    equal(found["billed_provisioned_ms"], 400 * found["provisioned"], "their durations are billed apart")
    equal(found["billed_ms"], 400 * (found["requests"] - found["provisioned"]) + 100 * found["cold"], "a cold start's init is billed, the placement is not")
    near(found["p99.9_ms"], 405, 0.005, "clients see the duration and the round trip")
    cold = simulate("lambda", **{**common, "rate": 0.001, "seconds": 1e6})
    near(cold["p50_ms"], 535, 0.005, "clients of a cold start see placement, init, duration and round trip")


def environments(case, seconds):
    rate, warm, cold, idle, limit = case
    return simulate("lambda", rate=rate, seconds=1e6, repetitions=math.ceil(seconds / 1e6), warm=f"exp:{1000 * warm}", first=f"exp:{1000 * cold}", idle_s=idle, quota=limit)


def run_simfaas():
    """Run SimFaaS for the cases. Returns the same numbers as SIMFAAS has."""
    python = Environment("simfaas", os.path.join(HERE, "simulator", "requirements.txt")).tool("python")
    run = subprocess.run([python, os.path.join(HERE, "simulator", "run_simfaas.py")], input=json.dumps([row[:2] for row in SIMFAAS]), text=True,
                         stdout=subprocess.PIPE, check=True)
    return json.loads(run.stdout)


def check_simfaas():
    theirs = run_simfaas() if LARGE else [row[2] for row in SIMFAAS]
    first = None
    for (case, seconds, _), (requests, cold, rejected, alive, running) in zip(SIMFAAS, theirs):
        ours = environments(case, seconds)
        what = "%g requests a second, %g s, idle life %g s" % (case[0], case[1], case[3])
        near(ours["cold"] / ours["requests"], cold / requests, 0.02, f"SimFaaS, {what}: as many cold starts")
        near(ours["alive"], alive, 0.02, f"SimFaaS, {what}: as many environments")
        near(ours["running"], running, 0.02, f"SimFaaS, {what}: as many run")
        if rejected:
            near(ours["by_quota"] / ours["requests"], rejected / requests, 0.02, f"SimFaaS, {what}: as many are throttled")
        first = first or ours
    cold, requests = sum(row[0] for row in PUBLISHED), sum(row[1] for row in PUBLISHED)
    near(first["cold"] / first["requests"], cold / requests, 0.02, "SimFaaS's published examples have as many cold starts")
    near(first["alive"], sum(row[2] for row in PUBLISHED) / 2, 0.02, "SimFaaS's published examples have as many environments")
    near(first["running"], sum(row[3] for row in PUBLISHED) / 2, 0.02, "SimFaaS's published examples have as many that run")


def check_credits():
    """The worked example of AWS for a t3.nano: 2 vCPUs, 6 credits an hour, at most 144."""
    nano = {"cores": 2, "earned": 0.1, "baseline": 0.05, "most_credits": 144, "start_credits": 144}
    def account(hours, **more):
        text = "".join(f"{hour} {used}\n" for hour, used in hours)
        return [[round(float(value), 3) for value in line.split()] for line in output("credits", {**nano, **more}, text).splitlines()]
    day = [(12, 0.025), (24, 0.07), (12, 0.025)]
    equal(account([*day, (5, 1), (13, 0.05), (24, 0)], unlimited=1),
          [[144, 0, 0, 1], [86.4, 0, 0, 1], [122.4, 0, 0, 1], [0, 144, 303.6, 1], [0, 144, 303.6, 1], [0, 0, 303.6, 1]],
          "unlimited credits are those of AWS's worked example of a t3.nano")
    equal([row[3] for row in account([*day, (1.8, 0.6), (0.1, 0.6), (1, 0.05), (1, 0)])], [1, 1, 1, 1, 0.05, 0.05, 1],
          "standard credits last for nearly 2 hours at 60 %, then the machine runs at its baseline until it has earned some")
    small = {"cores": 2, "earned": 0.4, "baseline": 0.2, "most_credits": 576, "rate": 50, "seconds": 86400}
    found = simulate("vm", warm="const:10", **small)
    idle = simulate("vm", warm="const:4", **small)
    near(idle["balance"], (0.4 - 0.2) * 1440, 0.02, "a machine below its baseline keeps what it does not spend")
    busy = simulate("vm", warm="const:16", waiting=100, **small)
    near(busy["utilisation"], 0.2, 0.02, "a standard machine without credits does no more than its baseline")
    near(busy["shed"] / busy["requests"], 0.5, 0.03, "what it cannot do is shed")
    paid = simulate("vm", warm="const:16", unlimited=1, **small)
    near(paid["utilisation"], 0.4, 0.01, "an unlimited machine does all")




def check_fleet():
    common = {"rate": 100, "seconds": 8000, "warm": "const:30", "waiting": 50}
    two = simulate("vm", machines=2, cores=2, **common)
    lossy = simulate("vm", machines=2, cores=2, loss_s=600, **common)
    near(lossy["machines"], 2, 0, "a lost machine is paid")
    ok(two["shed"] + two["lost"] == 0 and lossy["shed"] > 0.3 * 600 * 100 * 0.3, "two machines suffice, and one of them does not", lossy)
    ok(0 < lossy["lost"] <= 52 and lossy["answered"] + lossy["shed"] + lossy["lost"] == lossy["requests"],
       "what a machine has when it is lost has no answer", lossy)
    alone = simulate("vm", machines=1, cores=4, loss_s=600, **common)
    near(alone["shed"], 60000, 0.02, "without any machine all requests are refused")
    grown = simulate("vm", machines=1, most=10, cores=1, target=0.5, boot_s=120, **common)
    ok(6 <= grown["most"] <= 7, "target tracking adds as many machines as keep the target", grown)
    near(grown["utilisation"], 0.47, 0.07, "then the utilisation is the target, or a little below")
    ok(grown["shed"] > 0.5 * 100 * 60 * 5, "until the machines have booted, requests are refused", grown)
    day = simulate("vm", shape="office-hours", volume=5e6, seconds=5 * 86400, warm="const:180", waiting=50, machines=1, most=20)
    ok(day["machines"] < 0.6 * day["most"], "machines are removed when the load has gone", day)


def bursty_log():
    """A day in which a burst of 20 requests comes in two seconds, about every 15 minutes."""
    return "".join(f"{900 * i + i * i % 700} 10\n{900 * i + i * i % 700 + 1} 10\n" for i in range(96))


def check_counts():
    log, day = bursty_log(), {"log_seconds": 86400, "window": 10}
    asis = simulate("counts", log, seconds=86400, **day)
    equal([asis["requests"], asis["busiest_count"]], [1920, 10], "a log without a volume is replayed as it is")
    more = simulate("counts", log, seconds=86400, volume=50 * 1920 * MONTH / 86400, **day)
    equal(more["requests"], 50 * 1920, "a log is laid over itself for a larger volume")
    near(more["dispersion"], asis["dispersion"], 0.1, "its bursts stay bursts: the index of dispersion is the same")
    less = simulate("counts", log, seconds=864000, volume=0.2 * 1920 * MONTH / 86400, **day)
    near(less["requests"], 0.2 * 19200, 0.05, "a log is thinned for a smaller volume")
    near(less["dispersion"] - 1, 0.2 * (asis["dispersion"] - 1), 0.1, "thinning takes from the index of dispersion what theory says")
    many = simulate("counts", "".join(f"{i} 200\n" for i in range(50000)), seconds=50000, log_seconds=50000, window=1, volume=0.7 * 200 * MONTH)
    near(many["requests"], 0.7 * 200 * 50000, 0.001, "a log of many requests a second is thinned for a smaller volume")
    near(many["dispersion"], 0.3, 0.03, "the numbers that stay in a second are binomially distributed")
    equal(simulate("counts", "10 5\n", seconds=100 * 86400, log_seconds=90000)["requests"], 500, "a short log is repeated by whole days")
    check_few_requests()
    near(simulate("counts", rate=1e10 / MONTH, seconds=36000)["dispersion"], 1, 0.1, "the shape 'steady' is a Poisson process at 10 billion a month")
    near(simulate("counts", rate=0.01, seconds=1e7)["dispersion"], 1, 0.02, "and at 26,000 a month")
    for shape in "steady", "office-hours", "shop-sale", "hourly-job", "front-page":
        found = simulate("counts", shape=shape, volume=1e6)
        near(found["requests"], 1e6, 0.005, f"the shape '{shape}' has its volume")
    equal(simulate("counts", shape="hourly-job", volume=730)["requests"], 730, "an hourly job of 730 requests a month sends one each hour")
    rare = simulate("lambda", shape="steady", volume=10, repetitions=20, warm="const:10", first="const:10")
    ok(100 < rare["requests"] < 300 and rare["cold"] >= 0.95 * rare["requests"], "ten requests a month all start cold", rare)


def check_few_requests():
    """A log of one request is scaled to 10^12 a month; a draw for each of its copies would take an hour."""
    second = simulate("counts", "0 1\n", seconds=MONTH, log_seconds=1, window=10, volume=1e12)
    near(second["requests"], 1e12, 1e-6, "a log of one second with one request is scaled to 10^12 requests a month")
    near(second["dispersion"], 1, 0.02, "its copies come independently of each other")
    day = simulate("counts", "43200 1\n", seconds=86400, log_seconds=86400, volume=1e12)
    ok(41400 <= day["busiest"] <= 45000, "those of a request at noon come within half an hour of noon", day)
    near(day["busiest_count"], 1e12 * 86400 / MONTH / 3601, 0.002, "as many in each second of it")
    million = simulate("counts", "43200 1\n", seconds=86400, log_seconds=86400, volume=1e6 * MONTH / 86400)
    ok(million["busiest_count"] < 2 * 1e6 / 3601, "a million copies, drawn one by one, spread over that hour, too", million)
    cut = simulate("counts", "300 1\n", seconds=20200, log_seconds=4000, volume=1e12)
    near(cut["requests"], 5 * 1e12 * 4000 / MONTH, 1e-6, "a repetition whose request comes after the end has no copies")
    none = simulate("counts", "300 1\n", seconds=60, log_seconds=MONTH, volume=1e12)
    equal(none["requests"], 0, "a minute of a long log without requests in it has no copies")
    near(cut["busiest_count"], 1e12 * 4000 / MONTH / 3601, 0.01, "the copies of repetitions that are drawn together come as often as each other")


def check_latencies():
    values = sorted(int(math.exp(i / 77)) + i for i in range(2000))
    found = [int(line) for line in output("latencies", {}, " ".join(map(str, values))).split()]
    exact = [values[max(math.ceil(i / 1000 * len(values)), 1) - 1] for i in range(1001)]
    worst = max(abs(a - b) / b for a, b in zip(found, exact))
    ok(worst <= 1 / 256, "a percentile is at most 1/256 away from the exact one", worst)


def check_repeatability():
    parameters = {"shape": "shop-sale", "volume": 3e5, "seconds": 500000, "warm": "exp:20", "first": "exp:30", "init": "list:10,20,70", "repetitions": 4,
                  "cores": 2, "waiting": 10, "earned": 0.4, "baseline": 0.2, "most_credits": 576}
    first = output("both", {**parameters, "threads": 1})
    equal(output("both", {**parameters, "threads": 1}), first, "the same seed gives the same bytes")
    equal(output("both", {**parameters, "threads": 3}), first, "and so it does on several processors")
    ok(output("both", {**parameters, "seed": 2}) != first, "another seed gives others")


LONG = 3 * len(QUEUES) + 2 + 3 * len(SIMFAAS) + sum(row[2][2] > 0 for row in SIMFAAS) + 3
plan(LONG + 61)
if tap.is_watched(DRIVER):
    tap.skip(LONG, "sanitizers and valgrind make the long simulations too slow")
else:
    check_queues()
    check_simfaas()
check_limit()
check_one_environment()
check_reuse()
check_credits()
check_fleet()
check_counts()
check_latencies()
check_repeatability()
done()
