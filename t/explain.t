#!/usr/bin/python3
"""explain: its words are those of the answer, and its graph, route, runs and suggestions those of python3-jieba; what
it says that a change of the store would do is what it does. And how many texts a batch takes."""

import math
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.finalseg as finalseg
import oracle
import store
import texts
from ask import ask
from tap import done, equal, ok

SEEDS = [11, 12]
LINES_A_SEED = texts.size(250, 700)
CHANGES = texts.size(12, 24)  # that are made for real, in jieba's dictionary
SMALL_CHANGES = texts.size(30, 150)
KNOWN = ["他来到了网易杭研大厦", "研究生命起源", "南京市长江大桥", "我来到北京清华大学，B超abc1.5%和T恤\r\nC++", "", "，", "一" * 1000]

# Rows on which it shows: ties, a run of characters that is a row and is given character by character, Latin rows.
SMALL = """\
我 100 r
们 50 r
我们 100 r
我们的 20 r
的 200 u
北京 10 ns
京城 10 ns
北京城 1 ns
单 9000 a
字 9000 n
单字 1 n
b超 3 n
bc 5 x
c 2 x
甲 7 n
丙 7 n
甲乙 10 n
乙丙 10 n
"""
SMALL_ALPHABET = "我们的北京城单字单字杭研甲乙丙bc超1，"


class Wrong:
    """Collects what is wrong, by what was looked at."""

    def __init__(self, *names):
        self.found = {name: [] for name in names}

    def check(self, name, got, expected, text):
        if got != expected:
            self.found[name].append(f"{text!r}\n  got:      {got!r:.600}\n  expected: {expected!r:.600}")

    def report(self, what):
        for name, found in self.found.items():
            ok(not found, f"{what}: {name}: {len(found)} wrong", "\n".join(found[:3]))


def graph_of(tokenizer, block):
    """jieba's word graph: (word, start, end, freq, logp)."""
    total = math.log(tokenizer.total)
    for i, ends in tokenizer.get_DAG(block).items():
        for end in ends:
            word = block[i:end + 1]
            freq = tokenizer.FREQ.get(word) or None
            yield word, i, end + 1, freq, math.log(freq or 1) - total


def route_of(tokenizer, block):
    """jieba's route, and its sum."""
    route, words, i = {}, [], 0
    tokenizer.calc(block, tokenizer.get_DAG(block), route)
    while i < len(block):
        words.append(block[i:route[i][1] + 1])
        i = route[i][1] + 1
    return words, route[0][0]


def runs_of(tokenizer, route):
    """What jieba gives to its model: runs of single characters that are no word."""
    runs, run = [], ""
    for word in [*route, "  "]:
        if len(word) == 1:
            run += word
            continue
        if len(run) > 1 and not tokenizer.FREQ.get(run):
            runs.append((run, list(finalseg.cut(run))))
        run = ""
    return runs


