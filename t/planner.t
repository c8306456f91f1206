#!/usr/bin/python3
"""serverful simulate writes what both sides do at all volumes: repeatably, once, and from the log or a shape that the parameters name."""

import contextlib
import hashlib
import io
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import results_file  # adds compare/ to the path
import simulation
import tap
from failure import Failure
from service import is_running
from tap import equal, ok
from wait import wait_until

SERVERFUL = os.environ["SERVERFUL"] = os.path.join(tap.BUILD, "serverful")
TABLES = ("simulated_function", "simulated_fleet", "simulated_managed")

# Slow requests behind a cache, so that few of them need machines, and the test takes seconds.
PARAMETERS = {"traffic": "shop-sale", "cdn": 1, "cache_share": 0.99999, "billed_ms": 10000, "vm_cpu_ms": 10000, "lambda_cpu_ms": 10000, "p99_ms": 30000,
              "vm_memory_mb": 50, "requests": 1e10, "placement_ms": 1000}

# What the scenarios set: the second one loses a VM, the third one has a spare one, and the fourth one pays for credits.
SCENARIOS = {"hobby": {}, "standard": {"lost_seconds": 600, "reuse": "oldest", "idle_seconds": 600},
             "available": {"spare": 1, "managed_concurrency": 1},
             "committed": {"surplus_credits": 1, "provisioned": 5, "p99_ms": 9000}}


def run(*arguments, path=None):
    return subprocess.run([SERVERFUL, "simulate", "--results", path or RESULTS, *arguments], capture_output=True, text=True, check=False)


def sql(statement, *values, path=None):
    with closing(sqlite3.connect(path or RESULTS)) as db, db:
        return db.execute(statement, values).fetchall()


def set_parameters(**values):
    for name, value in values.items():
        sql("UPDATE parameter SET value = ? WHERE name = ?", value, name)


def tables(path=None):
    return [sql(f"SELECT * FROM {table}", path=path) for table in TABLES]


def column(name, table, scenario, instance=None):
    """Return a column of a scenario by volume."""
    where = f" AND instance = '{instance}'" if instance else ""
    return [value for value, in sql(f"SELECT {name} FROM {table} WHERE scenario = ?{where} ORDER BY requests", scenario)]


def at_most(name, table, scenario, instance=None):
    """Return a column at the largest volume."""
    return column(name, table, scenario, instance)[-1]


