"""Requests to 127.0.0.1 at a constant rate, from another network namespace if need be; every answer is checked.

    load = Load(["nsenter", "--target", "4711", "--net"], port=8080)
    ...
    report = load.stop()  # {"sent": 900, "repeated": 2, "failed": [], "slowest": 0.2}

A request is sent again, once, where a kept connection was closed before a byte of its answer came, as any server may
do; that is `repeated`. `failed` has those without the right answer, and why; `slowest` is in seconds.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from http_client import Client


class Load:
    """A process that sends until it is stopped; `prefix` is the command that runs it where it belongs."""

    def __init__(self, prefix, port, rate=80, connections=8):
        self.process = subprocess.Popen([*prefix, sys.executable, os.path.abspath(__file__), str(port), str(rate),
                                         str(connections)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self):
        """Stop; what became of the requests."""
        return json.loads(self.process.communicate()[0])


class _Sender(threading.Thread):
    def __init__(self, port, pause, over):
        super().__init__()
        self.client, self.pause, self.over = Client(port), pause, over
        self.sent = self.repeated = 0
        self.failed, self.slowest = [], 0.0

    def ask(self, target):
        """One answer; a second try where the connection was an old one."""
        kept = self.client.socket is not None
        try:
            return self.client.get(target)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.client.close()
            if not kept:
                raise
        self.repeated += 1
        return self.client.get(target)

    def run(self):
        while not self.over.is_set():
            began = time.monotonic()
            self.sent += 1
            try:
                answer = self.ask(f"/calculator?num1={self.sent}&num2=2&operator=multiply")
                if answer.status != 200 or json.loads(answer.body) != {"result": self.sent * 2.0}:
                    self.failed.append(repr(answer))
            except (OSError, http.client.HTTPException) as error:
                self.client.close()
                self.failed.append(repr(error))
            took = time.monotonic() - began
            self.slowest = max(self.slowest, took)
            self.over.wait(max(0.0, self.pause - took))


def main(port, rate, connections):
    over = threading.Event()
    senders = [_Sender(port, connections / rate, over) for _ in range(connections)]
    for sender in senders:
        sender.start()
    sys.stdin.read()
    over.set()
    for sender in senders:
        sender.join()
    print(json.dumps({"sent": sum(s.sent for s in senders), "repeated": sum(s.repeated for s in senders),
                      "failed": [text for s in senders for text in s.failed],
                      "slowest": max(s.slowest for s in senders)}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
