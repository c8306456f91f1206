"""The events that Lambda's HTTP front ends send for a request, and the responses that they accept.

    for shape in SHAPES:
        if not misfit(shape, request):
            text = json.dumps(event(shape, request))       the event that the front end would send
            status, headers, body = answer(shape, got)     the HTTP response that it would make of the function's response

A request has the form of cases.py: method, path, query, headers, body or body_hex.
"""

import base64
import gzip
import json
import re
import urllib.parse

STAGE = "prod"
HOST = "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
URL_HOST = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.eu-central-1.on.aws"
ALB_HOST = "serverful-1234567890.eu-central-1.elb.amazonaws.com"
LATTICE_HOST = "serverful-0123456789abcdef0.7d67968.vpc-lattice-svcs.eu-central-1.on.aws"
MAX_QUERY = 64 * 1024
MAX_PARAMS = 1000

# The endpoint that each key of a bare event selects.
BARE_PATHS = {"text": "/segment", "num1": "/calculator", "num2": "/calculator", "operator": "/calculator"}

# The paths of an API with a resource for each.
RESOURCES = {"/", "/calculator", "/random-image", "/random-image/tags", "/segment", "/keywords", "/openapi.json"}


def _raw_pairs(request):
    """Return the query as pairs of name and value, still encoded."""
    pairs = []
    for part in request.get("query", "").split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((name, value))
    return pairs


def _decode(text):
    return urllib.parse.unquote_to_bytes(text.replace("+", " "))


def _pairs(request):
    """Return the query as pairs of decoded name and value."""
    return [(_decode(name).decode(), _decode(value).decode()) for name, value in _raw_pairs(request)]


def _body(request):
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    return request["body"].encode() if "body" in request else None


def _headers(request, host):
    return {"Host": host, "User-Agent": "serverful-test/1.0", "X-Forwarded-For": "203.0.113.7",
            **request.get("headers", {})}


def _lower(headers):
    return {name.lower(): value for name, value in headers.items()}


def _multi(pairs):
    """Return a dict of each name and all its values, or None for no pairs."""
    found = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found or None


def _set_body(event, request, empty):
    """Add the body to an event, in base64 if it is not UTF-8. Without a body, add `empty`."""
    body = _body(request)
    event["isBase64Encoded"] = False
    if body is None:
        event["body"] = empty
        return event
    try:
        event["body"] = body.decode()
    except UnicodeDecodeError:
        event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
    return event


def _payload_1(request, path, host, version):
    headers = _headers(request, host)
    pairs = _pairs(request)
    return _set_body({
        **version,
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": request["method"],
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(pairs) or None,
        "multiValueQueryStringParameters": _multi(pairs),
        "pathParameters": {"proxy": request["path"].lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "accountId": "123456789012", "apiId": "a1b2c3d4e5", "stage": STAGE, "protocol": "HTTP/1.1",
            "httpMethod": request["method"], "path": f"/{STAGE}{request['path']}",
            "identity": {"sourceIp": "203.0.113.7", "userAgent": "serverful-test/1.0", "user": None},
            "requestTimeEpoch": 1732358400000, "resourcePath": "/{proxy+}",
        },
    }, request, None)


def _rest(request):
    return _payload_1(request, request["path"], HOST, {})


def _http_1(request):
    path = f"/{STAGE}{urllib.parse.unquote(request['path'], errors='strict')}"
    return _payload_1(request, path, HOST, {"version": "1.0"})


def _payload_2(request, path, host, stage):
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": request.get("query", ""),
        "headers": _lower(_headers(request, host)),
        "requestContext": {
            "accountId": "123456789012", "apiId": host.split(".")[0], "domainName": host,
            "domainPrefix": host.split(".")[0], "routeKey": "$default", "stage": stage,
            "http": {"method": request["method"], "path": path, "protocol": "HTTP/1.1",
                     "sourceIp": "203.0.113.7", "userAgent": "serverful-test/1.0"},
            "requestId": "Tnm1lgmyFiAEJvQ=", "time": "23/Nov/2024:10:40:00 +0000", "timeEpoch": 1732358400000,
        },
    }
    joined = {}
    for name, value in _raw_pairs(request):
        name, value = _decode(name).decode(errors="replace"), _decode(value).decode(errors="replace")
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    if joined:
        event["queryStringParameters"] = joined
    _set_body(event, request, None)
    if event["body"] is None:
        del event["body"]
    return event


def _http_2(request):
    return _payload_2(request, urllib.parse.unquote(request["path"], errors="strict"), HOST, "$default")


def _http_2_stage(request):
    path = urllib.parse.unquote(request["path"], errors="strict")
    return _payload_2(request, f"/{STAGE}{path}", HOST, STAGE)


