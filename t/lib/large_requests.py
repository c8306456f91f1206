"""The requests within the limits of the API that need most memory."""

import json
from collections import namedtuple

MOST = 5 << 20  # bytes of a body; PROXY_MAX_BODY

# `status` is the answer of the pool. A function may answer 413, since Lambda limits the size of its response.
LargeRequest = namedtuple("LargeRequest", "name path query type body status")


def _filled(part, head=b"", tail=b"", most=MOST):
    """The largest body that consists of parts."""
    return head + part * ((most - len(head) - len(tail)) // len(part)) + tail


def _text(name, query, part, path="/segment", most=MOST):
    return LargeRequest(name, path, query, "text/plain", _filled(part.encode(), most=most), 200)


def _json(name, query, body, status=200):
    body = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    if len(body) > MOST:
        raise ValueError(f"{name} has {len(body):,} bytes")
    return LargeRequest(name, "/segment", query, "application/json", body, status)


LARGE_REQUESTS = [
    _text("spaces with all lists", "pos=1&offsets=1", " ", most=2000000),
    _text("control characters", "offsets=1", "\x01", most=2000000),
    _text("one-character words with all lists", "pos=1&offsets=1", "的，"),
    _text("a text without a boundary", "", "中"),
    _text("Latin letters without a boundary", "pos=1&offsets=1", "a", most=2000000),
    _text("full mode", "mode=full", "中华人民共和国"),
    _text("search mode with positions", "mode=search&offsets=1", "中华人民共和国"),
    _text("rare characters with tags", "pos=1", "鑫麟"),
    LargeRequest("an explanation", "/segment", "explain=1", "text/plain", "研究生命起源".encode() * 150, 200),
    _text("all keywords", "top=1000000", "清华大学北京", "/keywords", most=2 << 20),
    _text("all keywords by TextRank", "top=1000000&method=textrank", "清华大学北京天安门上海", "/keywords", most=2 << 20),
    _json("as many texts as allowed", "pos=1&offsets=1", {"texts": ["一" * 60] * 10000}),
    _json("empty texts", "pos=1&offsets=1", {"texts": [""] * 10000}),
    _json("a text of escapes", "offsets=1", _filled(rb"\u0001", b'{"text": "', b'"}')),
    _json("as many values as allowed", "", {"text": "", "x": [{}] * 19990}),
    _json("too many values", "", _filled(b"{},", b'{"text": "", "x": [', b"{}]}"), 413),
    _json("too many numbers", "", _filled(b"1,", b'{"text": "", "x": [', b"1]}"), 413),
    _json("too many members", "", ('{"text": ""' + "".join(f', "{i}": 1' for i in range(100000)) + "}").encode(), 413),
    _json("deep arrays", "", b'{"x": ' + b"[" * 1000000 + b"]" * 1000000 + b"}", 413),
    _json("a long name", "", _filled(b"x", b'{"text": "", "', b'": 1}')),
]
