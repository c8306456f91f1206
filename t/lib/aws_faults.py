"""Runs serverful compare --aws against a mock of AWS in this process, and lets its calls fail: at a call, forks of the process, with a
copy of AWS in them, go on as if the command were killed there, or its call refused, or its answer lost. Then the next run, a deletion, or
the expiry must leave nothing.

    RESOURCES=FILE python3 aws_faults.py EVERY PACKAGE FUNCTION RESULTS

lets every EVERYth call fail, in all ways if that is each call, otherwise in one way after the other. It prints JSON: the calls of the
good run, what is left after it, what each fork has found, the results of some further cases, and the templates. It needs the packages of
lambda/requirements-test.txt. Nothing else may be in the directory of RESULTS.
"""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
import types
import unittest.mock

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.append(os.path.join(SOURCE, "compare"))

import boto3
import botocore
import moto_compare
import yaml
from botocore import xform_name
from moto import mock_aws

import aws.calls
import aws.command
import aws.deploy
from aws_mock import more
from failure import Failure

REGION, ACCOUNT = moto_compare.REGION, moto_compare.ACCOUNT
GLOBALS = ("--region", "--output", "--cli-connect-timeout", "--cli-read-timeout")  # options of the CLI itself
CLIENTS = {}
# What may happen at a call, and what ends the run after it.
FAULTS = (("killed", "next"), ("lost", "expiry"), ("refused", "next"), ("killed", "expiry"), ("lost", "next"), ("killed after", "clean"))


class Template(yaml.SafeLoader):
    """Reads a template of CloudFormation; the short forms of its functions become their arguments."""


Template.add_multi_constructor("!", lambda loader, _, node: getattr(loader, {"ScalarNode": "construct_scalar", "SequenceNode": "construct_sequence",
                                                                             "MappingNode": "construct_mapping"}[type(node).__name__])(node))


def client(service):
    name = {"s3api": "s3", "deploy": "codedeploy"}.get(service, service)
    if name not in CLIENTS:
        CLIENTS[name] = boto3.client(name, region_name=REGION)
    return CLIENTS[name]


def options_of(arguments):
    """Return the options of a command line of the AWS CLI by name, and what is no option."""
    options, rest, left = {}, [], list(arguments)
    while left:
        word = left.pop(0)
        if not word.startswith("--"):
            rest.append(word)
        else:
            options[word] = left.pop(0) if left and not left[0].startswith("--") else True
    return options, rest


def value_of(shape, text):
    if shape.type_name in ("structure", "list", "map"):
        return json.loads(text)
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name == "blob":
        with open(text, "rb") as file:
            return file.read()
    return text


def ask(service, operation, options, outfile):
    """Do what a command of the AWS CLI does. Returns the answer."""
    cloud, method = client(service), operation.replace("-", "_")
    members = cloud.meta.service_model.operation_model(cloud.meta.method_to_api_mapping[method]).input_shape.members
    names = {"--" + xform_name(name, "-"): name for name in members}
    paging = {name: options.pop(option) for option, name in (("--max-items", "MaxItems"), ("--starting-token", "StartingToken")) if option in options}
    given = {names[name]: value_of(members[names[name]], value) for name, value in options.items()}
    if cloud.can_paginate(method):
        return cloud.get_paginator(method).paginate(**given, PaginationConfig=paging).build_full_result()
    answer = getattr(cloud, method)(**given)
    answer.pop("ResponseMetadata", None)
    for name, value in answer.items():
        if hasattr(value, "read"):
            with open(outfile, "wb") as file:
                file.write(value.read())
            answer[name] = None
    return answer


def run_cli(command):
    """Do what a command of the AWS CLI does. Returns its status, its output, and what it says."""
    options, (_, service, operation, *more) = options_of(command)
    options = {name: value for name, value in options.items() if name not in GLOBALS}
    if service == "s3":
        return 0, f"https://example.org/{more[0].removeprefix('s3://')}?X-Amz-Signature=0\n", ""
    try:
        answer = ask(service, operation, options, more[0] if more else None)
    except botocore.exceptions.ClientError as error:
        return 254, "", f"\n{error}\n"
    return 0, json.dumps(answer, default=str) if answer else "", ""


