"""A mock of AWS that can deploy lambda/template.yaml and vm/template.yaml: moto's server, extended by what it lacks of SAM, of
aliases, of HTTP APIs and of invocations, and by moto_vm.py.

    RESOURCES=FILE python3 moto_sam.py     prints its address, and serves until its standard input ends

aws_faults.py uses it as a module, in a process of its own. It needs packages that Debian does not have: t/deploy.t runs it in an environment with them.
"""

import io
import itertools
import json
import os
import subprocess
import sys
import tempfile
import zipfile

import yaml
from moto.apigateway.models import Deployment, RestAPI
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import LambdaBackend, LambdaFunction, LambdaVersion, LayerVersion, lambda_backends
from moto.awslambda.responses import LambdaResponse
from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Stack
from moto.cloudformation.utils import yaml_tag_constructor
from moto.core.common_models import CloudFormationModel
from moto.logs.models import LogGroup
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from samtranslator.translator.transform import transform

import moto_vm

IS_PROGRAM = __name__ == "__main__"
__name__ = "moto.sam"  # moto needs a dot in the name of the module of its models


class NoPolicies:
    """The managed policies, of which our template uses none."""

    @staticmethod
    def load():
        return {}


def drop_resources(template, parameters, account, region):
    """Drop the resources whose condition is false: moto ignores conditions when it updates a stack."""
    resources = parsing.ResourceMap("", "", parameters, {}, region, account, template, None)
    resources.load()
    template["Resources"] = {name: resource for name, resource in template["Resources"].items()
                             if "Condition" not in resource or resources.lazy_condition_map[resource["Condition"]]}


def transformed(create):
    """Apply the SAM transform when a change set is created, as AWS does: moto knows only its result."""
    def create_change_set(self, stack_name, change_set_name, template, parameters, *rest, **options):
        sam = transform(Stack.parse_template(template), dict(parameters), NoPolicies)
        drop_resources(sam, parameters, self.account_id, self.region_name)
        return create(self, stack_name, change_set_name, json.dumps(sam), parameters, *rest, **options)
    return create_change_set


def apply_change_set(self):
    """Apply a change set with its parameters and tags, which moto forgets."""
    self.stack.update(self.template, self.role_arn, self.parameters, self.tags)


def in_order(diff):
    """Order changes: a function, then its new version, then the alias. moto adds new resources before it changes others."""
    def build_resource_diff(self, template, parameters=None):
        actions = diff(self, template, parameters)
        resources = template["Resources"]
        if parameters is None or not self._parsed_resources.keys() & resources.keys():
            return actions  # for display only, or the first deployment
        def rank(name):
            last = ("AWS::Lambda::Function", "AWS::Lambda::Version", "AWS::Lambda::Alias")
            return last.index(resources[name]["Type"]) if resources[name]["Type"] in last else -1
        late = [name for name in actions["Add"] if rank(name) >= 0]
        actions["Add"] = [name for name in actions["Add"] if name not in late]
        actions["Modify"] = sorted(actions["Modify"] + late, key=rank)
        return actions
    return build_resource_diff


NUMBERS = itertools.count(1)


def record(kind, properties):
    """Add a resource to the file that RESOURCES names."""
    with open(os.environ["RESOURCES"], "a", encoding="utf-8") as file:
        file.write(json.dumps([kind, properties]) + "\n")


class Resource:
    """A resource with a physical id and attributes. Its put() creates and changes it."""

    def __init__(self, id, **attributes):
        self.physical_resource_id, self.attributes = id, attributes

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def cloudformation_type(cls):
        return cls.TYPE

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        return cls.put(cloudformation_json["Properties"], account_id, region_name, None)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id,
                                        region_name):
        return cls.put(cloudformation_json["Properties"], account_id, region_name, original_resource)

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    def is_created(self):
        return True


