#!/usr/bin/python3
"""serverful invoke: events from a file and from standard input, the responses, and the error messages."""

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
WORDS = '{"words": ["我", "来到", "北京", "清华大学"]}\n'
BARE = {"text": TEXT}

EVENTS = os.path.join(tap.SOURCE, "data", "events")
with open(os.path.join(EVENTS, "expected.json"), encoding="utf-8") as file:
    EXPECTED = json.load(file)


def invoke(*arguments, event=None, **environment):
    """Run serverful invoke with an event on standard input. Returns exit status, standard output and standard error."""
    text = event if isinstance(event, (bytes, type(None))) else json.dumps(event, ensure_ascii=False).encode()
    run = subprocess.run([tap.SERVERFUL, "invoke", *arguments], input=text or b"", capture_output=True, env={**os.environ, **environment})
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def refused(got, status, message, name):
    """Check the exit status, that nothing is on standard output, and that standard error has the message."""
    tap.ok(got[0] == status and got[1] == "" and message in got[2], name, got)


def samples(snapshot):
    """Check each sample event, from a file: the response is one line, in the shape that the front end takes."""
    for name, answer in EXPECTED.items():
        got = invoke("--snapshot", snapshot, os.path.join(EVENTS, name))
        if "error" in answer:
            refused(got, 1, "event", f"invoke refuses the event {name}")
            continue
        status, _, body = events.answer(answer["shape"], got[1])
        right = got[0] == 0 and got[1].count("\n") == 1 and got[1].endswith("\n") and got[2] == ""
        response = answer["response"]
        right = right and status == response["status"] and response.get("body", body.decode()).strip() == body.decode().strip()
        tap.ok(right, f"invoke answers the event {name} from a file", got)


def etag(snapshot, path, *options):
    """The entity tag of the answer to a GET request with a text."""
    event = {"httpMethod": "GET", "path": path, "queryStringParameters": {"text": TEXT}}
    return json.loads(invoke("--snapshot", snapshot, *options, event=event)[1])["headers"]["ETag"]


def main(directory):
    snapshot = jieba_snapshot(directory)
    samples(snapshot)
    with open(snapshot, "rb") as file:
        revision = file.read()[24:32][::-1].hex()  # the checksum, after magic, version, order and size
    status, out, _ = invoke("--snapshot", snapshot, event=BARE)
    got = json.loads(out)
    response = {"statusCode": 200, "headers": {"Content-Type": "application/json; charset=utf-8", "Serverful-Revision": revision,
                                               "Cache-Control": "max-age=0, s-maxage=5", "ETag": got["headers"].get("ETag"),
                                               "Vary": "Accept-Encoding", "Access-Control-Allow-Origin": "*"}, "body": WORDS}
    tap.equal((status, got), (0, response), "invoke answers an event from standard input")
    status, out, _ = invoke(f"--snapshot={snapshot}", "--route", "segment", event={"httpMethod": "GET", "path": "/x", "queryStringParameters": {"text": ""}})
    tap.equal((status, json.loads(out)["body"]), (0, '{"words": []}\n'), "--route=segment answers any path by /segment")
    tap.equal([etag(snapshot, "/x", f"--route={name}") for name in ("segment", "keywords")], [etag(snapshot, path) for path in ("/segment", "/keywords")],
              "a pinned endpoint has the entity tags of the endpoint, whatever the path")
    status, out, _ = invoke("--snapshot", snapshot, event={"httpMethod": "GET", "path": "/v1/segment", "queryStringParameters": {"text": ""}},
                            SERVERFUL_BASE_PATH="/v1")
    tap.equal((status, json.loads(out)["body"]), (0, '{"words": []}\n'), "SERVERFUL_BASE_PATH is the base path of the event")
    status, out, _ = invoke("--route=random-image", "--snapshot", snapshot, event={})
    tap.ok(status == 0 and '{\\"imageUrl\\": \\"https://' in out, "--route=random-image answers an empty event", out)
    status, out, _ = invoke("--snapshot", snapshot, event={"text": "x" * 2000000})
    tap.equal((status, json.loads(out)["statusCode"]), (0, 200), "invoke answers an event of 2 MB")

    refused(invoke("--snapshot", snapshot, event=b""), 1, "not JSON", "invoke refuses empty input: not JSON")
    refused(invoke("--snapshot", snapshot, event=b"[" * 40000), 1, "not JSON", "invoke refuses JSON nested 40,000 deep")
    refused(invoke("--snapshot", snapshot, event=b"[" * 100000), 1, "more than 50000 values", "invoke refuses JSON nested 100,000 deep")
    refused(invoke("--snapshot", snapshot, event=[]), 1, "not a JSON object", "invoke refuses an array for an event")
    refused(invoke("--snapshot", snapshot, os.path.join(directory, "none.json")), 1, "none.json", "invoke names an event file that does not exist")
    refused(invoke("--snapshot", snapshot, directory), 1, "cannot read", "invoke says that it cannot read a directory")
    refused(invoke("--snapshot", os.path.join(directory, "none"), event=BARE), 1, "none", "invoke names a snapshot that does not exist")
    refused(invoke("--snapshot", __file__, event=BARE), 1, "not a snapshot", "invoke refuses a file that is not a snapshot")
    refused(invoke("--snapshot", snapshot, "--route", "none", event=BARE), 1, "unknown route 'none'",
            "invoke names an unknown route")
    refused(invoke("--nothing"), 2, "Usage", "an unknown option prints the usage")
    refused(invoke("--snapshot"), 2, "Usage", "--snapshot without a value prints the usage")
    refused(invoke("a.json", "b.json"), 2, "Usage", "two event files print the usage")
    status, out, err = invoke("--help")
    tap.ok(status == 0 and "--route" in out and err == "", "--help prints the options on standard output", (status, out, err))
    with open("/dev/full", "w") as full:
        run = subprocess.run([tap.SERVERFUL, "invoke", "--snapshot", snapshot], input=json.dumps(BARE).encode(),
                             stdout=full, stderr=subprocess.PIPE)
    tap.ok(run.returncode == 1 and b"cannot write" in run.stderr, "invoke says that it cannot write the response to a full disk", run)


tap.plan(len(EXPECTED) + 20)
with tempfile.TemporaryDirectory() as temporary:
    main(temporary)
tap.done()
