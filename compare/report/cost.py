"""The parts of the report about cost: over the volume, in detail at the volume of the scenario, and the break-evens."""

import functools

from summary import GATEWAYS, GROUPS, count, from_log, option_name, without_bill

from . import chart, choose
from .bars import bar
from .lines import Crossing, Line, cost
from .markup import dollars, figure, join, legend, plain, section, table, tag

LEAST = 0.1  # US dollars at which the axis of bills begins
SHORT = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def brief(number):
    """Return a volume in the short form of an axis: "10 M"."""
    for size, letter in SHORT:
        if number >= size * 0.999:
            return f"{number / size:.3g} {letter}"
    return f"{number:.3g}"


def tick(cost):
    return f"${brief(cost).replace(' ', '')}" if cost >= 1 else f"${cost:g}"


def chart_lines(found, free, machine):
    lines = [Line(choose.curve(found, f"lambda {gateway} arm64", free), gateway, f"Lambda, {GATEWAYS[gateway]}")
             for gateway in choose.GATEWAYS]
    lines += [Line(choose.envelope(found, free), "envelope", "cheapest VMs"),
              Line(choose.curve(found, machine, free), "vm", f"VM {machine.partition(' ')[2]}")]
    return [line for line in lines if line.points]


def crossings(found, free, machine):
    """Return the break-evens of all lines that are shown: those of the one VM, and those of the cheapest VM at each volume."""
    rows = [row for row in choose.break_even(found, free, machine) if row["lambda"].endswith(" arm64")]
    rows += [row for row in choose.on_envelope(found, free, "arm64") if row not in rows]
    return sorted(rows, key=lambda row: row["requests"])


def no_break_even(found):
    missing = without_bill(found)
    return f"No break-even is known, since {' and '.join(missing)} {'has' if len(missing) == 1 else 'have'} no bill." if missing \
        else "No two of the lines cross."


def over_volume(found, free, machine):
    lines, rows = chart_lines(found, free, machine), crossings(found, free, machine)
    marks = [Crossing(row["requests"], row["cost"], brief(row["requests"]), choose.words(row["lambda"])) for row in rows]
    tier = choose.TIERS[free]
    said = "; ".join(f"{option_name(row['lambda'])} and {option_name(row['vm'])} cost the same at {count(row['requests'])}"
                     for row in rows) or no_break_even(found)
    first = choose.first_volume(found)
    highest = max((cost for line in lines for _, cost in line.points), default=1)
    draw = functools.partial(
        cost, label=f"The bill over the requests a month, {tier}. {said}.", lines=lines, crossings=marks,
        x_bounds=(first, choose.VOLUMES[1]), y_bounds=(LEAST, chart.log_bounds([LEAST, highest])[1]), words=(brief, tick),
        here=found["setting"]["requests"])
    listed = [tag("li", tag("b", f"{count(row['requests'])} requests"), f", {dollars(row['cost'])}: "
                  f"{option_name(row['lambda'])} and {option_name(row['vm'])}") for row in rows]
    return tag("article", tag("h3", tier.capitalize()),
               figure(tag("div", legend([(f"stroke {line.class_}", line.label) for line in lines]), class_="narrow"),
                      chart.at_both_widths(lambda width: draw(width))),
               tag("ul", listed, class_="breaks") if listed else tag("p", no_break_even(found), class_="note"))


def volume(found):
    machine = choose.cheapest(found, 1, "vm") or choose.cheapest(found, 0, "vm")
    functions = choose.cheapest(found, 1, "lambda")
    if not machine and not functions:
        return section("volume", "Cost over volume", tag("p", "There is no bill: measurements are missing, or the region has no prices."))
    option = machine["option"] if machine else ""
    return section(
        "volume", "Cost over volume",
        tag("p", "Both axes are logarithmic. A circle marks a break-even, where a VM and Lambda cost the same. Lambda is arm64. The VM"
            " is the cheapest at the scenario’s volume, and there are as many of it as the load needs. The dashed line is the"
            " cheapest type and number of VMs at each volume. Bills below ten cents are not drawn."),
        [over_volume(found, free, option) for free in (1, 0)])


def shown_name(found, option):
    return f"VM {choose.fleet(found, option)}" if choose.side(option) == "vm" else option_name(option)


def short_name(found, option):
    return shown_name(found, option).removeprefix("VM ").removeprefix("Lambda, ").replace(", ", " ")


def bill_bar(found, bill, highest):
    said = [(part, cost) for part in GROUPS if (cost := bill["parts"].get(part))]
    label = f"{shown_name(found, bill['option'])}: {dollars(bill['cost'])} a month" + "".join(
        f", {part} {dollars(cost)}" for part, cost in said)
    return bar([(cost, f"part-{part.lower()}", f"{part}: {dollars(cost)}") for part, cost in said], highest, label,
               "bar" if bill["free"] else "bar thin") if bill["cost"] is not None else None


