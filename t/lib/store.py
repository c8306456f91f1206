"""Creates stores and snapshots for the tests with the real commands."""

import fcntl
import os
import shutil
import subprocess

from tap import BUILD, SERVERFUL

CACHE = os.path.join(BUILD, "t-store")


def serverful(*arguments, **options):
    """Run a subcommand that must succeed."""
    return subprocess.run([SERVERFUL, *arguments], check=True, **options)


def sql(path, statements):
    """Run statements in the sqlite3 shell, as an admin does. Returns what the shell prints."""
    return subprocess.run(
        ["sqlite3", "-bail", "-cmd", ".timeout 5000", path], input=statements, text=True, check=True, capture_output=True
    ).stdout


def refused(path, statements):
    """Run statements that should fail. Returns what the sqlite3 shell reports, or None where it accepts them."""
    run = subprocess.run(["sqlite3", "-bail", path], input=statements, text=True, capture_output=True)
    return run.stderr if run.returncode else None


def _fill_cache():
    """Import jieba's data once for all tests of a build, since that takes seconds."""
    done = os.path.join(CACHE, "serverful.snapshot")
    if os.path.exists(done) and os.path.getmtime(done) > os.path.getmtime(SERVERFUL):
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    os.makedirs(CACHE)
    store = os.path.join(CACHE, "serverful.db")
    serverful("init", "--store", store)
    serverful("import", "--store", store)
    sql(store, "PRAGMA wal_checkpoint(TRUNCATE);")
    serverful("snapshot", "--store", store, "--snapshot", done)


def _copy(directory, name):
    os.makedirs(BUILD, exist_ok=True)
    with open(os.path.join(BUILD, "t-store.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _fill_cache()
        return shutil.copy(os.path.join(CACHE, name), directory)


def jieba_store(directory):
    """Create a store with jieba's words and models and the five images in `directory`. Returns its path."""
    return _copy(directory, "serverful.db")


def jieba_snapshot(directory):
    """Create the snapshot of such a store in `directory`. Returns its path."""
    return _copy(directory, "serverful.snapshot")


def snapshot_of_words(directory, words):
    """Create the snapshot of a store with jieba's models and the words of a dictionary file. Returns its path."""
    store = jieba_store(directory)
    sql(store, "DELETE FROM words; UPDATE repeated_words SET freq = 0;")
    serverful("import", "--store", store, "--words", words)
    path = os.path.join(directory, "words.snapshot")
    serverful("snapshot", "--store", store, "--snapshot", path)
    return path
