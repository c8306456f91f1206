#!/usr/bin/python3
"""The maintainer scripts of the Debian package, with other paths and with stubs of the system's programs: what an upgrade, a
removal and another installation do to the service and the site. And the unit's reload, with a real pool.

The scripts run as root. Members of the group serverful can write to /var/lib/serverful, and plant links there."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import fcgi
import tap
from service import Pool
from store import jieba_snapshot, jieba_store
from wait import wait_until

PATHS = ("/etc/nginx/", "/var/lib/", "/run/", "/usr/bin/serverful")
VERSION = subprocess.check_output([tap.SERVERFUL, "--version"], text=True).split()[1]
LINK = "../sites-available/serverful"
STUBS = {
    "deb-systemd-invoke": 'echo "$@" >>"$ROOT/calls"; [ "$*" != "reload serverful.service" ] || [ ! -e "$ROOT/on_reload" ] || . "$ROOT/on_reload"',
    "install": 'for last; do :; done; mkdir -p "$last"',
    "nginx": "exit 0",
    "runuser": 'shift 3; exec "$@"',
    "serverful": 'case "$1 $2" in "init --store") : >"$3" ;; esac',
    "systemctl": 'case $1 in show) cat "$ROOT/pid" ;; esac',
    "systemd-sysusers": "exit 0",
}


def write(path, text, mode=0o644):
    """Write a file under another name first, so that a running program keeps its file."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path + ".new", mode)
    os.rename(path + ".new", path)


