"""The measurements of bench/segment.py. The peers take turns within each round, since machines are noisy: read the ratios."""

import contextlib
import gzip
import json
import multiprocessing
import os
import random
import sqlite3
import statistics
import subprocess
import tempfile
import time
import urllib.parse

import fcgi
import jieba
import jieba_compare
import store
import texts
from peers import WORK
from service import Pool
from tap import BUILD
from wait import wait_until

MODES = ["hmm", "no-hmm", "full", "search"]
LEAST_NS = 1e8  # least length of one measurement; a fast peer segments the corpus several times
SENTENCE = "我来到北京清华大学\n"


def throughput(peers, corpus, rounds):
    """Return the MB/s by peer and mode, as lists over the rounds. peers[0] is serverful, which has two more: `json`, the bodies of
    /segment, and `limit`, the look-ups that every segmentation needs. Each measurement runs once before as a warm-up."""
    found = {peer.name: {mode: [] for mode in MODES} for peer in peers}
    ours = found[peers[0].name]
    ours["json"], ours["limit"] = [], []

    def measure(runs, peer, *command):
        peer.ask(*command)
        passes = [peer.ask(*command)[0]]
        while sum(passes) < LEAST_NS:
            passes.append(peer.ask(*command)[0])
        runs.append(os.path.getsize(corpus[peer.slow]) * len(passes) / sum(passes) * 1000)

    for peer in peers:
        peer.ask("load", corpus[peer.slow])
    for _ in range(rounds):
        for mode in MODES:
            for peer in peers:
                measure(found[peer.name][mode], peer, "cut", mode)
        measure(ours["json"], peers[0], "json", "hmm")
        measure(ours["limit"], peers[0], "walk")
    return found


def _words(peer, mode, path):
    peer.ask("words", mode, path)
    with open(path, encoding="ascii") as file:
        return file.read().split("\n")[:-1]


def exactness(peers, corpus):
    """Return, by peer and mode, the number of lines of a sample whose words differ from python3-jieba's, and as `of` the number
    of all lines."""
    reference = next((peer for peer in peers if peer.name == "python3-jieba"), None)
    if not reference:
        return {}
    others = [peer for peer in peers if peer is not reference]
    found = {peer.name: {} for peer in others}
    for peer in peers:
        peer.ask("load", corpus[True])
    with tempfile.NamedTemporaryFile() as out:
        for mode in MODES:
            expected = _words(reference, mode, out.name)
            for peer in others:
                found[peer.name][mode] = sum(a != b for a, b in zip(expected, _words(peer, mode, out.name), strict=True))
                found[peer.name]["of"] = len(expected)
    return found


def starts(peers, snapshot, rounds):
    """Return the ms from exec to exit with one sentence, and the peak memory in MB, as lists by command. The command of a peer is
    its driver; serverful is measured as `serverful segment`."""
    with tempfile.TemporaryDirectory() as directory:
        sentence, script = os.path.join(directory, "sentence"), os.path.join(directory, "script")
        with open(sentence, "w", encoding="utf-8") as file:
            file.write(SENTENCE)
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"load {sentence}\ncut hmm\nquit\n")
        segment = [os.path.join(BUILD, "serverful"), "segment", "--snapshot", snapshot]
        commands = {"/bin/true": (["/bin/true"], sentence, None), "serverful segment": (segment, sentence, None)}
        commands |= {peer.name: (peer.command, script, peer.directory) for peer in peers[1:]}
        found = {name: {"ms": [], "MB": []} for name in commands}
        for turn in range(rounds):
            for name, (command, given, cwd) in commands.items():
                if turn < 5 or name in ("/bin/true", "serverful segment"):
                    ms, mb = run_once(command, given, cwd)
                    found[name]["ms"].append(ms)
                    found[name]["MB"].append(mb)
    return found


