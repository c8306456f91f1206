#!/usr/bin/python3
"""Limits that must be written in two languages are the same in both: those of the C headers, and those of nginx, of the
store's schema and of the documents."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from tap import BUILD, SOURCE, done, equal, ok, plan


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def numbers(pattern, text):
    """Return the numbers in a text that match a group of a pattern, without duplicates."""
    return {int(match[match.lastindex].replace(",", "")) for match in re.finditer(pattern, text)}


def limits():
    """Return the limits in the headers that LIMITS in Makefile.am lists, by name."""
    headers = re.search(r"^LIMITS = (.*)$", read("Makefile.am").replace("\\\n", ""), re.M)[1].replace("$(srcdir)/", "").split()
    text = "".join(read(header) for header in headers)
    return {name: int(number) for name, number in re.findall(r"^#define (\w+) +(\d+)", text, re.M)}


LIMIT = limits()
SCHEMA = read("sql", "schema.sql")
CODE = "".join(read(path) for path in glob.glob(os.path.join(SOURCE, "src", "*", "*.[ch]")))
ENDPOINTS = read("docs", "endpoints.md")

plan(29)
equal(numbers(r"client_max_body_size (\d+)m;", read("nginx", "serverful-api.conf")), {LIMIT["PROXY_MAX_BODY_MB"]},
      "nginx takes a body as large as the handlers take")
for name in "serverful.conf", "cluster.conf":
    equal(numbers(r"rate=(\d+)r/s;", read("nginx", name)), numbers(r'"address";q=(\d+);w=1', read("nginx", "serverful-limits.conf")),
          f"RateLimit-Policy gives the rate of {name}")
equal(numbers(r"gzip_min_length (\d+);", read("nginx", "serverful-api.conf")), {LIMIT["PROXY_COMPRESS_FROM"]},
      "nginx compresses bodies from the length on that the function compresses")
equal(numbers(r"gzip_comp_level (\d+);", read("nginx", "serverful-api.conf")), numbers(r"#define LEVEL (\d+)", read("src", "lambda", "gzip.c")),
      "nginx compresses as much as the function")
for limit, statements, what in [
        ("TAG_SIZE", r"tag: must be at most (\d+) letters|tag: must be 1 to (\d+) letters|length\(tag\) (?:<=|BETWEEN 1 AND) (\d+)",
         "the tags of words are as long in the snapshot and in allow_pos as in the store"),
        ("POS_TAGS", r"pos_start: must have at most (\d+) tags|tag <> NEW.tag\) >= (\d+)", "the model of posseg has as many tags as in the store"),
        ("SUGGEST_MAX_CHARACTERS", r"word: must be at most (\d+) characters|length\(word\) <= (\d+)",
         "the segmenter suggests words as long as the store takes"),
        ("SUGGEST_STORE_MAX_FREQ", r"freq: must be an integer from 0 to (\d+)|freq BETWEEN 0 AND (\d+)",
         "the segmenter suggests frequencies as high as the store takes"),
        ("SNAPSHOT_MAX_WEIGHT", r"weight: must be an integer from 1 to (\d+)|weight BETWEEN 1 AND (\d+)",
         "the weights of images are as large in the snapshot as in the store"),
        ("SNAPSHOT_TAG_SIZE", r"tag: must be at most (\d+) bytes|CAST\(tag AS BLOB\)\) <= (\d+)",
         "the tags of images are as long in the snapshot as in the store"),
        ("APPLICATION_ID", r"application_id = (\d+)", "the program knows the application_id of the store"),
        ("STORE_VERSION", r"user_version = (\d+)", "the program reads the version of the schema")]:
    equal(numbers(statements, SCHEMA), numbers(rf"#define {limit} +(\d+)", CODE), what)
for limit, pragma, program in (("APPLICATION", "application_id", "FILE_APPLICATION"), ("VERSION", "user_version", "FILE_VERSION")):
    stated = numbers(rf"{pragma} = (\d+)", read("sql", "results.sql"))
    equal((numbers(rf"\n{limit} = (\d+)", read("compare", "results.py")), numbers(rf"#define {program} +(\d+)", CODE)), (stated, stated),
          f"serverful compare and simulate know the {pragma} of the results")
equal(numbers(r'#define RESULTS_VERSION "(\d+)"', CODE), numbers(r"user_version = (\d+)", read("sql", "results.sql")), "serverful traffic knows their version")
MESSAGES = [("".join(found).split(" / "), bool(found[0])) for found in re.findall(
    r"""CONSTRAINT "([^"]+)"|RAISE\(ABORT,\s+'((?:[^']|'')+)'""", SCHEMA + read("sql", "views.sql"))]
