#!/usr/bin/python3
"""The pool behind Apache and lighttpd, with the configurations of docs/operate.md: the cases of t/cases/, large requests and
answers, ids of requests in the log, and status pages on a port of their own."""

import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import tap
from http_client import Client
from service import Pool, WebServer, ended_well, free_ports
from store import jieba_snapshot, jieba_store
from wait import wait_until

APACHE, LIGHTTPD = "/usr/sbin/apache2", "/usr/sbin/lighttpd"
SOCKET = "/run/serverful/serverful.sock"  # in docs/operate.md
USER = "www-data"  # who runs the web servers where root runs the tests
HAN = "%E6%88%91"
LARGEST = 5 * 1024 * 1024

# The part of each configuration that Debian's packages have.
APACHE_CONF = """
ServerName localhost
ServerRoot {directory}
DefaultRuntimeDir {directory}
PidFile apache.pid
ErrorLog apache.log
KeepAliveTimeout 300
MaxKeepAliveRequests 0
""" + "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in (
    "mpm_event", "authz_core", "authz_host", "proxy", "proxy_fcgi", "unique_id"))
LIGHTTPD_CONF = """
server.modules = ("mod_access", "mod_fastcgi")
server.document-root = "{directory}"
server.upload-dirs = ("{directory}")
server.errorlog = "{directory}/lighttpd.log"
server.bind = "127.0.0.1"
server.http-parseopts = ("url-ctrls-reject" => "enable")
server.port = 8080
server.max-keep-alive-idle = 300
"""


def documented(first):
    """The lines of a configuration in docs/operate.md, from the line that begins with `first`."""
    with open(os.path.join(tap.SOURCE, "docs", "operate.md"), encoding="utf-8") as file:
        return re.search(rf"^    {re.escape(first)}.*\n(?:    .*\n)+", file.read(), re.M)[0]


class Server(WebServer):
    """A web server on a free port, in the directory of the pool, as a user without rights."""

    def __init__(self, directory, program, options, conf):
        self.log_path = os.path.join(directory, "server.log")
        user = USER if os.getuid() == 0 else None
        for _ in range(3):  # try another port if another process has taken this one
            self.port, self.status_port = free_ports(2)
            with open(os.path.join(directory, "server.conf"), "w", encoding="utf-8") as file:
                ports = {"8080": str(self.port), "8081": str(self.status_port)}
                file.write(re.sub("808[01]", lambda port: ports[port[0]], conf)
                           .replace(SOCKET, os.path.join(directory, "serverful.sock")).replace("{directory}", directory))
            with open(self.log_path, "ab") as log:
                self.process = subprocess.Popen([program, *options, "-f", os.path.join(directory, "server.conf")],
                                                cwd=directory, stdout=log, stderr=log, user=user, group=user,
                                                extra_groups=[] if user else None)
            if wait_until(self._listens, program) == "listens":
                return
        raise RuntimeError(f"{program} does not start: {self.log()}")


def is_changed(case, name):
    """Whether the web server changes or refuses the request of a case: it merges slashes, decodes or refuses %2F, and lighttpd
    refuses a GET request with a body."""
    request = case["request"]
    return "//" in request["path"] or "%2f" in request["path"].lower() or (
        name == "lighttpd" and request["method"] == "GET" and cases.body(case) is not None)


def replayed(name):
    """The cases that the web server hands on as they are."""
    return [case for case in cases.load("nginx") if not is_changed(case, name)]


def check_cases(client, name):
    for case in replayed(name):
        request = case["request"]
        body = cases.body(case) or (b"" if request["method"] == "POST" else None)  # lighttpd demands a length
        answer = client.exchange(request["method"], cases.target(case), request["headers"], body)
        if name == "Apache":  # it removes Content-Length
            case["response"].get("headers", {}).pop("content-length", None)
        wrong = cases.differences(case, answer.status, answer.headers, answer.body)
        tap.ok(not wrong, f"{name}: {cases.title(case)}", "\n".join(wrong))


