#!/usr/bin/python3
"""`serverful prices` takes the right rows of AWS's price lists, of all forms and regions, and refuses what is damaged, ambiguous or
foreign without a change. The lists here have AWS's shapes and invented prices. The rows of real lists are read, too, where a
directory has some: SERVERFUL_PRICE_LISTS names it."""

import contextlib
import csv
import gzip
import http.server
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib"))
import price_list
import tap

sys.path[1:1] = [os.path.join(tap.SOURCE, "compare"), os.path.join(tap.SOURCE, "compare", "prices")]
import fetch
import lists
import prices
import results
import rules
from collect import Collector
from failure import Failure
from real_lists import REAL, REFUSED

LISTS = os.environ.get("SERVERFUL_PRICE_LISTS", os.path.join(os.path.dirname(tap.SOURCE), "shared", "prices"))
VERSION, DATE = "20261015101112", "2026-10-15"
REGION, LOCATION, PREFIX = "eu-central-1", "EU (Frankfurt)", "EUC1-"
UNITS = {"request": "Requests", "512 KB": "Requests", "GB-s": "Lambda-GB-Second", "GB": "GB", "GB-month": "GB-Mo", "hour": "Hrs",
         "LCU-hour": "LCU-Hrs", "vCPU-hour": "vCPU-Hours", "month": "Month"}
TERM = {"OnDemand": {}, "1yr": {"LeaseContractLength": "1yr", "OfferingClass": "standard", "PurchaseOption": "No Upfront"}}
COLUMNS = {"servicecode": "serviceCode", "usagetype": "usageType", "productFamily": "Product Family", "regionCode": "Region Code",
           "locationType": "Location Type", "location": "Location", "operatingSystem": "Operating System",
           "preInstalledSw": "Pre Installed S/W", "tenancy": "Tenancy", "capacitystatus": "CapacityStatus",
           "marketoption": "MarketOption", "transferType": "Transfer Type", "fromLocation": "From Location",
           "fromLocationType": "From Location Type", "fromRegionCode": "From Region Code", "toLocation": "To Location",
           "group": "Group", "version": "Version", "instanceType": "Instance Type"}
MACHINE = {"productFamily": "Compute Instance", "operation": "RunInstances", "operatingSystem": "Linux", "tenancy": "Shared",
           "preInstalledSw": "NA", "capacitystatus": "Used", "marketoption": "OnDemand"}


def row(service, usage, price="0.125", unit="Hrs", tiers=None, region=REGION, location=LOCATION, prefix=PREFIX, reserved=None,
        currency="USD", sku=None, **attributes):
    """Return a product with its prices. Tiers are (begin, end, price)."""
    place = {"location": location, "locationType": "AWS Region", "regionCode": region}
    if service == "AWSDataTransfer":
        place = {"fromLocation": location, "fromLocationType": "AWS Region", "fromRegionCode": region}
    attributes = {"servicecode": service, **place, "usagetype": prefix + usage, "operation": "", **attributes}
    return {"sku": sku or f"SKU{abs(hash((service, usage, price, region, str(attributes)))) % 10**13:013}",
            "attributes": {name: value for name, value in attributes.items() if value is not None},
            "unit": unit, "currency": currency, "tiers": tiers or [("0", "Inf", price)], "reserved": reserved or []}


def machine(name, price, reserved=None, **attributes):
    return row("AmazonEC2", f"BoxUsage:{name}", price, reserved=reserved, **{**MACHINE, "instanceType": name, **attributes})


def dimensions(row, code, tiers, unit):
    return {f"{code}.{n}": {"rateCode": f"{code}.{n}", "unit": unit, "beginRange": begin, "endRange": end, "description": "$9.99 per year",
                            "pricePerUnit": {row["currency"]: price}, "appliesTo": []} for n, (begin, end, price) in enumerate(tiers)}


def terms(row):
    """Return the terms of a row by kind: as get-products has them."""
    sku, found = row["sku"], {"OnDemand": {f"{row['sku']}.JRT": {
        "sku": row["sku"], "offerTermCode": "JRT", "effectiveDate": "2026-10-01T00:00:00Z", "termAttributes": {},
        "priceDimensions": dimensions(row, f"{row['sku']}.JRT", row["tiers"], row["unit"])}}}
    for n, (attributes, price, unit) in enumerate(row["reserved"]):
        found.setdefault("Reserved", {})[f"{sku}.R{n}"] = {
            "sku": sku, "offerTermCode": f"R{n}", "effectiveDate": "2026-10-01T00:00:00Z", "termAttributes": attributes,
            "priceDimensions": dimensions(row, f"{sku}.R{n}", [("0", "Inf", price)], unit)}
    return found


def product(row):
    """Return the product of a row as JSON has it: productFamily is no attribute."""
    attributes = dict(row["attributes"])
    family = attributes.pop("productFamily", None)
    return {"sku": row["sku"], **({"productFamily": family} if family else {}), "attributes": attributes}


def as_json(rows, **head):
    """Return an offer file."""
    offer = rows[0]["attributes"].get("servicecode", "AmazonEC2") if rows else "AmazonEC2"
    kinds = {}
    for one in rows:
        for kind, found in terms(one).items():
            kinds.setdefault(kind, {})[one["sku"]] = found
    return json.dumps({"formatVersion": "v1.0", "disclaimer": "…", "offerCode": offer, "version": VERSION,
                       "publicationDate": DATE + "T10:11:12Z", "products": {one["sku"]: product(one) for one in rows},
                       "terms": kinds, "attributesList": {}, **head}, indent=2, ensure_ascii=False)


def as_csv(rows, head=True):
    offer = rows[0]["attributes"]["servicecode"]
    text = io.StringIO()
    names = list(dict.fromkeys(name for one in rows for name in one["attributes"]))
    if head:
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([
            ("FormatVersion", "v1.0"), ("Disclaimer", "This, and that."), ("Publication Date", DATE + "T10:11:12Z"), ("Version", VERSION),
            ("OfferCode", offer)])
    lines = csv.writer(text, quoting=csv.QUOTE_ALL)
    lines.writerow(["SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange", "EndingRange",
                    "Unit", "PricePerUnit", "Currency", "LeaseContractLength", "PurchaseOption", "OfferingClass",
                    *(COLUMNS.get(name, name) for name in names)])
    for one in rows:
        for kind, found in terms(one).items():
            for term in found.values():
                lease = [term["termAttributes"].get(name, "") for name in ("LeaseContractLength", "PurchaseOption", "OfferingClass")]
                for rate in term["priceDimensions"].values():
                    lines.writerow([one["sku"], term["offerTermCode"], rate["rateCode"], kind, rate["description"], "2026-10-01",
                                    rate["beginRange"], rate["endRange"], rate["unit"], rate["pricePerUnit"][one["currency"]],
                                    one["currency"], *lease, *(one["attributes"].get(name, "") for name in names)])
    return text.getvalue()


