"""A second implementation of the bills, for t/bill.t. It follows docs/bill.md and shares nothing with sql/cost.sql: plain
dictionaries in, exact decimals out.

    tables = Tables(prices, currencies, allowances, instances, log_sizes)
    parameters = bill_parameters.effective(declared, scenario, samples, mix)
    for option, parts in bills(parameters, sizes(requests), tables).items():
        print(option, total(costs(parts, tables.allowances)), total(costs(parts, {})))

A parameter, a quantity and a cost are Decimal or None: not known.
"""

from collections import namedtuple
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, getcontext
from functools import cached_property

getcontext().prec = 40

GATEWAYS = ("http", "rest", "url", "alb")
KINDS = ("arm64", "x86_64", "managed")
PIECE = 512 * 1024  # bytes for which an HTTP API counts one request
HOUR = 3600
ALMOST = Decimal("1e-9")  # what may be above a whole number of VMs without another one

# Which parts share an allowance.
ALLOWED = {
    "requests": "lambda.request", "compute": "lambda.compute", "compute, committed": "lambda.compute",
    "function log": "logs", "access log": "logs", "stored logs": "logs", "transfer": "transfer",
    "CDN, transfer": "cloudfront.transfer", "CDN, requests": "cloudfront.request", "alarms": "alarm", "metrics": "metric",
}

# An instance type, the sizes of the mean request, and a part of a bill. `tiers` is a list of (above, price), or None: no price.
Type = namedtuple("Type", "vcpus memory_mb baseline")
Sizes = namedtuple("Sizes", "bytes_in bytes_out pieces")
Part = namedtuple("Part", "item quantity tiers")

# What was simulated, by volume: [(requests, cold_share), …], and {instance: [(requests, vms, surplus_credits), …]} of VMs and of those of
# Lambda Managed Instances. vms and surplus_credits may be None.
Simulation = namedtuple("Simulation", "cold vms managed")
NOT_SIMULATED = Simulation([], {}, {})


class Undefined(Exception):
    """A quantity that cannot be computed, such as a number of VMs whose processors are all headroom."""


def exact(number):
    """Return a number as it is written in decimal, or None."""
    return None if number is None else Decimal(number) if isinstance(number, int) else Decimal(repr(number))


def known(number):
    if number is None:
        raise Undefined
    return number


def over(number, divisor):
    if known(divisor) == 0:
        raise Undefined
    return known(number) / divisor


def whole(number):
    """Return a number of VMs rounded up."""
    below = number.to_integral_value(ROUND_FLOOR)
    return below if number - below < ALMOST else below + 1


def between(rows, column, requests, is_logarithmic, beyond):
    """Return a column of rows at a volume, between those of its neighbours. Below the first volume it is that of the first; above the
    last that of the last, times `beyond` at twice the volume."""
    below = [row for row in rows if row[0] <= requests] or rows[:1]
    above = next((row for row in rows if row[0] > below[-1][0]), None)
    (start, low), (end, high) = ((exact(row[0]), exact(row[column])) for row in (below[-1], above or below[-1]))
    if requests <= start:
        return known(low)
    if above is None:
        end, high = 2 * start, beyond * known(low)
    way = (requests / start).ln() / (end / start).ln() if is_logarithmic else (requests - start) / (end - start)
    return known(low) + (known(high) - low) * way


def rounded_up(number):
    """Return a number rounded up to a whole one."""
    return exact(number).to_integral_value(ROUND_CEILING)


class Tables:
    """The prices, allowances, instance types and sizes of logs.

    prices: {region: {item: [(above, price), …]}}; currencies: {region: currency}; allowances: {item: quantity};
    instances: {name: (vcpus, memory_mb, baseline)}; log_sizes: {(format, level): bytes}."""

    def __init__(self, prices, currencies, allowances, instances, log_sizes):
        self.regions = {region: self._with_global(region, prices, currencies) for region in currencies}
        self.allowances = {item: exact(quantity) for item, quantity in allowances.items()}
        self.instances = {name: Type(*map(exact, row)) for name, row in instances.items()}
        self.log_sizes = {key: exact(size) for key, size in log_sizes.items()}

    @staticmethod
    def _with_global(region, prices, currencies):
        """Return the items of a region, and of the region global where it has the same currency."""
        found = dict(prices.get("global", {})) if currencies.get("global") == currencies[region] else {}
        found.update(prices.get(region, {}))
        return {item: sorted((exact(above), exact(price)) for above, price in tiers) for item, tiers in found.items()}


