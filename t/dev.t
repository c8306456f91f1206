#!/usr/bin/python3
"""./dev: help installs and builds nothing, unknown words are refused, two ./dev serve do not share a directory, and a build
that was interrupted does not harm the next one."""

import fcntl
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from wait import wait_until

COMMANDS = ("serve", "check", "test", "format", "lint", "fuzz", "mutate", "compare", "bench", "deb")
OPTIONS = {"bench": ("bench/segment.py", "bench/endpoints.py", "bench/lambda.py", "bench/traffic.py"), "compare": ("compare/compare.py",)}
GIVEN = {"--store", "--results", "--report"}  # by ./dev compare itself


def copy(directory):
    """A tree with ./dev and the sources of the tests, where nothing is built."""
    shutil.copy(os.path.join(tap.SOURCE, "dev"), directory)
    os.mkdir(os.path.join(directory, "t"))
    for path in glob.glob(os.path.join(tap.SOURCE, "t", "*.[tc]")):
        shutil.copy(path, os.path.join(directory, "t"))
    os.mkdir(os.path.join(directory, "t", "lib"))
    shutil.copy(os.path.join(tap.SOURCE, "t", "lib", "needs.py"), os.path.join(directory, "t", "lib"))


def run(directory, *arguments):
    """Run ./dev with no program but those of a shell, so that it can neither install nor build. Returns its exit status and
    its output."""
    done = subprocess.run(["./dev", *arguments], cwd=directory, env={"PATH": os.path.join(directory, "bin")},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def make_path(directory):
    os.mkdir(os.path.join(directory, "bin"))
    for name in "cat", "dirname", "flock", "mkdir", "sed":
        os.symlink(shutil.which(name), os.path.join(directory, "bin", name))


def check_help(directory):
    general = run(directory, "help")
    tap.ok(general[0] == 0 and all(re.search(rf"^  {name} ", general[1], re.M) for name in COMMANDS),
           "./dev help lists every command", general)
    asked = [run(directory, *words) for words in (["--help"], ["-h"], ["help", "help"], ["help", "--help"])]
    tap.equal(asked, [general] * 4, "./dev --help, -h, help help and help --help print what ./dev help prints")
    tap.equal(run(directory), (2, general[1]), "./dev without a command prints the help and exits with 2")
    for name in COMMANDS:
        status, text = run(directory, "help", name)
        tap.ok(status == 0 and text.startswith(f"Usage: ./dev {name}"), f"./dev help {name} describes {name}", text)
        asked = [run(directory, name, *words) for words in (["--help"], ["-h"], ["x", "--help"])]
        tap.equal(asked, [(0, text)] * 3, f"./dev {name} --help prints the same, wherever --help stands")
    tap.equal(sorted(os.listdir(directory)), ["bin", "dev", "t"], "asking for help makes no file")


def check_options(directory):
    for name, scripts in OPTIONS.items():
        text = run(directory, "help", name)[1]
        for script in scripts:
            with open(os.path.join(tap.SOURCE, script), encoding="utf-8") as file:
                options = set(re.findall(r'add_argument\("(--[\w-]+)"', file.read())) - (GIVEN if name == "compare" else set())
            missing = [option for option in sorted(options) if option not in text]
            tap.ok(options and not missing, f"./dev help {name} has the options of {script}", missing)


def check_refusals(directory):
    for words, what in ((["servee"], "there is no command 'servee'"), (["help", "servee"], "there is no command 'servee'"),
                        (["help", "a;b"], "there is no command 'a;b'"), (["check", "--fast"], "unknown argument '--fast'"),
                        (["serve", "--port"], "--port needs a number"), (["serve", "--port=80x"], "not '80x'"),
                        (["test"], "name at least one test"), (["fuzz", "--seconds", "1m"], "not '1m'"),
                        (["deb", "--arch=i386"], "not 'i386'"), (["fuzz", "no-such-target"], "there is no target 'no-such-target'"),
                        (["test", "store", "--sanitize"], "--sanitize stands before the names"), (["format", "src"], "unknown argument 'src'")):
        status, text = run(directory, *words)
        tap.ok(status == 2 and what in text and "./dev help" in text, f"./dev {' '.join(words)} is refused with: {what}", text)
    status, text = run(directory, "test", "no-such-test")
    tap.ok(status == 1 and "there is no test 'no-such-test'" in text and " store" in text and " unit_util" in text,
           "./dev test with an unknown name lists the tests", text)


def check_lock(directory):
    """The first ./dev serve holds the lock of var/; a second one ends before it touches anything."""
    var = os.path.join(directory, "var")
    with open(os.path.join(var, "serve.lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("process 7, port 8080\n")
        lock.flush()
        before = sorted(os.listdir(var))
        status, text = run(directory, "serve", "--port", "8081")
        tap.ok(status == 1 and "./dev serve runs in this directory already (process 7, port 8080)" in text,
               "a second ./dev serve says that the first one runs", text)
        tap.equal((sorted(os.listdir(var)), open(lock.name, encoding="utf-8").read()), (before, "process 7, port 8080\n"),
                  "a second ./dev serve leaves the first one's files alone")


# Programs in place of those that build: each writes its name to the file `ran`. make notes, too, whether it has the
# descriptor of the lock of ./dev serve.
BUILDERS = {
    "dpkg-query": "echo install ok installed",
    "autoreconf": "echo autoreconf >>ran; >configure; chmod 755 configure; >Makefile.in",
    "make": "echo make >>ran; [ ! -e /proc/$$/fd/9 ] || echo make has descriptor 9 >>ran",
    "prove": "echo prove >>ran",
}


def add_builders(directory):
    for name in "chmod", "date", "env", "nproc", "sleep", "tail":
        os.symlink(shutil.which(name), os.path.join(directory, "bin", name))
    for name, script in BUILDERS.items():
        path = os.path.join(directory, "bin", name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)
    for name in "configure.ac", "Makefile.am", "configure":
        open(os.path.join(directory, name), "w", encoding="utf-8").close()
    os.chmod(os.path.join(directory, "configure"), 0o755)


def ran(directory):
    """The names of the builders that ran since the last call."""
    path = os.path.join(directory, "ran")
    with open(path, encoding="utf-8") as file:
        names = file.read().splitlines()
    os.unlink(path)
    return names


def check_interrupted(directory):
    add_builders(directory)
    status, text = run(directory, "test", "unit_util")
    tap.equal((status, ran(directory)), (0, ["autoreconf", "make", "prove"]),
              "after an interrupted autoreconf, which left configure without Makefile.in, autoreconf runs again")
    status, text = run(directory, "test", "unit_util")
    tap.equal((status, ran(directory)), (0, ["make", "prove"]), "after a whole autoreconf, it does not run again")
    run(directory, "serve")
    tap.equal(ran(directory), ["make"],
              "the build does not hold the lock of ./dev serve, which may be interrupted and started again at once")


def check_build_lock(directory):
    """A build waits for another one in the same tree."""
    with open(os.path.join(directory, "var", "build.lock"), "w", encoding="utf-8") as lock, \
            open(os.path.join(directory, "output"), "w+", encoding="utf-8") as output:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = subprocess.Popen(["./dev", "test", "unit_util"], cwd=directory, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, env={"PATH": os.path.join(directory, "bin")})
        wait_until(lambda: "waiting for another build to end" in open(output.name, encoding="utf-8").read()
                   or waiting.poll() is not None, "the build to wait")
        tap.ok(not os.path.exists(os.path.join(directory, "ran")), "a build does nothing while another one runs")
        fcntl.flock(lock, fcntl.LOCK_UN)
        tap.equal((waiting.wait(), ran(directory)), (0, ["make", "prove"]), "a build goes on when the other one has ended")


def check_mutate():
    done = subprocess.run([os.path.join(tap.SOURCE, "t", "mutate", "run"), "--dry-run", "no-such-fault"], capture_output=True,
                          text=True)
    tap.ok(done.returncode == 1 and "no fault of t/mutate/*.txt contains 'no-such-fault'" in done.stderr,
           "a word that no fault contains is refused", done)


tap.plan(4 + 2 * len(COMMANDS) + sum(map(len, OPTIONS.values())) + 13 + 2 + 3 + 2 + 1)
with tempfile.TemporaryDirectory() as directory:
    copy(directory)
    make_path(directory)
    check_help(directory)
    check_options(directory)
    check_refusals(directory)
    check_lock(directory)
    check_interrupted(directory)
    check_build_lock(directory)
check_mutate()
tap.done()
