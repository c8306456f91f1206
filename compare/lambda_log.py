"""Reads the invocations in a log of Lambda, in any form in which AWS hands it out: REPORT lines, platform.report JSON, CSV of Logs
Insights, the JSON of `aws logs filter-log-events`, the lines of `aws logs tail`. The form is found line by line."""

import collections
import csv
import datetime
import gzip
import io
import json
import os
import re
import zlib

from failure import Failure
from json_objects import LONGEST, Objects

FORMATS = ("REPORT lines, platform.report JSON, CSV of Logs Insights with @duration and @memorySize or @message, JSON of"
           " `aws logs filter-log-events`, lines of `aws logs tail`")
PIECE = 1 << 20  # characters of a line that are read at once

# One invocation. `billed_ms`, `used_mb`, `init_ms` and `restore_ms` are None where the log does not have them; an invocation without
# init and restore is warm. `status` is None for a success. `time_ms` is the end of the invocation since 1970, in milliseconds.
Report = collections.namedtuple(
    "Report", "id duration_ms billed_ms memory_mb used_mb init_ms restore_ms status time_ms stream")

REPORT = re.compile(r"(?<![\w-])REPORT RequestId: ?")
ID = re.compile(r"[\w-]{1,100}", re.A)
FIELD = re.compile(r"(Billed Restore Duration|Restore Duration|Billed Duration|Init Duration|Duration|Memory Size|Max Memory Used|Status):"
                   r" ?([\w.+-]{1,100})", re.A)
NUMBER = re.compile(r"\d+(?:\.\d*)?(?:[eE][+-]?\d+)?", re.A)
REPORT_CHARACTERS = 2000  # that a REPORT line may have
WANTED = re.compile(r"REPORT RequestId|platform\.report")

COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}m")
TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
STREAM = r"\d{4}/\d\d/\d\d/[^\s\[\]]{0,200}\[[^\s\[\]]{1,100}\]\w{1,100}"
PREFIX = re.compile(rf"\ufeff?[ \t]*(?:({STREAM})\s+)?(?:({TIME})\s+)?(?:({STREAM})\s+)?", re.A)

TEXT_NAMES = {"Duration": "duration_ms", "Billed Duration": "billed_ms", "Memory Size": "memory_mb", "Max Memory Used": "used_mb",
              "Init Duration": "init_ms", "Restore Duration": "restore_ms", "Status": "status"}
METRICS = {"durationMs": "duration_ms", "billedDurationMs": "billed_ms", "memorySizeMB": "memory_mb", "maxMemoryUsedMB": "used_mb",
           "initDurationMs": "init_ms", "restoreDurationMs": "restore_ms"}
COLUMNS = {"@requestId": "id", "@duration": "duration_ms", "@billedDuration": "billed_ms", "@memorySize": "memory_mb",
           "@maxMemoryUsed": "used_mb", "@initDuration": "init_ms", "@restoreDuration": "restore_ms", "@timestamp": "time_ms",
           "@logStream": "stream", "record.requestId": "id", "record.status": "status",
           **{f"record.metrics.{name}": column for name, column in METRICS.items()}}
IN_BYTES = ("@memorySize", "@maxMemoryUsed")
HEADER = re.compile(r'(?:^|[,"\ufeff])(?:@message|@duration|record\.metrics\.durationMs)(?:$|[,"\r\n])')
NUMBERS = {"duration_ms": 1e9, "billed_ms": 1e9, "memory_mb": 1e6, "used_mb": 1e6, "init_ms": 1e9, "restore_ms": 1e9}  # greatest values
WHOLE = ("billed_ms", "memory_mb", "used_mb")
NEEDED = ("duration_ms", "billed_ms", "memory_mb")


def number(value, most=1e9):
    """Return a number from 0 to `most`, written as text or not; otherwise None."""
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        return None
    return float(value)


def milliseconds_of(value):
    """Return a time as milliseconds since 1970: such a number, or a text that is UTC where it names no zone; otherwise None."""
    if isinstance(value, str) and re.match(r"\d{4}-", value, re.A):
        try:
            time = datetime.datetime.fromisoformat(value.strip())
            return round(time.replace(tzinfo=time.tzinfo or datetime.timezone.utc).timestamp() * 1000)
        except (ValueError, OverflowError):
            return None
    found = number(value, 1e14)
    return None if found is None else int(found)


def make_report(fields, needed=NEEDED):
    """Return the Report with these values by name. Return None if a needed one is missing, or if one is no number."""
    values = {}
    for name, most in NUMBERS.items():
        given = fields.get(name)
        if given is None or given == "":
            if name in needed:
                return None
            values[name] = None
            continue
        found = number(given, most)
        if found is None:
            return None
        values[name] = round(found) if name in WHOLE else found
    if values["memory_mb"] < 1:
        return None
    id, status, stream, time = (fields.get(name) for name in ("id", "status", "stream", "time_ms"))
    return Report(id[:100] if id and isinstance(id, str) else None, **values,
                  status=status[:20] if isinstance(status, str) and status not in ("", "success") else None,
                  time_ms=None if time is None else milliseconds_of(time), stream=stream[:500] if isinstance(stream, str) else None)


