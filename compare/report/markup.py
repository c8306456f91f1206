"""Builds HTML and SVG. Text is escaped unless it is Markup."""

import html
import re

from words import known, say, translated

VOID = ("meta", "br")


class Markup(str):
    """HTML that is already escaped."""


def _text(child):
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child
    if isinstance(child, (list, tuple)):
        return "".join(map(_text, child))
    return html.escape(str(child))


def _attribute(name, value):
    name = name.rstrip("_").replace("_", "-")
    if isinstance(value, float):
        value = f"{value:.1f}"
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'


def tag(name, /, *children, **attributes):
    """Return an element. In names of attributes an underscore stands for a hyphen, and `class_` for class.

    Attributes that are None or False are omitted, and so are children that are None."""
    inside = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    return Markup(f"<{name}{inside}>" if name in VOID else f"<{name}{inside}>{_text(children)}</{name}>")


def join(*children):
    return Markup(_text(children))


def section(name, title, *children):
    """Return a part of the page. `name` is its id, for links."""
    return tag("section", tag("h2", title), *children, id=name)


def figure(*children, caption=None):
    return tag("figure", *children, tag("figcaption", caption) if caption else None)


def said(text, /, **values):
    """Return a text in the reader's language, whose {values} may be markup."""
    pieces = re.split(r"\{(\w+)\}", translated(text))
    return Markup("".join(_text(values[piece] if i % 2 else piece) for i, piece in enumerate(pieces)))


def quoted(text):
    """Return a text of results.db, translated if the catalogue has it, otherwise marked as English."""
    found = known(text)
    return tag("span", text, lang="en") if found is None else found


def table(label, heads, kinds, rows, stack="stack"):
    """Return a table. On a phone each row becomes a card, with the heads beside the cells ("stack"), above them ("stack fold", for
    many short cells), or without them ("stack bare"). `kinds` has a letter for each column: n for numbers, t for other text, g for
    charts that are left out on a phone. A row is (cells, class or None); its first cell is the head of the row."""
    def line(cells):
        for i, (cell, head) in enumerate(zip(cells, heads)):
            empty = cell is None or cell == ""
            yield tag("td" if i else "th", tag("div", cell) if i else cell, scope=None if i else "row", data_label=head if i else None,
                      class_=" ".join(filter(None, (kinds[i].strip("t"), "empty" if empty else ""))) or None)

    head = tag("tr", [tag("th", name, scope="col", class_=kind.strip("t") or None) for name, kind in zip(heads, kinds)])
    body = [tag("tr", list(line(cells)), class_=class_) for cells, class_ in rows]
    return tag("table", tag("caption", label), tag("thead", head), tag("tbody", body), class_=stack)


def badge(status):
    """Return the mark of how reliable a figure is; figures that do not come from AWS itself have a triangle."""
    return tag("span", "" if status == "aws" else "▲ ", "AWS" if status == "aws" else say(status),
               class_=f"badge {'sure' if status == 'aws' else 'unsure'}", data_status=status)


def legend(entries):
    """Return a legend. `entries` are (class, text); a class that begins with "line" has a piece of the line."""
    def sample(name):
        if not name.startswith("line"):
            return tag("span", class_=f"swatch {name}")
        return tag("svg", tag("path", d="M1 5H33", class_=name), viewBox="0 0 34 10", class_="key", aria_hidden="true")
    return tag("ul", [tag("li", sample(name), text) for name, text in entries], class_="legend")
