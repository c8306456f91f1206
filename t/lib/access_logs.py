"""Writes the same requests as access logs of each format that serverful traffic reads."""

import calendar
import json
import time
from typing import NamedTuple

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
AGENT = "curl/8.9.1"


class Request(NamedTuple):
    second: int       # of the arrival, of the Unix epoch
    method: str
    path: bytes       # without the query
    query: str
    status: int
    bytes: int
    ms: int           # what the service took, below half a second

    def target(self, escape):
        return escape(self.path) + (f"?{self.query}" if self.query else "")


def clf(second, offset=0):
    """A time of the Common Log Format, in a zone that is `offset` seconds ahead of UTC."""
    at = time.gmtime(second + offset)
    sign, minutes = "-" if offset < 0 else "+", abs(offset) // 60
    return (f"{at.tm_mday:02}/{MONTHS[at.tm_mon - 1]}/{at.tm_year}:{at.tm_hour:02}:{at.tm_min:02}:{at.tm_sec:02} "
            f"{sign}{minutes // 60:02}{minutes % 60:02}")


def iso(second, ms=None, zone="Z"):
    fraction = "" if ms is None else f".{ms:03}"
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)) + fraction + zone


def epoch(text):
    """The second of a time of the Common Log Format."""
    day, month, rest = text.split("/")
    local = calendar.timegm((int(rest[:4]), MONTHS.index(month) + 1, int(day), *map(int, rest[5:13].split(":"))))
    offset = int(rest[15:17]) * 3600 + int(rest[17:19]) * 60
    return local + offset if rest[14] == "-" else local - offset


def _hex(path):
    """As nginx and ALB escape."""
    return "".join(chr(b) if 32 <= b <= 126 and b not in b'"\\' else f"\\x{b:02X}" for b in path)


def _c(path):
    """As Apache escapes."""
    return "".join("\\" + chr(b) if b in b'"\\' else chr(b) if 32 <= b <= 126 else f"\\x{b:02x}" for b in path)


def _text(path):
    return path.decode()


def _line(r, escape, offset=0):
    return f'192.0.2.17 - - [{clf(r.second, offset)}] "{r.method} {r.target(escape)} HTTP/1.1" {r.status}'


def combined_nginx(r):
    return f'{_line(r, _hex, 3600)} {r.bytes} "-" "{AGENT}"'


def combined_apache(r):
    return f'www.example.com:443 {_line(r, _c, -19800)} {r.bytes or "-"} "http://example.com/\\xe4[\\"" "{AGENT}" 17'


def common(r):
    return f'{_line(r, _c)} {r.bytes or "-"}'


def json_nginx(r):
    """With a string that is no JSON, as nginx writes it without escape=json, a variable that is empty, and a slow client."""
    took = r.ms / 1000
    return (f'{{"time":"{clf(r.second)}","msec":"{r.second + took + 60:.3f}","addr":"192.0.2.17","request":"{r.method} {r.target(_hex)} HTTP/2.0",'
            f'"status":{r.status},"bytes":{r.bytes},"rt":{took + 60:.3f},"urt":"{took / 2:.6f}, {took / 2:.6f}","cache":,"ua":"x\\x22y","tls":{{"a":[1,"}}"]}}}}')


def json_escaped(r):
    return json.dumps({"time_iso8601": iso(r.second, None, "+00:00"), "request_method": r.method, "request_uri": r.target(_text),
                       "status": str(r.status), "body_bytes_sent": str(r.bytes), "upstream_response_time": f"{r.ms / 1000:.3f}"})


def pool(r):
    return json.dumps({"time": iso(r.second, r.ms), "id": "", "method": r.method, "path": _text(r.path), "status": r.status,
                       "bytes": r.bytes, "ms": float(r.ms), "pid": 17}, ensure_ascii=False)