# The mean request.

def mean(pairs):
    """Return the mean of (value, weight), or None without weights or where a value is not known."""
    pairs = [(value, weight) for value, weight in pairs if weight]
    if not pairs or any(value is None for value, _ in pairs):
        return None
    return sum(value * weight for value, weight in pairs) / sum(weight for _, weight in pairs)


def sizes(mix, response_bytes=None, logged=(None, None)):
    """Return the sizes of the mean request of [(share, request_bytes, response_bytes), …]. `response_bytes` is the parameter, and `logged`
    what an access log says: the mean size of a response, and the mean number of its pieces."""
    def of(function):
        return mean((function(exact(request), exact(response) if response_bytes is None else response_bytes), exact(share)) for share, request, response in mix)
    if not any(share for share, _, _ in mix):
        mix = [(1, 0, 0)]
    pieces = of(lambda request, response: pieces_of(max(request, response)))
    if response_bytes is not None and response_bytes == logged[0]:
        pieces = max(logged[1], of(lambda request, _: pieces_of(request)))
    return Sizes(of(lambda request, _: request), of(lambda _, response: response), pieces)


def pieces_of(size):
    return max(Decimal(1), rounded_up_pieces(size))


def rounded_up_pieces(size):
    return (size / PIECE).to_integral_value(ROUND_CEILING)


# What the parts are computed from.

