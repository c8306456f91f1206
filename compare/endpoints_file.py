"""Reads the file of --endpoints: requests to any service, as JSON. docs/compare.md describes it."""

import json
import math
import mimetypes
import os
import re
import urllib.parse

from endpoints import Endpoint, write_message
from failure import Failure

KEYS = ("name", "method", "target", "headers", "body", "share")
EXAMPLE = '[{"target": "/", "share": 9}, {"target": "/orders", "body": "@order.json", "share": 1}]'
FRAMING = ("host", "content-length", "transfer-encoding", "connection", "expect")  # headers that follow from the URL and the body
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # of HTTP
MAX_NAME = 60  # characters
MAX_BODY = 9 << 20  # bytes; the load generator takes messages of 10 MB
PRINTABLE = "".join(map(chr, range(33, 127)))


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _method(request):
    method = request.get("method", "POST" if "body" in request else "GET")
    if not isinstance(method, str) or not re.fullmatch("[A-Za-z]+", method) or method.upper() == "CONNECT":
        raise Failure(f'"method" is {json.dumps(method)}: use one such as "GET" or "POST"')
    return method.upper()


def _target(request):
    """Return the target, with what cannot stand in a URL as %XX."""
    target = request.get("target")
    if not isinstance(target, str) or not target.startswith("/") or "#" in target:
        raise Failure(f'"target" is {json.dumps(target)}: use a path, with a query or without, such as "/search?q=tea"; the host is that of the'
                      " options --vm-url, --function-url and the like")
    return urllib.parse.quote(target, safe=PRINTABLE)


def _name(request):
    """Return the name; without one, the path of the target."""
    name = request.get("name", request["target"].partition("?")[0][:MAX_NAME])
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Failure(f'"name" is {json.dumps(name)}: use a text of 1 to {MAX_NAME} characters')
    return name


def _headers(request):
    headers = request.get("headers", {})
    if not isinstance(headers, dict):
        raise Failure('"headers" must be an object such as {"Accept": "text/html"}')
    for name, value in headers.items():
        if not re.fullmatch(TOKEN, name) or not isinstance(value, str) or not re.fullmatch("[\t -~]*", value):
            raise Failure(f"the header {json.dumps(name)} is {json.dumps(value)}: use a text of printable ASCII characters")
        if name.lower() in FRAMING:
            raise Failure(f"the header {name} follows from the URL and the body: leave it out")
    return headers


def _file(name, directory):
    path = os.path.join(directory, name)
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BODY + 1)
    except OSError as error:
        raise Failure(f'cannot read the "body" {path}: {error.strerror}') from None


def _body(request, directory):
    """Return the body, and its type; both are None where there is none. Names of files are relative to `directory`."""
    body = request.get("body")
    if "body" not in request:
        return None, None
    if isinstance(body, (dict, list)):
        return json.dumps(body, ensure_ascii=False).encode(), "application/json"
    if not isinstance(body, str):
        raise Failure('"body" must be a text, "@" with the name of a file, or an object or a list, which is sent as JSON')
    if not body.startswith("@"):
        return body.encode(), "text/plain; charset=utf-8"
    return _file(body[1:], directory), mimetypes.guess_type(body)[0] or "application/octet-stream"


def _message(request, directory, path):
    """Write the message of a request, unless it is a plain GET. Return its path or None, and the length of the body."""
    headers = _headers(request)
    body, kind = _body(request, directory)
    if body is None and not headers and _method(request) == "GET":
        return None, 0
    if body is not None and len(body) > MAX_BODY:
        raise Failure(f'"body" has more than {MAX_BODY:,} bytes: take a smaller one')
    if kind and "content-type" not in (name.lower() for name in headers):
        headers = {"Content-Type": kind, **headers}
    write_message(path, headers, body or b"")
    return path, len(body or b"")


def _endpoint(request, directory, path):
    """Return the Endpoint of a request, and its share or None."""
    if not isinstance(request, dict):
        raise Failure(f"it must be an object, as in {EXAMPLE}")
    unknown = [key for key in request if key not in KEYS]
    if unknown:
        raise Failure(f"{json.dumps(unknown[0])} is no key: use {', '.join(KEYS)}")
    share = request.get("share")
    if share is not None and not (_is_number(share) and share >= 0):
        raise Failure(f'"share" is {json.dumps(share)}: use a number from 0 on')
    method, target = _method(request), _target(request)
    message, size = _message(request, directory, path)
    return Endpoint(_name(request), f"{method} {target}", method, target, message, size), share


def _parse(path):
    """Return the list in the file."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            found = json.load(file)
    except (ValueError, RecursionError) as error:
        raise Failure(f"{path} is not JSON: {error}. Use a list of requests, such as {EXAMPLE}") from None
    if not isinstance(found, list) or not found:
        raise Failure(f"{path} has no list of requests: use one such as {EXAMPLE}")
    return found


def _shares(path, endpoints, shares):
    """Return the share of each endpoint by its name, or None where the file has none. The share of a single one is 1."""
    if len(endpoints) == 1:
        return {endpoints[0].name: 1}
    without = [endpoint.name for endpoint, share in zip(endpoints, shares) if share is None]
    if len(without) == len(endpoints):
        return None
    if without:
        raise Failure(f'{path}: "{without[0]}" has no "share", and others have one: give one to all, or to none to take those of the access log')
    if not sum(shares):
        raise Failure(f'{path}: every "share" is 0: give one request at least a share above 0')
    return {endpoint.name: share for endpoint, share in zip(endpoints, shares)}


def read(path, directory):
    """Return the endpoints of a file, and {name: share} or None where the file has no shares. Write their messages into `directory`."""
    endpoints, shares = [], []
    for i, request in enumerate(_parse(path), 1):
        try:
            endpoint, share = _endpoint(request, os.path.dirname(path), os.path.join(directory, f"request-{i}"))
        except Failure as failure:
            raise Failure(f"{path}, request {i}: {failure}") from None
        if endpoint.name in (one.name for one in endpoints):
            raise Failure(f'{path}, request {i}: another one has the name "{endpoint.name}", too: give each a "name" of its own')
        endpoints.append(endpoint)
        shares.append(share)
    return endpoints, _shares(path, endpoints, shares)
