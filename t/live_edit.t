#!/usr/bin/python3
"""Edits with the sqlite3 shell show in the responses while the service runs under load, and no request fails."""

import json
import os
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from http_client import Client
from service import Service, ended_well
from store import CONFIRM, jieba_store, refused, small_store, sql
from wait import wait_until

TEXT = "/segment?text=" + urllib.parse.quote("小野猫云原生真好")
IMAGES = 5  # number of images in a new store


class Load(threading.Thread):
    """Requests to three endpoints in turn, on one connection, with a pause before each."""
    PAUSE = 0.005  # in seconds: the edits need processor time, too

    def __init__(self, port, stop):
        super().__init__(daemon=True)
        self.port, self.stop = port, stop
        self.sent, self.failed = 0, []

    def run(self):
        targets = ["/random-image", TEXT, "/calculator?num1=1&num2=2&operator=add"]
        with Client(self.port) as client:
            while not self.stop.wait(self.PAUSE):
                self.sent += 1
                try:
                    answer = client.get(targets[self.sent % 3])
                    if answer.status != 200 or not json.loads(answer.body):
                        self.failed.append(answer)
                except (OSError, ValueError) as error:
                    self.failed.append(error)
                    client.close()


def words(client):
    return json.loads(client.get(TEXT).body)["words"]


def some_images(client):
    """The images of 100 responses. With few images, these are nearly always all images."""
    return {json.loads(client.get("/random-image").body)["imageUrl"] for _ in range(100)}


def is_seen(service, statements, condition, name):
    """Make an edit, and wait until the responses show it. Prints how long that took, and does not judge it."""
    sql(service.db, statements)
    begin = time.monotonic()
    try:
        wait_until(condition, name)
    except TimeoutError as error:
        tap.ok(False, name, error)
        return
    tap.ok(True, name)
    print(f"# seen after {time.monotonic() - begin:.2f} s")


def edit_images(service, client):
    url, other = "https://example.org/a.jpg", "https://example.org/b.jpg"
    is_seen(service, f"INSERT INTO images (url) VALUES ('{url}');", lambda: url in some_images(client), "/random-image answers with a new image")
    is_seen(service, f"UPDATE images SET url = '{other}' WHERE url = '{url}';",
            lambda: other in (found := some_images(client)) and url not in found, "/random-image answers with the new URL of an image")
    is_seen(service, f"DELETE FROM images WHERE url = '{other}';", lambda: other not in some_images(client),
            "/random-image no longer answers with a deleted image")
    tap.equal(len(some_images(client)), IMAGES, "the other images are unchanged by edits of one")


def edit_tags(service, client):
    """Give an image a tag, disable it, and enable it again."""
    tagged = "/random-image?tag=" + urllib.parse.quote("猫")
    first = "https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg"
    tap.equal(client.get(tagged).status, 404, "a tag that no image has is 404")
    is_seen(service, f"UPDATE images SET tag = '猫' WHERE url = '{first}';", lambda: client.get(tagged).status == 200,
            "an image's new tag is found")
    tap.equal(json.loads(client.get(tagged).body), {"imageUrl": first}, "/random-image with a tag answers with the image that has it")
    is_seen(service, "UPDATE images SET enabled = 0 WHERE tag = '猫';", lambda: client.get(tagged).status == 404,
            "a disabled image is not found by its tag")
    tap.ok(first not in some_images(client), "/random-image without a tag does not answer with a disabled image")
    is_seen(service, "UPDATE images SET enabled = 1, tag = '' WHERE tag = '猫';", lambda: first in some_images(client),
            "/random-image answers with an image that is enabled again")


def edit_words(service, client):
    before = words(client)
    tap.ok("云原生" not in before, "a word that is not in the dictionary is not segmented as one", before)
    is_seen(service, "INSERT INTO words (word, freq) VALUES ('云原生', 100000);", lambda: "云原生" in words(client),
            "a new word is segmented as one")
    is_seen(service, "UPDATE words SET freq = 1 WHERE word = '云原生'; INSERT INTO words VALUES ('原生真', 1000000, 'x');",
            lambda: "原生真" in words(client), "new frequencies make another word win")
    is_seen(service, "DELETE FROM words WHERE word IN ('云原生', '原生真');", lambda: words(client) == before,
            "deleting both words restores the segmentation")
    with_all = "BEGIN; DELETE FROM words WHERE word GLOB '小*'; INSERT INTO words (word) VALUES ('小野猫云原生'); COMMIT;"
    is_seen(service, with_all, lambda: "小野猫云原生" in words(client), "several edits in one transaction show together")


def edit_in_vain(service, client):
    """Edits that are rolled back or rejected change nothing, and do not prevent later ones."""
    before = words(client)
    sql(service.db, "BEGIN; DELETE FROM words; DELETE FROM images; ROLLBACK;")
    tap.ok(refused(service.db, "INSERT INTO images (url) VALUES ('ftp://example.org/');"), "the store rejects an invalid image")
    tap.ok(refused(service.db, "INSERT INTO words (word) VALUES ('a b');"), "the store rejects an invalid word")
    url = "https://example.org/c.jpg"
    is_seen(service, f"INSERT INTO images (url) VALUES ('{url}');", lambda: url in some_images(client),
            "an edit shows after others were rolled back or rejected")
    tap.equal(words(client), before, "edits that were rolled back or rejected do not change the words")


def edit_all(service, client):
    """Delete all images, and replace the file of the store by another."""
    is_seen(service, "DELETE FROM images;" + CONFIRM, lambda: client.get("/random-image").status == 404, "/random-image is 404 without any image")
    url = "https://example.org/d.jpg"
    is_seen(service, f"INSERT INTO images (url) VALUES ('{url}');", lambda: client.get("/random-image").status == 200,
            "/random-image is 200 when there is an image again")
    other = service.db + ".other"
    sql(service.db, f"VACUUM INTO '{other}';")
    sql(other, "UPDATE images SET url = 'https://example.org/e.jpg';")
    for path in (other, service.db):  # each write-ahead log belongs to one file
        for suffix in ("-wal", "-shm"):
            if os.path.exists(path + suffix):
                os.unlink(path + suffix)
    os.rename(other, service.db)
    wait_until(lambda: some_images(client) == {"https://example.org/e.jpg"}, "the other file's image")
    tap.ok(True, "a file that replaces the store is compiled")


def main():
    tap.plan(26)
    stop = threading.Event()
    # Sanitizers see no more of the large store, which takes them ten times as long.
    with Service(store=small_store if tap.is_watched(tap.SERVERFUL) else jieba_store) as service, Client(service.port) as client:
        workers = service.pool.workers()
        load = [Load(service.port, stop) for _ in range(8)]
        for thread in load:
            thread.start()
        edit_images(service, client)
        edit_tags(service, client)
        edit_words(service, client)
        edit_in_vain(service, client)
        stop.set()
        for thread in load:
            thread.join()
        failed = [failure for thread in load for failure in thread.failed]
        tap.ok(not failed, "no request fails during the edits", failed[:5])
        print(f"# {sum(thread.sent for thread in load)} requests during the edits")
        edit_all(service, client)
        tap.equal(service.pool.workers(), workers, "edits do not replace any worker")
        tap.equal(service.pool.complaints(), [], "edits leave no line in the pool's log but those about snapshots")
        ended_well(service)
    tap.done()


main()
