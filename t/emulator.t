#!/usr/bin/python3
"""bootstrap under AWS's own runtime interface emulator."""

import json
import os
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import samples
import tap
from emulator import Emulator, can_isolate, fetch
from store import jieba_snapshot
from wait import wait_until

TEXT = "我来到北京清华大学"
EVENT = json.dumps({"text": TEXT})
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}\n'
PROCESSES = 4


def body(result):
    """The body of a response; for an error, its description."""
    return json.loads(result.body)["body"] if result.kind == "response" else repr(result)


def check_large(emulator):
    """Events and responses at Lambda's limits."""
    post = {"httpMethod": "POST", "path": "/segment", "headers": {"Content-Type": "text/plain"}}
    tap.equal(body(emulator.invoke(json.dumps({**post, "body": "好" * 500000}, ensure_ascii=False)))[:20],
              '{"words": ["好好", "好好', "bootstrap answers an event of 1.5 MB, which the emulator sends in chunks")
    result = json.loads(emulator.invoke(json.dumps({**post, "body": " " * 2000000})).body)
    tap.equal((result["statusCode"], json.loads(result["body"])["error"]), (413, "Response too large"),
              "a response of more than 6 MB becomes a 413")


def check_errors(emulator):
    """Invalid events, and the event after each."""
    for event, type in ("[]", "Runtime.InvalidEvent"), ("{}", "Runtime.UnknownEvent"), ('{"text": {}}', "Runtime.InvalidEvent"):
        result = emulator.invoke(event)
        report = json.loads(result.body)
        tap.equal((result.kind, report["errorType"], report["errorMessage"] != ""), ("error", type, True), f"the event {event} is reported as {type}")
        tap.equal(body(emulator.invoke(EVENT)), WORDS, f"bootstrap answers the event after {event}")


def check_init_error(program):
    """A start without a snapshot."""
    with Emulator(program, None) as emulator:
        result = emulator.invoke(EVENT)
        tap.equal((result.kind, result.type), ("error", "Runtime.InitError"), "a missing snapshot is reported as Runtime.InitError")
        tap.ok(b"/opt/serverful.snapshot" in result.body, "the error names the path of the missing snapshot", result)


def check_processes(program, snapshot):
    """One process for each invocation at once."""
    with Emulator(program, snapshot, {"AWS_LAMBDA_MAX_CONCURRENCY": str(PROCESSES)}) as emulator:
        before = wait_until(lambda: len(emulator.bootstraps()) == PROCESSES and emulator.bootstraps(), "the processes")
        wait_until(lambda: body(emulator.invoke(EVENT)) == WORDS, "an answer")
        taken = []

        def take(_):
            """Send an event. The emulator refuses it while no process has asked for one."""
            result = emulator.invoke(EVENT)
            if result.type != "Runtime.Unavailable":
                taken.append(body(result))
            return len(taken) >= 20

        with ThreadPoolExecutor(PROCESSES) as pool:
            wait_until(lambda: all(pool.map(take, range(200))), "20 events that were taken")
        tap.equal(set(taken), {WORDS}, f"{PROCESSES} processes answer {PROCESSES} events at once")
        tap.equal(emulator.bootstraps(), before, f"the {PROCESSES} processes survive 200 events")
        os.kill(before[-1], signal.SIGKILL)
        wait_until(lambda: len(emulator.bootstraps()) == PROCESSES and before[-1] not in emulator.bootstraps(), "another")
        wait_until(lambda: "starting another" in emulator.log(), "the log of the replacement")
        tap.ok(True, "bootstrap replaces a killed process, and logs it")
        # The emulator sends one event to the killed process.
        wait_until(lambda: all([body(emulator.invoke(EVENT)) == WORDS for _ in range(2 * PROCESSES)]), "answers")
        tap.ok(True, "bootstrap answers after one of its processes was killed")


program = fetch()
if not program or not can_isolate():
    tap.skip_all("this user cannot make a mount namespace" if program else "neither Go nor pip can make the emulator")
tap.plan(49)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    with Emulator(program, snapshot) as emulator:
        samples.check_ours(emulator)
        samples.check_foreign(emulator)
        check_large(emulator)
        check_errors(emulator)
        tap.equal(len(emulator.bootstraps()), 1, "one process answers all events")
    check_init_error(program)
    check_processes(program, snapshot)
tap.done()
