#!/usr/bin/python3
"""Invalid events: not JSON, wrong types in every place, nested too deep, too large. bootstrap answers each with an error
or a response, and survives all."""

import base64
import copy
import glob
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import events
import tap
from runtime_api import Bootstrap, RuntimeApi
from store import jieba_snapshot

SAMPLES = os.path.join(tap.SOURCE, "data", "events")
TEXT = "我来到北京清华大学"
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}\n'
MB = 1024 * 1024

# The values that replace each field in turn.
REPLACEMENTS = [None, True, 1.5, "", "x", [], {}, [None], ["x"], {"x": None}]

LEFT_OUT = object()

# The fields that bootstrap reads; a wrong type in another field must change nothing.
READ = {"requestContext", "requestContext.elb", "requestContext.http", "requestContext.http.method",
        "requestContext.stage", "requestContext.domainName", "version", "httpMethod", "path", "rawPath",
        "rawQueryString", "queryStringParameters", "multiValueQueryStringParameters", "headers",
        "multiValueHeaders", "body", "isBase64Encoded", "Records", "resource", "routeKey", "pathParameters",
        "pathParameters.proxy", "raw_path", "method", "query_string_parameters", "is_base64_encoded", "requestContext.targetGroupArn",
        "detail-type", "source", "warmer"}


