#!/usr/bin/python3
"""The report of `serverful compare` in a browser: it loads nothing else, fits a phone and a desktop in light and dark colours and
in both languages, has the figures of the SQL views, and says nothing untrue for the data that there are."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import results_file
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
from check import check as check_edits
import report
import summary
import words
from failure import Failure

try:
    from browser import Browser
except ImportError:
    Browser = None

PARTS = ["answer", "scenarios", "flip", "attack", "traffic", "volume", "bill", "break-even", "latency", "capacity", "memory", "cold", "replay", "assumed", "mix",
         "prices", "change", "run"]
CHARTS = {"answer": 1, "flip": 2, "volume": 1, "latency": 10, "cold": 1}  # number of charts in a part that are visible at one width
SLOW = {"billed_ms": 10}  # what the scenario "slow" has besides the parameters of "standard"

# A script that lists the texts that a chart cuts off and those that overlap.
MISPLACED = """
    const found = [];
    for (const svg of document.querySelectorAll("svg:not(.bar, .key)")) {
        if (!svg.checkVisibility()) continue;
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].map(e => [e.textContent, e.getBoundingClientRect()]);
        texts.forEach(([text, box], i) => {
            if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
                found.push(text + " is cut off");
            for (const [other, its] of texts.slice(0, i))
                if (Math.min(box.right, its.right) - Math.max(box.left, its.left) > 2 &&
                    Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top) > 5)
                    found.push(text + " overlaps " + other);
        });
    }
    return found;"""
# A script that lists the cells of tables and other texts that the window cuts off.
CUT_OFF = """return [...document.querySelectorAll("td, th, p, li, summary, dd, h2, h3")].filter(e => e.checkVisibility())
    .filter(e => { const box = e.getBoundingClientRect();
                   return box.width > 1 && (box.left < -1 || box.right > document.documentElement.clientWidth + 1); })
    .map(e => e.textContent.slice(0, 60));"""
# A script that lists the texts outside of quotations, names and code that a pattern finds, and patterns of an English sentence and of
# spaces that Chinese text does not have.
OWN_TEXTS = """
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), pattern = new RegExp(arguments[0]);
    while (walk.nextNode()) {
        const node = walk.currentNode;
        if (pattern.test(node.data) && !node.parentElement.closest("[lang=en], code, pre, style")) found.push(node.data);
    }
    return found;"""
ENGLISH, SPACED = "[A-Za-z]{2,}( [a-z]{2,}){2,}", "[0-9] %|. [，。；：（）]|[，。；：（）] ."
TEXTS = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"


def sql(path, statement):
    with closing(sqlite3.connect(path)) as db:
        db.executescript(statement)


def read(path):
    with closing(sqlite3.connect(path)) as db:
        return summary.read(db)


class Page:
    """A report in the browser."""

    def __init__(self, browser, path, found, language="en"):
        self.browser, self.path, self.found = browser, path, found
        words.use(language)
        self.html = report.page(found)
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.html)

    def open(self):
        self.browser.open("file://" + self.path)
        return self

    def texts(self, selector):
        return self.browser.run(TEXTS, selector)

    def data(self, selector, *names):
        """Return the data attributes and the text of each element."""
        return [tuple(one) for one in self.browser.run(
            "return [...document.querySelectorAll(arguments[0])].map(e => [...arguments[1].map(n => e.dataset[n]), e.textContent])",
            selector, list(names))]


def looks(page, name, views):
    """Check what holds at any width and in any colour scheme."""
    for width, scheme in views:
        page.browser.look(width, scheme=scheme)
        what = f"{name}, {width} px, {scheme}"
        wide = page.browser.run("const root = document.documentElement; return [root.scrollWidth, root.clientWidth]")
        tap.ok(wide[0] <= wide[1], f"{what}: the page is not wider than the window", f"{wide[0]} px wide in {wide[1]} px")
        tap.equal(page.browser.run(MISPLACED) + page.browser.run(CUT_OFF), [], f"{what}: no text is cut off or overlaps another")
    tap.equal(page.browser.complaints(), [], f"{name}: the browser's console has no message")
    unnamed = page.browser.run(
        """return [...document.querySelectorAll("svg:not([aria-hidden])")].filter(e => e.getAttribute("role") != "img" ||
           !e.getAttribute("aria-label") || e.querySelector("title").textContent != e.getAttribute("aria-label")).length""")
    tap.equal(unnamed, 0, f"{name}: each chart has an accessible name")
    tap.equal(page.browser.run("return [...document.querySelectorAll('main > section')].map(e => e.id)"), PARTS,
              f"{name}: the report has all parts in their order")


def charts(page):
    for width in (360, 1280):
        page.browser.look(width)
        found = {part: page.browser.run(f"return [...document.querySelectorAll('#{part} svg:not(.bar, .key)')].filter(e => e.checkVisibility()).length")
                 for part in CHARTS}
        tap.equal(found, CHARTS, f"one chart of each pair is visible at {width} px")


def cards(page):
    page.browser.look(360)
    shown = page.browser.run("""return [...new Set([...document.querySelectorAll("tbody tr, tbody td, thead")].filter(e => !e.closest("details") &&
        !e.matches(".g, .empty")).map(e => getComputedStyle(e).display))].sort()""")
    tap.equal(shown, ["block", "grid", "none"], "on a phone each row of each table is a card, without heads above it")


def colours(page):
    """Check that each side has its own hue everywhere, and that the dark scheme and paper have other colours."""
    hue = """const of = (selector, name) => [...new Set([...document.querySelectorAll(selector)].map(e => {
                 const [r, g, b] = getComputedStyle(e)[name].match(/[\\d.]+/g).map(Number); return r > b ? "warm" : "cold"; }))];
             return [of(".line.vm", "stroke"), of(".line.http, .line.rest, .line.url, .line.alb", "stroke"),
                     of("svg.vm .part, .part.vm, .rung.vm, .band.vm", "fill"), of("svg.lambda .part, .part.lambda, .rung.lambda, .band.lambda", "fill"),
                     of("strong.vm", "color"), of("strong.lambda", "color")]"""
    backgrounds = []
    for scheme in ("light", "dark"):
        page.browser.look(1280, scheme=scheme)
        tap.equal(page.browser.run(hue), [["cold"], ["warm"]] * 3, f"in the {scheme} scheme one hue is the VM's and another Lambda's, everywhere")
        backgrounds.append(page.browser.run("return getComputedStyle(document.querySelector('section')).backgroundColor"))
    strokes = page.browser.run("""return ["vm", "http", "rest", "url", "alb"].map(c => getComputedStyle(document.querySelector(".wide .line." + c)))
                                  .map(s => s.strokeDasharray + s.stroke + s.strokeWidth)""")
    tap.ok(backgrounds[0] != backgrounds[1] and len(set(strokes)) == 5, "each line has its own stroke, and the dark scheme its own background", strokes)
    page.browser.command("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    found = page.browser.run("return [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('nav')).display]")
    tap.equal(found, ["rgb(255, 255, 255)", "none"], "the printed report has a white background, and no links to its parts")
    page.browser.command("Emulation.setEmulatedMedia", media="", features=[])


def bills(page, name):
    """Check the bills and their lines: those of the views, the cheapest first, equal ones together."""
    expected = {(bill["option"], str(bill["free"])): words.money(bill["cost"]) for bill in page.found["bills"]}
    shown = page.data("#bill b[data-option]", "option", "free", "cost")
    tap.equal({(option, free): cost for option, free, cost, _ in shown}, expected, f"{name}: the report has each bill of the view")
    costs = [[bill["cost"] for key in [(option, free) for option, free, *_ in shown] if key[1] == tier
              for bill in page.found["bills"] if (bill["option"], str(bill["free"])) == key] for tier in "01"]
    tap.ok(all([round(cost, 2) for cost in tier if cost is not None] == sorted(round(cost, 2) for cost in tier if cost is not None)
               for tier in costs), f"{name}: the cheapest bills come first", costs)
    rows = page.browser.run("return [...document.querySelectorAll('#bill .bill')].map(e => e.querySelectorAll('tbody tr').length)")
    tap.equal(sum(rows), sum(len(bill["lines"]) for bill in page.found["bills"]), f"{name}: each bill opens to its lines")


def grouped(page):
    """Check that bills that show the same cost share a row."""
    groups = page.browser.run("""return [...document.querySelectorAll('#bill .bill')].map(e => [e.className,
        e.closest('.tier') ? 1 : 0, ...[...e.querySelectorAll('b[data-option]')].map(b => b.dataset.cost)])""")
    keys = [(name, tier, costs[0]) for name, tier, *costs in groups]
    tap.ok(len(set(keys)) == len(keys) and any(len(costs) > 1 for _, _, *costs in groups) and all(len(set(costs)) == 1 for _, _, *costs in groups),
           "bills of a side with the same cost stand together in one row", keys)


def ways(page):
    """Check the ways and the scenarios against the bills, and the break-evens against the view."""
    for one in page.found["scenarios"]:
        for way in one["ways"][0]:
            mine = [bill["cost"] for bill in one["bills"] if not bill["free"] and bill["cost"] is not None and
                    summary.ways.way_of(bill["option"]) == way["key"]]
            if way["cost"] != min(mine):
                tap.ok(False, f"scenario {one['name']}: the way {way['key']} has its lowest bill", way)
    expected = [(way["key"], words.money(way["cost"])) for way in sorted(page.found["ways"][0], key=lambda way: way["cost"])]
    tap.equal(page.data("#answer [data-way]", "way"), expected, "the first table has the sensible ways, the cheapest first, without the free tier")
    wanted = {(one["name"], way["key"], words.money(way["cost"])) for one in page.found["scenarios"] for tier in one["ways"] for way in tier}
    tap.equal(set(page.data("#scenarios [data-way]", "scenario", "way")), wanted, "the scenarios side by side have each way's bill, in both tiers")
    http = next(way for way in page.found["ways"][0] if way["key"] == "http")
    crossings = [row["requests"] for row in page.found["break_even"] if not row["free"] and row["lambda"] == http["option"] and
                 row["vm"] == "vm t4g.nano"]
    tap.ok(len(http["stretches"]) == 2 and [http["stretches"][1][0]] == crossings, "an HTTP API breaks even where the view has it", http)
    tap.ok(f"below {words.count(crossings[0])}" in page.texts("#answer tr.http")[0], "the first table has that break-even", page.texts("#answer tr"))


def answer(page):
    """Check the sentence that answers the question, the interval that AWS adds, and which duration counts."""
    lead, free = page.texts("#answer .lead p")[0], page.texts("#answer > p:last-child")[0]
    vm, best = (next(way for way in page.found["ways"][0] if way["key"] == key) for key in ("vm", "url"))
    tap.ok(all(text in lead for text in ("10 million", words.money(vm["cost"]), words.money(best["cost"]), words.count(vm["stretches"][1][0]))),
           "the first sentence has volume, cheapest way, other side and where it flips", lead)
    tap.ok("With the free tier on both sides" in free and words.money(page.found["ways"][1][0]["cost"]) in free, "the free tier comes second", free)
    mixed = {row["target"]: row for row in page.found["mixed"]}["lambda-host"]
    cell = page.texts("#answer tr.rest td:nth-child(4)")[0]
    tap.equal(cell, f"{words.milliseconds(mixed['p50'] + 10)}–{words.milliseconds(mixed['p50'] + 30)}", "p50 of a REST API is an interval with what AWS adds")
    tap.equal(page.data("#answer [data-duration]", "duration")[0][0], "public", "a sign says that a public figure of AWS is the duration that counts")


def flips(page):
    """Check the effect of an assumption against a scenario that has the changed value."""
    row = next(row for row in page.found["flips"]["best"] if row["parameter"] == "billed_ms")
    slow = next(one for one in page.found["scenarios"] if one["name"] == "slow")
    costs = {way["key"]: way["cost"] for way in slow["ways"][0]}
    tap.ok(abs(row["high"] - min(cost for key, cost in costs.items() if key != "vm") / costs["vm"]) < 1e-9,
           "the effect of an assumption is that of a scenario with its value", (row, costs))
    effects = [abs(max(row["low"], row["high"]) / min(row["low"], row["high"])) for row in page.found["flips"]["best"]]
    tap.equal(effects, sorted(effects, reverse=True), "the assumptions are sorted by their effect")
    even = next(way for way in page.found["ways"][0] if way["key"] == "vm")["stretches"][1][0]
    found = next(row["flips_at"] for row in page.found["flips"]["best"] if row["parameter"] == "requests")
    tap.ok(abs(found / even - 1) < 0.005, "the volume at which the answer flips is the break-even", (found, even))
    flipping = [row["parameter"] for row in page.found["flips"]["best"] if row["flips_at"] is not None]
    marked = len(page.browser.run("return [...document.querySelectorAll('#flip article:first-of-type .wide .flip')]"))
    tap.ok(marked == len(flipping) > 0, "a diamond marks each assumption that flips the answer", flipping)


def quotas(page):
    rows = {row["quota"]: row for row in page.found["over_quota"]}
    listed = page.data("#volume [data-quota]", "quota")
    tap.ok({quota for quota, _ in listed} == set(rows) and all(words.count(rows[quota]["requests"]) in text for quota, text in listed),
           "the report lists from which volume on a default quota does not suffice", listed)
    tap.equal(len(page.browser.run("return [...document.querySelectorAll('#answer .wide .quota')]")), 4, "the chart marks the first quota of each gateway")


def marks(page):
    """Check that rows whose figure does not come from AWS look different and say why, and that each parameter has its origin."""
    for part, table in ((1, "prices"), (2, "allowances")):
        rows = page.browser.run(
            f"""return [...document.querySelectorAll("#prices table:nth-of-type({part}) tbody tr")].map(r => [
                r.querySelector(".badge").dataset.status, r.querySelector(".badge").textContent, r.className, getComputedStyle(r.cells[0]).backgroundColor])""")
        tap.equal(sorted(row[0] for row in rows), sorted(row["status"] for row in page.found[table]), f"the report has each row of {table} with its status")
        sure = {row[3] for row in rows if row[0] == "aws"}
        wrong = [row for row in rows if row[0] != "aws" and (row[1] != f"▲ {row[0]}" or row[2] != "unsure" or row[3] in sure)]
        tap.ok(len(sure) == 1 and not wrong, f"the report marks those of {table} that do not come from AWS", wrong)
    named = [parameter for parameter, _ in page.data("#assumed [data-parameter]", "parameter")]
    tap.equal(sorted(named), sorted(row["name"] for row in page.found["parameters"]), "the report has each parameter once")
    origins = page.texts("#assumed .origin")
    tap.ok({"scenario", "measured", "assumed", "choice", "public figure"} <= set(origins), "each parameter says where its value comes from", set(origins))


def latencies(page):
    """Check that the percentiles are those of the view, and that HTML in the data is text."""
    rows = page.browser.run("""return [...document.querySelectorAll("#latency article:nth-of-type(1) tbody tr")]
                               .map(r => [...r.cells].map(c => c.textContent))""")
    expected = [[*("–" if row[key] is None else f"{row[key]:.3g}" for key in ("p50", "p90", "p99", "p999", "max")), f"{row['n']:,}"]
                for row in page.found["latency"] if row["endpoint"] == "calculator" and row["rate"]]
    tap.equal([row[1:7] for row in rows], expected, "the table of latencies has the rows of the view latency")
    tap.equal(page.texts("#latency h3 small")[0], "<i>calculator</i>", "the report shows HTML in the data as text")
    tap.equal(page.browser.run("return document.querySelectorAll('main i, script').length"), 0, "HTML in the data makes no element, and the report has no script")
    tap.ok('one <of> these & "others"' in page.texts("#run dl")[0], "the report has the facts of the run", page.texts("#run dl"))


def traffic(page):
    """Check what was simulated: the pictures, the table of both sides, and where the bills count it."""
    for width in (360, 1280):
        page.browser.look(width)
        shown = page.browser.run("return [...document.querySelectorAll('#traffic svg:not(.bar, .key)')].filter(e => e.checkVisibility()).length")
        tap.equal(shown, 6, f"three pictures of the log and three of the simulation are visible at {width} px")
    tables = page.browser.run("return [...document.querySelectorAll('#traffic table')].map(t => [...t.rows].slice(1).map(r => [...r.cells].map(c => c.textContent)))")
    best, rows = tables[:2]
    tap.equal((len(rows), [row[0] for row in best], best[0][1:4]), (9, ["Lambdaits environments", "t4g.nano", "Lambda Managed Instancesc7g.large"], ["2at most 18", "25 %", "0 %"]),
              "the table has the function, the cheapest type of VM, and Managed Instances; another one the other types")
    tap.ok(["t4g.nano", "2", "", "0.1 %", "0.5", "11", "99", "30 %", "at least -127 to pay"] == best[1], "a type of VM has its number, latencies and credits", rows)
    marks = page.browser.run("return [...document.querySelectorAll('#assumed .origin.simulated')].map(e => e.closest('tr').cells[1].textContent)")
    tap.equal(sorted(marks), ["25 % of all requests", "by the simulation", "by the simulation"], "the parameters that the simulation replaces are marked")
    moved = {row["parameter"] for row in page.found["flips"]["best"]}
    tap.ok("requests" in moved and not moved & {"cold_share", "peak_factor", "headroom", "idle_seconds"}, "an assumption that was simulated is not moved", moved)
    cases = [words.money(cost) for name in ("now", "assumed") for cost in (summary.flip.best(page.found["cases"][name]))]
    tap.ok(all(cost in page.texts("#traffic")[0] for cost in cases) and cases[1] != cases[3], "the report has the bills with the simulation and without", cases)
    log, burst = page.found["traffic"], time.gmtime(1790000000 + 7200)  # in the log's local time
    tap.equal((log["week"].index(max(log["week"])), log["busiest"][0]), (burst.tm_wday * 24 + burst.tm_hour, [1, 300]),
              "the burst of the log is in its hour of the week, and in the busiest second")
    tap.equal(page.data("#traffic i", "x"), [], "the name of a log is text")
    month, counted = (words.count(n) for n in (log["month_requests"], page.found["setting"]["requests"]))
    tap.ok(f"A month of your access log has {month} requests; the bills count {counted}" in page.texts("#answer")[0], "the answer names the volume of the log that it does not count",
           page.texts("#answer"))


def failures(page):
    """Check that a series with many failed requests has no percentiles, and that a phone shows the failures."""
    page.browser.look(360)
    page.open()
    rows = page.browser.run("""return [...document.querySelectorAll("#latency .failed")].filter(e => e.closest("td")).map(e => {
        const box = e.getBoundingClientRect(), row = e.closest("tr");
        return [e.textContent, box.width > 0 && box.right <= 360, row.cells[1].textContent]; })""")
    tap.equal(rows, [["▲ 50", True, "–"]] * 10, "a phone shows the failed requests, and a series with 5 % of them has no percentile")
    void = page.texts("#latency .void")
    tap.ok(len(void) == 10 and "50 of 1,000 requests failed: 25 × no answer, 25 × 502" in void[0], "the report says why a series is void", void)


def both_languages(english, chinese):
    """Check that the Chinese report says the same as the English one."""
    tap.equal(chinese.browser.run(OWN_TEXTS, ENGLISH), [], "the Chinese report has no English sentence outside of quotations and code")
    tap.equal(chinese.browser.run(OWN_TEXTS, SPACED), [], "the Chinese report has no space before % or beside Chinese punctuation")
    tap.equal(sorted(words.missing), [], "each text has its Chinese one (add it to compare/chinese.py)")
    selectors = "[data-way], #bill .bill td:last-child, [data-price], #latency td.n, #capacity td.n, #memory td.n"
    figures = [[re.sub(r"[^\d.–$<▲-]", "", text) for text in page.open().texts(selectors)] for page in (english, chinese)]
    tap.ok(figures[0] == figures[1] and len(figures[0]) > 300, "both languages have the same figures")
    tap.ok("每月 10,000,000" in chinese.texts("[data-parameter=requests]"), "the Chinese report puts a unit such as 每月 before its number")
    tap.equal(chinese.browser.run("return document.documentElement.lang"), "zh-CN", "the Chinese report names its language")


def at_urls(found, urls, **run):
    """Return results as if latency had been measured at URLs: {target: URL} of the VM and of one target of the function."""
    names = {"vm": "vm", "lambda": next(target for target in urls if target != "vm")}
    latency, mixed = ([{**row, "target": names[row["side"]], "url": urls[names[row["side"]]]} if row["rate"] else row for row in found[key]]
                      for key in ("latency", "mixed"))
    trips = [{"target": target, "n": 20, "connect_us": 1500, "tls_us": 4500} for target in urls]
    return {**found, "latency": [{**row, "connect_us": 1500, "p50_served": row["p50"]} for row in latency], "mixed": mixed, "round_trips": trips, "replay": {"input": {}, "sides": []},
            "run": {**{f"{target} url": url for target, url in urls.items()}, **run}}


def truths(directory, whole, empty, browser):
    """Check sentences for runs with URLs, without measurements, with a log, and for a region in another currency."""
    def page(found, language="en"):
        return Page(browser, os.path.join(directory, "other.html"), found, language).html
    moved = at_urls(whole, {"vm": "https://vm.example", "lambda": "https://x.lambda-url.us-east-1.on.aws"}, client="c7g.large in us-east-1")
    html = page(moved)
    tap.ok("lambda-host" not in html and "cannot be measured" not in html and all(value in html for value in moved["run"].values()),
           "a run at URLs names them and the client, and does not speak of lambda-host")
    html = re.sub(r"<[^>]+>", " ", page(whole))
    tap.ok("Lambda: bootstrap under lambda-host" in html, "a run on one machine names lambda-host")
    html = page(empty)
    tap.ok("No latency was measured." in html and "No cold starts were measured." in html and "The VM has no bill" in html,
           "a report without measurements says so")
    evidence = [{**row, "origin": "evidence", "evidence": "9 lines of a.log"} if row["name"] == "billed_ms" else row for row in whole["parameters"]]
    html = page({**whole, "parameters": evidence})
    tap.ok('data-duration="log"' in html and "9 lines of a.log" in html and "public figure, measured on AWS" not in html, "a log of Lambda is the duration that counts, and is named")
    moved = at_urls(whole, {"vm": "https://v.example", "http": "https://h.example"})
    rest = [{**row, "target": "rest", "failed": 900, "failed_share": 0.3, "void": "x", "failures": [[900, 429]]} for row in moved["latency"] if row["target"] == "http" and row["rate"] == 1000]
    html = page({**moved, "latency": moved["latency"] + rest})
    p50 = next(row["p50"] for row in moved["mixed"] if row["target"] == "http")
    tap.ok(f"<div>{words.milliseconds(p50)}</div>" in html and "https://h.example" in html and "round trip" in html and "1.5 ms to connect and 4.5 ms for a TLS handshake" in html and "Lambda, REST API 1000/s" in html,
           "each gateway that was measured has its own series and no interval, and the round trip stands apart")
    html = page({**whole, "currency": "CNY"}, "zh-CN")
    tap.ok("¥" in html and "$" not in re.sub(r'<(style|pre)\b.*?</\1>|<(span|small) lang="en">.*?</\2>', "", html, flags=re.S), "a region in yuan has no dollars on its page")
    words.use("en", "USD")


def edits(path, before):
    """Check that SQL statements change prices, parameters and mix, and all bills that depend on them."""
    sql(path, """UPDATE price SET price = 0.0099 WHERE item = 'vm.t4g.nano'; UPDATE parameter SET value = 512 WHERE name = 'memory_mb';
                 UPDATE mix SET share = 500 WHERE endpoint = 'segment-5000';""")
    after = read(path)
    costs = [{bill["option"]: bill["cost"] for bill in found["bills"] if not bill["free"]} for found in (before, after)]
    tap.ok(costs[0]["vm t4g.nano"] != costs[1]["vm t4g.nano"] and costs[0]["lambda url arm64"] != costs[1]["lambda url arm64"]
           and after["setting"]["memory_mb"] == 512, "SQL statements change price, memory size and mix, and the bills", costs)


# Edits of the tables, what a run says about them, and whether the page is refused.
LOGGED = "INSERT INTO traffic_endpoint VALUES (1, 'page', 12, 1); INSERT INTO traffic_arrival VALUES (0, 1, 5), ({seconds}, 1, 7);"
EDITS = (
    ("UPDATE parameter SET value = 0 WHERE name = 'requests'; INSERT INTO scenario VALUES ('mine', 9, 'a WAF in front')",
     ["At 0 requests", "a WAF in front"], ["$-0"]),
    ("UPDATE parameter SET value = 0 WHERE name = 'peak_factor'; UPDATE price SET price = 1e9 WHERE item GLOB 'lambda.*'",
     ["No way needs more than a default quota."], ["e+"]),
    ("UPDATE price SET price = 0", ["cost the same: $0.00", "both cost the same"], ["at every volume", "at no volume", "always the VM"]),
    ("DELETE FROM price WHERE item GLOB '*arm64*'", ["Lambda on x86_64 is cheaper"], ["One of the sides has no options", "No size is clearly"]),
    ("DELETE FROM price WHERE item = 'dns.zone'", ["The region us-east-1 lacks prices", "There is no bill to attack."], ["<p></p>"]),
    ("UPDATE parameter SET value = 'steady' WHERE name = 'traffic'; INSERT INTO simulated_function VALUES ('standard', 1e7, 0.25, 0, 1, 1, 1, 1, 1, 1, 1);"
     " INSERT INTO evidence VALUES ('cold_share', 0.02, '2 of 100 in lambda.log')",
     ["The bills count 2 % cold starts at this volume, the share in the function’s log, instead of the simulated one in the table.", "25 %"], []),
    (LOGGED.format(seconds=30000), ["Your access log covers 8.334 hours, too little for the volume of a month, which takes 23: the bills count 10 million requests."],
     ["from your access log", "A month of your access log has"]),
    (LOGGED.format(seconds=86400) + "INSERT INTO evidence VALUES ('requests', 365, 'x in the access log'), ('response_bytes', 5000, 'y in the access log');"
     "INSERT INTO endpoint VALUES ('page', '', '/', 0, 70); INSERT INTO mix VALUES ('page', 1)",
     ["At 365 requests", "The volume and the sizes of responses are from your access log.", "The bills count 5,000 bytes for each response instead (from your access log)."],
     ["the bills count 10 million"]),
    ("UPDATE parameter SET value = 'hourly-job' WHERE name = 'traffic'; INSERT INTO simulated_function VALUES ('standard', 1e7, 0.25, 0, 1, 1, 1, 1, 1, 1, 1);"
     " WITH hour AS (SELECT 0 AS n UNION ALL SELECT n + 1 FROM hour WHERE n < 729) INSERT INTO simulated_hour SELECT 'hourly-job', n, 1 / 730.0, 1 / 730.0 FROM hour",
     ["The shape hourly-job", "on average: 13,699 to 13,699. The busiest minute has 13,699, 60 times the mean.", "Sun 23:00: 13,699", "week 4"], ["Your access log"]),
    ("DELETE FROM price WHERE item GLOB 'vm.*'", ["The VM has no bill", "there is nothing to compare"], ["<p></p>", "missing.."]),
)
REFUSED = (
    ("UPDATE parameter SET value = 'mars' WHERE name = 'region'", "serverful prices fetch mars"),
    ("UPDATE parameter SET value = 'gift' WHERE name = 'purchase'", "must be one of on-demand, spot, reserved, savings: UPDATE parameter SET value"),
    ("UPDATE parameter SET value = 'xml' WHERE name = 'log_format'", "must be one of json, text"),
    ("UPDATE parameter SET value = 'sale' WHERE name = 'traffic'", "must be one of auto, log, none, steady"),
    ("INSERT INTO scenario_parameter VALUES ('hobby', 'log_level', 'LOUD')", "UPDATE scenario_parameter SET value = … WHERE scenario = 'hobby'"),
    ("UPDATE parameter SET assumed = 'many' WHERE name = 'requests'", "must be a number from 0 on: UPDATE parameter SET assumed"),
    ("UPDATE parameter SET assumed = NULL WHERE name = 'peak_factor'", "peak_factor has no value: UPDATE parameter SET value"),
    ("INSERT INTO evidence VALUES ('billed_ms', -7, '')", "DELETE FROM evidence WHERE name = 'billed_ms'"),
    ("DELETE FROM parameter WHERE name = 'lcu'", "lacks lcu: measure into another file"),
    ("DELETE FROM scenario_parameter WHERE scenario = 'standard'; DELETE FROM scenario WHERE name = 'standard'", "no row 'standard'"),
    ("INSERT INTO region VALUES ('cn-x-1', 'CNY'); INSERT INTO price SELECT 'cn-x-1', item, above, price, unit, source, date, status, note FROM price"
     " WHERE region = 'us-east-1'; INSERT INTO scenario_parameter VALUES ('hobby', 'region', 'cn-x-1')", "a page has one currency"),
)


def odd_edits(directory):
    """Check the pages of results that were edited in odd ways, and what refuses the others."""
    path, wrong = os.path.join(directory, "edited.db"), []
    for statement, present, absent in EDITS:
        shutil.copy(os.path.join(directory, "small.db"), path)
        sql(path, statement)
        with closing(sqlite3.connect(path)) as db:
            check_edits(db, summary.LEAD)
        words.use("en")
        html = re.sub(r"<style.*?</style>", "", report.page(read(path)), flags=re.S)
        text = re.sub(r"<[^>]+>", "", html)
        wrong += [(statement, one) for one in present if one not in text]
        wrong += [(statement, one) for one in (*absent, "None", "NaN", ">nan", ">inf", "{") if one in html]
    tap.equal(wrong, [], "pages of results that were edited in odd ways have what is true and nothing else")
    wrong = []
    for statement, remedy in REFUSED:
        shutil.copy(os.path.join(directory, "small.db"), path)
        sql(path, statement)
        try:
            with closing(sqlite3.connect(path)) as db:
                check_edits(db, summary.LEAD)
            wrong.append((statement, "not refused"))
        except Failure as failure:
            wrong += [(statement, str(failure))] if remedy not in str(failure) else []
    tap.equal(wrong, [], "edits that no page can be true about are refused, with what to do")


def command(path, directory, page):
    """Check that the command writes the same page, and a summary in the same language."""
    html = os.path.join(directory, "command.html")
    run = subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--lang", "zh-CN", "--results", path, "--report", html], capture_output=True, text=True)
    with open(html, encoding="utf-8") as file:
        tap.equal((run.returncode, file.read() == page.html), (0, True), "serverful compare --report-only --lang zh-CN writes the page in Chinese")
    tap.ok("每月" in run.stdout and words.money(page.found["ways"][0][0]["cost"]) in run.stdout, "the summary is in Chinese, too", run.stdout)


if not Browser or not shutil.which("chromium") or not shutil.which("chromedriver"):
    tap.skip_all("chromium, chromium-driver or python3-selenium is not installed")
tap.plan(105)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory, Browser("en") as browser:
    browser.open("about:blank")
    browser.asked()
    browser.requests.clear()  # those of the browser's own first page
    files = {name: os.path.join(directory, name + ".db") for name in ("whole", "many", "empty")}
    results_file.make(files["whole"])
    results_file.make(files["many"], failed=50, traffic=True)
    results_file.make(files["empty"], measured=False)
    # A VM that needs much processor time, so that the cheaper side changes many times.
    sql(files["many"], "UPDATE parameter SET value = 50 WHERE name = 'vm_cpu_ms';")
    sql(files["whole"], "INSERT INTO scenario VALUES ('slow', 9, 'slow'); INSERT INTO scenario_parameter SELECT 'slow', parameter, value"
                        " FROM scenario_parameter WHERE scenario = 'standard';"
                        + "".join(f"INSERT INTO scenario_parameter VALUES ('slow', '{name}', {value});" for name, value in SLOW.items()))
    found = {name: read(path) for name, path in files.items()}
    words.LANGUAGES["zh-CN"]["slow"] = "慢"
    pages = {name: Page(browser, os.path.join(directory, f"{name}.html"), found[name.removesuffix("-zh")], "zh-CN" if name.endswith("-zh") else "en")
             for name in ("empty-zh", "many-zh", "whole-zh", "whole", "many", "empty")}
    whole = pages["whole"].open()
    looks(whole, "whole", ((360, "light"), (768, "dark"), (1280, "light")))
    charts(whole)
    cards(whole)
    colours(whole)
    for check in (lambda page: bills(page, "whole"), grouped, ways, answer, flips, quotas, marks, latencies):
        check(whole)
    chinese = pages["whole-zh"].open()
    looks(chinese, "whole in Chinese", ((360, "dark"), (1280, "light")))
    both_languages(whole, chinese)
    urls = {"vm": "https://vm.example", "url": "https://abc.lambda-url.us-east-1.on.aws"}
    moved = Page(browser, os.path.join(directory, "urls.html"), at_urls(found["whole"], urls))
    looks(moved.open(), "at URLs", ((360, "light"), (1280, "dark")))
    looks(pages["many"].open(), "many", ((360, "light"), (1280, "dark")))
    traffic(pages["many"])
    failures(pages["many"])
    looks(pages["empty"].open(), "empty", ((360, "light"), (1280, "light")))
    bills(pages["empty"], "empty")
    opened = [moved.path, *(pages[name].path for name in ("whole", "whole-zh", "many", "empty"))]
    tap.equal(sorted(set(browser.asked())), sorted("file://" + path for path in opened), "the browser loads nothing but the reports")
    truths(directory, found["whole"], found["empty"], browser)
    words.LANGUAGES["zh-CN"].pop("slow")
    results_file.make(os.path.join(directory, "small.db"), measured=False)
    sql(os.path.join(directory, "small.db"), "UPDATE parameter SET value = 0.1 WHERE name = 'vm_cpu_ms'")
    odd_edits(directory)
    command(files["empty"], directory, pages["empty-zh"])
    edits(files["whole"], found["whole"])
tap.done()