def documents(rows):
    return [{"product": product(one), "serviceCode": one["attributes"]["servicecode"], "terms": terms(one), "version": VERSION,
             "publicationDate": DATE + "T10:11:12Z"} for one in rows]


FORMS = {
    "a CSV file": as_csv, "a JSON file": as_json,
    "the output of get-products": lambda rows: json.dumps({"FormatVersion": "aws_v1", "PriceList": [json.dumps(d) for d in documents(rows)]}),
    "get-products with objects": lambda rows: json.dumps({"PriceList": documents(rows), "NextToken": "x"}),
    "a list of documents": lambda rows: json.dumps(documents(rows)),
    "an answer of the MCP server": lambda rows: json.dumps({"result": {"status": "success", "service_name": "…", "data": documents(rows)}}),
}


def refusal(content):
    """Read a list in this process. Returns the reason of a refusal, or ""."""
    collector = Collector(price_list.TYPES)
    try:
        lists.read(io.BufferedReader(io.BytesIO(content)), "list0", collector)
        prices.check(collector, ["list0"])
        collector.prices()
        return ""
    except Failure as failure:
        return str(failure)


class Case:
    """A directory with results.db and price lists."""

    def __init__(self, directory):
        self.directory, self.db = directory, os.path.join(directory, "results.db")
        self.run = None

    def fresh(self):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.db)

    def write(self, content, name="list"):
        path = os.path.join(self.directory, name)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        return path

    def prices(self, *arguments, under=(), **environment):
        self.run = subprocess.run([*under, tap.SERVERFUL, "prices", *arguments], cwd=self.directory, capture_output=True, text=True,
                                  env={**os.environ, **environment}, check=False)
        return self.run

    def take(self, *contents, options=()):
        """Import lists. Returns whether that succeeded."""
        names = [os.path.basename(self.write(content, f"list{n}")) for n, content in enumerate(contents)]
        return self.prices("import", *options, *names).returncode == 0

    def sql(self, query, *values):
        if not os.path.exists(self.db):
            return []
        with contextlib.closing(sqlite3.connect(self.db)) as db:
            found = db.execute(query, values).fetchall()
            db.commit()
            return found

    def tiers(self, item, region=REGION):
        return self.sql("SELECT above, price FROM price WHERE region = ? AND item = ? ORDER BY above", region, item)

    def price(self, item, region=REGION):
        found = self.tiers(item, region)
        return found[0][1] if len(found) == 1 else found or None

    def dump(self):
        """Return all rows that an import may change."""
        if not os.path.exists(self.db):
            return None
        return [self.sql(f"SELECT * FROM {table}") for table in ("price", "allowance", "region")]

    def refuses(self, name, *contents, says=(), options=()):
        """Check that the command refuses lists with a reason, and that nothing changes."""
        before = self.dump()
        is_taken = self.take(*contents, options=options)
        tap.ok(not is_taken and self.run.returncode == 1 and "Traceback" not in self.run.stderr and self.dump() == before
               and all(text in self.run.stderr for text in says), name, f"{self.run.returncode}\n{self.run.stdout}{self.run.stderr}")


def refused(name, content, *says):
    """Check that a list is refused with a reason, in this process."""
    found = refusal(content if isinstance(content, bytes) else content.encode())
    tap.ok(found and all(text in found for text in ("list0", *says)), name, found)


def json_key(name):
    """Return the name of an attribute as JSON has it."""
    return {"productfamily": "productFamily", "transfertype": "transferType", "tolocation": "toLocation",
            "operatingsystem": "operatingSystem", "preinstalledsw": "preInstalledSw"}.get(name, name)


def rule_row(rule, price, **more):
    attributes = {json_key(name): allowed if isinstance(allowed, str) else allowed[0] for name, allowed in rule.where.items()}
    return row(rule.service, rule.usage, price, UNITS[rule.unit], **{**attributes, **more})


def all_rules(case):
    """Each rule finds its row, in a region with a prefix and in one without, among rows that look like it."""
    case.fresh()
    wanted = {rule.item: f"{0.001 * n:.10f}" for n, rule in enumerate(rules.RULES, 1)}
    by_service = {}
    for rule in rules.RULES:
        edge = {"prefix": "", "locationType": "AWS Edge Location", "location": "United States", "region": ""} if rule.is_edge else {}
        look_alikes = [] if rule.is_edge else [
            rule_row(rule, "9", locationType="AWS Local Zone", fromLocationType="AWS Local Zone", prefix="LAX1-"),
            rule_row(rule, "9", locationType="AWS Outposts", fromLocationType="AWS Outposts"),
            rule_row(rule, "9", prefix="EUC1-TS-"), rule_row(rule, "9", prefix="EUC1-Outposts-"), rule_row(rule, "9", prefix="TS-"),
            *(rule_row(rule, "9", **{json_key(name): "Other"}) for name in rule.where)]
        by_service.setdefault(rule.service, []).extend([rule_row(rule, wanted[rule.item], **edge), *look_alikes])
    taken = case.take(*(as_csv(rows) for rows in by_service.values()))
    found = {item: f"{price:.10f}" for item, price in case.sql("SELECT item, price FROM price WHERE region IN (?, 'global')", REGION)}
    tap.ok(taken and found == wanted, "each item has the price of its row, and none that looks like it", f"{case.run.stderr}\n{found}")
    case.fresh()
    taken = case.take(*(as_json([rule_row(rule, wanted[rule.item], region="us-east-1", prefix="USE1-" if rule.service in (
        "AmazonVPC", "AmazonCloudWatch") else "") for rule in rules.RULES if rule.service == service and not rule.is_edge])
        for service in rules.SERVICES if service != "AmazonCloudFront"))
    found = {item: f"{price:.10f}" for item, price in case.sql("SELECT item, price FROM price WHERE region = 'us-east-1'")}
    tap.equal([(item, price) for item, price in found.items() if item in wanted and price != wanted[item]], [],
              "usage types without the prefix of a region are those of us-east-1")


