"""Writes prices into results.db, in one transaction, and tells what changes."""

import decimal
from typing import NamedTuple

from failure import Failure


KEPT = "kept, since the list is older"
FOREIGN = "kept, since allowances are those of accounts in US dollars"


class Change(NamedTuple):
    """What an import does to one item: the tiers before and after, as lists of (quantity, price), and a word for it."""
    region: str
    item: str
    unit: str
    currency: str
    before: list
    after: list
    word: str


def _currency(db, price):
    """Check that a price is in the currency of its region, which a new region takes over."""
    known = db.execute("SELECT currency FROM region WHERE name = ?", (price.region,)).fetchone()
    if known and known[0] != price.currency:
        raise Failure(f"the prices of {price.region} are in {known[0]}, and the list has {price.currency}: delete the region's rows of"
                      " the tables price and region first, if the list is right")
    if not known:
        db.execute("INSERT INTO region (name, currency) VALUES (?, ?)", (price.region, price.currency))


def _age(date, source):
    """Return what is greater for a newer price list: its date and version."""
    return date, source.partition(", SKU")[0]


def _is_newer(db, price):
    """Return whether the prices of an item are from a newer list than the price, or were read elsewhere more than a year after its list."""
    known = db.execute("SELECT date, source, date(date, '-1 year') FROM price WHERE region = ? AND item = ?", (price.region, price.item))
    return any(_age(date, source) > _age(price.date, price.source) if source.startswith("AWS price list ") else before > price.date
               for date, source, before in known)


def _put(db, price):
    """Replace the tiers of an item, unless they are from a newer list."""
    before = db.execute("SELECT above, price, unit FROM price WHERE region = ? AND item = ? ORDER BY above",
                        (price.region, price.item)).fetchall()
    after = [(float(above), float(each)) for above, each in price.tiers]
    word = "added" if not before else "same" if before == [(*tier, price.unit) for tier in after] else "changed"
    change = Change(price.region, price.item, price.unit, price.currency, [row[:2] for row in before], after, word)
    if _is_newer(db, price):
        return change if word == "same" else change._replace(word=KEPT)
    db.execute("DELETE FROM price WHERE region = ? AND item = ?", (price.region, price.item))
    db.executemany("INSERT INTO price (region, item, above, price, unit, source, date, status, note)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?, 'aws', ?)",
                   [(price.region, price.item, above, each, price.unit, price.source, price.date, price.note)
                    for above, each in after])
    return change


def _allow(db, allowance):
    """Replace the free quantity of an item, unless what is there is newer and another. China's accounts have quantities of their own, for
    which there is no table."""
    known = db.execute("SELECT quantity, date FROM allowance WHERE item = ?", (allowance.item,)).fetchone()
    quantity = float(allowance.quantity)
    before, word = ([(0.0, known[0])], "same" if known[0] == quantity else "changed") if known else ([], "added")
    if allowance.currency != "USD" or known and known[1] > allowance.date:
        word = "same" if word == "same" else KEPT if allowance.currency == "USD" else FOREIGN
    else:
        db.execute("INSERT INTO allowance (item, quantity, source, date, status) VALUES (?, ?, ?, ?, 'aws') ON CONFLICT (item) DO UPDATE"
                   " SET quantity = excluded.quantity, source = excluded.source, date = excluded.date, status = 'aws'",
                   (allowance.item, quantity, allowance.source, allowance.date))
    return Change("free a month", allowance.item, "", "", before, [(0.0, quantity)], word)


def put(db, prices, allowances, is_dry):
    """Write prices and free quantities, or only find out what would change. Returns the changes."""
    db.execute("BEGIN IMMEDIATE")
    try:
        for price in prices:
            _currency(db, price)
        changes = [_put(db, price) for price in prices] + [_allow(db, allowance) for allowance in allowances]
    except BaseException:
        db.rollback()
        raise
    (db.rollback if is_dry else db.commit)()
    return changes


def _number(value):
    """Return a number in full, without an exponent: 0.0000166667."""
    found = decimal.Decimal(repr(value))
    return f"{found:,.0f}" if found == found.to_integral() else f"{found:f}"


def _tiers(tiers):
    return ", ".join(_number(price) + (f" from {_number(above)} on" if above else "") for above, price in tiers)


def line(change):
    """Return a line for people."""
    text = _tiers(change.after)
    if change.word not in ("added", "same"):
        text = f"{_tiers(change.before)} → {text}"
    unit = f" {change.currency} / {change.unit}" if change.unit else ""
    return f"{change.region:<14} {change.item:<36} {text}{unit}  ({change.word})"
