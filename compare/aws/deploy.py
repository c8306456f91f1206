"""The stacks of a run: first the base stack, then the packages in its bucket, then the VM, the function and the client at once."""

import hashlib
import os
import time

from failure import Failure

from . import plan, stacks
from .run import PARTS, say
from .times import seconds_of, utc

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BASE, CLIENT = os.path.join(HERE, "base.yaml"), os.path.join(HERE, "client.yaml")
VM, FUNCTION = os.path.join(ROOT, "vm", "template.yaml"), os.path.join(ROOT, "lambda", "template.yaml")
RATE, BURST = "10000", "5000"  # of requests that an API lets pass: the limits of an account


def architecture_of(package):
    """Return the architecture of a Debian package by its name."""
    found = package.removesuffix(".deb").rpartition("_")[2]
    if not package.endswith(".deb") or found not in plan.LAMBDA_WORDS:
        raise Failure(f"--package {package}: give a Debian package whose name ends with _arm64.deb or _amd64.deb")
    return found


def files(package, function):
    """Return the paths of the packages: Debian's, the function's and the layer's."""
    found = [package, os.path.join(function, plan.LAMBDA_WORDS[architecture_of(package)], "function.zip"), os.path.join(function, "layer.zip")]
    for path, how in zip(found, ("build it with 'make deb'", *["build it with 'make lambda', or leave --function out"] * 2), strict=True):
        if not os.path.isfile(path):
            raise Failure(f"{path} does not exist: {how}")
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def checksum(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _await(calls, run, part):
    """Wait until a stack is created, and note its outputs. Returns the stack. Raises Failure with the reason where it cannot be."""
    stack = stacks.settle(calls, run.stack(part))
    if not stacks.is_ready(stack):
        why = stacks.reason(calls, stack, "CREATE_FAILED") if stack else "it is gone"
        raise Failure(f"cannot create the stack {run.stack(part)}: {why}")
    say(f"the stack {run.stack(part)} is ready")
    run.outputs[part] = stacks.outputs(stack)
    return stack


def base_stack(calls, run):
    """Make the base stack, or wait for it. Nothing is created before this call, and nothing after it that the expiry does not delete."""
    name = run.stack()
    if not stacks.describe(calls, name):
        say(f"creating the stack {name}")
        stacks.create(calls, run, "", read(BASE), {"Expiry": utc(run.expiry).replace("Z", ".000Z")})
    stack = _await(calls, run, "")
    run.bucket = run.outputs[""]["Bucket"]
    run.expiry = seconds_of(stacks.parameter(stack, "Expiry"))


def upload(calls, run, paths):
    """Upload files to the bucket, unless it has them. The name there is a checksum. Returns the names."""
    there = {one["Key"] for one in calls.ask("s3api", "list-objects-v2", bucket=run.bucket).get("Contents", [])}
    names = []
    for path in paths:
        name = checksum(path)[:32] + os.path.splitext(path)[1]
        if name not in there:
            say(f"uploading {path}")
            calls.ask("s3api", "put-object", bucket=run.bucket, key=name, body=path)
        names.append(name)
    return names


def function_template(bucket, function, layer):
    """Return the template of the function with the addresses of its packages."""
    text = read(FUNCTION)
    for old, new in (("CodeUri: function.zip", f"CodeUri: s3://{bucket}/{function}"), ("ContentUri: layer.zip", f"ContentUri: s3://{bucket}/{layer}")):
        text = text.replace(old, new)
    return text


def wanted(calls, run, paths):
    """Return the template and the parameters of each stack, by part."""
    package, function, layer = upload(calls, run, paths)
    architecture = architecture_of(paths[0])
    url = calls.sign(run.bucket, package, round(run.expiry - time.time()))
    about_package = {"PackageUrl": url, "PackageSha256": checksum(paths[0])}
    base = run.outputs[""]
    return {
        "client": (read(CLIENT), {**about_package, "InstanceType": plan.CLIENT_TYPES[architecture], "AllocationId": base["AllocationId"],
                                  "Bucket": run.bucket, "LifeMinutes": str(min(1440, round((run.expiry - time.time()) / 60) + 30))}),
        # Without credits that are saved up, a new VM would have a twentieth of a processor: unlimited, and the report counts the credits.
        "vm": (read(VM), {**about_package, "InstanceType": plan.VM_TYPES[architecture], "Credits": "unlimited", "LogRetentionDays": "1",
                          "AllowedCidr": base["Address"] + "/32"}),
        "function": (function_template(run.bucket, function, layer),
                     {"Architecture": plan.LAMBDA_WORDS[architecture], "HttpApi": "true", "RestApi": "true", "FunctionUrl": "true", "Alarms": "false",
                      "ThrottlingRate": RATE, "ThrottlingBurst": BURST, "LogRetentionDays": "1"})}


def others(calls, run, paths):
    """Make the other stacks, all at once, and wait for them. What is there stays; what failed is made again."""
    found = {part: stacks.describe(calls, run.stack(part)) for part in PARTS}
    broken = [stack["StackName"] for stack in found.values() if stack and not stacks.is_ready(stack) and stack["StackStatus"] != "CREATE_IN_PROGRESS"]
    if broken:
        stacks.delete(calls, broken)
    missing = [part for part, stack in found.items() if not stack or stack["StackName"] in broken]
    if missing:
        _begin(calls, run, wanted(calls, run, paths), missing)
    for part in found:
        _await(calls, run, part)


def _begin(calls, run, specs, missing):
    for part in missing:
        if time.time() > run.expiry - 60:
            raise Failure(f"the run {run.id} has reached its expiry, and AWS deletes it: run the same command again for a new one")
        say(f"creating the stack {run.stack(part)}")
        stacks.create(calls, run, part, *specs[part], role=run.outputs[""]["DeployerArn"])
