"""The part of the report about the traffic: what the access log has, in pictures, and what a simulation of it found for both sides."""

import math

from names import SHAPES, from_log, simulated_from, target_name
from traffic import WEEK
from ways import VOLUMES, way_of
from words import brief, count, figures, milliseconds, say

from . import attack, chart, choose
from .bars import histogram, month, week
from .lines import Line, curves
from .markup import figure, join, quoted, said, section, table, tag

PERCENTILES = ("p50_ms", "p99_ms", "p999_ms")
SIZES_A_DECADE = 4
LEAST_PERCENT = 0.01  # that is shown in digits
COMMANDS = ("serverful traffic access.log*", "serverful compare --report-only", "serverful compare --report-only --shape shop-sale",
            "serverful compare --report-only --shape log")


def share(value):
    return "–" if value is None else say("< {n} %", n=LEAST_PERCENT) if 0 < value * 100 < LEAST_PERCENT else \
        say("{n} %", n=figures(float(f"{value * 100:.3g}")))


# The log.

def facts(traffic):
    """Return sentences on the access log as a whole."""
    busiest = say("{requests} requests in {days} days; {mean} a second on average, at most {second} in a second, {minute} in a minute and {hour} in an hour.",
                  requests=count(traffic["requests"]), days=figures(traffic["seconds"] / 86400), mean=figures(traffic["per_second"]),
                  second=f"{traffic['busiest_second']:,}", minute=f"{traffic['busiest_minute']:,}", hour=f"{traffic['busiest_hour']:,}")
    month = say("A month like this has {requests} requests, and its busiest second {peak} times the average.", requests=count(traffic["month_requests"]),
                peak=figures(traffic["peak_factor"]))
    files = [tag("li", said("{path}: {format}, {n} requests", path=tag("code", path), format=quoted(form), n=f"{n:,}"),
                 said(", {n} lines cannot be read", n=tag("b", f"{refused:,}", class_="failed")) if refused else None)
             for path, form, n, refused in traffic["files"]]
    return tag("p", busiest, " ", month), tag("details", tag("summary", say("The files")), tag("ul", files, class_="breaks")) if files else None


def week_picture(traffic):
    hours = [value for value in traffic["week"] if value is not None]
    label = say("Requests of each hour of the week, in the local time of your access log: {least} to {most}, the mean of all weeks.", least=figures(min(hours)),
                most=figures(max(hours)))
    return figure(chart.at_both_widths(lambda width: week(width, label, traffic["week"])), caption=label)


def busiest_picture(traffic):
    """Draw how many seconds have at least so many requests."""
    points = [(1, traffic["busiest"][0][1]), *traffic["busiest"]]
    empty = 1 - points[-1][0] / traffic["seconds"]
    label = say("The busiest seconds, side by side: the most in one is {most}; {empty} % of the seconds have none.",
                most=f"{points[0][1]:,}", empty=figures(empty * 100))
    bounds = chart.log_bounds([x for x, _ in points]), chart.log_bounds([y for _, y in points])
    return figure(chart.at_both_widths(lambda width: curves(
        width, label, [Line(points, "traffic", "")], *bounds, (brief, brief), (say("seconds, the busiest first"), say("requests in the second")))),
        caption=label)


def sizes_picture(traffic):
    bins, empty = {}, 0
    for low, _, n in traffic["sizes"]:
        if low == 0:
            empty += n
            continue
        place = int(math.log10(low) * SIZES_A_DECADE)
        bins[place] = bins.get(place, 0) + n
    if not bins:
        return None
    rows = [(10 ** (i / SIZES_A_DECADE), 10 ** ((i + 1) / SIZES_A_DECADE), n) for i, n in sorted(bins.items())]
    label = say("Sizes of the responses; {n} without a body are not drawn.", n=f"{empty:,}") if empty else say("Sizes of the responses.")
    bounds = chart.log_bounds([rows[0][0], rows[-1][1]])
    return figure(chart.at_both_widths(lambda width: histogram(width, label, rows, bounds, (), brief, (
        say("bytes of a response"), say("requests"), "{least} to {most} bytes: {n}"), "hour")), caption=label)


def log(found):
    traffic = found["traffic"]
    if not traffic:
        return None
    return [tag("h3", say("Your access log")), *facts(traffic), week_picture(traffic), busiest_picture(traffic), sizes_picture(traffic)]


# A shape.

