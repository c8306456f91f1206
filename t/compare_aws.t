#!/usr/bin/python3
"""serverful compare --aws against a mock of AWS: from nothing to a report and to nothing. It is killed at its calls, they are refused, and
their answers are lost: the next run, a deletion, or the expiry leaves nothing. With SERVERFUL_LARGE=1, each call fails in each way. Every
call is allowed by compare/aws/policy.json, and CloudFormation may do what it must with the roles of the base stack."""

import contextlib
import errno
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest.mock
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import iam
import tap
from aws_mock import Mock, lint_template, load_aws, more, pack
from environment import Environment
from preloaded import Preloaded

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import results
from aws import packages, plan
from failure import Failure

LARGE = os.environ.get("SERVERFUL_LARGE") == "1"
EVERY = 1 if LARGE else 20  # calls of which one fails
# Calls after which the program is killed, with the AWS CLI, and what is run then.
KILLED = ((4, ("--aws-clean", "--yes")), (16, ()), (21, ()), ("delete-stack", ()))[:None if LARGE else 1]
N_CASES = 16
AWS = os.path.join(tap.SOURCE, "compare", "aws")
NAME = "serverful-compare-abcdef"
OFF = {"Balanced", "BalancedBurstable", "AsksForCertificate", "HasRecordOfVm", "HasRecordOfBalancer", "Notifies", "Split", "SplitHttp", "SplitRest", "Access",
       "Watched", "Domained", "Recorded"}  # conditions of the templates that are false in a run
# What the base stack does not need: its address belongs to nothing yet, its function has no network, and its roles no managed policies.
NOT_IN_BASE = {"ec2:AssociateAddress", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "iam:AttachRolePolicy"}
# Stands in for the AWS CLI: after a call, it kills the program that has made it.
KILLER = """#!/bin/sh
n=$(($(cat {count}) + 1))
echo $n >{count}
{aws} "$@"
status=$?
[ $n != {at} ] || kill -9 $PPID
exit $status
"""


def package(directory):
    """Make files that stand for the packages. Returns the options that name them."""
    deb = os.path.join(directory, "serverful_0.1.0_arm64.deb")
    with open(deb, "wb") as file:
        file.write(b"package")
    pack(os.path.join(directory, "lambda"), os.devnull)
    return ["--package", deb, "--function", os.path.join(directory, "lambda")]


