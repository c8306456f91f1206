"""The parts of the report that show what is measured and what is assumed: each parameter with its value, range and source."""

from access_log import FROM_LOG
from evidence import NAMES
from names import from_access_log, is_other, simulated_from, target_name, unknown_notes
from simulated import REPLACED
from words import closed_up, figures, language, milliseconds, plain, say

from . import adds, choose, duration
from .markup import badge, join, quoted, said, section, table, tag

ORIGINS = {"public": "public figure", "function log": "the function’s log", "access log": "your access log", "evidence": "measured", "measured": "measured", "simulated": "simulated", "chosen": "chosen",
           "assumed": "assumed", "scenario": "scenario", "choice": "choice"}
ORDER = tuple(ORIGINS)

OURS = ("Without the function’s log, durations and inits are those of the processes on the machine of the run. Capacity always is.",)
OTHER = ("The processor time of a request on the VM is that of the whole service while it was measured: other requests at that time count, too.",)
TRUST = (
    "Several VMs without a load balancer need something else that spreads the load.",
    "The bills include no tax, no support plan and no DNS queries.")
LOCAL = (
    "On the machine of a run, load generator, nginx, pool, lambda-host and bootstrap share the processors and slow each other down, most of all in a"
    " closed loop.",
    "lambda-host stands in for AWS where latency is measured on the machine of the run.")
LOG = ("The function’s log does not say on which architecture the function ran; a request is taken to last as long on the other one.",)


def origin(found, row):
    """Return a key of ORIGINS."""
    if found["demand"]["simulated"] and row["name"] in REPLACED and row["evidence"] is None:
        return "simulated"
    if row["name"] in ("billed_ms", "init_ms") and row["origin"] == "measured":
        counted = found["demand"][row["name"]]
        return "measured" if counted != row["assumed"] else "public"
    if row["origin"] == "evidence":
        return "access log" if row["evidence"].endswith(FROM_LOG) else "function log" if row["name"] in NAMES else "evidence"
    return "choice" if row["origin"] == "assumed" and row["source"].startswith("a choice") else row["origin"]


def value_text(row, value):
    if value is None:
        return say("not measured") if row["measured"] else say("as the load needs")
    if row["unit"] == "0 or 1" and value in (0, 1):
        return say("yes") if value else say("no")
    text = say(value) if row["name"] == "purchase" else plain(value) if isinstance(value, str) else figures(value)
    unit = say(row["unit"]) if row["unit"] else ""
    return closed_up((f"{unit} {text}" if unit.startswith("每") else f"{text} {unit}").strip())  # "a month" goes first in Chinese


def simulated_value(found, row):
    return say("{share} % of all requests", share=figures(found["setting"]["cold_share"] * 100)) if row["name"] == "cold_share" else \
        say("by the simulation")


def parameter_row(found, row):
    value = row["effective"] if row["effective"] is not None else found["demand"].get(row["name"])
    kind = origin(found, row)
    meaning = say(row["meaning"].split("; NULL")[0])
    if language() == "en":  # a Chinese text may begin with a name, such as nginx
        meaning = meaning[:1].upper() + meaning[1:]
    reach = say("{low} to {high}", low=figures(row["low"]), high=figures(row["high"])) if row["low"] is not None else ""
    source = quoted(row["evidence"]) if row["origin"] == "evidence" else say("set by hand") if kind == "chosen" else say("the scenario") if kind == "scenario" \
        else say("measured at the URL, by the metrics of the service") if kind == "measured" and is_other(found) else quoted(row["source"])
    sign = duration.sign(found) if row["name"] == "billed_ms" else None
    if kind == "simulated":
        source = join(simulated_from(found), say("; without a simulation {value} counts", value=value_text(row, value)))
    return [join(meaning, tag("small", tag("code", row["name"]))),
            join(tag("b", simulated_value(found, row) if kind == "simulated" else value_text(row, value), data_parameter=row["name"]), sign),
            tag("span", say(ORIGINS[kind]), class_=f"origin {kind.replace(' ', '-')}"), reach, source], kind


def overhead_rows(found):
    """Return the rows on what AWS adds to the latency; a measurement at a URL replaces them."""
    rows = []
    for row in found["overheads"]:
        if row["option"] == "vm":
            continue
        _, whole = adds.mixed(found, row["option"])
        ends = adds.added(found, row["option"])
        value = said("replaced by the measurement") if whole else say("not known, so nothing is added") if ends is None else \
            say("{least} to {most} ms", least=milliseconds(ends[0]), most=milliseconds(ends[1]))
        rows.append(([say("What {gateway} adds to the latency", gateway=target_name(row["option"])), value,
                      tag("span", say("measured") if whole else say("assumed"), class_="origin"), "",
                      join(said("{figure}: {source}", figure=quoted(row["figure"]), source=quoted(row["source"])), " ", badge(row["status"]))], "assumed"))
    return rows


def limits(found):
    """Return sentences on what the measurement does not say."""
    metered = any(row["cpu_ms"] is not None for row in found["latency"])
    return [*(() if choose.is_elsewhere(found) else LOCAL), *(LOG if "durations" in found["run"] else ()),
            *(OURS if not is_other(found) else OTHER if metered else ()), *TRUST]


def part(found):
    rows = sorted((parameter_row(found, row) for row in found["parameters"]), key=lambda row: ORDER.index(row[1]))
    return section(
        "assumed", say("What is measured, what is assumed"),
        tag("p", duration.text(found)),
        [tag("p", note, class_="note") for note in unknown_notes(found)],
        tag("p", said("A measurement replaces assumptions: {url} and {vm} measure the latency of real deployments, and {log} takes"
                      " durations and inits from the function’s log.", url=tag("code", "--lambda-url URL"), vm=tag("code", "--vm-url URL"),
                      log=tag("code", "--reports FILE"))),
        table(say("Each parameter of the scenario {name}, and where its value comes from", name=found["scenario"]),
              (say("what"), say("value"), say("origin"), say("range"), say("source")), "ttttt", [*overhead_rows(found), *rows]),
        tag("h3", say("Limits of the measurement")), tag("ul", [tag("li", say(one)) for one in limits(found)], class_="trust"))


def mix(found):
    total = sum(row["share"] or 0 for row in found["endpoints"])
    rows = [([join(row["name"], tag("small", quoted(row["description"]))), say("{n} %", n=f"{(row['share'] or 0) / total * 100:.3g}") if total else "–",
              plain(row["share"]), f"{row['request_bytes']:,}", f"{row['response_bytes']:,}"], None) for row in found["endpoints"]]
    if not rows:
        return section("mix", say("The mix of requests"), tag("p", say("There are no requests yet: nothing was measured.")))
    chosen = found["setting"]["response_bytes"]
    instead = None if chosen is None else tag("p", say("The bills count {n} bytes for each response instead{source}.", n=figures(chosen),
                                                       source=from_access_log(found, "response_bytes")), class_="note")
    return section("mix", say("The mix of requests"), table(say("The mix"), ("", say("of all"), say("share"), say("bytes in"), say("bytes out")),
                                                            "tnnnn", rows, stack="stack fold"), instead)
