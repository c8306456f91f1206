"""The cases of t/cases/*.json: requests, and the responses that they must get through every front end.

A file is a list of cases:

  {"name": "two underscores",                  what it shows, for the title of the test
   "request": {"method": "GET",                 default: GET
               "path": "/segment",              as on the wire, so perhaps with %XX
               "query": "text=%E6%88%91",       as on the wire; absent: the target has no "?"
               "headers": {"Content-Type": "text/plain"},
               "body": "text", or "body_hex": "fffe"},
   "response": {"status": 200,
                "headers": {"allow": "GET", "cache-control": null},    null: must be absent
                "body": "exact text", or "body_in": ["one", "of these"], or "body_begins": "text",
                                             exact texts without the newline at the end, which each body must have
                or "error": "Invalid input"},    that member of the body, which must be an error, with a detail
   "through": ["handlers", "nginx", "events"],  where the case applies; default: everywhere
   "varies": true}                              the response depends on chance; default: false

wrong.json is shorter: each row becomes two cases, in English and in Chinese, and its body is compared byte by byte:

  ["GET /calculator?num1=x", 400, "Invalid input", "num1",      the request; status, error, parameter (null: none),
   "num1 is 'x'; …", "num1 的值为“x”；…"]                         the detail in both languages
  ["POST /segment", "application/json", "{\"text\": 1}", 400, …]     with a media type and a body
  ["POST /segment", …, "texts", 2, "element 2 …", "…"]              with an index after the parameter
  ["GET /random-image?seed={s*65}", …]                             with 65 times "s", which works in a body, too
  ["GET /nowhere", 404, …, "the endpoints are {endpoints}", …]       with the paths of the table of routes

Besides the headers that a case names, a response must have those in ANSWER; a 204 must have those in PREFLIGHT.
"""

import glob
import json
import os
import re
import urllib.parse

EVERYWHERE = ["handlers", "nginx", "events"]
DIRECTORY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "cases")

ANSWER = {
    "content-type": "application/json; charset=utf-8",
    "access-control-allow-origin": "*",
}
PREFLIGHT = {
    "content-type": None,
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
    "access-control-allow-headers": "Content-Type",
    "access-control-max-age": "86400",
}


def load(through=None):
    """Return all cases in the order of their files, or those that apply to one of EVERYWHERE. Fills in the default of
    what a case leaves out (method, headers, through), and the name of its file."""
    found = []
    for path in sorted(glob.glob(os.path.join(DIRECTORY, "*.json"))):
        with open(path, encoding="utf-8") as file:
            for case in _spread(json.load(file)):
                case["file"] = os.path.basename(path)
                case["request"].setdefault("method", "GET")
                case["request"].setdefault("headers", {})
                case.setdefault("through", EVERYWHERE)
                found.append(case)
    return [case for case in found if through is None or through in case["through"]]


def _endpoints(detail):
    """Return a detail with the paths of all endpoints, as the table of routes lists them, in place of {endpoints}."""
    with open(os.path.join(os.path.dirname(DIRECTORY), os.pardir, "src", "api", "routes.h"), encoding="utf-8") as file:
        paths = re.findall(r'^ROUTE\(.*?".*?", "(.*?)"', file.read(), re.M)
    return detail.replace("{endpoints}", (", " if detail.isascii() else "、").join(paths))


CHINESE = "zh-CN,zh;q=0.9,en;q=0.8"


def _spread(rows):
    """Return the cases of a file, whose rows may be short."""
    for row in rows:
        if isinstance(row, dict):
            yield row
        else:
            yield from _wrong(*row)


def _repeated(text):
    return re.sub(r"{([^*{}]+)\*(\d+)}", lambda found: found[1] * int(found[2]), text)


def _wrong(request, *rest):
    """Return the two cases of a row of wrong.json."""
    method, _, target = _repeated(request).partition(" ")
    path, query, parameters = target.partition("?")
    sent = {"method": method, "path": path, **({"query": parameters} if query else {})}
    media_type, *rest = rest if isinstance(rest[0], str) else (None, *rest)
    body, *rest = rest if media_type is not None else (None, *rest)
    status, error, parameter, *index, english, chinese = rest
    for language, detail in (("en", english), (CHINESE, chinese)):
        headers = {"Accept-Language": language, **({"Content-Type": media_type} if media_type else {})}
        members = {"error": error, "detail": _endpoints(detail), "parameter": parameter, "index": index[0] if index else None}
        text = json.dumps({name: value for name, value in members.items() if value is not None}, ensure_ascii=False)
        case = {"name": f"{request}{' ' + body if body else ''}, in {language[:2]}",
                "request": {**sent, "headers": headers, **({} if body is None else {"body": _repeated(body)})},
                "response": {"status": status, "headers": {"vary": "Accept-Language"}, "body": text}}
        yield {**case, "through": ["handlers", "nginx"]} if "%zz" in query + parameters else case


def title(case):
    """Return the name of a case in a report: "GET /calculator answers 400 (calculator.json: two underscores)"."""
    request = case["request"]
    what = case["file"] + ": " + case["name"]
    if "response" not in case:
        return f"{request['method']} {request['path']} ({what})"
    return f"{request['method']} {request['path']} answers {case['response']['status']} ({what})"


def target(case):
    """Return the request target as on the wire: the path, and the query behind a "?" if there is one."""
    request = case["request"]
    return request["path"] + ("?" + request["query"] if "query" in request else "")


def decoded_path(case):
    """Return the path with its %XX decoded, as some kinds of events have it."""
    return urllib.parse.unquote(case["request"]["path"])


def body(case):
    """Return the body of the request as bytes, or None if it has none."""
    request = case["request"]
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    return request["body"].encode() if "body" in request else None


def _wrong_error(expected, got):
    try:
        answer = json.loads(got)
    except ValueError:
        answer = {}
    good = answer.get("error") == expected and answer.get("detail") and got.endswith(b"}\n")
    return [] if good else [f"body is {got[:2000]!r}, expected the error {expected} with a detail"]


def _wrong_body(response, got):
    if "error" in response:
        return _wrong_error(response["error"], got)
    if "body_in" in response:
        good = got in [text.encode() + b"\n" for text in response["body_in"]]
        expected = "one of " + ", ".join(response["body_in"])
    elif "body_begins" in response:
        good = got.startswith(response["body_begins"].encode()) and got.endswith(b"\n")
        expected = response["body_begins"] + "…"
    else:
        good = got == (response["body"].encode() + b"\n" if response["body"] else b"")
        expected = response["body"]
    return [] if good else [f"body is {got[:2000]!r}, expected {expected[:2000]}"]


def differences(case, status, headers, body):
    """Return how a response differs from what the case expects, as a list of texts. `headers` is a dict with names in
    lower case, `body` is bytes."""
    response = case["response"]
    wrong = [] if status == response["status"] else [f"status is {status}, expected {response['status']}"]
    usual = PREFLIGHT if response["status"] == 204 else ANSWER
    for name, value in {**usual, **response.get("headers", {})}.items():
        if headers.get(name) != value:
            wrong.append(f"{name} is {headers.get(name)!r}, expected {value!r}")
    revision = headers.get("serverful-revision")
    if revision is not None and not re.fullmatch("[0-9a-f]{16}", revision):
        wrong.append(f"serverful-revision is {revision!r}, expected 16 hexadecimal digits")
    return wrong + _wrong_body(response, body)
