#!/usr/bin/python3
"""Words with spaces and symbols: with the setting words_with_symbols, each is found as one word, the longest first, in all modes,
with parts of speech and for keywords, and jieba's rules cut the text between them. Without the setting, or without such words, the
results are jieba's."""

import os
import random
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.posseg
import jieba_compare
import oracle
import store
import texts
from ask import ask
from tap import BUILD, done, equal, ok, plan

PROGRAM = os.path.join(BUILD, "t", "cut_records")
PHRASES = ["New York", "New York City", "York City Hall", "C++ 语言", "C++ 语言学", "4×4", "4×4×4", "a·b", "·", "@用户", "用户@",
           "😀😀", "é", "I ❤ 北京", "A\u3000B", "b c", "大学 生活", "c d e", "的 的", "×4", "O'Neil", "10 %", "ü中",
           "Wi-Fi", "Wi-Fi 6", "50%", "c-d", "e_f", "1.5", "大学#1", "C++14", "%中"]
OWN = ["AT&T", "C#", "C++", "c#", "c++", "γ射线"]  # words with symbols that jieba has
FREQ = 50
MARKS = ["N", "w", "New", "York", "City", "Hall", " ", "×", "4", "C++", "语言", "学", "·", "a", "b", "c", "d", "e", "@",
         "用户", "😀", "é", "❤", "I", "北京", "A", "\u3000", "B", "大学", "生活", "的", "O", "'", "Neil", "10", "%", "，", "\r\n",
         "ü", "中", "x",
         "Wi", "-", "Fi", "Wi-Fi", "6", "50", "_", "1.5", "#", "&", "AT&T", "c++", "c#", "++"]
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


def with_parts(tokenizer, phrases, word):
    """The words that search mode gives for one word; jieba's cut_for_search()."""
    found = [word[i:i + n] for n in (2, 3) for i in range(len(word) - n + 1) if n < len(word)]
    return [part for part in found if tokenizer.FREQ.get(part) or part in phrases] + [word]


def pieces(phrases, text):
    """The phrases of a text, and what is before, between and after them: (piece, whether it is a phrase)."""
    at, i = 0, 0
    while i < len(text):
        phrase = phrase_at(phrases, text, i)
        if phrase:
            yield from ((text[at:i], False), (phrase, True))
            at = i = i + len(phrase)
        else:
            i += 1
    yield text[at:], False


def expected_words(tokenizer, phrases, text):
    """The words of a text, a list for each of jieba_compare's modes."""
    found = [[] for _ in jieba_compare.MODES]
    for piece, is_phrase in pieces(phrases, text):
        more = [[piece]] * len(found) if is_phrase else jieba_compare.reference(tokenizer, piece)
        for mode, words, new in zip(jieba_compare.MODES, found, more):
            words += with_parts(tokenizer, phrases, piece) if is_phrase and mode.startswith("search") else new
    return found


def expected_tags(posseg, phrases, text):
    """The words of a text with their tags, as pos=1 gives them."""
    found = []
    for piece, is_phrase in pieces(phrases, text):
        found += [[piece, "n" if piece == "γ射线" else "nz"]] if is_phrase else [list(pair) for pair in posseg.lcut(piece)]
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


def compare_tags(tokenizer, phrases, snapshot, lines, what):
    """Compare our words and tags with the expected ones: one result."""
    expected_of = oracle.remember(expected_tags, jieba.posseg.POSTokenizer(tokenizer), tuple(phrases))
    got = [[list(pair) for pair in zip(body["words"], body["tags"])]
           for _, body in ask(snapshot, [{"text": text, "pos": 1} for text in lines])]
    wrong = [f"{text!r}\n  expected: {expected_of(text)!r}\n  got:      {words!r}" for text, words in zip(lines, got) if words != expected_of(text)]
    ok(not wrong, f"{what}: with pos=1 {len(wrong)} of {len(lines)} lines are wrong", "\n".join(wrong[:3]))


def tokenizer_of(phrases, with_signs):
    """A tokenizer of jieba whose total counts the phrases. Without `with_signs`, it has no word with one of +#&._%-."""
    tokenizer = jieba_compare.new_tokenizer()
    for phrase in phrases:
        tokenizer.add_word(phrase, FREQ)
    for word in [*phrases, *OWN] if not with_signs else []:
        tokenizer.FREQ[word] = 0
    return tokenizer


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
    return data[struct.unpack_from("=Q", data, 72)[0]:]


def test_phrases(directory):
    db, plain = store.jieba_store(directory), store.jieba_snapshot(directory)
    before = content(plain)
    tokenizer = tokenizer_of(PHRASES, False)
    phrases = [*PHRASES, *OWN]
    rows = ", ".join(f"('{phrase.replace(chr(39), chr(39) * 2)}', {FREQ}, 'nz')" for phrase in PHRASES)
    snapshot = compile_store(db, directory, SETTING.format(1) + f"INSERT INTO words VALUES {rows};"
                             "INSERT INTO idf VALUES ('4×4', 900), ('Wi-Fi', 400); INSERT INTO stop_words VALUES ('50%');")
    lines = list(lines_of(1, texts.size(1500, 4000)))
    found = compare(tokenizer, phrases, snapshot, lines, "with words_with_symbols")
    ok(found > len(lines) // 4, f"more than a quarter of the lines have phrases ({found} of {len(lines)})")
    single = [*phrases, "Wi-Fis", "1.55", "AT&T-AT&T的C#", "New York" * 3, "New Yorker", "aNew York", "0@用户0", ""]
    compare(tokenizer, phrases, snapshot, single, "chosen texts with words_with_symbols")
    compare_tags(tokenizer, phrases, snapshot, [*lines[:500], *single], "with words_with_symbols")
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
    test_keywords(snapshot)
    snapshot = compile_store(db, directory, SETTING.format(0))
    compare(tokenizer_of(PHRASES, True), [], snapshot, lines[:500], "without words_with_symbols")
    snapshot = compile_store(db, directory, f"DELETE FROM words WHERE (word, freq, tag) IN (VALUES {rows});"
                             "DELETE FROM idf WHERE word IN ('4×4', 'Wi-Fi'); DELETE FROM stop_words WHERE word = '50%';")
    ok(content(snapshot) == before,
       "after the words with symbols are deleted, the snapshot has the same bytes as before")


def test_keywords(snapshot):
    text = "Wi-Fi的4×4车，大学生活用Wi-Fi，省50%"
    for options, what in (({}, "without tags"), ({"allow_pos": "nz,n"}, "with tags"),
                          ({"method": "textrank", "allow_pos": "nz,n"}, "with TextRank")):
        (_, body), = ask(snapshot, [{"text": text, "top": 0, **options}], "/keywords")
        found = {keyword["word"] for keyword in body.get("keywords", [])}
        ok(found >= {"Wi-Fi", "4×4"} and not found & {"Wi", "Fi", "50%", "50"},
           f"/keywords finds words with symbols {what}, except stop words", body)
    (_, body), = ask(snapshot, [{"text": "4×4和Wi-Fi和Wi-Fi", "top": 2}], "/keywords")
    equal(body, {"keywords": [{"word": "4×4", "weight": 300}, {"word": "Wi-Fi", "weight": 800 / 3}]},
          "the idf of words with symbols counts")


class Bytes(bytes):
    """Bytes that can be used as a text."""

    def encode(self):
        return self


plan(21 + 1 + 4)
jieba.setLogLevel(60)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    test_phrases(where)
done()
