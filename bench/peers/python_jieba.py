#!/usr/bin/python3
"""python3-jieba as a peer of the benchmark. bench/peers.py describes the commands."""

import sys
import time

import jieba

CUTS = {
    "hmm": jieba.lcut,
    "no-hmm": lambda line: jieba.lcut(line, HMM=False),
    "full": lambda line: jieba.lcut(line, cut_all=True),
    "search": jieba.lcut_for_search,
}


def load(path):
    jieba.initialize()
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().split("\n")[:-1]


def cut(lines, mode):
    words = 0
    begin = time.perf_counter_ns()
    for line in lines:
        words += len(CUTS[mode](line))
    return time.perf_counter_ns() - begin, words


def write_words(lines, mode, path):
    with open(path, "w", encoding="ascii") as out:
        for line in lines:
            out.write("".join(word.encode().hex() + "," for word in CUTS[mode](line)) + "\n")


jieba.setLogLevel(60)
for command in sys.stdin:
    name, *arguments = command.split()
    if name == "quit":
        break
    if name == "load":
        lines = load(*arguments)
        print(len(lines), flush=True)
    elif name == "cut":
        print(*cut(lines, *arguments), flush=True)
    elif name == "words":
        write_words(lines, *arguments)
        print(len(lines), flush=True)
