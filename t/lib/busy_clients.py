"""Clients that send one request again and again, without a pause.

    with BusyClients(service.port, "/calculator?num1=1&num2=2&operator=add", b'{"result": 3.0}\n') as clients:
        wait_until(lambda: clients.sent > 100, "100 requests")
    tap.equal(clients.wrong, [], "no request fails")
"""

import http.client
import threading

from http_client import Client


class BusyClients:
    """`n` clients of 127.0.0.1, each with a thread and a connection, until the end of the block. `sent` counts the requests that
    have ended, `wrong` has the answers whose body is not `expected`, and the errors."""

    def __init__(self, port, target, expected, n=8):
        self.port, self.target, self.expected = port, target, expected
        self.sent, self.wrong, self.over = 0, [], threading.Event()
        self.threads = [threading.Thread(target=self._ask) for _ in range(n)]

    def _ask(self):
        with Client(self.port) as client:
            while not self.over.is_set():
                try:
                    answer = client.get(self.target)
                    if answer.body != self.expected:
                        self.wrong.append(answer)
                except (OSError, http.client.HTTPException) as error:
                    self.wrong.append(error)
                    client.close()
                self.sent += 1

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join()
