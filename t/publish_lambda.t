#!/usr/bin/python3
"""serverful publish with a host and a stack of `make deploy`, against a mock of AWS. An edit reaches both; the function keeps its
code, and its alias moves only to a version that answers with the new snapshot."""

import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import events
import fcgi
import tap
from aws_mock import Mock, REGION, load_aws, make_deploy, pack
from environment import Environment
from http_client import Client
from preloaded import Preloaded
from service import Pool, free_port
from store import serverful, small_store, sql

WORD = "无服务器架构"


class Gateway:
    """Stands in for the HTTP API of a stack: an HTTP server that invokes the alias of its function. A context manager."""

    def __init__(self, mock, function):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                event = events.event("http-2.0", {"method": "GET", "path": path, "query": query, "headers": {}})
                status, headers, body = events.answer("http-2.0", mock.invoke(function, "live", event))
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Stack:
    """A deployed stack, and what the mock has of it."""

    def __init__(self, mock, packages, **variables):
        status, said = make_deploy(mock.environment, PACKAGES=packages, **variables)
        if status:
            raise RuntimeError(said)
        outputs = dict(line.split("\t", 1) for line in said.splitlines() if "\t" in line and not line.startswith("\t"))
        self.mock, self.functions = mock, outputs["FunctionName"].split()

    def versions(self):
        """The version that each alias points to."""
        return [self.mock.ask("lambda", f"/2015-03-31/functions/{name}/aliases/live")["FunctionVersion"] for name in self.functions]

    def state(self, qualifier):
        """The code, the memory and the layers of the first function."""
        function = self.mock.function(self.functions[0], qualifier)
        return function["CodeSha256"], function["MemorySize"], [layer["Arn"].split(":")[-2:] for layer in function["Layers"]]

    def layers(self, name):
        """The versions and the descriptions of a layer, oldest first."""
        found = self.mock.ask("lambda", f"/2018-10-31/layers/{name}/versions")["LayerVersions"]
        return sorted((layer["Version"], layer["Description"]) for layer in found)


