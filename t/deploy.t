#!/usr/bin/python3
"""make deploy: the template is valid, and against a mock of AWS make deploy creates a function, a layer, an API and an
alias, and then updates them. The packages have the real bootstrap and snapshot."""

import base64
import hashlib
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cache
import tap
from aws_mock import Mock, REGION, load_aws, make_deploy, pack
from environment import Environment
from preloaded import Preloaded
from store import jieba_snapshot

LAMBDA = os.path.join(tap.SOURCE, "lambda")


ROUTES = {"$default": 0, "GET /calculator": 1, "GET /random-image": 2, "GET /segment": 3, "POST /segment": 3,
          "GET /keywords": 4, "POST /keywords": 4}  # and the number of its function, if there are several
HANDLERS = ("serverful", "calculator", "random-image", "segment", "keywords")


def sum_of(packages, architecture):
    """The checksum of a package, in the form that Lambda returns."""
    with open(os.path.join(packages, architecture, "function.zip"), "rb") as file:
        return base64.b64encode(hashlib.sha256(file.read()).digest()).decode()


def deploy(mock, packages, what, **variables):
    """Run make deploy, which must succeed. Returns its outputs."""
    status, said = make_deploy(mock.environment, PACKAGES=packages, **variables)
    tap.ok(status == 0, f"make deploy succeeds {what}", said)
    return dict(line.split("\t", 1) for line in said.splitlines() if "\t" in line and not line.startswith("\t"))


def check_template():
    """Run cfn-lint, once for each version of the template."""
    template = os.path.join(LAMBDA, "template.yaml")

    def lint(directory):
        with open(os.path.join(directory, "findings"), "w", encoding="utf-8") as file:
            status = subprocess.call([environment.tool("cfn-lint"), "--include-checks", "I", "--", template], stdout=file, stderr=file)
            file.write(f"exit status {status}\n")
    key = cache.digest(os.path.basename(environment.directory), cache.digest_of_files([template, __file__]))
    with open(os.path.join(cache.made("cfn_lint-" + key, lint), "findings"), encoding="utf-8") as file:
        tap.equal(file.read(), "exit status 0\n", "cfn-lint accepts the template")


def check_function(mock, name, packages, **expected):
    """Test the function, and the version that its alias points to, against template and parameters."""
    version = expected.pop("version")
    architecture = expected["Architectures"][0]
    expected = {"Runtime": "provided.al2023", "Timeout": 5, "CodeSha256": sum_of(packages, architecture),
                "Environment": {"Variables": {"SERVERFUL_CORS": "0"}}, **expected}
    alias = mock.ask("lambda", f"/2015-03-31/functions/{name}/aliases/live")
    tap.equal(alias["FunctionVersion"], version, f"the alias live of {expected['Handler']} points to version {version}")
    for qualifier in "$LATEST", alias["FunctionVersion"]:
        function = mock.function(name, qualifier)
        function["Layers"] = [layer["Arn"].split(":")[-2:] for layer in function["Layers"]]
        got = {key: function.get(key) for key in expected}
        tap.equal(got, expected, f"version {qualifier} of {expected['Handler']} has the code and the settings of the deployment")


