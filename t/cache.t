#!/usr/bin/python3
"""The cache of the tests: what is damaged there is made again, and two processes make it once."""

import marshal
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from tap import done, equal, ok, plan

plan(7)
scratch = tempfile.TemporaryDirectory()
os.environ["SERVERFUL_TEST_CACHE"] = scratch.name
import cache
import oracle

made = []


def make(path):
    made.append(path)
    with open(os.path.join(path, "data"), "w", encoding="utf-8") as file:
        file.write("whole")


file = os.path.join(cache.made("kind-1", make), "data")
cache.made("kind-1", make)
equal(len(made), 1, "a directory of the cache is made once")
os.truncate(file, 2)
cache.made("kind-1", make)
equal((len(made), open(file, encoding="utf-8").read()), (2, "whole"), "a directory with a file cut short is made again")
os.unlink(file)
cache.made("kind-1", make)
ok(len(made) == 3 and os.path.exists(file), "a directory that lacks a file is made again")

answers = os.path.join(scratch.name, "answers")
for what, content in (("is cut short", marshal.dumps({"a": 1})[:-3]), ("is no dict", marshal.dumps(7))):
    with open(answers, "wb") as damaged:
        damaged.write(content)
    equal(oracle._load(answers), {}, f"a file of answers that {what} counts as empty")

MAKE = """import cache, os, time
def make(path):
    print("made", flush=True)
    time.sleep(0.2)
print(os.path.basename(cache.made("kind-2", make)))"""
both = [subprocess.Popen([sys.executable, "-c", MAKE], stdout=subprocess.PIPE, text=True,
                         env={**os.environ, "PYTHONPATH": os.path.dirname(cache.__file__)}) for _ in range(2)]
equal(sorted(process.communicate()[0] for process in both), ["kind-2\n", "made\nkind-2\n"],
      "of two processes at once, one makes a directory and the other waits for it")
run = subprocess.run([sys.executable, "-c", "import cache"], stderr=subprocess.PIPE, text=True,
                     env={**os.environ, "PYTHONPATH": os.path.dirname(cache.__file__), "SERVERFUL_TEST_CACHE": answers})
ok("set SERVERFUL_TEST_CACHE to a directory" in run.stderr, "a cache that is not a directory is refused", run.stderr)
done()
