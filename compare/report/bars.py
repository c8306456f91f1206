"""Charts of bars: the parts of a bill, a value beside others, who is cheaper from which volume on, a histogram, and how
latencies spread."""

import collections
import math

from . import chart
from .chart import CHARACTER, Linear, Log
from .markup import tag

UNITS = 1000  # the width of a bar that takes the width it gets


def bar(parts, highest, label=None, class_="bar"):
    """A bar as wide as its place allows; `parts` are (value, class, title). With no label it is an ornament beside its
    number."""
    at, drawn = 0, []
    for value, colour, title in parts:
        if value:
            drawn.append(chart.box(at * UNITS / highest, 0, value * UNITS / highest, 10, f"part {colour}", title))
            at += value
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return tag("svg", tag("title", label) if label else None, *drawn, viewBox=f"0 0 {UNITS} 10",
               preserveAspectRatio="none", class_=class_, **named)


# A row of a ladder: its name, and (volume from, volume to, class, words) of each of its stretches.
Rung = collections.namedtuple("Rung", "name stretches")


def ladder(width, label, rungs, bounds, words, here):
    """Which side is cheaper from which volume to which."""
    wide = width > chart.NARROW
    left, right, step = (120, width - 16, 50) if wide else (12, width - 12, 66)
    top = 30
    x = Log(*bounds, left, right)
    bottom = top + step * len(rungs)
    drawn, named = [chart.x_axis(x, top - 6, bottom, words, "requests a month")], []
    for i, rung in enumerate(rungs):
        y = top + i * step + (14 if wide else 30)
        drawn.append(chart.text(left - 10, y + 17, rung.name, "end", "row") if wide else
                     chart.text(left, y - 17, rung.name, class_="row"))
        free = 0  # where the place above the row that no words have taken begins
        for start, end, class_, inside in rung.stretches:
            a, b = (x(min(max(value, x.low), x.high)) for value in (start, end))
            drawn.append(chart.box(a, y, max(0, b - a), 25, f"rung {class_}", inside))
            if b - a > CHARACTER * len(inside) + 12:
                named.append(chart.text((a + b) / 2, y + 17, inside, "middle", "inside"))
            half = CHARACTER * len(words(start)) / 2 + 2
            if x.low < start < x.high and a - half >= free:
                free = a + half
                named.append(chart.text_near(a, y - 4, words(start), 1, width - 1, "word"))
    if here and x.low <= here <= x.high:
        drawn += [chart.line(x(here), top - 12, x(here), bottom, "here"),
                  chart.text_near(x(here), top - 16, f"the scenario: {words(here)}", 1, width - 1, "axis")]
    return chart.svg(width, bottom + 40, label, *drawn, *named)


def log_bins(values, a_decade=8):
    """(from, to, how many) of bins of equal width on a logarithmic axis."""
    counts = collections.Counter(math.floor(math.log10(value) * a_decade) for value in values if value > 0)
    return [(10 ** (i / a_decade), 10 ** ((i + 1) / a_decade), n) for i, n in sorted(counts.items())]


def histogram(width, label, values, published, words):
    """How many of the values are how large, on a logarithmic axis; `published` are (value, words), drawn as lines."""
    left, right = 40, width - 14
    top = 34 + 16 * len(published)
    bottom = top + 190
    bins = log_bins(values)
    x = Log(*chart.log_bounds([*values, *(value for value, _ in published)]), left, right)
    y = Linear(max([n for _, _, n in bins], default=1), bottom, top)
    drawn = [chart.x_axis(x, top, bottom, words, "ms of init"), chart.y_axis(y, left, right, "{:g}".format, "cold starts")]
    for start, end, n in bins:
        drawn.append(chart.box(x(start) + 0.5, y(n), x(end) - x(start) - 1, bottom - y(n), "count",
                               f"{words(start)} to {words(end)} ms: {n}"))
    for i, (value, name) in enumerate(published):
        place, up = x(value), 30 + 16 * i
        before = place + CHARACTER * len(name) > right
        drawn += [chart.line(place, up - 10, place, bottom, "published"),
                  chart.text(place - 5 if before else place + 5, up, name, "end" if before else "start", "word")]
    return chart.svg(width, bottom + 40, label, *drawn)


# A row of a spread: its name, class, {share: ms} of the percentiles that are known, and the slowest.
Spread = collections.namedtuple("Spread", "name class_ known slowest")
BANDS = ((0, 0.5, 3.5), (0.5, 0.9, 6), (0.9, 0.99, 4), (0.99, 0.999, 2))  # from one share to another: half its height


def spread(width, label, rows, bounds, words):
    """Each row the latencies of one series: the bar is thick to p90, less so to p99, thin to p99.9; a line leads on to
    the slowest request. What too few requests tell is left out."""
    left, right, top, step = chart.left_of([row.name for row in rows]), width - 14, 10, 24
    bottom = top + step * len(rows)
    x = Log(*bounds, left, right)
    drawn = [chart.x_axis(x, top, bottom, words, "ms, each from when the request was due")]
    for i, row in enumerate(rows):
        y = top + (i + 0.5) * step
        drawn += [chart.text(left - 8, y + 4, row.name, "end", "row"),
                  chart.line(x(min(row.known.values())), y, x(row.slowest), y, f"whisker {row.class_}")]
        for start, end, half in BANDS:
            if start in row.known and end in row.known:
                a, b = x(row.known[start]), x(row.known[end])
                drawn.append(chart.box(a, y - half, max(0.8, b - a), 2 * half, f"band {row.class_}"))
        if 0.5 in row.known:
            place = x(row.known[0.5])
            drawn.append(chart.line(place, y - 8, place, y + 8, "median"))
        drawn.append(chart.dot(x(row.slowest), y, f"slowest {row.class_}", 3))
    return chart.svg(width, bottom + 40, label, *drawn)
