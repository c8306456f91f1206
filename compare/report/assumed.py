"""The part of the report that shows what is measured and what is assumed."""

from summary import GATEWAYS, milliseconds

from . import choose
from .markup import badge, join, plain, section, table, tag

BEFORE = {"vm": "nginx", **GATEWAYS}

# Limits of the durations (and inits) that were measured on this machine, and of those from a log.
LAMBDA_HOST = (
    "lambda-host stands in for AWS. {} are those of the process alone; the network, the gateway and Lambda itself"
    " add to them on AWS, which cannot be measured here.",
    "A request is assumed to last as long on arm64 and on x86_64 as on this machine.")
LOG = (
    "Durations are from a log of Lambda, which does not say on which architecture the function ran; a request is assumed to last as"
    " long on the other one.",
    "lambda-host stands in for AWS where latency is measured on this machine; the network, the gateway and Lambda itself add to it.")
TRUST = (
    "The load generator, nginx, the pool, lambda-host and bootstrap share the processors of this machine and slow each other down,"
    " most of all in a closed loop.",
    "A processor of a VM is assumed to be as fast as one of this machine (parameter vm_speed).",
    "Several VMs need something that spreads the load; no load balancer is in the bill.",
    "The bill includes no tax, no support and no working time, such as that for updating a VM.")


def measured_values(found):
    """Return (value, origin) of the measurement that stands for each parameter that is NULL."""
    demand, scenario = found["demand"], found["setting"]
    real, inits = found["run"].get("durations"), found["run"].get("inits")
    cpu = demand["vm_cpu_seconds"]
    return {"billed_ms": (demand["billed_ms"], real or f"{scenario['memory_mb']:g} MB, the mix"),
            "init_ms": (demand["init_ms"], inits or f"{len(found['cold_starts'])} cold starts"),
            "vm_cpu_ms": (None if cpu is None else cpu * 1000 * scenario["vm_speed"], "closed loop, the mix"),
            "vm_memory_mb": (demand["vm_memory_mb"], "closed loop")}


def evidence_row(row, evidence):
    """Return the row of a parameter whose value is from a log. A value that the log has replaced is struck out."""
    unit, replaced = f" {row['unit']}" if row["unit"] else "", row["assumed"]
    here = join(tag("b", f"{evidence['value']:.6g}{unit}"), tag("small", f"from the log: {evidence['source']}"))
    assumed = None if replaced is None or replaced == evidence["value"] else \
        join(tag("s", f"{plain(replaced)}{unit}"), tag("small", "replaced"))
    meaning = row["meaning"].split("; NULL")[0]
    return [join(meaning[:1].upper() + meaning[1:], tag("small", tag("code", row["name"]))), here, assumed, "a log of Lambda"], "measured"


def parameter_row(row, measured):
    value, unit = row["effective"], f" {row['unit']}" if row["unit"] else ""
    here, assumed = None, None
    if value is None:
        known, origin = measured.get(row["name"], (None, ""))
        here = "not measured" if known is None else join(tag("b", f"{known:.4g}{unit}"), tag("small", origin))
    else:
        assumed = tag("b", value if isinstance(value, str) else f"{plain(value)}{unit}", data_parameter=row["name"])
    kind = "measured" if value is None else "choice" if row["source"].startswith("a choice") else "assumed"
    source = "set by hand instead of the measurement" if value is not None and row["source"] == "measured here" else row["source"]
    meaning = row["meaning"].split("; NULL")[0]
    return [join(meaning[:1].upper() + meaning[1:], tag("small", tag("code", row["name"]))), here, assumed, source], kind


def overhead_row(found, row):
    side = "vm" if row["option"] == "vm" else "lambda"
    url = found["run"].get(f"{side} url")
    name = f"What {BEFORE[row['option']]} adds to the latency"
    if url:
        return [name, join("included in the latency measured at ", tag("b", url)), join(tag("s", row["figure"]), tag("small", "replaced")),
                row["source"]], "measured"
    here = choose.medians(found, side)
    alone = f"median without it {milliseconds(here[1])} to {milliseconds(here[2])} ms" if here else "not measured"
    together = f"together about {milliseconds(here[1] + row['ms'])} to {milliseconds(here[2] + row['ms'])} ms" \
        if here and row["ms"] is not None else "not known, so nothing is added" if row["ms"] is None else None
    if side == "vm":
        return [name, f"measured with the pool: {alone.replace('without it ', '')}", row["figure"], row["source"]], "measured"
    return [name, join("cannot be measured here", tag("small", alone)), join(row["figure"], tag("small", together)),
            join(row["source"], " ", badge(row["status"]))], "assumed"


def counted(found):
    """Return the row with the number of requests."""
    requests = sum(row["n"] for row in found["latency"])
    failed = sum(row["failed"] for row in found["latency"])
    return [(["Requests sent at constant rates and in a closed loop",
              join(tag("b", f"{requests:,}"), tag("small", f"{failed:,} failed")), None, "measured"], "measured")]


def part(found):
    measured = measured_values(found)
    rows = counted(found)
    rows += [overhead_row(found, row) for row in sorted(found["overheads"], key=lambda row: list(BEFORE).index(row["option"]))]
    order = ("measured", "assumed", "choice")
    evidence = {row["name"]: row for row in found["evidence"]}
    rows += sorted((evidence_row(row, evidence[row["name"]]) if row["name"] in evidence else parameter_row(row, measured)
                    for row in found["parameters"]), key=lambda row: order.index(row[1]))
    own = "Durations" if "inits" in found["run"] else "Durations and inits"
    limits = TRUST[0], *(LOG if "durations" in found["run"] else [one.format(own) for one in LAMBDA_HOST]), *TRUST[1:]
    return section(
        "assumed", "What is measured, what is assumed",
        tag("p", "Measure a real deployment to replace an assumption: ", tag("code", "--lambda-url URL"), " and ",
            tag("code", "--vm-url URL"), " measure its latency, and ", tag("code", "--reports FILE"),
            " takes memory size, billed durations, inits and the share of cold starts from a log of Lambda."),
        table("Measured and assumed, side by side", ("What", "Measured", "Assumed", "Source"), "tttt", rows, stack="stack"),
        tag("h3", "Limits of the measurement"), tag("ul", [tag("li", one) for one in limits], class_="trust"))


def mix(found):
    total = sum(row["share"] or 0 for row in found["endpoints"])
    rows = [([join(row["name"], tag("small", row["description"])), f"{(row['share'] or 0) / total * 100:.3g} %" if total else "–",
              plain(row["share"]), f"{row['request_bytes']:,}", f"{row['response_bytes']:,}"], None) for row in found["endpoints"]]
    return section("mix", "The mix of requests", table("The mix", ("", "of all", "share", "bytes in", "bytes out"), "tnnnn", rows))