def _function_url(request):
    return _payload_2(request, request["path"], URL_HOST, "$default")


def _alb_base(request):
    return {
        "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-central-1:123456789012:"
                                                     "targetgroup/serverful/0123456789abcdef"}},
        "httpMethod": request["method"],
        "path": request["path"],
    }


def _alb(request):
    return _set_body({**_alb_base(request), "queryStringParameters": dict(_raw_pairs(request)),
                      "headers": _lower(_headers(request, ALB_HOST))}, request, "")


def _alb_multi(request):
    headers = {name: [value] for name, value in _lower(_headers(request, ALB_HOST)).items()}
    return _set_body({**_alb_base(request), "multiValueQueryStringParameters": _multi(_raw_pairs(request)) or {},
                      "multiValueHeaders": headers}, request, "")


def _lattice_1(request):
    query = request.get("query", "")
    event = _set_body({"raw_path": request["path"] + (f"?{query}" if query else ""), "method": request["method"],
                       "headers": _lower(_headers(request, LATTICE_HOST)), "query_string_parameters": dict(_raw_pairs(request))}, request, "")
    event["is_base64_encoded"] = event.pop("isBase64Encoded")
    return event


def _lattice_2(request):
    arn = "arn:aws:vpc-lattice:eu-central-1:123456789012"
    return _set_body({
        "version": "2.0", "path": request["path"], "method": request["method"],
        "headers": {name: [value] for name, value in _lower(_headers(request, LATTICE_HOST)).items()},
        "queryStringParameters": _multi(_raw_pairs(request)) or {},
        "requestContext": {"serviceNetworkArn": f"{arn}:servicenetwork/sn-0", "serviceArn": f"{arn}:service/svc-0",
                           "targetGroupArn": f"{arn}:targetgroup/tg-0", "region": "eu-central-1", "timeEpoch": "1732358400000000"},
    }, request, None)


def _bare(request):
    return dict(_pairs(request))


_BUILDERS = {
    "rest": _rest,
    "http-1.0": _http_1,
    "http-2.0": _http_2,
    "http-2.0-stage": _http_2_stage,
    "function-url": _function_url,
    "alb": _alb,
    "alb-multi": _alb_multi,
    "lattice-1": _lattice_1,
    "lattice-2": _lattice_2,
    "bare": _bare,
}
SHAPES = list(_BUILDERS)


def _rest_base(request):
    """/v1 is the base path of a custom domain. The resource / matches the base path alone."""
    path = request["path"]
    return {**_rest(request), "path": f"/v1{path if path != '/' else ''}", "resource": "/{proxy+}" if path != "/" else "/"}


def _http_1_base(request):
    """/a/v1 is the base path, and prod is in front of it, as a mapping without a stage leaves it; each path is a resource."""
    path = urllib.parse.unquote(request["path"], errors="strict")
    return {**_http_1(request), "path": f"/{STAGE}/a/v1{path}", "resource": path, "pathParameters": None}


def _http_2_base(request):
    """/v1 is the base path, and the API has its paths below /tools."""
    path = urllib.parse.unquote(request["path"], errors="strict")
    event = _payload_2(request, f"/v1/tools{path}", HOST, "$default")
    return {**event, "routeKey": "ANY /tools/{path+}", "pathParameters": {"path": path[1:]}}


def _http_2_route_base(request):
    """/v1 is the base path, and each path has a route."""
    path = urllib.parse.unquote(request["path"], errors="strict")
    return {**_payload_2(request, f"/v1{path}", HOST, "$default"), "routeKey": f"{request['method']} {path}"}


# Shapes with a base path, which the event tells: "rest-base" is a "rest" event.
_BASE_BUILDERS = {"rest-base": _rest_base, "http-1.0-base": _http_1_base, "http-2.0-base": _http_2_base,
                  "http-2.0-route-base": _http_2_route_base}

# Shapes whose events do not tell the base path /v1: bootstrap needs SERVERFUL_BASE_PATH.
_SET_BASE_BUILDERS = {f"{shape}-set-base": lambda request, build=build: build({**request, "path": f"/v1{request['path']}"})
                      for shape, build in (("http-2.0", _http_2), ("function-url", _function_url), ("alb", _alb))}
BASE_SHAPES, SET_BASE_SHAPES = list(_BASE_BUILDERS), list(_SET_BASE_BUILDERS)


def _front_end(shape):
    """The shape without its base path."""
    return shape.removesuffix("-base").removesuffix("-set").removesuffix("-route")