def fail_everywhere(environment, directory, options):
    """Run the command in a process with the mock, and let its calls fail. Returns what that has found."""
    results = os.path.join(directory, "faults")
    os.mkdir(results)
    amis = os.path.join(directory, "amis.json")
    with open(amis, "w", encoding="utf-8") as file:
        file.write("[]")
    variables = {**os.environ, "RESOURCES": os.devnull, "SERVERFUL": tap.SERVERFUL, "AWS_ACCESS_KEY_ID": "test",
                 "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": iam.REGION, "MOTO_AMIS_PATH": amis,
                 "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": os.path.join(os.path.dirname(environment.tool("python")), "pycache")}
    command = [environment.tool("python"), os.path.join(tap.SOURCE, "t", "lib", "aws_faults.py"), str(EVERY), options[1], options[3],
               os.path.join(results, "results.db")]
    run = subprocess.run(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
    if run.returncode:
        raise RuntimeError(run.stderr[-4000:])
    return json.loads(run.stdout.splitlines()[-1])


def check_faults(found):
    tap.ok(len(found["calls"]) >= 40 and len(found["found"]) == len(found["calls"]) // EVERY * (6 if EVERY == 1 else 1),
           "a run has at least 40 calls, of which each, or some, are tried", (len(found["calls"]), len(found["found"])))
    tap.equal(found["left"], {}, "a run that succeeds leaves nothing in any service of the mock")
    tap.equal([trial for trial in found["found"] if trial[-1] != {}], [], "a run that fails at a call leaves nothing after the next run, a deletion or the expiry")
    for name, problem in found["cases"]:
        tap.ok(problem is None, name, problem)


def types_of(*templates):
    return {one["Type"] for template in templates for one in template["Resources"].values() if one.get("Condition") not in OFF}


def examples(name):
    """Return an ARN for each kind of things of a stack."""
    long = f"{name}-Long-ABCDEF"
    return ["*", f"arn:aws:s3:::{NAME}-{iam.ACCOUNT}", f"arn:aws:s3:::{NAME}-{iam.ACCOUNT}/key", f"arn:aws:iam::{iam.ACCOUNT}:role/{long}",
            f"arn:aws:iam::{iam.ACCOUNT}:instance-profile/{long}", iam.arn("lambda", f"function:{name}-reaper"), iam.arn("lambda", f"layer:{name}-snapshot:1"),
            iam.arn("logs", f"log-group:/aws/lambda/{name}-reaper:*"), iam.arn("logs", f"log-group:/aws/lambda/{name}"), iam.arn("scheduler", f"schedule/default/{name}"),
            iam.arn("ec2", "elastic-ip/eipalloc-1"), iam.arn("cloudwatch", f"alarm:{long}"), iam.arn("codedeploy", f"application:{long}"),
            iam.arn("codedeploy", f"deploymentgroup:{long}/{long}"), iam.arn("apigateway", "/apis", account="")]


def role(base, name):
    """Return the policy of a role of the base stack, as it is for a run."""
    names = {"AWS::Partition": "aws", "AWS::Region": iam.REGION, "AWS::AccountId": iam.ACCOUNT, "AWS::StackName": NAME}
    policy, = base["Resources"][name]["Properties"]["Policies"]
    return iam.resolve(policy["PolicyDocument"], names)


def check_rights(environment, calls, base, *others):
    """The caller's policy, and those of the roles of the base stack, allow what is done with them, and say why where they have stars."""
    with open(os.path.join(AWS, "policy.json"), encoding="utf-8") as file:
        policy = json.load(file)
    refused = {right for call in calls for right in iam.rights_of(call) if not iam.allows(policy, right[0], [right[1]])}
    tap.equal(sorted(refused), [], "the policy allows every call of a run")
    tap.equal(refused_handlers(environment, policy, types_of(base), ("create", "read", "delete"), NAME) - NOT_IN_BASE, set(), "the policy allows what CloudFormation does for the base stack")
    deployer, reaper = role(base, "Deployer"), role(base, "ReaperRole")
    tap.equal(refused_handlers(environment, deployer, types_of(*others), ("create", "read", "delete"), f"{NAME}-function"), set(),
              "the role of the base stack allows what CloudFormation does for the other stacks")
    tap.equal([action for action in documented(*others) if not iam.allows(deployer, *action)], [], "the role of the base stack allows what AWS's documentation demands beyond the schemas")
    tap.equal(refused_handlers(environment, reaper, types_of(base), ("delete",), NAME), set(), "the role of the expiry allows what deletes the base stack")
    check_stars(policy)
    check_order(base)
    sizes = {"policy.json": (policy, 6144), "Deployer": (deployer, 10240), "ReaperRole": (reaper, 10240)}
    tap.equal([name for name, (one, most) in sizes.items() if len(json.dumps(one, separators=(",", ":"))) > most], [], "the policies are as small as IAM demands")


def documented(*templates):
    """Return (action, resources) that AWS's documentation demands, and the schemas of CloudFormation do not: an alarm that acts on an instance makes a role of
    CloudWatch, and an image may be named by a parameter of SSM."""
    text = json.dumps(templates)
    found = []
    if ":automate:" in text:
        found.append(("iam:CreateServiceLinkedRole", [f"arn:aws:iam::{iam.ACCOUNT}:role/aws-service-role/events.amazonaws.com/AWSServiceRoleForCloudWatchEvents"]))
    if "{{resolve:ssm:" in text:
        found += [(f"ssm:{name}", [iam.arn("ssm", "parameter/aws/service/debian/release/12/latest/arm64", account="")]) for name in ("GetParameter", "GetParameters")]
    return found


def needs_of(base, name):
    """Return the resources on which one depends, also through others."""
    resource = base["Resources"][name]
    direct = resource.get("DependsOn", [])
    text = json.dumps(resource["Properties"])
    found = {direct} if isinstance(direct, str) else set(direct)
    found |= {other for other in base["Resources"] if re.search(rf'"Ref": "{other}"|"Fn::GetAtt": \[?"{other}[".]|\$\{{{other}[.}}]', text)}
    return found | {further for one in found for further in needs_of(base, one)}


def check_order(base):
    """What the expiry deletes last: the schedule after all that may fail, and its own role at the end."""
    needs = {name: needs_of(base, name) for name in base["Resources"]}
    expiry = needs["Schedule"]
    tap.equal(expiry, {"Reaper", "ReaperLog", "ReaperRole", "ScheduleRole"}, "the schedule depends on the function that it calls, and on the roles of both")
    tap.equal([name for name in needs if name not in expiry | {"Schedule"} and "Schedule" not in needs[name]], [], "all else in the base stack is deleted before the schedule")
    tap.ok("Deployer" in needs["Bucket"] & needs["Address"], "the role of the other stacks stays while the bucket is full, or the address is used")
    tap.equal([name for name in needs if name != "ReaperRole" and "ReaperRole" not in needs[name]], [], "the role of the expiry is deleted last")


def refused_handlers(environment, policy, types, operations, name):
    return {action for action in iam.handler_rights(environment, types, operations) if not iam.allows(policy, action, examples(name))}


def check_stars(policy):
    """Each star that stands for more than a partition, a region, an account, or the end of our own names is explained."""
    def is_open(statement):
        actions, resources = (statement[name] if isinstance(statement[name], list) else [statement[name]] for name in ("Action", "Resource"))
        return any("*" in one for one in actions) or not all(re.fullmatch(r"arn:\*:\w+:\*?:(\*|aws)?:([^*]*serverful-compare-\*(/\*)?|[^*]+)", one) for one in resources)
    starred = {statement["Sid"] for statement in policy["Statement"] if is_open(statement)}
    with open(os.path.join(tap.SOURCE, "docs", "aws.md"), encoding="utf-8") as file:
        explained = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.M))
    tap.equal(sorted(starred - explained), [], "docs/aws.md explains each star of the policy")


