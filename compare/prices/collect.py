"""Collects the rows of price lists that are prices of items, and chooses exactly one SKU for each item and region."""

import collections
import datetime
import decimal
import re
from typing import NamedTuple

from failure import Failure
from rules import FREE, LOCATIONS, RESERVED, RESERVED_NOTE, SAVINGS, SAVINGS_NOTE, UNITS, bare, rules_for, unit_of

NOWHERE = ("", "Any", "Global")  # locations of rows that hold in all regions
NO_REGION = ("", "global", "aws-global", "aws-other")  # codes of regions of such rows
HERE = "AWS Region"  # the location type of rows that belong to a region; Local Zones and Outposts have others
ENDLESS = decimal.Decimal("Infinity")
NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,60})?(?:[eE][-+]?[0-9]{1,3})?")
LEAST, MOST = decimal.Decimal("1e-15"), decimal.Decimal("1e15")  # of a price or a quantity that is not 0
REGION = re.compile(r"[a-z0-9-]{1,40}")
CURRENCY = re.compile(r"[A-Z]{3}")


class Source(NamedTuple):
    """A price list: its file, and what it says about itself. The version and the date may be empty."""
    file: str
    offer: str
    version: str = ""
    published: str = ""

    def named(self, sku):
        return f"AWS price list {self.offer}, {f'version {self.version}' if self.version else 'no version given'}, SKU {sku}"


class Rate(NamedTuple):
    """One price of a SKU: a tier. All values are texts of the list."""
    begin: str
    end: str
    unit: str
    price: str
    currency: str
    effective: str = ""


class Candidate:
    """A SKU that may be the price of an item, with its rates on demand and as a reserved instance."""

    def __init__(self, rule, source, sku, attributes, matches):
        self.rule, self.source, self.sku, self._matches = rule, source, sku, matches
        self.usage, self.operation = attributes.get("usagetype", ""), attributes.get("operation", "")
        self.is_current = attributes.get("version") == "Current"  # other rows of CloudWatch are of an older kind
        self.rates, self.reserved = [], []

    def add(self, kind, terms, rate):
        """Add a rate of the kind of term that the list names, if it is one of those that count."""
        if kind == "OnDemand":
            self.rates.append(rate)
            self._matches[self.source.file] += 1
        elif kind == "Reserved" and self.rule.is_reserved and unit_of(rate.unit) in UNITS["hour"] and all(
                terms.get(name) == value for name, value in RESERVED.items()):
            self.reserved.append(rate)
            self._matches[self.source.file] += 1

    def date(self):
        """Return the day on which the list was published or, where it does not say so, from which the price holds."""
        return day(self.source, max((rate.effective for rate in self.rates + self.reserved), default=""))

    def __str__(self):
        prices = ", ".join(f"{rate.price} {rate.currency} per {rate.unit}" for rate in self.rates) or "no price"
        return f"  SKU {self.sku}, usage type {self.usage or '-'}, operation {self.operation or '-'}: {prices}"


class Price(NamedTuple):
    """The price of an item in a region: tiers of (quantity at which the tier begins, price), both exact."""
    region: str
    item: str
    unit: str
    currency: str
    tiers: tuple
    source: str
    date: str
    note: str


class Allowance(NamedTuple):
    """A quantity that is free each month, and the currency of the list that says so, which tells China's accounts from all others."""
    item: str
    currency: str
    quantity: decimal.Decimal
    source: str
    date: str


