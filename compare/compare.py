#!/usr/bin/python3
"""Compare the pool on a VM with bootstrap on Lambda: latency, capacity, cold starts and cost. `serverful compare` starts it."""

import contextlib
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import check
import endpoints
import evidence
import report
import share
import summary
import terminal
import tls
import words
from failure import Failure
from lambda_log import read_log
from measure import Measurement, Target, local_target
from options import Parser
from progress import Progress
from results import begin, open_results
from sides import Lambda, Vm

DESCRIPTION = """Measure the pool behind nginx and bootstrap under lambda-host on this machine, with the same snapshot, and
price both. Print a summary; write an HTML report, and an SQLite file with every sample. Edit the prices, parameters and mix of
requests in that file, and the report follows."""


# The targets that may have a URL, and what is measured there; see sql/results.sql.
URLS = {"vm": "the VM", "http": "the function behind an HTTP API", "rest": "the function behind a REST API", "url": "the function's own URL",
        "lambda": "the function, whatever is in front of it"}


def arguments():
    parser = Parser(prog="serverful compare", description=DESCRIPTION)
    parser.add_argument("--quick", action="store_true", help="measure for one minute instead of ten; less exact")
    parser.add_argument("--store", metavar="FILE", default=os.environ["SERVERFUL_STORE"], help="the store with the words and images (default: %(default)s)")
    parser.add_argument("--results", metavar="FILE", default="results.db", help="the SQLite file of the results (default: %(default)s)")
    parser.add_argument("--report", metavar="FILE", default="report.html", help="the HTML report (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print all results as JSON instead of the summary")
    parser.add_argument("--report-only", action="store_true", help="write the report from --results without measuring")
    for target, what in URLS.items():
        parser.add_argument(option_of(target), metavar="URL", help=f"measure the latency of {what} at this URL instead of on this machine")
    parser.add_argument("--client", metavar="NAME", help="what the report calls the machine that measures, and where it is; by default its processors")
    parser.add_argument("--reports", metavar="FILE", help="take memory size, billed durations and cold starts from this log of the function; - reads it from the standard input")
    parser.add_argument("--lang", choices=list(words.LANGUAGES), default="en", help="the language of report and summary (default: %(default)s)")
    return parser.parse_args()


def option_of(target):
    return "--function-url" if target == "url" else f"--{target}-api-url" if target in ("http", "rest") else f"--{target}-url"


def given_urls(args):
    """Return the URLs of the command line, by target."""
    given = {target: getattr(args, option_of(target)[2:].replace("-", "_")) for target in URLS}
    return {target: url.rstrip("/") for target, url in given.items() if url}


def programs():
    directory = os.environ["SERVERFUL_PROGRAMS"]
    return {"serverful": os.environ["SERVERFUL"], "bootstrap": os.path.join(directory, "bootstrap"),
            "load": os.path.join(directory, "load")}


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def facts(args, urls):
    """Facts about the run, for the report: values by name."""
    nginx = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=False).stderr.strip()
    return {"date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "processor": processor(),
            "processors": str(os.cpu_count()), "system": f"{platform.system()} {platform.release()}",
            "serverful": subprocess.check_output([os.environ["SERVERFUL"], "--version"], text=True).split()[1],
            "nginx": nginx.rpartition("/")[2], "kind": "quick" if args.quick else "full",
            **({} if share.is_available() else {"memory sizes": "only with a whole processor, since a share of one needs root"}),
            **({} if tls.is_available() else {"TLS": "not measured, since the program openssl is not installed"}),
            "client": args.client or f"{os.cpu_count()} × {processor()}",
            **{f"{target} url": url for target, url in urls.items()}}


def targets(urls, vm, function):
    """Return the targets whose latency is measured: those with a URL, and each side on this machine that has none."""
    found = []
    for side, here in (("vm", vm), ("lambda", function)):
        mine = [Target(target, side, url, False) for target, url in urls.items() if (target == "vm") == (side == "vm")]
        found += mine or [local_target(side, here.url)]
    return found


def measure(db, args, with_durations):
    urls = given_urls(args)
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory, contextlib.ExitStack() as stack:
        snapshot = os.path.join(directory, "serverful.snapshot")
        made = subprocess.run([programs()["serverful"], "snapshot", "--store", args.store, "--snapshot", snapshot],
                              capture_output=True, text=True, check=False)
        if made.returncode:
            raise Failure(made.stderr.strip())
        chosen = endpoints.make(args.store, directory)
        begin(db, chosen)
        vm = stack.enter_context(Vm(programs(), os.path.join(directory, "vm"), os.path.abspath(args.store), snapshot))
        function = stack.enter_context(Lambda(programs(), os.path.join(directory, "lambda"), snapshot))
        steps = list(Measurement(db, programs(), vm, function, targets(urls, vm, function), chosen, args.quick, with_durations).steps())
        with Progress(sum(seconds for seconds, _, _ in steps)) as progress:
            for seconds, text, do in steps:
                progress.step(seconds, text)
                do()
    db.executemany("INSERT INTO run (name, value) VALUES (?, ?)", facts(args, urls).items())
    db.commit()


def main():
    args = arguments()
    words.use(args.lang)
    with contextlib.closing(open_results(args.results, args.report_only)) as db:
        check.check(db, summary.LEAD)
        log = evidence.weigh(db, read_log(args.reports)) if args.reports else None  # before minutes of measurements
        if not args.report_only:
            measure(db, args, log is None or not log.warm)
        if log:
            evidence.take(db, log)
        evidence.check(db)
        found = summary.read(db)
        with open(args.report, "w", encoding="utf-8") as file:
            file.write(report.page(found))
    print(json.dumps(found, indent=1) if args.json else terminal.text(found))
    print(words.say("wrote the report to {report}, and all samples, prices and parameters to {results}", report=args.report, results=args.results),
          file=sys.stderr)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary files and processes do not outlive it
    try:
        main()
    except (Failure, OSError, sqlite3.Error) as failure:
        sys.exit(f"serverful compare: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
