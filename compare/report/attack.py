"""The assumptions that an architect would attack first, each with its answer from the model."""

import flip
from summary import CASES
from names import is_other, simulated_from, target_name, when
from ways import GATEWAYS
from words import count, figures, milliseconds, money, say

from . import adds, choose, duration
from .markup import join, said, section, tag

HOURLY = CASES["work"]["hourly_rate"]


def winner(costs):
    """Return a sentence on which side is cheaper, with both bills; None if one is unknown."""
    function, machine = flip.best(costs)
    if function is None or machine is None:
        return None
    if function == machine:
        return say("Both cost {cost}.", cost=money(machine))
    text = "Lambda is cheaper: {function}, the VM {machine}." if function < machine else "The VM is cheaper: {machine}, Lambda {function}."
    return say(text, function=money(function), machine=money(machine))


def case(found, name, condition, **values):
    """Return a sentence on the bills in a case, or None."""
    text = winner(found["cases"][name])
    return say("{condition}: {winner}", condition=say(condition, **values), winner=text) if text else None


def scenario(found, name):
    one = next((one for one in found["scenarios"] if one["name"] == name), None)
    costs = {way["key"]: way["cost"] for way in one["ways"][choose.PAID]} if one else {}
    text = winner(costs)
    return say("Scenario {name}: {winner}", name=name, winner=text) if text else None


def durations(found):
    slower = CASES["slow"]["billed_ms"]
    return [tag("p", duration.text(found)),
            case(found, "slow", "With a billed duration of {ms} ms", ms=figures(slower)) if found["demand"]["billed_ms"] < slower else None,
            case(found, "memory", "With {mb} MB and the same duration", mb=figures(CASES["memory"]["memory_mb"]))]


def cold(found):
    waits = found["demand"]["init_ms"]
    return [say("An init is billed; {ms} ms are counted, for {share} % of the requests. A client that meets one waits for the init, and for what"
                " AWS does before it.", ms=figures(waits), share=figures(found["setting"]["cold_share"] * 100)),
            *[say("{name}: p99 is {with_} ms with cold starts in this share, {without} ms without.", name=target_name(row["target"]),
                  with_=milliseconds(row["p99"]), without=milliseconds(row["warm_p99"])) for row in found["mixed"]
              if row["cold"] and row["p99"] is not None and row["warm_p99"] is not None],
            case(found, "cold", "Not simulated, with {share} % cold starts" if found["demand"]["simulated"] else "With {share} % cold starts", share=figures(CASES["cold"]["cold_share"] * 100))]


def machine(found):
    return [say("In the scenario that the page leads with, one VM may be enough; then it is one machine in one zone. A function runs in several"
                " zones."), scenario(found, "available"),
            case(found, "nat", "The VMs of that scenario have public addresses to reach CloudWatch and updates. With a NAT gateway instead")]


def gateway(found):
    """Return the bills of the functions behind the other gateways, with the volumes at which they are the cheaper side."""
    best = choose.cheapest(found, choose.PAID, "lambda")
    others = [say("{way}: {cost}, cheaper than the VM: {when}", way=target_name(way["key"]), cost=money(way["cost"]), when=when(way["stretches"], "lambda"))
              for way in found["ways"][choose.PAID] if way["key"] not in ("vm", best and best["key"])]
    return [say("{list}.", list=say("; ").join(others)) if others else say("There is no other.")]


def busiest(found):
    """Return what the VMs hold in the busiest time."""
    setting, traffic = found["setting"], simulated_from(found)
    if traffic:
        return say("Enough VMs are counted for 99 % of the requests to be answered within {ms} ms in the busiest time ({what}).",
                   ms=figures(setting["p99_ms"]), what=traffic)
    return say("The busiest second has {peak} times the mean rate, and {headroom} % of the processor stay idle in it; burstable types stay within"
               " their baseline over the month.", peak=figures(setting["peak_factor"]), headroom=figures(setting["headroom"] * 100))


def peak(found):
    vm = choose.cheapest(found, choose.PAID, "vm")
    n = choose.fleet(found, vm["option"]) if vm else None
    return [busiest(found),
            say("For that {n} × {type} suffice.", n=f"{n:,.0f}", type=vm["option"].partition(" ")[2]) if n else None,
            case(found, "peak", "Not simulated, with {peak} times the mean rate" if found["demand"]["simulated"] else "With {peak} times the mean rate", peak=figures(CASES["peak"]["peak_factor"]))]


def work(found):
    function, vm = flip.best(found["cases"]["now"])
    gap = say("The bills differ by {gap} a month: {minutes} minutes of work at {rate} an hour.", gap=money(abs(function - vm)),
              minutes=f"{abs(function - vm) / HOURLY * 60:,.0f}", rate=money(HOURLY)) if None not in (function, vm) else None
    setting = found["setting"]
    counted = setting["hourly_rate"] > 0 and setting["vm_hours"] + setting["lambda_hours"] > 0
    return [say("People’s work is in the bills: {vm} h a month for the VM, {function} h for Lambda.", vm=figures(setting["vm_hours"]),
                function=figures(setting["lambda_hours"])) if counted else say("No bill has people’s work: it differs more between teams than between"
                                                                              " ways. Set lambda_hours, vm_hours and hourly_rate."), gap,
            case(found, "work", "With an hour a month for the VM, at {rate}", rate=money(HOURLY))]


