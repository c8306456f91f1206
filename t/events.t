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


def replay(api, shapes, each=1):
    """Replay each case, or one of `each` of them, in each of the shapes that can carry it. No shape can carry a Content-Length."""
    found = [case for case in cases.load() if "content-length" not in case["response"].get("headers", {})]
    for shape in shapes:
        bad, run, left = [], 0, {}
        for case in found[::each]:
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


def rest(path, resource, **parameters):
    """A REST API's event for the calculator."""
    return {"httpMethod": "GET", "path": path, "resource": resource, "pathParameters": parameters or None,
            "queryStringParameters": {"num1": "7", "num2": "2", "operator": "divide"}}


def http(path, key, **parameters):
    """The same of an HTTP API."""
    return {"version": "2.0", "rawPath": path, "routeKey": key, "pathParameters": parameters or None, "requestContext": {"http": {"method": "GET"}},
            "rawQueryString": "num1=7&num2=2&operator=divide"}


def check_statuses(api, name, expected):
    """Test the statuses of the answers to events: one result."""
    got = [(event, json.loads(api.invoke(json.dumps(event)).body).get("statusCode")) for event, _ in expected]
    tap.equal(got, expected, name)


def base_paths(api):
    """Each event with what its base path, of its own or none, is answered with."""
    found = [rest("/v1/calculator", "/calculator"), rest("/a/b/calculator", "/calculator"), rest("/v1/calculator", "/{proxy+}", proxy="calculator"),
             rest("/v1/prod/calculator", "/{proxy+}", proxy="calculator"), rest("/v1/tools/calculator", "/tools/{proxy+}", proxy="calculator"),
             rest("/tools/calculator", "/tools/calculator"), rest("/v1/tools/calculator", "/tools/{name}", name="calculator"),
             rest("/v1/calc%75lator", "/{proxy+}", proxy="calc%75lator"), rest("/v1/calc%75lator", "/{proxy+}", proxy="calculator"),
             rest("/v1", "/"), rest("/v1/", "/"), http("/v1/calculator", "GET /calculator"), http("/v1/calculator", "ANY /{proxy+}", proxy="calculator"),
             http("/v1", "GET /"), http("/v1/x/calculator", "GET /x/{rest+}", rest="calculator")]
    check_statuses(api, f"{len(found)} events tell their base path", [(event, 200) for event in found])
    lost = [rest("/v1/calculator", "/{proxy+}", proxy="v1/calculator"), rest("/v1/calculator", "/other"), rest("/v1/calculator", None),
            rest("/v1/calculator", 1), rest("/v1/calculator", "/{proxy+}", proxy=1), rest("/v1/calculator", "/{proxy+}"), rest("/v1/calculator/", "/calculator"),
            rest("/xcalculator", "/{proxy+}", proxy="calculator"), rest("//calculator", "/calculator"), rest("calculator", "/calculator"),
            rest("/v1/calculator", "/{proxy+", proxy="calculator"), rest("/v1/calculator", "/{a}/{b+}", a="v1", b="calculator"),
            rest("/v1/calculator", "/{}", proxy="calculator"), rest("/v1/calculator", "{"), rest("", "/calculator"),
            http("/v1/calculator", "$default"), http("/v1/calculator", "GET"), http("/v1/calculator", " ")]
    check_statuses(api, f"{len(lost)} events that tell no base path, or another one, are answered with 404", [(event, 404) for event in lost])


PINGS = [{"detail-type": "Scheduled Event", "source": "aws.scheduler", "detail": {}}, {"source": "serverless-plugin-warmup"}, {"warmer": True},
         {"warmup": True, "concurrency": 2}, {"ping": True}, {"ping": True, "x": None}]


def check_pings(api, name):
    wrong = [(event, result) for event in PINGS if not samples.is_ping_answer(result := api.invoke(json.dumps(event)))]
    tap.equal(wrong, [], name)


def pings(api):
    """Events that only keep the function warm, and those that only look so."""
    check_pings(api, f"{len(PINGS)} pings are answered with 204")
    no_pings = [{"warmer": False}, {"warmup": None}, {"ping": "true"}, {"detail-type": "Scheduled"}, {"detail-type": 1}, {"source": "aws.events"}, {"source": []}]
    types = [api.invoke(json.dumps(event)).type for event in no_pings]
    tap.equal(types, ["Runtime.UnknownEvent"] * len(no_pings), f"{len(no_pings)} events that are no pings are unknown")
    answer = json.loads(api.invoke('{"text": "x", "warmup": true}').body)
    tap.equal(answer["statusCode"], 200, "a bare event with a text is no ping")


def set_base_path(api):
    """SERVERFUL_BASE_PATH tells the base path where the event does not."""
    paths = {"/v1/calculator": 200, "/calculator": 200, "/v1": 200, "/v1/": 200, "/v1calculator": 404, "/v2/calculator": 404, "/v1/v1/calculator": 404,
             "/v1//calculator": 404, "/V1/calculator": 404, "/v": 404, "": 404}
    check_statuses(api, "SERVERFUL_BASE_PATH=/v1 counts where the event tells no base path", [(http(path, "$default"), status) for path, status in paths.items()])


tap.plan(57)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        samples.check_ours(api)
        replay(api, events.SHAPES)
        replay(api, events.BASE_SHAPES, each=8)  # t/same.t replays them all
        base_paths(api)
        pings(api)
        samples.check_foreign(api)
        tap.ok(bootstrap.alive(), "bootstrap still runs after all events")
        tap.equal(len({number for number, _, _ in api.requests}), 1, "bootstrap uses one connection for all events")
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"SERVERFUL_BASE_PATH": "/v1"}):
        set_base_path(api)
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"_HANDLER": "segment"}):
        check_pings(api, "a function of one endpoint answers pings")
tap.done()
