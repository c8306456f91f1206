#!/usr/bin/python3
"""The same requests through nginx and through bootstrap, as every shape of event and with base paths, get the same status,
headers and bytes.
At first the store has one image, so that /random-image is no exception; then it has several with weights and tags, and
seeds make the responses comparable."""

import gzip
import json
import os
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import tap
from http_client import Client
from runtime_api import Bootstrap, RuntimeApi
from service import Service, ended_well
from store import sql
from wait import wait_until

AT_LEAST = 200
EACH = 7  # of the cases with an ETag, this one is asked again
SEEDS = 25
IMAGES = "BEGIN; DELETE FROM images;" + "".join(
    f"INSERT INTO images (url, weight, tag) VALUES ('https://example.org/{n}.jpg?a=b&c=%22', {n * n}, '{tag}');"
    for n, tag in enumerate(("cat", "cat", "猫", "", "猫", "cat"), 1)) + "COMMIT;"

# Headers of HTTP/1.1 that nginx adds; on AWS the gateway adds them.
TRANSPORT = {"server", "date", "connection", "content-length", "transfer-encoding"}


def through_nginx(client, case):
    """Send a case through nginx. Returns status, headers and body as a client sees them, the body decompressed."""
    request = case["request"]
    answer = client.exchange(request["method"], cases.target(case), request["headers"], cases.body(case))
    headers = {name: value for name, value in answer.headers.items() if name not in TRANSPORT}
    compressed = answer.headers.get("content-encoding") == "gzip" and answer.body
    return answer.status, headers, gzip.decompress(answer.body) if compressed else answer.body


def accepting(case):
    """The case from a client that takes gzip, as most do."""
    return {**case, "request": {**case["request"], "headers": {**case["request"]["headers"], "Accept-Encoding": "br, gzip;q=0.8, *;q=0"}}}


def plain(answers):
    """The answers to events that are not answered compressed: bare ones have no headers, and a REST API does not undo base64."""
    for case, (status, headers, body) in answers:
        yield case, (status, {name: value for name, value in headers.items() if name != "content-encoding"}, body)


def conditional(client, answers):
    """Yield some of the cases that were answered with an ETag, from a client that has the answer, with their answers."""
    for case, (_, headers, _) in [(case, answer) for case, answer in answers if "etag" in answer[1]][::EACH]:
        request = {**case["request"], "headers": {**case["request"]["headers"], "If-None-Match": headers["etag"]}}
        again = {**case, "request": request}
        yield again, through_nginx(client, again)


def seeded():
    """Yield requests for images whose responses do not depend on chance."""
    for n in range(SEEDS):
        for options in ({}, {"redirect": 1}, {"tag": "猫"}, {"tag": "cat", "count": 2}, {"count": 100},
                        {"tag": "cat", "redirect": 1}):
            query = urllib.parse.urlencode({"seed": f"{n} 号\r\n", **options})
            yield {"file": "seeded", "name": query, "request": {"method": "HEAD" if n % 5 == 0 else "GET", "headers": {},
                                                                "path": "/random-image", "query": query}}
    yield {"file": "seeded", "name": "tags", "request": {"method": "GET", "headers": {}, "path": "/random-image/tags", "query": ""}}


def compare(api, shape, answers, at_least=AT_LEAST):
    """Send each case that fits this shape of event, and compare the response with that of nginx."""
    different, run = [], 0
    for case, expected in answers:
        if events.misfit(shape, case["request"]):
            continue
        run += 1
        result = api.invoke(json.dumps(events.event(shape, case["request"])))
        got = events.answer(shape, result.body.decode()) if result.kind == "response" else result
        if got != expected:
            different.append(f"{cases.title(case)}\n  nginx:     {expected!r}\n  bootstrap: {got!r}")
    enough = at_least if shape != "bare" else 1
    tap.ok(run >= enough and not different, f"{run} requests as {shape} events are answered as through nginx", "\n".join(text[:2000] for text in different[:5]) or f"only {run}")


def compare_seeded(service, client):
    """Check that seeds choose the same images through both front ends, and several images."""
    sql(service.db, IMAGES)
    wait_until(lambda: b"example.org" in client.get("/random-image").body, "the new images to be served")
    answers = [(case, through_nginx(client, case)) for case in seeded()]
    found = {headers["location"] for _, (status, headers, _) in answers if status == 302}
    tap.ok(len(found) > 3 and all(url.startswith("https://example.org/") for url in found), "redirections with different seeds lead to several images", found)
    with RuntimeApi() as api, Bootstrap(api, os.path.join(service.directory, "serverful.snapshot")):
        for shape in events.SHAPES:
            if shape != "bare":  # a bare event cannot name /random-image
                compare(api, shape, answers, at_least=len(answers))


tap.plan(2 * len(events.SHAPES) + len(events.BASE_SHAPES) + len(events.SET_BASE_SHAPES) + 3)
with Service(edits="DELETE FROM images WHERE id > 1;") as service:
    with Client(service.port) as client:
        answers = [(case, through_nginx(client, case)) for case in map(accepting, cases.load("nginx")) if not case.get("varies")]
        again = list(conditional(client, answers))
    tap.ok(len(again) > 10 and {status for _, (status, _, _) in again} == {304}, f"{len(again)} requests with the ETag of their answer are 304", again)
    compressed = [case for case, (_, headers, body) in answers if headers.get("content-encoding") == "gzip" and body]
    tap.ok(len(compressed) > 3, f"nginx compresses the answers to {len(compressed)} requests")
    snapshot = os.path.join(service.directory, "serverful.snapshot")
    with RuntimeApi() as api, Bootstrap(api, snapshot):
        for shape in events.SHAPES:
            expected = answers if shape == "bare" else answers + again
            compare(api, shape, plain(expected) if shape in ("bare", "rest") else expected)
        for shape in events.BASE_SHAPES:
            compare(api, shape, plain(answers) if shape == "rest-base" else answers)
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"SERVERFUL_BASE_PATH": "v1/"}):
        for shape in events.SET_BASE_SHAPES:
            compare(api, shape, answers)
    with Client(service.port) as client:
        compare_seeded(service, client)
    ended_well(service)
tap.done()
