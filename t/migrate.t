#!/usr/bin/python3
"""serverful migrate: stores of all earlier schemas keep every row, an admin's additions stay, and a store whose migration is
killed is the old one or the new one."""

import glob
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
import texts
from service import Pool
from store import serverful, sql
from tap import SERVERFUL, equal, ok
from wait import wait_until

VERSION = int(re.search(r"user_version = (\d+)", open(os.path.join(tap.SOURCE, "sql", "schema.sql"), encoding="utf-8").read())[1])
STORES = sorted(glob.glob(os.path.join(tap.SOURCE, "t", "stores", "*.sql")))
CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,unlink,link,openat,rename"
ADDITIONS = """
    ALTER TABLE images ADD COLUMN owner TEXT DEFAULT 'nobody';
    UPDATE images SET owner = 'me' WHERE id = 1;
    CREATE TABLE "my table" (word TEXT REFERENCES words (word), n INTEGER PRIMARY KEY);
    INSERT INTO "my table" VALUES ('台中', 9);
    CREATE VIEW mine AS SELECT w.word, i.url FROM words w, images i -- all pairs
        WHERE i.owner = 'me';
    CREATE INDEX "by tag" ON words (tag);
    CREATE TRIGGER follow AFTER INSERT ON words BEGIN INSERT INTO "my table" (word) VALUES (NEW.word); END;
    CREATE TRIGGER pairs INSTEAD OF INSERT ON mine BEGIN INSERT INTO "my table" (word) VALUES (NEW.word); END;
"""


def make(path, dump, more=""):
    """Make a store from its SQL, with a write-ahead log that is not yet in the file."""
    store = sqlite3.connect(path)
    with open(dump, encoding="utf-8") as file:
        store.executescript(file.read())
    store.execute("PRAGMA journal_mode = WAL")
    store.executescript(more)
    store.commit()
    store.close()


