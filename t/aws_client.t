#!/usr/bin/python3
"""The client of serverful compare --aws, and what is measured with it: the scripts that run on it and on the VM, what AWS answers, and what the
results and the report say then. The template is valid. With SERVERFUL_DEBIAN=1, which takes minutes and fetches Debian's packages, its user
data run in a clean machine with systemd and cloud-init."""

import contextlib
import dataclasses
import http.server
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import machine
import tap
from aws_mock import lint_template
from cloud_answers import CERTIFICATE, CREDITS, DURATIONS, FIRST, OWN, Answers, N
from cloud_machine import CloudMachine, localized, make_agent
from debian_package import QUICK, build, distribute
from environment import PythonEnvironment, Unavailable
from wait import wait_until

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import report
import results
import summary
import terminal
import words
from aws import calls, client, cold_starts, measure, run_command, vm
from failure import Failure

FUNCTION = {"ApiUrl": "https://a1.execute-api.eu-central-1.amazonaws.com", "RestApiUrl": "https://r1.execute-api.eu-central-1.amazonaws.com/live",
            "FunctionUrl": "https://f1.lambda-url.eu-central-1.on.aws/", "FunctionName": "function", "LogGroup": "/aws/lambda/stack-function",
            "AliasArn": "arn:aws:lambda:eu-central-1:123456789012:function:function:live"}
VM, CLIENT = {"Url": "https://192.0.2.7", "InstanceIds": "i-1"}, {"InstanceId": "i-2", "InstanceType": "t4g.small", "Zone": "eu-central-1a"}
TEMPLATE = os.path.join(tap.SOURCE, "compare", "aws", "client.yaml")
ON_MACHINE = 8  # results that need a clean machine
FIRST_REQUESTS = os.path.join(tap.SOURCE, "compare", "aws", "first_requests.py")


@dataclasses.dataclass
class Run:
    directory: str
    results: str
    id: str = "abc123"
    region: str = "eu-central-1"
    bucket: str = "bucket"
    quick: bool = True
    measurement: int = 1
    outputs: dict = dataclasses.field(default_factory=lambda: {"function": FUNCTION, "vm": VM, "client": CLIENT})

    def stack(self, part):
        return "rest-api" if part == "function" else part


class Cloud:
    """Answers calls of AWS. `refusals` has codes by operation, each of which refuses one call before the next is answered."""

    def __init__(self, answers):
        self.answers, self.asked, self.outputs, self.refusals = answers, [], {}, {}
        self.variables, self.versions, self.alias = {"A": "1"}, 1, None

    def ask(self, service, operation, **options):
        self.asked.append((operation, options))
        if self.refusals.get(operation):
            raise calls.Refused("refused", self.refusals[operation].pop(0))
        return getattr(self, operation.replace("-", "_"))(**options)

    def send_command(self, instance_ids, document_name, parameters, **options):
        id = f"command-{len(self.outputs)}"
        self.outputs[id] = self.answers.script(parameters["commands"][0])
        return {"Command": {"CommandId": id}}

    def get_command_invocation(self, command_id, instance_id):
        pending = sum(operation == "get-command-invocation" and options["command_id"] == command_id for operation, options in self.asked) == 1
        return {"Status": "InProgress" if pending else "Success", "StandardOutputContent": self.outputs[command_id][:24000]}

    def get_object(self, bucket, key, outfile):
        command, instance = re.fullmatch(r"client/([^/]+)/([^/]+)/awsrunShellScript/0\.awsrunShellScript/stdout", key).groups()
        assert (bucket, instance) == ("bucket", "i-2")
        with open(outfile, "w", encoding="utf-8") as file:
            file.write(self.outputs[command])
        return {}

    def get_function_configuration(self, function_name, qualifier):
        return {"Environment": {"Variables": self.variables}, "State": "Active", "LastUpdateStatus": "Successful"}

    def update_function_configuration(self, function_name, environment):
        self.variables = environment["Variables"]
        return {}

    def publish_version(self, function_name):
        self.versions += 1
        return {"Version": str(self.versions)}

    def update_alias(self, function_name, name, function_version):
        self.alias = name, function_version
        return {}

    def get_metric_data(self, metric_data_queries, start_time, end_time):
        is_early = sum(operation == "get-metric-data" for operation, _ in self.asked) == 1
        return {"MetricDataResults": [{"Id": query["Id"], "Timestamps": [], "Values": []} if is_early else self.metric(query["Id"], query["MetricStat"])
                                      for query in metric_data_queries]}

    def metric(self, key, what):
        values = self.answers.statistic(what)
        return {"Id": key, "Timestamps": ["2026-11-29T12:00:00Z"] * len(values), "Values": values}

    def filter_log_events(self, log_group_name, start_time, filter_pattern, max_items, starting_token):
        found = [{"timestamp": ms, "message": text, "logStreamName": "s"} for ms, text in self.answers.reports if ms >= start_time]
        at = int(starting_token or 0)
        return {"events": found[at:at + 100], **({"NextToken": str(at + 100)} if at + 100 < len(found) else {})}