def event(shape, request):
    """Return the event that this front end sends for the request."""
    return {**_BUILDERS, **_BASE_BUILDERS, **_SET_BASE_BUILDERS}[shape]({"method": "GET", **request})


def _decodes(texts):
    """Return whether the texts are UTF-8 after percent-decoding."""
    try:
        for text in texts:
            urllib.parse.unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _is_hex(texts):
    """Return whether two hexadecimal digits follow each %."""
    return not any(re.search("%(?![0-9A-Fa-f]{2})", text) for text in texts)


def _shortest(pairs):
    """Return the length of the shortest encoding of a query."""
    safe = {ord(c) for c in map(chr, range(32, 127)) if c not in "\"#%&'+<>"}
    return sum(sum(1 if byte in safe else 3 for byte in _decode(name) + _decode(value)) + 1 + (value != "")
               for name, value in pairs) - 1


def _bare_misfit(request):
    names = [name for name, _ in _raw_pairs(request)]
    paths = [path for key, path in BARE_PATHS.items() if key in names]
    if request.get("method", "GET") != "GET" or _body(request) is not None:
        return "a bare event is a GET without a body"
    if any(name.lower() == "accept-language" for name in request.get("headers", {})):
        return "a bare event has no headers"
    if not paths or paths[0] != request["path"]:
        return "a bare event names its endpoint by its keys"
    return None


def misfit(shape, request):
    """Return why this front end cannot pass the request on unchanged, because it decodes or drops a part of it; None if it can."""
    if shape in BASE_SHAPES and (request["path"].startswith("//") or shape == "http-2.0-base" and request["path"] == "/"):
        return "the parameter of the path has no slash in front"
    if shape in ("http-1.0-base", "http-2.0-route-base") and request["path"] not in RESOURCES:
        return "the API has no such resource"
    shape = _front_end(shape)
    pairs = _raw_pairs(request)
    texts = [text for pair in pairs for text in pair]
    if shape in ("http-1.0", "http-2.0", "http-2.0-stage") and \
            not (_is_hex([request["path"]]) and _decodes([request["path"]])):
        return "the path arrives decoded"
    if shape in ("rest", "http-1.0", "bare"):
        if not (_is_hex(texts) and _decodes(texts)):
            return "the query arrives decoded"
        if any("%00" in name for name, _ in pairs):
            return "a NUL in the name of a parameter"
        if len(request.get("query", "")) > MAX_QUERY >= _shortest(pairs):
            return "the query is too long only as it is encoded"
    if shape in ("alb", "bare") and len({name for name, _ in pairs}) <= MAX_PARAMS < len(pairs):
        return "only the last one of a repeated parameter arrives"
    if shape in ("alb", "alb-multi", "lattice-2") and len(request.get("query", "")) > MAX_QUERY >= \
            len("&".join("=".join(pair) for pair in dict(pairs).items())):
        return "repeated parameters or empty ones made the query too long"
    if shape == "bare":
        return _bare_misfit(request)
    return None


def answer(shape, text):
    """Return the HTTP response that the front end makes of a function's response: (status, headers with names in lower case,
    body as bytes, decompressed). Raises ValueError for a response that this front end does not accept."""
    shape, response = _front_end(shape), json.loads(text)
    described = shape.startswith(("alb", "lattice"))
    expected = {"statusCode", "body", "multiValueHeaders" if shape == "alb-multi" else "headers"}
    expected |= {"isBase64Encoded"} if shape not in ("bare", "ping") else set()
    expected |= {"statusDescription"} if described else set()
    if set(response) != expected:
        raise ValueError(f"keys are {sorted(response)}, expected {sorted(expected)}")
    status, body = response["statusCode"], response["body"]
    if type(status) is not int or type(body) is not str or type(response.get("isBase64Encoded", False)) is not bool:
        raise ValueError(f"wrong types in {text[:300]!r}")
    if described and not response["statusDescription"].startswith(f"{status} "):
        raise ValueError(f"statusDescription is {response['statusDescription']!r}")
    if shape == "alb-multi":
        pairs = [(name, value) for name, values in response["multiValueHeaders"].items() for value in values]
    else:
        pairs = list(response["headers"].items())
    headers = {name.lower(): value for name, value in pairs}
    if len(headers) != len(pairs) or not all(type(value) is str for value in headers.values()):
        raise ValueError(f"headers are {pairs}")
    if response.get("isBase64Encoded"):
        if headers.get("content-encoding") != "gzip":
            raise ValueError(f"a body in base64 has the headers {pairs}")
        if shape == "rest":
            raise ValueError("a REST API without binaryMediaTypes sends base64 on as it is")
        return status, headers, gzip.decompress(base64.b64decode(body, validate=True))
    return status, headers, body.encode()
