"""Runs SimFaaS for the cases on the standard input, a list of [[requests a second, warm s, cold s, idle life s, limit], seconds], and
prints for each [requests, cold starts, rejected requests, mean environments, mean running ones]. t/simulator.t runs it."""

import json
import sys

import numpy
from simfaas.ServerlessSimulator import ServerlessSimulator


def run(case, seconds):
    rate, warm, cold, idle, limit = case
    numpy.random.seed(1)
    simulator = ServerlessSimulator(arrival_rate=rate, warm_service_rate=1 / warm, cold_service_rate=1 / cold, expiration_threshold=idle,
                                    max_time=seconds, maximum_concurrency=limit)
    simulator.generate_trace(debug_print=False, progress=False)
    found = simulator.get_result_dict()
    return [found[name] for name in ("reqs_total", "reqs_cold", "reqs_reject", "inst_count_avg", "inst_running_count_avg")]


json.dump([run(*row) for row in json.load(sys.stdin)], sys.stdout)