class Admin:
    """The admin's host."""

    def __init__(self, directory, environment):
        self.db, self.environment = small_store(directory), environment
        self.published = os.path.join(directory, "publish", "serverful.snapshot")
        self.places = os.path.join(directory, "places")

    def publish(self, *arguments, **variables):
        """Run serverful publish. Returns the exit status, standard output and standard error."""
        run = subprocess.run([tap.SERVERFUL, "publish", "--store", self.db, "--snapshot", self.published, "--places", self.places, *arguments],
                             capture_output=True, text=True, stdin=subprocess.DEVNULL, env={**self.environment, **variables})
        return run.returncode, run.stdout, run.stderr

    def add_word(self, word):
        sql(self.db, f"INSERT INTO words (word) VALUES ('{word}');")

    def revision(self):
        return subprocess.run([tap.SERVERFUL, "snapshot", "--print-revision", "--snapshot", self.published],
                              stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def words(port, text):
    """The words and the revision that the function answers with."""
    with Client(port) as client:
        answer = client.get("/segment?" + urllib.parse.urlencode({"text": text}))
    return json.loads(answer.body)["words"], answer.headers["serverful-revision"]


def words_of_pool(port, text):
    with fcgi.Connection(("127.0.0.1", port)) as connection:
        answer = connection.exchange(fcgi.get("/segment", urllib.parse.urlencode({"text": text})), keep=False)
    return json.loads(answer.body)["words"], answer.headers["serverful-revision"]


def check_edit(admin, stack, gateway, pool_port):
    """An edit reaches a host and a function. A second run does nothing."""
    code, memory, layers = stack.state("1")
    admin.add_word(WORD)
    status, out, err = admin.publish()
    revision = admin.revision()
    tap.equal((status, out, err), (0, f"web1: published {revision}\naws: published {revision}\n", ""), "publish hands an edit to a host and a function")
    tap.equal([words(gateway.port, WORD), words_of_pool(pool_port, WORD)], [([WORD], revision)] * 2,
              "host and function answer with the new word and the same revision")
    tap.equal((stack.versions(), stack.state("2")), (["2"], (code, memory, [["serverful-snapshot", "2"]])),
              "the alias points to a new version that has the same code and the new layer")
    tap.equal(stack.state("1"), (code, memory, layers), "the previous version of the function stays as it was")
    tap.equal(stack.layers("serverful-snapshot")[1:], [(2, "serverful revision " + revision)], "the layer names the revision")
    status, out, err = admin.publish()
    tap.equal((status, out, stack.versions(), len(stack.layers("serverful-snapshot"))),
              (0, f"web1: already has {revision}\naws: already has {revision}\n", ["2"], 2), "a second run makes no layer and no version")
    status, out, err = admin.publish("--list", PATH="/usr/bin:/bin", AWS_ENDPOINT_URL="http://127.0.0.1:1")
    tap.ok(status == 0 and out.count(f"  {revision}  ") == 3 and out.count("  same\n") == 2, "the list has the revision of both, and needs no AWS", (out, err))
    admin.add_word("云函数")
    status, out, err = admin.publish("aws")
    tap.equal((status, out, words(gateway.port, "云函数")[0]), (0, f"aws: published {admin.revision()}\n", ["云函数"]), "publish reaches the named place alone")
    tap.equal([number for number, _ in stack.layers("serverful-snapshot")], [1, 3], "the layer of the previous revision is removed, and that of make deploy stays")
    status, out, err = admin.publish("--list")
    tap.ok(status == 1 and out.splitlines()[2].endswith("differs") and out.splitlines()[3].endswith("same"), "the list names the place that was left out", out)


def check_guard(admin, stack, gateway):
    """What the guard refuses does not reach the function."""
    before = words(gateway.port, WORD), stack.layers("serverful-snapshot"), stack.versions()
    sql(admin.db, "INSERT INTO edits (tool) VALUES ('a slip'); DELETE FROM words;")
    status, out, err = admin.publish()
    tap.ok(status == 1 and not out and "nothing is published" in err, "publish says that the guard refuses", (out, err))
    tap.equal((words(gateway.port, WORD), stack.layers("serverful-snapshot"), stack.versions()), before, "a refusal leaves layer, function and answers as they are")
    sql(admin.db, "INSERT INTO undo (edit) SELECT max(id) FROM edits;")


def check_old_code(admin, stack, gateway, pool_port, code):
    """Code that cannot read the new snapshot keeps the previous one; the host is done."""
    before, versions, latest = words(gateway.port, WORD), stack.versions(), stack.state("$LATEST")
    admin.add_word("边缘计算")
    code.breaks()
    status, out, err = admin.publish()
    revision = admin.revision()
    code.works()
    tap.equal((status, out), (1, f"web1: published {revision}\n"), "publish goes on to the host where the function cannot read the snapshot")
    tap.ok("aws: version 4 of " in err and "its alias stays" in err and "deploy the code of this version" in err, "publish says that the code has to be deployed", err)
    tap.equal((words(gateway.port, WORD), stack.versions(), stack.state("$LATEST")), (before, versions, latest),
              "the function goes on with the previous layer, and so will its next deployment")
    status, out, err = admin.publish()
    tap.equal((status, out, words(gateway.port, "边缘计算")), (0, f"web1: already has {revision}\naws: published {revision}\n", (["边缘计算"], revision)),
              "the next run publishes to the function alone")
    tap.equal([number for number, _ in stack.layers("serverful-snapshot")], [1, 4], "it takes the layer of the first try")


def check_refusals(admin, stack, aws):
    """publish leaves a stack alone that somebody else works on, and says what it lacks."""
    name, = stack.functions
    version, = stack.versions()
    admin.add_word("微服务")
    aws("update-alias", "--function-name", name, "--name", "live", "--routing-config", '{"AdditionalVersionWeights": {"1": 0.1}}')
    status, out, err = admin.publish("aws")
    tap.ok(status == 1 and "a deployment is moving the alias live" in err and stack.versions() == [version], "publish refuses while a deployment moves the alias", err)
    aws("update-alias", "--function-name", name, "--name", "live", "--routing-config", '{"AdditionalVersionWeights": {}}')
    other = os.path.join(os.path.dirname(admin.places), "other")
    pack(other, admin.published, code=b"other")
    aws("update-function-code", "--function-name", name, "--zip-file", f"fileb://{other}/arm64/function.zip")
    status, out, err = admin.publish("aws")
    tap.ok(status == 1 and "is not that of its alias live" in err and stack.versions() == [version], "publish refuses to bring other code with the words", err)
    status, out, err = admin.publish("aws", PATH=os.path.dirname(admin.places) + "/nothing")
    tap.ok(status == 1 and "install awscli" in err, "publish without the AWS CLI says to install it", err)
    tools = os.path.join(os.path.dirname(admin.places), "tools")
    os.mkdir(tools)
    with open(os.path.join(tools, "aws"), "w", encoding="utf-8") as file:
        file.write("#!/bin/sh\necho a notice\n")
    os.chmod(os.path.join(tools, "aws"), 0o755)
    status, out, err = admin.publish(PATH=tools + ":/usr/bin:/bin")
    tap.ok(status == 1 and out == f"web1: published {admin.revision()}\n" and "aws: aws cloudformation describe-stacks has not printed JSON: a notice" in err,
           "publish goes on to the host where the AWS CLI prints something else than JSON", (status, out, err))
    with open(admin.places, "a", encoding="utf-8") as file:
        file.write(f"lambda none missing {REGION} http://127.0.0.1:1/\n")
    status, out, err = admin.publish("none")
    tap.ok(status == 1 and "none: aws cloudformation describe-stacks: " in err and "missing" in err, "publish names a stack that does not exist", err)


def check_function_per_endpoint(admin, stack, places):
    """All functions of a stack get the same layer."""
    with Gateway(stack.mock, stack.functions[0]) as gateway:
        with open(places, "a", encoding="utf-8") as file:
            file.write(f"lambda five five {REGION} http://127.0.0.1:{gateway.port}/\n")
        status, out, err = admin.publish("five")
        tap.equal((status, out, stack.versions()), (0, f"five: published {admin.revision()}\n", ["2"] * 5), "publish reaches each function of a stack")
    headers = [json.loads(stack.mock.invoke(name, "live", {"text": WORD}))["headers"] for name in stack.functions]
    tap.equal([found["Serverful-Revision"] for found in headers], [admin.revision()] * 5, "all functions of a stack answer with the same revision")


class Code:
    """The code of the functions: a program that the mock runs, and that can be broken."""

    def __init__(self, directory):
        self.path = os.path.join(directory, "code")
        self.works()

    def _write(self, command):
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + command + "\n")
        os.chmod(self.path + ".new", 0o755)
        os.rename(self.path + ".new", self.path)

    def works(self):
        self._write(f'exec {tap.SERVERFUL} "$@"')

    def breaks(self):
        self._write("exit 1")


