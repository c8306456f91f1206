"""Downloads the price lists of a region from AWS, and reads them as they arrive."""

import gzip
import http.client
import io
import json
import sys
import urllib.error
import urllib.request
import zlib

import lists
from failure import Failure
from rules import RULES

HOSTS = {"aws": "https://pricing.us-east-1.amazonaws.com", "cn": "https://pricing.cn-north-1.amazonaws.com.cn"}
GLOBAL = ("AmazonCloudFront", "AmazonRoute53")  # services whose prices are in no region's file
TIMEOUT = 60  # seconds without a byte
MISSING = (403, 404)
NETWORK = "download the lists where there is a network, and use 'serverful prices import'"


class _Body(io.RawIOBase):
    """The body of a response, which fails where the connection ends too early."""

    def __init__(self, response, url):
        self._response, self._url = response, url
        length = response.headers.get("Content-Length", "")
        self._left = int(length) if length.isascii() and length.isdigit() else None

    def readable(self):
        return True

    def readinto(self, buffer):
        try:
            found = self._response.read(len(buffer))
        except (OSError, http.client.HTTPException) as error:
            raise Failure(f"the download of {self._url} ended too early: {error}") from None
        buffer[:len(found)] = found
        if self._left is not None:
            self._left -= len(found)
            if not found and self._left > 0:
                raise Failure(f"the download of {self._url} ended too early: {self._left:,} bytes are missing")
        return len(found)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but none that gives up TLS."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if req.type == "https" and not newurl.startswith("https:"):
            raise Failure(f"{req.full_url} redirects to {newurl}, which has no TLS: it may not be AWS that answers ({NETWORK})")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


_OPENER = urllib.request.build_opener(_Redirects)


def _open(url):
    """Return the body of a URL as a binary file, or None where there is no such file."""
    try:
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip", "User-Agent": "serverful"})
        return io.BufferedReader(_Body(_OPENER.open(request, timeout=TIMEOUT), url), 1 << 16)
    except urllib.error.HTTPError as error:
        if error.code in MISSING:
            return None
        raise Failure(f"{url} answers {error.code} {error.reason}: try again later") from None
    except (OSError, http.client.HTTPException, ValueError) as error:  # a ValueError is one of the URL
        raise Failure(f"cannot download {url}: {getattr(error, 'reason', error)} ({NETWORK})") from None


def _plan(host, partition, region):
    """Return the path of a region's Savings Plans, or None."""
    url = f"{host}/savingsPlan/v1.0/{partition}/AWSComputeSavingsPlan/current/region_index.json"
    body = _open(url)
    if not body:
        return None
    try:
        regions = json.loads(lists.unpacked(body).read(1 << 24))["regions"]
        path = next((one["versionUrl"] for one in regions if one["regionCode"] == region), None)
        return path.removesuffix(".json") + ".csv" if path else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, EOFError, zlib.error, gzip.BadGzipFile):
        raise Failure(f"{url} is not as AWS's index of Savings Plans is") from None


def paths(partition, region):
    """Yield (name, path) of the lists of a region. CloudFront's prices in China are not those of its other edges."""
    services = sorted({rule.service for rule in RULES} - set(GLOBAL))
    for service in services:
        yield service, f"/offers/v1.0/{partition}/{service}/current/{region}/index.csv"
    for service in GLOBAL if partition == "aws" else ():
        yield service, f"/offers/v1.0/{partition}/{service}/current/index.json"


def _take(collector, host, name, path):
    """Read one list. Returns whether there is one."""
    body = path and _open(host + path)
    print(f"{name}: {'reading' if body else 'no list for this region'}", file=sys.stderr)
    if body:
        with body:
            lists.read(body, host + path, collector)
    return bool(body)


def fetch(collector, region, host=None):
    partition = "cn" if region.startswith("cn-") else "aws"
    host = (host or HOSTS[partition]).rstrip("/")
    found = [_take(collector, host, name, path) for name, path in paths(partition, region)]
    if not any(found[:-len(GLOBAL)] if partition == "aws" else found):
        raise Failure(f"{host} has no list for '{region}': give the code of a region, such as eu-central-1")
    if region not in collector.regions:
        raise Failure(f"the lists of {host} for '{region}' have no price of that region: it may not be AWS that answers")
    _take(collector, host, "AWSComputeSavingsPlan", _plan(host, partition, region))
