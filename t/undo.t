#!/usr/bin/python3
"""The history and undo: random edits, imports and undos, after each of which the store is what a model in Python predicts; undo
of edits in every table; and what undo refuses."""

import copy
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from store import refused, serverful, sql
from tap import SERVERFUL, done, equal, is_watched, ok, plan

EDITS = int(os.environ.get("SERVERFUL_EDITS", "300" if is_watched(SERVERFUL) else "1000"))
WORDS = [a + b for a in "云原生计算" for b in "服务器架构数"]
URLS = [f"https://example.org/{n}.jpg" for n in range(12)]
KEYS = {"words": "word", "idf": "word", "stop_words": "word", "images": "url", "settings": "name", "repeated_words": "id"}


def read(db):
    """All rows that undo can restore, by table and key."""
    return {table: {row[key]: tuple(row) for row in db.execute(f"SELECT * FROM {table} WHERE {key} <> 'importing'")}
            for table, key in KEYS.items()}


class Model:
    """What the store must have, and the states that undo goes back to. A state before an edit has the rows that the edit
    touches."""

    def __init__(self, state):
        self.state, self.before = state, {}

    def begin(self, edit):
        self.before[edit] = {}
        self.edit = edit

    def touch(self, table, key):
        self.before[self.edit].setdefault((table, key), self.state[table].get(key))

    def put(self, table, key, row):
        """Replace, add or, with None, delete a row."""
        self.touch(table, key)
        if row is None:
            self.state[table].pop(key, None)
        else:
            self.state[table][key] = row

    def undo(self, edits):
        """Undo these edits, the earliest first."""
        first = {}
        for edit in edits:
            for place, row in self.before[edit].items():
                first.setdefault(place, row)
        for (table, key), row in first.items():
            if row and table == "images":  # the id may have been taken since
                taken = {other[0] for url, other in self.state["images"].items() if ("images", url) not in first}
                row = row if row[0] not in taken else (None, *row[1:])
            if self.state[table].get(key) != row:
                self.put(table, key, row)


