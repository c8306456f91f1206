#!/usr/bin/python3
"""serverful export writes rows as serverful import reads them: an import into an empty store gives equal rows."""

import csv
import io
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from snapshot import HEADER, PARTS, SECTIONS
from store import in_both, serverful, sql
from tap import SERVERFUL, done, equal, ok, plan

QUERIES = {
    "--words": "SELECT word, freq, tag FROM words ORDER BY word",
    "--images": "SELECT url, weight, tag, enabled, note FROM images ORDER BY id",
    "--stop-words": "SELECT word FROM stop_words ORDER BY word",
    "--idf": "SELECT word, idf FROM idf ORDER BY word",
}
INSERTS = {
    "--words": "INSERT OR IGNORE INTO words VALUES (?, ?, ?)",
    "--images": "INSERT OR IGNORE INTO images (url, weight, tag, enabled, note) VALUES (?, ?, ?, ?, ?)",
    "--stop-words": "INSERT OR IGNORE INTO stop_words VALUES (?)",
    "--idf": "INSERT OR IGNORE INTO idf VALUES (?, ?)",
}
HEADERS = {"--words": "word,freq,tag", "--images": "url,weight,tag,enabled,note", "--stop-words": "word", "--idf": "word,idf"}
ODD = ['"', '""', ",", ";", "'", "=", "sep=;", "\ufeff", "\u200b", "é", "😀", "word", "url", "freq", "#", "-", "+1", "5", "n", "云", "计算", "服务", "\\", "|"]
ROUNDS = 20


