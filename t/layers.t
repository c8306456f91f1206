#!/usr/bin/python3
"""The rooms of src/: which rooms, libraries and system headers each may include, and that no two files include each other in
a circle. The modules of compare/: none imports itself through others, and which of them compare/aws/ imports."""

import ast
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

SRC = os.path.join(tap.SOURCE, "src")

# The headers of each library, and those of the system in groups.
HEADERS = {
    "curl": "curl/curl.h",
    "jansson": "jansson.h",
    "libevent": "event2/buffer.h event2/event.h event2/http.h event2/keyvalq_struct.h",
    "libevent_openssl": "event2/bufferevent_ssl.h openssl/ssl.h",
    "libfcgi": "fcgiapp.h",
    "minizip": "unzip.h",
    "sqlite3": "sqlite3.h",
    "xxhash": "xxhash.h",
    "zlib": "zlib.h",
    "memory": "malloc.h",
    "C": "assert.h ctype.h errno.h float.h inttypes.h limits.h math.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h "
         "string.h strings.h",
    "clock": "time.h",
    "files": "fcntl.h libgen.h sys/mman.h sys/stat.h sys/types.h sys/uio.h unistd.h",
    "directories": "dirent.h sys/file.h",
    "site": "dirent.h elf.h fnmatch.h glob.h grp.h pwd.h sys/socket.h sys/un.h",
    "processes": "signal.h stdatomic.h sys/prctl.h sys/signalfd.h sys/syscall.h sys/time.h sys/wait.h unistd.h",
    "sandbox": "linux/landlock.h",
    "sockets": "arpa/inet.h netdb.h netinet/in.h netinet/tcp.h poll.h sys/epoll.h sys/socket.h sys/uio.h sys/un.h",
    "options": "getopt.h unistd.h",
    "queue": "sys/queue.h",
    "threads": "pthread.h stdatomic.h",
    "random": "sys/random.h",
}

# What a room may include: rooms below it, or single files of others; libraries and groups of headers.
ROOMS = {
    "util": ("", "C clock files"),
    "segmenter": ("util", "C"),
    "lexicon": ("segmenter util", "C jansson"),
    "snapshot": ("segmenter util", "C directories files xxhash"),
    "store": ("snapshot lexicon segmenter util", "C files sqlite3"),
    "api": ("segmenter snapshot util", "C jansson xxhash"),
    "fastcgi": ("store api snapshot util", "C clock files memory processes sandbox sockets libfcgi"),
    "lambda": ("api snapshot util", "C clock memory processes sockets jansson zlib"),
    "lambda_host": ("util", "C clock files processes queue random sockets jansson libevent"),
    "simulator": ("util", "C threads"),
    "planner": ("simulator util", "C sqlite3 xxhash"),
    "load": ("util", "C processes sockets libevent libevent_openssl"),
    "probe": ("store util", "C clock processes queue curl"),
    "doctor": ("store snapshot util fastcgi/pool_options.h", "C files site minizip"),
    "traffic": ("lexicon/csv.h util", "C files sqlite3 xxhash zlib"),
    "cli": ("util segmenter lexicon snapshot store api fastcgi lambda lambda_host doctor traffic planner", "C clock options"),
}

COMPARE = os.path.join(tap.SOURCE, "compare")
# What the modules of compare/aws/ may import of compare/.
BELOW_AWS = {"evidence", "failure", "lambda_log", "measure", "options", "results"}


def generated():
    """The headers that make generates, which stand in no room."""
    with open(os.path.join(tap.SOURCE, "Makefile.am"), encoding="utf-8") as file:
        return set(re.findall(r"(?<![/\w])\w+\.h\b", file.read()))


def includes(text):
    """The names that a file includes; None for a line that is not understood."""
    for line in re.findall(r"^\s*#\s*(?:include(?:_next)?|import)\b.*", text, re.M):
        found = re.fullmatch(r'\s*#\s*(?:include|import)\s+(?:<([^>]+)>|"([^"]+)")\s*(?:/[/*].*)?', line)
        yield found and (found[1] or found[2])


def refused(room, text):
    """What a file in this room may not include."""
    rooms, groups = ROOMS[room]
    headers = {header for group in groups.split() for header in HEADERS[group].split()} | GENERATED
    for name in includes(text):
        if name is None:
            yield "a header whose name is computed"
        elif name.split("/")[0] in ROOMS and "/" in name:
            if not {name, name.split("/")[0]} & {room, *rooms.split()}:
                yield name
        elif name not in headers:
            yield name


