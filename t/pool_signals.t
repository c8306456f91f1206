#!/usr/bin/python3
"""Signals that reach the supervisor at bad moments, processes that die at their start, notifications to systemd, and a
socket that outlives the pool."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from service import Pool, children, ended_well, is_running, of_status, run_checks
from wait import PATIENCE, wait_until

SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}\n'
HALF_ANSWER = b'{"words": ["' + b"x" * 100 + b'"]}\n'


def page(pool, path):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(path), keep=False)


def reloaded(pool):
    return json.loads(page(pool, "/status").body)["restarts"]["reloaded"]


def install(program, text):
    """Replace the file at `program` by a script, which is run by the shell unless it begins with #!, or by the real program
    if `text` is None."""
    if text is None:
        shutil.copy(tap.SERVERFUL, program + ".new")
    else:
        with open(program + ".new", "w", encoding="utf-8") as file:
            file.write(text if text.startswith("#!") else "#!/bin/sh\n" + text)
    os.chmod(program + ".new", 0o755)
    os.rename(program + ".new", program)


def wait_and_execute(path):
    """A script that waits until there is a file at `path`, and then becomes the real program. It is not one of the shell,
    which would unblock a signal that is pending, and die of it."""
    return ("#!/usr/bin/python3 -IS\nimport os, sys, time\n"
            f"while not os.path.exists('{path}'):\n    time.sleep(0.01)\n"
            f"os.execv('{tap.SERVERFUL}', ['{tap.SERVERFUL}'] + sys.argv[1:])\n")


def dry_run(pool):
    """The process of an upgrade's dry run, in a list; [] while there is none."""
    return [pid for pid in children(pool.pid) if pid not in pool.workers() + children(pool.pid, "pool-compiler")]


def await_all(pool):
    """Wait until the pool has all its workers and its compiler, so that dry_run() finds no other process. Returns the workers."""
    wait_until(lambda: children(pool.pid, "pool-compiler"), "the compiler")
    return pool.await_workers()


def send_half(connection):
    """Begin a request, and return the bytes that complete it. Its response is HALF_ANSWER."""
    params = fcgi.get("/segment", "", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=100)
    connection.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)))
    return fcgi.records(fcgi.STDIN, b"x" * 100) + fcgi.records(fcgi.STDIN, b"")


def check_end_in_dry_run(directory):
    """SIGTERM during a dry run ends the pool, whether the dry run hangs or has just succeeded."""
    program = shutil.copy(tap.SERVERFUL, directory)
    go = os.path.join(directory, "go")
    for succeeds, name in ((True, "a dry run that has just succeeded"), (False, "a dry run that hangs")):
        install(program, None)
        pool = Pool(directory, workers=2, program=program)
        workers = await_all(pool)
        with fcgi.Connection(pool.socket) as busy:
            rest = send_half(busy)
            wait_until(lambda: b'"state": "reading"' in page(pool, "/status").body, "half a request")
            install(program, wait_and_execute(go))
            pool.process.send_signal(signal.SIGHUP)
            tried = wait_until(lambda: dry_run(pool), "a dry run")
            if succeeds:  # the supervisor sees the end of the dry run and SIGTERM at the same time
                pool.process.send_signal(signal.SIGSTOP)
                with open(go, "wb"):
                    wait_until(lambda: not dry_run(pool), "the end of the dry run")
            pool.process.send_signal(signal.SIGTERM)
            pool.process.send_signal(signal.SIGCONT)
            wait_until(lambda: not dry_run(pool), "the end of the dry run")
            busy.send(rest)
            tap.equal(busy.receive().body, HALF_ANSWER, f"SIGTERM during {name}: the present request is finished")
        status = pool.process.wait(PATIENCE)
        if succeeds:
            os.unlink(go)
        tap.equal((status, [pid for pid in workers + tried if is_running(pid)]), (0, []),
                  f"SIGTERM during {name}: the pool ends, and no process is left")


