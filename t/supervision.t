#!/usr/bin/python3
"""The supervisor when its processes, its program or the machine fail; upgrades; and the logs."""

import contextlib
import json
import os
import re
import resource
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from busy_clients import BusyClients
from service import Pool, Service, children, ended_well, of_status, run_checks
from store import serverful
from wait import PATIENCE, wait_until

LIMIT = 3  # seconds; --request-timeout of the pool whose processes make no progress
NAPS = 20  # pauses of a compiler between two polls of the store; a compiler that has something to do acts at its next poll
SUM_TARGET = "/calculator?num1=1&num2=2&operator=add"
SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}\n'


def answers(pool, name):
    with fcgi.Connection(pool.socket) as connection:
        tap.equal(connection.exchange(SUM, keep=False).body, SUM_ANSWER, name)


def page(pool, path):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(path), keep=False)


def restarts(pool):
    return json.loads(page(pool, "/status").body)["restarts"]


def await_log(pool, pattern, name):
    """Wait until a line of the log matches `pattern`, and print that as a result."""
    found = wait_until(lambda: re.search(pattern, pool.log()), f"{pattern} in the log: {pool.log()}")
    tap.ok(found, name)


def await_others(pool, pids):
    """Wait until none of these workers is left, and the pool has all its workers."""
    wait_until(lambda: not set(pids) & set(pool.workers()) and len(pool.workers()) == pool.n, "other workers")


def compiler_of(pool):
    """Wait until the pool has exactly one compiler, and return its pid."""
    return wait_until(lambda: len(found := children(pool.pid, "pool-compiler")) == 1 and found, "one compiler")[0]


def check_stuck(directory):
    """A process that makes no progress for --request-timeout is killed and replaced."""
    pool = Pool(directory, workers=2, options=["--request-timeout", str(LIMIT)])
    before = pool.await_workers()
    with fcgi.Connection(pool.socket) as half:
        half.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(dict(SUM, REQUEST_ID="half-of-it")))[:-20])
        tap.ok(half.is_closed(), "--request-timeout closes the connection of a request whose parameters do not come")
    await_log(pool, rf"busy with one request for {LIMIT} s .* still reading the request", "the log says that the worker was still reading the request")
    with fcgi.Connection(pool.socket) as half:
        params = fcgi.get("/segment", "", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=100, REQUEST_ID="the-body")
        half.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)))
        tap.ok(half.is_closed(), "--request-timeout closes the connection of a request whose body does not come")
    wait_until(lambda: restarts(pool)["timeout"] == 2 and len(pool.workers()) == 2, "two other workers")
    tap.equal((pool.log().count("killing it"), set(before) > set(pool.workers())), (2, False),
              "workers killed by --request-timeout are logged, counted and replaced")
    check_stopped(pool)
    answers(pool, "the pool answers after processes without progress were killed")
    ended_well(pool)


