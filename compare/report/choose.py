"""Queries on the results, for the parts of the report."""

from names import option_name
from ways import VOLUMES, side, way_of

PAID, FREE = 0, 1  # the tiers: without the free tier, which leads, and with it


def side_of(key):
    """Return the side of a way, or of what a series was sent to."""
    return "vm" if key == "vm" else "lambda"


def bills(found, free):
    """Return the bills at the volume of the scenario, the cheapest first and unknown ones last."""
    return [bill for bill in found["bills"] if bill["free"] == free]


def cheapest(found, free, of=None):
    """Return the cheapest way of a side, or of all, or None."""
    mine = [way for way in found["ways"][free] if of in (None, side_of(way["key"]))]
    return min(mine, key=lambda way: way["cost"], default=None)


def fleet(found, option):
    """Return the number of VMs of an option, or None."""
    return found["fleet"].get(option)


def shown_name(found, option):
    """Return the name of an option, with the number of VMs: "VM: 2 × t4g.nano"."""
    n, name = fleet(found, option), option_name(option)
    return f"{name} × {n:,.0f}" if side(option) == "vm" and n and n > 1 else name


def way_name(found, way):
    """Return the name of a way, with its VMs or its kind of processor."""
    return shown_name(found, way["option"])


def break_even(found, free, vm, function):
    """Return the break-evens of a VM and a function, ordered by volume."""
    return sorted((row for row in found["break_even"] if row["free"] == free and row["vm"] == vm and row["lambda"] == function),
                  key=lambda row: row["requests"])


def first_volume(found):
    """Return the volume at which the axis begins."""
    ends = [end for ways in found["ways"] for way in ways for end, _, _ in way["stretches"] if end] + [found["setting"]["requests"]]
    return VOLUMES[0] if min([end for end in ends if end], default=VOLUMES[0]) >= 2 * VOLUMES[0] else 1e3


def parameter(found, name):
    """Return a parameter of the scenario that the report shows in full."""
    return next(row for row in found["parameters"] if row["name"] == name)


def quotas(found, key):
    """Return the quotas that a way exceeds at some volume, the first one first."""
    mine = {}
    for row in found["over_quota"]:
        if way_of(row["option"]) == key:
            mine[row["quota"]] = min(row, mine.get(row["quota"], row), key=lambda one: one["requests"])
    return sorted(mine.values(), key=lambda row: row["requests"])


def is_elsewhere(found):
    """Return whether any latency was measured at a URL."""
    return any(name.endswith(" url") for name in found["run"])


def url(found, target):
    """Return the URL at which a side or a gateway was measured, or None if it was measured on the machine of the run."""
    return found["run"].get(f"{target} url")