def text_reports(text, where):
    """Yield a Report for each REPORT line in a text; None for one that cannot be read. `where` has time and stream by name."""
    begins = [found.end() for found in REPORT.finditer(text)]
    for begin, end in zip(begins, [*begins[1:], len(text)]):
        line = text[begin:min(end, begin + REPORT_CHARACTERS)]
        id, found = ID.match(line), reversed(FIELD.findall(line))  # so that the first of several values counts
        fields = {TEXT_NAMES[name]: value for name, value in found if name in TEXT_NAMES}
        yield make_report({**where, **fields, "id": id[0]}) if id else None


def load(text):
    """Return the value of a JSON text, or None."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def platform_report(event, where):
    """Return the Report of a platform.report; None if it cannot be read."""
    record = event.get("record")
    metrics = record.get("metrics") if isinstance(record, dict) else None
    if not isinstance(metrics, dict):
        return None
    fields = {column: metrics.get(name) for name, column in METRICS.items()}
    return make_report({**where, **fields, "id": record.get("requestId"), "status": record.get("status"),
                        "time_ms": event.get("time", where.get("time_ms"))})


def message_reports(text, where):
    """Yield the reports of one message of a log, which is a text or JSON."""
    if text.lstrip().startswith("{") and len(text) <= LONGEST and (event := load(text)) is not None:
        yield from event_reports(event, where)
    else:
        yield from text_reports(text, where)


def event_reports(event, where):
    """Yield the reports of a JSON object: a platform.report, or an event of CloudWatch Logs with a message."""
    if not isinstance(event, dict):
        return
    if event.get("type") == "platform.report":
        yield platform_report(event, where)
        return
    message = event.get("message", event.get("@message"))
    if isinstance(message, str):
        own = {"time_ms": event.get("timestamp", event.get("@timestamp")), "stream": event.get("logStreamName")}
        yield from message_reports(message, {**where, **{name: value for name, value in own.items() if value is not None}})


def megabytes(bytes_):
    """Return a memory size of Logs Insights, which counts a MB as 1,000,000 bytes, in MB. What is no number stays as it is."""
    size = number(bytes_, 1e12)
    if size is None:
        return bytes_
    return size / 2 ** 20 if size % 1e6 and size % 2 ** 20 == 0 else round(size / 1e6)


class Table:
    """CSV of Logs Insights, after its header."""

    def __init__(self, header):
        self.names = [name.strip().removeprefix("\ufeff") for name in header]
        self.columns = {COLUMNS[name] for name in self.names if name in COLUMNS}
        self.has_fields = {"duration_ms", "memory_mb"} <= self.columns
        self.lacks = None if self.has_fields or "@message" in self.names else "@memorySize"

    def reports(self, cells):
        """Yield the reports of a row. A row without a duration is no report."""
        row = dict(zip(self.names, cells))
        fields = {COLUMNS[name]: megabytes(cell) if name in IN_BYTES else cell for name, cell in row.items() if name in COLUMNS}
        if self.has_fields and fields["duration_ms"].strip():
            yield make_report(fields, [name for name in NEEDED if name in self.columns])
        elif "@message" in row:
            yield from message_reports(row["@message"], {"time_ms": row.get("@timestamp"), "stream": row.get("@logStream")})


def csv_cells(text):
    """Return the cells of a CSV record, or None."""
    try:
        return next(csv.reader(text.splitlines(keepends=True)), None)
    except csv.Error:
        return None


def printable(text):
    """Return a text without the characters by which a log could control a terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)


class Log:
    """The invocations of a log, and what was noticed while it was read. An invocation that the log has twice counts once; a retry
    has the same request id as the first try, but another duration."""

    def __init__(self, name):
        self.name, self.reports = name, []
        self.n_duplicates, self.n_unreadable, self.unreadable = 0, 0, None
        self.lacks = None  # a column without which a CSV cannot be read
        self._seen, self._streams = set(), {}

    def add(self, reports, text):
        """Add reports from a text; None among them is one that cannot be read. Return their number."""
        n = 0
        for n, report in enumerate(reports, 1):
            if report is None:
                self.n_unreadable += 1
                self.unreadable = self.unreadable or printable(" ".join(text[:120].split()))
                continue
            key = (report.id, report.duration_ms)
            if report.id is not None and key in self._seen:
                self.n_duplicates += 1
                continue
            self._seen.add(key)
            if report.stream is not None:  # one text for all invocations of a stream
                report = report._replace(stream=self._streams.setdefault(report.stream, report.stream))
            self.reports.append(report)
        return n


