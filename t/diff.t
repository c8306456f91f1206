#!/usr/bin/python3
"""serverful diff: the rows and the words that it predicts are those that differ once the edit is made; it changes nothing; and
what it says of the guard, of a store that is not compiled yet, and of mistakes."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import texts
from store import serverful, small_store, sql
from tap import SERVERFUL, done, equal, is_watched, ok, plan

ROUNDS = 3 if is_watched(SERVERFUL) else 6
LINES = 100  # of manual pages
KEYS = {"images": 1, "words": 1, "settings": 1, "repeated_words": 1, "idf": 1, "stop_words": 1, "hmm_start": 1, "hmm_trans": 2,
        "hmm_emit": 2, "pos_start": 2, "pos_trans": 4, "pos_emit": 3, "pos_list": 3, "guard": 1, "edit_limit": 1}
COLUMNS = {"images": "url, id, weight, tag, enabled, note, added", "guard": "part, percent, confirmed"}


class Site:
    """A store with its snapshot, and a file of texts."""

    def __init__(self, directory):
        self.directory = directory
        self.store, self.snapshot = small_store(directory), self.path("served.snapshot")
        sql(self.store, "DELETE FROM stop_words; INSERT INTO idf VALUES ('大学', 5.25), ('北京', 0.1); INSERT INTO stop_words VALUES ('的'), ('他们');")
        serverful("snapshot", "--store", self.store, "--snapshot", self.snapshot)
        self.texts = self.path("texts.txt")
        with open(self.texts, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in ["我来到北京清华大学", "", *map(clean, texts.manuals()[:LINES])])

    def path(self, name):
        return os.path.join(self.directory, name)

    def diff(self, *arguments, edit=None):
        """The exit status, the output and the errors of serverful diff."""
        files = [text for option, path in (("--store", self.store), ("--snapshot", self.snapshot)) if option not in arguments for text in (option, path)]
        command = [SERVERFUL, "diff", *files, *arguments]
        run = subprocess.run(command, input=edit and edit.encode(), capture_output=True)
        return run.returncode, run.stdout.decode(), run.stderr.decode()

    def edit(self, statements):
        return self.diff("--sql", "-", "--limit", "1000000", self.texts, edit=statements)


def clean(line):
    return re.sub(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", line)


def literal(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)


def read(path):
    """The rows of each table by their keys, as literals of SQL."""
    with closing(sqlite3.connect(path)) as db:
        def rows(table, keys):
            return {row[:keys]: ", ".join(map(literal, row)) for row in db.execute(f"SELECT {COLUMNS.get(table, '*')} FROM {table}")}
        return {table: rows(table, keys) for table, keys in KEYS.items()}


def expected_rows(before, after):
    """The lines that serverful diff prints for the rows."""
    for table in KEYS:
        old, now = before[table], after[table]
        keys = sorted((key for key in {**old, **now} if old.get(key) != now.get(key)), key=lambda key: [str(part).encode() for part in key])
        if keys:
            removed, added = sum(key not in now for key in keys), sum(key not in old for key in keys)
            yield f"{table}: {added} added, {len(keys) - added - removed} changed, {removed} removed"
        for key in keys:
            if key in old:
                yield "- " + old[key]
            if key in now:
                yield "+ " + now[key]


def segment(site, snapshot, *options):
    """The words of each line of the texts, as `serverful segment` prints them."""
    run = subprocess.run([SERVERFUL, "segment", "--snapshot", snapshot, "-d", "\x1f", *options, site.texts], capture_output=True, check=True)
    return [line.split("\x1f") if line else [] for line in run.stdout.decode().split("\n")[:-1]]


def ends(words, tagged):
    """The position behind each word."""
    at, found = 0, []
    for word in words:
        at += len(word.rsplit("_", 1)[0] if tagged else word)
        found.append(at)
    return found


def hunks(old, now, tagged):
    """The words between two positions at which both have a boundary, where they differ; neighbours joined."""
    old_ends, now_ends, found, before, joined = ends(old, tagged), ends(now, tagged), [], 0, False
    for at in sorted(set(old_ends) & set(now_ends)):
        a, b = ([word for word, end in zip(words, all_ends) if before < end <= at] for words, all_ends in ((old, old_ends), (now, now_ends)))
        if a != b and joined:
            found[-1] = (found[-1][0] + a, found[-1][1] + b)
        elif a != b:
            found.append((a, b))
        before, joined = at, a != b
    return found


def expected_words(site, before, after, tagged):
    """The lines that serverful diff prints for the words."""
    options, differing = (["-p_"] if tagged else []), 0
    lines = list(zip(segment(site, before, *options), segment(site, after, *options)))
    for n, (old, now) in enumerate(lines, 1):
        found = hunks(old, now, tagged)
        differing += bool(found)
        for a, b in found:
            yield f"{site.texts}:{n}: {' / '.join(a)} -> {' / '.join(b)}"
    yield f"texts: {differing} of {len(lines)} lines differ"


def random_edit(rng, pairs):
    """Statements as an admin might write them. `pairs` has neighbouring words of the texts."""
    word, other = rng.choice(pairs)
    return rng.choice([
        f"INSERT OR IGNORE INTO words (word) VALUES ('{word}{other}');",
        f"INSERT OR REPLACE INTO words VALUES ('{word}', {rng.choice(['NULL', 0, 5, 10 ** 6])}, '{rng.choice(['', 'n', 'zz'])}');",
        f"DELETE FROM words WHERE word = '{word}';",
        f"BEGIN; UPDATE words SET tag = 'q' WHERE word IN ('{word}', '{other}'); COMMIT;",
        f"UPDATE words SET freq = freq * 50 WHERE word BETWEEN '{min(word, other)}' AND '{max(word, other)}' AND freq < 1000;",
        f"INSERT OR REPLACE INTO idf VALUES ('{word}', {rng.uniform(0, 10)!r}); -- a comment; with a semicolon",
        f"INSERT OR IGNORE INTO stop_words VALUES ('{word.lower()}'); DELETE FROM stop_words WHERE word = '的';",
        f"INSERT INTO images (url, note) VALUES ('https://a/{rng.random()}', 'it''s {word}'); UPDATE images SET weight = weight + 1 WHERE id < 3;",
        "DELETE FROM images WHERE id = 2; UPDATE guard SET percent = 30 WHERE part = 'images';",
        "UPDATE hmm_emit SET logp = logp / 3 WHERE character = '大'; DELETE FROM pos_emit WHERE character = '学' AND tag = 'n';",
        "UPDATE pos_trans SET logp = logp * 1.1 WHERE from_tag = 'n' AND to_tag = 'v';",
        f"UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'; INSERT OR IGNORE INTO words (word) VALUES ('{word} {other}');",
        "SELECT * FROM words; UPDATE words SET freq = freq;",
    ])


def check_random(site):
    """Make the edits in a copy of the store, and compare with what was predicted."""
    rng, wrong, differing = random.Random(29), [], 0
    pairs = [pair for line in segment(site, site.snapshot) for pair in zip(line, line[1:])
             if all(re.fullmatch("[\u4e00-\u9fd5]{1,4}", word) for word in pair)]
    before, dump = read(site.store), sql(site.store, ".dump")
    for n in range(ROUNDS):
        statements = "\n".join(random_edit(rng, pairs) for _ in range(rng.randint(3, 8)))
        status, out, said = site.edit(statements)
        _, tagged, _ = site.diff("--sql", "-", "--pos", "--limit", "1000000", site.texts, edit=statements)
        copy, snapshot = shutil.copy(site.store, site.path("copy.db")), shutil.copy(site.snapshot, site.path("copy.snapshot"))
        sql(copy, statements)
        serverful("snapshot", "--store", copy, "--snapshot", snapshot)
        rows = list(expected_rows(before, read(copy)))
        for got, is_tagged in ((out, False), (tagged, True)):
            got = re.sub(r"(?m)^(\w+) \([^)]*\): (\d+ added)", r"\1: \2", got)
            got = re.sub(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'", "NOW", got)
            expected = re.sub(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'", "NOW", "\n".join([*rows, *expected_words(site, site.snapshot, snapshot, is_tagged), ""]))
            if got != expected:
                wrong.append(f"round {n}: {statements}\n  got:      {got:.1500}\n  expected: {expected:.1500}")
        if (status, said) != (1 if rows else 0, ""):
            wrong.append(f"round {n}: {statements}\n  status {status}, {said!r}")
        differing += " 0 of " not in out
        for name in ("copy.db", "copy.db-wal", "copy.db-shm"):
            if os.path.exists(site.path(name)):
                os.remove(site.path(name))
    ok(not wrong, f"the rows and words of {ROUNDS} random edits are predicted", "\n".join(wrong[:2]))
    ok(differing > ROUNDS / 3, "many of these edits change words", differing)
    ok(sql(site.store, ".dump") == dump, "serverful diff leaves the store as it is")


def check_edit(site):
    edit = "INSERT INTO words (word) VALUES ('来到北京');"
    status, out, _ = site.edit(edit)
    equal((status, out.splitlines()[:3]), (1, ["words (word, freq, tag): 1 added, 0 changed, 0 removed", "+ '来到北京', NULL, ''",
                                              f"{site.texts}:1: 来到 / 北京 -> 来到北京"]), "a new word is shown as a row and in the texts")
    with open(site.path("edit.sql"), "w", encoding="utf-8") as file:
        file.write(edit)
    with open(site.texts, "rb") as file:
        run = site.diff("--sql", site.path("edit.sql"), "--limit", "1000000", "-", edit=file.read().decode())
    equal(run[1].replace("\n-:", f"\n{site.texts}:"), out, "the SQL may be in a file, and the texts on standard input")
    equal(site.edit("DELETE FROM words WHERE word = '没有的词';")[0], 0, "the exit status is 0 where nothing differs")
    _, out, _ = site.diff("--sql", "-", "--limit", "2", site.texts, edit="UPDATE words SET freq = 0 WHERE length(word) > 1;")
    ok(re.search(r"\d{3} changed", out) and re.search(r"\.\.\. and \d+ more rows", out)
       and len(re.findall("(?m)^[-+] ", out)) == 4 and re.search(r"\.\.\. and \d+ more differences", out)
       and out.count(site.texts) == 2, "--limit limits the rows and the differences that are printed, not the counts", out)
    with closing(sqlite3.connect(site.store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM words")
        status, out, said = site.edit(edit)
        equal((status, said, out.splitlines()[0]), (1, "", "words (word, freq, tag): 1 added, 0 changed, 0 removed"),
              "serverful diff does not wait for a writer, nor see what it has not committed")
        writer.execute("ROLLBACK")
    status, out, said = site.diff("--sql", "-", "--snapshot", site.path("none"), site.texts, edit=edit)
    ok(status == 1 and "1: 来到 / 北京 -> 来到北京" in out and "the guard is not asked" in said,
       "without a snapshot of the store, serverful diff compares words, and says that the guard is not asked", (status, out, said))


def check_guard(site):
    status, out, _ = site.edit("DELETE FROM words;")
    found = re.search(r"(?m)^guard: (\d+) of (\d+) words would be gone", out)
    ok(status == 1 and found and found[1] == found[2], "serverful diff says that the guard would hold an edit back", out[-500:])
    _, out, _ = site.edit("DELETE FROM words; UPDATE guard SET confirmed = (SELECT n FROM revision WHERE part = 'words') WHERE part = 'words';")
    ok("guard:" not in out and "guard (part, percent, confirmed): 0 added, 1 changed" in out, "an edit that confirms itself is not held back", out[-500:])
    equal(sql(site.store, "SELECT count(*) FROM guard_check;"), "0\n", "serverful diff writes no verdict into the store")


def check_served(site):
    """Compare the store with the snapshot."""
    equal(site.diff(site.texts)[:2], (0, f"texts: 0 of {LINES + 2} lines differ\n"), "a store that is served differs in nothing")
    equal(site.diff(), (0, "", ""), "without texts, nothing is printed then")
    store = shutil.copy(site.store, site.path("edited.db"))
    n = int(sql(store, "SELECT count(*) FROM words;"))
    sql(store, "INSERT INTO words (word) VALUES ('来到北京'); INSERT INTO stop_words VALUES ('我们'); UPDATE hmm_start SET logp = logp * 2;")
    status, out, _ = site.diff("--store", store, site.texts)
    equal((status, out.splitlines()[1:4]), (1, ["model: the snapshot has another revision",
          "keywords: the snapshot has another revision: 2 rows of idf, the store 2; 1 rows of stop_words, the store 2",
          f"{site.texts}:1: 来到 / 北京 -> 来到北京"]), "a store that is not compiled yet differs from the snapshot")
    ok(re.match(fr"words: the snapshot has another revision: (\d+) rows of words, the store (\d+)\n", out), "its words are counted", out)
    with open("/dev/full", "wb") as full:
        run = subprocess.run([SERVERFUL, "diff", "--store", store, "--snapshot", site.snapshot], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    equal((run.returncode, run.stderr), (2, "serverful diff: cannot write to the standard output: No space left on device\n"),
          "serverful diff fails with status 2 if its output cannot be written")
    sql(store, "DELETE FROM words WHERE word > '一';")
    snapshot = shutil.copy(site.snapshot, site.path("edited.snapshot"))
    held = subprocess.run([SERVERFUL, "snapshot", "--store", store, "--snapshot", snapshot], capture_output=True)
    status, out, _ = site.diff("--store", store, "--snapshot", snapshot)
    ok(n > 0 and held.returncode == 1 and status == 1 and re.search(r"(?m)^guard: \d+ of \d+ words would be gone", out),
       "serverful diff says what the guard holds back", (held, out))
    equal(site.diff("--snapshot", site.path("none"))[0], 2, "without --sql, a snapshot is needed")


def check_mistakes(site):
    for statements, reason in (("SELECT 1;\n\n  SELEC 2;", "standard input, line 3: near \"SELEC\": syntax error"),
                               ("-- one\nINSERT INTO words (word)\nVALUES ('');", "standard input, line 1: "),
                               ("INSERT INTO words (word) VALUES ('');", "word: must not be empty"),
                               ("BEGIN; DELETE FROM words;", "does not end it"),
                               (f"ATTACH '{site.store}' AS other; DELETE FROM other.words;", "ATTACH, DETACH and VACUUM are not allowed"),
                               (f"VACUUM INTO '{site.path('made.db')}';", "ATTACH, DETACH and VACUUM are not allowed"),
                               (".mode csv", "near \".\": syntax error"),
                               ("SELECT 1;\0DELETE FROM words;", "NUL"),
                               ("DROP TRIGGER words_insert; DELETE FROM words;", "the service could not use the store then: ")):
        status, _, said = site.edit(statements)
        ok(status == 2 and reason in said and said.count("\n") == 1, f"serverful diff refuses {statements[:40]!r}", (status, said))
    ok(not os.path.exists(site.path("made.db")), "no file was made")
    with open(site.path("bad.txt"), "wb") as file:
        file.write(b"good\n\xff\n")
    for arguments, reason in (([site.path("bad.txt")], "bad.txt, line 2: invalid UTF-8"), ([site.path("none.txt")], "cannot open"),
                              (["--sql", site.path("none.sql")], "cannot open"), (["--limit", "x"], "--limit"), (["--wrong"], "--wrong"),
                              (["--store", site.path("none.db")], "cannot open the store"),
                              (["--sql", "-", "-"], "only one"), (["-", "-"], "only one")):
        status, _, said = site.diff(*arguments)
        ok(status == 2 and reason in said, f"serverful diff {' '.join(map(os.path.basename, arguments))} fails with status 2", (status, said))
    broken = shutil.copy(site.store, site.path("broken.db"))
    sql(broken, "PRAGMA ignore_check_constraints = 1; INSERT INTO words VALUES ('坏词', -5, '');")
    status, out, said = site.diff("--store", broken, "--sql", "-", site.texts, edit="DELETE FROM words WHERE freq < 0;")
    ok(status == 1 and "- '坏词', -5, ''" in out and " 0 of " in out, "an edit that corrects a bad row can be tried out", (status, out, said))
    status, _, said = site.diff("--store", broken, "--sql", "-", site.texts, edit="SELECT 1;")
    ok(status == 2 and "坏词" in said, "an edit that leaves a bad row is refused", (status, said))


def check_transaction(site):
    """What a transaction has changed so far, in the shell."""
    out = sql(site.store, """BEGIN;
        INSERT INTO edits (tool) VALUES ('trial');
        UPDATE words SET freq = 7 WHERE word = '北京'; INSERT INTO images (url) VALUES ('https://a/1'); DELETE FROM stop_words;
        SELECT part, action, key FROM edit_history WHERE edit >= (SELECT max(id) FROM edits WHERE tool = 'trial');
        ROLLBACK; SELECT count(*) FROM edits WHERE tool = 'trial';""")
    equal(out, "words|update|北京\nimages|insert|https://a/1\nstop_words|delete|他们\nstop_words|delete|的\n0\n",
          "within a transaction, edit_history shows what it has changed so far")


plan(3 + 6 + 3 + 7 + 9 + 1 + 8 + 2 + 1)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    made = Site(where)
    for check in (check_random, check_edit, check_guard, check_served, check_mistakes, check_transaction):
        check(made)
done()
