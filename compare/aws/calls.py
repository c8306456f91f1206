"""Calls of AWS. All of them go through the AWS CLI here, and each leaves a line of JSON in a log."""

import json
import os
import re
import subprocess
import sys
import time

from failure import Failure

from .times import utc


# The options that say what a call is about. No other option gets into the log, since some have secrets.
SUBJECTS = ("stack_name", "function_name", "bucket", "log_group_name", "log_group_name_prefix", "name", "instance_id", "instance_ids", "command_id", "api_id",
            "namespace")
REFUSED = re.compile(r"An error occurred \(([\w.]+)\) when calling the \w+ operation(?: \(reached max retries: \d+\))?: (.*)", re.S)
BUSY = {"Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "RequestThrottled", "TooManyRequestsException", "SlowDown"}
DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403", "Forbidden"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
POLICY = os.path.join(os.path.dirname(os.path.realpath(__file__)), "policy.json")
MISSING = "cannot find the command aws: install awscli"
WAITS = (1, 4, 15)  # seconds before the next attempt where AWS says that it is busy, and has done nothing


class Refused(Failure):
    """AWS, or the CLI, refused a call. `code` is AWS's word for the reason, such as AccessDenied, or "" where AWS did not answer."""

    def __init__(self, text, code):
        super().__init__(text)
        self.code = code


def arguments_of(service, operation, options):
    """Return the arguments of the CLI. A list or a dict becomes JSON, True a flag; None is left out; `outfile` is the file that gets the
    content. A text that begins with file:// or https:// would be fetched by the CLI: give none."""
    found = [service, operation]
    for name, value in options.items():
        if name == "outfile" or value is None:
            continue
        found.append("--" + name.replace("_", "-"))
        if value is not True:
            found.append(json.dumps(value) if isinstance(value, (list, dict)) else str(value))
    return found + ([options["outfile"]] if options.get("outfile") else [])


def subject_of(options):
    """Return what a call is about, for the log and messages."""
    found = next((options[name] for name in SUBJECTS if options.get(name)), "")
    text = " ".join(map(str, found)) if isinstance(found, list) else str(found)
    return f"{text}/{options['key']}" if options.get("key") else text


def advice(code):
    """Return what to do about a refusal."""
    if code in DENIED:
        return f"{POLICY} has the rights that the caller needs, and docs/aws.md says how to give them"
    if code in EXPIRED:
        return "log in again, and run the same command again: it goes on"
    if not code:
        return "see that the network and the AWS CLI work ('aws sts get-caller-identity'), and run the same command again: it goes on"
    return "run the same command again: it goes on; with --aws-clean it deletes what is there"


def region_of(given):
    """Return the region that is given, or that of the environment or of the AWS CLI."""
    found = given or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if not found:
        try:
            found = subprocess.run(["aws", "configure", "get", "region"], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
        except FileNotFoundError:
            raise Failure(MISSING) from None
    if not found:
        raise Failure("no region is set: give --region, such as --region eu-central-1, or run 'aws configure'")
    return found


class Calls:
    """The calls of one run, in one region. The log gets a line for each attempt: time, service, operation, what it is about, status and
    milliseconds. It is opened for each line, so that several runs may share it."""

    def __init__(self, region, log):
        self.region, self.log, self.is_unlogged = region, log, False
        self.environment = {**os.environ, "AWS_PAGER": "", "AWS_CLI_AUTO_PROMPT": "off", "AWS_MAX_ATTEMPTS": "1", "AWS_RETRY_MODE": "standard"}

    def ask(self, service, operation, **options):
        """Call AWS. The operation and its options have the names of the CLI, the options with _ for -. Returns the answer, parsed from JSON, or {}
        where there is none. Raises Refused."""
        arguments, subject = arguments_of(service, operation, options), subject_of(options)
        return json.loads(self._repeat(arguments, subject) or "{}")

    def sign(self, bucket, key, seconds):
        """Return an address by which everybody can fetch an object for so many seconds. It is a secret. Raises Refused."""
        arguments = ["s3", "presign", f"s3://{bucket}/{key}", "--expires-in", str(seconds)]
        return self._repeat(arguments, f"{bucket}/{key}").strip()

    def _repeat(self, arguments, subject):
        """Run the CLI, and again where AWS says that it was too busy. Returns its output."""
        for seconds in (*WAITS, None):
            status, output, said = self._run(arguments, subject)
            if not status:
                return output
            match = REFUSED.search(said)
            code = match[1] if match else ""
            if code not in BUSY or seconds is None:
                break
            time.sleep(seconds)
        reason = " ".join((match[2] if match else said).split()) or f"the AWS CLI ended with status {status}"
        about = f" for {subject}" if subject else ""
        raise Refused(f"aws {arguments[0]} {arguments[1]}{about} failed: {code + ': ' if code else ''}{reason.rstrip('.')} ({advice(code)})", code)

    def _run(self, arguments, subject):
        """Run the CLI once. Returns its exit status and what it printed on both outputs."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL")
        command = ["aws", *arguments, "--region", self.region, "--output", "json", "--cli-connect-timeout", "10", "--cli-read-timeout", "70",
                   *(["--endpoint-url", endpoint] if endpoint else [])]
        began, status = time.time(), "killed"
        try:
            run = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            match = REFUSED.search(run.stderr)
            status = "ok" if run.returncode == 0 else match[1] if match else f"exit {run.returncode}"
        except FileNotFoundError:
            raise Failure(MISSING) from None
        finally:
            self._write(began, arguments, subject, status)
        return run.returncode, run.stdout, run.stderr

    def _write(self, began, arguments, subject, status):
        """Append a line to the log, in one write."""
        line = {"time": utc(began), "service": arguments[0], "operation": arguments[1],
                "about": subject, "status": status, "ms": round((time.time() - began) * 1000)}
        try:
            with open(self.log, "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:  # such as a full disk, on which a run can be deleted all the same
            if not self.is_unlogged:
                print(f"cannot write {self.log}, which lacks calls from now on: {error.strerror}", file=sys.stderr)
            self.is_unlogged = True
