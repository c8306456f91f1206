#!/usr/bin/python3
"""Words with spaces and symbols: with the setting words_with_symbols, each is found as one word, the longest first, and
jieba's rules cut the text between them. Without the setting, or without such words, the results are jieba's."""

import os
import random
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba_compare
import oracle
import store
import texts
from ask import ask
from tap import BUILD, done, equal, ok, plan

PROGRAM = os.path.join(BUILD, "t", "cut_records")
PHRASES = ["New York", "New York City", "York City Hall", "C++ 语言", "C++ 语言学", "4×4", "4×4×4", "a·b", "·", "@用户", "用户@",
           "😀😀", "é", "I ❤ 北京", "A\u3000B", "b c", "大学 生活", "c d e", "的 的", "×4", "O'Neil", "10 %", "ü中"]
FREQ = 50
MARKS = ["N", "w", "New", "York", "City", "Hall", " ", "×", "4", "C++", "语言", "学", "·", "a", "b", "c", "d", "e", "@",
         "用户", "😀", "é", "❤", "I", "北京", "A", "\u3000", "B", "大学", "生活", "的", "O", "'", "Neil", "10", "%", "，", "\r\n",
         "ü", "中", "x"]
SETTING = "UPDATE settings SET value = {} WHERE name = 'words_with_symbols';"


def is_inside(text, i):
    """Whether there is an ASCII letter or digit on both sides of position i."""
    around = text[max(i - 1, 0):i + 1]
    return 0 < i < len(text) and all(c.isascii() and c.isalnum() for c in around)


def phrase_at(phrases, text, i):
    """The longest phrase at position i, or None."""
    for phrase in sorted(phrases, key=len, reverse=True):
        if text.startswith(phrase, i) and not is_inside(text, i) and not is_inside(text, i + len(phrase)):
            return phrase
    return None


def with_parts(tokenizer, word):
    """The words that search mode gives for one word; jieba's cut_for_search()."""
    found = [word[i:i + n] for n in (2, 3) for i in range(len(word) - n + 1) if n < len(word)]
    return [part for part in found if tokenizer.FREQ.get(part)] + [word]


def expected_words(tokenizer, phrases, text):
    """The words of a text, a list for each of jieba_compare's modes."""
    found, at, i = [[] for _ in jieba_compare.MODES], 0, 0
    while i <= len(text):
        phrase = phrase_at(phrases, text, i) if i < len(text) else None
        if phrase or i == len(text):
            for words, more in zip(found, jieba_compare.reference(tokenizer, text[at:i])):
                words += more
        if phrase:
            for mode, words in zip(jieba_compare.MODES, found):
                words += with_parts(tokenizer, phrase) if mode.startswith("search") else [phrase]
        i += len(phrase) if phrase else 1
        at = i if phrase else at
    return found


def compare(tokenizer, phrases, snapshot, lines, what):
    """Compare our words with the expected ones: one result for each mode. Returns how many lines have phrases."""
    wrong = [[] for _ in jieba_compare.MODES]
    expected_of = oracle.remember(expected_words, tokenizer, tuple(phrases))
    n = 0
    for text, got in zip(lines, jieba_compare.ours(PROGRAM, snapshot, lines)):
        n += any(phrase in text for phrase in phrases)
        for mode, (expected, words) in enumerate(zip(expected_of(text), got)):
            if words != expected:
                wrong[mode].append(f"{text!r}\n  expected: {expected!r}\n  got:      {words!r}")
    for mode, found in zip(jieba_compare.MODES, wrong):
        ok(not found, f"{what}: in mode '{mode}' {len(found)} of {len(lines)} lines are wrong", "\n".join(found[:3]))
    return n


