#!/usr/bin/python3
"""Compares keywords with jieba.analyse itself: no text may differ in the words, their order, or a bit of a weight."""

import json
import os
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import jieba
import jieba.analyse
from tap import BUILD, done, ok, plan, skip

import oracle
import store
import texts

PROGRAM = os.path.join(BUILD, "t", "answer_cases")

TFIDF, TEXTRANK = jieba.analyse.extract_tags, jieba.analyse.textrank

# Queries, each with the function of jieba.analyse and the arguments that mean the same.
ASKED = [
    ("", TFIDF, {}),
    ("top=0", TFIDF, {"topK": None}),
    ("top=3", TFIDF, {"topK": 3}),
    ("top=7&allow_pos=ns,n,vn,v", TFIDF, {"topK": 7, "allowPOS": ("ns", "n", "vn", "v")}),
    ("top=0&allow_pos=x,m,eng,a,nz", TFIDF, {"topK": 0, "allowPOS": ("x", "m", "eng", "a", "nz")}),
    ("method=textrank", TEXTRANK, {}),
    ("method=textrank&top=0", TEXTRANK, {"topK": None}),
    ("method=textrank&top=3&allow_pos=n,eng", TEXTRANK, {"topK": 3, "allowPOS": ("n", "eng")}),
    ("method=textrank&top=0&allow_pos=x,m,eng,a,v,n,nr,i,l", TEXTRANK,
     {"topK": 0, "allowPOS": ("x", "m", "eng", "a", "v", "n", "nr", "i", "l")}),
]


class Remembering:
    """A tokenizer of jieba that cuts a text once for all queries."""

    def __init__(self, cut):
        self._cut, self._text, self._words = cut, None, ()

    def cut(self, text):
        if text != self._text:
            self._text, self._words = text, tuple(self._cut(text))
        return self._words


def question(query, text):
    """The request for a text, as a line for answer_cases."""
    return json.dumps({"method": "POST", "path": "/keywords", "query": query, "content_type": "text/plain",
                       "body": text.encode().hex()}) + "\n"


def ours(snapshot, lines):
    """Our keywords for each text: one list for each query."""
    with subprocess.Popen([PROGRAM, snapshot], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as driver:
        def feed():
            with driver.stdin:
                for text in lines:
                    driver.stdin.writelines(question(query, text) for query, *_ in ASKED)

        feeder = threading.Thread(target=feed)
        feeder.start()
        for _ in lines:
            answers = [json.loads(bytes.fromhex(json.loads(driver.stdout.readline())["body"])) for _ in ASKED]
            yield [[(found["word"], found["weight"]) for found in answer["keywords"]] for answer in answers]
        feeder.join()


def keywords_of_jieba(_tokenizer, text):
    """jieba's keywords for a text, a list for each query."""
    return [function(text, withWeight=True, **arguments) for _, function, arguments in ASKED]


def compare(snapshot, lines, what):
    """Compare our keywords with jieba's: one result for each query. Weights must be the same double."""
    different = [[] for _ in ASKED]
    expected_of = oracle.remember(keywords_of_jieba, jieba.dt)
    for text, answers in zip(lines, ours(snapshot, lines)):
        for expected, got, found in zip(expected_of(text), answers, different):
            if got != expected:
                found.append(f"{text[:300]!r}\n  jieba: {expected[:20]!r}\n  ours:  {got[:20]!r}")
    for (query, *_), found in zip(ASKED, different):
        ok(not found, f"{what}: for the query '{query}' {len(found)} of {len(lines)} texts differ from jieba",
           "\n".join(found[:3]))


def pieces(lines, sizes):
    """Join lines to texts, whose numbers of lines are `sizes` in turn."""
    found = []
    while lines:
        size = sizes[len(found) % len(sizes)]
        found.append("\n".join(lines[:size]))
        lines = lines[size:]
    return found


plan(4 * len(ASKED))
jieba.setLogLevel(60)
tagger = Remembering(jieba.posseg.dt.cut)
jieba.analyse.default_tfidf.tokenizer = Remembering(jieba.dt.cut)
jieba.analyse.default_tfidf.postokenizer = jieba.analyse.default_textrank.tokenizer = tagger
with tempfile.TemporaryDirectory() as directory:
    snapshot = store.jieba_snapshot(directory)
    compare(snapshot, texts.generated(1, texts.size(120, 800)), "generated texts")
    compare(snapshot, pieces(texts.generated(3, texts.size(300, 1500)), [2, 10, 100]), "joined generated texts")
    manuals = texts.manuals()
    if manuals:
        compare(snapshot, pieces(manuals[:: max(1, len(manuals) // texts.size(800, 5000))], [1, 3, 10, 40, 200]), "manual pages")
    else:
        skip(len(ASKED), "manpages-zh is not installed, or its pages are excluded")
    compare(snapshot, ["", "\0", "\r\n", "a", "的" * 5000, "龘" * 300, "x" * 70000, "THE The the Of 的 ab AB ab. ab"],
            "chosen texts")
done()
