"""The first part of the report: which way is cheapest and where that changes, in a sentence, a table and a picture."""

from names import from_log, is_from_access_log, log_volume, simulated_from, target_name, when
from ways import GATEWAYS
from words import count, figures, money, say

from . import adds, choose, duration, lacks, volume
from .markup import join, quoted, said, section, table, tag

NOTHING = "There is no bill: measurements are missing, or the region has no prices."
LOGGED = {(True, True): "The volume and the sizes of responses are from your access log.", (True, False): "The volume is from your access log.",
          (False, True): "The sizes of responses are from your access log."}
OTHER = {"vm": "lambda", "lambda": "vm"}


def turn(way):
    """Return a sentence on the volumes at which the cheaper side changes."""
    stretches = way["stretches"]
    if not stretches:
        return None
    if len(stretches) == 1:
        return say("That holds at every volume.")
    if len(stretches) == 2:
        text = "Below {volume} requests a month Lambda is cheaper, above it the VM." if stretches[0][2] == "lambda" else \
            "Below {volume} requests a month the VM is cheaper, above it Lambda."
        return said(text, volume=tag("b", count(stretches[1][0])))
    return said("Lambda is cheaper {when} requests a month.", when=tag("b", when(stretches, "lambda")))


def sentence(found, free):
    """Return the answer in a sentence, or what is missing for it."""
    best = choose.cheapest(found, free)
    if not best:
        return said(NOTHING)
    side = choose.side_of(best["key"])
    other = choose.cheapest(found, free, OTHER[side])
    name = tag("strong", choose.way_name(found, best), class_=side)
    volume_, cost = count(found["setting"]["requests"]), tag("b", money(best["cost"]))
    if not other:
        text = "At {volume} requests a month the cheapest way is {name}: {cost}. The VM has no bill: measurements or prices are missing." \
            if side == "lambda" else \
            "At {volume} requests a month the cheapest way is {name}: {cost}. Lambda has no bill: measurements or prices are missing."
        return said(text, volume=volume_, name=name, cost=cost)
    if money(other["cost"]) == money(best["cost"]):
        return said("At {volume} requests a month {name} and {other} cost the same: {cost}.", volume=volume_, name=name, cost=cost,
                    other=tag("strong", choose.way_name(found, other), class_=OTHER[side]))
    vm = choose.cheapest(found, free, "vm")
    text = "At {volume} requests a month the cheapest way is {name}: {cost}. The cheapest VM, {other}, costs {its}." if side == "lambda" else \
        "At {volume} requests a month the cheapest way is {name}: {cost}. The cheapest function, {other}, costs {its}."
    return join(said(text, volume=volume_, name=name, cost=cost, its=tag("b", money(other["cost"])),
                     other=tag("strong", choose.way_name(found, other), class_=OTHER[side])), " ", turn(vm) or "")


def conditions(found):
    """Return what the answer rests on, in short."""
    setting = found["setting"]
    meaning = next((one["meaning"] for one in found["scenarios"] if one["name"] == found["scenario"]), "")
    traffic, volume_of_log = simulated_from(found), log_volume(found)
    logged = tuple(is_from_access_log(found, name) for name in ("requests", "response_bytes"))
    return join(said("Scenario {name}: {meaning}. {region}, {memory} MB{log}, without the free tier on either side.", name=tag("b", found["scenario"]),
                     meaning=quoted(meaning), region=setting["region"], memory=figures(setting["memory_mb"]), log=from_log(found, "memory_mb")),
                [" ", said("VMs: {what}." if from_log(found, "cold_share") else "Cold starts and VMs: {what}.", what=tag("a", traffic, href="#traffic"))]
                if traffic else None,
                [" ", say(LOGGED[logged])] if any(logged) else None,
                [" ", tag("b", volume_of_log)] if volume_of_log else None)


def row(found, way, best):
    mark = tag("span", say("cheapest"), class_="badge best") if money(way["cost"]) == money(best["cost"]) else None
    who = choose.side_of(way["key"])
    over = [one for one in choose.quotas(found, way["key"]) if one["requests"] <= found["setting"]["requests"]]
    missing = lacks.of(way["key"], found["setting"], choose.fleet(found, way["option"]))
    missing += [say("exceeds a default quota: {what}", what=say(one["meaning"])) for one in over]
    return [join(tag("b", choose.way_name(found, way)), " ", mark),
            tag("b", money(way["cost"]), data_way=way["key"]), when(way["stretches"], who),
            adds.text(found, way["key"], "p50"), adds.text(found, way["key"], "p99"),
            tag("ul", [tag("li", one) for one in missing], class_="lacks") if missing else "–"], f"{who} {way['key']}"


def where(found):
    """Return how the latencies of the table were found."""
    rates = {row["target"]: row["rate"] for row in found["mixed"]}
    if not rates:
        return say("No latency was measured.")
    vm, function = (choose.url(found, side) for side in ("vm", "lambda"))
    cold = max(row["cold"] for row in found["mixed"])
    text = "p50 and p99: of the mix of requests, at {rate} a second, without cold starts." if not cold else \
        "p50 and p99: what a client waits for the mix of requests, at {rate} a second; behind Lambda {share} % of them meet a cold start."
    notes = [said(text, rate=f"{max(rates.values()):g}", share=figures(cold * 100))]
    notes += [said("VM: measured at {url}.", url=tag("b", vm)) if vm else
              say("VM: measured on the machine of this run, without a network and without TLS.") if "vm" in rates else None]
    notes += [said("{name}: measured at {url}.", name=target_name(key), url=tag("b", choose.url(found, key) or "–"))
              for key in GATEWAYS if key in rates]
    if function and not any(key in rates for key in GATEWAYS):
        notes.append(said("Lambda: measured at {url}; a gateway without a figure was not measured.", url=tag("b", function)))
    elif "lambda-host" in rates:
        notes.append(say("Lambda: measured on the machine of this run, and taken to be as fast on arm64 as on x86_64; the interval adds what AWS’s"
                         " gateway takes by published figures. The network, and what Lambda itself takes, come on top of both ends."))
    return [[note, " "] for note in notes if note]


def ways_table(found):
    best = choose.cheapest(found, choose.PAID)
    rows = [row(found, way, best) for way in sorted(found["ways"][choose.PAID], key=lambda way: way["cost"])]
    heads = (say("way"), say("a month"), say("cheaper than the other side, at requests a month"), say("p50, ms"), say("p99, ms"), say("what it lacks"))
    return table(say("The sensible ways, the cheapest first"), heads, "tnnnnt", rows)


def part(found):
    lead = tag("div", tag("p", sentence(found, choose.PAID)), class_="lead")
    if not found["ways"][choose.PAID]:
        return section("answer", say("The answer"), lead, lacks.prices(found))
    return section(
        "answer", say("The answer"), lead, tag("p", conditions(found), class_="note"),
        tag("p", duration.text(found), class_="note"),
        ways_table(found), tag("p", where(found), class_="note"), volume.picture(found, choose.PAID),
        tag("p", tag("b", say("With the free tier on both sides: ")), sentence(found, choose.FREE), class_="note"))
