#!/usr/bin/python3
"""Random images by weight and tag: the alias tables give each image exactly its share; a seed gives the same images as an
independent implementation; answers without a seed follow the weights."""

import json
import os
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from snapshot import Snapshot
from store import in_both, refused, serverful, sql
from tap import BUILD, SERVERFUL, done, equal, ok, plan

WORD = (1 << 64) - 1
URL = in_both("url: must have only the characters of RFC 3986; percent-encode all others")


class Random:
    """The generator of src/util/random.h."""

    def __init__(self, seed):
        self.state = 0xCBF29CE484222325
        for byte in seed.encode():
            self.state = (self.state ^ byte) * 0x100000001B3 & WORD

    def below(self, bound):
        while True:
            self.state = self.state + 0x9E3779B97F4A7C15 & WORD
            z = (self.state ^ self.state >> 30) * 0xBF58476D1CE4E5B9 & WORD
            z = (z ^ z >> 27) * 0x94D049BB133111EB & WORD
            z ^= z >> 31
            if z >= (1 << 64) % bound:
                return z % bound


def expected(snapshot, tag, seed, count):
    """The URLs for a seed: the first by the alias table, the others by a plain weighted draw without replacement."""
    total, choices = snapshot.lists[tag]
    weights = [end - before[1] for (_, end, _, _), before in zip(choices, [(0, 0), *choices])]
    random, left = Random(seed), list(range(len(choices)))
    i = random.below(len(choices))
    threshold, _, _, alias = choices[i]
    found = [i if threshold == total or random.below(total) < threshold else alias]
    while len(found) < min(count, len(choices)):
        left = [i for i in range(len(choices)) if i not in found]
        lot = random.below(sum(weights[i] for i in left))
        for i in left:
            lot -= weights[i]
            if lot < 0:
                found.append(i)
                break
    return [snapshot.images[choices[i][2]] for i in found]


