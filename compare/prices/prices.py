#!/usr/bin/python3
"""Take prices from AWS's own price lists into the results of a comparison. `serverful prices` starts it."""

import contextlib
import os
import signal
import sqlite3
import sys

sys.path.insert(1, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))

import fetch
import lists
import rules
import store
from collect import Collector
from failure import Failure
from lambda_log import printable
from options import Parser
from results import create, open_results

DESCRIPTION = """Replace prices in the results of a comparison by those of AWS's own price lists, and print what changes. A price that
no list has stays as it is."""


def arguments():
    parser = Parser(
        prog="serverful prices", description=DESCRIPTION,
        usage="serverful prices import [OPTION...] FILE...\n       serverful prices fetch [OPTION...] REGION")
    parser.add_argument("command", choices=("import", "fetch"), metavar="import|fetch",
                        help="read lists from files, or download those of a region")
    parser.add_argument("names", nargs="+", metavar="FILE|REGION",
                        help="offer files and Savings Plans (CSV or JSON) and outputs of aws pricing get-products, compressed with gzip"
                        " or not; or the code of a region, such as eu-central-1 or cn-north-1")
    parser.add_argument("--results", metavar="FILE", default="results.db", help="the SQLite file of the results (default: %(default)s)")
    parser.add_argument("--region", metavar="REGION", help="import: take the rows of this region only; needed where the rows name none")
    parser.add_argument("--host", metavar="URL", help="fetch: download from this host instead of AWS's")
    parser.add_argument("--dry-run", action="store_true", help="print what would change, and change nothing")
    args = parser.parse_intermixed_args()
    args.names = list(dict.fromkeys(args.names))  # a file that is given twice is one list
    if args.command == "fetch":
        if len(args.names) > 1 or args.region:
            parser.error("fetch takes one region: name it after 'fetch', without --region")
        args.region = args.names[0]
    elif args.host:
        parser.error("--host is an option of fetch: import reads files")
    return args


def open_database(path, is_dry):
    """Open the results. Where there are none, a dry run has new ones in memory."""
    if is_dry and not os.path.exists(path):
        db = sqlite3.connect(":memory:")
        create(db)
        return db
    return open_results(path)


def types(path):
    """Return the types of VMs whose prices are wanted. A refused list creates no file."""
    try:
        with contextlib.closing(open_database(path, True)) as db:
            return [name for name, in db.execute("SELECT name FROM instance ORDER BY name")]
    except sqlite3.Error as error:
        raise Failure(f"cannot read {path}: {error}") from None


def refusal(error, path):
    """Return what to say about an error of the database."""
    if "locked" in str(error):
        return f"{path} is in use by another program, such as serverful compare: try again when that has ended"
    return f"cannot write {path}: {error}"


def read_files(collector, files):
    for path in files:
        try:
            with open(path, "rb") as file:
                lists.read(file, path, collector)
        except OSError as error:
            raise Failure(f"cannot read {path}: {error.strerror}") from None


def check(collector, files):
    """Check that each file has a row that counts."""
    for path in files:
        if not collector.n_matches[path]:
            seen = ", ".join(sorted(filter(None, collector.services.get(path, ()))))
            regions = ", ".join(sorted(collector.regions))
            where = f" in {collector.region} (but in {regions})" if regions and collector.region not in (None, *collector.regions) else ""
            raise Failure(f"{path}: no row is a price that a bill needs{where}. {f'It is of {seen}. ' if seen else ''}"
                          f"The lists that have some are {', '.join(rules.SERVICES)} and AWSComputeSavingsPlan")


def missing(collector, prices):
    """Yield a line for each region with the items that its lists do not have."""
    regions = {price.region for price in prices}
    for region in sorted(regions):
        have = {price.item for price in prices if price.region == region}
        lack = [item for item, is_edge in collector.items().items() if is_edge == (region == "global") and item not in have]
        if lack:
            yield f"not in the lists of {region}: {', '.join(lack)}"


def clean(text):
    """Return lines without the characters by which a list could control a terminal."""
    return "\n".join(map(printable, text.split("\n")))


def tell(args, changes, collector, prices):
    for text in (*map(store.line, changes), *missing(collector, prices)):
        print(clean(text))
    for source in sorted({(source.offer, source.version, source.published[:10]) for source in collector.sources()}):
        print(clean("{}: version {} of {}".format(*(part or "unknown" for part in source))))
    words = [change.word for change in changes]
    n_kept = words.count(store.KEPT) + words.count(store.FOREIGN)
    print(f"{words.count('added')} added, {words.count('changed')} changed, {words.count('same')} the same"
          + (f", {n_kept} kept" if n_kept else "")
          + ("; nothing was written (--dry-run)" if args.dry_run else f"; wrote {args.results}"))


def main():
    args = arguments()
    collector = Collector(types(args.results), args.region)
    if args.command == "import":
        read_files(collector, args.names)
        check(collector, args.names)
    else:
        fetch.fetch(collector, args.region, args.host)
    prices = collector.prices()
    try:
        with contextlib.closing(open_database(args.results, args.dry_run)) as db:
            changes = store.put(db, prices, collector.allowances(), args.dry_run)
    except sqlite3.Error as error:
        raise Failure(refusal(error, args.results)) from None
    tell(args, changes, collector, prices)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        main()
    except (Failure, OSError) as failure:
        sys.exit(f"serverful prices: {clean(str(failure))}")
    except KeyboardInterrupt:
        sys.exit(130)
