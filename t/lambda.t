#!/usr/bin/python3
"""bootstrap against a Runtime API that follows the protocol, and against one with every fault we could think of."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from runtime_api import Bootstrap, RuntimeApi
from service import children, is_running
from store import jieba_snapshot
from wait import wait_until

TEXT = "我来到北京清华大学"
BARE = json.dumps({"text": TEXT}, ensure_ascii=False)
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}\n'
MB = 1024 * 1024


def answered(result, status=200, body=WORDS):
    """Whether a result is the response with this status and body."""
    if result.kind != "response":
        return False
    response = json.loads(result.body)
    return (response["statusCode"], response["body"]) == (status, body)


def good(result, name, status=200, body=WORDS):
    """Check that an event was answered with this status and body."""
    tap.ok(answered(result, status, body), name, result)


def failed(result, type, name):
    """Check that an invocation was reported as failed, in the form that Lambda requires."""
    right = (result.kind, result.type) == ("error", type)
    report = json.loads(result.body) if right else {}
    right = right and report["errorType"] == type and report["errorMessage"] and report["stackTrace"] == []
    tap.ok(right, name, result)


def check_static():
    """Check that bootstrap is static. Returns whether it is built with sanitizers, and need not be."""
    ldd = subprocess.run(["ldd", tap.BOOTSTRAP], capture_output=True, text=True)
    if "libasan" in ldd.stdout:
        tap.skip(1, "bootstrap is built with sanitizers, and so not static")
        return True
    tap.ok("not a dynamic executable" in ldd.stdout + ldd.stderr, "bootstrap is static", ldd.stdout)
    return False


def deliveries(snapshot):
    """Every valid way to deliver an event."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for framing in "length", "chunked", "close", "length":
            good(api.invoke(BARE, framing=framing), f"bootstrap answers an event delimited by {framing}")
        connections = len({number for number, _, _ in api.requests})
        tap.equal(connections, 2, "bootstrap keeps a connection for as long as the server keeps it")
        good(api.invoke(BARE, interim=True), "bootstrap skips 1xx answers before an event")
        good(api.invoke(BARE, headers=["Lambda-Runtime-Deadline-Ms: 1"]), "bootstrap ignores a deadline in the past")
        headers = ["Lambda-Runtime-Trace-Id: Root=1-2-3", "X-Empty:", "X-Long: " + "x" * 60000]
        good(api.invoke(BARE, headers=headers), "bootstrap accepts unknown, empty and long headers")
        good(api.invoke(BARE, close="announced"), "bootstrap reconnects after an event with Connection: close")
        good(api.invoke(BARE, close="silent"), "bootstrap reconnects when the server closes after an event")
        event = api.put(BARE, held=True)
        wait_until(lambda: event.arrived, "the response")
        event.release()
        good(event.result(), "bootstrap waits for a late answer to its response")
        big = json.dumps({"text": TEXT, "padding": ""}, ensure_ascii=False).encode()
        big = big[:-2] + b"x" * (6 * MB - len(big)) + big[-2:]
        for framing in "length", "chunked", "close":
            good(api.invoke(big, framing=framing), f"bootstrap answers an event of 6 MB delimited by {framing}", 200, WORDS)
        methods = [(method, path.split("/")[-1]) for _, method, path in api.requests]
        tap.equal({method for method, last in methods if last == "next"}, {"GET"}, "every request to /next is a GET")
        tap.equal({method for method, last in methods if last != "next"}, {"POST"}, "every other request is a POST")
        tap.ok(bootstrap.alive(), "bootstrap still runs after every kind of delivery")


