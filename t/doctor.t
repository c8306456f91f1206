#!/usr/bin/python3
"""serverful doctor: each check against a good and a bad installation, both real."""

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
from service import NGINX, Service, sanitizer_reports
from store import jieba_snapshot, jieba_store, sql, store_without
from wait import wait_until

PT_INTERP = 3
ARM64, RISCV = 183, 243
TEMPLATE = os.path.join(tap.SOURCE, "lambda", "template.yaml")
NOBODY = 65534
FIT = max(2, os.sysconf("SC_NPROCESSORS_ONLN"))  # the pool's default number of workers
# Few words and little of the models, since each run of doctor reads all.
FEW = ("DELETE FROM words WHERE word NOT IN ('北京', '清华'); DELETE FROM idf; DELETE FROM hmm_emit WHERE character <> '我';"
       "DELETE FROM pos_emit WHERE character <> '我'; DELETE FROM pos_list WHERE character <> '我';")


def few_words(directory):
    return store_without(directory, FEW)


def doctor(environment=None, cwd="/", **options):
    """Run it. Returns the exit status, and (level, text) by check."""
    named = [part for name, value in options.items() for part in ("--" + name.replace("_", "-"), str(value))]
    run = subprocess.run([tap.SERVERFUL, "doctor", *named], cwd=cwd, capture_output=True, text=True,
                         env={**os.environ, **(environment or {})})
    if sanitizer_reports(run.stderr):
        raise RuntimeError("the sanitizers complain: " + run.stderr)
    found = re.findall(r"^(ok|skipped|warn|fail) +(.{20})(.*)$", run.stdout, re.M)
    return run.returncode, {check.strip(): (level, text) for level, check, text in found}


def finds(said, check, level, text, situation):
    """Test the line of one check, and that the exit status follows from all lines."""
    status, lines = said
    failed = any(other == "fail" for other, _ in lines.values())
    got = lines.get(check, ("nothing", ""))
    tap.ok(got[0] == level and text in got[1] and status == failed, f"doctor says {level} for {check} where {situation}", f"expected: {text}\n{said}")


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
    """The bytes of bootstrap, made static where it is not (with sanitizers), and for another machine if one is given."""
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
    """Copy the configuration of nginx, with changes. Returns its path."""
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
    tap.equal((status, {level for level, _ in lines.values()}), (0, {"ok"}), "doctor says ok for each check of a good installation, and exits with 0")
    expected = ["directory", "store", "snapshot", "revision", "socket", "nginx", "web server", "status pages", "clients", "program", "workers", "request time-out",
                "client time-out", "bootstrap", "arm64 function", "x86_64 function", "layer", "function time-out"]
    tap.equal(list(lines), expected, "doctor prints the checks in their order")