ROWS = [row("AmazonEC2", "EBS:VolumeUsage.gp3", "0.0952", "GB-Mo", productFamily="Storage", group=""),
        machine("t3.micro", "0.0120000000", reserved=[
            (TERM["1yr"], "0.0075000000", "Hrs"),
            ({**TERM["1yr"], "LeaseContractLength": "3yr"}, "0.005", "Hrs"),
            ({**TERM["1yr"], "OfferingClass": "convertible"}, "0.009", "Hrs"),
            ({**TERM["1yr"], "PurchaseOption": "All Upfront"}, "0.0000000000", "Hrs"),
            ({**TERM["1yr"], "PurchaseOption": "All Upfront"}, "66", "Quantity")]),
        machine("t3.micro", "0.0212", operatingSystem="Windows", operation="RunInstances:0002"),
        machine("t3.micro", "0.013", tenancy="Dedicated"), machine("t3.micro", "0", capacitystatus="UnusedCapacityReservation"),
        row("AmazonEC2", "EBS:SnapshotUsage", "0.054", "GB-month", productFamily="Storage Snapshot")]
WANTED = {"disk": 0.0952, "vm.t3.micro": 0.012, "vm.t3.micro.reserved": 0.0075, "snapshot": 0.054}


def forms(case):
    for name, form in FORMS.items():
        for is_compressed in (False, True):
            case.fresh()
            content = form(ROWS)
            taken = case.take(gzip.compress(content.encode()) if is_compressed else content)
            found = {item: case.price(item) for item in WANTED}
            tap.ok(taken and found == WANTED and not case.price("vm.t3.nano"), f"{name}{', compressed,' if is_compressed else ''} gives the prices of its rows",
                   f"{found}\n{case.run.stderr}")
    source, date, status = case.sql("SELECT source, date, status FROM price WHERE region = ? AND item = 'disk'", REGION)[0]
    tap.equal((source, date, status), (f"AWS price list AmazonEC2, version {VERSION}, SKU {ROWS[0]['sku']}", DATE, "aws"),
              "a price names the list, its version, its date and its SKU")
    tap.equal(case.sql("SELECT currency FROM region WHERE name = ?", REGION), [("USD",)], "a new region gets the currency of the list")
    case.fresh()
    taken = case.take(as_csv(ROWS, head=False))
    tap.equal((taken, case.sql("SELECT DISTINCT date FROM price WHERE region = ?", REGION)), (True, [("2026-10-01",)]),
              "a CSV file without the lines above its header has the date from which the prices hold")
    case.fresh()
    text = as_json(ROWS).replace("\n", "\r\n\t")
    tap.ok(case.take("\ufeff" + text) and case.price("disk") == 0.0952, "a byte order mark and other white space are no obstacle", case.run.stderr)
    cut = [{name: value for name, value in one.items() if name in ("product", "terms")} for one in documents(ROWS[1:2])]
    for name in ("usagetype", "operation", "regionCode", "locationType", "servicecode"):
        cut[0]["product"]["attributes"].pop(name)
    case.fresh()
    tap.ok(case.take(json.dumps({"result": {"service_name": "AmazonEC2", "data": cut}})) and case.price("vm.t3.micro") == 0.012,
           "a VM without a usage type is found by its other attributes, and its region by its location", case.run.stderr)


TIERS = [("0", "6000000000", "0.0000166667"), ("6000000000", "15000000000", "0.0000150000"), ("15000000000", "Inf", "0.0000133334")]


def gateway(tiers, unit="Requests", **more):
    return row("AmazonApiGateway", "ApiGatewayRequest", unit=unit, tiers=tiers, operation="ApiGatewayRequest", productFamily="API Calls", **more)


def tiers(case):
    for name, order in (("in order", TIERS), ("in another order", TIERS[1:] + TIERS[:1])):
        case.fresh()
        taken = case.take(as_json([gateway(order)]))
        tap.equal((taken, case.tiers("gateway.rest")), (True, [(0, 0.0000166667), (6e9, 0.000015), (15e9, 0.0000133334)]),
                  f"the tiers of an item, {name}, are exact")
    case.fresh()
    for what, wrong in (("a gap", [TIERS[0], TIERS[2]]), ("an overlap", [TIERS[0], ("5000000000", "15000000000", "1"), TIERS[2]]),
                        ("no tier at 0", TIERS[1:]), ("no last tier", TIERS[:2]), ("a tier twice", [*TIERS, TIERS[2]])):
        refused(f"tiers with {what} are refused", as_csv([gateway(wrong)]), "gateway.rest in eu-central-1", "do not join")
    for text in ("", "free", "1_0", "-1", "NaN", "Inf", "1,5", "0x1"):
        refused(f"the price '{text}' is refused", as_csv([gateway([("0", "Inf", text)])]), "gateway.rest")
    case.fresh()
    tap.ok(case.take(as_csv([gateway([("0", "Inf", "1e-7")])])) and case.price("gateway.rest") == 1e-7, "a price may have an exponent", case.run.stderr)
    text = as_json([gateway([("0", "Inf", "0.3")])]).replace('"0.3"', "0.3000000000")
    tap.ok(case.take(text) and case.price("gateway.rest") == 0.3, "a price may be a number instead of a text", case.run.stderr)
    case.fresh()
    for unit in ("Request", "requests", "REQUESTS"):
        tap.ok(case.take(as_csv([gateway([("0", "Inf", "0.5")], unit)])) and case.price("gateway.rest") == 0.5, f"'{unit}' is a unit of requests", case.run.stderr)
    for unit in ("Hrs", "1M Requests", "Messages", ""):
        refused(f"the unit '{unit}' is refused where requests are meant", as_csv([gateway([("0", "Inf", "0.7")], unit)]), "unit")
    case.refuses("a list with tiers that do not join changes nothing", as_csv([gateway(TIERS[1:])]), says=("list0",))
    tap.equal(case.price("gateway.rest"), 0.5, "a refused list leaves the price of another one")


