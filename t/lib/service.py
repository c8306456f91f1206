"""The service as an operator runs it: a store, the pool and nginx, in a temporary directory on a free port.

    with Service() as service:
        answer = http.Client(service.port).get("/random-image")
        ended_well(service)
"""

import atexit
import contextlib
import glob
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile

import tap
from store import CONFIRM, jieba_snapshot, jieba_store, small_snapshot, small_store, sql
from wait import PATIENCE, wait_until

# The snapshots of stores, so that the pool need not compile them.
SNAPSHOTS = {jieba_store: jieba_snapshot, small_store: small_snapshot}
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_ports(n):
    """Different TCP ports of 127.0.0.1 that are free at the moment."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(n)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def free_port():
    return free_ports(1)[0]


def children(parent, command=None):
    """The running children of a process, sorted; with `command`, only those of that name."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8") as file:
                head, _, tail = file.read().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, ppid = tail.split()[:2]
        if int(ppid) == parent and state != "Z" and command in (None, head.partition("(")[2]):
            found.append(int(name))
    return sorted(found)


def of_status(pid, key):
    """The first word of a line of /proc/PID/status; None where the process has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return re.search(rf"^{key}:\s+(\S+)", file.read(), re.M)[1]
    return None


def is_running(pid):
    """Whether a process runs. One that has ended does not, even where nobody has waited for it."""
    return of_status(pid, "State") not in ("Z", "X", None)


class Pool:
    """`serverful pool` without nginx. `listen` is an address; with None, the pool inherits `stdin`, a listening socket.
    `limits` are resource limits by number, `ignored` are the signals that the parent process ignores."""

    def __init__(self, directory, listen="unix:serverful.sock", workers=4, stdin=subprocess.DEVNULL, store=None,
                 options=(), limits=None, ignored=(), program=tap.SERVERFUL):
        self.directory, self.n = directory, workers
        self.socket = os.path.join(directory, "serverful.sock")
        self.log_path = os.path.join(directory, "pool.log")
        command = [program, "pool", "--store", store or "serverful.db", "--snapshot", "serverful.snapshot",
                   "--workers", str(workers), *(["--listen", listen] if listen else []), *options]
        def limit():
            for number, value in (limits or {}).items():
                resource.setrlimit(number, (value, value))
            for number in ignored:
                signal.signal(number, signal.SIG_IGN)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, cwd=directory, stdin=stdin, stderr=log, preexec_fn=limit)
        self.pid = self.process.pid
        atexit.register(self._kill)  # in case the test fails

    def _kill(self):
        if self.process.poll() is None:
            self.process.kill()

    def workers(self):
        return children(self.pid, "pool-worker")

    def await_workers(self):
        """Wait until the pool has all its workers, and return their pids. Raises RuntimeError if the pool has ended."""
        def look():
            if self.process.poll() is not None:
                raise RuntimeError(f"the pool has ended: {self.log()}")
            pids = self.workers()
            return len(pids) == self.n and pids
        return wait_until(look, f"{self.n} workers")

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def complaints(self):
        """The lines of the log, except those about starts and new snapshots."""
        return [line for line in self.log().splitlines()
                if not re.match(r"serverful pool: (serverful \S+ (started|continues after)|snapshot (compiled|found|replaced)\b)", line)]

    def stop(self, number=signal.SIGTERM):
        """Send a signal if the pool still runs, and wait until it ends. Returns the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


class WebServer:
    """A web server that a subclass starts as `process`, with its `port` and its `log_path`."""

    def _listens(self):
        if self.process.poll() is not None:
            return "ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0 and "listens"

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


class Nginx(WebServer):
    """nginx on a free port of 127.0.0.1, in a directory of its own below that of the pool's socket. The template of its
    configuration contains @USER@ and @PORT@, may contain @STATUS_PORT@, and may include the snippets of nginx/."""

    def __init__(self, directory, template=os.path.join(tap.SOURCE, "nginx", "dev.conf.in"), name="nginx"):
        self.directory, self.name, self.template = directory, name, template
        self.log_path = os.path.join(directory, name + ".log")
        for _ in range(3):  # try another port if another process has taken this one
            self._configure()
            with open(self.log_path, "ab") as log:
                self.process = subprocess.Popen([NGINX, "-e", "stderr", "-p", name + "/", "-c", "nginx.conf"],
                                                cwd=directory, stderr=log)
            if wait_until(self._listens, "nginx") == "listens":
                return
        raise RuntimeError("nginx does not start: " + self.log())

    def _configure(self):
        prefix = os.path.join(self.directory, self.name)
        os.makedirs(prefix, exist_ok=True)
        self.port, self.status_port = free_ports(2)
        for part in glob.glob(os.path.join(tap.SOURCE, "nginx", "serverful-*.conf")):
            shutil.copy(part, prefix)
        with open(self.template, encoding="utf-8") as file:
            text = file.read()
        text = text.replace("@USER@", "user root;" if os.getuid() == 0 else "").replace("@PORT@", str(self.port))
        text = text.replace("@STATUS_PORT@", str(self.status_port))
        with open(os.path.join(prefix, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(text)


class Service:
    """Store, pool and nginx. `store` creates the store in a directory, `edits` is SQL to run on it before the start, and
    `options` are those of Pool."""

    def __init__(self, edits=None, workers=4, store=jieba_store, **options):
        self.directory = tempfile.mkdtemp(prefix="serverful-")
        self.db = store(self.directory)
        if store in SNAPSHOTS:
            SNAPSHOTS[store](self.directory)
        if edits:
            sql(self.db, edits + CONFIRM)
        self.pool = Pool(self.directory, workers=workers, **options)
        self.nginx = None

    def __enter__(self):
        try:
            self.pool.await_workers()
            self.nginx = Nginx(self.directory)
            self.port = self.nginx.port
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.nginx:
            self.nginx.stop()
        self.pool.stop()
        shutil.rmtree(self.directory)

    def log(self):
        """The logs of the pool and of nginx."""
        return self.pool.log() + (self.nginx.log() if self.nginx else "")


def run_checks(*checks):
    """Run each check in a directory of its own that has a small store and its snapshot."""
    for check in checks:
        with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
            small_store(directory)
            small_snapshot(directory)
            check(directory)


def sanitizer_reports(log):
    """The lines of a log that come from a sanitizer."""
    return [line for line in log.splitlines() if "Sanitizer" in line or "runtime error:" in line]


def ended_well(service):
    """Stop the pool of a service, or a Pool, and check that it exits with 0, without workers and errors of sanitizers."""
    pool = getattr(service, "pool", service)
    workers = pool.workers()
    status = pool.stop()
    left = [pid for pid in workers if is_running(pid)]
    tap.equal((status, left, sanitizer_reports(pool.log())), (0, [], []), "the pool exits with status 0, leaves no worker behind, and no sanitizer has reported an error")
