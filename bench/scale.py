#!/usr/bin/python3
"""Compare a store of a million images and a million words with one of five images and jieba's words: import, compilation, start,
edits, requests and memory. SERVERFUL_BUILD names the build directory."""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import fcgi
import store
from service import Pool
from wait import wait_until


def generate(directory, n):
    """Write files with n words of two to five characters and n image URLs. Return their paths."""
    rng = random.Random(7)
    words = set()
    while len(words) < n:
        words.add("".join(chr(rng.randint(0x4E00, 0x4E00 + 6000)) for _ in range(rng.choice((2, 2, 3, 4, 5)))))
    paths = os.path.join(directory, "words.txt"), os.path.join(directory, "images.txt")
    with open(paths[0], "w", encoding="utf-8") as file:
        file.writelines(f"{word} {rng.randint(1, 10000)}\n" for word in sorted(words))
    with open(paths[1], "w", encoding="utf-8") as file:
        file.writelines(f"https://images.example.org/{i:07}.jpg\n" for i in range(n))
    return paths


def timed(act, *arguments, **options):
    begin = time.perf_counter()
    act(*arguments, **options)
    return time.perf_counter() - begin


def large_store(directory, n):
    words, images = generate(directory, n)
    db = store.jieba_store(directory)
    store.sql(db, "DELETE FROM words; DELETE FROM images;")
    took = timed(store.serverful, "import", "--store", db, "--words", words, "--images", images)
    print(f"  import of {n} words and {n} images: {took:.1f} s")
    return db


def get(pool, path, query=""):
    with fcgi.Connection(pool.socket) as connection:
        return json.loads(connection.exchange(fcgi.get(path, query), keep=False).body)


def edits(pool, db, rounds):
    """Return the seconds from the end of sqlite3, after its commit, until the edit shows, as lists."""
    found = {"word": [], "image": []}
    for turn in range(rounds):
        word = f"甲乙丙丁戊己庚{turn}辛"
        query = "text=" + urllib.parse.quote(word)
        store.sql(db, f"INSERT INTO words (word, freq) VALUES ('{word}', 100000);")
        found["word"].append(timed(wait_until, lambda: get(pool, "/segment", query)["words"] == [word], "the word"))
        revision = get(pool, "/status")["snapshot"]["revisions"]["images"]
        store.sql(db, f"INSERT INTO images (url) VALUES ('https://example.org/{turn}.jpg');")
        found["image"].append(timed(wait_until, lambda: get(pool, "/status")["snapshot"]["revisions"]["images"] > revision, "the image"))
    return found


def memory(pid):
    """Return the resident and the proportional size of a process in MB."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in file if "kB" in line}
    return sizes["Rss"], sizes["Pss"]


def processor_time(pool):
    """Return the µs of processor time that the workers of a pool have used."""
    total = 0
    for pid in pool.workers():
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0]) / 1000
    return total


def image_times(pools, n):
    """Return for each pool the median µs of a request for a random image on a kept connection, and the µs of processor time that it
    takes. The pools take turns."""
    asked, times = fcgi.get("/random-image"), [[] for _ in pools]
    connections = [fcgi.Connection(pool.socket) for pool in pools]
    before = [processor_time(pool) for pool in pools]
    for _ in range(n):
        for connection, found in zip(connections, times):
            begin = time.perf_counter_ns()
            connection.exchange(asked)
            found.append((time.perf_counter_ns() - begin) / 1000)
    for connection in connections:
        connection.socket.close()
    used = [(processor_time(pool) - begin) / n for pool, begin in zip(pools, before)]
    return [statistics.median(found) for found in times], used


def start(directory, db):
    """Start a pool. Return it, and the seconds until its first response."""
    begin = time.perf_counter()
    pool = Pool(directory, workers=2, store=db)
    wait_until(lambda: os.path.exists(pool.socket), "the socket")
    get(pool, "/calculator", "num1=1&num2=2&operator=add")
    return pool, time.perf_counter() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=1000000, help="number of images and of words (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="number of edits of each kind (default: %(default)s)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as small, tempfile.TemporaryDirectory() as large:
        pools = []
        for name, directory in (("5 images and jieba's words", small), (f"{arguments.n} of each", large)):
            print(name)
            db = large_store(directory, arguments.n) if directory is large else store.jieba_store(directory)
            snapshot = os.path.join(directory, "serverful.snapshot")
            took = timed(store.serverful, "snapshot", "--store", db, "--snapshot", snapshot)
            print(f"  compiled in {took:.2f} s into a snapshot of {os.path.getsize(snapshot) / 1e6:.1f} MB")
            os.unlink(snapshot)
            pool, cold = start(directory, db)
            pool.stop()
            pool, warm = start(directory, db)
            print(f"  start to first response: {cold:.2f} s without a snapshot, {warm:.3f} s with one")
            found = edits(pool, db, arguments.rounds)
            print("  edits show after " + ", ".join(f"{what} {max(seconds):.2f} s (the slowest of {len(seconds)})"
                                                       for what, seconds in found.items()))
            pools.append(pool)
        for what, (few, many) in zip(("takes", "takes a worker"), image_times(pools, 20000)):
            print(f"a random image {what} {few:.1f} and {many:.1f} µs (ratio {many / few:.2f})")
        for pool in pools:
            for name, pid in (("supervisor", pool.pid), ("worker", pool.workers()[0])):
                print("%s: %.1f MB resident, %.1f MB proportional" % (name, *memory(pid)))
            pool.stop()


if __name__ == "__main__":
    main()
