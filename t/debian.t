#!/usr/bin/python3
"""The Debian package: dpkg-buildpackage builds it from the files of `make dist`, and lintian finds nothing. With
SERVERFUL_DEBIAN=1, which takes minutes and fetches Debian's packages, a clean machine with systemd installs it, an admin edits
the store, and the machine upgrades it under load, removes it, installs it again and purges it."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import machine
import tap
from debian_package import QUICK, build, distribute, later, run
from load import Load
from wait import wait_until

STORE, SITE = "/var/lib/serverful/serverful.db", "/etc/nginx/sites-enabled/serverful"
SUM = "/calculator?num1=1&num2=2&operator=add"
COMPLETIONS = ["/usr/share/bash-completion/completions/serverful\n", "/usr/share/zsh/vendor-completions/_serverful\n"]
FIRST = "6eda392"  # the commit of the first whole package
FROM_FIRST = 8  # results of the upgrade from it
ON_MACHINE = 44 + FROM_FIRST  # results that need a clean machine
USE_MACHINE = os.environ.get("SERVERFUL_DEBIAN") == "1"


def check_times(tree):
    """make runs automake again where a file that Makefile.in is made from is newer, and fails where there is no automake."""
    made = os.stat(os.path.join(tree, "Makefile.in")).st_mtime
    newer = [path for path in glob.glob(os.path.join(tree, "**", "*.am"), recursive=True) if os.stat(path).st_mtime > made]
    tap.equal(newer, [], "make needs no automake to build the files of make dist")


def check_lintian(directory):
    found = subprocess.run(["lintian", "--allow-root", *glob.glob(os.path.join(directory, "*.changes"))],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    tap.equal((found.returncode, found.stdout), (0, ""), "lintian has no error and no warning")


def check_completions(package):
    listed = subprocess.run(["dpkg-deb", "-c", package], stdout=subprocess.PIPE, text=True, check=True).stdout
    tap.equal([path for path in COMPLETIONS if path not in listed], [], "the package has the completions where bash and zsh look for them")


def build_first(directory):
    """Build the first package that there was, whose store has an older schema. Returns its path, or None where git does not have
    its sources."""
    tree = os.path.join(directory, "first", "serverful")
    os.makedirs(tree)
    with tempfile.TemporaryFile() as archive:
        if subprocess.run(["git", "-C", tap.SOURCE, "archive", FIRST], stdout=archive, stderr=subprocess.DEVNULL).returncode:
            return None
        archive.seek(0)
        subprocess.run(["tar", "-x", "-C", tree], stdin=archive, check=True)
    run(["autoreconf", "-i"], tree)
    run(["dpkg-buildpackage", "-us", "-uc", "-b", "-Pnocheck", "-j" + str(os.cpu_count())], tree)
    path = os.path.join(directory, "serverful_first.deb")
    os.rename(glob.glob(os.path.join(directory, "first", "serverful_*.deb"))[0], path)
    return path


class Answers:
    """The answers that a program inside the network of the machine gets over HTTP."""

    def __init__(self, host):
        self.host = host

    def __call__(self, target, port=8080):
        script = ("import sys, urllib.request as u\ntry: print(u.urlopen(sys.argv[1], timeout=60).read().decode())\n"
                  "except OSError as error: print(repr(error))")
        return subprocess.run([*self.host.network(), sys.executable, "-c", script, f"http://127.0.0.1:{port}{target}"],
                              stdout=subprocess.PIPE, text=True).stdout.strip()


def becomes(get, target, expected, name):
    """Wait for an answer, since nginx reloads in the background."""
    try:
        wait_until(lambda: expected in get(target), name)
        tap.ok(True, name)
    except TimeoutError:
        tap.ok(False, name, get(target))


def check_install(host, get, package):
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    tap.ok(done.returncode == 0, "apt-get installs the package", done.stdout[-3000:])
    becomes(get, SUM, '{"result": 3.0}', "the service answers after the installation, with no further step")
    tap.equal(get("/segment?text=%E6%88%91%E6%9D%A5%E5%88%B0%E5%8C%97%E4%BA%AC%E6%B8%85%E5%8D%8E%E5%A4%A7%E5%AD%A6"),
              '{"words": ["我", "来到", "北京", "清华大学"]}',
              "the installed service segments a text into jieba's words")
    tap.equal((get("/healthz", 8081), "404" in get("/healthz")), ('{"status": "ok"}', True), "the status pages are on port 8081 alone")
    tap.ok("nginx" in get("/", 80), "the installation leaves nginx's default site alone", get("/", 80))
    tap.equal(host.run("systemctl", "is-enabled", "serverful.socket", "serverful.service").stdout.split(),
              ["enabled"] * 2, "the installation enables socket and service for the next boot")
    limits = host.run("systemctl", "show", "--property=MemoryMax", "--property=OOMPolicy", "serverful.service").stdout.split()
    tap.ok("OOMPolicy=continue" in limits and "MemoryMax=infinity" not in limits, "systemd limits the memory of the service", limits)
    doctor = host.run("serverful", "doctor", "--client-timeout", "60")
    tap.ok(doctor.returncode == 0 and "warn" not in doctor.stdout, "serverful doctor finds nothing wrong", doctor.stdout)
    tap.equal(host.run("serverful", "check").returncode, 0, "serverful check finds store and snapshot in their default places")


def check_admin(host, get):
    """A member of the group serverful edits, also while no process has the store open. Other users cannot, nor can nginx."""
    for name, groups in (("admin", "serverful"), ("other", "users")):
        host.run("useradd", "--groups", groups, name)
    edit = f"sqlite3 -bail {STORE} \"DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/1.jpg');\""
    tap.equal(host.run("runuser", "-u", "admin", "--", "sh", "-c", "umask 077; " + edit).stdout, "",
              "a member of the group serverful edits the store")
    wait_until(lambda: "example.org/1.jpg" in get("/random-image"), "the edit")
    host.run("systemctl", "stop", "serverful.socket", "serverful.service")
    tap.equal(host.run("runuser", "-u", "admin", "--", "sh", "-c", "umask 077; " + edit.replace("1.jpg", "2.jpg")).stdout,
              "", "a member of the group edits the store while the service is stopped")
    host.run("systemctl", "start", "serverful.socket", "serverful.service")
    wait_until(lambda: "example.org/2.jpg" in get("/random-image"), "the edit")
    for name in ("other", "www-data"):
        refused = host.run("runuser", "-u", name, "--", "sh", "-c", edit)
        tap.ok("unable to open database file" in refused.stdout, f"the user {name} cannot open the store", refused.stdout)


def supervisor(host):
    """Return the supervisor's pid, the inode of its binary, and the pids of its workers."""
    pid = host.run("systemctl", "show", "--property=MainPID", "--value", "serverful.service").stdout.strip()
    inode = host.run("stat", "--dereference", "--format=%i", f"/proc/{pid}/exe").stdout.strip()
    workers = host.run("sh", "-c", f"cd /proc && for p in $(cat {pid}/task/{pid}/children); do "
                       "grep -qs pool-worker $p/comm && echo $p; done")
    return pid, inode, workers.stdout.split()


