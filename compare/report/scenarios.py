"""The scenarios side by side: what each way costs, and where it is the cheaper side."""

from names import target_name, when
from ways import WAYS
from words import money, say

from . import choose, lacks
from .markup import join, quoted, section, table, tag

TIERS = ("Without the free tier", "With the free tier")


def cell(scenario, key, free):
    """Return the bill of a way in a scenario, its VMs, and the volumes at which it is the cheaper side."""
    way = next((one for one in scenario["ways"][free] if one["key"] == key), None)
    if not way:
        return "–"
    n = scenario["fleet"].get(way["option"])
    machines = f"{n:,.0f} × {way['option'].partition(' ')[2]}" if key == "vm" and n else None
    best = min(one["cost"] for one in scenario["ways"][free])
    return join(tag("b", money(way["cost"]), data_scenario=scenario["name"], data_way=key,
                    class_="least" if way["cost"] == best else None),
                tag("small", machines) if machines else None,
                tag("small", when(way["stretches"], choose.side_of(key))))


def tier_table(found, free):
    keys = [key for key in WAYS if any(way["key"] == key for one in found["scenarios"] for way in one["ways"][free])]
    heads = ["", *(one["name"] for one in found["scenarios"])]
    if not keys:
        return tag("p", say("There is no bill: measurements are missing, or the region has no prices."))
    rows = [([say("best VM") if key == "vm" else target_name(key)] + [cell(one, key, free) for one in found["scenarios"]],
             f"{choose.side_of(key)} {key}") for key in keys]
    return table(say(TIERS[free]), heads, "t" + "n" * len(found["scenarios"]), rows)


def part(found):
    meanings = [join(tag("dt", one["name"]), tag("dd", quoted(one["meaning"]))) for one in found["scenarios"]]
    return section(
        "scenarios", say("Four scenarios side by side") if len(found["scenarios"]) == 4 else say("The scenarios side by side"),
        tag("dl", meanings),
        tier_table(found, choose.PAID),
        tag("p", say("Small print: the volumes, in requests a month, at which the way is cheaper than the best of the other side. “–”:"
                     " measurements or prices are missing."), class_="note"),
        lacks.prices(found),
        tag("details", tag("summary", say("With the free tier on both sides")), tier_table(found, choose.FREE)))
