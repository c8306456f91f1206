#!/usr/bin/python3
"""Compare bootstrap with functions on AWS's own runtimes, in interleaved rounds of one run. Print medians, and write them to
bench/lambda.json in the build directory.

Cold starts: the time from fork to the first /next and to the first response, of bootstrap with the whole dictionary, of the
smallest function on AWS's Rust runtime, and of the article's function in Python. Warm requests: the calculator in bootstrap, the
same in Rust, and a program that does nothing, under a minimal Runtime API (all on one processor) and under AWS's emulator."""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "t", "lib")]
import install

install.packages("python3-jieba", "sqlite3")
import cases
import emulator
import events
from peers import PYTHON, WORK
from store import jieba_snapshot
from tap import BUILD

TEXT = "我来到北京清华大学"
BOOTSTRAP = os.path.join(BUILD, "lambda", {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()], "build", "bootstrap")
FUNCTION = {"AWS_LAMBDA_FUNCTION_NAME": "bench", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_LOG_STREAM_NAME": "s", "AWS_LAMBDA_LOG_GROUP_NAME": "g", "AWS_REGION": "us-east-1"}
MIXED = 10000  # invocations before memory is measured


def serve(n, events_path, command, one_processor=False, **variables):
    """Run a bootstrap for n invocations. Return the ms to the first /next, the ms to the first response, the ms of all later
    invocations, the ms of processor time, and the peak memory in MB."""
    pin = ["taskset", "-c", str(max(os.sched_getaffinity(0)))] if one_processor else []
    out = subprocess.run([*pin, os.path.join(WORK, "serve"), str(n), events_path, *command], check=True, capture_output=True,
                         text=True, env={**os.environ, **FUNCTION, **variables}).stdout
    next_ns, first_ns, rest_ns, processor_us, kib = map(int, out.split())
    return next_ns / 1e6, first_ns / 1e6, rest_ns / 1e6, processor_us / 1e3, kib * 1024 / 1e6


def rust():
    """Build the two functions on AWS's Rust runtime. Return their paths by name."""
    install.packages("cargo-web", commands=["cargo"])
    directory = shutil.copytree(os.path.join(HERE, "lambda", "rust"), os.path.join(WORK, "lambda-rust"), dirs_exist_ok=True)
    install.run(["cargo", "build", "--release"], directory, os.path.join(directory, "log"))
    return {name: os.path.join(directory, "target", "release", name) for name in ("hello", "calculator")}


def python():
    """Install AWS's Python runtime. Return the command that runs the article's function, and the path of its packages."""
    directory = os.path.join(WORK, "lambda-python")
    if not os.path.isdir(os.path.join(directory, "awslambdaric")):
        install.packages("python3-venv")
        install.run([PYTHON, "-m", "venv", directory])
        install.run([os.path.join(directory, "bin", "pip"), "install", "--target", directory, "awslambdaric==4.2.2"])
    return [PYTHON, "-m", "awslambdaric", "lambda_function.lambda_handler"], directory


def write(directory, name, *lines):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return path


def cold_starts(directory, snapshot, peers, rounds):
    """Return the ms to the first /next and to the first response by function, as lists over the rounds."""
    bare = write(directory, "bare", {"text": TEXT})
    command, packages = python()
    found = {name: {"to /next": [], "to the first response": []} for name in ("serverful", "Rust hello world", "the article's")}
    for turn in range(rounds + 1):
        with tempfile.TemporaryDirectory() as empty:  # like /tmp in a new environment: jieba has no cache
            measured = {
                "serverful": serve(1, bare, [BOOTSTRAP], SERVERFUL_SNAPSHOT=snapshot),
                "Rust hello world": serve(1, bare, [peers["hello"]]),
                "the article's": serve(1, bare, command, TMPDIR=empty,
                                       PYTHONPATH=os.pathsep.join([packages, os.path.join(HERE, "lambda")]))}
        for name, figures in measured.items() if turn else ():  # the first round fills the page cache
            for title, ms in zip(found[name], figures):
                found[name][title].append(ms)
    return found


def mixed_events(directory):
    """Write all cases that a function can get, in payload 2.0. Return the path."""
    found = [events.event("http-2.0", case["request"]) for case in cases.load("events")
             if not events.misfit("http-2.0", case["request"])]
    return write(directory, "mixed", *found)


def warm(directory, snapshot, peers, n, rounds):
    """Return the invocations a second and the microseconds of processor time of each, under the minimal Runtime API."""
    event = write(directory, "calculator", events.event("http-2.0", {
        "method": "GET", "path": "/calculator", "query": "num1=7&num2=2&operator=divide"}))
    commands = {"serverful": [BOOTSTRAP], "Rust": [peers["calculator"]], "nothing at all": [os.path.join(WORK, "floor")]}
    found = {name: {"a second": [], "us each": []} for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            _, _, rest, processor, _ = serve(n, event, command, one_processor=True, SERVERFUL_SNAPSHOT=snapshot)
            found[name]["a second"].append((n - 1) / rest * 1000)
            found[name]["us each"].append(processor / n * 1000)
    return found


def under_emulator(directory, snapshot, peers, seconds, rounds):
    """Return the invocations a second, one at a time, under AWS's emulator, or {} if the emulator is not available."""
    program = emulator.fetch()
    if not program or not emulator.can_isolate():
        print("left out: AWS's emulator is not available here")
        return {}
    install.packages("wrk", commands=["wrk"])
    script = os.path.join(directory, "post.lua")
    with open(os.path.join(directory, "calculator"), encoding="utf-8") as file:
        body = file.read().strip()
    with open(script, "w", encoding="utf-8") as file:
        file.write(f"wrk.method = 'POST'\nwrk.body = [==[{body}]==]\n")
    programs = {"serverful": BOOTSTRAP, "Rust": peers["calculator"], "nothing at all": os.path.join(WORK, "floor")}
    found = {name: {"a second": []} for name in programs}
    for _ in range(rounds):
        for name, bootstrap in programs.items():
            with emulator.Emulator(program, snapshot, {**FUNCTION, "LOG_LEVEL": "panic"}, bootstrap) as running:
                out = subprocess.run(
                    ["wrk", "-t1", "-c1", f"-d{seconds}s", "-s", script,
                     f"http://127.0.0.1:{running.port}/2015-03-31/functions/function/invocations"],
                    check=True, capture_output=True, text=True).stdout
                if "Non-2xx" in out or "Socket errors" in out:
                    raise RuntimeError(out)
                found[name]["a second"].append(float(out.partition("Requests/sec:")[2].split()[0]))
    return found


def packages_kb():
    """Return the sizes of the packages in kB."""
    names = ("x86_64/function.zip", "arm64/function.zip", "layer.zip")
    return {name: os.path.getsize(os.path.join(BUILD, "lambda", name)) / 1e3 for name in names}


def median(found):
    if isinstance(found, list):
        return statistics.median(found)
    return {name: median(inner) for name, inner in found.items()} if isinstance(found, dict) else found


def goal(name, met):
    print(f"  {'met    ' if met else 'NOT met'}  {name}")


def show(report):
    """Print the medians and the goals."""
    figures = median(report)
    print("cold start, ms\n" + " " * 20 + f"{'to /next':>12}{'to the first response':>24}")
    for name, row in figures["cold"].items():
        print(f"  {name:18}{row['to /next']:12.2f}{row['to the first response']:24.2f}")
    ours, hello, article = (figures["cold"][name] for name in ("serverful", "Rust hello world", "the article's"))
    for title in ours:
        goal(f"{title}: at most as long as Rust hello world (ratio {ours[title] / hello[title]:.2f})", ours[title] <= hello[title])
        goal(f"{title}: the article's function takes at least 100 times as long (ratio {article[title] / ours[title]:.0f})", article[title] >= 100 * ours[title])
    print(f"peak memory in {MIXED:,} mixed invocations: {figures['peak MB']:.1f} MB")
    goal("below 24 MB", figures["peak MB"] < 24)
    print("packages, kB:", ", ".join(f"{name} {size:.0f}" for name, size in figures["packages"].items()))
    goal("function.zip below 1 MB, layer.zip below 8 MB", max(size / (8 if "layer" in name else 1)
                                                            for name, size in figures["packages"].items()) < 1000)
    for title, key in ("a minimal Runtime API, one processor", "warm"), ("AWS's emulator", "emulator"):
        if not figures[key]:
            continue
        print(f"warm, the calculator under {title}: invocations a second")
        for name, row in figures[key].items():
            each = f"{row['us each']:10.1f} us of processor time each" if "us each" in row else ""
            print(f"  {name:18}{row['a second']:10.0f}{each}")
        ours, peer, least = (figures[key][name]["a second"] for name in ("serverful", "Rust", "nothing at all"))
        goal(f"at least 3 times Rust's (ratio {ours / peer:.2f}; a program that does nothing reaches {least / peer:.2f})", ours >= 3 * peer)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="measure fewer rounds")
    arguments = parser.parse_args()
    report = {"machine": platform.platform(), "processors": os.cpu_count()}
    with tempfile.TemporaryDirectory() as directory:
        snapshot = jieba_snapshot(directory)
        peers = rust()
        report["cold"] = cold_starts(directory, snapshot, peers, 5 if arguments.quick else 50)
        report["peak MB"] = serve(MIXED, mixed_events(directory), [BOOTSTRAP], SERVERFUL_SNAPSHOT=snapshot)[4]
        report["packages"] = packages_kb()
        rounds = 2 if arguments.quick else 5
        report["warm"] = warm(directory, snapshot, peers, 10000 if arguments.quick else 50000, rounds)
        report["emulator"] = under_emulator(directory, snapshot, peers, 1 if arguments.quick else 5, rounds)
    show(report)
    with open(os.path.join(WORK, "lambda.json"), "w", encoding="utf-8") as file:
        json.dump(report, file, indent=1)


if __name__ == "__main__":
    try:
        main()
    except install.Missing as missing:
        sys.exit(f"bench: {missing}")