def check_nginx(service, everything):
    """The configuration of nginx, in files and as nginx -T prints it."""
    def with_nginx(*changes, **more):
        return doctor(**{**everything, "nginx": configured(service, *changes), **more})

    prefix = os.path.join(service.directory, "nginx")
    printed = subprocess.run([NGINX, "-T", "-e", "stderr", "-p", prefix, "-c", "nginx.conf"], capture_output=True, check=True)
    dump = write(os.path.join(service.directory, "printed"), printed.stdout)
    tap.equal(doctor(**{**everything, "nginx": dump}), doctor(**everything), "--nginx takes the output of nginx -T")
    tools = os.path.join(service.directory, "tools")
    path = {"PATH": f"{tools}:/usr/bin:/bin"}
    asked = {name: value for name, value in everything.items() if name != "nginx"}
    write(os.path.join(tools, "nginx"), f'#!/bin/sh\nexec {NGINX} "$@" -e stderr -p {prefix} -c nginx.conf\n', 0o755)
    tap.equal(doctor(path, **asked), doctor(**everything), "without --nginx, doctor runs nginx -T")
    write(os.path.join(tools, "nginx"), "#!/bin/sh\nexit 1\n", 0o755)
    finds(doctor(path, **asked), "nginx", "skipped", "with --nginx", "nginx -T fails")
    finds(doctor(**{**everything, "nginx": "/nowhere"}), "nginx", "fail", "cannot open /nowhere", "its configuration does not exist")
    finds(with_nginx(("unix:serverful.sock", "unix:/run/other.sock")), "nginx", "fail", "but some to unix:/run/other.sock",
          "it passes requests to another socket")
    finds(with_nginx(("unix:serverful.sock", '"unix:serverful.sock" # {\n')), "nginx", "ok", "nginx passes",
          "its configuration has quotes and comments")
    for wrong in "}", "a {", "a 'b;", "include nginx.conf;":
        finds(with_nginx(("events {", wrong + "\nevents {")), "nginx", "fail", "other/", f"its configuration has a syntax error or a loop: {wrong}")
    finds(with_nginx(("events {", "include none*.conf;\nevents {")), "nginx", "ok", "nginx passes", "an include matches no file")

    finds(with_nginx(("fastcgi_read_timeout 30s;", "fastcgi_read_timeout 30x;")), "nginx", "fail", "invalid fastcgi_read_timeout '30x'",
          "its configuration has fastcgi_read_timeout 30x;")

    read_timeout = "fastcgi_read_timeout 30s;"
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 20s;")), "request time-out", "fail",
          "nginx waits 20 s, but the pool ends a request only after 20 s", "nginx times out as soon as the pool")
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 20500ms;")), "request time-out", "ok", "20.5 s",
          "the time-out of nginx is in milliseconds")
    finds(with_nginx((read_timeout, "fastcgi_read_timeout 1m5s;")), "client time-out", "fail", "nginx waits 65 s",
          "the time-out of nginx is in minutes and seconds")
    finds(with_nginx((read_timeout, "fastcgi_read_timeout '1w 1d';")), "client time-out", "fail", "nginx waits 691200 s",
          "the time-out of nginx is in weeks and days")
    finds(with_nginx((read_timeout, "")), "request time-out", "ok", "nginx waits 60 s", "nginx has its default time-out")
    finds(with_nginx(("location / {", "location / { fastcgi_read_timeout 7;")), "request time-out", "fail",
          "nginx waits 7 s", "a location sets a short time-out")
    finds(doctor(**everything, request_timeout=0), "request time-out", "fail", "never ends", "the pool has no time-out")
    finds(doctor(**{**everything, "client_timeout": 30}), "client time-out", "fail", "clients wait only 30 s", "clients time out as soon as nginx")
    known = {name: value for name, value in everything.items() if name != "client_timeout"}
    finds(doctor(**known), "client time-out", "skipped", "--client-timeout", "--client-timeout is not given")


def check_servers(service, everything):
    """The status pages, and the addresses of clients."""
    def with_nginx(*changes):
        return doctor(**{**everything, "nginx": configured(service, *changes)})

    name, listen = "server_name serverful-status;", f"listen 127.0.0.1:{service.port};"
    finds(doctor(**everything), "status pages", "ok", f"on 127.0.0.1:{service.port}", "a server for this machine alone has the status pages")
    finds(with_nginx((name, "")), "status pages", "warn", "no server of nginx has the status pages", "no server has the name serverful-status")
    finds(with_nginx((listen, listen + " listen 8081; listen [::1]:8081;")), "status pages", "warn", "anybody who reaches 8081 can read",
          "their server listens on all addresses")
    finds(with_nginx((listen, "listen 10.0.0.1:8081; allow 10.0.0.0/8; deny all;")), "status pages", "ok", "on 10.0.0.1:8081",
          "their server denies all hosts but some")
    finds(doctor(**everything), "clients", "ok", "takes the address of a connection for the client's", "no proxy is configured")
    proxy = "set_real_ip_from 10.0.0.0/8;"
    finds(with_nginx((name, name + proxy)), "clients", "ok", "from X-Real-IP", "a proxy is configured without a header")
    finds(with_nginx((name, name + proxy + "real_ip_header CF-Connecting-IP;")), "clients", "ok", "from CF-Connecting-IP",
          "a proxy is configured with a header")
    header = (name, proxy + "real_ip_header proxy_protocol;")
    finds(with_nginx(header), "clients", "warn", "without it: add proxy_protocol there", "the load balancer's protocol is not in `listen`")
    finds(with_nginx(header, (listen, listen.replace(";", " proxy_protocol;"))), "clients", "ok", "from proxy_protocol",
          "the load balancer's protocol is in `listen`")
    finds(with_nginx(("access_log off;", proxy + "set_real_ip_from ::/0;")), "clients", "warn", "every client can claim any address",
          "the configuration names all addresses as proxies")


