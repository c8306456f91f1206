"""report.html: all results on one page, which loads no other file and runs no script."""

import os

import words
from names import is_other
from words import say

from . import answer, assumed, attack, bills, capacity, cold, even, flips, latency, memory, prices, replayed, scenarios, traffic, volume
from .markup import Markup, tag

STYLE = os.path.join(os.path.dirname(os.path.realpath(__file__)), "style.css")
PARTS = (answer.part, scenarios.part, flips.part, attack.part, traffic.part, volume.part, bills.part, even.part, latency.part, capacity.part, memory.part,
         cold.part, replayed.part, assumed.part, assumed.mix, prices.part, prices.changing, prices.run)
LINKS = (("scenarios", "Scenarios"), ("flip", "What would flip it"), ("attack", "Attack it"), ("traffic", "Traffic"), ("volume", "Cost"), ("bill", "Bills"),
         ("latency", "Latency"), ("memory", "Memory"), ("assumed", "Assumptions"), ("prices", "Prices"), ("change", "Change it"))


def head():
    with open(STYLE, encoding="utf-8") as file:
        style = Markup(file.read())
    return tag("head", tag("meta", charset="utf-8"), tag("title", say("serverful: VM or Lambda?")),
               tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
               tag("meta", name="color-scheme", content="light dark"), tag("style", style))


def top(found):
    run = found["run"]
    kind = {"quick": say("a quick run"), "full": say("a full run")}.get(run.get("kind"))
    facts = say(", ").join(filter(None, (run.get("date"), run.get("processor"), kind)))
    what = "What this service costs and how fast it is: on a VM, and as a function on Lambda." if is_other(found) else \
        "What serverful costs and how fast it is: as a pool behind nginx on a VM, and as a function on Lambda."
    return tag("header", tag("h1", say("VM or Lambda?")), tag("p", say(what), " ",
        tag("span", facts, lang="en") if facts else None),
               tag("nav", [tag("a", say(name), href=f"#{target}") for target, name in LINKS], aria_label=say("Parts")))


def page(found):
    """Return the HTML of the report in the reader's language. `found` is the result of summary.read()."""
    words.use(words.language(), found["currency"])
    body = tag("body", top(found), tag("main", [part(found) for part in PARTS]))
    return Markup("<!DOCTYPE html>\n") + tag("html", head(), Markup(words.closed_up(body)), lang=words.language()) + "\n"