def rows(path):
    """All rows of each table, as dictionaries."""
    store = sqlite3.connect(path)
    store.row_factory = sqlite3.Row
    tables = [name for name, in store.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    found = {name: [dict(row) for row in store.execute(f'SELECT * FROM "{name}"')] for name in tables}
    store.close()
    return found


def read(path):
    with open(path, "rb") as file:
        return file.read()


def schema(path):
    store = sqlite3.connect(path)
    found = store.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name").fetchall()
    store.close()
    return found


def lost(before, after):
    """The rows of the store before that the store afterwards does not have, without those of the history."""
    return [(table, row) for table, all_rows in before.items() for row in all_rows
            if table not in ("edit_history", "edit_history_limit") and not any(row.items() <= other.items() for other in after.get(table, []))]


def history(path):
    """The history of edits, without the second row of an edit that has changed a key."""
    store = sqlite3.connect(path)
    store.row_factory = sqlite3.Row
    found = [dict(row) for row in store.execute("SELECT *, min(id) FROM edit_history GROUP BY edit ORDER BY edit")]
    store.close()
    return found


def migrate(path):
    done = subprocess.run([SERVERFUL, "migrate", "--store", path], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def version_of(dump):
    return int(os.path.basename(dump).split("-")[2])


def check_each(directory):
    """Each earlier schema."""
    new = os.path.join(directory, "new.db")
    serverful("init", "--store", new)
    empty = rows(new)
    for dump in STORES:
        name = os.path.basename(dump)
        path, copy = os.path.join(directory, name + ".db"), os.path.join(directory, f"{name}.db.version-{version_of(dump)}")
        make(path, dump)
        before, schema_before = rows(path), schema(path)
        past = [row for row in before["edit_history"] if row["action"] != "import"] if "edit_history" in before else \
            history(path) if "edits" in before else []
        equal(migrate(path), (0, f"migrated {path} from schema version {version_of(dump)} to {VERSION}; "
                              f"{copy} is a copy of it as it was\n", ""), f"{name} is migrated")
        after = rows(path)
        equal(lost(before, after), [], f"{name}: no row is lost")
        equal(*[[(row["at"], row["part"], row["action"], row["key"], row["old"]) for row in all_rows] for all_rows in (
            history(path), past)], f"{name}: the history stays")
        added = {table: len(all_rows) - len(before.get(table, [])) for table, all_rows in after.items()}
        equal({table: n for table, n in added.items() if table in before and table not in ("settings", "revision") and n}, {},
              f"{name}: no row is added to a table that was there")
        equal({table: after[table] for table in after if table not in (*before, "edits", "edited_rows")},
              {table: empty[table] for table in empty if table not in (*before, "edits", "edited_rows")}, f"{name}: new tables have the rows of a new store")
        equal(schema(path), schema(new), f"{name}: the schema is that of a new store")
        equal((rows(copy), schema(copy)), (before, schema_before), f"{name}: the copy is the store as it was")
        equal(migrate(path), (0, "", ""), f"{name}: a second migration does nothing")
        compiled = subprocess.run([SERVERFUL, "snapshot", "--store", path, "--snapshot", path + ".snapshot"], capture_output=True, text=True)
        equal(compiled.stderr, "", f"{name}: the store can be compiled")


def check_additions(directory):
    """What an admin has added, in each schema."""
    for dump in STORES:
        name = os.path.basename(dump)
        path = os.path.join(directory, "more-" + name + ".db")
        make(path, dump, ADDITIONS)
        before = rows(path)
        equal(migrate(path)[0], 0, f"{name} with an admin's additions is migrated")
        equal(lost(before, rows(path)), [], f"{name}: no row and no added column is lost")
        sql(path, "INSERT INTO words (word, freq) VALUES ('新词', 1); INSERT INTO mine (word) VALUES ('台中');")
        equal(sql(path, "SELECT group_concat(word) FROM \"my table\"; SELECT count(*) > 0 FROM mine; SELECT owner FROM images LIMIT 1;"
                  "INSERT INTO images (url) VALUES ('https://a'); SELECT owner FROM images WHERE url = 'https://a';"
                  "SELECT count(*) FROM sqlite_schema WHERE name = 'by tag';"),
              "台中,新词,台中\n1\nme\nnobody\n1\n", f"{name}: added table, view, index, triggers and columns work")


COLUMNS = {
    "an index, and a view with a comment": "plain TEXT; CREATE VIEW first AS SELECT plain FROM images -- a comment\n; "
                                           "CREATE VIEW second AS SELECT word FROM words; CREATE INDEX indexed ON images (plain)",
    "NOT NULL and CHECK": "kind TEXT NOT NULL DEFAULT ',)' CHECK (kind <> '(' /* ( */)",
    "COLLATE and REFERENCES": 'kind TEXT COLLATE NOCASE REFERENCES "my table" (word)',
    "a quoted name": '"a ""(,b" INTEGER DEFAULT (-1)',
    "a name in brackets": "[it's, ours] TEXT",
    "a default that is an expression": "kind TEXT DEFAULT (datetime('now')); INSERT INTO images (id, url) VALUES (99, 'https://b')",
    "a generated column with an index": "shown TEXT GENERATED ALWAYS AS (substr(url, 9)) VIRTUAL; CREATE INDEX indexed ON images (shown)",
    "a generated column that is stored": "shown INTEGER AS (length(url)) STORED",
    "two columns, the second of the first": "first TEXT; ALTER TABLE images ADD COLUMN second TEXT AS (first || url)",
}


def check_columns(directory):
    """Columns of each kind that an admin has added to a table that is replaced, and what uses them."""
    for number, (name, columns) in enumerate(COLUMNS.items()):
        path = os.path.join(directory, f"columns-{number}.db")
        make(path, STORES[0], "CREATE TEMP TABLE kept AS SELECT id, url, added FROM images; DELETE FROM images;"
             f"ALTER TABLE images ADD COLUMN {columns}; INSERT INTO images (id, url, added) SELECT * FROM kept;")
        old, before = schema(path), rows(path)
        definition = columns.split(";")[0]
        equal(migrate(path)[::2], (0, ""), f"{name}: the store is migrated")
        new = schema(path)
        equal(lost(before, rows(path)), [], f"{name}: no value is lost")
        ok(definition in next(row[3] for row in new if row[1] == "images"), f"{name}: the definition stays", (definition, new))
        equal([row for row in old if row[0] in ("view", "index") and row not in new], [], f"{name}: each added view and index is there")


def check_name(directory):
    """A table that has the name of one that is replaced, while that one is not replaced: its definition is the same."""
    path = os.path.join(directory, "name.db")
    make(path, STORES[-1], 'CREATE TABLE "position before migration" (n INTEGER);'
         """INSERT INTO "position before migration" VALUES (65);""")
    before = rows(path)
    equal(migrate(path)[::2], (0, ""), "a store with a table 'position before migration' is migrated")
    after = rows(path)
    equal((lost(before, after), len(after["position"])), ([], len(before["position"])), "that table stays, and its rows are not copied")


def check_owner(directory):
    """The copy of a store that root migrates for another user."""
    path = os.path.join(directory, "owned.db")
    make(path, STORES[0])
    if os.getuid() == 0:
        os.chown(path, 65534, 65534)
    os.chmod(path, 0o660)
    before = os.stat(path)
    migrate(path)
    copy = os.stat(path + ".version-1")
    equal((copy.st_uid, copy.st_gid, copy.st_mode), (before.st_uid, before.st_gid, before.st_mode),
          "the copy has the owner, the group and the mode of the store")


def check_refused(directory):
    """What is not migrated, and is not changed."""
    path = os.path.join(directory, "refused.db")
    make(path, STORES[0], "PRAGMA user_version = 99;")
    before = sql(path, ".dump")
    status, _, error = migrate(path)
    equal((status, "has schema version 99" in error, "install the version" in error), (1, True, True), "a newer store is refused")
    equal(sql(path, ".dump"), before, "a newer store is as it was")
    equal(migrate(os.path.join(directory, "none.db"))[::2],
          (1, f"serverful migrate: cannot open the store {directory}/none.db ('serverful init' creates it): No such file or directory\n"), "no file is refused")
    other = os.path.join(directory, "other.db")
    sql(other, "CREATE TABLE t (a);")
    equal(migrate(other)[::2], (1, f"serverful migrate: {other} is an SQLite file, but not a store of serverful\n"),
          "another SQLite file is refused")
    path = os.path.join(directory, "damaged.db")
    make(path, STORES[0], 'CREATE VIEW bad AS SELECT 1; CREATE TABLE "images before migration" (a);')
    before = sql(path, ".dump")
    equal(migrate(path)[::2], (1, f"serverful migrate: cannot migrate the store to schema version {VERSION}: {path}: "
                               "there is already another table or index with this name: images before migration\n"),
          "a migration that fails says so, and why")
    equal((sql(path, ".dump"), glob.glob(path + ".*")), (before, []), "after a failure the store is as it was, without a copy")


def check_copies(directory):
    """A store that is put back is migrated again, and the earlier copy stays."""
    path = os.path.join(directory, "again.db")
    make(path, STORES[0])
    migrate(path)
    for file in glob.glob(path + "*"):
        if not file.endswith(".version-1"):
            os.remove(file)
    make(path, STORES[1])
    equal(migrate(path)[1].endswith("again.db.version-1.1 is a copy of it as it was\n"), True, "the second copy has another name")
    equal(sorted(glob.glob(path + ".*")), [path + ".version-1", path + ".version-1.1"], "both copies are there")


def kill_at(path, call):
    """Migrate, and kill the process before its n-th system call that changes a file. Returns whether it was killed."""
    done = subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "trace=" + CALLS, "-e",
                           f"inject={CALLS}:signal=KILL:when={call}", SERVERFUL, "migrate", "--store", path],
                          capture_output=True, text=True, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})
    return done.returncode == -signal.SIGKILL, done.stderr


