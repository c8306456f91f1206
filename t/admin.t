#!/usr/bin/python3
"""The admin's aids, with the sqlite3 shell of this machine: the worked examples of sql/admin.sql do what they promise and
leave the rows as they were; the history of edits, the import of CSV, and the views that find unusual rows."""

import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from store import jieba_store, refused, serverful, sql
from tap import SOURCE, done, equal, ok, plan
from wait import wait_until

TABLES = ["images", "words", "settings", "repeated_words", "hmm_start", "hmm_trans", "hmm_emit", "position", "idf", "stop_words",
          "edit_limit", "guard"]
ROWS = "".join(f"SELECT '{table}', * FROM {table};" for table in TABLES)
COUNTS = "SELECT part, n >> 20 FROM revision WHERE part <> 'store';"
EDITS = {"images": 34, "words": 22, "keywords": 5}  # rows that the examples change, except those of jieba


def counts(path):
    """How many changes of a row each part's revision has counted."""
    return {part: int(n) for part, n in (line.split("|") for line in sql(path, COUNTS).splitlines())}


def try_examples(directory, path, name, promised):
    """Run the file as an admin would paste it. `promised` says whether the store has the words that the examples rely on."""
    rows, before = sql(path, ROWS), counts(path)
    with open(os.path.join(SOURCE, "sql", "admin.sql"), encoding="utf-8") as file:
        text = file.read()
    run = subprocess.run(["sqlite3", "-bail", path], input=text, cwd=directory, capture_output=True, text=True)
    equal((run.returncode, run.stderr), (0, ""), f"sql/admin.sql runs without an error in {name}")
    ok(rows and sql(path, ROWS) == rows, f"sql/admin.sql leaves the rows of {name} as they were")
    slip = 12 if promised else 0  # changes and undos of a word of jieba, and the switch that undo uses
    edits = {part: n - before[part] for part, n in counts(path).items() if n > before[part]}
    equal(edits, {**EDITS, "words": EDITS["words"] + slip}, f"the revisions count each edit of sql/admin.sql in {name}")
    if promised:
        equal(run.stdout.splitlines(), re.findall("(?m)^--> (.*)$", text),
              f"sql/admin.sql prints in {name} what it promises")


def new_store(directory, name):
    path = os.path.join(directory, name)
    serverful("init", "--store", path)
    return path


def history(path):
    """The rows of the history without their times, with JSON decoded."""
    db = sqlite3.connect(path)
    found = db.execute("SELECT part, action, key, old FROM edit_history ORDER BY id").fetchall()
    times = db.execute("SELECT count(*) FROM edit_history WHERE at BETWEEN datetime('now', '-1 hour') AND datetime('now', '1 second')")
    equal(times.fetchone()[0], len(found), "the times in the history are within the last hour")
    db.close()
    return [(part, action, key, old and json.loads(old) if part in ("images", "words") else old) for part, action, key, old in found]