class Editor:
    """Edits the store and the model alike."""

    def __init__(self, path, directory, rng):
        self.path, self.directory, self.rng = path, directory, rng
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.model = Model(read(self.db))

    def named(self, tool):
        """Begin an edit with a name."""
        self.model.begin(self.db.execute("INSERT INTO edits (tool) VALUES (?)", [tool]).lastrowid)

    def words(self):
        model, rng = self.model, self.rng
        kind, word, other = rng.randrange(6), rng.choice(WORDS), rng.choice(WORDS)
        row = (word, rng.choice([None, rng.randint(1, 3)]), rng.choice(["", "n"]))
        old = model.state["words"].get(word)
        if kind == 0:
            self.db.execute("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", row)
            if old != row:
                model.put("words", word, row)
        elif kind == 1:
            self.db.execute("INSERT INTO words VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET freq = 9", row)
            if old != row:
                model.put("words", word, (word, 9, old[2]) if old else row)
            elif old[1] != 9:
                model.put("words", word, (word, 9, old[2]))
        elif kind == 2:
            self.db.execute("DELETE FROM words WHERE word = ?", [word])
            if old:
                model.put("words", word, None)
        elif kind == 3:
            self.db.execute("UPDATE words SET freq = ?, tag = ? WHERE word >= ? AND word < ?", [row[1], row[2], *sorted((word, other))])
            for name, (_, freq, tag) in list(model.state["words"].items()):
                if min(word, other) <= name < max(word, other) and (freq, tag) != row[1:]:
                    model.put("words", name, (name, *row[1:]))
        elif kind == 4:
            self.db.execute("UPDATE OR REPLACE words SET word = ? WHERE word = ?", [other, word])
            if old and word != other:
                model.put("words", word, None)
                if model.state["words"].get(other) != (other, *old[1:]):
                    model.put("words", other, (other, *old[1:]))
        elif rng.random() < 0.2:
            self.db.execute("DELETE FROM words")
            for name in list(model.state["words"]):
                model.put("words", name, None)

    def images(self):
        model, rng = self.model, self.rng
        kind, url, other = rng.randrange(5), rng.choice(URLS), rng.choice(URLS)
        old = model.state["images"].get(url)
        if kind == 0:
            self.db.execute("INSERT INTO images (url, weight) VALUES (?, ?) ON CONFLICT DO NOTHING", [url, rng.randint(1, 5)])
            self.follow_images(url, is_met=True)
        elif kind == 1:
            number = rng.randint(1, 15)
            rows = self.db.execute("SELECT url FROM images WHERE id = ?", [number]).fetchall()
            self.db.execute("INSERT OR REPLACE INTO images (id, url, tag) VALUES (?, ?, ?)", [number, url, rng.choice(["", "cat"])])
            self.follow_images(url, *[row["url"] for row in rows])
        elif kind == 2:
            self.db.execute("DELETE FROM images WHERE url = ?", [url])
            if old:
                model.put("images", url, None)
        elif kind == 3:
            self.db.execute("UPDATE images SET enabled = 0, note = 'off' WHERE enabled")
            for name, row in list(model.state["images"].items()):
                if row[4]:
                    self.follow_images(name)
        elif old and other not in model.state["images"]:
            self.db.execute("UPDATE images SET url = ? WHERE url = ?", [other, url])
            self.follow_images(url, other)

    def follow_images(self, *urls, is_met=False):
        """Take over into the model what SQLite has set: the ids and the times. An INSERT without an id touches a row that it
        meets, even where it does nothing."""
        for url in urls:
            row = self.db.execute("SELECT * FROM images WHERE url = ?", [url]).fetchone()
            row = row and tuple(row)
            if is_met or self.model.state["images"].get(url) != row:
                self.model.put("images", url, row)

    def other(self):
        model, rng = self.model, self.rng
        word, kind, number = rng.choice(WORDS), rng.randrange(4), rng.randint(1, 4)
        if kind == 0:
            row = (word, number / 7)
            self.db.execute("INSERT OR REPLACE INTO idf VALUES (?, ?)", row)
            if model.state["idf"].get(word) != row:
                model.put("idf", word, row)
        elif kind == 1:
            self.db.execute("INSERT OR IGNORE INTO stop_words VALUES (?)", [word])
            if word not in model.state["stop_words"]:
                model.put("stop_words", word, (word,))
        elif kind == 2:
            for table in ("stop_words", "idf"):
                self.db.execute(f"DELETE FROM {table} WHERE word = ?", [word])
                if word in model.state[table]:
                    model.put(table, word, None)
        else:
            self.db.execute("UPDATE repeated_words SET freq = ?", [number])
            if model.state["repeated_words"][1] != (1, number):
                model.put("repeated_words", 1, (1, number))

    def imports(self):
        """serverful import of words. The freq that a word had before counts on in the total, as with jieba."""
        model, rng, path = self.model, self.rng, os.path.join(self.directory, "words.txt")
        rows = {rng.choice(WORDS): (rng.randint(1, 3), rng.choice(["", "v"])) for _ in range(4)}
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{word} {freq} {tag}".rstrip() + "\n" for word, (freq, tag) in rows.items())
        serverful("import", "--store", self.path, "--words", path, stdout=subprocess.DEVNULL)
        model.begin(self.db.execute("SELECT max(id) FROM edits").fetchone()[0])
        for word, (freq, tag) in rows.items():
            old = model.state["words"].get(word)
            if old and old[1]:
                model.put("repeated_words", 1, (1, model.state["repeated_words"][1][1] + old[1]))
            if old != (word, freq, tag):
                model.put("words", word, (word, freq, tag or (old[2] if old else "")))

    def undo(self):
        """Undo an edit, or all since one, in SQL or by the program."""
        number = self.rng.choice(list(self.model.before)[-20:])
        at, = self.db.execute("SELECT at FROM edits WHERE id = ?", [number]).fetchone()
        since = self.rng.random() < 0.4
        column, value = ("since", at) if since else ("edit", number)
        if self.rng.random() < 0.1:
            serverful("undo", "--store", self.path, f"--{column}", str(value), stdout=subprocess.DEVNULL)
        else:
            self.db.execute(f"INSERT INTO undo ({column}) VALUES (?)", [value])
        edits = [id for id, in self.db.execute("SELECT id FROM edits WHERE at >= ? ORDER BY id", [at])] if since else [number]
        last, = self.db.execute("SELECT max(id) FROM edits").fetchone()
        self.model.begin(last)
        self.model.undo([edit for edit in edits if edit != last])
        for url, row in self.model.state["images"].items():
            if row[0] is None:
                self.model.state["images"][url] = tuple(self.db.execute("SELECT * FROM images WHERE url = ?", [url]).fetchone())