def commitment(found):
    return [scenario(found, "committed"), case(found, "spot", "With Spot instead")]


def doubtful(found):
    """Return how many items of the two best bills have a price that is not from AWS itself, of how many."""
    best = {way["option"] for way in (choose.cheapest(found, choose.PAID, one) for one in ("vm", "lambda")) if way}
    items = {line["item"] for bill in choose.bills(found, choose.PAID) if bill["option"] in best for line in bill["lines"]}
    rows = [row for row in found["prices"] if row["item"] in items and row["counts"]]
    return len({row["item"] for row in rows if row["status"] != "aws"}), len(items)


def prices(found):
    weak, n = doubtful(found)
    return [say("Of the {n} items in the bills of the best VM and the best function, {weak} have a price from third-party sources; the table of"
                " prices marks them.", n=n, weak=weak), tag("a", say("Prices"), href="#prices")]


def free(found):
    ways = {way["key"]: way["cost"] for way in found["ways"][choose.FREE]}
    text = winner(ways)
    return [say("Allowances apply to an account, not to a service: another service may have used them up. So the page leads without them, on both"
                " sides."), say("With them: {winner}", winner=text) if text else None,
            say("The allowances are those of the regions outside of China; whether this region has the same is not known.")
            if found["setting"]["region"].startswith("cn-") else None]


def big_answers(found):
    size = (found["demand"]["out_gb"] or 0) * found["setting"]["gb_bytes"]
    text = "An answer of the mix has {bytes} bytes with its headers, and both sides pay the same price for transfer to the Internet."
    if found["demand"]["tls_gb"]:
        text = "An answer of the mix has {bytes} bytes with its headers, and both sides pay the same price for transfer to the Internet; the VM" \
            " pays for its TLS handshakes, too."
    return [say(text, bytes=figures(round(size))),
            case(found, "cdn", "With CloudFront in front of both"),
            say("A GB of transfer and logs has {bytes} bytes; AWS’s price lists do not say whether it is 10⁹ or 2³⁰.",
                bytes=f"{found['setting']['gb_bytes']:,.0f}"), case(found, "gb", "With 2³⁰ bytes")]


def quotas(found):
    rows = [(row["requests"], way["key"], row) for way in found["ways"][choose.PAID] for row in choose.quotas(found, way["key"])[:1]]
    if not rows:
        return [say("No way needs more than a default quota.")]
    volume, _, row = min(rows, key=lambda one: one[0])
    state = "The scenario’s volume is above that." if found["setting"]["requests"] >= volume else "The scenario’s volume is below that."
    return [say("The first default quota is reached at {volume} requests a month: {limit} {what}.", volume=count(volume),
                limit=f"{row['value']:,.0f}", what=say(row["meaning"])), say(state)]


def latency(found):
    known = [say("{way}: {least} to {most} ms", way=target_name(key), least=figures(ends[0]), most=figures(ends[1]))
             for key in GATEWAYS if (ends := adds.added(found, key))]
    urls = [choose.url(found, key) for key in ("lambda", *GATEWAYS)]
    if any(urls):
        return [said("Latency was measured at {urls}; that includes what AWS adds.", urls=join([[url, " "] for url in urls if url]))]
    return [say("It is not measured on the machine of the run. Published figures of what the gateways add: {list}. For the others none was found.",
                list=say("; ").join(known)) if known else say("It is not measured on the machine of the run, and no figure is known.")]


def processors(found):
    text = "A request is taken to need the same time on arm64 and x86_64, and a processor of a VM is taken to be {speed} times as fast as one of" \
        " the machine of the run. See the ranges of vm_speed and vm_cpu_ms under “What would flip it”."
    if is_other(found):
        text = "A request is taken to need the same time on arm64 and x86_64, and a processor of a VM is taken to be {speed} times as fast as the one" \
            " that vm_cpu_ms is from. See the range of vm_speed under “What would flip it”."
    return [say(text, speed=figures(found["setting"]["vm_speed"]))]


ATTACKS = (
    ("The function takes longer than the bills count.", durations), ("Cold starts are ignored.", cold), ("One VM is no service.", machine),
    ("We need another gateway.", gateway), ("The VM cannot carry the peak.", peak),
    ("Somebody has to look after the VM.", work), ("Nobody pays on-demand prices.", commitment),
    ("The prices are second-hand.", prices), ("The free tier decides.", free), ("Our answers are larger.", big_answers),
    ("At our volume AWS throttles.", quotas), ("What AWS adds to the latency is missing.", latency), ("Our processor is another one.", processors))


def answer(parts):
    """Return the paragraphs of an answer, or that there is none."""
    blocks, texts = [], []
    for part in parts:
        if part is None:
            continue
        if str(part).startswith("<p"):
            blocks.append(part)
        else:
            texts.append([part, " "])
    if not blocks and not texts:
        texts = [say("Only one side has a bill, so that there is nothing to compare.")]
    return [*blocks, tag("p", texts) if texts else None]


def part(found):
    if not found["ways"][choose.PAID]:
        return section("attack", say("Which assumption would you attack?"), tag("p", say("There is no bill to attack.")))
    return section("attack", say("Which assumption would you attack?"),
                   tag("p", say("Each bill below is computed by the same model, without the free tier, with the best way of each side."), class_="note"),
                   tag("div", [tag("div", tag("h3", say(question)), answer(parts(found))) for question, parts in ATTACKS], class_="pair attacks"))