class Workload:
    """The quantities of a month that do not depend on the option."""

    def __init__(self, parameters, request, tables, simulation=NOT_SIMULATED):
        p = parameters
        self.p, self.request, self.tables = p, request, tables
        self.simulation = NOT_SIMULATED if p["traffic"] in ("none", "auto") else simulation
        self.prices = tables.regions.get(p["region"], {})
        self.origin = p["requests"] * (1 - p["cdn"] * p["cache_share"])
        self.gb_in = request.bytes_in / p["gb_bytes"]
        self.gb_out = (request.bytes_out + p["header_bytes"]) / p["gb_bytes"]
        self.covered = p["savings_share"] if p["purchase"] in ("reserved", "savings") else 0

    def compute(self, share):
        """Return the GB-seconds of a share of the requests, and of all cold starts that were simulated."""
        p, cold = self.p, self.simulation.cold
        gb = p["memory_mb"] / 1024 / 1000
        if not cold:
            return self.origin * share * gb * (known(p["billed_ms"]) + p["cold_share"] * known(p["init_ms"]))
        return self.origin * gb * (share * known(p["billed_ms"]) + between(cold, 1, p["requests"], True, 1) * known(p["init_ms"]))

    @cached_property
    def function_log_gb(self):
        p = self.p
        size = p["function_log_bytes"]
        return known(self.tables.log_sizes.get((p["log_format"], p["log_level"])) if size is None else size) / p["gb_bytes"]

    @cached_property
    def has_tls(self):
        return self.p["tls"] and not self.p["load_balancer"]

    def handshake(self, what):
        """Return what the handshakes take, cpu_ms or bytes, for each request."""
        p = self.p
        resumed = p["tls_resumed_share"]
        return over((1 - resumed) * p[f"tls_full_{what}"] + resumed * p[f"tls_resumed_{what}"], p["requests_per_connection"])

    @cached_property
    def vm_seconds(self):
        """Return the processor time of a request on a VM."""
        p = self.p
        tls = p["tls_request_cpu_ms"] + self.handshake("cpu_ms") if self.has_tls else 0
        return over((known(p["vm_cpu_ms"]) + tls) / 1000, p["vm_speed"])

    @cached_property
    def managed_seconds(self):
        """Return the processor time of a request on a VM of Lambda Managed Instances."""
        return over(known(self.p["lambda_cpu_ms"]) / 1000, self.p["vm_speed"])

    @cached_property
    def rate(self):
        """Return the mean rate of requests that reach the origin, in requests a second."""
        return over(self.origin, self.p["month_hours"] * HOUR)

    def busiest(self, kind, seconds):
        """Return how many VMs the busiest second needs."""
        return over(self.rate * self.p["peak_factor"] * seconds, kind.vcpus * (1 - self.p["headroom"]))

    def vms(self, name):
        p, kind = self.p, self.tables.instances[name]
        if kind.memory_mb < p["system_mb"] + (p["vm_memory_mb"] or 0):
            raise Undefined
        if name in self.simulation.vms:
            n = between(self.simulation.vms[name], 1, p["requests"], False, 2)
            return max((n if p["autoscaling"] else whole(n)) + p["spare"], p["instances"])
        seconds = self.vm_seconds
        need = self.busiest(kind, seconds)
        if not p["surplus_credits"] or self.credits_cost_more(name, kind):
            need = max(need, over(self.rate * seconds, kind.vcpus * kind.baseline))
        return max(whole(need) + p["spare"], p["instances"])

    def credits_cost_more(self, name, kind):
        """Return whether a further VM costs no more than the credits that it brings. A price that is missing counts as 0."""
        p, hours = self.p, self.p["month_hours"]

        def of(item, quantity):
            return self.prices[item][0][1] * quantity if item in self.prices else 0
        vm = of(f"vm.{name}{suffix(p['purchase'])}", hours) + of("disk", p["disk_gb"]) + of("snapshot", p["snapshot_gb"]) \
            + of("alarm", p["vm_alarms"]) + of("metric", p["vm_metrics"]) + (of("ipv4", hours) if has_addresses(p) else 0)
        return kind.baseline < 1 and vm <= of(f"credits.{name.split('.')[0]}", kind.vcpus * kind.baseline * hours)

    def managed_vms(self, name):
        kind = known(self.tables.instances.get(name))
        if name in self.simulation.managed:
            return max(whole(between(self.simulation.managed[name], 1, self.p["requests"], False, 2)), self.p["managed_instances"])
        return max(whole(self.busiest(kind, self.managed_seconds)), self.p["managed_instances"])

    def credit_hours(self, name, n):
        """Return the vCPU hours of the surplus credits of n VMs."""
        kind = self.tables.instances[name]
        if name in self.simulation.vms:
            return between(self.simulation.vms[name], 2, self.p["requests"], False, 2) / 60
        return max(Decimal(0), self.origin * self.vm_seconds / HOUR - n * kind.vcpus * kind.baseline * self.p["month_hours"])

    def hours_paid(self, side):
        """Return the hours of people's work of a side; 0 where they cost nothing."""
        return self.p[f"{side}_hours"] if self.p["hourly_rate"] > 0 else Decimal(0)

    def capacity_units(self, is_lambda):
        """Return the LCU hours of the ALB."""
        p = self.p
        if p["lcu"] is not None:
            return p["lcu"] * p["month_hours"]
        connection = over(Decimal(1), p["requests_per_connection"])
        gb = self.gb_in + self.gb_out
        return self.origin * max(connection / (25 * HOUR), p["connection_seconds"] * connection / (3000 * HOUR),
                                 gb / Decimal("0.4") if is_lambda else gb)


# The parts: functions that yield (part, item, quantity).

def lambda_parts(load, kind):
    p, hours = load.p, load.p["month_hours"]
    savings = ".savings" if load.covered else ""
    share = p["provisioned_share"] if p["provisioned"] > 0 else 0
    compute = load.compute(1 - share)
    yield "requests", f"lambda.request.{kind}", load.origin
    yield "compute", f"lambda.compute.{kind}", compute * (1 - load.covered)
    yield "compute, committed", f"lambda.compute.{kind}.savings", compute * load.covered
    yield "provisioned", f"lambda.provisioned.{kind}{savings}", p["provisioned"] * p["memory_mb"] / 1024 * hours * HOUR
    yield ("compute, provisioned", f"lambda.provisioned_compute.{kind}{savings}",
           share * load.origin * p["memory_mb"] / 1024 * p["billed_ms"] / 1000)


def has_addresses(p):
    """Return whether each VM has a public address."""
    return not p["load_balancer"] or p["vm_addresses"]


def suffix(purchase):
    return "" if purchase == "on-demand" else f".{purchase}"


