"""report.html: all results on one page, which loads no other file and runs no script."""

import os

from . import answer, assumed, cold, cost, latency, memory, prices
from .markup import Markup, tag

STYLE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "style.css")
PARTS = (answer.part, latency.part, latency.capacity, cost.volume, cost.bill, cost.even, memory.part, cold.part,
         assumed.part, assumed.mix, prices.part, prices.changing, prices.run)
LINKS = (("latency", "Latency"), ("volume", "Cost"), ("bill", "The bill"), ("memory", "Memory"), ("cold", "Cold starts"),
         ("assumed", "Assumptions"), ("prices", "Prices"), ("change", "Change it"))


def head():
    with open(STYLE, encoding="utf-8") as file:
        style = Markup(file.read())
    return tag("head", tag("meta", charset="utf-8"), tag("title", "serverful: VM or Lambda?"),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", name="color-scheme", content="light dark"), tag("style", style))


def top(found):
    run = found["run"]
    said = ", ".join(filter(None, (run.get("date"), run.get("processor"), f"a {run['kind']} run" if "kind" in run else None)))
    return tag("header", tag("h1", "VM or Lambda?"), tag("p", "What serverful costs and how fast it is: as a pool behind nginx on"
                                                       " a VM, and as a function on Lambda. ", said),
               tag("nav", [tag("a", name, href=f"#{target}") for target, name in LINKS], aria_label="Parts"))


def page(found):
    """Return the HTML of the report. `found` is the result of summary.read()."""
    return Markup("<!DOCTYPE html>\n") + tag("html", head(), tag("body", top(found), tag("main", [part(found) for part in PARTS])),
                                            lang="en") + "\n"
