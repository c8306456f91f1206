#!/usr/bin/python3
"""Faults of the store and of the snapshot while the pool runs: the pool answers from the last snapshot, reports the fault,
and reloads a good store or snapshot automatically."""

import contextlib
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from service import Pool, children, ended_well
from store import CONFIRM, serverful, small_store
from wait import wait_until

TEXT = "我们来到北京大学服务"
IMAGE = "https://example.org/only.jpg"


class Place:
    """A pool whose store has one image, with its files and its answers."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="serverful-")
        self.db = small_store(self.directory)
        self.snapshot = os.path.join(self.directory, "serverful.snapshot")
        serverful("snapshot", "--store", self.db, "--snapshot", self.snapshot)
        self.backup = os.path.join(self.directory, "backup.db")
        self.edits = 0
        self.sql("DELETE FROM images;", f"INSERT INTO images (url) VALUES ('{IMAGE}');")
        self.copy(self.backup)
        self.pool = Pool(self.directory, workers=2)
        self.pool.await_workers()
        wait_until(lambda: self.image() == IMAGE, "the image")
        self.words = self.segment()

    def connect(self):
        return sqlite3.connect(self.db, timeout=30, isolation_level=None)

    def sql(self, *statements):
        connection = self.connect()
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def copy(self, path):
        """Copy the store into one file, as .backup of sqlite3 does."""
        for name in (path, path + "-wal", path + "-shm"):
            if os.path.exists(name):
                os.unlink(name)
        source, target = self.connect(), sqlite3.connect(path)
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        source.close()
        target.close()

    def restore(self):
        """Replace the store by the backup, as docs/administer.md shows."""
        for name in (self.db, self.db + "-wal", self.db + "-shm"):
            if os.path.isdir(name) and not os.path.islink(name):
                os.rmdir(name)
            elif os.path.lexists(name):
                os.unlink(name)
        shutil.copy(self.backup, self.db + ".new")
        os.rename(self.db + ".new", self.db)

    def get(self, path, query=""):
        with fcgi.Connection(self.pool.socket) as connection:
            answer = connection.exchange(fcgi.get(path, query), keep=False)
        return answer.status, json.loads(answer.body)

    def image(self):
        return self.get("/random-image")[1].get("imageUrl")

    def all_answer(self):
        """Send a request to each worker at the same time: a worker looks for a new snapshot when it has a request."""
        with contextlib.ExitStack() as stack:
            connections = [stack.enter_context(fcgi.Connection(self.pool.socket)) for _ in range(4)]
            for connection in connections:
                connection.send(fcgi.begin(False) + fcgi.records(fcgi.PARAMS, fcgi.pairs(fcgi.get("/random-image"))) +
                                fcgi.records(fcgi.STDIN, b""))
            return all(connection.receive().status == 200 for connection in connections)

    def refusing_workers(self, begin):
        """The pids of the workers that have refused a damaged snapshot, in the log from this position."""
        return {int(pid) for pid in re.findall(r"worker (\d+): .* is damaged", self.pool.log()[begin:])}

    def segment(self):
        return self.get("/segment", "hmm=0&text=" + urllib.parse.quote(TEXT))[1].get("words")

    def status(self):
        return self.get("/status")[1]

    def polls(self):
        """How often the compiler has polled the store."""
        with fcgi.Connection(self.pool.socket) as connection:
            text = connection.exchange(fcgi.get("/metrics"), keep=False).body.decode()
        return int(re.search(r"^serverful_store_polls_total (\d+)$", text, re.M)[1])

    def await_poll(self):
        """Wait until the compiler has polled the store as it is now: the first poll that ends may have begun before."""
        before = self.polls()
        wait_until(lambda: self.polls() >= before + 2, "a poll of the store")

    def is_as_before(self, name):
        found = [(self.image(), self.segment(), self.get("/healthz")[0]) for _ in range(4)]
        tap.equal(found, [(IMAGE, self.words, 200)] * 4, f"{name}: the answers do not change")

    def await_complaint(self, reason, name):
        wait_until(lambda: reason in (self.status()["store_error"] or ""), f"{name}: a report of '{reason}'")
        line = f"serverful pool: cannot compile the store; keeping the previous snapshot: "
        said = [line for line in self.pool.log().splitlines() if reason in line]
        tap.ok(said and said[-1].startswith(line), f"{name}: /status and the log report '{reason}'", self.pool.log())

    def await_edit(self, name):
        """Make an edit, and wait until it shows and /status reports no error."""
        self.edits += 1
        url = f"https://example.org/{self.edits}.jpg"
        self.sql(f"UPDATE images SET url = '{url}'")
        wait_until(lambda: self.image() == url, f"{name}: the edit; {self.status()} {self.pool.log()}")
        wait_until(lambda: self.status()["store_error"] is None, f"{name}: the end of the error in /status")
        self.sql(f"UPDATE images SET url = '{IMAGE}'")
        wait_until(lambda: self.image() == IMAGE, "the image as it was")
        tap.ok(True, f"{name}: afterwards an edit shows")


def overwrite(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def checkpoint(place):
    place.sql("PRAGMA wal_checkpoint(TRUNCATE)")


# Faults that make the store unusable, with what the pool reports.

def delete(place):
    os.unlink(place.db)


def truncate(place):
    checkpoint(place)
    os.truncate(place.db, os.path.getsize(place.db) // 2)


def empty(place):
    checkpoint(place)
    os.truncate(place.db, 0)


def zeros(place):
    checkpoint(place)
    overwrite(place.db, 0, bytes(65536))


def noise(place):
    checkpoint(place)
    size = os.path.getsize(place.db)
    overwrite(place.db, size // 4, random.Random(1).randbytes(size // 2))


def text_file(place):
    with open(place.db + ".new", "w", encoding="utf-8") as file:
        file.write("this is no database " * 1000)
    put(place)


def put(place):
    for name in (place.db + "-wal", place.db + "-shm"):
        if os.path.exists(name):
            os.unlink(name)
    os.rename(place.db + ".new", place.db)


def foreign(place):
    connection = sqlite3.connect(place.db + ".new")
    connection.execute("CREATE TABLE images (url TEXT)")
    connection.close()
    put(place)


def newer_schema(place):
    shutil.copy(place.backup, place.db + ".new")
    connection = sqlite3.connect(place.db + ".new", isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    put(place)


def directory(place):
    delete(place)
    os.mkdir(place.db)


def dangling(place):
    delete(place)
    os.symlink("/nowhere/serverful.db", place.db)


def drop_images(place):
    place.sql("DROP TABLE images")


def drop_words(place):
    place.sql("DROP TABLE words")


def rename_column(place):
    place.sql("PRAGMA writable_schema = ON", "ALTER TABLE images RENAME COLUMN url TO address")


def drop_trigger(place):
    place.sql("DROP TRIGGER words_update")


def bad_image(place):
    place.sql("PRAGMA ignore_check_constraints = ON",
              "INSERT INTO images (id, url) VALUES (9, 'https://a/' || char(13, 10) || 'Set-Cookie: b')")


def bad_word(place):
    place.sql("PRAGMA ignore_check_constraints = ON", "UPDATE words SET freq = -1 WHERE word = '我们'")


def drop_revision(place):
    place.sql("DROP TABLE revision")


def stale_log(place):
    place.sql("UPDATE images SET added = added")
    shutil.copy(place.backup, place.db + ".new")
    os.rename(place.db + ".new", place.db)


BAD = [
    (delete, "cannot open the store"), (truncate, "malformed"), (empty, "not a store of serverful"),
    (zeros, "not a database"), (noise, "is damaged: repair it or restore a backup"), (text_file, "not a database"), (foreign, "not a store of serverful"),
    (newer_schema, "schema version 99"), (directory, "serverful.db"), (dangling, "cannot open the store"),
    (drop_images, "lacks the table images"), (drop_words, "lacks the table words"),
    (rename_column, "lacks the column url of images"), (drop_trigger, "lacks the trigger words_update"),
    (bad_image, "table images, row id = 9: url: must have only the characters of RFC 3986"),
    (bad_word, 'table words, row word = "我们": freq: must be an integer from 0 to'),
    (drop_revision, "lacks the table revision"), (stale_log, "remove serverful.db-wal and serverful.db-shm"),
]


def check_bad_stores(place):
    for fault, reason in BAD:
        name = fault.__name__.replace("_", " ")
        fault(place)
        place.await_complaint(reason, name)
        place.is_as_before(name)
        place.await_poll()  # the first report may be of a fault that was half made
        said = len(place.pool.log())
        place.await_poll()
        tap.equal(place.pool.log()[said:], "", f"{name}: the fault is reported once")
        place.restore()
        place.await_edit(name)


# What an admin may do: the answers do not change meanwhile, and later edits show.

def long_write(place):
    writer = place.connect()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM words WHERE word > '一'")
    yield
    writer.execute("ROLLBACK")
    writer.close()


def long_read(place):
    reader = place.connect()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM images").fetchall()
    yield "edit"
    reader.close()


def vacuum(place):
    place.sql("VACUUM")
    yield "edit"


def copies(place):
    place.copy(place.backup + ".2")
    place.sql(f"VACUUM INTO '{place.backup}.3'")
    yield "edit"


JOURNAL_MODES = ("DELETE", "TRUNCATE", "PERSIST", "MEMORY", "OFF", "WAL")


def journal_modes(place):
    for mode in JOURNAL_MODES:
        os.kill(children(place.pool.pid, "pool-compiler")[0], 9)  # The mode can change only while no other process has the file open.
        connection = place.connect()
        try:
            connection.execute(f"PRAGMA journal_mode = {mode}")
        except sqlite3.OperationalError:
            pass
        connection.close()
        place.await_edit(f"journal mode {mode}")
    yield


def rolled_back(place):
    before = place.status()["generation"]
    connection = place.connect()
    for _ in range(5):
        connection.execute("BEGIN")
        connection.execute("UPDATE images SET url = 'https://example.org/never.jpg'")
        connection.execute("ROLLBACK")
        place.await_poll()
    connection.execute("UPDATE images SET url = 'https://example.org/once.jpg'")
    wait_until(lambda: place.image().endswith("once.jpg"), "an edit that is committed")
    tap.equal(place.status()["generation"], before + 1, "edits that are rolled back cause no new snapshot")
    connection.execute(f"UPDATE images SET url = '{IMAGE}'")
    connection.close()
    wait_until(lambda: place.image() == IMAGE, "the image as it was")
    yield


def many_edits(place):
    connection = place.connect()
    for turn in range(60):
        polls = place.polls()
        connection.execute(f"UPDATE images SET url = 'https://example.org/fast-{turn}.jpg'")
        wait_until(lambda: place.polls() > polls, "a poll of the store")
    wait_until(lambda: place.image().endswith("fast-59.jpg"), "the last of many edits")
    connection.execute(f"UPDATE images SET url = '{IMAGE}'")
    connection.close()
    wait_until(lambda: place.image() == IMAGE, "the image as it was")
    tap.ok(True, "the last of 60 edits, one for each poll of the store, shows")
    yield


def large_edit(place):
    connection = place.connect()
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO words (word, freq) VALUES (?, 3)", ((f"甲乙丙{i}",) for i in range(20000)))
    connection.execute("COMMIT")
    wait_until(lambda: place.get("/segment", "text=" + urllib.parse.quote("甲乙丙19999"))[1]["words"] == ["甲乙丙19999"],
               "one of 20,000 words")
    connection.execute("DELETE FROM words WHERE word GLOB '甲乙丙[0-9]*'")
    connection.execute(CONFIRM)
    connection.close()
    tap.ok(True, "20,000 edits in one transaction show")
    yield "edit"


def no_images(place):
    place.sql("DELETE FROM images", CONFIRM)
    wait_until(lambda: place.get("/random-image")[1].get("error") == "No images", "no images")
    tap.ok(True, "after all images were deleted, /random-image answers 404")
    place.sql(f"INSERT INTO images (url) VALUES ('{IMAGE}')")
    wait_until(lambda: place.image() == IMAGE, "an image again")
    yield


def no_words(place):
    place.sql("CREATE TABLE kept AS SELECT * FROM words", "DELETE FROM words", CONFIRM)
    wait_until(lambda: len(place.segment()) != len(place.words), "no words")
    tap.equal(place.get("/segment", "hmm=0&text=" + urllib.parse.quote(TEXT))[1]["words"], list(TEXT),
              "after all words were deleted, each character is a word")
    place.sql("UPDATE settings SET value = 1 WHERE name = 'importing'", "INSERT INTO words SELECT * FROM kept",
              "UPDATE settings SET value = 0 WHERE name = 'importing'", "DROP TABLE kept")
    wait_until(lambda: place.segment() == place.words, "all words")
    yield "edit"


def moved_away(place):
    os.rename(place.db, place.db + ".away")
    place.await_complaint("cannot open the store", "moved away")
    os.rename(place.db + ".away", place.db)
    yield "edit"


def older_copy(place):
    place.sql("UPDATE images SET url = 'https://example.org/newer.jpg'")
    wait_until(lambda: place.image().endswith("newer.jpg"), "the edit")
    place.restore()
    wait_until(lambda: place.image() == IMAGE, "the older copy")
    tap.ok(True, "the images of an older copy of the store show")
    yield "edit"


# With the number of results that each adds to the one that the answers do not change.
ADMIN = {long_write: 0, long_read: 1, vacuum: 1, copies: 1, journal_modes: len(JOURNAL_MODES), rolled_back: 1, many_edits: 1,
         large_edit: 2, no_images: 1, no_words: 2, moved_away: 2, older_copy: 2}


def check_admin(place):
    for act in ADMIN:
        name = act.__name__.replace("_", " ")
        steps = act(place)
        wants = next(steps)
        place.await_poll()
        place.is_as_before(name)
        if wants:
            place.await_edit(name)
        next(steps, None)


# Faults of the snapshot, which the pool rebuilds from the store.

def change(place, act):
    """Replace the snapshot by a changed copy."""
    path = place.snapshot + ".new"
    shutil.copy(place.snapshot, path)
    act(path)
    os.rename(path, place.snapshot)


def header(offset, data):
    return lambda place: change(place, lambda path: overwrite(path, offset, data))


def other_store(place):
    other = os.path.join(place.directory, "other.db")
    serverful("init", "--store", other)
    serverful("snapshot", "--store", other, "--snapshot", place.snapshot)
    os.unlink(other)


SNAPSHOTS = [
    ("that is missing", lambda place: os.unlink(place.snapshot)),
    ("that is empty", lambda place: change(place, lambda path: os.truncate(path, 0))),
    ("that is truncated", lambda place: change(place, lambda path: os.truncate(path, 100000))),
    ("that is truncated within its header", lambda place: change(place, lambda path: os.truncate(path, 100))),
    ("with extra bytes", lambda place: change(place, lambda path: os.truncate(path, os.path.getsize(path) + 64))),
    ("with a flipped bit", lambda place: change(place, lambda path: overwrite(path, 1000000, b"\xa5\x5a"))),
    ("that is another kind of file", header(0, b"notours!")),
    ("of an older format", header(8, b"\x01")),
    ("of another byte order", header(12, b"\x01\x02\x03\x04")),
    ("of another store", other_store),
    ("that is truncated in place", lambda place: os.truncate(place.snapshot, 50000)),
    ("that is overwritten in place", lambda place: overwrite(place.snapshot, 200000, os.urandom(4096))),
]


def is_sound(place):
    return subprocess.run([tap.SERVERFUL, "check", "--store", place.db, "--snapshot", place.snapshot],
                          capture_output=True).returncode == 0


def check_snapshots(place):
    for name, damage in SNAPSHOTS:
        damage(place)
        wait_until(lambda: is_sound(place), f"a snapshot {name}: the rebuilt snapshot")
        wait_until(lambda: (place.image(), place.segment()) == (IMAGE, place.words), f"a snapshot {name}: the answers")
        place.is_as_before(f"a snapshot {name}")
        place.await_edit(f"a snapshot {name}")


def maps_snapshot(pid, path):
    """Whether a worker has mapped the snapshot that is at this path now."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        return any(line.split()[4] == str(os.stat(path).st_ino) for line in maps)


