"""Sample events, ours and those of other projects. A test passes an object with invoke(text), which returns a
runtime_api.Result."""

import glob
import json
import os

import cases
import events
import tap

SAMPLES = os.path.join(tap.SOURCE, "data", "events")
FOREIGN = os.path.join(os.path.dirname(tap.SOURCE), "shared", "events")


def is_ping_answer(result):
    """Whether an event that only keeps the function warm was answered: no body, and the revision as the only header."""
    answer = json.loads(result.body) if result.kind == "response" else {}
    return answer.keys() == {"statusCode", "headers", "body"} and (answer["statusCode"], answer["body"]) == (204, "") and \
        list(answer["headers"]) == ["Serverful-Revision"]


def wrong(shape, response, result):
    """Compare a result with the expected response. Returns the differences as a list of texts."""
    if result.kind != "response":
        return [f"no response but {result}"]
    if shape == "ping":
        return [] if is_ping_answer(result) else [f"not the answer to a ping: {result}"]
    try:
        return cases.differences({"response": response}, *events.answer(shape, result.body.decode()))
    except ValueError as error:
        return [str(error)]


def check_ours(api):
    """Test each event of data/events against expected.json: one result for each, and one for the list."""
    with open(os.path.join(SAMPLES, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    files = {os.path.basename(path) for path in glob.glob(os.path.join(SAMPLES, "*.json"))} - {"expected.json"}
    tap.equal(sorted(files), sorted(expected), "data/events/expected.json lists each sample event")
    for name, answer in expected.items():
        with open(os.path.join(SAMPLES, name), "rb") as file:
            result = api.invoke(file.read())
        if "error" in answer:
            tap.equal((result.kind, result.type), ("error", answer["error"]), f"the sample event {name} is reported as {answer['error']}")
        else:
            found = wrong(answer["shape"], answer["response"], result)
            tap.ok(not found, f"the sample event {name} ({answer['shape']}) gets the expected response", "\n".join(found))


def patched(event, shape, text):
    """Replace the path and the query of a foreign event by our own."""
    pairs = {"text": [text, text]}
    if shape in ("http-2.0", "function-url"):
        stage = event["requestContext"].get("stage", "$default")
        event["rawPath"] = "/segment" if stage == "$default" else f"/{stage}/segment"
        event["requestContext"]["http"]["method"] = "GET"
        event["rawQueryString"] = "text=" + "".join(f"%{byte:02x}" for byte in text.encode())
        event["queryStringParameters"] = {"text": text}
        return event
    if shape == "lattice-1":
        return {**event, "raw_path": "/segment", "query_string_parameters": {"text": "".join(f"%{byte:02x}" for byte in text.encode())}}
    event["path"], event["method" if shape == "lattice-2" else "httpMethod"] = "/segment", "GET"
    if shape.startswith(("alb", "lattice")):
        pairs = {"text": ["".join(f"%{byte:02x}" for byte in text.encode())]}
    if "queryStringParameters" in event:
        event["queryStringParameters"] = {"text": pairs["text"][-1]}
    if "multiValueQueryStringParameters" in event:
        event["multiValueQueryStringParameters"] = pairs
    return event


def based(event, shape):
    """Put a base path, which the event tells, in front of the path of a patched event; None where its shape cannot tell it."""
    if shape in ("rest", "http-1.0"):
        return {**event, "path": f"/v1{event['path']}", "resource": event["path"]}
    if shape == "http-2.0":
        return {**event, "rawPath": f"/v1{event['rawPath']}", "routeKey": "GET /segment"}
    return None


def shape_of(event):
    """The shape of a foreign event."""
    context = event.get("requestContext", {})
    if "elb" in context:
        return "alb-multi" if "multiValueHeaders" in event else "alb"
    if "http" in context:
        return "function-url" if ".lambda-url." in context.get("domainName", "") else "http-2.0"
    if "httpMethod" not in event:
        return "lattice-1" if "raw_path" in event else "lattice-2"
    return "http-1.0" if event.get("version") == "1.0" else "rest"


def expected_of(event, shape):
    """The answer to an unchanged foreign event. Most have a path that we do not serve, some have /."""
    path = event.get("rawPath") or event.get("raw_path") or event["path"]
    if path == "/":
        return {"status": 200, "headers": {"content-type": "text/html; charset=utf-8"}, "body_begins": "<!doctype html>"}
    return {"status": 404, "error": "Not found"}


def check_foreign_event(api, event):
    """Invoke an event of another project, unchanged, with our path and query, and with a base path. Returns what is wrong, as a list."""
    shape = shape_of(event)
    result = api.invoke(json.dumps(event))
    found = [f"unchanged, as {shape}: {text}" for text in wrong(shape, expected_of(event, shape), result)]
    response = {"status": 200, "body": '{"words": ["我", "来到", "北京", "清华大学"]}'}
    event = patched(event, shape, "我来到北京清华大学")
    for name, other in ("patched", event), ("with a base path", based(event, shape)):
        if other:
            found += [f"{name}, as {shape}: {text}" for text in wrong(shape, response, api.invoke(json.dumps(other)))]
    return found


def check_foreign(api):
    """Test the sample events of other projects, if they are beside the checkout: one result."""
    paths = [path for path in sorted(glob.glob(os.path.join(FOREIGN, "*", "*.json"))) if not path.endswith("response.json")]
    if not paths:
        tap.skip(1, "the sample events of other projects are not beside the checkout")
        return
    bad = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            event = json.load(file)
        bad += [f"{'/'.join(path.split('/')[-2:])} {text}" for text in check_foreign_event(api, event)]
    tap.ok(not bad, f"{len(paths)} sample events of other projects get the expected responses", "\n".join(bad))
