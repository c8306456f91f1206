"""The names and phrases that the summary and the report share."""

import statistics

import words
from access_log import FROM_LOG, LEAST_HOURS
from ways import side
from words import count, figures, milliseconds, say

GATEWAY_NAMES = {"http": "HTTP API", "rest": "REST API", "url": "function URL", "alb": "ALB"}
TARGETS = {"vm": "VM", "lambda": "Lambda", "lambda-host": "Lambda", "managed": "Lambda Managed Instances",
           **{key: f"Lambda, {name}" for key, name in GATEWAY_NAMES.items()}}


def is_other(found):
    """Return whether the results are of another service, which was measured at URLs only."""
    return "service" in found["run"]


def unknown_notes(found):
    """Return sentences on what is not known of another service, so that the bills count something that may be untrue."""
    if not is_other(found):
        return []
    origins = {row["name"]: row["origin"] for row in found["parameters"]}
    return [say(text, **values) for name, is_known, text, values in (
        ("init_ms", found["cold_starts"], "How long an init takes is not known: the bills count {ms} ms, a public figure of small programs. A log with cold starts"
         " has it (--reports), or set init_ms.", {"ms": words.figures(found["demand"]["init_ms"])}),
        ("vm_memory_mb", found["demand"]["vm_memory_mb"] is not None, "The memory of the service on the VM is not known, so that the bills take any VM for"
         " large enough: set vm_memory_mb.", {}),
    ) if origins.get(name) == "measured" and not is_known]


def target_name(key):
    """Return the name of what a series was sent to, or of a way to run the service."""
    return say(TARGETS[key]) if key in TARGETS else key


def gateway_name(key):
    """Return the name of a gateway, or of another way, beside those of its side."""
    return say(GATEWAY_NAMES[key]) if key in GATEWAY_NAMES else target_name(key)


def option_name(option):
    """Return the name of an option for people: "lambda http arm64" is "Lambda, HTTP API, arm64"."""
    if side(option) == "vm":
        return f"VM {option.partition(' ')[2]}"
    _, gateway, kind = option.split()
    return say("{way}, {kind}", way=target_name(gateway), kind=say(kind))


def void_reason(row):
    """Return why a series is void."""
    causes = [say("{n} × {status}", n=f"{n:,}", status=status or say("no answer")) for n, status in row["failures"]]
    return say("{failed} of {n} requests failed: {causes}", failed=f"{row['failed']:,}", n=f"{row['n']:,}", causes=say(", ").join(causes))


# The volumes at which a side is the cheaper one, where that changes more than twice, or around one volume: by whether it is cheaper at the
# smallest and at the largest volumes, and whether the first and the last change are the same volume in words.
TURNS = {(True, False, False): "below {first}, and at some volumes up to {last}", (True, False, True): "below about {first}",
         (False, True, False): "above {first}, but not at all volumes up to {last}", (False, True, True): "above about {first}",
         (True, True, False): "at all volumes but some from {first} to {last}", (True, True, True): "at all volumes but some around {first}",
         (False, False, False): "at some volumes from {first} to {last}", (False, False, True): "at some volumes around {first}"}


def when(stretches, who):
    """Return the volumes at which a side is the cheaper one: "below 6.3 million". With each further VM the cheaper side can change
    again; then the text names the first and the last volume."""
    ends = [count(start) for start, _, _ in stretches[1:]]
    if not stretches:
        return "–"
    if not ends:
        side_of_all = stretches[0][2]
        return say("both cost the same") if side_of_all == "equal" else say("at every volume") if side_of_all == who else say("at no volume")
    first, last = (stretches[i][2] == who for i in (0, -1))
    if len(ends) == 1:
        return say("below {volume}", volume=ends[0]) if first else say("above {volume}", volume=ends[0])
    if len(ends) == 2 and ends[0] != ends[1]:
        return say("below {first}, and above {last}" if first else "from {first} to {last}", first=ends[0], last=ends[1])
    return say(TURNS[first, last, ends[0] == ends[-1]], first=ends[0], last=ends[-1])


def from_log(found, name):
    """Return " (from the function’s log)" if the value of a parameter is from there, otherwise ""."""
    return say(" (from the function’s log)") if any(row["name"] == name for row in found["evidence"]) else ""


# The shapes of traffic, as docs/simulation.md has them.
SHAPES = {"steady": "the same rate all month", "office-hours": "office hours", "shop-sale": "a shop with a sale", "hourly-job": "a job at each hour",
          "front-page": "a link on a front page"}


def simulated_from(found):
    """Return from what traffic the bills were simulated, or None: "from your access log, simulated"."""
    traffic = found["setting"]["traffic"]
    if not found["demand"]["simulated"]:
        return None
    return say("from your access log, simulated") if traffic == "log" else say("simulated, shape {name}", name=traffic)


def is_from_access_log(found, name):
    """Return whether the value of a parameter is from the access log."""
    return any(row["name"] == name and row["origin"] == "evidence" and row["evidence"].endswith(FROM_LOG) for row in found["parameters"])


