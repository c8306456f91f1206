#!/usr/bin/python3
"""What a comparison over a network says of it: the round trip, the latency without it, and the share of the gateway, which is computed from
CloudWatch's metrics. With SERVERFUL_LARGE=1, as root, a client in a network namespace measures a VM with TLS and lambda-host behind a
gateway, in namespaces of theirs, over links with a known delay; each figure must be right within 10 %."""

import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import delayed_network
import tap
from slow_front import SlowFront
from store import small_snapshot, small_store

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import report
import results
import summary
import terminal
import words
from aws import gateways
from aws.times import utc
from sides import Lambda, Vm
from words import milliseconds

DELAYS = (0.001, 0.03)  # seconds, each way
GATEWAY, SERVICE = 0.02, 0.02  # what the gateway and the pool of the VM take longer than they are
TARGETS = ("http", "url", "vm")
SHOWN = 9  # results that need no network
MEASURED = 7 * len(DELAYS)
OUTPUTS = {"ApiUrl": "https://a1b2c3.execute-api.eu-central-1.amazonaws.com", "RestApiUrl": "https://d4.execute-api.eu-central-1.amazonaws.com/live",
           "FunctionUrl": "https://f.lambda-url.eu-central-1.on.aws/", "FunctionName": "the-function"}


class CloudWatch:
    """Answers for CloudWatch. `samples` has (namespace, metric): [(at, ms)]; `dimensions` notes which were asked for."""

    def __init__(self, samples):
        self.samples, self.dimensions = samples, set()

    def ask(self, service, operation, metric_data_queries, start_time, end_time):
        assert (service, operation) == ("cloudwatch", "get-metric-data")
        return {"MetricDataResults": [self.answer(query["Id"], query["MetricStat"], start_time, end_time) for query in metric_data_queries]}

    def answer(self, key, what, start, end):
        metric = what["Metric"]
        self.dimensions.add((metric["MetricName"], *((one["Name"], one["Value"]) for one in metric["Dimensions"])))
        minutes = {}
        for at, ms in self.samples.get((metric["Namespace"], metric["MetricName"]), []):
            minute = utc(at - at % what["Period"])
            if start <= minute < end:
                minutes.setdefault(minute, []).append(ms)
        how = {"Sum": sum, "SampleCount": len}[what["Stat"]]
        return {"Id": key, "Timestamps": list(minutes), "Values": [how(values) for values in minutes.values()]}


def model():
    """Return results as of a run at two URLs: 20 requests each, with a round trip of 10 ms, that take 10.5 to 30 ms, and 8 to 9 ms; and in a
    closed loop on this machine."""
    db = results.open_results(":memory:")
    db.executescript("INSERT INTO endpoint VALUES ('a', '', '/', 0, 0); INSERT INTO mix VALUES ('a', 1); INSERT INTO round_trip VALUES ('http', 20, 10000, NULL), ('vm', 20, 10000, 25000);"
                     "INSERT INTO run VALUES ('http url', 'https://h.example'), ('vm url', 'https://v.example')")
    for number, (side, target, url, took) in enumerate((("lambda", "http", "https://h.example", [10500, *range(12000, 31000, 1000)]),
                                                        ("vm", "vm", "https://v.example", range(8000, 9000, 50)), ("vm", "vm", None, [20000] * 20)), 1):
        db.execute("INSERT INTO series (id, side, target, url, endpoint, rate, seconds, connections) VALUES (?, ?, ?, ?, 'a', ?, 2, 1)",
                   (number, side, target, url, url and 10))
        db.executemany("INSERT INTO sample VALUES (?, 0, ?, 200)", [(number, us) for us in took])
    return db


