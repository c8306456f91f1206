"""A clean root of Debian for arm64 on a machine of another architecture: qemu-user runs its programs.

    with Arm64Root(cache) as root:
        done = root.run("uname -m")                      with the machine's network
        done = root.run("nginx", network=False)          with a loopback interface of its own

The kernel starts qemu for programs of arm64 as binfmt_misc tells it. Where the machine has not registered qemu, each command
gets a user namespace with a binfmt_misc of its own, for which Linux 6.7 is needed; the machine's stays as it is. Needs root."""

import os
import platform
import shutil
import subprocess
import tempfile

from clean_root import ENVIRONMENT, IN_ROOT, mirror
from wait import wait_until

SUITE = "bookworm"
BINFMT = "/proc/sys/fs/binfmt_misc"
QEMU = "/usr/lib/binfmt.d/qemu-aarch64.conf"  # what Debian registers
# The processor of Graviton2, which t4g has. By default qemu claims cache lines of 32 bytes, for which nginx's hash tables are too small.
EMULATED = [*ENVIRONMENT, "QEMU_CPU=neoverse-n1", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
REGISTER = f"mount -t binfmt_misc binfmt_misc {BINFMT}; cat {QEMU} >{BINFMT}/register"


def is_registered():
    """Whether this machine runs programs of arm64, with qemu or by itself, in any root."""
    try:
        with open(BINFMT + "/qemu-aarch64", encoding="ascii") as file:
            text = file.read()
    except OSError:
        return platform.machine() == "aarch64"
    return text.startswith("enabled") and "F" in text.partition("flags: ")[2].partition("\n")[0]


def missing():
    """Return why this machine cannot run a root of arm64, or None."""
    if os.getuid() != 0:
        return "not root"
    for name in ("debootstrap", "ip"):
        if not shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin"):
            return name + " is not installed"
    if not is_registered() and not os.path.exists(QEMU):
        return "qemu-user-static is not installed"
    if not is_registered() and enter("true", stderr=subprocess.DEVNULL).wait():
        return "no binfmt_misc can be mounted in a user namespace: run systemctl restart systemd-binfmt, or use Linux 6.7"
    return None


def enter(script, *arguments, network=True, **options):
    """Start a script of this machine in namespaces where the kernel runs programs of arm64. Returns the process."""
    namespaces = ["--mount", "--pid", "--fork", "--kill-child", *([] if network else ["--net"])]
    script = ("" if network else "ip link set lo up; ") + script
    options = {"text": True, "errors": "replace", **options}
    if is_registered():
        return subprocess.Popen(["unshare", *namespaces, "sh", "-ec", script, "sh", *arguments], stdin=subprocess.DEVNULL, **options)
    process = subprocess.Popen(["unshare", "--user", *namespaces, "sh", "-ec", 'read mapped; exec sh -ec "$@"', "sh",
                                f"{REGISTER}; {script}", "sh", *arguments], stdin=subprocess.PIPE, **options)
    _map_users(process)
    return process


def _map_users(process):
    """Give all users and groups of this machine to a process in a new user namespace, and let it go on."""
    wait_until(lambda: process.poll() is not None or
               os.readlink(f"/proc/{process.pid}/ns/user") != os.readlink("/proc/self/ns/user"), "the user namespace")
    for name in ("uid_map", "gid_map"):
        with open(f"/proc/{process.pid}/{name}", "w", encoding="ascii") as file:
            file.write("0 0 65536\n")
    process.stdin.write("mapped\n")
    process.stdin.close()


def _succeed(process):
    output = process.stdout.read()
    if process.wait():
        raise RuntimeError(f"{process.args} failed:\n{output[-3000:]}")


def _bootstrap(path):
    """Make a minimal root. The second stage runs in the root. It may make no device, which debootstrap forgives a container."""
    _succeed(subprocess.Popen(["debootstrap", "--arch=arm64", "--foreign", "--variant=minbase", SUITE, path, mirror()],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    _succeed(enter('exec "$@"', IN_ROOT, "--inside", path, path + "/var/cache/apt/archives", *EMULATED, "container=lxc",
                   "/debootstrap/debootstrap", "--second-stage", stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
    shutil.copy("/etc/resolv.conf", path + "/etc")


class Arm64Root:
    """A fresh root in the directory `cache`, which keeps what debootstrap made, and the packages that apt fetched."""

    def __init__(self, cache):
        os.makedirs(os.path.join(cache, "archives"), exist_ok=True)
        base = os.path.join(cache, SUITE)
        if not os.path.exists(base):
            shutil.rmtree(base + ".new", ignore_errors=True)
            _bootstrap(base + ".new")
            os.rename(base + ".new", base)
        self.archives = os.path.join(cache, "archives")
        self.path = tempfile.mkdtemp(prefix="root-", dir=cache)
        subprocess.run(["cp", "-aT", "--reflink=auto", base, self.path], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def run(self, script, network=True):
        """Run a script in the root. Returns the result of subprocess.run(), with standard error in stdout."""
        process = enter('exec "$@"', IN_ROOT, "--inside", self.path, self.archives, *EMULATED, "sh", "-c", script,
                        network=network, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output = process.stdout.read()
        return subprocess.CompletedProcess(script, process.wait(), output)