def check_replaced(everything):
    """A pool that executes another file than the installed one."""
    with tempfile.TemporaryDirectory() as directory:
        program = shutil.copy(tap.SERVERFUL, os.path.join(directory, "serverful"))
        with Service(store=few_words, program=program) as service:
            places = {"store": service.db, "snapshot": os.path.join(service.directory, "serverful.snapshot"),
                      "socket": service.pool.socket, "nginx": os.path.join(service.directory, "nginx", "nginx.conf")}
            finds(doctor(**{**everything, **places}), "program", "ok", f"the pool executes {program}", "the pool executes the installed program")
            shutil.copy(program, program + ".new")
            os.rename(program + ".new", program)
            finds(doctor(**{**everything, **places}), "program", "warn", f"still executes {program}, which was replaced: reload the pool, or restart it",
                  "the program was replaced")


def check_running(everything):
    """The settings of the running pool count, not its defaults."""
    with Service(workers=3, store=few_words, options=["--request-timeout=5"]) as service:
        places = {"store": service.db, "snapshot": os.path.join(service.directory, "serverful.snapshot"),
                  "socket": service.pool.socket, "nginx": os.path.join(service.directory, "nginx", "nginx.conf")}
        said = doctor(**{**everything, **places})
        finds(said, "workers", "ok" if FIT <= 3 else "warn", "the pool has 3 workers", "the running pool has --workers=3")
        finds(said, "request time-out", "ok", "after 5 s, nginx", "the running pool has --request-timeout=5")
        service.pool.stop()
        said = doctor(**{**everything, **places})
        finds(said, "workers", "ok", f"{FIT} workers (the default, since no pool runs)", "no pool runs")
        finds(doctor(**{**everything, **places}, workers=1), "workers", "warn", f"1 workers, and this machine can use {FIT}", "--workers is 1")
        finds(said, "socket", "fail", "there is no socket", "no pool runs")
        finds(said, "program", "skipped", "no pool runs", "no pool runs")
        finds(said, "web server", "skipped", "no socket", "no pool runs")
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(service.pool.socket)
        said = doctor(**{**everything, **places})
        finds(said, "socket", "fail", "no process listens", "the socket is left over")
        finds(said, "program", "warn", "there is a socket, but no pool runs", "the socket is left over")


def check_rights(service, everything):
    """The rights of nginx, as another user, on the socket."""
    everything = {**everything, "nginx": configured(service, ("user root;", ""), ("daemon off;", "daemon off; user www-data;"))}
    finds(doctor(**everything), "web server", "fail", f"www-data may not enter {service.directory} (", "nginx may not enter a directory of the socket")
    os.chmod(service.directory, 0o755)
    finds(doctor(**everything), "web server", "fail", "www-data may not write to", "nginx may not write to the socket")
    os.chmod(service.pool.socket, 0o666)
    said = doctor(**everything)
    finds(said, "web server", "ok", "nginx, as www-data, may connect", "nginx may write to the socket")
    finds(said, "socket", "warn", "every user may connect", "every user may write to it")
    os.chmod(service.pool.socket, 0o660)
    everything["nginx"] = configured(service, ("user root;", ""), ("daemon off;", "daemon off; user nobody-of-here;"))
    finds(doctor(**everything), "web server", "fail", "there is no user 'nobody-of-here'", "the configured user does not exist")


