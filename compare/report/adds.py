"""What a client waits for each way: the measured percentiles of the mix, and what AWS adds to them, as an interval."""

from words import milliseconds

from . import choose


def added(found, key):
    """Return (least, most) ms that AWS adds in front of a way, or None where no figure is known."""
    row = next((one for one in found["overheads"] if one["option"] == key), None)
    return None if row is None or row["low_ms"] is None else (row["low_ms"], row["high_ms"])


def _gateway_of(address):
    """Return the gateway that an address of AWS belongs to, or None."""
    return "url" if address and ".lambda-url." in address else None


def mixed(found, key):
    """Return the row of found["mixed"] that stands for a way, or None, and whether it was measured behind its gateway."""
    rows = {row["target"]: row for row in found["mixed"]}
    if key in rows:
        return rows[key], key != "vm" or bool(choose.url(found, "vm"))
    if key == "managed":
        return None, False
    if _gateway_of(choose.url(found, "lambda")) == key:
        return rows.get("lambda"), True
    return rows.get("lambda-host"), False


def interval(found, key, name):
    """Return (least, most) of a percentile in ms; most is None where it is not known what AWS adds. None: nothing was measured."""
    row, whole = mixed(found, key)
    if row is None or row[name] is None:
        return None
    if whole:
        return row[name], row[name]
    more = added(found, key)
    return (row[name], None) if more is None else (row[name] + more[0], row[name] + more[1])


def text(found, key, name):
    """Return the words of an interval in ms: "0.4–10.4"."""
    ends = interval(found, key, name)
    if ends is None:
        return "–"
    least, most = ends
    if most is None:
        return f"≥\u00a0{milliseconds(least)}"
    if most - least < 1e-9:
        return milliseconds(least)
    return f"{milliseconds(least)}–{milliseconds(most)}"
