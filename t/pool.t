#!/usr/bin/python3
"""The pool as a process: its sockets, its workers, its end, and what it says when it can't start."""

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Pool, Service, ended_well, free_port, is_alive
from store import jieba_snapshot, jieba_store, sql
from wait import wait_until

SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}'


def answers(address, name):
    """Check that the pool answers at this address."""
    with fcgi.Connection(address) as connection:
        tap.equal(connection.exchange(SUM, keep=False).body, SUM_ANSWER, name)


def check_replacement():
    """A worker that is killed is replaced, and a request that it had is sent to another one."""
    with Service(workers=3) as service:
        enough, wrong = threading.Event(), []

        def load():
            with Client(service.port) as client:
                while not enough.is_set():
                    answer = client.get("/calculator?num1=1&num2=2&operator=add")
                    if answer.body != SUM_ANSWER:
                        wrong.append(answer)

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        before = service.pool.await_workers()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
            wait_until(lambda: pid not in service.pool.workers(), "the end of a worker that was killed")
            service.pool.await_workers()
        enough.set()
        for thread in threads:
            thread.join()
        after = service.pool.await_workers()
        tap.equal(set(before) & set(after), set(), "three workers that were killed are replaced")
        for pid in after:
            with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                tap.ok("NoNewPrivs:\t1\n" in file.read(), "a worker is confined")
        tap.ok(not wrong, "no request failed meanwhile", wrong[:5])
        told = [f"worker {pid} was killed by signal 9" in service.pool.log() for pid in before]
        tap.equal(told, [True] * 3, "the log tells of each")
        for pid in after:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(after) & set(service.pool.workers()), "the end of all workers")
        service.pool.await_workers()
        answers(service.pool.socket, "it answers after all workers were killed at once")
        ended_well(service)