def bill_table(found, free):
    rows = []
    for bill in choose.bills(found, free):
        cells = [dollars(bill["parts"][part]) if part in bill["parts"] else "" for part in GROUPS]
        total = tag("b", dollars(bill["cost"]), data_option=bill["option"], data_free=str(free))
        rows.append(([short_name(found, bill["option"]), total, *cells], choose.side(bill["option"])))
    heads = ("", "a month", *GROUPS)
    return table(f"Bills in US dollars, {choose.TIERS[free]}", heads, "t" + "n" * (len(GROUPS) + 1), rows)


def bill_list(found):
    """Return a list with two bars for each option: a thick one with the free tier, and a thin one without."""
    highest = max([bill["cost"] or 0 for bill in found["bills"]] + [0.01])
    paid = {bill["option"]: bill for bill in choose.bills(found, 0)}
    items = []
    for one in choose.bills(found, 1):
        other = paid[one["option"]]
        items.append(tag("li", tag("span", shown_name(found, one["option"])),
                         tag("span", tag("b", dollars(one["cost"])), tag("small", f" {dollars(other['cost'])} without")),
                         bill_bar(found, one, highest), bill_bar(found, other, highest)))
    return tag("ul", items, class_="bills")


def apart(found):
    """Return a sentence on the shares of gateway and compute in the bill."""
    said = []
    for gateway in ("http", "rest"):
        bill = next((b for b in choose.bills(found, 0) if b["option"] == f"lambda {gateway} arm64" and b["cost"]), None)
        if bill:
            shares = [bill["parts"].get(part, 0) / bill["cost"] * 100 for part in ("gateway", "compute")]
            said.append(f"behind {'an' if gateway == 'http' else 'a'} {GATEWAYS[gateway]} the gateway is {shares[0]:.0f} % of the"
                        f" bill and compute {shares[1]:.1f} %")
    return tag("p", "Without the free tier, ", "; ".join(said), ".") if said else None


def bill(found):
    scenario = found["setting"]
    return section(
        "bill", f"The bill for {count(scenario['requests'])} requests a month",
        tag("p", f"{scenario['memory_mb']:g} MB{from_log(found, 'memory_mb')}, {scenario['region']},"
            f" {plain(scenario['cold_share'] * 100)} % cold starts{from_log(found, 'cold_share')};"
            " gateway and compute are separate parts. Thick bars are with the free tier, thin ones without."), apart(found),
        legend([(f"part-{part.lower()}", part) for part in GROUPS]),
        bill_list(found),
        [bill_table(found, free) for free in (1, 0)])


def even_cell(found, machine, gateway, free):
    function = f"lambda {gateway} arm64"
    rows = choose.break_even(found, free, machine, function)
    if not rows:
        who = choose.cheaper_everywhere(found, free, machine, function)
        return {"lambda": "always Lambda", "vm": "always the VM"}.get(who, "–")
    ends = [brief(row["requests"]) for row in (rows[0], rows[-1])]
    below = "" if rows[0]["cheaper_below"] == "lambda" else "VM below "
    return below + (ends[0] if len(rows) == 1 else f"{ends[0]} … {ends[1]}")


def even(found):
    """Return the table of the break-even volumes of all VMs."""
    sizes = {f"vm {row['name']}": row for row in found["instances"]}
    rows = []
    for machine in sorted(choose.machines(found), key=lambda option: next(
            (i for i, one in enumerate(choose.bills(found, 1)) if one["option"] == option), 0)):
        size = sizes[machine]
        note = f"{size['vcpus']} vCPU of {size['architecture']}, {size['memory_mb'] / 1024:g} GB" + (
            f", {size['baseline'] * 100:g} % of each without limit" if size["baseline"] < 1 else "")
        rows.append(([join(machine.partition(" ")[2], tag("small", note, class_="wide"))] +
                     [join(even_cell(found, machine, gateway, 1), tag("small", even_cell(found, machine, gateway, 0)))
                      for gateway in choose.GATEWAYS], "vm"))
    return section(
        "break-even", "Break-even for every VM",
        tag("p", "Below this many requests a month Lambda (arm64) is cheaper than as many VMs of this type as the load needs; above"
            " it, the VMs are. k is thousand, M million, G billion. Between two volumes the cheaper side changes with each VM that"
            " is added. Small print: without the free tier."),
        table("Break-even volumes in requests a month", ("VM", *(GATEWAYS[g] for g in choose.GATEWAYS)), "tnnn", rows))