def broken_deliveries(snapshot):
    """Invalid answers to /next: after each, bootstrap must ask for the next event."""
    ok = b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: x\r\n"
    garbage = {
        "nothing at all": b"",
        "random bytes": bytes(range(256)) * 4,
        "a TLS alert": b"\x15\x03\x01\x00\x02\x02\x28",
        "HTTP/2": b"HTTP/2 200 OK\r\n\r\n",
        "HTTP/0.9": b"<html>hello</html>",
        "a status of two digits": b"HTTP/1.1 20 OK\r\nContent-Length: 2\r\n\r\n{}",
        "a status with a letter": b"HTTP/1.1 2x0 OK\r\nContent-Length: 2\r\n\r\n{}",
        "a status past 599": b"HTTP/1.1 700 OK\r\nContent-Length: 2\r\n\r\n{}",
        "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "lines without CR": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
        "a head that ends early": ok + b"Content-Le",
        "a head of 1 MB": ok + b"X: " + b"y" * MB + b"\r\n\r\n",
        "a head of 100,000 lines": ok + b"X: y\r\n" * 100000 + b"\r\n",
        "a header without a name": ok + b": x\r\n\r\n",
        "a header without a colon": ok + b"Hello\r\n\r\n",
        "a space before a colon": ok + b"Content-Length : 2\r\n\r\n{}",
        "a folded header": ok + b"X: y\r\n z\r\n\r\n",
        "a NUL in a header": ok + b"X: y\0z\r\n\r\n",
        "a CR in a header": ok + b"X: y\rz\r\n\r\n",
        "two lengths": ok + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
        "a list of lengths": ok + b"Content-Length: 2, 2\r\n\r\n{}",
        "a negative length": ok + b"Content-Length: -2\r\n\r\n{}",
        "a length in hexadecimal": ok + b"Content-Length: 0x2\r\n\r\n{}",
        "an empty length": ok + b"Content-Length:\r\n\r\n{}",
        "a length past 2^64": ok + b"Content-Length: 18446744073709551618\r\n\r\n{}",
        "a length and chunks": ok + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "chunks twice": ok + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "another coding": ok + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "a chunk without a size": ok + b"Transfer-Encoding: chunked\r\n\r\n\r\n{}\r\n0\r\n\r\n",
        "a chunk with a bad size": ok + b"Transfer-Encoding: chunked\r\n\r\n2g\r\n{}\r\n0\r\n\r\n",
        "a chunk with a negative size": ok + b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        "a chunk with a huge size": ok + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "a chunk longer than it says": ok + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
        "a chunk much longer than it says": ok + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{'hello': 1}\r\n0\r\n\r\n",
        "a chunk line of 1 MB": ok + b"Transfer-Encoding: chunked\r\n\r\n2;" + b"x" * MB + b"\r\n{}\r\n0\r\n\r\n",
        "chunks without an end": ok + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "trailers without an end": ok + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 100000,
    }
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for name, raw in garbage.items():
            api.put(b"", raw=raw)
            good(api.invoke(BARE), f"bootstrap answers the event after {name}")
        log = bootstrap.stop()
        tap.ok(log.count("\n") >= len(garbage) - 1, "bootstrap logs each invalid answer, except a mere close", log)