class Jieba:
    """What jieba says of texts, blocks and words, each computed once."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.words = oracle.remember(words_of, tokenizer)
        self.parts = oracle.remember(parts_of, tokenizer)
        self.pieces = oracle.remember(pieces_of, tokenizer)
        self.suggestion = oracle.remember(suggestion_of, tokenizer)

    def freq(self, word):
        return self.tokenizer.FREQ.get(word)


def words_of(tokenizer, text_and_hmm):
    text, hmm = text_and_hmm
    return tokenizer.lcut(text, HMM=hmm)


def parts_of(tokenizer, block):
    """The word graph of a block, its best path, the sum of that, and the runs that the model cuts."""
    route, logp = route_of(tokenizer, block)
    return list(graph_of(tokenizer, block)), route, logp, runs_of(tokenizer, route)


def suggestion_of(tokenizer, segment):
    """The frequency that jieba suggests for a word, or for a tuple of pieces."""
    return tokenizer.suggest_freq(segment)


def sql_of(of_jieba, word, freq):
    if freq == 0:
        return f"DELETE FROM words WHERE word = '{word}';"
    if of_jieba.freq(word):
        return f"UPDATE words SET freq = {freq} WHERE word = '{word}';"
    return f"INSERT INTO words (word, freq) VALUES ('{word}', {freq});"


def pieces_of(tokenizer, word):
    """The likeliest pieces of a word besides itself."""
    freq, tokenizer.FREQ[word] = tokenizer.FREQ[word], 0
    pieces, _ = route_of(tokenizer, word)
    tokenizer.FREQ[word] = freq
    return pieces


def suggested(of_jieba, words, runs):
    """The changes that are due in a block: (do, pieces)."""
    for i, word in enumerate(words):
        if len(word["word"]) > 1 and word["from"] == "model":
            yield "keep", list(word["word"])
        if len(word["word"]) > 1 and word["from"] == "words":
            yield "split", of_jieba.pieces(word["word"])
        if i + 1 < len(words):
            yield "join", [word["word"], words[i + 1]["word"]]
        for run in runs:
            if run["start"] == word["start"] and len(run["words"]) > 2:
                yield "join", run["words"]


def look_at_block(wrong, of_jieba, block, hmm, text):
    """Compare what is said of a block with jieba."""
    at = block["start"]
    graph = [(e["word"], e["start"] - at, e["end"] - at, e["freq"], e["logp"]) for e in block["graph"]]
    expected, route, logp, expected_runs = of_jieba.parts(block["text"])
    wrong.check("graph", graph, expected, text)
    wrong.check("route", (block["route"], block["route_logp"]), (route, logp), text)
    wrong.check("route", [e["word"] for e in block["graph"] if e["on_route"]], route, text)
    runs = [(run["text"], run["words"]) for run in block["model"]]
    wrong.check("runs", runs, expected_runs if hmm else [], text)
    for word in block["words"]:
        wrong.check("rows", word["freq"], of_jieba.freq(word["row"]) if word["from"] == "words" else None, text)
        wrong.check("rows", word["row"] is None, word["from"] != "words", text)
        in_run = any(run["start"] <= word["start"] < run["end"] for run in block["model"])
        wrong.check("rows", word["from"] == "model", in_run and word["word"][0] >= "\u4e00", text)
        if word["from"] == "words" and not word["word"] == word["row"]:
            wrong.check("rows", len(word["word"]) == 1 and word["row"] in text, True, text)
    look_at_changes(wrong, of_jieba, block, text)


def look_at_changes(wrong, of_jieba, block, text):
    due = []
    for do, pieces in suggested(of_jieba, block["words"], block["model"]):
        word = "".join(pieces)
        freq = of_jieba.suggestion(tuple(pieces) if do == "split" else word)
        if len(word) <= 64 and freq != (of_jieba.freq(word) or 0):
            due.append((do, word, pieces, freq, sql_of(of_jieba, word, freq)))
    got = [(c["do"], c["word"], c["pieces"], c["freq"], c["sql"]) for c in block["changes"]]
    wrong.check("changes", got, due, text)
    for change in block["changes"]:
        wanted = change["pieces"] if change["do"] == "split" else [change["word"]]
        wrong.check("what works", change["works"], change["gives"] == wanted, text)


def positions(answer, text):
    """Whether all parts are where they are said to be, and cover the text; the words of all."""
    at, words, good = 0, [], True
    for block in answer["blocks"]:
        good &= block["start"] == at and block["text"] == text[at:block["end"]]
        for word in block["words"]:
            good &= word["start"] == at and word["word"] == text[at:word["end"]]
            words.append(word["word"])
            at = word["end"]
        good &= at == block["end"]
    return words, good and at == len(text)


def compare(tokenizer, snapshot, lines, what):
    """Compare the explanations of texts with jieba, with and without the model. Returns them."""
    wrong = Wrong("words", "positions", "graph", "route", "runs", "rows", "changes", "what works")
    of_jieba = Jieba(tokenizer)
    asked = [(text, hmm) for text in lines for hmm in (True, False)]
    answers = ask(snapshot, [{"text": text, "hmm": hmm, "explain": 1} for text, hmm in asked])
    for (text, hmm), (status, body) in zip(asked, answers):
        explained, good = positions(body["explain"], text)
        expected = of_jieba.words((text, hmm))
        wrong.check("words", (status, explained, body["words"]), (200, expected, expected), text)
        wrong.check("positions", good, True, text)
        wrong.check("graph", body["explain"]["total"], tokenizer.total, text)
        for block in body["explain"]["blocks"]:
            if block["kind"] == "block":
                look_at_block(wrong, of_jieba, block, hmm, text)
    wrong.report(what)
    return [(text, hmm, body["explain"]) for (text, hmm), (_, body) in zip(asked, answers)]


def overlapping(words, start, end):
    """Those of the words that overlap [start, end)."""
    at, found = 0, []
    for word in words:
        if at < end and at + len(word) > start:
            found.append(word)
        at += len(word)
    return found


def make_changes(db, directory, explained, n, what):
    """Make some of the changes that explanations name, of every kind, and see whether they do what was said."""
    rng = random.Random(5)
    kinds = {}
    for text, hmm, explanation in explained:
        for block in explanation["blocks"]:
            for change in block.get("changes", []):
                key = change["do"], change["works"], change["sql"].split()[0], hmm
                kinds.setdefault(key, []).append((text, hmm, change))
    chosen = [rng.choice(kinds[key]) for key in sorted(kinds)]
    chosen += [rng.choice(kinds[rng.choice(sorted(kinds))]) for _ in range(n - len(chosen))]
    ok(len(kinds) >= 8, f"{what}: changes of {len(kinds)} kinds")
    snapshot, wrong = os.path.join(directory, "changed.snapshot"), []
    for text, hmm, change in chosen:
        word = change["word"]
        before = store.sql(db, f"SELECT freq || ', ' || quote(tag) FROM words WHERE word = '{word}';").strip()
        store.sql(db, change["sql"])
        store.serverful("snapshot", "--store", db, "--snapshot", snapshot)
        (_, body), = ask(snapshot, [{"text": text, "hmm": hmm}])
        got = overlapping(body["words"], change["start"], change["end"])
        if got != change["gives"]:
            wrong.append(f"{text!r}, hmm {hmm}: {change}\n  got {got}")
        store.sql(db, f"DELETE FROM words WHERE word = '{word}';"
                  + (f"INSERT INTO words VALUES ('{word}', {before});" if before else ""))
    ok(not wrong, f"{what}: {len(chosen)} changes do what was said", "\n".join(wrong[:3]))


def short(lines):
    return [line[:1000] for line in lines]


def test_jieba(directory):
    """jieba's own dictionary."""
    db, snapshot = store.jieba_store(directory), store.jieba_snapshot(directory)
    explained = compare(jieba.dt, snapshot, KNOWN, "known texts")
    for seed in SEEDS:
        explained += compare(jieba.dt, snapshot, short(texts.generated(seed, LINES_A_SEED)), f"seed {seed}")
    manuals = texts.manuals()
    compare(jieba.dt, snapshot, short(manuals[:: max(1, len(manuals) // texts.size(250, 700))]), "manual pages")
    make_changes(db, directory, explained, CHANGES, "jieba")


def test_small(directory):
    """A small dictionary, on which jieba's ways show."""
    path = os.path.join(directory, "small.txt")
    with open(path, "w", encoding="utf-8") as out:
        out.write(SMALL)
    tokenizer = jieba.Tokenizer(path)
    tokenizer.tmp_dir = directory
    snapshot = store.snapshot_of_words(directory, path)
    rng = random.Random(3)
    lines = ["".join(rng.choice(SMALL_ALPHABET) for _ in range(rng.randint(1, 20))) for _ in range(texts.size(500, 1500))]
    explained = compare(tokenizer, snapshot, ["单字", "我们单字的", *lines], "small dictionary")
    single = [word for _, _, explanation in explained for block in explanation["blocks"] for word in block["words"]
              if word["row"] == "单字" and word["word"] == "单"]
    ok(single, "a row that is not taken, and decides that its characters are given alone")
    make_changes(os.path.join(directory, "serverful.db"), directory, explained, SMALL_CHANGES, "small dictionary")


def test_batch(directory):
    """As many texts as a batch may have, and one more."""
    snapshot = store.jieba_snapshot(directory)
    (good, body), (bad, error) = ask(snapshot, [{"texts": ["北京大学"] * n} for n in (10000, 10001)])
    equal((good, body), (200, {"results": [{"words": ["北京大学"]}] * 10000}), "10,000 texts")
    equal((bad, error), (413, {"error": "Too many texts: at most 10000"}), "10,001 texts")


jieba.setLogLevel(60)
jieba.initialize()
for test in (test_jieba, test_small, test_batch):
    with tempfile.TemporaryDirectory(prefix="serverful-") as where:
        test(where)
done()
