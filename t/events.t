#!/usr/bin/python3
"""Events of every shape through bootstrap: the samples of data/events, the behaviour cases as each front end of Lambda
sends them, and the sample events of other projects, if they are beside the checkout."""

import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import samples
import tap
from runtime_api import Bootstrap, RuntimeApi
from store import jieba_snapshot


def replay(api):
    """Replay each case in each shape that can carry it. No shape can carry a Content-Length."""
    found = [case for case in cases.load() if "content-length" not in case["response"].get("headers", {})]
    for shape in events.SHAPES:
        bad, run, left = [], 0, {}
        for case in found:
            reason = events.misfit(shape, case["request"])
            if reason:
                left[reason] = left.get(reason, 0) + 1
                continue
            run += 1
            result = api.invoke(json.dumps(events.event(shape, case["request"]), ensure_ascii=run % 2 == 0))
            bad += [f"{cases.title(case)}: {text}" for text in samples.wrong(shape, case["response"], result)]
        for reason, n in left.items():
            print(f"# {shape}: {n} cases left out: {reason}")
        tap.ok(run > 0 and not bad, f"bootstrap answers {run} behaviour cases as {shape} events", "\n".join(bad) or "no case was run")


tap.plan(37)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        samples.check_ours(api)
        replay(api)
        samples.check_foreign(api)
        tap.ok(bootstrap.alive(), "bootstrap still runs after all events")
        tap.equal(len({number for number, _, _ in api.requests}), 1, "bootstrap uses one connection for all events")
tap.done()
