#!/usr/bin/python3
"""A slip of the hand is not served: the answers stay, log, /status and a view say so, and one statement confirms the edit or
undoes it, after which the snapshot has the same content."""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from http_client import Client
from service import Service, ended_well
from snapshot import Snapshot
from store import CONFIRM, serverful, small_store, sql
from tap import SERVERFUL, done, equal, ok, plan
from wait import wait_until

TEXT = "/segment?text=" + "%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC%E6%B8%85%E5%8D%8E%E5%A4%A7%E5%AD%A6"  # 我来到北京清华大学
WORDS = '{"words": ["我", "来到", "北京", "清华", "大学"]}\n'
SLIPS = [
    ("DELETE FROM words;", "words"), ("DELETE FROM words WHERE freq < 3000;", "words"), ("UPDATE words SET word = word || 'x' WHERE word > '一';", "words"),
    ("UPDATE images SET enabled = 0;", "images"), ("DELETE FROM images;", "images"),
]
ALL = "SELECT * FROM words; SELECT * FROM images; SELECT * FROM settings; SELECT * FROM repeated_words;"


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Site:
    """A service, and what an admin sees of it."""

    def __init__(self, service):
        self.service, self.db = service, service.db
        self.snapshot = os.path.join(service.directory, "serverful.snapshot")
        self.client = Client(service.port)

    def status(self):
        return json.loads(self.client.get("/status").body)

    def error(self):
        return self.status()["store_error"] or ""

    def is_compiled(self):
        """Whether the snapshot has the words and images of the store."""
        now = dict(line.split("|") for line in sql(self.db, "SELECT part, n FROM revision;").splitlines())
        shown = self.status()["snapshot"]["revisions"]
        return not self.error() and all(int(now[part]) == shown[part] for part in ("words", "images"))

    def await_compiled(self):
        wait_until(self.is_compiled, lambda: f"the snapshot of the store: {self.error()}")

    def answers(self):
        return self.client.get(TEXT).body.decode(), self.client.get("/random-image").status

    def check(self):
        """The row of guard_check."""
        return sql(self.db, "SELECT part, finding, confirm, undo FROM guard_check;").rstrip("\n").split("|")


def check_slip(site, slip, part):
    """One slip, after an edit of another kind that must stay."""
    sql(site.db, "INSERT INTO edits (tool) VALUES ('before'); UPDATE images SET note = note || 'x'; UPDATE words SET tag = 'x' WHERE word = '北京';")
    site.await_compiled()
    sql(site.db, "INSERT INTO edits (tool) VALUES ('other');" + ("UPDATE images SET note = note || 'y';" if part == "words" else
        "INSERT INTO words (word) VALUES ('守卫') ON CONFLICT DO UPDATE SET freq = ifnull(freq, 0) + 1;"))
    site.await_compiled()
    before, rows = Snapshot(site.snapshot).sections, sql(site.db, ALL)
    logged = len(site.service.pool.complaints())
    sql(site.db, "INSERT INTO edits (tool) VALUES ('a slip');" + slip)
    wait_until(site.error, "the refusal")
    equal(site.answers(), (WORDS, 200), f"{slip} does not change the answers")
    wait_until(lambda: site.check()[0], "the row of guard_check")
    name, finding, confirm, undo = site.check()
    ok(name == part and finding.endswith(f" {part} would be gone: the service keeps serving the previous ones"),
       f"{slip} is in guard_check", finding)
    error = site.error()
    ok(f"{part} would be gone" in error and confirm.rstrip(";") in error, f"{slip} is in /status, with the statement that confirms it", error)
    metrics = site.client.get("/metrics").body.decode()
    ok("\nserverful_store_ok 0\n" in metrics, f"{slip} is in /metrics", metrics)
    complaints = [line for line in site.service.pool.complaints()[logged:] if "would be gone" in line]
    equal(len(complaints), 1, f"{slip} is in the log once")
    sql(site.db, undo)
    site.await_compiled()
    equal((sql(site.db, ALL), Snapshot(site.snapshot).sections == before), (rows, True), f"{slip} is undone by one statement, and the snapshot has the same content")
    equal(site.check(), [""], f"{slip} is no longer in guard_check")


