"""The part of the report that shows what would flip the answer: each assumption moved through its range."""

from names import target_name
from simulated import REPLACED
from words import brief, figures, say

from . import chart, choose
from .chart import Fine
from .markup import figure, legend, said, section, tag

SMALL = 1.002  # factor below which an effect is not drawn


def value_text(name, value):
    return brief(value) if name == "requests" else figures(value)


def ratio_text(value):
    return say("{n} ×", n=figures(float(f"{value:.3g}")))


def effect(row):
    return max(row["low"], row["high"]) / min(row["low"], row["high"])


def bars(width, label, rows, bounds, names):
    """Draw the ratio of the bills over the range of each assumption, in the colour of the cheaper side."""
    wide = width > chart.NARROW
    left = chart.left_of(names) if wide else 12
    step, top = (26 if wide else 42), 26
    right, bottom = width - 14, top + step * len(rows)
    x = Fine(*bounds, left, right)
    drawn = [chart.x_axis(x, top - 4, bottom, ratio_text, say("bill of Lambda ÷ bill of the VM"))]
    for i, (row, name) in enumerate(zip(rows, names)):
        y = top + i * step + (6 if wide else 20)
        drawn.append(chart.text(left - 8, y + 11, name, "end", "row") if wide else chart.text(left, y - 5, name, class_="row"))
        ends = sorted((row["low"], row["high"]))
        for side, low, high in (("lambda", ends[0], min(ends[1], 1)), ("vm", max(ends[0], 1), ends[1])):
            if low < high:
                drawn.append(chart.box(x(low), y, max(1, x(high) - x(low)), 14, f"rung {side}"))
        if row["flips_at"] is not None:
            drawn.append(chart.diamond(x(1), y + 7, "flip", 7))
    drawn.append(chart.line(x(rows[0]["now"]), top - 8, x(rows[0]["now"]), bottom, "here"))
    drawn.append(chart.line(x(1), top - 8, x(1), bottom, "even"))
    drawn.append(chart.text_near(x(1), top - 12, say("equal"), left, right, "axis"))
    return chart.svg(width, bottom + 40, label, *drawn)


def bounds_of(rows):
    values = [1, rows[0]["now"], *(row[end] for row in rows for end in ("low", "high"))]
    low, high = min(values) / 1.1, max(values) * 1.1
    ticks = chart.log_bounds([low, high])
    return (max(low, ticks[0]), min(high, ticks[1])) if high / low > 1.5 else (low / 1.3, high * 1.3)


def item(found, row):
    """Return a line of the list: the range of an assumption, its value, and where it flips."""
    name = row["parameter"]
    now = value_text(name, choose.parameter(found, name)["effective"] or found["demand"].get(name))
    flips = said("; flips at about {value}", value=tag("b", value_text(name, row["flips_at"]))) if row["flips_at"] is not None else None
    return tag("li", tag("code", name), " ", said("{low} to {high}, now {now}", low=value_text(name, row["from"]),
                                                  high=value_text(name, row["to"]), now=now),
               said(": {low} to {high}", low=ratio_text(row["low"]), high=ratio_text(row["high"])), flips,
               data_flips="yes" if flips else "no")


def one_way(found, key, rows):
    who = say("The best function") if key == "best" else target_name(key)
    shown = [row for row in rows if effect(row) >= SMALL]
    still = [row["parameter"] for row in rows if effect(row) < SMALL]
    if not shown:
        return tag("p", say("No assumption changes the ratio for {who}.", who=who))
    flipping = [row["parameter"] for row in shown if row["flips_at"] is not None]
    verdict = say("Within their ranges, these flip the answer: {names}.", names=say(", ").join(flipping)) if flipping else \
        say("No assumption, moved alone through its range, flips the answer.")
    label = say("Ratio of the bill of {who} to that of the best VM, now {now}. {verdict}", who=who, now=ratio_text(rows[0]["now"]), verdict=verdict)
    names = [f"{row['parameter']}: {value_text(row['parameter'], row['from'])} … {value_text(row['parameter'], row['to'])}" for row in shown]
    limits = bounds_of(shown)
    return tag(
        "article", tag("h3", say("{who}: {now} the bill of the best VM", who=who, now=ratio_text(rows[0]["now"]))), tag("p", verdict),
        figure(chart.at_both_widths(lambda width: bars(width, label, shown, limits, names))),
        tag("details", tag("summary", say("The ranges, and where they flip")), tag("ul", [item(found, row) for row in shown], class_="breaks")),
        tag("p", say("With an effect of less than 0.2 %: {names}.", names=say(", ").join(still)), class_="note") if still else None)


def part(found):
    rows = {key: own for key, own in found["flips"].items() if own}
    if not rows:
        return section("flip", say("What would flip it"), tag("p", say("Only one side has a bill, so that there is nothing to flip.")))
    best = choose.cheapest(found, choose.PAID, "lambda")
    shown = [key for key in rows if key == "best" or not best or best["key"] != key]
    return section(
        "flip", say("What would flip it"),
        tag("p", say("Each assumption is moved through its plausible range, while all others stay; the volume from a tenth to ten times of"
                     " the scenario’s. The bar has the colour of the cheaper side; a diamond marks where the answer flips. Those with the"
                     " largest effect come first. Scenario {name}, without the free tier.", name=found["scenario"])),
        tag("p", say("What was simulated is not moved: {names}.", names=say(", ").join(REPLACED)), class_="note") if found["demand"]["simulated"] else None,
        legend([("lambda", say("Lambda is cheaper")), ("vm", say("the VM is cheaper"))]),
        [one_way(found, key, rows[key]) for key in shown])
