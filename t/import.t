#!/usr/bin/python3
"""serverful import reads files as editors and spreadsheets write them: line ends, separators, quotes, encodings. It leaves bad
rows out and says why; with --strict it imports nothing then; with --dry-run it changes nothing."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from store import in_both, serverful, sql
from tap import SERVERFUL, done, equal, ok, plan

BOM = b"\xef\xbb\xbf"
LIMIT = 65536  # the most bytes of a line

# Options, with the query of what they import, and the rows of the store before.
QUERIES = {
    "--words": "SELECT word, freq, tag FROM words ORDER BY word",
    "--userdict": "SELECT word, freq, tag FROM words ORDER BY word",
    "--images": "SELECT url, weight, tag FROM images WHERE id > 5 ORDER BY id",
    "--stop-words": "SELECT word FROM stop_words ORDER BY word",
    "--idf": "SELECT word, idf FROM idf ORDER BY word",
}
TABLES = {"--words": "words", "--userdict": "words", "--images": "images", "--stop-words": "stop_words", "--idf": "idf"}

WORDS = [("云", 3, ""), ("计算", 5, "n")]
LINES = "计算 5 n\n云 3\n"

# Files that are imported as a whole: (name, option, content, rows).
GOOD = [
    ("lines", "--words", LINES, WORDS),
    ("a byte order mark", "--words", "\ufeff" + LINES, WORDS),
    ("a byte order mark in each line, as after cat", "--words", "\ufeff计算 5 n\n\ufeff云 3\n", WORDS),
    ("CR LF", "--words", LINES.replace("\n", "\r\n"), WORDS),
    ("CR LF behind a byte order mark", "--words", "\ufeff" + LINES.replace("\n", "\r\n"), WORDS),
    ("lone CRs", "--words", LINES.replace("\n", "\r"), WORDS),
    ("lone CRs, then LF", "--words", "计算 5 n\r云 3\n", WORDS),
    ("no line end after the last line", "--words", LINES.strip(), WORDS),
    ("tabs", "--words", LINES.replace(" ", "\t"), WORDS),
    ("several spaces and tabs", "--words", LINES.replace(" ", " \t  "), WORDS),
    ("blanks around the lines", "--words", "  计算 5 n \t\n\t云 3  \n", WORDS),
    ("wide blanks around the lines", "--words", "\u3000计算 5 n\u3000\n云 3\u00a0\n", WORDS),
    ("empty lines", "--words", "\n\n计算 5 n\n \t\n\u3000\n云 3\n\n", WORDS),
    ("duplicates", "--words", "云 2 n\n计算 5 n\n云 3\n", [("云", 3, "n"), WORDS[1]]),
    ("a quotation mark", "--words", "计算\" 5 n\n\"云 3\n", [("\"云", 3, ""), ("计算\"", 5, "n")]),
    ("jieba's format with more fields", "--words", "计算 5 n more\n云 3\n", WORDS),
    ("no lines", "--words", "", []),
    ("only a byte order mark", "--words", "\ufeff", []),
    ("a header", "--words", "word,freq,tag\n计算,5,n\n云,3,\n", WORDS),
    ("a header in another order", "--words", "tag,word,freq\nn,计算,5\n,云,3\n", WORDS),
    ("a header in capitals with blanks", "--words", " Word , FREQ,Tag\n计算 , 5 , n\n云,3\n", WORDS),
    ("semicolons", "--words", "word;freq;tag\r\n计算;5;n\r\n云;3;\r\n", WORDS),
    ("a separator line", "--words", "\ufeffsep=;\r\nword;freq;tag\r\n计算;5;n\r\n云;3;\r\n", WORDS),
    ("tabs below a header", "--words", "word\tfreq\ttag\n计算\t5\tn\n云\t3\t\n", WORDS),
    ("CSV with lone CRs", "--words", "word,freq,tag\r计算,5,n\r云,3,\r", WORDS),
    ("CSV with a byte order mark", "--words", "\ufeffword,freq,tag\n计算,5,n\n云,3,\n", WORDS),
    ("quoted fields", "--words", "\"word\",\"freq\",\"tag\"\n\"计算\",\"5\",\"n\"\n\"云\" , \"3\",\"\"\n", WORDS),
    ("quoted fields behind a byte order mark", "--words", "\ufeff\"word\",\"freq\"\n\"云,\",\"3\"\n", [("云,", 3, "")]),
    ("doubled quotation marks", "--words", "word,freq\n\"a\"\"b\",5\n\"\"\"\",3\n", [("\"", 3, ""), ("a\"b", 5, "")]),
    ("a quotation mark inside an unquoted field", "--words", "word,freq\na\"b,5\n", [("a\"b", 5, "")]),
    ("a separator inside quotation marks", "--words", "word,freq\n\"a,b\",5\n", [("a,b", 5, "")]),
    ("empty records", "--words", "word;freq;tag\n;;\n计算;5;n\n;;\n\n云;3\n", WORDS),
    ("empty fields behind the columns", "--words", "word;freq;tag\n计算;5;n;;\n云;3;;;;\n", WORDS),
    ("records without a freq", "--words", "word,tag,freq\n云\n计算,n\n", [("云", None, ""), ("计算", None, "n")]),
    ("a header with one column", "--words", "word\n云\n", [("云", None, "")]),
    ("CSV in which a word repeats", "--words", "word,freq,tag\n云,2,n\n云,3,\n", [("云", 3, "n")]),
    ("lines", "--userdict", LINES, WORDS),
    ("tabs and CR LF", "--userdict", "\ufeff计算\t5\tn\r\n云\t3\r\n", WORDS),
    ("several spaces", "--userdict", "计算   5  n  \n云  3\n", WORDS),
    ("a line 'word' first", "--userdict", "word 4\nnoun 7 n\n", [("noun", 7, "n"), ("word", 4, "")]),
    ("the word 'word' first", "--userdict", "word\nnoun 7 n\n", [("noun", 7, "n"), ("word", 1, "")]),
    ("CSV", "--userdict", "word,freq,tag\n计算,5,n\n云,3,\n", WORDS),
    ("semicolons and empty fields", "--userdict", "\ufeffword;freq;tag\r\n云;;\r\n计算;5;n\r\n", [("云", 1, ""), WORDS[1]]),
    ("lines", "--images", "https://a/1\nhttps://a/2\n", [("https://a/1", 1, ""), ("https://a/2", 1, "")]),
    ("blanks, empty lines, CR LF and a mark", "--images", "\ufeffhttps://a/1 \r\n\r\n\thttps://a/2\u3000\r\n",
     [("https://a/1", 1, ""), ("https://a/2", 1, "")]),
    ("commas and semicolons in URLs", "--images", "https://a/1,2;3\n", [("https://a/1,2;3", 1, "")]),
    ("duplicates", "--images", "https://a/1\nhttps://a/1\n", [("https://a/1", 1, "")]),
    ("CSV", "--images", "url,weight,tag\nhttps://a/1,5,猫\n\"https://a/2,b\",,\n",
     [("https://a/1", 5, "猫"), ("https://a/2,b", 1, "")]),
    ("a German Excel", "--images", "\ufefftag;url;weight\r\nkäfer;https://a/1;5\r\n;https://a/2;\r\n",
     [("https://a/1", 5, "käfer"), ("https://a/2", 1, "")]),
    ("lines", "--stop-words", "的\n\"\n,\nthe\n", [("\"",), (",",), ("the",), ("的",)]),
    ("capital letters, blanks, a mark and CR LF", "--stop-words", "\ufeffThe\r\n 的\u3000\r\nÄ\r\n", [("the",), ("Ä",), ("的",)]),
    ("CSV", "--stop-words", "word\n\"\"\"\"\n\",\"\nthe\n", [("\"",), (",",), ("the",)]),
    ("lines", "--idf", "云 5.25\n计算\t7e-1\r\n", [("云", 5.25), ("计算", 0.7)]),
    ("a comma before the end of a URL", "--images", "https://a/b,c.jpg\nhttps://a/1,5\n", [("https://a/b,c.jpg", 1, ""), ("https://a/1,5", 1, "")]),
    ("a first URL with a comma and a number, below a header", "--images", "url\nhttps://a/1,5\n", [("https://a/1,5", 1, "")]),
    ("separators and entities", "--stop-words", ";\n,,\n,也\na,b\n&nbsp;\n",
     [("&nbsp;",), (",,",), (",也",), (";",), ("a,b",)]),
    ("trailing separators below a header with one", "--stop-words", "word,\n的,\n", [("的",)]),
    ("CSV", "--idf", "idf,word\n5.25,云\n", [("云", 5.25)]),
    ("decimal commas between semicolons", "--idf", "word;idf\n云;5,25\n计算;7\n", [("云", 5.25), ("计算", 7.0)]),
]



def needs_header(expected, header="word,freq,tag"):
    """Why a line of CSV without a header is refused."""
    return (f"expected '{expected}'; CSV needs a first line with the names of its columns, such as '{header}'"
            f" / 格式应为 '{expected}'；CSV 的第一行须是列名，如 '{header}'")


LONG = "中" * (LIMIT // 3 + 1)
# Files of which rows are refused: (name, option, content, reasons, rows that are imported).
PARTLY = [
    ("bad lines", "--words", "云 x\n计算 5 n\n云\n云 3\n",
     {1: "invalid frequency 'x': use a whole number / 必须是整数", 3: "expected 'word freq [tag]' / 格式应为 'word freq [tag]'"}, WORDS),
    ("CSV without a header", "--words", "云,3,n\n计算 5 n\n", {1: needs_header("word freq [tag]")}, WORDS[1:]),
    ("CSV without a header", "--userdict", "云,3,n\n云;3\n计算 5 n\n",
     dict.fromkeys((1, 2), needs_header("word [freq] [tag]")), WORDS[1:]),
    ("a bad row between rows without a frequency", "--userdict", "云计算\n云计算 5 abcdefghijklmnopqrst\n" + "中" * 65 + "\n云 3\n",
     {2: "CHECK constraint failed: tag: must be at most 16 letters, digits, _ or -",
      3: "the word has more than 64 characters / 超过 64 个字符"}, [("云", 3, ""), ("云计算", 1, "")]),
    ("long lines", "--words", f"计算 5 n\n{LONG}\n云 3\n", {2: f"is longer than {LIMIT} bytes / 超过 {LIMIT} 字节"}, WORDS),
    ("very long lines", "--words", f"计算 5 n\n{LONG * 7}\n云 3\n{LONG * 5}", dict.fromkeys((2, 4), f"is longer than {LIMIT} bytes / 超过 {LIMIT} 字节"), WORDS),
    ("very long lines and lone CRs", "--words", f"计算 5 n\r{LONG * 7}\r云 3\r", {2: f"is longer than {LIMIT} bytes / 超过 {LIMIT} 字节"}, WORDS),
    ("a line break in a word", "--words", "word,freq\n\"a\nb\",4\n计算,5\n",
     {2: "CHECK constraint failed: word: must not contain control characters or line breaks"}, [("计算", 5, "")]),
    ("an open quotation mark", "--words", "word,freq,tag\n\"云,3\n计算,5,n\n云,3,\n",
     {2: "a field begins with a quotation mark but does not end with one / 字段以引号开头，却没有以引号结尾"}, WORDS),
    ("many open quotation marks", "--words", "word,freq,tag\n" + "\"云,3\n" * 3 + "计算,5,n\n云,3,\n",
     {2: "a quotation mark inside a quoted field must be doubled / 引号内的引号必须写成两个", 3: "a quotation mark inside a quoted field must be doubled / 引号内的引号必须写成两个",
      4: "a field begins with a quotation mark but does not end with one / 字段以引号开头，却没有以引号结尾"}, WORDS),
    ("text behind a quoted field", "--words", "word,freq,tag\n\"云\"云,3\n计算,5,n\n云,3,\n",
     {2: "a quotation mark inside a quoted field must be doubled / 引号内的引号必须写成两个"}, WORDS),
    ("too many fields", "--words", "word,freq\n云,3,n\n计算,5\n" + "x," * 70 + "\n",
     {2: "has 3 fields, but the header has 2 / 有 3 个字段，表头只有 2 个", 4: "has more than 64 fields / 超过 64 个字段"}, [("计算", 5, "")]),
    ("records without a word", "--words", "word,freq\n,3\n计算,5\n", {2: "the column 'word' is empty / 列 'word' 为空"}, [("计算", 5, "")]),
    ("a few lines that are not UTF-8", "--words", LINES.encode() + b"\xd4\xc6 7\n\xff 7\n",
     dict.fromkeys((3, 4), "word: must be valid UTF-8"), WORDS),
    ("bad URLs", "--images", "https://a/1\ncat.jpg\nhttps://a/b c\n",
     {2: "CHECK constraint failed: url: must begin with http:// or https:// and a host",
      3: "CHECK constraint failed: url: must have only the characters of RFC 3986; percent-encode all others"},
     [("https://a/1", 1, "")]),
    ("bad weights", "--images", "url,weight\nhttps://a/1,0\nhttps://a/2,x\nhttps://a/3,7\n",
     {2: "CHECK constraint failed: weight: must be an integer from 1 to 1000000; to disable an image, set enabled = 0",
      3: "invalid weight 'x': use a whole number / 必须是整数"}, [("https://a/3", 7, "")]),
    ("white space in stop words", "--stop-words", "of\na lot\n",
     {2: "CHECK constraint failed: word: must not contain white space or control characters"}, [("of",)]),
    ("CSV without a header", "--stop-words", "的,\nof;;\nThe,5\nand\n", dict.fromkeys((1, 2, 3), needs_header("word", "word,note")),
     [("and",)]),
    # Behind its line ends, a file in UTF-8 can have NULs, which are not those of UTF-16 and UTF-32.
    *((f"{nuls} NULs {where} line ends in {name}", option, content.replace("\n", "\0" * nuls + "\n" if where == "before" else "\n" + "\0" * nuls), {
        line: "CHECK constraint failed: word: " + ("must not contain white space or control characters" if option == "--stop-words" else
                                                   "must not contain control characters or line breaks") for line in lines}, expected)
      for nuls, where, name, option, content, lines, expected in (
          (1, "after", "UTF-8", "--words", "云 30\n计算 5", (2,), [("云", 30, "")]),
          (3, "after", "UTF-8", "--words", "云 3000\n计算 5", (2,), [("云", 3000, "")]),
          (1, "after", "ASCII", "--stop-words", "of\nand\n", (2, 3), [("of",)]),
          (1, "before", "ASCII", "--stop-words", "the\nof\n", (1, 2), []))),
    ("bad numbers", "--idf", "云\n云 x\n云 1 2\n云 0x1\n云 -1\n云,1\n云 1\n",
     {1: "expected 'word idf' / 格式应为 'word idf'", 2: "invalid idf 'x': use a number such as 5.25 / 必须是 5.25 这样的数", 3: "expected 'word idf' / 格式应为 'word idf'",
      4: "invalid idf '0x1': use a number such as 5.25 / 必须是 5.25 这样的数", 5: "CHECK constraint failed: idf: must be a number from 0 to 1000",
      6: needs_header("word idf")}, [("云", 1.0)]),
    ("a decimal comma between commas", "--idf", "word,idf\n云,\"1,5\"\n云,2\n", {2: "invalid idf '1,5': use a number such as 5.25 / 必须是 5.25 这样的数"},
     [("云", 2.0)]),
]

CHINESE = "".join(f"{word} {n} n\n" for n, word in enumerate("云计算 一 服务器 中华 人民 一切 共和国".split(), 1))
GBK = ": convert it with 'iconv -f {} -t UTF-8' (if it is from a Western Excel: -f WINDOWS-1252)"
UTF16 = " is in UTF-16, not in UTF-8: convert it with 'iconv -f {} -t UTF-8', or save it as 'CSV UTF-8'"


def looks_like_csv(end):
    """Why a file of images is refused, whose first line that is not empty is CSV."""
    return (f": line {end or 1} looks like CSV, which needs a first line with the names of its columns, such as 'url,weight,tag'"
            " (if it is a URL: begin the file with a line 'url') / 像是 CSV，第一行须是列名，如 'url,weight,tag'"
            "（如果整行是网址，请在文件开头加一行 'url'）")


# Files that are refused as a whole: (name, option, content, reason).
REFUSED = [
    *[(f"GBK in {option}", option, content.encode("gbk"), " is not in UTF-8, but probably in GBK" + GBK.format("GBK"))
      for option, content in (("--words", CHINESE), ("--userdict", CHINESE), ("--stop-words", "的\n一\n了\n"), ("--idf", "云 5\n"),
                              ("--images", "url,tag\nhttps://a/1,狗\nhttps://a/2,\n"), ("--words", "word;freq\n云计算;5\n"))],
    ("GBK behind a lot of ASCII", "--words", b"word 5\n" * 30000 + CHINESE.encode("gbk"), GBK.format("GBK")),
    ("GB18030", "--words", (CHINESE + "㐀 5\n").encode("gb18030"), GBK.format("GB18030")),
    ("UTF-16 with a mark", "--words", LINES.encode("utf-16"), UTF16.format("UTF-16")),
    ("UTF-16 with a mark, big-endian", "--words", b"\xfe\xff" + LINES.encode("utf-16-be"), UTF16.format("UTF-16")),
    ("UTF-16LE without a mark", "--userdict", LINES.encode("utf-16-le"), UTF16.format("UTF-16LE")),
    ("UTF-16BE without a mark", "--stop-words", "的\n".encode("utf-16-be"), UTF16.format("UTF-16BE")),
    ("UTF-16BE of one letter", "--stop-words", "a\nb\n".encode("utf-16-be"), UTF16.format("UTF-16BE")),
    ("UTF-16LE that is valid as UTF-8", "--words", "胃 5\n".encode("utf-16-le"), UTF16.format("UTF-16LE")),
    *((f"{name} {'with' if mark else 'without'} a mark", "--words", (mark + LINES).encode(name), UTF16.replace("16", "32").format("UTF-32" if mark else name))
      for name in ("UTF-32LE", "UTF-32BE") for mark in ("", "\ufeff")),
    *((f"CSV of images without a header: {content!r}", "--images", content, looks_like_csv(content.count("\n")))
      for content in ("https://a/1,5", "\ufeff\nhttps://a/1.jpg,5,cat\n", "https://a/1;5;cat\n", "\"https://a/1\" , 5\n", "https://a/1\t5\n",
                      "网址,权重\nhttps://a/1,5\n")),
    ("a header without the word", "--words", "freq,tag\n5,n\n", ": the header in line 1 has no column 'word'"),
    ("a header without the idf", "--idf", "sep=;\nword;frequency\n", ": the header in line 2 has no column 'idf'"),
    ("a header without the URL", "--images", "weight;tag\n5;x\n", ": the header in line 1 has no column 'url'"),
]


def run(*arguments, **options):
    """Run serverful import: (status, stdout, lines of stderr without the progress)."""
    ended = subprocess.run([SERVERFUL, "import", *arguments], capture_output=True, text=True, errors="replace", **options)
    return ended.returncode, ended.stdout, [line for line in ended.stderr.splitlines() if not line.startswith("importing ")]


def rows(path, query):
    db = sqlite3.connect(path)
    found = db.execute(query).fetchall()
    db.close()
    return found


def dump(path):
    return subprocess.run(["sqlite3", path, ".dump"], check=True, capture_output=True).stdout


def write(path, content):
    with open(path, "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())
    return path


class Files:
    """Writes each file, and imports it into a copy of an empty store."""

    def __init__(self, directory):
        self.directory, self.empty = directory, os.path.join(directory, "empty.db")
        serverful("init", "--store", self.empty)
        sql(self.empty, "PRAGMA wal_checkpoint(TRUNCATE);")
        self.file = os.path.join(directory, "file.txt")

    def store(self):
        return shutil.copy(self.empty, os.path.join(self.directory, "store.db"))

    def imported(self, option, content, *options):
        """Import a file: (store, result of run())."""
        path = self.store()
        return path, run("--store", path, option, write(self.file, content), *options)


def check_good(files):
    for name, option, content, expected in GOOD:
        path, (status, out, said) = files.imported(option, content, "--strict")
        equal((status, said, rows(path, QUERIES[option])), (0, [], expected), f"{option} takes {name}")
        ok(out.startswith(f"{TABLES[option]}: {len(expected)} added, ") and out.endswith(" 0 refused\n"),
           f"{option} with {name}: the summary has {len(expected)} added and 0 refused", out)


def check_partly(files):
    for name, option, content, reasons, expected in PARTLY:
        path, (status, out, said) = files.imported(option, content)
        told = [f"serverful import: {files.file}, line {line}: {in_both(reason)}" for line, reason in reasons.items()]
        equal((status, said, rows(path, QUERIES[option])), (0, told, expected), f"{option} leaves {name} out, and says why")
        ok(out.startswith(f"{TABLES[option]}: {len(expected)} added, ") and out.endswith(f" {len(reasons)} refused\n"),
           f"{option} with {name}: the summary counts {len(reasons)} refused", out)
        path, result = files.imported(option, content, "--strict")
        last = f"serverful import: nothing is imported with --strict; refused rows: {len(reasons)}"
        equal((result, dump(path) == dump(files.empty)), ((1, "", [*told, last]), True), f"{option} --strict refuses a file with {name}")


def check_refused(files):
    for name, option, content, reason in REFUSED:
        path, (status, out, said) = files.imported(option, content)
        ok((status, out, len(said)) == (1, "", 1) and said[0].startswith(f"serverful import: {files.file}") and said[0].endswith(reason),
           f"{name}: the file is refused with its reason", (status, out, said))
        ok(dump(path) == dump(files.empty), f"{name}: nothing is imported")


def check_columns(files):
    content = "note,word,频率,freq,word\n\"two\nlines, and a \"\"quote\"\"\",云,x,3,y\n,计算,,5,\n云,坏 词,,x,\n"
    path, (status, out, said) = files.imported("--words", content)
    equal((status, out, rows(path, QUERIES["--words"])), (0, "words: 2 added, 0 changed, 0 same, 1 refused\n", [("云", 3, ""), ("计算", 5, "")]),
          "fields with line ends are one record")
    equal(said, [f"serverful import: {files.file}: ignored the unknown columns 'note', '频率', 'word'",
                 f"serverful import: {files.file}, line 5: invalid frequency 'x': use a whole number / 必须是整数"],
          "unknown columns are named, and a line number counts the line ends inside quotation marks")


def check_summary(files):
    """The rows that are added, changed, same and refused, of each table."""
    path = files.store()
    csv = {
        "words": "word,freq,tag\n云,3,n\n计算,5,\n词,,\n", "images": "url,weight,tag\nhttps://a/1,5,cat\nhttps://a/2,,\n",
        "stop-words": "the\nof\n", "idf": "云 1\n计算 2\n",
    }
    changed = {
        "words": "word,freq,tag\n云,3,n\n计算,6,\n新,0,\n词,,\n坏,1000000000001,\n", "images": "url,weight,tag\nhttps://a/1,,\nhttps://a/2,7,\nhttps://a/3,0,\n",
        "stop-words": "the\nOf\nand\na b\n", "idf": "云 1\n计算 3\n新 4\n坏 -1\n",
    }
    def arguments(contents):
        return [text for option, content in contents.items()
                for text in (f"--{option}", write(os.path.join(files.directory, option), content))]
    first, second = arguments(csv), None
    equal(run("--store", path, *first), (0, "words: 3 added, 0 changed, 0 same, 0 refused\nimages: 2 added, 0 changed, 0 same, 0 refused\n"
          "stop_words: 2 added, 0 changed, 0 same, 0 refused\nidf: 2 added, 0 changed, 0 same, 0 refused\n", []),
          "the summary counts new rows of each table")
    before = sql(path, "SELECT * FROM revision; SELECT * FROM words; SELECT * FROM images; SELECT * FROM idf; SELECT * FROM repeated_words;")
    equal(run("--store", path, *first)[:2], (0, "words: 0 added, 0 changed, 3 same, 0 refused\nimages: 0 added, 0 changed, 2 same, 0 refused\n"
          "stop_words: 0 added, 0 changed, 2 same, 0 refused\nidf: 0 added, 0 changed, 2 same, 0 refused\n"),
          "the second import of the same CSV finds the same rows")
    equal(sql(path, "SELECT * FROM revision; SELECT * FROM words; SELECT * FROM images; SELECT * FROM idf; SELECT * FROM repeated_words;"), before,
          "the second import of the same CSV changes no row and no revision")
    second, before = arguments(changed), dump(path)
    expected = ("words: 1 added, 1 changed, 2 same, 1 refused\nimages: 0 added, 1 changed, 1 same, 1 refused\n"
                "stop_words: 1 added, 0 changed, 2 same, 1 refused\nidf: 1 added, 1 changed, 1 same, 1 refused\n")
    status, out, said = run("--store", path, *second, "--dry-run")
    equal((status, out, len(said)), (0, expected + "dry run: the store is unchanged\n", 4), "--dry-run says what would happen")
    ok(dump(path) == before, "--dry-run changes nothing")
    with open("/dev/full", "wb") as full:
        ended = subprocess.run([SERVERFUL, "import", "--store", path, *second, "--dry-run"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    equal((ended.returncode, ended.stderr.splitlines()[-1]), (1, "serverful import: cannot write to the standard output: No space left on device"),
          "--dry-run fails if its summary cannot be written")
    status, out, said = run("--store", path, *second, "--dry-run", "--strict")
    equal((status, out, said[-1]), (1, "", "serverful import: nothing is imported with --strict; refused rows: 4"),
          "--dry-run with --strict fails where an import would fail")
    equal(run("--store", path, *second)[:2], (0, expected), "the import does what --dry-run has said")
    equal((rows(path, QUERIES["--words"]), rows(path, QUERIES["--images"]), rows(path, QUERIES["--idf"])),
          ([("云", 3, "n"), ("新", 0, ""), ("计算", 6, ""), ("词", None, "")], [("https://a/1", 5, "cat"), ("https://a/2", 7, "")],
           [("云", 1.0), ("新", 4.0), ("计算", 3.0)]), "an empty field keeps what the row has")
    equal(rows(path, "SELECT tool, part, count(*) FROM edit_history WHERE edit = (SELECT max(edit) FROM edit_history) GROUP BY part"),
          [("import", "idf", 2), ("import", "images", 1), ("import", "stop_words", 1), ("import", "words", 2)],
          "the import is one edit of the history, with the rows that it has changed")
    equal(run("--store", path, "--words", write(files.file, "云 3 n\n新 1 n\n又 2\n"), "--userdict",
              write(os.path.join(files.directory, "user"), "云 3\n又 7\na b 7\n"))[1:],
          ("words: 1 added, 2 changed, 2 same, 0 refused\n",
           [f"serverful import: {files.directory}/user: 1 words have white space inside: as in jieba, they count in the total"
            " but are never found"]), "the summary has the words of both options in one line")


def check_many(files):
    """More bad rows than are shown, and a pipe instead of a file."""
    content = "".join(f"词{n} {'x' if n % 2 else n + 1}\n" for n in range(100))
    path, (status, out, said) = files.imported("--words", content)
    equal((status, out, len(said), said[-1]), (0, "words: 50 added, 0 changed, 0 same, 50 refused\n", 21,
                                               f"serverful import: {files.file}: 30 more rows are refused"),
          "20 reasons are shown, and how many more there are")
    equal(said[19], f"serverful import: {files.file}, line 40: invalid frequency 'x': use a whole number / 必须是整数", "the 20th reason names its line")
    path = files.store()
    status, out, said = run("--store", path, "--words", "/dev/stdin", input=content)
    equal((status, out, said[0]), (0, "words: 50 added, 0 changed, 0 same, 50 refused\n",
                                   "serverful import: /dev/stdin, line 2: invalid frequency 'x': use a whole number / 必须是整数"), "a file can be a pipe")
    status, out, said = run("--store", path, "--words", "-", input=content)
    equal((status, out), (0, "words: 0 added, 0 changed, 50 same, 50 refused\n"), "the file - is the standard input")
    status, out, said = run("--store", path, "--words", "-", "--stop-words", "-", input=content)
    equal((status, out, said), (1, "", ["serverful import: only one of the files can be the standard input"]),
          "two files cannot be the standard input")


def check_bytes(files):
    """A line that is not UTF-8 is refused even if it has white space, for which a word only counts in the total."""
    path, (status, out, said) = files.imported("--userdict", b"\xff x 5\na b 5\n")
    equal((status, out, len(said)), (0, "words: 0 added, 0 changed, 0 same, 1 refused\n", 2), "a line that is not UTF-8 is refused, with white space, too")
    equal(rows(path, "SELECT freq FROM repeated_words"), [(5,)], "its frequency does not count in the total")


def check_sizes(files):
    """Lines and records at each place of the blocks in which the file is read: the rows are those that were written."""
    rng = random.Random(4)
    for end in ("\n", "\r\n", "\r"):
        notes = ["x" * rng.randrange(LIMIT - 100) if rng.random() < 0.1 else "\"\"" + end * rng.randrange(20) for _ in range(300)]
        content = "word,note,freq" + end + "".join(f"词{n},\"{note}\",{n + 1}{end}" for n, note in enumerate(notes))
        path, (status, _, said) = files.imported("--words", content)
        equal((status, said, sorted(rows(path, "SELECT word, freq FROM words"))),
              (0, [f"serverful import: {files.file}: ignored the unknown columns 'note'"], sorted((f"词{n}", n + 1) for n in range(300))),
              f"300 records of {len(content)} bytes that end with {end!r} are read")
        lines = ["x" * rng.choice((LIMIT - 40, LIMIT * 3, LIMIT * 2 - 30, 7)) + " y" for _ in range(60)]
        content = "".join(f"词{n} {n + 1}{end}{line}{end}" for n, line in enumerate(lines))
        path, (status, out, said) = files.imported("--words", content)
        equal((status, out, len(rows(path, "SELECT word FROM words")), [line.split(": ")[1].rpartition(" ")[2] for line in said[:20]]),
              (0, "words: 60 added, 0 changed, 0 same, 60 refused\n", 60, [str(2 * n) for n in range(1, 21)]),
              f"60 lines between long ones that end with {end!r} are read, and the numbers of the long ones are right")


def check_locks(files):
    """While an import waits for its input, others can write to the store."""
    fifo = os.path.join(files.directory, "fifo")
    os.mkfifo(fifo)
    for options in [], ["--dry-run"]:
        path = files.store()
        with subprocess.Popen([SERVERFUL, "import", "--store", path, "--words", fifo, *options], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as process:
            with open(fifo, "wb") as file:  # which waits until the import has opened it
                file.write(f"云{' ' * 60000}3\n".encode() * 10)  # more than a pipe holds, and the import reads at once
                said = subprocess.run(["sqlite3", path, "INSERT INTO words (word) VALUES ('词');"], capture_output=True, text=True, check=False)
            out, _ = process.communicate()
        equal((process.returncode, said.stderr, out), (0, "", "words: 1 added, 0 changed, 9 same, 0 refused\n"
              + ("dry run: the store is unchanged\n" if options else "")), f"an import {' '.join(options)} that waits for a FIFO locks nobody out".replace("  ", " "))
        equal(rows(path, "SELECT word FROM words"), [("词",)] if options else [("云",), ("词",)], f"the word of the other writer is in the store{'' if options else ', too'}")


def check_read_only(files):
    """Root without the right to write any file, or another user, and a store that only can be read."""
    path = files.store()
    os.chmod(path, 0o444)
    before, file = dump(path), write(files.file, "云 3\n")
    def read_only(*options):
        ended = subprocess.run([*(["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []), SERVERFUL, "import", "--store", path,
                                "--words", file, *options], capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout, ended.stderr.splitlines()[-1:]
    equal(read_only("--dry-run")[:2], (0, "words: 1 added, 0 changed, 0 same, 0 refused\ndry run: the store is unchanged\n"),
          "--dry-run needs no right to write to the store")
    equal(read_only(), (1, "", [f"serverful import: {path}: attempt to write a readonly database (join its group, or correct the owner and the mode "
                                "of the file and of its directory)"]), "an import into a store that is read-only says what to do")
    equal(dump(path), before, "the store that is read-only is unchanged")
    os.remove(path)


def check_usage():
    for argument in "--strict=1", "--dry-run=":
        status, out, said = run(argument)
        ok((status, out) == (2, "") and f"no value is allowed in '{argument}'" in said[0], f"{argument} exits with 2", (status, out, said))


plan(2 * len(GOOD) + 3 * len(PARTLY) + 2 * len(REFUSED) + 2 + 11 + 5 + 6 + 2 + 2 + 4 + 3)
with tempfile.TemporaryDirectory() as where:
    all_files = Files(where)
    for check in check_good, check_partly, check_refused, check_columns, check_summary, check_many, check_bytes, check_sizes, check_locks, check_read_only:
        check(all_files)
check_usage()
done()
