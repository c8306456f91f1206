"""The back ends that bench/endpoints.py compares, each with its own nginx in front or without one. Their software is installed
below the build directory; a back end that cannot be installed is left out."""

import contextlib
import os
import re
import shutil
import subprocess
from typing import NamedTuple, Optional

import install
import tap
from peers import DICT, WORK
from service import Nginx, free_port
from wait import wait_until

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "endpoints")
OURS, CONSTANT, DEFAULT, RETURN, FLASK = (
    "serverful", "constant, our nginx.conf", "constant, nginx's defaults", "nginx's return 200", "Flask and gunicorn")
AXUM, AXUM_DIRECT = "axum and jieba-rs, proxied", "axum and jieba-rs, direct"


class Row(NamedTuple):
    """Where a back end answers, and its processes."""
    port: int
    nginx: Optional[int] = None     # The pid of nginx's master process.
    back_end: Optional[int] = None  # The pid of the process that has started the others of the back end.
    is_peer: bool = True            # Whether it is measured with each number of connections, and not with one.


def _install_axum():
    install.packages("cargo-web", commands=["cargo"])  # the cargo of Debian 12 is too old
    directory = shutil.copytree(os.path.join(HERE, "axum"), os.path.join(WORK, "axum"), dirs_exist_ok=True)
    install.run(["cargo", "build", "--release"], directory, os.path.join(directory, "log"))


def _install_flask():
    install.packages("python3-flask", "gunicorn")


def installed():
    """Install axum and Flask. Return the names of those that are installed. Print a line for each that is left out."""
    names = []
    for name, act in ((AXUM, _install_axum), (FLASK, _install_flask)):
        try:
            act()
            names.append(name)
        except (install.Missing, OSError) as missing:
            print(f"left out: {name}: {missing}")
    return names


def _read(*path):
    with open(os.path.join(tap.SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def ours_nginx(name):
    """Return the configuration of nginx for development, in front of another FastCGI socket."""
    return _read("nginx", "dev.conf.in").replace("unix:serverful.sock", f"unix:{name}.sock")


def _proxied(text):
    """Return a part of our configuration for an HTTP back end: the same settings and limits, proxy_ in place of fastcgi_."""
    text = text.replace("fastcgi_pass serverful;", "proxy_pass http://serverful;")
    text = text.replace("fastcgi_keep_conn on;", 'proxy_http_version 1.1;\nproxy_set_header Connection "";')
    text = text.replace("fastcgi_param REQUEST_ID ", "proxy_set_header X-Request-Id ")
    return re.sub(r"\bfastcgi_", "proxy_", re.sub(r"^ *fastcgi_param .*$", "", text, flags=re.M))


def proxy_nginx(name):
    """Return the configuration of nginx for development, in front of an HTTP server on a Unix socket."""
    text = ours_nginx(name)
    for part in ("serverful-api.conf", "serverful-socket.conf"):
        text = text.replace(f"include {part};", _proxied(_read("nginx", part)))
    return text


def minimal_nginx(location):
    """Return a configuration of nginx with default settings and this location."""
    return _read("bench", "endpoints", "nginx.conf.in").replace("@LOCATION@", location)


@contextlib.contextmanager
def _process(command, directory, path):
    """Run a process that makes a socket at this path. Yields its pid."""
    with open(os.path.join(directory, "log"), "ab") as log:
        started = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log)
    try:
        wait_until(lambda: os.path.exists(path) or started.poll() is not None, command[0])
        if started.poll() is not None:
            raise RuntimeError(f"{command[0]} has ended with status {started.returncode}")
        yield started.pid
    finally:
        started.terminate()
        started.wait()


@contextlib.contextmanager
def _nginx(directory, name, text):
    """Run nginx with this configuration. Yields its port and its pid."""
    template = os.path.join(directory, name + ".conf.in")
    with open(template, "w", encoding="utf-8") as file:
        file.write(text)
    running = Nginx(directory, name=name + "-nginx", template=template)
    try:
        yield running.port, running.process.pid
    finally:
        running.stop()


class _Starter:
    """Starts back ends in a directory. `enter` enters a context manager that ends them."""

    def __init__(self, directory, workers, enter):
        self.directory, self.workers, self.enter = directory, workers, enter

    def _start(self, name, *command):
        """Start a back end that listens on NAME.sock. Return its pid."""
        return self.enter(_process(command, self.directory, self._socket(name)))

    def _socket(self, name):
        return os.path.join(self.directory, name + ".sock")

    def _behind(self, name, text, back_end=None, is_peer=False):
        return Row(*self.enter(_nginx(self.directory, name, text)), back_end, is_peer)

    def constants(self, size):
        """The back ends that answer with `size` bytes."""
        pid = self._start("constant", os.path.join(WORK, "constant"), self._socket("constant"), str(self.workers), str(size))
        default = "include /etc/nginx/fastcgi_params; fastcgi_pass unix:constant.sock;"
        answer = f"default_type application/json; return 200 '{'x' * size}';"
        return {CONSTANT: self._behind("constant", ours_nginx("constant"), pid, is_peer=True),
                DEFAULT: self._behind("default", minimal_nginx(default), pid),
                RETURN: self._behind("return", minimal_nginx(answer))}

    def axum(self):
        port = free_port()
        program = os.path.join(WORK, "axum", "target", "release", "axum-peer")
        pid = self._start("axum", program, DICT, self._socket("axum"), str(port), str(self.workers))
        return {AXUM: self._behind("axum", proxy_nginx("axum"), pid, is_peer=True), AXUM_DIRECT: Row(port, back_end=pid)}

    def flask(self):
        pid = self._start("gunicorn", "/usr/bin/gunicorn", "--workers", str(self.workers), "--preload", "--chdir", HERE,
                          "--bind", "unix:" + self._socket("gunicorn"), "article:app")
        return {FLASK: self._behind("flask", minimal_nginx("proxy_pass http://unix:gunicorn.sock;"), pid)}


@contextlib.contextmanager
def others(directory, workers, size, names):
    """Run the back ends other than ours, of axum and Flask those that are named. Yields a Row for each, by name. All except axum
    and Flask answer with `size` bytes."""
    with contextlib.ExitStack() as stack:
        starter = _Starter(directory, workers, stack.enter_context)
        rows = starter.constants(size)
        if AXUM in names:
            rows |= starter.axum()
        if FLASK in names:
            rows |= starter.flask()
        yield rows
