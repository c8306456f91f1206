"""What the VM of a run does besides serving: it lets the client send more requests, and says how much processor time they took."""

import re

from failure import Failure

from . import cloudwatch, run_command

PERIOD = 300  # seconds; EC2 sends its metrics every five minutes
METRICS = {"CPUUtilization": "Maximum", "CPUCreditBalance": "Minimum", "CPUCreditUsage": "Sum"}

# Prints the counters of the VM: the nanoseconds of each process of nginx and the pool, and the requests of each endpoint and status.
COUNTERS = """set -eu
count() {
    for process in /proc/[0-9]*; do
        case $(cat $process/comm 2>/dev/null) in
        nginx | serverful) sed 's/ .*//; s/^/processor /' $process/schedstat 2>/dev/null || true ;;
        esac
    done
    curl -fsS http://127.0.0.1:8081/metrics | grep '^serverful_requests_total' | sed 's/^.* /requests /'
}
state=/var/lib/serverful-vm
before=$state/before-$measurement
"""
# The limits of the site are for clients in the Internet; the comparison needs more from one address. The counters of before stay on the VM.
# nginx reloads once: the processor time of its processes ends with them.
PREPARE = COUNTERS + r"""cd /etc/nginx/sites-available
[ -e $state/raised ] || {
    sed -i -E 's/rate=[0-9]+r\/s/rate=1000000r\/s/; s/burst=[0-9]+/burst=1000000/; s/(limit_conn serverful_(address|all)) [0-9]+/\1 4096/' serverful serverful-tls
    nginx -t -q
    systemctl reload nginx
    touch $state/raised
}
[ -e $before ] || { count >$before.new && mv $before.new $before; }
cat /etc/nginx/serverful-tls/certificate.pem
"""
COUNT = COUNTERS + "cat $before\necho now\ncount\n"


def _script(run, text):
    """Return a script with the number of the measurement."""
    return f"measurement={run.measurement}\n{text}"


def prepare(calls, run):
    """Raise the limits of the site, and return the VM's certificate."""
    text = run_command.run(calls, run.outputs["vm"]["InstanceIds"], _script(run, PREPARE), "prepare the VM")
    found = re.search(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----", text)
    if not found:
        raise Failure("the VM has no certificate in /etc/nginx/serverful-tls: delete the run with --aws-clean, and run it again")
    return found[0]


def _sums(text):
    """Return the nanoseconds of processor time and the number of requests in the lines of count()."""
    return [sum(map(float, re.findall(rf"^{name} ([0-9.e+]+)$", text, re.M))) for name in ("processor", "requests")]


def milliseconds_of(text):
    """Return the processor time of a request in ms by the counters before and now, or None where there was none."""
    before, _, now = text.partition("\nnow\n")
    (ns, requests), (ns_now, requests_now) = _sums(before), _sums(now)
    return (ns_now - ns) / 1e6 / (requests_now - requests) if requests_now > requests and ns_now > ns else None


def count(calls, run):
    """Return the processor time in ms that a request has taken on the VM, with nginx and TLS, or None."""
    return milliseconds_of(run_command.run(calls, run.outputs["vm"]["InstanceIds"], _script(run, COUNT), "count the requests of the VM"))


def watched(calls, run, begin, end):
    """Return (name, time, value) of what CloudWatch knows of the VM's processor and credits from `begin` to `end`, both in seconds since 1970.
    A value is of five minutes; its time is a text, as CloudWatch writes it."""
    queries = [cloudwatch.query(name.lower(), ("AWS/EC2", name, {"InstanceId": run.outputs["vm"]["InstanceIds"]}), statistic, PERIOD)
               for name, statistic in METRICS.items()]
    answers = cloudwatch.ask(calls, queries, begin, end, PERIOD)
    names = {name.lower(): name for name in METRICS}
    return [(names[row["Id"]], str(at), value) for row in answers for at, value in zip(row["Timestamps"], row["Values"])]


def write(db, request_ms, rows):
    """Write both into results.db."""
    with db:
        db.execute("DELETE FROM vm_metric")
        db.executemany("INSERT INTO vm_metric VALUES (?, ?, ?)", [*rows, *([("request_ms", "run", request_ms)] if request_ms is not None else [])])