def managed_parts(load):
    p = load.p
    name = p["managed_instance"]
    n = load.managed_vms(name)
    yield "requests", "lambda.managed.request", load.origin
    yield "vm", f"vm.{name}{'' if p['purchase'] == 'spot' else suffix(p['purchase'])}", n * p["month_hours"]
    yield "fee for managed VMs", f"vm.{name}", n * p["month_hours"] * p["managed_fee"]


def gateway_parts(load, gateway):
    if gateway == "http":
        yield "gateway", "gateway.http", load.origin * load.request.pieces
    elif gateway == "rest":
        yield "gateway", "gateway.rest", load.origin
    elif gateway == "alb":
        yield from balancer_parts(load, True)
        yield "addresses", "ipv4", load.p["balancer_zones"] * load.p["month_hours"]


def balancer_parts(load, is_lambda):
    hours = load.p["month_hours"]
    yield "load balancer", "alb", hours
    yield "capacity units", "alb.lcu", load.capacity_units(is_lambda)


def vm_parts(load, name):
    p, hours = load.p, load.p["month_hours"]
    kind = load.tables.instances[name]
    n = load.vms(name)
    yield "vm", f"vm.{name}{suffix(p['purchase'])}", n * hours
    if p["surplus_credits"] and kind.baseline < 1:
        yield "credits", f"credits.{name.split('.')[0]}", load.credit_hours(name, n)
    yield "disk", "disk", n * p["disk_gb"]
    yield "snapshots", "snapshot", n * p["snapshot_gb"]
    if p["load_balancer"]:
        yield from balancer_parts(load, False)
    addresses = (p["balancer_zones"] if p["load_balancer"] else 0) + (n if has_addresses(p) else 0)
    yield "addresses", "ipv4", (addresses + p["nat_gateways"]) * hours
    yield "NAT", "nat", p["nat_gateways"] * hours
    yield "NAT, data", "nat.processed", p["nat_gateways"] * p["nat_gb"]
    yield "alarms", "alarm", n * p["vm_alarms"]
    yield "metrics", "metric", n * p["vm_metrics"]


def log_parts(load, is_lambda, has_access_log):
    p = load.p
    function = load.origin * load.function_log_gb if is_lambda else Decimal(0)
    access = load.origin * p["access_log_bytes"] / p["gb_bytes"] if has_access_log else Decimal(0)
    yield "function log", "logs.vended", function
    yield "access log", "logs", access
    yield "stored logs", "logs.storage", p["log_months"] * p["log_stored_share"] * (function + access)


def edge_parts(load, is_vm, takes_waf):
    """Yield what is in front of each option: transfer, CloudFront, WAF, DNS."""
    p = load.p
    if p["cdn"]:
        yield "CDN, transfer", "cloudfront.transfer", p["requests"] * load.gb_out
        yield "CDN, requests", "cloudfront.request", p["requests"]
    else:
        handshakes = load.handshake("bytes") / p["gb_bytes"] if is_vm and load.has_tls else 0
        yield "transfer", "transfer", p["requests"] * (load.gb_out + handshakes)
    if p["waf_rules"] > 0 and (p["cdn"] or takes_waf):
        yield "WAF", "waf.acl", Decimal(1)
        yield "WAF, rules", "waf.rule", p["waf_rules"]
        yield "WAF, requests", "waf.request", p["requests"] if p["cdn"] else load.origin
    yield "DNS", "dns.zone", p["dns_zones"]


def option_parts(load, option):
    """Yield all parts of the bill of an option."""
    p = load.p
    side, *rest = option.split()
    if side == "vm":
        yield from vm_parts(load, rest[0])
        yield from log_parts(load, False, True)
        yield from edge_parts(load, True, p["load_balancer"])
        yield "people", "people", load.hours_paid("vm")
        return
    gateway, kind = rest
    yield from managed_parts(load) if kind == "managed" else lambda_parts(load, kind)
    yield from gateway_parts(load, gateway)
    yield from log_parts(load, True, gateway in ("http", "rest"))
    yield from edge_parts(load, False, gateway in ("rest", "alb"))
    yield "alarms", "alarm", p["lambda_alarms"]
    yield "people", "people", load.hours_paid("lambda")


# The bills.

