"""What AWS lists of a run after its deletion: nothing, which proves it, or what is left."""

import time

from . import stacks
from .calls import Refused
from .run import PARTS, PREFIX, TAG, say

POLLS = 6  # of what is left, before it counts as left

# What EC2 may have: operation, the path to the ids in its answer, and the command that deletes one.
KINDS = (("describe-instances", ("Reservations", "Instances", "InstanceId"), "terminate-instances --instance-ids"),
         ("describe-volumes", ("Volumes", "VolumeId"), "delete-volume --volume-id"),
         ("describe-addresses", ("Addresses", "AllocationId"), "release-address --allocation-id"),
         ("describe-network-interfaces", ("NetworkInterfaces", "NetworkInterfaceId"), "delete-network-interface --network-interface-id"),
         ("describe-vpcs", ("Vpcs", "VpcId"), "delete-vpc --vpc-id"))
ALIVE = {"Name": "instance-state-name", "Values": ["pending", "running", "shutting-down", "stopping", "stopped"]}


def _values(answer, path):
    """Yield the values at the end of a path through objects and lists."""
    for one in answer if isinstance(answer, list) else [answer]:
        yield from _values(one[path[0]], path[1:]) if path else [one]


def _things_of_ec2(calls, id):
    """Yield (what, the command that deletes it) for what EC2 has with the tag of the run."""
    for operation, path, command in KINDS:
        filters = [{"Name": "tag:" + TAG, "Values": [id]}, *([ALIVE] if operation == "describe-instances" else [])]
        for one in _values(calls.ask("ec2", operation, filters=filters), path):
            yield one, f"ec2 {command} {one}"


# What has a name: service, operation and its options, the list in its answer, the fields of name and id, and the command that deletes one.
LISTS = (("lambda", "list-functions", {}, "Functions", "FunctionName", "FunctionName", "delete-function --function-name"),
         ("lambda", "list-layers", {}, "Layers", "LayerName", "LayerName", "delete-layer-version --version-number 1 --layer-name"),
         ("logs", "describe-log-groups", {"log_group_name_prefix": "/aws/lambda/{}"}, "logGroups", "logGroupName", "logGroupName",
          "delete-log-group --log-group-name"),
         ("scheduler", "list-schedules", {"name_prefix": "{}"}, "Schedules", "Name", "Name", "delete-schedule --name"),
         ("apigatewayv2", "get-apis", {}, "Items", "Name", "ApiId", "delete-api --api-id"),
         ("apigateway", "get-rest-apis", {}, "items", "name", "id", "delete-rest-api --rest-api-id"),
         ("deploy", "list-applications", {}, "applications", None, None, "delete-application --application-name"),
         ("cloudwatch", "describe-alarms", {"alarm_name_prefix": "{}"}, "MetricAlarms", "AlarmName", "AlarmName", "delete-alarms --alarm-names"),
         ("iam", "list-roles", {}, "Roles", "RoleName", "RoleName", "delete-role --role-name"),
         ("iam", "list-instance-profiles", {}, "InstanceProfiles", "InstanceProfileName", "InstanceProfileName",
          "delete-instance-profile --instance-profile-name"))


def _named(calls, name):
    """Yield (what, the command that deletes it) for what has a name that begins with that of the run."""
    for service, operation, options, key, field, id, command in LISTS:
        for one in calls.ask(service, operation, **{option: value.format(name) for option, value in options.items()}).get(key) or []:
            text = one[field] if field else one
            if text.removeprefix("/aws/lambda/").startswith(name):
                yield f"{service} {text}", f"{service} {command} {one[id] if id else one}"


def _has_bucket(calls, bucket):
    try:
        calls.ask("s3api", "head-bucket", bucket=bucket)
        return True
    except Refused as refused:
        if refused.code in ("404", "NoSuchBucket", "NotFound"):
            return False
        raise


def _left(calls, id, account):
    """Yield (what, the command that deletes it) for all that is left of a run."""
    name = PREFIX + id
    for stack in (*(f"{name}-{part}" for part in PARTS), name):
        if stacks.describe(calls, stack):
            yield stack, f"cloudformation delete-stack --stack-name {stack}"
    bucket = f"{name}-{account}"
    if _has_bucket(calls, bucket):
        yield bucket, f"s3 rb --force s3://{bucket}"
    yield from _things_of_ec2(calls, id)
    yield from _named(calls, name)


def left_of(calls, id, account):
    """Return what AWS lists of a run that should be gone, as a text with the command that deletes each thing, or None, and say that. Some lists
    of AWS are late, so that they are asked again for a minute."""
    for is_last in (*[False] * POLLS, True):
        left = [f"\n  {what}: aws {command} --region {calls.region}" for what, command in _left(calls, id, account)]
        if not left:
            say(f"nothing is left of the run {id}: AWS lists no stack, machine, disk, address, network, bucket, function, layer, API, log group, schedule,"
                " alarm or role of it")
            return None
        if not is_last:
            time.sleep(stacks.POLL)
    return "this is left on AWS, and may cost money; the command beside each deletes it:" + "".join(left)