def exactly_one(case):
    case.fresh()
    two = [gateway([("0", "Inf", "0.5")], sku="ONE"), gateway([("0", "Inf", "0.6")], sku="TWO")]
    for name in ("a CSV file", "a JSON file", "the output of get-products"):
        refused(f"two SKUs for an item in {name} are refused, and both are named", FORMS[name](two),
                "2 rows may be the price of gateway.rest in eu-central-1", "SKU ONE, usage type EUC1-ApiGatewayRequest",
                "operation ApiGatewayRequest: 0.5 USD per Requests", "SKU TWO")
    case.refuses("two SKUs for an item in two files are refused", as_csv(two[:1]), as_csv(two[1:]), says=("SKU ONE", "SKU TWO"))
    logs = [row("AmazonCloudWatch", "DataProcessing-Bytes", price, "GB", prefix=prefix, region="us-east-1", operation="PutLogEvents",
                productFamily="Data Payload", version=version) for price, prefix, version in (("0.5", "USE1-", "Current"), ("0.6", "", ""))]
    tap.ok(case.take(as_csv(logs)) and case.price("logs", "us-east-1") == 0.5, "of CloudWatch's rows, the current one counts", case.run.stderr)
    case.fresh()
    mixed = [gateway([("0", "Inf", "0.5")]), gateway([("0", "Inf", "0.6")], region="eu-west-1", prefix="EU-", location="EU (Ireland)")]
    tap.ok(case.take(as_csv(mixed)) and (case.price("gateway.rest"), case.price("gateway.rest", "eu-west-1")) == (0.5, 0.6),
           "a list of several regions gives each its price", case.run.stderr)
    case.fresh()
    tap.ok(case.take(as_csv(mixed), options=("--region", "eu-west-1")) and (case.price("gateway.rest"), case.price("gateway.rest", "eu-west-1"))
           == (None, 0.6), "--region takes the rows of one region", case.run.stderr)
    case.refuses("--region with a region that the list does not have is refused", as_csv(mixed), options=("--region", "sa-east-1"),
                 says=("eu-central-1, eu-west-1", "sa-east-1"))
    nowhere = as_json([gateway([("0", "Inf", "0.7")], region=None, location=None)])
    refused("a list whose rows name no region is refused", nowhere, "--region REGION")
    tap.ok(case.take(nowhere, options=("--region", "eu-west-1")) and case.price("gateway.rest", "eu-west-1") == 0.7,
           "--region names the region of rows that do not", case.run.stderr)
    tap.ok(case.take(as_json([gateway([("0", "Inf", "0.8")], region=None)])) and case.price("gateway.rest") == 0.8,
           "rows of old lists have their region from their location", case.run.stderr)
    old = as_csv([gateway([("0", "Inf", "1")], sku="SAME")]).replace(VERSION, "20250101000000").replace(DATE, "2025-01-01")
    new = as_csv([gateway([("0", "Inf", "2")], sku="SAME")])
    for lists in ((old, new), (new, old)):
        tap.ok(case.take(*lists) and case.price("gateway.rest") == 2, "of two lists with the same SKU, the newer one counts", case.run.stderr)


def older(case):
    """A list that is older than the one that the prices are from."""
    case.fresh()
    case.take(as_csv([gateway([("0", "Inf", "2")])]))
    old = as_csv([gateway([("0", "Inf", "1")])])
    for text in (old.replace(DATE, "2026-01-01"), old.replace(VERSION, "20261015000000")):
        tap.ok(case.take(text) and case.price("gateway.rest") == 2 and "(kept, since the list is older)" in case.run.stdout and "1 kept" in case.run.stdout,
               "a price of a newer list stays, and the output says so", case.run.stdout + case.run.stderr)
    case.sql("UPDATE price SET price = 3, source = 'a web page', date = '2027-01-01' WHERE item = 'gateway.rest'")
    tap.ok(case.take(old) and case.price("gateway.rest") == 1, "a price of no list gives way to a list that was published in the year before",
           case.run.stderr)
    case.sql("UPDATE price SET price = 3, source = 'a web page' WHERE item = 'gateway.rest'")
    tap.ok(case.take(old.replace(DATE, "2016-12-07")) and case.price("gateway.rest") == 3 and "1 kept" in case.run.stdout,
           "a price of no list stays if it was read more than a year after the list was published", case.run.stdout + case.run.stderr)


def free(case):
    case.fresh()
    case.take(as_csv(ROWS))
    case.sql("UPDATE allowance SET quantity = 7, date = '2020-01-01' WHERE item IN ('lambda.request', 'transfer')")
    paid = row("AWSLambda", "Request", "0.0000002", "Request", group="AWS-Lambda-Requests")
    zero = row("AWSLambda", "Global-Request", unit="Request", tiers=[("0", "1000000", "0.0000000000")], prefix="", region="", location="Any", group="AWS-Lambda-Requests")
    taken = case.take(as_csv([paid, zero]))
    tap.equal((taken, case.price("lambda.request.x86_64"), case.sql("SELECT quantity, status, date FROM allowance WHERE item = 'lambda.request'")),
              (True, 0.0000002, [(1000000, "aws", DATE)]), "a row of a free quantity is no price, but an allowance")
    case.sql("UPDATE allowance SET quantity = 7, date = '2026-12-01' WHERE item = 'lambda.request'")
    case.take(as_csv([paid, zero]))
    tap.equal(case.sql("SELECT quantity FROM allowance WHERE item = 'lambda.request'"), [(7,)], "an allowance that is newer than the list stays")
    tap.ok("kept, since the list is older" in case.run.stdout, "the output says that an allowance is kept", case.run.stdout)
    old = row("AWSDataTransfer", "DataTransfer-Out-Bytes", unit="GB", transferType="AWS Outbound", toLocation="External",
              tiers=[("0", "1", "0.0000000000"), ("1", "10240", "0.09"), ("10240", "Inf", "0.05")])
    taken = case.take(as_csv([old]))
    tap.equal((taken, case.tiers("transfer"), case.sql("SELECT quantity FROM allowance WHERE item = 'transfer'")),
              (True, [(0, 0.09), (10239, 0.05)], [(1,)]), "a first tier with the price 0 is an allowance, and the others begin after it")
    case.sql("UPDATE allowance SET quantity = 7, date = '2020-01-01'")
    ningxia = {"region": "cn-northwest-1", "location": "China (Ningxia)", "prefix": "CNW1-", "currency": "CNY"}
    old = row("AWSDataTransfer", "DataTransfer-Out-Bytes", unit="GB", transferType="AWS Outbound", toLocation="External",
              tiers=[("0", "1", "0.0000000000"), ("1", "Inf", "0.9")], **ningxia)
    taken = case.take(as_csv([old]), as_csv([paid, {**zero, "currency": "CNY"}]))
    tap.equal((taken, case.tiers("transfer", "cn-northwest-1"), case.sql("SELECT DISTINCT quantity FROM allowance"), "2 kept" in case.run.stdout),
              (True, [(0, 0.9)], [(7,)], True), "the free quantities of a list in yuan do not replace those of all other regions")
    refused("a free quantity with a price is refused", as_csv([paid, {**zero, "tiers": [("0", "1000000", "0.1")]}]), "lambda.request")