def check_two_upgrades(directory):
    """A SIGHUP that comes during an upgrade takes effect after it."""
    program = shutil.copy(tap.SERVERFUL, directory)
    pool = Pool(directory, workers=2, program=program)
    await_all(pool)
    go = os.path.join(directory, "go")
    install(program, wait_and_execute(go))
    pool.process.send_signal(signal.SIGHUP)
    wait_until(lambda: dry_run(pool), "a dry run")
    pool.process.send_signal(signal.SIGHUP)
    with open(go, "wb"):
        pass
    wait_until(lambda: reloaded(pool) == 4 and len(pool.workers()) == 2, "the second upgrade")
    tap.ok(True, "a second SIGHUP during an upgrade replaces the workers once more")
    ended_well(pool)


def check_failed_dry_run(directory):
    """A program that fails is not executed, and the log says how it ended."""
    program = shutil.copy(tap.SERVERFUL, directory)
    pool = Pool(directory, workers=2, program=program)
    await_all(pool)
    for script, end in (("exit 3", "exited with status 3"), ("kill -9 $$", "was killed by signal 9")):
        install(program, script)
        pool.process.send_signal(signal.SIGHUP)
        line = f"the dry run of {program} {end}; the running program continues"
        tap.ok(wait_until(lambda line=line: line in pool.log(), line), f"the log says that the dry run {end}")
    tap.equal(reloaded(pool), 0, "no worker is replaced after dry runs that fail")
    ended_well(pool)


