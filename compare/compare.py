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

import access_log
import aws.command
import check
import child
import elsewhere
import endpoints
import endpoints_file
import evidence
import metrics
import names
import replay
import report
import share
import simulation
import summary
import terminal
import tls
import traffic
import words
from failure import Failure
from lambda_log import read_log
from measure import Measurement, Target, local_target
from options import URLS, Parser, url_option
from progress import Progress
from results import begin, open_results
from sides import Lambda, Vm

DESCRIPTION = """Measure the pool behind nginx and bootstrap under lambda-host on this machine, with the same snapshot, and
price both. Print a summary; write an HTML report, and an SQLite file with every sample. Edit the prices, parameters and mix of
requests in that file, and the report follows."""


def arguments():
    parser = Parser(prog="serverful compare", description=DESCRIPTION)
    parser.add_argument("--quick", action="store_true", help="measure for one minute instead of ten; less exact")
    parser.add_argument("--store", metavar="FILE", default=os.environ["SERVERFUL_STORE"], help="the store with the words and images (default: %(default)s)")
    parser.add_argument("--results", metavar="FILE", default="results.db", help="the SQLite file of the results (default: %(default)s)")
    parser.add_argument("--report", metavar="FILE", default="report.html", help="the HTML report (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print all results as JSON instead of the summary")
    parser.add_argument("--report-only", action="store_true", help="write the report from --results without measuring")
    for target, what in URLS.items():
        parser.add_argument(url_option(target), metavar="URL", help=f"measure the latency of {what} at this URL instead of on this machine")
    parser.add_argument("--endpoints", metavar="FILE", help="send the requests in this JSON file, to any service; with the URLs of both sides nothing is started here")
    parser.add_argument("--vm-metrics", metavar="URL", help="with --endpoints, take processor time and memory of the VM's service from its metrics at this URL")
    parser.add_argument("--log-side", choices=check.LOG_SIDES, help="the side whose durations the access log has: sets the parameter log_side")
    parser.add_argument("--client", metavar="NAME", help="what the report calls the machine that measures, and where it is; by default its processors")
    parser.add_argument("--reports", metavar="FILE", help="take memory size, billed durations and cold starts from this log of the function; - reads it from the standard input")
    parser.add_argument("--shape", choices=[*names.SHAPES, "log"], help="simulate the traffic of this shape instead of an access log, or that of the log again; the results remember it")
    parser.add_argument("--aws", action="store_true", help="deploy both sides and a client to AWS, measure there, and delete everything; goes on with a run that"
                        " was not finished")
    parser.add_argument("--package", metavar="FILE", help="with --aws: the Debian package, whose name ends with the architecture")
    parser.add_argument("--function", metavar="DIRECTORY", help="with --aws: the directory of make lambda, with the packages of the function; by default they are made of"
                        " the Debian package and a new store")
    parser.add_argument("--region", metavar="REGION", help="with --aws: the region, by default that of the AWS CLI")
    parser.add_argument("--hours", type=int, choices=range(2, 25), metavar="HOURS",
                        help=f"with --aws: from 2 to 24 hours until AWS itself deletes everything, by default {aws.command.HOURS}")
    parser.add_argument("--yes", action="store_true", help="with --aws and --aws-clean: do not ask")
    parser.add_argument("--keep", action="store_true", help="with --aws: delete nothing until --aws-clean, or until the hours are over")
    parser.add_argument("--aws-clean", action="store_true", help="delete all runs of --aws in the region, and do nothing else")
    parser.add_argument("--lang", choices=list(words.LANGUAGES), default="en", help="the language of report and summary (default: %(default)s)")
    return parser.parse_args()


def given_urls(args):
    """Return the URLs of the command line, by target."""
    given = {target: getattr(args, url_option(target)[2:].replace("-", "_")) for target in URLS}
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
    return {"date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "processor": processor(),
            "processors": str(os.cpu_count()), "system": f"{platform.system()} {platform.release()}",
            "serverful": subprocess.check_output([os.environ["SERVERFUL"], "--version"], text=True).split()[1],
            "kind": "quick" if args.quick else "full", "client": args.client or f"{os.cpu_count()} × {processor()}",
            **({"endpoints": args.endpoints} if args.endpoints else {}), **{f"{target} url": url for target, url in urls.items()}}


def facts_of_sides():
    """Further facts about a run with both sides on this machine."""
    nginx = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True, check=False).stderr.strip()
    return {"nginx": nginx.rpartition("/")[2],
            **({} if share.is_available() else {"memory sizes": "only with a whole processor, since a share of one needs root"}),
            **({} if tls.is_available() else {"TLS": "not measured, since the program openssl is not installed"})}


def targets(urls, vm, function):
    """Return the targets whose latency is measured: those with a URL, and each side on this machine that has none."""
    found = []
    for side, here in (("vm", vm), ("lambda", function)):
        mine = [Target(target, side, url, False) for target, url in urls.items() if (target == "vm") == (side == "vm")]
        found += mine or [local_target(side, here.url)]
    return found


def check_aws(args):
    """Check the options of --aws and --aws-clean. Raise Failure where they contradict each other."""
    if args.aws and args.aws_clean:
        raise Failure("--aws measures and --aws-clean deletes: give one of them")
    if args.aws and not args.package:
        raise Failure("--aws needs --package FILE, the Debian package")
    if args.aws and (args.report_only or args.endpoints or args.reports or given_urls(args)):
        raise Failure("--aws measures what it deploys: leave out --report-only, --endpoints, --reports and the URLs")
    for name in ("package", "function", "hours", "keep"):
        if getattr(args, name) and not args.aws:
            raise Failure(f"--{name} needs --aws")
    for name in ("region", "yes"):
        if getattr(args, name) and not (args.aws or args.aws_clean):
            raise Failure(f"--{name} needs --aws or --aws-clean")


