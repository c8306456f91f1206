#!/usr/bin/python3
"""The worked examples of sql/admin.sql do what they say, and leave the rows as they were."""

import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from store import jieba_store, serverful, sql
from tap import SOURCE, done, equal, ok

TABLES = ["images", "words", "settings", "repeated_words", "hmm_start", "hmm_trans", "hmm_emit", "position", "idf", "stop_words"]
ROWS = "".join(f"SELECT '{table}', * FROM {table};" for table in TABLES)
URLS = "SELECT id, url, added FROM images ORDER BY id;"
LIKELY = "SELECT word, freq, tag FROM words WHERE word GLOB '清华*' ORDER BY freq DESC LIMIT 10;"
COUNTS = "SELECT part, n FROM revision WHERE part <> 'store';"
EDITS = {"images": 5, "words": 5, "model": 0, "keywords": 5}  # rows that the examples touch


def counts(path):
    """The revisions, by part."""
    return {part: int(n) for part, n in (line.split("|") for line in sql(path, COUNTS).splitlines())}


def try_examples(path, name):
    """Run the file as an admin would paste it."""
    rows, before = sql(path, ROWS), counts(path)
    expected = sql(path, URLS) + sql(path, LIKELY)
    with open(os.path.join(SOURCE, "sql", "admin.sql"), encoding="utf-8") as file:
        run = subprocess.run(["sqlite3", "-bail", path], stdin=file, capture_output=True, text=True)
    equal((run.returncode, run.stderr), (0, ""), f"{name}: no error")
    ok(rows and sql(path, ROWS) == rows, f"{name}: the rows are as they were")
    equal({part: n - before[part] for part, n in counts(path).items()}, EDITS, f"{name}: each edit was counted")
    equal(run.stdout, expected + sql(path, COUNTS), f"{name}: the rows that it shows")


with tempfile.TemporaryDirectory() as directory:
    new = os.path.join(directory, "new.db")
    serverful("init", "--store", new)
    try_examples(new, "a new store")
    try_examples(new, "once more")
    full = jieba_store(directory)
    ok("清华大学" in sql(full, LIKELY), "jieba's store has words to show")
    try_examples(full, "a store with jieba's words")
done()