def signal_and_await(pool, pids, number, states):
    """Send a signal to children of the pool, and wait until they are in one of these states and the supervisor has noticed: it
    has collected SIGCHLD, and waits for the next signal."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # killed because the machine is slow
            os.kill(pid, number)
    wait_until(lambda: all(of_status(pid, "State") in (*states, "Z", None) for pid in pids), f"the states {states}")
    sigchld = 1 << signal.SIGCHLD - 1
    wait_until(lambda: not int(of_status(pool.pid, "ShdPnd"), 16) & sigchld and of_status(pool.pid, "State") == "S",
               "the supervisor")


def check_stopped(pool):
    """A worker that is stopped for as long as the limit is killed; a worker and a compiler that were stopped for less are not."""
    while True:
        paused, other = [pool.await_workers()[0], compiler_of(pool)], pool.await_workers()[1]
        begin = time.monotonic()
        signal_and_await(pool, paused, signal.SIGSTOP, "T")
        signal_and_await(pool, paused, signal.SIGCONT, "SRD")
        if time.monotonic() - begin < LIMIT:  # otherwise the supervisor may have seen a pause as long as its limit
            break
    os.kill(other, signal.SIGSTOP)  # its limit ends after that of the others
    await_log(pool, f"worker {other} made no progress for {LIMIT} s", "a worker that a signal has stopped is killed")
    await_others(pool, [other])
    tap.ok(set(paused) <= set(pool.workers() + [compiler_of(pool)]),
           "a worker and a compiler that were stopped for a moment are not killed", pool.log())


def check_killed(directory):
    """Processes that are killed while they work."""
    pool = Pool(directory, workers=2)
    pool.await_workers()
    text = "我".encode() * 600000
    params = fcgi.get("/segment", "mode=full", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(text))
    with fcgi.Connection(pool.socket) as busy:
        busy.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, text)[:500000])
        def reading():
            workers = json.loads(page(pool, "/status").body)["workers"]
            return next((w for w in workers if w["state"] == "reading"), None)
        worker = wait_until(reading, "a worker that reads")
        os.kill(worker["pid"], signal.SIGKILL)
        tap.ok(busy.is_closed(), "the connection of a worker that is killed while it reads is closed")
    await_others(pool, [worker["pid"]])
    with fcgi.Connection(pool.socket) as busy:
        busy.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, text)
                  + fcgi.records(fcgi.STDIN, b""))
        before = pool.workers()
        busy.socket.recv(1)  # the worker now writes its response, which is more than the socket holds
        for pid in before:
            os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    answers(pool, "workers that are killed while they answer are replaced")
    for _ in range(3):
        compiler = compiler_of(pool)
        os.kill(compiler, signal.SIGKILL)
        wait_until(lambda: children(pool.pid, "pool-compiler") not in ([], [compiler]), "another compiler")
    with sqlite3.connect(os.path.join(directory, "serverful.db")) as connection:
        connection.execute("DELETE FROM images")
        connection.execute("INSERT INTO images (url) VALUES ('https://example.org/only.jpg')")
    connection.close()
    wait_until(lambda: b"only.jpg" in page(pool, "/random-image").body, "the edit")
    tap.ok(True, "a compiler that is killed 3 times is replaced, and edits reach the responses")
    ended_well(pool)


def check_recycling():
    """--max-requests replaces workers without losing a request."""
    with Service(options=["--max-requests", "40"]) as service:
        with BusyClients(service.port, SUM_TARGET, SUM_ANSWER) as clients:
            wait_until(lambda: restarts(service.pool)["recycled"] > 20, "20 workers that were recycled")
        tap.equal(clients.wrong, [], "--max-requests 40 loses no request")
        tap.equal(restarts(service.pool)["died"], 0, "a worker that was recycled does not count as died")
        tap.equal(service.pool.complaints(), [], "recycling workers leaves no line in the log")
        ended_well(service)


def check_upgrade():
    """SIGHUP under load: the pool executes the file at its path if that starts, and loses no request."""
    directory = tempfile.mkdtemp(prefix="serverful-")
    program = shutil.copy(tap.SERVERFUL, directory)

    def install(content=None):
        with open(program + ".new", "wb") as file:
            if content:
                file.write(content)
            else:
                with open(tap.SERVERFUL, "rb") as good:
                    shutil.copyfileobj(good, file)
        os.chmod(program + ".new", 0o755)
        os.rename(program + ".new", program)

    with Service(program=program) as service:
        pool = service.pool
        with BusyClients(service.port, SUM_TARGET, SUM_ANSWER) as clients:
            for content, name in ((b"#!/bin/sh\nexit 3\n", "a program that fails"), (b"\x7fELF", "a file that is not a program"),
                                  (b"#!/nowhere\n", "a program without its interpreter")):
                before, log = pool.workers(), pool.log()
                install(content)
                pool.process.send_signal(signal.SIGHUP)
                wait_until(lambda: "the running program continues" in pool.log()[len(log):], "the log to say that the running program continues")
                tap.equal(pool.workers(), before, f"SIGHUP with {name} changes nothing")
            for turn in range(3):
                answered = clients.sent
                wait_until(lambda answered=answered: clients.sent > answered + 40, "requests before the upgrade")
                before = pool.await_workers()
                install()
                pool.process.send_signal(signal.SIGHUP)
                await_others(pool, before)
                same = os.path.samefile(f"/proc/{pool.pid}/exe", program)
                tap.ok(same, f"SIGHUP number {turn + 1} with a new program replaces all processes")
        tap.equal(clients.wrong, [], "upgrades lose no request")
        tap.ok(clients.sent > 100, "more than 100 requests were sent during the upgrades", clients.sent)
        compiler_of(pool)
        wait_until(lambda: restarts(pool)["reloaded"] >= 12, "12 workers that were replaced")
        tap.equal(restarts(pool)["reloaded"], 12, "after 3 upgrades, 12 workers were replaced and there is one compiler")
        tap.equal(pool.process.poll(), None, "an upgrade keeps the process of the supervisor")
        ended_well(service)
    shutil.rmtree(directory)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def check_logs(directory):
    """The lines of both logs, and how SIGUSR1 reopens them."""
    errors, access = os.path.join(directory, "errors"), os.path.join(directory, "access")
    pool = Pool(directory, workers=2, options=["--error-log", "errors", "--access-log", "access"])
    pool.await_workers()
    begin = time.monotonic()
    with fcgi.Connection(pool.socket) as connection:
        connection.exchange(dict(SUM, REQUEST_ID="0123456789abcdef"))
        connection.exchange(dict(fcgi.get('/no "such\\ path\n'), REQUEST_ID='a"b\nc'))
    took_ms = (time.monotonic() - begin) * 1000
    wait_until(lambda: "snapshot found" in read(errors), "the line of the first snapshot")
    before = read(errors)
    for name in (errors, access):
        os.rename(name, name + ".1")
    pool.process.send_signal(signal.SIGUSR1)
    wait_until(lambda: os.path.exists(errors) and os.path.exists(access), "new logs")
    wait_until(lambda: log_lines(pool, access, 1), "a line in the new log")
    with open(access + ".1", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    wanted = {"id": "0123456789abcdef", "method": "GET", "path": "/calculator", "status": 200, "bytes": 16}
    tap.equal({key: lines[0][key] for key in wanted}, wanted, "a line of the access log has id, method, path, status and bytes")
    tap.ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0]["time"]) and 0 < lines[0]["ms"] < took_ms
           and lines[0]["pid"] in pool.workers(), "a line of the access log has time, duration and worker", lines[0])
    tap.equal((lines[1]["path"], lines[1]["id"], lines[1]["status"]), ('/no "such\\ path\n', "abc", 404),
              "unusual bytes of a request do not break its line in the access log")
    worker = pool.workers()[0]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: os.path.getsize(errors), "a line in the new error log")
    text = read(errors)
    tap.ok(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z serverful pool: worker \d+ was killed by signal 9\n", text),
           "after SIGUSR1, a line of the error log goes to the new file", text)
    tap.equal(read(errors + ".1"), before, "after SIGUSR1, no line goes to the old file")
    ended_well(pool)
    pool = Pool(directory, workers=1, options=["--access-log", "/nowhere/access"])
    tap.equal((pool.process.wait(PATIENCE), "cannot write the log /nowhere/access" in pool.log()), (1, True),
              "a pool that cannot write a log does not start, and says so")


def log_lines(pool, path, n):
    """Send one more request, and return whether the log has `n` lines by now."""
    status = page(pool, "/healthz").status
    with open(path, encoding="utf-8") as file:
        return status and len(file.readlines()) >= n


def answered(connection):
    """Read the answer, and close the connection. Returns whether there was one."""
    with connection, contextlib.suppress(ConnectionError):
        return connection.receive().body == SUM_ANSWER
    return False


def check_crowd(directory):
    """More connections than the worker has descriptors for, each with a request; odd and even numbers of descriptors."""
    for limit in (16, 17):
        pool = Pool(directory, workers=1, limits={resource.RLIMIT_NOFILE: limit})
        pool.await_workers()
        crowd = [fcgi.Connection(pool.socket) for _ in range(40)]
        for connection in crowd:
            connection.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(SUM)) + fcgi.records(fcgi.STDIN, b""))
        waiting = list(crowd)
        while waiting:
            ready, _, _ = select.select([connection.socket for connection in waiting], [], [], PATIENCE)
            done = [connection for connection in waiting if connection.socket in ready]
            waiting = [connection for connection in waiting if connection.socket not in ready] if ready else []
            crowd = [connection for connection in crowd if connection not in done or not answered(connection)]
        tap.equal(len(crowd), 0, f"a worker with {limit} descriptors answers all of 40 connections in the end")
        pool.stop()


def check_limits(directory):
    """A pool with little memory, and one with few descriptors."""
    pool = Pool(directory, workers=2)
    before = pool.await_workers()
    _, hard = resource.prlimit(pool.pid, resource.RLIMIT_AS)
    with open(f"/proc/{pool.pid}/statm", encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    resource.prlimit(pool.pid, resource.RLIMIT_AS, (size + (1 << 20), hard))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    health = page(pool, "/healthz")
    tap.equal((health.status, page(pool, "/calculator").status), (503, 503),
              "workers without memory for the snapshot answer 503, also to /healthz")
    await_log(pool, "Cannot allocate memory", "the log says that memory ran out")
    resource.prlimit(pool.pid, resource.RLIMIT_AS, (hard, hard))
    before = pool.await_workers()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    wait_until(lambda: page(pool, "/healthz").status == 200, "/healthz to be 200")
    answers(pool, "workers answer again as soon as there is memory")
    ended_well(pool)
    pool = Pool(directory, workers=2, limits={resource.RLIMIT_NOFILE: 16})
    pool.await_workers()
    kept = [fcgi.Connection(pool.socket) for _ in range(50)]
    await_log(pool, "cannot accept a connection; trying again: Too many open files", "the log says that there are no descriptors")
    pause_of = lambda pid: int(of_status(pid, "voluntary_ctxt_switches"))
    before = {pid: pause_of(pid) for pid in pool.workers()}
    wait_until(lambda: all(pause_of(pid) >= n + NAPS for pid, n in before.items()), f"{NAPS} pauses of each worker")
    tap.equal(pool.log().count("Too many open files"), 2, "workers without a descriptor pause, and say so once")
    for connection in kept:
        connection.socket.close()
    answers(pool, "workers answer again as soon as there are descriptors")
    ended_well(pool)


def check_signals(directory):
    """A pool whose parent ignores SIGCHLD, and one whose log is at the size limit of files."""
    pool = Pool(directory, workers=2, ignored=[signal.SIGCHLD])
    before = pool.await_workers()
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    answers(pool, "workers that died are replaced where the parent process ignores SIGCHLD")
    ended_well(pool)
    pool = Pool(directory, workers=2, options=["--access-log", "access"])
    before = pool.await_workers()
    for pid in before:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, 4096))
    with fcgi.Connection(pool.socket) as connection:
        tap.equal([connection.exchange(SUM).body for _ in range(100)], [SUM_ANSWER] * 100,
                  "workers answer when the access log has reached the size limit of files")
    tap.equal(pool.workers(), before, "a log at the size limit of files ends no worker")
    ended_well(pool)


def have_settled(pools):
    """Let the compiler of each pool pause NAPS times. Returns whether no pool has got another snapshot meanwhile."""
    def generations():
        return [json.loads(page(pool, "/status").body)["generation"] for pool in pools]

    def naps():
        return [int(of_status(compiler_of(pool), "voluntary_ctxt_switches")) for pool in pools]

    before, begin = generations(), naps()
    wait_until(lambda: min(now - then for now, then in zip(naps(), begin)) >= NAPS, f"{NAPS} pauses of each compiler")
    return generations() == before


def check_two(directory):
    """Two pools that share a store and a snapshot."""
    pools = [Pool(directory, f"unix:{name}.sock", workers=2) for name in ("one", "two")]
    for pool, name in zip(pools, ("one", "two")):
        pool.socket = os.path.join(directory, name + ".sock")
        pool.await_workers()
    with sqlite3.connect(os.path.join(directory, "serverful.db")) as connection:
        connection.execute("INSERT INTO words (word, freq) VALUES ('甲乙丙丁戊己', 100000)")
    connection.close()
    asked = fcgi.get("/segment", "text=%E7%94%B2%E4%B9%99%E4%B8%99%E4%B8%81%E6%88%8A%E5%B7%B1")
    for pool in pools:
        def shows(pool=pool):
            with fcgi.Connection(pool.socket) as connection:
                return len(json.loads(connection.exchange(asked, keep=False).body)["words"]) == 1
        wait_until(shows, "the edit")
    tap.ok(True, "an edit of a store that two pools share shows in both")
    wait_until(lambda: have_settled(pools), "two pools that compile no more")
    tap.ok(True, "two pools that share a snapshot stop compiling after an edit")
    for pool in pools:
        ended_well(pool)


def check_shared_snapshot(directory):
    """Two pools whose stores differ, and which write the same snapshot."""
    other = os.path.join(directory, "other.db")
    serverful("init", "--store", other)
    first = Pool(directory, "unix:one.sock", workers=1)
    first.await_workers()
    second = Pool(directory, "unix:two.sock", workers=1, store=other)
    second.await_workers()
    await_log(first, "replaced the snapshot serverful.snapshot, which another program had written from another store than "
              "(serverful|.*/other).db: give each pool a snapshot of its own",
              "pools that write one snapshot from different stores say so")
    tap.equal((first.stop(), second.stop()), (0, 0), "both end well")


def check_removed_socket(directory):
    """A pool whose socket's file was removed, and another pool that made its own at that path."""
    first = Pool(directory)
    first.await_workers()
    os.unlink(first.socket)
    second = Pool(directory)
    second.await_workers()
    tap.equal(first.stop(), 0, "a pool whose socket's file was removed ends well")
    answers(second, "the file that another pool made in its place stays")
    ended_well(second)
    tap.ok(not os.path.lexists(second.socket), "that pool removes its file")


VALGRIND = "SERVERFUL_VALGRIND" in os.environ

tap.plan(38 if VALGRIND else 59)
run_checks(check_stuck, check_killed, check_logs, check_signals, check_two, check_shared_snapshot, check_removed_socket)
check_recycling()
if not VALGRIND:
    run_checks(check_limits, check_crowd)  # valgrind needs more memory and descriptors
    check_upgrade()  # the pool's path is not that of the program under valgrind
tap.done()
