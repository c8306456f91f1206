#!/usr/bin/python3
"""make deploy: the template is valid, and against a mock of AWS make deploy creates a function, a layer, an API and an
alias, and then updates them. The packages have the real bootstrap and snapshot."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from aws_mock import Mock, REGION, lint_template, load_aws, make_deploy, pack
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


def check_function(mock, name, packages, **expected):
    """Test the function, and the version that its alias points to, against template and parameters."""
    version = expected.pop("version")
    architecture = expected["Architectures"][0]
    expected = {"Runtime": "provided.al2023", "Timeout": 29, "CodeSha256": sum_of(packages, architecture),
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
    name, log = first["FunctionName"], {"LogGroup": "/aws/lambda/serverful", "LogFormat": "JSON", "ApplicationLogLevel": "INFO"}
    check_function(mock, name, packages, version="1", Handler="serverful", MemorySize=128, Architectures=["arm64"],
                   Layers=[["serverful-snapshot", "1"]], LoggingConfig=log)
    check_settings(mock.resources())
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
    check_rollback(mock, name)


def run_line(mock, name, command):
    """Run a line of README.md. Returns what it prints, the version that is live then, and all versions."""
    with open(os.path.join(LAMBDA, "README.md"), encoding="utf-8") as file:
        line, = re.findall(rf"^    (aws lambda {command} .*)$", file.read(), re.M)
    line = line.replace("FUNCTION", name).replace("aws lambda", f"aws --endpoint-url {mock.url} lambda")
    run = subprocess.run(line, shell=True, env=mock.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    versions = mock.ask("lambda", f"/2015-03-31/functions/{name}/versions")["Versions"]
    return run.stdout, mock.ask("lambda", f"/2015-03-31/functions/{name}/aliases/live")["FunctionVersion"], [one["Version"] for one in versions]


def check_rollback(mock, name):
    """Go back by hand, and then delete the version that is not live, which a deployment that rolled back by itself leaves, too."""
    said, live, versions = run_line(mock, name, "update-alias")
    tap.ok((live, versions[-1]) == ("3", "4"), "the line of README.md moves the alias to the version before", (said, live, versions))
    said, live, versions = run_line(mock, name, "delete-function")
    tap.equal((live, versions), ("3", ["$LATEST", "1", "2", "3"]), f"the line of README.md deletes the version that a deployment left: {said}")


def check_settings(resources):
    """Test what a deployment without parameters has besides the function."""
    group, = resources["AWS::CodeDeploy::DeploymentGroup"]
    alarms = resources["AWS::CloudWatch::Alarm"]
    tap.equal([len(group["AlarmConfiguration"]["Alarms"]), group["AutoRollbackConfiguration"]["Enabled"],
               "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]], [4, True, True], "a deployment rolls back on the four alarms")
    tap.equal(sorted((query["MetricStat"]["Metric"]["MetricName"], query["MetricStat"]["Stat"]) for alarm in alarms for query in alarm.get("Metrics", []) if "MetricStat" in query),
              [("Duration", "p99"), ("Errors", "Sum"), ("Throttles", "Sum")], "the alarms watch errors, throttles and the 99th percentile of the duration")
    tap.equal({"AlarmActions" in alarm for alarm in alarms}, {False}, "without AlarmTopicArn, alarms notify nobody")
    check_logged_errors(resources, "serverful", '{ ($.level = "ERROR") || ($.level = "FATAL") }')
    stage, = resources["AWS::ApiGatewayV2::Stage"]
    tap.equal((stage["DefaultRouteSettings"], "AccessLogSettings" in stage), ({"ThrottlingRateLimit": 1000, "ThrottlingBurstLimit": 500}, False),
              "the API throttles, and logs no requests")
    tap.equal(resources.keys() & {"AWS::ApiGateway::RestApi", "AWS::Lambda::Url", "AWS::ApiGatewayV2::DomainName"}, set(),
              "without parameters there is no other gateway")


def check_logged_errors(resources, stack, pattern):
    """Test the alarm that sees an answer with 500, which is no failed invocation: t/function_log.t applies the pattern to the log."""
    found, = resources["AWS::Logs::MetricFilter"]
    metric = {"MetricNamespace": stack, "MetricName": "LoggedErrors", "MetricValue": "1"}
    tap.equal((found["LogGroupName"], found["FilterPattern"], found["MetricTransformations"]), (f"/aws/lambda/{stack}", pattern, [metric]),
              f"CloudWatch counts the errors that the functions of {stack} log")
    tap.equal([(alarm["Namespace"], alarm["Statistic"], alarm["Threshold"]) for alarm in resources["AWS::CloudWatch::Alarm"] if alarm.get("MetricName") == "LoggedErrors"],
              [(stack, "Sum", 0)], f"an alarm of {stack} watches the errors that are logged")


# Each parameter that adds something. The API has a certificate of its region.
ALL = ("OneFunctionPerEndpoint=true RestApi=true FunctionUrl=true DomainName=api.example.org BasePath=v1/words Metrics=true Tracing=Active "
       "CertificateArn=arn:aws:acm:eu-central-1:123456789012:certificate/12345678-1234-1234-1234-123456789012 AccessLog=true ReservedConcurrency=5 "
       "AlarmTopicArn=arn:aws:sns:eu-central-1:123456789012:alarms AlarmDuration=250 DeploymentPreference=Canary10Percent5Minutes LogFormat=Text")
OUTPUTS = {"ApiUrl", "RestApiUrl", "FunctionUrl", "DomainUrl", "DomainTarget", "FunctionName", "AliasArn", "LogGroup", "AccessLogGroup", "AlarmNames",
           "MetricsNamespace"}


def check_access_log(format, resource):
    """Test that serverful traffic reads a line in the format of an access log."""
    values = {"requestTimeEpoch": "1732358400123", "httpMethod": "GET", "path": "/v1/segment", "protocol": "HTTP/1.1", "status": "200", "responseLength": "42",
              "responseLatency": "12", "integrationLatency": "9", "routeKey": "GET /segment", "resourcePath": "/segment"}
    line = re.sub(r"\$context\.(\w+)", lambda found: values.get(found[1], "-"), format)
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, "log"), "w", encoding="utf-8") as file:
            file.write(line + "\n")
        run = subprocess.run([tap.SERVERFUL, "traffic", "--results", os.path.join(directory, "db"), os.path.join(directory, "log")],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.ok(run.returncode == 0 and "segment" in run.stdout and "API Gateway" in run.stdout, f"serverful traffic reads the access log of the {resource}",
           f"{line}\n{run.stdout}")


def check_all(mock, outputs, resources):
    """Test what ALL adds."""
    tap.equal(outputs.keys(), OUTPUTS, "each part of a deployment is an output")
    tap.equal((outputs["DomainUrl"], outputs["FunctionUrl"], outputs["MetricsNamespace"]),
              ("https://api.example.org/v1/words", "https://abc.lambda-url.eu-central-1.on.aws", "three"),
              "the outputs have the URLs of domain and function without a slash at the end, and the namespace")
    api, = resources["AWS::ApiGateway::RestApi"]
    calls = {path: method["x-amazon-apigateway-integration"]["uri"].split("/functions/")[1] for path, methods in api["Body"]["paths"].items() for method in methods.values()}
    aliases = [alias + "/invocations" for alias in outputs["AliasArn"].split()]
    tap.equal(calls, {"/": aliases[0], "/{proxy+}": aliases[0], "/calculator": aliases[1], "/random-image": aliases[2], "/segment": aliases[3], "/keywords": aliases[4]},
              "the REST API has a route for each endpoint, and one for all other paths")
    stage, = resources["AWS::ApiGateway::Stage"]
    setting, = stage["MethodSettings"]
    tap.equal((stage["TracingEnabled"], setting["ThrottlingRateLimit"]), (True, 1000), "the REST API is traced and throttles")
    check_access_log(stage["AccessLogSetting"]["Format"], "REST API")
    stage, = resources["AWS::ApiGatewayV2::Stage"]
    check_access_log(stage["AccessLogSettings"]["Format"], "HTTP API")
    url, = resources["AWS::Lambda::Url"]
    tap.equal((url["Qualifier"], url["AuthType"], "Cors" in url), ("live", "NONE", False), "the function URL is that of the alias, and leaves CORS to the function")
    mapping, = resources["AWS::ApiGatewayV2::ApiMapping"]
    tap.equal((mapping["ApiMappingKey"], mapping["Stage"], mapping["DomainName"]), ("v1/words", "$default", "api.example.org"), "the domain leads to the HTTP API")
    topic = "arn:aws:sns:eu-central-1:123456789012:alarms"
    tap.equal(sorted((len(alarm.get("Metrics", [])), *alarm["AlarmActions"]) for alarm in resources["AWS::CloudWatch::Alarm"]), [(0, topic)] + [(6, topic)] * 3,
              "the alarms watch all functions, and notify the topic")
    check_logged_errors(resources, "three", '"bootstrap:"')
    groups = resources["AWS::CodeDeploy::DeploymentGroup"]
    tap.equal([(len(group["AlarmConfiguration"]["Alarms"]), group["DeploymentConfigName"]) for group in groups],
              [(4, "CodeDeployDefault.LambdaCanary10Percent5Minutes")] * 5, "the canary of each function rolls back on the alarms")
    tap.equal(mock.tags("three"), {"Team": "words", "Stage": "test"}, "TAGS are the tags of the stack")


def check_function_per_endpoint(mock, packages):
    mock.resources()
    outputs = deploy(mock, packages, "a function per endpoint, with all that parameters add, in a stack and a bucket with other names", STACK="three",
                     BUCKET="another-bucket", PARAMETERS=ALL, TAGS="Team=words Stage=test")
    check_all(mock, outputs, mock.resources())
    names, aliases = outputs["FunctionName"].split(), outputs["AliasArn"].split()
    for name, handler in zip(names, HANDLERS, strict=True):
        check_function(mock, name, packages, version="1", Handler=handler, MemorySize=128, Architectures=["arm64"],
                       Layers=[["three-snapshot", "1"]], LoggingConfig={"LogGroup": "/aws/lambda/three", "LogFormat": "Text"}, TracingConfig={"Mode": "Active"},
                       Environment={"Variables": {"SERVERFUL_CORS": "1", "SERVERFUL_BASE_PATH": "v1/words", "SERVERFUL_METRICS": "three"}})
    targets = mock.targets(mock.api(outputs))
    tap.equal({route: uri.split("/functions/")[1] for route, uri in targets.items()},
              {route: aliases[number] + "/invocations" for route, number in ROUTES.items()}, "with OneFunctionPerEndpoint each route has its function")
    mock.resources()
    deploy(mock, packages, "one function again", STACK="three", BUCKET="another-bucket", PARAMETERS="OneFunctionPerEndpoint=false")
    tap.equal(len(mock.resources().get("AWS::ApiGateway::Deployment", [])), 1, "a parameter that changes what the REST API calls deploys that API")


# Stands in for the AWS CLI where a deployment fails.
FAILING = """#!/bin/sh
case "$*" in
*"cloudformation deploy"*) exit 255 ;;
*"describe-stack-events --stack-name serverful "*) echo "Function no such layer" ;;
esac
"""


def check_failure(mock, packages, directory):
    """make deploy says what failed in the stack."""
    tools = os.path.join(directory, "failing")
    os.mkdir(tools)
    with open(os.path.join(tools, "aws"), "w", encoding="utf-8") as file:
        file.write(FAILING)
    os.chmod(os.path.join(tools, "aws"), 0o755)
    status, said = make_deploy({**mock.environment, "PATH": f"{tools}:{mock.environment['PATH']}"}, PACKAGES=packages, BUCKET="bucket")
    tap.ok(status != 0 and "Function no such layer" in said and "delete it first" in said, "make deploy says why a stack failed, and what to do", said)


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
    status, said = make_deploy(mock.environment, PARAMETERS="MemorySize=256 Memory=256")
    tap.ok(status != 0 and "there is no parameter 'Memory'" in said, "make deploy rejects a parameter that the template does not have", said)


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
environment = Environment("deploy", os.path.join(LAMBDA, "requirements-test.txt"))
tap.plan(83)
lint_template(environment, os.path.join(LAMBDA, "template.yaml"), "cfn-lint accepts the template")
with tempfile.TemporaryDirectory() as directory, Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools) as mock:
    packages = os.path.join(directory, "packages")
    check_complaints(mock, directory)
    check_one_function(mock, packages, jieba_snapshot(directory))
    check_function_per_endpoint(mock, packages)
    check_failure(mock, packages, directory)
tap.done()
