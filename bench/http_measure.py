"""The measurements of bench/endpoints.py."""

import concurrent.futures
import contextlib
import os
import re
import statistics
import subprocess
import threading
import time

import corpora
from http_client import Client
from peers import WORK, Peer
from service import children
from tap import BUILD

RATE, P50, P99, NGINX_CPU, BACK_END_CPU = "requests/s", "p50 ms", "p99 ms", "nginx us", "back end us"
UNITS = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}  # of wrk, in ms
LIGHT_CONNECTIONS = 64
HEAVY_SECONDS = 5  # length of one measurement beside heavy requests
HEAVY_BYTES = 2000000


def _tree(pid):
    """Return the pids of a process and of its descendants."""
    return [pid, *(found for child in children(pid) for found in _tree(child))]


def _processor_us(pids):
    """Return the microseconds of processor time that the processes have used, user and system."""
    ticks = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            ticks += sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
    return ticks * 1e6 / os.sysconf("SC_CLK_TCK")


def _wrk(port, target, seconds, connections):
    """Return the number of requests that wrk sends, and its figures. Raises RuntimeError if a request fails."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", f"http://127.0.0.1:{port}{target}"],
                         check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{target}: requests failed:\n{out}")
    p50, p99 = (float(number) * UNITS[unit] for number, unit in re.findall(r"^ *(?:50|99)% +([\d.]+)(us|ms|s|m)$", out, re.M))
    rate = float(re.search(r"Requests/sec:\s*([\d.]+)", out)[1])
    return int(re.search(r"(\d+) requests in", out)[1]), {RATE: rate, P50: p50, P99: p99}


def figures(row, target, seconds, connections):
    """Run wrk once. Return by name the requests a second, the latencies, and the processor time for each request: nginx's and the
    back end's, as far as the row has them."""
    trees = {name: _tree(pid) for name, pid in ((NGINX_CPU, row.nginx), (BACK_END_CPU, row.back_end)) if pid}
    before = {name: _processor_us(pids) for name, pids in trees.items()}
    requests, found = _wrk(row.port, target, seconds, connections)
    return {**found, **{name: (_processor_us(pids) - before[name]) / requests for name, pids in trees.items()}}


def _text(size):
    """Return sentences of so many bytes, or a few less, without line breaks."""
    return "".join(corpora.sentences(size // 120)).encode()[:size].decode(errors="ignore").encode()


def _segment(client, query, text):
    """Send a text to /segment. Return the seconds until its answer. Raises RuntimeError if that is an error."""
    begin = time.perf_counter()
    answer = client.exchange("POST", "/segment" + query, {"Content-Type": "text/plain"}, text)
    if answer.status != 200:
        raise RuntimeError(f"{answer}")
    return time.perf_counter() - begin


def large_text(service, directory, rounds):
    """Return the MB/s of a text of 1 MB without line breaks: through nginx on one connection, and in the handler alone."""
    text = _text(1000000)
    corpus = os.path.join(directory, "corpus")
    with open(corpus, "wb") as file:
        file.write(text + b"\n")
    ours = Peer("serverful", [os.path.join(WORK, "ours"), os.path.join(service.directory, "serverful.snapshot")])
    ours.ask("load", corpus)
    found = {"through nginx": [], "in-process": []}
    with Client(service.port) as client:
        for _ in range(rounds * 10):
            found["in-process"].append(len(text) / ours.ask("json", "hmm")[0] * 1000)
            found["through nginx"].append(len(text) / _segment(client, "", text) / 1e6)
    ours.close()
    return found


@contextlib.contextmanager
def _heavy_requests(port, text):
    """Send a heavy request each second, on a connection of its own. Yields a list that has at the end the seconds of each."""
    took, over = [], threading.Event()

    def send():
        with Client(port) as client:
            return _segment(client, "?pos=1", text)

    def send_all():
        with concurrent.futures.ThreadPoolExecutor() as threads:
            sent = [threads.submit(send)]
            while not over.wait(1):
                sent.append(threads.submit(send))
            took.extend(future.result() for future in sent)

    with concurrent.futures.ThreadPoolExecutor() as threads:
        sender = threads.submit(send_all)
        try:
            yield took
        finally:
            over.set()
            sender.result()


def _light(port, target, rate):
    """Send light requests at a rate, or with 0 as fast as they are answered. Return the ms of each, from when it was due. Raises
    RuntimeError if one fails."""
    out = subprocess.check_output([os.path.join(BUILD, "load"), str(rate), str(HEAVY_SECONDS), str(LIGHT_CONNECTIONS),
                                   f"http://127.0.0.1:{port}{target}"], text=True)
    samples = [line.split() for line in out.splitlines()]
    failed = sum(status != "200" for _, _, status in samples)
    if failed:
        raise RuntimeError(f"{failed} of {len(samples)} light requests failed")
    return [int(us) / 1000 for _, us, _ in samples]


def _p99(times):
    return statistics.quantiles(times, n=100)[98]


def beside_heavy(service, target, rounds):
    """Return the p99 in ms of light requests at half the rate that the service can answer: alone, and beside one heavy request
    a second, as lists over the rounds. Also return that rate, and the seconds of the heavy requests."""
    text = _text(HEAVY_BYTES)
    rate = len(_light(service.port, target, 0)) / HEAVY_SECONDS / 2
    found = {"requests/s": [rate], "heavy s": [], "without": [], "with": []}
    for _ in range(rounds):
        found["without"].append(_p99(_light(service.port, target, rate)))
        with _heavy_requests(service.port, text) as took:
            found["with"].append(_p99(_light(service.port, target, rate)))
        found["heavy s"] += took
    return found