def is_elsewhere(args):
    """Return whether the requests are those of another service, at the URLs of both sides. Raise Failure where options contradict each
    other."""
    urls = given_urls(args)
    on_vm, as_function = "vm" in urls, bool(urls.keys() - {"vm"})
    if args.report_only and (args.endpoints or args.vm_metrics):
        raise Failure("--endpoints and --vm-metrics say what to measure: leave out --report-only")
    if args.endpoints and on_vm != as_function:
        other = "function (--function-url or the like)" if on_vm else "VM (--vm-url)"
        raise Failure(f"--endpoints with the URL of one side only would compare that service with serverful on this machine: give that of the {other}, too,"
                      " or no URL, which sends the requests to serverful on both sides")
    if args.vm_metrics and not (args.endpoints and on_vm):
        raise Failure("--vm-metrics needs --endpoints and the URLs of both sides; otherwise the processor time is measured on this machine")
    return bool(args.endpoints) and on_vm


def requests_of(db, args, directory):
    """Return the endpoints of --endpoints, their shares, and facts about these."""
    chosen, shares = endpoints_file.read(args.endpoints, directory)
    if shares:
        return chosen, shares, {}
    shares, note = access_log.shares(db, args.endpoints, [one.name for one in chosen])
    return chosen, shares, {"mix": note}


def at_urls(db, args, directory, log):
    """Return the measurement of another service, which runs at the URLs, and facts about the run."""
    known = {name for name, is_known in (("billed_ms", log and log.warm or access_log.side(db) == "lambda"), ("vm_cpu_ms", args.vm_metrics)) if is_known}
    elsewhere.refuse_unknown(db, known)
    chosen, shares, about = requests_of(db, args, directory)
    if args.vm_metrics:
        metrics.read(args.vm_metrics)  # fails before minutes of measurements
    begin(db, chosen, shares)
    return elsewhere.Elsewhere(db, programs(), targets(given_urls(args), None, None), chosen, args.quick, args.vm_metrics), \
        {**about, "service": "another one, measured at its URLs only"}


def on_this_machine(db, args, directory, log, stack):
    """Start both sides. Return the measurement, and facts about the run."""
    snapshot = os.path.join(directory, "serverful.snapshot")
    made = subprocess.run(child.command(programs()["serverful"], "snapshot", "--store", args.store, "--snapshot", snapshot),
                          capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failure(made.stderr.strip() or f"serverful snapshot failed with exit status {made.returncode}")
    chosen, shares, about = requests_of(db, args, directory) if args.endpoints else (endpoints.make(args.store, directory), None, {})
    begin(db, chosen, shares)
    vm = stack.enter_context(Vm(programs(), os.path.join(directory, "vm"), os.path.abspath(args.store), snapshot))
    function = stack.enter_context(Lambda(programs(), os.path.join(directory, "lambda"), snapshot))
    return Measurement(db, programs(), vm, function, targets(given_urls(args), vm, function), chosen, args.quick, log is None or not log.warm), \
        {**about, **facts_of_sides()}


def measure(db, args, log, is_other):
    with tempfile.TemporaryDirectory(prefix="serverful-") as directory, contextlib.ExitStack() as stack:
        measurement, about = at_urls(db, args, directory, log) if is_other else on_this_machine(db, args, directory, log, stack)
        steps = list(measurement.steps())
        if not given_urls(args):
            steps += replay.Replay(db, args.results, programs(), *measurement.sides.values(), replay.chosen_length(args.quick)).steps()
        with Progress(sum(seconds for seconds, _, _ in steps)) as progress:
            for seconds, text, do in steps:
                progress.step(seconds, text)
                do()
    db.executemany("INSERT INTO run (name, value) VALUES (?, ?)", {**facts(args, given_urls(args)), **about}.items())
    db.commit()
    if not given_urls(args):
        replay.simulate(programs(), args.results, "--replay")


def compare(args):
    """Measure, unless the results are there, and write the report."""
    is_other = is_elsewhere(args)
    with contextlib.closing(open_results(args.results, args.report_only)) as db:
        if args.log_side:
            access_log.choose(db, args.log_side)
        if args.shape:
            traffic.choose(db, args.shape)
        check.check(db, summary.LEAD)
        access_log.check(db)
        log = evidence.weigh(db, read_log(args.reports)) if args.reports else None  # before minutes of measurements
        if not args.report_only:
            measure(db, args, log, is_other)
        if log:
            evidence.take(db, log)
        access_log.take(db)
        elsewhere.check(db)
        evidence.check(db)
        simulation.update(db, args.results)
        found = summary.read(db)
        with open(args.report, "w", encoding="utf-8") as file:
            file.write(report.page(found))
    print(json.dumps(found, indent=1) if args.json else terminal.text(found))
    print(words.say("wrote the report to {report}, and all samples, prices and parameters to {results}", report=args.report, results=args.results),
          file=sys.stderr)


def main():
    args = arguments()
    words.use(args.lang)
    check_aws(args)
    if args.aws_clean:
        left = aws.command.clean(args)
    else:
        left = aws.command.run_on_aws(args) if args.aws else None
        args.report_only |= args.aws
        try:
            compare(args)
        except sqlite3.Error as error:
            raise Failure(f"{args.results}: {error}") from error
    if left:
        raise Failure(left)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that temporary files and processes do not outlive it
    try:
        main()
    except (Failure, OSError, sqlite3.Error) as failure:
        sys.exit(f"serverful compare: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
