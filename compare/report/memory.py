"""The part of the report about the memory sizes of the function."""

from names import is_other
from ways import cheapest_size
from words import milliseconds, price, say

from .bars import bar
from .markup import join, section, table, tag

ARCHITECTURES = ("arm64", "x86_64")


def cells(found, sizes, memory, best):
    either = sizes.get((memory, "arm64")) or sizes[memory, "x86_64"]
    costs = [sizes.get((memory, name)) for name in ARCHITECTURES]
    marks = [tag("span", say("cheapest"), class_="badge best") if memory == best else None,
             tag("span", say("scenario"), class_="badge sure") if memory == found["setting"]["memory_mb"] else None]
    longest = max(row["duration_ms"] for row in sizes.values())
    dearest = max(row["cost_per_million"] for row in sizes.values())
    return [join(f"{memory:,} MB ", *marks), milliseconds(either["duration_ms"]), f"{either['billed_ms']:.2f}",
            *("–" if row is None else price(round(row["cost_per_million"], 4)) for row in costs),
            bar([(either["duration_ms"], "lambda", None)], longest), bar([(either["cost_per_million"], "lambda", None)], dearest)]


def part(found):
    title, sizes = say("Memory sizes of the function"), {(row["memory_mb"], row["architecture"]): row for row in found["memory_sizes"]}
    memories = sorted({memory for memory, _ in sizes})
    if not memories:
        return section("memory", title, tag("p", say("No memory size was measured.") if is_other(found) else
                                            say("There is no bill: no memory size was measured, or the region has no prices.")))
    best = cheapest_size(found)
    why = None if "durations" in found["run"] else found["run"].get("memory sizes")
    rows = [(cells(found, sizes, memory, best), "best" if memory == best else None) for memory in memories]
    return section(
        "memory", title, tag("p", say("Measured {how}.", how=say(why)), class_="note") if why else None,
        tag("p", say("Lambda gives processor time in proportion to the memory; 1,769 MB correspond to one processor. Each size was measured"
                     " with its share of a processor, one request at a time. With a smaller share a request takes longer, so the smallest size need not be"
                     " the cheapest. The cost is for compute only, inits included, without the free tier. The duration is that of the process"
                     " alone; the same is taken for arm64 and x86_64.") if len(memories) > 1
            else say("Only one memory size is known. The cost is for compute only, inits included.")),
        tag("p", say("No size is clearly the cheapest: the difference to another one is within twice the standard errors of their costs."), class_="note")
        if best is None and len(memories) > 1 else None,
        table(say("Memory sizes: duration and cost of the mix"), ("", say("duration ms"), say("billed ms"), say("arm64, a million"),
                                                                  say("x86_64, a million"), say("duration"), say("cost")), "tnnnngg", rows))
