#!/usr/bin/python3
"""explain=1: the words are those of the answer; the graph, best path, runs and suggestions are jieba's; and each statement that
it lists under `changes` reaches its aim once the store is compiled, and none under `has_no_effect` does. Also tests how many texts
a batch can have."""

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
from tap import SERVERFUL, done, equal, is_watched, ok, plan, skip

SEEDS = [11, 12]
LINES_A_SEED = texts.size(250, 700)
CHANGES = texts.size(12, 24)  # The number of changes to make in a store with jieba's words.
SMALL_CHANGES = texts.size(30, 150)  # The number of changes to make in a store with the small dictionary.
KNOWN = ["他来到了网易杭研大厦", "研究生命起源", "南京市长江大桥", "我来到北京清华大学，B超abc1.5%和T恤\r\nC++", "", "，", "一" * 1000]

# A dictionary for ties between paths, a run of single characters that is a word, and Latin words.
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
    """Collects differences by topic."""

    def __init__(self, *names):
        self.found = {name: [] for name in names}

    def check(self, name, got, expected, text):
        if got != expected:
            self.found[name].append(f"{text!r}\n  got:      {got!r:.600}\n  expected: {expected!r:.600}")

    def report(self, what):
        for name, found in self.found.items():
            ok(not found, f"{what}: {name} are as expected ({len(found)} are not)", "\n".join(found[:3]))


def graph_of(tokenizer, block):
    """jieba's word graph: (word, start, end, freq, logp)."""
    total = math.log(tokenizer.total)
    for i, ends in tokenizer.get_DAG(block).items():
        for end in ends:
            word = block[i:end + 1]
            freq = tokenizer.FREQ.get(word) or None
            yield word, i, end + 1, freq, math.log(freq or 1) - total


def best_path_of(tokenizer, block):
    """jieba's best path (its route), and the sum of its log probabilities."""
    route, words, i = {}, [], 0
    tokenizer.calc(block, tokenizer.get_DAG(block), route)
    while i < len(block):
        words.append(block[i:route[i][1] + 1])
        i = route[i][1] + 1
    return words, route[0][0]


def runs_of(tokenizer, path):
    """The runs that jieba's model cuts: single characters of the best path that together are not a word."""
    runs, run = [], ""
    for word in [*path, "  "]:
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
    path, logp = best_path_of(tokenizer, block)
    return list(graph_of(tokenizer, block)), path, logp, runs_of(tokenizer, path)


def suggestion_of(tokenizer, segment):
    """The frequency that jieba suggests for a word, or for a tuple of pieces."""
    return tokenizer.suggest_freq(segment)


def sql_of(of_jieba, word, freq):
    if of_jieba.freq(word):
        return f"UPDATE words SET freq = {freq} WHERE word = '{word}';"
    return f"INSERT INTO words (word, freq) VALUES ('{word}', {freq});"


def pieces_of(tokenizer, word):
    """The words of the best path through a word without the word itself."""
    freq, tokenizer.FREQ[word] = tokenizer.FREQ[word], 0
    pieces, _ = best_path_of(tokenizer, word)
    tokenizer.FREQ[word] = freq
    return pieces


def suggested(of_jieba, words, runs):
    """The changes to expect for a block: (do, pieces, frequency); None for that of jieba's suggest_freq()."""
    for i, word in enumerate(words):
        if len(word["word"]) > 1 and word["from"] == "model":
            yield "keep", list(word["word"]), None
            yield "split", list(word["word"]), 0
        if len(word["word"]) > 1 and word["from"] == "words":
            yield "split", of_jieba.pieces(word["word"]), None
        if i + 1 < len(words):
            yield "join", [word["word"], words[i + 1]["word"]], None
        for run in runs:
            if run["start"] == word["start"] and len(run["words"]) > 2:
                yield "join", run["words"], None


def check_block(wrong, of_jieba, block, hmm, text):
    """Compare the explanation of a block with jieba."""
    at = block["start"]
    graph = [(e["word"], e["start"] - at, e["end"] - at, e["freq"], e["logp"]) for e in block["graph"]]
    expected, path, logp, expected_runs = of_jieba.parts(block["text"])
    wrong.check("graphs", graph, expected, text)
    wrong.check("best paths", (block["route"], block["route_logp"]), (path, logp), text)
    wrong.check("best paths", [e["word"] for e in block["graph"] if e["on_route"]], path, text)
    runs = [(run["text"], run["words"]) for run in block["model"]]
    wrong.check("runs", runs, expected_runs if hmm else [], text)
    for word in block["words"]:
        wrong.check("rows", word["freq"], of_jieba.freq(word["row"]) if word["from"] == "words" else None, text)
        wrong.check("rows", word["row"] is None, word["from"] != "words", text)
        in_run = any(run["start"] <= word["start"] < run["end"] for run in block["model"])
        wrong.check("rows", word["from"] == "model", in_run and word["word"][0] >= "\u4e00", text)
        if word["from"] == "words" and not word["word"] == word["row"]:
            wrong.check("rows", len(word["word"]) == 1 and word["row"] in text, True, text)
    check_changes(wrong, of_jieba, block, text)


