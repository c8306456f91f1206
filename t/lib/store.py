"""Creates stores and snapshots for the tests with the real commands."""

import os
import re
import shutil
import subprocess

import cache
from tap import SERVERFUL, SOURCE

JIEBA = "/usr/lib/python3/dist-packages/jieba"


def serverful(*arguments, **options):
    """Run a subcommand that must succeed. Its standard error is shown only where it fails."""
    run = subprocess.run([SERVERFUL, *arguments], stderr=subprocess.PIPE, text=True, **options)
    if run.returncode:
        raise RuntimeError(f"serverful {' '.join(arguments)} failed with status {run.returncode}: {run.stderr}")


def sql(path, statements):
    """Run statements in the sqlite3 shell, as an admin does. Returns what the shell prints."""
    return subprocess.run(
        ["sqlite3", "-bail", "-cmd", ".timeout 120000", path], input=statements, text=True, check=True, capture_output=True
    ).stdout


def refused(path, statements):
    """Run statements that should fail. Returns what the sqlite3 shell reports, or None where it accepts them."""
    run = subprocess.run(["sqlite3", "-bail", "-cmd", ".timeout 120000", path], input=statements, text=True, capture_output=True)
    return run.stderr if run.returncode else None


with open(os.path.join(SOURCE, "sql", "schema.sql"), encoding="utf-8") as _schema, \
        open(os.path.join(SOURCE, "sql", "views.sql"), encoding="utf-8") as _views:
    # The messages of the schema, by their English halves.
    MESSAGES = {message.split(" / ")[0]: message
                for found in re.findall(r"""CONSTRAINT "([^"]+)"|RAISE\(ABORT,\s+'((?:[^']|'')+)'""", _schema.read() + _views.read())
                for message in ["".join(found).replace("''", "'")]}


def in_both(reason):
    """A reason with a message of the schema at its end, whose Chinese half is put behind it."""
    head, failed, english = reason.rpartition("CHECK constraint failed: ")
    return head + failed + MESSAGES.get(english, english)


def _make(directory):
    """Import jieba's data into a store, and compile its snapshot."""
    store = os.path.join(directory, "serverful.db")
    serverful("init", "--store", store)
    serverful("import", "--store", store)
    sql(store, "PRAGMA wal_checkpoint(TRUNCATE);")
    serverful("snapshot", "--store", store, "--snapshot", os.path.join(directory, "serverful.snapshot"))


def _inputs():
    """The files that decide what is in the store of jieba's data, and in its snapshot."""
    rooms = [os.path.join(SOURCE, "src", room) for room in ("cli", "lexicon", "segmenter", "snapshot", "store", "util")]
    return [os.path.join(top, file) for room in (JIEBA, os.path.join(SOURCE, "sql"), *rooms)
            for top, _, files in os.walk(room) for file in files if not file.endswith(".pyc")]


def _cached(name):
    """The path of a file of the cache, which is made once for each version of the sources and of jieba's data: builds with
    and without sanitizers share it."""
    return os.path.join(cache.made("store-" + cache.digest_of_files(_inputs()), _make), name)


# Confirms all edits, so that the service serves them.
CONFIRM = "UPDATE guard SET confirmed = (SELECT n FROM revision r WHERE r.part = guard.part);"


def jieba_store(directory):
    """Create a store with jieba's words and models and the five images in `directory`. Returns its path."""
    return shutil.copy(_cached("serverful.db"), directory)


def jieba_snapshot(directory):
    """Create the snapshot of such a store in `directory`. Returns its path."""
    return shutil.copy(_cached("serverful.snapshot"), directory)


def store_without(directory, deletions):
    """Create a store with what some statements leave of jieba's data in `directory`. The statements run once for each
    version. Returns its path."""
    def make(cached):
        sql(jieba_store(cached), "UPDATE edit_limit SET max_rows = 0;" + deletions +
            "UPDATE edit_limit SET max_rows = 1000000; PRAGMA wal_checkpoint(TRUNCATE); VACUUM;")
    made = cache.made("store_without-" + cache.digest(deletions, cache.digest_of_files([*_inputs(), __file__])), make)
    return shutil.copy(os.path.join(made, "serverful.db"), directory)


def small_store(directory):
    """Create a store with jieba's frequent words, its model of words and the five images in `directory`. Returns its path."""
    return store_without(directory, "DELETE FROM words WHERE freq < 1000; DELETE FROM idf; DELETE FROM pos_emit; DELETE FROM pos_list;")


def small_snapshot(directory):
    """Create the snapshot of such a store in `directory`. Returns its path."""
    def make(cached):
        serverful("snapshot", "--store", small_store(cached), "--snapshot", os.path.join(cached, "serverful.snapshot"))
    made = cache.made("small_snapshot-" + cache.digest_of_files([*_inputs(), __file__]), make)
    return shutil.copy(os.path.join(made, "serverful.snapshot"), directory)


# A model of parts of speech for one character.
_SMALL_POSSEG = {"prob_emit.py": "P={('B', 'n'): {'\\u6211': -0.25}}\n", "char_state_tab.py": "P={'\\u6211': (('B', 'n'),)}\n"}


def small_jieba_data(directory):
    """Create a directory like that of jieba's data with a few thousand rows, which takes a thirtieth of the time to import.
    Returns its path, which is to be given as --jieba-data."""
    path = os.path.join(directory, "jieba")
    shutil.copytree(JIEBA, path, ignore=lambda _, names: [name for name in names if name.endswith((".txt", ".p"))])
    for name in "dict.txt", "analyse/idf.txt":
        with open(os.path.join(JIEBA, name), encoding="utf-8") as source, open(os.path.join(path, name), "w", encoding="utf-8") as file:
            file.writelines(line for line, _ in zip(source, range(3000)))
    for name, text in _SMALL_POSSEG.items():
        with open(os.path.join(path, "posseg", name), "w", encoding="utf-8") as file:
            file.write(text)
    return path


def snapshot_of_words(directory, words):
    """Create the snapshot of a store with jieba's models and the words of a dictionary file. Returns its path."""
    store = store_without(directory, "DELETE FROM words; UPDATE repeated_words SET freq = 0;")
    serverful("import", "--store", store, "--words", words)
    path = os.path.join(directory, "words.snapshot")
    serverful("snapshot", "--store", store, "--snapshot", path)
    return path
