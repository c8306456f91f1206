"""A Python program that starts quickly, for a test that runs it often: a server has its modules in memory, and forks a process
for each run."""

import json
import os
import runpy
import signal
import socket
import sys
import traceback

# Stands in for the program: it hands its arguments, directory, environment and files to the server, and ends as the program does.
CLIENT = """#!/usr/bin/python3 -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    request = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
    socket.send_fds(server, [len(request).to_bytes(4, "big")], [0, 1, 2])
    server.sendall(request)
    sys.exit(int(server.recv(3) or b"1"))
"""


def _run(program, added, connection):
    """Run the program in this process as a client asks, with variables added to its environment. Returns its exit status."""
    size, fds, _, _ = socket.recv_fds(connection, 4, 3)
    with connection.makefile("rb") as file:
        arguments, directory, environment = json.loads(file.read(int.from_bytes(size, "big")))
    for number, fd in enumerate(fds):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(directory)
    os.environ.clear()
    os.environ.update({**environment, **added})
    sys.argv = [program, *arguments]
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    try:
        runpy.run_path(program, run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _serve(program, added, listener):
    while True:
        connection, _ = listener.accept()
        if os.fork():
            connection.close()
            continue
        status = 1
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        try:
            status = _run(program, added, connection)
        except BaseException:
            traceback.print_exc()
        finally:
            connection.sendall(b"%d" % status)
            os._exit(status)


class Preloaded:
    """The directory of a program that stands in for `program`; a context manager. `load` imports the modules that it needs."""

    def __init__(self, program, load, directory):
        self.directory = os.path.join(directory, "preloaded")
        os.mkdir(self.directory)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(self.directory, "socket"))
        listener.listen(16)
        path = os.path.join(self.directory, os.path.basename(program))
        with open(path, "w", encoding="utf-8") as file:
            file.write(CLIENT.format(address=listener.getsockname()))
        os.chmod(path, 0o755)
        self._server = os.fork()
        if not self._server:
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # so that no process is left
                before = dict(os.environ)
                load()
                added = {name: value for name, value in os.environ.items() if before.get(name) != value}
                _serve(program, added, listener)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        listener.close()

    def __enter__(self):
        return self.directory

    def __exit__(self, *_):
        os.kill(self._server, signal.SIGKILL)
        os.waitpid(self._server, 0)
