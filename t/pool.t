#!/usr/bin/python3
"""`serverful pool` as a process: its sockets, its workers, how it ends, and how it fails to start."""

import concurrent.futures
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
from busy_clients import BusyClients
from service import Pool, Service, ended_well, free_port, is_running
from store import jieba_snapshot, jieba_store, sql
from wait import PATIENCE, wait_until

READ = {"x86_64": "0", "aarch64": "63"}[os.uname().machine]  # the number of the system call read()
SUM, SUM_ANSWER = fcgi.get("/calculator", "num1=1&num2=2&operator=add"), b'{"result": 3.0}\n'

PATIENT = ["--request-timeout", "0"]  # of a pool with requests that are kept open, on a loaded machine for long


def answers(address, name):
    """Check that the pool answers at `address`."""
    with fcgi.Connection(address) as connection:
        tap.equal(connection.exchange(SUM, keep=False).body, SUM_ANSWER, name)


def check_replacement():
    """A worker that is killed is replaced, and nginx sends its request to another one."""
    with Service(workers=3) as service:
        with BusyClients(service.port, "/calculator?num1=1&num2=2&operator=add", SUM_ANSWER, n=4) as clients:
            before = service.pool.await_workers()
            for pid in before:
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda: pid not in service.pool.workers(), "the end of a worker that was killed")
                service.pool.await_workers()
        after = service.pool.await_workers()
        tap.equal(set(before) & set(after), set(), "3 workers that were killed are replaced")
        for pid in after:
            with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                tap.ok("NoNewPrivs:\t1\n" in file.read(), "a worker has entered its sandbox")
        tap.ok(not clients.wrong, "no request through nginx fails while workers are killed", clients.wrong[:5])
        logged = [f"worker {pid} was killed by signal 9" in service.pool.log() for pid in before]
        tap.equal(logged, [True] * 3, "the log has a line for each worker that was killed")
        for pid in after:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(after) & set(service.pool.workers()), "the end of all workers")
        service.pool.await_workers()
        answers(service.pool.socket, "the pool answers after all its workers were killed at once")
        ended_well(service)


def long_request():
    """A request that keeps a worker busy until its end is sent: its bytes in two parts, and the length of the answer."""
    text = "我".encode() * 500000  # more than the socket holds: once the first part is sent, a worker is reading it
    head = fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(
        fcgi.get("/segment", "mode=full", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(text))))
    body = fcgi.records(fcgi.STDIN, text)
    return head + body[:1000000], body[1000000:], len('{"words": []}\n') + len(text) // 3 * 7 - 2


def check_crowd(directory):
    """Connections stay open between requests, however many there are, and busy ones do not keep others waiting."""
    pool = Pool(directory, workers=2)
    pool.await_workers()
    kept = [fcgi.Connection(pool.socket) for _ in range(50)]
    bodies = [connection.exchange(SUM).body for _ in range(3) for connection in kept]
    tap.equal(bodies, [SUM_ANSWER] * 150, "2 workers answer three times on each of 50 connections that stay open")
    sent, starved, enough = [0] * 4, threading.Event(), threading.Event()

    def keep_busy(number):
        """Keep a worker busy without a pause. 5,000 requests show that the pool does not answer other connections."""
        with fcgi.Connection(pool.socket) as connection:
            while not enough.is_set() and not starved.is_set():
                connection.exchange(SUM)
                sent[number] += 1
                if sent[number] > 5000:
                    starved.set()

    threads = [threading.Thread(target=keep_busy, args=(number,)) for number in range(len(sent))]
    for thread in threads:
        thread.start()
    bodies = []
    for _ in range(20):
        with fcgi.Connection(pool.socket) as connection:
            bodies.append(connection.exchange(SUM).body)
    enough.set()
    for thread in threads:
        thread.join()
    tap.equal((bodies, starved.is_set()), ([SUM_ANSWER] * 20, False),
              "2 workers answer on 20 new connections, one after the other, while 4 connections are busy")
    for connection in kept:
        connection.socket.close()
    ended_well(pool)


