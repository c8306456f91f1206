#!/usr/bin/python3
"""bootstrap and the Runtime API: the protocol, and every fault of it that we could think of."""

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
from service import children, is_alive
from store import jieba_snapshot
from wait import wait_until

TEXT = "我来到北京清华大学"
BARE = json.dumps({"text": TEXT}, ensure_ascii=False)
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}'
MB = 1024 * 1024


def answered(result, status=200, body=WORDS):
    """Whether a result is the response with this status and body."""
    if result.kind != "response":
        return False
    response = json.loads(result.body)
    return (response["statusCode"], response["body"]) == (status, body)


def good(result, name, status=200, body=WORDS):
    tap.ok(answered(result, status, body), name, result)


def failed(result, type, name):
    """Check that an invocation was reported as failed, in the form that Lambda wants."""
    right = (result.kind, result.type) == ("error", type)
    report = json.loads(result.body) if right else {}
    right = right and report["errorType"] == type and report["errorMessage"] and report["stackTrace"] == []
    tap.ok(right, name, result)


def static():
    """Check that bootstrap is static. Returns whether it is built with sanitizers, and need not be."""
    ldd = subprocess.run(["ldd", tap.BOOTSTRAP], capture_output=True, text=True)
    if "libasan" in ldd.stdout:
        return tap.ok(True, "bootstrap is static # SKIP it is built with sanitizers")
    tap.ok("not a dynamic executable" in ldd.stdout + ldd.stderr, "bootstrap is static", ldd.stdout)
    return False


def deliveries(snapshot):
    """Every legal way in which an event may come."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for framing in "length", "chunked", "close", "length":
            good(api.invoke(BARE, framing=framing), f"an event with its end told by {framing}")
        connections = len({number for number, _, _ in api.requests})
        tap.equal(connections, 2, "a connection is kept for as long as the server keeps it")
        good(api.invoke(BARE, interim=True), "1xx answers before it are skipped")
        good(api.invoke(BARE, headers=["Lambda-Runtime-Deadline-Ms: 1"]), "a deadline long past is ignored")
        headers = ["Lambda-Runtime-Trace-Id: Root=1-2-3", "X-Empty:", "X-Long: " + "x" * 60000]
        good(api.invoke(BARE, headers=headers), "headers of all kinds")
        good(api.invoke(BARE, close="announced"), "a connection that ends after the event, as it said")
        good(api.invoke(BARE, close="silent"), "a connection that ends after the event without a word")
        good(api.invoke(BARE, late=0.5), "a late answer to the response")
        big = json.dumps({"text": TEXT, "padding": ""}, ensure_ascii=False).encode()
        big = big[:-2] + b"x" * (6 * MB - len(big)) + big[-2:]
        for framing in "length", "chunked", "close":
            good(api.invoke(big, framing=framing), f"an event of 6 MB by {framing}", 200, WORDS)
        methods = [(method, path.split("/")[-1]) for _, method, path in api.requests]
        tap.equal({method for method, last in methods if last == "next"}, {"GET"}, "next is a GET")
        tap.equal({method for method, last in methods if last != "next"}, {"POST"}, "all else is a POST")
        tap.ok(bootstrap.alive(), "bootstrap is still there")


def broken_deliveries(snapshot):
    """Answers to /next that are none: each time bootstrap must come back for the next event."""
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
            good(api.invoke(BARE), f"an event after {name}")
        log = bootstrap.stop()
        tap.ok(log.count("\n") >= len(garbage) - 1, "each of these is in the log, except a mere close", log)


def broken_events(snapshot):
    """Events that come with their request id and then break off, or cannot be used."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for framing in "length", "chunked":
            for cut in 0, 1, 20:
                result = api.invoke(BARE, framing=framing, cut=cut)
                failed(result, "Runtime.InvalidEvent", f"an event by {framing} that breaks off after {cut} bytes")
        for framing in "length", "chunked", "close":
            result = api.invoke(BARE, framing=framing, cut=10, reset=True)
            failed(result, "Runtime.InvalidEvent", f"an event by {framing} that is reset after 10 bytes")
        for framing in "length", "chunked", "close":
            result = api.invoke(b" " * (8 * MB), framing=framing)
            failed(result, "Runtime.InvalidEvent", f"an event of 8 MB by {framing}")
        failed(api.invoke(b""), "Runtime.InvalidEvent", "an empty event")
        for id in None, "", "../../../init/error", "a b", "x" * 200, "a\u00e9":
            api.put(BARE, id=id)
            good(api.invoke(BARE), f"an event after one with the request id {str(id)[:30]!r}")
        tap.ok(not [path for _, _, path in api.requests if ".." in path], "a request id is no way to another path")
        tap.ok("request id" in bootstrap.stop(), "the log tells of the missing request id")


