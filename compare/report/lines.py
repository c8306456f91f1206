"""Line charts: the bill over the volume, and the latency over the percentile."""

import collections

from words import say

from . import chart
from .chart import Fine, Log, Percent

# Points are (x, y) in the units of the axes.
Line = collections.namedtuple("Line", "points class_ label")
# A point where two lines cross: the volume, the bill, its words, and the class of its line.
Crossing = collections.namedtuple("Crossing", "x y words class_")


def cut(points, scale_x, scale_y):
    """Return the points of the part of a line that lies on the chart, in pixels."""
    found = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        inside = y0 >= scale_y.low, y1 >= scale_y.low
        if x1 < scale_x.low or x0 > scale_x.high or not any(inside):
            continue
        at_bottom = x0 + (x1 - x0) * (scale_y.low - y0) / (y1 - y0) if not all(inside) else None
        for (x, y), good in (((x0, y0), inside[0]), ((x1, y1), inside[1])):
            point = (x, y) if good else (at_bottom, scale_y.low)
            if scale_x.low <= point[0] <= scale_x.high:
                found.append((scale_x(point[0]), scale_y(min(point[1], scale_y.high))))
    return found


def spread_out(places, distance, lowest):
    """Return the places on one axis, moved so that neighbours are `distance` apart and none is greater than `lowest`."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = list(places)
    for before, after in zip(order, order[1:]):
        found[after] = max(found[after], found[before] + distance)
    limit = lowest
    for i in reversed(order):
        found[i] = min(found[i], limit)
        limit = found[i] - distance
    return found


def lanes(crossings, scale):
    """Yield the row of the words of each crossing, in the order of x: the first row in which they overlap no others."""
    ends = []
    for crossing in crossings:
        half = chart.width_of(crossing.words) / 2 + 3
        x = scale(crossing.x)
        lane = next((i for i, end in enumerate(ends) if end < x - half), len(ends))
        ends[lane:lane + 1] = [x + half]
        yield lane


def apart(drawn):
    """Return lines in pixels, moved down where they lie on an earlier one for most of their length, so that both can be seen."""
    found = []
    for points in drawn:
        shift = 0
        while any(_coincide([(x, y + shift) for x, y in points], other) for other in found):
            shift += 3
        found.append([(x, y + shift) for x, y in points])
    return found


def _coincide(points, others):
    places = {round(x, 1): y for x, y in others}
    near = [abs(places[round(x, 1)] - y) < 2 for x, y in points if round(x, 1) in places]
    return sum(near) * 2 > len(points) > 1


def _ends(lines, drawn, right, bottom):
    """Draw the names of the lines at their ends, each with a thin line to it."""
    places = spread_out([points[-1][1] if points else bottom for points in drawn], 16, bottom)
    return [item for one, points, place in zip(lines, drawn, places) for item in (
        chart.path([points[-1], (right + 8, place)], f"lead-in {one.class_}") if points else None,
        chart.text(right + 12, place + 4, one.label, class_=f"word {one.class_}"))]


def _flags(crossings, rows, x, y, width):
    return [item for crossing, row in zip(crossings, rows) for item in (
        chart.line(x(crossing.x), 33 + 15 * row, x(crossing.x), y(crossing.y), f"flag {crossing.class_}"),
        chart.dot(x(crossing.x), y(crossing.y), f"crossing {crossing.class_}", 4.5),
        chart.text_near(x(crossing.x), 30 + 15 * row, crossing.words, 1, width - 1, f"word {crossing.class_}"))]


def cost(width, label, lines, crossings, quotas, x_bounds, y_bounds, words, here):
    """Draw bills over volumes. `words` are two functions that turn a volume and a sum into text. `here` is the volume to mark.
    `quotas` are (volume, bill, class) from which on a quota does not suffice."""
    wide = width > chart.NARROW
    left, right = (58, width - 150) if wide else (46, width - 12)
    x = Log(*x_bounds, left, right)
    crossings = sorted(c for c in crossings if x.low <= c.x <= x.high)
    rows = list(lanes(crossings, x))
    top = 36 + 15 * (max(rows, default=-1) + 1)
    bottom = top + (330 if wide else 250)
    y = Log(*y_bounds, bottom, top)
    drawn = [chart.x_axis(x, top, bottom, words[0], say("requests a month")),
             chart.y_axis(y, left, right, words[1]), chart.text(4, 12, say("a month"), class_="axis")]
    if here and x.low <= here <= x.high:
        drawn += [chart.line(x(here), top, x(here), bottom, "here"),
                  chart.text_near(x(here) + 6 + chart.width_of(say("the scenario")) / 2, bottom - 6, say("the scenario"), left, right, "axis")]
    places = apart([cut(one.points, x, y) for one in lines])
    drawn += [chart.path(points, f"line {one.class_}") for one, points in zip(lines, places)]
    drawn += _flags(crossings, rows, x, y, width)
    drawn += [chart.diamond(x(at), y(max(bill, y.low)), f"quota {class_}") for at, bill, class_ in quotas]
    drawn += _ends(lines, places, right, bottom) if wide else []
    return chart.svg(width, bottom + 40, label, *drawn)


def curves(width, label, lines, x_bounds, y_bounds, words, titles, here=None):
    """Draw lines on two logarithmic axes. `words` are two functions that turn a value of an axis into text. `here` is the volume to mark."""
    wide = width > chart.NARROW
    y = (Fine if y_bounds[1] <= 100 * y_bounds[0] else Log)(*y_bounds, 220, 28)
    named = wide and any(one.label for one in lines)
    left, right = chart.left_of(map(words[1], y.ticks())), width - (150 if named else 14)
    x = Log(*x_bounds, left, right)
    drawn = [chart.x_axis(x, y.end, y.start, words[0], titles[0]), chart.y_axis(y, left, right, words[1], titles[1])]
    if here and x.low <= here <= x.high:
        drawn.append(chart.line(x(here), y.end, x(here), y.start, "here"))
    places = apart([[(x(a), y(min(b, y.high))) for a, b in one.points if x.low <= a <= x.high] for one in lines])
    drawn += [chart.path(points, f"line {one.class_}") for one, points in zip(lines, places)]
    drawn += _ends(lines, places, right, y.start) if named else []
    return chart.svg(width, y.start + 40, label, *drawn)


def percentiles(width, label, lines, bounds, words):
    """Draw latencies over the share of requests that were faster. A line is (points, class, name). The last point of a line is the slowest request."""
    right, top, bottom = width - 14, 28, 220
    ends = [points[-1][0] for points, *_ in lines]
    y = Log(*bounds, bottom, top)
    left = chart.left_of(map(words, y.ticks()))
    x = Percent(max([0.9, *ends]), left, right)
    drawn = [chart.x_axis(x, top, bottom, lambda share: say("{n} %", n=f"{share * 100:g}"), say("of the requests were faster")),
             chart.y_axis(y, left, right, words, "ms")]
    for points, class_, _ in lines:
        places = [(x(share), y(value)) for share, value in points]
        drawn += [chart.path(places, f"line {class_}"), chart.dot(*places[-1], f"slowest {class_}")]
    return chart.svg(width, bottom + 40, label, *drawn)