def circles(modules):
    """The groups of modules that reach each other; `modules` has the modules that each includes."""
    def reach(start):
        seen, ahead = set(), [start]
        while ahead:
            for module in modules.get(ahead.pop(), ()):
                if module not in seen:
                    seen.add(module)
                    ahead.append(module)
        return seen
    reached = {module: reach(module) for module in modules}
    return {frozenset(other for other in reached[module] if module in reached.get(other, ())) for module in modules
            if module in reached[module]}


def module_of(path):
    """A module is a .c and the .h of the same name."""
    return os.path.splitext(path)[0]


def texts():
    """The text of each file by its path below src/."""
    for path in sorted(glob.glob(os.path.join(SRC, "*", "*.[ch]"))):
        with open(path, encoding="utf-8") as file:
            yield os.path.relpath(path, SRC), file.read()


def check_rooms(files):
    for room, (rooms, groups) in ROOMS.items():
        wrong = [f"{path} includes {name}" for path, text in files.items() if path.split("/")[0] == room
                 for name in refused(room, text)]
        tap.ok(not wrong, f"src/{room} includes no room but: {rooms or 'none'}; no header but those of: {groups}",
               "\n".join(wrong))
    tap.equal(sorted({path.split("/")[0] for path in files}), sorted(ROOMS), "every room of src/ has files and a rule")


def check_circles(files):
    modules = {}
    for path, text in files.items():
        inner = {module_of(name) for name in includes(text) if name in files}
        modules.setdefault(module_of(path), set()).update(inner - {module_of(path)})
    found = sorted(", ".join(sorted(circle)) for circle in circles(modules))
    tap.ok(not found, "no two modules of src/ include each other in a circle", "\n".join(found))


def imports(text, package):
    """The names that the text of a module imports. `package` is the name of its package, or "" for none."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = [package if node.level else "", node.module or ""]
            within = ".".join(filter(None, names))
            yield from (f"{within}.{alias.name}" for alias in node.names)
            yield within


def compared():
    """The modules of compare/, each with those of compare/ that it imports."""
    found = {}
    for path in glob.glob(os.path.join(COMPARE, "**", "*.py"), recursive=True):
        name = os.path.splitext(os.path.relpath(path, COMPARE))[0].replace("/", ".").removesuffix(".__init__")
        package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        with open(path, encoding="utf-8") as file:
            found[name] = set(imports(file.read(), package))
    return {name: inner & found.keys() - {name, name.rpartition(".")[0]} for name, inner in found.items()}


def check_compare(modules):
    found = sorted(", ".join(sorted(circle)) for circle in circles(modules))
    tap.ok(not found, "no module of compare/ imports itself through others", "\n".join(found))
    of_aws = {name for name in modules if name.startswith("aws.")}
    used = set().union(*(modules[name] for name in of_aws)) - of_aws
    tap.equal(sorted(used), sorted(BELOW_AWS), "the modules of compare/aws/ import no others of compare/ than they may")
    tap.equal(sorted(name for name in modules.keys() - of_aws if modules[name] & of_aws), ["compare"], "compare/compare.py alone imports compare/aws/")


def check_checks():
    """The checks find what they look for."""
    for header in "openssl/ssl.h", "event2/event.h", "zlib.h", "sqlite3.h", "unistd.h", "time.h", "fastcgi/pool.h":
        tap.equal(list(refused("api", f"#include <{header}>\n")), [header], f"a handler that includes {header} is refused")
    tap.equal(list(refused("api", '#include "jansson.h"\n#include "api/route.h"\n#include <stdlib.h>\n')), [],
              "a handler that includes Jansson, its own room and the C library is accepted")
    tap.equal(list(refused("api", "#include HEADER\n")), ["a header whose name is computed"],
              "an include of a macro is refused")
    tap.equal(list(refused("api", "#import <zlib.h>\n")), ["zlib.h"], "a header that #import names is refused, too")
    tap.equal(circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}), {frozenset("abc")}, "a circle of three is found")
    tap.equal(set(imports("import os.path\ndef f():\n    from . import a\n    from .b import c\n    from failure import Failure\n", "aws")),
              {"os.path", "aws", "aws.a", "aws.b", "aws.b.c", "failure", "failure.Failure"}, "the imports of a module of Python are found, also those in functions")


GENERATED = generated()
tap.plan(len(ROOMS) + 17)
files = dict(texts())
check_rooms(files)
check_circles(files)
check_compare(compared())
check_checks()
tap.done()
