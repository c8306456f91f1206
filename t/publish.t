#!/usr/bin/python3
"""serverful publish with three hosts: two that receive the snapshot from rsync, each with a daemon of its own, and one that
fetches it. An edit reaches all of them, and nothing that is refused, cut short or damaged is served."""

import atexit
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from service import Pool, free_ports
from store import CONFIRM, serverful, small_store, sql
from wait import PATIENCE, wait_until

WORD = "无服务器架构"
MODULE = """port = {port}
address = 127.0.0.1
use chroot = no
{user}
[serverful]
    path = {path}
    read only = no
"""


class Host:
    """A host: a pool that receives snapshots, and an rsync daemon that the admin's host can write to."""

    def __init__(self, directory, name, snapshot):
        self.name, self.directory = name, os.path.join(directory, name)
        os.makedirs(os.path.join(self.directory, "received"))
        self.received = os.path.join(self.directory, "received", "serverful.snapshot")
        self.port, self.rsync_port = free_ports(2)
        self.conf = os.path.join(self.directory, "rsyncd.conf")
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(MODULE.format(port=self.rsync_port, path=os.path.dirname(self.received),
                                     user="uid = root\ngid = root" if os.getuid() == 0 else ""))
        shutil.copy(snapshot, self.received)
        self.url = f"fcgi://127.0.0.1:{self.port}/status"
        self.target = f"rsync://127.0.0.1:{self.rsync_port}/serverful/serverful.snapshot"
        self.pool = self.daemon = None

    def start_pool(self):
        self.pool = Pool(self.directory, listen=f"127.0.0.1:{self.port}", workers=2, options=("--receive", self.received))
        self.pool.await_workers()

    def start(self):
        self.start_pool()
        self.daemon = subprocess.Popen(["rsync", "--daemon", "--no-detach", f"--config={self.conf}"])
        atexit.register(self.daemon.kill)  # in case the test fails
        wait_until(lambda: subprocess.run(["rsync", f"rsync://127.0.0.1:{self.rsync_port}/"], capture_output=True).returncode == 0, "rsync's daemon")

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(PATIENCE)
        return self.pool.stop()

    def get(self, path, query=""):
        with fcgi.Connection(("127.0.0.1", self.port)) as connection:
            return connection.exchange(fcgi.get(path, query), keep=False)

    def status(self):
        return json.loads(self.get("/status").body)

    def revision(self):
        return self.status()["snapshot"]["revision"]

    def words(self, text):
        answer = self.get("/segment", urllib.parse.urlencode({"text": text}))
        return json.loads(answer.body)["words"], answer.headers["serverful-revision"]


