"""Finds JSON objects in a text that comes piece by piece, in bounded memory: the events in a document of any length, printed on one
line or on many, and the documents in a file that has several."""

import re

LONGEST = 1 << 16  # characters of an object that is looked at
LONGEST_STRING = 1 << 21  # characters of a string that may go on in another piece
HIGHEST = 8  # levels below an object that is looked at
DEEPEST = 1000  # levels of a document

# What stands between brackets: white space, commas, colons, numbers, words and strings.
BETWEEN = re.compile(r'(?:[\s,:0-9.eE+-]++|true|false|null|"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")*+')


class Objects:
    """The objects in a text that contain what the expression `wanted` finds, inner ones first. The caller says of each one whether it
    was an event; an object around an event is none, and is not kept."""

    def __init__(self, wanted):
        self._wanted = wanted
        self.lost = self.rest = ""
        self._reset()

    def _reset(self):
        self._open = []  # [begin of the object or None, levels below it] of each open bracket
        self._text, self._at = "", 0  # text from the first begin on, and where to go on in it

    @property
    def is_open(self):
        return bool(self._open)

    def was_event(self, it_was):
        """Say whether the object that scan() has yielded last was an event."""
        if it_was:
            for bracket in self._open:
                bracket[0] = None

    def scan(self, piece):
        """Yield the text of each object that ends in the piece. Afterwards `rest` is what follows the JSON in the piece, and `lost`
        what could have been an object if the JSON were whole."""
        text, at = self._text + piece, self._at
        done = len(self._text)  # what is before it is not read as another format
        self.lost = self.rest = ""
        while (at := BETWEEN.match(text, at).end()) < len(text):
            character = text[at]
            if character in "{[" and len(self._open) < DEEPEST:
                self._open.append([at if character == "{" else None, 0])
            elif character in "}]":
                found = self._close(text, at)
                if found:
                    yield found
                if not self._open:
                    self.rest = text[at + 1:]
                    self._reset()
                    return
            elif character == '"' and not text.endswith("\n") and len(text) - at <= LONGEST_STRING:
                break
            else:
                self._break_off(text, done, "" if character in "{[" else text[done:])
                return
            at += 1
            done = max(done, at)
        self._keep(text, at)

    def _close(self, text, at):
        """Close a bracket. Return the text of the object that ends with it, if it may be an event."""
        begin, levels = self._open.pop()
        if self._open:
            self._open[-1][1] = max(self._open[-1][1], levels + 1)
        if begin is None or levels > HIGHEST or at + 1 - begin > LONGEST:
            return None
        found = text[begin:at + 1]
        return found if self._wanted.search(found) else None

    def _keep(self, text, at):
        """Keep what a later piece may need: the open objects that are short enough, and a string that goes on."""
        for bracket in self._open:
            if bracket[0] is not None and at - bracket[0] > LONGEST:
                bracket[0] = None
        begin = min([at, *(bracket[0] for bracket in self._open if bracket[0] is not None)])
        self._text, self._at = text[begin:], at - begin
        for bracket in self._open:
            if bracket[0] is not None:
                bracket[0] -= begin

    def _break_off(self, text, done, rest):
        begins = [begin for begin, _ in self._open if begin is not None]
        before = text[begins[0]:done][-LONGEST:] if begins else ""
        self.lost = before if self._wanted.search(before) else ""
        self.rest = rest
        self._reset()

    def end(self):
        """End the text. Return what could have been an object if the JSON were whole."""
        begins = [begin for begin, _ in self._open if begin is not None]
        text = self._text[begins[0]:] if begins else self._text[self._at:]
        self._reset()
        return text if self._wanted.search(text) else ""