def money(case):
    case.fresh()
    yuan = {"region": "cn-northwest-1", "location": "China (Ningxia)", "prefix": "CNW1-", "currency": "CNY"}
    taken = case.take(as_json([gateway([("0", "Inf", "0.00002")], **yuan), row("AmazonApiGateway", "ApiGatewayCacheUsage:0.5GB", **yuan)]))
    tap.equal((taken, case.price("gateway.rest", "cn-northwest-1"), case.sql("SELECT currency FROM region WHERE name = 'cn-northwest-1'")),
              (True, 0.00002, [("CNY",)]), "a list of China has prices in yuan")
    tap.ok("CNY" in case.run.stdout, "the output has the currency", case.run.stdout)
    case.refuses("another currency than that of the region is refused", as_json([gateway([("0", "Inf", "1")], **{**yuan, "currency": "USD"})]),
                 says=("cn-northwest-1", "CNY", "USD"))
    two = json.loads(as_json([gateway([("0", "Inf", "1")])]))
    for rate in next(iter(next(iter(two["terms"]["OnDemand"].values())).values()))["priceDimensions"].values():
        rate["pricePerUnit"]["CNY"] = "7"
    refused("a price in two currencies is refused", json.dumps(two), "CNY, USD")


def saving(plan, usage, price, service="AWSLambda", operation="", family="ComputeSavingsPlans", term="1", option="No Upfront", unit="Lambda-GB-Second"):
    return {"plan": plan, "usage": PREFIX + usage, "price": price, "service": service, "operation": operation, "family": family, "term": term,
            "option": option, "unit": unit, "sku": f"D{abs(hash((usage, operation))) % 10**14}"}


SAVINGS = [saving("P1", "Lambda-GB-Second", "0.0000146667"), saving("P1", "Lambda-GB-Second-ARM", "0.0000117334"),
           saving("P1", "Lambda-Provisioned-Concurrency", "0.0000036667"), saving("P1", "Request", "0.0000002", unit="Request"),
           saving("P1", "BoxUsage:t4g.nano", "0.0033", "AmazonEC2", "RunInstances", unit="Hrs"),
           saving("P1", "BoxUsage:t4g.nano", "0.0099", "AmazonEC2", "RunInstances:0002", unit="Hrs"),
           saving("P1", "UnusedBox:t4g.nano", "0.0034", "AmazonEC2", "RunInstances", unit="Hrs"),
           saving("P1", "DedicatedUsage:t4g.nano", "0.0035", "AmazonEC2", "RunInstances", unit="Hrs"),
           saving("P3", "Lambda-GB-Second", "0.00001", term="3"), saving("PA", "Lambda-GB-Second", "0.00002", option="All Upfront"),
           saving("PI", "BoxUsage:t4g.nano", "0.0028", "AmazonEC2", "RunInstances", family="EC2InstanceSavingsPlans", unit="Hrs")]


def savings_csv(rates):
    head = ("SKU,RateCode,Unit,EffectiveDate,DiscountedRate,Currency,DiscountedSKU,DiscountedServiceCode,DiscountedUsageType,DiscountedOperation,"
            "PurchaseOption,LeaseContractLength,LeaseContractLengthUnit,ServiceCode,UsageType,Operation,Description,Instance Family,Location,"
            "Location Type,Granularity,Product Family,DiscountedRegionCode,DiscountedInstanceType")
    lines = [",".join((r["plan"], f"{r['plan']}.{r['sku']}", r["unit"], "2026-10-02T00:00:00Z", r["price"], "USD", r["sku"], r["service"], r["usage"],
                       r["operation"], r["option"], r["term"], "year", "ComputeSavingsPlans", "X", "", "X", "", "Any", "AWS Region", "hourly",
                       r["family"], REGION, "")) for r in rates]
    return "\n".join(["FormatVersion,v1.0", f"Publication Date,{DATE}T00:00:00Z", f"Version,{VERSION}", "OfferCode,AmazonComputeSavingsPlan",
                      head, *lines, ""])


def savings_json(rates):
    plans = {r["plan"]: r for r in rates}
    return json.dumps({"version": VERSION, "publicationDate": DATE + "T00:00:00Z", "regionCode": REGION, "products": [
        {"sku": sku, "productFamily": r["family"], "attributes": {"purchaseOption": r["option"], "purchaseTerm": r["term"] + "yr"}}
        for sku, r in plans.items()], "terms": {"savingsPlan": [{
            "sku": sku, "description": "x", "effectiveDate": "2026-10-02T00:00:00Z", "leaseContractLength": {"duration": 1, "unit": "year"},
            "rates": [{"discountedSku": r["sku"], "discountedUsageType": r["usage"], "discountedOperation": r["operation"],
                       "discountedServiceCode": r["service"], "rateCode": f"{sku}.{r['sku']}", "unit": r["unit"],
                       "discountedRate": {"price": r["price"], "currency": "USD"}} for r in rates if r["plan"] == sku]} for sku in plans]}}, indent=1)


def savings(case):
    for name, form in (("CSV", savings_csv), ("JSON", savings_json)):
        case.fresh()
        taken = case.take(form(SAVINGS))
        found = dict(case.sql("SELECT item, price FROM price WHERE region = ?", REGION))
        tap.ok(taken and found == {"lambda.compute.x86_64.savings": 0.0000146667, "lambda.compute.arm64.savings": 0.0000117334,
                                   "lambda.provisioned.x86_64.savings": 0.0000036667, "vm.t4g.nano.savings": 0.0033},
               f"Savings Plans in {name} give the rates of the Compute plan of one year without upfront payment", f"{found}\n{case.run.stderr}")
        refused(f"Savings Plans in {name} of three years only are refused", form([r for r in SAVINGS if r["plan"] == "P3"]), "ComputeSavingsPlans")


def savings_versions(case):
    """Two versions of the Savings Plans, and a list with two rates of one SKU."""
    case.fresh()
    old, new = ([saving("P1", "Lambda-GB-Second", price)] for price in ("0.00002", "0.00001"))
    for form in (savings_csv, savings_json):
        lists_ = [form(new), form(old).replace(VERSION, "20250101000000").replace(DATE, "2025-01-01")]
        for each in (lists_, lists_[::-1]):
            tap.ok(case.take(*each) and case.price("lambda.compute.x86_64.savings") == 0.00001, "of two lists of Savings Plans the newer one counts", case.run.stderr)
        refused("two rates of a Savings Plan for one SKU are refused", form(old + new), "do not join")