class Watch:
    """Stands in for the module subprocess: it counts the calls, and asks `at` what happens at each."""

    DEVNULL = PIPE = None

    def __init__(self):
        self.calls, self.at = [], None

    def run(self, command, **_):
        self.calls.append(command)
        status, output, said = self.at and self.at(len(self.calls), command) or run_cli(command)
        return types.SimpleNamespace(returncode=status, stdout=output, stderr=said)

    def named(self, operation):
        return [command for command in self.calls if command[2] == operation]


def bases():
    """Return the names of the base stacks that are ready."""
    return [stack["StackName"] for stack in client("cloudformation").describe_stacks()["Stacks"]
            if stack["StackName"].count("-") == 2 and stack["StackStatus"] == "CREATE_COMPLETE"]


def reap(stack):
    """Run the code of the expiry that is deployed with a base stack, as its schedule does, until that stack is gone."""
    body = client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    template = body if isinstance(body, dict) else yaml.load(body, Template)
    code = compile(template["Resources"]["Reaper"]["Properties"]["Code"]["ZipFile"], "reaper", "exec")
    os.environ.update(RUN=stack, BUCKET=f"{stack}-{ACCOUNT}")
    for _ in range(5):
        space = {}
        exec(code, space)
        if stack in bases():
            space["handler"]({}, None)


