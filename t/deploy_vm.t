#!/usr/bin/python3
"""make deploy-vm and make delete-vm: the template is valid, and against a mock of AWS they create a VM, or two behind a load balancer,
update its package, and delete everything. With SERVERFUL_DEBIAN=1, which takes minutes and fetches Debian's packages, the user data of
that VM runs in a clean machine with systemd and cloud-init: at the first boot, at a second one, and at those of upgrades."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import machine
import tap
from aws_mock import Mock, lint_template, load_aws, run_make
from cloud_machine import CloudMachine, digest, localized, make_agent
from debian_package import QUICK, build, distribute, later
from environment import Environment
from preloaded import Preloaded
from wait import wait_until

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
from aws import vm

TEMPLATE = os.path.join(tap.SOURCE, "vm", "template.yaml")
ON_MACHINE = 32  # results that need a clean machine
STORE = "/var/lib/serverful/serverful.db"
STATE = ["/etc/nginx/serverful-tls/certificate.pem", "/etc/nginx/sites-available/serverful-tls", "/etc/nginx/sites-enabled/",
         "/etc/systemd/journald.conf.d/serverful.conf", "/var/lib/serverful-vm", "/var/tmp"]
ASK = """
import sys, urllib.request, ssl
class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None
context = ssl.create_default_context(cafile=sys.argv[2]) if sys.argv[2] else None
try:
    answer = urllib.request.build_opener(Stay, urllib.request.HTTPSHandler(context=context)).open(sys.argv[1], timeout=60)
except urllib.error.HTTPError as error:
    answer = error
except OSError as error:
    print(error)
    sys.exit()
