"""Makes price lists of EC2 in JSON, of any size, in the shape of AWS's: all products first, with their many attributes, then the terms
on demand, then those of reserved instances, which are most of the file. The prices are invented."""

import itertools

TYPES = ("t4g.nano", "t4g.micro", "t4g.small", "t4g.medium", "t3.nano", "t3.micro", "t3.small", "t3.medium", "c7g.medium", "c7g.large")
SYSTEMS = {"Linux": "", "Windows": ":0002", "RHEL": ":0010", "SUSE": ":000g", "Ubuntu Pro": ":0g00"}
TENANCIES = {"Shared": "BoxUsage", "Dedicated": "DedicatedUsage", "Host": "HostBoxUsage"}
CAPACITY = {"Used": "", "UnusedCapacityReservation": "UnusedBox", "AllocatedCapacityReservation": "Reservation"}
LEASES = tuple(itertools.product(("1yr", "3yr"), ("standard", "convertible"), ("No Upfront", "Partial Upfront", "All Upfront")))
HEAD = """{
  "formatVersion" : "v1.0",
  "disclaimer" : "This pricing list is for informational purposes only.",
  "offerCode" : "AmazonEC2",
  "version" : "20261101000000",
  "publicationDate" : "2026-11-01T00:00:00Z",
  "products" : {"""
MACHINE = {
    "servicecode": "AmazonEC2", "location": "EU (Frankfurt)", "locationType": "AWS Region", "currentGeneration": "Yes",
    "instanceFamily": "General purpose", "vcpu": "2", "physicalProcessor": "Intel Skylake E5 2686 v5", "clockSpeed": "3.1 GHz",
    "memory": "4 GiB", "storage": "EBS only", "networkPerformance": "Up to 5 Gigabit", "processorArchitecture": "64-bit",
    "licenseModel": "No License required", "availabilityzone": "NA", "classicnetworkingsupport": "false",
    "dedicatedEbsThroughput": "Up to 2085 Mbps", "ecu": "NA", "enhancedNetworkingSupported": "No", "gpuMemory": "NA",
    "intelAvxAvailable": "Yes", "intelAvx2Available": "Yes", "intelTurboAvailable": "Yes", "marketoption": "OnDemand",
    "normalizationSizeFactor": "2", "preInstalledSw": "NA", "processorFeatures": "AVX; AVX2; Intel AVX; Intel AVX2; Intel Turbo",
    "regionCode": "eu-central-1", "servicename": "Amazon Elastic Compute Cloud", "vpcnetworkingsupport": "true"}
PLACE = {"servicecode": "AmazonEC2", "location": "EU (Frankfurt)", "locationType": "AWS Region", "regionCode": "eu-central-1"}
OTHERS = (  # item, family, usage type, operation, unit, price; items of None are look-alikes
    ("disk", "Storage", "EUC1-EBS:VolumeUsage.gp3", "", "GB-Mo", "0.0952"),
    (None, "Storage", "EUC1-EBS:VolumeUsage.gp2", "", "GB-Mo", "0.119"),
    ("snapshot", "Storage Snapshot", "EUC1-EBS:SnapshotUsage", "", "GB-Mo", "0.054"),
    (None, "Storage Snapshot", "EUC1-EBS:SnapshotUsage.outposts", "", "GB-Mo", "0.03"),
    ("nat", "NAT Gateway", "EUC1-NatGateway-Hours", "NatGateway", "Hrs", "0.052"),
    (None, "NAT Gateway", "EUC1-RegionalNatGateway-Hours", "RegionalNatGateway", "Hrs", "0.052"),
    ("nat.processed", "NAT Gateway", "EUC1-NatGateway-Bytes", "NatGateway", "GB", "0.052"),
    ("credits.t3", "CPU Credits", "EUC1-CPUCredits:t3", "RunInstances", "vCPU-Hours", "0.05"),
    (None, "CPU Credits", "EUC1-CPUCredits:t3", "RunInstances:0002", "vCPU-Hours", "0.096"),
    ("credits.t4g", "CPU Credits", "EUC1-CPUCredits:t4g", "RunInstances", "vCPU-Hours", "0.04"))


def _members(values, depth):
    space = " " * depth
    return "{\n" + ",\n".join(f'{space}  "{name}" : {value}' for name, value in values.items()) + f"\n{space}}}"


def _text(value):
    return f'"{value}"'


def product(sku, family, attributes):
    return _members({"sku": _text(sku), "productFamily": _text(family),
                     "attributes": _members({name: _text(value) for name, value in attributes.items()}, 6)}, 4)


