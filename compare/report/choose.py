"""Queries on the results, for the parts of the report."""

GATEWAYS = ("http", "rest", "url")
VOLUMES = 1e5, 1e10  # range of the charts, in requests a month
TIERS = {1: "with the free tier", 0: "without the free tier"}


def side(option):
    """Return the side of an option: "vm" or "lambda"."""
    return option.partition(" ")[0]


def words(option):
    """Return the class that gives an option its colour."""
    return "vm" if side(option) == "vm" else option.split()[1]


def bills(found, free, of=None):
    """Return the bills at the volume of the scenario, the cheapest first and unknown ones last."""
    chosen = [bill for bill in found["bills"] if bill["free"] == free and of in (None, side(bill["option"]))]
    return sorted(chosen, key=lambda bill: (bill["cost"] is None, bill["cost"], bill["option"]))


def cheapest(found, free, of=None):
    """Return the cheapest bill, or None."""
    return next((bill for bill in bills(found, free, of) if bill["cost"] is not None), None)


def curve(found, option, free):
    """Return (volume, bill) of an option, without unknown bills."""
    points = found["curve"].get("free" if free else "paid", {}).get(option, [])
    return [(requests, cost) for requests, cost in points if cost is not None]


def machines(found):
    """Return the names of all VM options."""
    return sorted({bill["option"] for bill in found["bills"] if side(bill["option"]) == "vm"})


def envelope(found, free):
    """Return (volume, bill) of the cheapest VM at each volume."""
    least = {}
    for option in machines(found):
        for requests, cost in curve(found, option, free):
            least[requests] = min(cost, least.get(requests, cost))
    return sorted(least.items())


def bill_at(points, requests):
    """Return the bill at any volume, interpolated linearly between known ones; None outside of them."""
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= requests <= x1:
            return y0 + (y1 - y0) * (requests - x0) / (x1 - x0)
    return None


def break_even(found, free, vm=None, function=None):
    """Return the break-evens of a VM and a function, ordered by volume."""
    return sorted((row for row in found["break_even"]
                   if row["free"] == free and vm in (None, row["vm"]) and function in (None, row["lambda"])),
                  key=lambda row: row["requests"])


def on_envelope(found, free, architecture):
    """Yield the break-evens at which no other VM is cheaper."""
    curves = {option: curve(found, option, free) for option in machines(found)}
    for row in break_even(found, free):
        if row["lambda"].endswith(" " + architecture):
            others = (bill_at(points, row["requests"]) for points in curves.values())
            if all(cost is None or cost >= row["cost"] - 1e-6 for cost in others):
                yield row


def cheaper_everywhere(found, free, vm, function):
    """Return the cheaper one of two options that never cost the same: "vm", "lambda", or None if a bill is unknown."""
    ours, theirs = curve(found, function, free), dict(curve(found, vm, free))
    for requests, cost in ours:
        if requests in theirs and cost != theirs[requests]:
            return "lambda" if cost < theirs[requests] else "vm"
    return None


def stretches(found, free, vm, function):
    """Return (from, to, cheaper side) of consecutive ranges of volumes, from 0 to infinity."""
    rows = break_even(found, free, vm, function)
    if not rows:
        who = cheaper_everywhere(found, free, vm, function)
        return [(0, float("inf"), who)] if who else []
    ends = [0, *(row["requests"] for row in rows), float("inf")]
    sides = [row["cheaper_below"] for row in rows]
    return list(zip(ends, ends[1:], [*sides, "vm" if sides[-1] == "lambda" else "lambda"]))


def first_volume(found):
    """Return the volume at which the axis begins."""
    shown = [row["requests"] for row in found["break_even"]] + [found["setting"]["requests"]]
    least = min(value for value in shown if value) if any(shown) else VOLUMES[0]
    return VOLUMES[0] if least >= 2 * VOLUMES[0] else 1e3


def fleet(found, option):
    """Return the name of a VM with the number that the scenario needs: "2 × t4g.nano"."""
    n = found["fleet"].get(option)
    name = option.partition(" ")[2]
    return f"{n:.0f} × {name}" if n and n > 1 else name


def at_rate(found):
    """Return the series at the highest constant rate."""
    rates = [row["rate"] for row in found["latency"] if row["rate"]]
    return [row for row in found["latency"] if rates and row["rate"] == max(rates)]


def medians(found, of):
    """Return (rate, lowest, highest) of the endpoints' medians at the highest rate, or None."""
    rows = [row for row in at_rate(found) if row["side"] == of and row["p50"] is not None]
    return (rows[0]["rate"], min(row["p50"] for row in rows), max(row["p50"] for row in rows)) if rows else None
