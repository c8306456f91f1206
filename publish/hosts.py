"""Sends the snapshot to a host, with rsync."""

import os
import subprocess

from ask import ask, await_state
from problem import Problem

SECONDS = 300  # that a transfer may take
SSH = "ssh -o BatchMode=yes -o ConnectTimeout=5"


def _is_daemon(target):
    return target.startswith("rsync://") or "::" in target


def send(snapshot, target):
    """Send the snapshot. rsync writes a temporary file, compares its checksum, and renames it."""
    command = ["rsync", "--checksum", "--no-times", "--perms", "--timeout=30", *(["--contimeout=5"] if _is_daemon(target) else []),
               "--", snapshot, target]
    try:
        run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                             errors="replace", timeout=SECONDS, check=False, env={"RSYNC_RSH": SSH, **os.environ})
    except FileNotFoundError as error:
        raise Problem("cannot find the command rsync: install rsync") from error
    except subprocess.TimeoutExpired as error:
        raise Problem(f"rsync to {target} has not ended in {SECONDS} s") from error
    if run.returncode:
        raise Problem(f"cannot send the snapshot to {target}: {(run.stderr.strip() or 'rsync failed').splitlines()[0]}")


def publish_to_host(host, snapshot, revision, patience):
    """Make a host serve the snapshot. Returns whether it did not before."""
    def is_done(state):  # an error of a host that fetches may be one of its store
        return state.revision == revision and (host.target == "-" or not state.error)
    try:
        if is_done(ask(host.url)):
            return False
    except Problem:
        pass  # it may have no snapshot yet
    if host.target != "-":
        send(snapshot, host.target)
    await_state(host.url, is_done, patience)
    return True