def shape(found):
    """Return pictures of the shape that stands in for a log, at the volume of the scenario, or None."""
    if not found["shape"]:
        return None
    requests = found["setting"]["requests"]
    hours, busiest = [part * requests for part, _ in found["shape"]], max(minute for _, minute in found["shape"])
    whole = say("Requests of each hour of the month, on average: {least} to {most}. The busiest minute has {minute}, {times} times the mean.",
                least=figures(min(hours)), most=figures(max(hours)), minute=figures(busiest * requests), times=figures(busiest * 60 * len(hours)))
    first = say("Its first week.")
    return [tag("h3", say("The shape {name}", name=found["setting"]["traffic"])),
            figure(chart.at_both_widths(lambda width: month(width, whole, hours)), caption=whole),
            figure(chart.at_both_widths(lambda width: week(width, first, hours[:WEEK])), caption=first)]


# The simulation.

def at_volume(rows, requests):
    """Return the rows of the simulated volume that is nearest to another one."""
    nearest = min((row["requests"] for row in rows), key=lambda volume: abs(math.log(volume / max(requests, 1))), default=None)
    return [row for row in rows if row["requests"] == nearest]


def function_cells(row):
    return [join(target_name("lambda"), tag("small", say("its environments"))), [milliseconds(row["environments"]), tag("small", say("at most {n}", n=f"{row['most_environments']:,}"))],
            share(row["cold_share"]), share(row["throttled_share"]), *(milliseconds(row[name]) for name in PERCENTILES),
            share(row["running"] / row["environments"] if row["environments"] else None), ""]


def credits(row):
    """Return what a type of VM does with its CPU credits, or nothing."""
    if row.get("least_credits") is None:
        return ""
    return [say("at least {n}", n=figures(row["least_credits"])),
            tag("small", say("{n} to pay", n=figures(row["surplus_credits"]))) if row["surplus_credits"] else None]


def machine_cells(name, row, paid):
    """Return the cells of a type of VM. `paid` is the number that the bill counts, or None."""
    n = say("no number suffices") if row["vms"] is None else figures(row["vms"])
    more = tag("small", say("{n} paid for", n=figures(paid))) if row["vms"] is not None and paid not in (None, row["vms"]) else None
    return [name, [n, more], "", share(row["shed_share"]), *(milliseconds(row[key]) for key in PERCENTILES), share(row["utilisation"]), credits(row)]


def rows_of(one):
    """Return the rows of a scenario: those of the function, the cheapest type of VM and Lambda Managed Instances, and those of the other types."""
    simulation, requests = one["simulation"], one["setting"]["requests"]
    cheapest = choose.cheapest(one, choose.PAID, "vm")
    fleets = [(machine_cells(row["instance"], row, one["fleet"].get(f"vm {row['instance']}")), "vm") for row in at_volume(simulation["fleet"], requests)]
    best = [row for row in fleets if cheapest and cheapest["option"] == f"vm {row[0][0]}"]
    paid = next((n for option, n in one["fleet"].items() if way_of(option) == "managed"), None)
    managed = [(machine_cells(join(target_name("managed"), tag("small", row["instance"])), row, paid), "lambda")
               for row in at_volume(simulation["managed"], requests)]
    return [*((function_cells(row), "lambda") for row in at_volume(simulation["function"], requests)), *best, *managed], \
        [row for row in fleets if row not in best]


def simulated_table(name, one):
    """Return the table of a scenario, and one of the other types of VMs that opens, which would be long on a phone."""
    heads = ("", say("number"), say("cold-start share"), say("refused"), "p50 ms", "p99 ms", "p99.9 ms", say("utilisation"), say("CPU credit balance"))

    def table_of(text, rows):
        return table(text, heads, "tnnnnnnnt", rows, stack="stack fold")
    rows, others = rows_of(one)
    volume = count(one["setting"]["requests"])
    return [table_of(say("Scenario {name} at {volume} requests a month, as simulated", name=name, volume=volume), rows),
            tag("details", tag("summary", say("The other types of VMs")), table_of(
                say("The other types of VMs in the scenario {name} at {volume} requests a month, as simulated", name=name, volume=volume), others)) if others else None]


def over_volume(found, label, lines, unit, words):
    """Draw lines over the volume, or nothing without any point."""
    lines = [line for line in lines if any(value > 0 for _, value in line.points)]
    values = [value for line in lines for _, value in line.points if value > 0]
    if not values:
        return None
    lines = [line._replace(points=[(x, max(value, min(values))) for x, value in line.points]) for line in lines]
    bounds = (1e3, VOLUMES[1]), chart.log_bounds(values)
    return figure(chart.at_both_widths(lambda width: curves(width, label, lines, *bounds, (brief, words), (say("requests a month"), unit),
                                                            found["setting"]["requests"])), caption=label)


