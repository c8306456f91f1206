#!/usr/bin/python3
"""Words without a frequency, and user dictionaries, get the frequencies, totals and cuts of jieba's add_word() and
load_userdict()."""

import itertools
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba_compare
import texts
from snapshot import Snapshot, label
from store import jieba_snapshot, jieba_store, refused, serverful, small_store, sql
from tap import BUILD, SERVERFUL, done, equal, ok, plan

PROGRAM = os.path.join(BUILD, "t", "cut_records")
DICT = os.path.join(os.path.dirname(jieba.__file__), "dict.txt")

# Words that are longer than any of jieba's, that overlap, that have Latin letters or characters that jieba never looks
# up, that are one character, that are a prefix of words, and that have characters of no other word.
CHOSEN = [
    "云原生", "云原", "原生", "云原生应用", "无服务器架构", "无服务器", "服务器架构师", "中华人民共和国万岁", "好的呢",
    "的", "龘", "龘龘", "鿕", "x", "xyz", "iPhone", "iPhone15", "C++", "c++语言", "AT&T公司", "1.5%", "B超机", "T恤衫",
    "北京大学生前来应聘", "😀", "我😀你", "é", "A·B", "‧", "中华人", "第一次世", "清华大学生", "小野猫云原生", "a", "aa", "aaa",
    "一" * 64, "研究生命起源", "結婚的和尚未結婚的",
]


def compile_words(directory, path):
    snapshot = os.path.join(directory, "words.snapshot")
    if path == os.path.join(directory, "serverful.db") and not os.path.exists(snapshot):
        os.rename(jieba_snapshot(directory), snapshot)  # what has not changed is carried over
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    return snapshot


def tokenizer_of(dictionary, directory):
    tokenizer = jieba.Tokenizer(dictionary)
    tokenizer.tmp_dir = directory
    tokenizer.initialize()
    return tokenizer


def without(words, directory):
    """A tokenizer with jieba's dictionary without some of its words."""
    path = os.path.join(directory, "without.txt")
    with open(DICT, encoding="utf-8") as lines, open(path, "w", encoding="utf-8") as out:
        out.writelines(line for line in lines if line.split(" ", 1)[0] not in words)
    return tokenizer_of(path, directory)


def copy_of(tokenizer):
    """A tokenizer with the words of another one, which the caller may change."""
    copy = jieba.Tokenizer()
    copy.FREQ, copy.total, copy.initialized = dict(tokenizer.FREQ), tokenizer.total, True
    return copy


def same(tokenizer, snapshot, words, name):
    """Test that the total and the frequencies of these words are jieba's: two results."""
    got = Snapshot(snapshot)
    equal(got.total, tokenizer.total, f"{name}: the total is jieba's")
    wrong = [(word, got.freq(word), tokenizer.FREQ.get(word, -1)) for word in words
             if all(map(label, word)) and got.freq(word) != tokenizer.FREQ.get(word, -1)]
    ok(not wrong, f"{name}: {len(words)} frequencies are jieba's", wrong[:10])


def same_cuts(tokenizer, snapshot, words, name):
    """Test that texts with these words are cut as by jieba: one result for each mode."""
    rng, vocabulary = random.Random(5), texts.words()
    lines = ["".join(rng.choice(rng.choice((words, vocabulary))) for _ in range(rng.randint(1, 8))) for _ in range(texts.size(800, 3000))]
    found = jieba_compare.differences(tokenizer, PROGRAM, snapshot, lines + list(words))
    for mode, different in zip(jieba_compare.MODES, found):
        ok(not different, f"{name}: in mode '{mode}' {len(lines) + len(words)} texts are cut as by jieba", different[:3])


def insert(path, words):
    """Insert words without a frequency in one transaction, in random order; words with symbols as an import does."""
    shuffled = random.Random(3).sample(words, len(words))
    db = sqlite3.connect(path)
    db.execute("UPDATE settings SET value = 1 WHERE name = 'importing'")
    db.executemany("INSERT INTO words (word) VALUES (?)", [(word,) for word in shuffled])
    db.execute("UPDATE settings SET value = 0 WHERE name = 'importing'")
    db.commit()
    db.close()