class Recorded(Resource):
    """A resource that the mock keeps nothing of: its properties are written to the file that RESOURCES names."""

    REFERENCE, ATTRIBUTES = None, {}  # the property that Ref returns, and the attributes

    @classmethod
    def put(cls, properties, account, region, old):
        record(cls.TYPE, properties)
        name = properties.get(cls.REFERENCE) or (old.physical_resource_id if old else f"{cls.__name__.lower()}-{next(NUMBERS)}")
        return cls(name, **cls.ATTRIBUTES)


class Watch(Recorded, CloudFormationModel):
    TYPE = "AWS::CloudWatch::Alarm"


class Filter(Recorded, CloudFormationModel):
    TYPE = "AWS::Logs::MetricFilter"


class Url(Recorded, CloudFormationModel):
    TYPE, ATTRIBUTES = "AWS::Lambda::Url", {"FunctionUrl": "https://abc.lambda-url.eu-central-1.on.aws/"}


class RestStage(Recorded, CloudFormationModel):
    TYPE, REFERENCE = "AWS::ApiGateway::Stage", "StageName"


class Domain(Recorded, CloudFormationModel):
    TYPE, REFERENCE = "AWS::ApiGatewayV2::DomainName", "DomainName"
    ATTRIBUTES = {"RegionalDomainName": "d-1.execute-api.eu-central-1.amazonaws.com", "RegionalHostedZoneId": "Z1"}


class Mapping(Recorded, CloudFormationModel):
    TYPE = "AWS::ApiGatewayV2::ApiMapping"


class DeploymentGroup(Recorded, CloudFormationModel):
    TYPE = "AWS::CodeDeploy::DeploymentGroup"


class Alias(Resource, CloudFormationModel):
    TYPE = "AWS::Lambda::Alias"

    @classmethod
    def put(cls, properties, account, region, old):
        backend = lambda_backends[account][region]
        put = backend.update_alias if old else backend.create_alias
        alias = put(properties["Name"], properties["FunctionName"], properties["FunctionVersion"], "", None)
        return cls(alias.arn)


class Api(Resource, CloudFormationModel):
    TYPE = "AWS::ApiGatewayV2::Api"

    @classmethod
    def put(cls, properties, account, region, old):
        backend = apigatewayv2_backends[account][region]
        if old:
            api = backend.get_api(old.physical_resource_id)
        else:
            api = backend.create_api(None, None, "", False, False, "", "HTTP", None, {}, "")
        stages = dict(api.stages)
        api.import_api(json.dumps(properties["Body"]), False)
        for route in api.routes.values():
            if route.route_key.endswith(" /$default"):  # moto has no default route
                route.route_key = "$default"
        api.stages.update(stages)  # moto deletes them with the routes, AWS keeps them
        return cls(api.api_id, ApiEndpoint=api.api_endpoint)


class Stage(Resource, CloudFormationModel):
    TYPE = "AWS::ApiGatewayV2::Stage"

    @classmethod
    def put(cls, properties, account, region, old):
        record(cls.TYPE, properties)
        config = {"stageName": properties["StageName"], "autoDeploy": properties["AutoDeploy"]}
        apigatewayv2_backends[account][region].create_stage(properties["ApiId"], config)
        return cls(properties["StageName"])


def complete(function, properties):
    """Set the properties of our function that moto's CloudFormation leaves out."""
    if "Layers" not in properties:
        return function
    function.logs_group_name, function.logging = properties["LoggingConfig"]["LogGroup"], properties["LoggingConfig"]
    function.update_configuration({"Layers": properties["Layers"]})
    function.architectures, function.tracing_config = properties["Architectures"], properties["TracingConfig"]
    return function


def teach_rest_apis():
    """Record REST APIs with their routes, which moto does not read, and make their deployments without methods."""
    create = RestAPI.create_from_cloudformation_json
    RestAPI.create_from_cloudformation_json = staticmethod(
        lambda name, resource, *rest, **options: (record("AWS::ApiGateway::RestApi", resource["Properties"]), create(name, resource, *rest, **options))[1])
    Deployment.create_from_cloudformation_json = staticmethod(
        lambda name, resource, *_, **__: (record("AWS::ApiGateway::Deployment", resource["Properties"]), Resource(f"deployment-{next(NUMBERS)}"))[1])


