"""Compares our words with those of the real jieba, text by text, in the five modes."""

import struct
import subprocess
import threading

import jieba

MODES = ["accurate, HMM", "accurate, no HMM", "full", "search, HMM", "search, no HMM"]
REFUSED = 0xFFFFFFFF


def reference(tokenizer, text):
    """jieba's words for the text, a list a mode."""
    return [
        tokenizer.lcut(text),
        tokenizer.lcut(text, HMM=False),
        tokenizer.lcut(text, cut_all=True),
        tokenizer.lcut_for_search(text),
        tokenizer.lcut_for_search(text, HMM=False),
    ]


def _number(stream):
    return struct.unpack("=I", stream.read(4))[0]


def _answer(stream):
    n = _number(stream)
    if n == REFUSED:
        return None
    return [stream.read(_number(stream)).decode("utf-8") for _ in range(n)]


def ours(program, snapshot, texts):
    """Our words, for each text a list a mode; `program` is t/cut_records."""
    records = b"".join(struct.pack("=I", len(data)) + data for data in (t.encode() for t in texts))
    with subprocess.Popen([program, snapshot], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cutter:
        feeder = threading.Thread(target=lambda: (cutter.stdin.write(records), cutter.stdin.close()))
        feeder.start()
        for _ in texts:
            yield [_answer(cutter.stdout) for _ in MODES]
        feeder.join()


def differences(tokenizer, program, snapshot, texts):
    """For each mode, the (text, jieba's words, our words) that differ."""
    found = [[] for _ in MODES]
    for text, got in zip(texts, ours(program, snapshot, texts)):
        for mode, (expected, words) in enumerate(zip(reference(tokenizer, text), got)):
            if expected != words:
                found[mode].append((text, expected, words))
    return found
