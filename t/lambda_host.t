#!/usr/bin/python3
"""serverful lambda-host: HTTP becomes events of each payload and back, and environments live as Lambda's do."""

import json
import math
import os
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import tap
from http_client import Client
from lambda_host import LambdaHost
from service import complaints, is_alive
from store import jieba_snapshot
from wait import wait_until

FUNCTION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib", "function.py")
SHAPES = {"2.0": "http-2.0", "1.0": "http-1.0", "alb": "alb"}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
MAX_HEAD = 8 * 1024  # of a request that a gateway takes, with room for the other headers


def state(pid):
    """"S" while the process waits, "T" while it is frozen; None when it has ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return None


def replay(snapshot):
    """The behaviour cases, through each payload, but for those that the gateway itself refuses."""
    for payload, shape in SHAPES.items():
        bad, run = [], 0
        with LambdaHost(snapshot=snapshot, payload=payload) as host, Client(host.port) as client:
            for case in cases.load("events"):
                request = case["request"]
                if events.misfit(shape, request) or len(cases.target(case)) > MAX_HEAD or \
                        request["method"] not in METHODS or \
                        (payload == "1.0" and request.get("query", "").count("&") >= events.MAX_PARAMS):
                    continue
                run += 1
                answer = client.exchange(request["method"], cases.target(case), request["headers"], cases.body(case))
                case["response"].get("headers", {}).pop("content-length", None)
                bad += [f"{cases.title(case)}: {text}"
                        for text in cases.differences(case, answer.status, answer.headers, answer.body)]
            tap.ok(run > 100 and not bad, f"{run} cases with payload {payload}", "\n".join(bad))
            reports = host.await_reports(run)
            tap.equal([len(host.processes()), "init" in reports[0], {r["init"] for r in reports[1:]}], [1, True, {None}],
                      "one environment answered them all, after one cold start")
            wrong = [r for r in reports if int(r["billed"]) < float(r["duration"]) or
                     int(r["billed"]) > math.ceil(float(r["duration"]) + float(r["init"] or 0)) + 1]
            tap.equal((wrong, len({r["id"] for r in reports})), ([], run), "each has a report with an id of its own")
            tap.equal((host.stop(), complaints(host.log())), (0, []), "SIGTERM ends it, with 0")


def check_events():
    """What the function is told."""
    with LambdaHost(FUNCTION, handler="my.handler", memory=512, timeout=20) as host, Client(host.port) as client:
        sent = {"X-One": "1", "Cookie": "a=1; b=2", "User-Agent": "me"}
        event = json.loads(client.exchange("GET", "/event?a=1&a=2&b=%E6%88%91+x", sent).body)
        tap.equal((event["version"], event["rawQueryString"], event["queryStringParameters"], event["cookies"]),
                  ("2.0", "a=1&a=2&b=%E6%88%91+x", {"a": "1,2", "b": "我 x"}, ["a=1", "b=2"]), "payload 2.0: the query")
        tap.equal((event["headers"]["x-one"], "cookie" in event["headers"], event["requestContext"]["http"]["userAgent"],
                   event["requestContext"]["http"]["sourceIp"], "body" in event, event["isBase64Encoded"]),
                  ("1", False, "me", "127.0.0.1", False, False), "payload 2.0: headers, and no body")
        event = json.loads(client.exchange("POST", "/event", {"Content-Type": "image/png"}, b"\xff\0A").body)
        tap.equal((event["body"], event["isBase64Encoded"]), ("/wBB", True), "what is no text is base64")
        event = json.loads(client.exchange("POST", "/event", {"Content-Type": "text/plain"}, "我\0".encode()).body)
        tap.equal((event["body"], event["isBase64Encoded"]), ("我\0", False), "what is text is not")
        told = json.loads(client.get("/environment").body)
        expected = {"_HANDLER": "my.handler", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "TZ": ":UTC",
                    "LAMBDA_TASK_ROOT": os.path.dirname(FUNCTION), "cwd": os.path.dirname(FUNCTION)}
        tap.equal({name: told[name] for name in expected}, expected, "the environment is Lambda's")
        before = time.time()
        headers = {name.lower(): value for name, value in json.loads(client.get("/headers").body).items()}
        deadline = int(headers["lambda-runtime-deadline-ms"]) / 1000
        tap.ok(before + 19.9 < deadline < time.time() + 20.1, "the deadline is the time-out", (before, deadline))
        tap.equal((headers["lambda-runtime-trace-id"][:7], headers["lambda-runtime-aws-request-id"][14]), ("Root=1-", "4"),
                  "trace and request id")
    for payload, path in ("1.0", "/event?a=1&a=2"), ("alb", "/event?a=1&a=%E6"):
        with LambdaHost(FUNCTION, payload=payload) as host, Client(host.port) as client:
            event = json.loads(client.exchange("GET", path, {"X-One": "1"}).body)
            got = (event["httpMethod"], event["path"], event["queryStringParameters"],
                   event.get("multiValueQueryStringParameters"), event["headers"].get("X-One") or event["headers"]["x-one"])
            expected = {"1.0": ("GET", "/event", {"a": "2"}, {"a": ["1", "2"]}, "1"),
                        "alb": ("GET", "/event", {"a": "%E6"}, None, "1")}
            tap.equal(got, expected[payload], f"payload {payload}")
            if payload == "1.0":
                tap.equal(client.get("/event?a=%E6").status, 400, "a query that is no UTF-8 cannot be in it")


def check_responses():
    """What becomes of responses, right and wrong."""
    failure = (500, b'{"message":"Internal Server Error"}')
    with LambdaHost(FUNCTION) as host, Client(host.port) as client:
        answer = client.get("/lists")
        tap.equal((answer.status, answer.headers.get("x-a"), answer.headers["set-cookie"], answer.body),
                  (200, None, "a=1, b=2", b""), "payload 2.0 takes cookies, no lists")
        answer = client.get("/binary")
        tap.equal((answer.status, answer.headers["content-type"], answer.body),
                  (201, "text/plain; charset=utf-8", b"\xff\0A"), "base64 is decoded")
        answer = client.get("/plain")
        tap.equal((answer.status, answer.body), (200, b'{"of": "no form"}'), "JSON of no form is a body")
        for path in "/no-json", "/no-status", "/wrong-headers", "/split", "/wrong-body", "/base64":
            answer = client.get(path)
            tap.equal((answer.status, answer.body), failure, f"{path} is an error")
        answer = client.get("/error")
        tap.equal((answer.status, answer.body), failure, "so is what the function reports as one")
        tap.ok("Function.Told: " in host.log() and "as it was told" in host.log(), "its message is in the log", host.log())
        client.get("/odd-error")
        client.get("/event")
        errors = [report["error"] for report in host.reports() if report["status"] == "error"]
        tap.equal(errors, ["Function.Told", "Function.Unknown"], "the reports have its type, where it is one of Lambda's")
        tap.equal(json.loads(client.get("/wrong-id").body), [400, 403, 403, 404], "the Runtime API refuses what is out of turn")
        client.get("/too-large")
        answer = client.get("/twice")
        tap.equal((answer.status, answer.body), (200, b"1"), "of two responses the first counts")
        tap.equal(len(host.processes()), 1, "all that was one environment")
        body = b"x" * (6 * 1024 * 1024)
        answer = client.exchange("POST", "/event", {"Content-Type": "text/plain"}, body)
        tap.equal((answer.status, answer.body), (413, b'{"message":"Request Too Long"}'), "an event of more than 6 MB")
    with LambdaHost(FUNCTION, payload="alb") as host, Client(host.port) as client:
        answer = client.get("/lists")
        tap.equal((answer.headers.get("x-a"), answer.headers.get("set-cookie")), ("1, 2", None), "a load balancer takes lists")
        for path in "/plain", "/error", "/no-json":
            answer = client.get(path)
            tap.equal((answer.status, answer.headers["content-type"]), (502, "text/html"), f"{path} is a 502 of its own")


def check_life():
    """Cold starts, reuse, freezing, and the end after some idleness."""
    with LambdaHost(FUNCTION, concurrency=3, idle=1) as host:
        with ThreadPoolExecutor(5) as pool:
            got = list(pool.map(lambda _: Client(host.port).get("/sleep").status, range(5)))
        tap.equal(sorted(got), [200, 200, 200, 503, 503], "three environments answer three at once; more are throttled")
        reports = host.await_reports(3)
        tap.equal([bool(report["init"]) for report in reports], [True] * 3, "each had its cold start")
        pids = host.processes()
        wait_until(lambda: [state(pid) for pid in pids] == ["T"] * 3, "frozen processes")
        tap.ok(True, "between invocations they are frozen")
        with Client(host.port) as client:
            tap.equal([json.loads(client.get("/served").body) for _ in range(3)], [2, 3, 4],
                      "the one that was used last is used again")
        wait_until(lambda: host.processes() == [], "the end of the idle")
        tap.ok(True, "idle environments are ended")
        with Client(host.port) as client:
            tap.equal(json.loads(client.get("/served").body), 1, "and another is started when it is needed")
        tap.ok("Error" not in host.log(), "none of that is an error", host.log())
        left = host.processes()
        host.stop()
        wait_until(lambda: not any(map(is_alive, left)), "the end of the environment")
        tap.ok(True, "the end of the host is that of its environments")


def check_faults():
    """Functions that die, hang, or take too much."""
    with LambdaHost(FUNCTION, timeout=2, memory=128) as host, Client(host.port) as client:
        for path, status, error, text in (("/exit", "error", "Runtime.ExitError", "exit status 7"),
                                          ("/eat", "error", "Runtime.OutOfMemory", "it had "),
                                          ("/hang", "timeout", None, "Task timed out after 2.00 seconds")):
            before = len(host.reports())
            log = len(host.log())
            tap.equal(client.get(path).status, 500, f"{path} is an error")
            report = host.await_reports(before + 1)[-1]
            tap.equal((report["status"], report["error"], text in host.log()[log:]), (status, error, True), f"its report and the log say why: {text}")
            tap.equal(client.get("/served").body, b"1", "another environment answers then")
        tap.equal(client.get("/linger").status, 200, "a function that lingers after its response has answered")
        last = wait_until(lambda: host.reports()[-1]["status"] == "timeout" and host.reports()[-1], "the time-out")
        tap.ok(float(last["duration"]) >= 1900, "and has its time until the time-out", last)
    for how, text in ("error", "Error Type: Runtime.Broken"), ("exit", "exit status 3"):
        with LambdaHost(FUNCTION, environment={"FUNCTION_INIT": how}) as host, Client(host.port) as client:
            tap.equal((client.get("/").status, text in host.log()), (500, True), f"a start that ends with an {how}")
    with LambdaHost("/nowhere/bootstrap") as host, Client(host.port) as client:
        tap.equal(client.get("/").status, 500, "no function")
        tap.ok("No such file" in host.log(), "is said", host.log())
    with LambdaHost(FUNCTION) as host, Client(host.port, timeout=1) as client:
        with ThreadPoolExecutor(1) as pool:
            gone = pool.submit(lambda: Client(host.port, timeout=0.3).get("/sleep"))
            tap.ok(isinstance(gone.exception(), TimeoutError), "a client that goes away")
        host.await_reports(1)
        tap.equal(client.get("/served").body, b"2", "harms nothing")


def check_concurrency(snapshot):
    """Here an environment has one invocation at a time, so that AWS_LAMBDA_MAX_CONCURRENCY can only be wrong."""
    with LambdaHost(environment={"AWS_LAMBDA_MAX_CONCURRENCY": "x"}, snapshot=snapshot) as host, Client(host.port) as client:
        tap.equal(client.get("/random-image").status, 500, "a wrong AWS_LAMBDA_MAX_CONCURRENCY is an error")
        tap.ok("use a whole number from 1 to" in host.log(), "that says why", host.log())


with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    replay(snapshot)
    check_concurrency(snapshot)
check_events()
check_responses()
check_life()
check_faults()
tap.done()
