"""A Debian machine of its own: a clean root, made by debootstrap once for a build directory, and booted with systemd by
systemd-nspawn. It has no network but its loopback interface."""

import os
import shutil
import subprocess
import tempfile

from service import children
from tap import BUILD
from wait import PATIENCE, wait_until

CACHE = os.path.join(BUILD, "t-debian")
ENVIRONMENT = ["env", "-i", "-C", "/", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"]


def suite():
    """Return the release of Debian that this machine runs, or None where it runs another system."""
    with open("/etc/os-release", encoding="utf-8") as file:
        fields = dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    return fields.get("VERSION_CODENAME") if fields.get("ID") == "debian" else None


def missing():
    """Return why this machine cannot boot another one, or None."""
    if os.getuid() != 0:
        return "not root"
    if not suite():
        return "not on Debian"
    for name in ("debootstrap", "systemd-nspawn"):
        if not shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin"):
            return name + " is not installed"
    return None


def _run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}")


def base():
    """Return the directory with the clean root. Makes it under another name first, so that it is always complete."""
    path = os.path.join(CACHE, suite())
    if not os.path.exists(path):
        fresh = path + ".new"
        shutil.rmtree(fresh, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", "--include=dbus,systemd,systemd-sysv", suite(), fresh)
        shutil.copy("/etc/resolv.conf", os.path.join(fresh, "etc"))
        os.rename(fresh, path)
    return path


class Machine:
    """A booted machine. `packages` are files that are copied to its /root. Their dependencies are downloaded before the start, and
    kept for the next machine."""

    def __init__(self, packages):
        clean = base()
        self.root = tempfile.mkdtemp(prefix="machine-", dir=CACHE)
        _run("cp", "-aT", "--reflink=auto", clean, self.root)
        for package in packages:
            shutil.copy(package, os.path.join(self.root, "root"))
        self.prepare()
        archives = "var/cache/apt/archives"
        self.chroot("apt-get", "install", "-y", "--download-only", "/root/" + os.path.basename(packages[0]))
        _run("cp", "-a", "--update", os.path.join(self.root, archives), os.path.join(clean, "var/cache/apt"))
        self.log = open(self.root + ".log", "w", encoding="utf-8")
        self._boot()

    def prepare(self):
        """Change the root before the first boot; for other kinds of machines."""

    def chroot(self, *command):
        """Run a command in the root before the first boot. It must succeed."""
        _run("chroot", self.root, *ENVIRONMENT, *command)

    def _boot(self):
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--suppress-sync=yes",
             "--console=pipe", "--boot", "--directory", self.root],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def __enter__(self):
        def find():
            if self.process.poll() is not None:
                raise RuntimeError("systemd-nspawn cannot boot here, see " + self.log.name)
            return children(self.process.pid, "systemd")
        self.pid = wait_until(find, "systemd")[0]
        self.booted()
        return self

    def booted(self):
        """Wait for the end of the boot."""
        wait_until(lambda: self.run("systemctl", "is-system-running", "--wait").stdout.strip() in
                   ("running", "degraded"), "the end of the boot")

    def reboot(self):
        """Boot again, in a new network, and wait for the end of the boot. systemd-nspawn ends where its machine reboots."""
        self.run("systemctl", "reboot")
        self.process.wait(PATIENCE)
        self._boot()
        self.__enter__()

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()  # which halts the machine
            self.process.wait(PATIENCE)
        self.log.close()
        shutil.rmtree(self.root)

    def network(self):
        """Return the beginning of a command that runs a program of the host in the network of the machine."""
        return ["nsenter", "--target", str(self.pid), "--net"]

    def run(self, *command):
        """Run a command in the machine. Returns the result of subprocess.run(), with standard error in stdout."""
        return subprocess.run(["nsenter", "--target", str(self.pid), "--all", "--", *ENVIRONMENT, *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
