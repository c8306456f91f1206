"""The bill over the volume: one chart for each tier, with the break-evens and the quotas."""

import functools

from names import gateway_name, no_break_even, target_name
from ways import VOLUMES
from words import brief, count, currency, money, plain, say

from . import chart, choose
from .lines import Crossing, Line, cost
from .markup import figure, join, legend, said, section, tag

LEAST = 0.1  # of the currency, at which the axis of bills begins
TIERS = ("without the free tier", "with the free tier")


def tick(value):
    return f"{currency()}{plain(value) if value < 1000 else brief(value).replace(' ', '')}"


def line_name(key):
    return say("cheapest VMs") if key == "vm" else gateway_name(key)


def chart_lines(found, free):
    """Return the lines of the ways that have a bill; that of the VMs is the cheapest type and number at each volume."""
    lines = found["lines"][free]
    return [Line([tuple(point) for point in lines[way["key"]]], way["key"], line_name(way["key"])) for way in found["ways"][free]]


def bill_at(points, requests):
    """Return the bill at a volume, interpolated; None outside of the line."""
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= requests <= x1:
            return y0 + (y1 - y0) * ((requests - x0) / (x1 - x0) if x1 > x0 else 0)
    return None


def turns(found, free):
    """Yield (volume, bill, way) of each volume at which a way of Lambda and the cheapest VMs cost the same."""
    for way in found["ways"][free]:
        if way["key"] != "vm":
            for start, _, _ in way["stretches"][1:]:
                bill = bill_at(found["lines"][free][way["key"]], start)
                if bill is not None:
                    yield start, bill, way["key"]


def quota_marks(found, free):
    """Yield (volume, bill, way) of the volume from which on a way needs more than a default quota."""
    for way in found["ways"][free]:
        for row in choose.quotas(found, way["key"])[:1]:
            bill = bill_at(found["lines"][free][way["key"]], row["requests"])
            if bill is not None and row["requests"] <= VOLUMES[1]:
                yield row["requests"], bill, way["key"]


def picture(found, free):
    lines, rows = chart_lines(found, free), sorted(turns(found, free))
    marks = [Crossing(requests, bill, brief(requests), key) for requests, bill, key in rows]
    said_turns = say("; ").join(say("{way} and the cheapest VMs cost the same at {volume}", way=target_name(key), volume=count(requests))
                           for requests, _, key in rows) or say("no two lines cross")
    highest = max((bill for line in lines for _, bill in line.points), default=1)
    draw = functools.partial(
        cost, label=say("The bill over the requests a month, {tier}: {turns}.", tier=say(TIERS[free]), turns=said_turns),
        lines=lines, crossings=marks, quotas=list(quota_marks(found, free)), x_bounds=(choose.first_volume(found), VOLUMES[1]),
        y_bounds=(LEAST, chart.log_bounds([LEAST, highest])[1]), words=(brief, tick), here=found["setting"]["requests"])
    keys = [(f"line {line.class_}", line.label) for line in lines]
    return figure(tag("div", legend(keys), class_="narrow"), chart.at_both_widths(lambda width: draw(width)),
                  caption=said("A circle: here a way of Lambda and the cheapest VMs cost the same. A diamond: from here on a default quota of"
                               " AWS does not suffice. Both axes are logarithmic."))


def quota_list(found):
    """Return the quotas that do not suffice at large volumes, with the ways that they limit."""
    rows = {}
    for way in found["ways"][choose.PAID]:
        for row in choose.quotas(found, way["key"]):
            rows.setdefault((row["requests"], row["quota"]), (row, []))[1].append(line_name(way["key"]))
    items = [tag("li", said("above {volume} requests a month: {limit} {what} ({ways})", volume=tag("b", count(volume)),
                            limit=f"{row['value']:,.0f}", what=say(row["meaning"]), ways=say(", ").join(names)), " ",
                 tag("small", row["source"], lang="en"), data_quota=row["quota"])
             for (volume, _), (row, names) in sorted(rows.items(), key=lambda one: one[0])]
    return [tag("h3", say("What AWS allows by default")), tag("p", say(
        "In the busiest second these quotas no longer suffice. AWS raises most of them on request."), class_="note"),
        tag("ul", items, class_="breaks")] if items else None


def part(found):
    if not found["ways"][choose.PAID]:
        return section("volume", say("Cost over volume"), tag("p", say(
            "There is no bill: measurements are missing, or the region has no prices.")))
    rows = [tag("li", said("{volume} requests, {cost}: {way}", volume=tag("b", count(requests)), cost=money(bill), way=target_name(key)))
            for requests, bill, key in sorted(turns(found, choose.PAID))]
    return section(
        "volume", say("Cost over volume"),
        tag("p", say("The picture above, with the free tier on both sides. The line of the VMs is the cheapest type and number of them at each"
                     " volume; each function is on the cheaper processor.")),
        picture(found, choose.FREE),
        tag("h3", say("Break-evens without the free tier")),
        tag("ul", rows, class_="breaks") if rows else tag("p", no_break_even(found) or say("No two of the lines cross."), class_="note"),
        join(quota_list(found)))