def line_of(rows, column, class_, name, factor=1):
    return Line([(row["requests"], row[column] * factor) for row in rows if row[column] is not None], class_, name)


def pictures(found):
    """Return the pictures over the volume: cold starts, VMs and p99."""
    simulation = found["simulation"]
    vm = choose.cheapest(found, choose.PAID, "vm")
    name = vm["option"].partition(" ")[2] if vm else next((row["instance"] for row in simulation["fleet"]), None)
    machines = [row for row in simulation["fleet"] if row["instance"] == name]
    function, title = simulation["function"], target_name("lambda")
    return [over_volume(found, say("The share of cold starts over the volume."), [line_of(function, "cold_share", "http", title, 100)],
                        say("% of the requests"), figures),
            over_volume(found, say("The smallest number of VMs of the type {name} that holds the p99, over the volume.", name=name),
                        [line_of(machines, "vms", "vm", name)], "VM", brief) if machines else None,
            over_volume(found, say("What 99 % of the requests wait at most, over the volume."), [
                line_of(function, "p99_ms", "http", title), line_of(machines, "p99_ms", "vm", name or "")], "ms", milliseconds)]


def effect(found):
    """Return what the simulation changes about the bills."""
    now, assumed = (attack.winner(found["cases"][name]) for name in ("now", "assumed"))
    if not now or not assumed:
        return None
    parameters = {row["name"]: row["effective"] for row in found["parameters"]}
    return tag("p", say("With what was simulated: {winner}", winner=now), " ", say(
        "With the parameters instead ({share} % cold starts, a busiest second of {peak} times the mean, {headroom} % of headroom): {winner}",
        share=figures(parameters["cold_share"] * 100), peak=figures(parameters["peak_factor"]), headroom=figures(parameters["headroom"] * 100), winner=assumed))


def measured(found):
    """Return that the share of cold starts in the function's log counts instead of the simulated one beside it, or nothing."""
    return tag("p", tag("b", say("The bills count {share} % cold starts at this volume, the share in the function’s log, instead of the simulated one in the table.",
                                 share=figures(found["demand"]["cold_share"] * 100))), " ",
               say("At other volumes the simulated share counts, moved as far by its odds.")) if from_log(found, "cold_share") else None


def simulated(found):
    traffic = found["setting"]["traffic"]
    others = [tag("details", tag("summary", say("Scenario {name}", name=one["name"])), simulated_table(one["name"], one))
              for one in found["scenarios"] if one["name"] != found["scenario"] and one["demand"]["simulated"]]
    what = say("The requests of your access log were replayed against both sides.") if traffic == "log" else \
        say("Requests of the shape {name} ({meaning}) were replayed against both sides.", name=traffic, meaning=say(SHAPES[traffic]))
    return [tag("h3", say("Simulated")),
            tag("p", what, " ", say("An idle environment of the function lives {idle} s. The VMs are the fewest that answer 99 % of the requests of the busiest"
                                    " time within {p99} ms; the latencies are those of the fleet that is paid for.",
                                    idle=figures(found["setting"]["idle_seconds"]), p99=figures(found["setting"]["p99_ms"])), " ",
                say("They are the time in the queue and in service: on a VM the mean processor time of the endpoint, of the function the durations that are billed,"
                    " and {ms} ms more for a cold start. The latencies of the answer are measured, without the queue of the busiest time.",
                    ms=figures(found["setting"]["placement_ms"]))),
            effect(found), measured(found), simulated_table(found["scenario"], found), others, pictures(found)]


def assumed(found):
    setting = found["setting"]
    return tag("p", say("Nothing was simulated: the bills assume {share} % cold starts, a busiest second of {peak} times the mean, and {headroom} %"
                        " of headroom.", share=figures(setting["cold_share"] * 100), peak=figures(setting["peak_factor"]), headroom=figures(setting["headroom"] * 100)))


def how():
    """Return how to take another traffic."""
    return [tag("p", say("Read an access log, or take a shape, and the bills follow: {names}.", names=say(", ").join(
        say("{name} ({meaning})", name=name, meaning=say(meaning)) for name, meaning in SHAPES.items())), class_="note"),
        tag("pre", tag("code", "\n".join(COMMANDS)), tabindex="0")]


def part(found):
    return section("traffic", say("Traffic"), log(found), shape(found), simulated(found) if simulated_from(found) else assumed(found), how())
