"""What the parts of the page pick out of all that was found."""

GATEWAYS = ("http", "rest", "url")
VOLUMES = 1e5, 1e10  # of the charts, where nothing below is to be shown
TIERS = {1: "with the free tier", 0: "without the free tier"}


def side(option):
    """vm or lambda."""
    return option.partition(" ")[0]


def words(option):
    """An option as the class of its colour."""
    return "vm" if side(option) == "vm" else option.split()[1]


def bills(found, free, of=None):
    """The bills at the scenario's volume, the cheapest first; those that cannot be had last."""
    chosen = [bill for bill in found["bills"] if bill["free"] == free and of in (None, side(bill["option"]))]
    return sorted(chosen, key=lambda bill: (bill["usd"] is None, bill["usd"], bill["option"]))


def cheapest(found, free, of=None):
    """The cheapest bill, or None."""
    return next((bill for bill in bills(found, free, of) if bill["usd"] is not None), None)


def curve(found, option, free):
    """[volume, bill] of an option, without those that cannot be had."""
    points = found["curve"].get("free" if free else "paid", {}).get(option, [])
    return [(requests, usd) for requests, usd in points if usd is not None]


def machines(found):
    """All VMs, as options."""
    return sorted({bill["option"] for bill in found["bills"] if side(bill["option"]) == "vm"})


def envelope(found, free):
    """[volume, bill] of the VM that is the cheapest at each volume."""
    least = {}
    for option in machines(found):
        for requests, usd in curve(found, option, free):
            least[requests] = min(usd, least.get(requests, usd))
    return sorted(least.items())


def bill_at(points, requests):
    """The bill at any volume, straight lines between those that are known; None beyond them."""
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= requests <= x1:
            return y0 + (y1 - y0) * (requests - x0) / (x1 - x0)
    return None


def break_even(found, free, vm=None, function=None):
    """Where a VM and a function cost the same, by volume."""
    return sorted((row for row in found["break_even"]
                   if row["free"] == free and vm in (None, row["vm"]) and function in (None, row["lambda"])),
                  key=lambda row: row["requests"])


def on_envelope(found, free, architecture):
    """The break-even volumes at which no other VM is cheaper."""
    curves = {option: curve(found, option, free) for option in machines(found)}
    for row in break_even(found, free):
        if row["lambda"].endswith(" " + architecture):
            others = (bill_at(points, row["requests"]) for points in curves.values())
            if all(usd is None or usd >= row["usd"] - 1e-6 for usd in others):
                yield row


def cheaper_everywhere(found, free, vm, function):
    """Which of two that never cost the same is the cheaper one: 'vm', 'lambda', or None where a bill cannot be had."""
    ours, theirs = curve(found, function, free), dict(curve(found, vm, free))
    for requests, usd in ours:
        if requests in theirs and usd != theirs[requests]:
            return "lambda" if usd < theirs[requests] else "vm"
    return None


def stretches(found, free, vm, function):
    """(from, to, side) of the volumes in which a side is the cheaper one, from 0 to infinity."""
    rows = break_even(found, free, vm, function)
    if not rows:
        who = cheaper_everywhere(found, free, vm, function)
        return [(0, float("inf"), who)] if who else []
    edges = [0, *(row["requests"] for row in rows), float("inf")]
    sides = [row["cheaper_below"] for row in rows]
    return list(zip(edges, edges[1:], [*sides, "vm" if sides[-1] == "lambda" else "lambda"]))


def first_volume(found):
    """Where the axis of volumes begins."""
    shown = [row["requests"] for row in found["break_even"]] + [found["scenario"]["requests"]]
    least = min(value for value in shown if value) if any(shown) else VOLUMES[0]
    return VOLUMES[0] if least >= 2 * VOLUMES[0] else 1e3


def fleet(found, option):
    """A VM with how many of it are needed at the scenario's volume: 2 × t4g.nano."""
    n = found["fleet"].get(option)
    name = option.partition(" ")[2]
    return f"{n:.0f} × {name}" if n and n > 1 else name


def at_rate(found):
    """The series at the highest constant rate, by endpoint and side."""
    rates = [row["rate"] for row in found["latency"] if row["rate"]]
    return [row for row in found["latency"] if rates and row["rate"] == max(rates)]


def medians(found, of):
    """(rate, least, greatest) of the endpoints' medians at the highest rate, or None."""
    rows = [row for row in at_rate(found) if row["side"] == of and row["p50"] is not None]
    return (rows[0]["rate"], min(row["p50"] for row in rows), max(row["p50"] for row in rows)) if rows else None
