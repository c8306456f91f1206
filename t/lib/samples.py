"""Sample events, ours and those of other projects, for whatever invokes bootstrap: an object with invoke(text), which
gives a runtime_api.Result."""

import glob
import json
import os

import cases
import events
import tap

SAMPLES = os.path.join(tap.SOURCE, "data", "events")
FOREIGN = os.path.join(os.path.dirname(tap.SOURCE), "shared", "events")


def wrong(shape, response, result):
    """What is wrong with a response, as a list of texts."""
    if result.kind != "response":
        return [f"no response but {result}"]
    try:
        return cases.differences({"response": response}, *events.answer(shape, result.body.decode()))
    except ValueError as error:
        return [str(error)]


def check_ours(api):
    """Each sample event gives what expected.json says."""
    with open(os.path.join(SAMPLES, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    files = {os.path.basename(path) for path in glob.glob(os.path.join(SAMPLES, "*.json"))} - {"expected.json"}
    tap.equal(sorted(files), sorted(expected), "expected.json lists each sample event")
    for name, answer in expected.items():
        with open(os.path.join(SAMPLES, name), "rb") as file:
            result = api.invoke(file.read())
        if "error" in answer:
            tap.equal((result.kind, result.type), ("error", answer["error"]), f"{name} is an error")
        else:
            found = wrong(answer["shape"], answer["response"], result)
            tap.ok(not found, f"{name} as {answer['shape']}", "\n".join(found))


def patched(event, shape, text):
    """A foreign event with our own path and query in place of its own."""
    pairs = {"text": [text, text]}
    if shape in ("http-2.0", "function-url"):
        stage = event["requestContext"].get("stage", "$default")
        event["rawPath"] = "/segment" if stage == "$default" else f"/{stage}/segment"
        event["requestContext"]["http"]["method"] = "GET"
        event["rawQueryString"] = "text=" + "".join(f"%{byte:02x}" for byte in text.encode())
        event["queryStringParameters"] = {"text": text}
        return event
    event["path"], event["httpMethod"] = "/segment", "GET"
    if shape.startswith("alb"):
        pairs = {"text": ["".join(f"%{byte:02x}" for byte in text.encode())]}
    if "queryStringParameters" in event:
        event["queryStringParameters"] = {"text": pairs["text"][-1]}
    if "multiValueQueryStringParameters" in event:
        event["multiValueQueryStringParameters"] = pairs
    return event


def shape_of(event):
    """The shape of a foreign event; None where it is none of ours."""
    context = event.get("requestContext", {})
    if "elb" in context:
        return "alb-multi" if "multiValueHeaders" in event else "alb"
    if "http" in context:
        return "function-url" if ".lambda-url." in context.get("domainName", "") else "http-2.0"
    if "httpMethod" in event:
        return "http-1.0" if event.get("version") == "1.0" else "rest"
    return None


def expected_of(event, shape):
    """The answer to a foreign event as it is: most ask for nothing that we have, some for /."""
    path = event["rawPath"] if shape in ("http-2.0", "function-url") else event["path"]
    if path == "/":
        return {"status": 200, "headers": {"content-type": "text/html; charset=utf-8"}, "body_begins": "<!doctype html>"}
    return {"status": 404, "body": '{"error": "Not found"}'}


def check_foreign(api):
    """Sample events of other projects, as they are, and with path and query patched."""
    paths = sorted(glob.glob(os.path.join(FOREIGN, "*", "*.json")))
    paths = [path for path in paths if not path.endswith("response.json")]
    if not paths:
        tap.ok(True, "sample events of other projects # SKIP they are not beside the checkout")
    for path in paths:
        name = "/".join(path.split("/")[-2:])
        with open(path, encoding="utf-8") as file:
            event = json.load(file)
        shape = shape_of(event)
        if shape is None:
            result = api.invoke(json.dumps(event))
            tap.equal((result.kind, result.type), ("error", "Runtime.UnknownEvent"), f"{name} is refused")
            continue
        found = wrong(shape, expected_of(event, shape), api.invoke(json.dumps(event)))
        tap.ok(not found, f"{name}, with its own path, as {shape}", "\n".join(found))
        response = {"status": 200, "body": '{"words": ["我", "来到", "北京", "清华大学"]}'}
        found = wrong(shape, response, api.invoke(json.dumps(patched(event, shape, "我来到北京清华大学"))))
        tap.ok(not found, f"{name}, patched, as {shape}", "\n".join(found))
