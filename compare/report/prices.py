"""The parts of the report about prices, about changing them, and about the machine."""

from . import choose
from summary import count

from .markup import badge, join, plain, section, table, tag

KEY = (("aws", "from AWS itself"), ("reported", "from several third-party sources, which agree"),
       ("conflict", "from third-party sources that disagree"), ("weak", "from a single third-party source"))

CHANGES = (
    ("A price", "UPDATE price SET price = 0.0038 WHERE region = 'us-east-1' AND item = 'vm.t4g.nano'"),
    ("The memory size", "UPDATE parameter SET value = 256 WHERE name = 'memory_mb'"),
    ("The volume", "UPDATE parameter SET value = 50000000 WHERE name = 'requests'"),
    ("The mix of requests", "UPDATE mix SET share = 5 WHERE endpoint = 'segment-5000'"),
    ("At least two VMs", "UPDATE parameter SET value = 2 WHERE name = 'instances'"))


def unsure(row):
    return None if row["status"] == "aws" else "unsure"


def source(row):
    note = tag("small", row["note"], class_="remark") if row["note"] else None
    return join(row["source"], note, tag("small", ", ".join(filter(None, (row.get("region"), row["date"])))))


def price_row(row):
    million = tag("small", f"${plain(row['price'] * 1e6)} a million") if 0 < row["price"] < 0.0005 else None
    return [join(tag("code", row["item"]), " ", badge(row["status"]), tag("small", f"from {count(row['above'])} on") if row["above"] else None),
            join(tag("b", f"${plain(row['price'])}", data_price=row["item"]), f" / {row['unit']}", million),
            source(row)], unsure(row)


def allowance_row(row):
    return [join(tag("code", row["item"]), " ", badge(row["status"])),
            join(tag("b", plain(row["quantity"])), tag("small", "always")), source(row)], unsure(row)


def part(found):
    # The region of the scenario first; the tiers of an item in order.
    rows = sorted(found["prices"], key=lambda row: (row["region"] != found["setting"]["region"], row["region"], row["item"],
                                                    row["above"]))
    doubtful = sum(row["status"] != "aws" for row in found["prices"] + found["allowances"])
    return section(
        "prices", "Prices",
        tag("p", f"In US dollars, without tax, as published; {doubtful} of {len(found['prices']) + len(found['allowances'])} rows"
            " do not come from AWS itself and are marked ", badge("reported"), "."),
        tag("dl", [join(tag("dt", badge(status)), tag("dd", meaning)) for status, meaning in KEY], class_="key"),
        table("Prices", ("item", "price", "source"), "tnt", [price_row(row) for row in rows], stack="stack bare"),
        tag("h3", "Free each month"),
        table("Allowances", ("item", "quantity", "source"), "tnt",
              [allowance_row(row) for row in found["allowances"]], stack="stack bare"))


def changing(found):
    statements = [join(tag("h3", what), tag("pre", tag("code", f'sqlite3 results.db "{statement}"'), tabindex="0"))
                  for what, statement in CHANGES]
    return section(
        "change", "Change it",
        tag("p", "The file results.db holds the prices, the parameters, the mix and all samples. Change them with SQL; then"),
        tag("pre", tag("code", "serverful compare --report-only"), tabindex="0"),
        tag("p", "writes this page again, without measuring."), statements)


def run(found):
    """Return the facts about the machine and the run."""
    rows = [join(tag("dt", name), tag("dd", value)) for name, value in sorted(found["run"].items())]
    return section("run", "Machine and run", tag("dl", rows, class_="facts") if rows else tag("p", "There are no facts about the run."))