def failure_of(do, *arguments):
    try:
        do(*arguments)
    except Failure as failure:
        return str(failure)
    return None


def check_whole(directory):
    """A run against a cloud that answers: what the results and the report have."""
    run = Run(directory, os.path.join(directory, "results.db"))
    with contextlib.closing(results.open_results(run.results)) as db, db:
        db.execute("UPDATE parameter SET value = 20 WHERE name = 'hourly_rate'")
    cloud = Cloud(Answers())
    cloud.refusals = {"send-command": ["InvalidInstanceId"], "get-command-invocation": ["InvocationDoesNotExist"], "get-object": ["NoSuchKey"]}
    with contextlib.redirect_stderr(io.StringIO()):
        measure.measure(cloud, run)
    with contextlib.closing(results.open_results(run.results)) as db:
        check_results(db)
        check_report(db)
    check_calls(cloud)
    again = Cloud(cloud.answers)
    with contextlib.redirect_stderr(io.StringIO()):
        measure.measure(again, run)
    with contextlib.closing(results.open_results(run.results)) as db:
        tap.equal([db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("gateway", "series", "vm_metric")], [3, 30, 4], "a second measurement replaces the first one")


def check_results(db):
    tap.equal(db.execute("SELECT target, n, own_ms FROM gateway ORDER BY 1").fetchall(), [(target, N * len(DURATIONS), own) for target, own in sorted(OWN.items())],
              "the results have the share of each gateway")
    tap.equal(db.execute("SELECT target, count(*), min(latency_ms) FROM first_request GROUP BY 1").fetchall(), [(target, 6, FIRST) for target in sorted(OWN)],
              "each gateway has as many cold starts as requests at once in two rounds")
    tap.equal(dict(db.execute("SELECT name, value FROM vm_metric")), {"CPUUtilization": 40, "CPUCreditBalance": CREDITS, "CPUCreditUsage": 2, "request_ms": 2},
              "the results have the VM's processor time, also of a request, and its credits")
    tap.equal(dict(db.execute("SELECT endpoint, count(*) FROM invocation GROUP BY 1")), dict.fromkeys(DURATIONS, 3 * N), "each report is of the endpoint that was requested then")
    weights = dict(db.execute("SELECT endpoint, weight FROM weight"))
    billed = sum(weights[name] * -(-ms // 1) for name, ms in DURATIONS.items())
    counted, = db.execute("SELECT billed_ms FROM demand WHERE scenario = 'standard'").fetchone()
    tap.ok(abs(counted - billed) < 1e-9 and billed < 2, "the bill counts the duration of the mix, not of the measurement's requests, and no public figure", (counted, billed))
    tap.equal(dict(db.execute("SELECT name, value FROM evidence")), {"memory_mb": 128, "init_ms": 50}, "the log says memory size and init, but not the share of cold starts")
    tap.equal(db.execute("SELECT count(*), min(init_ms) FROM cold_start").fetchone(), (18, 50), "the inits are those of the log")
    tap.equal(db.execute("SELECT value FROM parameter WHERE name = 'hourly_rate'").fetchone(), (20,), "an edited parameter stays")
    db.execute("UPDATE parameter SET value = 0.51 WHERE name = 'cold_share'")
    waits = {target: (p50, warm) for target, p50, warm in db.execute("SELECT target, p50, warm_p50 FROM client_latency WHERE scenario = 'standard'")}
    db.rollback()
    tap.equal((waits["http"], waits["vm"]), ((FIRST, 15), (15, 15)), "a client that meets a cold start waits as long as for a first request, without another round trip")


def check_report(db):
    for language, texts in (("en", ["Lambda, HTTP API: a client waited 150 ms", "A request took 2 ms of the VM’s processor on AWS", "went from 30 to 30"]),
                            ("zh-CN", ["Lambda，HTTP API：客户端等待新环境的首个响应 150 ms", "一次请求占用 VM 处理器 2 ms", "余额从 30 变为 30"])):
        words.use(language)
        found = summary.read(db)
        pages = report.page(found), terminal.text(found)
        tap.equal([text for text in texts for page in pages if text not in page], [], f"report and summary show cold starts and the VM on AWS ({language})")
    tap.equal(sorted(words.missing), [], "each text has its Chinese one")
    words.use("en")


def check_calls(cloud):
    asked = [operation for operation, _ in cloud.asked]
    tap.equal((cloud.alias, set(cloud.variables) - {"A"}, asked.count("publish-version")), (("live", "3"), {cold_starts.VARIABLE}, 2),
              "each round of cold starts publishes a version with another variable, and moves the alias to it")
    sent = [options for operation, options in cloud.asked if operation == "send-command"]
    tap.equal([one["instance_ids"] for one in sent], [["i-1"], ["i-1"], ["i-2"], ["i-1"], ["i-2"], ["i-2"]], "a command that an instance does not take yet is sent again")
    tap.equal([("output_s3_bucket_name" in one) for one in sent], [False, False, True, False, False, False], "only the comparison prints into the bucket")
    tap.ok(asked.count("filter-log-events") > 1, "the log is fetched page by page")
    tap.equal(asked.count("get-metric-data"), 3, "CloudWatch is asked again until it knows of the requests")


def check_failures(directory):
    run = Run(directory, os.path.join(directory, "failures.db"))
    with contextlib.closing(results.open_results(run.results)) as db:
        cloud = Cloud(Answers())
        cloud.answers.script = lambda _: "x"
        tap.equal(failure_of(client.measure, cloud, run, CERTIFICATE, db), client.FAILED, "a client that prints something else than results is refused")
        other = os.path.join(directory, "other.db")
        with open(other, "w", encoding="utf-8") as file:
            file.write("no database" * 100)
        tap.equal(failure_of(client.take, db, other), client.FAILED, "a file that is no database is refused")
        os.unlink(other)
        with contextlib.closing(results.open_results(other)) as made:
            made.execute("PRAGMA user_version = 5")
        tap.ok("of another version" in failure_of(client.take, db, other), "results of another version are refused")
        cloud = Cloud(Answers())
        cloud.get_command_invocation = lambda **_: {"Status": "Failed", "StandardErrorContent": "no space left"}
        tap.ok("prepare the VM on i-1 failed (Failed): no space left" in failure_of(vm.prepare, cloud, run), "a script that fails is named with what it printed")
        cloud = Cloud(Answers())
        cloud.answers.script = lambda _: "none"
        tap.ok("no certificate" in failure_of(vm.prepare, cloud, run), "a VM without its certificate is refused")
        tap.ok("printed no times" in failure_of(cold_starts.measure, cloud, run, db), "first requests without times are refused")
        cloud.refusals = {"send-command": ["AccessDenied"]}
        tap.equal(failure_of(run_command.run, cloud, "i-1", "true", "try"), "refused", "a refusal that is not temporary is not tried again")
    tap.equal(vm.milliseconds_of("processor 5\nrequests 1\nnow\nprocessor 5\nrequests 1\n"), None, "a VM without requests has no processor time of one")


def check_scripts(directory):
    """The client's script, with a command that stands for serverful, and the VM's, on the files of nginx."""
    run = Run(directory, "")
    state, tools = os.path.join(directory, "state"), os.path.join(directory, "tools")
    os.mkdir(tools)
    with open(os.path.join(tools, "serverful"), "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\necho "$SSL_CERT_FILE" "$@" >>"$LOG"\ncp "$SSL_CERT_FILE" results.db\necho summary\n')
    os.chmod(os.path.join(tools, "serverful"), 0o755)
    log, script = os.path.join(directory, "log"), client.script(run, CERTIFICATE).replace("/var/lib/serverful-compare", state)
    environment = {**os.environ, "PATH": f"{tools}:/usr/bin:/bin", "LOG": log}
    printed = [subprocess.run(["/bin/sh", "-c", script], env=environment, capture_output=True, text=True) for _ in range(2)]
    with open(log, encoding="utf-8") as file:
        said = file.read()
    tap.equal(re.sub("/1-[0-9a-f]{8}/", "/1/", said), f"{state}/1/vm.pem compare --store /var/lib/serverful/serverful.db --results results.db --report report.html --client t4g.small in eu-central-1a --quick"
              f" --vm-url https://192.0.2.7 --http-api-url {FUNCTION['ApiUrl']} --rest-api-url {FUNCTION['RestApiUrl']} --function-url {FUNCTION['FunctionUrl'][:-1]}\n",
              "the client measures all URLs, trusts the VM's certificate, and measures once only")
    moved = dataclasses.replace(run, outputs={**run.outputs, "function": {**FUNCTION, "ApiUrl": "https://a2.example.org"}})
    subprocess.run(["/bin/sh", "-c", client.script(moved, CERTIFICATE).replace("/var/lib/serverful-compare", state)], env=environment, capture_output=True, check=True)
    with open(log, encoding="utf-8") as file:
        tap.ok(file.read().count("\n") == 2, "the client measures again where a URL has changed")
    out = os.path.join(directory, "out")
    with open(out, "w", encoding="utf-8") as file:
        file.write(printed[1].stdout)
    begin, end = client.decode(out, out + ".db")
    with open(out + ".db", encoding="utf-8") as file:
        tap.ok(begin <= end and file.read() == CERTIFICATE + "\n" and printed[0].stdout == printed[1].stdout, "what the client prints is what it measured, each time", printed)
    for name in ("serverful", "serverful-tls"):
        with open(os.path.join(tap.SOURCE, "nginx", "serverful.conf"), encoding="utf-8") as site, open(os.path.join(directory, name), "w", encoding="utf-8") as copy:
            copy.write(site.read())
    check_prepare(directory, tools, environment)
    with open(os.path.join(directory, "serverful-tls"), encoding="utf-8") as file:
        limits = re.findall(r"^ *(?:limit_\w+) .*;", file.read(), re.M)
    tap.equal([limit.split("#")[0].strip() for limit in limits], [
        "limit_req_zone $serverful_client zone=serverful_rate:10m rate=1000000r/s;", "limit_req zone=serverful_rate burst=1000000 nodelay;", "limit_conn serverful_address 4096;",
        "limit_conn serverful_all 4096;", "limit_conn serverful_large_address 8;", "limit_conn serverful_large 32;"], "the VM's limits of short requests are raised")


def check_prepare(directory, tools, environment):
    """The VM's script, with commands that stand for nginx and the service, for one measurement twice and for another one."""
    for name, text in (("nginx", ""), ("systemctl", 'echo "$@" >>"$LOG"\n'), ("curl", "wc -l <\"$COUNT\" | sed 's/^/serverful_requests_total /'; echo >>\"$COUNT\"\n")):
        with open(os.path.join(tools, name), "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n{text}")
        os.chmod(os.path.join(tools, name), 0o755)
    log, count = os.path.join(directory, "reloads"), os.path.join(directory, "count")
    os.makedirs(os.path.join(directory, "vm"))
    for name in ("certificate.pem", count):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            file.write("" if name == count else CERTIFICATE + "\n")
    def run(measurement, text):
        for old, new in (("/etc/nginx/sites-available", directory), ("/var/lib/serverful-vm", os.path.join(directory, "vm")), ("/etc/nginx/serverful-tls", directory)):
            text = text.replace(old, new)
        return subprocess.run(["/bin/sh", "-c", f"measurement={measurement}\n{text}"], env={**environment, "LOG": log, "COUNT": count}, capture_output=True, text=True, check=True).stdout
    for measurement in (1, 1, 2):
        tap.ok(CERTIFICATE in run(measurement, vm.PREPARE), f"the VM prints its certificate for measurement {measurement}")
    with open(log, encoding="utf-8") as file:
        tap.equal(file.read(), "reload nginx\n", "nginx reloads once, so that no processor time of its processes is lost")
    tap.equal([re.findall("^requests .*", run(measurement, vm.COUNT), re.M) for measurement in (1, 2)], [["requests 0", "requests 2"], ["requests 1", "requests 3"]],
              "the counters before are those of each measurement's first preparation")


class Gateway(http.server.BaseHTTPRequestHandler):
    """Answers when all requests are there."""
    together, status = threading.Barrier(6), 200

    def do_GET(self):
        self.together.wait(60)
        self.send_response(self.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def check_first_requests():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        urls = [f"http://127.0.0.1:{server.server_port}/{path}" for path in ("live", "other")]
        good = subprocess.run(["/usr/bin/python3", FIRST_REQUESTS, "3", *urls], capture_output=True, text=True)
        Gateway.status = 429
        bad = subprocess.run(["/usr/bin/python3", FIRST_REQUESTS, "3", *urls], capture_output=True, text=True)
        server.shutdown()
    tap.ok(good.returncode == 0 and {url: len(ms) for url, ms in json.loads(good.stdout).items()} == dict.fromkeys(urls, 3), "first requests are all under way at once", good)
    tap.ok(bad.returncode == 1 and "answered with status 429" in bad.stderr, "a first request that is refused is an error", bad)
    closed = subprocess.run(["/usr/bin/python3", FIRST_REQUESTS, "1", *urls], capture_output=True, text=True)
    tap.ok(closed.returncode == 1 and urls[0].split("//")[1] in closed.stderr or urls[1] in closed.stderr, "a gateway that does not answer is an error", closed)


def user_data():
    """The user data of the client, with empty variables."""
    with open(TEMPLATE, encoding="utf-8") as file:
        text = file.read()
    script = re.search(r"^      Text: \|\n(.*?)\n\nConditions:", text, re.M | re.S)[1]
    variables = re.search(r"^ +#!/bin/sh\n.*?LIFE_MINUTES='\$\{LifeMinutes\}'\n", text, re.M | re.S)[0]
    return re.sub(r"^ +", "", variables, flags=re.M) + re.sub(r"^        ", "", script, flags=re.M) + "\n"


def shell_functions(path):
    """The functions of the script in a template, by name."""
    with open(path, encoding="utf-8") as file:
        return {match[2]: match[3] for match in re.finditer(r"^( +)(\w+)\(\) \{\n(.*?)^\1\}$", file.read(), re.M | re.S)}


def check_shared_functions():
    of_client, of_vm = (shell_functions(path) for path in (TEMPLATE, os.path.join(tap.SOURCE, "vm", "template.yaml")))
    for name in "apt", "fail", "fetch", "say":
        tap.equal(of_client[name], of_vm[name], f"the user data of client and VM have the same function {name}()")


def check_machine(directory):
    """The user data at the first boot, and then what the client runs, with both sides in the machine."""
    package = build(distribute(directory), QUICK)
    files = os.path.join(directory, "files")
    os.mkdir(files)
    make_agent(files)
    shutil.copy(package, files)
    with CloudMachine([package], localized(user_data(), package, LIFE_MINUTES="240"), files) as host:
        check_first_boot(host)
        check_measurement(host, directory)


def check_first_boot(host):
    tap.equal([(one["Status"], one["Reason"]) for one in host.reports()], [("SUCCESS", "the client is ready")], "the first boot reports its success once")
    ends = host.run("cat", "/run/systemd/shutdown/scheduled").stdout
    tap.ok("MODE=poweroff" in ends and re.search(r"^USEC=\d+$", ends, re.M), "the client will end itself", ends)
    tap.equal(host.run("dpkg-query", "-Wf", "${Status}", "amazon-ssm-agent").stdout, "install ok installed", "the SSM agent is installed")
    tap.equal(host.run("systemctl", "is-enabled", "apt-daily.timer", "apt-daily-upgrade.timer").stdout, "masked\nmasked\n", "no update disturbs the measurement")
    tap.equal(host.run("systemctl", "is-active", "serverful.socket", "serverful.service", "nginx.service").stdout, "inactive\n" * 3, "the client serves nothing")


def check_measurement(host, directory):
    """The client measures what the package serves in the machine, and lambda-host."""
    host.run("systemctl", "start", "serverful.socket", "serverful.service", "nginx.service")
    host.run("systemd-run", "--unit=function", "serverful", "lambda-host", "--listen", "127.0.0.1:9000", "--bootstrap", "/usr/libexec/serverful/bootstrap", "--snapshot",
             host.run("sh", "-c", "find /var/cache/serverful /run/serverful /var/lib/serverful -name '*.snapshot' | head -n 1").stdout.strip())
    wait_until(lambda: host.run("curl", "-fs", "http://127.0.0.1:9000/calculator?num1=1&num2=2&operator=add").stdout, "lambda-host")
    run = Run(directory, "", outputs={"vm": {"Url": "http://127.0.0.1:8080"}, "function": {"ApiUrl": "http://127.0.0.1:9000"}, "client": CLIENT})
    printed = host.run("sh", "-c", "export SERVERFUL_COMPARE_BRIEF=1; exec 2>/var/tmp/said; " + client.script(run, CERTIFICATE)).stdout
    path = os.path.join(directory, "printed")
    with open(path, "w", encoding="utf-8") as file:
        file.write(printed)
    said = host.run("cat", "/var/tmp/said").stdout
    with contextlib.closing(results.open_results(os.path.join(directory, "machine.db"))) as db:
        failure = failure_of(lambda: client.take(db, (client.decode(path, path + ".db"), path + ".db")[1]))
        targets = [target for target, in db.execute("SELECT DISTINCT target FROM series WHERE url IS NOT NULL ORDER BY 1")]
        tap.ok(failure is None and targets == ["http", "vm"], "the client measures both sides with the package alone, and prints the results", f"{failure} {targets} {said[-2000:]}")
        tap.equal(db.execute("SELECT count(*) FROM sample WHERE status <> 200").fetchone(), (0,), "all its requests are answered")
    first = host.run("python3", cold_starts.PROGRAM, "2", "http://127.0.0.1:9000").stdout
    tap.ok(first.startswith('{"http://127.0.0.1:9000": ['), "the program for first requests is in the package", first)


if tap.is_watched(tap.BOOTSTRAP):
    tap.skip_all("it runs no program of this build, so that sanitizers and valgrind find nothing")
tap.plan(43 + ON_MACHINE)
try:
    lint_template(PythonEnvironment("deploy", os.path.join(tap.SOURCE, "lambda", "requirements-test.txt")), TEMPLATE, "cfn-lint accepts the template of the client")
except Unavailable as reason:
    tap.skip(1, str(reason))
with tempfile.TemporaryDirectory() as directory:
    with unittest.mock.patch("time.sleep"):
        check_whole(directory)
        check_failures(directory)
    check_scripts(directory)
check_first_requests()
check_shared_functions()
if os.environ.get("SERVERFUL_DEBIAN") != "1":
    tap.skip(ON_MACHINE, "set SERVERFUL_DEBIAN=1 to use a clean machine; it takes minutes")
elif machine.missing():
    tap.skip(ON_MACHINE, machine.missing())
else:
    with tempfile.TemporaryDirectory() as directory:
        check_machine(directory)
tap.done()
