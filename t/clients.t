#!/usr/bin/python3
"""Clients of the service work as documented: Redocly's recommended rules find nothing in /openapi.json, openapi-python-client and
openapi-typescript make clients of it that call each operation, and the Python and JavaScript of docs/clients.md print what the
page shows."""

import contextlib
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cache
import tap
from environment import NodeEnvironment, PythonEnvironment, Unavailable
from http_client import Client
from service import Service, ended_well

HERE = os.path.join(tap.SOURCE, "t", "openapi")
ADDRESS = "http://127.0.0.1:8080"  # of the service, in the document
DIRECT = {**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
# What both generated clients get: the operation, the status, and what call.py and call.mts take from the answer.
CALLS = [
    ["calculator", 200, 3.5],
    ["calculator", 400, "Cannot divide by zero"],
    ["segment", 200, [["我", "来到", "北京", "清华大学"], ["r", "v", "ns", "nt"]]],
    ["segmentBody", 200, ["我", "来到", "北京", "清华", "清华大学", "华大", "大学"]],
    ["segmentBody", 200, [["我", "来到", "北京", "清华大学"], ["北京"]]],
    ["segmentBody", 200, [["我", "来到", "北京", "清华大学"], "words"]],
    ["keywords", 200, ["清华大学", "来到"]],
    ["keywordsBody", 200, ["清华大学"]],
    ["randomImage", 200, "https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg"],
    ["randomImage", 200, ["https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg", "https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg"]],
    ["randomImage", 302, True],
    ["randomImage", 404, "No images"],
    ["imageTags", 200, []],
    ["openapi", 200, "3.1.0"],
    ["page", 200, "<!doctype html>"],
]


def here(name):
    return os.path.join(HERE, name)


def output(*command, **options):
    """The exit status of a command and what it prints."""
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    return run.returncode, run.stdout


def made(name, description, environment, files, make):
    """Make a client of the description, or find it in the cache: its directory, and what its tools said, by their names."""
    def fill(directory):
        with open(os.path.join(directory, "openapi.json"), "wb") as file:
            file.write(description)
        for path in files:
            shutil.copy(path, directory)
        with open(os.path.join(directory, "said.json"), "w", encoding="utf-8") as file:
            json.dump(make(directory), file)
    key = cache.digest(environment.directory, description, cache.digest_of_files([*files, __file__]))
    directory = cache.made(f"{name}-{key}", fill)
    with open(os.path.join(directory, "said.json"), encoding="utf-8") as file:
        return directory, {tool: tuple(said) for tool, said in json.load(file).items()}


def check_calls(name, said):
    """Check what a client has printed."""
    status, text = said
    try:
        calls = [json.loads(line) for line in text.splitlines()]
    except ValueError:
        calls = text
    tap.equal((status, calls), (0, CALLS), f"the client of {name} gets the answer of each call")


def check_python_client(description, url):
    """Make a client by openapi-python-client, and call each operation. It has no requests with a body of plain text, which its
    warnings say; all else is there."""
    environment = PythonEnvironment("openapi", here("requirements.txt"))

    def make(directory):
        return {"generator": output(environment.tool("openapi-python-client"), "generate", "--path=openapi.json", "--meta=none",
                                    "--output-path=serverful_client", "--config=python_client.yaml", cwd=directory)}
    directory, said = made("python_client", description, environment, [here("call.py"), here("python_client.yaml")], make)
    status, text = said["generator"]
    warnings = [line for line in text.splitlines() if re.match("WARNING|Unsupported|Cannot|Could|Unable|Enum|Skipping", line)]
    tap.equal((status, [line for line in warnings if not re.match("WARNING parsing POST /[a-z]+ within default.$|Unsupported content type text/plain$", line)]),
              (0, []), "openapi-python-client leaves out nothing but bodies of plain text")
    check_calls("openapi-python-client", output(environment.tool("python"), "call.py", url, cwd=directory, env=DIRECT))


def check_typescript_client(description, url):
    """Look for problems by Redocly's rules, make types by openapi-typescript, and call each operation by openapi-fetch."""
    environment = NodeEnvironment("openapi_node", here("package.json"))

    def make(directory):
        os.symlink(environment.modules, os.path.join(directory, "node_modules"))
        return {
            "redocly": output("node", "lint.mjs", "openapi.json", cwd=directory),
            "generator": output("node", environment.tool("openapi-typescript"), "openapi.json", "-o", "schema.d.ts", cwd=directory),
            "tsc": output("node", environment.tool("tsc"), "--strict", "--noEmitOnError", "--target", "es2022", "--module", "nodenext",
                          "--skipLibCheck", "call.mts", cwd=directory),
        }
    directory, said = made("typescript_client", description, environment, [here("lint.mjs"), here("call.mts")], make)
    tap.equal(said["redocly"], (0, ""), "Redocly's recommended rules find nothing in the description")
    tap.equal((said["generator"][0], said["tsc"]), (0, (0, "")), "openapi-typescript makes types by which the client compiles")
    check_calls("openapi-typescript", output("node", "call.mjs", url, cwd=directory, env=DIRECT))


def blocks(language):
    """The blocks of a language of docs/clients.md, in order, each with what the page says that it prints."""
    with open(os.path.join(tap.SOURCE, "docs", "clients.md"), encoding="utf-8") as file:
        fences = re.findall(r"^```(\w+)\n(.*?)^```$", file.read(), re.M | re.S)
    return [(code, fences[i + 1][1] if fences[i + 1:] and fences[i + 1][0] == "text" else "")
            for i, (name, code) in enumerate(fences) if name == language]


class Busy(http.server.BaseHTTPRequestHandler):
    """A service that is busy twice, and then answers."""

    left = 2

    def do_GET(self):
        body = b'{"error": "Too many requests"}' if self.left else b'{"result": 3.5}'
        self.send_response(429 if self.left else 200)
        if self.left:
            self.send_header("Retry-After", "0")
            type(self).left -= 1
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def busy_service():
    """Run a service that is Busy. Gives its URL, and the class that counts."""
    handler = type("Handler", (Busy,), {})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()


def check_program(language, command, separator, url):
    """Run all blocks of a language as one program. Returns the first block."""
    code, expected = zip(*blocks(language))
    status, text = output(*command, separator.join(code).replace(ADDRESS, url), env=DIRECT)
    tap.equal((status, text.split("\x1e\n")), (0, list(expected)), f"docs/clients.md: {language} prints what the page shows")
    return code[0]


def check_blocks(language, command, separator, last_call, url):
    """Run all blocks of a language as one program, and its first block against a service that is busy."""
    first = check_program(language, command, separator, url)
    with busy_service() as (busy, handler):
        said = output(*command, first.replace(ADDRESS, busy) + last_call, env=DIRECT)
    tap.equal((said, handler.left), ((0, "3.5\n"), 0), f"docs/clients.md: {language} tries again where the service is busy")


@contextlib.contextmanager
def skipped(n):
    """Skip `n` results where an environment cannot be made."""
    try:
        yield
    except Unavailable as reason:
        tap.skip(n, str(reason))


tap.plan(12)
with Service() as service:
    url = f"http://127.0.0.1:{service.port}"
    with Client(service.port) as client:
        description = client.get("/openapi.json").body
    operations = {operation["operationId"] for item in json.loads(description)["paths"].values()
                  for operation in item.values() if isinstance(operation, dict)}
    tap.equal({name for name, _, _ in CALLS}, operations, "the calls are of all operations of the description")
    with skipped(2):
        check_python_client(description, url)
    with skipped(3):
        check_typescript_client(description, url)
    check_blocks("python", ["/usr/bin/python3", "-c"], '\nprint("\\x1e")\n', '\nprint(call("/calculator")["result"])\n', url)
    with skipped(1):  # requests is there because schemathesis needs it
        check_program("py", [PythonEnvironment("openapi", here("requirements.txt")).tool("python"), "-c"], "", url)
    if shutil.which("node"):
        check_blocks("js", ["node", "--input-type=module", "--eval"], '\nconsole.log("\\x1e");\n',
                     '\nconsole.log((await call("/calculator")).result);\n', url)
    else:
        tap.skip(2, "node is not installed")
    ended_well(service)
tap.done()
