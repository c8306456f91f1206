"""What is measured and what is assumed, side by side."""

from summary import GATEWAYS, milliseconds

from . import choose
from .markup import badge, join, plain, section, table, tag

BEFORE = {"vm": "nginx", **GATEWAYS}

TRUST = (
    "The load generator, nginx, the pool, lambda-host and bootstrap share this machine and its processors; one takes from the"
    " other, most of all where they are as fast as they can be.",
    "lambda-host stands in for AWS: durations and inits are those of the process itself; what the network, the gateway and Lambda"
    " itself add on AWS cannot be measured here.",
    "A request on arm64 is taken to last as long as on this machine, and so is one on x86_64.",
    "A VM’s processor is taken to be as fast as one of this machine (parameter vm_speed).",
    "More than one VM needs something that spreads the load; no load balancer is in the bill.",
    "No tax, no support, nobody’s working time is in the bill; on the VM none for its updates, either.")


def measured_values(found):
    """What stands for a parameter that is NULL: (value, from what)."""
    demand, scenario = found["demand"], found["scenario"]
    real = found["run"].get("durations")
    cpu = demand["vm_cpu_seconds"]
    return {"billed_ms": (demand["billed_ms"], real or f"{scenario['memory_mb']:g} MB, the mix"),
            "init_ms": (demand["init_ms"], real or f"{len(found['cold_starts'])} cold starts"),
            "vm_cpu_ms": (None if cpu is None else cpu * 1000 * scenario["vm_speed"], "in closed loop, the mix"),
            "vm_memory_mb": (demand["vm_memory_mb"], "in closed loop")}


def parameter_row(row, measured):
    value, unit = row["value"], f" {row['unit']}" if row["unit"] else ""
    here, assumed = None, None
    if value is None:
        known, origin = measured.get(row["name"], (None, ""))
        here = "not measured" if known is None else join(tag("b", f"{known:.4g}{unit}"), tag("small", origin))
    else:
        unit = " (0 or 1)" if row["unit"] == "0 or 1" else unit
        assumed = tag("b", value if isinstance(value, str) else f"{plain(value)}{unit}", data_parameter=row["name"])
    kind = "measured" if value is None else "choice" if row["source"].startswith("a choice") else "assumed"
    source = "set in place of what is measured" if value is not None and row["source"] == "measured here" else row["source"]
    meaning = row["meaning"].split("; NULL")[0]
    return [join(meaning[:1].upper() + meaning[1:], tag("small", tag("code", row["name"]))), here, assumed, source], kind


def overhead_row(found, row):
    side = "vm" if row["option"] == "vm" else "lambda"
    url = found["run"].get(f"{side} url")
    name = f"What {BEFORE[row['option']]} adds to the latency"
    if url:
        return [name, join("in the latency measured at ", tag("b", url)), join(tag("s", row["figure"]), tag("small", "replaced")),
                row["source"]], "measured"
    here = choose.medians(found, side)
    alone = f"median without it {milliseconds(here[1])} to {milliseconds(here[2])} ms" if here else "not measured"
    together = f"together about {milliseconds(here[1] + row['ms'])} to {milliseconds(here[2] + row['ms'])} ms" \
        if here and row["ms"] is not None else "not known: nothing is added" if row["ms"] is None else None
    if side == "vm":
        return [name, f"measured with the pool: {alone.replace('without it ', '')}", row["figure"], row["source"]], "measured"
    return [name, join("cannot be measured here", tag("small", alone)), join(row["figure"], tag("small", together)),
            join(row["source"], " ", badge(row["status"]))], "assumed"


def counted(found):
    """What was measured, in numbers."""
    requests = sum(row["n"] for row in found["latency"])
    failed = sum(row["failed"] for row in found["latency"])
    return [(["Requests answered at constant rates and as fast as they can be",
              join(tag("b", f"{requests:,}"), tag("small", f"{failed:,} failed")), None, "measured"], "measured")]


def part(found):
    measured = measured_values(found)
    rows = counted(found)
    rows += [overhead_row(found, row) for row in sorted(found["overheads"], key=lambda row: list(BEFORE).index(row["option"]))]
    order = ("measured", "assumed", "choice")
    rows += sorted((parameter_row(row, measured) for row in found["parameters"]), key=lambda row: order.index(row[1]))
    return section(
        "assumed", "What is measured, what is assumed",
        tag("p", "An assumption is replaced by measurement when there is a real one to measure: ", tag("code", "--lambda-url URL"),
            " and ", tag("code", "--vm-url URL"), " measure latency there, ", tag("code", "--reports FILE"),
            " takes durations and inits from a log of Lambda."),
        table("Measured and assumed, side by side", ("What", "Measured", "Assumed", "Source"), "tttt", rows, stack="stack"),
        tag("h3", "How far to trust this"), tag("ul", [tag("li", one) for one in TRUST], class_="trust"))


def mix(found):
    total = sum(row["share"] or 0 for row in found["endpoints"])
    rows = [([join(row["name"], tag("small", row["description"])), f"{(row['share'] or 0) / total * 100:.3g} %" if total else "–",
              plain(row["share"]), f"{row['request_bytes']:,}", f"{row['response_bytes']:,}"], None) for row in found["endpoints"]]
    return section("mix", "The mix of requests", table("The mix", ("", "of all", "share", "bytes in", "bytes out"), "tnnnn", rows))