def check_sizes(client, port, name):
    n = 3600 if name == "lighttpd" else 1800
    answer = client.get("/segment?mode=full&text=" + HAN * n)
    tap.equal((answer.status, len(answer.body)), (200, len('{"words": []}\n') + n * 7 - 2),
              f"{name}: GET /segment takes {n} Chinese characters")
    with Client(port) as other:  # it may be closed after this
        tap.ok(other.get("/segment?text=" + HAN * (n + 100)).status in (400, 414, 431), f"{name}: GET /segment refuses {n + 100} of them")
    body = "我" * (LARGEST // 3)
    answer = client.exchange("POST", "/segment?mode=full", {"Content-Type": "text/plain"}, body.encode())
    tap.equal((answer.status, len(answer.body)), (200, len('{"words": []}\n') + len(body) * 7 - 2),
              f"{name}: POST /segment takes a body of 5 MiB and answers with 12 MB")
    client.send(b"POST /segment HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"3\r\n\xe6\x88\x91\r\n3\r\n\xe4\xbb\xac\r\n0\r\n\r\n")
    tap.equal(client.receive().body.decode(), '{"words": ["我们"]}\n', f"{name}: POST /segment takes a chunked body")
    tap.equal(client.get("//segment?text=").status, 200, f"{name}: //segment is /segment")


def check_limit(port):
    with Client(port) as client:
        answer = client.exchange("POST", "/segment", {"Content-Type": "text/plain", "Content-Length": str(LARGEST + 1)})
        tap.equal(answer.status, 413, "lighttpd: a body of 5 MiB and one byte is refused with 413")


def check_log(client, pool, name, pattern):
    """The access log has the decoded path and an id of each request."""
    client.exchange("GET", "/a%20%E8%AF%8D/b", {"X-Request-ID": "from-the-client"})
    path = os.path.join(pool.directory, "access.log")

    def line():
        with open(path, encoding="utf-8") as file:
            return [json.loads(entry) for entry in file.read().splitlines() if "词" in entry]

    found = wait_until(line, "a line of the access log")[-1]
    tap.equal(found["path"], "/a 词/b", f"{name}: the access log has the whole decoded path")
    tap.ok(re.fullmatch(pattern, found["id"]), f"{name}: the access log has an id of the request", found)


STATUS_PAGES = ("/healthz", "/status", "/metrics", "/%73tatus", "//status", "/./status", "/x/../metrics")


def check_status_pages(server, name):
    for target in STATUS_PAGES:
        with Client(server.port) as site, Client(server.status_port) as local:
            tap.equal([client.get(target).status for client in (site, local)], [403, 200],
                      f"{name}: {target} is on the port of the status pages only")


# Program, its options, its configuration, and the ids that the log has.
SERVERS = {
    "Apache": (APACHE, ["-DFOREGROUND"], APACHE_CONF + documented("Listen 8080"), r"[\w@-]{20,}"),
    "lighttpd": (LIGHTTPD, ["-D"], LIGHTTPD_CONF + documented("fastcgi.server"), "from-the-client"),
}


def results(name):
    """The number of results for a web server."""
    return len(replayed(name)) + 5 + 2 + len(STATUS_PAGES) + (name == "lighttpd")


def check_server(name, pool):
    program, options, conf, pattern = SERVERS[name]
    if not os.path.exists(program):
        tap.skip(results(name), f"{name} is not installed")
        return
    server = Server(pool.directory, program, options, conf)
    try:
        with Client(server.port) as client:
            check_cases(client, name)
            check_sizes(client, server.port, name)
            check_log(client, pool, name, pattern)
        check_status_pages(server, name)
        if name == "lighttpd":
            check_limit(server.port)
    finally:
        server.stop()


def main():
    tap.plan(sum(map(results, SERVERS)) + 1)
    directory = tempfile.mkdtemp(prefix="serverful-")
    jieba_store(directory)
    jieba_snapshot(directory)
    pool = Pool(directory, options=["--access-log", os.path.join(directory, "access.log")])
    try:
        pool.await_workers()
        if os.getuid() == 0:
            shutil.chown(directory, USER)
            shutil.chown(pool.socket, USER)
        for name in SERVERS:
            check_server(name, pool)
        ended_well(pool)
    finally:
        pool.stop()
        shutil.rmtree(directory)
    tap.done()


main()
