"""Times as AWS and people write them, all in UTC; in the program they are seconds since 1970."""

import calendar
import time


def utc(seconds):
    """Return a time such as 2026-11-30T12:00:00Z, as calls of AWS take it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def seconds_of(text):
    """Return the seconds since 1970 of a time such as 2026-11-30T12:00:00.000Z; fractions are cut off."""
    return calendar.timegm(time.strptime(text[:19], "%Y-%m-%dT%H:%M:%S"))


def clock(seconds):
    """Return a time for people."""
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
