"""Replay the busiest hours of the traffic in some seconds, against both sides on this machine, so that the simulation can be compared
with what happens. See docs/simulation.md, and the tables replay_... in sql/simulation.sql."""

import collections
import contextlib
import itertools
import os
import pathlib
import random
import subprocess

import child
from endpoints import SEED, Endpoint, sentences, write_message
from failure import Failure
from sides import Lambda

CONNECTIONS = 200  # of the load generator, and the most environments
LEAST_GAP = 10000  # microseconds between two requests before the replay, so that few wait for another
GROUPS = "/sys/fs/cgroup"

# The requests: the keywords of texts of so many characters, by their share of 20 requests. They take some milliseconds, so that the noise
# of the machine, some tenths of one, does not decide.
TEXTS = {2000: 12, 8000: 7, 20000: 1}

# How long a replay is: the hours of the traffic, the seconds in which they pass, the requests; the requests of each side before it, and the
# cold starts before it. 1,000 requests have p99.
Length = collections.namedtuple("Length", "hours seconds requests warm cold")
FULL = Length(24, 25, 1200, 300, 50)
QUICK = Length(5, 5, 240, 60, 20)
BRIEF = Length(1, 0.5, 20, 5, 2)


def chosen_length(quick):
    if not quick:
        return FULL
    return BRIEF if "SERVERFUL_COMPARE_BRIEF" in os.environ else QUICK


def kinds(store, directory):
    """Return the kinds of requests. Write their messages into `directory`."""
    found, text = [], sentences(store, max(TEXTS))
    for n in TEXTS:
        path, body = os.path.join(directory, f"keywords-{n}"), text[:n].encode()
        write_message(path, {"Content-Type": "text/plain"}, body)
        found.append(Endpoint(f"keywords-{n}", f"the keywords of {n:,} characters", "POST", "/keywords?top=5", path, len(body)))
    return found


def drawn_kinds(part, n):
    """Return the numbers of the kinds of the `n` requests of a part of the replay, drawn by their shares: the same ones for both sides."""
    return random.Random(f"{SEED} {part}").choices(range(len(TEXTS)), TEXTS.values(), k=n)


def without_wait(samples):
    """Return samples of requests of which each was sent when due, but not before the one before had ended, as if it had been due when it was
    sent."""
    found, end = [], 0
    for due, took, status in samples:
        sent, end = max(due, end), max(due + took, end)
        found.append((sent, end - sent, status))
    return found


