#!/usr/bin/python3
"""serverful invoke: an event from a file or from standard input, its response, and what it says when there is
none."""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import events
import tap
from store import jieba_snapshot

TEXT = "我来到北京清华大学"
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}'
BARE = {"text": TEXT}


def invoke(*arguments, event=None):
    """Run it: (status, standard output, standard error). `event` goes to standard input."""
    text = event if isinstance(event, (bytes, type(None))) else json.dumps(event, ensure_ascii=False).encode()
    run = subprocess.run([tap.SERVERFUL, "invoke", *arguments], input=text or b"", capture_output=True)
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def refused(got, status, message, name):
    """Check that nothing was printed but a message on standard error."""
    tap.ok(got[0] == status and got[1] == "" and message in got[2], name, got)


def samples(snapshot):
    """The sample events, as files; what is printed is one line that the front end takes."""
    directory = os.path.join(tap.SOURCE, "data", "events")
    with open(os.path.join(directory, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    for name, answer in expected.items():
        got = invoke("--snapshot", snapshot, os.path.join(directory, name))
        if "error" in answer:
            refused(got, 1, "the event", f"{name} has no response")
            continue
        status, _, body = events.answer(answer["shape"], got[1])
        right = got[0] == 0 and got[1].count("\n") == 1 and got[1].endswith("\n") and got[2] == ""
        response = answer["response"]
        right = right and status == response["status"] and response.get("body", body.decode()) == body.decode()
        tap.ok(right, f"{name} by file", got)


def main(directory):
    snapshot = jieba_snapshot(directory)
    samples(snapshot)
    status, out, _ = invoke("--snapshot", snapshot, event=BARE)
    response = {"statusCode": 200, "headers": {"Content-Type": "application/json; charset=utf-8",
                                               "Access-Control-Allow-Origin": "*"}, "body": WORDS}
    tap.equal((status, json.loads(out)), (0, response), "an event from standard input")
    status, out, _ = invoke(f"--snapshot={snapshot}", "--route", "segment", event={"httpMethod": "GET", "path": "/x"})
    tap.equal((status, json.loads(out)["body"]), (0, '{"words": []}'), "a route that takes any path")
    status, out, _ = invoke("--route=random-image", "--snapshot", snapshot, event={})
    tap.ok(status == 0 and '{\\"imageUrl\\": \\"https://' in out, "a route that takes an empty event", out)
    status, out, _ = invoke("--snapshot", snapshot, event={"text": "x" * 3000000})
    tap.equal((status, json.loads(out)["statusCode"]), (0, 200), "a long event")

    refused(invoke("--snapshot", snapshot, event=b""), 1, "not JSON", "no event at all")
    refused(invoke("--snapshot", snapshot, event=b"[" * 100000), 1, "not JSON", "an event nested 100,000 deep")
    refused(invoke("--snapshot", snapshot, event=[]), 1, "not a JSON object", "an array")
    refused(invoke("--snapshot", snapshot, os.path.join(directory, "none.json")), 1, "none.json", "a file that is not there")
    refused(invoke("--snapshot", snapshot, directory), 1, "cannot read", "a directory for a file")
    refused(invoke("--snapshot", os.path.join(directory, "none"), event=BARE), 1, "none", "a snapshot that is not there")
    refused(invoke("--snapshot", __file__, event=BARE), 1, "not a snapshot", "a file that is no snapshot")
    refused(invoke("--snapshot", snapshot, "--route", "none", event=BARE), 1, "no route 'none'", "a route that is not there")
    refused(invoke("--nothing"), 2, "Usage", "an unknown option")
    refused(invoke("--snapshot"), 2, "Usage", "an option without its value")
    refused(invoke("a.json", "b.json"), 2, "Usage", "two files")
    status, out, err = invoke("--help")
    tap.ok(status == 0 and "--route" in out and err == "", "help", (status, out, err))
    with open("/dev/full", "w") as full:
        run = subprocess.run([tap.SERVERFUL, "invoke", "--snapshot", snapshot], input=json.dumps(BARE).encode(),
                             stdout=full, stderr=subprocess.PIPE)
    tap.ok(run.returncode == 1 and b"cannot write" in run.stderr, "a full disk for the response", run)


with tempfile.TemporaryDirectory() as temporary:
    main(temporary)
tap.done()