def shown():
    """The arithmetic, from samples and answers that are given."""
    db = model()
    tap.equal(sorted(db.execute("SELECT target, rate, p50_served FROM latency"), key=str), [("http", 10, 10), ("vm", 10, 0), ("vm", None, None)],
              "the latency without the round trip, at a URL, is the median without the time to connect, and not negative")
    watch = CloudWatch({("AWS/ApiGateway", "Latency"): [(59, 1000), (60, 10), (121, 30), (130, 20), (180, 500)],
                        ("AWS/ApiGateway", "IntegrationLatency"): [(60, 4), (121, 20), (130, 12)], ("AWS/Lambda", "UrlRequestLatency"): [(100, 9)],
                        ("AWS/Lambda", "Duration"): [(100, 1), (101, 3)]})
    metrics = gateways.metrics(OUTPUTS, "the-stack")
    found = gateways.ask(watch, metrics, 61, 130)
    tap.equal(found, {"http": (3, 20, 12), "rest": (3, 20, 12), "url": (1, 9, 2)}, "the times of a gateway are means over the minutes of the run")
    tap.equal(watch.dimensions, {*((name, *pairs) for name in ("Latency", "IntegrationLatency")
                                   for pairs in ((("ApiId", "a1b2c3"), ("Stage", "$default")), (("ApiName", "the-stack"), ("Stage", "live")))),
                                 *((name, ("FunctionName", "the-function")) for name in ("UrlRequestLatency", "Duration"))},
              "CloudWatch is asked for the APIs of the outputs, and for the function")
    gateways.PATIENCE = gateways.POLL = 0
    tap.equal(gateways.wait(watch, metrics, 61, 130, {"http": 4, "vm": 9}), (found, ["CloudWatch knows of 3 of 4 requests to http"]),
              "what CloudWatch lacks in the end is said, and the rest is taken")
    gateways.write(db, found)
    tap.equal(db.execute("SELECT target, n, own_ms FROM gateway ORDER BY 1").fetchall(), [("http", 3, 8), ("rest", 3, 8), ("url", 1, 7)],
              "the share of a gateway is its time without that in which it waits for the function")
    for language, name, head in (("en", "Lambda, HTTP API", "gateway alone"), ("zh-CN", "Lambda，HTTP API", "网关自身")):
        words.use(language)
        whole = summary.read(db)
        page, text = report.page(whole), terminal.text(whole)
        rows = [re.findall(r"<div>([^<]*)</div>", row) for row in re.findall(rf'<th scope="row">{name}(?: 10/s)?</th>(.*?)</tr>', page)]
        tap.ok(["20", "–", "–", "–", "30", "10", "10", "20", "0"] in rows and ["8", "12", "20", "3"] in rows and head in page, f"the report shows both ({language})", rows)
        tap.ok(re.search(rf"{name} .* 30 +10 +0$", text, re.M) and re.search(rf"{name} +{head} +8$", text, re.M), f"the summary shows both ({language})", text)
    words.use("en")


class OnHost:
    """Runs the processes of a side on a host of the network. `host` is the beginning of their command lines."""
    host = ()

    def run(self, *command, **options):
        return super().run(*self.host, *command, **options)


class Function(OnHost, Lambda):
    pass