def check_long_request(directory):
    """While a worker reads a long request, the other one answers on all other connections; alone, it answers them afterwards."""
    begin, end, size = long_request()
    for workers in (2, 1):
        pool = Pool(directory, workers=workers, options=PATIENT)
        pool.await_workers()
        kept = [fcgi.Connection(pool.socket) for _ in range(20)]
        for connection in kept:
            connection.exchange(SUM)
        with fcgi.Connection(pool.socket) as busy:
            busy.send(begin)
            if workers == 2:
                tap.equal([connection.exchange(SUM).body for connection in kept], [SUM_ANSWER] * 20,
                          "a worker answers on 20 connections while the other one reads a long request")
            else:
                for connection in kept:
                    connection.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(SUM)) + fcgi.records(fcgi.STDIN, b""))
            busy.send(end)
            tap.equal(len(busy.receive().body), size, f"the long request is answered by one of {workers} workers")
        if workers == 1:
            tap.equal([connection.receive().body for connection in kept], [SUM_ANSWER] * 20,
                      "the only worker answers on 20 connections after a long request")
        for connection in kept:
            connection.socket.close()
        ended_well(pool)


def worker_with_turn(pool):
    """The worker that has the lock of a turn; None while there is none."""
    with open("/proc/locks", encoding="ascii") as file:
        holders = {int(fields[4]) for fields in map(str.split, file) if fields[1] == "POSIX"}
    return next(iter(holders & set(pool.workers())), None)


def is_reading(pid):
    """Whether a process waits in read()."""
    with open(f"/proc/{pid}/syscall", encoding="ascii") as file:
        return file.read().split()[0] == READ


def check_turns(directory):
    """Requests that need a turn never occupy all workers; those that wait are answered, also if a worker is killed or ends."""
    begin, end, size = long_request()
    pool = Pool(directory, workers=2, options=PATIENT)
    pool.await_workers()
    kept = [fcgi.Connection(pool.socket) for _ in range(20)]
    for connection in kept:
        connection.exchange(SUM)

    def begin_large(n):
        """Begin n large requests. Returns their connections, and the worker that reads one of them."""
        large = [fcgi.Connection(pool.socket) for _ in range(n)]
        for connection in large:
            connection.send(begin[:100000])
        holder = wait_until(lambda: worker_with_turn(pool), "a worker with a turn")
        return large, holder

    def complete(connection):
        connection.send(begin[100000:] + end)
        with contextlib.closing(connection.socket):
            return len(connection.receive().body)

    def complete_all(large, name):
        """Send the rest of all at the same time, since any of them may have the turn, and check the answers."""
        with concurrent.futures.ThreadPoolExecutor(len(large)) as threads:
            tap.equal(list(threads.map(complete, large)), [size] * len(large), name)

    large, holder = begin_large(4)
    tap.equal([connection.exchange(SUM).body for _ in range(3) for connection in kept], [SUM_ANSWER] * 60,
              "one of 2 workers answers on 20 connections while four requests that need a turn come")
    complete_all(large, "requests that need a turn are answered when they have it")
    large, holder = begin_large(3)
    os.kill(holder, signal.SIGKILL)
    large += begin_large(1)[0]  # the first three may all have been on that worker
    tap.ok(wait_until(lambda: worker_with_turn(pool) not in (None, holder), "the next turn"), "a turn ends when its worker is killed")
    for connection in large:
        connection.socket.close()
    wait_until(lambda: worker_with_turn(pool) is None, "the end of all turns")
    pool.await_workers()
    large, holder = begin_large(3)
    ended = pool.await_workers()
    for pid in ended:
        os.kill(pid, signal.SIGTERM)
    complete_all(large, "requests that wait for a turn are answered when their worker ends")
    wait_until(lambda: not set(ended) & set(pool.workers()), "the end of the workers that were told to")
    old = pool.await_workers()  # all are there, and none of them is about to end
    large, holder = begin_large(3)
    os.kill(pool.pid, signal.SIGHUP)

    def are_ending():
        """Whether there are new workers, and each old one reads a large request, or has ended because it had none."""
        now = pool.workers()
        return len(set(now) - set(old)) == 2 and all(is_reading(pid) for pid in old if pid in now)

    wait_until(are_ending, "the end of the old workers, which read large requests")
    tap.equal([connection.exchange(SUM).body for connection in kept], [SUM_ANSWER] * 20,
              "old workers with requests that wait for a turn give their other connections to the new ones")
    complete_all(large, "requests that wait for a turn are answered by the old workers")
    for connection in kept:
        connection.socket.close()
    ended_well(pool)


