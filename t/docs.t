#!/usr/bin/python3
"""The documents: each relative link leads somewhere, each option of serverful that they name exists, and a store of
another version is brought over as docs/administer.md says."""

import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from store import jieba_store, sql

PAGES = sorted(path for pattern in ("*.md", "docs/*.md", "lambda/*.md", "data/*.md", "data/events/*.md", "compare/*.md")
               for path in glob.glob(os.path.join(tap.SOURCE, pattern)))


def options(*command):
    text = subprocess.run([*command, "--help"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    return set(re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", text))


def commands():
    text = subprocess.run([tap.SERVERFUL, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.findall(r"^  ([a-z-]+) ", text, re.M)


def code(text):
    """The pieces of code of a page: its indented lines, and what stands in backquotes."""
    return re.findall(r"^ {4,}(.*)$", text, re.M) + re.findall(r"`([^`\n]+)`", text)


def wrong_links(path, text):
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    return [target for target in targets if target and "://" not in target and
            not os.path.exists(os.path.join(os.path.dirname(path), target))]


def wrong_options(text):
    """Options that are given to a command of serverful, or stand for themselves, and are none."""
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


def check_another_version():
    """Run the commands of the page, but for the paths, on a store whose schema version is another."""
    with open(os.path.join(tap.SOURCE, "docs", "administer.md"), encoding="utf-8") as file:
        script = re.search(r"^    cd /var/lib/serverful.*?mv new.db serverful.db$", file.read(), re.M | re.S)[0]
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        db = jieba_store(directory)
        sql(db, "DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/1.jpg'); PRAGMA user_version = 99;"
                "DELETE FROM words WHERE word = '清华大学'; UPDATE words SET freq = 7 WHERE word = '北京';"
                "INSERT INTO words (word) VALUES ('无服务器架构');")
        query = "SELECT url FROM images; SELECT count(*), total(freq) FROM words; SELECT * FROM words WHERE freq = 7;"
        before = sql(db, query)
        run = subprocess.run(["sh", "-ec", script.replace("/var/lib/serverful", directory)], text=True,
                             env={**os.environ, "PATH": tap.BUILD + ":" + os.environ["PATH"]},
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        tap.equal((run.stdout, sql(db, query)), ("", before), "a store of another version: its rows are brought over")
        version = subprocess.run([tap.SERVERFUL, "init", "--store", db]).returncode
        tap.equal((version, os.stat(db).st_mode & 0o777), (0, 0o660), "into one that the program reads and the group writes")


KNOWN = {command: options(tap.SERVERFUL, command) for command in commands()}
ALL = set().union(*KNOWN.values(), options(os.path.join(tap.SOURCE, "dev")), *(
    options("/usr/bin/python3", os.path.join(tap.SOURCE, "bench", name)) for name in ("segment.py", "endpoints.py", "lambda.py")))
tap.ok("--request-timeout" in ALL and "--port" in ALL and "--quick" in ALL, "there are options", ALL)
for path in PAGES:
    with open(path, encoding="utf-8") as file:
        text = file.read()
    name = os.path.relpath(path, tap.SOURCE)
    tap.equal(wrong_links(path, text), [], f"{name}: links")
    if "lambda" not in os.path.dirname(name):  # which speaks of other programs' options
        tap.equal(wrong_options(text), [], f"{name}: options")
check_another_version()
tap.done()
