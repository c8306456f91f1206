"""The part of the report with the bills in detail: sorted by cost, equal ones together, each opens to its lines."""

import itertools

from summary import GROUPS
from names import from_log, simulated_mark, target_name
from ways import side, way_of
from words import count, figures, money, price, say, listed

from . import choose
from .bars import bar
from .markup import join, said, section, table, tag


def unit_and_price(found, line):
    """Return the unit of a line and its price, or that of the first and the last tier."""
    tiers = sorted(((row["above"], row) for row in found["prices"] if row["item"] == line["item"] and row["counts"]), key=lambda one: one[0])
    if line["item"] == "people":
        return say("hour"), price(found["setting"]["hourly_rate"])
    if not tiers:
        return "", "–"
    counted = [row["price"] for above, row in tiers if above == 0 or above < (line["billed"] or 0)] or [tiers[0][1]["price"]]
    return say(tiers[0][1]["unit"]), price(counted[0]) if len(counted) == 1 else say(
        "{first} to {last}, by tier", first=price(counted[0]), last=price(counted[-1]))


def line_row(found, line):
    unit, each = unit_and_price(found, line)
    free = tag("small", said("{n} after the free tier", n=figures(line["billed"]))) if line["billed"] != line["quantity"] else None
    return [join(say(line["part"]), tag("small", tag("code", line["item"]))), join(figures(line["quantity"]), free), unit, each,
            money(line["cost"])], None


def lines(found, bill, name):
    rows = [line_row(found, line) for line in sorted(bill["lines"], key=lambda line: -(line["cost"] or 0))]
    return table(name, (say("item"), say("quantity"), say("unit"), say("price"), say("cost")), "tntnn", rows, stack="stack fold")


def bill_bar(bill, highest, name):
    parts = [(group, cost) for group in GROUPS if (cost := bill["parts"].get(group))]
    label = say("{name}: {cost} a month", name=name, cost=money(bill["cost"])) + "".join(
        say(", {part} {cost}", part=say(group), cost=money(cost)) for group, cost in parts)
    shades = {group: i for i, group in enumerate(GROUPS)}
    return bar([(cost, f"p{shades[group]}", say("{part}: {cost}", part=say(group), cost=money(cost))) for group, cost in parts], highest, label,
               f"bar {side(bill['option'])}")


def group_name(found, bills):
    """Return the name of bills that are equal: "Lambda, HTTP API: arm64, x86_64"."""
    if side(bills[0]["option"]) == "vm":
        return listed([choose.shown_name(found, bill["option"]) for bill in bills])
    ways = {}
    for bill in bills:
        _, gateway, kind = bill["option"].split()
        ways.setdefault(gateway, []).append(say(kind))
    return say("; ").join(say("{way}: {kinds}", way=target_name(way), kinds=say(", ").join(kinds)) for way, kinds in ways.items())


def without_price(bill):
    """Return the items of a bill that have no price."""
    return sorted({line["item"] for line in bill["lines"] if line["cost"] is None and line["quantity"] is not None})


def together(bills):
    """Return lists of the bills of one side that show the same cost, or lack the same prices, in their order."""
    def key(bill):
        return side(bill["option"]), money(bill["cost"]), without_price(bill)
    return [list(group) for _, group in itertools.groupby(sorted(bills, key=lambda bill: (
        bill["cost"] is None, bill["cost"] and round(bill["cost"], 2), side(bill["option"]), without_price(bill), bill["option"])), key)]


def entry(found, bills, highest):
    first, name = bills[0], group_name(found, bills)
    over = {row["quota"]: row for bill in bills for row in choose.quotas(found, way_of(bill["option"]))
            if row["requests"] <= found["setting"]["requests"] and side(bill["option"]) == "lambda"}
    marks = [tag("span", "▲ ", say("exceeds a default quota: {what}", what=say(row["meaning"])), class_="badge unsure") for row in over.values()]
    parts = say(", ").join(f"{say(group)} {money(cost)}" for group in GROUPS if (cost := first["parts"].get(group)))
    missing = without_price(first)
    why = said("no bill: there is no price of {items}", items=tag("code", ", ".join(missing))) if missing else \
        say("no bill: the measurement is missing, or its memory is too small") if first["cost"] is None else parts
    total = [tag("b", money(bill["cost"]) if not i else None, data_option=bill["option"], data_free=str(bill["free"]),
                 data_cost=money(bill["cost"])) for i, bill in enumerate(bills)]
    return tag("details", tag("summary", tag("span", name, " ", marks), tag("span", total), tag("small", why),
                              bill_bar(first, highest, name) if first["cost"] is not None else None),
               [lines(found, bill, choose.shown_name(found, bill["option"])) for bill in bills], class_=f"bill {side(first['option'])}")


def listing(found, free):
    bills = choose.bills(found, free)
    highest = max([bill["cost"] or 0 for bill in bills] + [0.01])
    return [entry(found, group, highest) for group in together(bills)]


def gateway_share(found):
    """Return a sentence on the shares of the gateway and of Lambda's requests and compute in the bill."""
    items = []
    for way in found["ways"][choose.PAID]:
        bill = next(one for one in choose.bills(found, choose.PAID) if one["option"] == way["option"])
        if way["key"] in ("http", "rest", "alb") and bill["cost"]:
            shares = [bill["parts"].get(part, 0) / bill["cost"] * 100 for part in ("gateway", "Lambda")]
            items.append(say("{way}: gateway {gateway} %, Lambda itself {function} %", way=target_name(way["key"]), gateway=f"{shares[0]:.0f}",
                             function=f"{shares[1]:.1f}"))
    return tag("p", say("Shares of the bill: {list}.", list=say("; ").join(items))) if items else None


def part(found):
    setting, title = found["setting"], say("The bills for {volume} requests a month", volume=count(found["setting"]["requests"]))
    if not found["bills"]:
        return section("bill", title, tag("p", say("The region {region} has no price of a VM or of a function.", region=setting["region"])))
    return section(
        "bill", title,
        tag("p", say("Scenario {name}, {memory} MB{log}, {region}, {cold} % cold starts{share}. The cheapest first; each opens to its lines with"
                     " quantity, unit, price and cost.", name=found["scenario"], log=from_log(found, "memory_mb"), share=from_log(found, "cold_share") or simulated_mark(found),
                     memory=figures(setting["memory_mb"]), region=setting["region"], cold=figures(setting["cold_share"] * 100))),
        gateway_share(found),
        tag("h3", say("Without the free tier")), tag("div", listing(found, choose.PAID), class_="bills"),
        tag("details", tag("summary", say("With the free tier on both sides")), tag("div", listing(found, choose.FREE), class_="bills"),
            class_="tier"))