class Admin:
    """The admin's host: the store, the published snapshot, and the file of places."""

    def __init__(self, directory):
        self.db = small_store(directory)
        self.published = os.path.join(directory, "publish", "serverful.snapshot")
        self.places = os.path.join(directory, "places")

    def write_places(self, *lines):
        with open(self.places, "w", encoding="utf-8") as file:
            file.write("# the places of this test\n\n" + "\n".join(lines) + "\n")

    def command(self, *arguments):
        return [tap.SERVERFUL, "publish", "--store", self.db, "--snapshot", self.published, "--places", self.places, *arguments]

    def publish(self, *arguments, **options):
        """Run serverful publish. Returns the exit status, standard output and standard error."""
        run = subprocess.run(self.command(*arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
        return run.returncode, run.stdout, run.stderr

    def revision(self):
        return subprocess.run([tap.SERVERFUL, "snapshot", "--print-revision", "--snapshot", self.published],
                              stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def check_first(admin, hosts):
    """An edit reaches both hosts, and a second run does nothing."""
    before = hosts[0].revision()
    sql(admin.db, f"INSERT INTO words (word) VALUES ('{WORD}');")
    status, out, err = admin.publish()
    revision = admin.revision()
    tap.equal((status, out, err), (0, "".join(f"{host.name}: published {revision}\n" for host in hosts), ""), "publish hands an edit to two hosts")
    tap.ok(revision != before, "an edit has another revision", before)
    tap.equal([host.words(WORD) for host in hosts], [([WORD], revision)] * 2, "both hosts answer with the new word and the same revision")
    files = [os.stat(path).st_ino for host in hosts for path in (host.received, os.path.join(host.directory, "serverful.snapshot"))]
    status, out, err = admin.publish()
    tap.equal((status, out, err), (0, "".join(f"{host.name}: already has {revision}\n" for host in hosts), ""), "a second run publishes nothing")
    tap.equal([os.stat(path).st_ino for host in hosts for path in (host.received, os.path.join(host.directory, "serverful.snapshot"))], files,
              "a second run leaves the files of the hosts in place")


def columns(out):
    """The rows of the list by place: the other columns."""
    return {line.split()[0]: re.split(r"  +", line)[1:] for line in out.splitlines()[1:]}


def check_down(admin, hosts):
    """A host that is down is named, and the other one is done. Once it is back, the next run catches up."""
    hosts[1].stop()
    sql(admin.db, "INSERT INTO words (word) VALUES ('云函数');")
    before = admin.revision()
    status, out, err = admin.publish()
    revision = admin.revision()
    tap.equal((status, out), (1, f"{hosts[0].name}: published {revision}\n"), "publish goes on to the other host where one is down")
    tap.ok(f"{hosts[1].name}: cannot send" in err and f"1 of 2 places do not have {revision}" in err, "publish names the host that is down", err)
    status, out, err = admin.publish("--list")
    rows = columns(out)
    tap.equal((status, rows[hosts[0].name][0], rows[hosts[0].name][2], rows["(published)"][0]), (1, revision, "same", revision),
              "the list has the revision of a host that is up to date, and of the published snapshot")
    tap.ok(rows[hosts[1].name] == ["-", "-", f"no answer from {hosts[1].url}: Connection refused"], "the list says why a host has no revision", out)
    hosts[1].start()
    status, out, err = admin.publish("--list")
    rows = columns(out)
    tap.equal((status, rows[hosts[1].name][0], rows[hosts[1].name][2]), (1, before, "differs"), "the list names a host that is behind")
    status, out, err = admin.publish()
    tap.equal((status, out, err), (0, f"{hosts[0].name}: already has {revision}\n{hosts[1].name}: published {revision}\n", ""),
              "the next run publishes to the host that was down, and to no other")
    status, out, err = admin.publish("--list")
    tap.equal((status, [columns(out)[host.name][2] for host in hosts]), (0, ["same"] * 2), "the list ends with 0 once all hosts have the revision")
    tap.equal([host.words("云函数") for host in hosts], [(["云函数"], revision)] * 2, "both hosts answer with the second word")


def check_path(admin, hosts):
    """The target of a host on the same machine is a path."""
    sql(admin.db, "INSERT INTO words (word) VALUES ('云路径');")
    admin.write_places(*(f"host {host.name} {host.received} {host.url}" for host in hosts))
    status, out, err = admin.publish()
    tap.equal((status, out, err), (0, "".join(f"{host.name}: published {admin.revision()}\n" for host in hosts), ""), "a target may be a path")
    admin.write_places(*(f"host {host.name} {host.target} {host.url}" for host in hosts))


def check_guard(admin, hosts):
    """What the guard refuses is published nowhere, nor is anything else of that edit."""
    before, file = admin.revision(), os.stat(admin.published).st_ino
    sql(admin.db, "BEGIN; INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words; INSERT INTO images (url) VALUES ('https://example.org/1.jpg'); COMMIT;")
    status, out, err = admin.publish()
    tap.ok(status == 1 and not out and "nothing is published" in err and "would be gone" in err and "UPDATE guard SET confirmed" in err,
           "publish says what the guard refuses, and how to confirm it", (status, out, err))
    tap.equal((admin.revision(), os.stat(admin.published).st_ino, os.listdir(os.path.dirname(admin.published)).count("serverful.snapshot")),
              (before, file, 1), "a refusal leaves the published snapshot in place")
    tap.equal([host.revision() for host in hosts], [before] * 2, "a refusal leaves the hosts as they are")
    tap.ok("words|" in sql(admin.db, "SELECT * FROM guard_check;"), "guard_check of the store has the refusal")
    sql(admin.db, "INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    status, out, err = admin.publish()
    tap.equal((status, [host.words(WORD)[0] for host in hosts]), (0, [[WORD]] * 2), "publish succeeds once the edit is undone")
    sql(admin.db, "DELETE FROM images;")
    tap.equal(admin.publish()[0], 1, "publish refuses to take away all images")
    sql(admin.db, CONFIRM)
    status, out, err = admin.publish()
    tap.equal((status, [host.get("/random-image").status for host in hosts]), (0, [404] * 2), "a confirmed edit is published")


def check_damage(admin, hosts, directory):
    """A snapshot that is cut short on its way is never served: not even by a transport that does not notice."""
    tools = os.path.join(directory, "tools")
    os.mkdir(tools)
    with open(os.path.join(tools, "rsync"), "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nfor last; do before=$from from=$last; done\nhead -c 1000000 "$before" >"$TARGET.part" && mv "$TARGET.part" "$TARGET"\n')
    os.chmod(os.path.join(tools, "rsync"), 0o755)
    host, before = hosts[0], hosts[0].revision()
    sql(admin.db, "INSERT INTO words (word) VALUES ('边缘计算');")
    environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}", "TARGET": host.received}
    status, out, err = admin.publish("--wait", "1", host.name, env=environment)
    tap.ok(status == 1 and not out and f"still serves {before}" in err, "publish names a host that has received half a snapshot", (status, out, err))
    wait_until(lambda: host.status()["store_error"], "/status to have the refusal")
    error = host.status()["store_error"]
    tap.ok("has 1000000 bytes instead of" in error and "run 'serverful publish'" in error, "/status says what is wrong with the snapshot, and what to do", error)
    tap.equal(host.words("边缘计算")[1], before, "a host that has received half a snapshot answers with the previous one")
    host.pool.stop()
    host.start_pool()
    tap.equal(host.words("边缘计算")[1], before, "a host that has received half a snapshot answers with the previous one after a restart")
    status, out, err = admin.publish("--list", host.name)
    tap.ok(status == 1 and "has 1000000 bytes" in out, "the list has what a host says of a snapshot that it refused", out)
    status, out, err = admin.publish()
    tap.equal((status, [each.words("边缘计算") for each in hosts]), (0, [(["边缘计算"], admin.revision())] * 2), "the next run replaces half a snapshot")
    wait_until(lambda: host.status()["store_error"] is None, "/status to be without an error")
    with open(host.received, "r+b") as file:  # a good size and header, but other bytes
        file.seek(5000)
        file.write(b"damaged!")
    wait_until(lambda: host.status()["store_error"], "/status to have the damage")
    tap.ok("damaged" in host.status()["store_error"], "a host refuses a snapshot with damaged content", host.status()["store_error"])
    status, out, err = admin.publish()
    tap.equal((status, out), (0, f"{host.name}: published {admin.revision()}\n{hosts[1].name}: already has {admin.revision()}\n"),
              "publish sends the snapshot again to a host that refused it, even if it serves the same one")
    os.unlink(os.path.join(host.directory, "serverful.snapshot"))
    wait_until(lambda: "copied it again" in host.pool.log(), "the pool to notice that its snapshot is gone")
    tap.equal(host.revision(), admin.revision(), "a pool whose snapshot was removed copies it again")


def check_fetching(admin, hosts, directory):
    """A host that fetches by itself is waited for; here one that fetches the store and compiles it."""
    other = os.path.join(directory, "web3")
    os.mkdir(other)
    sql(admin.db, f"VACUUM INTO '{other}/serverful.db'; INSERT INTO words (word) VALUES ('微服务');")
    port, = free_ports(1)
    pool = Pool(other, listen=f"127.0.0.1:{port}", workers=2)
    pool.await_workers()
    with open(admin.places, "a", encoding="utf-8") as file:
        file.write(f"host web3 - fcgi://127.0.0.1:{port}/status\n")
    running = subprocess.Popen(admin.command("--wait", str(PATIENCE)), stdout=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: hosts[1].words("微服务")[0] == ["微服务"], "the word on another host")
        tap.ok(running.poll() is None, "publish waits for a host that fetches by itself")
        sql(admin.db, f"VACUUM INTO '{other}/next.db'")
        os.rename(other + "/next.db", other + "/serverful.db")
        out, _ = running.communicate(timeout=PATIENCE)
    finally:
        running.kill()
    tap.equal((running.returncode, out.splitlines()[2]), (0, f"web3: published {admin.revision()}"), "a host that compiled a copy of the store has the published revision")
    pool.stop()


class Endless:
    """A server whose answers do not end before 256 MiB."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port, self.cut, self.whole = self.server.getsockname()[1], 0, 0  # the answers by how they ended
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.server.accept()
            try:
                with connection:
                    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
                    for _ in range(256):
                        connection.sendall(bytes(1 << 20))
                self.whole += 1
            except OSError:
                self.cut += 1


def check_odd_places(admin):
    """Places that answer without an end, or that no program could ask."""
    endless = Endless()
    admin.write_places(f"host http - http://127.0.0.1:{endless.port}/", f"host fcgi - fcgi://127.0.0.1:{endless.port}/status",
                       f"host name - http://{'a' * 64}.example/")
    status, out, err = admin.publish("--wait", "0")
    tap.ok(status == 1 and not out and all(f"publish: {name}: " in err for name in ("http", "fcgi", "name")) and "3 of 3 places do not have" in err,
           "publish names each place that cannot be asked for its revision", (status, out, err))
    wait_until(lambda: endless.cut + endless.whole == 4, "the four answers to end")
    tap.equal((endless.cut, endless.whole), (4, 0), "publish does not read an answer without an end")


def check_complaints(admin, directory):
    """publish says what is wrong with its arguments and its file of places."""
    for lines, expected in ((["host web1 - http://127.0.0.1"] * 2, "line 4: there are two places 'web1'"),
                            (["host web1 http://127.0.0.1"], "line 3: write host NAME TARGET URL, or lambda NAME STACK REGION URL"),
                            (["host web1 --rsh=x http://127.0.0.1"], "'--rsh=x' is no target"),
                            (["host web1 - ftp://127.0.0.1"], "'ftp://127.0.0.1' is no URL of http, https or fcgi"),
                            (["host web1 - fcgi://127.0.0.1/status"], "has no port"), ([], "has no place")):
        admin.write_places(*lines)
        status, out, err = admin.publish()
        tap.ok(status == 1 and not out and expected in err, f"publish rejects the places {lines}", (status, out, err))
    admin.write_places("host web1 - http://127.0.0.1:1")
    status, out, err = admin.publish("web9")
    tap.ok(status == 1 and "has no place 'web9', but web1" in err, "publish rejects the name of a place that is not in the file", err)
    status, out, err = admin.publish("--list", "--snapshot", os.path.join(directory, "none"))
    tap.ok(status == 1 and "run 'serverful publish' first" in err, "the list without a published snapshot says to publish one", err)
    status, out, err = admin.publish("--places", os.path.join(directory, "none"))
    tap.ok(status == 1 and "name a file with --places" in err, "publish without a file of places says to name one", err)
    run = subprocess.run([tap.SERVERFUL, "pool", "--receive", "none", "--snapshot", os.path.join(directory, "new.snapshot"), "--listen",
                          f"unix:{directory}/new.sock"], capture_output=True, text=True, timeout=PATIENCE)
    tap.ok(run.returncode == 1 and "run 'serverful publish'" in run.stderr, "a pool that has received nothing yet says to publish", run.stderr)
    fifo = os.path.join(directory, "fifo")
    os.mkfifo(fifo)
    run = subprocess.run([tap.SERVERFUL, "pool", "--receive", fifo, "--snapshot", os.path.join(directory, "new.snapshot"), "--listen",
                          f"unix:{directory}/new.sock"], capture_output=True, text=True, timeout=PATIENCE)
    tap.ok(run.returncode == 1 and f"{fifo}: it is not a regular file" in run.stderr, "a pool does not wait for a FIFO in place of a snapshot", run.stderr)


if not shutil.which("rsync"):
    tap.skip_all("rsync is not installed")
tap.plan(46)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    admin = Admin(directory)
    check_complaints(admin, directory)
    check_odd_places(admin)
    first = os.path.join(directory, "first.snapshot")
    serverful("snapshot", "--store", admin.db, "--snapshot", first)
    hosts = [Host(directory, name, first) for name in ("web1", "web2")]
    for host in hosts:
        host.start()
    admin.write_places(*(f"host {host.name} {host.target} {host.url}  # a comment" for host in hosts))
    check_first(admin, hosts)
    check_down(admin, hosts)
    check_path(admin, hosts)
    check_guard(admin, hosts)
    check_damage(admin, hosts, directory)
    check_fetching(admin, hosts, directory)
    tap.equal([host.stop() for host in hosts], [0, 0], "the pools end without an error")
tap.done()
