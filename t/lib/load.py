"""Requests to 127.0.0.1 at a constant rate, also from another network namespace. Every answer is checked.

    load = Load(["nsenter", "--target", "4711", "--net"], port=8080)
    load.await_answers(10)
    report = load.stop()  # {"sent": 900, "repeated": 2, "failed": [], "slowest": 0.2}

A request is sent once more where the server closed a kept connection before a byte of the answer came, as any server may do;
`repeated` counts these. `failed` describes the requests without the right answer; `slowest` is in seconds.
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
from wait import wait_until


class Load:
    """A process that sends requests until it is stopped. `prefix` is the command that runs it in its network namespace."""

    def __init__(self, prefix, port, rate=80, connections=8):
        self.process = subprocess.Popen([*prefix, sys.executable, os.path.abspath(__file__), str(port), str(rate),
                                         str(connections)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answered(self):
        """Return how many requests of each connection have ended, with an answer or without."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def await_answers(self, n):
        """Wait until `n` more requests of each connection have ended. With two, each has sent and ended one meanwhile."""
        before = self.answered()
        wait_until(lambda: min(now - then for now, then in zip(self.answered(), before)) >= n, f"{n} answers on each connection")

    def stop(self):
        """Stop. Returns the report."""
        return json.loads(self.process.communicate()[0])


class _Sender(threading.Thread):
    def __init__(self, port, pause, over):
        super().__init__()
        self.client, self.pause, self.over = Client(port), pause, over
        self.sent = self.answered = self.repeated = 0
        self.failed, self.slowest = [], 0.0

    def ask(self, target):
        """Send a request, and return its answer. Sends it again where the server has closed a kept connection."""
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
            self.answered += 1
            took = time.monotonic() - began
            self.slowest = max(self.slowest, took)
            self.over.wait(max(0.0, self.pause - took))


def main(port, rate, connections):
    over = threading.Event()
    senders = [_Sender(port, connections / rate, over) for _ in range(connections)]
    for sender in senders:
        sender.start()
    for _ in sys.stdin:
        print(json.dumps([sender.answered for sender in senders]), flush=True)
    over.set()
    for sender in senders:
        sender.join()
    print(json.dumps({"sent": sum(s.sent for s in senders), "repeated": sum(s.repeated for s in senders),
                      "failed": [text for s in senders for text in s.failed],
                      "slowest": max(s.slowest for s in senders)}))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
