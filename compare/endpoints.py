"""The requests that a comparison sends: one for each endpoint and size."""

import collections
import os
import random
import sqlite3
import urllib.parse

SEED = 20241125  # every comparison sends the same texts
CHARACTERS = (20, 200, 5000)
WORDS = 5000
AGENT = "serverful-load"

# One kind of request. `target` is its path and query. `message` is the path of a file with its headers, an empty line and its body, as
# the load generator reads it; None: a plain GET. `request_bytes` is the length of the body.
Endpoint = collections.namedtuple("Endpoint", "name description method target message request_bytes")

CALCULATOR = Endpoint("calculator", "a division", "GET", "/calculator?num1=7&num2=2&operator=divide", None, 0)


def write_message(path, headers, body):
    """Write the file of a message, with the name of the load generator unless the headers have another one."""
    headers = {"User-Agent": AGENT, **headers}
    with open(path, "wb") as file:
        file.write("".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("latin-1") + b"\r\n" + body)


def read_message(path):
    """Return headers and body of the file of a message."""
    with open(path, "rb") as file:
        head, _, body = file.read().partition(b"\r\n\r\n")
    return dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")), body


def sentences(store, characters):
    """Return a text of `characters` characters: sentences of the store's words, drawn by their frequency."""
    with sqlite3.connect(f"file:{urllib.parse.quote(store)}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT word, freq FROM words WHERE length(word) < 5 ORDER BY freq DESC, word LIMIT ?", (WORDS,)).fetchall()
    db.close()
    rng = random.Random(SEED)
    text = ""
    while len(text) < characters:
        drawn = rng.choices([word for word, _ in rows], [freq for _, freq in rows], k=rng.randint(5, 15))
        text += "".join(drawn) + rng.choice("，。，。！？")
    return text[:characters]


def make(store, directory):
    """Return all endpoints. Write their messages into `directory`."""
    found = [CALCULATOR, Endpoint("random-image", "the URL of a random image", "GET", "/random-image", None, 0)]
    text = sentences(store, max(CHARACTERS))
    for n in CHARACTERS:
        path, body = os.path.join(directory, f"segment-{n}"), text[:n].encode()
        write_message(path, {"Content-Type": "text/plain"}, body)
        found.append(Endpoint(f"segment-{n}", f"the words of {n:,} characters", "POST", "/segment", path, len(body)))
    return found
