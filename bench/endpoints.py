#!/usr/bin/python3
"""Compare the endpoints, through nginx and the pool, with other back ends, in interleaved rounds of one run. Print medians over
the rounds, and write them to bench/endpoints.json in the build directory."""

import argparse
import contextlib
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("wrk", commands=["wrk"])
install.packages("nginx-light", commands=["nginx"])
install.packages("python3-jieba", "sqlite3")
import corpora
import measure
from http_client import Client
from peers import WORK, Peer
from service import NGINX, Nginx, Service
from wait import wait_until

SENTENCE = "我们在北京的清华大学学习计算机科学与技术，今天天气很好，下午打算去图书馆看书，晚上和朋友们一起吃饭，然后回宿舍休息，明天还要上课学习"[:60]
TARGETS = {
    "/calculator": "/calculator?num1=6&num2=7&operator=multiply",
    "/random-image": "/random-image",
    "/segment": "/segment?text=" + urllib.parse.quote(SENTENCE),
}
OURS, CONSTANT, DEFAULT, RETURN, FLASK = (
    "serverful", "constant, our nginx.conf", "constant, nginx's defaults", "nginx's return 200", "Flask and gunicorn")


def has_flask():
    """Return whether Flask and gunicorn are installed or can be installed. Print a line if they are left out."""
    try:
        install.packages("python3-flask", "gunicorn")
    except install.Missing as missing:
        print(f"left out: {FLASK}: {missing}")
        return False
    return True


def versions():
    """Return the versions of the programs, by name, from Debian's package or from the program itself."""
    def first_line(*command):
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return run.stdout.partition("\n")[0]

    def debian(package):
        return first_line("dpkg-query", "-W", "-f", "${Version}", package)

    return {"nginx": first_line(NGINX, "-v").rpartition("/")[2],
            **{name: debian(name) for name in ("wrk", "gunicorn", "python3-flask", "python3-jieba")}}


@contextlib.contextmanager
def process(command, directory, is_ready):
    with open(os.path.join(directory, "log"), "ab") as log:
        started = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log)
    try:
        wait_until(is_ready, command[0])
        yield
    finally:
        started.terminate()
        started.wait()


@contextlib.contextmanager
def nginx(directory, location=None, name="nginx"):
    """Run nginx with the shipped configuration, or with a minimal one that has this location. Yields its port."""
    template = {}
    if location:
        template["template"] = os.path.join(directory, name + ".in")
        with open(os.path.join(HERE, "endpoints", "nginx.conf.in"), encoding="utf-8") as file:
            text = file.read().replace("@LOCATION@", location)
        with open(template["template"], "w", encoding="utf-8") as file:
            file.write(text)
    running = Nginx(directory, name=name, **template)
    try:
        yield running.port
    finally:
        running.stop()


@contextlib.contextmanager
def others(directory, workers, size, flask=True):
    """Run the other back ends. Yields their ports by name. All except Flask answer with `size` bytes."""
    def start(name, command):
        path = os.path.join(directory, name + ".sock")
        enter(process(command(path), directory, lambda: os.path.exists(path)))

    def constant(path):
        return [os.path.join(WORK, "constant"), path, str(workers), str(size)]

    with contextlib.ExitStack() as stack:
        enter = stack.enter_context
        start("serverful", constant)
        start("defaults", constant)  # a separate process, since the idle connections of the other one occupy its workers
        body = "x" * size
        ports = {
            CONSTANT: enter(nginx(directory)),
            DEFAULT: enter(nginx(directory, "include /etc/nginx/fastcgi_params; fastcgi_pass unix:defaults.sock;", "defaults")),
            RETURN: enter(nginx(directory, f"default_type application/json; return 200 '{body}';", "return")),
        }
        if flask:
            start("gunicorn", lambda path: ["/usr/bin/gunicorn", "--workers", str(workers), "--bind", "unix:" + path,
                                            "--preload", "--chdir", os.path.join(HERE, "endpoints"), "article:app"])
            ports[FLASK] = enter(nginx(directory, "proxy_pass http://unix:gunicorn.sock;", "flask"))
        yield ports


