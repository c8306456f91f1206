#!/usr/bin/python3
"""Send requests that all find no environment of a function, and print how long each took, as JSON: {URL: [ms]}.

    first_requests.py N URL...

N requests to each URL start at the same time, over connections that are open by then, so that each needs an environment of its own. The
client of serverful compare --aws runs this."""

import http.client
import json
import sys
import threading
import time
import urllib.parse

TARGET = "/calculator?num1=7&num2=2&operator=divide"
TIMEOUT = 60  # seconds


def connect(url):
    """Return an open connection, and the path of the URL."""
    parts = urllib.parse.urlsplit(url)
    connection = (http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection)(parts.netloc, timeout=TIMEOUT)
    connection.connect()
    return connection, parts.path.rstrip("/")


def send(url, barrier, found):
    """Send a request with all others, and add its milliseconds, or why there is no answer."""
    try:
        connection, path = connect(url)
        barrier.wait(TIMEOUT)
        began = time.perf_counter()
        connection.request("GET", path + TARGET)
        answer = connection.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        found.append((url, took) if answer.status == 200 else (None, f"{url} answered with status {answer.status}"))
    except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as error:
        barrier.abort()
        found.append((None, f"{url}: {error or 'another request failed'}"))


def main(n, *urls):
    barrier, found = threading.Barrier(int(n) * len(urls)), []
    threads = [threading.Thread(target=send, args=(url, barrier, found)) for url in urls for _ in range(int(n))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = [text for url, text in found if url is None]
    if failures:
        sys.exit(f"first_requests: {failures[0]}")
    print(json.dumps({url: [took for one, took in found if one == url] for url in urls}))


if __name__ == "__main__":
    main(*sys.argv[1:])