class Program:
    """serverful compare --aws with the AWS CLI, against a mock."""

    def __init__(self, mock, tools, directory, options):
        self.mock, self.tools, self.directory, self.options = mock, tools, directory, options
        # Whatever asks for AWS's prices shall fail, and not wait.
        self.environment = {**mock.environment, "https_proxy": "http://127.0.0.1:9"}

    def run(self, *more, answer=None, **variables):
        command = [tap.SERVERFUL, "compare", *(more or ("--aws", *self.options, "--quick", "--yes"))]
        run = subprocess.run(command, env={**self.environment, **variables}, cwd=self.directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             stdin=subprocess.DEVNULL)
        return run.returncode, run.stdout

    def killed_after(self, number):
        """Kill the program after a call."""
        count, path = os.path.join(self.directory, "count"), os.path.join(self.directory, "bin")
        os.makedirs(path, exist_ok=True)
        with open(count, "w", encoding="utf-8") as file:
            file.write("0\n")
        with open(os.path.join(path, "aws"), "w", encoding="utf-8") as file:
            file.write(KILLER.format(count=count, aws=os.path.join(self.tools, "aws"), at=number))
        os.chmod(os.path.join(path, "aws"), 0o755)
        return self.run(PATH=f"{path}:{self.environment['PATH']}")