def alb(r):
    return (f'h2 {iso(r.second + 1, 250)} app/web/50dc6c495c0c9188 192.0.2.17:48160 10.0.0.66:9000 0.000 {r.ms / 1000:.3f} 0.000 {r.status} '
            f'{r.status} 151 {r.bytes} "{r.method} https://www.example.com:443{r.target(_hex)} HTTP/2.0" "{AGENT}" '
            'ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/t/73e2d6bc24d8a067 '
            f'"Root=1-58337327-72bd00b0343d75b906739c42" "www.example.com" "session-reused" 1 {iso(r.second)[:-1]}.174000Z "forward" "-" "-" '
            '"10.0.0.66:9000" "200" "-" "-" TID_1 new')


def http_api_clf(r):
    return f'192.0.2.17 - - [{clf(r.second)}] "{r.method} {r.method} {_c(r.path)} HTTP/1.1" {r.status} {r.bytes} abcDEF123='


def http_api_json(r):
    return json.dumps({"requestId": "abcDEF123=", "ip": "192.0.2.17", "requestTime": clf(r.second), "httpMethod": r.method,
                       "routeKey": f"{r.method} {_text(r.path)}", "status": str(r.status), "protocol": "HTTP/1.1", "responseLength": str(r.bytes),
                       "integrationLatency": str(r.ms), "responseLatency": str(r.ms + 3)})


def rest_api_clf(r):
    return f'{_line(r, _c)} {r.bytes} 7d0f1c1e-0000 XyzExt='


def rest_api_json(r):
    return json.dumps({"requestId": "7d0f", "extendedRequestId": "Xyz=", "requestTimeEpoch": str(r.second * 1000 + 999), "httpMethod": r.method,
                       "resourcePath": _text(r.path), "status": str(r.status), "responseLength": str(r.bytes), "integrationLatency": r.ms})


CLOUDFRONT = ("#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) "
              "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken "
              "x-forwarded-for\n")


def cloudfront(r, result="Miss"):
    return "\t".join((iso(r.second)[:10], iso(r.second)[11:19], "FRA56-P1", str(r.bytes), "192.0.2.17", r.method, "d1.cloudfront.net",
                      _text(r.path), str(r.status), "-", AGENT, r.query or "-", "-", result, "SOX4xwn4==", "www.example.com", "https", "151",
                      f"{r.ms / 1000:.3f}", "-"))


def csv(r):
    path = r.target(_text).replace('"', '""')
    return f'{iso(r.second, 5)},{r.method},"{path}",{r.status},{r.bytes},{r.ms}'


def tsv(r):
    return f"{r.second}\t{r.ms * 1000}\t{r.bytes}\t{r.status}\thttps://www.example.com{r.target(_text)}"


# By name: the format as serverful traffic names it, the writer of a line, the header, whether the lines have durations and the resolution.
FORMATS = {
    "nginx combined": ("combined (nginx or Apache)", combined_nginx, "", False, 1000000),
    "Apache combined": ("combined (nginx or Apache)", combined_apache, "", False, 1000000),
    "Apache common": ("common (Apache)", common, "", False, 1000000),
    "nginx JSON": ("JSON (nginx)", json_nginx, "", True, 1000),
    "nginx JSON with escape=json": ("JSON (nginx)", json_escaped, "", True, 1000000),
    "--access-log": ("serverful pool --access-log", pool, "", True, 1000),
    "ALB": ("ALB", alb, "", True, 1),
    "HTTP API CLF": ("API Gateway HTTP API, CLF", http_api_clf, "", False, 1000000),
    "HTTP API JSON": ("API Gateway HTTP API, JSON", http_api_json, "", True, 1000000),
    "REST API CLF": ("API Gateway REST API, CLF", rest_api_clf, "", False, 1000000),
    "REST API JSON": ("API Gateway REST API, JSON", rest_api_json, "", True, 1000),
    "CloudFront": ("CloudFront", cloudfront, CLOUDFRONT, True, 1000000),
    "CSV": ("CSV", csv, "time,method,path,status,bytes,duration_ms\n", True, 1000),
    "TSV": ("CSV", tsv, "Timestamp\tduration_us\tSize\tStatus\tURL\n", True, 1000000),
}


def write(name, requests):
    """The bytes of a log."""
    _, line, header, _, _ = FORMATS[name]
    return (header + "".join(line(r) + "\n" for r in requests)).encode()
