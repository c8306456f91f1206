"""What a run will create, how long it takes, and what it costs at most."""

import math
import sys

import results
from failure import Failure
from measure import chosen_times

from . import measure
from .times import clock

LAMBDA_WORDS = {"arm64": "arm64", "amd64": "x86_64"}  # Lambda's words for Debian's architectures
VM_TYPES = {"arm64": "t4g.nano", "amd64": "t3.nano"}
CLIENT_TYPES = {"arm64": "t4g.small", "amd64": "t3.small"}
AROUND = 25  # minutes to deploy and to delete
GATEWAYS = 3
REPEATED = 2  # times that a run may measure, since one that goes on may have to do it again
REQUEST_KB = 20  # bytes of a request and its answer, on average, at most
BILLED_GB_S = 0.128 * 0.2  # of a request, on average, at most
LOG_KB = 1  # of a request, at most
DISK_GB = 8
MONTH = 730  # hours
GB_PER_KB = 1e-6
SOME_REGION = "us-east-1"  # the region that has prices in any case
DEAREST = 2  # times the prices of that region, at most, in any region: in São Paulo and Cape Town, some are 1.6 to 1.8 times as high


def quantities(architecture, hours, quick):
    """Return how much a run uses until its expiry, which is in `hours`, of each item of the price table, in the item's unit."""
    vm, client = VM_TYPES[architecture], CLIENT_TYPES[architecture]
    processor = LAMBDA_WORDS[architecture]
    requests = REPEATED * GATEWAYS * len(results.MIX) * sum(rate * seconds for rate, seconds in chosen_times(quick)[0].items())
    return {f"vm.{vm}": hours, f"vm.{client}": hours,
            f"credits.{vm.partition('.')[0]}": 4 * hours,  # two processors each, beyond their baseline all the time
            "ipv4": 2 * hours, "disk": 2 * DISK_GB * hours / MONTH, "alarm": 4 * hours / MONTH,
            f"lambda.request.{processor}": requests, f"lambda.compute.{processor}": requests * BILLED_GB_S,
            "gateway.http": requests / GATEWAYS, "gateway.rest": requests / GATEWAYS,
            "logs.vended": requests * LOG_KB * GB_PER_KB, "transfer": 2 * requests * REQUEST_KB * GB_PER_KB}


def minutes(quick):
    """Return how long a run takes, in minutes."""
    return measure.MINUTES[quick] + AROUND


def price(db, region, item):
    """Return the highest price of an item in a region, or None."""
    return db.execute("SELECT max(price) FROM price WHERE region = ? AND item = ?", (region, item)).fetchone()[0]


def cost(db, region, architecture, hours, quick):
    """Return what a run costs at most, the currency, and the region whose prices these are."""
    used = quantities(architecture, hours, quick)
    for one in (region, SOME_REGION):
        prices = {item: price(db, one, item) for item in used}
        lacking = [item for item, amount in prices.items() if amount is None]
        if not lacking:
            currency, = db.execute("SELECT currency FROM region WHERE name = ?", (one,)).fetchone()
            amount = sum(quantity * prices[item] for item, quantity in used.items())
            return amount * (1 if one == region else DEAREST), currency, one
    raise Failure(f"there is no price of {', '.join(lacking)} in the table price: run 'serverful prices fetch {region}' first")


def text(db, run, architecture, hours, keep):
    """Return what a run will create, how long it takes, and what it costs at most. `keep` leaves it there."""
    # An hour more than until the expiry, which takes some time, and at which EC2 may bill what has begun.
    amount, currency, region = cost(db, run.region, architecture, hours + 1, run.quick)
    amount = math.ceil(amount * 100) / 100
    whose = "" if region == run.region else (f", by twice the prices of {region}, since the table price has none of {run.region} ('serverful prices fetch {run.region}'"
                                             " gets them)")
    end = "keeps everything until --aws-clean or its expiry" if keep else "deletes everything at the end"
    return f"""This will create on AWS, in {run.region}, all named {run.stack()}...:
  a bucket, a client ({CLIENT_TYPES[architecture]}), a VM ({VM_TYPES[architecture]}) with nginx and TLS, and the function with an HTTP API, a REST API and a URL.
It takes about {minutes(run.quick)} minutes, {end}, and costs {amount:.2f} {currency} at most, without tax{whose}.
Whatever happens here, AWS itself begins to delete it at {clock(run.expiry)}."""


def confirm(question, is_sure):
    """Ask on the terminal, unless it is sure. Raises Failure for anything but yes."""
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise Failure("nobody can answer here: give --yes to go on without a question")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Failure("nothing was done")


def print_plan(run, architecture, hours, keep):
    db = results.open_results(run.results)
    try:
        print(text(db, run, architecture, hours, keep), file=sys.stderr)
    finally:
        db.close()