def check_passing_on(directory):
    """A connection stays open when its worker ends, be it after its number of requests or for a new program."""
    pool = Pool(directory, workers=2, options=["--max-requests", "10"])
    before = pool.await_workers()
    with fcgi.Connection(pool.socket) as connection:
        tap.equal([connection.exchange(SUM).body for _ in range(100)], [SUM_ANSWER] * 100,
                  "workers that end after 10 requests pass a connection on, and 100 requests on it are answered")
        for _ in range(3):
            before = pool.await_workers()
            pool.process.send_signal(signal.SIGHUP)
            wait_until(lambda before=before: not set(before) & set(pool.await_workers()), "new workers")
            connection.exchange(SUM)
        tap.equal(connection.exchange(SUM).body, SUM_ANSWER, "a connection stays open while the pool re-executes its binary three times")
    ended_well(pool)


def check_idle_workers(directory):
    """An idle worker gives up the snapshot that another has replaced."""
    pool = Pool(directory, workers=2)
    workers = pool.await_workers()

    def snapshots():
        """The inodes of the snapshots that the workers have mapped."""
        found = set()
        for pid in workers:
            with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
                found |= {line.split()[4] for line in maps if "serverful.snapshot" in line}
        return found

    path = os.path.join(directory, "serverful.snapshot")
    wait_until(lambda: snapshots() == {str(os.stat(path).st_ino)}, "the first snapshot")
    before = snapshots()
    sql(os.path.join(directory, "serverful.db"), "UPDATE images SET note = 'another', weight = weight + 1;")
    wait_until(lambda: snapshots() == {str(os.stat(path).st_ino)} != before, "the other snapshot")
    tap.ok(True, "workers without any request map a new snapshot, and no longer the one before")
    ended_well(pool)


