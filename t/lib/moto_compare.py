"""What moto lacks for serverful compare --aws: a schedule, the transform at create-stack, deletion of what SAM makes, answers of what runs
on the instances, and a count of all that there is.

    RESOURCES=FILE python3 moto_compare.py     prints its address, and serves until its standard input ends; for each line it prints the count
"""

import functools
import json
import re
import sys

import moto_sam
from cloud_answers import Answers
from moto.apigateway.models import RestAPI, apigateway_backends
from moto.apigatewayv2.models import apigatewayv2_backends
from moto.awslambda.models import LayerVersion, lambda_backends
from moto.backends import get_backend
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import CloudFormationBackend, Stack, cloudformation_backends
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudwatch.models import CloudWatchBackend
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import EC2Backend, ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.iam.models import iam_backends
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.ssm.models import SimpleSystemManagerBackend
from samtranslator.translator.transform import transform

IS_PROGRAM = __name__ == "__main__"
__name__ = "moto.compare"  # moto needs a dot in the name of the module of its models

ACCOUNT, REGION = "123456789012", "eu-central-1"
SERVICES = ("apigateway", "apigatewayv2", "awslambda", "cloudformation", "cloudwatch", "codedeploy", "ec2", "iam", "logs", "s3", "scheduler", "ssm")
PARSE = Stack.parse_template


class Expiry(moto_sam.Resource, CloudFormationModel):
    TYPE = "AWS::Scheduler::Schedule"

    @classmethod
    def put(cls, properties, account, region, old):
        scheduler_backends[account][region].create_schedule("", "", properties["FlexibleTimeWindow"], "", "", properties["Name"], properties["ScheduleExpression"], "",
                                                            properties["StartDate"], "ENABLED", properties["Target"], None)
        schedule = cls(properties["Name"])
        schedule.delete = lambda account, region: scheduler_backends[account][region].delete_schedule(None, schedule.physical_resource_id)
        return schedule


@functools.cache
def parsed(text):
    """Parse a template, and apply the SAM transform to it. Returns JSON."""
    template = json.loads(text) if text.startswith("{") else PARSE(text)
    if "Transform" in template:
        defaults = {name: one.get("Default", "") for name, one in template["Parameters"].items()}
        template = transform(template, defaults, moto_sam.NoPolicies)
    return json.dumps(template)


def parse_template(text):
    """Parse a template. One that differs only in the id of the run is parsed once."""
    id = re.search(r"serverful-compare-([0-9a-f]{6})", text)
    id = id[1] if id else "none"
    return json.loads(parsed(text.replace(id, "{id}")).replace("{id}", id))


def with_transform(create):
    """Apply the SAM transform to a template that is given to create-stack, and refuse a role that is not there, as AWS does."""
    def create_stack(self, name, template, parameters, **options):
        if options.get("role_arn") and options["role_arn"] not in {role.arn for role in iam_backends[self.account_id]["aws"].roles.values()}:
            raise ValidationError(name, f"Role {options['role_arn']} is invalid or cannot be assumed")
        found = parse_template(template)
        moto_sam.drop_resources(found, parameters, self.account_id, self.region_name)
        return create(self, name, json.dumps(found), parameters, **options)
    return create_stack


def with_role(delete):
    """Refuse to delete a stack with a role that is not there, as AWS does."""
    def delete_stack(self):
        name = self._get_param("StackName")
        role = self._get_param("RoleARN") or next((stack.role_arn for stack in self.cloudformation_backend.stacks.values() if stack.name == name), None)
        if role and role not in {one.arn for one in iam_backends[ACCOUNT]["aws"].roles.values()}:
            raise ValidationError(name, f"Role {role} is invalid or cannot be assumed")
        return delete(self)
    return delete_stack


def delete_layer(self, account, region):
    """Delete a version of a layer, and the layer with its last version."""
    backend = lambda_backends[account][region]
    backend.delete_layer_version(self.name, str(self.version))
    if not backend._layers.get_layer_versions(self.name):
        del backend._layers._layers[self.name]


def without_network(delete):
    """Delete a VPC with its default access list, as AWS does."""
    def delete_vpc(self, vpc_id):
        deleted = delete(self, vpc_id)
        for id in [one.id for one in self.network_acls.values() if one.vpc_id == vpc_id]:
            del self.network_acls[id]
        return deleted
    return delete_vpc


def without_interfaces(terminate):
    """Terminate an instance with the network interfaces that moto has made for it."""
    def terminate_instance(self, *arguments, **options):
        made = [interface.id for interface in self.nics.values()]
        found = terminate(self, *arguments, **options)
        for id in made:
            self.ec2_backend.enis.pop(id, None)
        return found
    return terminate_instance