def damage(rng, content):
    """Return a list with a random fault."""
    found = bytearray(content)
    begin = rng.randrange(len(found))
    values = [match.span() for match in re.finditer(rb'"[^"]*"', content)]
    kind = rng.randrange(4 if values else 3)
    if kind == 0:
        found[begin] ^= 1 << rng.randrange(8)
    elif kind == 1:
        del found[begin:begin + rng.choice((1, 2, 8, 40))]
    elif kind == 2:
        found[begin:begin] = found[rng.randrange(len(found)):][:rng.choice((1, 5, 60))]
    else:
        begin, end = rng.choice(values)
        found[begin:end] = rng.choice((b"null", b"[]", b"{}", b'"x"', b"1", b'""', b"true", b"[1]", b"-1"))
    return bytes(found)


def random_damage(_case):
    """Whatever is wrong with a list, it is refused with a reason or, where the fault does not matter, taken."""
    rng, wrong = random.Random(18), []
    for name, form in (*FORMS.items(), ("savings in CSV", savings_csv), ("savings in JSON", savings_json)):
        content = form(SAVINGS if "savings" in name else [*ROWS, gateway(TIERS)]).encode()
        for _ in range(60):
            faulty = damage(rng, content)
            try:
                refusal(faulty)
            except Exception as error:  # any other than Failure
                wrong.append((name, repr(error), faulty))
    tap.equal(wrong, [], "a list with a random fault is taken, or refused with a reason")