def check_program(program, calls):
    before = program.mock.count()
    status, said = program.run()
    tap.ok(status == 0 and "nothing is left of the run" in said and "at most, without tax, by twice the prices of us-east-1" in said, "serverful compare --aws says its price, measures, and deletes everything", said)
    with open(os.path.join(program.directory, "report.html"), encoding="utf-8") as file:
        tap.ok("Lambda, REST API: a client waited" in file.read(), "the report has what was measured on AWS")
    with open(os.path.join(program.directory, "compare-aws.log"), encoding="utf-8") as file:
        log = [json.loads(line) for line in file]
    tap.equal([(line["service"], line["operation"], line["status"]) for line in log], [(*call[:2], "404" if call[1] == "head-bucket" else line["status"]) for call, line
              in zip(calls, log, strict=True)], "the log has a line for each call")
    tap.ok(not re.search("Signature|X-Amz-", json.dumps(log) + said), "neither the log nor the terminal has a signed address")
    tap.equal(more(before, program.mock.count()), {}, "nothing is left in the mock's account")
    for call, then in KILLED:
        number = call if isinstance(call, int) else 1 + [operation for _, operation, *_ in calls].index(call)
        status, said = program.killed_after(number)
        there = more(before, program.mock.count())
        status = status, program.run(*then)[0]
        tap.ok(status == (-9, 0) and there and not more(before, program.mock.count()),
               f"the program is killed after call {number}, and {then[0] if then else 'the next run'} leaves nothing",
               (status, there, more(before, program.mock.count())))


def check_price(directory):
    """What a run costs at most, in the region of the price table and in one without prices."""
    with contextlib.closing(results.open_results(os.path.join(directory, "prices.db"))) as db:
        for architecture in plan.VM_TYPES:
            known, other = (plan.cost(db, region, architecture, 4, False)[0] for region in ("us-east-1", "sa-east-1"))
            tap.ok(known > 2 and other == 2 * known, f"a region without prices counts as twice as dear ({architecture})", (known, other))