def check_first_package(host, get, first, package):
    """An upgrade from the first package, under load: the new program migrates the store."""
    if not first:
        tap.skip(FROM_FIRST, "git does not have the sources of the first package")
        return
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(first))
    tap.ok(done.returncode == 0, "apt-get installs the first package", done.stdout[-3000:])
    becomes(get, SUM, '{"result": 3.0}', "the service of the first package answers")
    host.run("sqlite3", STORE, "DELETE FROM images; INSERT INTO images (url) VALUES ('https://example.org/old.jpg');"
             "INSERT INTO words (word, freq, tag) VALUES ('无服务器架构', 100000, 'n'); DELETE FROM words WHERE word = '清华大学';")
    becomes(get, "/random-image", "example.org/old.jpg", "the service of the first package shows an edit")
    query = "SELECT id, url FROM images; SELECT count(*), total(freq) FROM words; SELECT count(*), total(logp) FROM pos_emit; SELECT * FROM repeated_words;"
    before, version = host.run("sqlite3", STORE, query).stdout, host.run("sqlite3", STORE, "PRAGMA user_version;").stdout.strip()
    load = Load(host.network(), 8080)
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    tap.ok(done.returncode == 0 and f"from schema version {version} to {VERSION}" in done.stdout,
           f"an upgrade from the first package migrates the store from version {version}", done.stdout[-3000:])
    becomes(get, "/segment?text=%E6%97%A0%E6%9C%8D%E5%8A%A1%E5%99%A8%E6%9E%B6%E6%9E%84", "无服务器架构", "the service knows the admin's word")
    load.await_answers(10)
    report = load.stop()
    print("# under the load of an upgrade from the first package:", {**report, "failed": len(report["failed"])})
    tap.ok(report["sent"] > 50 and not report["failed"], "no request is lost during the upgrade from the first package", report["failed"][:5])
    tap.equal(host.run("sqlite3", STORE, query).stdout, before, "the migrated store has the rows of the old one")
    tap.equal(host.run("sqlite3", f"{STORE}.version-{version}", query).stdout, before, "a copy of the old store stays beside it")


