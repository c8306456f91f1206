"""The part of the report about the memory sizes of the function."""

from summary import cheapest_size, milliseconds

from .bars import bar
from .markup import join, section, table, tag

TITLE = "Memory sizes of the function"


def part(found):
    sizes = {(row["memory_mb"], row["architecture"]): row for row in found["memory_sizes"]}
    memories = sorted({memory for memory, _ in sizes})
    if not memories:
        return section("memory", TITLE, tag("p", "There is no bill: no memory size was measured, or the region has no prices."))
    longest = max(row["duration_ms"] for row in sizes.values())
    dearest = max(row["cost_per_million"] for row in sizes.values())
    best = cheapest_size(found)
    rows = []
    for memory in memories:
        either = sizes.get((memory, "arm64")) or sizes[memory, "x86_64"]
        prices = [sizes.get((memory, name)) for name in ("arm64", "x86_64")]
        marks = [tag("span", "cheapest", class_="badge best") if memory == best else None,
                 tag("span", "scenario", class_="badge sure") if memory == found["setting"]["memory_mb"] else None]
        rows.append(([join(f"{memory:,} MB ", *marks), milliseconds(either["duration_ms"]), f"{either['billed_ms']:.2f}",
                      *("–" if row is None else f"${row['cost_per_million']:.4f}" for row in prices),
                      bar([(either["duration_ms"], "lambda", None)], longest),
                      bar([(either["cost_per_million"], "part-compute", None)], dearest)],
                     "best" if memory == best else None))
    why = None if "durations" in found["run"] else found["run"].get("memory sizes")
    return section(
        "memory", TITLE, tag("p", "Measured ", why, ".", class_="note") if why else None,
        tag("p", "Lambda gives processor time in proportion to the memory; 1,769 MB correspond to one processor. Each size was measured"
            " with its share, one request at a time. With a smaller share a request takes longer, so the smallest size need not be"
            " the cheapest. The price is for compute only, inits included, without the free tier." if len(memories) > 1
            else "Only one memory size is known. The price is for compute only, inits included."),
        table("Memory sizes: duration and cost of the mix", ("", "duration ms", "billed ms", "arm64, a million", "x86_64, a million",
                                                             "duration", "cost"), "tnnnngg", rows))