def check_other_part(site):
    """While one part is refused, the others are served."""
    sql(site.db, "INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words;")
    wait_until(site.error, "the refusal")
    sql(site.db, "INSERT INTO edits (tool) VALUES ('an edit'); DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/new.jpg');")
    wait_until(lambda: b"https://example.org/new.jpg" in site.client.get("/random-image").body, "the other edit")
    ok(site.error() and site.answers() == (WORDS, 200), "an edit of the images shows while one of the words is refused", site.error())
    sql(site.db, "INSERT INTO undo (edit) SELECT id FROM edits WHERE tool = 'a slip' ORDER BY id DESC LIMIT 1;")
    site.await_compiled()
    ok(b"https://example.org/new.jpg" in site.client.get("/random-image").body, "the undo of one edit leaves the other")


def check_confirmed(site):
    """A confirmed edit is served; the next one is guarded again."""
    sql(site.db, "INSERT INTO edits (tool) VALUES ('on purpose'); DELETE FROM words WHERE freq < 3000;")
    wait_until(site.error, "the refusal")
    wait_until(lambda: site.check()[0], "the row of guard_check")
    sql(site.db, site.check()[2])
    site.await_compiled()
    ok(not site.error() and site.check() == [""], "a confirmed edit is served", site.error())
    sql(site.db, "INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words;")
    wait_until(site.error, "the refusal")
    equal(site.answers(), (WORDS, 200), "the edit after a confirmed one is guarded")
    sql(site.db, "INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    site.await_compiled()
    sql(site.db, "UPDATE guard SET percent = 60 WHERE part = 'words'; DELETE FROM words WHERE freq < 6000;")
    site.await_compiled()
    ok(True, "another percentage lets an edit through")


def check_commands(directory):
    """serverful snapshot refuses, too; a short list may be replaced, and a new store is not guarded."""
    path, snapshot = small_store(directory), os.path.join(directory, "new.snapshot")
    def run():
        return subprocess.run([SERVERFUL, "snapshot", "--store", path, "--snapshot", snapshot], capture_output=True, text=True)
    equal(run().stderr, "", "a store without a snapshot is compiled")
    sql(path, "DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/1');")
    equal((run().stderr, b"https://example.org/1" in read(snapshot)), ("", True), "a short list may be replaced as a whole")
    dictionary = os.path.join(directory, "empty.csv")
    with open(dictionary, "w", encoding="utf-8") as file:
        file.write("word,freq,tag\n")
    before = read(snapshot)
    serverful("import", "--store", path, "--words", dictionary, stdout=subprocess.DEVNULL)
    equal((run().stderr, read(snapshot) == before), ("", True), "an import of an empty file changes nothing")
    sql(path, "UPDATE images SET weight = 2; DELETE FROM images;")
    done_ = run()
    ok(done_.returncode == 1 and "1 of 1 images would be gone" in done_.stderr and read(snapshot) == before,
       "serverful snapshot refuses to take the last image away", done_)
    equal(sql(path, "SELECT refused = (SELECT n FROM revision WHERE part = 'images') FROM guard WHERE part = 'images';"), "1\n",
          "serverful snapshot records what it has refused")
    sql(path, "BEGIN; DELETE FROM words;" + CONFIRM + "COMMIT;")
    equal(run().stderr, "", "what is confirmed with the edit itself is compiled")
    for statement in ("DELETE FROM guard", "INSERT INTO guard (part) VALUES ('words')", "UPDATE guard SET percent = 101"):
        equal(subprocess.run(["sqlite3", "-bail", path, statement], capture_output=True).returncode != 0, True, f"the guard refuses {statement}")


class Copies:
    """A store of 60 words, compiled on two hosts."""

    def __init__(self, directory):
        os.makedirs(directory, exist_ok=True)
        self.path = os.path.join(directory, "copies.db")
        serverful("init", "--store", self.path)
        sql(self.path, "INSERT INTO words (word, freq) SELECT char(0x4E00 + n), n FROM position WHERE n <= 60;")
        self.snapshots = [os.path.join(directory, f"{host}.snapshot") for host in "ab"]
        for host in (0, 1):
            self.compile(host)

    def compile(self, host=0):
        """Returns why the snapshot of the host is not compiled, or ''."""
        return subprocess.run([SERVERFUL, "snapshot", "--store", self.path, "--snapshot", self.snapshots[host]], capture_output=True, text=True).stderr

    def check(self):
        return sql(self.path, "SELECT confirm FROM guard_check;")


def check_concurrent(directory):
    """Others go on editing while an edit is refused, confirmed, and brought to another host."""
    copies = Copies(directory)
    sql(copies.path, "INSERT INTO edits (tool) VALUES ('on purpose'); DELETE FROM words WHERE freq <= 30;")
    ok("30 of 60 words would be gone" in copies.compile(), "an edit is refused")
    sql(copies.path, "INSERT INTO words (word) VALUES ('别人');" + copies.check() + "INSERT INTO words (word) VALUES ('又一个');")
    equal((copies.compile(), copies.check()), ("", ""), "it is confirmed while others edit")
    sql(copies.path, "INSERT INTO words (word) VALUES ('第三个');")
    equal(copies.compile(1), "", "another host, which compiles only after a further edit, knows that it is confirmed")
    sql(copies.path, "DELETE FROM words WHERE freq <= 50;")
    ok("20 of 33 words would be gone" in copies.compile(1), "a later edit is refused there, too")
    first = copies.check()
    sql(copies.path, first + "DELETE FROM words WHERE freq <= 58;")
    ok("28 of 33 words would be gone" in copies.compile(1), "an edit after the confirmation is not confirmed by it")
    ok("28 of 33 words would be gone" in copies.compile(1) and copies.check() not in ("", first), "nor is it at the next compilation")


def check_restored(directory):
    """A backup is restored while an edit is refused, and edited as often as the store was since."""
    copies = Copies(os.path.join(directory, "restored"))
    backup = copies.path + ".backup"
    sql(copies.path, f".backup {backup}")
    sql(copies.path, "DELETE FROM words WHERE freq = 7;")
    equal(copies.compile(), "", "an edit of one word is served")
    before = Snapshot(copies.snapshots[0]).sections
    sql(copies.path, f".restore {backup}")
    sql(copies.path, "UPDATE words SET freq = 777 WHERE freq = 8;")
    equal(copies.compile(), "", "a backup with another edit is compiled")
    fresh = copies.snapshots[0] + ".fresh"
    serverful("snapshot", "--store", copies.path, "--snapshot", fresh)
    equal((Snapshot(copies.snapshots[0]).sections == Snapshot(fresh).sections, Snapshot(fresh).sections != before), (True, True),
          "the snapshot has the rows of the backup")
    sql(copies.path, f".backup {backup}")
    sql(copies.path, "DELETE FROM words;")
    ok(copies.compile() and copies.check(), "a slip is refused")
    sql(copies.path, f".restore {backup}")
    equal((copies.compile(), copies.check()), ("", ""), "nothing is refused after the backup of what is served was restored")
    sql(copies.path, "PRAGMA ignore_check_constraints = ON; UPDATE guard SET percent = 100000; DELETE FROM words;")
    ok("60 of 60 words would be gone" in copies.compile(), "no percentage lets all words go")


def check_renamed(directory):
    """After ALTER TABLE, the triggers belong to another table."""
    path = os.path.join(directory, "renamed.db")
    serverful("init", "--store", path)
    sql(path, "ALTER TABLE words RENAME TO old; CREATE TABLE words (word TEXT PRIMARY KEY NOT NULL, freq INTEGER, tag TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;")
    run = subprocess.run([SERVERFUL, "snapshot", "--store", path, "--snapshot", path + ".snapshot"], capture_output=True, text=True)
    ok(run.returncode == 1 and " of words" in run.stderr, "a table without its triggers is not compiled", run.stderr)


def check_locked(site):
    """Another program writes to the store while an edit is refused."""
    sql(site.db, "INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words;")
    other = sqlite3.connect(site.db, isolation_level=None, timeout=120)
    other.execute("BEGIN IMMEDIATE")
    wait_until(site.error, "the refusal")
    other.execute("ROLLBACK")
    wait_until(lambda: site.check()[0], "the row of guard_check, once the store can be written")
    sql(site.db, site.check()[3])
    site.await_compiled()
    equal(site.check(), [""], "a refusal is in guard_check even if the store could not be written at first")
    other.close()


plan(7 * len(SLIPS) + 2 + 3 + 9 + 6 + 6 + 1 + 1 + 1)
with Service(store=small_store, workers=1) as service:
    site = Site(service)
    for one, of in SLIPS:
        check_slip(site, one, of)
    check_other_part(site)
    check_locked(site)
    check_confirmed(site)
    ended_well(service)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    check_commands(where)
    check_concurrent(where)
    check_restored(where)
    check_renamed(where)
done()
