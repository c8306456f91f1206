#!/usr/bin/python3
"""Compares tags and offsets with jieba itself, on generated and on real text: no text may differ."""

import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.posseg
from tap import BUILD, done, ok, plan, skip

import posseg_compare
import store
import texts

PROGRAM = os.path.join(BUILD, "t", "tag_records")
SEEDS = [1, 2]
LINES_A_SEED = texts.size(600, 2500)
RARE_LINES = texts.size(300, 1000)

# A dictionary of few words, so that the model cuts most of a text, and for posseg's quirks: words with '%' and '-', a
# run of single characters that is a word, tags of single characters.
SMALL = """\
a 3 x
abc 5 eng
bc 5 n
b超 3 n
c# 3 nz
1.5 2 m
10% 2 m
x-y 2 nx
我 100 r
们 100 k
我们 100 r
的 200 uj
北京城 1 ns
单 9 a
字 9 n
单字 1 ng
"""
SMALL_ALPHABET = "aabbcc##超11..5500我们的北京城单字x-y %-\n\r"


def compare(posseg, snapshot, lines, what):
    """Compare our words, tags and offsets with jieba's: one result for each mode."""
    found = posseg_compare.differences(posseg, PROGRAM, snapshot, lines)
    for mode, different in zip(posseg_compare.MODES, found):
        shown = "\n".join(f"{t!r}\n  jieba: {e!r}\n  ours:  {o!r}" for t, e, o in different[:3])
        ok(not different, f"{what}: in mode '{mode}' {len(different)} of {len(lines)} texts differ from jieba", shown)


def small_dictionary(directory):
    """Return the small dictionary as a tokenizer of jieba.posseg and as a snapshot."""
    path = os.path.join(directory, "small.txt")
    with open(path, "w", encoding="utf-8") as out:
        out.write(SMALL)
    tokenizer = jieba.Tokenizer(path)
    tokenizer.tmp_dir = directory
    return jieba.posseg.POSTokenizer(tokenizer), store.snapshot_of_words(directory, path)


def small_lines(seed, n):
    """Random texts of the small dictionary's characters."""
    rng = random.Random(seed)
    return ["".join(rng.choice(SMALL_ALPHABET) for _ in range(rng.randint(1, 24))) for _ in range(n)]


def rare_lines(seed, n):
    """Random runs of Chinese characters: mostly those that the model knows, all equally frequent, and some others."""
    rng = random.Random(seed)
    known = sorted(jieba.posseg.char_state_tab_P)
    return ["".join(rng.choice(known) if rng.random() < 0.9 else chr(rng.randint(0x4E00, 0x9FD5))
                    for _ in range(rng.randint(2, 12))) for _ in range(n)]


plan(8 * len(posseg_compare.MODES))
jieba.setLogLevel(60)
with tempfile.TemporaryDirectory() as directory:
    snapshot = store.jieba_snapshot(directory)
    for seed in SEEDS:
        compare(jieba.posseg.dt, snapshot, texts.generated(seed, LINES_A_SEED), f"generated lines, seed {seed}")
    compare(jieba.posseg.dt, snapshot, rare_lines(5, RARE_LINES), "random characters")
    manuals = texts.manuals()
    if manuals:
        compare(jieba.posseg.dt, snapshot, manuals[:: max(1, len(manuals) // texts.size(1000, 4000))], "lines of manual pages")
        compare(jieba.posseg.dt, snapshot, ["\n".join(manuals[:500])], "one long text")
    else:
        skip(2 * len(posseg_compare.MODES), "manpages-zh is not installed, or its pages are excluded")
    # Characters with few states: jieba needs milliseconds for a character that can have all of them.
    long_runs = ["跛" * n for n in (511, 512, 513, 514, 1025, 1026)] + ["".join(rare_lines(6, 300)), "龘" * 40]
    long_runs += ["跛" * n + "龘" * 20 + "跛" * 700 for n in (500, 505)]
    compare(jieba.posseg.dt, snapshot, ["", "\0", "\0\0", "的" * 5000, "x" * 70000, "-%" * 500, *long_runs], "chosen texts")
    posseg, small = small_dictionary(directory)
    compare(posseg, small, small_lines(7, texts.size(1500, 3000)), "lines for the small dictionary")
    compare(posseg, small, rare_lines(8, texts.size(200, 500)), "random characters, small dictionary")
done()
