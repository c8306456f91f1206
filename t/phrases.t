#!/usr/bin/python3
"""Words with spaces and symbols: each is found as one word, the longest first, and the text between them is cut as
python3-jieba cuts it; without the switch, or without such words, nothing is other than jieba has it."""

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
from tap import BUILD, done, equal, ok

PROGRAM = os.path.join(BUILD, "t", "cut_records")
PHRASES = ["New York", "New York City", "York City Hall", "C++ 语言", "C++ 语言学", "4×4", "4×4×4", "a·b", "·", "@用户", "用户@",
           "😀😀", "é", "I ❤ 北京", "A\u3000B", "b c", "大学 生活", "c d e", "的 的", "×4", "O'Neil", "10 %", "ü中"]
FREQ = 50
MARKS = ["N", "w", "New", "York", "City", "Hall", " ", "×", "4", "C++", "语言", "学", "·", "a", "b", "c", "d", "e", "@",
         "用户", "😀", "é", "❤", "I", "北京", "A", "\u3000", "B", "大学", "生活", "的", "O", "'", "Neil", "10", "%", "，", "\r\n",
         "ü", "中", "x"]
SWITCH = "UPDATE settings SET value = {} WHERE name = 'words_with_symbols';"


def is_inside(text, i):
    """Whether a letter or digit of ASCII stands on both sides of a place."""
    around = text[max(i - 1, 0):i + 1]
    return 0 < i < len(text) and all(c.isascii() and c.isalnum() for c in around)


def phrase_at(phrases, text, i):
    """The longest phrase that stands there, or None."""
    for phrase in sorted(phrases, key=len, reverse=True):
        if text.startswith(phrase, i) and not is_inside(text, i) and not is_inside(text, i + len(phrase)):
            return phrase
    return None


def with_parts(tokenizer, word):
    """What search mode makes of one word; jieba's cut_for_search()."""
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
    """One result a mode."""
    wrong = [[] for _ in jieba_compare.MODES]
    expected_of = oracle.remember(expected_words, tokenizer, tuple(phrases))
    n = 0
    for text, got in zip(lines, jieba_compare.ours(PROGRAM, snapshot, lines)):
        n += any(phrase in text for phrase in phrases)
        for mode, (expected, words) in enumerate(zip(expected_of(text), got)):
            if words != expected:
                wrong[mode].append(f"{text!r}\n  expected: {expected!r}\n  got:      {words!r}")
    for mode, found in zip(jieba_compare.MODES, wrong):
        ok(not found, f"{what}, {mode}: {len(found)} of {len(lines)} lines are wrong", "\n".join(found[:3]))
    return n


def lines_of(seed, n):
    """Texts of phrases, of what they are made of, and of others."""
    rng = random.Random(seed)
    for line in texts.generated(seed, n):
        pieces = [rng.choice(PHRASES if rng.random() < 0.4 else MARKS) for _ in range(rng.randint(1, 8))]
        pieces.insert(rng.randint(0, len(pieces)), line if rng.random() < 0.3 else "")
        yield "".join(pieces)


def compile_store(db, directory, edits):
    """The snapshot of the store after some edits; its path."""
    store.sql(db, edits)
    path = os.path.join(directory, "phrases.snapshot")
    store.serverful("snapshot", "--store", db, "--snapshot", path)
    return path


def content(snapshot):
    """All that stands behind the header, which counts revisions."""
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
    snapshot = compile_store(db, directory, SWITCH.format(1) + f"INSERT INTO words VALUES {rows};")
    lines = list(lines_of(1, texts.size(1500, 4000)))
    found = compare(tokenizer, [*PHRASES, "γ射线"], snapshot, lines, "the switch is on")
    ok(found > len(lines) // 4, f"{found} of {len(lines)} lines have phrases")
    single = [*PHRASES, "γ射线", "New York" * 3, "New Yorker", "aNew York", "0@用户0", ""]
    compare(tokenizer, [*PHRASES, "γ射线"], snapshot, single, "single ones")
    broken = [b"\xe6\x88New York", b"New York\xbf", b"New York\xe6", b"\x80\xc3", b"4\xc3 4\xc3\x97"]
    equal(list(jieba_compare.ours(PROGRAM, snapshot, [Bytes(text) for text in broken])),
          [[None] * 5] * len(broken), "what is no UTF-8 is refused")
    (_, body), = ask(snapshot, [{"text": "在New York的C++ 语言课", "explain": 1}])
    equal([(b["kind"], b["text"], b["start"], b["end"]) for b in body["explain"]["blocks"]],
          [("block", "在", 0, 1), ("phrase", "New York", 1, 9), ("block", "的", 9, 10), ("phrase", "C++ 语言", 10, 16),
           ("block", "课", 16, 17)], "explain shows them")
    equal(body["explain"]["blocks"][3]["words"], [{"word": "C++ 语言", "start": 10, "end": 16, "from": "words",
          "row": "C++ 语言", "freq": FREQ}], "with their rows")
    (_, body), = ask(snapshot, [{"text": "在New York的%-4×4", "pos": 1, "offsets": 1}])
    equal(body, {"words": ["在", "New York", "的", "%", "-", "4×4"], "tags": ["p", "nz", "uj", "x", "x", "nz"],
                 "offsets": [[0, 1], [1, 9], [9, 10], [10, 11], [11, 12], [12, 15]]}, "with their tags, and their places")
    snapshot = compile_store(db, directory, SWITCH.format(0))
    compare(tokenizer, [], snapshot, lines[:500], "the switch is off again")
    snapshot = compile_store(db, directory, f"DELETE FROM words WHERE (word, freq, tag) IN (VALUES {rows});")
    equal(content(snapshot) == before, True, "without such words, the snapshot is what it was, bit for bit")


class Bytes(bytes):
    """Bytes in the place of a text."""

    def encode(self):
        return self


jieba.setLogLevel(60)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    test_phrases(where)
done()
