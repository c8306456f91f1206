"""Runs scripts on instances, by Run Command of SSM."""

import os
import time

from failure import Failure

from .calls import Refused

POLL = 5  # seconds between two polls
DELIVERY = 600  # seconds until the SSM agent of an instance takes a script
MORE = 120  # seconds until AWS shows what it has just been given
RUNNING = ("Pending", "InProgress", "Delayed")


def until(do, codes, seconds):
    """Return what do() returns, and try again where AWS refuses it with one of these codes, for so many seconds. Raises Refused."""
    end = time.monotonic() + seconds
    while True:
        try:
            return do()
        except Refused as refused:
            if refused.code not in codes or time.monotonic() > end:
                raise
        time.sleep(POLL)


def _send(calls, instance, script, comment, seconds, bucket):
    """Send a script to an instance, which may run for so many seconds, and return the id of the command. With a bucket, all that it prints goes
    there. An instance whose agent has just started is not known at once."""
    output = {"output_s3_bucket_name": bucket, "output_s3_key_prefix": "client"} if bucket else {}
    return until(lambda: calls.ask("ssm", "send-command", instance_ids=[instance], document_name="AWS-RunShellScript", comment=comment,
                                   parameters={"commands": [script], "executionTimeout": [str(seconds)]}, timeout_seconds=DELIVERY, **output),
                 ("InvalidInstanceId",), DELIVERY)["Command"]["CommandId"]


def _wait(calls, instance, command, what, seconds):
    """Wait until a command, which may run for so many seconds, has ended well, and return its answer. Raises Failure if it fails."""
    end = time.monotonic() + seconds + DELIVERY
    while True:
        found = until(lambda: calls.ask("ssm", "get-command-invocation", command_id=command, instance_id=instance), ("InvocationDoesNotExist",), MORE)
        if found["Status"] not in RUNNING:
            break
        if time.monotonic() > end:
            raise Failure(f"{what} on {instance} has not ended after {seconds // 60} minutes: run the same command again, which goes on")
        time.sleep(POLL)
    if found["Status"] != "Success":
        said = found.get("StandardErrorContent", "").strip()[-1000:]
        raise Failure(f"{what} on {instance} failed ({found['Status']}): {said or found.get('StatusDetails', '')} (run the same command again, which goes on)")
    return found


def run(calls, instance, script, what, seconds=600):
    """Run a script as root for so many seconds at most, and return the first 24,000 characters that it prints. `what` names it, in messages and
    for AWS. Raises Failure."""
    return _wait(calls, instance, _send(calls, instance, script, what, seconds, None), what, seconds)["StandardOutputContent"]


def run_long(calls, instance, script, what, bucket, path, seconds):
    """Run a script as root for so many seconds at most, and write all that it prints into the file `path`. The instance writes it into the bucket,
    below client/. Raises Failure."""
    command = _send(calls, instance, script, what, seconds, bucket)
    _wait(calls, instance, command, what, seconds)
    key = f"client/{command}/{instance}/awsrunShellScript/0.awsrunShellScript/stdout"
    until(lambda: calls.ask("s3api", "get-object", bucket=bucket, key=key, outfile=os.fspath(path)), ("NoSuchKey", "404"), MORE)
