#!/usr/bin/python3
"""serverful doctor: each check with something good and something bad, made for real."""

import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from service import NGINX, Service, complaints
from store import jieba_snapshot, jieba_store, sql
from wait import wait_until

PT_INTERP = 3
ARM64, RISCV = 183, 243
TEMPLATE = os.path.join(tap.SOURCE, "lambda", "template.yaml")
NOBODY = 65534
FEW = "DELETE FROM words WHERE word NOT IN ('北京', '清华'); VACUUM;"  # each run reads them all


def doctor(environment=None, cwd="/", **options):
    """Run it: the exit status, and (level, text) by check."""
    named = [part for name, value in options.items() for part in ("--" + name.replace("_", "-"), str(value))]
    run = subprocess.run([tap.SERVERFUL, "doctor", *named], cwd=cwd, capture_output=True, text=True,
                         env={**os.environ, **(environment or {})})
    if complaints(run.stderr):
        tap.ok(False, "the sanitizers are silent", run.stderr)
    found = re.findall(r"^(ok|skipped|warn|fail) +(.{20})(.*)$", run.stdout, re.M)
    return run.returncode, {check.strip(): (level, text) for level, check, text in found}


def finds(said, check, level, text, name):
    """Check what was said of one thing, and the exit status that follows from all."""
    status, lines = said
    failed = any(other == "fail" for other, _ in lines.values())
    got = lines.get(check, ("nothing", ""))
    tap.ok(got[0] == level and text in got[1] and status == failed, f"{check}: {name}", f"{check}: {level}: {text}\n{said}")