def kill_compilers(pool, n):
    """Kill the compiler as soon as it is there, until that has happened `n` times, and wait until the supervisor has noticed.
    Returns the seconds from the start to the last kill."""
    begin, killed = time.monotonic(), set()
    while len(killed) < n:
        for pid in children(pool.pid, "pool-compiler"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
    seconds = time.monotonic() - begin
    wait_until(lambda: killed <= set(map(int, re.findall(r"compiler (\d+) was killed by signal 9", pool.log()))),
               "the supervisor to notice the kills")
    return seconds


def start_time(pid):
    """When a process was started, in clock ticks since the start of the machine."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return int(file.read().rpartition(")")[2].split()[19])


def replaces_first(pool):
    """Kill a worker during the pause of a compiler. Returns whether the next worker starts before the next compiler. On a busy
    machine, the worker may be killed so late that the pause is over."""
    before = pool.await_workers()
    kill_compilers(pool, 2)
    os.kill(before[0], signal.SIGKILL)
    now = wait_until(lambda: before[0] not in (found := pool.workers()) and len(found) == 2 and found, "another worker")
    compiler = wait_until(lambda: children(pool.pid, "pool-compiler"), "a compiler")
    return start_time(next(pid for pid in now if pid not in before)) < start_time(compiler[0])


def check_back_off(directory):
    """The pause before a compiler is started again doubles with each death; workers do not wait for it."""
    pool = Pool(directory, workers=2)
    pool.await_workers()
    seconds = []
    while len(seconds) < 10 and not (seconds and seconds[-1] >= 1.5):
        seconds.append(kill_compilers(pool, 5))  # pauses of 0.1, 0.2, 0.4 and 0.8 s, if no kill came a second late
    tap.ok(seconds[-1] >= 1.5, "5 compilers that are killed at their start are started over at least 1.5 s", seconds)
    tap.ok(any(replaces_first(pool) for _ in range(10)), "a worker is replaced while the compiler's pause lasts")
    log = pool.log()
    tap.ok(len(re.findall(r"compiler \d+ was killed by signal 9", log)) >= 7, "the log has a line for each compiler killed", log)
    ended_well(pool)


class Systemd:
    """The socket on which systemd receives the state of a service."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(PATIENCE)

    def next(self):
        """The next message other than WATCHDOG=1."""
        while True:
            text = self.socket.recv(1000).decode()
            if text != "WATCHDOG=1":
                return text


def check_notify(directory):
    """The pool notifies systemd of its state."""
    systemd = Systemd(directory)
    os.environ.update(NOTIFY_SOCKET=systemd.path, WATCHDOG_USEC="300000")
    pool = Pool(directory, workers=2)
    del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
    tap.equal(systemd.next(), "READY=1", "the pool sends READY=1 at its start")
    pool.await_workers()
    tap.equal(page(pool, "/healthz").status, 200, "/healthz is 200 after READY=1")
    before = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
    pool.process.send_signal(signal.SIGHUP)
    reloading = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", systemd.next())
    tap.ok(reloading and int(reloading[1]) >= int(before), "SIGHUP: the pool sends RELOADING=1 with the time", reloading)
    tap.equal(systemd.next(), "READY=1", "SIGHUP: the pool sends READY=1 afterwards")
    tap.equal(reloaded(pool), 2, "the workers are replaced when READY=1 comes after SIGHUP")
    tap.equal([systemd.socket.recv(1000) for _ in range(3)], [b"WATCHDOG=1"] * 3, "the pool sends WATCHDOG=1 repeatedly")
    os.kill(pool.pid, signal.SIGTERM)
    tap.equal(systemd.next(), "STOPPING=1", "SIGTERM: the pool sends STOPPING=1")
    ended_well(pool)
    systemd.socket.close()


def sockets(pid):
    """The number of sockets that a process has open."""
    count = 0
    for name in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed in the meantime
            count += os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:")
    return count


def pauses(pid):
    """How often a process has begun to wait; None after its end."""
    count = of_status(pid, "voluntary_ctxt_switches")
    return count and int(count)


def check_late_request(directory):
    """The pool is stopped after a worker has accepted a connection, and before the first request on it comes."""
    pool = Pool(directory, workers=1)
    worker, = pool.await_workers()
    with fcgi.Connection(pool.socket) as served, contextlib.ExitStack() as later:
        served.exchange(SUM)
        before = sockets(worker)
        connection = later.enter_context(fcgi.Connection(pool.socket))
        wait_until(lambda: sockets(worker) > before, "the worker to accept a connection")
        paused = pauses(worker)
        pool.process.send_signal(signal.SIGTERM)
        wait_until(lambda: (now := pauses(worker)) is None or now > paused, "the worker to notice that it is to end")
        try:
            answer = connection.exchange(SUM, keep=False).body
        except OSError as error:
            answer = error
    tap.equal(answer, SUM_ANSWER, "a request is answered that comes after SIGTERM, on a connection accepted before it")
    ended_well(pool)


def check_lasting_socket(directory):
    """systemd keeps the listening socket while pools are stopped and started under load."""
    path, over, wrong, sent = os.path.join(directory, "lasting.sock"), threading.Event(), [], [0] * 8

    def load(number):
        while not over.is_set():
            try:
                with fcgi.Connection(path) as connection:
                    body = connection.exchange(SUM, keep=False).body
            except OSError as error:
                body = repr(error)
            sent[number] += 1
            if body != SUM_ANSWER:
                wrong.append(body)

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(100)
        threads = [threading.Thread(target=load, args=(number,)) for number in range(len(sent))]
        for thread in threads:
            thread.start()
        for _ in range(3):
            pool = Pool(directory, None, stdin=listener, workers=2)
            pool.await_workers()
            answered = sum(sent)
            wait_until(lambda: sum(sent) > answered + 100, "requests")
            ended_well(pool)
        pool = Pool(directory, None, stdin=listener, workers=2)  # answers the requests that still wait
        over.set()
        for thread in threads:
            thread.join()
        ended_well(pool)
    tap.equal(wrong, [], "no request is lost when pools on an inherited socket are stopped under load")


UPGRADES = "SERVERFUL_VALGRIND" not in os.environ  # under valgrind the pool's path is not the program's

tap.plan(29 if UPGRADES else 19)
if UPGRADES:
    run_checks(check_end_in_dry_run, check_two_upgrades, check_failed_dry_run)
run_checks(check_back_off, check_notify, check_late_request, check_lasting_socket)
tap.done()
