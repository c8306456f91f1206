"""A relay in front of a service that holds each request for a known time, and notes how long it took: as a gateway does, or a slow service.

    with SlowFront(("10.77.2.2", 8000), ("127.0.0.1", 9000), 0.02, network.command("function")) as front:
        ...
    front.requests   # [at, seconds of the whole, seconds of the service] of each

An address is a host and a port, or the path of a socket. The relay runs in a process (this file). It takes whole requests, and one
has been answered when the first bytes come back.
"""

import contextlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time


class SlowFront:
    """A context manager; `prefix` is the beginning of the command line that runs the relay."""

    def __init__(self, address, upstream, seconds, prefix=()):
        self.command = [*prefix, sys.executable, __file__, json.dumps([address, upstream, seconds])]
        self.requests = []

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise OSError(f"the relay does not start: {self.command}")
        return self

    def __exit__(self, *_):
        self.requests = json.loads(self.process.communicate()[0] or "[]")  # it ends with its input


def make_socket(address):
    made = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    if made.family == socket.AF_INET:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made, address if isinstance(address, str) else tuple(address)


def is_whole(data):
    """Whether a request is complete: one of HTTP, or one piece of another protocol."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return not end or len(body) >= (int(length[1]) if length else 0)


def serve(client, upstream, seconds, requests):
    """Carry the requests and answers of a connection."""
    service, address = make_socket(upstream)
    with client, service, contextlib.suppress(ConnectionError):
        service.connect(address)
        request, begin, sent = b"", None, None
        while True:
            ready = select.select([client, service], [], [])[0]
            data = (service if service in ready else client).recv(1 << 20)
            if not data:
                return
            if service in ready:
                client.sendall(data)
                if begin is not None:
                    now = time.monotonic()
                    requests.append((time.time(), now - begin, now - sent))
                    begin = None
                continue
            request += data
            if is_whole(request):
                begin = time.monotonic()
                time.sleep(seconds)
                sent = time.monotonic()
                service.sendall(request)
                request = b""


def main(address, upstream, seconds):
    listener, address = make_socket(address)
    listener.bind(address)
    if isinstance(address, str):
        os.chmod(address, 0o666)
    listener.listen(512)
    requests = []
    print("ready", flush=True)
    while sys.stdin not in (ready := select.select([listener, sys.stdin], [], [])[0]):
        assert ready
        client = listener.accept()[0]
        if client.family == socket.AF_INET:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(client, upstream, seconds, requests), daemon=True).start()
    print(json.dumps(requests))


if __name__ == "__main__":
    main(*json.loads(sys.argv[1]))
