"""The behaviour cases of t/cases/*.json: requests, and the answers that every edge must give to them.

A file is a list of cases:

  {"name": "what it shows",
   "request": {"method": "GET",                 default: GET
               "path": "/segment",              as on the wire, so perhaps with %XX
               "query": "text=%E6%88%91",       as on the wire; absent: the target has no "?"
               "headers": {"Content-Type": "text/plain"},
               "body": "text", or "body_hex": "fffe"},
   "response": {"status": 200,
                "headers": {"allow": "GET", "cache-control": null},    null: must be absent
                "body": "exact text", or "body_in": ["one", "of these"], or "body_begins": "text"},
   "edges": ["handlers", "nginx", "events"]}    where it applies; default: all of them

Besides the headers that a case names, those in ANSWER are expected (in PREFLIGHT for a 204).
"""

import glob
import json
import os
import urllib.parse

EDGES = ["handlers", "nginx", "events"]
DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")

ANSWER = {
    "content-type": "application/json; charset=utf-8",
    "access-control-allow-origin": "*",
}
PREFLIGHT = {
    "content-type": None,
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Content-Type",
    "access-control-max-age": "86400",
}


def load(edge=None):
    """All cases in the order of their files, or those that apply at one edge. What a case leaves out is
    filled in (method, headers, edges), and "file" is its file's name."""
    found = []
    for path in sorted(glob.glob(os.path.join(DIRECTORY, "*.json"))):
        with open(path, encoding="utf-8") as file:
            for case in json.load(file):
                case["file"] = os.path.basename(path)
                case["request"].setdefault("method", "GET")
                case["request"].setdefault("headers", {})
                case.setdefault("edges", EDGES)
                found.append(case)
    return [case for case in found if edge is None or edge in case["edges"]]


def title(case):
    """A name for one line of test output."""
    return f"{case['file']}: {case['name']}"


def target(case):
    """The request target as on the wire: the path, and the query behind a "?" where there is one."""
    request = case["request"]
    return request["path"] + ("?" + request["query"] if "query" in request else "")


def decoded_path(case):
    """The path with its %XX undone, as edges that take events get it."""
    return urllib.parse.unquote(case["request"]["path"])


def body(case):
    """The request's body as bytes, or None where it has none."""
    request = case["request"]
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    return request["body"].encode() if "body" in request else None


def _wrong_body(response, got):
    if "body_in" in response:
        good = got in [text.encode() for text in response["body_in"]]
        expected = "one of " + ", ".join(response["body_in"])
    elif "body_begins" in response:
        good = got.startswith(response["body_begins"].encode())
        expected = response["body_begins"] + "…"
    else:
        good = got == response["body"].encode()
        expected = response["body"]
    return [] if good else [f"body is {got[:2000]!r}, expected {expected[:2000]}"]


def differences(case, status, headers, body):
    """What is wrong with an answer, as a list of texts; empty when it is right. `headers` is a dict with
    names in lower case, `body` is bytes."""
    response = case["response"]
    wrong = [] if status == response["status"] else [f"status is {status}, expected {response['status']}"]
    usual = PREFLIGHT if response["status"] == 204 else ANSWER
    for name, value in {**usual, **response.get("headers", {})}.items():
        if headers.get(name) != value:
            wrong.append(f"{name} is {headers.get(name)!r}, expected {value!r}")
    return wrong + _wrong_body(response, body)
