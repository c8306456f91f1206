"""The part of the report about cold starts."""

import statistics

from words import figures, milliseconds, say

from . import chart, choose
from .bars import histogram
from .markup import figure, said, section, tag


def published(found):
    """Return the assumed init of AWS, its range and its source, as the table of parameters has them."""
    row = choose.parameter(found, "init_ms")
    ends = ((row["assumed"], say("public, {ms} ms", ms=figures(row["assumed"]))),)
    if row["low"] is not None and row["high"] is not None:
        ends += ((row["high"], say("up to {ms} ms", ms=figures(row["high"]))),)
    return ends, row["source"]


def part(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    lines, source = published(found)
    counted = tag("p", said("Counted in the bills: {ms} ms for an init, for {share} % of the requests.", ms=tag("b", figures(found["demand"]["init_ms"])),
                            share=figures(found["setting"]["cold_share"] * 100)))
    if not inits:
        return section("cold", say("Cold starts"), tag("p", say("No cold starts were measured.")), counted)
    waits = [row["latency_ms"] for row in found["cold_starts"] if row["latency_ms"] is not None]
    facts = say("{n} new environments: init takes {median} ms (median), {mean} ms (mean), {most} ms (maximum).", n=len(inits),
                median=milliseconds(statistics.median(inits)), mean=milliseconds(statistics.mean(inits)), most=milliseconds(inits[-1]))
    real = found["run"].get("inits")
    return section(
        "cold", say("Cold starts"),
        tag("p", tag("b", facts), " ", say("Clients waited {ms} ms (median), including the start of the process by lambda-host.",
                                           ms=milliseconds(statistics.median(waits))) if waits and not real and not choose.is_elsewhere(found) else None), counted,
        figure(chart.at_both_widths(lambda width: histogram(width, say("Histogram of the init durations. {facts}", facts=facts), inits, lines,
                                                            milliseconds)),
               caption=[real if real else say("Bars: measured on the machine of the run."), " ", said(
                   "Dashed lines: public figures, {source}.", source=tag("span", source, lang="en"))]),
        None if real else tag("p", say("The public figures were measured on AWS and include the work of AWS before and after an init; the bars"
                                       " are the work of the process alone."), class_="note"))