def day(source, effective):
    """Return the day on which a list was published. Where it does not say so, return that from which a price holds, or today."""
    found = (source.published or effective)[:10] or datetime.date.today().isoformat()
    try:
        return datetime.datetime.strptime(found, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise Failure(f"{source.file} has the date '{found}', which is none: the list is damaged") from None


def number(text, what):
    """Return a number of a list exactly. "Inf" is infinity."""
    if text == "Inf":
        return ENDLESS
    found = decimal.Decimal(text) if NUMBER.fullmatch(text) else None
    if found is None or found and not LEAST <= found <= MOST:
        raise Failure(f"{what} has '{text[:50]}', which is no price or quantity: the list is damaged")
    return found


def tiers_of(rates, unit, what):
    """Return the currency and the tiers of rates, after a check that they join from 0 to infinity, and the quantity that is free in
    them: lists of old times have it as a first tier with the price 0."""
    for rate in rates:
        if unit_of(rate.unit) not in UNITS[unit]:
            raise Failure(f"{what} has the unit '{rate.unit}', not one that means '{unit}': set this price by hand")
    currencies = {rate.currency for rate in rates}
    if len(currencies) != 1:
        raise Failure(f"{what} has the currencies {', '.join(sorted(currencies))}: a price needs exactly one")
    if not all(map(CURRENCY.fullmatch, currencies)):
        raise Failure(f"{what} has the currency '{min(currencies)[:50]}', not a code of three capital letters: the list is damaged")
    found = sorted((number(rate.begin or "0", what), number(rate.end or "Inf", what), number(rate.price, what)) for rate in rates)
    ends = [decimal.Decimal(0)] + [end for _, end, _ in found]
    if [begin for begin, _, _ in found] != ends[:-1] or ends[-1] != ENDLESS or any(not price.is_finite() for _, _, price in found):
        raise Failure(f"{what} has tiers that do not join from 0 to infinity: "
                      + ", ".join(f"{begin} to {end}" for begin, end, _ in found) + " (the list is damaged, or cut)")
    free = found[0][1] if len(found) > 1 and not found[0][2] else decimal.Decimal(0)
    return currencies.pop(), tuple((begin - free, price) for begin, _, price in found if not free or begin), free


class Collector:
    """The candidates of all lists that are read."""

    def __init__(self, types, region=None):
        self.region, self._rules = region, rules_for(types)
        self._found = collections.defaultdict(dict)  # SKUs and their candidates by (region, item)
        self._savings = collections.defaultdict(dict)
        self._free = {}
        self._usages = {}
        self.services = {}  # services whose rows were seen, by file
        self.n_matches = collections.Counter()  # prices that count, by file
        self.regions = collections.Counter()  # regions that rows name which would match, whether they are wanted or not

    def may_match(self, usage):
        """Return whether some rule has this usage type. The answer is remembered, since lists have millions of rows."""
        found = self._usages.get(usage)
        if found is None:
            found = self._usages[usage] = any(
                name in (usage, bare(usage)) for _, name in (*self._rules, *FREE))
        return found

    def see(self, source, service):
        self.services.setdefault(source.file, set()).add(service)

    def _rule(self, service, usage):
        return self._rules.get((service, bare(usage))) or self._rules.get((service, usage))

    def _place(self, source, rule, region):
        """Return the region that a row belongs to, or None where it is not wanted."""
        if rule.is_edge:
            return "global"
        if region:
            if not REGION.fullmatch(region):
                raise Failure(f"{source.file} has the region '{region[:50]}', not a code such as eu-central-1: the list is damaged")
            self.regions[region] += 1
        elif not self.region:
            raise Failure(f"{source.file}: its rows do not name their region: add --region REGION")
        region = region or self.region
        return region if self.region in (None, region) else None

    def product(self, source, sku, attributes):
        """Return the candidate that a product is, or None. The names of attributes are in lower case, without spaces."""
        service = attributes.get("servicecode") or source.offer
        usage = attributes.get("usagetype")
        if usage is None:  # cut away by some tool
            usage = f"BoxUsage:{attributes['instancetype']}" if "instancetype" in attributes else ""
            if any(name not in attributes for name in ("operatingsystem", "tenancy", "preinstalledsw", "capacitystatus")):
                return None
        self.see(source, service)
        location = attributes.get("location") or attributes.get("fromlocation") or ""
        if (service, usage) in FREE and location in NOWHERE:
            return _Free(self, source, sku, *FREE[service, usage])
        rule = self._rule(service, usage)
        place = attributes.get("locationtype") or attributes.get("fromlocationtype") or HERE
        if not rule or place != HERE and not rule.is_edge:
            return None
        if any(name in attributes and attributes[name] not in (allowed if isinstance(allowed, tuple) else (allowed,))
               for name, allowed in rule.where.items()):
            return None
        code = attributes.get("regioncode") or attributes.get("fromregioncode") or LOCATIONS.get(location, "")
        region = self._place(source, rule, "" if code in NO_REGION else code)
        return self._keep(source, rule, region, sku, attributes) if region else None

    def _keep(self, source, rule, region, sku, attributes):
        """Return the candidate of a SKU, or None where it is known from a newer list. Of two lists with the same SKU, the newer one
        counts."""
        return self._newest(self._found[region, rule.item], rule, source, sku, attributes)

    def _newest(self, skus, rule, source, sku, attributes):
        known = skus.get(sku)
        if known and known.source == source:
            return known
        if known and (known.source.published, known.source.version) > (source.published, source.version):
            self.n_matches[source.file] += 1
            return None
        skus[sku] = Candidate(rule, source, sku, attributes, self.n_matches)
        return skus[sku]

    def saving(self, source, plan, service, usage, operation, region, sku, rate):
        """Take a rate of a Savings Plan: (family, term, payment)."""
        self.see(source, plan[0])
        rule = self._rule(service, usage)
        if plan != SAVINGS or not rule or not rule.is_saved or operation != rule.where.get("operation", ""):
            return
        place = self._place(source, rule, region)
        if place:
            candidate = self._newest(self._savings[place, rule.item], rule, source, sku, {"usagetype": usage, "operation": operation})
            if candidate:
                candidate.add("OnDemand", {}, rate)

    def free(self, allowance):
        """Take a quantity that is free. Each region's list has it, so that the newest one counts."""
        key = allowance.item, allowance.currency
        known = self._free.get(key)
        if not known or known.date <= allowance.date:
            self._free[key] = allowance

    def _choose(self, region, item, skus):
        """Return the only candidate for an item. CloudWatch has rows of an older kind beside the current ones."""
        left = list(skus.values())
        if len(left) > 1 and sum(candidate.is_current for candidate in left) == 1:
            left = [candidate for candidate in left if candidate.is_current]
        if len(left) > 1:
            raise Failure(f"{left[0].source.file}: {len(left)} rows may be the price of {item} in {region}, and exactly one must"
                          " (nothing was imported; set this price by hand):\n" + "\n".join(map(str, left)))
        return left[0]

    def _price(self, region, item, candidate, rates, note):
        what = f"{candidate.source.file}: SKU {candidate.sku}, {item} in {region},"
        currency, tiers, free = tiers_of(rates, candidate.rule.unit, what)
        if free:
            self.free(Allowance(item, currency, free, candidate.source.named(candidate.sku), candidate.date()))
        return Price(region, item, candidate.rule.unit, currency, tiers, candidate.source.named(candidate.sku), candidate.date(), note)

    def prices(self):
        """Return the prices of all items that were found, in order."""
        found = []
        for (region, item), skus in self._found.items():
            chosen = self._choose(region, item, skus)
            if chosen.rates:
                found.append(self._price(region, item, chosen, chosen.rates, chosen.rule.note))
            if chosen.reserved:
                found.append(self._price(region, item + ".reserved", chosen, chosen.reserved, RESERVED_NOTE))
        for (region, item), skus in self._savings.items():
            chosen = self._choose(region, item + ".savings", skus)
            found.append(self._price(region, item + ".savings", chosen, chosen.rates, SAVINGS_NOTE))
        return sorted(found)

    def sources(self):
        """Return the lists that have the rows that count."""
        return {candidate.source for skus in (*self._found.values(), *self._savings.values()) for candidate in skus.values()}

    def allowances(self):
        return sorted(self._free.values())

    def items(self):
        """Return all items that the lists that were read may have: {item: whether it is CloudFront's}."""
        seen = set().union(*self.services.values())
        found = {}
        for rule in self._rules.values():
            if rule.service in seen:
                found[rule.item] = rule.is_edge
                if rule.is_reserved:
                    found[rule.item + ".reserved"] = False
            if rule.is_saved and SAVINGS[0] in seen:
                found[rule.item + ".savings"] = False
        return found


class _Free:
    """Takes the place of a candidate for a quantity that is free each month."""

    def __init__(self, collector, source, sku, item, unit):
        self._collector, self._source, self._sku, self._item, self._unit = collector, source, sku, item, unit

    def add(self, _kind, _terms, rate):
        what = f"{self._source.file}: SKU {self._sku}, the free quantity of {self._item},"
        if number(rate.price, what) or unit_of(rate.unit) not in UNITS[self._unit]:
            raise Failure(f"{what} has a price or another unit: {rate.price} {rate.currency} per {rate.unit}")
        self._collector.n_matches[self._source.file] += 1
        quantity = number(rate.end, what)
        if quantity.is_finite() and quantity:
            self._collector.free(Allowance(self._item, rate.currency, quantity, self._source.named(self._sku), day(self._source, rate.effective)))