def check_changes(wrong, of_jieba, block, text):
    """Compare the suggested changes of a block with jieba's suggest_freq()."""
    due = []
    for do, pieces, freq in suggested(of_jieba, block["words"], block["model"]):
        word = "".join(pieces)
        if freq is None:
            freq = of_jieba.suggestion(tuple(pieces) if do == "split" else word)
        if len(word) <= 64 and freq != (of_jieba.freq(word) or None):
            due.append((do, word, pieces, freq, sql_of(of_jieba, word, freq)))
    both = []
    for name, works in (("changes", True), ("has_no_effect", False)):
        got, rest = [(c["do"], c["word"], c["pieces"], c["freq"], c["sql"]) for c in block[name]], iter(due)
        wrong.check("changes", all(change in rest for change in got), True, text)  # they have the order of `due`
        wrong.check("predicted effects", [(c["works"], c["gives"] == aim_of(c)) for c in block[name]], [(works, works)] * len(got), text)
        both += got
    wrong.check("changes", sorted(both), sorted(due), text)


def aim_of(change):
    """The words that a change is to give."""
    return change["pieces"] if change["do"] == "split" else [change["word"]]


def all_changes(explanation):
    """The changes of all blocks, with effect or without."""
    return [change for block in explanation["blocks"] if block["kind"] == "block" for change in block["changes"] + block["has_no_effect"]]


def positions(answer, text):
    """Return all words, and whether the positions are right and the parts cover the text."""
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
    """Compare explanations with jieba, with and without the model: eight results. Returns the explanations."""
    wrong = Wrong("words", "positions", "graphs", "best paths", "runs", "rows", "changes", "predicted effects")
    of_jieba = Jieba(tokenizer)
    asked = [(text, hmm) for text in lines for hmm in (True, False)]
    answers = ask(snapshot, [{"text": text, "hmm": hmm, "explain": 1} for text, hmm in asked])
    for (text, hmm), (status, body) in zip(asked, answers):
        explained, good = positions(body["explain"], text)
        expected = of_jieba.words((text, hmm))
        wrong.check("words", (status, explained, body["words"]), (200, expected, expected), text)
        wrong.check("positions", good, True, text)
        wrong.check("graphs", body["explain"]["total"], tokenizer.total, text)
        for block in body["explain"]["blocks"]:
            if block["kind"] == "block":
                check_block(wrong, of_jieba, block, hmm, text)
    wrong.report(what)
    return [(text, hmm, body["explain"]) for (text, hmm), (_, body) in zip(asked, answers)]


def overlapping(words, start, end):
    """The words that overlap [start, end)."""
    at, found = 0, []
    for word in words:
        if at < end and at + len(word) > start:
            found.append(word)
        at += len(word)
    return found


def some_of_each_kind(listed, n):
    """Choose n of the listed changes, of every kind at least one. Returns them, and the number of kinds."""
    rng = random.Random(5)
    kinds = {}
    for text, hmm, change in listed:
        key = change["do"], change["works"], change["sql"].split()[0], hmm
        kinds.setdefault(key, []).append((text, hmm, change))
    for changes in kinds.values():
        rng.shuffle(changes)
    first = [kinds[key].pop() for key in sorted(kinds)]
    rest = [change for key in sorted(kinds) for change in kinds[key]]
    return first + rng.sample(rest, min(len(rest), max(0, n - len(first)))), len(kinds)


def make_changes(db, directory, explained, n, what):
    """Make some suggested changes of every kind in the store, and test that each has the predicted effect."""
    listed = [(text, hmm, change) for text, hmm, explanation in explained for change in all_changes(explanation)]
    chosen, n_kinds = some_of_each_kind(listed, n)
    ok(n_kinds >= 8, f"{what}: at least 8 kinds of changes are suggested ({n_kinds})")
    wrong = try_changes(db, directory, chosen)
    ok(not wrong, f"{what}: {len(chosen)} changes have the predicted effect", "\n".join(wrong[:3]))


