"""Measures another service, which runs at URLs on both sides: nothing is started here."""

import metrics
from failure import Failure
from measure import BUSY, Measurement, chosen_times, load

FULL = {10: 10, 50: 20}  # seconds for each rate: few requests, since the service may have users
QUICK = {10: 2, 50: 2}
BRIEF = {50: 0.4}
CONNECTIONS = 512  # at a constant rate; more than are ever busy at once, also where a request takes seconds

# What a bill needs of another service, and how to say it.
NEEDED = {
    "billed_ms": "how long a request takes in the function: take its log (--reports), an access log of it (serverful traffic, then --log-side lambda)",
    "vm_cpu_ms": "the processor time of a request on the VM: take it from the metrics of the service (--vm-metrics)",
}


def refuse_unknown(db, known):
    """Raise Failure if the bills need a parameter that nobody has set, and that is not among the known ones."""
    for name, what in NEEDED.items():
        open_ = db.execute("SELECT 1 FROM effective WHERE parameter = ? AND origin NOT IN ('scenario', 'chosen')", (name,)).fetchone()
        if open_ and name not in known:
            raise Failure(f"nothing says {what}, or set it in milliseconds: UPDATE parameter SET value = … WHERE name = '{name}'")


def known(db):
    """Return the names of what the results say about another service."""
    found = {name for name, in db.execute("SELECT name FROM evidence")}
    found |= {"billed_ms"} if db.execute("SELECT 1 FROM measured").fetchone() else set()
    return found | ({"vm_cpu_ms"} if db.execute("SELECT 1 FROM series WHERE cpu_seconds IS NOT NULL").fetchone() else set())


def check(db):
    """Raise Failure if the results are of another service, and lack what a bill needs."""
    if db.execute("SELECT 1 FROM run WHERE name = 'service'").fetchone():
        refuse_unknown(db, known(db))


class Elsewhere(Measurement):
    """The steps of a comparison at URLs. `metrics_url` has the processor time of the VM's service; None: it is not measured."""

    def __init__(self, db, programs, targets, endpoints, quick, metrics_url):
        super().__init__(db, programs, None, None, targets, endpoints, quick, False)
        self.rates, self.connections, self.metrics_url = chosen_times(quick, (FULL, QUICK, BRIEF)), CONNECTIONS, metrics_url

    def steps(self):
        """Yield (expected seconds, description, function) of each step, in order."""
        yield from self.latency_steps()
        if self.metrics_url:
            target = next(target for target in self.targets if target.side == "vm")
            for endpoint in self.endpoints:
                yield self.busy, f"vm: {endpoint.name}, in a closed loop", lambda e=endpoint: self.metered(target, e)

    def metered(self, target, endpoint):
        """Measure the processor time of requests in a closed loop, by the metrics of the service."""
        load(self.programs, target.url, endpoint, 0, min(self.busy, 0.2), BUSY)  # opens the connections of the service
        before = metrics.read(self.metrics_url)
        samples = load(self.programs, target.url, endpoint, 0, self.busy, BUSY)
        after = metrics.read(self.metrics_url)
        used = after.cpu_seconds - before.cpu_seconds
        if used <= 0:
            raise Failure(f"{metrics.CPU} at {self.metrics_url} did not grow while {target.url} answered {len(samples):,} requests to {endpoint.target}:"
                          " name the metrics of all processes of the service (--vm-metrics), or set the parameter vm_cpu_ms by SQL")
        self.series(target, endpoint, None, self.busy, BUSY, samples, used, after.memory_mb)
