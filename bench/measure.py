"""What bench/segment.py measures. Peers take turns within each round, since machines are noisy: read the ratios."""

import gzip
import json
import os
import statistics
import subprocess
import tempfile
import time
import urllib.parse
from multiprocessing import Pool

import jieba
import jieba_compare
import store
import texts
from http_client import Client
from peers import WORK
from service import Service, await_that
from tap import BUILD

MODES = ["hmm", "no-hmm", "full", "search"]
SENTENCE = "我来到北京清华大学\n"


def throughput(peers, corpus, rounds):
    """MB/s by peer and mode, a list over the rounds: peers[0] is ours, and has two more, `json`, the bodies that
    /segment answers, and `limit`, the look-ups that no cut can do without. Before each
    measurement the same runs once for warmth."""
    found = {peer.name: {mode: [] for mode in MODES} for peer in peers}
    ours = found[peers[0].name]
    ours["json"], ours["limit"] = [], []

    def measure(runs, peer, *command):
        peer.ask(*command)
        ns = peer.ask(*command)[0]
        runs.append(os.path.getsize(corpus[peer.slow]) / ns * 1000)

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
    """The share in % of the lines of a sample on which a peer gives python3-jieba's words, by peer and mode."""
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
                same = sum(a == b for a, b in zip(expected, _words(peer, mode, out.name)))
                found[peer.name][mode] = 100 * same / len(expected)
    return found


def starts(peers, snapshot, rounds):
    """Milliseconds and peak MB of memory from exec to exit with one sentence, lists by command. A peer's driver is
    its program here; that of `serverful segment` is the command itself."""
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
    """Milliseconds from fork to exit, and MB of memory at the peak."""
    with open(given, "rb") as stdin:
        out = subprocess.run([os.path.join(WORK, "run_once"), *command], stdin=stdin, cwd=cwd, check=True,
                             capture_output=True, text=True).stdout
    ns, kib, status = map(int, out.split())
    if status:
        raise RuntimeError(f"{command[0]} has ended with status {status}")
    return ns / 1e6, kib / 1024


def _differing(part):
    snapshot, seed, n = part
    jieba.setLogLevel(60)
    found = jieba_compare.differences(jieba.dt, os.path.join(BUILD, "t", "cut_records"), snapshot, texts.generated(seed, n))
    return [len(different) for different in found]


def differing(snapshot, lines, seeds=25):
    """How many lines, generated from as many seeds, differ from jieba's, by mode."""
    with Pool() as workers:
        counts = workers.map(_differing, [(snapshot, 1000 + i, lines // seeds) for i in range(seeds)], 1)
    return dict(zip(jieba_compare.MODES, map(sum, zip(*counts))))


def snapshot(directory, rounds):
    """Sizes in MB, seconds to compile from SQLite, and until an edit of one word shows in a running pool (lists)."""
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
    return {"MB": [len(content) / 1e6], "MB gzipped": [len(gzip.compress(content)) / 1e6], "s to compile": compiled,
            "s until an edit shows": edits(rounds)}


def edits(rounds):
    """Seconds from the return of sqlite3, which has committed a new word, until the word comes out in one piece."""
    seen = []
    with Service() as service, Client(service.port) as client:
        for turn in range(rounds):
            word = f"架构甲乙丙丁{'子丑寅卯辰巳午未申酉戌亥'[turn % 12]}{turn}号"
            target = "/segment?text=" + urllib.parse.quote(word)
            store.sql(service.db, f"INSERT INTO words (word, freq) VALUES ('{word}', 100000);")
            begin = time.perf_counter()
            await_that(lambda: len(json.loads(client.get(target).body)["words"]) == 1, "the edit")
            seen.append(time.perf_counter() - begin)
    return seen


def median(found):
    """The same, with each list replaced by its median."""
    if isinstance(found, list):
        return statistics.median(found)
    return {name: median(inner) for name, inner in found.items()} if isinstance(found, dict) else found
