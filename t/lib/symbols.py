"""The symbols of object files, libraries and programs, as nm lists them."""

import collections
import re
import subprocess

# One object file: its name, and the names of the symbols that it defines for others and that it uses from others.
Object = collections.namedtuple("Object", "name defined used")

# What sanitizers add for each object file: not symbols of the source.
ADDED = re.compile(r"^(__asan_|__ubsan_|__odr_asan|__sanitizer_|_GLOBAL__|\.L)")


def _lines(path, *options):
    run = subprocess.run(["nm", *options, path], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


def objects(library):
    """The object files of a static library."""
    found = []
    for line in _lines(library, "--extern-only"):
        if line.endswith(".o:"):
            found.append(Object(line[:-1], set(), set()))
        elif line.strip():
            kind, name = line.split()[-2:]
            if not ADDED.match(name):
                (found[-1].used if kind in "Uvw" else found[-1].defined).add(name)
    return found


def defined_in_program(program):
    """The names of the functions and variables that a program contains."""
    names = {line.split()[-1] for line in _lines(program, "--defined-only")}
    return {name for name in names if not ADDED.match(name)}
