#!/usr/bin/python3
"""nginx/cluster.conf on four hosts, each a network namespace: nginx on one, and a pool on each of the others. No request
is lost when hosts are unplugged and killed under load. An edit on the admin's host reaches the others as docs/cluster.md
says: as a copy of the store, and as a snapshot that is published."""

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from load import Load
from service import NGINX, children
from store import small_store, sql
from wait import wait_until

FRONT = f"serverful-{os.getpid()}"
HOSTS = {number: f"{FRONT}-{number}" for number in (11, 12, 13)}  # by the last byte of the address; 11 is the admin's host
PORT = 8080


def ip(*arguments):
    subprocess.run(["ip", *arguments], check=True, stderr=subprocess.PIPE)


def make_network():
    """Make a bridge in nginx's namespace and a cable to each host. nginx's end of a cable is called cable-11 and so on."""
    for name in (FRONT, *HOSTS.values()):
        ip("netns", "add", name)
        ip("-n", name, "link", "set", "lo", "up")
    ip("-n", FRONT, "link", "add", "bridge", "type", "bridge")
    ip("-n", FRONT, "address", "add", "10.0.0.1/24", "dev", "bridge")
    ip("-n", FRONT, "link", "set", "bridge", "up")
    for number, name in HOSTS.items():
        ip("-n", FRONT, "link", "add", f"cable-{number}", "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("-n", FRONT, "link", "set", f"cable-{number}", "master", "bridge", "up")
        ip("-n", name, "address", "add", f"10.0.0.{number}/24", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")


def remove_network():
    for name in (*HOSTS.values(), FRONT):
        subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)


def listing(path):
    """The indented lines in docs/cluster.md from the one that begins with `path` to the next blank line."""
    with open(os.path.join(tap.SOURCE, "docs", "cluster.md"), encoding="utf-8") as file:
        return re.search(rf"^    {re.escape(path)}.*?\n\n", file.read(), re.M | re.S)[0]


def unit_lines(unit, key):
    """The values of a key in a unit, each as a list of words."""
    with open(os.path.join(tap.SOURCE, "systemd", unit), encoding="utf-8") as file:
        text = file.read().replace("\\\n", " ")
    return [shlex.split(line) for line in re.findall(rf"^{key}=(.*)$", text, re.M)]


class Host:
    """A host: its namespace, and its own directories at the paths of the service."""

    def __init__(self, number, directory):
        self.number, self.directory = number, os.path.join(directory, str(number))
        for name in ("lib/publish", "cache"):
            os.makedirs(os.path.join(self.directory, name))
        self.db = small_store(os.path.join(self.directory, "lib"))
        self.pool = None

    def command(self, *command):
        """The command line that runs a command on this host."""
        mounts = "".join(f"mount -t tmpfs none /var/{name} && mkdir /var/{name}/serverful && "
                         f"mount --bind {self.directory}/{name} /var/{name}/serverful && " for name in ("lib", "cache"))
        return ["ip", "netns", "exec", HOSTS[self.number], "unshare", "--mount", "sh", "-c", mounts + 'exec "$@"', "sh",
                *command]

    def run(self, *command):
        return subprocess.run(self.command(*command), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def has_unread_requests(self):
        """Whether bytes of requests wait in the host's sockets, since no worker reads them."""
        sockets = self.run("ss", "--no-header", "--numeric", "--tcp", "state", "established", "sport = :9000").stdout
        return any(int(line.split()[0]) > 0 for line in sockets.splitlines())

    def answered(self):
        """The number of requests to /calculator that the pool has answered since its start."""
        script = ("import sys; sys.path.insert(0, sys.argv[1]); import fcgi\n"
                  "print(fcgi.Connection((sys.argv[2], 9000)).exchange(fcgi.get('/metrics'), keep=False).body.decode())")
        metrics = self.run(sys.executable, "-c", script, os.path.join(tap.SOURCE, "t", "lib"), f"10.0.0.{self.number}").stdout
        found = re.search(r'^serverful_requests_total{route="calculator",status="200"} (\d+)$', metrics, re.M)
        return int(found[1]) if found else 0

    def workers(self):
        return children(self.pool.pid, "pool-worker")

    def start_pool(self, options="--request-timeout 5"):
        """Start a pool with the SERVERFUL_OPTIONS of docs/cluster.md."""
        log = open(os.path.join(self.directory, "pool.log"), "ab")
        self.pool = subprocess.Popen(self.command(tap.SERVERFUL, "pool", "--listen", f"10.0.0.{self.number}:9000",
                                                  "--workers", "4", *options.split()), stderr=log)
        wait_until(lambda: len(self.workers()) == 4, "workers")

    def stop_pool(self):
        self.pool.terminate()
        self.pool.wait()

    def kill(self):
        """Kill all processes of the pool at once."""
        for pid in [self.pool.pid, *children(self.pool.pid)]:
            with contextlib.suppress(ProcessLookupError):  # a child exits with its supervisor
                os.kill(pid, signal.SIGKILL)
        self.pool.wait()


def start_nginx(directory):
    """Start nginx with nginx/cluster.conf, in which only paths are changed."""
    prefix = os.path.join(directory, "nginx")
    os.makedirs(prefix)
    for part in ("serverful-api.conf", "serverful-limits.conf", "serverful-proxy.conf"):
        shutil.copy(os.path.join(tap.SOURCE, "nginx", part), prefix)
    with open(os.path.join(tap.SOURCE, "nginx", "dev.conf.in"), encoding="utf-8") as file:
        head = file.read().split("    include serverful-limits.conf;")[0].replace("@USER@", "user root;")
    with open(os.path.join(tap.SOURCE, "nginx", "cluster.conf"), encoding="utf-8") as file:
        site = file.read().replace("snippets/", "")
    with open(os.path.join(prefix, "nginx.conf"), "w", encoding="utf-8") as file:
        file.write(head + site + "}\n")
    nginx = subprocess.Popen(["ip", "netns", "exec", FRONT, NGINX, "-e", "stderr", "-p", prefix, "-c", "nginx.conf"],
                             stderr=open(os.path.join(directory, "nginx.log"), "wb"))
    wait_until(lambda: "result" in get("/calculator?num1=1&num2=2&operator=add"), "nginx")
    return nginx


def get(target, times=1):
    """The bodies of responses, one a line; for a failed request, the error."""
    script = ("import sys, urllib.request as u\nfor _ in range(int(sys.argv[2])):\n"
              "  try: print(u.urlopen(sys.argv[1], timeout=60).read().decode())\n  except OSError as error: print(repr(error))")
    return subprocess.run(["ip", "netns", "exec", FRONT, sys.executable, "-c", script, f"http://127.0.0.1:{PORT}{target}",
                           str(times)], stdout=subprocess.PIPE, text=True).stdout


def check_failures(hosts):
    """Unplug one of three hosts and kill two under load."""
    load = Load(["ip", "netns", "exec", FRONT], PORT, connections=24)
    load.await_answers(3)
    stopped = hosts[12].workers()
    for pid in [hosts[12].pool.pid, *stopped]:  # so that the host has requests when it is unplugged
        os.kill(pid, signal.SIGSTOP)
    wait_until(hosts[12].has_unread_requests, "requests to a host whose workers are stopped")
    ip("-n", FRONT, "link", "set", "cable-12", "down")
    os.kill(hosts[12].pool.pid, signal.SIGCONT)  # it replaces the stopped workers
    load.await_answers(2)  # after 7 s nginx sends the requests of that host to other hosts
    hosts[13].kill()
    load.await_answers(6)
    wait_until(lambda: len(hosts[12].workers()) == 4 and not set(stopped) & set(hosts[12].workers()), "other workers")
    before = hosts[12].answered()
    ip("-n", FRONT, "link", "set", "cable-12", "up")
    hosts[13].start_pool()
    wait_until(lambda: hosts[12].answered() > before and hosts[13].answered() > 0, "requests to both hosts, which begin after 10 s")
    hosts[11].kill()
    load.await_answers(6)
    hosts[11].start_pool()
    wait_until(lambda: hosts[11].answered() > 0, "requests to the host that was killed, which begin after 10 s")
    wait_until(lambda: sum(load.answered()) > 500, "500 answers")
    report = load.stop()
    print("# while one of three hosts is unplugged and two are killed:", {**report, "failed": len(report["failed"])})
    tap.ok(report["sent"] > 500 and not report["failed"], "no request is lost while one of three hosts is unplugged and two are killed", report["failed"][:5])
    tap.ok(report["slowest"] > 6, "requests that an unplugged host had are answered by another host", report["slowest"])


def publish(host):
    """Do what serverful-publish.service does. Returns whether there was anything to publish."""
    for condition in unit_lines("serverful-publish.service", "ExecCondition"):
        if host.run(*condition).returncode:
            return False
    for line in unit_lines("serverful-publish.service", "ExecStart"):
        run = host.run(*line)
        tap.ok(run.returncode == 0, f"serverful-publish.service: {line[0]} succeeds", run.stdout)
    return True


def fetch(host, source=None):
    """Do what serverful-fetch.service does."""
    source = source or listing("SERVERFUL_SOURCE").split('"')[1]
    for line in unit_lines("serverful-fetch.service", "ExecStart"):
        run = host.run(*[word.replace("${SERVERFUL_SOURCE}", source) for word in line])
        tap.ok(run.returncode == 0, f"serverful-fetch.service: {line[0]} succeeds on host {host.number}", run.stdout)


def has_arrived():
    """Whether 24 responses in a row, which come from all hosts, have the only image that is left."""
    return set(filter(None, get("/random-image", 24).splitlines())) == {'{"imageUrl": "https://example.org/1.jpg"}'}


def check_snapshot(hosts, directory):
    """Publish a snapshot, which one of the hosts fetches instead of the store. The list shows that."""
    section = listing("SERVERFUL_SOURCE=\"rsync://10.0.0.11/serverful/serverful.snapshot")
    places = os.path.join(directory, "places")
    with open(places, "w", encoding="utf-8") as file:
        file.write("\n".join(line for line in listing("host   web1").splitlines() if "10.0.0.12" in line))
    command = (tap.SERVERFUL, "publish", "--places", places)
    run = hosts[11].run(*command)
    tap.ok(run.returncode == 0 and run.stdout.startswith("web1: already has "), "a host that compiles a copy of the store has the published revision", run.stdout)
    fetch(hosts[12], section.split('"')[1])
    hosts[12].stop_pool()
    hosts[12].start_pool(section.split('"')[3])
    sql(hosts[11].db, "INSERT INTO words (word) VALUES ('无服务器架构');")
    run = hosts[11].run(*command, "--wait", "0")
    tap.ok(run.returncode == 1 and "web1: still serves" in run.stdout, "publish names a host that has not fetched the snapshot yet", run.stdout)
    fetch(hosts[12], section.split('"')[1])
    wait_until(lambda: hosts[11].run(*command, "--list").returncode == 0, lambda: hosts[11].run(*command, "--list").stdout)
    tap.ok(True, "a host that fetches snapshots serves what is published")


def check_store(hosts, directory):
    """Edit the store on the admin's host, publish it there, and fetch it on the others."""
    conf = os.path.join(directory, "rsyncd.conf")
    with open(conf, "w", encoding="utf-8") as file:
        file.write(listing("[serverful]").replace("= serverful\n", "= root\n"))
    daemon = subprocess.Popen(hosts[11].command("rsync", "--daemon", "--no-detach", f"--config={conf}"))
    try:
        sql(hosts[11].db, "BEGIN; DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/1.jpg'); COMMIT;")
        tap.ok(publish(hosts[11]), "the admin's host publishes an edit")
        tap.ok(not publish(hosts[11]), "the admin's host does not publish a store that has not changed")
        before = os.stat(hosts[12].db).st_ino
        wait_until(lambda: not hosts[11].run("python3", "-c", "import socket; socket.create_connection(('10.0.0.11', 873))")
                   .returncode, "rsync's daemon")
        left = os.path.join(hosts[12].directory, "lib", ".serverful.db.AbC123")
        shutil.copy(hosts[12].db, left)
        for number in (12, 13):
            fetch(hosts[number])
        tap.ok(not os.path.exists(left), "fetching removes the file of a fetch that was killed")
        wait_until(has_arrived, "the edit on all hosts")
        tap.ok(os.stat(hosts[12].db).st_ino != before, "an edit reaches another host as a new file")
        fetched = os.stat(hosts[12].db).st_ino
        fetch(hosts[12])
        tap.equal(os.stat(hosts[12].db).st_ino, fetched, "fetching an unchanged store leaves the file in place")
        sql(hosts[11].db, "INSERT INTO images (url) VALUES ('https://example.org/2.jpg'); "
                          "DELETE FROM images WHERE url GLOB '*/2.jpg';")
        tap.ok(publish(hosts[11]), "the admin's host publishes the next edit")
        check_snapshot(hosts, directory)
    finally:
        daemon.terminate()
        daemon.wait()


def main():
    if os.getuid() != 0:
        return "not root"
    for tool in ("ip", "rsync", "unshare"):
        if not shutil.which(tool):
            return tool + " is not installed"
    try:
        make_network()
    except subprocess.CalledProcessError as error:
        return "no network namespaces: " + error.stderr.decode().strip()
    tap.plan(31)
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
        hosts = {number: Host(number, directory) for number in HOSTS}
        for host in hosts.values():
            host.start_pool()
        nginx = start_nginx(directory)
        try:
            check_failures(hosts)
            check_store(hosts, directory)
        finally:
            nginx.terminate()
            nginx.wait()
            for host in hosts.values():
                host.stop_pool()
    return None


try:
    skipped = main()
finally:
    remove_network()
if skipped:
    tap.skip_all(skipped)
tap.done()