def refused_responses(snapshot):
    """Answers to /response: a 4xx ends the invocation, not the process."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for status in 200, 204, 400, 403, 404, 429, 302:
            good(api.invoke(BARE, answers=[status]), f"a response that is answered {status}")
            good(api.invoke(BARE), "and the event after it")
        event = api.put(BARE, answers=[413])
        good(event.result(), "a response that is answered 413")
        failed(event.result(), "Function.ResponseSizeTooLarge", "is then reported as too large")
        event = api.put(BARE, answers=[413, 413])
        results = [event.result().kind, event.result().kind]
        tap.equal(results, ["response", "error"], "a report that is refused as well is not sent again")
        failed(api.invoke(b"[", answers=[403]), "Runtime.InvalidEvent", "a report that is answered 403")
        for name, raw in {"garbage": b"garbage\r\n\r\n", "half a head": b"HTTP/1.1 202 Acc"}.items():
            good(api.invoke(BARE, answers=[raw]), f"a response that is answered with {name}")
            good(api.invoke(BARE), "and the event after it")
        event = api.put(BARE, answers=[b"", 202])
        good(event.result(), "a response on a kept connection that is closed without an answer")
        good(event.result(), "is sent again, once, over a new one")
        event = api.put(BARE, answers=[b"", b"", b""])
        kinds = [event.result().kind, event.result().kind]
        good(api.invoke(BARE), "a response that is never answered is given up")
        tap.equal((kinds, event.posts.qsize()), (["response", "response"], 0), "after two attempts")
        large = json.dumps({"text": "ab " * 300000})
        event = api.put(large, answers=[413], early=True)
        failed(event.result(), "Function.ResponseSizeTooLarge", "a 413 that comes before the response was read")
        good(api.invoke(BARE), "the event after it")
        event = api.put(large, answers=[b""], early=True)
        tap.equal(event.result().kind, "response", "a connection that closes before the response was read is replaced")
        tap.ok(bootstrap.alive(), "bootstrap is still there")


def endings(snapshot):
    """What ends the process, always with status 1 and a reason."""
    for status in 403, 500, 503, 404, 204, 302:
        with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
            api.put(b"{}", status=status)
            tap.equal(bootstrap.status(), 1, f"{status} when asked for an event ends the process")
            tap.ok(str(status) in bootstrap.log(), "the log tells the status")
    for post in BARE, "[":
        with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
            api.put(post, answers=[500])
            tap.equal(bootstrap.status(), 1, f"500 to what became of {post[:1]} ends the process")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(3):
            api.put(b"", raw=b"garbage\r\n")
        tap.equal(bootstrap.status(), 1, "garbage three times in a row ends the process")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(3):
            api.put(BARE, id=None)
        tap.equal(bootstrap.status(), 1, "so do three events without a request id")
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for _ in range(4):
            api.put(b"", raw=b"garbage\r\n")
            api.put(b"", raw=b"garbage\r\n")
            good(api.invoke(BARE), "twice in a row does not")


def starts(snapshot, directory):
    """Where the API and the snapshot are looked for, and what happens when they are not there."""
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    for server in (f"127.0.0.1:{port}", "", "localhost", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x",
                   "300.0.0.1:80", "[::1:80", "[]:80", "[1]:80", "[" + "1" * 60 + "]:80", "example.org:80",
                   "x" * 300 + ":80", "127.0.0.1:" + "0" * 300 + "80"):
        with Bootstrap(None, snapshot, server=server) as bootstrap:
            tap.equal(bootstrap.status(), 1, f"no Runtime API at {server[:30]!r}")
    with Bootstrap(None, snapshot, {"AWS_LAMBDA_RUNTIME_API": None}, server="x") as bootstrap:
        tap.equal(bootstrap.status(), 2, "not started by Lambda")
        tap.ok("serverful invoke" in bootstrap.log(), "it says what to use instead")
    with RuntimeApi() as api, Bootstrap(api, snapshot, server=f"localhost:{api.port}"):
        good(api.invoke(BARE), "the API at localhost")
    try:
        v6 = RuntimeApi(socket.AF_INET6)
    except OSError:
        tap.ok(True, "the API at an IPv6 address # SKIP there is no IPv6 here")
    else:
        with v6 as api, Bootstrap(api, snapshot):
            good(api.invoke(BARE), "the API at an IPv6 address")
    damaged = os.path.join(directory, "damaged")
    with open(snapshot, "rb") as file, open(damaged, "wb") as copy:
        copy.write(file.read()[:-1])
    for path, name in (os.path.join(directory, "none"), "no snapshot"), (damaged, "a damaged snapshot"):
        with RuntimeApi() as api, Bootstrap(api, path) as bootstrap:
            failed(api.init_errors.get(timeout=60), "Runtime.InitError", f"{name} is reported to the API")
            tap.equal(bootstrap.status(), 1, "and ends the process")
            tap.ok(path in bootstrap.log(), "and is in the log")
            paths = [path for _, _, path in api.requests]
            tap.equal(paths, ["/2018-06-01/runtime/init/error"], "before any event")
    for n in range(4):  # the message is cut, in the end within a character
        with RuntimeApi() as api, Bootstrap(api, "/" + "x" * n + "找" * 400) as bootstrap:
            failed(api.init_errors.get(timeout=60), "Runtime.InitError", f"a long name of a snapshot, {n}")
    with RuntimeApi() as api, Bootstrap(api, "/\udcff\udc80") as bootstrap:
        failed(api.init_errors.get(timeout=60), "Runtime.InitError", "a snapshot's name that is no UTF-8")
    os.mkdir(os.path.join(directory, "task"))
    os.symlink(snapshot, os.path.join(directory, "task", "serverful.snapshot"))
    with RuntimeApi() as api, Bootstrap(api, None, {"LAMBDA_TASK_ROOT": os.path.join(directory, "task")}):
        good(api.invoke(BARE), "the snapshot beside bootstrap")


def settings(snapshot):
    """_HANDLER and SERVERFUL_CORS."""
    def response(environment, event):
        with RuntimeApi() as api, Bootstrap(api, snapshot, environment):
            result = api.invoke(json.dumps(event))
            return json.loads(result.body) if result.kind == "response" else result
    random = response({"_HANDLER": "random-image"}, {})
    tap.ok(random["body"].startswith('{"imageUrl": "https://'), "an empty event for a pinned route", random)
    event = {"httpMethod": "GET", "path": "/any/path", "queryStringParameters": {"text": TEXT}}
    tap.equal(response({"_HANDLER": "segment"}, event)["body"], WORDS, "a pinned route takes any path")
    tap.equal(response({"_HANDLER": "function.handler"}, event)["statusCode"], 404, "other handlers are ignored")
    bare = {"text": TEXT, "mode": None}
    tap.equal(response({"SERVERFUL_CORS": "0"}, bare)["headers"],
              {"Content-Type": "application/json; charset=utf-8"}, "CORS headers can be left out")
    tap.ok("Access-Control-Allow-Origin" in response({"SERVERFUL_CORS": "1"}, bare)["headers"], "or not")


def several(snapshot):
    """As many processes as AWS_LAMBDA_MAX_CONCURRENCY says."""
    def many(n):
        return {"AWS_LAMBDA_MAX_CONCURRENCY": n}

    for n in "0", "-1", "1025", "4x":
        with RuntimeApi() as api, Bootstrap(api, snapshot, many(n)) as bootstrap:
            failed(api.init_errors.get(timeout=60), "Runtime.InitError", f"a concurrency of {n} is reported to the API")
            tap.ok(bootstrap.status() == 1 and "AWS_LAMBDA_MAX_CONCURRENCY" in bootstrap.log(), "and is in the log")
    with RuntimeApi() as api, Bootstrap(api, snapshot, many("3")) as bootstrap:
        pids = wait_until(lambda: len(children(bootstrap.process.pid)) == 3 and children(bootstrap.process.pid), "three")
        wait_until(lambda: len(api.requests) == 3, "all to ask for an event")
        slow = [api.put(BARE, late=1) for _ in range(2)]  # two wait for the answers to their responses
        good(api.invoke(BARE), "one of three answers while two are busy")
        tap.equal([event.posts.qsize() for event in slow], [0, 0], "these are still busy")
        for event in slow:
            good(event.result(), "and answer then")
        os.kill(pids[0], signal.SIGKILL)
        now = wait_until(lambda: pids[0] not in (found := children(bootstrap.process.pid)) and len(found) == 3 and found, "three")
        tap.equal(now[:2], pids[1:], "one that dies is replaced")
        for _ in range(6):
            api.put(BARE)  # the server may give one to the connection of the dead
        good(api.invoke(BARE), "and all is as before")
        bootstrap.process.kill()
        wait_until(lambda: not any(map(is_alive, now)), "the end of all")
        tap.ok("another takes its place" in bootstrap.log(), "the log tells of it")
    with RuntimeApi() as api, Bootstrap(api, snapshot, many("2")) as bootstrap:
        for _ in range(4):
            api.put(b"{}", status=500)
        tap.equal(bootstrap.status(), 1, "when all end as soon as they have started, it gives up")
        tap.ok("4 processes in a row" in bootstrap.log(), "and says why")


def deadlines(snapshot):
    """A process that has not answered by then ends, since nobody waits any more."""
    def soon(ms):
        return {"headers": [f"Lambda-Runtime-Deadline-Ms: {int(time.time() * 1000) + ms}"]}

    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        for odd in "", "-1", "x", "1" * 15, "9" * 40, str(int(time.time() * 1000) + 24 * 3600 * 1000):
            good(api.invoke(BARE, headers=[f"Lambda-Runtime-Deadline-Ms: {odd}"]), f"a deadline that is none: {odd!r}")
        good(api.invoke(BARE, **soon(60000)), "an answer before the deadline")
        good(api.invoke(BARE, **soon(3000)), "a deadline that is near")
        time.sleep(3.3)
        good(api.invoke(BARE), "and is over when the next event comes")
        api.put(BARE, late=5, **soon(1500))  # the answer to the response
        tap.equal(bootstrap.status(), 1, "a process that is still busy at the deadline ends")
        tap.ok("not answered by its deadline" in bootstrap.log(), "and says why")
    with RuntimeApi() as api, Bootstrap(api, snapshot, {"AWS_LAMBDA_MAX_CONCURRENCY": "2"}) as bootstrap:
        before = wait_until(lambda: len(children(bootstrap.process.pid)) == 2 and children(bootstrap.process.pid), "two")
        api.put(BARE, late=5, **soon(1500))
        now = wait_until(lambda: (found := children(bootstrap.process.pid)) != before and len(found) == 2 and found, "another")
        tap.equal(len(set(before) & set(now)), 1, "of several processes one ends, and is replaced")


def memory(process):
    """The process's resident memory in kB."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def long_life(snapshot, watched):
    """Freezes, and memory."""
    with RuntimeApi() as api, Bootstrap(api, snapshot) as bootstrap:
        good(api.invoke(BARE), "an event")
        bootstrap.process.send_signal(signal.SIGSTOP)
        api.put(b"", raw=b"")  # the connection on which bootstrap waits goes away meanwhile
        event = api.put(BARE)
        bootstrap.process.send_signal(signal.SIGCONT)
        good(event.result(), "an event after a freeze that the connection did not outlive")
        sizes = []
        for i in range(3000):
            event = api.put(BARE, headers=[f"Lambda-Runtime-Trace-Id: Root=1-{i:08x}-{'x' * 200}"])
            if not answered(event.result()):
                tap.ok(False, "3,000 events are answered")
            if i % 1000 == 999:
                sizes.append(memory(bootstrap.process))
        tap.ok(sizes[2] - sizes[0] < 64 or watched, "2,000 events add no memory", sizes)


