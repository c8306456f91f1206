#!/usr/bin/python3
"""The man pages: each command has one, with all the options of its --help and no others, and with their defaults; and
mandoc finds nothing to complain of."""

import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

MAN = os.path.join(tap.SOURCE, "man")


def output(*command):
    return subprocess.run([tap.SERVERFUL, *command], cwd="/", stdout=subprocess.PIPE, text=True, check=True).stdout


def page(name):
    """The source of a page; "" where there is none."""
    try:
        with open(os.path.join(MAN, name + ".1"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def options_of_help(text):
    """The options that a help text lists, without their first dash."""
    return {option[1:] for line in text.splitlines() if re.match(r" +-", line)
            for option in re.findall(r"(?:^ +|, )(--?[a-zA-Z][\w-]*)", line)}


def options_of_page(text):
    """The options that the lists of a page explain."""
    return {option for line in re.findall(r"^\.It (.*Fl.*)$", text, re.M) for option in re.findall(r"Fl ([\w-]+)", line)}


def defaults_of_help(text):
    found = re.findall(r"\(default:? ([^)]*)\)", text)
    return [default for default in found if "libexec" not in default]  # that one depends on the installation


def plain(text):
    """What a page says, without its markup."""
    text = re.sub(r"^\.\w+ ", "", text, flags=re.M).replace("\\(aq", "'").replace("\\ ", " ")
    return re.sub(r"\s+", " ", text)


commands = re.findall(r"^  ([a-z-]+) ", output("--help"), re.M)
names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(MAN, "*")))
tap.plan(4 * len(commands) + len(names) + 3)
tap.ok(len(commands) >= 8, "there are commands", commands)
for command in commands:
    text, source = output(command, "--help"), page("serverful-" + command)
    tap.ok(source, f"{command} has a page", f"write man/serverful-{command}.1")
    tap.equal(sorted(options_of_page(source)), sorted(options_of_help(text)), f"{command}: the options of --help, no others")
    said = plain(source)
    tap.equal([default for default in defaults_of_help(text) if "default " + default.strip() not in said], [],
              f"{command}: the defaults")
    tap.ok(f".It Cm {command}\n" in page("serverful") and f"Xr serverful-{command} 1" in page("serverful"),
           f"serverful(1) has {command}")
tap.equal(names, sorted(f"serverful{name}.1" for name in ["", "-bootstrap", *("-" + command for command in commands)]),
          "every page is one of a command")
with open(os.path.join(tap.SOURCE, "Makefile.am"), encoding="utf-8") as file:
    listed = re.findall(r"man/(\S+\.1)", file.read())
tap.equal(sorted(listed), names, "make install takes them all")
if shutil.which("mandoc"):
    for name in names:
        run = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", os.path.join(MAN, name)], stdout=subprocess.PIPE, text=True)
        tap.equal(run.stdout, "", name + ": mandoc finds nothing")
else:
    tap.skip(len(names), "mandoc is not installed")
tap.done()
