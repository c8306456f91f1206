"""The command serverful compare --aws: a run from nothing to its results and to nothing, and the deletion of what others have left."""

import os
import subprocess
import sys
import tempfile
import time

import results
from failure import Failure

from . import delete, deploy, leftovers, measure, packages, plan, stacks
from .calls import Calls, region_of
from .run import Run, alone, digest_of, forget, has_same_name, log_file, new_id, remembered, save, say
from .times import clock, seconds_of

HOURS = 3  # until the expiry, unless others are given
LATE = 3600  # seconds after its expiry at which a run should be gone


def account_of(calls):
    return calls.ask("sts", "get-caller-identity")["Account"]


def _choose(calls, args, account, directory, digest):
    """Return the run to go on with, or a new one and the id of one that it replaces. A run that was not finished goes on with the same
    packages, and if there is time enough."""
    new = Run(new_id(), calls.region, directory, args.results, args.quick, digest=digest, account=account, expiry=time.time() + (args.hours or HOURS) * 3600)
    old = remembered(args.results)
    if not old:
        return new, None
    if old["region"] != calls.region:
        raise Failure(f"a run in {old['region']} was not finished: give --region {old['region']} to go on with it, or --aws-clean and that region to delete it")
    if old["account"] != account:
        raise Failure(f"a run in the account {old['account']} was not finished, and these are credentials of the account {account}: use those of the other one to go on"
                      " with it, or --results in another directory")
    run = Run(old["id"], calls.region, directory, args.results, args.quick, old["phase"], old["digest"], account, old["measurement"])
    base = stacks.settle(calls, run.stack())
    if run.digest == digest and run.phase == "delete" and not args.keep and has_same_name(old["results"], args.results) and os.path.exists(args.results):
        say(f"the run {run.id} has measured already, and was not deleted")
        return run, None
    run.expiry = seconds_of(stacks.parameter(base, "Expiry")) if stacks.is_ready(base) else 0
    if run.digest == digest and run.expiry > time.time() + plan.minutes(run.quick) * 60:
        say(f"going on with the run {run.id}")
        run.measurement += run.phase != "deploy"
        run.phase = "deploy"
        return run, None
    return new, run.id


def _other_runs(calls, mine):
    """Name the other runs in the region, which may be those of other people. Returns the ids of those that nobody can go on with, and
    nothing deletes: their base stack is broken, or should have deleted them long ago."""
    dead = []
    for id, parts in delete.found_runs(calls).items():
        ends = delete.expiry(parts)
        if id not in mine and ends and ends > time.time() - LATE:
            say(f"another run is there, {id}: AWS begins to delete it at {clock(ends)}; 'serverful compare --aws-clean --region {calls.region}' deletes it now")
        elif id not in mine:
            say(f"another run is there, {id}, which nothing deletes any more: it will be deleted, too")
            dead.append(id)
    return dead


def _fetch_prices(run):
    """Take AWS's prices of the region into the results, if they can be fetched."""
    say(f"fetching AWS's prices of {run.region}")
    command = [os.environ["SERVERFUL"], "prices", "fetch", run.region, "--results", run.results]
    fetched = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if fetched.returncode:
        say(f"AWS's prices of {run.region} are missing, and the report has those of the table price: {' '.join(fetched.stderr.split())[-300:]}")
        return
    db = results.open_results(run.results)
    with db:
        db.execute("UPDATE parameter SET value = ? WHERE name = 'region'", (run.region,))
    db.close()


def _finish(calls, args, run, account):
    """Delete the run, and prove it, or say how to delete it. Returns what is left, as a text, or None."""
    if args.keep:
        say(f"the run {run.id} stays until {clock(run.expiry)}: 'serverful compare --aws-clean --region {run.region}' deletes it now")
        return None
    delete.delete_run(calls, run.id, account)
    left = leftovers.left_of(calls, run.id, account)
    if not left:
        forget(run.results)
    return left


def _delete_each(calls, ids, account):
    """Delete runs. One that cannot be deleted does not keep the others. Returns what is left of them, as texts."""
    left = []
    for id in ids:
        try:
            delete.delete_run(calls, id, account)
            left.append(leftovers.left_of(calls, id, account))
        except Failure as failure:
            say(f"the run {id} is not deleted")
            left.append(str(failure))
    return [text for text in left if text]


def _deploy_and_measure(calls, args, run, paths):
    save(run)
    deploy.base_stack(calls, run)
    deploy.others(calls, run, paths)
    measure.measure(calls, run)
    run.phase = "kept" if args.keep else "delete"
    save(run)


def _hint(run):
    ends = f"; AWS begins to delete it at {clock(run.expiry)}" if run.expiry else ""
    return (f"the run {run.id} may still be there{ends}. Run the same command again to go on, or 'serverful compare --aws-clean --region {run.region}' to"
            " delete it now")


def run_on_aws(args):
    """Fill the results with a comparison on AWS, and delete everything. Returns what is left on AWS, as a text, or None. Raises Failure."""
    calls = Calls(region_of(args.region), log_file(args.results))
    with alone(args.results), tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        paths = deploy.files(args.package, args.function or packages.make(args.package, directory))
        account = account_of(calls)
        given = paths if args.function else paths[:1]  # a new store has random numbers, and so each layer that is made differs
        run, replaced = _choose(calls, args, account, directory, digest_of(given, args.quick, plan.VM_TYPES, plan.CLIENT_TYPES))
        dead = _other_runs(calls, {run.id, replaced})
        if run.phase == "deploy":
            plan.print_plan(run, deploy.architecture_of(args.package), max(0, run.expiry - time.time()) / 3600, args.keep)
            plan.confirm("Go on?", args.yes)
        try:
            if replaced:
                delete.delete_run(calls, replaced, account)
            left = [leftovers.left_of(calls, replaced, account)] if replaced else []
            left += _delete_each(calls, dead, account)
            if run.phase == "deploy":
                _deploy_and_measure(calls, args, run, paths)
            left.append(_finish(calls, args, run, account))
        except BaseException:
            print(_hint(run), file=sys.stderr)
            raise
    _fetch_prices(run)
    return "\n".join(filter(None, left)) or None


def clean(args):
    """Delete all runs in the region. Returns what is left on AWS, as a text, or None. Raises Failure."""
    calls = Calls(region_of(args.region), log_file(args.results))
    with alone(args.results):
        return _clean(calls, args)


def _clean(calls, args):
    account = account_of(calls)
    old = remembered(args.results)
    is_here = old and (old["account"], old["region"]) == (account, calls.region)
    found = {**({old["id"]: {}} if is_here else {}), **delete.found_runs(calls)}
    if not found:
        say(f"there is no run in {calls.region}")
        return None
    for id, parts in found.items():
        print(f"run {id}: {', '.join(stack['StackName'] for stack in parts.values()) or 'no stack is left'}", file=sys.stderr)
    plan.confirm("Delete all of this?", args.yes)
    left = _delete_each(calls, found, account)
    if not left and is_here:
        forget(args.results)
    return "\n".join(left) or None
