#!/usr/bin/python3
"""The cases of t/cases/, run directly through the handlers, with the snapshot of a fresh store."""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import store
import tap


def question(case):
    """Return the input line of answer_cases for a case."""
    request = case["request"]
    headers = {name.lower(): value for name, value in request["headers"].items()}
    return json.dumps({
        "method": request["method"],
        "path": request["path"],
        "query": request.get("query", ""),
        "content_type": headers.get("content-type", ""),
        "accept_language": headers.get("accept-language", ""),
        "body": (cases.body(case) or b"").hex(),
    }) + "\n"


def differences(case, line):
    """Return how an output line of answer_cases differs from what the case expects."""
    answer = json.loads(line)
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    headers["content-length"] = str(answer["content_length"])
    return cases.differences(case, answer["status"], headers, bytes.fromhex(answer["body"]))


def main():
    found = cases.load("handlers")
    with tempfile.TemporaryDirectory() as directory:
        driver = [os.path.join(tap.BUILD, "t", "answer_cases"), store.jieba_snapshot(directory)]
        done = subprocess.run(driver, input="".join(map(question, found)), stdout=subprocess.PIPE, text=True)
    lines = done.stdout.splitlines()
    tap.plan(1 + len(found))
    tap.equal((done.returncode, len(lines)), (0, len(found)), "answer_cases answers every request")
    for case, line in zip(found, lines):
        wrong = differences(case, line)
        tap.ok(not wrong, cases.title(case), "\n".join(wrong))
    tap.done()


main()