def broken_events(snapshot):
    """Events whose request id comes, but whose body is cut off or invalid."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for framing in "length", "chunked":
            for cut in 0, 1, 20:
                result = api.invoke(BARE, framing=framing, cut=cut)
                failed(result, "Runtime.InvalidEvent", f"bootstrap fails an event delimited by {framing} and cut after {cut} bytes")
        for framing in "length", "chunked", "close":
            result = api.invoke(BARE, framing=framing, cut=10, reset=True)
            failed(result, "Runtime.InvalidEvent", f"bootstrap fails an event delimited by {framing} and reset after 10 bytes")
        for framing in "length", "chunked", "close":
            result = api.invoke(b" " * (8 * MB), framing=framing)
            failed(result, "Runtime.InvalidEvent", f"bootstrap fails an event of 8 MB delimited by {framing}")
        failed(api.invoke(b""), "Runtime.InvalidEvent", "bootstrap fails an empty event")
        for id in None, "", "../../../init/error", "a b", "x" * 200, "a\u00e9":
            api.put(BARE, id=id)
            good(api.invoke(BARE), f"bootstrap answers the event after one with the request id {str(id)[:30]!r}")
        tap.ok(not [path for _, _, path in api.requests if ".." in path], "a request id cannot lead to another path")
        tap.ok("request id" in bootstrap.stop(), "bootstrap logs a missing request id")


def refused_responses(snapshot):
    """Answers to /response: a 4xx fails the invocation, and does not end the process."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for status in 200, 204, 400, 403, 404, 429, 302:
            good(api.invoke(BARE, answers=[status]), f"bootstrap sends a response that the API answers with {status}")
            good(api.invoke(BARE), f"bootstrap answers the event after an answer {status}")
        event = api.put(BARE, answers=[413])
        good(event.result(), "bootstrap sends a response that the API answers with 413")
        failed(event.result(), "Function.ResponseSizeTooLarge", "bootstrap reports a response answered with 413 as too large")
        event = api.put(BARE, answers=[413, 413])
        results = [event.result().kind, event.result().kind]
        tap.equal(results, ["response", "error"], "bootstrap does not repeat an error report that the API refuses")
        failed(api.invoke(b"[", answers=[403]), "Runtime.InvalidEvent", "bootstrap sends an error report that the API answers with 403")
        for name, raw in {"garbage": b"garbage\r\n\r\n", "half a head": b"HTTP/1.1 202 Acc"}.items():
            good(api.invoke(BARE, answers=[raw]), f"bootstrap sends a response that the API answers with {name}")
            good(api.invoke(BARE), f"bootstrap answers the event after {name}")
        event = api.put(BARE, answers=[b"", 202])
        good(event.result(), "bootstrap sends a response on a reused connection, which the server closes")
        good(event.result(), "bootstrap sends that response again over a new connection")
        event = api.put(BARE, answers=[b"", b"", b""])
        kinds = [event.result().kind, event.result().kind]
        good(api.invoke(BARE), "bootstrap answers the event after a response that was never answered")
        tap.equal((kinds, event.posts.qsize()), (["response", "response"], 0), "bootstrap gives a response up after two attempts")
        large = json.dumps({"text": "ab " * 300000})
        event = api.put(large, answers=[413], early=True)
        failed(event.result(), "Function.ResponseSizeTooLarge", "bootstrap reads a 413 that comes before it has sent its response")
        good(api.invoke(BARE), "bootstrap answers the event after an early 413")
        event = api.put(large, answers=[b""], early=True)
        tap.equal(event.result().kind, "response", "bootstrap reconnects when the server closes before it has sent its response")
        tap.ok(bootstrap.alive(), "bootstrap still runs after every kind of refusal")


def endings(snapshot):
    """What ends the process, always with status 1 and a reason in the log."""
    for status in 403, 500, 503, 404, 204, 302:
        with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
            api.put(b"{}", status=status)
            tap.equal(bootstrap.status(), 1, f"{status} as the answer to /next ends the process")
            tap.ok(str(status) in bootstrap.log(), f"bootstrap logs the status {status}")
    for post in BARE, "[":
        with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
            api.put(post, answers=[500])
            tap.equal(bootstrap.status(), 1, f"500 as the answer to the outcome of {post[:1]} ends the process")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(3):
            api.put(b"", raw=b"garbage\r\n")
        tap.equal(bootstrap.status(), 1, "garbage three times in a row ends the process")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(3):
            api.put(BARE, id=None)
        tap.equal(bootstrap.status(), 1, "three events in a row without a request id end the process")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(4):
            api.put(b"", raw=b"garbage\r\n")
            api.put(b"", raw=b"garbage\r\n")
            good(api.invoke(BARE), "garbage twice in a row does not end the process")


