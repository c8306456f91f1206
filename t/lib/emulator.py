"""AWS's own runtime interface emulator, built of its Go module or as the SAM CLI ships it, with a function laid out as
on Lambda: bootstrap in /var/task, the snapshot in /opt, and no variable that says so. Nothing of that is seen outside
of a mount namespace.

    if (program := fetch()) and can_isolate():
        with Emulator(program, snapshot) as emulator:
            result = emulator.invoke('{"text": "..."}')        as runtime_api.Result
"""

import http.client
import json
import os
import platform
import shutil
import subprocess
import tempfile

import tap
from runtime_api import Result
from service import children, free_port
from wait import wait_until

MODULE = ("github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie"
          "@v0.0.0-20261030222936-bef5c4ba774d")
PACKAGE = "aws-sam-cli==1.170.0"  # has it, too
ISOLATE = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
if os.getuid() != 0:
    ISOLATE[1:1] = ["--user", "--map-root-user"]

LAY_OUT = """
mount -t tmpfs none /var && mkdir /var/task && mount --bind "$1/task" /var/task && mount --bind "$1/opt" /opt &&
cd /var/task && exec "$1/emulator" --runtime-api-address "$2" --runtime-interface-emulator-address "$3" \\
    /var/task/bootstrap serverful
"""


def _by_go(directory):
    """The emulator, built by Go; None where there is no Go, or one that is too old."""
    program = os.path.join(directory, "go", "aws-lambda-rie")
    if not os.path.exists(program):
        if not shutil.which("go") or subprocess.run(
                ["go", "install", MODULE], env={**os.environ, "GOBIN": os.path.dirname(program), "CGO_ENABLED": "0"},
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
            return None
    return program


def _by_pip(directory):
    """The emulator as it comes with the SAM CLI; None where pip cannot install that."""
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
    """The path of the emulator, which is made in the build directory, once; None where neither Go nor pip can."""
    directory = os.path.join(tap.BUILD, "emulator")
    return _by_go(directory) or _by_pip(directory)


def can_isolate():
    """Whether a mount namespace can be had."""
    return subprocess.run([*ISOLATE, "mount", "-t", "tmpfs", "none", "/var"], stderr=subprocess.DEVNULL).returncode == 0


class Emulator:
    """The emulator and its function, without a snapshot where that is None; `environment` adds to its environment."""

    def __init__(self, program, snapshot, environment=None, bootstrap=tap.BOOTSTRAP):
        self.directory = tempfile.mkdtemp(prefix="serverful-", dir="/tmp")  # /var is another one there
        for name in "task", "opt":
            os.mkdir(os.path.join(self.directory, name))
        shutil.copy(bootstrap, os.path.join(self.directory, "task", "bootstrap"))
        shutil.copy(program, os.path.join(self.directory, "emulator"))
        if snapshot:
            shutil.copy(snapshot, os.path.join(self.directory, "opt", "serverful.snapshot"))
        self.port, api = free_port(), free_port()
        self._log = open(os.path.join(self.directory, "log"), "wb")
        self.process = subprocess.Popen(
            [*ISOLATE, "sh", "-c", LAY_OUT, "sh", self.directory, f"127.0.0.1:{api}", f"127.0.0.1:{self.port}"],
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
        if self.process.poll() is not None:
            raise RuntimeError("the emulator has ended: " + self.log())
        try:
            http.client.HTTPConnection("127.0.0.1", self.port).connect()
            return True
        except ConnectionRefusedError:
            return False

    def log(self):
        with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def invoke(self, event):
        """Invoke the function with an event, which is text or bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/2015-03-31/functions/function/invocations",
                           event if isinstance(event, bytes) else event.encode())
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        try:
            told = json.loads(body)
        except ValueError:
            return Result("error", body, f"status {answer.status}")
        if isinstance(told, dict) and "errorType" in told:
            return Result("error", body, told["errorType"])
        return Result("response", body)

    def bootstraps(self):
        """The pids of the processes that take events."""
        found, parents = [], [self.process.pid]
        while parents:
            parents = [child for parent in parents for child in children(parent)]
            found += [pid for pid in parents if not children(pid)]
        return sorted(found)
