"""`serverful lambda-host` in a test.

    with LambdaHost(snapshot=path) as host:
        answer = http_client.Client(host.port).get("/random-image")
        host.reports()         the REPORT lines so far, as dicts
"""

import os
import re
import subprocess
import tempfile

import tap
from service import children
from wait import wait_until

FUNCTION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "function.py")
REPORT = re.compile(
    r"REPORT RequestId: (?P<id>[0-9a-f-]{36})\tDuration: (?P<duration>\d+\.\d\d) ms\tBilled Duration: (?P<billed>\d+) ms\t"
    r"Memory Size: (?P<size>\d+) MB\tMax Memory Used: (?P<used>\d+) MB\t(Init Duration: (?P<init>\d+\.\d\d) ms\t)?"
    r"(Status: (?P<status>\w+)\t)?(Error Type: (?P<error>[\w.]+)\t)?")


class LambdaHost:
    """The command with a function, which is bootstrap unless it is said otherwise; `options` are those of the command,
    by name. `environment` adds to its environment."""

    def __init__(self, function=tap.BOOTSTRAP, environment=None, **options):
        options = {"memory": 1024, "timeout": 60, **options}  # sanitizers and valgrind need time and memory
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
        return self

    def __exit__(self, *_):
        self.stop()
        self.directory.cleanup()

    def stop(self):
        """End it, if it runs still; its exit status."""
        self.process.terminate()
        return self.process.wait(60)

    def log(self):
        with open(self._log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def reports(self):
        """The lines that were printed so far, each as a dict of texts; ValueError where one is of another form."""
        with open(self._out, encoding="utf-8") as file:
            lines = file.read().splitlines()
        found = [REPORT.fullmatch(line) for line in lines]
        if not all(found):
            raise ValueError(lines)
        return [report.groupdict() for report in found]

    def await_reports(self, n):
        """Wait until there are so many, and return them."""
        wait_until(lambda: len(self.reports()) >= n, f"{n} reports")
        return self.reports()

    def processes(self):
        """The pids of the environments' processes."""
        return children(self.pid)
