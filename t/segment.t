#!/usr/bin/python3
"""Compares the segmenter with jieba itself, in five modes, on generated and on real text: no line may differ."""

import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
from tap import BUILD, done, ok, plan, skip

import jieba_compare
import store
import texts

PROGRAM = os.path.join(BUILD, "t", "cut_records")
SEEDS = [1, 2]
LINES_A_SEED = texts.size(2000, 12000)

# A dictionary for jieba's quirks: ties between paths, words inside Latin text (full mode joins the text around
# them), a run of single characters that is a word, a word with two lines.
SMALL = """\
a 3 x
abc 5 x
bc 5 x
b超 3 n
c# 3 n
b超 4 n
1.5 2 m
我 100 r
们 100 r
我们 100 r
我们的 1 r
的 200 u
北京 10 ns
京城 10 ns
北京城 1 ns
单 9 a
字 9 n
单字 1 n
甲乙丙 10 n
丁 7 n
甲 7 n
乙丙丁 10 n
"""
TIES = ["甲乙丙丁", "我甲乙丙丁", "甲乙丙丁甲乙丙丁"]  # the long word first, or the short one: the sums are equal
SMALL_ALPHABET = "aabbcc##超11..55我们的北京城单字x %-\n\r"


def compare(tokenizer, snapshot, lines, what):
    """Compare our words with jieba's: one result for each mode."""
    found = jieba_compare.differences(tokenizer, PROGRAM, snapshot, lines)
    for mode, different in zip(jieba_compare.MODES, found):
        shown = "\n".join(f"{t!r}\n  jieba: {e!r}\n  ours:  {o!r}" for t, e, o in different[:3])
        ok(not different, f"{what}: in mode '{mode}' {len(different)} of {len(lines)} lines differ from jieba", shown)


def small_dictionary(directory):
    """Return the small dictionary as a tokenizer of jieba and as a snapshot."""
    path = os.path.join(directory, "small.txt")
    with open(path, "w", encoding="utf-8") as out:
        out.write(SMALL)
    tokenizer = jieba.Tokenizer(path)
    tokenizer.tmp_dir = directory
    return tokenizer, store.snapshot_of_words(directory, path)


def small_lines(seed, n):
    """Random texts of the small dictionary's characters."""
    rng = random.Random(seed)
    return ["".join(rng.choice(SMALL_ALPHABET) for _ in range(rng.randint(1, 24))) for _ in range(n)]


plan((len(SEEDS) + 4) * len(jieba_compare.MODES))
jieba.setLogLevel(60)
with tempfile.TemporaryDirectory() as directory:
    snapshot = store.jieba_snapshot(directory)
    for seed in SEEDS:
        compare(jieba.dt, snapshot, texts.generated(seed, LINES_A_SEED), f"generated lines, seed {seed}")
    manuals = texts.manuals()
    if manuals:
        compare(jieba.dt, snapshot, manuals[:: max(1, len(manuals) // texts.size(4000, 40000))], "lines of manual pages")
        compare(jieba.dt, snapshot, ["\n".join(manuals[:1500])], "one long text")
    else:
        skip(2 * len(jieba_compare.MODES), "manpages-zh is not installed, or its pages are excluded")
    compare(jieba.dt, snapshot, ["", "\0", "\0\0", "的" * 50000, "龘" * 5000, "x" * 70000], "chosen texts")
    tokenizer, small = small_dictionary(directory)
    compare(tokenizer, small, TIES + small_lines(7, texts.size(4000, 20000)), "lines for the small dictionary")
done()
