"""A mock of AWS for tests of `make deploy` and `serverful publish`: moto's server, which moto_sam.py extends.

    with Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools) as mock:
        status, said = make_deploy(mock.environment, PACKAGES=packages)
"""

import json
import os
import re
import subprocess
import tempfile
import urllib.parse
import urllib.request
import zipfile

import cache
import tap

REGION = "eu-central-1"


def more(before, after):
    """Return what there is more of than before, by name, of two counts of a mock."""
    return {name: number - before.get(name, 0) for name, number in after.items() if number > before.get(name, 0)}


def load_aws():
    """Import the modules of the AWS CLI."""
    import awscli.clidriver
    awscli.clidriver.create_clidriver()


class Mock:
    """A running mock of AWS; a context manager. `python` is that of an environment with moto, `tools` the directory with the AWS
    CLI, `server` the file of the server. Functions answer as `serverful invoke` of `program` does. The methods return what the mock
    has."""

    def __init__(self, python, tools, program=tap.SERVERFUL, server="moto_sam.py"):
        # Without the settings and credentials of the user who runs the test.
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith(("AWS_", "MAKE", "MFLAGS"))}
        self.environment.update(PATH=f"{tools}:/usr/bin:/bin", NO_PROXY="127.0.0.1", no_proxy="127.0.0.1",
                                AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION, AWS_CONFIG_FILE="/dev/null",
                                AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_ACCESS_KEY_ID="test",
                                AWS_SECRET_ACCESS_KEY="test", SERVERFUL=program)
        self.resources_file = tempfile.NamedTemporaryFile("r", encoding="utf-8")
        self.environment["RESOURCES"] = self.resources_file.name
        command = [python, os.path.join(tap.SOURCE, "t", "lib", server)]
        self.log = tempfile.TemporaryFile("w+")
        # The compiled modules of moto are kept in its environment, even where the user keeps none.
        kept = {"PYTHONPYCACHEPREFIX": os.path.join(os.path.dirname(python), "pycache"), "PYTHONDONTWRITEBYTECODE": ""}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=self.log, env={**self.environment, **kept})

    def __enter__(self):
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.log.seek(0)
            raise RuntimeError("the mock of AWS does not start: " + self.log.read())
        self.environment["AWS_ENDPOINT_URL"] = self.url
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)

    def count(self):
        """The numbers of all that there is, which moto_compare.py counts."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def resources(self):
        """The resources that were created or changed since the last call, with their properties, by type."""
        found = {}
        for line in self.resources_file:
            kind, properties = json.loads(line)
            found.setdefault(kind, []).append(properties)
        return found

    def ask(self, service, path, target=None, **body):
        """Ask a service. Returns its answer, parsed from JSON."""
        scope = f"Credential=test/20250101/{REGION}/{service}/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"}
        if target:
            headers.update({"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"})
        data = json.dumps(body).encode() if target else None
        request = urllib.request.Request(self.url + path, data, headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)

    def query(self, service, element, **parameters):
        """Ask a service that answers in XML. Returns the texts of all elements of a name."""
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/20250101/{REGION}/{service}/aws4_request, SignedHeaders=host, Signature=0"}
        data = urllib.parse.urlencode({"Version": "2016-11-15", **parameters}).encode()
        request = urllib.request.Request(self.url, data, headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return re.findall(f"<{element}>([^<]*)</{element}>", answer.read().decode())

    def tags(self, stack):
        """The tags of a stack."""
        keys, values = (self.query("cloudformation", element, Action="DescribeStacks", StackName=stack, Version="2010-05-15")
                        for element in ("Key", "Value"))
        return dict(zip(keys, values, strict=True))

    def invoke(self, name, qualifier, event):
        """The answer of a function to an event."""
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential=test/20250101/{REGION}/lambda/aws4_request, SignedHeaders=host, Signature=0",
                   "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/2015-03-31/functions/{name}/invocations?Qualifier={qualifier}",
                                         json.dumps(event).encode(), headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return answer.read().decode()

    def function(self, name, qualifier="$LATEST"):
        return self.ask("lambda", f"/2015-03-31/functions/{name}/configuration?Qualifier={qualifier}")

    def api(self, outputs):
        """The API at the URL that a deployment printed."""
        api, = [api for api in self.ask("apigateway", "/v2/apis")["items"] if api["apiEndpoint"] == outputs["ApiUrl"]]
        return api

    def targets(self, api):
        """The function of each route of an API."""
        path = f"/v2/apis/{api['apiId']}"
        uris = {"integrations/" + integration["integrationId"]: integration
                for integration in self.ask("apigateway", path + "/integrations")["items"]}
        routes = self.ask("apigateway", path + "/routes")["items"]
        tap.equal({uris[route["target"]]["payloadFormatVersion"] for route in routes}, {"2.0"}, "each route sends events of payload 2.0")
        return {route["routeKey"]: uris[route["target"]]["integrationUri"] for route in routes}

    def layers(self):
        layers = self.ask("lambda", "/2018-10-31/layers")["Layers"]
        return {layer["LayerName"]: layer["LatestMatchingVersion"]["Version"] for layer in layers}

    def log_groups(self):
        groups = self.ask("logs", "/", "Logs_20140328.DescribeLogGroups")["logGroups"]
        return {group["logGroupName"]: group.get("retentionInDays") for group in groups}


def pack(packages, snapshot, code=b"", words=b""):
    """Make packages like those of `make lambda`; `code` and `words` are appended to the programs and the snapshot."""
    def put(path, name, source, more):
        path = os.path.join(packages, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(source, "rb") as file, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr(zipfile.ZipInfo(name), file.read() + more)
    for architecture in "arm64", "x86_64":
        put(f"{architecture}/function.zip", "bootstrap", tap.BOOTSTRAP, code)
        with zipfile.ZipFile(os.path.join(packages, architecture, "function.zip"), "a") as package:
            package.comment = architecture.encode()  # so that the packages of both architectures differ
    put("layer.zip", "serverful.snapshot", snapshot, words)


def run_make(environment, target, **variables):
    """Run make for a target. Returns its status and its output."""
    command = ["make", "-s", "-C", tap.BUILD, target, *(f"{name}={value}" for name, value in variables.items())]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                         stdin=subprocess.DEVNULL)
    return run.returncode, run.stdout


def make_deploy(environment, **variables):
    """Run make deploy. Returns its status and its output."""
    return run_make(environment, "deploy", **variables)


def lint_template(environment, template, name):
    """Run cfn-lint with the rules for serverless templates, once for each version of a template: it must find nothing."""
    def lint(directory):
        with open(os.path.join(directory, "findings"), "w", encoding="utf-8") as file:
            status = subprocess.call([environment.tool("cfn-lint"), "--append-rules", "cfn_lint_serverless.rules", "--include-checks", "I", "--",
                                      template], stdout=file, stderr=file)
            file.write(f"exit status {status}\n")
    key = cache.digest(os.path.basename(environment.directory), cache.digest_of_files([template, __file__]))
    with open(os.path.join(cache.made("cfn_lint-" + key, lint), "findings"), encoding="utf-8") as file:
        tap.equal(file.read(), "exit status 0\n", name)
