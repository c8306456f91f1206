"""Reads price lists of all forms, in pieces, and gives their rows to a collector: offer files and Savings Plans as CSV and as JSON,
and the answers of `aws pricing get-products`, compressed or not. The kind of a file is recognised from its content."""

import csv
import gzip
import io
import re
import zlib

from collect import Rate, Source
from failure import Failure
from stream import Broken, Reader, decode

INDEXES = {"offers": "services", "regions": "regions", "versions": "versions"}
ADVICE = "download the lists that it names, or use 'serverful prices fetch REGION'"
DAMAGE = "download it again"
LONGEST_LINE = 1 << 20  # characters
MOST_LINES = 100  # of a row in which a quote is open
OFFER_COLUMNS = ("usagetype", "servicecode", "termtype", "startingrange", "endingrange", "unit", "priceperunit", "currency",
                 "effectivedate")
SAVING_COLUMNS = ("discountedusagetype", "servicecode", "productfamily", "leasecontractlength", "leasecontractlengthunit",
                  "purchaseoption", "discountedservicecode", "discountedoperation", "discountedsku", "unit", "discountedrate",
                  "currency", "effectivedate")


def name_of(name):
    """Return the common name of an attribute: CSV has "Product Family" where JSON has productFamily."""
    return {"preinstalleds/w": "preinstalledsw"}.get(found := re.sub(r"\s", "", name).lower(), found)


def unpacked(binary):
    """Return a binary file without its compression, if it has any."""
    return gzip.GzipFile(fileobj=binary) if binary.peek(2)[:2] == b"\x1f\x8b" else binary