def check_random(directory):
    path = os.path.join(directory, "random.db")
    serverful("init", "--store", path)
    sql(path, "INSERT INTO words (word) VALUES ('最初');")
    rng = random.Random(17)
    editor = Editor(path, directory, rng)
    wrong = None
    for n in range(EDITS):
        kind = rng.choices([Editor.words, Editor.images, Editor.other, Editor.imports, Editor.undo], [35, 25, 20, 2, 18])[0]
        before = copy.deepcopy(editor.model.state)
        if kind not in (Editor.imports, Editor.undo):
            editor.named(f"edit {n}")
        elif kind == Editor.undo and not editor.model.before:
            continue
        kind(editor)
        found = read(editor.db)
        if found != editor.model.state:
            wrong = n, kind.__name__, [(table, before[table].get(key), found[table].get(key), editor.model.state[table].get(key))
                                       for table in KEYS for key in {**found[table], **editor.model.state[table]}
                                       if found[table].get(key) != editor.model.state[table].get(key)]
            break
    equal(wrong, None, f"after each of {EDITS} random edits, imports and undos the store is what the model predicts")
    n, = editor.db.execute("SELECT count(*) FROM edits WHERE tool GLOB 'undo *'").fetchone()
    ok(n > EDITS / 10, "the random edits have many undos", n)
    editor.db.close()


TABLES = {
    "words": ("INSERT INTO words VALUES ('甲', 5, 'n'), ('乙', NULL, '')", "UPDATE words SET freq = 7, tag = 'v'"),
    "images": ("INSERT INTO images (url) VALUES ('https://a/1')", "UPDATE images SET weight = 9, tag = 'cat', enabled = 0, note = 'x'"),
    "settings": ("SELECT 1", "UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'"),
    "repeated_words": ("SELECT 1", "UPDATE repeated_words SET freq = 5"),
    "idf": ("INSERT INTO idf VALUES ('甲', 0.1), ('乙', 1e-300)", "UPDATE idf SET idf = idf / 3"),
    "stop_words": ("INSERT INTO stop_words VALUES ('甲')", "UPDATE stop_words SET word = '乙'"),
    "hmm_start": ("INSERT INTO hmm_start VALUES ('B', -0.1), ('S', -0.2)", "UPDATE hmm_start SET logp = logp / 3"),
    "hmm_trans": ("INSERT INTO hmm_trans VALUES ('B', 'E', -0.1), ('B', 'M', -0.2)", "UPDATE hmm_trans SET logp = logp / 3"),
    "hmm_emit": ("INSERT INTO hmm_emit VALUES ('一', 'B', -0.1), ('一', 'S', -0.2)", "UPDATE hmm_emit SET logp = logp / 3"),
    "pos_start": ("INSERT INTO pos_start VALUES ('B', 'n', -0.1), ('B', 'v', -0.2)", "UPDATE pos_start SET logp = logp / 3"),
    "pos_trans": ("INSERT INTO pos_trans VALUES ('B', 'n', 'E', 'n', -1), ('B', 'n', 'E', 'v', -2)", "UPDATE pos_trans SET logp = logp / 3"),
    "pos_emit": ("INSERT INTO pos_emit VALUES ('一', 'B', 'n', -1), ('一', 'B', 'v', -2)", "UPDATE pos_emit SET logp = logp / 3"),
    "pos_list": ("INSERT INTO pos_list VALUES ('一', 'B', 'n'), ('一', 'B', 'v')", "UPDATE pos_list SET tag = 'x' WHERE tag = 'v'"),
}


