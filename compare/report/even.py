"""The table of the break-even volumes of all VMs."""

from names import gateway_name
from ways import GATEWAYS
from words import brief, say

from . import choose
from .markup import join, section, table, tag


def functions(found):
    """Return the functions behind each gateway and their processor, which is arm64 where the region has it."""
    options = {bill["option"] for bill in found["bills"]}
    for kind in ("arm64", "x86_64"):
        mine = {gateway: f"lambda {gateway} {kind}" for gateway in GATEWAYS if f"lambda {gateway} {kind}" in options}
        if mine:
            return mine, kind
    return {}, None


def cell(found, machine, function, free):
    """Return below which volume a function is cheaper than as many VMs as the load needs."""
    rows = choose.break_even(found, free, machine, function)
    if not rows:
        costs = {bill["option"]: bill["cost"] for bill in choose.bills(found, free)}
        ours, theirs = costs.get(function), costs.get(machine)
        return "–" if ours is None or theirs is None else say("equal") if ours == theirs else \
            say("always Lambda") if ours < theirs else say("always the VM")
    ends = [brief(row["requests"]) for row in (rows[0], rows[-1])]
    below = ends[0] if len(rows) == 1 else f"{ends[0]} … {ends[1]}"
    return below if rows[0]["cheaper_below"] == "lambda" else say("VM below {volume}", volume=below)


def note(size):
    text = say("{n} vCPU of {architecture}, {memory} GB", n=size["vcpus"], architecture=size["architecture"], memory=f"{size['memory_mb'] / 1024:g}")
    return text + (say(", {share} % of each without limit", share=f"{size['baseline'] * 100:g}") if size["baseline"] < 1 else "")


def part(found):
    sizes = {f"vm {row['name']}": row for row in found["instances"]}
    gateways, kind = functions(found)
    machines = [bill["option"] for bill in choose.bills(found, choose.PAID) if bill["option"] in sizes]
    if not gateways or not machines:
        return section("break-even", say("Break-even for every VM"), tag("p", say("One of the sides has no options in this region.")))
    rows = [([join(machine.partition(" ")[2], tag("small", note(sizes[machine])))] +
             [join(cell(found, machine, function, choose.PAID), tag("small", cell(found, machine, function, choose.FREE)))
              for function in gateways.values()], "vm") for machine in machines]
    return section(
        "break-even", say("Break-even for every VM"),
        tag("p", say("Below this many requests a month Lambda on {kind} is cheaper than as many VMs of this type as the load needs. Between two"
                     " volumes the cheaper side changes with each VM that is added. Small print: with the free tier.", kind=kind)),
        table(say("Break-even volumes in requests a month"), ("VM", *map(gateway_name, gateways)),
              "t" + "n" * len(gateways), rows))