def sample_events():
    """Yield the sample events: name, event, expectation."""
    with open(os.path.join(SAMPLES, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    for name, answer in sorted(expected.items()):
        with open(os.path.join(SAMPLES, name), encoding="utf-8") as file:
            yield name, json.load(file), answer


def places(value, path=()):
    """Yield the path of each field in a JSON value, at any depth."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    for key, child in items:
        yield path + (key,)
        yield from places(child, path + (key,))


def replaced(event, path, value):
    """Copy an event with another value in one place, or without the key if the value is LEFT_OUT."""
    event = copy.deepcopy(event)
    parent = event
    for key in path[:-1]:
        parent = parent[key]
    if value is LEFT_OUT:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return event


def sound(result):
    """Whether the result is a response of any shape, or an error report with a type and a message."""
    if result.kind == "error":
        report = json.loads(result.body)
        return result.type in ("Runtime.InvalidEvent", "Runtime.UnknownEvent") and report["errorMessage"] != ""
    if result.kind != "response":
        return False
    for shape in events.SHAPES:
        try:
            return events.answer(shape, result.body)[0] in (200, 204, 400, 404, 405, 413, 414, 415)
        except ValueError:
            continue
    return False


def is_read(shape, path):
    """Whether the answer depends on a field."""
    if shape is None or shape == "bare" or path[0] in ("headers", "multiValueHeaders"):
        return True
    if path[0].lower().endswith(("querystringparameters", "query_string_parameters")):
        return True
    return ".".join(map(str, path)) in READ


def mutations(api):
    """Give each field of each sample event a value of each other type, null included, and leave it out."""
    for name, event, answer in sample_events():
        if event == {}:
            continue  # it has no field
        usual = api.invoke(json.dumps(event))
        bad, run = [], 0
        for path in places(event):
            for value in [*REPLACEMENTS, LEFT_OUT]:
                run += 1
                result = api.invoke(json.dumps(replaced(event, path, value)))
                if not sound(result):
                    bad.append(f"{path} = {value!r}: {result}")
                elif result.body != usual.body and "random" not in name and not is_read(answer.get("shape"), path):
                    bad.append(f"{path} = {value!r} should not matter: {result}")
        tap.ok(run >= 10 and not bad, f"bootstrap answers {run} mutations of {name}", "\n".join(bad[:20]))


def wrong_types(api):
    """A field with a type that it cannot have is an error that names the field."""
    rest = {"httpMethod": "GET", "path": "/segment", "queryStringParameters": {"text": "x"}}
    http = {"version": "2.0", "rawPath": "/segment", "requestContext": {"http": {"method": "GET"}}}
    alb = {**rest, "requestContext": {"elb": {}}}
    for event, field, value, message in [
            (rest, "httpMethod", 1, "httpMethod"), (rest, "path", None, "path"), (rest, "path", [], "path"),
            (rest, "headers", [], "headers"), (rest, "headers", "x", "headers"),
            (rest, "headers", {"Content-Type": 1}, "Content-Type"),
            (rest, "multiValueHeaders", 1, "multiValueHeaders"),
            (rest, "multiValueHeaders", {"content-type": [1]}, "Content-Type"),
            (rest, "queryStringParameters", [], "queryStringParameters"),
            (rest, "queryStringParameters", {"text": 1}, "query parameters"),
            (rest, "queryStringParameters", {"text": {}}, "query parameters"),
            (rest, "multiValueQueryStringParameters", {"text": [{}]}, "query parameters"),
            (rest, "body", {}, "body"), (rest, "body", 1, "body"),
            (rest, "isBase64Encoded", "true", "isBase64Encoded"), (rest, "requestContext", "x", "requestContext"),
            (rest, "requestContext", {"stage": 1}, "requestContext.stage"), (rest, "version", 1, "version"),
            (alb, "queryStringParameters", {"text": 1}, "query parameters"),
            (http, "rawPath", 1, "rawPath"), (http, "rawQueryString", 1, "rawQueryString"),
            (http, "requestContext", {"http": {}}, "requestContext.http.method"),
            (http, "requestContext", {"http": {"method": 1}}, "requestContext.http.method"),
            (http, "requestContext", {"http": []}, "requestContext.http"),
            (http, "requestContext", {"http": {"method": "GET"}, "domainName": 1}, "requestContext.domainName")]:
        result = api.invoke(json.dumps({**event, field: value}))
        right = (result.kind, result.type) == ("error", "Runtime.InvalidEvent")
        right = right and message in json.loads(result.body)["errorMessage"]
        tap.ok(right, f"an event with {field} = {json.dumps(value)} is an error that names {message}", result)


def nulls(api):
    """A null anywhere counts as a missing key, and so does an array without a value."""
    rest = {"httpMethod": "GET", "path": "/segment", "queryStringParameters": {"text": TEXT}}
    http = {"version": "2.0", "rawPath": "/segment", "rawQueryString": "", "queryStringParameters": {"text": TEXT}}
    for shape, event, more in [
            ("rest", rest, {"version": None, "requestContext": None, "headers": None, "multiValueHeaders": None,
                            "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": None}),
            ("rest", rest, {"requestContext": {"elb": None, "http": None, "stage": None}, "rawPath": None}),
            ("rest", rest, {"headers": {"Content-Type": None, "accept-language": []},
                            "multiValueHeaders": {"content-type": None, "Accept-Encoding": [], "If-None-Match": [None]}}),
            ("rest", rest, {"multiValueQueryStringParameters": {"text": [TEXT, None], "mode": None, "hmm": []}}),
            ("rest", rest, {"queryStringParameters": {"text": TEXT, "mode": None}}),
            ("alb", rest, {"requestContext": {"elb": {}}, "multiValueHeaders": None}),
            ("http-2.0", http, {"requestContext": {"http": {"method": "GET"}, "domainName": None, "elb": None},
                                "headers": None, "isBase64Encoded": None, "rawQueryString": None}),
            ("bare", {"text": TEXT}, {"Records": None, "requestContext": None, "mode": None, "num1": None})]:
        result = api.invoke(json.dumps({**event, **more}))
        try:
            got = events.answer(shape, result.body)
        except (ValueError, AttributeError) as error:
            got = (error, None, result.body)
        tap.equal((got[0], got[2].decode()), (200, WORDS), f"nulls in {', '.join(more)} of a {shape} event count as missing keys")
    for event in {"text": None}, {"httpMethod": None, "path": "/segment"}, {"requestContext": None}:
        tap.equal(api.invoke(json.dumps(event)).type, "Runtime.UnknownEvent", f"{event} is an unknown event")


def no_json(api):
    """Texts that are not JSON, or not a JSON object."""
    event = json.dumps({"text": TEXT}, ensure_ascii=False).encode()
    bad = [text[:n] for text in [event] for n in range(len(event))]
    bad += [b"null", b"1", b'"text"', b"[]", b'["text"]', event + b"x", b"\0" + event,
            event + b"\0", b'{"text": "\xff"}', b'{"text": "\xed\xa0\x80"}', b'{"text": "\\ud800"}',
            b'{"te\\u0000xt": "x"}', b"{'text': 'x'}", b'{"text": 1e999}', b'{"text": nan}', b'{"text": Infinity}',
            b'{"text": 0x10}', b'{"text": "\x01"}', b'{"text": "x",}']
    bad += [opening * 100000 + closing * 100000 for opening, closing in [(b"[", b"]"), (b'{"text":', b"}")]]
    bad += [b"[" * 100000, b'{"text":' * 100000, b'{"text": ' + b"[" * 100000 + b"]" * 100000 + b"}"]
    wrong = []
    for text in bad:
        result = api.invoke(text)
        if (result.kind, result.type) != ("error", "Runtime.InvalidEvent"):
            wrong.append(f"{text[:100]!r}: {result}")
        elif b"text" in json.loads(result.body)["errorMessage"].encode():
            wrong.append(f"{text[:100]!r}: the message repeats the event: {result}")
    tap.ok(not wrong, f"{len(bad)} texts that are not a JSON object are errors that do not quote them", "\n".join(wrong))


def shown(body):
    """Return a body without the newline at its end; of an error its text alone."""
    answer = json.loads(body)
    return answer.get("error", body.removesuffix("\n"))


def bare(api):
    """The values that a bare event may have."""
    for event, status, body in [
            ('{"text": 20241123}', 200, '{"words": ["20241123"]}'),
            ('{"text": 0.1}', 200, '{"words": ["0.1"]}'),
            ('{"text": -3.0}', 200, '{"words": ["-", "3"]}'),
            ('{"text": ""}', 200, '{"words": []}'),
            ('{"text": "\\u0000"}', 200, '{"words": ["\\u0000"]}'),
            ('{"text": "x", "hmm": false}', 200, '{"words": ["x"]}'),
            ('{"text": "x", "hmm": true, "mode": null}', 200, '{"words": ["x"]}'),
            ('{"text": "x", "hmm": 2}', 400, "Invalid hmm"),
            ('{"num1": 12345678901234567890123, "num2": 1e300, "operator": "multiply"}', 400,
             "Result out of range"),
            ('{"num1": 12345678901234567890123, "num2": 1, "operator": "multiply"}', 200,
             '{"result": 1.2345678901234568e+22}'),
            ('{"num1": 1, "num2": 0, "operator": "divide"}', 400, "Cannot divide by zero"),
            ('{"operator": "add"}', 400, "Invalid input"),
            ('{"text": "x"' + "".join(f', "k{i}": 1' for i in range(1000)) + "}", 400,
             "Too many parameters: at most 1000")]:
        result = api.invoke(event)
        response = json.loads(result.body) if result.kind == "response" else {}
        tap.equal((response.get("statusCode"), shown(response.get("body", "{}\n"))), (status, body), f"the bare event {event[:60]} is answered with {status}")
    for event in '{"text": ["x"]}', '{"text": {"x": 1}}', '{"text": "x", "more": []}':
        tap.equal(api.invoke(event).type, "Runtime.InvalidEvent", f"the bare event {event} is an error")


def largest_response(api):
    """A response may have exactly as many bytes as Lambda or a load balancer takes."""
    def ask(shape, n_spaces, n_letters):
        """The bytes of the response to a text of spaces, each a word, and a word of letters; and its status."""
        request = {"method": "POST", "path": "/segment", "headers": {"Content-Type": "text/plain"},
                   "body": " " * n_spaces + "a" * n_letters}
        body = api.invoke(json.dumps(events.event(shape, request))).body
        return len(body), events.answer(shape, body)[0]

    for shape, limit in ("rest", 6 * MB + 100), ("http-2.0", 6 * MB + 100), ("alb", MB):
        least = ask(shape, 1, 1)[0]
        a_space = ask(shape, 2, 1)[0] - least
        n, more = divmod(limit - least, a_space)
        tap.equal(ask(shape, 1 + n, 1 + more), (limit, 200), f"a response of {limit} bytes to a {shape} event is sent")
        tap.equal(ask(shape, 1 + n, 2 + more)[1], 413, f"a response of {limit + 1} bytes to a {shape} event is a 413")


def limits(api):
    """Bodies and queries at their limits, and responses beyond theirs."""
    post = {"method": "POST", "path": "/segment", "headers": {"Content-Type": "text/plain"}}
    error = "Request body too large"
    for shape in "rest", "http-2.0", "alb-multi":
        for size, status in (5 * MB, 200), (5 * MB + 1, 413):
            for encoded in False, True:
                event = events.event(shape, {**post, "body": " " * size})
                if encoded:
                    event["body"] = base64.b64encode(event["body"].encode()).decode()
                    event["isBase64Encoded"] = True
                got = events.answer(shape, api.invoke(json.dumps(event)).body)
                # A body of this size is read. Its spaces are more characters than are segmented.
                expected = (413, "Too long: at most 2000000 characters") if status == 200 else (413, error)
                tap.equal((got[0], shown(got[2].decode())), expected,
                          f"a body of {size} bytes{' in base64' if encoded else ''} in a {shape} event is answered with 413")
    for body in ("=", "a", "ab", "abc", "ab=c", "a===", "=abc", "abcd=", "ab==cd==", "ab c", "abc\n", "abc-", "ab_d",
                 "我", "aa\0a"):
        event = {**events.event("rest", post), "body": body, "isBase64Encoded": True}
        got = events.answer("rest", api.invoke(json.dumps(event)).body)
        tap.equal((got[0], shown(got[2].decode())), (400, "Invalid base64 body"), f"the body {body!r} marked as base64 is answered with 400")
    for n, status in (16 * 1024, 200), (150000, 413):
        event = events.event("alb", {**post, "body": "好 " * n})
        got = events.answer("alb", api.invoke(json.dumps(event)).body)
        tap.equal(got[0], status, f"a response of {2 * n} words to a load balancer, which accepts 1 MB, is a {status}")
    for shape in "rest", "http-2.0", "function-url", "alb", "alb-multi", "http-1.0":
        for n, status in (64 * 1024 - 5, 200), (64 * 1024 - 4, 414):
            request = {"path": "/segment", "query": "text=" + "x" * n}
            got = events.answer(shape, api.invoke(json.dumps(events.event(shape, request))).body)
            tap.equal(got[0], status, f"a query of {n + 5} bytes in a {shape} event is answered with {status}")
        request = {"path": "/segment", "query": "&".join(f"k{i}" for i in range(10000))}
        got = events.answer(shape, api.invoke(json.dumps(events.event(shape, request))).body)
        expected = (400, "Too many parameters: at most 1000")
        tap.equal((got[0], shown(got[2].decode())), expected, f"10,000 parameters in a {shape} event are answered with 400")


tap.plan(139)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        mutations(api)
        wrong_types(api)
        nulls(api)
        no_json(api)
        bare(api)
        largest_response(api)
        limits(api)
        tap.ok(bootstrap.alive(), "bootstrap still runs after all events")
        tap.equal(len({number for number, _, _ in api.requests}), 1, "bootstrap uses one connection for all events")
tap.done()
