"""A run: one comparison on AWS, with the names of all that belongs to it, and the file that remembers it."""

import contextlib
import dataclasses
import fcntl
import hashlib
import json
import os
import re
import secrets
import sys
import time

from failure import Failure

PREFIX = "serverful-compare-"
TAG = "serverful:run"
PARTS = ("client", "vm", "function")  # the stacks besides the base stack, which has the name of the run
REMEMBERED = ("id", "account", "region", "results", "phase", "digest", "measurement")
NAME = re.compile(PREFIX + r"([0-9a-f]{6})(?:-(\w+))?")


@dataclasses.dataclass
class Run:
    """What a run needs to know. The id has 6 digits: AWS shortens the names that it makes to the first 24 characters of a stack's name,
    and these still have it."""

    id: str
    region: str
    directory: str  # for files that the run needs on this machine
    results: str  # the path of results.db
    quick: bool
    phase: str = "deploy"  # then, once the results are here, "delete", or "kept" with --keep
    digest: str = ""  # of the packages and choices
    account: str = ""
    measurement: int = 1  # the number of this measurement of the run: --keep lets it measure again
    expiry: float = 0  # seconds since 1970
    bucket: str = ""
    outputs: dict = dataclasses.field(default_factory=dict)  # those of each stack, by its part; the base stack is ""

    def stack(self, part=""):
        """Return the name of a stack."""
        return PREFIX + self.id + (f"-{part}" if part else "")


def new_id():
    return secrets.token_hex(3)


def id_and_part(stack):
    """Return the id of the run and the part of a stack by its name, or None for a stack of something else."""
    match = NAME.fullmatch(stack)
    return (match[1], match[2] or "") if match else None


def digest_of(files, *choices):
    """Return a checksum of files and choices: a run that was not finished goes on with the same ones only."""
    found = hashlib.sha256(json.dumps(choices).encode())
    for path in files:
        with open(path, "rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()


def beside(results, name):
    """Return the path of a file beside the results."""
    return os.path.join(os.path.dirname(os.path.abspath(results)), name)


def state_file(results):
    return beside(results, "compare-aws.json")


def log_file(results):
    return beside(results, "compare-aws.log")


def has_same_name(path, other):
    return os.path.basename(path) == os.path.basename(other)


@contextlib.contextmanager
def alone(results):
    """Let no other process work on the runs of the directory of the results. Raises Failure where one does. A process that dies lets go. Where
    the directory cannot be written, no run can begin, but those in the account can be deleted."""
    path = beside(results, "compare-aws.lock")
    try:
        file = open(path, "a", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failure(f"another serverful compare --aws works in {os.path.dirname(path)}: wait until it has ended, or use --results in another directory") from None
        yield


def save(run):
    """Remember the run, before its first call, and when its phase changes."""
    path = state_file(run.results)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump({name: getattr(run, name) for name in REMEMBERED}, file)
    os.replace(path + ".new", path)


def remembered(results):
    """Return what save() wrote, or {}."""
    path = state_file(results)
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        if re.fullmatch("[0-9a-f]{6}", found["id"]) and found.keys() >= set(REMEMBERED):
            return found
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise Failure(f"{path} is damaged: delete it, and run 'serverful compare --aws-clean' to find what is there")


def forget(results):
    if os.path.exists(state_file(results)):
        os.unlink(state_file(results))


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)