def check_bad_both(place):
    """With both files bad, the mapped snapshot still serves, new workers answer 503, and a good store ends that."""
    os.rename(place.db, place.db + ".away")
    place.await_complaint("cannot open the store", "store and snapshot bad")
    before = place.pool.workers()
    said = len(place.pool.log())
    wait_until(lambda: all(maps_snapshot(pid, place.snapshot) for pid in before), "both workers to map the last good snapshot")
    change(place, lambda path: overwrite(path, 1000000, b"\xa5\x5a"))
    wait_until(lambda: place.all_answer() and set(before) <= place.refusing_workers(said), "both workers to refuse the snapshot")
    place.is_as_before("store and snapshot bad")
    for pid in before:
        os.kill(pid, 9)
    wait_until(lambda: not set(before) & set(place.pool.workers()) and len(place.pool.workers()) == 2, "new workers")
    tap.equal((place.get("/healthz")[0], place.get("/segment", "text=x")[0]), (503, 503),
              "store and snapshot bad: new workers refuse the snapshot and answer 503")
    os.rename(place.db + ".away", place.db)
    wait_until(lambda: place.get("/healthz")[0] == 200, "health")
    place.await_edit("store and snapshot bad, then a good store")


def check_full_disk(place):
    compiler = children(place.pool.pid, "pool-compiler")[0]
    resource.prlimit(compiler, resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
    place.sql("UPDATE images SET url = 'https://example.org/full.jpg'")
    place.await_complaint("cannot write", "a full disk")
    place.is_as_before("a full disk")
    tap.equal([name for name in os.listdir(place.directory) if "snapshot." in name], [], "a full disk: no temporary file is left")
    resource.prlimit(compiler, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    wait_until(lambda: place.image().endswith("full.jpg"), "the edit")
    place.await_edit("a full disk that has space again")


def limit_files():
    """Let the kernel kill this process when it writes more than 1 MB to a file."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def check_killed_writer(place):
    """A compiler that is killed while it writes leaves a file, which the next one removes."""
    def left(snapshot):
        return [name for name in os.listdir(place.directory) if name.startswith(snapshot + ".")]
    command = [tap.SERVERFUL, "snapshot", "--store", place.db, "--snapshot", os.path.join(place.directory, "other.snapshot")]
    killed = subprocess.run(command, preexec_fn=limit_files)
    found = left("other.snapshot")
    tap.equal((killed.returncode, len(found)), (-signal.SIGXFSZ, 1), "a compiler that is killed while it writes leaves one file")
    beside = os.path.join(place.directory, found[0].replace("other", "serverful", 1))
    shutil.copy(os.path.join(place.directory, found[0]), beside)
    subprocess.run(command, check=True)
    tap.equal(left("other.snapshot"), [], "the next compiler removes the file of one that was killed")
    place.await_edit("beside the file of a compiler that was killed")
    tap.equal(left("serverful.snapshot"), [], "the pool removes the file of a compiler that was killed")
    os.unlink(command[-1])


tap.plan(len(ADMIN) + sum(ADMIN.values()) + 4 * len(BAD) + 2 * len(SNAPSHOTS) + 4 + 4 + 4 + 1)
place = Place()
try:
    for check in (check_admin, check_bad_stores, check_snapshots, check_full_disk, check_killed_writer, check_bad_both):
        check(place)
    ended_well(place.pool)
finally:
    place.pool.stop()
    shutil.rmtree(place.directory)
tap.done()
