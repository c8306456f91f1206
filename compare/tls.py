"""What TLS costs nginx: processor time and bytes of new connections, with a full handshake and with a resumed session, and the
processor time that it adds to a request on an open connection. A second nginx in front of the same pool has TLS, with an ECDSA
certificate for the curve P-256 that this program makes."""

import os
import shutil
import socket
import ssl
import statistics
import subprocess

from failure import Failure
from sides import descendants, find_nginx, free_port, processor_seconds

CERTIFICATE_BYTES = 1100  # of each of the two certificates, the server's and its issuer's: like those of a public authority
HANDSHAKES_PER_SECOND = 400  # to estimate how many fit into a step
ROUNDS = 3  # in which plain HTTP and TLS alternate on open connections
TIMEOUT = 30  # seconds


def is_available():
    """Return whether the program that makes certificates is there."""
    return shutil.which("openssl") is not None


def expected_seconds(seconds):
    """Return how long measure() takes."""
    return 6 * seconds + 1


def _openssl(directory, *arguments):
    run = subprocess.run(["openssl", *arguments], cwd=directory, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Failure(f"openssl {arguments[0]} failed: {run.stderr.strip()}")


def _make_certificate(directory, name, comment, *issuer):
    """Make name.key and name.pem, signed by itself or by an issuer."""
    _openssl(directory, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-sha256",
             "-keyout", f"{name}.key", "-out", f"{name}.pem", *issuer, "-addext", f"nsComment={'x' * comment}")


def make_certificates(directory):
    """Make an authority ca.pem, and the certificate server.pem for 127.0.0.1 with its key server.key. chain.pem has both
    certificates, each padded to CERTIFICATE_BYTES. Return the bytes of both."""
    lengths = []
    for name, options in (("ca", ("-subj", "/CN=serverful", "-addext", "keyUsage=critical,keyCertSign")),
                          ("server", ("-subj", "/CN=127.0.0.1", "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
                                      "-addext", "basicConstraints=critical,CA:FALSE"))):
        comment = 1
        for _ in range(2):  # the first one tells how much padding it takes
            _make_certificate(directory, name, comment, *options)
            with open(os.path.join(directory, f"{name}.pem"), encoding="ascii") as file:
                text = file.read()
            length = len(ssl.PEM_cert_to_DER_cert(text))
            comment = max(1, comment + CERTIFICATE_BYTES - length)
        lengths.append(length)
    with open(os.path.join(directory, "chain.pem"), "w", encoding="ascii") as chain:
        for name in ("server", "ca"):
            with open(os.path.join(directory, f"{name}.pem"), encoding="ascii") as file:
                chain.write(file.read())
    return lengths


def _start_nginx(vm):
    """Start an nginx with TLS in front of the pool of a VM. Return the process and the port."""
    port = free_port()
    with open(os.path.join(vm.prefix, "nginx.conf"), encoding="utf-8") as file:
        text = file.read()
    plain = f"listen 127.0.0.1:{vm.url.rpartition(':')[2]};"
    if plain not in text:
        raise Failure("cannot find the port in nginx's configuration")
    text = text.replace(plain, f"listen 127.0.0.1:{port} ssl; ssl_certificate chain.pem; ssl_certificate_key server.key;"
                               " ssl_protocols TLSv1.2 TLSv1.3; keepalive_requests 1000000;").replace("pid nginx.pid;", "pid tls.pid;")
    with open(os.path.join(vm.prefix, "tls.conf"), "w", encoding="utf-8") as file:
        file.write(text)
    return vm.start_nginx("tls.conf"), port


class Connection:
    """A connection to a port of this machine, over TLS if there is a context, that counts the bytes which the server sends."""

    def __init__(self, port, context, session=None):
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.n_bytes = 0
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname="127.0.0.1", session=session) if context else None
        if self.tls:
            self._over_tls(self.tls.do_handshake)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def _receive(self):
        data = self.socket.recv(65536)
        if not data:
            raise Failure("nginx has closed the connection")
        self.n_bytes += len(data)
        return data

    def _send_pending(self):
        if self.outgoing.pending:
            self.socket.sendall(self.outgoing.read())

    def _over_tls(self, do):
        while True:
            try:
                found = do()
                self._send_pending()
                return found
            except ssl.SSLWantReadError:
                self._send_pending()
                self.incoming.write(self._receive())

    def request(self, text):
        """Send a GET request, and read its answer, which has a Content-Length."""
        if self.tls:
            self._over_tls(lambda: self.tls.write(text))
        else:
            self.socket.sendall(text)
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer) < _length(answer):
            answer += self._over_tls(lambda: self.tls.read(65536)) if self.tls else self._receive()
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise Failure(f"nginx with TLS answered {answer[:60]!r}")


