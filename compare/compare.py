#!/usr/bin/python3
"""Compare the pool on a VM with bootstrap on Lambda: latency, capacity, cold starts and cost. `serverful compare` starts it."""

import argparse
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

import endpoints
import evidence
import report
import share
import summary
import words
from failure import Failure
from lambda_log import read_log
from measure import Measurement
from progress import Progress
from results import begin, open_results
from sides import Lambda, Vm

DESCRIPTION = """Measure the pool behind nginx and bootstrap under lambda-host on this machine, with the same snapshot, and
price both. Print a summary; write an HTML report, and an SQLite file with every sample. Edit the prices, parameters and mix of
requests in that file, and the report follows."""


def arguments():
    parser = argparse.ArgumentParser(prog="serverful compare", description=DESCRIPTION)
    parser.add_argument("--quick", action="store_true", help="measure for one minute instead of ten; less exact")
    parser.add_argument("--store", metavar="FILE", default=os.environ["SERVERFUL_STORE"], help="the store with the words and images (default: %(default)s)")
    parser.add_argument("--results", metavar="FILE", default="results.db", help="the SQLite file of the results (default: %(default)s)")
    parser.add_argument("--report", metavar="FILE", default="report.html", help="the HTML report (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print all results as JSON instead of the summary")
    parser.add_argument("--report-only", action="store_true", help="write the report from --results without measuring")
    parser.add_argument("--vm-url", metavar="URL", help="measure the VM's latency at this URL instead of on this machine")
    parser.add_argument("--lambda-url", metavar="URL", help="measure Lambda's latency at this URL instead of on this machine")
    parser.add_argument("--reports", metavar="FILE", help="take memory size, billed durations and cold starts from this log of the function; - reads it from the standard input")
    parser.add_argument("--lang", choices=list(words.LANGUAGES), default="en", help="the language of report and summary (default: %(default)s)")
    return parser.parse_args()


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
            **{f"{side} url": url for side, url in urls.items() if url}}


def measure(db, args, with_durations):
    elsewhere = {"vm": args.vm_url, "lambda": args.lambda_url}
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
        urls = {side: (elsewhere[side] or here.url).rstrip("/") for side, here in (("vm", vm), ("lambda", function))}
        steps = list(Measurement(db, programs(), vm, function, urls, chosen, args.quick, with_durations).steps())
        with Progress(sum(seconds for seconds, _, _ in steps)) as progress:
            for seconds, text, do in steps:
                progress.step(seconds, text)
                do()
    db.executemany("INSERT INTO run (name, value) VALUES (?, ?)", facts(args, elsewhere).items())
    db.commit()


def main():
    args = arguments()
    words.use(args.lang)
    with contextlib.closing(open_results(args.results, args.report_only)) as db:
        log = evidence.weigh(db, read_log(args.reports)) if args.reports else None  # before minutes of measurements
        if not args.report_only:
            measure(db, args, log is None or not log.warm)
        if log:
            evidence.take(db, log)
        evidence.check(db)
        found = summary.read(db)
        with open(args.report, "w", encoding="utf-8") as file:
            file.write(report.page(found))
    print(json.dumps(found, indent=1) if args.json else summary.text(found))
    print(f"wrote the report to {args.report}, and all samples, prices and parameters to {args.results}", file=sys.stderr)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary files and processes do not outlive it
    try:
        main()
    except (Failure, OSError, sqlite3.Error) as failure:
        sys.exit(f"serverful compare: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
