"""The part of the report about latency at constant rates."""

from summary import is_void
from names import gateway_name, target_name, void_reason
from ways import GATEWAYS
from words import milliseconds, say

from . import chart, choose
from .bars import Spread, spread
from .lines import percentiles
from .markup import figure, legend, quoted, said, section, table, tag

PERCENTILES = ("p50", "p90", "p99", "p999", "max")
WIDTH = 360  # of a chart that stands beside another

HOW = ("Each request is sent when it is due, even if earlier ones are not answered yet, and its latency counts from the time when it was due:"
       " a server that stalls is charged for every request that had to wait. “–” stands where there are too few requests for a percentile.")


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
    return [*inner, (max([1 - 1 / (2 * row["answered"]), *(share for share, _ in inner)]), row["max"])]


def trip(row):
    """Return the round-trip time of a series in ms, or None."""
    return None if row["connect_us"] is None else row["connect_us"] / 1000


def name_of(row):
    return f"{target_name(row['target'])} {row['rate']:g}/s"


def short_name(row):
    """Return the name of a series for a chart, where there is little room."""
    return f"{gateway_name(row['target'])} {row['rate']:g}/s"


def failed(row):
    """Return the cell with the failed requests of a series."""
    return tag("b", f"▲ {row['failed']:,}", class_="failed") if row["failed"] else "0"


def void_note(row):
    return tag("li", tag("b", name_of(row) if row["rate"] else target_name(row["target"]), class_="failed"), ": ", said(
        "{share} % of the requests failed, so that the latencies say nothing and are not shown ({reason}).",
        share=f"{row['failed_share'] * 100:.3g}", reason=void_reason(row)), class_="void")


def trip_cells(row):
    """Return the round-trip time, and the median latency without one."""
    return milliseconds(trip(row)), milliseconds(row["p50_served"])


def latency_table(name, rows):
    trips = any(row["url"] and trip(row) is not None for row in rows)
    heads = ["", "p50", "p90", "p99", "p99.9", say("max"), *([say("round trip"), say("p50 without it")] if trips else []), "n", say("failed")]
    cells = [([name_of(row), *("–" if is_void(row) else milliseconds(row[key]) for key in PERCENTILES),
               *(trip_cells(row) if trips else []), f"{row['n']:,}", failed(row)], choose.side_of(row["target"])) for row in rows]
    return table(say("Latency of {name} in milliseconds", name=name), heads, "t" + "n" * (len(heads) - 1), cells, stack="stack fold")


def spread_label(name, rows):
    items = say("; ").join(say("{series}: median {p50} ms, slowest {max} ms", series=name_of(row), p50=milliseconds(row["p50"]),
                          max=milliseconds(row["max"])) for row in rows)
    return say("Spread of the latencies of {name}. {list}", name=name, list=items)


def charts(name, rows, limits):
    """Return the charts of the series of an endpoint that are not void."""
    good = [row for row in rows if not is_void(row) and row["quantiles"]]
    if not good:
        return None, None
    spreads = [Spread(short_name(row), choose.side_of(row["target"]), known(row), row["max"]) for row in good]
    fastest = [row for row in good if row["rate"] == max(one["rate"] for one in good)]
    rate = f"{fastest[0]['rate']:g}"
    label = say("Latency of {name} by percentile at {rate} requests a second", name=name, rate=rate)
    curves = [(points(row), choose.side_of(row["target"]) + " " + row["target"], row["target"]) for row in fastest]
    return (figure(spread(WIDTH, spread_label(name, good), spreads, limits, milliseconds)),
            figure(percentiles(WIDTH, label, curves, limits, milliseconds),
                   caption=say("The tail at {rate} requests a second.", rate=rate)))


def one_endpoint(endpoint, rows, limits):
    name, void = endpoint["name"], [row for row in rows if is_void(row)]
    picture, tail = charts(name, rows, limits) if limits else (None, None)
    return tag("article", tag("h3", name, tag("small", quoted(endpoint["description"]))),
               tag("ul", [void_note(row) for row in void], class_="trust") if void else None,
               tag("div", tag("div", picture, latency_table(name, rows)), tail, class_="pair latency"))


def trip_text(found, key):
    """Return the words for the round trip to a target."""
    row = next((row for row in found["round_trips"] if row["target"] == key), None)
    if row is None:
        return say("its round trip was not measured")
    text = "{connect} ms to connect, the median of {n}" if row["tls_us"] is None else \
        "{connect} ms to connect and {tls} ms for a TLS handshake, the medians of {n}"
    return say(text, connect=milliseconds(row["connect_us"] / 1000), tls=milliseconds((row["tls_us"] or 0) / 1000), n=row["n"])


def where(found):
    """Return sentences on where each target was measured, and from where."""
    targets = dict.fromkeys(row["target"] for row in found["latency"] if row["rate"])
    notes = [said("{name}: measured at {url}. The network is included: {trip}.", name=target_name(key), url=tag("b", choose.url(found, key)),
                  trip=trip_text(found, key)) if choose.url(found, key) else say("{name}: measured on the machine of this run, without a network.", name=target_name(key))
             for key in targets]
    client = found["run"].get("client")
    notes += [said("The client: {name}.", name=tag("b", client))] if client else []
    return [tag("p", note, class_="note") for note in notes]


def gateway_table(found):
    """Return the table of what each gateway adds, or None where AWS was not asked."""
    rows = [([target_name(row["target"]), *(milliseconds(row[key]) for key in ("own_ms", "integration_ms", "latency_ms")), f"{row['n']:,}"], "lambda")
            for row in found["gateways"]]
    return [tag("h3", say("The gateways themselves")),
            table(say("Mean times in milliseconds, from CloudWatch"), ["", say("gateway alone"), say("waits for the function"), say("together"), "n"], "tnnnn", rows)] \
        if rows else None


def stands_for(found, key):
    """Return what a target is, for the legend."""
    if choose.url(found, key):
        return target_name(key)
    return {"vm": say("VM: nginx and the pool"), "lambda-host": say("Lambda: bootstrap under lambda-host")}.get(key, target_name(key))


def part(found):
    rows = [row for row in found["latency"] if row["rate"]]
    if not rows:
        return section("latency", say("Latency"), tag("p", say("No latency was measured.")))
    good = [row for row in rows if not is_void(row) and row["quantiles"]]
    limits = chart.log_bounds([value for row in good for value in (row["max"], row["quantiles"][0][1])]) if good else None
    articles = [one_endpoint(endpoint, mine, limits) for endpoint in found["endpoints"]
                if (mine := [row for row in rows if row["endpoint"] == endpoint["name"]])]
    refused = [tag("p", say("{side} refused {n} of {total} requests with the status {status}.", side=target_name(row["target"]),
                            n=f"{row['n']:,}", total=f"{row['total']:,}", status=row["status"]), class_="failed") for row in found["refusals"]]
    targets = dict.fromkeys(row["target"] for row in rows)
    return section("latency", say("Latency"), tag("p", say(HOW)), refused, where(found),
                   legend([(key if key in GATEWAYS else choose.side_of(key), stands_for(found, key)) for key in targets]),
                   tag("p", say("The upright line is the median. The bar is thickest up to p90, thinner up to p99 and up to p99.9; the dot is the"
                                " slowest request. All endpoints share one scale."), class_="note"), articles, gateway_table(found))
