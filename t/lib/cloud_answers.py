"""What a VM, a client and a function on AWS answer to serverful compare --aws, without any of them.

    answers = Answers()
    answers.script("...")      # what a script would print on the instance that it is for
    answers.metrics            # (namespace, name, {dimension: value}, seconds, value) for CloudWatch, from the measurement on
    answers.reports            # (milliseconds, line) for the log of the function
"""

import base64
import gzip
import json
import os
import re
import shlex
import sys
import tempfile
import time

import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results
from options import URLS, url_option

CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
N = 20  # requests of a series
RATE = 10
OPTIONS = {url_option(target): target for target in URLS}
DURATIONS = {"calculator": 0.4, "random-image": 0.5, "segment-20": 0.8, "segment-200": 1.5, "segment-5000": 9.5}  # ms in the function
OWN = {"http": 5, "rest": 9, "url": 3}  # ms that the gateways add
WAIT = 10  # ms that a gateway waits for the function
FIRST = 150  # ms of a first request
CREDITS = 30
STATISTICS = {"Sum": sum, "SampleCount": len, "Maximum": max, "Minimum": min}
REPORT = "REPORT RequestId: {id}\tDuration: {ms:.2f} ms\tBilled Duration: {billed} ms\tMemory Size: 128 MB\tMax Memory Used: 20 MB\t{init}"


class Answers:
    """`rest_name` is the name of the REST API, `function` that of the function, and `vm` the id of the VM: the dimensions of their metrics."""

    def __init__(self, rest_name="rest-api", function="function", vm="i-1"):
        self.rest_name, self.function, self.vm = rest_name, function, vm
        self.metrics, self.reports, self.scripts, self.measured = [], [], [], 0

    def script(self, text):
        self.scripts.append(text)
        if "serverful compare" in text:
            return self.measure(shlex.split(re.search(r"serverful compare (.*) >&2", text)[1]))
        if "first_requests.py" in text:
            n, *urls = shlex.split(text)[2:]
            return json.dumps({url: self.first(int(n)) for url in urls})
        if "echo now" in text:
            return "processor 1000000000\nprocessor 500000000\nrequests 10\nnow\nprocessor 2000000000\nprocessor 500000000\nrequests 500\nrequests 10\n"
        return CERTIFICATE + "\n"

    def first(self, n):
        """Note the reports of cold starts, and return how long they took."""
        for _ in range(n):
            self.report(time.time(), 1.5, "Init Duration: 50.00 ms\t")
        return [FIRST] * n

    def report(self, at, ms, init=""):
        billed = -int(-ms // 1) + (50 if init else 0)
        self.reports.append((int(at * 1000), REPORT.format(id=f"{len(self.reports):08x}-0000-4000-8000-000000000000", ms=ms, billed=billed, init=init)))

    def measure(self, arguments):
        """Return what the client prints after a comparison."""
        urls = {OPTIONS[name]: value for name, value in zip(arguments, arguments[1:]) if name in OPTIONS}
        self.measured += 1
        begin = time.time() - 300
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "results.db")
            end = self.fill(results.open_results(path), urls, begin, arguments[arguments.index("--client") + 1])
            with open(path, "rb") as file:
                data = file.read()
        return f"measured {int(begin)} {int(end) + 1}\n{base64.encodebytes(gzip.compress(data)).decode()}"

    def fill(self, db, urls, at, client):
        """Write a run that begins at a time into results.db, with metrics and reports. Return when it ends."""
        db.executemany("INSERT INTO run VALUES (?, ?)", [("client", client), ("kind", "quick"), *((f"{target} url", url) for target, url in urls.items())])
        db.executemany("INSERT INTO round_trip VALUES (?, 20, 1000, 2000)", [(target,) for target in urls])
        for name, ms in DURATIONS.items():
            db.execute("INSERT INTO endpoint VALUES (?, '', '/', 0, 100)", (name,))
            db.execute("INSERT INTO mix VALUES (?, ?)", (name, results.MIX[name]))
            for target, url in urls.items():
                self.series(db, at, name, target, url, ms)
                at += N / RATE
            for side, target in (("vm", "vm"), ("lambda", "lambda-host")):
                self.insert(db, side, target, None, name, None, None, 0.5)
        db.execute("INSERT INTO cold_start VALUES (1, 1, 2)")
        db.commit()
        db.close()
        self.metrics += [("AWS/EC2", name, {"InstanceId": self.vm}, at, value) for name, value in (
            ("CPUUtilization", 40), ("CPUCreditBalance", CREDITS), ("CPUCreditUsage", 2))]
        return at

    def insert(self, db, side, target, url, endpoint, rate, began, cpu):
        series = db.execute("INSERT INTO series (side, target, url, endpoint, rate, seconds, connections, cpu_seconds, memory_mb, began) VALUES (?, ?, ?, ?, ?, ?, 8, ?, 20, ?)",
                            (side, target, url, endpoint, rate, N / RATE, cpu, began)).lastrowid
        db.executemany("INSERT INTO sample VALUES (?, ?, 15000, 200)", [(series, i * 1e6 // RATE) for i in range(N)])

    def series(self, db, at, endpoint, target, url, ms):
        self.insert(db, "vm" if target == "vm" else "lambda", target, url, endpoint, RATE, at, None)
        for i in range(0 if target == "vm" else N):
            self.report(at + i / RATE, ms)
            for name, value in zip(self.names(target), (WAIT + OWN[target], WAIT)):
                self.metrics.append(("AWS/Lambda" if target == "url" else "AWS/ApiGateway", name, self.dimensions(target, url), at + i / RATE, value))

    def statistic(self, what):
        """Return the value of a `MetricStat` of CloudWatch over all its time, in a list, or an empty one."""
        metric = what["Metric"]
        wanted = metric["Namespace"], metric["MetricName"], {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        values = [value for *which, _, value in self.metrics if tuple(which) == wanted]
        return [STATISTICS[what["Stat"]](values)] if values else []

    def names(self, target):
        """Return the names of the metrics of the whole, and of the part in which a gateway waits."""
        return ("UrlRequestLatency", "Duration") if target == "url" else ("Latency", "IntegrationLatency")

    def dimensions(self, target, url):
        return {"http": {"ApiId": url.split("/")[2].partition(".")[0], "Stage": "$default"}, "rest": {"ApiName": self.rest_name, "Stage": "live"},
                "url": {"FunctionName": self.function}}[target]