def read(binary, name, collector):
    """Read a list from a binary file. Raises Failure, whose text names the list."""
    try:
        binary = unpacked(binary)
        head = binary.peek(1024)[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
        text = io.TextIOWrapper(binary, encoding="utf-8-sig", newline="")
        if head[:1] in (b"{", b"["):
            _Json(text, name, collector).read()
        elif not head or head[:1] == b"<" or b"\0" in head or head[:2] == b"PK":
            what = "empty" if not head else "a zip file: unpack it" if head[:2] == b"PK" else "no price list of AWS"
            raise Failure(f"{name} is {what}")
        else:
            read_csv(text, name, collector)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise Failure(f"{name} is compressed, and cut short or damaged: {DAMAGE}") from None
    except Broken as broken:
        raise Failure(f"{name}: {broken} ({DAMAGE})") from None
    except UnicodeDecodeError:
        raise Failure(f"{name} is no text in UTF-8, and so no price list of AWS: {DAMAGE}") from None
    except csv.Error as error:
        raise Failure(f"{name} is damaged, or no price list: {error} ({DAMAGE})") from None


def _lines(text, name):
    """Yield the lines of a file, which must be whole. A line, and a row of several lines, has a greatest length, so that a file of any
    size and content needs little memory."""
    line, n_open = "\n", 0
    while piece := text.readline(LONGEST_LINE):
        line = piece
        n_open = n_open + 1 if bool(n_open) != bool(line.count('"') % 2) else 0
        if "\0" in line:
            raise Failure(f"{name} is damaged: it has a NUL character ({DAMAGE})")
        if n_open > MOST_LINES or len(line) == LONGEST_LINE:
            raise Failure(f"{name} is damaged, or no price list: it has a row without an end ({DAMAGE})")
        yield line
    if not line.endswith("\n"):
        raise Failure(f"{name} is cut short: its last line has no end ({DAMAGE})")


def read_csv(text, name, collector):
    rows = csv.reader(_lines(text, name), strict=True)
    head = {}
    for row in rows:
        if row and row[0] == "SKU":
            columns = [name_of(column) for column in row]
            break
        if len(row) == 2:
            head[row[0]] = row[1]
        if rows.line_num > 20:
            raise Failure(f"{name} is no price list of AWS: none of its first lines begins with SKU")
    else:
        raise Failure(f"{name} is no price list of AWS: no line begins with SKU")
    source = Source(name, head.get("OfferCode", ""), head.get("Version", ""), head.get("Publication Date", ""))
    take, needed = (_take_saving, SAVING_COLUMNS) if "discountedusagetype" in columns else (_take_row, OFFER_COLUMNS)
    missing = [column for column in needed if column not in columns]
    if missing:
        raise Failure(f"{name} is no price list of AWS: it has no column {missing[0]}")
    index, services = columns.index(needed[0]), columns.index("servicecode")
    for row in rows:
        if len(row) != len(columns):
            raise Failure(f"{name} is cut short or damaged: line {rows.line_num} has {len(row)} of {len(columns)} columns ({DAMAGE})")
        if collector.may_match(row[index]):
            take(collector, source, dict(zip(columns, row)))
        elif name not in collector.services:
            collector.see(source, row[services])


def _take_row(collector, source, row):
    candidate = collector.product(source._replace(offer=source.offer or row["servicecode"]), row["sku"], row)
    if candidate:
        candidate.add(row["termtype"], row, Rate(row["startingrange"], row["endingrange"], row["unit"], row["priceperunit"],
                                                 row["currency"], row["effectivedate"]))


def _take_saving(collector, source, row):
    term = f"{row['leasecontractlength']}{'yr' if row['leasecontractlengthunit'] == 'year' else row['leasecontractlengthunit']}"
    collector.saving(source, (row["productfamily"], term, row["purchaseoption"]), row["discountedservicecode"],
                     row["discountedusagetype"], row["discountedoperation"], row.get("discountedregioncode"), row["discountedsku"],
                     Rate("0", "Inf", row["unit"], row["discountedrate"], row["currency"], row["effectivedate"]))


def _rates(terms):
    """Yield (the attributes of a term, a rate) for the terms of one SKU."""
    for term in terms.values():
        attributes = {name_of(name): value for name, value in term.get("termAttributes", {}).items()}
        for rate in term["priceDimensions"].values():
            for currency, price in rate["pricePerUnit"].items():
                values = (rate.get("beginRange", ""), rate.get("endRange", ""), rate["unit"], price, currency, term.get("effectiveDate", ""))
                yield attributes, Rate(*map(str, values))


def _attributes(product):
    found = {name_of(name): value for name, value in product.get("attributes", {}).items()}
    if "productFamily" in product:
        found["productfamily"] = product["productFamily"]
    return found


class _Json:
    """A list in JSON."""

    def __init__(self, text, name, collector):
        self._reader, self._name, self._collector = Reader(text), name, collector
        self._head = {}  # short values of the top level
        self._chosen, self._plans = {}, {}
        self._is_list = False  # whether something was seen that only a price list has

    def _source(self, document=None):
        found = {**self._head, **(document or {})}
        offer = found.get("offerCode") or found.get("serviceCode") or found.get("service_name") or ""
        if not offer and document:
            offer = document.get("product", {}).get("attributes", {}).get("servicecode", "")
        return Source(self._name, offer, found.get("version", ""), found.get("publicationDate", ""))

    def read(self):
        try:
            if self._reader.peek() == "[":
                self._documents()
            else:
                self._walk()
            self._reader.end()
        except (KeyError, TypeError, AttributeError) as error:
            what = f"a part has no {error}" if isinstance(error, KeyError) else "a part is of another kind"
            raise Failure(f"{self._name} is damaged, or not as AWS's lists are: {what} ({DAMAGE})") from None
        if not self._is_list:
            raise Failure(f"{self._name} is JSON, but no price list of AWS")

    def _walk(self):
        """Read an object of the top level."""
        reader = self._reader
        for key in reader.members():
            if key in INDEXES:
                raise Failure(f"{self._name} is AWS's index of {INDEXES[key]}, which has no prices: {ADVICE}")
            if key in ("PriceList", "data") and reader.peek() == "[":
                self._documents()
            elif key == "result" and reader.peek() == "{":
                self._walk()
            elif key == "products":
                self._is_list = True
                if reader.peek() == "{":
                    self._products()
                else:
                    self._read_plans()
            elif key == "terms" and "product" not in self._head:
                self._terms()
            else:
                value = reader.value()
                if key == "product" or isinstance(value, str):
                    self._head[key] = value
                if key == "terms":
                    self._document({**self._head, "terms": value})

    def _documents(self):
        """Read documents of get-products: objects, or texts that hold one."""
        for _ in self._reader.elements():
            value = self._reader.value()
            try:
                self._document(decode(value) if isinstance(value, str) else value)
            except (ValueError, RecursionError):
                raise Failure(f"{self._name}: a text in its list is no JSON ({DAMAGE})") from None

    def _document(self, document):
        product, source = document["product"], self._source(document)
        self._is_list = True
        candidate = self._collector.product(source, product["sku"], _attributes(product))
        for kind, terms in document["terms"].items() if candidate else ():
            for attributes, rate in _rates(terms):
                candidate.add(kind, attributes, rate)

    def _products(self):
        source, collector, chosen = self._source(), self._collector, self._chosen
        for sku in self._reader.members():
            product = self._reader.value()
            attributes = product["attributes"]
            if "usagetype" in attributes and not collector.may_match(attributes["usagetype"]):
                if self._name not in collector.services:
                    collector.see(source, attributes.get("servicecode", source.offer))
                continue
            candidate = collector.product(source, sku, _attributes(product))
            if candidate:
                chosen[sku] = candidate

    def _terms(self):
        if not self._is_list:
            raise Failure(f"{self._name} has its terms before its products, which AWS's lists do not: {DAMAGE}")
        for kind in self._reader.members():
            if kind == "savingsPlan":
                self._savings()
                continue
            for sku in self._reader.members():
                terms = self._reader.value()
                if sku in self._chosen:
                    for attributes, rate in _rates(terms):
                        self._chosen[sku].add(kind, attributes, rate)

    def _read_plans(self):
        for _ in self._reader.elements():
            plan = self._reader.value()
            attributes = plan["attributes"]
            self._plans[plan["sku"]] = (plan["productFamily"], attributes.get("purchaseTerm"), attributes.get("purchaseOption"))

    def _savings(self):
        for _ in self._reader.elements():
            effective = ""
            for key in self._reader.members():
                if key == "rates":
                    for _ in self._reader.elements():
                        self._saving(self._reader.value(), effective)
                else:
                    value = self._reader.value()
                    effective = value if key == "effectiveDate" else effective

    def _saving(self, rate, effective):
        source = self._source()
        plan = self._plans[rate["rateCode"].partition(".")[0]]
        price = rate["discountedRate"]
        self._collector.saving(
            source._replace(offer=source.offer or "AWSComputeSavingsPlan"), plan, rate["discountedServiceCode"],
            rate["discountedUsageType"], rate["discountedOperation"],
            rate.get("discountedRegionCode") or self._head.get("regionCode"), rate["discountedSku"],
            Rate("0", "Inf", *map(str, (rate["unit"], price["price"], price["currency"], effective))))
