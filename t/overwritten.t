#!/usr/bin/python3
"""Other programs write to the snapshot that the pool serves: they truncate it, overwrite it, and copy another file over it. No
request fails, and no worker dies."""

import fcntl
import os
import shutil
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from http_client import Client
from service import Service, ended_well
from store import sql
from wait import wait_until

TEXT = "/segment?text=" + urllib.parse.quote("小明硕士毕业于中国科学院计算所，后在日本京都大学深造")
THREADS = 8
ROUNDS = 3


class Load:
    """Requests through nginx on some threads, until the end of the block. `wrong` has the responses that are wrong."""

    def __init__(self, port, expected):
        self.port, self.expected, self.wrong, self.sent, self.over = port, expected, [], 0, threading.Event()
        self.threads = [threading.Thread(target=self.ask) for _ in range(THREADS)]

    def ask(self):
        with Client(self.port) as client:
            while not self.over.is_set():
                answer = client.get(TEXT)
                self.sent += 1
                if answer.body != self.expected:
                    self.wrong.append(answer)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()


def maps(pid):
    """The inodes of the snapshots that a worker has mapped."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return {int(line.split()[4]) for line in file if "serverful.snapshot" in line}


def truncate(path):
    os.truncate(path, 50000)


def empty(path):
    with open(path, "wb"):
        pass


def overwrite(path):
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        file.write(b"\xa5" * size)


def copy_over(path):
    other = path + ".other"
    shutil.copyfile(path, other)
    os.truncate(other, 100000)
    shutil.copyfile(other, path)
    os.unlink(other)


ACTS = {"truncated": truncate, "emptied": empty, "overwritten": overwrite, "copied over": copy_over}


def check_act(service, name, act):
    path = os.path.join(service.directory, "serverful.snapshot")
    workers = service.pool.await_workers()
    wait_until(lambda: all(maps(pid) == {os.stat(path).st_ino} for pid in service.pool.workers()), "all workers to map the snapshot")
    with Client(service.port) as client:
        expected = client.get(TEXT).body
    with Load(service.port, expected) as load:
        for _ in range(ROUNDS):
            begin = load.sent
            wait_until(lambda: load.sent > begin + 100, "requests")
            wait_until(lambda: all(maps(pid) == {os.stat(path).st_ino} for pid in service.pool.workers()),
                       "all workers to map the snapshot again")
            act(path)
            begin = load.sent
            wait_until(lambda: load.sent > begin + 100, "requests after that")
    tap.ok(not load.wrong, f"no request fails while the snapshot is {name} {ROUNDS} times", f"{len(load.wrong)} of {load.sent}: {load.wrong[:3]}")
    tap.equal(service.pool.workers(), workers, f"no worker dies while the snapshot is {name}")


def check_long_request(service):
    """A worker that is busy keeps its snapshot until it has answered; meanwhile, the program waits."""
    path = os.path.join(service.directory, "serverful.snapshot")
    text = "我".encode() * 500000  # more than the socket holds
    body = fcgi.records(fcgi.STDIN, text)
    params = fcgi.get("/segment", "mode=full", "POST", CONTENT_TYPE="text/plain", CONTENT_LENGTH=len(text))
    with fcgi.Connection(service.pool.socket) as connection, open(path, "rb") as old:
        before, size = os.fstat(old.fileno()).st_ino, os.fstat(old.fileno()).st_size
        workers = service.pool.await_workers()
        wait_until(lambda: all(maps(pid) == {before} for pid in workers), "all workers to map the snapshot")
        connection.send(fcgi.begin(True) + fcgi.records(fcgi.PARAMS, fcgi.pairs(params)) + body[:1000000])
        writer = threading.Thread(target=truncate, args=(path,))
        writer.start()
        wait_until(lambda: sum(before not in maps(pid) for pid in workers) == len(workers) - 1, "the idle workers to map another file")
        tap.equal((writer.is_alive(), os.fstat(old.fileno()).st_size), (True, size), "a program that truncates the snapshot waits for a busy worker")
        connection.send(body[1000000:])
        tap.equal(len(connection.receive().body), len('{"words": []}') + len(text) // 3 * 7 - 2, "the busy worker answers")
        writer.join()
        tap.equal((os.fstat(old.fileno()).st_size, service.pool.workers()), (50000, workers), "then the program goes on, and no worker dies")


def check_edit(service):
    sql(service.db, "UPDATE images SET url = 'https://example.org/new-' || id || '.jpg';")
    with Client(service.port) as client:
        wait_until(lambda: b"/new-" in client.get("/random-image").body, "an edit")
    tap.ok(True, "afterwards, an edit shows")


def has_leases():
    """Whether the file system of temporary files has leases."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "file")
        open(path, "wb").close()
        with open(path, "rb") as file:
            try:
                return fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0
            except OSError:
                return False


if not has_leases():
    tap.skip_all("the file system of temporary files has no leases")
tap.plan(2 * len(ACTS) + 5)
with Service(workers=3) as service:
    for name, act in ACTS.items():
        check_act(service, name, act)
    check_long_request(service)
    check_edit(service)
    ended_well(service)
tap.done()
