"""How long a fresh environment takes to start."""

import statistics

from summary import milliseconds

from . import chart
from .bars import histogram
from .markup import figure, section, tag

# Mean init of a function that does nothing, on AWS.
PUBLISHED = ((11.6, "C++ 11.6"), (12.1, "Rust 12.1"))
SOURCE = "maxday/lambda-perf of 2024-10-23: provided.al2023, arm64, 128 MB"


def part(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    if not inits:
        return section("cold", "Cold starts", tag("p", "No cold starts were seen."))
    waits = [row["latency_ms"] for row in found["cold_starts"] if row["latency_ms"] is not None]
    facts = (f"{len(inits)} fresh environments: init {milliseconds(statistics.median(inits))} ms in the median,"
             f" {milliseconds(statistics.mean(inits))} ms in the mean, {milliseconds(inits[-1])} ms at most.")
    label = f"Histogram of the init durations. {facts} Published: " + ", ".join(f"{name} ms" for _, name in PUBLISHED)
    real = found["run"].get("durations")
    return section(
        "cold", "Cold starts",
        tag("p", tag("b", facts), f" Their clients waited {milliseconds(statistics.median(waits))} ms (median), the start of the"
            " process by lambda-host included." if waits else ""),
        figure(chart.at_both_widths(lambda width: histogram(width, label, inits, PUBLISHED, milliseconds)),
               caption=f"Bars: {real if real else 'measured here'}. Dashed: published by others, not measured here: the mean init of"
               f" functions that do nothing in C++ and Rust ({SOURCE})."),
        None if real else tag("p", "Those were measured on AWS and contain what AWS does before and around an init; the bars contain"
                              " only what the process does. They stand side by side to show the order of size, not to be compared"
                              " to the millisecond.", class_="note"))
