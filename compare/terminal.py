"""The summary of a comparison for the terminal."""

import unicodedata

import words
from evidence import NAMES
from names import first_waits, from_access_log, from_log, is_other, log_volume, missing_prices, no_break_even, option_name, replay_notes, replay_rows, simulated_from, \
    target_name, unknown_notes, vm_on_aws, void_reason, when
from ways import cheapest_size
from words import count, figures, milliseconds, money, say

# What refuses requests with these statuses, and the setting to raise.
REFUSALS = {
    ("vm", 429): "raise `rate` and `burst` in the site of nginx, or remove its `limit_req` for the test; see docs/operate.md",
    ("vm", 503): "raise `limit_conn` in the site of nginx, or remove it for the test; see docs/operate.md",
    ("lambda", 429): "raise the concurrency of the function, or the throttling limits of its API",
    ("lambda", 503): "raise the concurrency of the function",
}
OTHER = "raise its limit of requests or of connections for the test"  # on the VM of another service


def _width(text):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _table(rows):
    """Return a text with aligned columns, the first to the left and the others to the right."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(" " * (width - _width(cell)) + cell if i else cell + " " * (width - _width(cell))
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


def _latency_text(found):
    if not found["latency"]:
        return say("no latency was measured")
    trips = any(row["url"] for row in found["latency"])
    rows = [[say("latency in ms"), "", say("rate"), "p50", "p90", "p99", "p99.9", say("max"), *([say("p50 without the round trip")] if trips else []), say("failed")]]
    for row in found["latency"]:
        rows.append([row["endpoint"], target_name(row["target"]), _rate(row),
                     *(milliseconds(row[name]) for name in ("p50", "p90", "p99", "p999", "max", *(["p50_served"] if trips else []))), str(row["failed"])])
    closed = next((row for row in found["latency"] if not row["rate"]), None)
    return _table(rows) + ("\n" + say("* closed loop, on {n} connections", n=closed["connections"]) if closed else "")


def void_text(found):
    """Return a line for each series of which so many requests failed that it says nothing."""
    return "\n".join(say("VOID: {series}: {reason}", series=say("{endpoint} at {rate}, {target}", endpoint=row["endpoint"], rate=_rate(row),
                                                              target=target_name(row["target"])), reason=void_reason(row))
                     for row in found["latency"] if row["void"])


def _rate(row):
    return f"{row['rate']:.0f}/s" if row["rate"] else f"{row['per_second']:,.0f}/s *"


def _remedy(found, row):
    return OTHER if is_other(found) and row["side"] == "vm" else REFUSALS[row["side"], row["status"]]


def refusal_text(found):
    """Return a line for each status with which a target has refused requests."""
    return "\n".join(say("WARNING: {side} refused {n} of {total} requests with {status}: {todo}", side=target_name(row["target"]), n=f"{row['n']:,}",
                         total=f"{row['total']:,}", status=row["status"], todo=say(_remedy(found, row)))
                     for row in found["refusals"])


def _trip_text(found):
    """Return the round trip to each URL, and what each gateway adds, or None."""
    urls = {row["target"] for row in found["latency"] if row["url"]}
    rows = [[target_name(row["target"]), say("round trip"), milliseconds(row["connect_us"] / 1000)] for row in found["round_trips"] if row["target"] in urls]
    rows += [[target_name(row["target"]), say("gateway alone"), milliseconds(row["own_ms"])] for row in found["gateways"]]
    return _table([[say("network and gateway, ms"), "", ""], *rows]) if rows else None


def _cold_text(found):
    inits = sorted(row["init_ms"] for row in found["cold_starts"])
    if not inits:
        return say("no cold starts measured")
    return say("{n} cold starts: init {median} ms (median), {most} ms (max)", n=len(inits),
               median=milliseconds(inits[len(inits) // 2]), most=milliseconds(inits[-1]))


def replay_text(found):
    """Return the replay beside its simulation, or an empty text."""
    rows = replay_rows(found)
    table = [_table([[say("replay, ms"), say("requests"), say("failed"), say("cold starts"), "p50", "p90", "p99"], *rows])] if rows else []
    return "\n".join(table + replay_notes(found))


def _ways_text(found):
    rows = [[say("a month"), say("without the free tier"), say("with it"), say("cheaper side, without it")]]
    free = {way["key"]: way for way in found["ways"][1]}
    for way in sorted(found["ways"][0], key=lambda way: way["cost"]):
        who = "vm" if way["key"] == "vm" else "lambda"
        name = option_name(way["option"])
        if who == "vm" and (found["fleet"].get(way["option"]) or 1) > 1:
            name = f"{found['fleet'][way['option']]:.0f} × {name}"
        rows.append([name, money(way["cost"]), money(free[way["key"]]["cost"]) if way["key"] in free else "–", when(way["stretches"], who)])
    return _table(rows) if len(rows) > 1 else "\n".join(filter(None, (
        say("There is no bill: measurements are missing, or the region has no prices."), missing_prices(found))))


def _log_text(found):
    """Return what the log of the function said, or None."""
    if "log" not in found["run"]:
        return None
    rows = [[say("from the function’s log"), "", ""], *([row["name"], f"{row['value']:.6g}", row["source"]] for row in found["evidence"] if row["name"] in NAMES)]
    return f"{found['run']['log name']}: {found['run']['log']}\n" + "\n".join(f"{a.ljust(14)}{b.rjust(10)}  {c}".rstrip() for a, b, c in rows)


def _setting_text(found):
    setting, size = found["setting"], cheapest_size(found)
    said = say("Scenario {name}: {volume} requests a month{source}, {memory} MB{log}, {region}", name=found["scenario"],
               source=from_access_log(found, "requests"), log=from_log(found, "memory_mb"),
               volume=count(setting["requests"]), memory=figures(setting["memory_mb"]), region=setting["region"])
    traffic = simulated_from(found)
    if traffic:
        said += say("; ") + say("{share} % cold starts, {what}", share=figures(setting["cold_share"] * 100),
                                what=say("from the function’s log") if from_log(found, "cold_share") else traffic)
    if not size and len({row["memory_mb"] for row in found["memory_sizes"]}) > 1:
        return said + say("; ") + say("no memory size is clearly the cheapest")
    return said + (say("; ") + say("cheapest memory size: {size} MB", size=f"{size:,}") if size else "")


def text(found):
    """Return the summary for the terminal."""
    words.use(words.language(), found["currency"])
    return "\n\n".join(filter(None, [
        refusal_text(found), void_text(found), _latency_text(found), _trip_text(found), _cold_text(found), "\n".join(first_waits(found)), words.closed_up(" ".join(vm_on_aws(found))), replay_text(found), _log_text(found), _setting_text(found), log_volume(found), _ways_text(found),
        "\n".join(unknown_notes(found)), no_break_even(found), say("The report has the other scenarios, what AWS adds to the latency, and what the prices rest on.")]))
