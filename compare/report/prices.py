"""The parts of the report about prices, about changing them, and about the machine."""

from words import count, plain, price, say

from .markup import badge, join, quoted, said, section, table, tag

KEY = (("aws", "from AWS itself"), ("reported", "from several third-party sources, which agree"),
       ("conflict", "from third-party sources that disagree"), ("weak", "from a single third-party source, or an estimate"))

CHANGES = (
    ("A price", "UPDATE price SET price = 0.0038 WHERE region = '{region}' AND item = 'vm.t4g.nano'"),
    ("The memory size", "UPDATE parameter SET value = 256 WHERE name = 'memory_mb'"),
    ("The volume", "UPDATE parameter SET value = 50000000 WHERE name = 'requests'"),
    ("The mix of requests", "UPDATE mix SET share = 5 WHERE endpoint = '{endpoint}'"),
    ("At least three VMs in one scenario", "INSERT OR REPLACE INTO scenario_parameter VALUES ('available', 'instances', 3)"))


def unsure(row):
    return None if row["status"] == "aws" else "unsure"


def source(row):
    note = tag("small", quoted(row["note"]), class_="remark") if row["note"] else None
    return join(quoted(row["source"]), note, tag("small", ", ".join(filter(None, (row.get("region"), row["date"])))))


def price_row(row):
    million = tag("small", say("{price} a million", price=price(row["price"] * 1e6))) if 0 < row["price"] < 0.0005 else None
    return [join(tag("code", row["item"]), " ", badge(row["status"]), tag("small", say("from {volume} on", volume=count(row["above"])))
                 if row["above"] else None),
            join(tag("b", price(row["price"]), data_price=row["item"]), f" / {say(row['unit'])}", million), source(row)], unsure(row)


def allowance_row(row):
    return [join(tag("code", row["item"]), " ", badge(row["status"])), join(tag("b", plain(row["quantity"]))), source(row)], unsure(row)


def part(found):
    # Those that count for the scenario; the tiers of an item in order.
    rows = sorted((row for row in found["prices"] if row["counts"]),
                  key=lambda row: (row["region"] == "global", row["item"], row["above"]))
    doubtful = sum(row["status"] != "aws" for row in rows)
    if not rows:
        return section("prices", say("Prices"), tag("p", say("There are no prices for the region {region}.", region=found["setting"]["region"])))
    return section(
        "prices", say("Prices"),
        tag("p", said("In {currency}, without tax, as published. {n} of {all} rows do not come from AWS itself and are marked {mark}.",
                      currency=found["currency"], n=doubtful, all=len(rows), mark=badge("reported"))),
        tag("dl", [join(tag("dt", badge(status)), tag("dd", say(meaning))) for status, meaning in KEY], class_="key"),
        table(say("Prices"), (say("item"), say("price"), say("source")), "tnt", [price_row(row) for row in rows], stack="stack bare"),
        tag("h3", say("Free each month")),
        table(say("Allowances"), (say("item"), say("quantity"), say("source")), "tnt",
              [allowance_row(row) for row in found["allowances"]], stack="stack bare"))


def changing(found):
    endpoint = found["endpoints"][-1]["name"].replace("'", "''") if found["endpoints"] else "segment-5000"
    texts = [(what, statement.format(region=found["setting"]["region"], endpoint=endpoint)) for what, statement in CHANGES]
    statements = [join(tag("h3", say(what)), tag("pre", tag("code", f'sqlite3 results.db "{text}"'), tabindex="0")) for what, text in texts]
    return section(
        "change", say("Change it"),
        tag("p", said("The file {file} holds the prices, the parameters, the mix and all samples. Change them with SQL; then", file=tag("code", "results.db"))),
        tag("pre", tag("code", "serverful compare --report-only"), tabindex="0"),
        tag("p", said("writes this page again, without measuring. In a clone the file is {file}, and the command {command}.",
                      file=tag("code", "var/results.db"), command=tag("code", "./dev compare --report-only"))), statements)


def run(found):
    """Return the facts about the machine and the run."""
    rows = [join(tag("dt", name, lang="en"), tag("dd", value, lang="en")) for name, value in sorted(found["run"].items())]
    return section("run", say("Machine and run"), tag("dl", rows, class_="facts") if rows else tag("p", say("There are no facts about the run.")))
