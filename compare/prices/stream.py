"""Reads JSON of any size in pieces. Objects and arrays are walked member by member, so that only one member is in memory."""

import json
import re

PIECE = 1 << 21  # characters that are read at once
LONGEST = 1 << 23  # characters of a member; what is longer is damaged
SPACE = re.compile(r"[ \t\r\n]*")

# Numbers stay texts, so that none is rounded.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def decode(text):
    """Return the value of a whole JSON text, as Reader.value() does."""
    return _DECODER.decode(text)


class Broken(Exception):
    """The text is no JSON, or ends too early. The text of the exception says which."""


class Reader:
    """A JSON text that is read from a file. members() and elements() walk along an object or an array; the caller reads each value
    before it goes on: with value(), or by walking along it, too."""

    def __init__(self, file):
        self._file, self._text, self._at, self._is_at_end = file, "", 0, False

    def _fill(self):
        """Read another piece. Returns whether there was one."""
        piece = "" if self._is_at_end else self._file.read(PIECE)
        if not piece:
            self._is_at_end = True
            return False
        self._text, self._at = self._text[self._at:] + piece, 0
        if len(self._text) > LONGEST:
            raise Broken("it is damaged, or no JSON")
        return True

    def peek(self):
        """Return the next character that is no white space, or "" at the end."""
        while True:
            self._at = SPACE.match(self._text, self._at).end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def _take(self, allowed):
        found = self.peek()
        if not found:
            raise Broken("it is cut short")
        if found not in allowed:
            raise Broken("it is damaged, or no JSON")
        self._at += 1
        return found

    def value(self):
        """Read a whole value."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise Broken("it is damaged: it is nested too deeply") from None
            except ValueError:
                if not self._fill():
                    raise Broken("it is cut short, or damaged") from None
                continue
            # What ends with the piece may go on in the next one.
            if end < len(self._text) or not self._fill():
                self._at = end
                return found

    def members(self):
        """Walk along an object: yield the name of each member."""
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            if self.peek() != '"':
                raise Broken("it is damaged" if self.peek() else "it is cut short")
            name = self.value()
            self._take(":")
            yield name
            if self._take(",}") == "}":
                return

    def elements(self):
        """Walk along an array: yield None for each element."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        while True:
            yield
            if self._take(",]") == "]":
                return

    def end(self):
        """Check that nothing follows."""
        if self.peek():
            raise Broken("something follows the end of the JSON text")
