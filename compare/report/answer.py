"""The first part of the report: the cheapest option, the volumes at which it changes, and the latencies of both sides."""

from summary import GATEWAYS, count, milliseconds, option_name

from . import choose, chart
from .bars import Rung, ladder
from .markup import dollars, figure, join, legend, section, tag

NAMES = {"lambda": "Lambda", "vm": "VM"}
BEHIND = {"http": "behind an HTTP API", "rest": "behind a REST API", "url": "by function URL"}


def priced(bill, other):
    """Return the text of a bill with and without the free tier."""
    return join(tag("b", dollars(bill["cost"])), f" ({dollars(other['cost'])} without the free tier)" if other else "")


def other_tier(found, bill):
    return next((one for one in choose.bills(found, 0) if one["option"] == bill["option"]), None)


def cheapest_text(found):
    best, machine = choose.cheapest(found, 1), choose.cheapest(found, 1, "vm")
    if not best:
        return tag("p", "There is no bill: measurements are missing, or the region has no prices.")
    volume = count(found["setting"]["requests"])
    said = [f"For {volume} requests a month the cheapest option is ", tag("strong", option_name(best["option"])), ": ",
            priced(best, other_tier(found, best))]
    function = choose.cheapest(found, 1, "lambda")
    if machine and machine is not best:
        said += ["; the cheapest VM, ", tag("strong", choose.fleet(found, machine["option"])), ", costs ",
                 priced(machine, other_tier(found, machine))]
    elif function and function is not best:
        _, gateway, architecture = function["option"].split()
        said += ["; the cheapest Lambda, ", tag("strong", f"{BEHIND[gateway]} on {architecture}"), ", costs ",
                 priced(function, other_tier(found, function))]
    said += [f"; {NAMES[side]} has no bill: measurements or prices are missing" for side, one in
             (("vm", machine), ("lambda", function)) if not one]
    bare = choose.cheapest(found, 0)
    if bare and bare["option"] != best["option"]:
        said += [". Without the free tier the cheapest is ", tag("strong", option_name(bare["option"])), f", {dollars(bare['cost'])}"]
    return tag("p", said, ".")


def volumes(stretches):
    """Return the volumes at which Lambda is cheaper: "below 6.3 million". Each further VM can add more break-evens; then the
    text names the first and the last."""
    ends = [count(start) for start, _, _ in stretches[1:]]
    if not ends:
        return "at every volume" if stretches and stretches[0][2] == "lambda" else "at no volume"
    word = "below" if stretches[0][2] == "lambda" else "above"
    return f"{word} {ends[0]}" if len(ends) == 1 else f"{word} {ends[0]} and at some volumes up to {ends[-1]}"


def enumerated(items):
    """Return a list in words: "one, two and three"."""
    return join([join("" if not i else " and " if i == len(items) - 1 else ", ", one) for i, one in enumerate(items)])


def break_even_text(found, machine):
    said, bare = [], []
    for gateway in choose.GATEWAYS:
        function = f"lambda {gateway} arm64"
        free, paid = (volumes(choose.stretches(found, tier, machine, function)) for tier in (1, 0))
        if choose.stretches(found, 1, machine, function):
            said.append(join(tag("b", free), f" {BEHIND[gateway]}"))
            bare.append(f"{paid} {BEHIND[gateway]}")
    if not said:
        return None
    return tag("p", f"Lambda is cheaper than as many VMs ({machine.partition(' ')[2]}) as the load needs ", enumerated(said),
               ", in requests a month; without the free tier ", enumerated(bare), ".")


def latency_text(found):
    vm, function = choose.medians(found, "vm"), choose.medians(found, "lambda")
    if not vm and not function:
        return tag("p", "No latency was measured.")

    def between(found_medians):
        _, least, most = found_medians
        return tag("b", f"{milliseconds(least)} to {milliseconds(most)} ms")
    parts = [join(between(one), f" {name}") for one, name in
             ((vm, "for the VM"), (function, "for Lambda")) if one]
    elsewhere = any(found["run"].get(f"{side} url") for side in ("vm", "lambda"))
    return tag("p", f"At {(vm or function)[0]:g} requests a second the median latency was ",
               [join(", " if i else "", part) for i, part in enumerate(parts)], ", depending on the endpoint, ",
               "measured at the URLs given." if elsewhere else
               join("measured on this machine. AWS adds the network, the gateway and Lambda itself: ",
                    tag("a", "what is measured, what is assumed", href="#assumed"), "."))


def who_is_cheaper(found, machine):
    rungs = []
    for gateway in choose.GATEWAYS:
        stretches = choose.stretches(found, 1, machine, f"lambda {gateway} arm64")
        if stretches:
            rungs.append(Rung(GATEWAYS[gateway], [(start, end, who, f"{NAMES[who]} is cheaper")
                                                  for start, end, who in stretches]))
    if not rungs:
        return None
    name = machine.partition(" ")[2]
    label = f"Which is cheaper, Lambda or {name}, by requests a month: " + "; ".join(
        f"{rung.name}: Lambda {volumes([one[:3] for one in rung.stretches])}"
        for rung in rungs)
    bounds = choose.first_volume(found), choose.VOLUMES[1]
    return figure(
        legend([("lambda", "Lambda is cheaper"), ("vm", f"{name} is cheaper")]),
        chart.at_both_widths(lambda width: ladder(width, label, rungs, bounds, count, found["setting"]["requests"])),
        caption=f"Lambda (arm64) against as many {name} as the load needs, with the free tier.")


def part(found):
    machine = choose.cheapest(found, 1, "vm")
    return section("answer", "The answer", tag("div", cheapest_text(found),
                   break_even_text(found, machine["option"]) if machine else None, latency_text(found), class_="lead"),
                   who_is_cheaper(found, machine["option"]) if machine else None)
