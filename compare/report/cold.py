"""The part of the report about cold starts."""

import statistics

from names import first_waits, from_log, simulated_mark
from words import figures, milliseconds, say

from . import chart, choose
from .bars import histogram, log_bins
from .markup import figure, join, said, section, table, tag

CHARTED = ("C++, provided.al2023", "Rust, provided.al2023")  # public figures that stand in the chart: native programs on today's runtime


def latest(found):
    """Return the public figures of inits of the last year, for arm64, the fastest first."""
    rows = [row for row in found["public_figures"] if (row["kind"], row["architecture"]) == ("init", "arm64")]
    return [row for row in rows if row["year"] == max(one["year"] for one in rows)]


def published(found):
    """Return (ms, words) of the public figures for the chart, and where they are from."""
    rows = [row for row in latest(found) if row["runtime"] in CHARTED]
    lines = tuple((row["median_ms"], say("{runtime}: {ms} ms", runtime=row["runtime"], ms=figures(row["median_ms"]))) for row in rows)
    return lines, say("; ").join(dict.fromkeys(row["source"] for row in rows))


def figures_table(found):
    """Return the table of all public figures of inits, or None."""
    rows = [row for row in found["public_figures"] if row["kind"] == "init"]
    years = sorted({row["year"] for row in rows})
    known = {(row["runtime"], row["architecture"], row["memory_mb"], row["year"]): row for row in rows}
    lines = []
    for key in dict.fromkeys((row["runtime"], row["architecture"], row["memory_mb"]) for row in rows):
        mine = [known.get((*key, year)) for year in years]
        tail = next((row["p99_ms"] for row in reversed(mine) if row and row["p99_ms"] is not None), None)
        lines.append(([join(tag("span", key[0], lang="en"), tag("small", f"{key[1]}, {key[2]:,} MB")),
                       *("–" if row is None else figures(row["median_ms"]) for row in mine), "–" if tail is None else figures(tail)], None))
    name = say("Public figures of inits on AWS: the median of each year in ms, and the last p99")
    return tag("details", tag("summary", name), table(name, ["", *map(str, years), "p99"], "t" + "n" * (len(years) + 1), lines, stack="stack fold")) \
        if lines else None


def waited(found):
    """Return what the clients of the machine of the run waited for a cold start, or None where these were not measured there."""
    waits = [row["latency_ms"] for row in found["cold_starts"] if row["latency_ms"] is not None]
    if not waits or found["run"].get("inits") or choose.is_elsewhere(found):
        return None
    return say("Clients waited {ms} ms (median), including the start of the process by lambda-host.", ms=milliseconds(statistics.median(waits)))


def part(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    lines, source = published(found)
    counted = tag("p", said("Counted in the bills: {ms} ms for an init, for {share} % of the requests{source}.", ms=tag("b", figures(found["demand"]["init_ms"])),
                            share=figures(found["setting"]["cold_share"] * 100), source=from_log(found, "cold_share") or simulated_mark(found)))
    behind_gateways = [tag("p", text) for text in first_waits(found)]
    if not inits:
        return section("cold", say("Cold starts"), tag("p", say("No cold starts were measured.")), behind_gateways, counted, figures_table(found))
    facts = say("{n} new environments: init takes {median} ms (median), {mean} ms (mean), {most} ms (maximum).", n=len(inits),
                median=milliseconds(statistics.median(inits)), mean=milliseconds(statistics.mean(inits)), most=milliseconds(inits[-1]))
    real = found["run"].get("inits")
    return section(
        "cold", say("Cold starts"),
        tag("p", tag("b", facts), " ", waited(found)), behind_gateways, counted,
        figure(chart.at_both_widths(lambda width: histogram(
            width, say("Histogram of the init durations. {facts}", facts=facts), log_bins(inits), chart.log_bounds([*inits, *(ms for ms, _ in lines)]),
            lines, milliseconds, (say("ms of init"), say("cold starts"), "{least} to {most} ms: {n}"))),
               caption=[real if real else say("Bars: measured on the machine of the run."), " ", said(
                   "Dashed lines: public figures of functions that do nothing, on arm64 with 128 MB, {source}.", source=tag("span", source, lang="en"))]),
        figures_table(found),
        None if real else tag("p", say("The public figures were measured on AWS and include the work of AWS before and after an init; the bars"
                                       " are the work of the process alone."), class_="note"))
