"""Takes a log of Lambda as evidence for the bill: memory size, billed durations, inits and the share of cold starts. What the log
says counts instead of an assumption; a parameter that somebody has set to something else is refused."""

import collections
import math

from failure import Failure

NAMES = ("memory_mb", "billed_ms", "init_ms", "cold_share")  # the parameters of which a log says something
AGREES = 0.01  # relative difference up to which a parameter agrees with a log; the memory size must be the same

# What a log says: the invocations that count, values by the names of parameters, where each value is from, and notes for people.
Evidence = collections.namedtuple("Evidence", "name warm cold values sources notes")


def is_cold(report):
    return report.init_ms is not None or report.restore_ms is not None


def mean(values):
    return math.fsum(values) / len(values)


def number(value):
    """Return a number for people: 1,024 or 0.0125."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.6g}"


def counted(n, one, more):
    return f"{n:,} {one if n == 1 else more}"


def of_one_size(log, wanted):
    """Return the invocations of the log's memory size; of size `wanted` if it has several. Return a note about the others, too."""
    sizes = collections.Counter(report.memory_mb for report in log.reports)
    if len(sizes) == 1:
        return log.reports, []
    said = ", ".join(f"{n:,} of {size:,} MB" for size, n in sorted(sizes.items()))
    if wanted not in sizes:
        raise Failure(f"{log.name} has invocations of several memory sizes: {said}. Name the one that counts:"
                      f" UPDATE parameter SET value = {max(sizes, key=sizes.get)} WHERE name = 'memory_mb'")
    return [report for report in log.reports if report.memory_mb == wanted], \
        [f"of its invocations ({said}), only those of {wanted:,} MB count, the parameter memory_mb"]


def step_of(reports):
    """Return the step in ms to which AWS rounded up what it billed: 100 in logs from before December 2020, otherwise 1."""
    billed = [report for report in reports if report.billed_ms is not None]
    coarse = any(not is_cold(report) and report.billed_ms - report.duration_ms >= 2 for report in billed)
    return 100 if coarse and all(report.billed_ms % 100 == 0 for report in billed) else 1


def rounded_up(duration_ms, step):
    return math.ceil(duration_ms / step) * step


def billed(report):
    return math.ceil(report.duration_ms) if report.billed_ms is None else report.billed_ms


def billed_init(report, step):
    """Return what AWS billed for the init or restore of a cold start, in ms: what it billed beyond the duration."""
    if report.billed_ms is None:
        return math.ceil(report.init_ms or 0)
    return max(0, report.billed_ms - rounded_up(report.duration_ms, step))


def notes_of(log, reports, cold, step):
    """Return what a reader of the results must know about a log."""
    statuses = collections.Counter(report.status for report in reports)
    n_timeouts = statuses["timeout"]
    n_errors = len(reports) - statuses[None] - n_timeouts
    return [note for note in (
        f"{counted(len(reports), 'invocation', 'invocations')} of {number(reports[0].memory_mb)} MB,"
        f" {len(cold):,} of them {'a cold start' if len(cold) == 1 else 'cold starts'}",
        n_errors and f"{n_errors:,} ended with an error and count as billed",
        n_timeouts and f"{n_timeouts:,} timed out and count as billed",
        len(cold) == len(reports) and "no warm request, so that the duration of one and the share of cold starts are not from the log",
        any(report.billed_ms is None for report in reports) and "billed durations are computed where the log has none",
        step > 1 and "AWS billed in steps of 100 ms, as it did until December 2020; today it bills whole milliseconds",
        log.n_duplicates and f"{counted(log.n_duplicates, 'invocation is', 'invocations are')} in the log more than once and count once",
        log.n_unreadable and f"{counted(log.n_unreadable, 'line looks', 'lines look')} like reports but cannot be read, the first one:"
        f" {log.unreadable}") if note]


