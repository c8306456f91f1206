"""What moto lacks to deploy vm/template.yaml: an update of the user data of an instance, which stays the same one, the image of
Debian, and the deletion of the network."""

import json
import re

from moto.cloudformation import parsing
from moto.ec2.models.elastic_ip_addresses import ElasticAddress
from moto.ec2.models.instances import Instance
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import RouteTable
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup
from moto.ssm.models import Parameter, ParameterDict

IMAGES = {"arm64": "ami-0000000000000a464", "amd64": "ami-0000000000000a3d6"}  # of Debian 12


def update_instance(original_resource, cloudformation_json, **_):
    """Change an instance whose disk is on EBS, as AWS does: it stops, gets its new user data, and starts."""
    original_resource.user_data = cloudformation_json["Properties"]["UserData"]
    return original_resource


def with_substitutions(references):
    """Find the parameters in the texts of Fn::Sub, too, where moto finds those of Ref."""
    return lambda template: [*references(template), *re.findall(r"\$\{(\w+)\}", json.dumps(template))]


def delete_gateway(self, *_):
    """Delete an internet gateway with its attachment, which CloudFormation deletes first."""
    if self.vpc:
        self.ec2_backend.detach_internet_gateway(self.id, self.vpc.id)
    self.ec2_backend.delete_internet_gateway(self.id)


def with_debian(check):
    """Add the parameters with Debian's images to those that moto has."""
    def _check_loading_status(self, key):
        check(self, key)
        path, _, architecture = str(key).rpartition("/")
        if path == "/aws/service/debian/release/12/latest" and architecture in IMAGES and not dict.get(self, key):
            dict.__setitem__(self, key, [Parameter(self.account_id, key, IMAGES[architecture], "String", None, None, None, 0, 1, "text")])
    return _check_loading_status


def with_full_name(type, attribute):
    """Give a type of resources the attribute with its name in the metrics: the end of its ARN."""
    others = getattr(type, "get_cfn_attribute", None)
    type.get_cfn_attribute = lambda self, name: self.arn.split(":")[-1].removeprefix("loadbalancer/") if name == attribute else others(self, name)


def teach():
    with_full_name(FakeLoadBalancer, "LoadBalancerFullName")
    with_full_name(FakeTargetGroup, "TargetGroupFullName")
    parsing.get_references_from_template = with_substitutions(parsing.get_references_from_template)
    Instance.update_from_cloudformation_json = staticmethod(update_instance)
    ElasticAddress.delete = lambda self, *_: self.ec2_backend.release_address(allocation_id=self.allocation_id)
    RouteTable.delete = lambda self, *_: self.ec2_backend.delete_route_table(self.id)
    InternetGateway.delete = delete_gateway
    ParameterDict._check_loading_status = with_debian(ParameterDict._check_loading_status)