def test_history(directory):
    """What the history records, what it does not, and how many rows it keeps."""
    path = new_store(directory, "history.db")
    sql(path, "UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';"
              "INSERT INTO images (id, url, weight, tag, note, added)"
              " VALUES (9, 'https://a/b', 2, 'a\"\\', 'c\\\"d\\', '2024-01-01');"
              "UPDATE images SET weight = weight; UPDATE images SET enabled = 0 WHERE id = 9;"
              "BEGIN; DELETE FROM images; ROLLBACK; DELETE FROM images WHERE id = 9;"
              "INSERT INTO words VALUES ('\\\"\\', 5, 'n'), ('我', NULL, ''); UPDATE words SET word = '你', freq = 6 WHERE freq = 5;"
              "INSERT OR REPLACE INTO words VALUES ('我', 7, ''); UPDATE words SET tag = tag;"
              "INSERT INTO words (word) VALUES ('我') ON CONFLICT (word) DO UPDATE SET freq = 8; DELETE FROM words;")
    image = {"id": 9, "url": "https://a/b", "weight": 2, "tag": 'a"\\', "enabled": 1, "note": 'c\\"d\\', "added": "2024-01-01"}
    def word(*values):
        return dict(zip(("word", "freq", "tag"), values))
    equal(history(path), [
        ("settings", "update", "words_with_symbols", "0"),
        ("images", "insert", "https://a/b", None), ("images", "update", "https://a/b", image),
        ("images", "delete", "https://a/b", {**image, "enabled": 0}),
        ("words", "insert", '\\"\\', None), ("words", "insert", "我", None),
        ("words", "insert", "你", None), ("words", "update", '\\"\\', word('\\"\\', 5, "n")),
        ("words", "replace", "我", word("我", None, "")),
        ("words", "replace", "我", word("我", 7, "")), ("words", "update", "我", word("我", 7, "")),
        ("words", "delete", "你", word("你", 6, "n")), ("words", "delete", "我", word("我", 8, "")),
    ], "the history has the committed edits and nothing else")
    sql(path, "UPDATE edit_limit SET max_rows = 100;")
    for i in range(25):
        sql(path, f"INSERT INTO edits (tool) VALUES ('edit {i}');" + "".join(f"INSERT INTO words (word) VALUES ('w{i}-{n}');" for n in range(10)))
    sql(path, "INSERT INTO edits (tool) VALUES ('the last');")
    equal(sql(path, "SELECT tool FROM edits ORDER BY id LIMIT 1; SELECT count(*), min(key) FROM edit_history;"),
          "edit 15\n100|w15-0\n", "with max_rows = 100 the history has the edits of the last 100 rows, as a whole")
    sql(path, "UPDATE edit_limit SET max_rows = 0; DELETE FROM words; UPDATE images SET weight = 3;")
    equal(sql(path, "SELECT count(*), max(key) FROM edit_history;"), "100|w24-9\n", "with max_rows = 0 the history records nothing")
    sql(path, "UPDATE edits SET until = datetime('now', '-366 days') WHERE tool < 'edit 20'; INSERT INTO edits (tool) VALUES ('new');")
    equal(sql(path, "SELECT min(tool) FROM edits; SELECT count(*) FROM edit_history;"), "edit 20\n50\n",
          "the history has no edit that is more than a year old")
    for bad in ("UPDATE edit_limit SET max_rows = -1", "UPDATE edit_limit SET days = 0", "DELETE FROM edit_limit",
                "INSERT INTO edit_limit VALUES (2, 5, 5)"):
        ok(refused(path, bad + ";"), f"the history's limit refuses {bad}")
    drop = sql(path, "SELECT 'DROP ' || type || ' ' || name || ';' FROM sqlite_schema WHERE name GLOB '*_history*' OR name GLOB '*_check'"
                     " OR name GLOB 'edit*' AND type = 'table' OR name IN ('undo', 'undone') ORDER BY type = 'table', type = 'view';")
    sql(path, drop + "DELETE FROM images;")
    serverful("snapshot", "--store", path, "--snapshot", os.path.join(directory, "history.snapshot"))
    ok(True, "a store without history and views can be compiled")


def bulk_history(directory, path):
    """Import 20,000 words in both ways into a new store at `path`. Returns its edits."""
    sql(new_store(directory, path), "INSERT INTO words (word) VALUES ('first'); INSERT INTO edits (tool) VALUES ('csv');")
    subprocess.run(["sqlite3", path, ".import --csv words.csv word_import"], cwd=directory, check=True, capture_output=True)
    serverful("import", "--store", path, "--words", os.path.join(directory, "words.txt"))
    return sql(path, "SELECT tool, action, count(*) FROM edit_history GROUP BY edit;")