print(answer.status, answer.headers.get("Location", ""), answer.read().decode())
"""
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


def check_rights(account):
    """What may reach the VM, what it may do, and how its disk is kept."""
    columns = [account.mock.query("ec2", name, Action="DescribeSecurityGroupRules") for name in ("isEgress", "fromPort", "cidrIpv4")]
    tap.equal([rule for rule in zip(*columns, strict=True) if rule[0] == "false"], [("false", "443", "192.0.2.0/24")],
              "only AllowedCidr may reach the VM, and HTTPS alone")
    role, = account.mock.query("iam", "RoleName", Action="ListRoles", Version="2010-05-08")
    policy, = account.mock.query("iam", "PolicyDocument", Action="GetRolePolicy", RoleName=role, PolicyName="ssm", Version="2010-05-08")
    tap.equal(sorted(set(re.findall(r"\w+:[\w*]+", policy))), ["ssm:UpdateInstanceInformation", "ssmmessages:CreateControlChannel",
              "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"], "the VM may talk to Session Manager alone")
    tap.equal([account.mock.query("ec2", name, Action="DescribeVolumes") for name in ("encrypted", "size")], [["true"], ["8"]],
              "the disk is encrypted, and has 8 GB")


def check_script(user_data):
    """The shell can read the script, which prints a site with TLS, and takes the addresses of clients from a load balancer."""
    script = user_data[user_data.index("#!/bin/sh"):user_data.index("\n--part--")]
    run = subprocess.run(["dash", "-n"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.equal((run.returncode, run.stdout), (0, ""), "the shell finds no mistake in the script")
    functions = script[:script.index("\nmkdir -p")].replace("/etc/nginx/sites-available/serverful ", os.path.join(tap.SOURCE, "nginx", "serverful.conf "))
    site = subprocess.run(["dash"], input=functions.replace("$(mktemp -d", "$(echo") + "\nprint_site\n", stdout=subprocess.PIPE, text=True).stdout
    with open(os.path.join(tap.SOURCE, "nginx", "serverful.conf"), encoding="utf-8") as file:
        expected = re.search(r"^server \{\n(.*?)^\}", file.read(), re.M | re.S)[1].replace("8080 default", "443 ssl http2 default")
    tls, plain = re.findall(r"^server \{\n(.*?)^\}", site, re.M | re.S)
    tap.ok(tls.startswith(expected), "the site of the VM is the package's on port 443, with TLS", site)
    tap.ok("set_real_ip_from 10.0.0.0/24;" in tls and "ssl_certificate /etc/nginx/serverful-tls/certificate.pem;" in tls and "return 301" in plain,
           "the site has a certificate, trusts the load balancer, and sends clients from port 80 to HTTPS", site)


def check_two_vms(account):
    path, _ = account.package(b"first", "amd64")
    certificate = account.mock.ask("acm", "/", "CertificateManager.RequestCertificate", DomainName="example.org")["CertificateArn"]
    outputs = account.deploy("with two VMs", VM_STACK="two", DEB=path, TAGS="Team=web Stage=test", PARAMETERS="AllowedCidr=0.0.0.0/0 Available=true "
                             f"InstanceType=t3.small CertificateArn={certificate}")
    tap.equal(account.mock.tags("two"), {"Team": "web", "Stage": "test"}, "TAGS are the tags of the stack")
    instances, addresses = outputs["InstanceIds"].split(), outputs["Addresses"].split()
    both = [account.user_data(instance) for instance in instances]
    tap.equal([(variables(data)["ADDRESS"], variables(data)["PROXIES"]) for data in both], [(address, "10.0.0.0/24") for address in addresses],
              "both VMs take the addresses of clients from the load balancer")
    tap.equal(len({re.sub(r"^(ADDRESS)=.*$", "", data, flags=re.M) for data in both}), 1, "both VMs run the same script")
    check_script(both[1])
    tap.ok(outputs["Url"].startswith("https://") and "elb" in outputs["Url"], "the URL is that of the load balancer", outputs["Url"])


def check_complaints(account):
    path, _ = account.package(b"first")
    for what, text, status, said in (
            ("without a package", "build it with", *account.make("deploy-vm")),
            ("with an unknown type", "choose one of the mapping", *account.make("deploy-vm", DEB=path, PARAMETERS="InstanceType=x9.nano")),
            ("with another architecture", "make another stack", *account.make("deploy-vm", DEB=path, PARAMETERS="InstanceType=t3.nano")),
            ("with the package of another architecture", "ends with _amd64.deb",
             *account.make("deploy-vm", VM_STACK="new", DEB=path, PARAMETERS="InstanceType=t3.nano")),
            ("without a network", "AllowedCidr=", *account.make("deploy-vm", VM_STACK="new", DEB=path)),
            ("with a word that is no parameter", "not PARAMETER=VALUE", *account.make("deploy-vm", DEB=path, PARAMETERS="t3.nano")),
            ("with an unknown parameter", "there is no parameter 'Type'", *account.make("deploy-vm", DEB=path, PARAMETERS="Type=t3.nano"))):
        tap.ok(status != 0 and text in said, f"make deploy-vm {what} says what to do", said)


def check_deletion(account, before):
    for stack in "serverful-vm", "two":
        status, said = account.make("delete-vm", VM_STACK=stack)
        tap.ok(status == 0 and f"deleted the stack {stack}" in said, f"make delete-vm deletes the stack {stack}", said)
    tap.equal(account.left(), before, "make delete-vm leaves nothing that costs money, but the bucket")


def on_vm(user_data, package, **values):
    """User data for the machine, whose name is its own address."""
    return localized(user_data, package, ADDRESS="127.0.0.1", **values)


def ask(host, url, trusts=True):
    """What a client in the network of the machine gets: status, Location and body. It trusts the certificate of the machine."""
    certificate = os.path.join(host.root, "etc/nginx/serverful-tls/certificate.pem") if trusts else ""
    return subprocess.run([*host.network(), sys.executable, "-c", ASK, url, certificate], stdout=subprocess.PIPE, text=True).stdout.strip()


def ask_often(host, n):
    """How often each status comes, of n requests to the calculator at once."""
    url = f"https://127.0.0.1/calculator?num1=1&num2=2&operator=add&n=[1-{n}]"
    codes = host.run("sh", "-c", f"curl -sk --parallel --parallel-max 200 -o /dev/null -w '%{{http_code}} ' '{url}' 2>/dev/null").stdout.split()
    return {code: codes.count(code) for code in set(codes)}


def state(host):
    """What must stay as it is: files, times of change, rows of the store, installed packages."""
    files = host.run("find", *STATE, "-not", "-path", "*/systemd-private-*", "-type", "f,l", "-printf", "%p %T@ %l\\n").stdout
    packages = host.run("sh", "-c", "dpkg-query -W | sha256sum").stdout
    return sorted(files.splitlines()), host.run("sqlite3", STORE, "SELECT url FROM images").stdout, packages


def check_service(host, what):
    """The service answers over HTTPS, and nothing is set up wrong."""
    answer = ask(host, "https://127.0.0.1/segment?text=%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC")
    tap.equal(answer, '200  {"words": ["我", "来到", "北京"]}', f"HTTPS answers {what}, with a certificate for the address")
    doctor = host.run("serverful", "doctor", "--client-timeout", "60")
    tap.ok(doctor.returncode == 0 and not re.search("warn|fail", doctor.stdout), f"serverful doctor finds nothing wrong {what}", doctor.stdout)
    failed = host.run("systemctl", "list-units", "--failed", "--plain", "--no-legend", "serverful*", "nginx*", "cloud-final*", "systemd-journald*").stdout
    tap.equal(failed, "", f"no unit has failed {what}")


def check_first_boot(host):
    check_service(host, "after the first boot")
    reports = [(report["Status"], report["Reason"], report["UniqueId"]) for report in host.reports()]
    tap.equal(reports, [("SUCCESS", "HTTPS answers", "vm")], "the first boot reports its success once")
    tap.equal(ask(host, "http://127.0.0.1/segment?text=a").split()[:2], ["301", "https://127.0.0.1/segment?text=a"], "port 80 sends clients to HTTPS")
    tap.ok(ask(host, "https://127.0.0.1/healthz").startswith("404"), "the status pages are not on the port of HTTPS")
    tap.equal(host.run("dpkg-query", "-Wf", "${Status}", "amazon-ssm-agent").stdout, "install ok installed", "the SSM agent is installed")
    level = re.search(r"Overall exposure level for serverful.service: ([0-9.]+)", host.run("systemd-analyze", "security", "--no-pager", "serverful.service").stdout)
    tap.ok(level and float(level[1]) <= 1.5, "the exposure level of serverful.service is at most 1.5", level)
    mode = host.run("stat", "-c", "%a %U", "/etc/nginx/serverful-tls/key.pem").stdout
    tap.equal(mode, "600 root\n", "only root can read the key of the certificate")
    tap.ok(host.run("ls", "/var/log/journal").stdout.strip(), "the journal is kept on disk")


def check_second_boot(host):
    """An admin edits the store, and the machine boots again without a server to fetch anything from."""
    host.run("sqlite3", STORE, "DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/mine.jpg');")
    before = state(host)
    os.rename(os.path.join(host.directory, "agent.deb"), os.path.join(host.directory, "agent.away"))
    host.reboot()
    check_service(host, "after a second boot")
    tap.equal(state(host), before, "a second boot changes neither files nor rows nor packages")
    tap.equal(len(host.reports()), 1, "a second boot reports nothing")


def check_measurement(host):
    """The scripts of serverful compare --aws: they raise the limits of the site, and count requests and processor time."""
    certificate = host.run("sh", "-c", "measurement=1\n" + vm.PREPARE).stdout
    tap.equal(certificate, host.run("cat", STATE[0]).stdout, "the script for the VM of a comparison prints the certificate")
    wait_until(lambda: ask_often(host, 300) == {"200": 300}, "nginx with its new limits")
    tap.ok(True, "it lets a client send more requests at once than the site's limits")
    ms = vm.milliseconds_of(host.run("sh", "-c", "measurement=1\n" + vm.COUNT).stdout)
    tap.ok(ms and ms > 0, "it counts the processor time of the requests", ms)


def check_upgrade(host, user_data, package, what):
    certificate = host.run("cat", STATE[0]).stdout
    shutil.copy(package, host.directory)
    host.reboot(on_vm(user_data, package))
    check_service(host, what)
    tap.ok("mine.jpg" in ask(host, "https://127.0.0.1/random-image"), f"the rows of the admin are there {what}")
    tap.ok(host.run("cat", "/var/lib/serverful-vm/package").stdout.strip() == digest(package), f"the new package is installed {what}", host.said()[-1500:])
    tap.equal(host.run("cat", STATE[0]).stdout, certificate, f"the certificate is the same {what}")


def check_wrong_package(host, user_data, package):
    """A package with another checksum is not installed, and the service goes on."""
    host.reboot(on_vm(user_data, package, PACKAGE_SHA256="0" * 64))
    tap.ok("does not have the checksum" in host.said(), "a package with another checksum is refused", host.said()[-1500:])
    tap.ok(ask(host, "https://127.0.0.1/calculator?num1=1&num2=2&operator=add").startswith("200"), "the service goes on after a refused package")


def check_machine(user_data, directory):
    package = build(distribute(directory), QUICK)
    files = os.path.join(directory, "files")
    os.mkdir(files)
    make_agent(files)
    shutil.copy(package, files)
    with CloudMachine([package], on_vm(user_data, package), files) as host:
        check_first_boot(host)
        check_second_boot(host)
        check_upgrade(host, user_data, later(package, 1), "after an upgrade")
        check_upgrade(host, user_data, package, "after a roll back")
        check_wrong_package(host, user_data, package)
        check_measurement(host)


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
environment = Environment("deploy", os.path.join(tap.SOURCE, "lambda", "requirements-test.txt"))
tap.plan(33 + ON_MACHINE)
lint_template(environment, TEMPLATE, "cfn-lint accepts the template of the VM")
with tempfile.TemporaryDirectory() as directory, Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools) as mock:
    account = Account(mock, directory)
    before = account.left()
    user_data = check_one_vm(account)
    check_rights(account)
    check_two_vms(account)
    check_complaints(account)
    check_deletion(account, before)
    if os.environ.get("SERVERFUL_DEBIAN") != "1":
        tap.skip(ON_MACHINE, "set SERVERFUL_DEBIAN=1 to use a clean machine; it takes minutes")
    elif machine.missing():
        tap.skip(ON_MACHINE, machine.missing())
    else:
        os.mkdir(os.path.join(directory, "built"))
        check_machine(user_data, os.path.join(directory, "built"))
tap.done()