def contents(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def make():
    results_file.make(RESULTS, measured=False)
    sql("DELETE FROM scenario_parameter")
    for scenario, parameters in SCENARIOS.items():
        for name, value in parameters.items():
            sql("INSERT INTO scenario_parameter VALUES (?, ?, ?)", scenario, name, value)


def check_nothing():
    got = run()
    equal((got.returncode, got.stdout.partition(":")[0], tables()), (0, "nothing to simulate", [[], [], []]), "without traffic nothing is simulated")
    set_parameters(traffic="rush-hour")
    got = run()
    ok(got.returncode == 1 and "unknown traffic 'rush-hour'" in got.stderr and "hourly-job" in got.stderr, "an unknown shape is refused with the names of all",
       got.stderr)
    set_parameters(traffic="log")
    got = run()
    ok(got.returncode == 1 and "no arrivals to replay" in got.stderr, "a log that was not read is refused", got.stderr)
    for name, value, why in (("managed_instance", "x9.large", "unknown type of VM 'x9.large': set the parameter managed_instance"),
                             ("spare", 1e9, "a fleet with spare 1000000000: set the parameter to at most 1000"), ("instances", 1001, "instances 1001: set"),
                             ("managed_instances", 1001, "managed_instances 1001: set")):
        set_parameters(**{name: value}, traffic="steady")
        got = run()
        ok(got.returncode == 1 and why in got.stderr, f"the parameter {name} of {value} is refused with what to do", got.stderr)
        set_parameters(**{name: None}, traffic="log")
    got = run(path=os.path.join(DIRECTORY, "nothing.db"))
    ok(got.returncode == 1 and "nothing.db" in got.stderr, "a file that does not exist is refused", got.stderr)
    other = os.path.join(DIRECTORY, "other.db")
    sql("CREATE TABLE t (a)", path=other)
    got = run(path=other)
    ok(got.returncode == 1 and "run that first" in got.stderr, "a file of another program is refused, and what to do is said", got.stderr)


def check_comparison():
    """serverful compare brings the simulation up to date before it writes its report."""
    with closing(sqlite3.connect(RESULTS)) as db:
        try:
            simulation.update(db, RESULTS)
            reason = ""
        except Failure as failure:
            reason = str(failure)
    ok("no arrivals to replay" in reason, "serverful compare fails with the reason of serverful simulate", reason)
    os.environ["SERVERFUL"], simulation.PATIENCE = os.path.join(DIRECTORY, "slow"), 0.01
    pipe = os.path.join(DIRECTORY, "pipe")
    os.mkfifo(pipe)
    with open(os.environ["SERVERFUL"], "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\nread line <'{pipe}'\n")
    os.chmod(os.environ["SERVERFUL"], 0o755)
    said = io.StringIO()
    said.flush = lambda: pathlib.Path(pipe).write_text("go\n", encoding="utf-8")  # it goes on when it has been said
    with closing(sqlite3.connect(RESULTS)) as db, contextlib.redirect_stderr(said):
        simulation.update(db, RESULTS)
    ok("simulating the traffic" in said.getvalue(), "where it takes a while it says so", said.getvalue())
    ended = os.path.join(DIRECTORY, "ended")
    pathlib.Path(os.environ["SERVERFUL"]).write_text(f"#!/bin/sh\nread line <'{pipe}' && touch '{ended}'\n", encoding="utf-8")
    rescue = threading.Timer(20, lambda: os.write(os.open(pipe, os.O_RDWR), b"go\n"))  # ends it where the signal does not
    rescue.start()
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    said.flush = lambda: os.kill(os.getpid(), signal.SIGTERM)
    try:
        with closing(sqlite3.connect(RESULTS)) as db, contextlib.redirect_stderr(said):
            simulation.update(db, RESULTS)
        status = 0
    except SystemExit as left:
        status = left.code
    signal.signal(signal.SIGTERM, before)
    rescue.cancel()
    equal((status, os.path.exists(ended)), (143, False), "a signal that ends it ends the simulation, too")
    check_killed(pipe)
    pathlib.Path(os.environ["SERVERFUL"]).write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    reason = "none"
    try:
        with closing(sqlite3.connect(RESULTS)) as db:
            simulation.update(db, RESULTS)
    except Failure as failure:
        reason = str(failure)
    equal(reason, "the simulation failed with exit status -9", "a simulation that is killed is named")
    os.environ["SERVERFUL"] = SERVERFUL
    set_parameters(traffic="none")
    with closing(sqlite3.connect(RESULTS)) as db:
        simulation.update(db, "no such file")
    ok(True, "without traffic it simulates nothing")


def check_killed(pipe):
    """The simulation ends with a comparison that is killed. A script that waits for the pipe takes its place."""
    started = pathlib.Path(DIRECTORY, "started")
    pathlib.Path(os.environ["SERVERFUL"]).write_text(f"#!/bin/sh\necho $$ >'{started}'\nread line <'{pipe}'\n", encoding="utf-8")
    program = "import sqlite3, sys, simulation; simulation.update(sqlite3.connect(sys.argv[1]), sys.argv[1])"
    compare = subprocess.Popen([sys.executable, "-c", program, RESULTS], env={**os.environ, "PYTHONPATH": os.path.dirname(simulation.__file__)},
                               stderr=subprocess.DEVNULL)
    pid = int(wait_until(lambda: started.exists() and started.read_text(encoding="utf-8").strip(), "the begin of the simulation"))
    compare.kill()
    compare.wait()
    try:
        ok(wait_until(lambda: not is_running(pid), "the end of the simulation"), "the simulation ends with a comparison that is killed")
    finally:
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)


def check_unknown():
    """Without the processor time of a request, or without a type that has room for the service, no VM is simulated."""
    sql("INSERT INTO scenario_parameter VALUES ('hobby', 'traffic', 'hourly-job')")
    for name, value, why in (("vm_cpu_ms", None, "not simulated, since the processor time of a request is not known: measure it with serverful compare"),
                             ("vm_memory_mb", 1e6, "not simulated, since no type has the 1,000,200 MB of memory")):
        set_parameters(vm_cpu_ms=1, billed_ms=1)
        set_parameters(**{name: value})
        text = run().stdout
        ok(text.count(why) == text.count("  vm  ") == 1, f"where {name} is {value}, the text says why no VM was simulated", text)
    sql("DELETE FROM scenario_parameter WHERE parameter = 'traffic'")


def check_repeatability():
    copy = os.path.join(DIRECTORY, "copy.db")
    set_parameters(**PARAMETERS)
    shutil.copy(RESULTS, copy)
    got = run("--threads", "1")
    ok(got.returncode == 0 and "hobby, 10,000,000,000 requests a month (shop-sale)" in got.stdout and "× t4g.nano" in got.stdout, "a shape is simulated",
       got.stdout + got.stderr)
    sql("DELETE FROM scenario_parameter", path=copy)
    sql("DELETE FROM scenario WHERE name <> 'hobby'", path=copy)
    run("--threads", "3", path=copy)
    rows = tables(copy)
    equal(rows, [[row for row in rows if row[0] == "hobby"] for rows in tables()],
          "the same seed gives the same rows on any number of processors, whatever other scenarios there are")
    run("--seed", "2", path=copy)
    ok(tables(copy) != rows, "another seed is simulated anew")
    before = contents(RESULTS)
    equal((run().stdout, contents(RESULTS)), (got.stdout, before), "a second run prints the same, and does not write")


