"""`serverful lambda-host` in a test.

    with LambdaHost(snapshot=path) as host:
        answer = host.invoke("/random-image")
        host.reports()         the REPORT lines so far, as dicts

    with Gate() as gate, LambdaHost(FUNCTION, environment=gate.environment) as host:
        ...                    the function does not answer /wait
        gate.open()            now it does
"""

import fcntl
import os
import re
import subprocess
import tempfile

import tap
from http_client import Client
from service import children
from wait import PATIENCE, wait_until

FUNCTION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "function.py")
REPORT = re.compile(
    r"REPORT RequestId: (?P<id>[0-9a-f-]{36})\tDuration: (?P<duration>\d+\.\d\d) ms\tBilled Duration: (?P<billed>\d+) ms\t"
    r"Memory Size: (?P<size>\d+) MB\tMax Memory Used: (?P<used>\d+) MB\t(Init Duration: (?P<init>\d+\.\d\d) ms\t)?"
    r"(Status: (?P<status>\w+)\t)?(Error Type: (?P<error>[\w.]+)\t)?")


class Gate:
    """Holds back the answers of FUNCTION to /wait until open(); a context manager. `environment` is for LambdaHost."""

    def __init__(self):
        self._file = tempfile.NamedTemporaryFile(prefix="serverful-")
        self.environment = {"FUNCTION_GATE": self._file.name}

    def __enter__(self):
        fcntl.flock(self._file, fcntl.LOCK_EX)
        return self

    def __exit__(self, *_):
        self._file.close()

    def open(self):
        fcntl.flock(self._file, fcntl.LOCK_UN)


class LambdaHost:
    """The command with a function, by default bootstrap; a context manager. `options` are the options of the command, by
    name. `environment` adds to its environment variables. `client` is an http_client.Client of it."""

    def __init__(self, function=tap.BOOTSTRAP, environment=None, **options):
        options = {"memory": 1024, "timeout": 600, **options}  # sanitizers, valgrind and a busy machine need memory and time
        self.directory = tempfile.TemporaryDirectory(prefix="serverful-")
        self._out, self._log = (os.path.join(self.directory.name, name) for name in ("out", "log"))
        command = [tap.SERVERFUL, "lambda-host", "--listen", "127.0.0.1:0", "--bootstrap", function]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        with open(self._out, "wb") as out, open(self._log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=out, stderr=log, env={**os.environ, **(environment or {})})
        self.pid = self.process.pid

    def __enter__(self):
        self.port = int(wait_until(lambda: re.search(r"listening on http://127.0.0.1:(\d+)", self.log()), "a port")[1])
        self.client = Client(self.port)
        return self

    def __exit__(self, *_):
        self.client.close()
        self.stop()
        self.directory.cleanup()

    def invoke(self, target, method="GET", headers=None, body=None):
        """Send a request, and wait until its environment has reported the invocation: the next request finds it idle.
        Returns the answer."""
        n = self._n_lines()
        answer = self.client.exchange(method, target, headers, body)
        wait_until(lambda: self._n_lines() > n, lambda: f"the REPORT of {target}; the log is:\n{self.log()}")
        return answer

    def _n_lines(self):
        """The number of lines on standard output; counting them is quicker than parsing them."""
        with open(self._out, "rb") as file:
            return file.read().count(b"\n")

    def stop(self):
        """Terminate the command, if it still runs. Returns its exit status."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def log(self):
        """What the command has written to stderr."""
        with open(self._log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def reports(self):
        """The lines on standard output so far, each as a dict of texts; ValueError where one is not a REPORT."""
        with open(self._out, encoding="utf-8") as file:
            lines = [line[:-1] for line in file if line.endswith("\n")]
        found = [REPORT.fullmatch(line) for line in lines]
        if not all(found):
            raise ValueError(lines)
        return [report.groupdict() for report in found]

    def await_reports(self, n):
        """Wait for `n` reports, and return all."""
        wait_until(lambda: len(self.reports()) >= n, lambda: f"{n} reports; the log is:\n{self.log()}")
        return self.reports()

    def processes(self):
        """The pids of the processes of its environments."""
        return children(self.pid)