def ask(snapshot, queries):
    """The answers of the handler: (status, body, Location)."""
    lines = "".join(json.dumps({"method": "GET", "path": "/random-image", "query": query, "content_type": "", "body": ""})
                    + "\n" for query in queries)
    run = subprocess.run([os.path.join(BUILD, "t", "answer_cases"), snapshot], input=lines, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    return [(answer["status"], json.loads(bytes.fromhex(answer["body"])), answer["headers"].get("Location"))
            for answer in answers]


def make(directory, name, images):
    """Compile a store with these images, (url, weight, tag, enabled). Returns the path of the snapshot."""
    path, snapshot = os.path.join(directory, name + ".db"), os.path.join(directory, name + ".snapshot")
    serverful("init", "--store", path)
    rows = "".join(f"INSERT INTO images (url, weight, tag, enabled) VALUES ('{url}', {weight}, '{tag}', {enabled});"
                   for url, weight, tag, enabled in images)
    sql(path, f"BEGIN; DELETE FROM images; {rows} COMMIT;")
    serverful("snapshot", "--store", path, "--snapshot", snapshot)
    serverful("check", "--store", path, "--snapshot", snapshot, stdout=subprocess.DEVNULL)
    return snapshot


def lists_of(images):
    """The enabled images by tag, {tag: [(url, weight)]}, with all of them under ''."""
    found = {}
    for url, weight, tag, enabled in images:
        if enabled:
            found.setdefault("", []).append((url, weight))
            if tag:
                found.setdefault(tag, []).append((url, weight))
    return found


def check_tables(snapshot, images, name):
    """Of each image, its threshold and what it gets as an alias add up to exactly weight * length of the list."""
    wrong, lists = [], lists_of(images)
    equal(list(snapshot.lists), sorted(lists, key=str.encode), f"{name}: the lists are in the order of their tags")
    for tag, (total, choices) in snapshot.lists.items():
        share = [0] * len(choices)
        for i, (threshold, _, _, alias) in enumerate(choices):
            share[i] += threshold
            share[alias] += total - threshold
        got = [(snapshot.images[image], share[i], end) for i, (_, end, image, _) in enumerate(choices)]
        weights = [weight for _, weight in lists[tag]]
        if got != [(url, weight * len(choices), sum(weights[:i + 1])) for i, (url, weight) in enumerate(lists[tag])]:
            wrong.append((tag, got[:5]))
    ok(not wrong, f"{name}: each image has exactly its share, in {len(lists)} lists", wrong)


def check_seeds(path, name):
    """Compare answers with a seed, with and without tag and count, with the independent implementation."""
    snapshot, queries, urls = Snapshot(path), [], []
    for tag in list(snapshot.lists)[:20]:
        for n in range(60):
            seed, count = f"种子 {n}", (0, 1, 2, 7, 100)[n % 5]
            parameters = {"tag": tag, "seed": seed, **({"count": count} if count else {})}
            queries.append(urllib.parse.urlencode({key: value for key, value in parameters.items() if key != "tag" or value}))
            found = expected(snapshot, tag, seed, count or 1)
            urls.append((200, {"imageUrls": found} if count else {"imageUrl": found[0]}, None))
    wrong = [(query, got, want) for query, got, want in zip(queries, ask(path, queries), urls) if got != want]
    ok(not wrong, f"{name}: {len(queries)} answers with a seed are those of the independent implementation", wrong[:3])
    ok(ask(path, queries) == urls, f"{name}: a second request with the same seed has the same answer")


IMAGES = [
    ("https://a/1", 1, "cat", 1), ("https://a/2", 3, "cat", 1), ("https://a/3", 6, "dog", 1), ("https://a/4", 1000, "dog", 0),
    ("https://a/5", 5, "", 1), ("https://a/6", 1000000, "", 0), ("https://a/7", 15, "猫", 1), ("https://a/8", 7, "gone", 0),
]


def check_unseeded(path):
    """Compare frequencies with the weights. A correct program exceeds one of the limits in 1 of 10^9 runs."""
    n = 30000
    got = ask(path, ["redirect=1"] * n)
    equal({(status, body["imageUrl"] == location) for status, body, location in got}, {(302, True)},
          "redirect=1 answers 302 with the image of the body as Location")
    weights = dict(lists_of(IMAGES)[""])
    for url, weight in weights.items():
        share = weight / sum(weights.values())
        times, limit = sum(location == url for _, _, location in got), 6.2 * (n * share * (1 - share)) ** 0.5
        ok(abs(times - n * share) < limit, f"{url} was chosen {times} of {n} times, expected about {n * share:.0f}", limit)
    pairs = [body["imageUrls"] for _, body, _ in ask(path, ["tag=cat&count=2"] * 3000)]
    equal({tuple(sorted(pair)) for pair in pairs}, {("https://a/1", "https://a/2")},
          "count=2 of two images answers both")
    times = sum(pair[0] == "https://a/2" for pair in pairs)
    ok(abs(times - 2250) < 6.2 * (3000 * 3 / 16) ** 0.5,
       f"the image with three times the weight came first in {times} of 3000 answers, expected about 2250", times)
    threes = [body["imageUrls"] for _, body, _ in ask(path, ["count=3"] * 3000)]
    ok(all(len(set(three)) == 3 for three in threes), "count=3 answers three different images")


def check_tags(path):
    asked = ["tag=" + urllib.parse.quote(tag) for tag in ("猫", "gone", "Cat", "ca", "cat ", "cats", "no")]
    equal([status for status, _, _ in ask(path, asked)], [200] + [404] * 6,
          "a tag must match exactly, and needs an enabled image")
    equal({body["imageUrl"] for _, body, _ in ask(path, ["tag=dog"] * 50)}, {"https://a/3"},
          "a tag answers only enabled images that have it")


def check_list(path, images):
    """The list of tags: each with its enabled images, in the order of their bytes."""
    query = json.dumps({"method": "GET", "path": "/random-image/tags", "query": "", "content_type": "", "body": ""})
    run = subprocess.run([os.path.join(BUILD, "t", "answer_cases"), path], input=query + "\n", capture_output=True, text=True)
    answer = json.loads(run.stdout)
    found = sorted(((tag, len(urls)) for tag, urls in lists_of(images).items() if tag), key=lambda pair: pair[0].encode())
    equal((answer["status"], bytes.fromhex(answer["body"]).decode()),
          (200, json.dumps({"tags": [{"tag": tag, "images": n} for tag, n in found]}, ensure_ascii=False) + "\n"),
          f"/random-image/tags lists {len(found)} tags with the numbers of their images")


def check_location(directory):
    """No line break can get into Location: the schema refuses it, and so does the compilation."""
    path, snapshot = os.path.join(directory, "location.db"), os.path.join(directory, "location.snapshot")
    serverful("init", "--store", path)
    for odd in ("char(13, 10)", "char(10)", "char(13)", "char(0)", "char(9)", "' '"):
        ok(refused(path, f"INSERT INTO images (url) VALUES ('https://a/' || {odd} || 'Set-Cookie:b');"),
           f"the schema refuses a URL with {odd}")
    for odd in ("char(13, 10)", "char(10)", "char(13)", "char(127)", "' '"):
        sql(path, "PRAGMA ignore_check_constraints = ON; DELETE FROM images;"
                  f"INSERT INTO images (url) VALUES ('https://a/' || {odd} || 'Set-Cookie:b');")
        run = subprocess.run([SERVERFUL, "snapshot", "--store", path, "--snapshot", snapshot], capture_output=True, text=True)
        equal((run.returncode, run.stderr), (1, f"serverful snapshot: {path}: table images, row id = 1: {URL} (correct or delete the row)\n"),
              f"serverful snapshot refuses a URL with {odd}")
    ok(not os.path.exists(snapshot), "a refused compilation writes no snapshot")


plan(51)
with tempfile.TemporaryDirectory() as where:
    many = [(f"https://a/{i}", (i * i * 7919) % 1000000 + 1 if i % 3 else 1, f"tag-{i % 97}" if i % 2 else "", i % 11 > 0)
            for i in range(5000)]
    for label, content in (("a few", IMAGES), ("one", IMAGES[:1]), ("equal ones", [(f"https://a/{i}", 9, "", 1)
                           for i in range(7)]), ("the extremes", [("https://a/1", 1000000, "", 1), ("https://a/2", 1, "", 1)]),
                           ("many", many)):
        made = make(where, label.replace(" ", "-"), content)
        check_tables(Snapshot(made), content, label)
        check_seeds(made, label)
        check_list(made, content)
    few = os.path.join(where, "a-few.snapshot")
    check_unseeded(few)
    check_tags(few)
    equal([(status, body["error"]) for status, body, _ in ask(make(where, "none", [IMAGES[3]]), ["", "tag=dog", "count=5"])],
          [(404, "No images")] * 3,
          "a store without an enabled image answers 404")
    check_list(os.path.join(where, "none.snapshot"), [IMAGES[3]])
    odd = [("https://a/1", 1, tag, 1) for tag in ('"', "\\", "€", "\U0001F408", "图" * 21, "a" * 64, "A")]
    odd = [(f"https://a/{i}", 1, tag, 1) for i, (_, _, tag, _) in enumerate(odd)]
    check_list(make(where, "odd", odd), odd)
    check_location(where)
done()