def check_upgrade(host, package):
    pid, before, workers = supervisor(host)
    load = Load(host.network(), 8080)
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    installed = host.run("stat", "--format=%i", "/usr/bin/serverful").stdout.strip()

    def renewed():
        now, inode, young = supervisor(host)
        return (now, inode) == (pid, installed) and len(young) == len(workers) and not set(young) & set(workers)
    try:
        wait_until(renewed, "the new program")
    except TimeoutError:
        tap.ok(False, "after an upgrade the pool re-executes its binary and replaces its workers",
               f"{supervisor(host)}, {installed}, {done.stdout[-2000:]}"
               + host.run("journalctl", "-u", "serverful", "-n", "20").stdout)
    load.await_answers(10)
    report = load.stop()
    print("# under the load of an upgrade:", {**report, "failed": len(report["failed"])})
    tap.ok(done.returncode == 0 and before != installed,
           "an upgrade installs another binary, and the supervisor keeps its process", done.stdout[-3000:])
    tap.ok(report["sent"] > 50 and not report["failed"], "no request is lost during an upgrade", report["failed"][:5])


def check_incompatible(host, package):
    """An upgrade whose program cannot take over, since the scoreboard has another layout, restarts the service."""
    pid, before, _ = supervisor(host)
    host.run("sh", "-ec", f"for fd in /proc/{pid}/fd/*; do case $(readlink $fd) in *scoreboard*) printf '\\377' | "
             "dd of=$fd bs=1 conv=notrunc; esac; done")
    load = Load(host.network(), 8080)
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    load.await_answers(10)
    report = load.stop()
    print("# under the load of an upgrade with a restart:", {**report, "failed": len(report["failed"])})
    now, inode, _ = supervisor(host)
    installed = host.run("stat", "--format=%i", "/usr/bin/serverful").stdout.strip()
    tap.ok(done.returncode == 0 and "restarting the service" in done.stdout and now != pid and inode == installed != before,
           "an upgrade restarts the service if the new program cannot take over",
           (done.stdout[-3000:], now, pid, inode, installed, before))
    tap.ok(report["sent"] > 50 and not report["failed"], "no request is lost during such an upgrade", report["failed"][:5])
    tap.equal(host.run("systemctl", "reload", "serverful.service").returncode, 0, "a reload succeeds afterwards")


def check_restart(host):
    load = Load(host.network(), 8080)
    for _ in range(3):
        load.await_answers(10)
        host.run("systemctl", "restart", "serverful.service")
    load.await_answers(10)
    report = load.stop()
    print("# under the load of three restarts:", {**report, "failed": len(report["failed"])})
    tap.ok(report["sent"] > 50 and not report["failed"], "no request is lost during three restarts of the service",
           report["failed"][:5])


def check_tcp(host, get):
    """docs/cluster.md: systemd listens on TCP for a service that may not create network sockets."""
    site, drop_in = "/etc/nginx/sites-available/serverful", "/etc/systemd/system/serverful.socket.d"
    anew = ("systemctl daemon-reload; systemctl stop serverful.socket serverful.service;"
            "systemctl start serverful.socket serverful.service; systemctl reload nginx")
    host.run("sh", "-ec", f"mkdir {drop_in}; printf '[Socket]\nListenStream=\nListenStream=127.0.0.1:9000\n' "
             f">{drop_in}/tcp.conf; sed -i.bak 's|unix:/run/serverful/serverful.sock|127.0.0.1:9000|' {site};" + anew)
    tap.equal(host.run("grep", "-c", "server 127.0.0.1:9000", site).stdout, "1\n", "the site of nginx names the TCP address")
    becomes(get, SUM, '{"result": 3.0}', "the service answers over TCP")
    host.run("sh", "-ec", f"mv {site}.bak {site}; rm -r {drop_in};" + anew)
    becomes(get, SUM, '{"result": 3.0}', "the service answers on its Unix socket again")


def check_other_version(host, get, package):
    """An upgrade reports a store that the new program cannot read, and leaves it alone; the service keeps answering."""
    host.run("sqlite3", STORE, "PRAGMA user_version = 99;")
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    tap.ok(done.returncode == 0 and "schema version 99" in done.stdout and "install the version" in done.stdout,
           "an upgrade names a store of another schema version, and the manual page to read", done.stdout[-3000:])
    tap.ok("example.org/2.jpg" in get("/random-image"), "the service keeps answering beside a store of another version")
    version = host.run("sqlite3", STORE, "PRAGMA user_version;").stdout.strip()
    tap.equal(version, "99", "an upgrade leaves a store of another version alone")


