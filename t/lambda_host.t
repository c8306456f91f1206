#!/usr/bin/python3
"""serverful lambda-host turns HTTP into events of each payload, and runs environments as Lambda does."""

import gzip
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import tap
from http_client import Client
from lambda_host import FUNCTION, Gate, LambdaHost
from service import sanitizer_reports
from store import jieba_snapshot
from wait import wait_until

SHAPES = {"2.0": "http-2.0", "1.0": "http-1.0", "alb": "alb"}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH")
MAX_HEAD = 8 * 1024  # the longest target that a gateway accepts, with room for the headers
INIT_MS = 200  # that a function with a slow start takes for it


def state(pid):
    """The state of a process: "S" while it waits, "T" while it is frozen; None after its end."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            found = file.read().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if found in "ZX" else found


def replayed(payload):
    """The behaviour cases that the gateway passes on to the function."""
    for case in cases.load("events"):
        request = case["request"]
        too_many = payload == "1.0" and request.get("query", "").count("&") >= events.MAX_PARAMS
        if not (events.misfit(SHAPES[payload], request) or len(cases.target(case)) > MAX_HEAD or too_many or
                request["method"] not in METHODS):
            yield case


def check_cases(snapshot):
    """bootstrap answers the behaviour cases through each payload."""
    for payload in SHAPES:
        bad, run = [], 0
        with LambdaHost(snapshot=snapshot, payload=payload) as host:
            for case in replayed(payload):
                request = case["request"]
                run += 1
                answer = host.invoke(cases.target(case), request["method"], request["headers"], cases.body(case))
                case["response"].get("headers", {}).pop("content-length", None)
                bad += [f"{cases.title(case)}: {text}"
                        for text in cases.differences(case, answer.status, answer.headers, answer.body)]
            tap.ok(run > 100 and not bad, f"payload {payload}: {run} behaviour cases get the right answers", "\n".join(bad))
            reports = host.await_reports(run)
            tap.equal([len(host.processes()), "init" in reports[0], {r["init"] for r in reports[1:]}], [1, True, {None}],
                      f"payload {payload}: one environment answers one request after another, with one cold start")
            tap.equal((len(reports), len({r["id"] for r in reports})), (run, run),
                      f"payload {payload}: each invocation has one REPORT, with an id of its own")
            tap.equal((host.stop(), sanitizer_reports(host.log())), (0, []), f"payload {payload}: SIGTERM ends lambda-host with status 0")


def check_concurrency_variable(snapshot):
    """An environment of lambda-host has one invocation at a time, so that AWS_LAMBDA_MAX_CONCURRENCY can only be wrong."""
    with LambdaHost(environment={"AWS_LAMBDA_MAX_CONCURRENCY": "x"}, snapshot=snapshot) as host:
        tap.equal(host.client.get("/random-image").status, 500, "an invalid AWS_LAMBDA_MAX_CONCURRENCY is answered with 500")
        tap.ok("use a whole number from 1 to" in host.log(), "the log explains the invalid AWS_LAMBDA_MAX_CONCURRENCY", host.log())


def check_event_2():
    """The event of payload 2.0, the environment variables, and the headers of an event."""
    with LambdaHost(FUNCTION, handler="my.handler", memory=512, timeout=500) as host:
        sent = {"X-One": "1", "Cookie": "a=1; b=2", "User-Agent": "me"}
        event = json.loads(host.invoke("/event?a=1&a=2&b=%E6%88%91+x", headers=sent).body)
        tap.equal((event["version"], event["rawQueryString"], event["queryStringParameters"], event["cookies"]),
                  ("2.0", "a=1&a=2&b=%E6%88%91+x", {"a": "1,2", "b": "我 x"}, ["a=1", "b=2"]),
                  "payload 2.0: the event has the query and the cookies")
        tap.equal((event["headers"]["x-one"], "cookie" in event["headers"], event["requestContext"]["http"]["userAgent"],
                   event["requestContext"]["http"]["sourceIp"], "body" in event, event["isBase64Encoded"]),
                  ("1", False, "me", "127.0.0.1", False, False), "payload 2.0: the event has the headers, and no body for a GET")
        event = json.loads(host.invoke("/event", "POST", {"Content-Type": "image/png"}, b"\xff\0A").body)
        tap.equal((event["body"], event["isBase64Encoded"]), ("/wBB", True), "payload 2.0: a body that is not text becomes base64")
        event = json.loads(host.invoke("/event", "POST", {"Content-Type": "text/plain"}, "我\0".encode()).body)
        tap.equal((event["body"], event["isBase64Encoded"]), ("我\0", False), "payload 2.0: a body that is text stays as it is")
        variables = json.loads(host.invoke("/environment").body)
        expected = {"_HANDLER": "my.handler", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512", "TZ": ":UTC",
                    "LAMBDA_TASK_ROOT": os.path.dirname(FUNCTION), "cwd": os.path.dirname(FUNCTION)}
        tap.equal({name: variables[name] for name in expected}, expected, "the function has Lambda's environment variables")
        before = time.time()
        headers = {name.lower(): value for name, value in json.loads(host.invoke("/headers").body).items()}
        deadline = int(headers["lambda-runtime-deadline-ms"]) / 1000
        tap.ok(before + 499.9 < deadline < time.time() + 500.1, "the deadline of an event follows from --timeout", (before, deadline))
        tap.equal((headers["lambda-runtime-trace-id"][:7], headers["lambda-runtime-aws-request-id"][14]), ("Root=1-", "4"),
                  "an event has a trace, and a UUID of version 4 as its request id")


def check_event_1():
    """The events of payload 1.0 and of a load balancer."""
    for payload, path in ("1.0", "/event?a=1&a=2"), ("alb", "/event?a=1&a=%E6"):
        with LambdaHost(FUNCTION, payload=payload) as host:
            event = json.loads(host.invoke(path, headers={"X-One": "1"}).body)
            got = (event["httpMethod"], event["path"], event["queryStringParameters"],
                   event.get("multiValueQueryStringParameters"), event["headers"].get("X-One") or event["headers"]["x-one"])
            expected = {"1.0": ("GET", "/event", {"a": "2"}, {"a": ["1", "2"]}, "1"),
                        "alb": ("GET", "/event", {"a": "%E6"}, None, "1")}
            tap.equal(got, expected[payload], f"payload {payload}: the event has method, path, query and headers")
            if payload == "1.0":
                tap.equal(host.client.get("/event?a=%E6").status, 400, "payload 1.0: a query that is not UTF-8 is answered with 400")


def check_valid_responses(host):
    """Responses that payload 2.0 accepts."""
    answer = host.invoke("/lists")
    tap.equal((answer.status, answer.headers.get("x-a"), answer.headers["set-cookie"], answer.body),
              (200, None, "a=1, b=2", b""), "payload 2.0: a response may have cookies; its multi-value headers are ignored")
    answer = host.invoke("/binary")
    tap.equal((answer.status, answer.headers["content-type"], answer.body),
              (201, "text/plain; charset=utf-8", b"\xff\0A"), "payload 2.0: a body in base64 is decoded")
    answer = host.invoke("/plain")
    tap.equal((answer.status, answer.body), (200, b'{"of": "another form"}'), "payload 2.0: JSON without statusCode is the body of a 200")


def check_failures(host):
    """Invalid responses, reported errors, and misuse of the Runtime API."""
    failure = (500, b'{"message":"Internal Server Error"}')
    for path in "/no-json", "/no-status", "/wrong-headers", "/split", "/wrong-body", "/base64":
        answer = host.invoke(path)
        tap.equal((answer.status, answer.body), failure, f"payload 2.0: the invalid response of {path} is answered with 500")
    answer = host.invoke("/error")
    tap.equal((answer.status, answer.body), failure, "payload 2.0: an error that the function reports is answered with 500")
    tap.ok("Function.Requested: " in host.log() and "the test asked for it" in host.log(),
           "the log has the type and the message of a reported error", host.log())
    host.invoke("/odd-error")
    errors = [report["error"] for report in host.reports() if report["status"] == "error"]
    tap.equal(errors, ["Function.Requested", "Function.Unknown"],
              "the REPORT of a reported error has its type, or Function.Unknown for a type that Lambda does not accept")
    tap.equal(json.loads(host.invoke("/wrong-id").body), [400, 403, 403, 404],
              "the Runtime API refuses a wrong id, /next and /init/error during an invocation, and an unknown path")
    tap.equal(json.loads(host.invoke("/too-large").body), 413, "the Runtime API refuses a response of more than 6 MB with 413")
    answer = host.invoke("/twice")
    tap.equal((answer.status, answer.body), (200, b"1"), "the first of two responses to an event counts")


def check_responses():
    """Responses of the function, valid and invalid."""
    with LambdaHost(FUNCTION) as host:
        check_valid_responses(host)
        check_failures(host)
        tap.equal(len(host.processes()), 1, "one environment survives every failure that it reports")
        body = b"x" * (6 * 1024 * 1024)
        answer = host.client.exchange("POST", "/event", {"Content-Type": "text/plain"}, body)
        tap.equal((answer.status, answer.body), (413, b'{"message":"Request Too Long"}'), "an event of more than 6 MB is answered with 413")
    with LambdaHost(FUNCTION, payload="alb") as host:
        answer = host.invoke("/lists")
        tap.equal((answer.headers.get("x-a"), answer.headers.get("set-cookie")), ("1, 2", None),
                  "payload alb: a response may have multi-value headers; its cookies are ignored")
        for path in "/plain", "/error", "/no-json":
            answer = host.invoke(path)
            tap.equal((answer.status, answer.headers["content-type"]), (502, "text/html"),
                      f"payload alb: the failure of {path} is answered with a 502 in HTML")


def rounded_up(ms):
    """Return the billed durations that a sum of two durations, each rounded to two digits, may have."""
    return {math.ceil(ms - 0.011), math.ceil(ms + 0.011)}


def check_billing():
    """Lambda bills every started millisecond, and for a custom runtime also the start of the environment."""
    with LambdaHost(FUNCTION, environment={"FUNCTION_INIT": str(INIT_MS)}) as host:
        host.invoke("/event")
        host.invoke("/event")
        host.invoke("/exit")
        host.invoke("/exit")
        reports = host.reports()
        first, second, _, dying = ({name: float(report[name] or 0) for name in ("duration", "billed", "init")} for report in reports)
        tap.ok(first["init"] >= INIT_MS, "the first REPORT of an environment has the duration of its start", reports)
        tap.ok(first["billed"] in rounded_up(first["duration"] + first["init"]),
               "the first Billed Duration of an environment is Duration plus Init Duration, rounded up", first)
        tap.ok(second["init"] == 0 and second["billed"] in rounded_up(second["duration"]),
               "a later Billed Duration of an environment is Duration, rounded up", second)
        tap.ok(dying["init"] >= INIT_MS and dying["billed"] in rounded_up(dying["duration"] + dying["init"]),
               "the Billed Duration includes Init Duration where the first invocation ends the process", dying)


def check_reuse():
    """Cold starts, throttling, freezing and reuse."""
    with Gate() as gate, LambdaHost(FUNCTION, environment=gate.environment, concurrency=3) as host:
        with ThreadPoolExecutor(3) as pool:
            waiting = [pool.submit(Client(host.port).get, "/wait") for _ in range(3)]
            wait_until(lambda: len(host.processes()) == 3, "three environments")
            throttled = [host.client.get("/wait").status for _ in range(2)]
            gate.open()
            answered = [future.result().status for future in waiting]
        tap.equal((answered, throttled), ([200] * 3, [503] * 2),
                  "with --concurrency=3 three requests at once are answered, and more get a 503")
        reports = host.await_reports(3)
        tap.equal([bool(report["init"]) for report in reports], [True] * 3, "each of three environments has a cold start")
        pids = host.processes()
        wait_until(lambda: [state(pid) for pid in pids] == ["T"] * 3, "three frozen processes")
        tap.ok(True, "lambda-host freezes the processes between invocations")
        tap.equal([json.loads(host.invoke("/served").body) for _ in range(3)], [2, 3, 4],
                  "a request goes to the idle environment that was used last")
        tap.ok("Error" not in host.log(), "throttling, freezing and reuse log no error", host.log())
        host.stop()
        wait_until(lambda: not any(map(state, pids)), "the end of the processes")
        tap.ok(True, "the end of lambda-host ends its environments")


def check_idle_option():
    for text in ("0", "0.0001", "1x", ".", "-1", "86401", "nan"):
        run = subprocess.run([tap.SERVERFUL, "lambda-host", f"--idle={text}"], capture_output=True, text=True)
        tap.ok(run.returncode == 2 and f"invalid --idle '{text}'" in run.stderr, f"lambda-host rejects --idle={text}", run.stderr)


def check_idle():
    """An environment ends when it has been idle for --idle seconds."""
    with LambdaHost(FUNCTION, idle=0.25) as host:
        tap.equal(host.invoke("/served").body, b"1", "a function with --idle=0.25 answers")
        wait_until(lambda: host.processes() == [], "the end of the idle environment")
        tap.ok(True, "an environment that was idle for --idle seconds ends")
        tap.equal(host.invoke("/served").body, b"1", "a new environment answers after the idle one has ended")
        tap.ok("Error" not in host.log(), "the end of an idle environment logs no error", host.log())


def check_end(host, path, status, error, text):
    """A request that ends its environment."""
    log = len(host.log())
    tap.equal(host.invoke(path).status, 500, f"a function that fails by {path} is answered with 500")
    report = host.reports()[-1]
    tap.equal((report["status"], report["error"], text in host.log()[log:]), (status, error, True),
              f"REPORT and log of {path} say: {status}, {error}, {text}")


def await_answer(host, path):
    """Send a request until its answer is a 200: on a busy machine, the function may need longer than a short time-out."""
    return wait_until(lambda: (answer := host.invoke(path)).status == 200 and answer, f"a 200 for {path}")


def check_faults():
    """Functions that die, hang, or use too much memory."""
    with LambdaHost(FUNCTION, memory=128) as host:
        for path, error, text in ("/exit", "Runtime.ExitError", "exit status 7"), ("/eat", "Runtime.OutOfMemory", "MB of 128 MB"):
            check_end(host, path, "error", error, text)
            tap.equal(host.invoke("/served").body, b"1", f"a new environment answers after {path}")
    with LambdaHost(FUNCTION, timeout=2) as host:
        check_end(host, "/hang", "timeout", None, "Task timed out after 2.00 seconds")
        tap.equal(await_answer(host, "/served").body, b"1", "a new environment answers after /hang")
        tap.equal(await_answer(host, "/linger").body, b'"done"', "a function that hangs after its response is answered with it")
        last = host.reports()[-1]
        tap.ok(last["status"] == "timeout" and float(last["duration"]) >= 1900,
               "a function that hangs after its response has until the time-out", last)
    for how, text in ("error", "Error Type: Runtime.Broken"), ("exit", "exit status 3"):
        with LambdaHost(FUNCTION, environment={"FUNCTION_INIT": how}) as host:
            tap.equal((host.client.get("/").status, text in host.log()), (500, True),
                      f"a function whose start ends with an {how} is answered with 500, and logged")
    with LambdaHost("/nowhere/bootstrap") as host:
        tap.equal(host.client.get("/").status, 500, "a program that does not exist is answered with 500")
        tap.ok("No such file" in host.log(), "the log says that the program does not exist", host.log())


def check_large(snapshot):
    """A text of 5 MB, whose answer only fits into Lambda's response if it is compressed."""
    chance = random.Random(19)
    text = "".join(chance.choices([chr(c) for c in range(0x4E00, 0x4E00 + 3000)], k=5 * 1024 * 1024 // 3))
    accept = {"Accept-Encoding": "gzip"}
    with LambdaHost(snapshot=snapshot) as host:
        def segment(text, query="", **headers):
            answer = host.client.exchange("POST", "/segment" + query, {"Content-Type": "text/plain", **headers}, text.encode())
            body = gzip.decompress(answer.body) if answer.headers.get("content-encoding") == "gzip" else answer.body
            answered = json.loads(body)
            return answer.status, "content-encoding" in answer.headers, {name: answered[name] for name in answered if name != "detail"}
        status, compressed, body = segment(text, **accept)
        tap.ok((status, compressed) == (200, True) and "".join(body.get("words", [])) == text, "a function segments a text of 5 MB", (status, compressed, str(body)[:200]))
        tap.equal(segment(text), (413, False, {"error": "Response too large"}), "an answer that is too large without compression is a 413")
        tap.equal(segment(text, "?pos=1&offsets=1", **accept), (413, False, {"error": "Response too large"}),
                  "an answer that is too large in spite of compression is a 413")
        tap.equal(segment("我", **accept), (200, False, {"words": ["我"]}), "a short answer is sent as it is")
        etag = host.client.get("/segment?text=a").headers["etag"]
        answer = host.client.exchange("GET", "/segment?text=a", {"If-None-Match": etag})
        tap.equal((answer.status, answer.body), (304, b""), "the gateway passes a 304 on")


def check_gone_client():
    """A client closes its connection before the function responds."""
    with Gate() as gate, LambdaHost(FUNCTION, environment=gate.environment) as host:
        with Client(host.port) as gone:
            gone.send(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
            wait_until(host.processes, "the environment")
        gate.open()
        tap.equal(host.await_reports(1)[0]["status"], None, "an invocation whose client has gone ends well")
        tap.equal(host.invoke("/served").body, b"2", "the environment answers the next request after its client has gone")


tap.plan(88)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    check_cases(snapshot)
    check_concurrency_variable(snapshot)
    check_large(snapshot)
check_event_2()
check_event_1()
check_responses()
check_billing()
check_reuse()
check_idle_option()
check_idle()
check_faults()
check_gone_client()
tap.done()
