"""Bar charts: the parts of a bill, one value among others, a histogram, and the spread of latencies."""

import collections
import math

from words import figures, say

from . import chart
from .chart import Linear, Log
from .markup import tag

UNITS = 1000  # width of a bar in its own units; the page scales it


def bar(parts, highest, label=None, class_="bar"):
    """Draw a bar that fills the width of its place. `parts` are (value, class, title). A bar without a label is hidden from
    screen readers; its number stands beside it."""
    at, drawn = 0, []
    for value, colour, title in parts:
        if value:
            drawn.append(chart.box(at * UNITS / highest, 0, value * UNITS / highest, 10, f"part {colour}", title))
            at += value
    named = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return tag("svg", tag("title", label) if label else None, *drawn, viewBox=f"0 0 {UNITS} 10",
               preserveAspectRatio="none", class_=class_, **named)


def log_bins(values, a_decade=8):
    """Return (from, to, count) of bins of equal width on a logarithmic axis."""
    counts = collections.Counter(math.floor(math.log10(value) * a_decade) for value in values if value > 0)
    return [(10 ** (i / a_decade), 10 ** ((i + 1) / a_decade), n) for i, n in sorted(counts.items())]


def histogram(width, label, bins, bounds, published, words, titles, class_="count"):
    """Draw a histogram of `bins` (from, to, count) on a logarithmic axis, and a line for each (value, words) of `published`. `titles` are
    those of both axes, and what stands at a bin, with {least}, {most} and {n}."""
    left, right = 14 + chart.CHARACTER * max((len(f"{n:,}") for _, _, n in bins), default=1), width - 14
    top = 34 + 16 * len(published)
    bottom = top + 190
    x = Log(*bounds, left, right)
    y = Linear(max([n for _, _, n in bins], default=1), bottom, top)
    drawn = [chart.x_axis(x, top, bottom, words, titles[0]), chart.y_axis(y, left, right, "{:,.0f}".format, titles[1])]
    for start, end, n in bins:
        drawn.append(chart.box(x(start) + 0.5, y(n), x(end) - x(start) - 1, bottom - y(n), class_,
                               say(titles[2], least=words(start), most=words(end), n=f"{n:,}")))
    for i, (value, name) in enumerate(published):
        place, up = x(value), 30 + 16 * i
        before = place + chart.width_of(name) > right
        drawn += [chart.line(place, up - 10, place, bottom, "published"),
                  chart.text(place - 5 if before else place + 5, up, name, "end" if before else "start", "word")]
    return chart.svg(width, bottom + 40, label, *drawn)


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _hours(width, label, hours, stretches, draw):
    """Draw the requests of hours one after the other. `stretches` are (first hour, its name); `draw` gets scales for the place and the height of
    an hour, and the bottom, and returns the bars."""
    highest = max(value for value in hours if value is not None)
    left, right, top, bottom = 14 + chart.CHARACTER * len(f"{highest:,.0f}"), width - 14, 28, 190
    x, y = Linear(len(hours), left, right), Linear(highest or 1, bottom, top)
    drawn = [chart.y_axis(y, left, right, "{:,.3g}".format if highest < 10 else "{:,.0f}".format, say("requests an hour"))]
    for (first, name), (end, _) in zip(stretches, [*stretches[1:], (len(hours), "")]):
        drawn += [chart.line(x(first), top, x(first), bottom, "grid"),
                  chart.text((x(first) + x(end)) / 2, bottom + 15, name, "middle") if chart.width_of(name) < x(end) - x(first) else None]
    return chart.svg(width, bottom + 24, label, *drawn, *draw(x, y, bottom))


def week(width, label, hours):
    """Draw the requests of each hour of a week, from Monday 00:00 on. An hour of None is not drawn."""
    def bars(x, y, bottom):
        return [chart.box(x(hour), y(value), max(x(1) - x(0) - 0.4, 0.6), bottom - y(value), "hour",
                          say("{day} {hour}:00: {n}", day=say(DAYS[hour // 24]), hour=hour % 24, n=figures(value)))
                for hour, value in enumerate(hours) if value]
    return _hours(width, label, hours, [(24 * day, say(name)) for day, name in enumerate(DAYS)], bars)


def month(width, label, hours):
    """Draw the requests of each hour of a month as one area."""
    def area(x, y, bottom):
        steps = [(x(hour + end), y(value)) for hour, value in enumerate(hours) for end in (0, 1)]
        return [chart.path([(x(0), bottom), *steps, (x(len(hours)), bottom)], "hour")]
    return _hours(width, label, hours, [(first, say("week {n}", n=first // 168 + 1)) for first in range(0, len(hours), 168)], area)


# A row of a spread: its name, its class, {share: ms} of the known percentiles, and the slowest request in ms.
Spread = collections.namedtuple("Spread", "name class_ known slowest")
BANDS = ((0, 0.5, 3.5), (0.5, 0.9, 6), (0.9, 0.99, 4), (0.99, 0.999, 2))  # (from share, to share, half the height)


def spread(width, label, rows, bounds, words):
    """Draw the latencies of a series in each row: a bar that is thick up to p90, thinner up to p99 and to p99.9, and a line to
    the slowest request. Percentiles with too few requests are left out."""
    left, right, top, step = chart.left_of([row.name for row in rows]), width - 14, 10, 24
    bottom = top + step * len(rows)
    x = Log(*bounds, left, right)
    drawn = [chart.x_axis(x, top, bottom, words, say("ms, from when each was due"))]
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