def check_hours():
    """The course of the shape: each hour of a month, of which the begin of the sale is the busiest."""
    hours = sql("SELECT hour, share, busiest_minute FROM simulated_hour WHERE shape = 'shop-sale' ORDER BY hour")
    equal(([hour for hour, _, _ in hours], sql("SELECT DISTINCT shape FROM simulated_hour"), round(sum(share for _, share, _ in hours), 9)),
          (list(range(730)), [("shop-sale",)], 1), "the hours of the shape share out a month")
    equal([max(hours, key=lambda row: row[column])[0] for column in (1, 2)], [11 * 24 + 10] * 2, "the hour in which the sale begins is the busiest, and has the busiest minute")


def check_function():
    cold = column("cold_share", "simulated_function", "hobby")
    ok(all(b <= a + 0.01 for a, b in zip(cold, cold[1:])) and cold[0] > 0.9 and cold[-1] < 0.05, "the share of cold starts falls with the volume", cold)
    environments = column("environments", "simulated_function", "hobby")
    ok(environments == sorted(environments) and environments[-1] > 1, "more requests need more environments", environments)
    running = at_most("running", "simulated_function", "hobby")
    ok(abs(running - 1e5 * 10 / 2628000) < 0.02, "a mean of rate × duration environments run (Little)", running)
    ok(sum(column("environments", "simulated_function", "standard")) > sum(environments), "a longer idle life keeps more of them")
    first, last = column("p50_ms", "simulated_function", "hobby")[0], at_most("p50_ms", "simulated_function", "hobby")
    ok(abs(first - last - 1014) < 0.01 * last and abs(last - 10000) < 0.004 * last, "small volumes wait for cold starts: placement, init and request", [first, last])
    ok(all(n >= 5 for n in column("environments", "simulated_function", "committed")), "provisioned environments are always there")


def check_fleets():
    vms = column("vms", "simulated_fleet", "hobby", "c7g.medium")
    ok(vms == sorted(vms) and vms[0] == 1 and vms[-1] > 3, "the number of VMs grows with the volume", vms)
    ok(at_most("vms", "simulated_fleet", "hobby", "c7g.large") <= vms[-1] / 2 + 1, "VMs with twice the cores are about half as many")
    p99 = column("p99_ms", "simulated_fleet", "hobby", "c7g.medium")
    ok(all(p <= 30000 for p in p99), "the VMs hold p99_ms", p99)
    nano, credits = at_most("vms", "simulated_fleet", "hobby", "t4g.nano"), column("least_credits", "simulated_fleet", "hobby", "t4g.nano")
    ok(nano >= at_most("vms", "simulated_fleet", "hobby", "t4g.medium") and min(credits) > 0, "VMs with fewer credits are more, so that they do not run dry", credits)
    equal(column("surplus_credits", "simulated_fleet", "hobby", "t4g.nano"), [0.0] * len(credits), "and pay for none")
    ok(at_most("shed_share", "simulated_fleet", "standard", "c7g.medium") > at_most("shed_share", "simulated_fleet", "hobby", "c7g.medium") == 0,
       "a lost VM loses requests")
    equal(at_most("vms", "simulated_fleet", "available", "c7g.medium"), vms[-1], "the spare VM is not part of the number")
    ok(at_most("utilisation", "simulated_fleet", "available", "c7g.medium") < at_most("utilisation", "simulated_fleet", "standard", "c7g.medium"),
       "but of the fleet that is simulated")
    equal(set(column("vms", "simulated_fleet", "committed", "t4g.nano")), {None}, "no number of VMs holds a p99 below the processor time of a request")
    text = run().stdout.partition("committed, ")[2]
    ok("no number of t4g.nano" in text and "no number of c7g.large holds p99_ms" in text and "0 ×" not in text, "and the text says so", text)


def check_managed():
    """Managed instances: many requests at once in an environment, at least three instances, no CPU credits."""
    vms = column("vms", "simulated_managed", "hobby")
    ok(vms == sorted(vms) and vms[-1] == at_most("vms", "simulated_fleet", "hobby", "c7g.large"), "as many managed instances as VMs of their type, where both are as fast",
       vms)
    uses = [(use, requests / 1e5 * 10 / 2628000 / 2 / max(3, n)) for requests, n, use in
            sql("SELECT requests, vms, utilisation FROM simulated_managed WHERE scenario = 'hobby' AND requests >= 1e8 ORDER BY requests")]
    ok(vms[-5] == 1 and all(abs(use / expected - 1) < 0.05 for use, expected in uses), "the instances that are paid for are at least three", uses)
    one = at_most("vms", "simulated_managed", "available")
    ok(one > vms[-1], "instances that take one request a vCPU refuse those that would wait, and have to be more", [vms[-1], one])
    equal(set(column("instance", "simulated_managed", "hobby")), {"c7g.large"}, "their type is that of the parameter")