def starts(snapshot, directory):
    """Where bootstrap looks for the API and the snapshot, and what it does where they are missing."""
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    for server in (f"127.0.0.1:{port}", "", "localhost", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
                   "300.0.0.1:80", "[::1:80", "[]:80", "[1]:80", "[" + "1" * 60 + "]:80", "example.org:80",
                   "x" * 300 + ":80", "127.0.0.1:" + "0" * 300 + "80"):
        with Bootstrap(None, snapshot, server=server) as bootstrap:
            tap.equal(bootstrap.status(), 1, f"bootstrap exits with 1 if there is no Runtime API at {server[:20]!r} ({len(server)} bytes)")
    with Bootstrap(None, snapshot, {"AWS_LAMBDA_RUNTIME_API": None}, server="x") as bootstrap:
        tap.equal(bootstrap.status(), 2, "bootstrap exits with 2 without AWS_LAMBDA_RUNTIME_API")
        tap.ok("serverful invoke" in bootstrap.log(), "bootstrap without AWS_LAMBDA_RUNTIME_API names serverful invoke")
    with RuntimeApi() as api, Bootstrap(api, snapshot, server=f"localhost:{api.port}"):
        good(api.invoke(BARE), "bootstrap connects to an API at localhost")
    try:
        v6 = RuntimeApi(socket.AF_INET6)
    except OSError:
        tap.skip(1, "this machine has no IPv6")
    else:
        with v6 as api, Bootstrap(api, snapshot):
            good(api.invoke(BARE), "bootstrap connects to an API at an IPv6 address")
    damaged = os.path.join(directory, "damaged")
    with open(snapshot, "rb") as file, open(damaged, "wb") as copy:
        copy.write(file.read()[:-1])
    for path, name in (os.path.join(directory, "none"), "no snapshot"), (damaged, "a damaged snapshot"):
        with RuntimeApi() as api, Bootstrap(api, path) as bootstrap:
            failed(api.init_error(), "Runtime.InitError", f"bootstrap reports {name} to the API")
            tap.equal(bootstrap.status(), 1, f"bootstrap exits with 1 for {name}")
            tap.ok(path in bootstrap.log(), f"bootstrap logs the path of {name}")
            paths = [path for _, _, path in api.requests]
            tap.equal(paths, ["/2018-06-01/runtime/init/error"], f"bootstrap does not ask for an event with {name}")
    for n in range(4):  # the message is cut off, for one of these within a character
        with RuntimeApi() as api, Bootstrap(api, "/" + "x" * n + "找" * 400) as bootstrap:
            failed(api.init_error(), "Runtime.InitError", f"bootstrap reports a missing snapshot with a long path ({n + 401} characters)")
    with RuntimeApi() as api, Bootstrap(api, "/\udcff\udc80") as bootstrap:
        failed(api.init_error(), "Runtime.InitError", "bootstrap reports a missing snapshot whose path is invalid UTF-8")
    os.mkdir(os.path.join(directory, "task"))
    os.symlink(snapshot, os.path.join(directory, "task", "serverful.snapshot"))
    with RuntimeApi() as api, Bootstrap(api, None, {"LAMBDA_TASK_ROOT": os.path.join(directory, "task")}):
        good(api.invoke(BARE), "bootstrap finds the snapshot in LAMBDA_TASK_ROOT")


def settings(snapshot):
    """The variables _HANDLER and SERVERFUL_CORS."""
    def response(environment, event):
        with RuntimeApi() as api, Bootstrap(api, snapshot, environment):
            result = api.invoke(json.dumps(event))
            return json.loads(result.body) if result.kind == "response" else result
    random = response({"_HANDLER": "random-image"}, {})
    tap.ok(random["body"].startswith('{"imageUrl": "https://'), "the route named by _HANDLER takes an empty event", random)
    event = {"httpMethod": "GET", "path": "/any/path", "queryStringParameters": {"text": TEXT}}
    tap.equal(response({"_HANDLER": "segment"}, event)["body"], WORDS, "the route named by _HANDLER takes any path")
    tap.equal(response({"_HANDLER": "function.handler"}, event)["statusCode"], 404, "a _HANDLER that names no route is ignored")
    bare = {"text": TEXT, "mode": None}
    tap.equal(set(response({"SERVERFUL_CORS": "0"}, bare)["headers"]), {"Content-Type", "Serverful-Revision", "Cache-Control", "ETag", "Vary"},
              "SERVERFUL_CORS=0 leaves the CORS headers out")
    tap.ok("Access-Control-Allow-Origin" in response({"SERVERFUL_CORS": "1"}, bare)["headers"],
           "SERVERFUL_CORS=1 sends the CORS headers")


