#!/usr/bin/python3
"""Each command has a man page, which has the options of its --help, no others, and their defaults. mandoc reports no error.
-h is --help. Each command refuses a second value for an option, and fails where its output cannot be written."""

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
    """Return the source of a page, or "" where it does not exist."""
    try:
        with open(os.path.join(MAN, name + ".1"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def options_of_help(text):
    """Return the options that a help text lists, without their first dash."""
    return {option[1:] for line in text.splitlines() if re.match(r" +-", line)
            for option in re.findall(r"(?:^ +|, )(--?[a-zA-Z][\w-]*)", line)}


def options_of_page(text):
    """Return the options that the lists of a page explain."""
    return {option for line in re.findall(r"^\.It (.*Fl.*)$", text, re.M) for option in re.findall(r"Fl ([\w-]+)", line)}


def options_with_value(text):
    """Return the long options that a help text lists with a value."""
    return re.findall(r"^ +(?:-\w, )?(--[a-z-]+) \[?[A-Z]", text, re.M)


def repeated(command, text):
    """The options with a value that a command takes twice, or refuses without their name."""
    def is_refused(option):
        run = subprocess.run([tap.SERVERFUL, command, f"{option}=1", f"{option}=1"], cwd="/",
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        return run.returncode == 2 and f"serverful {command}: " in run.stderr and f"more than one value for '{option}'" in run.stderr
    return [option for option in options_with_value(text) if not is_refused(option)]


def without_room(*command):
    """Run a command whose standard output is a full disk: (exit status, stderr)."""
    with open("/dev/full", "wb") as full:
        run = subprocess.run([tap.SERVERFUL, *command], cwd="/", stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    return run.returncode, run.stderr


def defaults_of_help(text):
    found = re.findall(r"\(default:? ([^)]*)\)", text)
    return [default for default in found if "libexec" not in default]  # that default depends on the installation


def plain(text):
    """Return the text of a page without its markup."""
    text = re.sub(r"^\.\w+ ", "", text, flags=re.M).replace("\\(aq", "'").replace("\\ ", " ")
    return re.sub(r"\s+", " ", text)


commands = re.findall(r"^  ([a-z-]+) ", output("--help"), re.M)
names = sorted(os.path.basename(path) for path in glob.glob(os.path.join(MAN, "*")))
tap.plan(7 * len(commands) + len(names) + 6)
tap.ok(len(commands) >= 8, "serverful --help lists at least 8 commands", commands)
for command in commands:
    text, source = output(command, "--help"), page("serverful-" + command)
    tap.ok(source, f"serverful {command} has a man page", f"write man/serverful-{command}.1")
    tap.equal(sorted(options_of_page(source)), sorted(options_of_help(text)), f"the man page of serverful {command} has the options of --help and no others")
    tap.equal(output(command, "-h"), text, f"serverful {command} -h prints the same as --help")
    said = plain(source)
    tap.equal([default for default in defaults_of_help(text) if "default " + default.strip() not in said], [],
              f"the man page of serverful {command} has the defaults of --help")
    takes_last = "the last value counts" in said
    tap.equal([] if takes_last else repeated(command, text), [], f"serverful {command} refuses a second value for each option, or its page says that the last one counts")
    status, said = without_room(command, "--help")
    tap.ok(status == (2 if command == "diff" else 1) and re.fullmatch(f"serverful {command}: .*No space left on device\n", said),
           f"serverful {command} fails with a reason if its output cannot be written", (status, said))
    tap.ok(f".It Cm {command}\n" in page("serverful") and f"Xr serverful-{command} 1" in page("serverful"),
           f"serverful(1) lists the command {command} and refers to its page")
tap.equal(output("-h"), output("--help"), "serverful -h prints the same as --help")
for option in "--help", "--version":
    tap.equal(without_room(option), (1, f"serverful {option}: cannot write to the standard output: No space left on device\n"),
              f"serverful {option} fails with a reason if its output cannot be written")
tap.equal(names, sorted(f"serverful{name}.1" for name in ["", "-bootstrap", *("-" + command for command in commands)]),
          "each file in man/ is the page of a command, of serverful or of bootstrap")
with open(os.path.join(tap.SOURCE, "Makefile.am"), encoding="utf-8") as file:
    listed = re.findall(r"man/(\S+\.1)", file.read())
tap.equal(sorted(listed), names, "Makefile.am lists all man pages")
if shutil.which("mandoc"):
    for name in names:
        run = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", os.path.join(MAN, name)], stdout=subprocess.PIPE, text=True)
        tap.equal(run.stdout, "", f"mandoc reports nothing about {name}")
else:
    tap.skip(len(names), "mandoc is not installed")
tap.done()
