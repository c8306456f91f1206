"""The sensible ways to run the service in a scenario: the best VM, and the best function behind each gateway. A way has its
bill at the scenario's volume, and the volumes at which it costs less than the best VM."""

import bisect
import collections
import math

GATEWAYS = ("http", "rest", "url", "alb")
WAYS = ("vm", *GATEWAYS, "managed")
VOLUMES = 1e5, 1e10  # range of the charts, in requests a month

# `option` is the cheapest option of the way at the scenario's volume, `cost` its bill. `stretches` are [from, to, cheaper side] of
# consecutive ranges of volumes, from 0 to None, which stands for infinity: the way against the cheapest VMs at each volume; for
# the VM, against the cheapest functions. The side is "vm" or "lambda", or "equal" where both cost the same at every volume.
Way = collections.namedtuple("Way", "key option cost stretches")


def side(option):
    """Return the side of an option: "vm" or "lambda"."""
    return option.partition(" ")[0]


def way_of(option):
    """Return the way to which an option belongs."""
    return "vm" if side(option) == "vm" else "managed" if option.endswith(" managed") else option.split()[1]


class Curves:
    """The bills of the options of a scenario at each volume, in one tier."""

    def __init__(self, rows, crossings):
        """`rows` are (requests, option, cost), ordered by volume; `crossings` are the rows of the view break_even."""
        self.points, self.crossings = {}, crossings
        for requests, option, cost in rows:
            if cost is not None:
                self.points.setdefault(option, ([], []))
                self.points[option][0].append(requests)
                self.points[option][1].append(cost)

    def at(self, option, requests):
        """Return the bill at any volume, interpolated linearly; None outside of the known volumes."""
        xs, ys = self.points[option]
        i = bisect.bisect_left(xs, requests)
        if i < len(xs) and xs[i] == requests:
            return ys[i]
        if not 0 < i < len(xs):
            return None
        return ys[i - 1] + (ys[i] - ys[i - 1]) * (requests - xs[i - 1]) / (xs[i] - xs[i - 1])

    def least(self, options, requests):
        """Return the lowest bill of some options at a volume, or None."""
        return min((cost for option in options if (cost := self.at(option, requests)) is not None), default=None)

    def of(self, *keys):
        return [option for option in self.points if way_of(option) in keys]

    def envelope(self, *keys):
        """Return [volume, lowest bill] of some ways, at each volume."""
        found = {}
        for option in self.of(*keys):
            for requests, cost in zip(*self.points[option]):
                found[requests] = min(cost, found.get(requests, cost))
        return [list(point) for point in sorted(found.items())]

    def stretches(self, functions):
        """Return [from, to, cheaper side] for the cheapest of some functions against the cheapest of all VMs."""
        machines = self.of("vm")
        if not functions or not machines:
            return []
        ends = sorted({row["requests"] for row in self.crossings if row["lambda"] in functions})
        known = [xs for option in functions + machines for xs in self.points[option][:1]]
        low, high = max(xs[0] for xs in known), min(xs[-1] for xs in known)
        found = []
        for start, end in zip([low, *ends], [*ends, high]):  # at most ends the cheapest ones do not cross, but others do
            middle = math.sqrt(start * end)
            function, machine = self.least(functions, middle), self.least(machines, middle)
            who = "lambda" if function < machine else "vm" if machine < function or ends else "equal"
            if found and found[-1][2] == who:
                found[-1][1] = end
            else:
                found.append([start, end, who])
        found[0][0], found[-1][1] = 0, None
        return found

    def among_the_cheapest(self, key):
        """Return whether a way is the cheapest of all at some volume of the charts."""
        others = [way for way in WAYS if way != key]
        mine, theirs = dict(self.envelope(key)), dict(self.envelope(*others))
        return any(cost <= theirs.get(requests, cost) for requests, cost in mine.items() if VOLUMES[0] <= requests <= VOLUMES[1])


def find(curves, bills):
    """Return the ways of a scenario in one tier, in the order of WAYS. `bills` are those at the scenario's volume."""
    found = []
    for key in WAYS:
        mine = [bill for bill in bills if way_of(bill["option"]) == key and bill["cost"] is not None]
        if not mine or key == "managed" and not curves.among_the_cheapest(key):
            continue
        best = min(mine, key=lambda bill: (bill["cost"], bill["option"]))
        against = curves.of(*WAYS[1:]) if key == "vm" else curves.of(key)
        found.append(Way(key, best["option"], best["cost"], curves.stretches(against))._asdict())
    return found


def cheapest_size(found):
    """Return the memory size whose compute costs least, on arm64 where the region has it. None if no two sizes can be compared, or if the
    difference may be noise: if the costs are less than two standard errors of each away from each other."""
    architecture = min((row["architecture"] for row in found["memory_sizes"]), default=None)
    first, *others = sorted((row for row in found["memory_sizes"] if row["architecture"] == architecture),
                            key=lambda row: row["cost_per_million"]) or [None]
    if not others or any(row["error_per_million"] is None for row in (first, *others)):
        return None
    highest = first["cost_per_million"] + 2 * first["error_per_million"]
    return first["memory_mb"] if all(highest < row["cost_per_million"] - 2 * row["error_per_million"] for row in others) else None