def several(snapshot):
    """One process for each invocation that AWS_LAMBDA_MAX_CONCURRENCY allows at once."""
    def many(n):
        return {"AWS_LAMBDA_MAX_CONCURRENCY": n}

    def processes(bootstrap, n):
        return wait_until(lambda: len(found := children(bootstrap.process.pid)) == n and found, f"{n} processes")

    for n in "0", "-1", "1025", "4x":
        with RuntimeApi() as api, Bootstrap(api, snapshot, many(n)) as bootstrap:
            failed(api.init_error(), "Runtime.InitError", f"bootstrap reports AWS_LAMBDA_MAX_CONCURRENCY={n} to the API")
            tap.ok(bootstrap.status() == 1 and "AWS_LAMBDA_MAX_CONCURRENCY" in bootstrap.log(),
                   f"bootstrap logs AWS_LAMBDA_MAX_CONCURRENCY={n}")
    with RuntimeApi() as api, Bootstrap(api, snapshot, many("3")) as bootstrap:
        pids = processes(bootstrap, 3)
        wait_until(lambda: len(api.requests) == 3, "three requests for an event")
        busy = [api.put(BARE, held=True) for _ in range(2)]  # two processes wait for the answer to their response
        good(api.invoke(BARE), "one of three processes answers while two are busy")
        tap.equal([event.posts.qsize() for event in busy], [0, 0], "two processes are busy while the third answers")
        for event in busy:
            event.release()
            good(event.result(), "a process that was busy answers its event")
        os.kill(pids[0], signal.SIGKILL)
        now = wait_until(lambda: pids[0] not in (found := children(bootstrap.process.pid)) and len(found) == 3 and found,
                         "another process in place of the killed one")
        tap.ok(set(pids[1:]) < set(now), "bootstrap replaces a process that was killed, and no other", (pids, now))
        for _ in range(6):
            api.put(BARE)  # the server may deliver one to the killed process
        good(api.invoke(BARE), "bootstrap answers after one of its processes was killed")
        bootstrap.process.kill()
        wait_until(lambda: not any(map(is_running, now)), "the end of all processes")
        tap.ok("starting another" in bootstrap.log(), "bootstrap logs that it replaces a process")
    with RuntimeApi() as api, Bootstrap(api, snapshot, many("2")) as bootstrap:
        for _ in range(400):  # four suffice, unless the machine is so busy that a process lives for a second
            api.put(b"{}", status=500)
        tap.equal(bootstrap.status(), 1, "bootstrap exits with 1 when processes keep ending right after their start")
        tap.ok("4 processes in a row" in bootstrap.log(), "bootstrap logs that processes keep ending")


# Milliseconds until a deadline. On a busy machine, an event with the first one may come too late to say anything about
# bootstrap; the test then takes the next one.
DEADLINES = (1500, 6000, 24000, 96000)


def invalid_deadlines(snapshot):
    with RuntimeApi() as api, Bootstrap(api, snapshot):
        for odd in "", "-1", "x", "1" * 15, "9" * 40, str(int(time.time() * 1000) + 24 * 3600 * 1000):
            good(api.invoke(BARE, headers=[f"Lambda-Runtime-Deadline-Ms: {odd}"]), f"bootstrap ignores the invalid deadline {odd!r}")
        good(api.invoke(BARE, deadline_ms=600000), "bootstrap answers an event before its deadline")


def met_deadline(snapshot, ms):
    """Let bootstrap answer an event, and let the deadline pass while it waits for the next one. Returns False where the machine
    was too slow for the answer, and True after two results."""
    def has_asked_again():
        return [path.split("/")[-1] for _, _, path in api.requests].count("next") == 2

    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        event = api.put(BARE, deadline_ms=ms)
        wait_until(lambda: has_asked_again() or not bootstrap.alive(), "a request for the next event")
        if not has_asked_again():
            return False
        good(event.result(), "bootstrap answers an event with a near deadline")
        wait_until(lambda: time.time() > event.deadline + 0.5, "the deadline")
        good(api.invoke(BARE), "the deadline of an answered event does not end bootstrap while it waits for the next")
        return True


def missed_deadline(snapshot, ms):
    """Leave the response of bootstrap unanswered. Returns False where the machine was too slow for the event to come before its
    deadline, and True after two results."""
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"AWS_LAMBDA_LOG_FORMAT": "JSON"}) as bootstrap:
        event = api.put(BARE, held=True, deadline_ms=ms)
        wait_until(lambda: event.arrived or not bootstrap.alive(), "a response")
        if not event.arrived or event.arrived >= event.deadline:
            return False
        tap.equal(bootstrap.status(), 1, "bootstrap exits with 1 if it is still busy at the deadline")
        line = json.loads(bootstrap.log())
        tap.equal((line["level"], line["message"], line["requestId"]), ("ERROR", "no answer by the event's deadline; exiting", event.id),
                  "bootstrap logs as JSON that it missed a deadline")
        return True


