"""The time that a round trip to a server takes: to connect, and to shake hands over TLS."""

import socket
import ssl
import statistics
import time
import urllib.parse

from failure import Failure

CONNECTIONS = 20
TIMEOUT = 30  # seconds


def _microseconds(do):
    began = time.perf_counter_ns()
    found = do()
    return found, (time.perf_counter_ns() - began) / 1000


def _one(address, context, name):
    """Connect once. Return the microseconds until the connection is there, and those of the TLS handshake or None."""
    connection, connect_us = _microseconds(lambda: socket.create_connection(address, TIMEOUT))
    with connection:
        if not context:
            return connect_us, None
        secure = context.wrap_socket(connection, server_hostname=name, do_handshake_on_connect=False)
        with secure:
            return connect_us, _microseconds(secure.do_handshake)[1]


def measure(url):
    """Return the number of connections, and the medians in microseconds: of the time to connect, and of a full TLS handshake, which is
    None for http. The name of the host is resolved before."""
    parts = urllib.parse.urlsplit(url)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    try:
        port = parts.port or (443 if context else 80)
        address = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)[0][4][:2]
        found = [_one(address, context, parts.hostname) for _ in range(CONNECTIONS)]
    except (OSError, ValueError) as error:
        raise Failure(f"cannot connect to {url}: {error}") from None
    return len(found), statistics.median(one for one, _ in found), statistics.median(one for _, one in found) if context else None
