"""Compares our words, tags and offsets with those of the real jieba, text by text."""

import struct
import subprocess
import threading

MODES = ["tags, HMM", "tags, no HMM", "tokenize, HMM", "tokenize, no HMM", "tokenize in search mode, HMM",
         "tokenize in search mode, no HMM"]
REFUSED = 0xFFFFFFFF


def reference(posseg, text):
    """jieba's words for the text, a list a mode: pairs with their tags, or triples with begin and end. `posseg` is a
    POSTokenizer."""
    tokenizer = posseg.tokenizer
    return [
        [tuple(pair) for pair in posseg.lcut(text)],
        [tuple(pair) for pair in posseg.lcut(text, HMM=False)],
        list(tokenizer.tokenize(text)),
        list(tokenizer.tokenize(text, HMM=False)),
        list(tokenizer.tokenize(text, mode="search")),
        list(tokenizer.tokenize(text, mode="search", HMM=False)),
    ]


def _number(stream):
    return struct.unpack("=I", stream.read(4))[0]


def _text(stream):
    return stream.read(_number(stream)).decode("utf-8")


def _answer(stream, mode):
    n = _number(stream)
    if n == REFUSED:
        return None
    if mode < 2:
        return [(_text(stream), _text(stream)) for _ in range(n)]
    return [(_text(stream), _number(stream), _number(stream)) for _ in range(n)]


def ours(program, snapshot, texts):
    """Our words, for each text a list a mode; `program` is t/tag_records."""
    records = b"".join(struct.pack("=I", len(data)) + data for data in (t.encode() for t in texts))
    with subprocess.Popen([program, snapshot], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cutter:
        feeder = threading.Thread(target=lambda: (cutter.stdin.write(records), cutter.stdin.close()))
        feeder.start()
        for _ in texts:
            yield [_answer(cutter.stdout, mode) for mode in range(len(MODES))]
        feeder.join()


def differences(posseg, program, snapshot, texts):
    """For each mode, the (text, jieba's words, our words) that differ."""
    found = [[] for _ in MODES]
    for text, got in zip(texts, ours(program, snapshot, texts)):
        for mode, (expected, words) in enumerate(zip(reference(posseg, text), got)):
            if expected != words:
                found[mode].append((text, expected, words))
    return found
