#!/usr/bin/python3
"""What the supervisor does when its processes, its program or the machine fail, and with its logs."""

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Pool, Service, children, ended_well, run_checks
from wait import wait_until

SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}'


def answers(pool, name):
    with fcgi.Connection(pool.socket) as connection:
        tap.equal(connection.exchange(SUM, keep=False).body, SUM_ANSWER, name)


def page(pool, path):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(path), keep=False)


def restarts(pool):
    return json.loads(page(pool, "/status").body)["restarts"]


def await_log(pool, pattern, name):
    """Wait until a line of the log matches, and count it as a result."""
    found = wait_until(lambda: re.search(pattern, pool.log()), f"{pattern} in the log: {pool.log()}")
    tap.ok(found, name)


def await_others(pool, pids):
    """Wait until none of these workers is left, and all are there."""
    wait_until(lambda: not set(pids) & set(pool.workers()) and len(pool.workers()) == pool.n, "other workers")


class Load:
    """Requests through nginx on some threads, until the end of the block; `wrong` has what was not right."""

    def __init__(self, service, threads=8):
        self.wrong, self.sent, self.over = [], 0, threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(service.port,)) for _ in range(threads)]

    def ask(self, port):
        with Client(port) as client:
            while not self.over.is_set():
                answer = client.get("/calculator?num1=1&num2=2&operator=add")
                self.sent += 1
                if answer.body != SUM_ANSWER:
                    self.wrong.append(answer)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def check_stuck(directory):
    """Whoever is busy for longer than --request-timeout is ended and replaced."""
    pool = Pool(directory, workers=2, options=["--request-timeout", "1"])
    before = pool.await_workers()
    with fcgi.Connection(pool.socket) as half:
        half.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(dict(SUM, REQUEST_ID="half-of-it")))[:-20])
        tap.ok(half.is_closed(), "half a request: the connection is closed")
    await_log(pool, r"busy with one request for 1 s .* still reading the request", "the log tells of it")
    with fcgi.Connection(pool.socket) as half:
        params = fcgi.get("/segment", "", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=100, REQUEST_ID="the-body")
        half.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)))
        tap.ok(half.is_closed(), "a body that does not come: the connection is closed")
    wait_until(lambda: restarts(pool)["timeout"] == 2 and len(pool.workers()) == 2, "two workers in their place")
    tap.equal((pool.log().count("killing it"), set(before) > set(pool.workers())), (2, False),
              "both times the worker was replaced, and counted")
    stopped = pool.workers()[0]
    os.kill(stopped, signal.SIGSTOP)
    await_log(pool, f"worker {stopped} made no progress for 1 s", "a worker that was stopped by a signal is ended")
    await_others(pool, [stopped])
    compiler = children(pool.pid, "pool-compiler")
    os.kill(compiler[0], signal.SIGSTOP)
    patient = pool.workers()[0]
    os.kill(patient, signal.SIGSTOP)
    time.sleep(0.3)
    os.kill(patient, signal.SIGCONT)
    os.kill(compiler[0], signal.SIGCONT)
    time.sleep(1.2)
    tap.ok(patient in pool.workers() and children(pool.pid, "pool-compiler") == compiler,
           "those that go on in time stay")
    answers(pool, "and all are well")
    ended_well(pool)


def check_killed(directory):
    """Processes that are killed at the worst of times."""
    pool = Pool(directory, workers=2)
    pool.await_workers()
    text = "我".encode() * 600000
    params = fcgi.get("/segment", "mode=full", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(text))
    with fcgi.Connection(pool.socket) as busy:
        busy.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, text)[:500000])
        status = json.loads(page(pool, "/status").body)
        worker = next(w for w in status["workers"] if w["state"] in ("reading", "working") and w.get("route") != "status")
        os.kill(worker["pid"], signal.SIGKILL)
        tap.ok(busy.is_closed(), "a worker killed while it reads: its connection is closed")
    await_others(pool, [worker["pid"]])
    with fcgi.Connection(pool.socket) as busy:
        busy.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + fcgi.records(fcgi.STDIN, text)
                  + fcgi.records(fcgi.STDIN, b""))
        before = pool.workers()
        busy.socket.recv(1)  # it writes its answer, which is more than the socket holds
        for pid in before:
            os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    answers(pool, "workers killed while they answer are replaced")
    for _ in range(3):
        compiler = children(pool.pid, "pool-compiler")
        os.kill(compiler[0], signal.SIGKILL)
        wait_until(lambda: children(pool.pid, "pool-compiler") not in ([], compiler), "another compiler")
    with sqlite3.connect(os.path.join(directory, "serverful.db")) as connection:
        connection.execute("DELETE FROM images")
        connection.execute("INSERT INTO images (url) VALUES ('https://example.org/only.jpg')")
    connection.close()
    wait_until(lambda: b"only.jpg" in page(pool, "/random-image").body, "the edit")
    tap.ok(True, "the compiler killed three times: it is replaced, and edits show")
    ended_well(pool)


def check_recycling():
    with Service(options=["--max-requests", "40"]) as service:
        with Load(service) as load:
            wait_until(lambda: restarts(service.pool)["recycled"] > 20, "20 workers that were recycled")
        tap.equal(load.wrong, [], "workers that end after 40 requests: none is lost")
        tap.equal(restarts(service.pool)["died"], 0, "none has died")
        tap.equal(service.pool.log(), "", "and nobody complains")
        ended_well(service)


