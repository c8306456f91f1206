#!/usr/bin/python3
"""What the pool reports about its snapshot: the rows and revisions in /status and /metrics, the names of the metrics, and the
lines in the log about starts and new snapshots."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from service import Pool, ended_well
from store import serverful, sql, store_without
from wait import wait_until

# A store whose rows are few and can all be reached: 3 words, one of them with a space; 1 image; 70 rows of idf, which are
# more than one block of their table; 2 stop words.
FILL = ("UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';"
        "INSERT INTO words (word, freq) VALUES ('北京', 5), ('New York', 7), ('C++', 1);"
        "INSERT INTO images (url) VALUES ('https://example.org/1.jpg');"
        "INSERT INTO idf (word, idf) VALUES " + ", ".join(f"('词{n}', 1.5)" for n in range(10, 80)) + ";"
        "INSERT INTO stop_words (word) VALUES ('但是'), ('the');")
ROWS = {"words": 3, "images": 1, "idf": 70, "stop_words": 2}
EDITS = ("UPDATE images SET url = 'https://example.org/2.jpg'; INSERT INTO images (url) VALUES ('https://example.org/3.jpg');"
         "INSERT INTO words (word, freq) VALUES ('上海', 5); DELETE FROM stop_words WHERE word = 'the';")
EDITED = {"words": 4, "images": 2, "idf": 70, "stop_words": 1}


def page(pool, path):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(path), keep=False).body.decode()


def snapshot(pool):
    return json.loads(page(pool, "/status"))["snapshot"]


def revisions(db):
    rows = sql(db, "SELECT * FROM revision WHERE part <> 'store'").split()
    return {part: int(revision) for part, revision in (row.split("|") for row in rows)}


def metrics(text, name, label):
    """The values of a metric by one of its labels."""
    return {key: float(value) for key, value in re.findall(rf'^serverful_{name}{{{label}="([^"]+)"}} (\S+)$', text, re.M)}


def lines(pool):
    return [line.removeprefix("serverful pool: ") for line in pool.log().splitlines()]


def await_line(pool, pattern, name, n=1):
    """Wait for `n` lines of the log that match a pattern, and print that as a result."""
    wait_until(lambda: sum(re.fullmatch(pattern, line) is not None for line in lines(pool)) == n, lambda: f"{pattern} in {pool.log()}")
    tap.ok(True, name)


def check_rows(pool, db, rows, name):
    """Both pages name the rows of each table, and the revision of each part of the store."""
    wait_until(lambda: snapshot(pool)["revisions"] == revisions(db), lambda: f"the snapshot of {name}: {snapshot(pool)}")
    tap.equal(snapshot(pool)["rows"], rows, f"/status has the number of rows of {name}")
    tap.equal(set(snapshot(pool)), {"revision", "age", "rows", "revisions"}, f"/status names revision, age, rows and revisions of the snapshot of {name}")
    text = page(pool, "/metrics")
    tap.equal((metrics(text, "snapshot_rows", "table"), metrics(text, "snapshot_revision", "part")), (rows, revisions(db)),
              f"/metrics has the rows and the revisions of {name}")


def check_revision(pool, db, directory):
    """Each response has the revision of the snapshot, which depends on the rows alone: not on the history of the store, nor on
    where it is compiled. Returns it."""
    revision = snapshot(pool)["revision"]
    with fcgi.Connection(pool.socket) as connection:
        got = [connection.exchange(fcgi.get(path, method=method)).headers.get("serverful-revision")
               for path, method in (("/segment", "GET"), ("/random-image", "HEAD"), ("/nowhere", "GET"), ("/healthz", "GET"))]
    tap.equal(got, [revision] * 4, "each response has the revision of /status in its header Serverful-Revision")
    copy, other = (os.path.join(directory, name) for name in ("copy.db", "copy.snapshot"))
    sql(db, f"VACUUM INTO '{copy}'")
    sql(copy, "INSERT INTO images (url) VALUES ('https://example.org/4.jpg'); DELETE FROM images WHERE url GLOB '*/4.jpg';")
    for _ in range(2):
        serverful("snapshot", "--store", copy, "--snapshot", other)
        printed = subprocess.run([tap.SERVERFUL, "snapshot", "--snapshot", other, "--print-revision"], stdout=subprocess.PIPE, text=True).stdout
        tap.equal(printed, revision + "\n", "another snapshot of the same rows has the same revision")
    os.unlink(copy)
    return revision


def check_names(pool):
    """The metrics are named as Prometheus has it."""
    text = page(pool, "/metrics")
    version = subprocess.run([tap.SERVERFUL, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    tap.equal(metrics(text, "build_info", "version"), {version: 1}, "/metrics has the version of the running program")
    kinds = re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M)
    tap.equal([name for name, kind in kinds if (kind == "counter") != name.endswith("_total")], [],
              "the names of counters end in _total, and no others do")
    tap.equal(sorted(re.findall(r"^# HELP (\S+) \S", text, re.M)), sorted({name for name, _ in kinds}), "each metric has a HELP and a TYPE")
    promtool = shutil.which("promtool")
    if not promtool:  # in Debian's package prometheus, which starts a service
        tap.skip(1, "promtool is not installed")
        return
    run = subprocess.run([promtool, "check", "metrics"], input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    tap.equal((run.returncode, run.stdout), (0, ""), "promtool check metrics finds nothing")


def check_log(pool, db, directory):
    old, new = revisions(db), None
    version = r"serverful \S+"
    await_line(pool, version + " started: 2 workers, store serverful.db, snapshot serverful.snapshot", "the log has the start of the pool")
    await_line(pool, r"snapshot compiled in \d+ ms: "
               rf"words revision {old['words']}, 3 words; model revision {old['model']}; images revision {old['images']}, 1 images; "
               rf"keywords revision {old['keywords']}, 70 idf, 2 stop_words", "the log has the first snapshot")
    check_rows(pool, db, ROWS, "a store")
    before = check_revision(pool, db, directory)
    sql(db, "BEGIN;" + EDITS + "COMMIT;")
    new = revisions(db)
    check_rows(pool, db, EDITED, "an edited store")
    tap.ok(check_revision(pool, db, directory) != before, "an edit changes the revision")
    await_line(pool, r"snapshot compiled in \d+ ms: words revision "
               rf"{new['words']}, 3 -> 4 words; images revision {new['images']}, 1 -> 2 images; "
               rf"keywords revision {new['keywords']}, 70 -> 70 idf, 2 -> 1 stop_words", "the log has an edit, with rows before and after")
    copy = os.path.join(directory, "copy")
    shutil.copy(os.path.join(directory, "serverful.snapshot"), copy)
    os.rename(copy, os.path.join(directory, "serverful.snapshot"))
    await_line(pool, "snapshot replaced", "the log has a snapshot that another program has put in place")
    os.unlink(os.path.join(directory, "serverful.snapshot"))
    await_line(pool, "another program had changed or removed the snapshot serverful.snapshot: compiled it again",
               "the log says why a snapshot is compiled again")
    pool.process.send_signal(signal.SIGHUP)
    await_line(pool, version + " continues after a re-execution: 2 workers, .*", "the log has a re-execution")
    await_line(pool, "snapshot found: words revision .*", "the log has the snapshot that a new program finds")
    others = [line for line in lines(pool) if not line.startswith("worker ")]  # they may have met the missing file
    tap.equal(len(others), 8, "the log has a line for each start and for each new snapshot, and no others")


tap.plan(26)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    db = store_without(directory, "DELETE FROM words; DELETE FROM idf; DELETE FROM stop_words; DELETE FROM images;"
                                  "UPDATE repeated_words SET freq = 0;")
    sql(db, FILL)
    pool = Pool(directory, workers=2)
    try:
        pool.await_workers()
        check_names(pool)
        check_log(pool, db, directory)
        ended_well(pool)
    finally:
        pool.stop()
tap.done()