def test_added(directory):
    """Insert new words, and remove the frequencies of some of jieba's words."""
    path, vocabulary = jieba_store(directory), texts.words()
    known = set(vocabulary)
    new = [word for word in CHOSEN if word not in known]
    taken = [word for word in CHOSEN if word in known] + vocabulary[::7001]
    taken = sorted(set(taken) - {"B超"})
    list_of = ", ".join(f"'{word}'" for word in taken)
    insert(path, new)
    sql(path, f"UPDATE words SET freq = NULL WHERE word IN ({list_of});")
    equal(sql(path, "SELECT count(*) FROM words WHERE freq IS NULL;"), f"{len(new) + len(taken)}\n",
          "the words have no frequency in the store")
    snapshot = compile_words(directory, path)
    rest = without(set(taken), directory)
    tokenizer = copy_of(rest)
    words = sorted(new + taken, key=str.encode)
    for word in words:
        tokenizer.add_word(word)
    same(tokenizer, snapshot, words, "chosen words")
    same(tokenizer, snapshot, vocabulary[::50] + [word[:n] for word in words for n in range(1, len(word))],
         "other words, and prefixes of the chosen ones")
    same_cuts(tokenizer, snapshot, words, "chosen words")
    sql(path, "UPDATE words SET freq = 7 WHERE word = '云原生'; DELETE FROM words WHERE word = '云原';")
    tokenizer = copy_of(rest)
    tokenizer.add_word("云原生", 7)
    for word in words:
        if word not in ("云原", "云原生"):
            tokenizer.add_word(word)
    same(tokenizer, compile_words(directory, path), words, "one word has got a frequency, and one is deleted")


def test_many(directory):
    """Insert thousands of words, each made of two of jieba's."""
    path, vocabulary = jieba_store(directory), texts.words()
    rng, known = random.Random(11), set(vocabulary)
    new = {rng.choice(vocabulary) + rng.choice(vocabulary) for _ in range(5000)} - known
    new = sorted((word for word in new if len(word) <= 64), key=str.encode)
    insert(path, new)
    tokenizer = jieba_compare.new_tokenizer()
    for word in new:
        tokenizer.add_word(word)
    snapshot = compile_words(directory, path)
    same(tokenizer, snapshot, new, "many words")
    same_cuts(tokenizer, snapshot, new[::10], "many words")


def test_alone(directory):
    """Insert words into an empty dictionary, where jieba would divide by zero."""
    path = os.path.join(directory, "alone.db")
    serverful("init", "--store", path)
    insert(path, ["我们", "我", "😀"])
    got = Snapshot(compile_words(directory, path))
    equal((got.freq("我"), got.freq("我们") > 0, got.freq("们")), (1, True, -1),
          "words without a frequency get one in a store without other words")


USER = (
    "\ufeff云计算 5\n李小福 2 nr\n\n   \n\t\r\n创新办 3 i\neasy_install 3 eng\n好用 300\r\n韩玉赏鉴 3 nz\n八一双鹿 3 nz\n台中\n"
    "凱特琳 nz\n来到了网易\n杭研大\n· 3\n也是 1\n1.5%\nEdu Trust认证 2000\n清华大学 7\n清华大学 nt\n的 9 uj\n云计算\n云计算机房\n"
    "C++语言 n\n\ufeff\ufeffx标 4\n  首尾 8 v  \n名词 N\n数 5 6\n双 空\n是 不是 3 v\n宽\u3000空 3\n宽\u00a0空\u2003白 7 n\n宽\u3000白\n名词 5 NZ\nword\nnoun n\n服务 50\n最后没有换行"
)


