#!/usr/bin/python3
"""Print what make must build for some tests: needs.py t/store.t t/unit_util ...

A program of unit tests needs itself. A test in Python needs what it names, itself or in a module of t/lib that it
imports: the programs (by SERVERFUL, BOOTSTRAP or BUILD of tap.py) and the drivers t/*.c."""

import os
import re
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DRIVERS = sorted(name[:-2] for name in os.listdir(TESTS) if name.endswith(".c") and not name.startswith("unit_"))


def texts(path, seen):
    """The texts of a file and of all modules of t/lib that it imports."""
    seen.add(path)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    yield text
    for name in re.findall(r"^\s*(?:from|import) (\w+)", text, re.M):
        module = os.path.join(TESTS, "lib", name + ".py")
        if name != "tap" and module not in seen and os.path.exists(module):
            yield from texts(module, seen)


def needs(test):
    """The targets of make for a test."""
    if not test.endswith(".t"):
        return {test}
    text = "\n".join(texts(os.path.join(os.path.dirname(TESTS), test), set()))
    found = {"t/" + name for name in DRIVERS if re.search(rf"\b{name}\b", text)}
    return found | ({"all"} if found or re.search(r"\b(SERVERFUL|BOOTSTRAP|BUILD)\b", text) else set())


print(*sorted(set().union(*map(needs, sys.argv[1:]))))
