"""The two sides of a comparison, both on this machine and with the same snapshot: the pool behind nginx, and bootstrap under
lambda-host. Each is a context manager with a `url`, and writes below a directory of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time

import child
from failure import Failure
from lambda_log import read_reports

PATIENCE = 30  # seconds that a start or an end may take
HERE = os.path.dirname(os.path.realpath(__file__))
NGINX_FILES = os.path.join(os.path.dirname(HERE), "nginx")


def await_that(condition, what):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise Failure(f"{what}: not ready after {PATIENCE} s")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(pid):
    """Return the pids of all descendants of a process."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, left = [], [pid]
    while left:
        left = [child for parent in left for child in children.get(parent, [])]
        found += left
    return found


def processor_seconds(pids):
    """Return the processor time that the processes have used, in seconds."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
            total += int(file.read().split()[0])
    return total / 1e9


def memory_mb(pids):
    """Return the memory of the processes in MB. A page that several share counts in equal parts."""
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            total += int(re.search(r"^Pss:\s+(\d+)", file.read(), re.M)[1])
    return total / 1024


def find_nginx():
    """Return the path of nginx. Raises Failure where there is none."""
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not program:
        raise Failure("cannot find nginx: install the package nginx-light")
    return program


class Side:
    """The part that both sides have in common: processes, their log and their end."""

    def __init__(self, directory):
        self.directory, self._running = directory, []
        os.makedirs(directory)

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self._running):
            process.terminate()
        for process in reversed(self._running):
            process.wait()

    def run(self, *command, **options):
        with open(os.path.join(self.directory, "log"), "ab") as log:
            process = subprocess.Popen(child.command(*command), cwd=self.directory, stdin=subprocess.DEVNULL, stderr=log, **options)
        self._running.append(process)
        return process

    def log(self):
        with open(os.path.join(self.directory, "log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def await_start(self, process, condition, what):
        def look():
            if process.poll() is not None:
                raise Failure(f"{what} has exited: {self.log()[-2000:]}")
            return condition()
        return await_that(look, what)


class Vm(Side):
    """nginx with the shipped configuration, and the pool."""

    def __init__(self, programs, directory, store, snapshot):
        super().__init__(directory)
        self.programs, self.store, self.snapshot = programs, store, snapshot
        self.prefix = os.path.join(directory, "nginx")

    def start(self):
        pool = self.run(self.programs["serverful"], "pool", "--store", self.store, "--snapshot", self.snapshot,
                        "--listen", "unix:serverful.sock", stdout=subprocess.DEVNULL)
        self.await_start(pool, lambda: os.path.exists(os.path.join(self.directory, "serverful.sock")), "the pool")
        port = self._configure()
        self.nginx = self.start_nginx()
        self.url = f"http://127.0.0.1:{port}"

    def start_nginx(self, configuration="nginx.conf"):
        """Start nginx with a configuration in self.prefix, which names its file of the pid as the configuration. Return the process."""
        process = self.run(find_nginx(), "-e", "stderr", "-p", "nginx/", "-c", configuration, stdout=subprocess.DEVNULL)
        pid = os.path.join(self.prefix, configuration.replace(".conf", ".pid"))
        self.await_start(process, lambda: os.path.exists(pid), "nginx")
        return process

    def _configure(self):
        os.makedirs(self.prefix)
        port = free_port()
        for name in ("serverful-api.conf", "serverful-limits.conf", "serverful-socket.conf"):
            shutil.copy(os.path.join(NGINX_FILES, name), self.prefix)
        with open(os.path.join(NGINX_FILES, "dev.conf.in"), encoding="utf-8") as file:
            text = file.read()
        text = text.replace("@USER@", "user root;" if os.getuid() == 0 else "").replace("@PORT@", str(port))
        with open(os.path.join(self.prefix, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(text)
        return port

    def pids(self):
        """Return the pids of nginx and the pool."""
        return [pid for process in self._running for pid in [process.pid, *descendants(process.pid)]]


class Lambda(Side):
    """lambda-host and its bootstrap processes."""

    def __init__(self, programs, directory, snapshot, memory=1769, concurrency=64, idle=300):
        super().__init__(directory)
        self.programs, self.snapshot, self.memory, self.concurrency, self.idle = programs, snapshot, memory, concurrency, idle
        self._reports, self._n_read = [], 0

    def start(self):
        with open(os.path.join(self.directory, "out"), "wb") as out:
            self.host = self.run(self.programs["serverful"], "lambda-host", "--listen", "127.0.0.1:0", "--bootstrap",
                                 self.programs["bootstrap"], "--snapshot", self.snapshot, "--memory", str(self.memory),
                                 "--concurrency", str(self.concurrency), "--idle", str(self.idle), stdout=out)
        listening = re.compile(r"listening on (http://\S+)")
        self.url = self.await_start(self.host, lambda: listening.search(self.log()), "lambda-host")[1]

    def pids(self):
        """Return the pids of the environments. lambda-host itself is not counted: AWS runs that part."""
        return descendants(self.host.pid)

    def reports(self):
        """Return all REPORT lines so far. Only what was written since the last call is read: a long run has a million of them."""
        with open(os.path.join(self.directory, "out"), "rb") as file:
            file.seek(self._n_read)
            text = file.read()
        text = text[:text.rfind(b"\n") + 1]  # the last line may not be complete yet
        self._n_read += len(text)
        self._reports += read_reports(text.decode())
        return self._reports

    def await_report(self, n):
        """Wait for REPORT line number n, counted from 0, and return it. lambda-host writes the line when the process asks for its
        next event."""
        await_that(lambda: len(self.reports()) > n, "Lambda's REPORT line")
        return self.reports()[n]

    def end_environments(self):
        """Kill all environments; the next request is a cold start."""
        for pid in self.pids():
            os.kill(pid, signal.SIGKILL)
        await_that(lambda: not self.pids(), "the end of the environments")
