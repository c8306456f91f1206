"""Hands the snapshot to the functions of a stack of `make deploy`, as a layer, with the AWS CLI. Their code stays as it is."""

import contextlib
import json
import os
import subprocess
import tempfile
import threading
import zipfile

from ask import await_state
from problem import Problem

SECONDS = 600  # that a command may take
DESCRIPTION = "serverful revision "  # of a layer that publish has made, before the revision
EVENT = {"num1": "1", "num2": "1", "operator": "add"}  # whatever a function answers to it has a revision

_locks = {}  # of the layers, by region and name: places may share one
_locks_lock = threading.Lock()


class Aws:
    """The AWS CLI in a region."""

    def __init__(self, region):
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        self.region = region
        self.command = ["aws", *(["--endpoint-url", endpoint] if endpoint else []), "--region", region, "--output", "json"]

    def run(self, *arguments):
        """Run a command. Returns what it prints, parsed from JSON; None for nothing."""
        try:
            run = subprocess.run([*self.command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                                 check=False, timeout=SECONDS, env={**os.environ, "AWS_PAGER": ""})
        except FileNotFoundError as error:
            raise Problem("cannot find the command aws: install awscli") from error
        except subprocess.TimeoutExpired as error:
            raise Problem(f"aws {arguments[0]} {arguments[1]} has not ended in {SECONDS} s") from error
        if run.returncode:
            raise Problem(f"aws {arguments[0]} {arguments[1]}: {(run.stderr.strip() or 'failed').splitlines()[-1]}")
        try:
            return json.loads(run.stdout) if run.stdout.strip() else None
        except ValueError as error:
            raise Problem(f"aws {arguments[0]} {arguments[1]} has not printed JSON: {run.stdout.strip().splitlines()[0][:200]}") from error

    def function(self, name, qualifier):
        return self.run("lambda", "get-function-configuration", "--function-name", name, "--qualifier", qualifier)


def aliases_of(aws, stack):
    """The function and the name of each alias that the API of a stack calls."""
    outputs = aws.run("cloudformation", "describe-stacks", "--stack-name", stack)["Stacks"][0].get("Outputs", [])
    arns = [arn for output in outputs if output["OutputKey"] == "AliasArn" for arn in output["OutputValue"].split()]
    if not arns:
        raise Problem(f"the stack {stack} has no output AliasArn: deploy it with 'make deploy'")
    return [tuple(arn.split(":")[-2:]) for arn in arns]


def _lock_of(key):
    with _locks_lock:
        return _locks.setdefault(key, threading.Lock())


def _layer_versions(aws, name):
    """The versions of a layer that publish has made, newest first."""
    versions = aws.run("lambda", "list-layer-versions", "--layer-name", name)["LayerVersions"]
    return [version for version in versions if version.get("Description", "").startswith(DESCRIPTION)]


def _publish_layer(aws, name, snapshot, revision):
    """Publish the snapshot as a version of a layer. Returns its ARN."""
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        path = os.path.join(directory, "layer.zip")
        entry = zipfile.ZipInfo("serverful.snapshot")  # Lambda unpacks it to /opt
        entry.external_attr = 0o100644 << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(path, "w") as package, open(snapshot, "rb") as file:
            package.writestr(entry, file.read(), compresslevel=9)
        return aws.run("lambda", "publish-layer-version", "--layer-name", name, "--description", DESCRIPTION + revision,
                       "--compatible-runtimes", "provided.al2023", "--zip-file", "fileb://" + path)["LayerVersionArn"]


def layer_of(aws, name, snapshot, revision):
    """The ARN of the layer with this revision, which an earlier run may have published."""
    with _lock_of((aws.region, name)):
        for version in _layer_versions(aws, name):
            if version["Description"] == DESCRIPTION + revision:
                return version["LayerVersionArn"]
        return _publish_layer(aws, name, snapshot, revision)


def _arns(function):
    return [layer["Arn"] for layer in function.get("Layers", [])]


def set_layers(aws, name, arns):
    aws.run("lambda", "update-function-configuration", "--function-name", name, "--layers", *(arns or ["[]"]))
    aws.run("lambda", "wait", "function-updated", "--function-name", name)


def try_version(aws, name, version, revision):
    """Invoke a version of a function that no alias points to yet: its answer must have the revision."""
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        event, answer = os.path.join(directory, "event.json"), os.path.join(directory, "answer.json")
        with open(event, "w", encoding="utf-8") as file:
            json.dump(EVENT, file)
        result = aws.run("lambda", "invoke", "--function-name", name, "--qualifier", version, "--payload", "fileb://" + event, answer)
        with open(answer, encoding="utf-8") as file:
            text = file.read()
    headers = {}
    with contextlib.suppress(ValueError, AttributeError, KeyError, TypeError):
        headers = {key.lower(): value for key, value in json.loads(text)["headers"].items()}
    if result.get("FunctionError") or headers.get("serverful-revision") != revision:
        raise Problem(f"version {version} of {name} does not answer with the new snapshot, so that its alias stays where it is: "
                      f"{text.strip()[:300]} (deploy the code of this version with 'make deploy')")


def prepare(aws, name, alias, layer, revision):
    """Publish a version of the function that has the layer and the code of the alias, and try it. Returns the version, or None
    where that of the alias has the layer already."""
    now = aws.run("lambda", "get-alias", "--function-name", name, "--name", alias)
    if (now.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        raise Problem(f"a deployment is moving the alias {alias} of {name}: run it again when that has ended")
    served, latest = aws.function(name, now["FunctionVersion"]), aws.function(name, "$LATEST")
    if layer in _arns(served):
        return None
    if served["CodeSha256"] != latest["CodeSha256"]:
        raise Problem(f"the code of {name} is not that of its alias {alias}: deploy it with 'make deploy' first")
    before = _arns(latest)
    set_layers(aws, name, [*(arn for arn in before if arn.rpartition(":")[0] != layer.rpartition(":")[0]), layer])
    try:
        version = aws.run("lambda", "publish-version", "--function-name", name, "--code-sha256", served["CodeSha256"],
                          "--description", DESCRIPTION + revision)["Version"]
        aws.run("lambda", "wait", "published-version-active", "--function-name", name, "--qualifier", version)
        try_version(aws, name, version, revision)
    except Problem:
        set_layers(aws, name, before)  # for the next deployment of the code
        raise
    return version


def remove_old_layers(aws, name, layer):
    """Remove the versions of the layer that publish has made before. Versions of a function that use one keep it."""
    with _lock_of((aws.region, name)):
        for version in _layer_versions(aws, name):
            if version["LayerVersionArn"] != layer:
                aws.run("lambda", "delete-layer-version", "--layer-name", name, "--version-number", str(version["Version"]))


def publish_to_stack(place, snapshot, revision, patience):
    """Make the functions of a stack serve the snapshot: publish a layer, and versions of the functions with it; and once all of
    these answer, move the aliases. Returns whether any alias was moved."""
    aws, name = Aws(place.region), place.stack + "-snapshot"
    aliases = aliases_of(aws, place.stack)
    layer = layer_of(aws, name, snapshot, revision)
    versions = [(function, alias, prepare(aws, function, alias, layer, revision)) for function, alias in aliases]
    moved = [move for move in versions if move[2]]
    for function, alias, version in moved:
        aws.run("lambda", "update-alias", "--function-name", function, "--name", alias, "--function-version", version)
    remove_old_layers(aws, name, layer)
    await_state(place.url, lambda state: state.revision == revision, patience)
    return bool(moved)