if not os.path.exists("/usr/bin/aws"):
    tap.skip_all("awscli is not installed")
if tap.is_watched(tap.SERVERFUL):
    tap.skip_all("t/publish.t runs the same programs")
environment = Environment("deploy", os.path.join(tap.SOURCE, "lambda", "requirements-test.txt"))
tap.plan(24)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    code = Code(directory)
    with Preloaded("/usr/bin/aws", load_aws, directory) as tools, Mock(environment.tool("python"), tools, code.path) as mock:
        admin = Admin(directory, mock.environment)
        os.mkdir(os.path.join(directory, "web1"))
        received, pool_port = os.path.join(directory, "web1", "received.snapshot"), free_port()
        serverful("snapshot", "--store", admin.db, "--snapshot", received)
        packages = os.path.join(directory, "packages")
        pack(packages, received)
        stack = Stack(mock, packages)
        pool = Pool(os.path.join(directory, "web1"), listen=f"127.0.0.1:{pool_port}", workers=2, options=("--receive", received))
        pool.await_workers()
        with Gateway(mock, stack.functions[0]) as gateway:
            with open(admin.places, "w", encoding="utf-8") as file:
                file.write(f"host web1 {received} fcgi://127.0.0.1:{pool_port}/status\nlambda aws serverful {REGION} http://127.0.0.1:{gateway.port}/\n")
            check_edit(admin, stack, gateway, pool_port)
            check_guard(admin, stack, gateway)
            check_old_code(admin, stack, gateway, pool_port, code)
            check_refusals(admin, stack, lambda *command: subprocess.run([os.path.join(tools, "aws"), "--endpoint-url", mock.url, "lambda", *command],
                                                                         env=mock.environment, check=True, stdout=subprocess.DEVNULL))
        check_function_per_endpoint(admin, Stack(mock, packages, STACK="five", PARAMETERS="OneFunctionPerEndpoint=true"), admin.places)
        pool.stop()
tap.done()
