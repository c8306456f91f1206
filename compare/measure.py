"""Measure both sides, step by step, and write the samples into results.db."""

import collections
import contextlib
import http.client
import os
import subprocess
import time
import urllib.request

import child
import round_trip
import share
import tls
from endpoints import CALCULATOR, read_message
from failure import Failure
from sides import Lambda, memory_mb, processor_seconds

CONNECTIONS = 32  # for requests at a constant rate; more than are ever busy at once
BUSY = 8  # connections for a closed loop, which keep a side busy
COLD_STARTS = 50
MEMORY_SIZES = (128, 256, 512, 1024, share.FULL_MB)
MEMORY_RATE = 20  # requests a second at each memory size

# What requests are sent to: its name in the table series, the side that it stands for, and its URL. `is_here` is whether it runs on
# this machine, started by this program.
Target = collections.namedtuple("Target", "name side url is_here")

# The seconds for each rate in requests a second; then those for a capacity, an endpoint at a memory size, and a step of TLS. A full run
# has p99 at every rate (1,000 requests) and p99.9 at the highest one, a quick run has p90.
FULL = {50: 20, 200: 5, 1000: 10}, 5, 5, 2
QUICK = {50: 2, 200: 2}, 0.4, 0.4, 0.4
BRIEF = {20: 0.1, 200: 0.1}, 0.05, 0.1, 0.05  # instead of QUICK where SERVERFUL_COMPARE_BRIEF is set: enough for a test, not for a result


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as it is, as the load generator does, which counts it as a failed request."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirect)


def chosen_times(quick, times=(FULL, QUICK, BRIEF)):
    full, few, brief = times
    if not quick:
        return full
    return brief if "SERVERFUL_COMPARE_BRIEF" in os.environ else few


def local_target(side, url):
    """Return the target of a side on this machine."""
    return Target({"vm": "vm", "lambda": "lambda-host"}[side], side, url, True)


def load(programs, url, endpoint, rate, seconds, connections, environment=None):
    """Send requests at a rate, or as fast as answers come if it is 0. Return (due in us, took us, status) of each; the status is
    0 where no response came. `environment` has further variables for the load generator."""
    message = [endpoint.method, endpoint.message] if endpoint.message else []
    run = subprocess.run(child.command(programs["load"], str(rate), str(seconds), str(connections), url + endpoint.target, *message),
                         capture_output=True, text=True, check=False, env={**os.environ, **(environment or {})})
    if run.returncode:
        raise Failure(run.stderr.strip() or f"the load generator failed with exit status {run.returncode}")
    return [tuple(map(int, line.split())) for line in run.stdout.splitlines()]


