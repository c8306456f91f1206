"""AWS's own runtime interface emulator, built from its Go module or taken from the SAM CLI, with the function laid out as
on Lambda: bootstrap in /var/task, the snapshot in /opt. A mount namespace hides these from the rest of the machine.

    if (program := fetch()) and can_isolate():
        with Emulator(program, snapshot) as emulator:
            result = emulator.invoke('{"text": "..."}')        as runtime_api.Result
"""

import http.client
import json
import os
import platform
import shutil
import socket
import subprocess
import tempfile

import tap
from runtime_api import Result
from service import children, free_ports
from wait import PATIENCE, wait_until

MODULE = ("github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie"
          "@v0.0.0-20261030222936-bef5c4ba774d")
PACKAGE = "aws-sam-cli==1.170.0"  # contains the emulator
ISOLATE = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
if os.getuid() != 0:
    ISOLATE[1:1] = ["--user", "--map-root-user"]

LAY_OUT = """
mount -t tmpfs none /var && mkdir /var/task && mount --bind "$1/task" /var/task && mount --bind "$1/opt" /opt &&
cd /var/task && exec "$1/emulator" --runtime-api-address "$2" --runtime-interface-emulator-address "$3" \\
    /var/task/bootstrap serverful
"""


def _by_go(directory):
    """Build the emulator with Go. Returns its path, or None where Go is missing or too old."""
    program = os.path.join(directory, "go", "aws-lambda-rie")
    if not os.path.exists(program):
        if not shutil.which("go") or subprocess.run(
                ["go", "install", MODULE], env={**os.environ, "GOBIN": os.path.dirname(program), "CGO_ENABLED": "0"},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return None
    return program


def _by_pip(directory):
    """Install the SAM CLI, which contains the emulator. Returns its path, or None where pip fails."""
    name = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
    program = os.path.join(directory, "sam", "samcli", "local", "rapid", f"aws-lambda-rie-{name}")
    if not os.path.exists(program):
        pip = os.path.join(directory, "bin", "pip")
        for command in (["/usr/bin/python3", "-m", "venv", directory],
                        [pip, "install", "-q", "--no-deps", "--target", os.path.join(directory, "sam"), PACKAGE]):
            if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
                return None
        os.chmod(program, 0o755)
    return program


def fetch():
    """Make the emulator in the build directory, once. Returns its path, or None where neither Go nor pip can make it."""
    directory = os.path.join(tap.BUILD, "emulator")
    return _by_go(directory) or _by_pip(directory)


def can_isolate():
    """Whether this user can make a mount namespace."""
    return subprocess.run([*ISOLATE, "mount", "-t", "tmpfs", "none", "/var"], stderr=subprocess.DEVNULL).returncode == 0


class Emulator:
    """A running emulator with its function; a context manager. With None as the snapshot there is none. `environment` adds to
    the environment variables."""

    def __init__(self, program, snapshot, environment=None, bootstrap=tap.BOOTSTRAP):
        self.directory = tempfile.mkdtemp(prefix="serverful-", dir="/tmp")  # the namespace has a /var of its own
        for name in "task", "opt":
            os.mkdir(os.path.join(self.directory, name))
        shutil.copy(bootstrap, os.path.join(self.directory, "task", "bootstrap"))
        shutil.copy(program, os.path.join(self.directory, "emulator"))
        if snapshot:
            shutil.copy(snapshot, os.path.join(self.directory, "opt", "serverful.snapshot"))
        self.port, self._api = free_ports(2)
        self._log = open(os.path.join(self.directory, "log"), "wb")
        self.process = subprocess.Popen(
            [*ISOLATE, "sh", "-c", LAY_OUT, "sh", self.directory, f"127.0.0.1:{self._api}", f"127.0.0.1:{self.port}"],
            stdout=self._log, stderr=self._log, env={**os.environ, "LOG_LEVEL": "warn", **(environment or {})})

    def __enter__(self):
        wait_until(self._listens, "the emulator")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._log.close()
        shutil.rmtree(self.directory)

    def _listens(self):
        """Whether it takes events, and the requests of bootstrap: it opens the two ports in no certain order."""
        if self.process.poll() is not None:
            raise RuntimeError("the emulator has ended: " + self.log())
        for port in self.port, self._api:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)):
                    return False
        return True

    def log(self):
        with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def invoke(self, event):
        """Invoke the function with an event, which is text or bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", "/2015-03-31/functions/function/invocations",
                           event if isinstance(event, bytes) else event.encode())
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        try:
            answered = json.loads(body)
        except ValueError:
            return Result("error", body, f"status {answer.status}")
        if isinstance(answered, dict) and "errorType" in answered:
            return Result("error", body, answered["errorType"])
        return Result("response", body)

    def bootstraps(self):
        """The pids of the processes that take events."""
        found, parents = [], [self.process.pid]
        while parents:
            parents = [child for parent in parents for child in children(parent)]
            found += [pid for pid in parents if not children(pid)]
        return sorted(found)