def write(path, content, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    os.chmod(path, mode)
    return path


def read(path):
    with open(path, "rb") as file:
        return file.read()


def program(machine=None):
    """bootstrap, made static where it is not (under sanitizers), and perhaps for another machine."""
    content = bytearray(read(tap.BOOTSTRAP))
    begin, = struct.unpack_from("<Q", content, 32)
    size, n = struct.unpack_from("<2H", content, 54)
    for at in range(begin, begin + n * size, size):
        if struct.unpack_from("<I", content, at) == (PT_INTERP,):
            struct.pack_into("<I", content, at, 0)
    if machine:
        struct.pack_into("<H", content, 18, machine)
    return bytes(content)


def pack(path, name, content, mode=0o755, system=3):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = system, (0o100000 | mode) << 16 if system == 3 else 0
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(info, content, compresslevel=1)


def configured(service, *changes):
    """Another configuration of nginx, beside that of the service."""
    prefix = os.path.join(service.directory, "other")
    shutil.rmtree(prefix, ignore_errors=True)
    shutil.copytree(os.path.join(service.directory, "nginx"), prefix)
    for name in "nginx.conf", "serverful-api.conf", "serverful-socket.conf":
        path = os.path.join(prefix, name)
        text = read(path).decode()
        for before, after in changes:
            text = text.replace(before, after)
        write(path, text)
    return os.path.join(prefix, "nginx.conf")


def check_good(everything):
    status, lines = doctor(**everything)
    tap.equal((status, {level for level, _ in lines.values()}), (0, {"ok"}), "where all is good, it says so, and exits with 0")
    expected = ["directory", "store", "snapshot", "revision", "socket", "nginx", "web server", "workers", "request time-out",
                "client time-out", "bootstrap", "arm64 function", "x86_64 function", "layer", "function time-out"]
    tap.equal(list(lines), expected, "and names each check")


def check_nginx(service, everything):
    """What its configuration says, in files and as nginx -T prints it."""
    def with_nginx(*changes, **more):
        return doctor(**{**everything, "nginx": configured(service, *changes), **more})

    prefix = os.path.join(service.directory, "nginx")
    printed = subprocess.run([NGINX, "-T", "-e", "stderr", "-p", prefix, "-c", "nginx.conf"], capture_output=True, check=True)
    dump = write(os.path.join(service.directory, "printed"), printed.stdout)
    tap.equal(doctor(**{**everything, "nginx": dump}), doctor(**everything), "nginx: what nginx -T has printed will do")
    tools = os.path.join(service.directory, "tools")
    path = {"PATH": f"{tools}:/usr/bin:/bin"}
    asked = {name: value for name, value in everything.items() if name != "nginx"}
    write(os.path.join(tools, "nginx"), f'#!/bin/sh\nexec {NGINX} "$@" -e stderr -p {prefix} -c nginx.conf\n', 0o755)
    tap.equal(doctor(path, **asked), doctor(**everything), "nginx: it is asked by nginx -T")
    write(os.path.join(tools, "nginx"), "#!/bin/sh\nexit 1\n", 0o755)
    finds(doctor(path, **asked), "nginx", "skipped", "with --nginx", "it does not answer")
    finds(doctor(**{**everything, "nginx": "/nowhere"}), "nginx", "fail", "cannot open /nowhere", "no configuration")
    finds(with_nginx(("unix:serverful.sock", "unix:/run/other.sock")), "nginx", "fail", "but to unix:/run/other.sock",
          "another socket")
    finds(with_nginx(("unix:serverful.sock", '"unix:serverful.sock" # {\n')), "nginx", "ok", "it passes",
          "quotes and comments")
    finds(with_nginx(("fastcgi_pass serverful", "fastcgi_pass unix:serverful.sock")), "workers", "ok", "keeps no connection",
          "no upstream, no kept connections")
    for wrong in "}", "a {", "a 'b;", "include nginx.conf;":
        finds(with_nginx(("events {", wrong + "\nevents {")), "nginx", "fail", "other/", f"what is no configuration: {wrong}")
    finds(with_nginx(("events {", "include none*.conf;\nevents {")), "nginx", "ok", "it passes", "a pattern of no file")

    finds(with_nginx(("keepalive 2;", "keepalive 3;")), "workers", "ok", "up to 3 connections open, the pool has 4",
          "one worker is left")
    finds(with_nginx(("keepalive 2;", "keepalive 4;")), "workers", "fail", "occupy 4 workers; the pool has 4", "none is left")
    finds(with_nginx(("worker_processes 1;", "worker_processes 2;")), "workers", "fail", "2 processes of nginx keep 2",
          "more processes of nginx")
    finds(with_nginx(("worker_processes 1;", "worker_processes 2;"), workers=9), "workers", "ok", "has 9 workers", "more workers")
    finds(with_nginx(("worker_processes 1;", "worker_processes auto;"), ("keepalive 2;", f"keepalive {4 * 4096};")), "workers",
          "fail", f"{os.sysconf('SC_NPROCESSORS_ONLN')} processes of nginx", "as many as processors")
    finds(with_nginx(("keepalive 2;", "")), "workers", "warn", "say `keepalive 1;`", "none is said")
    finds(with_nginx(("fastcgi_keep_conn on", "fastcgi_keep_conn off")), "workers", "ok", "keeps no", "none is kept")

    read_timeout = "fastcgi_read_timeout 30s;"
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 20s;")), "request time-out", "fail",
          "nginx waits for 20 s, and the pool ends a request after 20 s", "nginx gives up first")
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 20500ms;")), "request time-out", "ok", "20.5 s", "milliseconds")
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 1m5s;")), "client time-out", "fail", "nginx for 65 s", "minutes")
    finds(with_nginx((read_timeout, "")), "request time-out", "ok", "nginx waits for 60 s", "its default")
    finds(with_nginx(("location / {", "location / { fastcgi_read_timeout 7;")), "request time-out", "fail",
          "nginx waits for 7 s", "that of a location")
    finds(doctor(**everything, request_timeout=0), "request time-out", "fail", "any time", "the pool never gives up")
    finds(doctor(**{**everything, "client_timeout": 30}), "client time-out", "fail", "clients wait for 30 s", "clients give up first")
    known = {name: value for name, value in everything.items() if name != "client_timeout"}
    finds(doctor(**known), "client time-out", "skipped", "--client-timeout", "nobody knows")


def check_running(everything):
    """What the pool was told counts, not its default."""
    with Service(FEW, workers=3, options=["--request-timeout=5"]) as service:
        places = {"store": service.db, "snapshot": os.path.join(service.directory, "serverful.snapshot"),
                  "socket": service.pool.socket, "nginx": os.path.join(service.directory, "nginx", "nginx.conf")}
        said = doctor(**{**everything, **places})
        finds(said, "workers", "ok", "the pool has 3 workers", "those of the pool that runs")
        finds(said, "request time-out", "ok", "after 5 s, nginx", "that of the pool that runs")
        service.pool.stop()
        said = doctor(**{**everything, **places})
        finds(said, "workers", "ok", "4 workers (no pool runs; its default)", "no pool runs")
        finds(said, "socket", "fail", "there is no socket", "no pool runs")
        finds(said, "web server", "skipped", "no socket", "no pool runs")
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(service.pool.socket)
        finds(doctor(**{**everything, **places}), "socket", "fail", "nobody listens", "one that was left behind")


