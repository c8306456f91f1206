"""The texts that bench/segment.py segments, each a file of lines."""

import contextlib
import os
import random

import install
import texts


def sentences(n, seed=20):
    """Return n lines of 10 to 100 characters: dictionary words, drawn by their frequency, and punctuation."""
    rng = random.Random(seed)
    with open(os.path.join(texts.JIEBA, "dict.txt"), encoding="utf-8") as file:
        entries = [line.split(" ")[:2] for line in file]
    drawn = iter(rng.choices([word for word, _ in entries], [int(freq) for _, freq in entries], k=60 * n))
    lines = []
    for _ in range(n):
        line, length = "", rng.randint(10, 100)
        while len(line) < length:
            line += next(drawn) + ("，" if rng.random() < 0.08 else "")
        lines.append(line[: length - 1] + "。")
    return lines


def _is_chinese(line):
    """Return whether most characters of the line are Chinese."""
    return 2 * sum("\u4e00" <= character <= "\u9fd5" for character in line) > len(line)


def _write(path, lines):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.writelines(line.replace("\n", " ").replace("\r", " ") + "\n" for line in lines)
    return path


def make(directory, files, quick):
    """Write the corpora. Return by name the paths of all lines, and of every 20th line for slow peers."""
    part = 10 if quick else 1
    made = {"sentences": sentences(20000 // part), "odd text": texts.generated(1, 50000 // part)}
    with contextlib.suppress(install.Missing):
        install.packages("manpages-zh")
    manuals = texts.manuals()[::part]
    if manuals:
        made["manual pages"] = manuals
        made["their Chinese lines"] = [line for line in manuals if _is_chinese(line)]
    else:
        print("left out: the manual pages (the package manpages-zh, or its pages, are not installed)")
    for path in files:
        with open(path, encoding="utf-8") as file:
            made[os.path.basename(path)] = file.read().split("\n")
    return {name: (_write(os.path.join(directory, f"corpus-{i}"), lines),
                   _write(os.path.join(directory, f"sample-{i}"), lines[::20]))
            for i, (name, lines) in enumerate(made.items())}
