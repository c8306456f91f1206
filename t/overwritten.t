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
from busy_clients import BusyClients
from http_client import Client
from service import Service, ended_well
from store import small_store, sql
from wait import wait_until

TEXT = "/segment?text=" + urllib.parse.quote("小明硕士毕业于中国科学院计算所，后在日本京都大学深造")
ROUNDS = 3


def maps(pid):
    """The inodes of the snapshots that a worker has mapped."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as file:
        return {int(line.split()[4]) for line in file if "serverful.snapshot" in line}


def await_mapped(service):
    """Wait until each worker has mapped the file at the snapshot's path, and no other."""
    path = os.path.join(service.directory, "serverful.snapshot")
    wait_until(lambda: all(maps(pid) == {os.stat(path).st_ino} for pid in service.pool.workers()), "all workers to map the snapshot")


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
    await_mapped(service)
    with Client(service.port) as client:
        expected = client.get(TEXT).body
    with BusyClients(service.port, TEXT, expected) as clients:
        for _ in range(ROUNDS):
            begin = clients.sent
            wait_until(lambda: clients.sent > begin + 100, "requests")
            await_mapped(service)
            act(path)
            begin = clients.sent
            wait_until(lambda: clients.sent > begin + 100, "requests after that")
    tap.ok(not clients.wrong, f"no request fails while the snapshot is {name} {ROUNDS} times",
           f"{len(clients.wrong)} of {clients.sent}: {clients.wrong[:3]}")
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
        tap.equal(len(connection.receive().body), len('{"words": []}\n') + len(text) // 3 * 7 - 2, "the busy worker answers")
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
with Service(workers=3, store=small_store) as service:
    for name, act in ACTS.items():
        check_act(service, name, act)
    check_long_request(service)
    check_edit(service)
    ended_well(service)
tap.done()
