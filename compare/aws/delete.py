"""The end of a run: everything is deleted."""

import time

from failure import Failure

from . import deploy, stacks
from .calls import Refused
from .run import PARTS, PREFIX, TAG, Run, id_and_part, say
from .times import seconds_of

AGAIN = 3600  # seconds until the expiry of a base stack that is made for a deletion


def found_runs(calls):
    """Return the stacks of all runs in the region: those of each id by part. A stack has the tag of its run; another one may just have such a name."""
    found = {}
    for stack in calls.ask("cloudformation", "describe-stacks")["Stacks"]:
        known = id_and_part(stack["StackName"])
        if known and {"Key": TAG, "Value": known[0]} in stack.get("Tags", []) and stack["StackStatus"] != "DELETE_COMPLETE":
            found.setdefault(known[0], {})[known[1]] = stack
    return found


def expiry(parts):
    """Return when a run ends by itself, in seconds since 1970, or None where nothing ends it."""
    base = parts.get("")
    text = base and (stacks.is_ready(base) or stacks.is_changing(base)) and stacks.parameter(base, "Expiry")
    return seconds_of(text) if text else None


def _objects(calls, bucket):
    """Return up to 1,000 objects of a bucket, with their versions; none where there is no bucket."""
    try:
        page = calls.ask("s3api", "list-object-versions", bucket=bucket, max_items=1000)
    except Refused as refused:
        if refused.code == "NoSuchBucket":
            return []
        raise
    return [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in page.get("Versions", []) + page.get("DeleteMarkers", [])]


def empty(calls, bucket):
    """Delete all objects of a bucket, if there is such a bucket."""
    while objects := _objects(calls, bucket):
        calls.ask("s3api", "delete-objects", bucket=bucket, delete={"Objects": objects, "Quiet": True})


def log_groups(calls, name):
    return [group["logGroupName"] for group in calls.ask("logs", "describe-log-groups", log_group_name_prefix=f"/aws/lambda/{name}").get("logGroups", [])]


def _delete_parts(calls, id, account):
    """Delete the other stacks with the role of the base stack. Where that is gone, as when somebody has deleted the base stack first, another
    one of the same name brings one."""
    name = PREFIX + id
    parts = [f"{name}-{part}" for part in PARTS]
    try:
        stacks.delete(calls, parts)
    except Failure as failure:
        if stacks.UNKNOWN_ROLE not in str(failure):
            raise
        say(f"the role with which the run {id} is deleted is gone: making another one")
        empty(calls, f"{name}-{account}")
        stacks.delete(calls, [name])
        run = Run(id, calls.region, "", "", True, expiry=time.time() + AGAIN)
        deploy.base_stack(calls, run)
        stacks.delete(calls, parts, run.outputs[""]["DeployerArn"])


def delete_run(calls, id, account):
    """Delete all of a run, in the order of the expiry: first the stacks that the role of the base stack can delete, then what a
    stack does not delete, and at last the base stack."""
    name = PREFIX + id
    say(f"deleting the run {id}")
    _delete_parts(calls, id, account)
    empty(calls, f"{name}-{account}")
    for group in log_groups(calls, name):
        if group != f"/aws/lambda/{name}-reaper":
            calls.ask("logs", "delete-log-group", log_group_name=group)
    stacks.delete(calls, [name])
