"""The page without a browser: its policy, its size, and its texts in both languages."""

import gzip
import json
import re

import page_texts
import tap

RESULTS = 4
MOST_BYTES = 60000  # of the page, compressed


def check(client):
    answer = client.get("/")
    page_text, policy = answer.body.decode(), answer.headers["content-security-policy"]
    tap.ok(re.fullmatch(r"default-src 'none'; script-src( 'sha256-\S+'){2}; style-src 'sha256-\S+'; img-src http: https: data:; connect-src 'self'; "
                        r"base-uri 'none'; form-action 'none'; frame-ancestors 'none'", policy), "the policy allows the page's own scripts and style alone", policy)
    size = len(gzip.compress(page_text.encode()))
    tap.ok(size < MOST_BYTES, f"the page has {size} bytes, compressed", size)
    tap.equal(page_texts.problems(page_text), [], "each text of the page has its Chinese, and no Chinese is left over")
    description = json.loads(client.get("/openapi.json").body)
    tap.equal(page_texts.left_over(page_text, description), [], "no Chinese of the reference is left over")
