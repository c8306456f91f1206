"""Builds HTML and SVG. Text is escaped unless it is Markup."""

import html

STATUS = {"aws": "AWS", "reported": "reported", "conflict": "conflict", "weak": "weak"}
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


def table(label, heads, kinds, rows, stack=None):
    """Return a table that scrolls where it is too wide. With `stack` it becomes a list of cards on a phone, with the heads in
    each card ("stack") or without them ("stack bare"). `kinds` has a letter for each column: n for numbers, t for other text,
    g for charts that are left out on a phone. A row is (cells, class or None); its first cell is the head of the row."""
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
    """Return the mark of how reliable a figure is; figures that do not come from AWS itself have a triangle."""
    return tag("span", "" if status == "aws" else "▲ ", STATUS.get(status, status),
               class_=f"badge {'sure' if status == 'aws' else 'unsure'}", data_status=status)


def legend(entries):
    """Return a legend. `entries` are (class, text)."""
    return tag("ul", [tag("li", tag("span", class_=f"swatch {name}"), text) for name, text in entries], class_="legend")


def dollars(cost):
    """Return a sum of money. Sums below half a cent become "<$0.01"."""
    if cost is None:
        return "–"
    return "<$0.01" if 0 < cost < 0.005 else f"${cost:,.2f}"


def plain(number):
    """Return a number without exponent and without zeros at its end."""
    if number is None:
        return "–"
    text = f"{number:,.10f}".rstrip("0").rstrip(".")
    return text if float(number) == 0 or float(text.replace(",", "")) else f"{number:g}"