def await_tick(db):
    """Wait until the clock, which the history reads in milliseconds, has left the last edit behind."""
    while db.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') <= max(max(at), max(until)) FROM edits").fetchone()[0]:
        pass


def check_tables(directory):
    """Rows of each table that are added, changed and deleted: each undo gives the rows of before, to the last bit."""
    path = os.path.join(directory, "tables.db")
    serverful("init", "--store", path)
    db = sqlite3.connect(path, isolation_level=None)
    listed = {name for name, in db.execute("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB '*_history_*'")}
    equal(listed, set(TABLES), "each table that is tried here has a history, and no other has")
    for table, (insert, update) in TABLES.items():
        def rows(table=table):
            return db.execute(f"SELECT * FROM {table}").fetchall()
        states, edits = [rows()], []
        deletion = "SELECT 1" if table in ("settings", "repeated_words") else f"DELETE FROM {table}"
        for statement in (insert, update, deletion):
            edits.append(db.execute("INSERT INTO edits (tool) VALUES ('a test')").lastrowid)
            db.execute(statement)
            states.append(rows())
        found = []
        await_tick(db)  # the undos must be later than what they undo
        for edit in reversed(edits):
            db.execute("INSERT INTO undo (edit) VALUES (?)", [edit])
            found.insert(0, rows())
        equal(found, states[:-1], f"{table}: undo restores the rows, one edit after the other")
        at, = db.execute("SELECT at FROM edits WHERE id = ?", [edits[-1] + 1]).fetchone()
        db.execute("INSERT INTO undo (since) VALUES (?)", [at])
        equal(rows(), states[-1], f"{table}: an undo of all undos restores the last rows")
    db.close()


