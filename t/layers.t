#!/usr/bin/python3
"""The direction of the arrows: who may include whom in src/."""

import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

LIBRARIES = {"sqlite3.h": "sqlite3", "fcgiapp.h": "libfcgi", "jansson.h": "jansson", "xxhash.h": "xxhash",
             "event2/event.h": "libevent", "event2/http.h": "libevent",
             "unzip.h": "minizip"}
MAY = {
    "util": "",
    "segmenter": "util",
    "lexicon": "segmenter util jansson",
    "snapshot": "segmenter util xxhash",
    "store": "snapshot lexicon segmenter util sqlite3",
    "api": "segmenter snapshot util jansson",
    "fastcgi": "store api snapshot util libfcgi",
    "lambda": "api snapshot util jansson",
    "lambda_host": "util jansson libevent",
    "load": "libevent",
    "doctor": "store snapshot util minizip",
    "cli": "util segmenter lexicon snapshot store api fastcgi lambda lambda_host doctor",
}
FILES = {("doctor", "fastcgi/pool_options.h")}  # who may include a single file of a layer


def layers_of(path):
    """What the file includes: layers of src/ and libraries of others."""
    with open(path, encoding="utf-8") as file:
        names = re.findall(r'^\s*#\s*include\s+["<]([^">]+)[">]', file.read(), re.M)
    layer = path.split(os.sep)[-2]
    inner = {name.split("/")[0] for name in names if "/" in name and (layer, name) not in FILES} & set(MAY)
    return inner | {LIBRARIES[name] for name in names if name in LIBRARIES}


for layer, may in MAY.items():
    source = os.path.join(tap.SOURCE, "src")
    files = sorted(glob.glob(os.path.join(source, layer, "*.[ch]")))
    wrong = []
    for path in files:
        name = os.path.relpath(path, source)
        allowed = {layer, *may.split()}
        wrong += [f"{name} includes {other}" for other in sorted(layers_of(path) - allowed)]
    tap.ok(files and not wrong, f"{layer} includes only: {may or 'nothing'}", "\n".join(wrong))
tap.equal(sorted(os.listdir(os.path.join(tap.SOURCE, "src"))), sorted(MAY), "every directory of src/ has its rule")
tap.done()