def try_changes(db, directory, chosen):
    """Make each change in the store, compile it, cut the text, and undo the change. Returns what has another effect than
    predicted, or does not reach its aim, or does so although it is said to have no effect."""
    snapshot, wrong = os.path.join(directory, "changed.snapshot"), []
    for text, hmm, change in chosen:
        word = change["word"]
        before = store.sql(db, f"SELECT ifnull(freq, 'NULL') || ', ' || quote(tag) FROM words WHERE word = '{word}';").strip()
        store.sql(db, change["sql"])
        store.serverful("snapshot", "--store", db, "--snapshot", snapshot)
        (_, body), = ask(snapshot, [{"text": text, "hmm": hmm}])
        got = overlapping(body["words"], change["start"], change["end"])
        if got != change["gives"] or change["works"] != (got == aim_of(change)):
            wrong.append(f"{text!r}, hmm {hmm}: {change}\n  got {got}")
        store.sql(db, f"DELETE FROM words WHERE word = '{word}';"
                  + (f"INSERT INTO words VALUES ('{word}', {before});" if before else ""))
    return wrong


def short(lines):
    return [line[:1000] for line in lines]


def test_jieba(directory):
    """Compare explanations with jieba's own dictionary."""
    db, snapshot = store.jieba_store(directory), store.jieba_snapshot(directory)
    explained = compare(jieba.dt, snapshot, KNOWN, "chosen texts")
    for seed in SEEDS:
        explained += compare(jieba.dt, snapshot, short(texts.generated(seed, LINES_A_SEED)), f"generated lines, seed {seed}")
    manuals = texts.manuals()
    compare(jieba.dt, snapshot, short(manuals[:: max(1, len(manuals) // texts.size(250, 700))]), "lines of manual pages")
    if is_watched(SERVERFUL):
        skip(2, "the small dictionary takes the same ways")
    else:
        make_changes(db, directory, explained, CHANGES, "jieba's dictionary")


def test_small(directory):
    """Compare explanations with a small dictionary for jieba's quirks."""
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
    ok(single, "the row 单字 is given as the reason why its characters are alone")
    make_changes(os.path.join(directory, "serverful.db"), directory, explained, SMALL_CHANGES, "small dictionary")


# Words without a freq, whose freq follows from all others, and words with symbols.
MORE_WORDS = "INSERT INTO words (word) VALUES ('我们单'), ('京城我'), ('甲乙丙'), ('字的'), ('丙丁');"
SYMBOLS = """UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';
    INSERT INTO words (word) VALUES ('c-b'), ('b+'), ('甲 乙'), ('×c');"""


def test_listed(directory):
    """Make changes of every kind that are listed for some texts, in a small dictionary that compiles fast."""
    path = os.path.join(directory, "small.txt")
    with open(path, "w", encoding="utf-8") as out:
        out.write(SMALL)
    store.snapshot_of_words(directory, path)
    db, snapshot, rng = os.path.join(directory, "serverful.db"), os.path.join(directory, "all.snapshot"), random.Random(7)
    unused = ("idf", "stop_words", "pos_start", "pos_trans", "pos_emit", "pos_list")
    store.sql(db, "UPDATE edit_limit SET max_rows = 0;" + "".join(f"DELETE FROM {table};" for table in unused) + "VACUUM;")
    for edit, alphabet, chosen, what in ((MORE_WORDS, SMALL_ALPHABET, [], "words without a freq"),
                                         (SYMBOLS, SMALL_ALPHABET + "+-+- ×&%", ["xbc-的", "我---", "-bcx"], "words with symbols")):
        store.sql(db, edit)
        store.serverful("snapshot", "--store", db, "--snapshot", snapshot)
        lines = [*chosen, *("".join(rng.choice(alphabet) for _ in range(rng.randint(2, 14))) for _ in range(texts.size(12, 100)))]
        asked = [(text, hmm) for text in lines for hmm in (True, False)]
        answers = ask(snapshot, [{"text": text, "hmm": hmm, "explain": 1} for text, hmm in asked])
        listed = [(text, hmm, change) for (text, hmm), (_, body) in zip(asked, answers) for change in all_changes(body["explain"])]
        tried, _ = some_of_each_kind(listed, texts.size(45, len(listed)))
        wrong = try_changes(db, directory, tried)
        ok(len(tried) > 10 and not wrong, f"{what}: each of {len(tried)} statements has the effect under which it is listed", "\n".join(wrong[:3]))
    found = [change["word"] for _, _, change in listed if change["works"] and any(sign in change["word"] for sign in "+-")]
    ok(found, "words with symbols are suggested, too")


def test_batch(directory):
    """Send as many texts as a batch can have, and one more."""
    snapshot = store.jieba_snapshot(directory)
    (good, body), (bad, error) = ask(snapshot, [{"texts": ["北京大学"] * n} for n in (10000, 10001)])
    equal((good, body), (200, {"results": [{"words": ["北京大学"]}] * 10000}), "a batch of 10,000 texts is accepted")
    equal((bad, error["error"]), (413, "Too many texts: at most 10000"), "a batch of 10,001 texts is rejected with 413")


plan(47 + 3)
jieba.setLogLevel(60)
jieba.initialize()
for test in (test_jieba, test_small, test_listed, test_batch):
    with tempfile.TemporaryDirectory(prefix="serverful-") as where:
        test(where)
done()