def check_crowd(directory):
    """A worker with an idle kept connection leaves it for a new one; a busy one takes turns."""
    pool = Pool(directory, workers=2)
    pool.await_workers()
    kept = [fcgi.Connection(pool.socket) for _ in range(6)]
    tap.equal([connection.exchange(SUM).body for connection in kept], [SUM_ANSWER] * 6,
              "six kept connections, one after the other, on two workers")
    for connection in kept:
        connection.socket.close()
    enough = threading.Event()

    def hold():  # keep a worker busy, without a pause
        while not enough.is_set():
            with fcgi.Connection(pool.socket) as connection:
                try:
                    while not enough.is_set():
                        connection.exchange(SUM)
                except (ConnectionError, BrokenPipeError):
                    pass

    threads = [threading.Thread(target=hold, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        with fcgi.Connection(pool.socket) as connection:
            if connection.exchange(SUM).body != SUM_ANSWER:
                break
    else:
        tap.ok(True, "new connections get their turn beside four busy ones")
    enough.set()
    for thread in threads:
        thread.join()
    ended_well(pool)


def check_end(directory):
    """SIGTERM, SIGINT and SIGQUIT let running requests finish, and end idle kept connections."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        pool = Pool(directory, workers=2)
        workers = pool.await_workers()
        idle, busy = fcgi.Connection(pool.socket), fcgi.Connection(pool.socket)
        idle.exchange(SUM)
        text = "我".encode() * 500000  # more than the socket holds: once it is sent, a worker is at it
        head = fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(
            fcgi.get("/segment", "mode=full", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(text))))
        body = fcgi.records(fcgi.STDIN, text)
        busy.send(head + body[:1000000])
        pool.process.send_signal(number)
        tap.ok(idle.is_closed(), f"{number.name} closes an idle connection")
        busy.send(body[1000000:])
        tap.equal(len(busy.receive().body), len('{"words": []}') + len(text) // 3 * 7 - 2,
                  f"{number.name} lets a request finish")
        status = pool.stop()
        tap.equal((status, [pid for pid in workers if is_alive(pid)], os.path.exists(pool.socket)), (0, [], False),
                  f"{number.name} ends the pool with 0, its workers and its socket")
        for connection in (idle, busy):
            connection.socket.close()
    tap.equal(pool.log(), "", "there was nothing to complain about")


def check_orphans(directory):
    pool = Pool(directory)
    workers = pool.await_workers()
    pool.process.kill()
    pool.process.wait()
    wait_until(lambda: not any(map(is_alive, workers)), "the end of the orphans")
    tap.ok(True, "workers end when the supervisor is killed")
    tap.ok(os.path.exists(pool.socket), "its socket is left behind")
    pool = Pool(directory)
    pool.await_workers()
    answers(pool.socket, "a new pool takes the place of a socket that nobody listens on")
    tap.equal(os.stat(pool.socket).st_mode & 0o7777, 0o660, "the socket has the mode 0660")
    ended_well(pool)


def check_sockets(directory):
    port = free_port()
    pool = Pool(directory, f"127.0.0.1:{port}")
    pool.await_workers()
    answers(("127.0.0.1", port), "a TCP address")
    ended_well(pool)
    path = os.path.join(directory, "given.sock")
    for family, address in ((socket.AF_UNIX, path), (socket.AF_INET, ("127.0.0.1", free_port()))):
        with socket.socket(family) as listener:
            listener.bind(address)
            listener.listen()
            pool = Pool(directory, None, stdin=listener)
            pool.await_workers()
            answers(address, f"a socket on descriptor 0, {family.name}")
            ended_well(pool)
    tap.ok(os.path.exists(path), "a socket that was handed over is left where it is")
    pool = Pool(directory, os.path.join(directory, "plain.sock"))
    pool.await_workers()
    answers(os.path.join(directory, "plain.sock"), "a path without 'unix:'")
    ended_well(pool)


def refuses(directory, expected, name, listen="unix:serverful.sock", status=1, **options):
    """Check that the pool ends with this status, and says so."""
    pool = Pool(directory, listen, **options)
    got = pool.process.wait(60)
    said = pool.log()
    tap.ok(got == status and expected in said, name, f"status {got}, expected {status}: {said}")
    os.unlink(pool.log_path)


def check_refusals(directory):
    first = Pool(directory)
    first.await_workers()
    os.rename(first.log_path, first.log_path + ".first")
    first.log_path += ".first"
    refuses(directory, "another process listens on serverful.sock", "a socket in use")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        refuses(directory, f"cannot listen on {address}: Address already in use", "a TCP address in use", address)
    answers(first.socket, "the pool that was there first is not disturbed")
    ended_well(first)
    with open(os.path.join(directory, "file"), "w", encoding="utf-8") as file:
        file.write("precious")
    refuses(directory, "cannot listen on ./file", "a file that is no socket", "unix:./file")
    tap.ok(os.path.getsize(os.path.join(directory, "file")) == 8, "the file is untouched")
    refuses(directory, "cannot listen on nowhere/s", "a directory that is not there", "unix:nowhere/s")
    refuses(directory, "has at most 107 bytes", "a path that is too long", "unix:" + "a" * 108)
    for address in ("localhost", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x", "::1:80", "[::1]", ""):
        refuses(directory, "invalid address", f"the address '{address}'", address or ":")
    refuses(directory, "descriptor 0 is not a listening socket", "no address at all", None)
    for workers in ("0", "-1", "513", "x", "4x", "99999999999999999999"):
        refuses(directory, "use a whole number from 1 to 512", f"--workers {workers}", workers=workers, status=2)


def check_store(directory):
    """What the store does to the pool: nothing, as long as there is a snapshot to serve."""
    bare = os.path.join(directory, "bare")
    os.makedirs(bare)
    refuses(bare, "cannot open the store serverful.db", "neither store nor snapshot")
    tap.ok(not os.path.exists(os.path.join(bare, "serverful.sock")), "no socket is left then")
    shutil.copy(os.path.join(directory, "serverful.snapshot"), bare)
    pool = Pool(bare)
    pool.await_workers()
    answers(pool.socket, "a snapshot without a store is served")
    tap.ok("cannot open the store serverful.db" in pool.log(), "and the log says what is missing", pool.log())
    good = jieba_store(bare + "/..")
    os.rename(good, os.path.join(bare, "serverful.db"))
    wait_until(lambda: "the store can be compiled again" in pool.log(), "the store to be taken up")
    sql(os.path.join(bare, "serverful.db"), "UPDATE images SET url = 'https://example.org/' || id;")
    image = fcgi.get("/random-image")

    def is_new():
        with fcgi.Connection(pool.socket) as connection:
            return b"example.org" in connection.exchange(image).body

    wait_until(is_new, "an edit of the new store")
    tap.ok(True, "a store that appears later is taken up")
    os.truncate(os.path.join(bare, "serverful.db"), 0)
    for name in ("serverful.db", "serverful.db-wal", "serverful.db-shm"):
        with contextlib.suppress(FileNotFoundError):  # the last who closes a store takes the other two along
            os.unlink(os.path.join(bare, name))
    with open(os.path.join(bare, "serverful.db"), "w", encoding="utf-8") as file:
        file.write("this is no database" * 100)
    wait_until(lambda: "is not a database" in pool.log(), "the complaint about a foreign file")
    with fcgi.Connection(pool.socket) as connection:
        tap.ok(b"example.org" in connection.exchange(image).body, "the old snapshot goes on serving")
        connection.exchange(image)
    tap.equal(pool.log().count("is not a database"), 1, "a complaint is made once")
    ended_well(pool)


def main():
    check_replacement()
    with tempfile.TemporaryDirectory() as directory:
        jieba_store(directory)
        jieba_snapshot(directory)
        check_crowd(directory)
        check_end(directory)
        check_orphans(directory)
        check_sockets(directory)
        check_refusals(directory)
        check_store(directory)
    tap.done()


main()