def _length(answer):
    """Return the length of an answer with its head."""
    head, _, _ = answer.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    if len(lengths) != 1:
        raise Failure("nginx with TLS sent an answer without a Content-Length")
    return len(head) + 4 + int(lengths[0])


def _requests_of_new_connections(port, context, request, n, session):
    """Send a request over each of n new connections, with a session or without. Return how many resumed one."""
    resumed = 0
    for _ in range(n):
        with Connection(port, context, session) as connection:
            connection.request(request)
            resumed += bool(connection.tls.session_reused)
            session = connection.tls.session if session else None
    return resumed


def _session(port, context, request):
    with Connection(port, context) as connection:
        connection.request(request)
        return connection.tls.session


def _bytes(port, context, request, session=None):
    """Return the bytes of a handshake: those of a connection with a request, without those of the answer."""
    with Connection(port, context, session) as connection:
        connection.request(request)
        first = connection.n_bytes
        connection.request(request)
        return first - (connection.n_bytes - first)


def _processor_ms(pids, n, do):
    before = processor_seconds(pids)
    do()
    return (processor_seconds(pids) - before) * 1000 / n


def _handshakes(pids, port, context, request, n):
    """Return the processor time in ms of a full handshake, and of a resumed one: of a new connection with a request, without those of
    a request on an open one."""
    with Connection(port, context) as connection:
        connection.request(request)
        open_ms = _processor_ms(pids, n, lambda: [connection.request(request) for _ in range(n)])
    found = []
    for session in (None, _session(port, context, request)):
        resumed = []
        ms = _processor_ms(pids, n, lambda s=session, r=resumed: r.append(_requests_of_new_connections(port, context, request, n, s)))
        if resumed[0] != (n if session else 0):
            raise Failure(f"nginx with TLS resumed {resumed[0]} of {n} sessions")
        found.append(max(0, ms - open_ms))
    return found


def _of_open_connections(pids, url, seconds, load):
    """Return nginx's processor time in ms of a request on one of a few open connections."""
    load(url, min(seconds, 0.1))
    n = []
    ms = _processor_ms(pids, 1, lambda: n.append(sum(status == 200 for _, _, status in load(url, seconds))))
    if not n[0]:
        raise Failure(f"no request to {url} was answered")
    return ms / n[0]


def measure(vm, endpoint, seconds, load):
    """Return what TLS costs, by the names of parameters, and how that was found. `load` is a function that sends requests to the
    endpoint at a URL for some seconds, with further environment variables, and returns their samples."""
    lengths = make_certificates(vm.prefix)
    process, port = _start_nginx(vm)
    trust = os.path.join(vm.prefix, "ca.pem")
    context = ssl.create_default_context(cafile=trust)
    request = f"GET {endpoint.target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    both = [[one.pid, *descendants(one.pid)] for one in (vm.nginx, process)]
    more_ms = []
    for _ in range(ROUNDS):
        plain_ms = _of_open_connections(both[0], vm.url, seconds / ROUNDS, lambda url, for_: load(url, for_, {}))
        more_ms.append(_of_open_connections(both[1], f"https://127.0.0.1:{port}", seconds / ROUNDS,
                                            lambda url, for_: load(url, for_, {"SSL_CERT_FILE": trust})) - plain_ms)
    full_ms, resumed_ms = _handshakes(both[1], port, context, request, max(10, round(seconds * HANDSHAKES_PER_SECOND)))
    found = {"tls_request_cpu_ms": max(0, statistics.median(more_ms)), "tls_full_cpu_ms": full_ms, "tls_resumed_cpu_ms": resumed_ms,
             "tls_full_bytes": _bytes(port, context, request), "tls_resumed_bytes": _bytes(port, context, request, _session(port, context, request))}
    version = subprocess.run([find_nginx(), "-v"], capture_output=True, text=True, check=False).stderr.strip().rpartition("/")[2]
    return found, f"measured here, nginx {version}, ECDSA P-256, {context_version(port, context)}, certificates of {lengths[1]:,} and {lengths[0]:,} bytes"


def context_version(port, context):
    """Return the version of TLS that nginx and a client with this context agree on."""
    with Connection(port, context) as connection:
        return connection.tls.version()