def check_removal(host, get, package):
    done = host.run("apt-get", "remove", "-y", "serverful")
    tap.ok(done.returncode == 0 and "nginx" in get("/", 80), "apt-get removes the package, and nginx keeps answering",
           done.stdout[-2000:])
    becomes(get, "/", "refused", "removing the package disables the site")
    tap.equal(host.run("nginx", "-t", "-q").stdout, "", "nginx accepts its configuration after the removal")
    tap.equal(host.run("test", "-e", STORE).returncode, 0, "removing the package keeps the store")
    host.run("sqlite3", STORE, f"PRAGMA user_version = {VERSION};")
    host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    becomes(get, "/random-image", "example.org/2.jpg", "another installation serves the kept store")


def check_disabled_site(host, package):
    """An upgrade does not undo what the operator did."""
    host.run("rm", SITE)
    host.run("systemctl", "reload", "nginx")
    host.run("dpkg", "--install", "/root/" + os.path.basename(package))
    tap.equal(host.run("test", "-e", SITE).returncode, 1, "an upgrade does not enable a site that the operator disabled")


def check_purge(host, before):
    done = host.run("apt-get", "purge", "-y", "serverful")
    tap.ok(done.returncode == 0, "apt-get purges the package", done.stdout[-3000:])
    tap.equal(traces(host), before, "a purge leaves no file")
    tap.equal((host.run("getent", "passwd", "serverful").stdout, host.run("getent", "group", "serverful").stdout),
              ("", ""), "a purge leaves neither user nor group")
    tap.equal(host.run("systemctl", "list-units", "--all", "--plain", "--no-legend", "serverful*").stdout, "",
              "a purge leaves no unit of systemd")


def check_taken_port(host, get, package):
    """Where another program listens on the port, that program and nginx keep running, and the operator learns of it."""
    other = subprocess.Popen([*host.network(), sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "8080"],
                             cwd=machine.CACHE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: "Directory listing" in get("/"), "another server")
    done = host.run("apt-get", "install", "-y", "/root/" + os.path.basename(package))
    tap.ok(done.returncode == 0 and "another program listens on port 8080" in done.stdout and
           host.run("test", "-e", SITE).returncode == 1 and "Directory listing" in get("/") and "nginx" in get("/", 80),
           "where port 8080 is taken, the installation leaves the site disabled and says so", done.stdout[-2000:])
    other.kill()
    other.wait()


def traces(host):
    """Return all files on disk that have the package's name in theirs, without those of apt."""
    found = host.run("find", "/", "-xdev", "(", "-path", "/root", "-o", "-path", "/var/cache/apt", "-o", "-path",
                     "/var/log/journal", ")", "-prune", "-o", "-name", "*serverful*", "-print")
    users = host.run("grep", "-rl", "--exclude=*-", "serverful", "/etc")  # without userdel's own backups
    return sorted(found.stdout.split() + users.stdout.split())


def check_machine(package):
    packages = [package] + [later(package, n) for n in (1, 2, 3)]
    first = build_first(os.path.dirname(package))
    with machine.Machine(packages + ([first] if first else [])) as host:
        get, before = Answers(host), traces(host)
        check_first_package(host, get, first, packages[1])
        check_purge(host, before)
        check_install(host, get, package)
        check_admin(host, get)
        check_upgrade(host, packages[1])
        check_incompatible(host, packages[2])
        check_restart(host)
        check_tcp(host, get)
        check_other_version(host, get, packages[3])
        check_removal(host, get, packages[3])
        check_disabled_site(host, packages[3])
        check_purge(host, before)
        check_taken_port(host, get, packages[3])
        check_purge(host, before)


for tool in ("dpkg-buildpackage", "dh", "lintian"):
    if not shutil.which(tool):
        tap.skip_all(f"{tool} is not installed")
tap.plan(4 + ON_MACHINE)
VERSION = subprocess.run(["sqlite3", ":memory:"], input=open(os.path.join(tap.SOURCE, "sql", "schema.sql")).read() +
                         "\nPRAGMA user_version;", stdout=subprocess.PIPE, text=True).stdout.split()[-1]
with tempfile.TemporaryDirectory(prefix="serverful-") as directory:
    tree = distribute(directory)
    check_times(tree)
    package = build(tree, {} if USE_MACHINE else QUICK)
    tap.ok(True, "dpkg-buildpackage builds the package from the files of make dist")
    check_lintian(directory)
    check_completions(package)
    if not USE_MACHINE:
        tap.skip(ON_MACHINE, "set SERVERFUL_DEBIAN=1 to use a clean machine; it takes minutes")
    elif machine.missing():
        tap.skip(ON_MACHINE, machine.missing())
    else:
        check_machine(package)
tap.done()
