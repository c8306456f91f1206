#!/usr/bin/python3
"""The documents are true: links and paths lead somewhere, the options of serverful that they name exist, the requests that
they show have the answers that they show, the SQL that they show runs, and a store of another version can be converted as
docs/administer.md says. Both READMEs are short, their pictures small, and Chinese lines break where no space shows."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from service import Service
from store import serverful, small_jieba_data, sql

PAGES = sorted(path for pattern in ("*.md", "docs/*.md", "lambda/*.md", "data/*.md", "data/events/*.md", "compare/*.md")
               for path in glob.glob(os.path.join(tap.SOURCE, pattern)))
READMES = ["README.md", "README.zh-CN.md"]
MOST_LINES = 110  # of a README
MOST_BYTES = 250000  # of a picture
ADDRESS = "http://127.0.0.1:8080"  # of the service, in the documents
DIRECTORIES = "bench|compare|data|debian|docs|fuzz|lambda|man|nginx|publish|sql|src|systemd|t|vm"
# Characters of Chinese text: a line break between two of them shows as a space that does not belong there.
WIDE = "[\u2e80-\u9fff\uff01-\uffee]"


def read(name):
    with open(os.path.join(tap.SOURCE, name), encoding="utf-8") as file:
        return file.read()


def options(*command):
    text = subprocess.run([*command, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", text))


def commands():
    text = subprocess.run([tap.SERVERFUL, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.findall(r"^  ([a-z-]+) ", text, re.M)


def dev_commands():
    """Return {command: help} of ./dev."""
    def printed(*arguments):
        return subprocess.run([os.path.join(tap.SOURCE, "dev"), "help", *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout
    return {name: printed(name) for name in re.findall(r"^  ([a-z]+) ", printed(), re.M)}


def wrong_commands(text):
    """Commands of ./dev that a page names, and that do not exist."""
    return sorted({name for name in re.findall(r"\./dev ([a-z]+)", text) if name not in DEV})


def code(text):
    """The pieces of code of a page: its indented lines, and what stands in backquotes."""
    return re.findall(r"^ {4,}(.*)$", text, re.M) + re.findall(r"`([^`\n]+)`", text)


def wrong_links(path, text):
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [target for target in targets if target and "://" not in target and
            not os.path.exists(os.path.join(os.path.dirname(path), target))]


def wrong_paths(text):
    """Paths in the tree that a page names, and that do not exist. A pattern must match a file, a test may be a C program, and
    what instructions create (dice, packages) need not be there. A part in capital letters is a placeholder."""
    found = re.findall(rf"(?<![\w/.~@-])(?:{DIRECTORIES})/[\w./*-]*", text)
    paths = {path.rstrip(".").removesuffix("/") for path in found if not re.search(r"dice|\.zip|\b[A-Z]{3,}\b(?!\.md)", path)}
    return sorted(path for path in paths if not glob.glob(os.path.join(tap.SOURCE, path)) and
                  not os.path.exists(os.path.join(tap.SOURCE, path + ".c")))


def wrong_options(text):
    """Options that a page gives to a command of serverful, or names alone, and that do not exist."""
    wrong = []
    for piece in code(text):
        called = re.search(r"\bserverful (" + "|".join(KNOWN) + r")\b([^;&|#)]*)", piece)
        if called:
            given, have = called[2], KNOWN[called[1]]
        elif piece.startswith("--") or "SERVERFUL_OPTIONS=" in piece:
            given, have = piece, ALL
        else:
            continue
        wrong += [f"{option} in: {piece}" for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", given) if option not in have]
    return wrong


def with_data(directory, data):
    """Make a command serverful that imports other data than jieba's. Returns its directory."""
    path = os.path.join(directory, "bin")
    os.mkdir(path)
    with open(os.path.join(path, "serverful"), "w", encoding="utf-8") as file:
        file.write(f"#!/bin/sh\n[ $1 != import ] || set -- \"$@\" --jieba-data '{data}'\nexec '{tap.SERVERFUL}' \"$@\"\n")
    os.chmod(file.name, 0o755)
    return path