def state(path):
    """The rows and the schema of a store, as a program finds them after a crash."""
    return rows(path), schema(path)


def check_kills(directory):
    """Kill the migration of the oldest schema, which has most to do, at its system calls that change a file: at every fourth, or
    at each with SERVERFUL_LARGE=1."""
    origin, path = os.path.join(directory, "origin.db"), os.path.join(directory, "killed.db")
    make(origin, STORES[0], ADDITIONS)
    old = state(origin)
    shutil.copyfile(origin, path)
    migrate(path)
    new = state(path)
    killed, wrong, seen = True, [], set()
    step = 1 if texts.LARGE else 16 if tap.is_watched(SERVERFUL) else 4
    call = 1 - step
    while killed:
        call += step
        for file in glob.glob(path + "*"):
            os.remove(file)
        shutil.copyfile(origin, path)
        killed, error = kill_at(path, call)
        found = state(path)
        seen.add("old" if found == old else "new")
        if found not in (old, new):
            wrong.append((call, "is neither the old store nor the new one", error))
        if migrate(path)[0] or state(path) != new:
            wrong.append((call, "cannot be migrated afterwards"))
        copies = [state(copy) for copy in glob.glob(path + ".version-*")]
        if not copies or any(copy != old for copy in copies) or os.path.exists(path + ".copying"):
            wrong.append((call, "has no whole copy, or part of one is left"))
    equal(wrong, [], f"killed at one of {call - 1} system calls, it is the old store or the new one, and can be migrated afterwards")
    ok(call > 60 and seen == {"old", "new"}, "points before and after the commit were among them", (call, seen))


def check_pool(directory):
    """A pool migrates the store at its start, and one that is put in its place while it runs."""
    place = os.path.join(directory, "pool")
    os.mkdir(place)
    path, other = os.path.join(place, "serverful.db"), os.path.join(directory, "put.db")
    make(path, STORES[0])
    pool = Pool(place, workers=1)
    pool.await_workers()
    at_start = pool.log()
    ok(f"migrated the store from schema version 1 to {VERSION}; serverful.db.version-1 is a copy" in at_start,
       "a pool migrates the store at its start, and says so", at_start)
    equal(sql(path, "PRAGMA user_version;"), f"{VERSION}\n", "the store has the pool's version")
    make(other, STORES[-1], "DELETE FROM images; INSERT INTO images (url) VALUES ('https://put.example/');")
    for file in (path + "-wal", path + "-shm"):
        os.remove(file)
    os.rename(other, path)
    wait_until(lambda: f"migrated the store from schema version {version_of(STORES[-1])}" in pool.log(), "the pool migrates the store that was put there")
    wait_until(lambda: b"https://put.example/" in read(os.path.join(place, "serverful.snapshot")), "the pool compiles that store")
    equal([line for line in pool.complaints() if "cannot compile" in line], [], "no store was in the way")
    equal(pool.stop(), 0, "the pool ends well")


PARTS = [check_each, check_additions, check_columns, check_name, check_owner, check_refused, check_copies, check_kills, check_pool]
tap.plan(9 * len(STORES) + 3 * len(STORES) + 4 * len(COLUMNS) + 2 + 1 + 6 + 2 + 2 + 4)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    for part in PARTS:
        part(directory)
tap.done()
