#!/usr/bin/python3
"""The commands of the README in clean roots of Debian 12 and 13, where nothing is installed but git: ./dev serve and the
requests that it prints, ./dev check, and ./dev check --sanitize, each in a clone of HEAD. Takes an hour, so that it runs only
when it is named: ./dev test clean. ./dev help test lists the environment variables that narrow it."""

import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import clean_root
import tap
from wait import PATIENCE, wait_until

SUITES = os.environ.get("CLEAN_SUITES", "bookworm trixie").split()
STEPS = os.environ.get("CLEAN_STEPS", "serve check sanitize").split()
CACHE = os.path.abspath(os.environ.get("CLEAN_CACHE", os.path.join(tap.SOURCE, "var", "clean")))
CHECKS = {"check": "./dev check", "sanitize": "./dev check --sanitize"}
READY = "serverful serves on "
ANSWERS = '{"result": 3.5}', '{"imageUrl": "https://', '{"words": ["我", "来到", "北京", "清华大学"]}'
TREE = "/root/serverful"


def show(path, n):
    """Print the last lines of a log."""
    print("# the end of", path)
    for line in read(path).splitlines()[-n:]:
        print("#  ", line[:200])
    sys.stdout.flush()


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def find_command(pid, name):
    """The process of this name among the descendants of a process, the nearest one; None where there is none."""
    with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
        if file.read().strip() == name:
            return pid
    with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
        found = (find_command(int(child), name) for child in file.read().split())
        return next(filter(None, found), None)


def check_serve(root, suite, path):
    """./dev serve, the curl commands that it prints, and Ctrl-C."""
    with open(path, "wb") as log:
        process = root.start(f"cd {TREE} && exec ./dev serve --port {free_port()}", log)
        def commands_printed():
            text = read(path)
            return [line.strip() for line in text.splitlines() if READY in text and line.startswith("  curl ")]

        wait_until(lambda: process.poll() is not None or len(commands_printed()) == len(ANSWERS), "the commands", 3600)
        tap.ok(process.poll() is None, f"{suite}: ./dev serve serves")
        commands = commands_printed()
        for command, answer in zip(commands + ["false"] * 3, ANSWERS):
            with open(path + ".answer", "wb") as out:
                root.run(command.replace("curl", "curl -sS", 1), out)
            got = read(path + ".answer")
            tap.ok(answer in got, f"{suite}: the printed command gets {answer}", f"{command}\n{got}")
        dev = process.poll() is None and find_command(process.pid, "dev")
        if dev:
            os.kill(dev, signal.SIGINT)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = f"it still runs after {PATIENCE} s"
            process.kill()
            process.wait()
        tap.equal(status, 0, f"{suite}: Ctrl-C ends ./dev serve")
    show(path, 6)


def check_suite(suite, logs, origin):
    def log(step):
        return os.path.join(logs, f"{suite}-{step}.log")
    if "serve" in STEPS:
        with clean_root.CleanRoot(suite, CACHE, origin) as root:
            root.clone(tap.SOURCE, TREE)
            check_serve(root, suite, log("serve"))
    steps = [step for step in STEPS if step in CHECKS]
    if steps:
        with clean_root.CleanRoot(suite, CACHE, origin) as root:
            root.clone(tap.SOURCE, TREE)
            for step in steps:
                with open(log(step), "wb") as out:
                    status = root.run(f"cd {TREE} && {CHECKS[step]}", out)
                tap.equal(status, 0, f"{suite}: {CHECKS[step]} passes")
                show(log(step), 12)


reason = clean_root.missing()
if reason:
    tap.skip_all(reason)
unknown = [step for step in STEPS if step not in ("serve", *CHECKS)]
if unknown:
    sys.exit(f"CLEAN_STEPS has no step '{unknown[0]}': the steps are serve, check and sanitize")
logs = os.path.join(CACHE, "logs")
os.makedirs(logs, exist_ok=True)
tap.plan(len(SUITES) * sum(5 if step == "serve" else 1 for step in STEPS))
origin = os.environ.get("CLEAN_MIRROR") or clean_root.mirror()
print("# HEAD is", subprocess.run(["git", "-C", tap.SOURCE, "log", "-1", "--format=%h %s"], stdout=subprocess.PIPE, text=True)
      .stdout.strip(), flush=True)
for suite in SUITES:
    check_suite(suite, logs, origin)
tap.done()
