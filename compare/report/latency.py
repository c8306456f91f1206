"""The parts of the report about latency at constant rates, and about capacity in a closed loop."""

from summary import milliseconds

from . import chart, choose
from .bars import Spread, bar, spread
from .lines import percentiles
from .markup import figure, join, legend, section, table, tag

SIDES = {"vm": "VM", "lambda": "Lambda"}
PERCENTILES = ("p50", "p90", "p99", "p999", "max")
HEADS = ("", "p50", "p90", "p99", "p99.9", "max", "n", "failed")

WIDTH = 360  # of a chart that stands beside another

HOW = """Each request is sent when it is due, even if earlier ones are not answered yet, and its latency counts from the time
when it was due. So a server that stalls is charged for every request that had to wait. A percentile is shown only if at least
one request lies beyond it; otherwise the table shows “–”. A failed request counts with the time until it failed."""


def known(row):
    """Return {share: ms} of the percentiles with enough requests, and of the fastest request."""
    found = {share: ms for share, ms in row["quantiles"] if share < 1}
    for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999)):
        found.pop(share, None)
        if row[name] is not None:
            found[share] = row[name]
    return found


def points(row):
    """Return (share, ms) of the points of a line; the slowest request is the last one."""
    inner = sorted(known(row).items())
    return [*inner, (max([1 - 1 / (2 * row["n"]), *(share for share, _ in inner)]), row["max"])]


def bounds(rows):
    """Return the bounds of the axis of time, which is the same for all endpoints."""
    return chart.log_bounds([value for row in rows for value in (row["max"], row["quantiles"][0][1])])


def spread_label(name, rows):
    said = "; ".join(f"{SIDES[row['side']]} at {row['rate']:g} a second: median {milliseconds(row['p50'])} ms,"
                     f" slowest {milliseconds(row['max'])} ms" for row in rows)
    return f"Spread of the latencies of {name}. {said}"


def latency_table(name, rows):
    lines = [([f"{SIDES[row['side']]} {row['rate']:g}/s", *(milliseconds(row[key]) for key in PERCENTILES), f"{row['n']:,}",
               tag("b", f"▲ {row['failed']:,}", class_="failed") if row["failed"] else "0"], row["side"]) for row in rows]
    return table(f"Latency of {name} in milliseconds", HEADS, "tnnnnnnn", lines)


def one_endpoint(endpoint, rows, limits):
    name = endpoint["name"]
    spreads = [Spread(f"{SIDES[row['side']]} {row['rate']:g}/s", row["side"], known(row), row["max"]) for row in rows]
    fastest = [row for row in rows if row["rate"] == max(one["rate"] for one in rows)]
    label = f"Latency of {name} by percentile at {fastest[0]['rate']:g} requests a second"
    curves = [(points(row), row["side"], SIDES[row["side"]]) for row in fastest]
    return tag(
        "article", tag("h3", name, tag("small", endpoint["description"])),
        tag("div",
            tag("div", figure(spread(WIDTH, spread_label(name, rows), spreads, limits, milliseconds)), latency_table(name, rows)),
            figure(percentiles(WIDTH, label, curves, limits, milliseconds),
                   caption=f"The tail at {fastest[0]['rate']:g} requests a second."), class_="pair latency"))


def where(found):
    urls = [(SIDES[side], found["run"].get(f"{side} url")) for side in SIDES]
    return [tag("p", f"{name}: measured at ", tag("b", url), ".", class_="note") for name, url in urls if url]


def part(found):
    rows = [row for row in found["latency"] if row["rate"]]
    if not rows:
        return section("latency", "Latency", tag("p", "No latency was measured."))
    limits = bounds(rows)
    articles = [one_endpoint(endpoint, mine, limits) for endpoint in found["endpoints"]
                if (mine := [row for row in rows if row["endpoint"] == endpoint["name"]])]
    return section("latency", "Latency", tag("p", HOW), where(found),
                   legend([("vm", "VM: nginx and the pool"), ("lambda", "Lambda: bootstrap under lambda-host")]),
                   tag("p", "The upright line is the median. The bar is thickest up to p90, thinner up to p99 and up to p99.9; the"
                       " dot is the slowest request. All endpoints share one scale.", class_="note"), articles)


def capacity(found):
    """Return the table of what each side can answer in a closed loop, and of the processor time and memory that it needs."""
    rows = [row for row in found["latency"] if not row["rate"]]
    if not rows:
        return section("capacity", "Capacity", tag("p", "No capacity was measured."))
    most = max(row["per_second"] for row in rows)

    def cells(row):
        return [join(row["endpoint"], tag("small", SIDES[row["side"]])), bar([(row["per_second"], row["side"], None)], most),
                f"{row['per_second']:,.0f}", "–" if row["cpu_ms"] is None else f"{row['cpu_ms']:.3f}",
                "–" if row["memory_mb"] is None else f"{row['memory_mb']:.1f}", milliseconds(row["p50"]),
                milliseconds(row["p99"]), tag("b", f"▲ {row['failed']:,}", class_="failed") if row["failed"] else "0"]
    heads = ("", "", "requests/s", "CPU ms a request", "memory MB", "p50 ms", "p99 ms", "failed")
    return section(
        "capacity", "Capacity",
        tag("p", f"Closed loop on {rows[0]['connections']} connections: each sends its next request when the last one is answered; always"
            " on this machine. CPU and memory are the sums of nginx and the pool, and of all bootstrap processes. lambda-host is not"
            " counted, since AWS runs that part."),
        table("Capacity in a closed loop", heads, "tgnnnnnn", [(cells(row), row["side"]) for row in rows]))
