#!/usr/bin/python3
"""report.html in a browser: it loads nothing else, fits a phone and a desktop in light and dark colours, and has the figures of
the SQL views."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import results_file
import tap

sys.path.insert(0, os.path.join(tap.SOURCE, "compare"))
import summary

try:
    from browser import Browser
except ImportError:
    Browser = None

PARTS = ["The answer", "Latency", "Capacity", "Cost over volume", "The bill for 10 million requests a month",
         "Break-even for every VM", "Memory sizes of the function", "Cold starts", "What is measured, what is assumed",
         "The mix of requests", "Prices", "Change it", "Machine and run"]
GROUPS = summary.GROUPS  # of the parts of a bill, in the order of the columns of the table
CHARTS = {"answer": 1, "latency": 10, "volume": 2, "cold": 1}  # number of charts in a part that are visible at one width
VISIBLE = "e => e.checkVisibility()"

# A script that lists the texts that a chart cuts off and those that overlap.
MISPLACED = """
    const found = [];
    for (const svg of document.querySelectorAll("svg:not(.bar)")) {
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


def dollars(cost):
    return "–" if cost is None else "<$0.01" if 0 < cost < 0.005 else f"${cost:,.2f}"


class Page:
    """The report of a results file, in the browser."""

    def __init__(self, browser, directory, name):
        self.browser, self.path = browser, os.path.join(directory, name + ".db")
        self.html = os.path.join(directory, name + ".html")

    def render(self):
        run = subprocess.run([tap.SERVERFUL, "compare", "--report-only", "--results", self.path, "--report", self.html],
                             capture_output=True, text=True)
        if run.returncode:
            tap.give_up("serverful compare --report-only succeeds", run.stderr)
        self.open()

    def open(self):
        self.browser.open("file://" + self.html)

    def sql(self, statement):
        with closing(sqlite3.connect(self.path)) as db:
            found = db.execute(statement).fetchall()
            db.commit()
        return found

    def texts(self, selector):
        return self.browser.run("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector)

    def rows(self, selector):
        """Return the texts of the cells of each row."""
        return self.browser.run("return [...document.querySelectorAll(arguments[0])].map(r => [...r.cells].map(c => c.textContent))",
                                selector)


def looks(page, name, width, scheme):
    """Check what holds at any width and in any colour scheme."""
    page.browser.look(width, scheme=scheme)
    page.open()
    what = f"{name}, {width} px, {scheme}"
    wide = page.browser.run("const root = document.documentElement; return [root.scrollWidth, root.clientWidth]")
    tap.ok(wide[0] <= wide[1], f"{what}: the page is not wider than the window", f"{wide[0]} px wide in {wide[1]} px")
    tap.equal(page.browser.run(MISPLACED), [], f"{what}: no text of a chart is cut off or overlaps another")
    tap.equal(page.browser.complaints(), [], f"{what}: the browser's console has no message")
    unnamed = page.browser.run(
        """return [...document.querySelectorAll("svg:not([aria-hidden])")].filter(e => e.getAttribute("role") != "img" ||
           !e.getAttribute("aria-label") || e.querySelector("title").textContent != e.getAttribute("aria-label")).length""")
    tap.equal(unnamed, 0, f"{what}: each chart has an accessible name")


def shown(page, width):
    """Check that one chart of each pair is visible at a width."""
    page.browser.look(width)
    found = {part: page.browser.run(f"""return [...document.querySelectorAll("#{part} svg:not(.bar)")].filter({VISIBLE}).length""")
             for part in CHARTS}
    tap.equal(found, CHARTS, f"one chart of each pair is visible at {width} px")


def colours(page):
    found = {}
    for scheme in ("light", "dark"):
        page.browser.look(1280, scheme=scheme)
        found[scheme] = page.browser.run(
            """return ["section", ".line.vm", "svg .row"].map(s => getComputedStyle(document.querySelector(s)))
               .map((s, i) => [s.backgroundColor, s.stroke, s.fill][i])""")
    tap.ok(all(a != b for a, b in zip(*found.values())), "page and charts have other colours in the dark scheme", found)


def printed(page):
    page.browser.command("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    found = page.browser.run("""return [getComputedStyle(document.body).backgroundColor,
                                        getComputedStyle(document.querySelector("nav")).display]""")
    tap.equal(found, ["rgb(255, 255, 255)", "none"], "the printed report has a white background, and no links to its parts")
    page.browser.command("Emulation.setEmulatedMedia", media="", features=[])


def bills(page, what):
    """Check that the bills have the numbers of the views."""
    wrong = []
    found = {(option, free): dollars(cost) for option, free, cost in
             page.sql("SELECT option, free, cost FROM bill JOIN setting USING (scenario, requests) WHERE scenario = 'standard'")}
    there = page.browser.run("""return [...document.querySelectorAll("#bill b[data-option]")].map(
        e => [e.dataset.option, Number(e.dataset.free), e.textContent,
              [...e.closest("tr").cells].slice(2).map(c => c.textContent).filter(t => t)])""")
    parts = {}
    for option, free, part, cost in page.sql("SELECT option, free, part, cost FROM line JOIN setting USING (scenario, requests) WHERE scenario = 'standard'"):
        group = next(name for name, members in GROUPS.items() if part in members)
        sums = parts.setdefault((option, free), {})
        sums[group] = sums.get(group, 0) + (cost or 0)
    for option, free, text, cells in there:
        mine = parts[option, free]
        expected = [found[option, free], [dollars(mine[group]) for group in GROUPS if group in mine]]
        if [text, cells] != expected:
            wrong.append(f"{option} {free}: {text} {cells}, not {expected}")
    tap.ok(len(there) == len(found) and not wrong, f"{what}: the report has all {len(found)} bills and their parts as in the views", "\n".join(wrong))


def break_even(page):
    crossings = page.sql("SELECT free, lambda, requests, cost FROM break_even WHERE scenario = 'standard' AND vm = 'vm t4g.nano' AND lambda NOT GLOB 'lambda alb *' ORDER BY requests")
    for free, article in ((1, 1), (0, 2)):
        marked = page.browser.run(
            f"""return [...document.querySelectorAll("#volume article:nth-of-type({article}) svg circle")].filter({VISIBLE}).length""")
        expected = [(requests, cost) for its, option, requests, cost in crossings if its == free and option.endswith("arm64")]
        listed = page.texts(f"#volume article:nth-of-type({article}) .breaks li")
        wanted = [f"{requests / 1e6:.3g} million requests, {dollars(cost)}" for requests, cost in expected]
        tap.ok(len(wanted) == 3 and [line.split(":")[0] for line in listed] == wanted,
               f"the report lists each break-even with free={free}", f"{listed}\n{wanted}")
        tap.equal(marked, len(wanted), f"the chart marks each break-even with free={free}")
    answer = page.texts("#answer p")[1]
    for gateway in ("http", "rest", "url"):
        requests, = [requests for free, option, requests, _ in crossings if free and option == f"lambda {gateway} arm64"]
        tap.ok(f"below {requests / 1e6:.3g} million" in answer, f"the first part of the report has the break-even of lambda {gateway}", answer)


def marks(page):
    """Check that rows whose figure does not come from AWS look different and say why."""
    for part, table in ((1, "price"), (2, "allowance")):
        rows = page.browser.run(
            f"""return [...document.querySelectorAll("#prices .scroll:nth-of-type({part}) tbody tr")].map(r => [
                r.querySelector(".badge").dataset.status, r.querySelector(".badge").textContent, r.className,
                getComputedStyle(r.cells[0]).backgroundColor, r.textContent])""")
        statuses = sorted(status for status, in page.sql(f"SELECT status FROM {table}"))
        tap.equal(sorted(row[0] for row in rows), statuses, f"the report has each row of {table} with its status")
        sure = {row[3] for row in rows if row[0] == "aws"}
        wrong = [row for row in rows if row[0] != "aws" and (row[1] != f"▲ {row[0]}" or row[2] != "unsure" or row[3] in sure)]
        tap.ok(len(sure) == 1 and not wrong, f"the report marks each {table} that does not come from AWS", wrong)
        notes = [note for note, in page.sql(f"SELECT DISTINCT note FROM {table} WHERE note <> ''")]
        tap.equal([note for note in notes if not any(note in row[4] for row in rows)], [], f"the report has each note of {table}")
    weak = page.texts("#assumed .badge.unsure")
    tap.equal(weak, ["▲ weak"] * 2, "the report marks two assumed latencies of AWS as weak")
    url = next(row for row in page.rows("#assumed tbody tr") if row[0].startswith("What function URL"))
    tap.ok("no figure was found" in url[2] and "nothing is added" in url[2], "the report says that no figure of a function URL's latency was found", url)


def edits(page):
    """Check edits that take one SQL statement each."""
    for statement, what, selector in (
            ("UPDATE price SET price = 0.0099 WHERE item = 'vm.t4g.nano'", "a price", "[data-price='vm.t4g.nano']"),
            ("UPDATE parameter SET value = 512 WHERE name = 'memory_mb'", "the memory size", "[data-parameter=memory_mb]"),
            ("UPDATE mix SET share = 500 WHERE endpoint = 'segment-5000'", "the mix", "#mix tbody tr:last-child td")):
        before = page.texts(selector), page.texts("#bill [data-option]")
        page.sql(statement)
        page.render()
        after = page.texts(selector), page.texts("#bill [data-option]")
        tap.ok(before[0] != after[0] and before[1] != after[1], f"one statement changes {what} and the bills", after[0])
        bills(page, f"after {what}")


def latencies(page):
    """Check that the percentiles are those of the view, and that too few requests have none."""
    found = page.rows("#latency article:nth-of-type(1) tbody tr")
    expected = page.sql("SELECT p50, p90, p99, p999, max, n FROM latency WHERE endpoint = 'calculator' AND rate ORDER BY rate, side DESC")
    wanted = [["–" if value is None else f"{value:.3g}" for value in row[:5]] + [f"{row[5]:,}"] for row in expected]
    tap.equal([row[1:7] for row in found], wanted, "the table of latencies has the rows of the view latency")
    tap.equal([row[4] for row in found[:2]], ["–", "–"], "the table of latencies has no p99.9 for a hundred requests")


def failures(page):
    tap.equal(page.texts("#latency .failed"), ["▲ 7"] * 10, "the report counts and marks failed requests")


def escaped(page):
    tap.equal(page.texts("#latency h3 small")[0], "<i>calculator</i>", "the report shows HTML in the data as text")
    tap.equal(page.browser.run("return document.querySelectorAll('main i, script').length"), 0,
              "HTML in the data makes no element, and the report has no script")
    tap.ok('one <of> these & "others"' in page.texts("#run dl")[0], "the report has the facts of the run", page.texts("#run dl"))


def real_sides(page):
    """Check that the URL of a real function replaces assumptions."""
    page.sql("INSERT INTO run VALUES ('lambda url', 'https://x.example')")
    page.render()
    rows = [row for row in page.rows("#assumed tbody tr") if row[0].endswith("adds to the latency") and "nginx" not in row[0]]
    tap.ok(len(rows) == 3 and all("https://x.example" in row[1] and "replaced" in row[2] for row in rows),
           "with the URL of a real function, the report replaces three assumed latencies", rows)


def many_machines(browser, directory):
    """Check a report in which the costs of Lambda and of VMs cross many times."""
    page = Page(browser, directory, "many")
    results_file.make(page.path, measured=False)
    for name, value in {"vm_cpu_ms": 50, "vm_memory_mb": 50, "billed_ms": 2}.items():
        page.sql(f"UPDATE parameter SET value = {value} WHERE name = '{name}'")
    page.render()
    looks(page, "many", 360, "light")
    looks(page, "many", 1280, "light")
    n, = page.sql("SELECT count(*) FROM break_even WHERE scenario = 'standard' AND free AND vm = 'vm t4g.micro' AND lambda GLOB '*arm64' AND lambda NOT GLOB 'lambda alb *'")[0]
    listed = len(page.texts("#volume article:nth-of-type(1) .breaks li"))
    tap.ok(listed >= n > 5, "the report lists every one of many break-evens", f"{listed}, {n}")
    return page


def every_page(browser, directory):
    for name, options in (("whole", {}), ("failed", {"failed": 7}), ("empty", {"measured": False})):
        page = Page(browser, directory, name)
        results_file.make(page.path, **options)
        page.render()
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                looks(page, name, width, scheme)
        tap.equal(page.texts("h2"), PARTS, f"{name}: the report has all parts in their order")
        bills(page, name)
        yield page


if not Browser or not shutil.which("chromium") or not shutil.which("chromedriver"):
    tap.skip_all("chromium, chromium-driver or python3-selenium is not installed")
tap.plan(96)
with tempfile.TemporaryDirectory(prefix="serverful-") as directory, Browser("en") as browser:
    browser.open("about:blank")
    browser.asked()
    browser.requests.clear()  # those of the browser's own first page
    whole, failed, empty = every_page(browser, directory)
    whole.open()
    for width in (360, 1280):
        shown(whole, width)
    colours(whole)
    printed(whole)
    for check in (latencies, break_even, marks, escaped, edits, real_sides):
        check(whole)
    failed.open()
    failures(failed)
    many = many_machines(browser, directory)
    tap.equal(sorted(set(browser.asked())), sorted("file://" + page.html for page in (whole, failed, empty, many)),
              "the browser loads nothing but the reports")
tap.done()
