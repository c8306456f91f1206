#!/usr/bin/python3
"""Compare the endpoints, through nginx and the pool, with other back ends, in interleaved rounds of one run. Print medians over
the rounds, and write them to bench/endpoints.json in the build directory.

For each endpoint and number of connections: the requests a second that wrk measures, the latency, and the processor time for each
request, nginx's and the back end's. Those that are no rivals are measured with one number of connections."""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("wrk", commands=["wrk"])
install.packages("nginx-light", commands=["nginx"])
install.packages("python3-jieba", "sqlite3")
import endpoints_report
import http_measure
import http_peers
from http_client import Client
from http_peers import AXUM, AXUM_DIRECT, FLASK, OURS, Row
from peers import WORK
from service import NGINX, Service

SENTENCE = "我们在北京的清华大学学习计算机科学与技术，今天天气很好，下午打算去图书馆看书，晚上和朋友们一起吃饭，然后回宿舍休息，明天还要上课学习"[:60]
TARGETS = {
    "/calculator": "/calculator?num1=6&num2=7&operator=multiply",
    "/random-image": "/random-image",
    "/segment": "/segment?text=" + urllib.parse.quote(SENTENCE),
}
USUAL_CONNECTIONS = 16  # for those that are no rivals


def versions():
    """Return the versions of the programs, by name, from Debian's package or from the program itself."""
    def first_line(*command):
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return run.stdout.partition("\n")[0]

    def debian(package):
        return first_line("dpkg-query", "-W", "-f", "${Version}", package)

    return {"nginx": first_line(NGINX, "-v").rpartition("/")[2],
            **{name: debian(name) for name in ("wrk", "gunicorn", "python3-flask", "python3-jieba")}}


def get(port, target):
    """Return the body of an answer. Raises RuntimeError if it is an error."""
    with Client(port) as client:
        answer = client.get(target)
    if answer.status != 200:
        raise RuntimeError(f"{target}: {answer}")
    return answer.body


def check_answers(rows, target, expected):
    """Raise RuntimeError unless axum and Flask give the answer that serverful has given. An image is a random one."""
    for name in {AXUM, AXUM_DIRECT, FLASK} & set(rows):
        answer = json.loads(get(rows[name].port, target))
        if set(answer) != set(expected) or ("imageUrl" not in answer and answer != expected):
            raise RuntimeError(f"{target}: {name} answers {answer}, and serverful {expected}")


def plan(rows, arguments):
    """Return what to measure in a round, as pairs of a number of connections and a name."""
    usual = USUAL_CONNECTIONS if USUAL_CONNECTIONS in arguments.connections else arguments.connections[0]
    return [(connections, name) for connections in arguments.connections for name, row in rows.items()
            if row.is_peer or connections == usual]


def measure_rows(rows, target, arguments):
    """Return the figures by number of connections, back end and name, as lists over the rounds."""
    planned = plan(rows, arguments)
    found = {}
    for connections, name in planned:
        found.setdefault(connections, {})[name] = {}
    for row in rows.values():
        http_measure.figures(row, target, 1, USUAL_CONNECTIONS)  # warm up
    for turn in range(arguments.rounds):
        random.Random(turn).shuffle(planned)
        for connections, name in planned:
            for what, figure in http_measure.figures(rows[name], target, arguments.seconds, connections).items():
                found[connections][name].setdefault(what, []).append(figure)
    return found


def endpoints(service, arguments):
    """Return what measure_rows() returns, by endpoint."""
    found = {}
    names = http_peers.installed()
    ours = Row(service.port, service.nginx.process.pid, service.pool.pid)
    for endpoint, target in TARGETS.items():
        answer = get(service.port, target)
        with (tempfile.TemporaryDirectory() as directory,
              http_peers.others(directory, arguments.workers, len(answer), names) as others):
            rows = {OURS: ours, **others}
            check_answers(rows, target, json.loads(answer))
            found[endpoint] = measure_rows(rows, target, arguments)
    return found


def numbers(text):
    """Parse a comma-separated list of numbers."""
    return [int(number) for number in text.split(",")]


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=2, help="length of one measurement (default: %(default)s)")
    parser.add_argument("--connections", type=numbers, default=[1, 16, 64, 256], metavar="N,...",
                        help="numbers of connections of wrk (default: 1,16,64,256)")
    parser.add_argument("--workers", type=int, default=max(2, os.cpu_count()),
                        help="workers of the pool, and processes or threads of the others (default: the processors, at least 2)")
    parser.add_argument("--json", metavar="FILE", default=os.path.join(WORK, "endpoints.json"),
                        help="the file of the results (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="measure one round of one second")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.rounds = arguments.seconds = 1
    return arguments


def main():
    arguments = read_arguments()
    with Service(workers=arguments.workers) as service, tempfile.TemporaryDirectory() as directory:
        report = {"machine": platform.platform(), "processors": os.cpu_count(), "command": " ".join(sys.argv), **vars(arguments),
                  "endpoints": endpoints(service, arguments),
                  "beside heavy": http_measure.beside_heavy(service, TARGETS["/calculator"], arguments.rounds),
                  "1 MB": http_measure.large_text(service, directory, arguments.rounds)}
    report["versions"] = versions()  # everything is installed by now
    endpoints_report.show(report)
    with open(arguments.json, "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)
    print(f"\nwritten to {arguments.json}")


if __name__ == "__main__":
    main()
