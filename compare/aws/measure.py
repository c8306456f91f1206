"""Measures a run whose stacks are there: the client sends the requests, and AWS says how long each gateway, the function and the VM took."""

import contextlib
import time

import results

from . import client, cold_starts, function_log, gateways, vm
from .run import beside, say

LOG = "compare-aws-function.log"  # beside the results
MINUTES = {False: 16 + 4 + 5, True: 3 + 1 + 5}  # that the client, the cold starts and CloudWatch take, if it is quick or not


def requests_of(db):
    """Return the number of requests to each target that were answered."""
    return dict(db.execute("SELECT target, count(*) FROM series JOIN sample ON sample.series = series.id WHERE status = 200 AND url IS NOT NULL GROUP BY target"))


def measure(calls, run):
    """Fill results.db. What fails can be run again: the client and the VM keep what they have measured."""
    with contextlib.closing(results.open_results(run.results)) as db:
        say("raising the limits of the VM for the client")
        certificate = vm.prepare(calls, run)
        say("the client measures")
        begin, end = client.measure(calls, run, certificate, db)
        request_ms = vm.count(calls, run)
        time.sleep(max(0, end - end % gateways.PERIOD + gateways.PERIOD - time.time()))  # so that no cold start counts in the last minute
        say("forcing cold starts")
        cold_starts.measure(calls, run, db)
        say("waiting for CloudWatch, which may take some minutes")
        metrics = gateways.metrics(run.outputs["function"], run.stack("function"))
        found, late = gateways.wait(calls, metrics, begin, end, requests_of(db))
        gateways.write(db, found)
        for text in late:
            say(f"{text}: the share of that gateway is of these")
        vm.write(db, request_ms, vm.watched(calls, run, begin, end))
        function_log.take(calls, db, run.outputs["function"]["LogGroup"], begin, beside(run.results, LOG))