def run_once(command, given, cwd):
    """Run a command once. Return the ms from fork to exit, and the peak memory in MB."""
    with open(given, "rb") as stdin:
        out = subprocess.run([os.path.join(WORK, "run_once"), *command], stdin=stdin, cwd=cwd, check=True,
                             capture_output=True, text=True).stdout
    ns, kib, status = map(int, out.split())
    if status:
        raise RuntimeError(f"{command[0]} failed with exit status {status}")
    return ns / 1e6, kib * 1024 / 1e6


def _differing(part):
    snapshot, seed, n = part
    jieba.setLogLevel(60)
    found = jieba_compare.differences(jieba.dt, os.path.join(BUILD, "t", "cut_records"), snapshot, texts.generated(seed, n))
    return [len(different) for different in found]


def differing(snapshot, lines, seeds):
    """Return, by mode, the number of generated lines whose words differ from jieba's. `lines` come from each of the seeds."""
    with multiprocessing.Pool() as workers:
        counts = workers.map(_differing, [(snapshot, 1000 + i, lines) for i in range(seeds)], 1)
    return dict(zip(jieba_compare.MODES, map(sum, zip(*counts))))


def snapshot(directory, rounds):
    """Return the sizes of the snapshot in MB, and the seconds to compile it from SQLite, as lists."""
    path, db = os.path.join(directory, "new.snapshot"), store.jieba_store(directory)
    compiled = []
    for _ in range(rounds):
        if os.path.exists(path):
            os.unlink(path)
        begin = time.perf_counter()
        store.serverful("snapshot", "--store", db, "--snapshot", path)
        compiled.append(time.perf_counter() - begin)
    with open(path, "rb") as file:
        content = file.read()
    return {"MB": [len(content) / 1e6], "MB gzipped": [len(gzip.compress(content)) / 1e6], "s to compile": compiled}


def _connect_to_each(pool, stack):
    """Return a connection to each worker. Connections that are opened at the same time are accepted by all workers, and each stays
    with its worker, which is the one that works while it answers /status."""
    found = {}

    def look():
        for connection in [stack.enter_context(fcgi.Connection(pool.socket)) for _ in range(8 * pool.n)]:
            workers = json.loads(connection.exchange(fcgi.get("/status")).body)["workers"]
            working = [worker["pid"] for worker in workers if worker["state"] == "working"]
            if len(working) == 1:  # the worker that has answered just before may still be at it
                found.setdefault(working[0], connection)
        return len(found) == pool.n

    wait_until(look, "a connection to each worker")
    return list(found.values())


def edits(rounds):
    """Return the seconds from the commit of a new word until all workers of a running pool return it as one word, as a list."""
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        path = store.jieba_store(directory)
        store.jieba_snapshot(directory)
        pool = Pool(directory)
        stack.callback(pool.stop)
        pool.await_workers()
        workers = _connect_to_each(pool, stack)
        db = stack.enter_context(contextlib.closing(sqlite3.connect(path, isolation_level=None)))
        rng = random.Random(rounds)
        seen = []
        for turn in range(rounds):
            time.sleep(rng.uniform(0, 0.2))  # edits come at any time between two polls of the store
            seen.append(_edit(db, workers, turn))
        return seen


def _edit(db, workers, turn):
    word = f"架构甲乙丙丁{'子丑寅卯辰巳午未申酉戌亥'[turn % 12]}{turn}号"
    request = fcgi.get("/segment", "text=" + urllib.parse.quote(word))
    db.execute("INSERT INTO words (word, freq) VALUES (?, 100000)", (word,))
    begin = time.perf_counter()
    for worker in workers:
        wait_until(lambda: json.loads(worker.exchange(request).body)["words"] == [word], "the edit")
    return time.perf_counter() - begin


def median(found):
    """Return the same structure with each list replaced by its median."""
    if isinstance(found, list):
        return statistics.median(found)
    return {name: median(inner) for name, inner in found.items()} if isinstance(found, dict) else found
