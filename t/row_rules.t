#!/usr/bin/python3
"""Rows that the schema forbids are never compiled, however they got into the store: with PRAGMA ignore_check_constraints, or
with a schema that PRAGMA writable_schema has changed. The reason names the table, the row and the rule."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from store import in_both, serverful, sql
from tap import SERVERFUL, done, equal, is_watched, ok, plan

GOOD = """
INSERT INTO words VALUES ('云', 5, 'n'), ('计算', 7, ''), ('服务', NULL, 'v');
INSERT INTO idf VALUES ('计算', 5.5), ('云', 2); INSERT INTO stop_words VALUES ('the'), ('我们');
INSERT INTO images (url, tag) VALUES ('https://a/1', 'cat');
INSERT INTO hmm_start VALUES ('B', -1.0); INSERT INTO hmm_trans VALUES ('B', 'E', -1.0);
INSERT INTO hmm_emit VALUES ('我', 'B', -1.0); INSERT INTO pos_start VALUES ('B', 'n', -1.0), ('E', 'n', -1.0);
INSERT INTO pos_trans VALUES ('B', 'n', 'E', 'n', -1.0); INSERT INTO pos_emit VALUES ('我', 'B', 'n', -1.0);
INSERT INTO pos_list VALUES ('我', 'B', 'n');
"""
WEIGHT = "weight: must be an integer from 1 to 1000000; to disable an image, set enabled = 0"
URL = "url: must have only the characters of RFC 3986; percent-encode all others"
HTTP = "url: must begin with http:// or https:// and a host"
CONTROL = "word: must not contain control characters or line breaks"
FREQ = "freq: must be an integer from 0 to 1000000000000, or NULL"
WORD_TAG = "tag: must be at most 16 letters, digits, _ or -"
LOGP = "logp: must be the logarithm of a probability, at most 0"
HAN = "character: must be one character from U+4E00 to U+9FD5"
SPACE = "word: must not contain white space or control characters"
LETTERS = "({} IN ('B', 'M', 'E', 'S'))"

# Statements that break a CHECK constraint: (statement, table, row, rule).
BROKEN = [
    ("INSERT INTO images (url) VALUES ('javascript:alert(1)')", "images", "id = 7", HTTP),
    ("INSERT INTO images (url) VALUES ('https://a/' || char(13, 10) || 'Set-Cookie: b')", "images", "id = 7", URL),
    ("UPDATE images SET url = 'https://a/' || hex(zeroblob(1024)) WHERE id = 6", "images", "id = 6", "url: must be at most 2048 characters"),
    ("UPDATE images SET weight = -1 WHERE id = 6", "images", "id = 6", WEIGHT),
    ("UPDATE images SET weight = 1000001 WHERE id = 6", "images", "id = 6", WEIGHT),
    ("UPDATE images SET tag = 'a b' WHERE id = 6", "images", "id = 6", "tag: must not contain white space or control characters"),
    (f"UPDATE images SET tag = '{'猫' * 22}' WHERE id = 6", "images", "id = 6", "tag: must be at most 64 bytes (21 Chinese characters)"),
    ("UPDATE images SET enabled = 2 WHERE id = 6", "images", "id = 6", "enabled: must be 1, or 0 for a disabled image"),
    ("INSERT INTO words (word) VALUES ('云' || char(10))", "words", 'word = "云\\n"', CONTROL),
    ("INSERT INTO words (word, freq) VALUES ('云' || char(27), 3)", "words", 'word = "云\\u001b"', CONTROL),
    (f"INSERT INTO words (word, freq) VALUES ('{'云' * 65}', 3)", "words", f'word = "{"云" * 64}"', "word: must be at most 64 characters"),
    ("INSERT INTO words (word, freq) VALUES (' 云', 3)", "words", 'word = " 云"', "word: must not begin or end with white space"),
    ("INSERT INTO words (word, freq) VALUES ('', 3)", "words", 'word = ""', "word: must not be empty"),
    ("UPDATE words SET freq = 1000000000001 WHERE word = '云'", "words", 'word = "云"', FREQ),
    ("UPDATE words SET freq = -1 WHERE word = '云'", "words", 'word = "云"', FREQ),
    ("UPDATE words SET freq = 1000000000001 WHERE word = '服务'", "words", 'word = "服务"', FREQ),
    ("UPDATE words SET tag = 'a b' WHERE word = '云'", "words", 'word = "云"', WORD_TAG),
    ("UPDATE words SET tag = 'abcdefghijklmnopq' WHERE word = '服务'", "words", 'word = "服务"', WORD_TAG),
    ("UPDATE settings SET value = 2 WHERE name = 'words_with_symbols'", "settings", 'name = "words_with_symbols"', "value: must be 0 or 1"),
    ("UPDATE repeated_words SET freq = -1", "repeated_words", "id = 1", "(freq >= 0)"),
    ("UPDATE idf SET idf = -1 WHERE word = '计算'", "idf", 'word = "计算"', "idf: must be a number from 0 to 1000"),
    ("UPDATE idf SET idf = 1001 WHERE word = '云'", "idf", 'word = "云"', "idf: must be a number from 0 to 1000"),
    ("INSERT INTO idf VALUES ('云 云', 1)", "idf", 'word = "云 云"', SPACE),
    ("INSERT INTO stop_words VALUES ('The')", "stop_words", 'word = "The"', "word: must be in lower case; it matches every case"),
    ("INSERT INTO stop_words VALUES ('a' || char(9))", "stop_words", 'word = "a\\t"', SPACE),
    ("INSERT INTO hmm_start VALUES ('X', -1.0)", "hmm_start", 'state = "X"', LETTERS.format("state")),
    ("INSERT INTO hmm_trans VALUES ('B', 'x', -1.0)", "hmm_trans", 'from_state = "B", to_state = "x"', LETTERS.format("to_state")),
    ("INSERT INTO hmm_emit VALUES ('我们', 'B', -1.0)", "hmm_emit", 'character = "我们", state = "B"', HAN),
    ("INSERT INTO pos_start VALUES ('B', 'n.', -1.0)", "pos_start", 'state = "B", tag = "n."', "tag: must be 1 to 16 letters"),
    ("UPDATE pos_start SET logp = 0.5 WHERE state = 'B'", "pos_start", 'state = "B", tag = "n"', LOGP),
    ("UPDATE pos_trans SET logp = 0.5", "pos_trans", 'from_state = "B", from_tag = "n", to_state = "E", to_tag = "n"', LOGP),
    ("UPDATE pos_emit SET logp = 0.5", "pos_emit", 'character = "我", state = "B", tag = "n"', LOGP),
    ("INSERT INTO pos_list VALUES ('a', 'B', 'n')", "pos_list", 'character = "a", state = "B", tag = "n"', HAN),
]
# Statements that only a changed schema lets through.
TRIED = BROKEN[::5] if is_watched(SERVERFUL) else BROKEN  # all take the same way through the program
UNTYPED = [
    ("UPDATE images SET weight = 'many' WHERE id = 6", "images", "id = 6", "weight: must be INTEGER / 必须是 INTEGER"),
    ("UPDATE images SET tag = NULL WHERE id = 6", "images", "id = 6", "tag: must be TEXT / 必须是 TEXT"),
    ("UPDATE images SET url = x'68747470733a2f2f61' WHERE id = 6", "images", "id = 6", "url: must be TEXT / 必须是 TEXT"),
    ("UPDATE words SET freq = 5.5 WHERE word = '云'", "words", 'word = "云"', "freq: must be INTEGER or NULL / 必须是 INTEGER 或 NULL"),
    ("UPDATE words SET freq = 'x' WHERE word = '云'", "words", 'word = "云"', "freq: must be INTEGER or NULL / 必须是 INTEGER 或 NULL"),
    ("UPDATE words SET tag = x'6e' WHERE word = '云'", "words", 'word = "云"', "tag: must be TEXT / 必须是 TEXT"),
    ("INSERT INTO words VALUES (x'e4ba91', 5, 'n')", "words", "word = X'E4BA91'", "word: must be TEXT / 必须是 TEXT"),
    ("UPDATE idf SET idf = 'x' WHERE word = '计算'", "idf", 'word = "计算"', "idf: must be REAL / 必须是 REAL"),
    ("UPDATE hmm_start SET logp = 'x'", "hmm_start", 'state = "B"', "logp: must be REAL / 必须是 REAL"),
    ("INSERT INTO words VALUES (CAST(x'e4ba' AS TEXT), 5, '')", "words", 'word = "\ufffd"', "word: must be valid UTF-8"),
    ("INSERT INTO idf VALUES (CAST(x'e4ba91e4ba' AS TEXT), 5)", "idf", 'word = "云\ufffd"', "word: must be valid UTF-8"),
    ("INSERT INTO stop_words VALUES (CAST(x'ff' AS TEXT))", "stop_words", 'word = "\ufffd"', "word: must be valid UTF-8"),
]


def ignore_checks(path):
    """Open the store with its CHECK constraints switched off."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA ignore_check_constraints = ON")
    return db