def check_end(directory):
    """SIGTERM, SIGINT and SIGQUIT let running requests finish, and end idle kept connections."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        pool = Pool(directory, workers=2)
        workers = pool.await_workers()
        idle, busy = fcgi.Connection(pool.socket), fcgi.Connection(pool.socket)
        idle.exchange(SUM)
        begin, end, size = long_request()
        busy.send(begin)
        pool.process.send_signal(number)
        tap.ok(idle.is_closed(), f"{number.name} closes an idle connection")
        busy.send(end)
        tap.equal(len(busy.receive().body), size, f"{number.name} lets the present request finish")
        status = pool.stop()
        tap.equal((status, [pid for pid in workers if is_running(pid)], os.path.exists(pool.socket)), (0, [], False),
                  f"{number.name} ends the pool with status 0, ends its workers and removes its socket")
        for connection in (idle, busy):
            connection.socket.close()
    tap.equal(pool.complaints(), [], "SIGTERM, SIGINT and SIGQUIT leave no line in the log")


def check_orphans(directory):
    pool = Pool(directory)
    workers = pool.await_workers()
    pool.process.kill()
    pool.process.wait()
    wait_until(lambda: not any(map(is_running, workers)), "the end of the orphans")
    tap.ok(True, "the workers exit when the supervisor is killed")
    tap.ok(os.path.exists(pool.socket), "a supervisor that is killed leaves its socket behind")
    pool = Pool(directory)
    pool.await_workers()
    answers(pool.socket, "a new pool replaces a socket on which nobody listens")
    tap.equal(os.stat(pool.socket).st_mode & 0o7777, 0o660, "the pool's socket has the mode 0660")
    ended_well(pool)


def check_sockets(directory):
    port = free_port()
    pool = Pool(directory, f"127.0.0.1:{port}")
    pool.await_workers()
    answers(("127.0.0.1", port), "the pool answers on a TCP address")
    ended_well(pool)
    path = os.path.join(directory, "given.sock")
    for family, address in ((socket.AF_UNIX, path), (socket.AF_INET, ("127.0.0.1", free_port()))):
        with socket.socket(family) as listener:
            listener.bind(address)
            listener.listen()
            pool = Pool(directory, None, stdin=listener)
            pool.await_workers()
            answers(address, f"the pool answers on a socket that it inherits on descriptor 0, {family.name}")
            ended_well(pool)
    tap.ok(os.path.exists(path), "the pool does not remove a socket that it has inherited")
    pool = Pool(directory, os.path.join(directory, "plain.sock"))
    pool.await_workers()
    answers(os.path.join(directory, "plain.sock"), "the pool answers on a path without 'unix:'")
    ended_well(pool)


def refuses(directory, expected, name, listen="unix:serverful.sock", status=1, **options):
    """Check that the pool exits with this status and has `expected` in its log."""
    pool = Pool(directory, listen, **options)
    got = pool.process.wait(PATIENCE)
    log = pool.log()
    tap.ok(got == status and expected in log, f"the pool refuses to start: {name}", f"status {got}, expected {status}: {log}")
    os.unlink(pool.log_path)


def check_refusals(directory):
    first = Pool(directory)
    first.await_workers()
    os.rename(first.log_path, first.log_path + ".first")
    first.log_path += ".first"
    refuses(directory, "another process listens on serverful.sock", "its socket is in use")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        refuses(directory, f"cannot listen on {address}: Address already in use", "its TCP address is in use", address)
    answers(first.socket, "the first pool on a socket answers after a second one was refused")
    ended_well(first)
    with open(os.path.join(directory, "file"), "w", encoding="utf-8") as file:
        file.write("precious")
    refuses(directory, "cannot listen on ./file", "a file that is not a socket lies at its path", "unix:./file")
    tap.ok(os.path.getsize(os.path.join(directory, "file")) == 8, "the pool does not change a file that is not a socket")
    refuses(directory, "cannot listen on nowhere/s", "the directory of its socket does not exist", "unix:nowhere/s")
    refuses(directory, "has at most 107 bytes", "the path of its socket is too long", "unix:" + "a" * 108)
    for address in ("localhost", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x", "::1:80", "[::1]", ""):
        refuses(directory, "invalid address", f"invalid address '{address}'", address or ":")
    refuses(directory, "descriptor 0 is not a listening socket", "there is neither an address nor a socket on descriptor 0", None)
    for workers in ("0", "-1", "513", "x", "4x", "99999999999999999999"):
        refuses(directory, "use a whole number from 1 to 512", f"invalid --workers {workers}", workers=workers, status=2)


def check_store(directory):
    """A missing or damaged store does not stop a pool that has a snapshot."""
    bare = os.path.join(directory, "bare")
    os.makedirs(bare)
    refuses(bare, "cannot open the store serverful.db", "it has neither a store nor a snapshot")
    tap.ok(not os.path.exists(os.path.join(bare, "serverful.sock")), "a pool without store and snapshot leaves no socket behind")
    shutil.copy(os.path.join(directory, "serverful.snapshot"), bare)
    pool = Pool(bare)
    pool.await_workers()
    answers(pool.socket, "a pool without a store serves its snapshot")
    wait_until(lambda: "cannot open the store serverful.db" in pool.log(), "the log to say that the store is missing")
    tap.ok(True, "the log says that the store is missing")
    good = jieba_store(bare + "/..")
    os.rename(good, os.path.join(bare, "serverful.db"))
    wait_until(lambda: "the store can be compiled again" in pool.log(), "the log to say that there is a store")
    sql(os.path.join(bare, "serverful.db"), "UPDATE images SET url = 'https://example.org/' || id;")
    image = fcgi.get("/random-image")

    def is_new():
        with fcgi.Connection(pool.socket) as connection:
            return b"example.org" in connection.exchange(image).body

    wait_until(is_new, "an edit of the new store in a response")
    tap.ok(True, "the pool compiles a store that appears later")
    os.truncate(os.path.join(bare, "serverful.db"), 0)
    for name in ("serverful.db", "serverful.db-wal", "serverful.db-shm"):
        with contextlib.suppress(FileNotFoundError):  # the last process that closes a store removes the other two
            os.unlink(os.path.join(bare, name))
    with open(os.path.join(bare, "serverful.db"), "w", encoding="utf-8") as file:
        file.write("this is not a database" * 100)
    wait_until(lambda: "is not a database" in pool.log(), "the error about the file that is not a store")
    with fcgi.Connection(pool.socket) as connection:
        tap.ok(b"example.org" in connection.exchange(image).body, "a file in place of the store that is not one: the pool keeps serving the previous snapshot")
        connection.exchange(image)
    tap.equal(pool.log().count("is not a database"), 1, "the same error of the store is logged once")
    ended_well(pool)


def main():
    tap.plan(84)
    check_replacement()
    with tempfile.TemporaryDirectory() as directory:
        jieba_store(directory)
        jieba_snapshot(directory)
        check_crowd(directory)
        check_long_request(directory)
        check_passing_on(directory)
        check_idle_workers(directory)
        check_end(directory)
        check_turns(directory)
        check_orphans(directory)
        check_sockets(directory)
        check_refusals(directory)
        check_store(directory)
    tap.done()


main()
