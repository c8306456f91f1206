"""Finds JSON objects in a text that comes piece by piece, in bounded memory: the events in a document of any length, printed on one
line or on many, and the documents in a file that has several."""

import re

LONGEST = 1 << 16  # characters of an object that is looked at
LONGEST_STRING = 1 << 21  # characters of a string that may go on in another piece
HIGHEST = 8  # levels below an object that is looked at
DEEPEST = 1000  # levels of a document

# What stands between brackets: white space, commas, colons, numbers, words and strings. Nothing follows that could make it try
# again. Possessive quantifiers would say so, but Python 3.11.2 has them match a string without an end.
WORDS = ("true", "false", "null")
BETWEEN = re.compile(r'(?:[\s,:0-9.eE+-]+|true|false|null|"[^"\\\x00-\x1f]*(?:\\.[^"\\\x00-\x1f]*)*")*')


class Objects:
    """The objects in a text that contain what the expression `wanted` finds, inner ones first. The caller says of each one whether it
    was an event; an object around an event is none, and is not kept."""

    def __init__(self, wanted):
        self._wanted = wanted
        self.lost = self.rest = ""
        self._reset()

    def _reset(self):
        self._open = []  # [place of the object or None, levels below it] of each open bracket
        self._first = 0  # the outermost open bracket whose object may still be an event
        self._text, self._at = "", 0  # text from that object on, and where to go on in it
        self._base = 0  # the place of that text in the whole text

    @property
    def is_open(self):
        return bool(self._open)

    def was_event(self, it_was):
        """Say whether the object that scan() has yielded last was an event."""
        if it_was:
            self._first = len(self._open)

    def scan(self, piece):
        """Yield the text of each object that ends in the piece and may be an event. Afterwards `rest` is what follows the JSON in the
        piece, and `lost` what could have been an object if the JSON were whole."""
        text, at = self._text + piece, self._at
        done = len(self._text)  # what is before it is not read as another format
        self.lost = self.rest = ""
        while (at := BETWEEN.match(text, at).end()) < len(text):
            character = text[at]
            if character in "{[" and len(self._open) < DEEPEST:
                self._open.append([self._base + at if character == "{" else None, 0])
            elif character in "}]":
                found = self._close(text, at)
                if found:
                    yield found
                if not self._open:
                    self._reset()
                    self.rest = text[at + 1:]
                    return
            elif self._goes_on(text[at:]):
                break
            else:
                self.lost = self._unfinished(text[:done])
                self.rest = "" if character in "{[" else text[done:]
                self._reset()
                return
            at += 1
            done = max(done, at)
        self._keep(text, at)

    @staticmethod
    def _goes_on(rest):
        """Return whether the text ends in a string or a word, whose end is in the next piece."""
        return not rest.endswith("\n") and len(rest) <= LONGEST_STRING and (
            rest[0] == '"' or any(word.startswith(rest) for word in WORDS))

    def _close(self, text, at):
        """Close a bracket. Return the text of the object that ends with it, if it may be an event."""
        place, levels = self._open.pop()
        depth = len(self._open)
        if depth:
            self._open[-1][1] = max(self._open[-1][1], levels + 1)
        if depth < self._first:
            self._first = depth
            return None
        if place is None or levels > HIGHEST or self._base + at - place >= LONGEST:
            return None
        found = text[place - self._base:at + 1]
        return found if self._wanted.search(found) else None

    def _first_place(self):
        """Return the place of the outermost object that may still be an event, or None."""
        while self._first < len(self._open) and self._open[self._first][0] is None:
            self._first += 1
        return self._open[self._first][0] if self._first < len(self._open) else None

    def _keep(self, text, at):
        """Keep what a later piece may need: the open objects that are short enough, and a string that goes on."""
        while (place := self._first_place()) is not None and self._base + at - place > LONGEST:
            self._first += 1
        begin = at if place is None else place - self._base
        self._text, self._at = text[begin:], at - begin
        self._base += begin

    def _unfinished(self, text):
        """Return the end of a text whose objects do not end, if one of them could have been an event."""
        place = self._first_place()
        text = "" if place is None else text[place - self._base:][-LONGEST:]
        return text if self._wanted.search(text) else ""

    def end(self):
        """End the text. Return what could have been an object if the JSON were whole."""
        lost = self._unfinished(self._text) or (self._text if self._wanted.search(self._text) else "")
        self._reset()
        return lost