def check_data(everything):
    """Store and snapshot, without a pool, which would compile the snapshot."""
    sql(everything["store"], "PRAGMA wal_checkpoint(TRUNCATE);")
    with tempfile.TemporaryDirectory() as directory:
        store, snapshot = (shutil.copy(everything[name], directory) for name in ("store", "snapshot"))
        good = {**everything, "store": store, "snapshot": snapshot}
        sql(store, "INSERT INTO images (url) VALUES ('https://example.org/one.jpg');")
        finds(doctor(**good), "revision", "fail", "'serverful snapshot'", "the store is newer than the snapshot")
        damaged = bytearray(read(snapshot))
        damaged[len(damaged) // 2] ^= 1
        bad = write(os.path.join(directory, "bad.snapshot"), bytes(damaged))
        finds(doctor(**{**good, "snapshot": bad}), "snapshot", "fail", "damaged", "one bit of it is flipped")
        bad = write(os.path.join(directory, "bad.db"), "no store at all")
        said = doctor(**{**good, "store": bad})
        finds(said, "store", "fail", "not a database", "the file is not a database")
        finds(said, "revision", "skipped", "missing or damaged", "the store is not a database")
        finds(doctor(**{**good, "store": os.path.join(directory, "none.db")}), "store", "fail", "serverful init", "it does not exist")
        said = doctor(**{**good, "store": "/nowhere/serverful.db"})
        finds(said, "store", "skipped", "no pool runs on this machine", "its directory does not exist")
        tap.ok("socket" not in said[1] and "layer" in said[1], "without a store's directory, doctor checks only what is for Lambda", said)
        check_directory(directory, store, good)


def check_directory(directory, store, good):
    """The rights on the store's directory, in which SQLite creates files."""
    def says(level, text, situation):
        finds(doctor(**good), "directory", level, text, situation)

    os.chmod(directory, 0o770)
    says("fail", "for the same group", "a group may write to the directory, but not to the store")
    os.chmod(store, 0o660)
    says("fail", "chmod g+s", "new files would not belong to the group")
    os.chmod(directory, 0o2770)
    says("ok", "a group shares", "a group may write to the directory and the store")
    os.chmod(directory, 0o700)
    says("fail", "for the same group", "a group may write to the store, but not to the directory")
    os.chmod(store, 0o600)
    says("ok", "only the owner", "only the owner may write to the directory and the store")
    if os.getuid() == 0:
        for path in directory, store:
            os.chown(path, NOBODY, NOBODY)  # modes do not bind root
    write(store + "-wal", b"", 0o400)
    says("fail", "-wal (", "the pool may not write to -wal")
    if os.path.exists(store + "-wal"):  # SQLite may have removed it
        os.remove(store + "-wal")
    os.chmod(directory, 0o500)
    says("fail", f"may not write to {directory} (", "the pool may not write to the directory")
    os.chmod(directory, 0o700)


def check_program(directory, everything):
    def says(content, level, text, situation, mode=0o755):
        path = write(os.path.join(directory, "program"), content, mode)
        finds(doctor(**{**everything, "bootstrap": path}), "bootstrap", level, text, situation)
        os.remove(path)

    says(read("/bin/true"), "fail", "is not static", "it needs libraries")
    says(program(RISCV), "fail", "a processor that Lambda does not have", "it is for a processor that Lambda does not have")
    says(program(ARM64), "ok", "static, for arm64", "it is for arm64")
    says(b"#!/bin/sh\n", "fail", "is not an ELF program", "it is a script")
    says(program()[:100], "fail", "truncated", "it is truncated")
    says(program(), "fail", "chmod +x", "it is not executable", 0o644)
    finds(doctor(**{**everything, "bootstrap": "/nowhere"}), "bootstrap", "skipped", "there is no /nowhere",
          "it does not exist")


def check_packages(directory, everything):
    packages = os.path.join(directory, "wrong")
    function, layer = os.path.join(packages, "arm64", "function.zip"), os.path.join(packages, "layer.zip")
    everything = {**everything, "packages": packages}

    def says(path, level, text, situation, *what, **how):
        if what:
            pack(path, *what, **how)
        check = "layer" if path == layer else "arm64 function"
        finds(doctor(**everything), check, level, text, situation)

    says(function, "skipped", "run 'make lambda'", "there is no package")
    says(function, "ok", "has bootstrap, static, for arm64", "the package is good", "bootstrap", program(ARM64))
    says(function, "fail", "is for x86_64", "bootstrap is for the other processor", "bootstrap", program())
    says(function, "fail", "is not static", "bootstrap needs libraries", "bootstrap", read("/bin/true"))
    says(function, "fail", "has build/bootstrap, but bootstrap must not be", "bootstrap is in a directory", "build/bootstrap", program(ARM64))
    says(function, "fail", "has no bootstrap", "bootstrap has another name", "serverful", program(ARM64))
    says(function, "fail", "mode 0644", "bootstrap is not executable", "bootstrap", program(ARM64), mode=0o644)
    says(function, "fail", "mode 0700", "only the owner may run bootstrap", "bootstrap", program(ARM64), mode=0o700)
    says(function, "fail", "on a Unix", "the package is from a system without modes", "bootstrap", program(ARM64), system=0)
    write(function, b"no zip")
    says(function, "fail", "is not a zip file", "the package is not a zip file")

    snapshot = read(everything["snapshot"])
    says(layer, "skipped", "run 'make lambda'", "there is no package")
    says(layer, "ok", "a valid snapshot for /opt/serverful.snapshot", "the package is good", "serverful.snapshot", snapshot, mode=0o644)
    says(layer, "fail", "has opt/serverful.snapshot, but", "the snapshot is in a directory", "opt/serverful.snapshot", snapshot)
    says(layer, "fail", "mode 0600", "only the owner may read the snapshot", "serverful.snapshot", snapshot, mode=0o600)
    says(layer, "fail", "is damaged, or of another version", "the snapshot is truncated", "serverful.snapshot", snapshot[:-1])
    pack(layer, "serverful.snapshot", snapshot)
    damaged = bytearray(read(layer))
    damaged[len(damaged) // 2] ^= 1
    write(layer, bytes(damaged))
    says(layer, "fail", "serverful.snapshot in ", "one bit of the package is flipped")
    says(layer, "fail", "is damaged, or of another version", "the snapshot has the largest size that Lambda takes", "serverful.snapshot",
         bytes(250 << 20))
    says(layer, "fail", "is too large (262144001 bytes)", "the snapshot is larger than Lambda takes", "serverful.snapshot",
         bytes((250 << 20) + 1))


def check_template(directory, everything):
    with open(TEMPLATE, encoding="utf-8") as file:
        text = file.read()
    for timeout, level, said in ("Timeout: 30", "fail", "lower Timeout"), ("", "warn", "add Timeout"), ("Timeout: 5 # s", "ok", "5 s"):
        path = write(os.path.join(directory, "template.yaml"), text.replace("Timeout: 29", timeout))
        finds(doctor(**{**everything, "template": path}), "function time-out", level, said, f"the template has {timeout or 'no time-out'}")
    finds(doctor(**{**everything, "template": "/nowhere"}), "function time-out", "skipped", "/nowhere", "there is no template")


def check_places():
    """Without options, doctor finds the files of ./dev serve in the current directory."""
    with tempfile.TemporaryDirectory() as directory:
        os.mkdir(os.path.join(directory, "var"))
        jieba_store(os.path.join(directory, "var"))
        jieba_snapshot(os.path.join(directory, "var"))
        said = doctor(cwd=directory)
        finds(said, "store", "ok", "var/serverful.db", "the store is in var/")
        finds(said, "socket", "fail", "no socket var/serverful.sock", "there is no socket in var/")


tap.plan(94)
check_places()
with Service(workers=FIT, store=few_words) as service, tempfile.TemporaryDirectory() as directory:
    packages = os.path.join(directory, "packages")
    everything = {"store": service.db, "snapshot": os.path.join(service.directory, "serverful.snapshot"),
                  "socket": service.pool.socket, "nginx": os.path.join(service.directory, "nginx", "nginx.conf"),
                  "client_timeout": 31, "bootstrap": write(os.path.join(directory, "bootstrap"), program(), 0o755),
                  "packages": packages, "template": TEMPLATE}
    pack(os.path.join(packages, "arm64", "function.zip"), "bootstrap", program(ARM64))
    pack(os.path.join(packages, "x86_64", "function.zip"), "bootstrap", program())
    pack(os.path.join(packages, "layer.zip"), "serverful.snapshot", read(everything["snapshot"]), mode=0o644)
    wait_until(lambda: doctor(**everything)[1]["revision"][0] == "ok", "a snapshot that is up to date")
    check_good(everything)
    check_nginx(service, everything)
    check_servers(service, everything)
    check_replaced(everything)
    check_running(everything)
    check_data(everything)
    check_program(directory, everything)
    check_packages(directory, everything)
    check_template(directory, everything)
    check_rights(service, everything)
tap.done()
