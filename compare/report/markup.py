"""HTML and SVG from Python. Text is escaped, unless it is Markup already."""

import html

STATUS = {"aws": "AWS", "reported": "reported", "conflict": "conflict", "weak": "weak"}
VOID = ("meta", "br")


class Markup(str):
    """Text that needs no escaping any more."""


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
    """An element: `class_` stands for class, an underscore for a hyphen; an attribute that is None or False is left
    out, and so is a child that is None."""
    inside = "".join(_attribute(key, value) for key, value in attributes.items() if value not in (None, False))
    return Markup(f"<{name}{inside}>" if name in VOID else f"<{name}{inside}>{_text(children)}</{name}>")


def join(*children):
    return Markup(_text(children))


def section(name, title, *children):
    """A part of the page; `name` is where a link leads to."""
    return tag("section", tag("h2", title), *children, id=name)


def figure(*children, caption=None):
    return tag("figure", *children, tag("figcaption", caption) if caption else None)


def table(label, heads, kinds, rows, stack=None):
    """A table that scrolls in itself where it is too wide, or becomes a list of cards on a phone, with the heads in each
    (`stack` "stack") or without ("stack bare"). `kinds` has a letter for each column: n numbers, t other text, g charts
    that a phone has no room for; a row is (cells, class or None), its first cell the row's head."""
    def line(cells):
        for i, (cell, head) in enumerate(zip(cells, heads)):
            empty = cell is None or cell == ""
            yield tag("td" if i else "th", cell, scope=None if i else "row", data_label=head if i and stack == "stack" else None,
                      class_=" ".join(filter(None, (kinds[i].strip("t"), "empty" if empty else ""))) or None)

    head = tag("tr", [tag("th", name, scope="col", class_=kind.strip("t") or None) for name, kind in zip(heads, kinds)])
    body = [tag("tr", list(line(cells)), class_=class_) for cells, class_ in rows]
    return tag("div", tag("table", tag("caption", label), tag("thead", head), tag("tbody", body),
                          class_=stack), class_="scroll", tabindex="0", role="region", aria_label=label)


def badge(status):
    """How far a figure can be trusted: what is not AWS's own word is marked."""
    return tag("span", "" if status == "aws" else "▲ ", STATUS.get(status, status),
               class_=f"badge {'sure' if status == 'aws' else 'unsure'}", data_status=status)


def legend(entries):
    """`entries` are (class, text)."""
    return tag("ul", [tag("li", tag("span", class_=f"swatch {name}"), text) for name, text in entries], class_="legend")


def dollars(usd):
    """A sum of money: of less than a cent only that."""
    if usd is None:
        return "–"
    return "<$0.01" if 0 < usd < 0.005 else f"${usd:,.2f}"


def plain(number):
    """A number as one writes it by hand: no exponent, no zeros at its end."""
    if number is None:
        return "–"
    text = f"{number:,.10f}".rstrip("0").rstrip(".")
    return text if float(number) == 0 or float(text.replace(",", "")) else f"{number:g}"


