"""Texts for the comparison with jieba: generated from a seed, and real ones from installed packages."""

import functools
import glob
import gzip
import os
import random

from tap import SERVERFUL, is_watched

JIEBA = "/usr/lib/python3/dist-packages/jieba"
MANUALS = "/usr/share/man/zh_CN"
LARGE = os.environ.get("SERVERFUL_LARGE") == "1"  # whether to compare the large corpora


def size(usual, large):
    """The number of texts of a corpus: as many as find each known kind of fault, or many more with SERVERFUL_LARGE=1. A third
    of them where sanitizers or valgrind watch: these look at the memory, and the same texts are compared without them."""
    if LARGE:
        return large
    return usual // 3 if is_watched(SERVERFUL) else usual

# What segmenters get wrong: both ends of jieba's Han range, extension blocks, compatibility forms, marks,
# every white space, controls, joiners, full-width forms, emoji, and the signs of its patterns.
ODD = (
    "\u4dff\u4e00\u4e01\u9fa5\u9fd5\u9fd6\u9fff\u3400\u4dbf\U00020000\U0002a6df\uf900\u3007\u3005"
    "\x00\x01\x07\x08\t\n\x0b\x0c\r\x1b\x1c\x1d\x1e\x1f \x7f\x85\xa0\u1680\u180e\u2000\u200a\u200b\u2028"
    "\u2029\u202f\u205f\u2060\u3000\ufeff\ufffd\U0001f600\U0001f468\u200d\U0001f469\u0301\uff21\uff10"
    "\uff05\u0660\u00b2\u00e9\u0436\u05d0\u0e01\u3042\u30ab\uac00\u3001\u3002\uff0c\u00b7\u2026\u2014"
    "+#&._%-/\\'\"`~!@$^*()=[]{}|;:<>,?"
)


@functools.cache
def words():
    """The words of jieba's dictionary, in the file's order."""
    with open(os.path.join(JIEBA, "dict.txt"), encoding="utf-8") as lines:
        return [line.split(" ")[0] for line in lines]


def _latin(rng):
    letters = "abcXYZ019"
    return rng.choice(
        [
            "".join(rng.choice(letters) for _ in range(rng.randint(1, 6))),
            f"{rng.randint(0, 999)}.{rng.randint(0, 99)}%",
            f"{rng.randint(0, 9)}.",
            "UTF-8", "c++", "C#", "AT&T", "B超", "1.5.2", "a.b", "3.14%%", "T恤", "\r\n", "x_y-z",
        ]
    )


def _piece(rng, vocabulary):
    kind = rng.random()
    if kind < 0.45:
        return rng.choice(vocabulary)
    if kind < 0.65:  # parts of words: prefixes that are none, runs for the model
        word = rng.choice(vocabulary)
        begin = rng.randrange(len(word))
        return word[begin : begin + rng.randint(1, 3)]
    if kind < 0.78:
        return "".join(chr(rng.randint(0x4E00, 0x9FD5)) for _ in range(rng.randint(1, 4)))
    if kind < 0.88:
        return _latin(rng)
    if kind < 0.97:
        return "".join(rng.choice(ODD) for _ in range(rng.randint(1, 3)))
    while True:
        code = rng.randrange(0x110000)
        if not 0xD800 <= code <= 0xDFFF:
            return chr(code) * rng.randint(1, 3)


def generated(seed, n):
    """`n` texts of words, parts of words, Latin, numbers and odd characters, the same for the same seed."""
    rng = random.Random(seed)
    vocabulary = words()
    return ["".join(_piece(rng, vocabulary) for _ in range(rng.randint(1, 12))) for _ in range(n)]


def manuals():
    """The lines of the Chinese manual pages (package manpages-zh), or [] where they are not installed."""
    lines = []
    for path in sorted(glob.glob(os.path.join(MANUALS, "man*", "*.gz"))):
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as page:
            lines += page.read().split("\n")
    return lines
