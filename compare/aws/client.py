"""What the client runs: the comparison at the URLs of both sides, whose results come back as a file."""

import base64
import gzip
import hashlib
import os
import re
import shlex
import sqlite3

import results
from failure import Failure
from options import url_option

from . import run_command

HOURS = 2  # that the client may take
# The client keeps each measurement, so that a run that goes on after its caller has died does not measure again. A measurement at other URLs, as of a
# stack that was made again, is another one.
SCRIPT = """set -eu
state=/var/lib/serverful-compare/{name}
mkdir -p $state && cd $state
exec 9>../lock && flock 9
[ -e done ] || {{
    rm -f results.db*
    cat >vm.pem <<'END'
{certificate}
END
    date +%s >begin
    SSL_CERT_FILE=$state/vm.pem serverful compare {arguments} >&2
    date +%s >done.new
    mv done.new done
}}
echo "measured $(cat begin) $(cat done)"
gzip -c results.db | base64
"""
FAILED = "what the client printed is not what it measured: delete the run with --aws-clean, and run it again"


def targets(outputs):
    """Return {target: URL} of the outputs of both stacks."""
    function = {target: outputs["function"].get(name) for target, name in (("http", "ApiUrl"), ("rest", "RestApiUrl"), ("url", "FunctionUrl"))}
    return {"vm": outputs["vm"]["Url"], **{target: url.rstrip("/") for target, url in function.items() if url}}


def script(run, certificate):
    """Return the script that measures, and prints when, and results.db."""
    client = run.outputs["client"]
    arguments = ["--store", "/var/lib/serverful/serverful.db", "--results", "results.db", "--report", "report.html", "--client",
                 f"{client['InstanceType']} in {client['Zone']}", *(["--quick"] if run.quick else [])]
    for target, url in targets(run.outputs).items():
        arguments += [url_option(target), url]
    words = shlex.join(arguments)
    name = f"{run.measurement}-{hashlib.sha256(words.encode()).hexdigest()[:8]}"
    return SCRIPT.format(name=name, certificate=certificate.strip(), arguments=words)


def decode(printed, path):
    """Write results.db of what the script printed into a file. Return when the measurement began and ended, in seconds since 1970."""
    with open(printed, encoding="ascii", errors="replace") as file:
        head = re.fullmatch(r"measured (\d+) (\d+)\n", file.readline())
        try:
            data = gzip.decompress(base64.b64decode(file.read(), validate=False))
        except (ValueError, OSError, EOFError):
            data = b""
    if not head or not data:
        raise Failure(FAILED)
    with open(path, "wb") as file:
        file.write(data)
    return int(head[1]), int(head[2])


def _columns(db, table):
    return ", ".join(name for _, name, *_ in db.execute(f"PRAGMA main.table_info({table})"))


def take(db, path):
    """Replace what results.db has measured by what another file has; prices, parameters and the shares of requests stay."""
    try:
        with sqlite3.connect(path) as other:
            found = [other.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    except sqlite3.DatabaseError:
        raise Failure(FAILED) from None
    if found != [results.APPLICATION, results.VERSION]:
        raise Failure("the package on the client is of another version than this command: give the package of the same version with --package")
    db.execute("ATTACH ? AS client", (path,))
    with db:
        for table in (*reversed(results.MEASURED), "endpoint"):
            names = _columns(db, table)
            db.execute(f"DELETE FROM main.{table}")
            db.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM client.{table}")
        db.execute("DELETE FROM mix WHERE endpoint NOT IN (SELECT name FROM endpoint)")
        db.execute("INSERT OR IGNORE INTO mix SELECT * FROM client.mix")
    db.execute("DETACH client")


def measure(calls, run, certificate, db):
    """Let the client measure, and take its results. Return when the measurement began and ended."""
    printed, path = (os.path.join(run.directory, name) for name in ("client.txt", "client.db"))
    run_command.run_long(calls, run.outputs["client"]["InstanceId"], script(run, certificate), "serverful compare", run.bucket, printed, HOURS * 3600)
    times = decode(printed, path)
    take(db, path)
    return times