def processors(root=GROUPS):
    """Return the number of processors that this process may use: by its affinity, and by the quotas of its control groups of version 2, rounded down."""
    found = len(os.sched_getaffinity(0))
    with open("/proc/self/cgroup", encoding="utf-8") as file:
        group = next((line.rstrip("\n")[3:] for line in file if line.startswith("0::")), "/")
    for place in [group, *(str(parent) for parent in pathlib.PurePosixPath(group).parents)]:
        with contextlib.suppress(OSError), open(f"{root}{place.rstrip('/')}/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
            if quota != "max":
                found = min(found, max(1, int(quota) // int(period)))
    return found


def simulate(programs, results, *arguments):
    """Run serverful simulate on the results, with arguments that are only about the replay."""
    run = subprocess.run(child.command(programs["serverful"], "simulate", "--results", results, *arguments), capture_output=True, text=True, check=False)
    if run.returncode:
        raise Failure(run.stderr.strip().removeprefix("serverful simulate: ") or f"the simulation failed with exit status {run.returncode}")


class Replay:
    """The steps of a replay. `vm` and `function` are the sides on this machine; the replay has a lambda-host of its own. Both get requests of
    the same kinds in the same order."""

    def __init__(self, db, results, programs, vm, function, length):
        self.db, self.results, self.programs, self.vm, self.function, self.length = db, results, programs, vm, function, length
        self.kinds = kinds(vm.store, vm.directory)

    def steps(self):
        """Yield (expected seconds, description, function) of each step, in order."""
        seconds = self._expected_seconds()
        warm_seconds = self.length.warm * max(LEAST_GAP / 1e6, seconds / self.length.requests)
        yield 0.2, "replay: the busiest hours", self.choose
        yield warm_seconds, "vm: requests for the replay, one by one", self.warm
        yield seconds, "vm: replay", lambda: self.replay("vm", self.vm)
        yield 0.04 * self.length.cold, "lambda: cold starts for the replay", self.cold
        yield warm_seconds + 0.2, "lambda: requests for the replay, one by one", self.warm_function
        yield seconds + 0.2, "lambda: replay", self.replay_function

    def _expected_seconds(self):
        """Return how long the replay takes, before its requests are chosen: as long as all, or as the log if that is shorter."""
        traffic, = self.db.execute("SELECT traffic FROM replay_traffic").fetchone()
        log, = self.db.execute("SELECT max(second) - min(second) + 1 FROM traffic_arrival").fetchone()
        return min(log, self.length.seconds) if traffic == "log" and log else self.length.seconds

    def _send(self, url, due, drawn, connections=CONNECTIONS):
        """Send requests at times in microseconds, each of the kind with the number that is drawn for it. Return (due in us, took us, status) of
        each."""
        path = os.path.join(self.vm.directory, "times")
        with open(path, "w", encoding="ascii") as file:
            file.writelines(f"{us} {kind}\n" for us, kind in zip(due, drawn))
        targets = [part for kind in self.kinds for part in (url + kind.target, kind.method, kind.message)]
        run = subprocess.run(child.command(self.programs["load"], "at", path, str(connections), *targets), capture_output=True, text=True, check=False)
        if run.returncode:
            raise Failure(run.stderr.strip() or f"the load generator failed with exit status {run.returncode}")
        return [tuple(map(int, line.split())) for line in run.stdout.splitlines()]

    def _write(self, rows):
        self.db.executemany("INSERT INTO replay_sample (side, part, due_us, took_us, status, busy_us) VALUES (?, ?, ?, ?, ?, ?)", rows)
        self.db.commit()

    def _note(self, side, part, samples):
        self._write([(side, part, *sample, None) for sample in samples])

    def _note_reported(self, samples, reports):
        """Write the answers among samples of the function before the replay, with their REPORT lines, which come in the same order. Where there are
        not as many of these, or a request was over before its environment was done, nobody knows which belong together."""
        answered = [sample for sample in samples if sample[2] == 200]
        pairs = list(zip(answered, reports)) if len(answered) == len(reports) else []
        timed = [(sample, report.init_ms, round(((report.init_ms or 0) + report.duration_ms) * 1000)) for sample, report in pairs]
        self._write([("lambda", "warm" if init_ms is None else "cold", *sample, busy) for sample, init_ms, busy in timed if busy <= sample[1]])

    def _due_one_by_one(self):
        """Return when the requests before the replay are due, in microseconds. Their gaps are like those of the replay: after a longer pause, a
        processor is slower."""
        due = self._arrivals()
        gaps = [max(LEAST_GAP, after - before) for before, after in zip(due, due[1:])] or [LEAST_GAP]
        return list(itertools.accumulate(random.Random(SEED).choices(gaps, k=self.length.warm)))

    def _one_by_one(self, url):
        """Send requests one by one: on one connection, each waits for the answer of the one before. Return the samples without that wait."""
        due = self._due_one_by_one()
        return without_wait(self._send(url, due, drawn_kinds("warm", len(due)), 1))

    def warm(self):
        self._note("vm", "warm", self._one_by_one(self.vm.url))

    def warm_function(self):
        """Send requests to the function. Let environments end meanwhile as in the replay."""
        with self._host("before") as host:
            samples = self._one_by_one(host.url)
            answered = sum(status == 200 for *_, status in samples)
            if answered:
                host.await_report(answered - 1)
            self._note_reported(samples, host.reports())

    def cold(self):
        """Send requests that each find no environment."""
        for kind in drawn_kinds("cold", self.length.cold):
            self.function.end_environments()
            before = len(self.function.reports())
            samples = self._send(self.function.url, [0], [kind])
            if samples[0][2] == 200:
                self._note_reported(samples, [self.function.await_report(before)])

    def choose(self):
        """Let serverful simulate choose the requests of the busiest hours."""
        simulate(self.programs, self.results, "--arrivals", str(self.length.requests), "--hours", str(self.length.hours))

    def _input(self, name):
        return self.db.execute("SELECT value FROM replay_input WHERE name = ?", (name,)).fetchone()[0]

    def _speed(self):
        """Return how many times as fast the requests come. A log that is shorter than the replay is not slowed down."""
        return max(1, self._input("window_seconds") / self.length.seconds)

    def _seconds(self):
        """Return how long the replay takes."""
        return self._input("window_seconds") / self._speed()

    def _arrivals(self):
        """Return when the requests are due, in microseconds."""
        speed = self._speed()
        return [round(us / speed) for us, in self.db.execute("SELECT at_us FROM replay_arrival ORDER BY at_us")]

    def replay(self, side, here):
        due = self._arrivals()
        if due:
            self._note(side, "replay", self._send(here.url, due, drawn_kinds("replay", len(due))))

    def _idle_ms(self):
        """Return the idle life of the environments in the scenario that is replayed, which is as much shorter as the hours are."""
        seconds, = self.db.execute("SELECT idle_seconds FROM setting WHERE scenario = ?", (self._input("scenario"),)).fetchone()
        return max(1, round(seconds * 1000 / self._speed()))

    def _host(self, name):
        """Return a lambda-host, a context manager."""
        return Lambda(self.programs, f"{self.function.directory}-{name}", self.function.snapshot, concurrency=CONNECTIONS, idle=self._idle_ms() / 1000)

    def replay_function(self):
        """Replay against a lambda-host, and count the cold starts."""
        with self._host("replay") as host:
            self.replay("lambda", host)
            answered, = self.db.execute("SELECT count(*) FROM replay_sample WHERE side = 'lambda' AND part = 'replay' AND status = 200").fetchone()
            if answered:
                host.await_report(answered - 1)
            cold = sum(report.init_ms is not None for report in host.reports())
        self.db.executemany("INSERT INTO replay_input (name, value) VALUES (?, ?)", [
            ("seconds", self._seconds()), ("idle_ms", self._idle_ms()), ("quota", CONNECTIONS), ("cold", cold), ("processors", processors())])
        self.db.commit()