class Reader:
    """Reads a log piece by piece into a Log."""

    def __init__(self, log):
        self.log, self._objects = log, Objects(WANTED)
        self._where = {}  # time and stream that stand before a message
        self._table, self._record = None, []  # the CSV, and the lines of its record that goes on
        self._quotes = self._size = 0  # of the lines of that record

    def read(self, file):
        """Read a text file to its end."""
        starts = True
        while piece := file.readline(PIECE):
            self._piece(COLOUR.sub("", piece) if "\x1b" in piece else piece, starts)
            starts = piece.endswith("\n")
        while self._record:
            self._end_record()
        self._lost(self._objects.end())

    def _piece(self, piece, starts):
        if self._objects.is_open:
            piece = self._json(piece)
        if self._table and starts and piece and (self._record or not piece.lstrip().startswith("{")):
            self._csv(piece)
        else:
            self._line(piece, starts)

    def _line(self, piece, starts):
        """Read a line that is no CSV, or what follows JSON in it."""
        while piece and not piece.isspace():
            prefix = PREFIX.match(piece) if starts else None
            at = prefix.end() if prefix else 0
            if at and (prefix[1] or prefix[2] or prefix[3]):
                self._where = {"time_ms": prefix[2], "stream": prefix[1] or prefix[3]}
                if at == len(piece):
                    return
            if piece[at:at + 1] not in ("{", "["):
                at = piece.find("{") if "platform.report" in piece else -1
            if at < 0:
                self._text(piece)
                return
            piece = self._json(piece[at:])

    def _text(self, piece):
        if "REPORT RequestId" in piece:
            self.log.add(text_reports(piece, self._where), piece)
        elif ("@" in piece or "record." in piece) and HEADER.search(piece, 0, REPORT_CHARACTERS):
            self._table = Table(csv_cells(piece) or [])
            self.log.lacks = self.log.lacks or self._table.lacks
        self._where = {}

    def _json(self, piece):
        """Read the JSON at the begin of a piece, or more of the JSON before it. Return what follows it."""
        for text in self._objects.scan(piece):
            event = load(text)
            reports = [None] if event is None else event_reports(event, self._where)
            self._objects.was_event(self.log.add(reports, text) > 0)
        self._lost(self._objects.lost)
        if not self._objects.is_open:
            self._where = {}
        return self._objects.rest

    def _lost(self, text):
        """Read a REPORT line in JSON that has no end; count it as unreadable if there is none."""
        if text and not self.log.add(text_reports(text, {}), text):
            self.log.add([None], text)

    def _csv(self, line):
        """Read a line of CSV. A record goes on with the next line while a quote is open."""
        self._record.append(line)
        self._quotes += line.count('"')
        self._size += len(line)
        if self._quotes % 2 and self._size <= LONGEST:
            return
        text = "".join(self._record)
        cells = csv_cells(text) if self._size <= LONGEST else None
        if cells is not None and len(cells) == len(self._table.names) and cells != self._table.names:
            self._record, self._quotes, self._size = [], 0, 0
            self.log.add(self._table.reports(cells), text)
        else:
            self._end_record()

    def _end_record(self):
        """Read the first line of a record that is none as a line of another format, and the others again."""
        (first, *others), self._record = self._record, []
        self._quotes = self._size = 0
        self._line(first, True)
        for line in others:
            self._piece(line, True)


def read_reports(text):
    """Return the REPORT lines in a text."""
    return [report for report in text_reports(text, {}) if report]


def open_text(file):
    """Return a text file that reads a binary one: compressed by gzip or not, in UTF-8, or in the UTF-16 of a Windows shell."""
    if file.peek(2)[:2] == b"\x1f\x8b":
        file = gzip.GzipFile(fileobj=file)
    encoding = "utf-16" if file.peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="\n")


def read_log(path):
    """Return the Log in a file; "-" is the standard input. Raise Failure if it has no invocation."""
    log = Log("the standard input" if path == "-" else os.path.basename(path))
    try:
        with open(0 if path == "-" else path, "rb", closefd=path != "-") as file:
            Reader(log).read(open_text(file))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Failure(f"cannot read the log '{path}': its gzip data are damaged ({error}): copy or export it again") from None
    except OSError as error:
        raise Failure(f"cannot read the log '{path}': {error.strerror}: name a readable file, or - for the standard input") from None
    if not log.reports:
        why = f"; its CSV lacks the column {log.lacks}" if log.lacks else ""
        if log.n_unreadable:
            why = f"; {log.n_unreadable:,} look like reports but cannot be read, the first one: {log.unreadable}"
        raise Failure(f"{log.name} has no REPORT line of Lambda{why}. Give one of: {FORMATS}")
    return log
