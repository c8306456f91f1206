"""Forces cold starts: a changed environment variable makes a new version of the function, which has no environment yet. The client sends the
first requests."""

import json
import shlex
import time

from failure import Failure

from . import client, run_command

ROUNDS, QUICK_ROUNDS = 10, 2
AT_ONCE = 3  # requests to each gateway in a round: with three gateways, one less than a new account may run at once
VARIABLE = "SERVERFUL_COMPARE_ROUND"
POLL = 2  # seconds between two polls
PATIENCE = 300  # seconds until a version of the function is ready
PROGRAM = "/usr/share/serverful/compare/aws/first_requests.py"


def _await(calls, function, version, field, good):
    """Wait until a field of the function's configuration says that it is ready."""
    end = time.monotonic() + PATIENCE
    while True:
        found = calls.ask("lambda", "get-function-configuration", function_name=function, qualifier=version)
        if found.get(field, good) == good:
            return found
        if found.get(field) == "Failed" or time.monotonic() > end:
            raise Failure(f"the function {function} is not ready: {field} is {found.get(field)} (run the same command again, which goes on)")
        time.sleep(POLL)


def renew(calls, function, alias, name):
    """Let the alias lead to a new version of the function, which differs by a variable."""
    variables = _await(calls, function, "$LATEST", "LastUpdateStatus", "Successful").get("Environment", {}).get("Variables", {})
    calls.ask("lambda", "update-function-configuration", function_name=function, environment={"Variables": {**variables, VARIABLE: name}})
    _await(calls, function, "$LATEST", "LastUpdateStatus", "Successful")
    version = calls.ask("lambda", "publish-version", function_name=function)["Version"]
    _await(calls, function, version, "State", "Active")
    calls.ask("lambda", "update-alias", function_name=function, name=alias, function_version=version)


def one_round(calls, run, name):
    """Return (target, ms) of the first requests to new environments."""
    function = run.outputs["function"]
    urls = {url: target for target, url in client.targets(run.outputs).items() if target != "vm"}
    renew(calls, function["FunctionName"], function["AliasArn"].rpartition(":")[2], name)
    text = run_command.run(calls, run.outputs["client"]["InstanceId"], shlex.join(["python3", PROGRAM, str(AT_ONCE), *urls]), "first requests")
    try:
        return [(urls[url], ms) for url, took in json.loads(text).items() for ms in took]
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Failure(f"the client printed no times of first requests, but {text[:200]!r}: run the same command again, which goes on") from None


def measure(calls, run, db):
    """Force cold starts behind each gateway, and write how long clients waited into results.db."""
    stamp = f"{time.time():.0f}"  # another run of this goes on with other values
    found = [row for i in range(QUICK_ROUNDS if run.quick else ROUNDS) for row in one_round(calls, run, f"{stamp}-{i}")]
    with db:
        db.execute("DELETE FROM first_request")
        db.executemany("INSERT INTO first_request (target, latency_ms) VALUES (?, ?)", found)