def from_access_log(found, name):
    """Return " (from your access log)" if the value of a parameter is from there, otherwise ""."""
    return say(" (from your access log)") if is_from_access_log(found, name) else ""


def log_volume(found):
    """Return a sentence on the volume of the access log, or None without one, and where the bills count it, to 1 %."""
    logged, requests = found["traffic"], found["setting"]["requests"]
    if not logged or is_from_access_log(found, "requests") or abs(logged["month_requests"] - requests) <= requests / 100:
        return None
    if logged["seconds"] < LEAST_HOURS * 3600:
        return say("Your access log covers {hours} hours, too little for the volume of a month, which takes {least}: the bills count {volume} requests. Set the"
                   " parameter requests, or read more of the log.", hours=figures(logged["seconds"] / 3600), least=LEAST_HOURS, volume=count(requests))
    return say("A month of your access log has {log} requests; the bills count {volume}, which the parameter requests sets.", log=count(logged["month_requests"]),
               volume=count(requests))


def simulated_mark(found):
    """Return that in brackets, or an empty text."""
    text = simulated_from(found)
    return say(" ({what})", what=text) if text else ""


def missing_prices(found):
    """Return a text on the prices that the region lacks, and what to do, or None."""
    region, missing = found["setting"]["region"], sorted({row["item"] for row in found["missing"]})
    if not found["bills"]:
        return say("The region {region} has no price of a VM or of a function.", region=region)
    return say("The region {region} lacks prices that the scenario {name} needs: {items}. Import them with `serverful prices`, or add rows to the"
               " table `price`.", region=region, name=found["scenario"], items=", ".join(missing)) if missing else None


def no_break_even(found):
    """Return a sentence on the sides that have no bill, or None."""
    missing = [say(name) for key, name in (("lambda", "Lambda"), ("vm", "the VM")) if not any(
        bill["cost"] is not None and side(bill["option"]) == key for bill in found["bills"])]
    return say("No break-even is known, since these have no bill: {sides}. Measurements or prices are missing.",
               sides=words.listed(missing)) if missing else None


def vm_on_aws(found):
    """Return sentences on what the VM used while it was measured on AWS."""
    values = {}
    for row in found["vm_metrics"]:
        values.setdefault(row["name"], []).append(row["value"])
    busy, balance, used, request = (values.get(name) for name in ("CPUUtilization", "CPUCreditBalance", "CPUCreditUsage", "request_ms"))
    return [text for text in (
        request and say("A request took {ms} ms of the VM’s processor on AWS, with nginx and TLS.", ms=milliseconds(request[0])),
        busy and say("According to CloudWatch, its processor was busy for at most {most} % of the time.", most=milliseconds(max(busy))),
        used and say("It used {n} CPU credits.", n=milliseconds(sum(used))),
        balance and say("Its balance went from {first} to {last} CPU credits.", first=milliseconds(balance[0]), last=milliseconds(balance[-1]))) if text]


def first_waits(found):
    """Return a sentence for each gateway on AWS on what clients waited for the first answer of a new environment."""
    waits = {}
    for row in found["first_requests"]:
        waits.setdefault(row["target"], []).append(row["latency_ms"])
    return [say("{name}: a client waited {ms} ms for the first answer of a new environment (median of {n}, at most {most} ms).", name=target_name(target),
                ms=milliseconds(statistics.median(mine)), n=len(mine), most=milliseconds(max(mine))) for target, mine in waits.items()]


def replay_rows(found):
    """Return the cells of a table of the replay: each side measured, then simulated."""
    rows = []
    for row in found["replay"]["sides"]:
        for prefix, name in (("", say("{side}, measured", side=target_name(row["side"]))), ("simulated_", say("{side}, simulated", side=target_name(row["side"])))):
            cold = row[f"{prefix}cold_share"]
            rows.append([name, *(("", "") if prefix else (f"{row['requests']:,}", f"{row['failed']:,}")), "–" if cold is None else say("{n} %", n=figures(cold * 100)),
                         *(milliseconds(row[f"{prefix}{key}"]) for key in ("p50_ms", "p90_ms", "p99_ms"))])
    return rows


CROWDED = 0.2  # share of the requests of a replay that may come while all processors are busy


def replay_notes(found):
    """Return sentences on what is not to be believed of the replay."""
    given = found["replay"]["input"]
    if given and "seconds" not in given:
        return [say("The replay was interrupted: measure again.")]
    return [note for row in found["replay"]["sides"] if (note := _replay_note(row, given))]


def _replay_note(row, given):
    name = target_name(row["side"])
    if row["void"]:
        return say("The replay against {side} is void: {reason}.", side=name, reason=void_reason({**row, "n": row["requests"]}))
    if row["side"] == "lambda" and row["crowded_share"] > CROWDED:
        return say("{share} % of the requests to {side} came while {n} others or more were under way, as many as the machine has processors. The simulation gives each"
                   " environment a processor, as AWS does: do not compare measured with simulated here.", share=figures(row["crowded_share"] * 100), side=name,
                   n=given["processors"])
    return None