def check_refused(directory):
    path = os.path.join(directory, "refused.db")
    serverful("init", "--store", path)
    run = subprocess.run([SERVERFUL, "undo", "--store", path], capture_output=True, text=True)
    equal((run.returncode, run.stdout, run.stderr), (0, "", "serverful undo: the history of the store has no edits\n"),
          "serverful undo says that there are no edits")
    sql(path, "INSERT INTO words (word) VALUES ('词');")
    before = sql(path, ".dump")
    for statement, reason in (("(edit) VALUES (99)", "no such edit"), ("(since) VALUES ('2999-01-01')", "no such edit"),
                              ("(edit, since) VALUES (1, '2026-01-01')", "name either"), ("DEFAULT VALUES", "name either"),
                              ("(since) VALUES ('08:00')", "must be a time"), ("(since) VALUES ('11/28/2026')", "must be a time"),
                              ("(since) VALUES ('2')", "must be a time"), ("(since) VALUES ('2026-99-99')", "must be a time")):
        said = refused(path, f"INSERT INTO undo {statement};")
        ok(said and reason in said and sql(path, ".dump") == before, f"undo refuses {statement}, and changes nothing", said)
    sql(path, "INSERT INTO edits (tool) VALUES ('second'); DELETE FROM words; DELETE FROM edits WHERE id = 1;")
    said = refused(path, "INSERT INTO undo (since) VALUES ('2020-01-01');")
    ok(said and "does not reach back so far" in said, "undo refuses a time before the first edit that is kept", said)
    listed = subprocess.run([SERVERFUL, "undo", "--store", path], capture_output=True, text=True)
    ok(listed.returncode == 0 and listed.stdout.startswith("     2  ") and "second: 1 words" in listed.stdout,
       "serverful undo lists the edits", listed)
    with open("/dev/full", "wb") as full:
        run = subprocess.run([SERVERFUL, "undo", "--store", path], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    equal((run.returncode, run.stderr), (1, "serverful undo: cannot write to the standard output: No space left on device\n"),
          "serverful undo fails if it cannot write the list")
    for arguments, status, reason in ((["--edit", "7"], 1, "no such edit"), (["--edit", "x"], 2, "--edit"),
                                      (["--edit", "1", "--since", "2026"], 2, "either")):
        run = subprocess.run([SERVERFUL, "undo", "--store", path, *arguments], capture_output=True, text=True)
        ok(run.returncode == status and reason in run.stderr, f"serverful undo {' '.join(arguments)} fails with status {status}", run)
    for arguments in (["--edit", "1"], ["--since", "2020-01-01"]):
        run = subprocess.run([SERVERFUL, "undo", "--store", path, *arguments], capture_output=True, text=True)
        ok(run.returncode == 1 and "(the history begins with edit 2 at 2" in run.stderr,
           f"serverful undo {' '.join(arguments)} says where the history begins", run)
    run = subprocess.run([SERVERFUL, "undo", "--store", path, "--edit", "2"], capture_output=True, text=True)
    equal(sql(path, "SELECT * FROM words;"), "词||\n", "serverful undo --edit undoes an edit")
    ok(run.returncode == 0 and run.stdout.startswith("     3  ") and run.stdout.endswith("  undo 2: 1 words\n"),
       "serverful undo --edit prints the edit that it makes", run)


def check_odd(directory):
    """A history of which everything is old, words with white space, a clock that goes back, and a history that is switched off."""
    path = os.path.join(directory, "odd.db")
    serverful("init", "--store", path)
    sql(path, "INSERT INTO words VALUES ('甲', 1, ''), ('乙', 2, ''); UPDATE edits SET at = '2020-01-01 00:00:00.000', until = '2020-01-01 00:00:00.000'; DELETE FROM words;"
              "INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    equal(sql(path, "SELECT word FROM words ORDER BY freq;"), "甲\n乙\n", "an edit after a year without any is undone")
    sql(path, "UPDATE settings SET value = 1 WHERE name = 'words_with_symbols'; INSERT INTO words (word) VALUES ('New York');"
              "UPDATE settings SET value = 0 WHERE name = 'words_with_symbols'; INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words;"
              "INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    equal(sql(path, "SELECT count(*) FROM words; SELECT * FROM settings;"), "3\nimporting|0\nredirect_no_referrer|1\nwords_with_symbols|0\n",
          "a word with white space returns, and the switch stays off")
    sql(path, "INSERT INTO edits (tool) VALUES ('tomorrow'); INSERT INTO words (word) VALUES ('丙');"
              "UPDATE edits SET until = datetime('now', '1 day') WHERE tool = 'tomorrow'; INSERT INTO words (word) VALUES ('丁');"
              "INSERT INTO undo (edit) SELECT id FROM edits WHERE tool = 'tomorrow';")
    equal(sql(path, "SELECT word FROM words WHERE word IN ('丙', '丁');"), "丁\n", "an edit that ends in the future gets no more rows")
    sql(path, "CREATE TABLE both (a); CREATE TRIGGER both_insert AFTER INSERT ON both BEGIN INSERT INTO undo (edit) SELECT max(id) FROM edits;"
              "INSERT INTO words (word) VALUES ('戊'); END; INSERT INTO both VALUES (1); DROP TABLE both;")
    equal(sql(path, "SELECT substr(tool, 1, 4) FROM edits ORDER BY id DESC LIMIT 2;"), "SQL\nundo\n",
          "an edit in the same millisecond as an undo does not join it")
    sql(path, "UPDATE edit_limit SET max_rows = 0;")
    said = refused(path, "INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    ok(said and "the history is switched off" in said, "undo needs the history", said)


def check_whole(directory):
    """What an undo leaves alone, and where an edit ends."""
    path = os.path.join(directory, "whole.db")
    serverful("init", "--store", path)
    images = os.path.join(directory, "images.csv")
    for weight in (2, 3):
        with open(images, "w", encoding="utf-8") as file:
            file.write(f"url,weight\nhttps://example.org/cat.jpg,{weight}\n")
        serverful("import", "--store", path, "--images", images, stdout=subprocess.DEVNULL)
        sql(path, f"INSERT INTO words (word) VALUES ('词{weight}');")
    equal(sql(path, "SELECT tool, count(*) FROM edits GROUP BY tool;"), "SQL|2\nimport|1\n",
          "the second import is an edit even in a store that had no words, and nothing joins it")
    sql(path, "INSERT INTO undo (edit) SELECT max(id) FROM edits WHERE tool = 'import';")
    equal(sql(path, "SELECT weight FROM images WHERE url GLOB '*cat.jpg'; SELECT count(*) FROM words;"), "2\n2\n", "its undo leaves what came after it")
    sql(path, "INSERT INTO edits (tool) VALUES ('rowid'); UPDATE OR REPLACE images SET rowid = 2 WHERE id = 1; INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    equal(sql(path, "SELECT group_concat(id) FROM images WHERE id < 6;"), "1,2,3,4,5\n", "an image that was replaced by way of the rowid returns")
    sql(path, "ALTER TABLE images ADD COLUMN owner TEXT NOT NULL DEFAULT ''; UPDATE images SET owner = 'ann'; INSERT INTO edits (tool) VALUES ('weights');"
              "UPDATE images SET weight = weight + 1; INSERT INTO undo (edit) SELECT max(id) FROM edits;")
    equal(sql(path, "SELECT sum(weight), count(owner = 'ann' OR NULL) FROM images;"), "7|6\n", "a column of the admin's own keeps its values")
    sql(path, "INSERT INTO edits (tool) VALUES ('long'); UPDATE edits SET at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-11 minutes'),"
              " until = strftime('%Y-%m-%d %H:%M:%f', 'now', '-0.1 seconds') WHERE tool = 'long'; INSERT INTO words (word) VALUES ('很久');")
    equal(sql(path, "SELECT tool FROM edits ORDER BY id DESC LIMIT 2;"), "SQL\nlong\n", "an edit ends after ten minutes")
    sql(path, "UPDATE edit_limit SET max_rows = 100; INSERT INTO edits (tool) VALUES ('large'); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 101)"
              " INSERT INTO words (word) SELECT char(0x4E00 + i) FROM n; INSERT INTO words (word) VALUES ('更多');")
    equal(sql(path, "SELECT tool FROM edits ORDER BY id DESC LIMIT 2;"), "SQL\nlarge\n", "an edit ends when it has as many rows as the history keeps")


def check_imports(directory):
    """An import records the rows that it changes, once each, and no others."""
    path = os.path.join(directory, "imports.db")
    serverful("init", "--store", path)
    sql(path, "INSERT INTO words VALUES ('甲乙', 5, 'n'), ('丙丁', 6, ''); INSERT INTO images (url, weight) VALUES ('https://example.org/1', 2),"
              " ('https://example.org/2', 2); INSERT INTO idf VALUES ('甲', 2.5), ('乙', 3.5); INSERT INTO stop_words VALUES ('the');")
    for option, lines, expected in (("--words", "word\n甲乙\n丙丁\n", ""), ("--words", "word,freq\n甲乙,5\n丙丁,7\n", "update|丙丁\n"),
                                    ("--words", "甲乙 8 n\n", "update|1\nupdate|甲乙\n"), ("--userdict", "甲乙 9 n\n", "update|1\nupdate|甲乙\n"),
                                    ("--images", "url\nhttps://example.org/1\n", ""), ("--stop-words", "the\n", ""), ("--idf", "甲 2.5\n乙 4\n", "update|乙\n"),
                                    ("--images", "url,weight\nhttps://example.org/1,2\nhttps://example.org/2,3\n", "update|https://example.org/2\n")):
        file = os.path.join(directory, "imported")
        with open(file, "w", encoding="utf-8") as out:
            out.write(lines)
        serverful("import", "--store", path, option, file, stdout=subprocess.DEVNULL)
        equal(sql(path, "SELECT action, key FROM edit_history WHERE edit = (SELECT max(id) FROM edits) ORDER BY key;"), expected,
              f"the import {option} of {lines!r} records what it changes")


plan(2 + 1 + 2 * len(TABLES) + 1 + 8 + 1 + 2 + 3 + 2 + 2 + 5 + 6 + 8)
with tempfile.TemporaryDirectory(prefix="serverful-") as where:
    check_random(where)
    check_tables(where)
    check_refused(where)
    check_odd(where)
    check_whole(where)
    check_imports(where)
done()
