"""Which duration of the function the bill counts: AWS's, by a log of it or by public figures, or that of this machine."""

from access_log import FROM_LOG
from words import figures, say

from . import choose
from .markup import said, tag

SIGNS = {"log": "the function’s log", "access": "your access log", "public": "public figure, measured on AWS", "here": "measured here, without AWS: a lower bound",
         "chosen": "set by hand", "none": "not known"}


def ours(found):
    """Return the mean duration that was measured at the memory size of the scenario, or at the next one, in billed ms."""
    sizes = sorted((row["memory_mb"], row["billed_ms"]) for row in found["memory_sizes"])
    below = [ms for memory, ms in sizes if memory <= found["setting"]["memory_mb"]]
    return below[-1] if below else sizes[0][1] if sizes else None


def origin(found):
    """Return a key of SIGNS."""
    row, measured = choose.parameter(found, "billed_ms"), ours(found)
    if row["origin"] in ("scenario", "chosen"):
        return "chosen"
    if row["origin"] == "evidence":
        return "access" if row["evidence"].endswith(FROM_LOG) else "log"
    if found["demand"]["billed_ms"] is None:
        return "none"
    if row["origin"] == "measured" and measured is not None and measured >= found["demand"]["billed_ms"] - 1e-9:
        return "log" if found["run"].get("durations") else "here"
    return "public"


def sign(found):
    """Return a visible sign of which duration counts."""
    key = origin(found)
    return tag("span", say(SIGNS[key]), class_=f"badge {'sure' if key in ('log', 'access', 'public') else 'unsure'}", data_duration=key)


def text(found):
    """Return a sentence on the duration that counts."""
    row, measured, key = choose.parameter(found, "billed_ms"), ours(found), origin(found)
    sentence = said("Billed duration of a warm request: {ms} ms ", ms=tag("b", figures(found["demand"]["billed_ms"])))
    if key == "public" and measured is not None:
        return [sentence, sign(found), " ", said(
            "The run itself measured {ms} ms, which is a lower bound.", ms=figures(measured))]
    if key in ("log", "access"):
        return [sentence, sign(found), " ", row["evidence"] or found["run"].get("durations") or ""]
    return [sentence, sign(found)]