def check_log():
    """A log of a day with 4,400 arrivals, beside a scenario with a shape of its own and one without traffic."""
    sql("INSERT INTO traffic_endpoint VALUES (1, 'all', 4400, 0)")
    with closing(sqlite3.connect(RESULTS)) as db, db:
        db.executemany("INSERT INTO traffic_arrival VALUES (?, 1, ?)", [(1700000000 + 36 * i, 11 if i % 6 == 0 else 1) for i in range(2400)])
    set_parameters(traffic=None, surplus_credits=1, p99_ms=30000, instances=1)
    sql("INSERT INTO scenario_parameter VALUES ('hobby', 'traffic', 'none')")
    sql("INSERT INTO scenario_parameter VALUES ('standard', 'traffic', 'steady')")
    sql("DELETE FROM scenario_parameter WHERE parameter IN ('provisioned', 'lost_seconds', 'reuse', 'idle_seconds')")
    sql("DELETE FROM scenario_parameter WHERE parameter = 'p99_ms' OR scenario = 'available'")
    for table in (*TABLES, "scenario"):
        sql(f"DELETE FROM {table} WHERE {'name' if table == 'scenario' else 'scenario'} = 'available'")
    got = run()
    equal(sql("SELECT DISTINCT scenario FROM simulated_function ORDER BY 1"), [("committed",), ("standard",)], "a scenario without traffic has no rows")
    ok("committed, 10,000,000,000 requests a month (access log)" in got.stdout and "standard, 10,000,000,000 requests a month (steady)" in got.stdout,
       "auto is the log where there is one", got.stdout + got.stderr)
    equal(dict(sql("SELECT * FROM simulation_input WHERE name IN ('seconds', 'requests', 'busiest second')")),
          {"seconds": 2399 * 36 + 1.0, "requests": 400 * 11 + 2000.0, "busiest second": 11.0}, "what is known of the log is written beside")
    ok(sql("SELECT value > 1 FROM simulation_input WHERE name = 'dispersion'") == [(1,)], "its bursts have a high dispersion")
    bursts, steady = (column("cold_share", "simulated_function", scenario) for scenario in ("committed", "standard"))
    ok(bursts[-1] > steady[-1], "requests in bursts meet more cold starts than steady ones", [bursts[-1], steady[-1]])
    ok(at_most("surplus_credits", "simulated_fleet", "committed", "t4g.nano") > 0, "VMs that may run on without credits pay for them")
    set_parameters(traffic="none")
    sql("DELETE FROM scenario_parameter WHERE parameter = 'traffic'")
    run()
    equal(tables(), [[], [], []], "without traffic the rows of the last simulation go")
    set_parameters(traffic="steady", requests=1e6)
    sql("DELETE FROM scenario WHERE name <> 'hobby'")
    sql("INSERT INTO traffic_duration VALUES (1, 10000, 10000, 80), (1, 960000, 960000, 20)")
    set_parameters(billed_ms=200, vm_cpu_ms=20, requests=1e10)
    found = {}
    for side in ("none", "lambda", "vm"):
        set_parameters(log_side=side)
        run()
        found[side] = [[round(at_most(name, table, "hobby", *instance)) for name in ("p50_ms", "p99_ms")]
                       for table, instance in (("simulated_function", ()), ("simulated_fleet", ("c7g.large",)))]
    equal(found["none"], [[200, 200], [20, 20]], "without durations each request takes as long as the bill says")
    equal([found["lambda"][0][0], found["vm"][0], found["lambda"][1]], [10, found["none"][0], [20, 20]], "those of the log are the function's, with log_side 'lambda'")
    ok(found["vm"][1][0] == 1 and 90 < found["vm"][1][1] < 110, "or those of the VM as they differ, with the processor time of the bill", found)
    set_parameters(requests=2e5)
    run()
    cold = sql("SELECT cold_share FROM simulated_function WHERE scenario = 'hobby' AND requests = 2e5")
    ok(cold and cold[0][0] > 0.9, "a volume of its own of two requests a month is simulated: they start cold", cold)
    set_parameters(requests=5e4)
    ok("50,000 requests a month (steady): only volumes with 1 to" in (text := run().stdout), "one of less than a request a month is named", text)


tap.plan(55)
with tempfile.TemporaryDirectory() as DIRECTORY:
    RESULTS = os.path.join(DIRECTORY, "results.db")
    make()
    check_nothing()
    check_comparison()
    check_unknown()
    check_repeatability()
    check_hours()
    check_function()
    check_fleets()
    check_managed()
    check_log()
tap.done()