def run(*arguments, **options):
    ended = subprocess.run([SERVERFUL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **options)
    return ended.returncode, ended.stdout, ended.stderr.decode()


def rows(path, query):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def text(rng, blank=""):
    return blank.join(rng.choice(ODD) for _ in range(rng.randint(1, 5)))


def number(rng):
    """An idf: any double from 0 to 1000, most of them with 17 digits."""
    return rng.choice([0.0, 5e-324, 1000.0, 0.1, 2.0, rng.uniform(0, 1000), 10 ** rng.uniform(-300, 3)])


def random_row(rng, option):
    if option == "--words":
        return (text(rng, rng.choice(["", " "])), rng.choice([None, 1, rng.randint(1, 10 ** 12)]), rng.choice(["", "n", "nz", "N_1-x"]))
    if option == "--images":
        url = "https://a/" + "".join(rng.choice("abc,;'&=%20") for _ in range(rng.randint(1, 9)))
        note = rng.choice(["", text(rng, " "), f" {text(rng)} ", " ", "a,\"b\"; c"])
        return (url, rng.randint(1, 10 ** 6), rng.choice(["", text(rng)[:16]]), rng.randint(0, 1), note)
    return (text(rng).lower(),) if option == "--stop-words" else (text(rng), number(rng))


def fill(path, rng, option):
    """Insert random rows, as far as the schema allows them."""
    with closing(sqlite3.connect(path)) as db:
        for _ in range(60):
            try:
                db.execute(INSERTS[option], random_row(rng, option))
            except sqlite3.IntegrityError:
                pass
        db.commit()


def as_csv(table):
    return [["" if value is None else str(value) for value in row] for row in table]


def read_csv(content, option):
    """The rows of CSV, as Python reads them."""
    found = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    if option == "--idf":
        found[1:] = [[word, str(float(idf))] for word, idf in found[1:]]
    return found


def check_rounds(directory, empty):
    for option, query in QUERIES.items():
        wrong, n = [], 0
        for seed in range(ROUNDS):
            rng = random.Random(f"{option} {seed}")
            path, copy = (shutil.copy(empty, os.path.join(directory, name)) for name in ("from.db", "to.db"))
            fill(path, rng, option)
            status, out, said = run("export", "--store", path, option)
            expected = rows(path, query)
            n += len(expected)
            file = os.path.join(directory, "rows.csv")
            with open(file, "wb") as opened:
                opened.write(out)
            imported = run("import", "--store", copy, option, file, "--strict")
            if (status, said, imported[0]) != (0, "", 0) or rows(copy, query) != expected:
                wrong.append((seed, status, said, imported, [row for row in rows(copy, query) if row not in expected],
                              [row for row in expected if row not in rows(copy, query)]))
            if read_csv(out, option) != [HEADERS[option].split(","), *as_csv(expected)] or not out.endswith(b"\r\n"):
                wrong.append((seed, "not RFC 4180", out))
        ok(not wrong and n > 10 * ROUNDS, f"{option}: an import of the export gives equal rows, and Python reads the same from it", wrong[:3])


def sections(path):
    with open(path, "rb") as file:
        data = file.read()
    ranges = struct.unpack_from(HEADER, data)[6 + len(PARTS):-1]
    return {name: data[ranges[2 * i]:ranges[2 * i] + ranges[2 * i + 1]] for i, name in enumerate(SECTIONS)}


def check_userdict(directory, empty):
    path, copy, file = (os.path.join(directory, name) for name in ("from.db", "to.db", "words.txt"))
    shutil.copy(empty, path)
    sql(path, "INSERT INTO words VALUES ('云', 30, 'n'), ('计算', 500, ''), ('云计算', NULL, 'nz'), ('计算云', NULL, ''),"
              "('C++ 语言', 7, 'nz'), ('New York', 5, ''), ('服务', 9, 'v');")
    status, out, said = run("export", "--store", path, "--userdict")
    equal((status, said, out.decode()), (0, "", "C++ 语言 7 nz\nNew York 5\n云 30 n\n服务 9 v\n计算 500\n云计算 nz\n计算云\n"),
          "--userdict: lines of 'word [freq] [tag]', those without a frequency last")
    shutil.copy(empty, copy)
    with open(file, "wb") as opened:
        opened.write(out)
    serverful("import", "--store", copy, "--userdict", file, "--strict", stdout=subprocess.DEVNULL)
    made = []
    for store in path, copy:
        serverful("snapshot", "--store", store, "--snapshot", store + ".snapshot")
        made.append(sections(store + ".snapshot"))
    ok(made[0] == made[1], "--userdict: an import of the export compiles to the same words, with the same frequencies")
    sql(path, "INSERT INTO words VALUES ('云 5', NULL, ''), ('云 x', NULL, ''), ('一', 3, 'n1'), ('二', 4, 'N');")
    status, lines, said = run("export", "--store", path, "--userdict")
    left = [f"serverful export: the word '{word}' with the tag '{tag}' cannot stand in a user dictionary; --words writes it"
            for word, tag in (("一", "n1"), ("二", "N"), ("云 5", ""), ("云 x", ""))]
    equal((status, lines, said.splitlines()), (1, out, [*left, "serverful export: words left out: 4"]),
          "--userdict: a word whose line would be read as another one is left out, and the command says so and exits with 1")


def check_edges(directory, empty):
    path = shutil.copy(empty, os.path.join(directory, "edges.db"))
    for option, header in HEADERS.items():
        equal(run("export", "--store", path, option), (0, f"{header}\r\n".encode(), ""), f"{option}: an empty table is a header alone")
    equal(run("export", "--store", path, "--userdict"), (0, b"", ""), "--userdict: an empty table is an empty file")
    sql(path, "INSERT INTO images (url, enabled, note) VALUES ('https://a/1', 0, 'old'), ('https://a/2', 1, '');")
    file = os.path.join(directory, "edges.csv")
    with open(file, "w", encoding="utf-8") as opened:
        opened.write("url,enabled,note\nhttps://a/1,,\nhttps://a/2,0,new\nhttps://a/3,2,\nhttps://a/4,yes,\n")
    status, out, said = run("import", "--store", path, "--images", file)
    equal((status, out, said.splitlines()[1:]), (0, b"images: 0 added, 1 changed, 1 same, 2 refused\n", [
        f"serverful import: {file}, line 4: " + in_both("CHECK constraint failed: enabled: must be 1, or 0 for a disabled image"),
        f"serverful import: {file}, line 5: invalid enabled 'yes': use a whole number / 必须是整数"]), "import --images takes enabled and note, and checks them")
    equal(rows(path, "SELECT url, enabled, note FROM images ORDER BY id"), [("https://a/1", 0, "old"), ("https://a/2", 0, "new")],
          "import --images: an empty field keeps what the image has")
    with open("/dev/full", "wb") as full:
        ended = subprocess.run([SERVERFUL, "export", "--store", path, "--images"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    equal((ended.returncode, ended.stderr), (1, "serverful export: cannot write the rows: No space left on device\n"), "a full disk is an error")
    missing = os.path.join(directory, "missing.db")
    status, out, said = run("export", "--store", missing, "--words")
    ok((status, out) == (1, b"") and "'serverful init' creates it" in said, "a missing store is an error", said)
    for options in ([], ["--words", "--images"], ["--words", "--userdict"]):
        equal(run("export", "--store", path, *options), (2, b"", "serverful export: give one of --words, --userdict, --images, --stop-words and"
              " --idf; see 'serverful export --help'\n"), f"the options {options} are wrong usage")


plan(len(QUERIES) + 3 + len(HEADERS) + 5 + 3)
with tempfile.TemporaryDirectory() as where:
    new = os.path.join(where, "empty.db")
    serverful("init", "--store", new)
    sql(new, "DELETE FROM images; UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'; PRAGMA wal_checkpoint(TRUNCATE);")
    check_rounds(where, new)
    check_userdict(where, new)
    check_edges(where, new)
done()
