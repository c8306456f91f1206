"""Reads a snapshot without the project's code: the frequencies of words, and the lists of images.

    snapshot = Snapshot(path)
    snapshot.total, snapshot.freq("清华")        0 for a prefix of words, -1 for a text that begins no word
    snapshot.lists                              {tag: List}
"""

import math
import os
import re
import struct
from collections import namedtuple

from tap import SOURCE

with open(os.path.join(SOURCE, "src", "snapshot", "format.h"), encoding="utf-8") as _file:
    _FORMAT = _file.read()


def _enum(name, prefix):
    """The names of an enum of format.h in lower case, in their order, without the last, which is their number."""
    body = re.search(rf"enum {name} {{(.*?)}};", _FORMAT, re.S)[1]
    return [found.lower() for found in re.findall(rf"^ *{prefix}(\w+)", body, re.M)][:-1]


SECTIONS = _enum("snapshot_section", "SNAPSHOT_")
PARTS = _enum("snapshot_part", "SNAPSHOT_(?:PART_)?")
# Magic, version, order, size, checksum; the store's number, and the revision of each part; offset and size of each section;
# the header's checksum.
HEADER = f"=8sIIQQ{1 + len(PARTS)}Q{2 * len(SECTIONS)}QQ"
ASCII = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+#&._%-"

# `choices` are (threshold, end, image, alias).
List = namedtuple("List", "total choices")


def label(character):
    """The label of a character in the double array, or 0."""
    if character in ASCII:
        return ASCII.index(character) + 1
    return ord(character) - 0x4E00 + 70 if "\u4e00" <= character <= "\u9fd5" else 0


class Snapshot:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        ranges = struct.unpack_from(HEADER, data)[5 + 1 + len(PARTS):-1]
        self.sections = {name: data[at:at + size]
                         for name, at, size in zip(SECTIONS, ranges[::2], ranges[1::2])}
        self.log_probs = self._numbers("log_probs", "d")
        self.units = memoryview(self.sections["units"]).cast("Q")
        self.total = round(math.exp(-self.log_probs[1]))
        ends = self._numbers("image_ends", "Q")
        text = self.sections["image_text"].decode()
        self.images = [text[begin:end] for begin, end in zip((0, *ends), ends)]
        choices = list(struct.iter_unpack("=QQII", self.sections["choices"]))
        self.lists = {tag.rstrip(b"\0").decode(): List(total, choices[first:first + n])
                      for tag, total, first, n in struct.iter_unpack("=64sQII", self.sections["lists"])}

    def _numbers(self, name, code):
        section = self.sections[name]
        return struct.unpack(f"={len(section) // 8}{code}", section)

    def freq(self, word):
        unit = self.units[0]
        for character in word:
            wanted = label(character)
            unit = self.units[(unit >> 40) + wanted]
            if not wanted or unit & 0xFFFF != wanted:
                return -1
        prob = unit >> 16 & 0xFFFFFF
        return round(math.exp(self.log_probs[prob] - self.log_probs[1])) if prob else 0
