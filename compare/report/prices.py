"""The prices that the bills rest on, and how to change them."""

from . import choose
from summary import count

from .markup import badge, join, plain, section, table, tag

KEY = (("aws", "read in AWS’s own text"), ("reported", "by others, who agree"), ("conflict", "others disagree"),
       ("weak", "a single source that is not AWS"))

CHANGES = (
    ("A price", "UPDATE price SET usd = 0.0038 WHERE region = 'us-east-1' AND item = 'vm.t4g.nano'"),
    ("The memory size", "UPDATE parameter SET value = 256 WHERE name = 'memory_mb'"),
    ("The volume", "UPDATE parameter SET value = 50000000 WHERE name = 'requests'"),
    ("The mix of requests", "UPDATE mix SET share = 5 WHERE endpoint = 'segment-5000'"),
    ("Two VMs at least", "UPDATE parameter SET value = 2 WHERE name = 'instances'"))


def unsure(row):
    return None if row["status"] == "aws" else "unsure"


def source(row):
    note = tag("small", row["note"], class_="remark") if row["note"] else None
    return join(row["source"], note, tag("small", ", ".join(filter(None, (row.get("region"), row["date"])))))


def price_row(row):
    million = tag("small", f"${plain(row['usd'] * 1e6)} a million") if 0 < row["usd"] < 0.0005 else None
    return [join(tag("code", row["item"]), " ", badge(row["status"]), tag("small", f"from {count(row['above'])} on") if row["above"] else None),
            join(tag("b", f"${plain(row['usd'])}", data_price=row["item"]), f" / {row['unit']}", million),
            source(row)], unsure(row)


def allowance_row(row):
    term = "for the first 12 months" if row["first_year"] else "for ever"
    return [join(tag("code", row["item"]), " ", badge(row["status"])),
            join(tag("b", plain(row["quantity"])), tag("small", term)), source(row)], unsure(row)


def part(found):
    # The scenario's region first; within an item by the volume from which a price holds.
    rows = sorted(found["prices"], key=lambda row: (row["region"] != found["scenario"]["region"], row["region"], row["item"],
                                                    row["above"]))
    doubtful = sum(row["status"] != "aws" for row in found["prices"] + found["allowances"])
    first_year = "" if found["scenario"]["first_year"] else " What is free in the first twelve months only is not taken off."
    return section(
        "prices", "Prices",
        tag("p", f"In US dollars, without tax, as published; {doubtful} of {len(found['prices']) + len(found['allowances'])} rows"
            " are not AWS’s own word and are marked ", badge("reported"), "."),
        tag("dl", [join(tag("dt", badge(status)), tag("dd", meaning)) for status, meaning in KEY], class_="key"),
        table("Prices", ("item", "price", "source"), "tnt", [price_row(row) for row in rows], stack="stack bare"),
        tag("h3", "What is free each month"), tag("p", first_year.strip()) if first_year else None,
        table("Allowances", ("item", "quantity", "source"), "tnt",
              [allowance_row(row) for row in found["allowances"]], stack="stack bare"))


def changing(found):
    statements = [join(tag("h3", what), tag("pre", tag("code", f'sqlite3 results.db "{statement}"'), tabindex="0"))
                  for what, statement in CHANGES]
    return section(
        "change", "Change it",
        tag("p", "Prices, parameters and the mix lie in results.db, with every sample. One statement of SQL changes them, and"),
        tag("pre", tag("code", "serverful compare --report-only"), tabindex="0"),
        tag("p", "writes this page anew, without measuring again."), statements)


def run(found):
    """The machine and the run."""
    rows = [join(tag("dt", name), tag("dd", value)) for name, value in sorted(found["run"].items())]
    return section("run", "Machine and run", tag("dl", rows, class_="facts") if rows else tag("p", "Nothing is known of the run."))