def check_one_function(mock, packages, snapshot):
    """Create a stack with one function, change it, and deploy without a change."""
    pack(packages, snapshot)
    first = deploy(mock, packages, "the first time")
    name, log = first["FunctionName"], {"LogGroup": "/aws/lambda/serverful", "LogFormat": "Text"}
    check_function(mock, name, packages, version="1", Handler="serverful", MemorySize=128, Architectures=["arm64"],
                   Layers=[["serverful-snapshot", "1"]], LoggingConfig=log)
    api = mock.api(first)
    targets = mock.targets(api)
    tap.equal(targets.keys(), ROUTES.keys(), "the API has a route for each endpoint and method, and a default route")
    tap.equal(set(targets.values()), {f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{first['AliasArn']}"
                                      "/invocations"}, "all routes lead to the alias")
    tap.ok(first["AliasArn"].endswith(f":{name}:live"), "the alias belongs to the function", first)
    cors = {"allowOrigins": ["*"], "allowMethods": ["GET", "POST"], "allowHeaders": ["content-type"], "maxAge": 86400}
    tap.equal(api["corsConfiguration"], cors, "the API answers CORS preflight requests")
    stages = mock.ask("apigateway", f"/v2/apis/{api['apiId']}/stages")["items"]
    tap.equal([(stage["stageName"], stage["autoDeploy"]) for stage in stages], [("$default", True)], "the default stage of the API is deployed")
    tap.equal(mock.log_groups(), {"/aws/lambda/serverful": 14}, "the log is kept for 14 days by default")

    pack(packages, snapshot, code=b"more", words=b"more")
    parameters = "Architecture=x86_64 MemorySize=256 AllowOrigin=https://example.org LogRetentionDays=30"
    second = deploy(mock, packages, "with other packages and parameters", PARAMETERS=parameters)
    tap.equal(second, first, "an update keeps the API, the function and the alias")
    changed = {"Handler": "serverful", "MemorySize": 256, "Architectures": ["x86_64"], "LoggingConfig": log}
    check_function(mock, name, packages, version="2", Layers=[["serverful-snapshot", "2"]], **changed)
    tap.equal(mock.api(second)["corsConfiguration"]["allowOrigins"], ["https://example.org"], "AllowOrigin changes the origin of the API")
    tap.equal(sorted(mock.targets(api)), sorted(targets), "an update keeps the routes")
    tap.equal(mock.log_groups(), {"/aws/lambda/serverful": 30}, "LogRetentionDays changes how long the log is kept")

    third = deploy(mock, packages, "without a change", PARAMETERS=parameters)
    tap.equal(third, first, "a deployment without a change keeps the API, the function and the alias")
    check_function(mock, name, packages, version="2", Layers=[["serverful-snapshot", "2"]], **changed)
    tap.equal(mock.layers(), {"serverful-snapshot": 2}, "the stack keeps only the latest version of the layer")

    deploy(mock, packages, "with another parameter alone", PARAMETERS=parameters.replace("256", "512"))
    changed["MemorySize"] = 512
    check_function(mock, name, packages, version="3", Layers=[["serverful-snapshot", "2"]], **changed)
    pack(packages, snapshot, code=b"more", words=b"other")
    deploy(mock, packages, "with other words alone", PARAMETERS=parameters.replace("256", "512"))
    check_function(mock, name, packages, version="4", Layers=[["serverful-snapshot", "3"]], **changed)


def check_function_per_endpoint(mock, packages):
    outputs = deploy(mock, packages, "a function per endpoint, in a stack and a bucket with other names", STACK="three",
                     BUCKET="another-bucket", PARAMETERS="OneFunctionPerEndpoint=true")
    names, aliases = outputs["FunctionName"].split(), outputs["AliasArn"].split()
    for name, handler in zip(names, HANDLERS, strict=True):
        check_function(mock, name, packages, version="1", Handler=handler, MemorySize=128, Architectures=["arm64"],
                       Layers=[["three-snapshot", "1"]])
    targets = mock.targets(mock.api(outputs))
    tap.equal({route: uri.split("/functions/")[1] for route, uri in targets.items()},
              {route: aliases[number] + "/invocations" for route, number in ROUTES.items()}, "with OneFunctionPerEndpoint each route has its function")


def check_complaints(mock, directory):
    """make deploy says what is missing and what to do."""
    status, said = make_deploy(mock.environment, PACKAGES=os.path.join(directory, "none"))
    tap.ok(status != 0 and "run 'make lambda' first" in said, "make deploy without packages says to run make lambda", said)
    tools = os.path.join(directory, "tools")
    os.mkdir(tools)
    for name in "sh", "make", "dirname":
        os.symlink(f"/usr/bin/{name}", os.path.join(tools, name))
    status, said = make_deploy({**mock.environment, "PATH": tools})
    tap.ok(status != 0 and "install awscli" in said, "make deploy without the AWS CLI says to install awscli", said)
    none = {name: value for name, value in mock.environment.items() if "REGION" not in name}
    status, said = make_deploy(none)
    tap.ok(status != 0 and "set AWS_REGION" in said, "make deploy without a region says to set AWS_REGION", said)
    status, said = make_deploy(mock.environment, PARAMETERS="MemorySize")
    tap.ok(status != 0 and "not PARAMETER=VALUE" in said, "make deploy rejects a parameter without a value", said)


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
environment = Environment("deploy", os.path.join(LAMBDA, "requirements-test.txt"))
tap.plan(57)
check_template()
with tempfile.TemporaryDirectory() as directory, Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools) as mock:
    packages = os.path.join(directory, "packages")
    check_complaints(mock, directory)
    check_one_function(mock, packages, jieba_snapshot(directory))
    check_function_per_endpoint(mock, packages)
tap.done()
