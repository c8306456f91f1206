"""Reads the file of places: where the store's words and images are served. serverful-publish(1) describes it."""

import urllib.parse
from collections import namedtuple

from problem import Problem

# A host: `target` is where rsync writes the snapshot, or "-" where the host fetches it. A stack of `make deploy`.
Host = namedtuple("Host", "name target url")
Stack = namedtuple("Stack", "name stack region url")

KINDS = {"host": Host, "lambda": Stack}
FORMS = "host NAME TARGET URL, or lambda NAME STACK REGION URL"


def _check_url(url):
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https", "fcgi") or not parts.hostname:
        raise ValueError(f"'{url}' is no URL of http, https or fcgi")
    if parts.scheme == "fcgi" and not parts.port:
        raise ValueError(f"'{url}' has no port: write fcgi://HOST:PORT/status")


def _parse(words):
    """The place that a line describes."""
    kind, *fields = words
    if kind not in KINDS or len(fields) != len(KINDS[kind]._fields):
        raise ValueError(f"write {FORMS}")
    place = KINDS[kind](*fields)
    if kind == "host" and place.target != "-" and place.target.startswith("-"):
        raise ValueError(f"'{place.target}' is no target: write that of rsync, or - for a host that fetches the snapshot")
    _check_url(place.url)
    return place


def _read_lines(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise Problem(f"cannot read the file of places '{path}': {why}: name a file with --places; serverful-publish(1) describes it") from error


def read_places(path, names):
    """Return the places of a file, in its order; with `names`, only those."""
    found = {}
    for number, line in enumerate(_read_lines(path), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            place = _parse(words)
            if place.name in found:
                raise ValueError(f"there are two places '{place.name}'")
        except ValueError as error:
            raise Problem(f"{path}, line {number}: {error}") from error
        found[place.name] = place
    for name in names:
        if name not in found:
            raise Problem(f"{path} has no place '{name}', but {', '.join(found) or 'none at all'}")
    if not found:
        raise Problem(f"{path} has no place: write {FORMS}")
    return [place for place in found.values() if not names or place.name in names]