def check_new_tables():
    """Run the commands of docs/administer.md that copy jieba's rows into the tables that a store of version 1 lacked."""
    script = re.search(r"^    serverful init --store new.db.*?COMMIT;\"$", read("docs/administer.md"), re.M | re.S)[0]
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        tables = ["pos_start", "pos_trans", "pos_emit", "pos_list", "idf", "stop_words"]
        db, all_rows = os.path.join(directory, "old.db"), "".join(f"SELECT * FROM {table};" for table in tables)
        data = small_jieba_data(directory)
        serverful("init", "--store", db)
        serverful("import", "--store", db, "--jieba-data", data)
        before = sql(db, all_rows)
        empty = sql(db, "".join(f"SELECT '{table}' WHERE NOT EXISTS (SELECT * FROM {table});" for table in tables))
        sql(db, "".join(f"DELETE FROM {table};" for table in tables))
        run = subprocess.run(["sh", "-ec", script.replace("FILE", db)], text=True, cwd=directory,
                             env={**os.environ, "PATH": f"{with_data(directory, data)}:{os.environ['PATH']}"},
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = [line for line in run.stdout.splitlines() if not line.startswith("importing ")]
        tap.equal((said, empty, sql(db, all_rows)), ([], "", before), "docs/administer.md: the commands fill the tables that version 1 lacked")


def examples(text):
    """The requests of a page and the answers below them: (command, answer) of each line that begins with "$ curl"."""
    return re.findall(r"^    \$ (curl .*)\n((?:    [^$].*\n)*)", text, re.M)


def check_examples(service):
    """Each request that a page shows has the answer that the page shows."""
    for name, command, expected in EXAMPLES:
        run = subprocess.run(["sh", "-c", command.replace(ADDRESS, f"http://127.0.0.1:{service.port}").replace("curl", "curl -sS", 1)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        tap.equal(run.stdout.strip(), re.sub("^    ", "", expected, flags=re.M).strip(), f"{name}: {command} answers as shown")


def check_sql(service, name):
    """The statements at the prompt of sqlite3 run, one after the other."""
    statements = re.findall(r"^    sqlite> (.*)$", read(name), re.M)
    try:
        rows, wrong = sql(service.db, "BEGIN;\n" + "\n".join(statements) + "\nROLLBACK;"), None
    except subprocess.CalledProcessError as failed:
        rows, wrong = "", failed.stderr
    tap.ok(statements and rows and not wrong, f"{name}: its {len(statements)} SQL statements run", wrong or "no rows")


def broken_lines(text):
    """Lines that break between two characters of Chinese text. Code, tables and headings are never joined."""
    lines = text.split("\n")
    return [f"{a} / {b}" for a, b in zip(lines, lines[1:]) if not a.startswith(("    ", "|", "#")) and
            re.search(WIDE + "$", a) and re.match(" *" + WIDE, b) and not b.startswith("    ")]


def check_readme(name):
    text = read(name)
    lines = len(text.splitlines())
    tap.ok(lines <= MOST_LINES, f"{name} has at most {MOST_LINES} lines", f"{lines} lines")
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", text)
    sizes = {picture: os.path.getsize(os.path.join(tap.SOURCE, picture)) for picture in pictures}
    tap.ok(len(sizes) == 2 and all(picture.endswith(".png") and size < MOST_BYTES for picture, size in sizes.items()),
           f"{name} shows two PNG pictures of less than {MOST_BYTES // 1000} kB each", sizes)


KNOWN = {command: options(tap.SERVERFUL, command) for command in commands()}
DEV = dev_commands()
ALL = set().union(*KNOWN.values(), re.findall(r"(?<![\w-])--[a-z][\w-]*", " ".join(DEV.values())), *(
    options("/usr/bin/python3", os.path.join(tap.SOURCE, "bench", name)) for name in ("segment.py", "endpoints.py", "lambda.py")))
TEXTS = {os.path.relpath(path, tap.SOURCE): read(path) for path in PAGES}
# t/docs_chinese.t holds the examples of the Chinese pages of docs/ equal to those of the English ones.
EXAMPLES = [(name, *example) for name, text in TEXTS.items() if not re.match(r"docs/.*\.zh-", name) for example in examples(text)]
CHINESE = [name for name in TEXTS if ".zh-" in name]

# lambda/ speaks of the options of other programs.
WITH_OPTIONS = [name for name in TEXTS if not name.startswith("lambda/")]
tap.plan(3 * len(TEXTS) + len(WITH_OPTIONS) + len(CHINESE) + 3 * len(READMES) + len(EXAMPLES) + 3)
tap.ok({"--request-timeout", "--port", "--quick"} <= ALL, "the options of all programs are read from --help", ALL)
for name, text in TEXTS.items():
    tap.equal(wrong_links(os.path.join(tap.SOURCE, name), text), [], f"{name}: relative links lead to files")
    tap.equal(wrong_paths(text), [], f"{name}: the paths that it names exist")
    tap.equal(wrong_commands(text), [], f"{name}: the commands of ./dev that it names exist")
for name in WITH_OPTIONS:
    tap.equal(wrong_options(TEXTS[name]), [], f"{name}: the options that it names exist")
for name in CHINESE:
    tap.equal(broken_lines(TEXTS[name]), [], f"{name}: no line breaks between two Chinese characters")
for name in READMES:
    check_readme(name)
tap.ok(shutil.which("curl") and len(EXAMPLES) >= 10, "curl is there, and the documents show requests", EXAMPLES)
with Service() as service:
    check_examples(service)
    for name in READMES:
        check_sql(service, name)
check_new_tables()
tap.done()