def rate(code, price, unit):
    return _members({"rateCode": _text(code), "description": _text(f"${price} per {unit} of something in EU (Frankfurt)"),
                     "beginRange": '"0"', "endRange": '"Inf"', "unit": _text(unit),
                     "pricePerUnit": _members({"USD": _text(price)}, 14), "appliesTo": "[ ]"}, 12)


def term(sku, code, rates, attributes):
    return _members({"offerTermCode": _text(code), "sku": _text(sku), "effectiveDate": '"2026-11-01T00:00:00Z"',
                     "priceDimensions": _members(rates, 10), "termAttributes": _members(
                         {name: _text(value) for name, value in attributes.items()}, 10)}, 8)


def on_demand(sku, price, unit):
    code = f"{sku}.JRTCKXETXF"
    return _members({f"{code}": term(sku, "JRTCKXETXF", {f"{code}.6YS6EN2CT7": rate(f"{code}.6YS6EN2CT7", price, unit)}, {})}, 6)


def reserved(sku, price):
    """Return twelve terms; the hourly price of each is another share of `price`."""
    terms = {}
    for n, (lease, kind, option) in enumerate(LEASES):
        code = f"{sku}.TERM{n:06}"
        rates = {f"{code}.6YS6EN2CT7": rate(f"{code}.6YS6EN2CT7", f"{price * (90 - 5 * n) / 100:.10f}", "Hrs")}
        if option != "No Upfront":
            rates[f"{code}.2TG2D8R56U"] = rate(f"{code}.2TG2D8R56U", str(100 + n), "Quantity")
        terms[code] = term(sku, f"TERM{n:06}", rates, {"LeaseContractLength": lease, "OfferingClass": kind, "PurchaseOption": option})
    return _members(terms, 6)


def machines():
    """Yield (type, whether it is the plain one of Linux, attributes) without end: all kinds of each type, of which most are not ours."""
    families = itertools.chain(TYPES, (f"m{n}x.{size}xlarge" for n in itertools.count() for size in (1, 2, 4, 8, 16)))
    for name in families:
        for (system, operation), (tenancy, usage), (capacity, other) in itertools.product(
                SYSTEMS.items(), TENANCIES.items(), CAPACITY.items()):
            yield name, (system, tenancy, capacity) == ("Linux", "Shared", "Used"), {
                **MACHINE, "instanceType": name, "tenancy": tenancy, "operatingSystem": system, "capacitystatus": capacity,
                "usagetype": f"EUC1-{other or usage}:{name}", "operation": f"RunInstances{operation}"}


def write_ec2(path, megabytes):
    """Write a list of about that size. Returns the prices that it has: texts by item."""
    wanted, found = megabytes * 1e6, {}
    chosen, prices = [], []
    sample = product("SKU0000000000000", "Compute Instance", next(machines())[2])
    each = len(sample) + len(on_demand("SKU0000000000000", "0.1", "Hrs")) + len(reserved("SKU0000000000000", 0.1)) + 90
    for n, (name, is_plain, attributes) in enumerate(itertools.islice(machines(), max(500, int(wanted / each)))):
        price = f"{0.004 + n / 1e5:.10f}"
        if is_plain and name in TYPES:
            found[f"vm.{name}"] = price
            found[f"vm.{name}.reserved"] = f"{float(price) * 0.9:.10f}"
        chosen.append((f"SKU{n:013}", attributes))
        prices.append(price)
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEAD)
        comma = ""
        for n, (item, family, usage, operation, unit, price) in enumerate(OTHERS):
            found.update({item: price} if item else {})
            file.write(f'{comma}\n    "OTHER{n:011}" : ' + product(f"OTHER{n:011}", family, {**PLACE, "usagetype": usage, "operation": operation}))
            comma = ","
        for sku, attributes in chosen:
            file.write(f',\n    "{sku}" : ' + product(sku, "Compute Instance", attributes))
        file.write('\n  },\n  "terms" : {\n    "OnDemand" : {')
        comma = ""
        for n, (_, _, _, _, unit, price) in enumerate(OTHERS):
            file.write(f'{comma}\n      "OTHER{n:011}" : ' + on_demand(f"OTHER{n:011}", price, unit))
            comma = ","
        for (sku, _), price in zip(chosen, prices):
            file.write(f',\n      "{sku}" : ' + on_demand(sku, price, "Hrs"))
        file.write('\n    },\n    "Reserved" : {')
        comma = ""
        for (sku, _), price in zip(chosen, prices):
            file.write(f'{comma}\n      "{sku}" : ' + reserved(sku, float(price)))
            comma = ","
        file.write('\n    }\n  },\n  "attributesList" : { }\n}\n')
    return found
