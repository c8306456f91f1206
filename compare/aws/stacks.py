"""Stacks of CloudFormation: created, waited for and deleted."""

import time

from failure import Failure

from .calls import Refused
from .run import TAG, say

READY = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
POLL = 10  # seconds between two polls
PATIENCE = 3600  # seconds for a stack; the set-up of the VM may take 30 minutes
UNKNOWN_ROLE = "assumed"  # in AWS's words where a role is so new that not all of AWS knows it
ATTEMPTS = 12  # to use that role
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


def describe(calls, name):
    """Return what AWS says of a stack, or None where there is none."""
    try:
        found = calls.ask("cloudformation", "describe-stacks", stack_name=name)["Stacks"]
    except Refused as refused:
        if "does not exist" in str(refused):
            return None
        raise
    return next((stack for stack in found if stack["StackStatus"] != "DELETE_COMPLETE"), None)


def is_ready(stack):
    return stack is not None and stack["StackStatus"] in READY


def is_changing(stack):
    return stack is not None and stack["StackStatus"].endswith("_IN_PROGRESS")


def outputs(stack):
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def parameter(stack, name):
    """Return the value of a parameter of a stack, or None."""
    return next((one["ParameterValue"] for one in stack.get("Parameters", []) if one["ParameterKey"] == name), None)


def settle(calls, name):
    """Wait until a stack does not change any more. Returns what AWS says of it then, or None."""
    end = time.monotonic() + PATIENCE
    stack = describe(calls, name)
    while is_changing(stack):
        if time.monotonic() > end:
            raise Failure(f"the stack {name} is still {stack['StackStatus']} after {PATIENCE // 60} minutes: see what it waits for with"
                          f" 'aws cloudformation describe-stack-events --stack-name {name} --region {calls.region}'")
        time.sleep(POLL)
        stack = describe(calls, name)
    return stack


def reason(calls, stack, what):
    """Return why a stack failed: the first event of a kind, such as CREATE_FAILED, with a reason of its own."""
    events = calls.ask("cloudformation", "describe-stack-events", stack_name=stack["StackId"])["StackEvents"]
    reasons = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}" for event in reversed(events)
               if event.get("ResourceStatus") == what and "cancelled" not in event.get("ResourceStatusReason", "")]
    return reasons[0] if reasons else stack.get("StackStatusReason", stack["StackStatus"])


def create(calls, run, part, template, parameters, role=None):
    """Begin to create a stack of the run, unless it is there."""
    try:
        _ask_with_role(calls, "create-stack", role, stack_name=run.stack(part), template_body=template, capabilities=CAPABILITIES,
                       parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
                       tags=[{"Key": TAG, "Value": run.id}])
    except Refused as refused:
        if refused.code != "AlreadyExistsException":
            raise


def _ask_with_role(calls, operation, role, **options):
    """Call CloudFormation, which works with the role `role`. If `role` is None, it takes the stack's, or the rights of the caller.
    CloudFormation may not know a new role for some seconds: a call that it refuses for that is tried again. Returns the answer. Raises Refused."""
    for attempt in range(ATTEMPTS):
        try:
            return calls.ask("cloudformation", operation, role_arn=role, **options)
        except Refused as refused:
            if not role or UNKNOWN_ROLE not in str(refused) or attempt + 1 == ATTEMPTS:
                raise
        time.sleep(POLL)


def begin_to_delete(calls, name, role=None):
    """Begin to delete a stack, if there is one, with the role that made it or another one. A stack that is being created can be deleted, but
    not one that rolls back."""
    stack = describe(calls, name)
    if is_changing(stack) and stack["StackStatus"] not in ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS"):
        stack = settle(calls, name)
    if stack and stack["StackStatus"] != "DELETE_IN_PROGRESS":
        _ask_with_role(calls, "delete-stack", role, stack_name=name)
    return stack is not None


def delete(calls, names, role=None):
    """Delete stacks, all at once, and wait until they are gone. What fails is tried once more: a network interface, for example, may be
    freed late."""
    for _ in range(2):
        begun = [name for name in names if begin_to_delete(calls, name, role)]
        left = [stack for stack in [settle(calls, name) for name in begun] if stack]
        if not left:
            return
        names = [stack["StackName"] for stack in left]
        say(f"not deleted yet: {', '.join(names)}")
    raise Failure(f"cannot delete the stack {names[0]}: {reason(calls, left[0], 'DELETE_FAILED')} (run 'serverful compare --aws-clean"
                  f" --region {calls.region}' later, or delete it in the console of CloudFormation)")
