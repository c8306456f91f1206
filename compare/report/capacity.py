"""The part of the report about what each side can answer in a closed loop, and the processor time and memory that it needs."""

from summary import is_void
from names import is_other, target_name, vm_on_aws
from words import milliseconds, say

from . import choose, latency
from .bars import bar
from .markup import join, section, table, tag

OURS = ("Closed loop on {n} connections: each sends its next request when the last one is answered; always on the machine of the"
        " run, without TLS. CPU and memory are the sums of nginx and the pool, and of all bootstrap processes.")
OTHER = ("Closed loop on {n} connections: each sends its next request when the last one is answered. CPU and memory are those that the metrics of the"
         " service have.")


def cells(row, most):
    key = row["target"]
    return [join(row["endpoint"], tag("small", target_name(key))), bar([(row["per_second"], choose.side_of(key), None)], most),
            f"{row['per_second']:,.0f}", "–" if row["cpu_ms"] is None else f"{row['cpu_ms']:.3f}",
            "–" if row["memory_mb"] is None else f"{row['memory_mb']:.1f}",
            *("–" if is_void(row) else milliseconds(row[name]) for name in ("p50", "p99")), latency.failed(row)]


def part(found):
    rows = [row for row in found["latency"] if not row["rate"]]
    if not rows:
        return section("capacity", say("Capacity"), tag("p", say("No capacity was measured.")))
    most = max(row["per_second"] for row in rows)
    heads = ("", "", say("requests/s"), say("CPU ms a request"), say("memory MB"), "p50 ms", "p99 ms", say("failed"))
    return section(
        "capacity", say("Capacity"),
        tag("p", say(OTHER if is_other(found) else OURS, n=rows[0]["connections"]), " ", None if choose.is_elsewhere(found) else
            say("lambda-host is not counted, since AWS runs that part.")),
        table(say("Capacity in a closed loop"), heads, "tgnnnnnn", [(cells(row, most), choose.side_of(row["target"])) for row in rows],
              stack="stack fold"), tag("p", " ".join(vm_on_aws(found))) if found["vm_metrics"] else None)
