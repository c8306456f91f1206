#!/usr/bin/python3
"""Limits that must be written in two languages are the same in both: those of the C headers, and those of nginx, of the
store's schema and of the documents."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from tap import SOURCE, done, equal, plan


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def numbers(pattern, text):
    """Return the numbers in a text that match the group of a pattern, without duplicates."""
    return {int(number.replace(",", "")) for number in re.findall(pattern, text)}


def limits():
    """Return the limits in the headers that LIMITS in Makefile.am lists, by name."""
    headers = re.search(r"^LIMITS = (.*)$", read("Makefile.am"), re.M)[1].replace("$(srcdir)/", "").split()
    text = "".join(read(header) for header in headers)
    return {name: int(number) for name, number in re.findall(r"^#define (\w+) +(\d+)", text, re.M)}


LIMIT = limits()
SCHEMA = read("sql", "schema.sql")
SEGMENTER = "".join(read(path) for path in glob.glob(os.path.join(SOURCE, "src", "segmenter", "*.[ch]")))
ENDPOINTS = read("docs", "endpoints.md")

plan(8)
equal(numbers(r"client_max_body_size (\d+)m;", read("nginx", "serverful-api.conf")), {LIMIT["PROXY_MAX_BODY_MB"]},
      "nginx takes a body as large as the handlers take")
equal(numbers(r"length\(tag\) <= (\d+) AND tag NOT GLOB", SCHEMA), {LIMIT["KEYWORDS_MAX_TAG"]},
      "allow_pos of /keywords takes tags as long as the store's words have")
equal(numbers(r"length\(word\) <= (\d+)", SCHEMA), numbers(r"#define \w*MAX_CHARACTERS +(\d+)", SEGMENTER),
      "the segmenter suggests words as long as the store takes")
equal(numbers(r"body up to ([\d,]+) MB", ENDPOINTS), {LIMIT["PROXY_MAX_BODY_MB"]}, "docs/endpoints.md gives the limit of a body")
equal(numbers(r"up to ([\d,]+) texts", ENDPOINTS), {LIMIT["SEGMENT_MAX_TEXTS"]}, "docs/endpoints.md gives the limit of texts")
equal(numbers(r"up to ([\d,]+) characters", ENDPOINTS), {LIMIT["EXPLAIN_MAX"]}, "docs/endpoints.md gives the limit of explain=1")
equal(numbers(r"up to ([\d,]+) bytes", ENDPOINTS), {LIMIT["RANDOM_IMAGE_MAX_SEED"]}, "docs/endpoints.md gives the limit of a seed")
equal(numbers(r"(\d+)k;", re.search("large_client_header_buffers.*", read("nginx", "serverful-api.conf"))[0]),
      numbers(r"query string may be up to (\d+) kB", ENDPOINTS), "docs/endpoints.md gives nginx's limit of a query")
done()
