#!/usr/bin/python3
"""The log of the function: text, or JSON in the format of AWS's own runtimes, by level and with the request id; and metrics in
CloudWatch's embedded metric format. The schemas of both are in t/function_log."""

import json
import os
import re
import resource
import signal
import sys
import tempfile
import time

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from runtime_api import Bootstrap, RuntimeApi
from service import children
from store import jieba_snapshot
from wait import wait_until

BARE = '{"text": "x"}'
JSON = {"AWS_LAMBDA_LOG_FORMAT": "JSON"}


def validator(name):
    with open(os.path.join(tap.SOURCE, "t", "function_log", name + ".schema.json"), encoding="utf-8") as file:
        return jsonschema.Draft7Validator(json.load(file))


MESSAGE, METRICS = validator("message"), validator("metrics")


def misfit(line):
    """What is wrong with a line of the log in JSON by its schema; "" for nothing."""
    try:
        root = json.loads(line)
    except ValueError as reason:
        return f"{reason}: {line}"
    return "\n".join(error.message for error in (METRICS if "_aws" in root else MESSAGE).iter_errors(root))


def check_line(line, name, **expected):
    """Test a line of the log, and that its time is now."""
    members = json.loads(line)
    seconds = time.mktime(time.strptime(members.pop("timestamp")[:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    tap.ok(not misfit(line) and abs(time.time() - seconds) < 3600 and members == expected, name, f"{line}\nexpected: {expected}\n{misfit(line)}")


def logged(snapshot, *events, **environment):
    """Run events. Returns their request ids, and the lines of the log."""
    with RuntimeApi() as api, Bootstrap(api, snapshot, environment) as bootstrap:
        put = [api.put(body, **how) for body, how in events]
        for event in put:
            event.result()
        return [event.id for event in put], bootstrap.stop().splitlines()


def schemas():
    """The schemas accept the examples of AWS, and refuse these faults."""
    message = {"timestamp": "2023-10-27T19:17:45.586Z", "level": "INFO", "message": "Inside the handler function", "requestId": "79b4f56e-95b1-4643"}
    metric = {"Name": "time", "Unit": "Milliseconds", "StorageResolution": 60}
    directive = {"Namespace": "lambda-function-metrics", "Dimensions": [["functionVersion"]], "Metrics": [metric]}
    root = {"_aws": {"Timestamp": 1574109732004, "CloudWatchMetrics": [directive]}, "functionVersion": "$LATEST", "time": 100}

    def metrics(**changed):
        return {**root, "_aws": {**root["_aws"], "CloudWatchMetrics": [{**directive, **changed}]}}

    tap.equal([misfit(json.dumps(line)) for line in (message, root)], ["", ""], "the schemas accept a line of each kind")
    faults = [{**message, "level": "WARNING"}, {**message, "timestamp": "2023-10-27 19:17:45"}, {**message, "requestId": ""}, {"level": "INFO", "message": "x"},
              {**root, "_aws": {"CloudWatchMetrics": [directive]}}, {**root, "_aws": {**root["_aws"], "Timestamp": "1574109732004"}},
              metrics(Namespace=""), metrics(Dimensions=["functionVersion"]), metrics(Dimensions=[]), metrics(Dimensions=[["x"] * 31]),
              metrics(Metrics=[{**metric, "Unit": "ms"}]), metrics(Metrics=[]), metrics(Metrics=[metric] * 101), metrics(Value=1)]
    tap.equal([fault for fault in faults if not misfit(json.dumps(fault))], [], "the schemas refuse each fault")


def format_of_json(snapshot):
    ids, lines = logged(snapshot, ("[", {}), (BARE, {}), ("{}", {}), (BARE, {"answers": [403]}), (BARE, {}), **JSON)
    tap.equal(len(lines), 3, "in JSON, each failure is one line, and what succeeds is not logged at the level INFO")
    check_line(lines[0], "an event that is no JSON is logged as ERROR with its request id", level="ERROR", requestId=ids[0],
               message=json.loads(lines[0])["message"])
    tap.ok("not JSON" in lines[0], "the message says what is wrong with the event", lines[0])
    check_line(lines[1], "a message with quotes is a JSON string", level="ERROR", requestId=ids[2], message=json.loads(lines[1])["message"])
    tap.ok('{"text": \u2026}' in json.loads(lines[1])["message"], "the message has its quotes and its UTF-8", lines[1])
    check_line(lines[2], "a response that the Runtime API refuses is logged with its request id", level="ERROR", requestId=ids[3],
               message="the Runtime API answered 403 to a response")


def without_request(snapshot, directory):
    path = os.path.join(directory, 'no "such"\n\x01\udcff\\snapshot')
    with RuntimeApi() as api, Bootstrap(api, path, JSON) as bootstrap:
        lines = bootstrap.log().splitlines()
        message = json.loads(api.init_error().body)["errorMessage"]
    check_line(lines[0], "a failed start is logged as FATAL without a request id, and its message is that of the report", level="FATAL", message=message)
    tap.ok('no "such"\n\x01?\\snapshot' in message, "a path in a message is escaped, and ? stands for invalid UTF-8", message)
    with RuntimeApi() as api, Bootstrap(api, snapshot, JSON) as bootstrap:
        api.invoke(BARE)
        api.put(b"", raw=b"garbage\r\n")
        api.invoke(BARE)
        lines = bootstrap.stop().splitlines()
    tap.equal(["requestId" in json.loads(line) for line in lines], [False], "what goes wrong between two events has the request id of neither")
    with RuntimeApi() as api, Bootstrap(api, snapshot, {**JSON, "AWS_LAMBDA_MAX_CONCURRENCY": "2"}) as bootstrap:
        pids = wait_until(lambda: len(found := children(bootstrap.process.pid)) == 2 and found, "two processes")
        os.kill(pids[0], signal.SIGKILL)
        wait_until(lambda: len(found := children(bootstrap.process.pid)) == 2 and found != pids, "another process")
        check_line(bootstrap.stop(), "a process that is replaced is logged as WARN", level="WARN",
                   message=f"process {pids[0]} ended with signal 9; starting another")


def levels(snapshot):
    events = (BARE, {}), ("[", {}), ('{"httpMethod": "GET", "path": "/x"}', {}), ('{"ping": true}', {})
    answered = ["answered with 200 by segment", "answered with 404 by none", "answered with 204 by ping"]
    for level, debug, error in (("DEBUG", True, True), ("trace", True, True), ("INFO", False, True), ("", False, True), ("x", False, True),
                                ("WARN", False, True), ("ERROR", False, True), ("FATAL", False, False)):
        ids, lines = logged(snapshot, *events, AWS_LAMBDA_LOG_LEVEL=level, **JSON)
        tap.equal([misfit(line) for line in lines], [""] * len(lines), f"at the level {level!r}, each line fits the schema of the log")
        found = [json.loads(line) for line in lines]
        tap.equal([(line["requestId"], line["message"]) for line in found if line["level"] == "DEBUG"],
                  list(zip([ids[0], *ids[2:]], answered)) if debug else [], f"at the level {level!r}, answers are {'' if debug else 'not '}logged as DEBUG")
        tap.equal([line["requestId"] for line in found if line["level"] == "ERROR"], [ids[1]] * error, f"at the level {level!r}, a failure is {'' if error else 'not '}logged")


def text(snapshot):
    for format in None, "Text", "":
        environment = {} if format is None else {"AWS_LAMBDA_LOG_FORMAT": format}
        _, lines = logged(snapshot, ("[", {}), **environment)
        tap.ok(len(lines) == 1 and lines[0].startswith("bootstrap: the event is not JSON"), f"with the format {format}, the log is text", lines)
    _, lines = logged(snapshot, (BARE, {}), AWS_LAMBDA_LOG_LEVEL="DEBUG")
    tap.equal(lines, ["bootstrap: answered with 200 by segment"], "the level counts for text, too")


def without_target(line):
    """The members of a line of metrics that its metadata names and that it has not, or whose values CloudWatch does not take; and whether
    its time is not now."""
    root = json.loads(line)
    directive, = root["_aws"]["CloudWatchMetrics"]
    values = [name for dimensions in directive["Dimensions"] for name in dimensions if not 1 <= len(root.get(name, "").encode("ascii")) <= 1024]
    numbers = [metric["Name"] for metric in directive["Metrics"] if type(root.get(metric["Name"])) is not float or root[metric["Name"]] < 0]
    return values + numbers + ["Timestamp"] * (abs(root["_aws"]["Timestamp"] / 1000 - time.time()) >= 3600)


def answer_500(api, bootstrap):
    """Let bootstrap run out of memory for a text, between two requests that it answers. Returns the three statuses."""
    with open(f"/proc/{bootstrap.process.pid}/statm", encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    body = json.dumps({"httpMethod": "POST", "path": "/segment", "headers": {"content-type": "text/plain"}, "body": "我" * 600000}, ensure_ascii=False)
    results = [api.invoke(BARE)]
    resource.prlimit(bootstrap.process.pid, resource.RLIMIT_AS, (size + (24 << 20), resource.RLIM_INFINITY))
    results.append(api.invoke(body))
    resource.prlimit(bootstrap.process.pid, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    return [json.loads(result.body).get("statusCode") for result in [*results, api.invoke(BARE)]]


def alarm(snapshot):
    """The metric of the template that an alarm watches counts a 500, and no other answer."""
    with open(os.path.join(tap.SOURCE, "lambda", "template.yaml"), encoding="utf-8") as file:
        pattern, term = re.search(r"""FilterPattern: !If \[Json, '(.*?)', '"(.*?)"'\]""", file.read()).groups()
    counts = {"JSON": lambda line: json.loads(line).get("level") in re.findall(r'\$\.level = "(\w+)"', pattern), "Text": lambda line: term in line}
    for format, is_counted in counts.items():
        if tap.is_watched(tap.BOOTSTRAP):
            tap.skip(1, "sanitizers reserve more memory than can be limited")
            continue
        with RuntimeApi() as api, Bootstrap(api, snapshot, {"AWS_LAMBDA_LOG_FORMAT": format, "SERVERFUL_METRICS": "x"}) as bootstrap:
            statuses = answer_500(api, bootstrap)
            lines = bootstrap.stop().splitlines()
        counted = [line for line in lines if is_counted(line)]
        tap.ok(statuses == [200, 500, 200] and len(counted) == 1 and "out of memory for a text" in counted[0] and '"Status": "500"' in "".join(lines),
                  f"in the format {format}, the filter of lambda/template.yaml counts the reason of a 500, and nothing else", (statuses, lines))


def metrics(snapshot):
    events = [(body, {}) for body in (BARE, '{"num1": 1, "num2": 0, "operator": "divide"}', '{"httpMethod": "GET", "path": "/x"}',
                                      '{"httpMethod": "PUT", "path": "/keywords"}', '{"ping": true}', "[")]
    _, lines = logged(snapshot, *events)
    tap.equal([line for line in lines if "_aws" in line], [], "without SERVERFUL_METRICS no metrics are written")
    for format in "Text", "JSON":
        ids, lines = logged(snapshot, *events, SERVERFUL_METRICS="My app/v1.0_#:-", AWS_LAMBDA_LOG_FORMAT=format)
        lines = [line for line in lines if "_aws" in line]
        tap.equal([misfit(line) for line in lines], [""] * 5, f"in the format {format}, each answer has a line in CloudWatch's embedded metric format")
        tap.equal([without_target(line) for line in lines], [[]] * 5, f"in the format {format}, the values of the metrics are in the line, and its time is now")
        found = [json.loads(line) for line in lines]
        tap.equal([(line["Route"], line["Status"], line["requestId"]) for line in found],
                  list(zip(["segment", "calculator", "none", "keywords", "ping"], ["200", "400", "404", "405", "204"], ids)),
                  f"in the format {format}, the metrics have route, status and request id")
        tap.equal({line["_aws"]["CloudWatchMetrics"][0]["Namespace"] for line in found}, {"My app/v1.0_#:-"}, "SERVERFUL_METRICS is the namespace")
    for name in "x" * 256, 'a"b', "a\\b", "über", "a\nb", "AWS/Lambda", ":a", "  ":
        with RuntimeApi() as api, Bootstrap(api, snapshot, {"SERVERFUL_METRICS": name}):
            tap.ok("SERVERFUL_METRICS" in json.loads(api.init_error().body)["errorMessage"], f"SERVERFUL_METRICS={name[:10]!r} is refused")


tap.plan(59)
schemas()
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    format_of_json(snapshot)
    without_request(snapshot, directory)
    levels(snapshot)
    text(snapshot)
    metrics(snapshot)
    alarm(snapshot)
tap.done()