def check_rights(service, everything):
    """The socket, for nginx as another user."""
    everything = {**everything, "nginx": configured(service, ("user root;", ""), ("daemon off;", "daemon off; user www-data;"))}
    finds(doctor(**everything), "web server", "fail", f"www-data may not enter {service.directory} (", "a directory is closed")
    os.chmod(service.directory, 0o755)
    finds(doctor(**everything), "web server", "fail", "www-data may not write to", "the socket is closed")
    os.chmod(service.pool.socket, 0o666)
    said = doctor(**everything)
    finds(said, "web server", "ok", "nginx, as www-data, may connect", "the socket is open")
    finds(said, "socket", "warn", "every user may connect", "the socket is open to all")
    os.chmod(service.pool.socket, 0o660)
    everything["nginx"] = configured(service, ("user root;", ""), ("daemon off;", "daemon off; user nobody-of-here;"))
    finds(doctor(**everything), "web server", "fail", "there is no user nobody-of-here", "no such user")


def check_data(everything):
    """The files, without a pool that would mend them."""
    sql(everything["store"], "PRAGMA wal_checkpoint(TRUNCATE);")
    with tempfile.TemporaryDirectory() as directory:
        store, snapshot = (shutil.copy(everything[name], directory) for name in ("store", "snapshot"))
        good = {**everything, "store": store, "snapshot": snapshot}
        sql(store, "INSERT INTO images (url) VALUES ('https://example.org/one.jpg');")
        finds(doctor(**good), "revision", "fail", "'serverful snapshot'", "the store is newer")
        damaged = bytearray(read(snapshot))
        damaged[len(damaged) // 2] ^= 1
        bad = write(os.path.join(directory, "bad.snapshot"), bytes(damaged))
        finds(doctor(**{**good, "snapshot": bad}), "snapshot", "fail", "damaged", "one bit is wrong")
        bad = write(os.path.join(directory, "bad.db"), "no store at all")
        said = doctor(**{**good, "store": bad})
        finds(said, "store", "fail", "not a database", "no store")
        finds(said, "revision", "skipped", "no two", "no store")
        finds(doctor(**{**good, "store": os.path.join(directory, "none.db")}), "store", "fail", "serverful init", "none")
        said = doctor(**{**good, "store": "/nowhere/serverful.db"})
        finds(said, "store", "skipped", "no pool on this machine", "nothing of a pool")
        tap.ok("socket" not in said[1] and "layer" in said[1], "then only what is for Lambda is looked at", said)
        check_directory(directory, store, good)


def check_directory(directory, store, good):
    """SQLite's files beside the store."""
    def says(level, text, name):
        finds(doctor(**good), "directory", level, text, name)

    os.chmod(directory, 0o770)
    says("fail", "a group is to write", "the group's, but not the store")
    os.chmod(store, 0o660)
    says("fail", "chmod g+s", "what is made in it is not the group's")
    os.chmod(directory, 0o2770)
    says("ok", "is shared by a group", "for a group")
    os.chmod(directory, 0o700)
    says("fail", "a group is to write", "the store is the group's alone")
    os.chmod(store, 0o600)
    says("ok", "its owner's alone", "for one user")
    if os.getuid() == 0:
        for path in directory, store:
            os.chown(path, NOBODY, NOBODY)  # for whom modes count
    write(store + "-wal", b"", 0o400)
    says("fail", "-wal (", "a file that the pool cannot write to")
    if os.path.exists(store + "-wal"):  # it is SQLite's
        os.remove(store + "-wal")
    os.chmod(directory, 0o500)
    says("fail", f"may not write to {directory} (", "one that the pool cannot write to")
    os.chmod(directory, 0o700)


def check_program(directory, everything):
    def says(content, level, text, name, mode=0o755):
        path = write(os.path.join(directory, "program"), content, mode)
        finds(doctor(**{**everything, "bootstrap": path}), "bootstrap", level, text, name)
        os.remove(path)

    says(read("/bin/true"), "fail", "is not static", "one with libraries")
    says(program(RISCV), "fail", "a processor that Lambda does not have", "for another processor")
    says(program(ARM64), "ok", "static, for arm64", "for the other processor")
    says(b"#!/bin/sh\n", "fail", "is no program", "a script")
    says(program()[:100], "fail", "cut off", "a part of one")
    says(program(), "fail", "chmod +x", "without the right to run", 0o644)
    finds(doctor(**{**everything, "bootstrap": "/nowhere"}), "bootstrap", "skipped", "there is no /nowhere", "none")


def check_packages(directory, everything):
    packages = os.path.join(directory, "wrong")
    function, layer = os.path.join(packages, "arm64", "function.zip"), os.path.join(packages, "layer.zip")
    everything = {**everything, "packages": packages}

    def says(path, level, text, name, *what, **how):
        if what:
            pack(path, *what, **how)
        check = "layer" if path == layer else "arm64 function"
        finds(doctor(**everything), check, level, text, name)

    says(function, "skipped", "'make lambda' makes it", "none")
    says(function, "ok", "has bootstrap, static, for arm64", "a good one", "bootstrap", program(ARM64))
    says(function, "fail", "is for x86_64", "for the other processor", "bootstrap", program())
    says(function, "fail", "is not static", "with libraries", "bootstrap", read("/bin/true"))
    says(function, "fail", "has build/bootstrap, and bootstrap must not be", "in a directory", "build/bootstrap", program(ARM64))
    says(function, "fail", "has no bootstrap", "under another name", "serverful", program(ARM64))
    says(function, "fail", "mode 0644", "without the right to run", "bootstrap", program(ARM64), mode=0o644)
    says(function, "fail", "mode 0700", "for its owner alone", "bootstrap", program(ARM64), mode=0o700)
    says(function, "fail", "on a Unix", "from a system without modes", "bootstrap", program(ARM64), system=0)
    write(function, b"no zip")
    says(function, "fail", "is no zip", "what is no zip")

    snapshot = read(everything["snapshot"])
    says(layer, "skipped", "'make lambda' makes it", "none")
    says(layer, "ok", "/opt/serverful.snapshot, which is whole", "a good one", "serverful.snapshot", snapshot, mode=0o644)
    says(layer, "fail", "has opt/serverful.snapshot, and", "in a directory", "opt/serverful.snapshot", snapshot)
    says(layer, "fail", "mode 0600", "for its owner alone", "serverful.snapshot", snapshot, mode=0o600)
    says(layer, "fail", "is damaged, or of another version", "cut off", "serverful.snapshot", snapshot[:-1])
    pack(layer, "serverful.snapshot", snapshot)
    damaged = bytearray(read(layer))
    damaged[len(damaged) // 2] ^= 1
    write(layer, bytes(damaged))
    says(layer, "fail", "its serverful.snapshot is damaged", "one bit of the zip is wrong")


def check_template(directory, everything):
    with open(TEMPLATE, encoding="utf-8") as file:
        text = file.read()
    for timeout, level, said in ("Timeout: 30", "fail", "lower Timeout"), ("", "warn", "add Timeout"), ("Timeout: 29", "ok", "29 s"):
        path = write(os.path.join(directory, "template.yaml"), text.replace("Timeout: 5", timeout))
        finds(doctor(**{**everything, "template": path}), "function time-out", level, said, timeout or "none")
    finds(doctor(**{**everything, "template": "/nowhere"}), "function time-out", "skipped", "/nowhere", "no template")


def check_places():
    """Without options: what ./dev serve has made, seen from where it was made."""
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(os.path.join(directory, "var"))
        jieba_store(os.path.join(directory, "var"))
        jieba_snapshot(os.path.join(directory, "var"))
        said = doctor(cwd=directory)
        finds(said, "store", "ok", "var/serverful.db", "in var/")
        finds(said, "socket", "fail", "no socket var/serverful.sock", "in var/")


check_places()
with Service(FEW) as service, tempfile.TemporaryDirectory() as directory:
    packages = os.path.join(directory, "packages")
    everything = {"store": service.db, "snapshot": os.path.join(service.directory, "serverful.snapshot"),
                  "socket": service.pool.socket, "nginx": os.path.join(service.directory, "nginx", "nginx.conf"),
                  "client_timeout": 31, "bootstrap": write(os.path.join(directory, "bootstrap"), program(), 0o755),
                  "packages": packages, "template": TEMPLATE}
    pack(os.path.join(packages, "arm64", "function.zip"), "bootstrap", program(ARM64))
    pack(os.path.join(packages, "x86_64", "function.zip"), "bootstrap", program())
    pack(os.path.join(packages, "layer.zip"), "serverful.snapshot", read(everything["snapshot"]), mode=0o644)
    wait_until(lambda: doctor(**everything)[1]["revision"][0] == "ok", "the snapshot of these words")
    check_good(everything)
    check_nginx(service, everything)
    check_running(everything)
    check_data(everything)
    check_program(directory, everything)
    check_packages(directory, everything)
    check_template(directory, everything)
    check_rights(service, everything)
tap.done()