def options(load):
    """Return the options that the region has: those with a price for their compute."""
    p, prices = load.p, load.prices
    gateways = [name for name in GATEWAYS if name != "url" or not p["region"].startswith("cn-")]
    kinds = [kind for kind in KINDS if ("lambda.managed.request" if kind == "managed" else f"lambda.compute.{kind}") in prices]
    return [f"lambda {gateway} {kind}" for kind in kinds for gateway in gateways] \
        + [f"vm {name}" for name in load.tables.instances if f"vm.{name}" in prices]


def bills(parameters, request, tables, simulation=NOT_SIMULATED):
    """Return {option: {part: Part}}, or None in place of the parts where a quantity cannot be computed. A part is in the bill, with
    a quantity of 0, where it would be more at another volume."""
    load = Workload(parameters, request, tables, simulation)
    if load.p["requests"] == 0:
        return at_no_volume(parameters, request, tables, simulation)
    return {option: parts_of(load, option) for option in options(load)}


def at_no_volume(parameters, request, tables, simulation):
    """Return the bills without any request, with the parts of another volume, at which each number of VMs is taken to be known."""
    nothing = Workload(parameters, request, tables, simulation)
    some = Simulation(simulation.cold, *({name: [[10 ** 6, 1, 1]] for name in machines} for machines in simulation[1:]))
    found = bills({**parameters, "requests": Decimal(10 ** 6)}, request, tables, some)
    for option, parts in found.items():
        quantities = parts and quantities_of(nothing, option)
        found[option] = quantities and {name: part._replace(quantity=quantities[name]) for name, part in parts.items()}
    return found


def quantities_of(load, option):
    try:
        return {part: quantity for part, _, quantity in option_parts(load, option)}
    except Undefined:
        return None


def parts_of(load, option):
    try:
        return {part: Part(item, quantity, [(Decimal(0), load.p["hourly_rate"])] if part == "people" else load.prices.get(item))
                for part, item, quantity in option_parts(load, option) if quantity or part == "credits"}
    except Undefined:
        return None


def missing(parts):
    """Return the prices that a bill needs and the region lacks."""
    return sorted({part.item for part in parts.values() if part.tiers is None})


def priced(quantity, tiers):
    """Return the cost of a quantity, tier by tier."""
    cost = Decimal(0)
    for i, (above, price) in enumerate(tiers):
        if quantity > above:
            end = tiers[i + 1][0] if i + 1 < len(tiers) else quantity
            cost += (min(quantity, end) - above) * price
    return cost


def allowance(name, parts):
    """Return the allowance of a part. With provisioned concurrency Lambda has none."""
    of = ALLOWED.get(name)
    is_paid = parts[name].item == "lambda.managed.request" or "provisioned" in parts
    return None if is_paid and of in ("lambda.request", "lambda.compute") else of


def paid_shares(parts, allowances):
    """Return {allowance: share that is paid}. Parts that share an allowance share it in proportion to their quantities."""
    used = {}
    for name, part in parts.items():
        of = allowance(name, parts)
        if of in allowances:
            used[of] = used.get(of, 0) + part.quantity
    return {of: max(Decimal(0), quantity - allowances[of]) / quantity for of, quantity in used.items() if quantity}


def costs(parts, allowances):
    """Return {part: cost}; a cost is None where the price is missing. Without a free tier, `allowances` is empty."""
    shares = paid_shares(parts, allowances)
    return {name: None if part.tiers is None else priced(part.quantity * shares.get(allowance(name, parts), 1), part.tiers)
            for name, part in parts.items()}


def total(costs_of_parts):
    """Return the sum of a bill, or None where a price is missing."""
    return None if None in costs_of_parts.values() else sum(costs_of_parts.values(), Decimal(0))


def vms(parameters, request, tables, simulation=NOT_SIMULATED):
    """Return the number of VMs of each option that has VMs; None where it cannot be computed."""
    load = Workload(parameters, request, tables, simulation)
    found = {}
    for option in options(load):
        side, *rest = option.split()
        if side == "vm" or rest[1] == "managed":
            name = rest[0] if side == "vm" else parameters["managed_instance"]
            count = load.vms if side == "vm" else load.managed_vms
            try:
                found[option] = count(name)
            except Undefined:
                found[option] = None
    return found