def open_files(directory):
    """Return (path, position) of the files of a directory that this process has open, by descriptor."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            path = os.readlink(f"/proc/self/fd/{name}")
            if path.startswith(directory + "/"):
                found[int(name)] = path, os.lseek(int(name), 0, os.SEEK_CUR)
    return found


def put_back(files):
    """Undo what a fork did to open files, which it shares: it may have renamed them and moved their positions. Those that it has deleted are
    of SQLite, which closes some late."""
    for fd, (path, position) in files.items():
        now = os.readlink(f"/proc/self/fd/{fd}")
        if not now.endswith(" (deleted)"):
            os.rename(now, path)
            os.lseek(fd, position, os.SEEK_SET)


def restore(saved, directory):
    """Make a directory what its copy is, and delete the copy. Files are written in place, since the process may have them open."""
    for path, _, names in os.walk(directory, topdown=False):
        copy = os.path.join(saved, os.path.relpath(path, directory))
        for name in names:
            if not os.path.exists(os.path.join(copy, name)):
                os.unlink(os.path.join(path, name))
        if not os.path.isdir(copy):
            os.rmdir(path)
    for path, _, names in os.walk(saved):
        target = os.path.join(directory, os.path.relpath(path, saved))
        os.makedirs(target, exist_ok=True)
        for name in names:
            with open(os.path.join(path, name), "rb") as source, open(os.path.join(target, name), "ab") as file:
                file.truncate(0)
                file.write(source.read())
    shutil.rmtree(saved)


class Trial:
    """Runs of the command in this process."""

    def __init__(self, every, package, function, results):
        self.every, self.watch, self.found = int(every), Watch(), []
        aws.calls.subprocess = self.watch
        aws.command.subprocess = types.SimpleNamespace(run=lambda *_, **__: types.SimpleNamespace(returncode=1, stderr="no network"), DEVNULL=None, PIPE=None)
        self.directory = tempfile.tempdir = os.path.dirname(results)  # also for the files of the command, so that each fork has its own
        self.arguments = types.SimpleNamespace(package=package, function=function, results=results, region=REGION, quick=True, hours=None, yes=True, keep=False)
        self.before, self.end = moto_compare.inventory(), None

    def run(self, **changes):
        """Run the command. Returns what it says."""
        arguments = types.SimpleNamespace(**{**vars(self.arguments), **changes})
        with contextlib.redirect_stderr(io.StringIO()) as said:
            left = aws.command.run_on_aws(arguments)
        return said.getvalue() + (left or "")

    def clean(self):
        with contextlib.redirect_stderr(io.StringIO()) as said:
            left = aws.command.clean(self.arguments)
        return said.getvalue() + (left or "")

    def left(self):
        return more(self.before, moto_compare.inventory())

    def recover(self, how):
        self.watch.at = None
        if how == "expiry":
            for stack in bases():
                reap(stack)
        elif how == "clean":
            self.clean()
        else:
            self.run()

    def fork(self, end):
        """Fork. Returns None in the fork, which shall call finish(), and in this process what end() returns there."""
        saved, files = self.directory + ".saved", open_files(self.directory)
        shutil.copytree(self.directory, saved)
        read, write = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(read)
            self.end, self.write = end, write
            return None
        os.close(write)
        with open(read, encoding="utf-8") as file:
            found = file.read()
        os.waitpid(pid, 0)
        put_back(files)
        restore(saved, self.directory)
        return json.loads(found or '"the fork has died"')

    def finish(self):
        """End a fork, and tell what end() returns."""
        try:
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                found = self.end()
        except BaseException:
            found = traceback.format_exc()
        os.write(self.write, json.dumps(found).encode())
        os._exit(0)

    def at(self, number, command):
        """Let a call fail in forks. Returns what the CLI answers in a fork, or None in this process."""
        if number % self.every:
            return None
        for fault, how in FAULTS if self.every == 1 else [FAULTS[number // self.every % len(FAULTS)]]:
            found = self.fork(lambda how=how: (self.recover(how), self.left())[1])
            if self.end:
                return self.fail(fault, command)
            self.found.append([number, " ".join(command[1:3]), fault, how, found])
        return None

    def fail(self, fault, command):
        """Let the call of a fork fail. Returns what the CLI answers, unless the command is killed."""
        self.watch.at = None
        if fault in ("killed after", "lost"):
            run_cli(command)
        if fault in ("killed", "killed after"):
            self.finish()
        if fault == "lost":
            return 255, "", 'Read timeout on endpoint URL: "https://example.org/"'
        return 254, "", "An error occurred (AccessDenied) when calling the Any operation: not authorized"

    def whole(self):
        """Run the command with faults. Returns what it says."""
        self.watch.at = self.at
        try:
            said = self.run()
        except BaseException:
            if not self.end:
                raise
            said = ""
        if self.end:
            self.finish()
        return said

    def case(self, name, do):
        """Run a case in a fork, and note whether what it returns is nothing."""
        found = self.fork(do)
        if self.end:
            self.finish()
        self.cases.append([name, found])


def until(trial, number):
    """Kill the command at a call."""
    def at(n, _):
        if n == number:
            raise KeyboardInterrupt
    trial.watch.calls.clear()
    trial.watch.at = at
    with contextlib.suppress(KeyboardInterrupt):
        trial.run()
    trial.watch.calls.clear()
    trial.watch.at = None


def refusal(do):
    try:
        do()
    except Failure as failure:
        return str(failure)
    return ""


def unless(good, detail):
    """Return None if all is good, else what is to be seen."""
    return None if good else detail


def keep(trial):
    said = trial.run(keep=True)
    stacks = len(bases())
    trial.run(keep=True)
    return unless("stays until" in said and "keeps everything" in said and stacks == 1 and len(trial.watch.named("create-stack")) == trial.creations + 4, said) or (trial.clean(), trial.left() or None)[1]


def again(trial):
    """After --keep, a run without it measures again, under another number, and deletes."""
    trial.run(keep=True)
    sent = len(trial.watch.named("send-command"))
    said = trial.run()
    scripts = " ".join(json.dumps(command) for command in trial.watch.named("send-command")[sent:])
    return unless("going on with the run" in said and "serverful-compare/2" in scripts and "measurement=2" in scripts and "nothing is left" in said, said) or trial.left() or None


def not_deleted(trial):
    """Stop a run after it has measured. Returns what the calls of the next one find."""
    def at(n, command):
        if command[2] == "delete-stack":
            raise KeyboardInterrupt
    trial.watch.at = at
    with contextlib.suppress(KeyboardInterrupt):
        trial.run()
    trial.watch.at = None
    trial.watch.calls.clear()


def measured(trial):
    """A run that has measured is only deleted by the same command, and measures again for other packages or other results."""
    not_deleted(trial)
    said = trial.run()
    if "has measured already" not in said or trial.watch.named("send-command") or trial.left():
        return said
    not_deleted(trial)
    with open(trial.arguments.package, "ab") as file:
        file.write(b"more")
    said = trial.run()
    if len(trial.watch.named("create-stack")) != 4 or not trial.watch.named("send-command") or trial.left():
        return said
    not_deleted(trial)
    said = trial.run(results=trial.arguments.results + ".other")
    return unless(trial.watch.named("send-command") and not trial.watch.named("create-stack"), said) or trial.left() or None


def resume(trial):
    for number, creations in ((trial.function, 1), (trial.measuring, 0)):
        until(trial, number)
        said = trial.run()
        if "going on with the run" not in said or len(trial.watch.named("create-stack")) != creations or trial.watch.named("put-object"):
            return said
    return trial.left() or None


def made(trial):
    """Without --function, each command makes the packages of the function of the Debian package, with another layer each time."""
    function, trial.arguments.function = trial.arguments.function, None

    def make(_, directory):
        shutil.copytree(function, directory, dirs_exist_ok=True)
        with open(os.path.join(directory, "layer.zip"), "ab") as file:
            file.write(os.urandom(8))
        return directory
    with unittest.mock.patch.object(aws.command.packages, "make", make):
        until(trial, trial.measuring)
        said = trial.run()
    return unless("going on with the run" in said, said) or trial.left() or None


def other_package(trial):
    until(trial, trial.measuring)
    with open(trial.arguments.package, "ab") as file:
        file.write(b"more")
    first = bases()
    said = trial.run()
    return unless(len(trial.watch.named("create-stack")) == 4 and f"nothing is left of the run {first[0].rpartition('-')[2]}" in said, said) or trial.left() or None


def no_time(trial):
    trial.arguments.hours = 0.5
    until(trial, trial.measuring)
    trial.arguments.hours = None
    said = trial.run()
    return unless(len(trial.watch.named("create-stack")) == 4, said) or trial.left() or None


def late(trial):
    """The command wakes up after the expiry, and goes on to create a stack."""
    def at(n, command):
        if n == trial.function:
            for stack in bases():
                reap(stack)
    trial.watch.calls.clear()
    trial.watch.at = at
    said = refusal(trial.run)
    return unless("assumed" in said, said) or trial.left() or None


def foreign(trial):
    """A run of somebody else is named and left alone; one whose base stack is broken is deleted."""
    until(trial, trial.measuring)
    os.unlink(os.path.join(trial.directory, "compare-aws.json"))
    mine = bases()
    said = trial.run()
    if bases() != mine or "another run is there" not in said:
        return said
    moto_compare.set_status(mine[0], "ROLLBACK_COMPLETE")
    trial.run()
    return trial.left() or None


def without_base(trial):
    """Somebody has deleted the base stack before the other stacks, which its role must delete."""
    until(trial, trial.measuring)
    base, = bases()
    for one in client("s3").list_objects_v2(Bucket=f"{base}-{ACCOUNT}").get("Contents", []):
        client("s3").delete_object(Bucket=f"{base}-{ACCOUNT}", Key=one["Key"])
    client("cloudformation").delete_stack(StackName=base)
    os.unlink(os.path.join(trial.directory, "compare-aws.json"))
    return unless(not bases() and "making another one" in trial.run(), "the stacks were deleted without their role") or trial.left() or None


def other_account(trial):
    """Credentials of another account neither go on with a run nor prove that nothing is left of it."""
    not_deleted(trial)
    path = os.path.join(trial.directory, "compare-aws.json")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(ACCOUNT, "210987654321"))
    said = refusal(trial.run)
    return unless("in the account 210987654321 was not finished" in said and os.path.exists(path) and bases(), said) or (trial.clean(), trial.left())[1] or unless(
        os.path.exists(path), "the run of the other account was forgotten")


def namesake(trial):
    """A stack of somebody else that only has such a name is left alone."""
    name = "serverful-compare-facade-web"
    client("cloudformation").create_stack(StackName=name, TemplateBody='{"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}')
    said = trial.run() + trial.clean()
    stack, = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    client("cloudformation").delete_stack(StackName=name)
    return unless("facade" not in said and stack["StackStatus"] == "CREATE_COMPLETE", said)


def undeletable(trial):
    """A run of somebody else that cannot be deleted keeps no other one from its results, and is named; --aws-clean deletes the others, too."""
    until(trial, trial.measuring)
    os.unlink(os.path.join(trial.directory, "compare-aws.json"))
    first, = bases()
    moto_compare.set_status(first, "ROLLBACK_COMPLETE")
    def at(n, command):
        if command[2] == "delete-stack" and command[4] == first + "-vm":
            return 254, "", "An error occurred (ValidationError) when calling the DeleteStack operation: something uses it"
    trial.watch.at = at
    said = trial.run(keep=True)
    if "something uses it" not in said or not trial.watch.named("filter-log-events") or len(bases()) != 1:
        return said
    said = trial.clean()
    return unless("something uses it" in said and not bases(), said) or (setattr(trial.watch, "at", None), trial.clean(), trial.left())[2] or None


def broken(trial):
    """A stack that could not be created is named with its reason, and made again by the next run."""
    def at(n, command):
        if n == trial.function + 1:
            moto_compare.set_status(bases()[0] + "-vm", "ROLLBACK_COMPLETE")
    trial.watch.calls.clear()
    trial.watch.at = at
    said = refusal(trial.run)
    trial.watch.at = None
    trial.watch.calls.clear()
    trial.run()
    return unless("cannot create the stack" in said and len(trial.watch.named("create-stack")) == 1, said) or trial.left() or None


def leftover(trial):
    """What is left is named with the command that deletes it."""
    def at(n, command):
        if command[2] == "head-bucket":
            with contextlib.suppress(client("logs").exceptions.ResourceAlreadyExistsException):
                client("logs").create_log_group(logGroupName=f"/aws/lambda/{command[4].rpartition('-')[0]}-function")
    trial.watch.at = at
    said = trial.run()
    trial.watch.at = None
    again = trial.run()
    return unless("aws logs delete-log-group --log-group-name /aws/lambda/serverful-compare-" in said and "nothing is left" in again, said) or trial.left() or None


def busy(trial):
    """AWS is too busy for a call at first. Each attempt leaves a line in the log."""
    def at(n, command):
        if command[2] == "create-stack" and len(trial.watch.named("create-stack")) == 1:
            return 254, "", "An error occurred (Throttling) when calling the CreateStack operation (reached max retries: 0): Rate exceeded"
    trial.watch.calls.clear()
    trial.watch.at = at
    trial.run()
    with open(os.path.join(trial.directory, "compare-aws.log"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file][-len(trial.watch.calls):]
    found = [line["status"] for line in lines if line["operation"] == "create-stack"]
    return unless(found == ["Throttling", "ok", "ok", "ok", "ok"], found) or trial.left() or None


CASES = (("a call for which AWS is too busy is made again, and the log has both", busy),
         ("--keep leaves the run, which the next one measures again, and --aws-clean deletes it", keep),
         ("a run that was kept is measured again and deleted without --keep", again),
         ("a run that has measured is deleted, and measures again for other packages or results", measured),
         ("a run that was killed creates and uploads nothing again when it goes on", resume),
         ("a run whose function is made of the Debian package goes on", made),
         ("a run that was not finished is replaced where the packages differ", other_package),
         ("a run that was not finished is replaced where its time is short", no_time),
         ("a command that wakes up after the expiry creates nothing any more", late),
         ("a run of somebody else is left alone, and one that nothing deletes is deleted", foreign),
         ("stacks whose base stack was deleted first are deleted with the role of another one", without_base),
         ("a run that cannot be deleted is named, and keeps no other one", undeletable),
         ("a run of another account is neither continued nor forgotten", other_account),
         ("a stack that has such a name, but not the tag of a run, is left alone", namesake),
         ("a stack that cannot be created is named, and the next run creates it", broken),
         ("what is left is named with the command that deletes it, and the next run deletes it", leftover))


def templates():
    """Return the templates of the stacks, the base stack first, after the transform of SAM."""
    texts = [*map(aws.deploy.read, (aws.deploy.BASE, aws.deploy.CLIENT, aws.deploy.VM)), aws.deploy.function_template("bucket", "function.zip", "layer.zip")]
    return [json.loads(moto_compare.parsed(text)) for text in texts]


def main():
    with mock_aws(), unittest.mock.patch("time.sleep"):
        moto_compare.teach()
        trial = Trial(*sys.argv[1:])
        said = trial.whole()
        good, found = list(trial.watch.calls), {"calls": trial.watch.calls, "said": said, "left": trial.left(), "found": trial.found}
        trial.watch.at, trial.cases = None, []
        operations = [command[2] for command in good]
        trial.creations = operations.count("create-stack")
        trial.function, trial.measuring = max(i for i, name in enumerate(operations, 1) if name == "create-stack"), operations.index("send-command") + 1
        for name, do in CASES:
            trial.case(name, lambda do=do: do(trial))
        print(json.dumps({**found, "calls": [command[1:] for command in good], "cases": trial.cases, "templates": templates()}))


main()