def rate(port, target, seconds, connections):
    """Return the requests a second that wrk measures. Raises RuntimeError if a request fails."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}", f"http://127.0.0.1:{port}{target}"],
                         check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise RuntimeError(f"{target}: requests failed:\n{out}")
    return float(re.search(r"Requests/sec:\s*([\d.]+)", out)[1])


def endpoints(service, arguments):
    """Return the requests a second by endpoint and back end, as lists over the rounds."""
    found = {}
    flask = has_flask()
    for endpoint, target in TARGETS.items():
        with Client(service.port) as client:
            answer = client.get(target)
        if answer.status != 200:
            raise RuntimeError(f"{target}: {answer}")
        size = len(answer.body)
        with tempfile.TemporaryDirectory() as directory, others(directory, arguments.workers, size, flask) as ports:
            ports = {OURS: service.port, **ports}
            rates = found[endpoint] = {name: [] for name in ports}
            for turn in range(arguments.rounds):
                order = list(ports.items())
                random.Random(turn).shuffle(order)
                for name, port in order:
                    rate(port, target, 1, arguments.connections)  # warm up
                    rates[name].append(rate(port, target, arguments.seconds, arguments.connections))
    return found


def large_text(service, directory, rounds):
    """Return the MB/s of a text of 1 MB without line breaks: through nginx on one connection, and in the handler alone."""
    text = "".join(corpora.sentences(8000)).encode()[:1000000].decode(errors="ignore").encode()
    corpus = os.path.join(directory, "corpus")
    with open(corpus, "wb") as file:
        file.write(text + b"\n")
    ours = Peer("serverful", [os.path.join(WORK, "ours"), os.path.join(service.directory, "serverful.snapshot")])
    ours.ask("load", corpus)
    found = {"through nginx": [], "in-process": []}
    with Client(service.port) as client:
        for _ in range(rounds * 10):
            found["in-process"].append(len(text) / ours.ask("json", "hmm")[0] * 1000)
            begin = time.perf_counter()
            answer = client.exchange("POST", "/segment", {"Content-Type": "text/plain"}, text)
            found["through nginx"].append(len(text) / (time.perf_counter() - begin) / 1e6)
            if answer.status != 200:
                raise RuntimeError(f"{answer}")
    ours.close()
    return found


def goals(report):
    """Yield (goal, figure, whether it is met)."""
    for endpoint, rates in measure.median(report["endpoints"]).items():
        least = 0.8 if endpoint == "/segment" else 0.9
        for other, wanted in ((CONSTANT, least), (FLASK, 15)):
            if other not in rates:
                continue
            ratio = rates[OURS] / rates[other]
            most = f" ({RETURN}: {rates[RETURN] / rates[other]:.1f})" if other == FLASK else ""
            yield f"{endpoint}: at least {wanted} of {other}{most}", ratio, ratio >= wanted
        ratio = rates[CONSTANT] / rates[DEFAULT]
        yield f"{endpoint}: {CONSTANT}: at least 1.3 of {DEFAULT}", ratio, ratio >= 1.3
    large = measure.median(report["1 MB"])
    ratio = large["through nginx"] / large["in-process"]
    yield "1 MB of text: through nginx at least 0.5 of in-process", ratio, ratio >= 0.5


def print_report(report):
    print(f"\n{report['machine']}, {report['processors']} processors;",
          ", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    print("command:", report["command"])
    for endpoint, rates in report["endpoints"].items():
        ours = measure.median(rates[OURS])
        print(f"\n{endpoint}: requests a second (median, least, most), and the ratio of serverful to each")
        for name, runs in rates.items():
            print(f"  {name:28}{measure.median(runs):10.0f}{min(runs):10.0f}{max(runs):10.0f}{ours / measure.median(runs):8.2f}")
    print("\n1 MB of text to /segment, MB/s (median, least, most)")
    for name, runs in report["1 MB"].items():
        print(f"  {name:28}{measure.median(runs):10.1f}{min(runs):10.1f}{max(runs):10.1f}")
    print("\ngoals")
    for what, figure, met in goals(report):
        print(f"  {'met    ' if met else 'NOT MET'}  {figure:8.2f}  {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="number of rounds (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=2, help="length of one measurement (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=16, help="connections of wrk (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=4, help="workers of the pool and of the others (default: %(default)s)")
    parser.add_argument("--json", metavar="FILE", default=os.path.join(WORK, "endpoints.json"), help="the file of the results (default: %(default)s)")
    arguments = parser.parse_args()
    with Service(workers=arguments.workers) as service, tempfile.TemporaryDirectory() as directory:
        report = {"machine": platform.platform(), "processors": os.cpu_count(), "command": " ".join(sys.argv),
                  **vars(arguments), "endpoints": endpoints(service, arguments), "1 MB": large_text(service, directory, arguments.rounds)}
    report["versions"] = versions()  # everything is installed by now
    print_report(report)
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    print(f"\nwritten to {arguments.json}")


if __name__ == "__main__":
    main()