def damaged(case):
    case.fresh()
    case.take(as_csv([gateway([("0", "Inf", "0.5")])]))
    for name, form in (*FORMS.items(), ("a Savings Plan in CSV", savings_csv), ("a Savings Plan in JSON", savings_json)):
        content = form(SAVINGS if "Savings" in name else ROWS)
        # A CSV file that is cut between two lines is a list with fewer rows, which no reader can tell.
        texts = [content[:n].encode() for n in range(1, len(content.rstrip()), 29)]
        tap.equal([(text[-80:], found) for text in texts for found in [refusal(text)] if "list0" not in found and text[-1:] != b"\n"], [],
                  f"{name} that is cut short anywhere is refused")
        case.refuses(f"{name} that is cut short changes nothing", content[:len(content) // 2], says=("list0",))
        packed = gzip.compress(content.encode())
        refused(f"{name} that is compressed and cut short is refused", packed[:len(packed) // 2], "list0 is compressed")
        refused(f"{name} that is compressed and damaged is refused", packed[:-20] + b"\0" * 20, "list0 is compressed")
    for name, content, says in (
            ("an empty file", "", "is empty"), ("a page of HTML", "<!DOCTYPE html><p>Access denied", "no price list"),
            ("a zip file", b"PK\x03\x04" + bytes(40), "zip file"), ("a binary file", bytes(range(256)) * 4, "no price list"),
            ("a text in Latin-1", '"SKU","Straße"\n'.encode("latin-1") * 400, "UTF-8"), ("a text", "Dear Sir,\nthank you.\n", "no price list"),
            ("another CSV file", "SKU,price\n1,2\n", "no column usagetype"), ("an empty object", "{}", "no price list"), ("an empty list", "[]", "no price list"),
            ("a number", "[1]", "a part is of another kind"), ("a document without a SKU", '[{"product": {}, "terms": {}}]', "a part has no 'sku'"),
            ("nested lists", "[" * 100000, "damaged"), ("a line without an end", as_csv(ROWS) + "x," * 1_000_000, "without an end"),
            ("a record without an end", as_csv(ROWS) + '"' + ("x" * 100 + '\n","') * 20_000, "without an end"),
            ("two lists in a row", as_json(ROWS) * 2, "follows"),
            ("the index of services", '{"formatVersion": "v1.0", "offers": {}}', "index of services"),
            ("the index of regions", '{"regions": {}}', "index of regions"), ("the index of versions", '{"offerCode": "x", "versions": {}}', "index of versions"),
            ("the terms before the products", '{"offerCode": "AmazonEC2", "terms": {}, "products": {}}', "terms before its products"),
            ("a list of S3", as_csv([row("AmazonS3", "TimedStorage-ByteHrs", "0.02", "GB-Mo", productFamily="Storage")]), "It is of AmazonS3"),
            ("a list without products", as_json([]), "no row is a price")):
        refused(f"{name} is refused", content, says)
    case.prices("import", "none.csv")
    tap.ok(case.run.returncode == 1 and "none.csv" in case.run.stderr and "Traceback" not in case.run.stderr, "a file that does not exist is refused", case.run.stderr)
    case.refuses("with one damaged file of two, nothing is imported", as_csv(ROWS), as_csv(ROWS)[:-5], says=("list1",))
    case.fresh()
    case.refuses("a refused list creates no results", "{}")
    tap.ok(case.take(as_csv(ROWS)), "a list creates the results", case.run.stderr)
    tap.equal(case.prices("import", "list0", "list0").returncode, 0, "a file that is named twice is one list")
    other = case.write(b"no database", "other.db")
    case.prices("import", "--results", "other.db", "list0")
    with open(other, "rb") as file:
        tap.ok(case.run.returncode == 1 and file.read() == b"no database" and "Traceback" not in case.run.stderr, "another file than results is refused", case.run.stderr)


class Bomb:
    """A binary file that has a beginning and then a text again and again, without end."""

    def __init__(self, head, text):
        self.head, self.text, self.n = head, text * (1 + (1 << 16) // len(text)), 0

    def peek(self, _):
        return self.head + self.text

    def read(self, _=-1):
        self.n += 1
        if self.n > 1000:
            raise MemoryError("65 MB were read")
        return self.head or self.text if self.n == 1 else self.text

    read1 = read
    closed = property(lambda _: False)
    readable = lambda self: True
    seekable = writable = lambda self: False
    flush = close = lambda self: None


def endless(_case):
    """Lists that do not end: of a server, or compressed."""
    head = as_csv([gateway([("0", "Inf", "1")])]).encode()
    for name, begin, text in (("a line", b"", b"x"), ("a line after rows", head, b"x"), ("a cell of many lines", head, b'"\n"'), ("a cell of empty lines", head + b'"', b"\n"),
                              ("a text of JSON", b'{"a":"', b"x"), ("an array of JSON", b'{"a":[', b"11,")):
        try:
            lists.read(Bomb(begin, text), "list0", Collector([]))
            found = "taken"
        except (Failure, MemoryError) as error:
            found = str(error)
        tap.ok(re.search("without an end|no JSON|field|damaged", found), f"{name} without an end is refused before memory is", found)


def values(case):
    """Values that are no prices, dates, currencies or regions."""
    usual = as_csv([gateway([("0", "10", "0.5"), ("10", "Inf", "0.4")])])
    for old, new in (("0.5", "1e400"), ("0.5", "1e16"), ("0.5", "1e-400"), ("0.5", "1e999999999999"), ("0.5", "-0.5"), ("0.5", "Inf"), ("10", "3e999999999"), ("0.5", "0." + "1" * 100)):
        refused(f"'{new[:20]}' is no price or quantity", usual.replace(f'"{old}"', f'"{new}"').replace(f",{old},", f",{new},"), "damaged")
    refused("a currency in small letters is refused", usual.replace("USD", "usd"), "three capital letters")
    refused("a date that is none is refused", usual.replace(DATE, "2026-13-15"), "2026-13-15")
    refused("a region that is no code is refused", usual.replace(REGION, "<b>x"), "<b>x")
    refused("a NUL is refused", as_csv([*ROWS, machine("t3.large", "1")]).replace("t3.large", "t3\0large"), "NUL")
    whole = json.loads(as_json([gateway([("0", "Inf", "0.5")])]))
    for terms_ in ({}, {"OnDemand": {}}):
        case.refuses("products without prices are refused", json.dumps({**whole, "terms": terms_}), says=("no row is a price",))
    case.take(usual.replace(VERSION, "\x1b[31m2026"))
    tap.ok(case.run.returncode == 0 and "?[31m2026" in case.run.stdout and "\x1b" not in case.run.stdout, "a list cannot control the terminal", case.run.stdout)


def written(case):
    """The results are made and changed as a whole, and by one program at a time."""
    case.fresh()
    tables = results.TABLES
    results.TABLES = (*tables, "none.sql")
    with contextlib.closing(sqlite3.connect(case.db)) as db:
        try:
            results.create(db)
        except OSError:
            pass
    results.TABLES = tables
    tap.equal(case.sql("SELECT count(*) FROM sqlite_schema"), [(0,)], "results that cannot be made as a whole have no table")
    case.fresh()
    case.write(as_csv(ROWS), "list0")
    command = [tap.SERVERFUL, "prices", "import", "--results", case.db, os.path.join(case.directory, "list0")]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    said = [(*run.communicate(), run.returncode) for run in runs]
    tap.ok(all(code == 0 for *_, code in said) and case.price("disk") == 0.0952, "four imports at once make one file of results", said)
    before = case.dump()
    with contextlib.closing(sqlite3.connect(case.db)) as db:
        db.execute("BEGIN IMMEDIATE")
        case.refuses("results that another program writes are refused with words", as_csv([gateway([("0", "Inf", "7")])]), says=("in use by another program", "results.db"))
    tap.equal(case.dump(), before, "they stay as they were")


def output(case):
    case.fresh()
    case.take(as_csv([gateway([("0", "Inf", "0.0000035")]), row("AmazonApiGateway", "ApiGatewayHttpRequest", "1", "Requests", operation="ApiGatewayHttpApi", productFamily="API Calls")]))
    tap.ok("gateway.rest" in case.run.stdout and "0.0000035 USD / request  (added)" in case.run.stdout and "2 added, 0 changed, 0 the same" in case.run.stdout,
           "the output has new prices in full", case.run.stdout)
    before = case.dump()
    case.take(as_csv([gateway([("0", "10", "0.0000035"), ("10", "Inf", "0.0000028")])]), options=("--dry-run",))
    tap.ok("0.0000035 → 0.0000035, 0.0000028 from 10 on USD / request  (changed)" in case.run.stdout and "not in the lists of eu-central-1: gateway.http" in case.run.stdout,
           "the output has the prices before and after, and what the list does not have", case.run.stdout)
    tap.ok(case.dump() == before and "nothing was written" in case.run.stdout, "a dry run changes nothing", case.run.stdout)
    case.take(as_csv([gateway([("0", "10", "0.0000035"), ("10", "Inf", "0.0000028")])]))
    case.take(as_csv([gateway([("0", "Inf", "0.0000035")])]))
    tap.equal(case.tiers("gateway.rest"), [(0, 0.0000035)], "tiers that a newer list does not have are gone")
    case.take(as_csv([gateway([("0", "Inf", "0.0000035")])]))
    tap.ok("(same)" in case.run.stdout and f"AmazonApiGateway: version {VERSION} of {DATE}" in case.run.stdout, "the output names what stays, and the lists", case.run.stdout)
    case.fresh()
    case.take(as_csv(ROWS), options=("--dry-run",))
    tap.ok(case.run.returncode == 0 and not os.path.exists(case.db), "a dry run creates no results", case.run.stderr)
    case.take(as_csv([*ROWS, machine("m7g.medium", "0.04")]))
    case.sql("INSERT INTO instance VALUES ('m7g.medium', 'arm64', 1, 4096, 1)")
    case.take(as_csv([*ROWS, machine("m7g.medium", "0.04")]))
    tap.equal(case.price("vm.m7g.medium"), 0.04, "the types of VMs are those of the table instance")
    for arguments in (("import",), ("fetch", "a", "b"), ("fetch", "--region", "a", "b"), ("import", "--host", "http://x", "list0"), ("nonsense", "x"), ()):
        tap.equal(case.prices(*arguments).returncode, 2, f"serverful prices {' '.join(arguments)} is an invalid command line")


DATA_BYTES = 50_000_000


def memory(case):
    """A list of 30 MB in less memory than a parser of all of it would need."""
    case.fresh()
    wanted = price_list.write_ec2(os.path.join(case.directory, "large.json"), 30)
    taken = case.prices("import", "large.json", under=("prlimit", f"--data={DATA_BYTES}")).returncode == 0
    found = {item: price for item, price in case.sql("SELECT item, price FROM price WHERE region = ?", REGION)}
    tap.equal((taken, found), (True, {item: float(price) for item, price in wanted.items()}), f"a list of 30 MB has its prices, read with at most {DATA_BYTES} bytes of memory")


class Aws(http.server.BaseHTTPRequestHandler):
    """Stands in for AWS's price lists: files by path."""
    files, asked, is_cut, length = {}, [], False, None

    def do_GET(self):
        self.asked.append(self.path)
        body = self.files.get(self.path)
        if body is None:
            self.send_error(404)
            return
        packed = gzip.compress(body.encode()) if "gzip" in self.headers["Accept-Encoding"] and not self.is_cut else body.encode()
        self.send_response(200)
        self.send_header("Content-Length", self.length or str(len(packed) + (1000 if self.is_cut else 0)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, *_):
        pass


def offers(region, partition="aws", **more):
    base = f"/offers/v1.0/{partition}"
    return {
        f"{base}/AmazonApiGateway/current/{region}/index.csv": as_csv([gateway([("0", "Inf", "0.000004")], region=region, **more)]),
        f"{base}/AmazonEC2/current/{region}/index.csv": as_csv([{**one, "attributes": {**one["attributes"], "regionCode": region},
                                                                 "currency": more.get("currency", "USD")} for one in ROWS])}


def fetched(case):
    case.fresh()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Aws)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"http://127.0.0.1:{server.server_port}"
    edge = {"prefix": "", "region": None, "location": "United States", "locationType": "AWS Edge Location"}
    Aws.files = {
        **offers(REGION), **offers("cn-north-1", "cn", currency="CNY"),
        "/offers/v1.0/aws/AmazonCloudFront/current/index.json": as_json([row("AmazonCloudFront", "US-DataTransfer-Out-Bytes", "0.085", "GB", **edge)]),
        "/offers/v1.0/aws/AmazonRoute53/current/index.json": as_json([row("AmazonRoute53", "HostedZone", unit="HostedZone", prefix="", region="aws-other", location="Any",
                                                                          tiers=[("0", "25", "0.5"), ("25", "Inf", "0.1")])]),
        "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/current/region_index.json": json.dumps({"regions": [
            {"regionCode": REGION, "versionUrl": "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/1/x/index.json"}]}),
        "/savingsPlan/v1.0/aws/AWSComputeSavingsPlan/1/x/index.csv": savings_csv(SAVINGS)}
    run = case.prices("fetch", REGION, "--host", host)
    found = [case.price(item) for item in ("gateway.rest", "disk", "vm.t3.micro.reserved", "vm.t4g.nano.savings")]
    tap.equal((run.returncode, found), (0, [0.000004, 0.0952, 0.0075, 0.0033]), "fetch takes the prices of a region's lists")
    tap.equal(case.tiers("dns.zone"), [(0, 0.5), (25, 0.1)], "fetch takes the price of a DNS zone, which has no region, for the region")
    tap.equal(case.price("cloudfront.transfer", "global"), 0.085, "fetch takes the prices of CloudFront from the global list")
    tap.ok("AWSLambda: no list for this region" in run.stderr, "fetch says which list a region does not have", run.stderr)
    Aws.asked.clear()
    run = case.prices("fetch", "cn-north-1", "--host", host)
    tap.equal((run.returncode, case.price("disk", "cn-north-1"), case.sql("SELECT currency FROM region WHERE name = 'cn-north-1'"),
               [path for path in Aws.asked if "/cn/" not in path]), (0, 0.0952, [("CNY",)], []), "fetch takes the lists of China, in yuan, from the paths of China")
    before = case.dump()
    Aws.files.update({path.replace(REGION, "eu-west-9"): text for path, text in Aws.files.items()})  # another region's prices
    for arguments, says in (((REGION.replace("1", "9"), "--host", host), "no list for"), ((REGION, "--host", "http://127.0.0.1:1"), "cannot download"),
                            ((REGION, "--host", "nonsense"), "cannot download"), ((REGION, "--host", "http://a..b"), "cannot download"),
                            (("eu-west-9", "--host", host), "no price of that region")):
        run = case.prices("fetch", *arguments)
        tap.ok(run.returncode == 1 and says in run.stderr and "Traceback" not in run.stderr and case.dump() == before,
               f"fetch {' '.join(arguments[:1])} is refused with the words '{says}'", run.stderr)
    Aws.length = "many"
    run = case.prices("fetch", REGION, "--host", host)
    tap.ok("Traceback" not in run.stderr, "a length that is no number makes no trouble", run.stderr)
    Aws.length, before = None, case.dump()
    try:
        fetch._Redirects().redirect_request(urllib.request.Request("https://a/"), None, 302, "", {}, "http://a/")
        said = "followed"
    except Failure as failure:
        said = str(failure)
    tap.ok("has no TLS" in said, "a redirect that gives up TLS is refused", said)
    Aws.is_cut = True
    run = case.prices("fetch", REGION, "--host", host)
    tap.ok(run.returncode == 1 and "ended too early" in run.stderr and "Traceback" not in run.stderr and case.dump() == before,
           "a download that ends too early is refused, and changes nothing", run.stderr)
    server.shutdown()


def real(case):
    """The rows of real lists."""
    if not os.path.isdir(LISTS):
        tap.skip(len(REAL) + len(REFUSED), "no directory with real price lists: SERVERFUL_PRICE_LISTS names one")
        return
    for name, (options, wanted) in REAL.items():
        case.fresh()
        with contextlib.closing(results.open_results(case.db)) as db:
            db.execute("DELETE FROM price")  # else a price that was read long after its list would stay
            db.commit()
        run = case.prices("import", *options, os.path.join(LISTS, name))
        found = {key: case.tiers(key[1], key[0]) for key in wanted}
        others = case.sql("SELECT DISTINCT region, item FROM price WHERE source GLOB 'AWS price list*' AND region NOT IN ('us-east-1', 'global')")
        tap.ok(run.returncode == 0 and found == wanted and {key for key in others if key not in wanted} == set(),
               f"{name} has the prices that its rows have, and no others", f"{run.stderr}{found}\n{others}")
    for name, says in REFUSED.items():
        case.fresh()
        run = case.prices("import", os.path.join(LISTS, name))
        tap.ok(run.returncode == 1 and all(text in run.stderr for text in says) and not os.path.exists(case.db) and "Traceback" not in run.stderr,
               f"{name} is refused with a reason", run.stderr)


PARTS = (all_rules, forms, tiers, exactly_one, older, free, money, savings, savings_versions, damaged, random_damage, values, written, output, memory,
         endless, fetched, real)
tap.plan(217)
with tempfile.TemporaryDirectory() as directory:
    for part in PARTS:
        part(Case(directory))
tap.done()