class SlowVm(OnHost, Vm):
    """A VM with TLS at an address, whose pool answers later."""

    def start_tls(self, address):
        """Start a second nginx, with TLS, in front of `slow.sock`."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=vm", "-addext",
                        f"subjectAltName=IP:{address}", "-keyout", "key.pem", "-out", "certificate.pem"], cwd=self.prefix, check=True, capture_output=True)
        with open(os.path.join(self.prefix, "nginx.conf"), encoding="utf-8") as file:
            text = file.read()
        for old, new in ((r"listen 127\.0\.0\.1:\d+;", f"listen {address}:443 ssl; ssl_certificate certificate.pem; ssl_certificate_key key.pem;"),
                         ("unix:serverful.sock", "unix:slow.sock"), (r"pid nginx\.pid;", "pid tls.pid;")):
            text, n = re.subn(old, new, text)
            assert n == 1, old
        with open(os.path.join(self.prefix, "tls.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        self.start_nginx("tls.conf")


@contextlib.contextmanager
def both_sides(network, directory):
    """Start a VM and a function behind a gateway. Yield the URLs by target, the certificate of the VM, and what makes them slow."""
    programs = {"serverful": tap.SERVERFUL, "bootstrap": tap.BOOTSTRAP}
    snapshot = small_snapshot(directory)
    SlowVm.host, Function.host = network.command("vm"), network.command("function")
    with SlowVm(programs, os.path.join(directory, "vm"), small_store(directory), snapshot) as vm, \
            Function(programs, os.path.join(directory, "function"), snapshot) as function, contextlib.ExitStack() as stack:
        upstream = ("127.0.0.1", int(function.url.rpartition(":")[2]))
        fronts = {target: stack.enter_context(SlowFront((network.addresses["function"], port), upstream, seconds, Function.host))
                  for target, port, seconds in (("http", 8001, GATEWAY), ("url", 8002, 0))}
        fronts["vm"] = stack.enter_context(SlowFront(os.path.join(vm.directory, "slow.sock"), os.path.join(vm.directory, "serverful.sock"), SERVICE))
        vm.start_tls(network.addresses["vm"])
        urls = {"http": f"http://{network.addresses['function']}:8001", "url": f"http://{network.addresses['function']}:8002",
                "vm": f"https://{network.addresses['vm']}"}
        yield urls, os.path.join(vm.prefix, "certificate.pem"), fronts


def compare(prefix, path, *options, **variables):
    """Run serverful compare, which must succeed, and return its summary."""
    run = subprocess.run([*prefix, tap.SERVERFUL, "compare", "--results", path, "--report", path + ".html", *options], capture_output=True, text=True,
                         env={**{name: value for name, value in os.environ.items() if name != "SERVERFUL_COMPARE_BRIEF"}, **variables})
    if run.returncode:
        raise RuntimeError(run.stderr)
    return run.stdout


def near(pairs, name):
    """Whether of each pair the first one, which was measured, is as large as the second one."""
    tap.ok(pairs and all(got is not None and abs(got - expected) <= 0.1 * expected for got, expected in pairs), f"{name} is right within 10 %", pairs)


def run(network, delay, directory):
    """Measure from the client, and let CloudWatch's answers be what the gateway noted. Return the results, the summary, and the medians in ms
    that requests took at the services, by series."""
    path, requests = os.path.join(directory, "results.db"), os.path.join(directory, "requests.json")
    with open(requests, "w", encoding="utf-8") as file:
        json.dump([{"name": "short", "target": "/calculator?num1=7&num2=2&operator=divide", "share": 1},
                   {"name": "long", "method": "POST", "target": "/segment", "headers": {"Content-Type": "text/plain"}, "body": "我来到北京清华大学，" * 500, "share": 1}], file)
    with contextlib.closing(results.open_results(path)) as db, db:
        db.execute("UPDATE parameter SET value = 1 WHERE name IN ('billed_ms', 'vm_cpu_ms')")
    begin = time.time()
    with network.delay(delay), both_sides(network, directory) as (urls, certificate, fronts):
        compare(network.command("client"), path, "--quick", "--endpoints", requests, "--vm-url", urls["vm"], "--http-api-url", urls["http"],
                "--function-url", urls["url"], SSL_CERT_FILE=certificate)
    end = time.time()
    watch = CloudWatch({("AWS/ApiGateway", name): [(one[0], one[i] * 1000) for one in fronts["http"].requests] for name, i in (("Latency", 1), ("IntegrationLatency", 2))})
    with contextlib.closing(results.open_results(path)) as db:
        n = {target: n for target, n in db.execute("SELECT target, sum(n) FROM latency GROUP BY target")}
        metrics = gateways.metrics({"ApiUrl": OUTPUTS["ApiUrl"]}, None)
        gateways.write(db, gateways.wait(watch, metrics, begin, end, n)[0])
    text = compare((), path, "--report-only")
    with contextlib.closing(results.open_results(path)) as db:
        took = {id: statistics.median(whole for at, whole, _ in fronts[target].requests if began <= at < began + seconds) * 1000
                for id, target, began, seconds in db.execute("SELECT id, target, began, seconds FROM series")}
        return summary.read(db), text, took


def measured(network, delay, directory):
    found, text, took = run(network, delay, directory)
    what = f"with {delay * 1000:g} ms each way"
    trips = {row["target"]: row["connect_us"] / 1000 for row in found["round_trips"]}
    served = {target: {row["id"]: row["p50_served"] for row in found["latency"] if row["target"] == target} for target in TARGETS}
    for target in "vm", "http":
        near([(trips[target], 2000 * delay)], f"{what}, the round trip to {target}")
        near([(ms, took[id]) for id, ms in served[target].items()], f"{what}, the latency of {target} without the round trip")
    own = found["gateways"][0]["own_ms"]
    near([(own, GATEWAY * 1000)], f"{what}, the gateway's own share")
    near([(through - direct, GATEWAY * 1000) for through, direct in zip(served["http"].values(), served["url"].values())],
         f"{what}, what the client sees of the gateway's share")
    with open(os.path.join(directory, "results.db.html"), encoding="utf-8") as file:
        page = file.read()
    shown = [milliseconds(value) for value in (trips["vm"], *served["vm"].values(), *served["http"].values(), own)]
    tap.ok(all(f">{value}<" in page and value in text for value in shown), f"{what}, report and summary show these", f"{shown}\n{text}")


tap.plan(SHOWN + MEASURED)
shown()
if os.environ.get("SERVERFUL_LARGE") != "1":
    tap.skip(MEASURED, "set SERVERFUL_LARGE=1 to measure over links with a delay, which needs an idle machine")
elif delayed_network.missing():
    tap.skip(MEASURED, delayed_network.missing())
elif tap.is_watched(tap.SERVERFUL):
    tap.skip(MEASURED, "sanitizers and valgrind make the services slower")
else:
    with delayed_network.DelayedNetwork("vm", "function") as network:
        for delay in DELAYS:
            with tempfile.TemporaryDirectory() as directory:
                measured(network, delay, directory)
tap.done()
