#!/usr/bin/python3
"""Signals to the supervisor that come at bad moments, processes that end as soon as they are started, what systemd is
told, and a socket that outlives the pool."""

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
from service import Pool, children, ended_well, is_alive, run_checks
from wait import wait_until

SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}'


def page(pool, path):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(path), keep=False)


def reloaded(pool):
    return json.loads(page(pool, "/status").body)["restarts"]["reloaded"]


def install(program, text):
    """Put a script, of the shell if it does not say, or with None the real program, in the place of a program."""
    if text is None:
        shutil.copy(tap.SERVERFUL, program + ".new")
    else:
        with open(program + ".new", "w", encoding="utf-8") as file:
            file.write(text if text.startswith("#!") else "#!/bin/sh\n" + text)
    os.chmod(program + ".new", 0o755)
    os.rename(program + ".new", program)


def trial(pool):
    """The new program that is being tried out; [] while there is none."""
    return [pid for pid in children(pool.pid) if pid not in pool.workers() + children(pool.pid, "pool-compiler")]


def check_end_in_trial(directory):
    """SIGTERM while a new program is tried out ends the pool, whatever becomes of the trial."""
    program = shutil.copy(tap.SERVERFUL, directory)
    for text, name in ((f"sleep 0.3\nexec {tap.SERVERFUL} \"$@\"\n", "one that starts"),
                       ("exec sleep 600\n", "one that hangs")):
        install(program, None)
        pool = Pool(directory, workers=2, program=program)
        workers = pool.await_workers()
        with fcgi.Connection(pool.socket) as busy:
            body = fcgi.records(fcgi.STDIN, b"x" * 100)
            busy.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(
                fcgi.get("/segment", "", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=100))))
            wait_until(lambda: b'"state": "reading"' in page(pool, "/status").body, "half a request")
            install(program, text)
            pool.process.send_signal(signal.SIGHUP)
            tried = wait_until(lambda: trial(pool), "a trial")
            pool.process.send_signal(signal.SIGTERM)
            time.sleep(1)  # the first of the two has ended by then
            busy.send(body + fcgi.records(fcgi.STDIN, b""))
            tap.equal(busy.receive().body, b'{"words": ["' + b"x" * 100 + b'"]}',
                      f"SIGTERM in the trial of {name}: what runs is finished")
        status = pool.stop(0)
        tap.equal((status, [pid for pid in workers + tried if is_alive(pid)]), (0, []),
                  "the pool ends, and its workers and the trial")


def check_two_reloads(directory):
    """A SIGHUP that comes while another is being obeyed is obeyed after it."""
    program = shutil.copy(tap.SERVERFUL, directory)
    pool = Pool(directory, workers=2, program=program)
    pool.await_workers()
    # Not by the shell, which would let the second signal in, and die of it.
    install(program, "#!/usr/bin/python3 -IS\nimport os, sys, time\ntime.sleep(0.5)\n"
                     f"os.execv('{tap.SERVERFUL}', ['{tap.SERVERFUL}'] + sys.argv[1:])\n")
    pool.process.send_signal(signal.SIGHUP)
    wait_until(lambda: trial(pool), "a trial")
    pool.process.send_signal(signal.SIGHUP)
    wait_until(lambda: reloaded(pool) == 4 and len(pool.workers()) == 2, "the second reload")
    tap.ok(True, "SIGHUP during a reload: the workers are replaced once more")
    ended_well(pool)


def check_back_off(directory):
    """Compilers that are killed as soon as they are there are replaced after ever longer pauses; workers still at once."""
    pool = Pool(directory, workers=2)
    first = pool.await_workers()
    end = time.monotonic() + 3
    while time.monotonic() < end:
        for pid in children(pool.pid, "pool-compiler"):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
    n = len(re.findall(r"compiler \d+ was killed by signal 9", pool.log()))
    tap.ok(2 <= n <= 10, "a compiler that never lives long is started a few times in 3 s", n)
    begin = time.monotonic()
    os.kill(first[0], signal.SIGKILL)
    wait_until(lambda: first[0] not in pool.workers() and len(pool.workers()) == 2, "another worker")
    tap.ok(time.monotonic() - begin < 1, "a worker that is killed meanwhile is replaced at once")
    wait_until(lambda: children(pool.pid, "pool-compiler"), "a compiler")
    tap.ok(True, "and at last there is a compiler again")
    ended_well(pool)


class Systemd:
    """The socket to which a service tells its state."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(60)

    def next(self):
        """The next message, but for WATCHDOG=1."""
        while True:
            text = self.socket.recv(1000).decode()
            if text != "WATCHDOG=1":
                return text


def check_notify(directory):
    systemd = Systemd(directory)
    os.environ.update(NOTIFY_SOCKET=systemd.path, WATCHDOG_USEC="300000")
    pool = Pool(directory, workers=2)
    del os.environ["NOTIFY_SOCKET"], os.environ["WATCHDOG_USEC"]
    tap.equal(systemd.next(), "READY=1", "systemd is told when the pool is ready")
    pool.await_workers()
    tap.equal(page(pool, "/healthz").status, 200, "and so it is")
    before = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
    pool.process.send_signal(signal.SIGHUP)
    told = re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=(\d+)", systemd.next())
    tap.ok(told and int(told[1]) >= int(before), "that it reloads, and since when", told)
    tap.equal(systemd.next(), "READY=1", "when it has")
    tap.equal(reloaded(pool), 2, "which is when the old workers are gone")
    tap.equal([systemd.socket.recv(1000) for _ in range(3)], [b"WATCHDOG=1"] * 3, "that it is alive, again and again")
    os.kill(pool.pid, signal.SIGTERM)
    tap.equal(systemd.next(), "STOPPING=1", "and that it ends")
    ended_well(pool)
    systemd.socket.close()


def check_lasting_socket(directory):
    """The socket is systemd's: pools come and go under load, and each request is answered."""
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
        pool = Pool(directory, None, stdin=listener, workers=2)  # for those that wait
        over.set()
        for thread in threads:
            thread.join()
        ended_well(pool)
    tap.equal(wrong, [], "a socket that outlives the pool: SIGTERM under load loses nothing")


if "SERVERFUL_VALGRIND" not in os.environ:  # what lies at the pool's path is then not what a wrapper's path says
    run_checks(check_end_in_trial, check_two_reloads)
run_checks(check_back_off, check_notify, check_lasting_socket)
tap.done()
