#!/usr/bin/python3
"""make deploy-vm and make delete-vm: the template is valid, and against a mock of AWS they create a VM, or two behind a load balancer,
update its package, and delete everything."""

import base64
import hashlib
import os
import re
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from aws_mock import Mock, lint_template, load_aws, run_make
from environment import Environment
from preloaded import Preloaded

TEMPLATE = os.path.join(tap.SOURCE, "vm", "template.yaml")
OUTPUTS = {"Url", "Addresses", "InstanceIds", "PackageSha256"}


class Account:
    """A mock of AWS, and packages to deploy to it, in a directory."""

    def __init__(self, mock, directory):
        self.mock, self.directory = mock, directory

    def make(self, target, **variables):
        return run_make(self.mock.environment, target, **variables)

    def deploy(self, what, **variables):
        """Run make deploy-vm, which must succeed. Returns its outputs."""
        status, said = self.make("deploy-vm", **variables)
        tap.ok(status == 0, f"make deploy-vm succeeds {what}", said)
        return dict(line.split("\t", 1) for line in said.splitlines() if "\t" in line)

    def package(self, content, architecture="arm64"):
        """Make a file that stands for a package. Returns its path and its checksum."""
        path = os.path.join(self.directory, f"serverful_0.1.0_{architecture}.deb")
        with open(path, "wb") as file:
            file.write(content)
        return path, hashlib.sha256(content).hexdigest()

    def user_data(self, instance):
        text, = self.mock.query("ec2", "value", Action="DescribeInstanceAttribute", InstanceId=instance, Attribute="userData")
        return base64.b64decode(text).decode()

    def left(self):
        """What costs money, or what would keep the network from being deleted: running VMs, disks, addresses, networks, load balancers."""
        running = {"Filter.1.Name": "instance-state-name", "Filter.1.Value.1": "running"}
        return [*self.mock.query("ec2", "instanceId", Action="DescribeInstances", **running),
                *self.mock.query("ec2", "volumeId", Action="DescribeVolumes"),
                *self.mock.query("ec2", "publicIp", Action="DescribeAddresses"),
                *self.mock.query("ec2", "vpcId", Action="DescribeVpcs", **{"Filter.1.Name": "is-default", "Filter.1.Value.1": "false"}),
                *self.mock.query("elasticloadbalancing", "LoadBalancerArn", Action="DescribeLoadBalancers", Version="2015-12-01")]


def variables(user_data):
    """The variables that the template gives to the script."""
    return dict(re.findall(r"^([A-Z0-9_]+)='(.*)'$", user_data, re.M))


def check_one_vm(account):
    path, checksum = account.package(b"first")
    outputs = account.deploy("the first time", DEB=path, PARAMETERS="AllowedCidr=192.0.2.0/24")
    tap.equal((outputs.keys(), outputs["PackageSha256"]), (OUTPUTS, checksum), "make deploy-vm prints the outputs of the stack")
    instance = outputs["InstanceIds"]
    tap.equal([account.mock.query("ec2", name, Action="DescribeInstances") for name in ("imageId", "instanceType")],
              [["ami-0000000000000a464"], ["t4g.nano"]], "the VM is a t4g.nano with Debian's image for arm64")
    first = account.user_data(instance)
    given = variables(first)
    tap.equal((given["PACKAGE_SHA256"], given["ADDRESS"], given["DOMAIN"], given["LOG_DAYS"]), (checksum, outputs["Addresses"], "", "14"),
              "the script gets checksum, address, domain and days of the log")
    tap.ok(given["AGENT_URL"].startswith("https://s3.eu-central-1.amazonaws.com/amazon-ssm-eu-central-1/latest/debian_arm64/"),
           "the script gets the SSM agent of its region and processor", given["AGENT_URL"])
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(given["PACKAGE_URL"], timeout=60) as answer:
        tap.equal(answer.read(), b"first", "the script can fetch the package")
    query = dict(re.findall(r"[?&]([A-Za-z-]+)=([^&]*)", given["PACKAGE_URL"]))
    tap.ok(query.get("X-Amz-Expires") == "604800" or "Expires" in query, "the address of the package is signed, and ends", given["PACKAGE_URL"])

    account.deploy("without a change", DEB=path)
    tap.equal(account.user_data(instance), first, "a deployment with the same package does not restart the VM")
    path, checksum = account.package(b"second")
    outputs = account.deploy("with another package", DEB=path, PARAMETERS="LogRetentionDays=30")
    given = variables(account.user_data(outputs["InstanceIds"]))
    tap.equal((outputs["InstanceIds"], given["PACKAGE_SHA256"], given["LOG_DAYS"]), (instance, checksum, "30"),
              "another package changes the user data of the same VM")
    return first


def check_two_vms(account):
    path, _ = account.package(b"first", "amd64")
    certificate = account.mock.ask("acm", "/", "CertificateManager.RequestCertificate", DomainName="example.org")["CertificateArn"]
    outputs = account.deploy("with two VMs", VM_STACK="two", DEB=path, PARAMETERS="AllowedCidr=0.0.0.0/0 Available=true "
                             f"InstanceType=t3.small CertificateArn={certificate}")
    instances, addresses = outputs["InstanceIds"].split(), outputs["Addresses"].split()
    both = [account.user_data(instance) for instance in instances]
    tap.equal([(variables(data)["ADDRESS"], variables(data)["PROXIES"]) for data in both], [(address, "10.0.0.0/24") for address in addresses],
              "both VMs take the addresses of clients from the load balancer")
    tap.equal(len({re.sub(r"^(ADDRESS)=.*$", "", data, flags=re.M) for data in both}), 1, "both VMs run the same script")
    tap.ok(outputs["Url"].startswith("https://") and "elb" in outputs["Url"], "the URL is that of the load balancer", outputs["Url"])


def check_complaints(account):
    path, _ = account.package(b"first")
    for what, text, status, said in (
            ("without a package", "build it with", *account.make("deploy-vm")),
            ("with an unknown type", "choose one of the mapping", *account.make("deploy-vm", DEB=path, PARAMETERS="InstanceType=x9.nano")),
            ("with another architecture", "make another stack", *account.make("deploy-vm", DEB=path, PARAMETERS="InstanceType=t3.nano")),
            ("with the package of another architecture", "ends with _amd64.deb",
             *account.make("deploy-vm", VM_STACK="new", DEB=path, PARAMETERS="InstanceType=t3.nano")),
            ("with a word that is no parameter", "not PARAMETER=VALUE", *account.make("deploy-vm", DEB=path, PARAMETERS="t3.nano"))):
        tap.ok(status != 0 and text in said, f"make deploy-vm {what} says what to do", said)


def check_deletion(account, before):
    for stack in "serverful-vm", "two":
        status, said = account.make("delete-vm", VM_STACK=stack)
        tap.ok(status == 0 and f"deleted the stack {stack}" in said, f"make delete-vm deletes the stack {stack}", said)
    tap.equal(account.left(), before, "make delete-vm leaves nothing that costs money, but the bucket")


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
environment = Environment("deploy", os.path.join(tap.SOURCE, "lambda", "requirements-test.txt"))
tap.plan(24)
lint_template(environment, TEMPLATE, "cfn-lint accepts the template of the VM")
with tempfile.TemporaryDirectory() as directory, Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools) as mock:
    account = Account(mock, directory)
    before = account.left()
    check_one_vm(account)
    check_two_vms(account)
    check_complaints(account)
    check_deletion(account, before)
tap.done()