class System:
    """A directory that stands for the root of a system with the package in it. `listen` are the directives of its site."""

    def __init__(self, root, listen=""):
        self.root, self.processes = root, []
        for name, text in STUBS.items():
            write(f"{root}/tools/{name}", f"#!/bin/sh\n{text}\n", 0o755)
        for directory in "etc/nginx/sites-enabled", "etc/nginx/snippets", "run/systemd/system", "var/lib/serverful", "usr/bin":
            os.makedirs(os.path.join(root, directory))
        self.site, self.program = root + "/etc/nginx/sites-enabled/serverful", root + "/usr/bin/serverful"
        write(root + "/etc/nginx/sites-available/serverful", listen)
        self.install_program()
        self.start_program()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()

    def install_program(self, works=True):
        """Install another file as the program. It stands for a pool that does not re-execute itself."""
        if works:
            shutil.copy("/bin/sleep", self.program + ".new")
            os.rename(self.program + ".new", self.program)
        else:
            write(self.program, "#!/bin/sh\nexit 1\n", 0o755)

    def start_program(self):
        self.processes.append(subprocess.Popen([self.program, "1000"]))
        write(self.root + "/pid", str(self.processes[-1].pid))

    def run(self, script, *arguments):
        """Run a maintainer script. Returns its status and its output."""
        with open(os.path.join(tap.SOURCE, "debian", "serverful." + script), encoding="utf-8") as file:
            text = file.read()
        for path in PATHS:
            text = text.replace(path, self.root + path)
        write(f"{self.root}/{script}", text)
        environment = {**os.environ, "ROOT": self.root, "PATH": f"{self.root}/tools:{os.environ['PATH']}"}
        done = subprocess.run(["sh", f"{self.root}/{script}", *arguments], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.returncode, done.stdout

    def is_enabled(self):
        return os.path.islink(self.site)

    def calls(self):
        """What the scripts have told systemd since the last call."""
        path = self.root + "/calls"
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            text = file.read()
        os.remove(path)
        return text.splitlines()


def check_site():
    """The link of the site through installation, upgrade, removal and purge."""
    with tempfile.TemporaryDirectory() as root, System(root) as system:
        said = system.run("postinst", "configure", "")
        tap.ok(said[0] == 0 and os.readlink(system.site) == LINK, "the first installation enables the site", said)
        os.remove(system.site)
        os.symlink("/etc/nginx/sites-available/mine", system.site)
        system.run("prerm", "remove")
        tap.ok(not system.is_enabled(), "a removal disables the site")
        system.run("postinst", "configure", "0.1.0")
        tap.equal(system.is_enabled() and os.readlink(system.site), "/etc/nginx/sites-available/mine",
                  "an installation after a removal restores the link that was there")
        os.remove(system.site)
        system.run("prerm", "upgrade", "0.2.0")
        system.run("postinst", "configure", "0.1.0")
        tap.ok(not system.is_enabled(), "an upgrade does not enable a site that the operator disabled")
        system.run("prerm", "remove")
        system.run("postinst", "configure", "0.1.0")
        tap.ok(not system.is_enabled(), "an installation after a removal does not enable a site that was disabled before")
        system.run("postinst", "abort-remove")
        tap.ok(not system.is_enabled(), "a removal that is cancelled does not enable a site that was disabled before")
        os.symlink(LINK, system.site)
        system.run("prerm", "remove")
        system.calls()
        system.run("postinst", "abort-remove")
        tap.equal((system.is_enabled(), system.calls()), (True, ["reload nginx.service"]), "a removal that is cancelled leaves the site enabled")
        system.run("prerm", "remove")
        system.run("postrm", "purge")
        tap.equal(os.listdir(root + "/var/lib"), [], "a purge after a removal leaves nothing in /var/lib")


def check_planted():
    """Members of the group serverful cannot make root write elsewhere, nor enable the site."""
    with tempfile.TemporaryDirectory() as root, System(root) as system:
        elsewhere, planted = root + "/elsewhere", root + "/var/lib/serverful/nginx-site"
        os.mkdir(elsewhere)
        os.symlink(elsewhere, planted)
        os.symlink(LINK, system.site)
        said = system.run("prerm", "remove")
        tap.equal((said[0], os.listdir(elsewhere)), (0, []), "a link that a member of the group planted does not lead a removal elsewhere")
        tap.ok(not system.is_enabled(), "the removal disables the site nevertheless")
        said = system.run("postinst", "configure", "0.1.0")
        tap.ok(said[0] == 0 and os.readlink(system.site) == LINK and os.readlink(planted) == elsewhere,
               "the next installation enables the site, and leaves the planted link alone", said)
        os.remove(system.site)
        system.run("postinst", "configure", "0.1.0")
        tap.ok(not system.is_enabled(), "an upgrade with a planted link does not enable a site that the operator disabled")


def check_store():
    """Only the user serverful reads and writes in the directory of the store."""
    with tempfile.TemporaryDirectory() as root, System(root) as system:
        write(root + "/tools/runuser", "#!/bin/sh\nexit 1\n", 0o755)
        system.run("postinst", "configure", "")
        tap.equal(os.listdir(root + "/var/lib/serverful"), [], "root itself puts no file beside the store")
        os.symlink("/nowhere", root + "/var/lib/serverful/serverful.db")
        tap.ok(system.run("postinst", "configure", "")[0] != 0, "root itself does not look for the store")


def check_service():
    """An upgrade ends with the new program, or says that it does not."""
    with tempfile.TemporaryDirectory() as root, System(root) as system:
        system.run("postinst", "configure", "")
        system.calls()
        said = system.run("postinst", "configure", "0.1.0")
        tap.equal((said[0], [call for call in system.calls() if "serverful" in call]), (0, ["reload serverful.service"]),
                  "an upgrade to the program that already runs reloads the service, and does not restart it")
        system.install_program()
        said = system.run("postinst", "configure", "0.1.0")
        tap.equal([call for call in system.calls() if "serverful" in call], ["reload serverful.service", "restart serverful.service"],
                  "an upgrade restarts the service if the new program has not taken over")
        tap.ok(said[0] == 0 and "restarting the service" in said[1], "such an upgrade says so", said)
        system.start_program()
        write(root + "/on_reload", "exit 1\n")
        system.install_program()
        system.run("postinst", "configure", "0.1.0")
        tap.ok("restart serverful.service" in system.calls(), "an upgrade restarts the service if the reload fails")
        system.start_program()
        system.install_program()
        taken_over = subprocess.Popen([system.program, "1000"])
        system.processes.append(taken_over)
        write(root + "/on_reload", f'echo {taken_over.pid} >"$ROOT/pid"\n')
        system.run("postinst", "configure", "0.1.0")
        tap.ok("restart serverful.service" not in system.calls(), "an upgrade does not restart the service if the new program has taken over")
        system.install_program(works=False)
        said = system.run("postinst", "configure", "0.1.0")
        tap.ok(said[0] == 0 and "restart serverful.service" not in system.calls() and "previous program continues" in said[1],
               "an upgrade to a program that does not start leaves the previous one running, and says so", said)


def check_ports():
    """The ports of the site, where another program listens on one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        listen = f"    listen 1 default_server;\n    listen [::]:1;\n    listen 127.0.0.1:{port};\n"
        with tempfile.TemporaryDirectory() as root, System(root, listen) as system:
            said = system.run("postinst", "configure", "")
            tap.ok(said[0] == 0 and not system.is_enabled() and f"another program listens on port {port}" in said[1],
                   "where another program listens on the port of the status pages, the installation leaves the site disabled", said)
            os.symlink(LINK, system.site)
            system.calls()
            said = system.run("postinst", "configure", "0.1.0")
            tap.ok("reload nginx.service" not in system.calls() and f"another program listens on port {port}" in said[1],
                   "where another program listens on a port of the site, an upgrade says so instead of reloading nginx", said)
            write(root + "/run/nginx.pid", str(os.getpid()))
            said = system.run("postinst", "configure", "0.1.0")
            tap.ok("reload nginx.service" in system.calls(), "where nginx itself listens on the ports, an upgrade reloads it", said)


def reload_command(root, patience):
    """The unit's ExecReload, as a list of words, with the program below `root`."""
    with open(os.path.join(tap.SOURCE, "systemd", "serverful.service"), encoding="utf-8") as file:
        text = re.search(r"^ExecReload=\+?(.*)$", file.read().replace("\\\n", " "), re.M)[1]
    text = text.replace("/usr/bin/", root + "/").replace("n=150", f"n={patience}").replace("$$", "$")
    return shlex.split(text)


def ask(pool, page):
    with fcgi.Connection(pool.socket) as connection:
        return connection.exchange(fcgi.get(page), keep=False).body


def spoil_scoreboard(pool):
    """Give the scoreboard of a pool another layout, whose number comes first in it."""
    places = [f"/proc/{pool.pid}/fd/{fd}" for fd in os.listdir(f"/proc/{pool.pid}/fd")]
    place, = [place for place in places if "scoreboard" in os.readlink(place)]
    with open(place, "r+b") as file:
        file.write(b"\xff")


def check_reload():
    """The unit's reload succeeds only if the pool executes the installed program."""
    with tempfile.TemporaryDirectory(prefix="serverful-") as root:
        jieba_store(root)
        jieba_snapshot(root)
        program = shutil.copy(tap.SERVERFUL, root + "/serverful")
        pool = Pool(root, program=program)
        before = pool.await_workers()

        def reload(patience):
            return subprocess.run(reload_command(root, patience), env={**os.environ, "MAINPID": str(pool.pid)}, capture_output=True, text=True)

        def is_replaced():
            """What the status pages say about the program."""
            status, metrics = (ask(pool, page) for page in ("/status", "/metrics"))
            said = json.loads(status)["program"]
            return said["version"] == VERSION and said["replaced"] == (b"\nserverful_program_replaced 1\n" in metrics) and said["replaced"]

        tap.ok(is_replaced() is False, "/status and /metrics do not report a replaced program after the start")
        shutil.copy(tap.SERVERFUL, program + ".new")
        os.rename(program + ".new", program)
        wait_until(is_replaced, "the report that the program was replaced")
        tap.ok(True, "/status and /metrics report that the program was replaced")
        done = reload(1500)
        tap.ok(done.returncode == 0 and os.path.samefile(f"/proc/{pool.pid}/exe", program),
               "a reload succeeds, and the pool executes the installed program then", done)
        wait_until(lambda: not is_replaced(), "the end of the report")
        tap.ok(True, "/status and /metrics no longer report it after the reload")
        spoil_scoreboard(pool)
        shutil.copy(tap.SERVERFUL, program + ".new")
        os.rename(program + ".new", program)
        done = reload(30)
        tap.ok(done.returncode == 1 and "scoreboard" in pool.log(), "a reload fails if the new program has another scoreboard", (done, pool.log()))
        write(program, "#!/bin/sh\nexit 1\n", 0o755)
        done = reload(30)
        tap.ok(done.returncode == 1 and "previous program continues" in done.stdout, "a reload fails if the new program does not start", done)
        tap.ok(pool.process.poll() is None and before, "the previous program continues then", pool.log())
        pool.stop()


tap.plan(30)
check_site()
check_planted()
check_store()
check_service()
check_ports()
check_reload()
tap.done()
