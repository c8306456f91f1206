#!/usr/bin/python3
"""The same requests through nginx and through bootstrap, in every shape of event: equal status, equal headers,
equal bytes. The store has one image, so that the random one is no exception."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import tap
from http_client import Client
from runtime_api import Bootstrap, RuntimeApi
from service import Service, ended_well

AT_LEAST = 200

# What HTTP/1.1 itself adds on nginx's side; on Lambda's it is the front end that does.
TRANSPORT = {"server", "date", "connection", "content-length"}


def through_nginx(client, case):
    """(status, headers, body) as a client sees them."""
    request = case["request"]
    answer = client.exchange(request["method"], cases.target(case), request["headers"], cases.body(case))
    headers = {name: value for name, value in answer.headers.items() if name not in TRANSPORT}
    return answer.status, headers, answer.body


def compare(api, shape, answers):
    """Send each case as an event of this shape, where it can be one, and compare."""
    different, run = [], 0
    for case, expected in answers:
        if events.misfit(shape, case["request"]):
            continue
        run += 1
        result = api.invoke(json.dumps(events.event(shape, case["request"])))
        got = events.answer(shape, result.body.decode()) if result.kind == "response" else result
        if got != expected:
            different.append(f"{cases.title(case)}\n  nginx:     {expected!r}\n  bootstrap: {got!r}")
    enough = AT_LEAST if shape != "bare" else 1
    tap.ok(run >= enough and not different, f"{run} requests as {shape}", "\n".join(different[:5]) or f"only {run}")


with Service(edits="DELETE FROM images WHERE id > 1;") as service:
    with Client(service.port) as client:
        answers = [(case, through_nginx(client, case)) for case in cases.load("nginx")]
    snapshot = os.path.join(service.directory, "serverful.snapshot")
    with RuntimeApi() as api, Bootstrap(api, snapshot):
        for shape in events.SHAPES:
            compare(api, shape, answers)
    ended_well(service)
tap.done()
