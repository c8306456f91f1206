#!/usr/bin/python3
"""The store: what its schema refuses and counts, what serverful import adds, what serverful snapshot compiles, and what
serverful check finds."""

import os
import re
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import unicodedata
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.analyse
import jieba.finalseg as finalseg
import jieba.posseg as posseg
from snapshot import HEADER, PARTS, SECTIONS
from store import CONFIRM, in_both, jieba_snapshot, jieba_store, serverful, sql
from tap import SERVERFUL, done, equal, is_watched, ok, plan
from wait import PATIENCE

JIEBA = os.path.dirname(jieba.__file__)
MODEL = ["prob_start.py", "prob_trans.py", "prob_emit.py"]
POSSEG = [*MODEL, "char_state_tab.py"]
STATES = "BMES"
WEIGHTS = {"idf.txt": "我们 5.5\n云计算 12.25 \n你们 3\n", "tfidf.py": 'STOP_WORDS = set((\n "the", "of",\n))\n'}
IMAGES = ["image_ends", "image_text", "lists", "choices"]

BEGIN = "url: must begin with http:// or https:// and a host"
ONLY = "url: must have only the characters of RFC 3986"
SPACE = "word: must not contain white space or control characters"
CONTROL = "word: must not contain control characters or line breaks"
OUTER_SPACE = "word: must not begin or end with white space"
SYMBOLS = "word: has spaces or symbols; to allow them, UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'"
UTF8 = "word: must be valid UTF-8"
FREQ = "freq: must be an integer from 0 to 1000000000000, or NULL"
LOGP = "logp: must be the logarithm of a probability, at most 0"
TAG = "tag: must be at most 16 letters, digits, _ or -"
WEIGHT = "weight: must be an integer from 1 to 1000000; to disable an image, set enabled = 0"
TAG_SIZE = "tag: must be at most 64 bytes (21 Chinese characters)"
TAG_SPACE = "tag: must not contain white space or control characters"
ENABLED = "enabled: must be 1, or 0 for a disabled image"
NOTE = "note: must be one line, without control characters"


def text(value):
    """A text as SQL that keeps any bytes."""
    data = value if isinstance(value, bytes) else value.encode()
    return f"CAST(x'{data.hex()}' AS TEXT)"