def change_schema(path):
    """Open the store after its schema has lost its constraints, its types and its rule of UTF-8."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for name, text in db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall():
            changed = re.sub(r"CHECK\s*\(", "CHECK (1 OR ", text)
            changed = re.sub(r"\) STRICT(, )?", lambda found: ") " if found[1] else ")", changed)
            changed = re.sub(r"(weight|tag|logp|idf)( +(?:INTEGER|TEXT|REAL)) NOT NULL", r"\1\2", changed)
            changed = re.sub(r"WHERE n <= length\(", "WHERE 0 AND n <= length(", changed)
            db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (changed, name))
    return sqlite3.connect(path, isolation_level=None)


def compiled(path, snapshot):
    run = subprocess.run([SERVERFUL, "snapshot", "--store", path, "--snapshot", snapshot], capture_output=True, text=True,
                         errors="replace")
    return run.returncode, run.stderr


def read(path):
    with open(path, "rb") as file:
        return file.read()


def check_statements(directory, good, snapshot):
    """Each row is refused, whether or not there is a previous snapshot, and serverful check names it, too."""
    path, old, new = (os.path.join(directory, name) for name in ("bad.db", "old.snapshot", "new.snapshot"))
    for how, opened, cases in (("ignored constraints", ignore_checks, TRIED), ("a changed schema", change_schema, TRIED + UNTYPED)):
        for statement, table, row, rule in cases:
            shutil.copy(good, path)
            shutil.copy(snapshot, old)
            with closing(opened(path)) as db:
                # words with symbols are another matter
                if table == "words":
                    db.execute("UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'")
                db.execute(statement)
            reason = (1, f"serverful snapshot: {path}: table {table}, row {row}: {in_both(rule)} (correct or delete the row)\n")
            equal([compiled(path, old), compiled(path, new)], [reason] * 2,
                  f"{how}: serverful snapshot refuses {statement[:60]!r}, with a previous snapshot and without one")
            ok(read(old) == read(snapshot) and not os.path.exists(new), f"{how}: {statement[:60]!r} leaves the snapshot as it was")
            run = subprocess.run([SERVERFUL, "check", "--store", path, "--snapshot", old], capture_output=True, text=True, errors="replace")
            equal((run.returncode, run.stderr), (1, reason[1].replace("snapshot:", "check:", 1)),
                  f"{how}: serverful check names the row of {statement[:60]!r}")


def check_corrected(directory, good, snapshot):
    """A row that is corrected is compiled, and so are rows that differ from the previous snapshot in one column."""
    path, old, new = (os.path.join(directory, name) for name in ("corrected.db", "corrected.snapshot", "fresh.snapshot"))
    shutil.copy(good, path)
    shutil.copy(snapshot, old)
    with closing(ignore_checks(path)) as db:
        db.execute("UPDATE words SET freq = 1000000000001 WHERE word = '云'")
        db.execute("INSERT INTO idf VALUES ('服务', -1)")
        equal(compiled(path, old)[0], 1, "two forbidden rows are refused")
        db.execute("UPDATE words SET freq = 6, tag = 'v' WHERE word = '云'")
        equal(compiled(path, old)[0], 1, "the other forbidden row is still refused")
        db.execute("UPDATE idf SET idf = 1000 WHERE word = '服务'")
    equal(compiled(path, old), (0, ""), "the corrected rows are compiled")
    equal(compiled(path, new), (0, ""), "the corrected rows are compiled without a previous snapshot")
    ok(read(old) == read(new), "both snapshots are equal")


def check_rules(good):
    """The cases above are complete."""
    with closing(sqlite3.connect(good)) as db:
        compiled_tables = {name for name, in db.execute("SELECT tbl_name FROM sqlite_schema WHERE sql LIKE '%UPDATE revision SET%'")}
        named = {name for table, text in db.execute("SELECT name, sql FROM sqlite_schema") if table in compiled_tables
                 for name in re.findall(r'CONSTRAINT "([^"]+)"', text)}
    equal({table for _, table, _, _ in BROKEN}, compiled_tables, "each table that is compiled has a forbidden row here")
    unread = {name for name in named if name.split(":")[0] in ("note", "added")}
    equal(named - unread - {in_both(rule) for _, _, _, rule in BROKEN}, set(), "each named constraint of a column that is compiled has a forbidden row here")


plan(3 * (2 * len(TRIED) + len(UNTYPED)) + 5 + 2)
with tempfile.TemporaryDirectory() as where:
    store = os.path.join(where, "good.db")
    serverful("init", "--store", store)
    sql(store, GOOD + "PRAGMA wal_checkpoint(TRUNCATE);")
    made = os.path.join(where, "good.snapshot")
    serverful("snapshot", "--store", store, "--snapshot", made)
    check_statements(where, store, made)
    check_corrected(where, store, made)
    check_rules(store)
done()
