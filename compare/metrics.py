"""Reads processor time and memory of a service from its metrics, in the text format of Prometheus."""

import collections
import http.client
import re
import urllib.request

from failure import Failure

CPU, MEMORY = "process_cpu_seconds_total", "process_resident_memory_bytes"
MOST = 16 << 20  # bytes of an answer that are read

# The seconds of processor time so far, and the memory in MB, or None if it is not known.
Metrics = collections.namedtuple("Metrics", "cpu_seconds memory_mb")


def _sum(text, name):
    """Return the sum of a metric over its labels, or None if it is missing."""
    values = re.findall(rf"^{name}(?:\{{.*\}})?[ \t]+(\S+)", text, re.M)
    return sum(map(float, values)) if values else None


def read(url):
    """Return the Metrics at a URL. Processes with labels of their own count together."""
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            text = answer.read(MOST).decode(errors="replace")
        seconds, memory = _sum(text, CPU), _sum(text, MEMORY)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Failure(f"cannot read the metrics at {url}: {error}") from None
    if seconds is None:
        raise Failure(f"the metrics at {url} have no {CPU}: name the URL of those that have it (--vm-metrics), or set the parameter vm_cpu_ms by SQL")
    return Metrics(seconds, None if memory is None else memory / 2 ** 20)