def check_packages(directory):
    """The packages of the function are made of the Debian package where make lambda has made none."""
    root, deb = os.path.join(directory, "root"), os.path.join(directory, "serverful_0.1.0_amd64.deb")
    for path, mode in (("DEBIAN", 0o755), ("usr/libexec/serverful", 0o755)):
        os.makedirs(os.path.join(root, path), mode)
    shutil.copy(tap.BOOTSTRAP, os.path.join(root, "usr/libexec/serverful"))
    with open(os.path.join(root, "DEBIAN", "control"), "w", encoding="utf-8") as file:
        file.write("Package: serverful\nVersion: 0.1.0\nArchitecture: amd64\nMaintainer: x <x@example.org>\nDescription: x\n")
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "-b", root, deb], check=True, stdout=subprocess.DEVNULL)
    with unittest.mock.patch.dict(os.environ, SERVERFUL=tap.SERVERFUL):
        made = packages.make(deb, os.path.join(directory, "made"))
    function, layer = (zipfile.ZipFile(os.path.join(made, name)) for name in ("x86_64/function.zip", "layer.zip"))
    entry, = function.infolist()
    with open(tap.BOOTSTRAP, "rb") as file:
        tap.ok((entry.filename, entry.external_attr >> 16, function.read(entry)) == ("bootstrap", 0o755, file.read()),
               "the function is the program of the Debian package, which Lambda can execute")
    snapshot = layer.extract("serverful.snapshot", directory)
    run = subprocess.run([tap.SERVERFUL, "segment", "--snapshot", snapshot], input="我来到北京清华大学", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.ok(layer.namelist() == ["serverful.snapshot"] and "清华大学" in run.stdout, "the layer has the words of a new store", run.stdout)
    renamed, damaged = (os.path.join(directory, name) for name in ("renamed_arm64.deb", "damaged_amd64.deb"))
    shutil.copy(deb, renamed)
    tap.ok("is for the architecture amd64" in (said := refusal(renamed)), "a package whose name ends with another architecture is refused", said)
    with open(deb, "rb") as file, open(damaged, "wb") as short:
        short.write(file.read()[:-512])  # the program is before that
    tap.ok("cannot take" in (said := refusal(damaged)), "a package that is damaged after the program is refused", said)
    with unittest.mock.patch.dict(os.environ, PATH="/nonexistent"):
        tap.ok("give --function" in (said := refusal(deb)), "without dpkg-deb it says what to do", said)
    with unittest.mock.patch.object(packages.zipfile, "ZipFile", side_effect=OSError(errno.ENOSPC, "No space left on device")):
        tap.ok("function.zip: No space left on device (set TMPDIR" in (said := refusal(deb)), "without room for the packages it says what to do", said)


def refusal(deb):
    """Return why no packages of the function can be made of a package."""
    try:
        with unittest.mock.patch.dict(os.environ, SERVERFUL="/bin/false"):
            return str(packages.make(deb, os.path.join(os.path.dirname(deb), "refused")))
    except Failure as failure:
        return str(failure)


def check_complaints(program):
    deb, function = program.options[1::2]
    for what, text, *arguments in (
            ("without a package", "--aws needs --package FILE", "--aws"),
            ("with a URL", "leave out", "--aws", *program.options, "--vm-url", "https://example.org"),
            ("with a package of no architecture", "ends with _arm64.deb", "--aws", "--package", "x.deb", "--function", function),
            ("with a package that is none", "cannot take /usr/libexec/serverful/bootstrap out of", "--aws", "--package", deb),
            ("without the packages of the function", "build it with 'make lambda'", "--aws", "--package", deb, "--function", program.directory),
            ("without an answer", "give --yes", "--aws", *program.options),
            ("with --aws-clean", "give one of them", "--aws", "--aws-clean"),
            ("with --keep alone", "--keep needs --aws", "--keep")):
        status, said = program.run(*arguments)
        tap.ok(status == 1 and text in said, f"serverful compare {what} says what to do", said)
    status, said = program.run("--aws-clean", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="", AWS_EC2_METADATA_DISABLED="true")
    tap.ok(status == 1 and "aws sts get-caller-identity failed" in said, "serverful compare without credentials says what to do", said)
    status, said = program.run("--aws-clean", "--yes")
    tap.ok(status == 0 and "there is no run in" in said, "--aws-clean says that there is no run", said)


def check_files(program):
    """What is in the directory of the results may be damaged, in use, or not writable."""
    state, log, lock = (os.path.join(program.directory, f"compare-aws.{end}") for end in ("json", "log", "lock"))
    for text in ("", "[]", '{"id": "abcdef"}', '{"id": "x", "account": "1", "region": "r", "results": "results.db", "phase": "deploy", "digest": "", "measurement": 1}'):
        with open(state, "w", encoding="utf-8") as file:
            file.write(text)
        status, said = program.run("--aws-clean", "--yes")
        tap.ok(status == 1 and "is damaged: delete it" in said, f"a state file with {text or 'nothing'} is named as damaged", said)
    os.unlink(state)
    with open(lock, "a", encoding="utf-8") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        for options in (("--aws-clean",), ("--aws", *program.options)):
            status, said = program.run(*options, "--yes")
            tap.ok(status == 1 and "another serverful compare --aws works in" in said, f"{options[0]} does not begin while another one works in the directory", said)
    for path in (log, lock):
        os.unlink(path)
        os.mkdir(path)
    status, said = program.run("--aws-clean", "--yes")
    tap.ok(status == 0 and said.count("cannot write") == 1, "--aws-clean deletes where it can write nothing, and says that it has no log once", said)
    for path in (log, lock):
        os.rmdir(path)


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
environment = Environment("deploy", os.path.join(tap.SOURCE, "lambda", "requirements-test.txt"))
tap.plan(1 + 3 + N_CASES + 2 + 6 + 11 + 5 + len(KILLED) + 10 + 7)
lint_template(environment, os.path.join(AWS, "base.yaml"), "cfn-lint accepts the template of the base stack")
with tempfile.TemporaryDirectory() as directory:
    options = package(directory)
    found = fail_everywhere(environment, directory, options)
    check_faults(found)
    check_price(directory)
    check_packages(directory)
    check_rights(environment, found["calls"], *found["templates"])
    with Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools, server="moto_compare.py") as mock:
        os.mkdir(os.path.join(directory, "work"))
        program = Program(mock, tools, os.path.join(directory, "work"), options)
        check_program(program, found["calls"])
        check_complaints(program)
        check_files(program)
tap.done()