def weigh(db, log):
    """Return the Evidence of a log. Raise Failure if it contradicts a parameter, or if its memory size is not clear."""
    reports, notes = of_one_size(log, db.execute("SELECT value FROM parameter WHERE name = 'memory_mb'").fetchone()[0])
    warm, cold = ([report for report in reports if is_cold(report) == it_is] for it_is in (False, True))
    step = step_of(reports)
    values, sources = {"memory_mb": reports[0].memory_mb}, {"memory_mb": counted(len(reports), "invocation", "invocations")}
    if warm:
        values["billed_ms"], sources["billed_ms"] = mean([billed(report) for report in warm]), f"mean of {len(warm):,} warm"
        values["cold_share"], sources["cold_share"] = len(cold) / len(reports), f"{len(cold):,} of {len(reports):,}"
    if cold:
        values["init_ms"] = mean([billed_init(report, step) for report in cold])
        sources["init_ms"] = f"mean of {counted(len(cold), 'cold start', 'cold starts')}"
    found = Evidence(log.name, warm, cold, values, {name: f"{said} in {log.name}" for name, said in sources.items()},
                     notes + notes_of(log, reports, cold, step))
    refuse_contradictions(db, values, log.name, "leave out --reports")
    return found


def agree(name, parameter, value):
    return parameter == value if name == "memory_mb" else math.isclose(parameter, value, rel_tol=AGREES)


def refuse_contradictions(db, values, log_name, otherwise):
    """Raise Failure if a parameter was set to something else than a log says, for all scenarios or for one. `otherwise` is what to do
    instead of an UPDATE."""
    for where, name, parameter, unit in db.execute(
            "SELECT 'parameter SET value = NULL WHERE name', name, value, unit FROM parameter UNION ALL"
            " SELECT 'scenario_parameter', parameter, scenario_parameter.value, unit FROM scenario_parameter"
            " JOIN parameter ON name = parameter ORDER BY name").fetchall():
        value = values.get(name)
        if value is None or parameter is None or agree(name, parameter, value):
            continue
        remedy = f"DELETE FROM scenario_parameter WHERE parameter = '{name}'" if where == "scenario_parameter" else f"UPDATE {where} = '{name}'"
        raise Failure(f"the parameter {name} is {number(parameter)} {unit}, but {log_name} says {number(value)}:"
                      f" {remedy}, or {otherwise.replace('NAME', name)}")


def check(db):
    """Raise Failure if a parameter was set to something else than the log in the results says. What was measured gives way."""
    values = {name: value for name, value in db.execute("SELECT name, value FROM evidence") if name in NAMES}
    name = dict(db.execute("SELECT name, value FROM run")).get("log name", "the function's log")
    refuse_contradictions(db, values, name, "go without the log: DELETE FROM evidence WHERE name = 'NAME'")


def take(db, found):
    """Replace what the evidence is better than: measured durations and inits, and the evidence of an earlier log."""
    db.executemany("DELETE FROM evidence WHERE name = ?", [(name,) for name in NAMES])
    db.execute("DELETE FROM run WHERE name IN ('durations', 'inits', 'log', 'log name')")
    # A log without warm requests leaves the durations of this machine, one without cold starts its inits.
    db.execute("DELETE FROM invocation" + ("" if found.warm else " WHERE endpoint IS NULL"))
    db.execute("DELETE FROM cold_start" + ("" if found.cold else " WHERE latency_ms IS NULL"))
    db.executemany("INSERT INTO invocation (memory_mb, duration_ms, init_ms, used_mb, billed_ms, restore_ms) VALUES (?, ?, ?, ?, ?, ?)",
                   [(r.memory_mb, r.duration_ms, r.init_ms, r.used_mb, r.billed_ms, r.restore_ms) for r in found.warm + found.cold])
    db.executemany("INSERT INTO cold_start (init_ms, duration_ms) VALUES (?, ?)",
                   [((r.init_ms or 0) + (r.restore_ms or 0), r.duration_ms) for r in found.cold])
    db.executemany("INSERT INTO evidence VALUES (?, ?, ?)", [(name, value, found.sources[name]) for name, value in found.values.items()])
    facts = {"log": "; ".join(found.notes), "log name": found.name}
    for name, reports in (("durations", found.warm), ("inits", found.cold)):
        if reports:
            facts[name] = f"from {len(reports):,} REPORT lines of {found.name}"
    db.executemany("INSERT INTO run VALUES (?, ?)", facts.items())
    db.commit()
