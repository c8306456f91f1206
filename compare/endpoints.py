"""The requests that a comparison sends: one for each endpoint and size."""

import collections
import os
import random
import sqlite3
import urllib.parse

SEED = 20241125  # every comparison sends the same texts
CHARACTERS = (20, 200, 5000)
WORDS = 5000

# One kind of request. `target` is its path and query, `body` the path of a file that is sent as text/plain, or None.
Endpoint = collections.namedtuple("Endpoint", "name description target body request_bytes")


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
    """Return all endpoints. Write the bodies of their requests into `directory`."""
    found = [Endpoint("calculator", "a division", "/calculator?num1=7&num2=2&operator=divide", None, 0),
             Endpoint("random-image", "the URL of a random image", "/random-image", None, 0)]
    text = sentences(store, max(CHARACTERS))
    for n in CHARACTERS:
        path = os.path.join(directory, f"segment-{n}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text[:n])
        found.append(Endpoint(f"segment-{n}", f"the words of {n:,} characters", "/segment", path, os.path.getsize(path)))
    return found
