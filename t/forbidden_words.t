#!/usr/bin/python3
"""A word with freq 0 is forbidden, as by jieba's del_word(): in the store, by import, in `serverful segment -u`, in explanations."""

import os
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.posseg
import jieba_compare
import posseg_compare
import texts
from ask import ask
from store import jieba_snapshot, jieba_store, refused, serverful, small_store, sql
from tap import BUILD, SERVERFUL, done, equal, ok, plan

CUT = os.path.join(BUILD, "t", "cut_records")
TAG = os.path.join(BUILD, "t", "tag_records")
LINES = texts.size(240, 20000)
WORDS = 200
MIXED = ["C++", "c#", "B超", "T恤", "AT&T", "iPhone", "1.5%", "x", "卡拉OK", "b超机"]
OPTIONS = {"accurate, HMM": [], "full": ["-a"]}  # those of `serverful segment` for a mode


def tokenizer_of(words=()):
    """A tokenizer of jieba, in which only these words are forbidden."""
    jieba.finalseg.Force_Split_Words.clear()
    tokenizer = jieba_compare.new_tokenizer()
    for word in words:
        tokenizer.del_word(word)
    return tokenizer


def is_han(word):
    return all("\u4e00" <= character <= "\u9fd5" for character in word)


def choose_words(tokenizer, rng):
    """Words to forbid: half are words that only jieba's model finds, the others of every other kind."""
    vocabulary, found = texts.words(), set()
    for line in texts.generated(31, 600):
        found.update(word for word in tokenizer.lcut(line) if len(word) > 1 and is_han(word) and word not in tokenizer.FREQ)
    chosen = rng.sample(sorted(found), WORDS // 2) + MIXED + ["一" * 64, "很赞", "杭研", "我"]
    chosen += rng.sample([word for word in vocabulary if len(word) > 1], 40) + rng.sample([word for word in vocabulary if len(word) == 1], 15)
    while len(set(chosen)) < WORDS:
        chosen.append("".join(chr(rng.randint(0x4E00, 0x9FD5)) for _ in range(rng.randint(1, 3))))
    return sorted(set(chosen))


def lines_with(words, rng):
    """Generated texts, and texts of these words between others."""
    vocabulary, lines = texts.words(), texts.generated(31, LINES // 2)
    while len(lines) < LINES:
        lines.append("".join(rng.choice(rng.choice((words, words, vocabulary, "很的了在是我人有"))) for _ in range(rng.randint(1, 9))))
    return lines


def check_cuts(tokenizer, snapshot, lines, name):
    """Compare our words with jieba's: one result for each mode."""
    for mode, different in zip(jieba_compare.MODES, jieba_compare.differences(tokenizer, CUT, snapshot, lines)):
        ok(not different, f"{name}: in mode '{mode}' {len(different)} of {len(lines)} texts differ from jieba", different[:3])


def check_tags(posseg, snapshot, lines, name):
    """Compare our tags and offsets with jieba's: one result for each mode."""
    for mode, different in zip(posseg_compare.MODES, posseg_compare.differences(posseg, TAG, snapshot, lines)):
        ok(not different, f"{name}: in mode '{mode}' {len(different)} of {len(lines)} texts differ from jieba", different[:3])


def segment(directory, snapshot, lines, *options):
    """What `serverful segment` prints for these lines, which have no line ends."""
    path = write(directory, "lines.txt", "\n".join(lines))
    run = subprocess.run([SERVERFUL, "segment", "--snapshot", snapshot, *options, path], capture_output=True, check=True)
    return run.stdout.decode().removesuffix("\n").split("\n")


def check_command(directory, tokenizer, snapshot, lines, name, modes, *options):
    """Compare the words that `serverful segment` prints with jieba's: one result for each mode."""
    lines = [line for line in lines if line.splitlines() == [line] and line.isprintable()]
    reference = [jieba_compare.reference(tokenizer, line) for line in lines]
    for mode in modes:
        i = jieba_compare.MODES.index(mode)
        got = segment(directory, snapshot, lines, *options, *OPTIONS[mode])
        wrong = [(line, " / ".join(words[i]), ours) for line, words, ours in zip(lines, reference, got) if " / ".join(words[i]) != ours]
        ok(not wrong and len(got) == len(lines), f"{name}: in mode '{mode}' the words of {len(lines)} lines are jieba's", wrong[:3])


def write(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def compiled(directory, path):
    snapshot, before = os.path.join(directory, "forbidden.snapshot"), os.path.join(directory, "serverful.snapshot")
    if os.path.exists(before) and not os.path.exists(snapshot):
        shutil.copy(before, snapshot)  # what has not changed is carried over
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    return snapshot


def imported(path, *options):
    run = subprocess.run([SERVERFUL, "import", "--store", path, *options], capture_output=True, text=True)
    return run.returncode, run.stdout


def words_of(snapshot, text, **options):
    (_, body), = ask(snapshot, [{"text": text, **options}])
    return body["words"]


def test_userdict(directory):
    """Forbid 200 words by a user dictionary, some with a tag, and two that later lines or earlier ones make words."""
    rng = random.Random(17)
    words = choose_words(tokenizer_of(), rng)
    lines = lines_with(words, rng)
    unchanged = jieba_snapshot(directory)
    user = write(directory, "user.txt", "云原生 5\n" + "".join(f"{word} 0{rng.choice(('', '', ' n', ' vx'))}\n" for word in words) + "云原生 0\n云计算机\n")
    path = jieba_store(directory)
    before = sql(path, "SELECT count(*) FROM words;")
    equal(imported(path, "--userdict", user)[0], 0, "a user dictionary with the frequency 0 is imported")
    equal(sql(path, "SELECT count(*) FROM words WHERE freq = 0;"), f"{WORDS + 1}\n", "the store has the forbidden words with freq 0")
    ok(int(sql(path, "SELECT count(*) FROM words;")) > int(before), "new words are among them")
    snapshot = compiled(directory, path)
    tokenizer = tokenizer_of()
    tokenizer.load_userdict(user)
    posseg = jieba.posseg.POSTokenizer(tokenizer)
    check_cuts(tokenizer, snapshot, lines, "the store")
    changed = sum(ours != before for ours, before in zip(*(jieba_compare.ours(CUT, of, lines) for of in (snapshot, unchanged))))
    ok(changed > len(lines) // 4, f"the forbidden words change the words of {changed} of {len(lines)} texts")
    check_tags(posseg, snapshot, lines[::texts.size(3, 1)], "the store")
    check_command(directory, tokenizer, unchanged, lines, "segment -u", OPTIONS, "-u", user)
    equal(segment(directory, unchanged, ["我很赞成"], "-p_", "-u", user), segment(directory, snapshot, ["我很赞成"], "-p_"),
          "segment -u gives single characters the same tags as the store")
    more = write(directory, "more.txt", "很赞 5\n可设 0\n可设 1\n云原生\n龘龘 0\n清华 0\n大厦 3\n大厦 0\n")
    tokenizer.load_userdict(more)
    check_command(directory, tokenizer, snapshot, lines[::2] + ["很赞呀", "很赞很赞", "可设为", "云原生大厦", "清华龘龘"],
                  "segment -u with forbidden words in the snapshot, one of which gets a frequency", ["accurate, HMM"], "-u", more)
    tagged = ["我", "我，的", "可设为", *(line for line in lines[:60] if line.isprintable() and line)]
    equal(segment(directory, snapshot, tagged, "-p_", "-u", more), [" / ".join(f"{word}_{tag}" for word, tag in posseg.lcut(line)) for line in tagged],
          "segment -u -p keeps the tags of words that the snapshot forbids")


def test_sql(directory):
    """Forbid words by SQL, and allow them again."""
    path, unchanged = jieba_store(directory), jieba_snapshot(directory)
    freqs = dict(row.split("|") for row in sql(path, "SELECT word, freq FROM words WHERE word IN ('清华大学', '的', '来到');").split())
    sql(path, "UPDATE words SET freq = 0 WHERE word IN ('清华大学', '的', '来到');"
              "INSERT INTO words (word, freq, tag) VALUES ('杭研', 0, 'nz'), ('很赞', 0, ''), ('赞很赞', NULL, ''), ('龘', 0, '');")
    snapshot = compiled(directory, path)
    tokenizer = tokenizer_of(["清华大学", "的", "来到", "杭研", "很赞", "龘"])
    tokenizer.total -= sum(map(int, freqs.values()))  # an edit replaces the frequency, where jieba adds to the total
    tokenizer.add_word("赞很赞")
    lines = ["我来到北京清华大学", "他来到了网易杭研大厦", "很赞", "的", "这的确是很赞的", "赞很赞很赞", "龘龘"] + texts.generated(41, 300)
    check_cuts(tokenizer, snapshot, lines, "edits by SQL")
    check_tags(jieba.posseg.POSTokenizer(tokenizer), snapshot, lines[:100], "edits by SQL")
    equal(words_of(snapshot, "来到，杭研"), ["来", "到", "，", "杭", "研"],
          "a word of the dictionary and one of the model are split")
    equal(sql(path, "SELECT word, finding, remedy FROM word_check WHERE word IN ('清华大学', '的', '杭研', 'C++') ORDER BY word, finding;"),
          "".join(f"{word}|is forbidden: it is never one word, and is split where the model finds it"
                  "|nothing; set freq to NULL to make it a word, or delete it to let the model decide\n" for word in ("杭研", "清华大学"))
          + "的|freq 0 forbids only words of two or more Chinese characters|delete it, or keep it for its tag\n",
          "word_check says what freq 0 does, and does not advise to make the word likelier")
    ok("freq: must be an integer from 0 to" in refused(path, "UPDATE words SET freq = -1 WHERE word = '杭研';"), "a negative freq is refused")
    sql(path, "DELETE FROM words WHERE word IN ('杭研', '很赞', '赞很赞', '龘');"
        + "".join(f"UPDATE words SET freq = {freq} WHERE word = '{word}';" for word, freq in freqs.items()))
    again = compiled(directory, path)
    equal(jieba_compare.ours(CUT, again, lines), jieba_compare.ours(CUT, unchanged, lines), "without freq 0, all words are as before")


def test_import(directory):
    """Import rows with the frequency 0 from every kind of file."""
    for option, content in (("--words", "很赞 0\n来到 0 v\n"), ("--words", "word,freq\n很赞,0\n来到,0\n"), ("--userdict", "很赞 0\n来到 0\n"),
                            ("--userdict", "word,freq,tag\n很赞,0,\n来到,0,\n")):
        path, file = small_store(directory), write(directory, "rows", content)
        equal(imported(path, option, file), (0, "words: 1 added, 1 changed, 0 same, 0 refused\n"), f"{option} takes {content!r}")
        equal(imported(path, option, file), (0, "words: 0 added, 0 changed, 2 same, 0 refused\n"), f"{option} finds {content!r} again")
        equal(words_of(compiled(directory, path), "很赞，来到"), ["很", "赞", "，", "来", "到"], f"the words of {option} {content!r} are split")
    equal(imported(path, "--userdict", write(directory, "rows", "很赞 7\n来到\n")), (0, "words: 0 added, 2 changed, 0 same, 0 refused\n"),
          "a later import gives forbidden words a frequency")
    equal(words_of(compiled(directory, path), "很赞，来到"), ["很赞", "，", "来到"], "they are words then")


def explain(snapshot, text):
    (_, body), = ask(snapshot, [{"text": text, "explain": 1}])
    block, = body["explain"]["blocks"]
    return body["words"], block


def test_explain(directory):
    """Follow the explanation: it offers to split a word of the model, shows the row that splits it, and offers to join it again."""
    path = jieba_store(directory)
    text = "他来到了网易杭研大厦"
    words, block = explain(jieba_snapshot(directory), text)
    change, = [change for change in block["changes"] if change["do"] == "split" and change["word"] == "杭研"]
    equal((change["pieces"], change["freq"], change["sql"], change["gives"], change["works"]),
          (["杭", "研"], 0, "INSERT INTO words (word, freq) VALUES ('杭研', 0);", ["杭", "研"], True), "explain offers to split a word of the model")
    sql(path, change["sql"])
    words, block = explain(compiled(directory, path), text)
    equal(words, ["他", "来到", "了", "网易", "杭", "研", "大厦"], "the change splits the word")
    equal([(word["from"], word["row"], word["freq"]) for word in block["words"] if word["word"] in "杭研"], [("words", "杭研", 0)] * 2,
          "explain shows the row that forbids the word")
    change, = [change for change in block["changes"] if change["do"] == "join" and change["word"] == "杭研"]
    ok(change["sql"].startswith("UPDATE words SET freq = ") and change["works"], "explain offers to join it again, by an update of its row", change)
    sql(path, change["sql"])
    words, block = explain(compiled(directory, path), text)
    ok("杭研" in words, "the change makes it one word")


plan(3 + 5 + 1 + 6 + 2 + 1 + 2 + 5 + 6 + 4 + 14 + 5)
jieba.setLogLevel(60)
for test in (test_userdict, test_sql, test_import, test_explain):
    with tempfile.TemporaryDirectory(prefix="serverful-") as where:
        test(where)
done()