def test_bulk(directory):
    """20,000 words by .import are one edit, and so are 20,000 words by serverful import."""
    with open(os.path.join(directory, "words.csv"), "w", encoding="utf-8") as file:
        file.writelines(f"词{i},{i % 7 + 1}\n" for i in range(20000))
    with open(os.path.join(directory, "words.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"字{i} {i % 7 + 1}\n" for i in range(20000))
    expected = "SQL|insert|1\ncsv|insert|20000\nimport|insert|20000\n"
    paths = [os.path.join(directory, f"bulk-{turn}.db") for turn in range(10)]  # a machine that pauses for a second ends an edit
    found = next(((path, got) for path in paths if (got := bulk_history(directory, path)) == expected), (paths[-1], "several edits each time"))
    equal(found[1], expected, "20,000 words by .import are one edit, and by serverful import, too")
    sql(found[0], "INSERT INTO undo (edit) SELECT id FROM edits WHERE tool = 'csv';")
    equal(sql(found[0], "SELECT count(*), min(word), count(DISTINCT substr(word, 1, 1)) FROM words;"), "20001|first|2\n",
          "one statement undoes an import of 20,000 words")


def csv_import(directory, path, table, content, *options):
    """Import a CSV file: (exit status, stdout, lines of stderr) of the sqlite3 shell."""
    with open(os.path.join(directory, "file.csv"), "wb") as file:
        file.write(content.encode())
    run = subprocess.run(["sqlite3", path, f".import --csv {' '.join(options)} file.csv {table}"], cwd=directory,
                         capture_output=True, text=True)
    return run.returncode, run.stdout, [line for line in run.stderr.splitlines() if "filling the rest with NULL" not in line]


def test_csv(directory):
    """Files with and without a header, a BOM, fewer columns, empty lines, empty fields and bad lines."""
    path = new_store(directory, "csv.db")
    sql(path, "DELETE FROM images;")
    rows = "SELECT url, weight, tag FROM images ORDER BY id;"
    for name, content, expected in (
            ("all columns and a header", "url,weight,tag\nhttps://a/1,5,cat\nhttps://a/2,,\n", "https://a/1|5|cat\nhttps://a/2|1|\n"),
            ("no header, CR LF, quotes", 'https://a/1,"7",猫\r\n"https://a/2?x=1,2",1,"dog"\r\n',
             "https://a/1|7|猫\nhttps://a/2?x=1,2|1|dog\n"),
            ("one column, a BOM and a header", "\ufeffurl\r\nhttps://a/1\r\nhttps://a/2\r\n", "https://a/1|1|\nhttps://a/2|1|\n"),
            ("two columns, empty lines", "url,weight\n\nhttps://a/1,3\n\n https://a/2 ,4\n", "https://a/1|3|\nhttps://a/2|4|\n"),
            ("more columns than there are", "https://a/1,3,x,more\n", "https://a/1|3|x\n")):
        sql(path, "DELETE FROM images;")
        status, out, said = csv_import(directory, path, "image_import", content)
        equal((status, out, [line for line in said if "extras ignored" not in line]), (0, "", []),
              f"a CSV file of images imports without complaints: {name}")
        equal(sql(path, rows), expected, f"a CSV file of images gives the right rows: {name}")
    sql(path, "DELETE FROM images; INSERT INTO images (url, weight, tag) VALUES ('https://a/1', 9, 'x'), ('https://a/2', 9, 'x');")
    equal(csv_import(directory, path, "image_import", "https://a/1,,y\nhttps://a/2,3,\n")[2], [],
          "a CSV file of existing images imports without complaints")
    equal(sql(path, rows), "https://a/1|9|y\nhttps://a/2|3|x\n",
          "existing images get the values of the CSV file, and keep those for which it has an empty field")
    status, _, said = csv_import(directory, path, "image_import", "https://a/3\nnothing,1,\nhttps://a/4,heavy\nhttps://a/5,0\nhttps://a/6\n")
    equal((status, sql(path, "SELECT url FROM images WHERE id > 2;")), (0, "https://a/3\nhttps://a/6\n"),
          "bad lines of a CSV file are skipped, and the others are imported")
    equal([line.split(": ", 1)[0] for line in said], ["file.csv:2", "file.csv:3", "file.csv:4"],
          "bad lines of a CSV file are reported with their numbers")
    ok("url: must begin with http:// or https://" in said[0] and "weight: must be an integer from 1" in said[2],
       "bad lines of a CSV file are reported with the reason", said)
    equal(csv_import(directory, path, "word_import", "word,freq,tag\r\n云原生\r\n服务器,50\r\n架构,,n\r\nword\r\n")[::2], (0, []),
          "a CSV file of words imports without complaints")
    equal(sql(path, "SELECT * FROM words;"), "word||\n云原生||\n服务器|50|\n架构||n\n",
          "a CSV file of words gives the right rows")
    equal(csv_import(directory, path, "word_import", "word\n云原生,7\n服务器,,x\n", "--skip 1")[::2], (0, []),
          "a CSV file of words imports with --skip 1")
    equal(sql(path, "SELECT * FROM words;"), "word||\n云原生|7|\n服务器|50|x\n架构||n\n",
          "existing words get the values of the CSV file, and keep those for which it has an empty field")


STAGED = "SELECT count(*) FROM image_import; SELECT count(*) FROM word_import;"


def test_staging(directory):
    """The tables for .import pass their rows on: they stay empty, and one refused row stops the others of its statement."""
    path = new_store(directory, "staging.db")
    before = counts(path)
    sql(path, "INSERT INTO image_import VALUES ('https://a/1', 5, 'cat'), ('https://a/2', NULL, NULL), ('', 'x', 'y');"
              "INSERT INTO word_import VALUES ('我', '7', 'r'), ('', 1, ''), ('word', 'freq', 'tag');")
    equal(sql(path, "SELECT url, weight, tag FROM images WHERE id > 5; SELECT * FROM words;"),
          "https://a/1|5|cat\nhttps://a/2|1|\n我|7|r\n", "rows that are inserted into the import tables are passed on")
    equal({part: n - before[part] for part, n in counts(path).items()}, {"images": 2, "words": 1, "model": 0, "keywords": 0},
          "the revisions count each row that the import tables pass on")
    equal(history(path), [("images", "insert", "https://a/1", None), ("images", "insert", "https://a/2", None), ("words", "insert", "我", None)],
          "the history has each row that the import tables pass on")
    said = refused(path, "INSERT INTO image_import VALUES ('https://a/3', 1, ''), ('nothing', 1, '');")
    ok(said and "url: must begin with http:// or https://" in said,
       "the import tables refuse what images refuses", said)
    equal(sql(path, STAGED), "0\n0\n", "the import tables stay empty")


def test_image_check(directory):
    """The findings about images."""
    path = new_store(directory, "check.db")
    sql(path, "DELETE FROM images; INSERT INTO images (url, weight, tag, enabled) VALUES ('https://a/1', 1000, 'cat', 1),"
              "('http://a/1#x', 1000, 'cat', 1), ('https://a/2', 1, 'Cat', 1), ('https://a/3', 999, 'Cat', 0), ('https://a/4', 1000, '', 1);")
    expected = [
        "33.3222|50.0|", "33.3222|50.0|browsers block it on https pages: use https; the same address as image 1:"
        " delete one", "0.0333|100.0|the only image with its tag: tag=Cat always returns it; rare: its weight is below 1% of"
        " the average", "0.0|0.0|disabled: set enabled = 1 to use it", "33.3222||"]
    case = "its tag also exists in another case: requests must use the exact case"
    got = sql(path, "SELECT percent, percent_of_tag, finding FROM image_check;")
    equal(got.count(case), 4, "image_check reports tags that differ only in case")
    plain = [re.sub(r"^; ", "", line.replace(case, "").replace("; ;", ";")).rstrip("; ") for line in got.splitlines()]
    equal([line.replace("|; ", "|") for line in plain], expected,
          "image_check reports the shares and the other findings")
    sql(path, "UPDATE images SET enabled = 0;")
    equal(sql(path, "SELECT DISTINCT percent FROM image_check;"), "\n",
          "image_check has no shares where no image is enabled")


def test_image_answers(directory):
    """What the hosts of images answered is shown by image_check, and is no edit."""
    path = new_store(directory, "answers.db")
    sql(path, "DELETE FROM images; INSERT INTO images (url) VALUES ('https://a/1'), ('https://a/2'), ('https://a/3'), ('https://a/4');")
    before, edits = counts(path), history(path)
    sql(path, "INSERT INTO image_answers VALUES ('https://a/1', '2026-11-28 08:00:00', 200, '', 12),"
              "('https://a/2', '2026-11-28 08:00:01', 404, '', 5), ('https://a/3', '2026-11-28 08:00:02', NULL, 'timed out', 5),"
              "('https://gone/', '2026-11-28 08:00:02', 404, '', 5);")
    equal(sql(path, "SELECT url, finding, answer, asked FROM image_check;"),
          "https://a/1||200|2026-11-28 08:00:00\n"
          "https://a/2|its host did not answer with it: see the column answer|404|2026-11-28 08:00:01\n"
          "https://a/3|its host did not answer with it: see the column answer|timed out|2026-11-28 08:00:02\nhttps://a/4|||\n",
          "image_check shows what the hosts of images answered, and when")
    equal((counts(path), history(path)), (before, edits), "an answer of a host is no edit of the images")


def test_locked(directory):
    """A shell that finds the store locked fails at once, or waits where ~/.sqliterc has a time-out."""
    path, rc = new_store(directory, "locked.db"), os.path.join(directory, "sqliterc")
    with open(rc, "w", encoding="utf-8") as file:
        file.write(".timeout 600000\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        run = subprocess.run(["sqlite3", path, "UPDATE images SET tag = 'a'"], capture_output=True, text=True)
        ok(run.returncode and "database is locked" in run.stderr, "without a time-out, the shell says that the store is locked", run)
        shell = subprocess.Popen(["sqlite3", "-init", rc, path, "UPDATE images SET tag = 'b'"], stderr=subprocess.PIPE, text=True)
        wait_until(lambda: os.path.realpath(path) in [os.path.realpath(link) for link in glob.glob(f"/proc/{shell.pid}/fd/*")], "the shell opens the store")
        other.execute("COMMIT")
        equal((shell.wait(), shell.stderr.read()), (0, ""), "with .timeout in the file that the shell reads first, it waits")
    equal(sql(path, "SELECT DISTINCT tag FROM images;"), "b\n", "the edit that waited is made")


plan(57)
with tempfile.TemporaryDirectory() as where:
    new = new_store(where, "new.db")
    try_examples(where, new, "a new store", False)
    try_examples(where, new, "a store in which they have run before", False)
    try_examples(where, jieba_store(where), "a store with jieba's words", True)
    for test in (test_history, test_bulk, test_csv, test_staging, test_image_check, test_image_answers, test_locked):
        test(where)
done()
