"""The values of the parameters that t/lib/bill.py computes bills from, as docs/bill.md says where they come from."""

from bill import exact, mean, rounded_up


def effective(declared, scenario, samples, mix):
    """Return the value of each parameter: the scenario's, yours, that of a log, the measured one, the assumed one.

    declared: {name: {"type", "value", "known", "measured", "assumed"}}; scenario: {name: value}; mix: {endpoint: share}."""
    found = {}
    for name, parameter in declared.items():
        value = next((v for v in (scenario.get(name), parameter["value"], parameter["known"]) if v is not None), None)
        found[name] = value if parameter["type"] == "text" else exact(value)
        if value is None and not parameter["measured"]:
            found[name] = parameter["assumed"] if parameter["type"] == "text" else exact(parameter["assumed"])
    for name, parameter in declared.items():
        if parameter["measured"] and found[name] is None:
            found[name] = at_least(MEASURES[name](samples, mix, found), exact(parameter["assumed"]))
    return found


def at_least(measured, assumed):
    return assumed if measured is None else measured if assumed is None else max(measured, assumed)


def measured_duration(samples, mix, parameters):
    """Return the mean of the durations at the memory size, or the next smaller one that is measured, otherwise the smallest."""
    warm = [i for i in samples.get("invocation", ()) if i["init_ms"] is None and i.get("restore_ms") is None]
    found = {size: mean((duration_at(warm, size, endpoint), exact(share)) for endpoint, share in mix.items())
             for size in {i["memory_mb"] for i in warm}}
    measured = sorted(size for size, duration in found.items() if duration is not None)
    return found[max((m for m in measured if m <= parameters["memory_mb"]), default=measured[0])] if measured else None


def duration_at(warm, size, endpoint):
    """Return the mean of an endpoint's invocations and of those from a log, which count for each endpoint."""
    return mean((billed(i), 1) for i in warm if i["memory_mb"] == size and i["endpoint"] in (None, endpoint))


def billed(invocation):
    return rounded_up(invocation["duration_ms"]) if invocation.get("billed_ms") is None else exact(invocation["billed_ms"])


def measured_init(samples, _mix, _parameters):
    return mean((rounded_up(start["init_ms"]), 1) for start in samples.get("cold_start", ()))


def measured_cpu(side):
    """Return the function for the processor time of a request of a side, in ms."""
    def of(samples, mix, _parameters):
        found = {}
        for series in samples.get("series", ()):
            if series["side"] == side and series["rate"] is None and series["cpu_seconds"] is not None and series["n"]:
                found.setdefault(series["endpoint"], []).append((exact(series["cpu_seconds"]) * 1000 / series["n"], 1))
        return mean((mean(found.get(endpoint, ())), exact(share)) for endpoint, share in mix.items())
    return of


def measured_memory(samples, mix, _parameters):
    return max((exact(s["memory_mb"]) for s in samples.get("series", ())
                if s["side"] == "vm" and s["memory_mb"] is not None and mix.get(s["endpoint"])), default=None)


MEASURES = {"billed_ms": measured_duration, "init_ms": measured_init, "vm_cpu_ms": measured_cpu("vm"),
            "lambda_cpu_ms": measured_cpu("lambda"), "vm_memory_mb": measured_memory,
            "response_bytes": lambda *_: None}  # that of each endpoint counts
