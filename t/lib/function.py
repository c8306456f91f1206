#!/usr/bin/python3 -IS
"""A Lambda function for the tests of lambda-host: it does what the path of the event says, good or bad.

Environment variables choose how it starts and where it waits:

    FUNCTION_INIT    error: reports an error and exits; exit: exits; a number: takes so many milliseconds to start
    FUNCTION_GATE    a file: /wait answers when nobody holds an exclusive lock on it
"""

import fcntl
import http.client
import json
import os
import signal
import sys
import time

API = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
BASE = "/2018-06-01/runtime/"
RAW = {"/plain": b'{"of": "another form"}', "/no-json": b"<html>", "/no-status": b'{"statusCode": "x"}',
       "/wrong-headers": b'{"statusCode": 200, "headers": {"a": []}}',
       "/split": b'{"statusCode": 200, "headers": {"a": "b\\r\\nc: d"}}',
       "/wrong-body": b'{"statusCode": 200, "body": {}}', "/base64": b'{"statusCode": 200, "body": "!", "isBase64Encoded": true}',
       "/binary": b'{"statusCode": 201, "body": "/wBB", "isBase64Encoded": true}',
       "/lists": b'{"statusCode": 200, "multiValueHeaders": {"X-A": ["1", "2"]}, "cookies": ["a=1", "b=2"], "body": null}'}
served = 0


def call(method, path, body=None, headers=None):
    """Call the Runtime API. Returns the answer and its body."""
    API.request(method, BASE + path, body, headers or {})
    answer = API.getresponse()
    return answer, answer.read()


def respond(id, value):
    """Post a response. Returns the status of the answer."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return call("POST", f"invocation/{id}/response", body)[0].status


def echo(value):
    """A response whose body is a value as JSON."""
    return {"statusCode": 200, "headers": {"Content-Type": "application/json"}, "body": json.dumps(value)}


def handle(id, path, event, headers):
    """Do what the path says. Returns the response, or None where it is posted already."""
    if path == "/event":
        return echo(event)
    if path == "/environment":
        return echo({**os.environ, "cwd": os.getcwd()})
    if path == "/headers":
        return echo(dict(headers))
    if path == "/served":
        return echo(served)
    if path == "/wait":
        with open(os.environ["FUNCTION_GATE"], "rb") as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
    if path == "/hang":
        signal.pause()
    if path == "/exit":
        sys.exit(7)
    if path == "/eat":
        eaten = b"x" * (300 * 1024 * 1024)
        signal.pause()
        return echo(len(eaten))
    if path == "/wrong-id":
        return echo([respond("no-such-id", {}), call("GET", "invocation/next")[0].status,
                     call("POST", "init/error", b"{}")[0].status, call("GET", "nowhere")[0].status])
    if path == "/too-large":
        return echo(respond(id, b'"' + b"x" * (6 * 1024 * 1024 + 101) + b'"'))
    if path == "/twice":
        respond(id, echo(1))
        respond(id, echo(2))
        return None
    return RAW.get(path, echo("done"))


def start(how):
    """Start as FUNCTION_INIT says."""
    if how == "error":
        call("POST", "init/error", b'{"errorMessage": "of no use"}', {"Lambda-Runtime-Function-Error-Type": "Runtime.Broken"})
        sys.exit(1)
    if how == "exit":
        sys.exit(3)
    time.sleep(int(how or 0) / 1000)


start(os.environ.get("FUNCTION_INIT"))
while True:
    answer, body = call("GET", "invocation/next")
    served += 1
    id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.loads(body)
    path = event.get("rawPath") or event["path"]
    if path in ("/error", "/odd-error"):
        call("POST", f"invocation/{id}/error", b'{"errorMessage": "the test asked for it"}',
             {"Lambda-Runtime-Function-Error-Type": "Function.Requested" if path == "/error" else "TypeError"})
        continue
    response = handle(id, path, event, answer.headers)
    if response is not None:
        respond(id, response)
    if path == "/linger":
        signal.pause()
