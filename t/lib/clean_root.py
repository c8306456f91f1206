"""Clean roots of Debian, in which nothing is installed but a minimal system and git.

    with CleanRoot("bookworm", cache, mirror) as root:
        root.clone(repository, "/root/serverful")
        status = root.run("cd /root/serverful && ./dev check", log)

A root is a directory that debootstrap filled. Its processes have their own mounts and process numbers; they share the
network, and the machine's settings of it: name server, proxies, and certificates. Needs root."""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import tempfile

PROXIES = [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "no_proxy")]
ENVIRONMENT = ["env", "-i", "HOME=/root", "TERM=dumb", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               *[f"{name}={os.environ[name]}" for name in PROXIES]]

IN_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, os.pardir, "debian", "in_root")


def missing():
    """Return why this machine cannot make a clean root, or None."""
    if os.getuid() != 0:
        return "not root"
    if not shutil.which("debootstrap", path=os.environ.get("PATH", "") + ":/usr/sbin"):
        return "debootstrap is not installed"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], stderr=subprocess.DEVNULL).returncode:
        return "no mount namespace can be made"
    return None


def mirror():
    """Return the mirror of Debian that apt uses on this machine."""
    with contextlib.suppress(OSError):
        uris = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"],
                              stdout=subprocess.PIPE, text=True).stdout.split()
        for uri in uris:
            if uri.rstrip("/").endswith("/debian"):
                return uri
    return "http://deb.debian.org/debian"


def _succeed(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}")
    return done.stdout


class CleanRoot:
    """A fresh root of a suite. `cache` keeps what debootstrap made, and the packages that apt fetched, for the next one."""

    def __init__(self, suite, cache, from_mirror):
        os.makedirs(cache, exist_ok=True)
        base = os.path.join(cache, suite + ".tar")
        if not os.path.exists(base):
            self._bootstrap(suite, base, from_mirror)
        self.archives = os.path.join(cache, suite + ".archives")
        os.makedirs(self.archives, exist_ok=True)
        self.path = tempfile.mkdtemp(prefix=suite + "-", dir=cache)
        os.chmod(self.path, 0o755)
        _succeed("tar", "-C", self.path, "-xpf", base)
        self._connect()

    @staticmethod
    def _bootstrap(suite, base, from_mirror):
        """Make the tar archive `base`, under another name first, so that it is always complete."""
        with tempfile.TemporaryDirectory(prefix="debootstrap-", dir=os.path.dirname(base)) as directory:
            top = os.path.join(directory, "root")
            _succeed("debootstrap", "--variant=minbase", "--include=ca-certificates,git", suite, top, from_mirror)
            _succeed("tar", "-C", top, "-cpf", base + ".new", ".")
        os.rename(base + ".new", base)

    def _connect(self):
        """Copy the machine's settings of the network."""
        def place(source, *target):
            directory = os.path.join(self.path, *target)
            os.makedirs(directory, exist_ok=True)
            shutil.copy(source, directory)
        for source in filter(os.path.exists, ("/etc/resolv.conf", "/etc/pip.conf")):
            place(source, "etc")
        with open(os.path.join(self.path, "etc", "hosts"), "w", encoding="utf-8") as file:
            file.write("127.0.0.1 localhost\n")
        settings = _succeed("apt-config", "dump") if shutil.which("apt-config") else ""
        proxies = [line for line in settings.splitlines() if line.startswith("Acquire::http") and "::Proxy " in line]
        with open(os.path.join(self.path, "etc", "apt", "apt.conf.d", "proxy"), "w", encoding="utf-8") as file:
            file.write("".join(line + "\n" for line in proxies))
        certificates = glob.glob("/usr/local/share/ca-certificates/*.crt")
        for source in certificates:
            place(source, "usr", "local", "share", "ca-certificates")
        if certificates:
            _succeed("chroot", self.path, *ENVIRONMENT, "update-ca-certificates")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path)

    def clone(self, repository, path):
        """Clone a repository of this machine to a path in the root."""
        _succeed("git", "clone", "--quiet", "--no-local", "file://" + repository, self.path + path)

    def start(self, script, log):
        """Start a script in the root, its output going to a file. Returns the process; when it ends, so does all that the
        script started."""
        return subprocess.Popen(
            [IN_ROOT, self.path, self.archives, *ENVIRONMENT, "sh", "-c", script],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # a job in the background ignores it

    def run(self, script, log):
        """Run a script in the root, its output going to a file. Returns its exit status."""
        return self.start(script, log).wait()