def lines_of(seed, n):
    """Random texts of phrases, of parts of phrases, and of other text."""
    rng = random.Random(seed)
    for line in texts.generated(seed, n):
        pieces = [rng.choice(PHRASES if rng.random() < 0.4 else MARKS) for _ in range(rng.randint(1, 8))]
        pieces.insert(rng.randint(0, len(pieces)), line if rng.random() < 0.3 else "")
        yield "".join(pieces)


def compile_store(db, directory, edits):
    """Edit the store, and compile it. Returns the path of the snapshot."""
    store.sql(db, edits)
    path = os.path.join(directory, "phrases.snapshot")
    store.serverful("snapshot", "--store", db, "--snapshot", path)
    return path


def content(snapshot):
    """The bytes of a snapshot after its header, which has the revision."""
    with open(snapshot, "rb") as file:
        data = file.read()
    return data[struct.unpack_from("=Q", data, 64)[0]:]


def test_phrases(directory):
    db, plain = store.jieba_store(directory), store.jieba_snapshot(directory)
    before = content(plain)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for phrase in PHRASES:
        tokenizer.add_word(phrase, FREQ)
    rows = ", ".join(f"('{phrase.replace(chr(39), chr(39) * 2)}', {FREQ}, 'nz')" for phrase in PHRASES)
    snapshot = compile_store(db, directory, SETTING.format(1) + f"INSERT INTO words VALUES {rows};")
    lines = list(lines_of(1, texts.size(1500, 4000)))
    found = compare(tokenizer, [*PHRASES, "γ射线"], snapshot, lines, "with words_with_symbols")
    ok(found > len(lines) // 4, f"more than a quarter of the lines have phrases ({found} of {len(lines)})")
    single = [*PHRASES, "γ射线", "New York" * 3, "New Yorker", "aNew York", "0@用户0", ""]
    compare(tokenizer, [*PHRASES, "γ射线"], snapshot, single, "chosen texts with words_with_symbols")
    broken = [b"\xe6\x88New York", b"New York\xbf", b"New York\xe6", b"\x80\xc3", b"4\xc3 4\xc3\x97"]
    equal(list(jieba_compare.ours(PROGRAM, snapshot, [Bytes(text) for text in broken])),
          [[None] * 5] * len(broken), "a text that is not valid UTF-8 is rejected, with phrases too")
    (_, body), = ask(snapshot, [{"text": "在New York的C++ 语言课", "explain": 1}])
    equal([(b["kind"], b["text"], b["start"], b["end"]) for b in body["explain"]["blocks"]],
          [("block", "在", 0, 1), ("phrase", "New York", 1, 9), ("block", "的", 9, 10), ("phrase", "C++ 语言", 10, 16),
           ("block", "课", 16, 17)], "explain=1 shows each phrase as a block of kind phrase")
    equal(body["explain"]["blocks"][3]["words"], [{"word": "C++ 语言", "start": 10, "end": 16, "from": "words",
          "row": "C++ 语言", "freq": FREQ}], "explain=1 shows the row of a phrase")
    (_, body), = ask(snapshot, [{"text": "在New York的%-4×4", "pos": 1, "offsets": 1}])
    equal(body, {"words": ["在", "New York", "的", "%", "-", "4×4"], "tags": ["p", "nz", "uj", "x", "x", "nz"],
                 "offsets": [[0, 1], [1, 9], [9, 10], [10, 11], [11, 12], [12, 15]]},
          "pos=1 and offsets=1 give the tags and offsets of phrases")
    snapshot = compile_store(db, directory, SETTING.format(0))
    compare(tokenizer, [], snapshot, lines[:500], "without words_with_symbols")
    snapshot = compile_store(db, directory, f"DELETE FROM words WHERE (word, freq, tag) IN (VALUES {rows});")
    ok(content(snapshot) == before,
       "after the words with symbols are deleted, the snapshot has the same bytes as before")


class Bytes(bytes):
    """Bytes that can be used as a text."""

    def encode(self):
        return self


plan(21)
jieba.setLogLevel(60)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    test_phrases(where)
done()