def write(directory, name, content):
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def same_userdict(directory, content, name):
    """Test that the import of a user dictionary has the effect of jieba's load_userdict()."""
    path, user = jieba_store(directory), write(directory, "user.txt", content)
    tokenizer = jieba_compare.new_tokenizer()
    before = dict(tokenizer.FREQ)
    n_before = sum(map(bool, before.values()))
    tokenizer.load_userdict(user)
    added = list(itertools.islice(tokenizer.FREQ, len(before), None))
    run = subprocess.run([SERVERFUL, "import", "--store", path, "--userdict", user], capture_output=True, text=True)
    spaced = {word for word in added if re.search(r"\s", word) and tokenizer.FREQ[word]}
    said = (f"serverful import: {user}: {len(spaced)} words have white space inside: as in jieba, they count in the total"
            " but are never found\n" if spaced else "")
    steps = f"importing a user dictionary… {sum(not line.isspace() for line in content.splitlines() if line):,}\n"
    ok(run.stdout.startswith("words: ") and run.stdout.endswith(" 0 refused\n"), f"{name}: serverful import counts no refused row", run)
    equal((run.returncode, run.stderr), (0, steps + said), f"{name}: serverful import accepts it")
    db = sqlite3.connect(path)
    found = dict(db.execute("SELECT word, freq FROM words"))
    total = db.execute("SELECT (SELECT sum(freq) FROM words) + freq FROM repeated_words").fetchone()[0]
    tags = dict(db.execute("SELECT words.word, tag FROM words JOIN json_each(?) ON words.word = value", [json.dumps(list(tokenizer.user_word_tag_tab))]))
    db.close()
    expected = {word: freq for word, freq in tokenizer.FREQ.items() if freq}
    for word in spaced:
        del expected[word]
    ok(found == expected, f"{name}: the store has jieba's {len(expected) - n_before} new words",
       found != expected and sorted(set(found.items()) ^ set(expected.items()))[:10])
    equal(total, tokenizer.total, f"{name}: the total of the store is jieba's")
    wrong = [(word, tags[word], tag) for word, tag in tokenizer.user_word_tag_tab.items()
             if word not in spaced and tags.get(word) != tag]
    ok(not wrong and tokenizer.user_word_tag_tab, f"{name}: the tags in the store are jieba's", wrong)
    same_cuts(tokenizer, compile_words(directory, path), sorted(word for word in added if word in expected), name)
    return path


def test_userdict(directory):
    path = same_userdict(directory, USER, "a user dictionary")
    equal(sql(path, "SELECT tag FROM words WHERE word IN ('清华大学', '服务') ORDER BY tag;"), "nt\nvn\n",
          "a line without a tag keeps the tag of the dictionary")
    equal(sql(path, "SELECT id, tool FROM edits;"), "1|import\n", "the import is one edit of the history")
    rng, vocabulary = random.Random(2), texts.words()
    lines = [rng.choice(vocabulary) + rng.choice(vocabulary) + rng.choice(("", " 5", " n", " 70 nz")) for _ in range(1000)]
    same_userdict(directory, "\n".join(line for line in lines if len(line) < 60), "many lines")
    path = small_store(directory)
    for content, reason in (("词\n词 1000000000001\n", ", line 2: CHECK constraint failed: freq: must be an integer from 0 to 1000000000000"),
                            (b"\xff\n", ", line 1: "), ("中" * 65, ", line 1: "), ("词 abcdefghijklmnopqrst\n", ", line 1: ")):
        user = write(directory, "bad.txt", content)
        run = subprocess.run([SERVERFUL, "import", "--store", path, "--userdict", user, "--strict"], capture_output=True, text=True)
        ok(run.returncode == 1 and f"{user}{reason}" in run.stderr,
           f"serverful import rejects the user dictionary {content!r:.30}", run)
    ok(refused(path, "INSERT INTO words (word) VALUES ('Edu Trust认证');"),
       "after the import, the store rejects a word with white space again")


plan(47)
jieba.setLogLevel(60)
for test in (test_added, test_many, test_alone, test_userdict):
    with tempfile.TemporaryDirectory() as where:
        test(where)
done()
