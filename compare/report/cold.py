"""The part of the report about cold starts."""

import statistics

from summary import milliseconds

from . import chart
from .bars import histogram
from .markup import figure, section, tag

# Mean init in ms of a function that does nothing, on AWS.
PUBLISHED = ((11.6, "C++ 11.6"), (12.1, "Rust 12.1"))
SOURCE = "maxday/lambda-perf of 2024-10-23: provided.al2023, arm64, 128 MB"


def part(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    if not inits:
        return section("cold", "Cold starts", tag("p", "No cold starts were measured."))
    waits = [row["latency_ms"] for row in found["cold_starts"] if row["latency_ms"] is not None]
    facts = (f"{len(inits)} new environments: init takes {milliseconds(statistics.median(inits))} ms (median),"
             f" {milliseconds(statistics.mean(inits))} ms (mean), {milliseconds(inits[-1])} ms (maximum).")
    label = f"Histogram of the init durations. {facts} Published: " + ", ".join(f"{name} ms" for _, name in PUBLISHED)
    real = found["run"].get("inits")
    return section(
        "cold", "Cold starts",
        tag("p", tag("b", facts), f" Clients waited {milliseconds(statistics.median(waits))} ms (median), including the start of the"
            " process by lambda-host." if waits else ""),
        figure(chart.at_both_widths(lambda width: histogram(width, label, inits, PUBLISHED, milliseconds)),
               caption=f"Bars: {real if real else 'measured here'}. Dashed lines: published by others, the mean init of functions"
               f" in C++ and Rust that do nothing ({SOURCE})."),
        None if real else tag("p", "The published times were measured on AWS and include the work of AWS before and after an init; the"
                              " bars include the work of the process only. Compare the orders of magnitude, not the milliseconds.", class_="note"))