def teach_deletions():
    """Let stacks delete what moto forgets to."""
    NetworkInterface.delete = lambda self, *_, delete=NetworkInterface.delete: delete(self)
    EC2Backend.delete_vpc = without_network(EC2Backend.delete_vpc)
    Instance.terminate = without_interfaces(Instance.terminate)
    LayerVersion.delete = delete_layer
    RestAPI.delete = lambda self, account, region: apigateway_backends[account][region].delete_rest_api(self.id)
    moto_sam.Api.delete = lambda self, account, region: apigatewayv2_backends[account][region].delete_api(self.physical_resource_id)


ANSWERS = Answers()  # what instances, the function and gateways say


def identify(stack):
    """Tell the answers which things the run has that the client belongs to."""
    ANSWERS.rest_name = f"{stack}-function"
    ANSWERS.function = next(one.function_name for one in lambda_backends[ACCOUNT][REGION].list_functions() if one.function_name.startswith(f"{stack}-function"))
    ANSWERS.vm = next(one.id for one in ec2_backends[ACCOUNT][REGION].all_instances() if one.state == "running" and name_of(one) == f"{stack}-vm")


def name_of(instance):
    return next((tag["value"] for tag in instance.get_tags() if tag["key"] == "Name"), "")


def running(send):
    """Run the script of a command on an instance: the answers say what it prints."""
    def send_command(self, *arguments, **options):
        chosen = list(options["instance_ids"])  # moto adds all instances
        command = send(self, *arguments, **options)
        for invocation in [one for one in command.invocations if one["InstanceId"] in chosen]:
            identify(name_of(ec2_backends[ACCOUNT][REGION].get_instance(invocation["InstanceId"])).rpartition("-")[0])
            printed = ANSWERS.script(options["parameters"]["commands"][0])
            invocation.update(Status="Success", StatusDetails="Success", StandardOutputContent=printed[:24000])
            if options["output_s3_bucket_name"]:
                key = f"{options['output_s3_key_prefix']}/{command.command_id}/{invocation['InstanceId']}/awsrunShellScript/0.awsrunShellScript/stdout"
                s3_backends[ACCOUNT]["aws"].put_object(options["output_s3_bucket_name"], key, printed.encode())
        return command
    return send_command


def set_status(name, status):
    """Set the status of a stack, by its name."""
    for stack in cloudformation_backends[ACCOUNT][REGION].stacks.values():
        if stack.name == name:
            stack.status = status


def get_metric_data(self, queries, start_time, end_time, scan_by="TimestampAscending"):
    """Return one value for each metric that the answers have."""
    found = [(query["Id"], ANSWERS.statistic(query["MetricStat"])) for query in queries]
    return [{"id": id, "label": "", "values": values, "timestamps": [start_time] * len(values), "status_code": "Complete"} for id, values in found]


def filter_log_events(self, log_group_name, *_, **__):
    if log_group_name not in self.groups:
        raise ResourceNotFoundException()
    return [{"timestamp": ms, "message": text, "logStreamName": "s", "eventId": str(i)} for i, (ms, text) in enumerate(ANSWERS.reports)], None, []


def teach():
    Stack.parse_template = staticmethod(parse_template)
    CloudFormationBackend.create_stack = with_transform(CloudFormationBackend.create_stack)
    CloudFormationResponse.delete_stack = with_role(CloudFormationResponse.delete_stack)
    SimpleSystemManagerBackend.send_command = running(SimpleSystemManagerBackend.send_command)
    CloudWatchBackend.get_metric_data = get_metric_data
    LogsBackend.filter_log_events = filter_log_events
    teach_deletions()


# Collections of the mock that remember what is gone, or what belongs to nobody: names of attributes by service.
MEMORIES = {"cloudformation": {"deleted_stacks"}, "ec2": {"tags", "reservations", "subnet_associations"}, "ssm": {"_commands"}}


def size(value):
    """Return the number of things in a collection, which may be in groups."""
    groups = value.values() if isinstance(value, dict) else value
    return sum(len(group) for group in groups) if value and all(isinstance(group, dict) for group in groups) else len(value)


def inventory():
    """Count what the mock has, over all services: the sizes of all collections, and instances that are not terminated."""
    found = {}
    for service in SERVICES:
        backends = get_backend(service)[ACCOUNT]
        backend = backends["aws" if "aws" in backends else REGION]
        for name, value in vars(backend).items():
            if isinstance(value, dict | list | set) and name not in MEMORIES.get(service, ()):
                found[f"{service} {name}"] = size(value)
    found["ec2 instances"] = sum(one.state != "terminated" for one in get_backend("ec2")[ACCOUNT][REGION].all_instances())
    return found


if IS_PROGRAM:
    teach()
    server = moto_sam.serve()
    for _ in sys.stdin:
        print(json.dumps(inventory()), flush=True)