BAD_URLS = [
    *[(url, BEGIN) for url in (
        "", "cat.jpg", "ftp://a/b", "HTTP://a/b", "javascript:alert(1)", "//a/b", "https:/a/b", " https://a/b",
        "http://",
        "https://", "https:///b", "https://?b", "https://#b", "https://:80/b", "https://@a/b", "httpss://a/b")],
    *[(f"https://a/{odd}b", ONLY) for odd in map(chr, [*range(1, 33), *map(ord, '"<>\\^`{|}'), 127])],
    ("https://a/\r\nSet-Cookie: b", ONLY), ("https://a/b\n", ONLY), ("https://a/\0b", ONLY), ("https://a/b\0", ONLY),
    ("https://a/é", ONLY), ("https://a/图", ONLY), ("https://a/😀", ONLY), ("https://例子/b", BEGIN),
    (b"https://a/\xff", ONLY), (b"https://a/\x80", ONLY), (b"https://a/\xc1\xa1", ONLY),
    ("https://a/" + "b" * 2039, "url: must be at most 2048 characters"),
]
GOOD_URLS = [
    "http://a", "https://A.example/b", "https://[2001:db8::1]:8080/b", "https://127.0.0.1/b", "https://a/%E5%9B%BE.jpg",
    "https://a:8443/b;c,d/e(1)!*'$&+=~_-.?q=[x]&r=%00#f", "https://a/" + "b" * 2038,
]
SPACES = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) == "Zs"]
BAD_WORDS = [
    ("", "word: must not be empty"), ("中" * 65, "word: must be at most 64 characters"),
    ("a" * 65, "word: must be at most 64 characters"),
    *[(f"我{chr(code)}们", CONTROL) for code in [*range(32), *range(127, 160), 0x2028, 0x2029]],
    *[(word, OUTER_SPACE) for space in SPACES for word in (f"{space}我", f"我{space}", space)],
    ("我\n", CONTROL), ("\0", CONTROL), ("我\0", CONTROL), ("我\0\0们", CONTROL),
    *[(b"\xe6\x88\x91" + bad, UTF8) for bad in (
        b"\xc3", b"\xe6", b"\xe6\x88", b"\xf0\x9f\x98", b"\xf0", b"\xe6\x88a", b"\xe6a",   # truncated
        b"\x80", b"\xbf", b"a\x80", b"\x88\x91",                                           # lone continuations
        b"\xc0\xaf", b"\xc1\xa1", b"\xc0\x80", b"\xe0\x81\xa1", b"\xf0\x82\x88\x91",       # overlong
        b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80",                     # surrogates
        b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xff")],                  # beyond Unicode
    (b"\x80", UTF8), (b"\xe6", UTF8), (b"\xffa", UTF8), (b"a" * 63 + b"\xff", UTF8),
]
GOOD_WORDS = ["无服务器架构", "中" * 64, "C++", "-", "c#", "AT&T", "x_1.5%", "龥", "鿕"]
SYMBOL_WORDS = [  # Words that need the switch words_with_symbols.
    "😀", "👨\u200d👩", "\U0010ffff" * 64, "it's", 'a"b', "é", "\u0301", "\u200b", "\ufeff", "\ufffd", "\U0002a6df",
    "~", "䷿", "鿖", "New York", "C++ 语言", "4×4", "a]b", "a^b", "a\\b", "γ射线", *[f"我{space}们" for space in SPACES],
]
BAD_VALUES = [
    ("word", "NULL", "NOT NULL constraint failed: words.word"),
    ("word", "x'e68891'", "cannot store BLOB value in TEXT column words.word"),
    *[("freq", value, FREQ) for value in ("-1", "1000000000001", "9223372036854775807", "-9223372036854775808")],
    ("freq", "1.5", "cannot store REAL value in INTEGER column words.freq"),
    ("freq", "1e300", "cannot store REAL value in INTEGER column words.freq"),
    ("freq", "9223372036854775808", "cannot store REAL value in INTEGER column words.freq"),
    ("freq", "'x'", "cannot store TEXT value in INTEGER column words.freq"),
    ("freq", "''", "cannot store TEXT value in INTEGER column words.freq"),
    ("freq", "x'31'", "cannot store BLOB value in INTEGER column words.freq"),
    *[("tag", value, TAG) for value in ("'abcdefghijklmnopq'", "'a b'", "'名'", "'a;'", "'n' || char(10)",
                                        "'n' || char(0)", "CAST(x'ff' AS TEXT)")],
    ("tag", "NULL", "NOT NULL constraint failed: words.tag"),
    ("tag", "x'6e'", "cannot store BLOB value in TEXT column words.tag"),
]
BAD_IMAGE_VALUES = [
    *[("weight", value, WEIGHT) for value in ("0", "-1", "1000001", "9223372036854775807")],
    ("weight", "0.5", "cannot store REAL value in INTEGER column images.weight"),
    ("weight", "'x'", "cannot store TEXT value in INTEGER column images.weight"),
    ("weight", "NULL", "NOT NULL constraint failed: images.weight"),
    ("tag", "'" + "a" * 65 + "'", TAG_SIZE), ("tag", "'" + "图" * 22 + "'", TAG_SIZE),
    *[("tag", text(f"猫{chr(code)}狗"), TAG_SPACE)
      for code in range(0x110000) if chr(code).isspace() or code < 32 or 127 <= code < 160],
    ("tag", "NULL", "NOT NULL constraint failed: images.tag"), ("tag", "x'61'", "cannot store BLOB value in TEXT column"),
    *[("enabled", value, ENABLED) for value in ("2", "-1")],
    ("enabled", "'yes'", "cannot store TEXT value in INTEGER column images.enabled"),
    ("enabled", "NULL", "NOT NULL constraint failed: images.enabled"),
    *[("note", text(f"a{chr(code)}b"), NOTE) for code in [*range(32), 127]],
    ("note", "'" + "a" * 1001 + "'", "note: must be at most 1000 characters"),
    ("note", "NULL", "NOT NULL constraint failed: images.note"),
    *[("added", value, "added: must be a time like 2024-10-24 12:00:00") for value in ("'today'", "'2024\"'")],
]
BAD_MODEL = [
    ("hmm_start VALUES ('X', -1.0)", "CHECK constraint failed"),
    ("hmm_start VALUES ('B', NULL)", "NOT NULL constraint failed: hmm_start.logp"),
    ("hmm_start VALUES ('B', 'x')", "cannot store TEXT value in REAL column hmm_start.logp"),
    ("hmm_trans VALUES ('B', 'b', -1.0)", "CHECK constraint failed"),
    ("hmm_trans VALUES ('', 'B', -1.0)", "CHECK constraint failed"),
    *[(f"hmm_emit VALUES ({value}, 'B', -1.0)", "character: must be one character from U+4E00 to U+9FD5") for value in (
        "'a'", "''", "'我们'", "char(0x4dff)", "char(0x9fd6)", "CAST(x'e688' AS TEXT)", "CAST(x'e6889180' AS TEXT)")],
    ("hmm_emit VALUES ('我', 'Z', -1.0)", "CHECK constraint failed"),
    ("pos_start VALUES ('X', 'n', -1.0)", "CHECK constraint failed"), ("pos_start VALUES ('B', 'n', 0.5)", LOGP),
    *[(f"pos_start VALUES ('B', {tag}, -1.0)", "tag: must be 1 to 16 letters") for tag in (
        "''", "'名'", "'n.'", "'abcdefghijklmnopq'", "'n' || char(0)")],
    ("pos_trans VALUES ('B', 'n', 'Z', 'n', -1.0)", "CHECK constraint failed"),
    ("pos_trans VALUES ('B', 'n', 'E', 'n', 1.0)", LOGP), ("pos_emit VALUES ('我', 'B', 'n', 9e999)", LOGP),
    ("pos_emit VALUES ('我', 'b', 'n', -1.0)", "CHECK constraint failed"),
    ("pos_list VALUES ('我', 'x', 'n')", "CHECK constraint failed"),
    *[(f"pos_{row}", "character: must be one character from U+4E00 to U+9FD5") for row in (
        "emit VALUES ('a', 'B', 'n', -1.0)", "emit VALUES ('我们', 'B', 'n', -1.0)", "list VALUES ('', 'B', 'n')",
        "list VALUES (char(0x9fd6), 'B', 'n')")],
]


BAD_KEYWORDS = [
    *[(f"{table} VALUES ({text(word)}{more})", reason)
      for table, more in (("idf", ", 5"), ("stop_words", ""))
      for word, reason in [(word, SPACE if reason in (CONTROL, OUTER_SPACE) else reason) for word, reason in BAD_WORDS]],
    *[(f"idf VALUES ('我们', {value})", "idf: must be a number from 0 to 1000") for value in ("-0.1", "1000.1", "9e999")],
    ("idf VALUES ('我们', NULL)", "NOT NULL constraint failed: idf.idf"),
    ("idf VALUES ('我们', 'x')", "cannot store TEXT value in REAL column idf.idf"),
    ("stop_words VALUES (NULL)", "NOT NULL constraint failed: stop_words.word"),
    ("stop_words VALUES ('The')", "word: must be in lower case"),
]


def row_of(column, value):
    """The columns and values of an INSERT into words that sets one column."""
    return f"(word) VALUES ({value})" if column == "word" else f"(word, {column}) VALUES ('你', {value})"


def dump(path):
    """The whole content of a store."""
    return subprocess.run(["sqlite3", path, ".dump"], check=True, capture_output=True).stdout


def revisions(path):
    """The revision of each part."""
    return [int(n) for part in PARTS
            for n in sql(path, f"SELECT n FROM revision WHERE part = '{part}';").split()]


def rows(path, query):
    """The rows of a query, with exact numbers."""
    db = sqlite3.connect(path)
    found = db.execute(query).fetchall()
    db.close()
    return found


def run(*arguments):
    """Run a subcommand that may fail: (status, stdout, stderr)."""
    done_run = subprocess.run([SERVERFUL, *arguments], capture_output=True, text=True, errors="replace")
    return done_run.returncode, done_run.stdout, done_run.stderr


def fails(arguments, reason, name):
    """The command exits with 1, and the last line on stderr has the reason; only the progress of an import may precede it."""
    status, out, said = run(*arguments)
    *steps, last = said.splitlines() or [""]
    ok(status == 1 and out == "" and reason in last and last.startswith(f"serverful {arguments[0]}: ")
       and all(step.startswith("importing ") for step in steps), name, f"status {status}, {out!r}, {said!r}, expected {reason!r}")


def refuses_row(arguments, reason, name):
    """serverful import leaves a row out, and says why; with --strict it exits with 1 and imports nothing."""
    status, out, said = run("import", *arguments, "--strict")
    told = [line for line in said.splitlines() if not line.startswith("importing ")]
    ok(status == 1 and out == "" and len(told) == 2 and told[0].startswith(f"serverful import: {reason}")
       and "nothing is imported" in told[1], name,
       f"status {status}, {out!r}, {said!r}, expected {reason!r}")


def new_store(directory, name, edits=""):
    """A store without words, after some edits; its path."""
    path = os.path.join(directory, name)
    serverful("init", "--store", path)
    sql(path, edits)
    return path


def write(path, content):
    """Write a file of bytes or of text; its path."""
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def sections(path):
    """The sections of a snapshot by name, and its revisions."""
    data = read(path)
    fields = struct.unpack_from(HEADER, data)
    revised = 5 + 1 + len(PARTS)
    ranges = fields[revised:-1]
    found = {name: data[ranges[2 * i]:ranges[2 * i] + ranges[2 * i + 1]] for i, name in enumerate(SECTIONS)}
    return found, fields[5:revised]


def refusal(db, statement):
    """Execute a statement. Returns the error, or None where it succeeds."""
    try:
        db.execute(statement)
    except sqlite3.Error as error:
        return str(error)
    return None


def refuses(path, cases):
    """The cases (statement, reason) that are not refused for their reason. Together they must leave the store unchanged."""
    before = dump(path)
    wrong = []
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement, reason in cases:
            said = refusal(db, statement)
            if said is None or reason not in said:
                wrong.append(f"{statement[:200]}: {said!r}, expected {reason!r}")
    equal(dump(path), before,
          f"refused statements leave the store unchanged: {cases[0][0][:50]} and {len(cases) - 1} more")
    return wrong


def test_refusals(directory):
    """Bad rows by INSERT, UPDATE, upsert and the conflict clauses."""
    path = new_store(directory, "refusals.db", "INSERT INTO words (word) VALUES ('我');"
                     "INSERT INTO hmm_emit VALUES ('我', 'B', -1.0);")
    urls = [(text(url), reason) for url, reason in BAD_URLS]
    urls += [("NULL", "NOT NULL constraint failed: images.url"), ("x'61'", "cannot store BLOB value in TEXT column")]
    words = [("word", text(word), reason) for word, reason in BAD_WORDS] + BAD_VALUES
    of_insert = [(f"INSERT INTO images (url) VALUES ({url})", reason) for url, reason in urls]
    of_insert += [(f"INSERT OR REPLACE INTO images (id, url) VALUES (1, {url})", reason) for url, reason in urls[:1]]
    of_update = [(f"UPDATE images SET url = {url} WHERE id = 1", reason) for url, reason in urls]
    for column, value, reason in BAD_IMAGE_VALUES:
        of_insert.append((f"INSERT INTO images (url, {column}) VALUES ('https://a/b', {value})", reason))
        of_update.append((f"UPDATE images SET {column} = {value} WHERE id = 1", reason))
    for column, value, reason in words:
        of_insert.append((f"INSERT INTO words {row_of(column, value)}", reason))
        of_update.append((f"UPDATE words SET {column} = {value}", reason))
    upsert = "INSERT INTO words (word) VALUES ('我') ON CONFLICT (word) DO UPDATE SET "
    of_update += [(f"{upsert}{column} = {value}", reason) for column, value, reason in words]
    for what, cases in (("INSERT", of_insert), ("UPDATE", of_update),
                        ("INSERT into the model", [(f"INSERT INTO {row}", reason) for row, reason in BAD_MODEL]),
                        ("INSERT of keywords", [(f"INSERT INTO {row}", reason) for row, reason in BAD_KEYWORDS])):
        wrong = refuses(path, cases)
        ok(not wrong, f"{what}: the schema refuses {len(cases)} bad rows with a reason", "\n".join(wrong))
    before = sql(path, "SELECT * FROM words; SELECT * FROM revision;")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for column, value, _ in words:
            refusal(db, f"INSERT OR IGNORE INTO words {row_of(column, value)}")
    equal(sql(path, "SELECT * FROM words; SELECT * FROM revision;"), before, "INSERT OR IGNORE adds no bad word")


def test_symbols(directory):
    """Words with spaces and symbols, with and without the switch."""
    switch = "UPDATE settings SET value = {} WHERE name = 'words_with_symbols';"
    path = new_store(directory, "symbols.db", "INSERT INTO words (word) VALUES ('我');")
    for statement in ("INSERT INTO words (word) VALUES ({})", "UPDATE words SET word = {}",
                      "INSERT OR REPLACE INTO words (word) VALUES ({})",
                      "INSERT OR IGNORE INTO words (word) VALUES ({})"):
        wrong = refuses(path, [(statement.format(text(word)), SYMBOLS) for word in SYMBOL_WORDS])
        ok(not wrong,
           f"without words_with_symbols, the schema refuses words with symbols: {statement}", "\n".join(wrong))
    sql(path, switch.format(1))
    sql(path, "".join(f"INSERT INTO words (word) VALUES ({text(word)});" for word in SYMBOL_WORDS))
    expected = sorted([*SYMBOL_WORDS, "我"], key=str.encode)
    equal([word for word, in rows(path, "SELECT word FROM words")], expected,
          "with words_with_symbols, the schema accepts words with symbols")
    bad = [(f"INSERT INTO words (word) VALUES ({text(word)})", reason) for word, reason in BAD_WORDS]
    wrong = refuses(path, bad)
    ok(not wrong, f"with words_with_symbols, the schema still refuses {len(bad)} bad words", "\n".join(wrong))
    sql(path, switch.format(0) + "UPDATE words SET freq = freq + 1;")
    equal([word for word, in rows(path, "SELECT word FROM words")], expected,
          "words with symbols stay when words_with_symbols is switched off")
    wrong = refuses(path, [
        (switch.format(2), "value: must be 0 or 1"), (switch.format("NULL"), "NOT NULL constraint failed"),
        ("UPDATE settings SET name = 'x'", "settings: the name cannot be changed; update the value instead"),
        ("DELETE FROM settings", "settings: rows cannot be added or deleted; update the value instead"),
        ("INSERT INTO settings VALUES ('x', 0)", "settings: rows cannot be added or deleted; update the value instead"),
        ("INSERT OR REPLACE INTO settings VALUES ('importing', 1)", "settings: rows cannot be added or deleted; update the value instead")])
    ok(not wrong, "the settings accept nothing but 0 and 1", "\n".join(wrong))


def test_acceptance(directory):
    """Good rows are stored as they are."""
    path = new_store(directory, "good.db", "DELETE FROM images;")
    sql(path, "".join(f"INSERT INTO images (url) VALUES ({text(url)});" for url in GOOD_URLS))
    sql(path, "".join(f"INSERT INTO words (word) VALUES ({text(word)});" for word in GOOD_WORDS))
    equal([url for url, in rows(path, "SELECT url FROM images ORDER BY id")], GOOD_URLS,
          "good URLs are stored as they are")
    equal(rows(path, "SELECT DISTINCT weight, tag, enabled, note FROM images"), [(1, "", 1, "")],
          "an image with a URL alone has the default weight, tag, enabled and note")
    sql(path, f"INSERT INTO images (url, weight, tag, enabled, note) VALUES ('http://b/1', 1, '{'图' * 21}', 0, ''),"
              f"('http://b/2', 1000000, '{'a' * 64}', 0, '{'注' * 1000}');")
    equal(rows(path, "SELECT weight, tag, length(note) FROM images WHERE NOT enabled ORDER BY id"),
          [(1, "图" * 21, 0), (1000000, "a" * 64, 1000)], "weights, tags and notes at their limits are stored as they are")
    equal(rows(path, "SELECT word, freq, tag FROM words"),
          [(word, None, "") for word in sorted(GOOD_WORDS, key=str.encode)],
          "good words are stored as they are, without freq and tag")
    sql(path, "INSERT INTO words VALUES ('一', 1, 'abcdefghijklmnop'), ('二', 1000000000000, 'n_1-X'), ('三', '5', '');")
    equal(rows(path, "SELECT freq, tag FROM words WHERE word IN ('一', '二', '三') ORDER BY freq"),
          [(1, "abcdefghijklmnop"), (5, ""), (1000000000000, "n_1-X")], "frequencies and tags at their limits are stored as they are")
    serverful("snapshot", "--store", path, "--snapshot", os.path.join(directory, "good.snapshot"))
    equal(sections(os.path.join(directory, "good.snapshot"))[0]["image_text"].decode(), "".join(GOOD_URLS),
          "the snapshot has all URLs at their limits")


def test_posseg(directory):
    """The model of parts of speech has at most 64 tags; states that no path reaches are not compiled."""
    path = new_store(directory, "posseg.db")
    tags = [a + b for a in "abcdefgh" for b in "ijklmnop"]
    sql(path, "".join(f"INSERT INTO pos_start VALUES ('{state}', '{tag}', -1.0);" for tag in tags for state in STATES))
    wrong = refuses(path, [("INSERT INTO pos_start VALUES ('B', 'x', -1.0)", "pos_start: must have at most 64 tags"),
                           ("UPDATE pos_start SET tag = 'x' WHERE tag = 'ai' AND state = 'B'", "pos_start: must have at most 64 tags")])
    ok(not wrong, "pos_start refuses a 65th tag", "\n".join(wrong))
    sql(path, "DELETE FROM pos_start WHERE tag = 'ai'; INSERT INTO pos_start VALUES ('B', 'x', -2.0), ('E', 'x', -2.0);")
    snapshot = os.path.join(directory, "posseg.snapshot")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    before = sections(snapshot)[0]
    equal(before["pos"][:1024:16], b"".join(tag.encode()[:1] for tag in sorted(tags[1:] + ["x"])),
          "the snapshot has all 64 tags of the model")
    for row in ("pos_emit VALUES ('我', 'B', 'nowhere', -1.0)", "pos_list VALUES ('我', 'B', 'ai')",
                "pos_trans VALUES ('B', 'x', 'E', 'y', -1.0)", "pos_trans VALUES ('B', 'y', 'E', 'x', -1.0)"):
        sql(path, f"INSERT INTO {row};")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    ok(sections(snapshot)[0] == before, "rows of states that are not in pos_start do not change the snapshot")
    equal(run("check", "--store", path, "--snapshot", snapshot)[0], 0, "serverful check accepts a model with 64 tags")


COUNTED = [  # Statements, and by how much the revisions of words, model, images and keywords must rise.
    ("INSERT INTO words (word) VALUES ('我'), ('们')", (2, 0, 0, 0)),
    ("INSERT OR REPLACE INTO words (word, freq) VALUES ('我', 7)", (1, 0, 0, 0)),
    ("INSERT INTO words (word) VALUES ('我') ON CONFLICT (word) DO UPDATE SET freq = 8", (1, 0, 0, 0)),
    ("INSERT INTO words (word) VALUES ('我') ON CONFLICT (word) DO NOTHING", (0, 0, 0, 0)),
    ("UPDATE words SET freq = freq + 1", (2, 0, 0, 0)), ("UPDATE words SET word = '你' WHERE word = '我'", (1, 0, 0, 0)),
    ("UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'", (1, 0, 0, 0)),
    ("UPDATE settings SET value = 0", (1, 0, 1, 0)),
    ("DELETE FROM words", (2, 0, 0, 0)), ("UPDATE repeated_words SET freq = 3", (1, 0, 0, 0)),
    ("INSERT INTO images (url) VALUES ('http://a'), ('http://b')", (0, 0, 2, 0)),
    ("INSERT OR REPLACE INTO images (url) VALUES ('http://a')", (0, 0, 1, 0)),
    ("INSERT INTO images (url) VALUES ('http://a') ON CONFLICT (url) DO UPDATE SET url = 'http://c'", (0, 0, 1, 0)),
    ("UPDATE OR REPLACE images SET url = 'http://c' WHERE url = 'http://b'", (0, 0, 1, 0)),
    ("DELETE FROM images WHERE url = 'http://c'", (0, 0, 1, 0)), ("DELETE FROM images", (0, 0, 5, 0)),
    ("INSERT INTO hmm_start VALUES ('B', -1.0), ('S', -1.0)", (0, 2, 0, 0)),
    ("UPDATE hmm_start SET logp = -2.0", (0, 2, 0, 0)),
    ("INSERT OR REPLACE INTO hmm_start VALUES ('B', -1.0)", (0, 1, 0, 0)), ("DELETE FROM hmm_start", (0, 2, 0, 0)),
    ("INSERT INTO hmm_trans VALUES ('B', 'E', -1.0)", (0, 1, 0, 0)), ("UPDATE hmm_trans SET logp = -2.0", (0, 1, 0, 0)),
    ("DELETE FROM hmm_trans", (0, 1, 0, 0)), ("INSERT INTO hmm_emit VALUES ('我', 'B', -1.0)", (0, 1, 0, 0)),
    ("UPDATE hmm_emit SET logp = -2.0", (0, 1, 0, 0)), ("DELETE FROM hmm_emit", (0, 1, 0, 0)),
    ("INSERT INTO pos_start VALUES ('B', 'n', -1.0), ('S', 'n', -1.0)", (0, 2, 0, 0)),
    ("UPDATE pos_start SET logp = -2.0", (0, 2, 0, 0)), ("UPDATE pos_start SET tag = 'v'", (0, 2, 0, 0)),
    ("DELETE FROM pos_start", (0, 2, 0, 0)), ("INSERT INTO pos_trans VALUES ('B', 'n', 'E', 'n', -1.0)", (0, 1, 0, 0)),
    ("UPDATE pos_trans SET logp = -2.0", (0, 1, 0, 0)), ("DELETE FROM pos_trans", (0, 1, 0, 0)),
    ("INSERT INTO pos_emit VALUES ('我', 'B', 'n', -1.0)", (0, 1, 0, 0)), ("UPDATE pos_emit SET logp = -2.0", (0, 1, 0, 0)),
    ("DELETE FROM pos_emit", (0, 1, 0, 0)), ("INSERT INTO pos_list VALUES ('我', 'B', 'n')", (0, 1, 0, 0)),
    ("UPDATE pos_list SET tag = 'v'", (0, 1, 0, 0)), ("DELETE FROM pos_list", (0, 1, 0, 0)),
    ("BEGIN; INSERT INTO words (word) VALUES ('我'); DELETE FROM images; ROLLBACK", (0, 0, 0, 0)),
    ("BEGIN; INSERT INTO words (word) VALUES ('我'); SAVEPOINT s; DELETE FROM words; ROLLBACK TO s; COMMIT", (1, 0, 0, 0)),
    ("INSERT INTO idf VALUES ('我们', 5.5), ('你们', 6)", (0, 0, 0, 2)), ("UPDATE idf SET idf = 7", (0, 0, 0, 2)),
    ("INSERT INTO idf VALUES ('我们', 1) ON CONFLICT (word) DO UPDATE SET idf = 8", (0, 0, 0, 1)),
    ("DELETE FROM idf", (0, 0, 0, 2)), ("INSERT INTO stop_words VALUES ('the'), ('我们')", (0, 0, 0, 2)),
    ("UPDATE stop_words SET word = 'a' WHERE word = 'the'", (0, 0, 0, 1)), ("DELETE FROM stop_words", (0, 0, 0, 2)),
]


def test_revisions(directory):
    """The revisions count every change of a row, and nothing else."""
    path = new_store(directory, "revisions.db")
    for statements, expected in COUNTED:
        before = revisions(path)
        sql(path, statements + ";")
        equal([(b >> 20) - (a >> 20) for a, b in zip(before, revisions(path))], list(expected),
              f"the revisions rise by {expected} after {statements}")
    for edit in ("UPDATE revision SET n = 0 WHERE part = 'words'", "UPDATE revision SET n = n + (2 << 20) WHERE part = 'words'",
                 "UPDATE revision SET n = n - (1 << 20) WHERE part = 'words'",
                 "UPDATE revision SET n = n + (1 << 20) WHERE part = 'store'",
                 "UPDATE revision SET part = 'x' WHERE part = 'words'", "DELETE FROM revision",
                 "INSERT INTO revision VALUES ('words', 1)", "INSERT OR REPLACE INTO revision VALUES ('words', 1)"):
        wrong = refuses(path, [(edit, "revision: is maintained by triggers and cannot be edited")])
        ok(not wrong, f"the table revision refuses {edit}", "\n".join(wrong))
    one = new_store(directory, "one.db")
    copy = shutil.copy(one, one + ".copy")
    for name in (one, copy):
        sql(name, "UPDATE images SET weight = 2 WHERE id = 1;")
    ok(revisions(one) != revisions(copy), "a store and its backup have different revisions after as many edits")
    other = new_store(directory, "other.db")
    number = "SELECT n FROM revision WHERE part = 'store';"
    ok(sql(path, number) != sql(other, number), "two stores have different numbers to identify them")


def by_jieba(path):
    """A dictionary as jieba reads it: {word: freq}, {word: tag} and the total."""
    with open(path, "rb") as file:
        freqs, total = jieba.Tokenizer().gen_pfdict(file)
    tags = {}
    with open(path, "rb") as file:
        for line in file:
            fields = line.strip().decode().split(" ")
            tags[fields[0]] = fields[2] if len(fields) > 2 else ""
    return {word: freqs[word] for word in tags}, tags, total


def same_words(path, dictionary, name):
    """Compare the words of the store with what jieba reads from the dictionary file."""
    freqs, tags, total = by_jieba(dictionary)
    got = rows(path, "SELECT word, freq, tag FROM words")
    wrong = set(got) ^ {(word, freqs[word], tags[word]) for word in freqs}
    ok(not wrong and len(got) == len(freqs), f"{name}: the store has jieba's {len(freqs)} words, frequencies and tags",
       str(sorted(wrong)[:10]))
    equal(rows(path, "SELECT (SELECT sum(freq) FROM words) + freq FROM repeated_words"), [(total,)],
          f"{name}: the store has jieba's total")


def model_of_jieba():
    """The rows of the three tables of the model of words. What has no row is impossible."""
    start = {(state, value) for state, value in finalseg.start_P.items()}
    trans = {(a, b, value) for a, to in finalseg.trans_P.items() for b, value in to.items()}
    emit = {(character, state, value) for state, of in finalseg.emit_P.items() for character, value in of.items()
            if finalseg.re_han.fullmatch(character)}  # The model is never asked about others.
    return [{row for row in table if row[-1] != finalseg.MIN_FLOAT} for table in (start, trans, emit)]


def posseg_of_jieba():
    """The rows of the four tables of the model of parts of speech."""
    return {
        "pos_start": {(*state, value) for state, value in posseg.start_P.items()},
        "pos_trans": {(*a, *b, value) for a, to in posseg.trans_P.items() for b, value in to.items()},
        "pos_emit": {(c, *state, value) for state, of in posseg.emit_P.items() for c, value in of.items()},
        "pos_list": {(c, *state) for c, states in posseg.char_state_tab_P.items() for state in states},
    }


def hmm_bytes():
    """The section of the model of words, computed from jieba alone."""
    low = finalseg.MIN_FLOAT
    numbers = [finalseg.start_P[state] for state in STATES]
    numbers += [finalseg.trans_P[a].get(b, low) for a in STATES for b in STATES]
    numbers += [finalseg.emit_P[state].get(chr(code), low) for code in range(0x4E00, 0x9FD6) for state in STATES]
    return struct.pack(f"={len(numbers)}d", *numbers)


def test_jieba(directory):
    """serverful import without a source imports the data of jieba."""
    path = jieba_store(directory)
    same_words(path, os.path.join(JIEBA, "dict.txt"), "jieba")
    for table, expected in zip(("hmm_start", "hmm_trans", "hmm_emit"), model_of_jieba()):
        wrong = set(rows(path, f"SELECT * FROM {table}")) ^ expected
        ok(not wrong and expected,
           f"{table} has jieba's {len(expected)} numbers, to the last bit", str(sorted(wrong)[:10]))
    for table, expected in posseg_of_jieba().items():
        wrong = set(rows(path, f"SELECT * FROM {table}")) ^ expected
        ok(not wrong and expected,
           f"{table} has jieba's {len(expected)} rows, to the last bit", str(sorted(wrong)[:10]))
    idf = set(rows(path, "SELECT word, idf FROM idf"))
    ok(idf == set(jieba.analyse.default_tfidf.idf_freq.items()), f"idf has jieba's {len(idf)} numbers, to the last bit")
    equal({word for word, in rows(path, "SELECT word FROM stop_words")}, jieba.analyse.default_tfidf.stop_words,
          "stop_words has jieba's stop words")
    equal(rows(path, "SELECT count(*) FROM images"), [(5,)], "serverful import keeps the five images of a new store")
    snapshot = jieba_snapshot(directory)
    found, _ = sections(snapshot)
    ok(found["hmm"] == hmm_bytes(), "the snapshot has jieba's model of words, to the last bit")
    equal(struct.unpack_from("=d", found["idf_values"])[0], jieba.analyse.default_tfidf.median_idf,
          "the snapshot has jieba's median of idf")
    equal(run("check", "--store", path, "--snapshot", snapshot),
          (0, f"{path} and {snapshot} are good and belong together\n", ""), "serverful check accepts the store and the snapshot of jieba's data")


SMALL = "我 100 r\n们 50\r\n \t我们 7 r \n我 3 x\n云计算 5 n more words\n我 9 y\nB超 3 n\n"


SMALL_POSSEG = {
    "prob_start.py": "# x\nP={('B', 'n'): -0.5, ('E', 'n'): -3.14e+100, ('S', 'v'): -1}\n",
    "prob_trans.py": "P = 0\nP={('B', 'n'): {('E', 'n'): 0.0}, ('E', 'n'): {('B', 'n'): -1.5,}, ('S', 'v'): {}}",
    "prob_emit.py": "P={('B', 'n'): {'\\u6211': -0.25, '\u4eec': -1e-5}, ('S', 'v'): {}, ('E', 'n'): {'\\u4eec': -7}}",
    "char_state_tab.py": "P={'\\u6211': (('B', 'n'),), '\\u4eec': (('B', 'n'), ('E', 'n'))}",
}
SMALL_POSSEG_ROWS = {
    "pos_start": [("B", "n", -0.5), ("E", "n", -3.14e100), ("S", "v", -1.0)],
    "pos_trans": [("B", "n", "E", "n", 0.0), ("E", "n", "B", "n", -1.5)],
    "pos_emit": [("们", "B", "n", -1e-5), ("们", "E", "n", -7.0), ("我", "B", "n", -0.25)],
    "pos_list": [("们", "B", "n"), ("们", "E", "n"), ("我", "B", "n")],
}


# A model of words with one character.
SMALL_EMIT = "P={%s}\n" % ", ".join(f"'{state}': {{'\\u6211': -1.5}}" for state in STATES)


def small_data(directory, name, dictionary=SMALL, **files):
    """A directory like jieba's with a small dictionary, small weights, and jieba's model. `files` replaces other files, or omits
    those that are None."""
    path = os.path.join(directory, name)
    os.makedirs(os.path.join(path, "finalseg"))
    os.makedirs(os.path.join(path, "posseg"))
    os.makedirs(os.path.join(path, "analyse"))
    for file, content in WEIGHTS.items():
        if files.get(file, content) is not None:
            write(os.path.join(path, "analyse", file), files.get(file, content))
    write(os.path.join(path, "dict.txt"), dictionary)
    for file in POSSEG:
        write(os.path.join(path, "posseg", file), SMALL_POSSEG[file])
    for file in MODEL:
        if file not in files:
            shutil.copy(os.path.join(JIEBA, "finalseg", file), os.path.join(path, "finalseg"))
        elif files[file] is not None:
            write(os.path.join(path, "finalseg", file), files[file])
    return path


def test_import(directory):
    """serverful import of other sources."""
    path = new_store(directory, "import.db",
                     "INSERT INTO words VALUES ('旧', 5, ''); INSERT INTO hmm_emit VALUES ('我', 'B', 0);"
                     "INSERT INTO idf VALUES ('旧的', 5); INSERT INTO stop_words VALUES ('旧的');")
    data = small_data(directory, "small", **{"prob_emit.py": SMALL_EMIT, "prob_start.py": "P={'B': -0.25,\n 'M': -3.14e+100,\n 'S': -1}\n"})
    serverful("import", "--store", path, "--jieba-data", data)
    same_words(path, os.path.join(data, "dict.txt"), "--jieba-data replaces the words")
    equal(rows(path, "SELECT * FROM repeated_words"), [(1, 103)],
          "the frequencies of the first two of three lines with the same word are remembered")
    equal(rows(path, "SELECT * FROM hmm_start"), [("B", -0.25), ("S", -1.0)],
          "--jieba-data replaces the probabilities of prob_start.py")
    equal(set(rows(path, "SELECT * FROM hmm_emit")), {("我", state, -1.5) for state in STATES},
          "--jieba-data replaces the probabilities of prob_emit.py")
    for table, expected in SMALL_POSSEG_ROWS.items():
        equal(rows(path, f"SELECT * FROM {table}"), expected, f"--jieba-data replaces {table}")
    equal(set(rows(path, "SELECT * FROM idf")), {("我们", 5.5), ("云计算", 12.25), ("你们", 3)}, "--jieba-data replaces idf")
    equal(rows(path, "SELECT * FROM stop_words"), [("of",), ("the",)], "--jieba-data replaces the stop words")
    before = dump(path)
    serverful("import", f"--store={path}", f"--jieba-data={data}")
    equal(*[[line for line in dumped.splitlines() if not re.search(b"INTO (revision|edits|edited_rows) ", line)]
            for dumped in (dump(path), before)], "a second import of the same data changes only revisions and history")
    words = write(os.path.join(directory, "more.txt"), "云计算 8 nz\n无服务器 4\n😀 2 e")
    images = write(os.path.join(directory, "images.txt"), "https://a/1\r\n\nhttps://a/2\nhttps://a/1\nhttps://a/3")
    serverful("import", "--store", path, "--words", words, "--images", images)
    equal(rows(path, "SELECT * FROM words WHERE word IN ('云计算', '无服务器', '😀', '们') ORDER BY freq"),
          [("😀", 2, "e"), ("无服务器", 4, ""), ("云计算", 8, "nz"), ("们", 50, "")], "--words adds new words and updates existing ones")
    equal([url for url, in rows(path, "SELECT url FROM images ORDER BY id LIMIT -1 OFFSET 5")],
          ["https://a/1", "https://a/2", "https://a/3"], "--images adds new images behind the existing ones")
    equal(rows(path, "SELECT count(*) FROM hmm_start"), [(2,)], "--words and --images do not change the model")


BAD_LINES = [
    ("你 x n", "invalid frequency 'x'"), ("你 -1", "invalid frequency '-1'"), ("你 1.5", "invalid frequency '1.5'"),
    ("你 99999999999999999999", "invalid frequency '99999999999999999999'"), ("你 1000000000001", FREQ),
    ("你", "expected 'word freq [tag]'"), ("你,5", "expected 'word freq [tag]'"), ("你 5 名", TAG), ("你 5 abcdefghijklmnopq", TAG), ("你\u3000们 5", SYMBOLS),
    ("你\0们 5", CONTROL), (b"\xe4\xbd 5", UTF8), (b"\xff 5", UTF8), ("中" * 65 + " 5", "word: must be at most 64 characters"),
]
BAD_IMAGES = [
    ("cat.jpg", BEGIN), ("https://", BEGIN), ("https://a/b c", ONLY), ("https://a/图", ONLY), ("https://a/b\0c", ONLY),
    (b"https://a/\xff", ONLY), ("https://a/\rb", ONLY), ("https://a/" + "b" * 2039, "url: must be at most 2048 characters"),
]
BAD_POSSEG = [
    ("prob_start.py", None, "cannot open {}: No such file or directory"),
    ("prob_emit.py", "P = 5", "{} has no line 'P={{...'"), ("prob_emit.py", "", "{} has no line 'P={{...'"),
    ("prob_start.py", "# x\nP={('B', 'n'): -0.2,\n'E': 0}", "{}, line 3: expected '('"),
    ("prob_start.py", "P={('B', 'n'): -0.2", "{}, line 1: expected '('"),
    ("prob_start.py", "P={('B', 'n'): x}", "{}, line 1: expected a number"),
    ("prob_start.py", "P={('B', 'n') -0.2}", "{}, line 1: expected ':'"),
    ("prob_start.py", "P={('B', '" + "n" * 20 + "'): -0.2}", "{}, line 1: a string is too long or has no end"),
    ("prob_start.py", "P={('B', 'n\n'): -0.2}", "{}, line 1: a string is too long or has no end"),
    ("prob_start.py", "P={('X', 'n'): -0.2}", "{}, line 1: CHECK constraint failed"),
    ("prob_start.py", "P={('B', 'n'): 0.2}", "{}, line 1: CHECK constraint failed: " + LOGP),
    ("prob_trans.py", "P={('B', 'n'): {('E', 'n')}}", "{}, line 1: expected ':'"),
    ("prob_emit.py", "P={('B', 'n'): {'\\u62': -1}}", "{}, line 1: invalid escape: use \\u"),
    ("prob_emit.py", "P={('B', 'n'): {'\\x41': -1}}", "{}, line 1: invalid escape: use \\u"),
    ("char_state_tab.py", "P={'\\u6211': ('B', 'n')}", "{}, line 1: expected '('"),
    ("char_state_tab.py", "P={'\\u6211': (('B', 'n'),", "{}, line 1: expected '('"),
]
BAD_MODELS = [
    ("prob_start.py", None, "cannot open {}: No such file or directory"),
    ("prob_emit.py", None, "cannot open {}: No such file"),
    ("prob_trans.py", "", "{} has no line 'P={{...'"), ("prob_emit.py", "P = 5", "{} has no line 'P={{...'"),
    ("prob_start.py", "# x\nP={'B': -0.2,\n'E': x}", "{}, line 2 of its dict: "),
    ("prob_trans.py", "P={'B': {", "{}, line 1 of its dict: "),
]
BAD_WEIGHTS = [
    ("idf.txt", None, "cannot open {}: No such file or directory"), ("tfidf.py", None, "cannot open {}: No such file"),
    *[("idf.txt", f"我们 1\n{line}\n", "{}, line 2: expected 'word idf'") for line in (
        "你们", "", "你们 x", "你们 inf", "你们 0x1p3", "你们 1 2", "你们  1", "你们 1e", "你们\t1")],
    ("idf.txt", "我们 -1", "{}, line 1: CHECK constraint failed: idf: must be a number from 0 to 1000"),
    ("idf.txt", "我们 1e999", "{}, line 1: CHECK constraint failed: idf: must be a number from 0 to 1000"),
    ("tfidf.py", "", "{} has no 'STOP_WORDS = set((...))'"),
    ("tfidf.py", 'STOP_WORDS = set(("The",))', "word: must be in lower case"),
]


def test_import_errors(directory):
    """An import that fails reports file and line, and changes nothing."""
    path = new_store(directory, "errors.db", "INSERT INTO words VALUES ('旧', 5, '');")
    before = dump(path)
    words, images = os.path.join(directory, "bad.txt"), os.path.join(directory, "bad-images.txt")
    for line, reason in BAD_LINES:
        write(words, "我 5 r\n们 5\n".encode() + (line if isinstance(line, bytes) else line.encode()) + b"\nlast 5\n")
        prefix = "CHECK constraint failed: " if reason in (FREQ, TAG, CONTROL) or "64" in reason else ""
        refuses_row(["--store", path, "--words", words], f"{words}, line 3: {prefix}{reason}",
                    f"--words refuses {line!r:.40}")
    for line, reason in BAD_IMAGES:
        write(images, b"https://a/1\n\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
        refuses_row(["--store", path, "--images", images], f"{images}, line 3: CHECK constraint failed: {reason}",
                    f"--images refuses {line!r:.40}")
    for i, (file, content, reason) in enumerate(BAD_MODELS):
        data = small_data(directory, f"bad-{i}", **{"prob_emit.py": SMALL_EMIT, file: content})
        reason = reason.format(os.path.join(data, "finalseg", file))
        fails(["import", "--store", path, "--jieba-data", data], reason,
              f"--jieba-data refuses finalseg/{file}: {content!r}")
    for i, (file, content, reason) in enumerate(BAD_POSSEG):
        data = small_data(directory, f"bad-posseg-{i}", **{"prob_emit.py": SMALL_EMIT})
        bad = os.path.join(data, "posseg", file)
        os.unlink(bad)
        if content is not None:
            write(bad, content)
        fails(["import", "--store", path, "--jieba-data", data], reason.format(bad),
              f"--jieba-data refuses posseg/{file}: {content!r}")
    for i, (file, content, reason) in enumerate(BAD_WEIGHTS):
        data = small_data(directory, f"bad-weights-{i}", **{"prob_emit.py": SMALL_EMIT, file: content})
        reason = reason.format(os.path.join(data, "analyse", file))
        fails(["import", "--store", path, "--jieba-data", data], reason,
              f"--jieba-data refuses analyse/{file}: {content!r}")
    data = small_data(directory, "bad-dict", "我 5\n们\n")
    fails(["import", "--store", path, "--jieba-data", data], f"{data}/dict.txt, line 2: ",
          "--jieba-data refuses a bad line of dict.txt")
    missing = os.path.join(directory, "missing")
    fails(["import", "--store", path, "--jieba-data", missing], f"cannot open {missing}/dict.txt: No such",
          "--jieba-data refuses a missing directory")
    for option in ("--words", "--userdict", "--images", "--stop-words", "--idf"):
        fails(["import", "--store", path, option, missing], f"cannot open {missing}: No such file",
              f"{option} refuses a missing file")
        fails(["import", "--store", path, option, directory], f"cannot read {directory}: Is a directory",
              f"{option} refuses a directory")
    write(images, "https://a/1\n")
    write(words, "我 x\n")
    refuses_row(["--store", path, "--words", words, "--images", images], f"{words}, line 1: ",
                "a bad source with --strict stops an import that also has a good one")
    equal(dump(path), before, "failed imports leave the store unchanged")
    fails(["import", "--store", missing], f"cannot open the store {missing} ('serverful init' creates it)",
          "serverful import refuses a missing store")


def test_init(directory):
    """serverful init creates a store, and does not change an existing one."""
    path = new_store(directory, "init.db")
    equal(rows(path, "SELECT count(*) FROM images UNION ALL SELECT count(*) FROM words"), [(5,), (0,)],
          "a new store has five images and no words")
    sql(path, "DELETE FROM images; INSERT INTO words (word) VALUES ('我');")
    before = dump(path)
    equal(run("init", "--store", path), (0, "", ""), "serverful init succeeds silently where the store exists")
    equal(dump(path), before, "serverful init does not change an existing store")
    foreign = os.path.join(directory, "foreign.db")
    sql(foreign, "CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('x');")
    plain = write(os.path.join(directory, "plain.txt"), "This is no database. " * 100)
    newer = new_store(directory, "newer.db", "PRAGMA user_version = 99;")
    for file, reason in ((foreign, "is an SQLite file, but not a store of serverful"),
                         (plain, "file is not a database"),
                         (newer, "has schema version 99, but this program reads version "),
                         (directory, f"cannot open the store {directory}: ")):
        content = None if file == directory else read(file)
        for command in ("init", "import", "snapshot", "check"):
            fails([command, "--store", file], reason, f"serverful {command} refuses {os.path.basename(file)}")
        ok(file == directory or read(file) == content, f"refused commands do not change {os.path.basename(file)}")
    missing = os.path.join(directory, "no", "such.db")
    fails(["init", "--store", missing], f"cannot open the store {missing}: unable to open",
          "serverful init refuses a path in a missing directory")


def changed_sections(path, snapshot, edits):
    """The names of the sections that differ after the edits and another compilation."""
    before, _ = sections(snapshot)
    sql(path, edits + CONFIRM)
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    after, counted = sections(snapshot)
    equal(list(counted[1:]), revisions(path), f"the snapshot has the revisions of the store after {edits}")
    return [name for name in SECTIONS if before[name] != after[name]]


def test_snapshot(directory):
    """serverful snapshot compiles the parts that have changed."""
    path = new_store(directory, "compile.db")
    snapshot = os.path.join(directory, "compile.snapshot")
    serverful("import", "--store", path, "--jieba-data", small_data(directory, "small-compile", **{"prob_emit.py": SMALL_EMIT}))
    equal(run("snapshot", "--store", path, "--snapshot", snapshot), (0, "", ""), "serverful snapshot succeeds silently")
    first = os.stat(snapshot)
    equal(first.st_mode & 0o777, 0o644, "every user may read the snapshot")
    equal([name for name in os.listdir(directory) if name.startswith("compile.snapshot.")], [],
          "serverful snapshot leaves no temporary file")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    again = os.stat(snapshot)
    equal((again.st_ino, again.st_mtime_ns), (first.st_ino, first.st_mtime_ns),
          "serverful snapshot writes nothing where the store has not changed")
    for edits, expected in (
            ("INSERT INTO images (url) VALUES ('https://a/9');", IMAGES),
            ("INSERT INTO words VALUES ('服务器', 1234567, '');", ["units", "log_probs", "freqs"]),
            ("UPDATE words SET tag = 'nz' WHERE word = '服务器';", ["tags", "tag_names"]),
            ("UPDATE hmm_start SET logp = logp - 1;", ["hmm"]), ("UPDATE pos_start SET logp = -1;", ["pos"]),
            ("UPDATE pos_emit SET logp = -2 WHERE character = '我';", ["pos_logs"]),
            ("DELETE FROM pos_list WHERE character = '我';", ["pos_entries"]),
            ("DELETE FROM pos_start;", ["pos", "pos_entries", "pos_logs"]),
            ("UPDATE words SET freq = 0 WHERE word = '服务器';", ["units", "log_probs", "freqs", "forbidden_blocks", "forbidden_words"]),
            ("INSERT INTO words VALUES ('x', 0, ''), ('服', 0, '');", ["units"]),  # the model never finds them
            ("UPDATE words SET freq = 1234567 WHERE word = '服务器';", ["units", "log_probs", "freqs", "forbidden_blocks", "forbidden_words"]),
            ("UPDATE repeated_words SET freq = 5;", ["log_probs", "freqs"]),
            ("UPDATE settings SET value = 1 WHERE name = 'words_with_symbols';", ["phrases", "phrase_tags"]),  # empty ones
            ("INSERT INTO words (word, freq) VALUES ('New York', 5);", ["log_probs", "freqs", "phrases", "phrase_tags"]),
            ("UPDATE images SET weight = 5 WHERE id = 2;", ["lists", "choices"]),
            ("UPDATE images SET tag = 'a' WHERE id = 2;", ["lists", "choices"]),
            ("UPDATE images SET enabled = 0 WHERE id = 2;", IMAGES), ("UPDATE images SET note = 'x';", []),
            ("DELETE FROM images;", IMAGES), ("UPDATE settings SET value = 0 WHERE name = 'redirect_no_referrer';", ["image_settings"]),
            ("INSERT INTO idf VALUES ('服务器', 8);", ["idf_values", "idf_words"]),
            ("INSERT INTO idf VALUES ('，，', 8);", ["idf_words"]),
            ("INSERT INTO idf VALUES ('，', 8);", []),  # no keyword has one character
            ("UPDATE idf SET idf = 8 WHERE word = '我们';", ["idf_values", "idf_words"]),
            ("DELETE FROM idf;", ["idf_values", "idf_blocks", "idf_words"]),
            ("INSERT INTO stop_words VALUES ('我们');", ["stop_words"]),
            ("DELETE FROM stop_words;", ["stop_blocks", "stop_words"])):
        equal(changed_sections(path, snapshot, edits), expected, f"the sections that change after {edits}")
    cut = subprocess.run([SERVERFUL, "segment", "--snapshot", snapshot], input="我们服务器", text=True, capture_output=True)
    equal((cut.stdout, cut.stderr), ("我们 / 服务器\n", ""), "serverful segment finds a word that was added to the store")
    trigger = rows(path, "SELECT sql FROM sqlite_schema WHERE name = 'words_insert'")[0][0]
    uncounted = (f"DROP TRIGGER words_insert; INSERT INTO words VALUES ('架构', 77, ''); {trigger};"
                 "INSERT INTO images (url) VALUES ('http://a');")
    equal(changed_sections(path, snapshot, uncounted), IMAGES,
          "a part whose revision is unchanged is not compiled")
    other = new_store(directory, "compile-other.db")
    serverful("snapshot", "--store", other, "--snapshot", snapshot)
    equal(run("check", "--store", other, "--snapshot", snapshot)[0], 0,
          "nothing is carried over from the snapshot of another store")
    fixed = rows(path, "SELECT sql FROM sqlite_schema WHERE name = 'revision_update'")[0][0]
    for name, word in ("one", "甲乙"), ("two", "丙丁"):
        twin = new_store(directory, f"twin-{name}.db", f"INSERT INTO words (word, freq) VALUES ('{word}', 5);"
                         f"DROP TRIGGER revision_update; UPDATE revision SET n = 123456789 WHERE part = 'words'; {fixed};")
        serverful("snapshot", "--store", twin, "--snapshot", snapshot)
    cut = subprocess.run([SERVERFUL, "segment", "-n", "--snapshot", snapshot], input="甲乙丙丁", text=True, capture_output=True)
    equal(cut.stdout, "甲 / 乙 / 丙丁\n", "nothing is carried over from another store whose revisions are equal")
    sql(twin, "PRAGMA ignore_check_constraints = ON; UPDATE images SET weight = 0 WHERE id = 1;")
    fails(["snapshot", "--store", twin, "--snapshot", snapshot], f"{twin}: table images, row id = 1: {in_both(WEIGHT)} (correct or delete the row)",
          "serverful snapshot refuses a weight that the schema forbids")
    missing = os.path.join(directory, "no", "such.snapshot")
    fails(["snapshot", "--store", path, "--snapshot", missing], f"cannot create {missing}.",
          "serverful snapshot refuses a path in a missing directory")
    taken = os.path.join(directory, "taken")
    os.mkdir(taken)
    fails(["snapshot", "--store", path, "--snapshot", taken], f" to {taken}: Is a directory",
          "serverful snapshot refuses the path of a directory")
    equal([name for name in os.listdir(directory) if name.startswith("taken.")], [],
          "a failed compilation leaves no temporary file")


def damages(snapshot):
    """Damaged copies of a snapshot: (name, bytes, the reason that serverful check gives)."""
    good = read(snapshot)
    size = struct.calcsize(HEADER)
    ranges = struct.unpack_from(HEADER, good)[5 + 1 + len(PARTS):-1]
    begins = [at for at in ranges[::2] if at < len(good)]  # The last sections are empty.
    hmm = 2 * SECTIONS.index("hmm")
    gaps = [ranges[2 * i] - 1 for i in range(1, len(SECTIONS)) if ranges[2 * i - 2] + ranges[2 * i - 1] < ranges[2 * i]]
    for at in [0, 8, 12, 16, 24, 32, size - 8, size - 1, size, *begins, ranges[hmm] + ranges[hmm + 1] // 2, *gaps,
               len(good) - 1]:
        bad = bytearray(good)
        bad[at] ^= 0x10
        reason = ("is not a snapshot" if at < 8 else "has format 21, but this program reads format 5" if at == 8
                  else "comes from a machine with another byte order" if at == 12
                  else f"the header of {snapshot} is damaged" if at < size
                  else "the content of the snapshot is damaged")
        yield f"a flipped bit in byte {at}", bytes(bad), reason
    for n in (len(good) - 1, len(good) // 2, size):
        yield f"{n} of its bytes", good[:n], f"has {n} bytes instead of {len(good)}"
    yield "an extra byte", good + b"\0", f"has {len(good) + 1} bytes instead of {len(good)}"
    for bad in (good[:size - 1], b"", b"This is no snapshot. " * 100, b"SQLite format 3\0" * 100):
        yield f"the content {bad[:16]!r}, {len(bad)} bytes", bad, "is not a snapshot"


def test_check(directory):
    """serverful check finds every kind of damage."""
    path = new_store(directory, "check.db", "INSERT INTO words (word) VALUES ('我们');"
                     "INSERT INTO idf VALUES ('我们', 5); INSERT INTO stop_words VALUES ('the');")
    snapshot = os.path.join(directory, "check.snapshot")
    check = ["check", "--store", path, "--snapshot", snapshot]
    fails(check, f"cannot open the snapshot {snapshot}: No such file or directory",
          "serverful check refuses a missing snapshot")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    equal(run(*check)[::2], (0, ""), "serverful check accepts a store and its snapshot")
    good = read(snapshot)
    for name, content, reason in list(damages(snapshot)):
        write(snapshot, content)
        fails(check, reason, f"serverful check refuses a snapshot with {name}")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    ok(read(snapshot) == good, "serverful snapshot rebuilds a damaged snapshot")
    sql(path, "INSERT INTO images (url) VALUES ('https://a/1');")
    fails(check, f"{snapshot} is older than the store", "serverful check refuses an outdated snapshot")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    sql(path, "PRAGMA ignore_check_constraints = ON; INSERT INTO images (url) VALUES ('nothing');")
    fails(check, f"{path}: table images, row id = 7: {in_both(BEGIN)} (correct or delete the row)",
          "serverful check finds a row that violates a constraint, and names it")
    sql(path, "DELETE FROM images WHERE url = 'nothing'; PRAGMA wal_checkpoint(TRUNCATE);")
    content = read(path)
    write(path, content[:4096] + b"\xa5" * 8192 + content[12288:])
    status, out, said = run(*check)
    ok((status, out) == (1, "") and said.startswith(f"serverful check: {path} is damaged: "), "serverful check finds a damaged page of the store",
       (status, out, said))
    missing = os.path.join(directory, "missing.db")
    fails(["check", "--store", missing, "--snapshot", snapshot],
          f"cannot open the store {missing} ('serverful init' creates it)",
          "serverful check refuses a missing store")
    ok(not os.path.exists(missing), "serverful check does not create a missing store")


def test_special_files(directory):
    """A FIFO, for which a command would wait for good, or a directory in the place of the store or the snapshot."""
    path, fifo = new_store(directory, "beside.db"), os.path.join(directory, "fifo")
    os.mkfifo(fifo)
    store, snapshot = (f"cannot open the store {fifo}: it is not a regular file", f"cannot open the snapshot {fifo}: it is not a regular file")
    for reason, command in (
            (f"cannot open the store {directory}: it is not a regular file", ["undo", "--store", directory]),
            (store, ["undo", "--store", fifo]), (store, ["diff", "--store", fifo]), (store, ["export", "--words", "--store", fifo]),
            (store, ["import", "--store", fifo, "--words", "/dev/null"]), (store, ["check", "--store", fifo]),
            (store, ["snapshot", "--store", fifo, "--snapshot", fifo]), (store, ["init", "--store", fifo]), (store, ["migrate", "--store", fifo]),
            (snapshot, ["segment", "--snapshot", fifo]), (snapshot, ["check", "--store", path, "--snapshot", fifo]),
            (f"cannot write the snapshot {fifo}: it is not a regular file", ["snapshot", "--store", path, "--snapshot", fifo]),
            (f"there is no usable snapshot {fifo}", ["diff", "--store", path, "--snapshot", fifo])):
        ended = subprocess.run([SERVERFUL, *command], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=PATIENCE)
        ok(ended.returncode == (2 if command[0] == "diff" else 1) and ended.stderr.startswith(f"serverful {command[0]}: {reason}") and
           stat.S_ISFIFO(os.stat(fifo).st_mode), f"serverful {' '.join(command)} refuses what is no regular file".replace(directory, "DIRECTORY"), ended)


def test_usage():
    """Wrong usage exits with 2, help with 0."""
    for arguments in ([], ["nothing"], ["--nothing"]):
        status, out, said = run(*arguments)
        ok((status, out) == (2, "") and "Usage: serverful COMMAND" in said, f"serverful {arguments} exits with 2 and shows the usage",
           (status, out, said))
    for command in ("init", "import", "snapshot", "check"):
        for arguments, reason in ((["--nothing", "x"], "unknown option '--nothing'"), (["x"], "unexpected argument 'x'"),
                                  (["--store"], "no value for '--store'"), (["--stor", "x"], "unknown option"),
                                  (["-store", "x"], "unknown option")):
            status, out, said = run(command, *arguments)
            ok((status, out) == (2, "") and reason in said and "--help" in said, f"serverful {command} {arguments} exits with 2 and gives the reason",
               (status, out, said))
        status, out, said = run(command, "--help")
        ok((status, said) == (0, "") and out.startswith(f"Usage: serverful {command} ") and "--store FILE" in out,
           f"serverful {command} --help exits with 0 and shows the options", (status, out, said))
    status, out, said = run("--help")
    ok((status, said) == (0, "") and all(f"\n  {name} " in out for name in ("init", "import", "snapshot", "check")),
       "serverful --help exits with 0 and lists the commands", out)
    ok(run("--version")[0] == 0 and run("--version")[1].startswith("serverful "), "serverful --version exits with 0")


TESTS = [test_refusals, test_symbols, test_acceptance, test_posseg, test_revisions, test_import, test_import_errors, test_init,
         test_snapshot, test_check, test_special_files]
# The cache has the store of jieba's data, so that sanitizers see no import of it.
HAS_JIEBA = not is_watched(SERVERFUL)
plan(387 + 15 * HAS_JIEBA)
with tempfile.TemporaryDirectory() as where:
    for test in TESTS + [test_jieba] * HAS_JIEBA:
        test(where)
test_usage()
done()