class Measurement:
    """The steps of a comparison. `vm` and `function` are the two sides on this machine. `targets` are those whose latency is measured;
    they may be on other machines. Cold starts and memory sizes are measured only `with_durations`."""

    def __init__(self, db, programs, vm, function, targets, endpoints, quick, with_durations):
        self.db, self.programs, self.endpoints = db, programs, endpoints
        self.sides = {"vm": vm, "lambda": function}
        self.targets, self.with_durations = targets, with_durations
        self.rates, self.busy, self.size, self.tls_seconds = chosen_times(quick)
        self.connections = CONNECTIONS

    def latency_steps(self):
        """Yield the steps that need nothing but the targets."""
        for target in self.targets:
            yield 0.2 * len(self.endpoints), f"{target.name}: one request each", lambda t=target: self.warm_up(t)
            yield 0.2, f"{target.name}: round trips", lambda t=target: self.round_trip(t)
        for endpoint in self.endpoints:
            for rate, seconds in self.rates.items():
                for target in self.targets:
                    yield seconds, f"{target.name}: {endpoint.name}, {rate} requests a second", \
                        lambda e=endpoint, r=rate, s=seconds, t=target: self.latency(t, e, r, s)

    def steps(self):
        """Yield (expected seconds, description, function) of each step, in order."""
        yield from self.latency_steps()
        for endpoint in self.endpoints:
            for side in self.sides:
                yield self.busy, f"{side}: {endpoint.name}, in a closed loop", \
                    lambda e=endpoint, s=side: self.capacity(s, e)
        if tls.is_available():
            yield tls.expected_seconds(self.tls_seconds), "vm: TLS", self.tls
        if not self.with_durations:
            return
        yield 2, "lambda: cold starts", self.cold_starts
        for memory in MEMORY_SIZES if share.is_available() else [share.FULL_MB]:
            yield 0.5 + self.size * len(self.endpoints), f"lambda: {memory} MB", lambda m=memory: self.memory_size(m)

    def warm_up(self, target):
        """Send one request to each endpoint, and note the size of its response. Raise Failure if a request fails."""
        for endpoint in self.endpoints:
            headers, body = read_message(endpoint.message) if endpoint.message else ({}, b"")
            try:
                request = urllib.request.Request(target.url + endpoint.target, body or None, headers, method=endpoint.method)
                with OPENER.open(request, timeout=30) as answer:
                    size = len(answer.read())
            except (OSError, ValueError, http.client.HTTPException) as error:
                raise Failure(f"{target.name}: the request to {target.url}{endpoint.target} failed: {error}") from None
            self.db.execute("UPDATE endpoint SET response_bytes = ? WHERE name = ?", (size, endpoint.name))

    def round_trip(self, target):
        self.db.execute("INSERT INTO round_trip (target, n, connect_us, tls_us) VALUES (?, ?, ?, ?)", (target.name, *round_trip.measure(target.url)))

    def series(self, target, endpoint, rate, seconds, connections, samples, cpu=None, memory=None, began=None):
        """Write a series and its samples. `cpu` is the processor time in seconds that the side has used, `memory` what it uses in MB,
        `began` when the series did, in seconds since 1970."""
        series = self.db.execute(
            "INSERT INTO series (side, target, url, endpoint, rate, seconds, connections, cpu_seconds, memory_mb, began)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (target.side, target.name, None if target.is_here else target.url, endpoint.name, rate,
                                                    seconds, connections, cpu, memory, began)).lastrowid
        self.db.executemany("INSERT INTO sample (series, due_us, took_us, status) VALUES (?, ?, ?, ?)",
                            ((series, *sample) for sample in samples))
        self.db.commit()

    def latency(self, target, endpoint, rate, seconds):
        began = time.time()
        samples = load(self.programs, target.url, endpoint, rate, seconds, self.connections)
        self.series(target, endpoint, rate, seconds, self.connections, samples, began=began)

    def capacity(self, side, endpoint):
        here = self.sides[side]
        load(self.programs, here.url, endpoint, 0, min(self.busy, 0.2), BUSY)  # starts all environments
        pids = here.pids()
        before = processor_seconds(pids)
        samples = load(self.programs, here.url, endpoint, 0, self.busy, BUSY)
        used = processor_seconds(pids) - before
        self.series(local_target(side, here.url), endpoint, None, self.busy, BUSY, samples, used, memory_mb(pids))

    def tls(self):
        """Measure what TLS costs the VM's nginx with a small GET, as values of parameters."""
        found, source = tls.measure(self.sides["vm"], CALCULATOR, self.tls_seconds,
                                    lambda url, seconds, environment: load(self.programs, url, CALCULATOR, 0, seconds, BUSY, environment))
        self.db.executemany("INSERT INTO evidence (name, value, source) VALUES (?, ?, ?)", [(name, value, source) for name, value in found.items()])
        self.db.commit()

    def cold_starts(self):
        """Send requests that each find no environment, and note how long they take."""
        function, endpoint = self.sides["lambda"], self.endpoints[0]
        latencies = []
        for _ in range(COLD_STARTS):
            function.end_environments()
            n_reports = len(function.reports())
            (_, took, status), *_ = load(self.programs, function.url, endpoint, 1, 0.5, 1)
            if status != 200:
                raise Failure(f"the first request to a new environment failed with status {status}: {function.log()[-500:]}")
            report = function.await_report(n_reports)
            latencies.append((report.init_ms, report.duration_ms, took / 1000))
        self.db.executemany("INSERT INTO cold_start (init_ms, duration_ms, latency_ms) VALUES (?, ?, ?)", latencies)
        self.db.commit()

    def memory_size(self, memory):
        """Measure each endpoint, one invocation at a time, with the share of a processor that Lambda gives to this size."""
        base = self.sides["lambda"]
        with contextlib.ExitStack() as stack:
            group = stack.enter_context(share.Share(memory)) if memory < share.FULL_MB else None
            function = stack.enter_context(
                Lambda(self.programs, f"{base.directory}-{memory}", base.snapshot, memory, concurrency=1))
            load(self.programs, function.url, self.endpoints[0], 1, 0.5, 1)
            if group:
                group.add(function.pids())
            for endpoint in self.endpoints:
                n_reports = len(function.reports())
                samples = load(self.programs, function.url, endpoint, MEMORY_RATE, self.size, 1)
                answered = sum(status == 200 for _, _, status in samples)
                if answered:
                    function.await_report(n_reports + answered - 1)
                add_reports(self.db, function.reports()[n_reports:], endpoint.name)
        self.db.commit()


def add_reports(db, reports, endpoint):
    """Write REPORT lines into the results. `endpoint` is None where it is not known."""
    db.executemany(
        "INSERT INTO invocation (endpoint, memory_mb, duration_ms, init_ms, used_mb) VALUES (?, ?, ?, ?, ?)",
        [(endpoint, r.memory_mb, r.duration_ms, r.init_ms, r.used_mb) for r in reports])
