#!/usr/bin/python3
"""/openapi.json is valid OpenAPI 3.1, describes every endpoint, and schemathesis finds no request whose response it does
not describe. It makes the same requests in each run; SERVERFUL_CASES=10000 makes it try that many others."""

import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from environment import Environment
from http_client import Client
from service import Service, ended_well
from wait import PATIENCE

HERE = os.path.join(tap.SOURCE, "t", "openapi")
CASES = int(os.environ.get("SERVERFUL_CASES", "100" if tap.is_watched(tap.SERVERFUL) else "300"))
SEED = [] if "SERVERFUL_CASES" in os.environ else ["--seed=19"]  # without one, schemathesis prints which it took


def unique(pairs):
    """Make a dict of a JSON object, whose keys must be different."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key comes twice: {[key for key, _ in pairs]}")
    return found


def check_served(service, directory):
    """Get the description from the service. Returns it, and the path of a file with it for the validator."""
    with Client(service.port) as client:
        answer = client.get("/openapi.json")
    tap.equal((answer.status, answer.headers["content-type"]), (200, "application/json; charset=utf-8"),
              "the service answers /openapi.json")
    path = os.path.join(directory, "openapi.json")
    with open(path, "wb") as file:
        file.write(answer.body)
    return json.loads(answer.body, object_pairs_hook=unique), path


def check_valid(environment, path):
    run = subprocess.run([environment.tool("python"), "-m", "openapi_spec_validator", "--subschema-errors", "all", path],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.equal((run.returncode, run.stdout.strip()), (0, f"{path}: OK"), "the description is valid OpenAPI")


def routes():
    """Return the paths of the table of routes by name, from `serverful invoke --help`."""
    text = subprocess.run([tap.SERVERFUL, "invoke", "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(re.findall(r"^ +([a-z-]+) +(/\S*)$", text, re.M))


def check_covers(service, description):
    """Check that the description has each route with each of its methods except HEAD and OPTIONS, and no others."""
    tap.equal(sorted(description["paths"]), sorted(routes().values()), "the description has the paths of the table of routes")
    with Client(service.port) as client:
        for path, item in description["paths"].items():
            allowed = client.exchange("PROPFIND", path).headers["allow"].split(", ")
            described = [method.upper() for method in item if method in ("get", "post", "put", "patch", "delete")]
            tap.equal(sorted([*described, "HEAD", "OPTIONS"]), sorted(allowed), f"the description has the methods of {path}")
    names = [item[method]["operationId"] for item in description["paths"].values() for method in item if "get" == method]
    tap.equal(len(set(names)), len(names), "no two operations have the same operationId")


def fuzzed(description):
    """Return the number of operations with parameters or a body."""
    return sum(bool(operation.get("parameters") or operation.get("requestBody") or item.get("parameters"))
               for item in description["paths"].values() for operation in item.values() if isinstance(operation, dict))


def check_service(environment, service, description, cases):
    """Run schemathesis against the service behind nginx."""
    url = f"http://127.0.0.1:{service.port}"
    command = [environment.tool("st"), "--config-file", os.path.join(HERE, "schemathesis.toml"), "run", "--no-color",
               f"--max-examples={-(-cases // fuzzed(description))}", *SEED, f"--request-timeout={PATIENCE}", f"--max-response-time={PATIENCE}",
               "--continue-on-failure", "--checks=all",
               "--suppress-health-check=all", "--generation-database=none", f"--url={url}", url + "/openapi.json"]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=service.directory,
                         env={**os.environ, "PYTHONPATH": HERE, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
    count = re.search(r"^ +(\d+) generated, (.*)$", run.stdout, re.M)
    n, result = (int(count[1]), count[2]) if count else (0, "nothing")
    tap.ok(run.returncode == 0 and result == f"{n} passed" and n >= cases, f"{n} generated requests are answered as described",
           run.stdout)
    tap.equal((service.pool.complaints(), service.nginx.log()), ([], ""), "neither the pool nor nginx logs an error about generated requests")


environment = Environment("openapi", os.path.join(HERE, "requirements.txt"))
tap.plan(len(routes()) + 7)
# The image does not exist, and its URL is on this machine, so that no redirection leads to another one.
with Service("DELETE FROM images; INSERT INTO images (url, tag) VALUES ('http://127.0.0.1:9/cat.jpg', 'cat');") as service:
    description, path = check_served(service, service.directory)
    check_valid(environment, path)
    check_covers(service, description)
    check_service(environment, service, description, CASES)
    ended_well(service)
tap.done()
