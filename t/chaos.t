#!/usr/bin/python3
"""Load on 64 connections while workers are killed, nginx and the pool are reloaded, and images and words are edited.
Every response is checked. The test lasts 8 seconds, or as many as the environment variable SERVERFUL_CHAOS says; on a busy
machine longer, until each of these has happened."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from http_client import Client
from service import Service, sanitizer_reports
from wait import PATIENCE, wait_until

SECONDS = float(os.environ.get("SERVERFUL_CHAOS", "8"))
CONNECTIONS = 64
IMAGES = [f"https://example.org/{i}.jpg" for i in range(5)]
TEXT = "无服务器架构师"  # edits add and remove this text as a word


class Load:
    """Requests on 64 connections, and their responses."""

    def __init__(self, port, segmentations):
        self.port, self.segmentations = port, segmentations
        self.sent = self.repeated = 0
        self.failed, self.wrong, self.over = [], [], False
        self.began = {}  # the time at which each client sent its request

    def question(self, rng):
        """A target, and a function that checks the body of its response."""
        kind = rng.random()
        if kind < 0.4:
            a, b = rng.randrange(1000), rng.randrange(1000)
            return f"/calculator?num1={a}&num2={b}&operator=multiply", lambda body: body == {"result": float(a * b)}
        if kind < 0.7:
            return "/random-image", lambda body: body.get("imageUrl") in IMAGES
        return "/segment?text=" + urllib.parse.quote(TEXT), lambda body: body.get("words") in self.segmentations

    async def exchange(self, connection, target):
        """Send a request. Returns the status, the body, and whether nginx closes the connection. Raises
        IncompleteReadError where the connection ends first."""
        reader, writer = connection
        writer.write(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return int(head.split(b" ")[1]), await reader.readexactly(length), b"connection: close" in head.lower()

    async def client(self, seed):
        rng, connection = random.Random(seed), None
        while not self.over:
            target, is_right = self.question(rng)
            self.sent += 1
            self.began[seed] = time.monotonic()
            for _ in range(5):
                fresh = connection is None
                try:
                    connection = connection or await asyncio.open_connection("127.0.0.1", self.port)
                    status, body, closes = await self.exchange(connection, target)
                    break
                except (OSError, asyncio.IncompleteReadError) as error:
                    connection[1].close() if connection else None
                    connection = None
                    if fresh or getattr(error, "partial", b""):
                        self.failed.append((target, repr(error)))
                        status = None
                        break
                    self.repeated += 1  # nginx may close an idle connection at any time
            if status not in (200, None):
                self.failed.append((target, status, body))
            elif status and not is_right(json.loads(body)):
                self.wrong.append((target, body))
            if connection and closes:
                connection[1].close()
                connection = None
        if connection:
            connection[1].close()

    async def run(self, enough):
        """Send requests for SECONDS, and until enough() is true."""
        clients = [asyncio.create_task(self.client(seed)) for seed in range(CONNECTIONS)]
        await asyncio.sleep(SECONDS)
        await asyncio.to_thread(wait_until, enough, "requests, kills and reloads")
        self.over = True
        await asyncio.gather(*clients)


def every(seconds, enough, act):
    """A thread that calls `act` every `seconds` seconds."""
    def loop():
        turn = 0
        while not enough.wait(seconds):
            act(turn)
            turn += 1
    thread = threading.Thread(target=loop)
    thread.start()
    return thread


def edit(db):
    """A function that edits words and images. It always leaves the first image."""
    def act(turn):
        with sqlite3.connect(db, timeout=PATIENCE) as connection:
            if turn % 2:
                connection.execute("DELETE FROM words WHERE word = ?", (TEXT,))
                connection.execute("DELETE FROM images WHERE url = ?", (IMAGES[1 + turn // 2 % 4],))
            else:
                connection.execute("INSERT INTO words (word, freq) VALUES (?, 100000)", (TEXT,))
                connection.execute("INSERT OR IGNORE INTO images (url) VALUES (?)", (IMAGES[1 + turn // 2 % 4],))
        connection.close()
    return act


def kill(pool, counts, load):
    """A function that kills a worker. nginx sends a request again that a kept connection has lost, but only once if it lost a
    new connection, too. So no request must meet two kills, however slow the machine is: the function waits until those that
    met the last one are answered."""
    last = 0

    def act(_):
        nonlocal last
        pids = pool.workers()
        if pids and min(list(load.began.values()), default=0) > last:
            try:
                os.kill(random.choice(pids), signal.SIGKILL)
                counts["killed"] += 1
            except ProcessLookupError:
                pass
            last = time.monotonic()
    return act


def reload(process, counts, name):
    def act(_):
        process.send_signal(signal.SIGHUP)
        counts[name] += 1
    return act


def segmentations(service):
    """The two valid responses for the text: without it as a word, and with it."""
    found = []
    for statement in ("", f"INSERT INTO words (word, freq) VALUES ('{TEXT}', 100000);"):
        with sqlite3.connect(service.db) as connection:
            connection.executescript(statement)
        connection.close()

        def ask():
            with Client(service.port) as client:
                words = json.loads(client.get("/segment?text=" + urllib.parse.quote(TEXT)).body)["words"]
            return (words == [TEXT]) == bool(statement) and words

        found.append(wait_until(ask, "the edit in a response"))
    with sqlite3.connect(service.db) as connection:
        connection.execute("DELETE FROM words WHERE word = ?", (TEXT,))
    connection.close()
    return found


tap.plan(5)
setup = "DELETE FROM images;" + "".join(f"INSERT INTO images (url) VALUES ('{url}');" for url in IMAGES)
with Service(edits=setup) as service:
    load = Load(service.port, segmentations(service))
    tap.ok(load.segmentations[0] != load.segmentations[1] == [TEXT], "an edit of the words changes the response of /segment")
    counts = {"killed": 0, "nginx reloaded": 0, "pool reloaded": 0}
    enough = threading.Event()
    threads = [every(0.1, enough, kill(service.pool, counts, load)),
               every(min(5, SECONDS / 4), enough, reload(service.nginx.process, counts, "nginx reloaded")),
               every(min(10, SECONDS / 3), enough, reload(service.pool.process, counts, "pool reloaded")),
               every(0.2, enough, edit(service.db))]
    asyncio.run(load.run(lambda: load.sent > 100 and all(counts.values())))
    enough.set()
    for thread in threads:
        thread.join()
    print(f"# {load.sent} requests, {len(load.failed)} failed, {len(load.wrong)} wrong; {load.repeated} sent again, because "
          f"nginx had closed an idle connection; {counts}")
    tap.ok(load.sent > 100 and not load.failed, "no request fails while workers are killed and nginx and the pool are reloaded", load.failed[:5])
    tap.ok(not load.wrong, "every response is right while images and words are edited", load.wrong[:5])
    tap.ok(all(counts.values()), "workers were killed, and nginx and the pool were reloaded, at least once each", counts)
    service.pool.await_workers()
    tap.equal(sanitizer_reports(service.log()), [], "no sanitizer has reported an error")
tap.done()