def check_upgrade():
    """SIGHUP: the program at the path is taken, if it starts; under load nothing is lost."""
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
        with Load(service) as load:
            for content, name in ((b"#!/bin/sh\nexit 3\n", "a program that fails"), (b"\x7fELF", "a program that is none"),
                                  (b"#!/nowhere\n", "a program without its interpreter")):
                before, log = pool.workers(), pool.log()
                install(content)
                pool.process.send_signal(signal.SIGHUP)
                wait_until(lambda: "the running program continues" in pool.log()[len(log):], "the complaint")
                tap.equal(pool.workers(), before, f"SIGHUP with {name}: the old one goes on")
            for turn in range(3):
                before = pool.await_workers()
                install()
                pool.process.send_signal(signal.SIGHUP)
                await_others(pool, before)
                same = os.path.samefile(f"/proc/{pool.pid}/exe", program)
                tap.ok(same, f"SIGHUP {turn + 1} with a new program: all processes are of the new one")
        tap.equal(load.wrong, [], "no request was lost meanwhile")
        tap.ok(load.sent > 100, f"of {load.sent}")
        compilers = wait_until(lambda: children(pool.pid, "pool-compiler"), "a compiler")
        tap.equal((restarts(pool)["reloaded"], len(compilers)), (12, 1), "12 workers were reloaded, one compiler is there")
        tap.equal(pool.process.poll(), None, "the process is the same")
        ended_well(service)
    shutil.rmtree(directory)


def check_logs(directory):
    """Both logs, and their change at SIGUSR1."""
    errors, access = os.path.join(directory, "errors"), os.path.join(directory, "access")
    pool = Pool(directory, workers=2, options=["--error-log", "errors", "--access-log", "access"])
    pool.await_workers()
    with fcgi.Connection(pool.socket) as connection:
        connection.exchange(dict(SUM, REQUEST_ID="0123456789abcdef"))
        connection.exchange(dict(fcgi.get('/no "such\\ path\n'), REQUEST_ID='a"b\nc'))
    for name in (errors, access):
        os.rename(name, name + ".1")
    pool.process.send_signal(signal.SIGUSR1)
    wait_until(lambda: os.path.exists(errors) and os.path.exists(access), "new logs")
    wait_until(lambda: log_lines(pool, access, 1), "a line in the new log")
    with open(access + ".1", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    wanted = {"id": "0123456789abcdef", "method": "GET", "path": "/calculator", "status": 200, "bytes": 15}
    tap.equal({key: lines[0][key] for key in wanted}, wanted, "a line of the access log")
    tap.ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0]["time"]) and 0 < lines[0]["ms"] < 60000
           and lines[0]["pid"] in pool.workers(), "with time, duration and worker", lines[0])
    tap.equal((lines[1]["path"], lines[1]["id"], lines[1]["status"]), ('/no "such\\ path\n', "abc", 404),
              "odd bytes stay within their line")
    worker = pool.workers()[0]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: os.path.getsize(errors), "a line in the new error log")
    with open(errors, encoding="utf-8") as file:
        text = file.read()
    tap.ok(re.fullmatch(r"\d{4}-\d\d-\d\dT[0-9:.]+Z serverful pool: worker \d+ was killed by signal 9\n", text),
           "a line of the error log, in the new file", text)
    tap.equal(os.path.getsize(errors + ".1"), 0, "nothing in the old one")
    ended_well(pool)
    pool = Pool(directory, workers=1, options=["--access-log", "/nowhere/access"])
    tap.equal((pool.process.wait(60), "cannot write the log /nowhere/access" in pool.log()), (1, True),
              "a log that can't be written: it does not start, and says so")


def log_lines(pool, path, n):
    """Ask once more; whether the log has n lines by now."""
    answers_quietly = page(pool, "/healthz").status
    with open(path, encoding="utf-8") as file:
        return answers_quietly and len(file.readlines()) >= n


def check_limits(directory):
    """Little memory and few descriptors."""
    pool = Pool(directory, workers=2)
    before = pool.await_workers()
    _, hard = resource.prlimit(pool.pid, resource.RLIMIT_AS)
    with open(f"/proc/{pool.pid}/statm", encoding="ascii") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    resource.prlimit(pool.pid, resource.RLIMIT_AS, (size + (1 << 20), hard))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    await_others(pool, before)
    sick = page(pool, "/healthz")
    tap.equal((sick.status, page(pool, "/calculator").status), (503, 503),
              "workers without memory for the snapshot: /healthz and all else are 503")
    await_log(pool, "Cannot allocate memory", "the log tells why")
    resource.prlimit(pool.pid, resource.RLIMIT_AS, (hard, hard))
    for pid in pool.workers():
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: page(pool, "/healthz").status == 200, "health")
    answers(pool, "with memory they answer again")
    ended_well(pool)
    pool = Pool(directory, workers=2, limits={resource.RLIMIT_NOFILE: 16})
    pool.await_workers()
    kept = [fcgi.Connection(pool.socket) for _ in range(30)]
    tap.equal([connection.exchange(SUM).body for connection in kept], [SUM_ANSWER] * 30,
              "16 descriptors: 30 connections one after the other")
    for connection in kept:
        connection.socket.close()
    ended_well(pool)


def check_two(directory):
    """Two pools on one store and one snapshot."""
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
    tap.ok(True, "two pools on one store: an edit shows in both")
    time.sleep(0.5)
    generations = [json.loads(page(pool, "/status").body)["generation"] for pool in pools]
    time.sleep(0.5)
    tap.equal([json.loads(page(pool, "/status").body)["generation"] for pool in pools], generations,
              "and they come to rest")
    for pool in pools:
        ended_well(pool)


run_checks(check_stuck, check_killed, check_logs, check_two)
if "SERVERFUL_VALGRIND" not in os.environ:  # valgrind needs memory and descriptors of its own
    run_checks(check_limits)
check_recycling()
if "SERVERFUL_VALGRIND" not in os.environ:  # what lies at the pool's path is then not what a wrapper's path says
    check_upgrade()
tap.done()