equal([halves for halves, _ in MESSAGES if len(halves) != 2 or re.search("[\u4e00-\u9fd5]", halves[0]) or not re.search("[\u4e00-\u9fd5]", halves[1])],
      [], "each message of the schema has an English and a Chinese half")
equal([halves for halves, is_rule in MESSAGES if (english := set(re.findall(r"\d+", halves[0]))) != (chinese := set(re.findall(r"\d+", halves[1])))
       and (is_rule or not chinese <= english)], [], "the Chinese half of each message has the numbers of the English one")
equal(numbers(r"body up to ([\d,]+) MB", ENDPOINTS), {LIMIT["PROXY_MAX_BODY_MB"]}, "docs/endpoints.md gives the limit of a body")
equal(numbers(r"takes ([\d,]+) characters in a request", ENDPOINTS), {LIMIT["SEGMENT_MAX_CHARACTERS"]}, "docs/endpoints.md gives the limit of all texts")
equal(numbers(r"a text of (\d+) MB", ENDPOINTS), {LIMIT["KEYWORDS_MAX_TEXT_MB"]}, "docs/endpoints.md gives the limit of a text for keywords")
equal(numbers(r"up to ([\d,]+) texts", ENDPOINTS), {LIMIT["SEGMENT_MAX_TEXTS"]}, "docs/endpoints.md gives the limit of texts")
equal(numbers(r"up to ([\d,]+) characters", ENDPOINTS), {LIMIT["EXPLAIN_MAX"]}, "docs/endpoints.md gives the limit of explain=1")
equal(numbers(r"up to ([\d,]+) bytes", ENDPOINTS), {LIMIT["RANDOM_IMAGE_MAX_SEED"]}, "docs/endpoints.md gives the limit of a seed")
equal(numbers(r"(\d+)k;", re.search("large_client_header_buffers.*", read("nginx", "serverful-api.conf"))[0]),
      numbers(r"query string may be up to (\d+) kB", ENDPOINTS), "docs/endpoints.md gives nginx's limit of a query")
with open(os.path.join(BUILD, "openapi.json"), encoding="utf-8") as file:
    texts = re.findall(r'"(?:summary|description)": "(.*?[^\\])"', file.read())
equal([text for text in texts if re.search(r"\d{4}", text)], [], "the texts of /openapi.json, which the page shows, have separators in their limits")
equal({number for text in texts for number in numbers(r"and ([\d,]+) characters into words", text)}, {LIMIT["SEGMENT_MAX_CHARACTERS"]},
      "/openapi.json gives the limit of all texts")
for name, pool in (("serverful-socket.conf", numbers(r"#define POOL_DEFAULT_REQUEST_TIMEOUT +(\d+)", CODE)),
                   ("cluster.conf", numbers(r'SERVERFUL_OPTIONS="--request-timeout (\d+)"', read("docs", "cluster.md")))):
    nginx = [min(numbers(rf"fastcgi_{what}_timeout (\d+)s;", read("nginx", name))) for what in ("send", "read")]
    ok(len(pool) == 1 and min(nginx) > max(pool), f"{name}: nginx waits longer than the pool, also while it sends a request", (nginx, pool))
done()