def teach_functions():
    create, update = LambdaFunction.create_from_cloudformation_json, LambdaFunction.update_from_cloudformation_json
    configuration = LambdaFunction.get_configuration
    LambdaFunction.create_from_cloudformation_json = staticmethod(
        lambda name, resource, *rest, **options: complete(create(name, resource, *rest, **options), resource["Properties"]))
    LambdaFunction.update_from_cloudformation_json = staticmethod(
        lambda **options: complete(update(**options), options["cloudformation_json"]["Properties"]))
    LambdaFunction.get_configuration = lambda self, on_create=False: {
        **configuration(self, on_create), **({"LoggingConfig": self.logging} if hasattr(self, "logging") else {})}


def teach_versions():
    LambdaVersion.get_cfn_attribute = lambda self, name: str(self.version)
    LambdaVersion.update_from_cloudformation_json = staticmethod(lambda original_resource, **_: original_resource)
    LayerVersion.cloudformation_name_type = staticmethod(lambda: "LayerName")
    LayerVersion.physical_resource_id = LayerVersion.arn


def qualified(answer):
    """Read the parameter Qualifier, which moto looks for in lower case."""
    def invoke(self):
        self.querystring["qualifier"] = self.querystring.get("Qualifier")
        return answer(self)
    return invoke


def invoke(self, function_name, qualifier, body, headers, response_headers):
    """Answer an event as the handlers do with the snapshot of the function's last layer, which moto cannot run."""
    version = self._layers.get_layer_version_by_arn(self.get_function(function_name, qualifier).layers[-1]["Arn"])
    with tempfile.TemporaryDirectory() as directory:
        with zipfile.ZipFile(io.BytesIO(version.code_bytes)) as package:
            snapshot = package.extract("serverful.snapshot", directory)
        run = subprocess.run([os.environ["SERVERFUL"], "invoke", "--snapshot", snapshot], input=body.encode(), stdout=subprocess.PIPE)
    if run.returncode:
        response_headers["X-Amz-Function-Error"] = "Unhandled"
    answer = run.stdout or b'{"errorType": "Runtime.InitError"}'
    response_headers["Content-Length"] = str(len(answer))
    return answer


def change_log_group(original_resource, cloudformation_json, **_):
    original_resource.retention_in_days = cloudformation_json["Properties"]["RetentionInDays"]
    return original_resource


def without_none(clean):
    """Drop the elements of lists that are AWS::NoValue, as AWS does."""
    def clean_json(*arguments):
        cleaned = clean(*arguments)
        return [value for value in cleaned if value is not None] if isinstance(cleaned, list) else cleaned
    return clean_json


def read_quickly():
    """Let moto, which parses a template several times for each deployment, use the parser in C."""
    yaml.Loader = yaml.CLoader
    yaml.CLoader.add_multi_constructor("", yaml_tag_constructor)


def teach():
    read_quickly()
    parsing.clean_json = without_none(parsing.clean_json)
    CloudFormationBackend.create_change_set = transformed(CloudFormationBackend.create_change_set)
    ChangeSet.apply = apply_change_set
    parsing.ResourceMap.build_resource_diff = in_order(parsing.ResourceMap.build_resource_diff)
    parsing.NULL_MODELS += ["AWS::CodeDeploy::Application"]
    teach_rest_apis()
    teach_functions()
    teach_versions()
    LambdaBackend.invoke = invoke
    LambdaResponse.invoke = qualified(LambdaResponse.invoke)
    LogGroup.update_from_cloudformation_json = staticmethod(change_log_group)


def serve():
    """Serve in threads, and print the address. Returns the server."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    print("http://%s:%d" % server.get_host_and_port(), flush=True)
    return server


teach()
moto_vm.teach()
if IS_PROGRAM:
    server = serve()
    sys.stdin.read()