def short_of_memory(snapshot):
    """With less and less memory: whatever happens is said, and small events are answered as long as it runs."""
    text = json.dumps({"text": TEXT * 20000}, ensure_ascii=False)
    kinds, wrong = set(), []
    for memory in range(10 * MB, 60 * MB, 2 * MB):
        with RuntimeApi() as api, Bootstrap(api, snapshot, memory=memory) as bootstrap:
            event = api.put(text)
            while bootstrap.alive() and event.posts.empty() and api.init_errors.empty():
                time.sleep(0.001)
            if not bootstrap.alive() or not api.init_errors.empty():
                kinds.add("no start" if bootstrap.status() == 1 else f"status {bootstrap.status()}")
                continue
            result = event.result()
            kinds.add(result.type or json.loads(result.body)["statusCode"])
            if not answered(api.invoke(BARE)):
                wrong.append(f"{memory} bytes: no answer to the small event after {result}")
    print(f"# what happened: {kinds}")
    tap.ok(not wrong and {"no start", 200} <= kinds <= {"no start", 200, 500, "Runtime.InvalidEvent", "Runtime.OutOfMemory"},
           "too little memory is told", wrong or kinds)


with tempfile.TemporaryDirectory() as directory:
    snapshot = jieba_snapshot(directory)
    watched = static() or "SERVERFUL_VALGRIND" in os.environ  # memory is not what it would be
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
    if not watched:
        short_of_memory(snapshot)
tap.done()