def missed_by_one(snapshot, ms):
    """Leave the response of one of two processes unanswered. Returns as missed_deadline() does, after one result."""
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"AWS_LAMBDA_MAX_CONCURRENCY": "2"}) as bootstrap:
        def processes():
            found = children(bootstrap.process.pid)
            return len(found) == 2 and found

        before = wait_until(processes, "two processes")
        event = api.put(BARE, held=True, deadline_ms=ms)
        wait_until(lambda: event.arrived or processes() not in (False, before), "a response")
        if not event.arrived or event.arrived >= event.deadline:
            return False
        now = wait_until(lambda: (found := processes()) != before and found,
                         "another process in place of the one that missed a deadline")
        tap.equal(len(set(before) & set(now)), 1, "bootstrap replaces the one of several processes that misses a deadline")
        return True


def deadlines(snapshot):
    """bootstrap exits where it has not answered an event by its deadline."""
    invalid_deadlines(snapshot)
    for case in met_deadline, missed_deadline, missed_by_one:
        if not any(case(snapshot, ms) for ms in DEADLINES):
            tap.ok(False, f"{case.__name__}() has a result within {DEADLINES[-1] // 1000} s")


def memory(process):
    """The resident memory of a process in kB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def long_life(snapshot, watched):
    """A freeze, and memory over thousands of events."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        good(api.invoke(BARE), "bootstrap answers an event before a freeze")
        bootstrap.process.send_signal(signal.SIGSTOP)
        api.put(b"", raw=b"")  # closes the connection on which bootstrap waits
        event = api.put(BARE)
        bootstrap.process.send_signal(signal.SIGCONT)
        good(event.result(), "bootstrap reconnects after a freeze during which its connection was closed")
        sizes, unanswered = [], []
        for i in range(3000):
            event = api.put(BARE, headers=[f"Lambda-Runtime-Trace-Id: Root=1-{i:08x}-{'x' * 200}"])
            result = event.result()
            if not answered(result):
                unanswered.append(result)
            if i % 1000 == 999:
                sizes.append(memory(bootstrap.process))
        tap.equal(unanswered[:3], [], "bootstrap answers 3,000 events in a row")
        if watched:
            tap.skip(1, "sanitizers and valgrind add memory of their own")
        else:
            tap.ok(sizes[2] - sizes[0] < 64, "2,000 events add less than 64 kB of memory", sizes)


def short_of_memory(snapshot):
    """With more and more memory, each failure is reported, and a small event is answered afterwards."""
    text = json.dumps({"text": TEXT * 20000}, ensure_ascii=False)
    kinds, wrong = set(), []
    for memory in range(10 * MB, 60 * MB, 2 * MB):
        with RuntimeApi() as api, Bootstrap(api, snapshot, memory=memory) as bootstrap:
            event = api.put(text)
            wait_until(lambda: not bootstrap.alive() or not event.posts.empty() or not api.init_errors.empty(),
                       f"an outcome with {memory} bytes of memory")
            if not bootstrap.alive() or not api.init_errors.empty():
                kinds.add("no start" if bootstrap.status() == 1 else f"status {bootstrap.status()}")
                continue
            result = event.result()
            kinds.add(result.type or json.loads(result.body)["statusCode"])
            if not answered(api.invoke(BARE)):
                wrong.append(f"{memory} bytes: no answer to the small event after {result}")
    print(f"# outcomes: {kinds}")
    tap.ok(not wrong and {"no start", 200} <= kinds <= {"no start", 200, 500, "Runtime.InvalidEvent", "Runtime.OutOfMemory"},
           "bootstrap reports that memory ran out, and answers the small event after it", wrong or kinds)


tap.plan(199)
with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    watched = check_static() or "SERVERFUL_VALGRIND" in os.environ  # memory differs then
    deliveries(snapshot)
    broken_deliveries(snapshot)
    broken_events(snapshot)
    refused_responses(snapshot)
    endings(snapshot)
    starts(snapshot, directory)
    settings(snapshot)
    several(snapshot)
    deadlines(snapshot)
    long_life(snapshot, watched)
    if watched:
        tap.skip(1, "sanitizers and valgrind add memory of their own")
    else:
        short_of_memory(snapshot)
tap.done()
