#!/usr/bin/python3
"""make lambda: the contents of the packages, that equal inputs give equal bytes, and that both bootstraps, the one for arm64
under qemu, answer alike from the packed snapshot. Here this build makes the packages for arm64 and of the snapshot, and another
directory that for x86_64."""

import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import cases
import events
import tap
import texts
from runtime_api import Bootstrap, RuntimeApi
from snapshot import HEADER
from store import jieba_snapshot, jieba_store, serverful, small_jieba_data, sql

MB = 1000 * 1000
FUNCTIONS = {"x86_64/function.zip": 62, "arm64/function.zip": 183}  # with the machine's number in ELF
PACKAGES = [*FUNCTIONS, "layer.zip"]
# What a Makefile needs for the rules of lambda/lambda.am.
MAKEFILE = "srcdir = {}\nAM_V_GEN = @\nMKDIR_P = mkdir -p\ninclude $(srcdir)/lambda/lambda.am\n"
PT_INTERP = 3
RUN_ARM64 = "qemu-aarch64-static"
NEEDED = ["zip", "aarch64-linux-gnu-gcc", RUN_ARM64]
IMAGE = re.compile(rb"https://s2\.loli\.net/[\w/]+\.jpg")  # one of five by chance


def run(command, cwd, **options):
    """Run a command without the variables of the make that runs this test. The test ends where it fails."""
    inherited = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "TZ")
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    environment.update(options.pop("environment", {}))
    ran = subprocess.run(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, errors="replace", **options)
    if ran.returncode:
        tap.give_up(" ".join(command) + " succeeds", ran.stdout[-3000:])


def read(path):
    with open(path, "rb") as file:
        return file.read()


def package(directory, name):
    """Return the bytes of a package of a build directory."""
    return read(os.path.join(directory, "lambda", name))


def make_here(snapshot):
    """Make the function for arm64 and the layer in this build. Returns the packages by name."""
    run(["make", "-s", "lambda-arm64", "lambda-layer", "SNAPSHOT=" + snapshot], tap.BUILD)
    return {name: package(tap.BUILD, name) for name in ("arm64/function.zip", "layer.zip")}


def x86_64_here(directory):
    """Pack bootstrap of this build. Where it is built with other options than usual, make lambda builds another one."""
    with open(os.path.join(tap.BUILD, "Makefile"), encoding="utf-8") as file:
        usual = "\nCFLAGS = -g -O2\n" in file.read()
    if not usual:
        run(["make", "-s", "lambda-x86_64"], tap.BUILD)
        return package(tap.BUILD, "x86_64/function.zip")
    run(["make", "-s", "lambda/bootstrap"], tap.BUILD)
    path = os.path.join(directory, "function.zip")
    run([os.path.join(tap.SOURCE, "lambda", "pack"), path, "bootstrap", "0755", os.path.join(tap.BUILD, "lambda", "bootstrap")], directory)
    return read(path)


def make_elsewhere(directory, snapshot, data):
    """Make the function for x86_64 and the layer in another directory, from the same snapshot with another time stamp, under
    another umask and time zone, and with CFLAGS in the environment, which must not matter; and the snapshot of a new store with
    some data. Returns the packages by name, and that snapshot."""
    build = os.path.join(directory, "elsewhere", "build")
    os.makedirs(build)
    shutil.copyfile(snapshot, os.path.join(build, "other.name"))
    os.utime(os.path.join(build, "other.name"), (2000000000, 2000000000))
    os.symlink(tap.SERVERFUL, os.path.join(build, "serverful"))
    with open(os.path.join(build, "Makefile"), "w", encoding="utf-8") as file:
        file.write(MAKEFILE.format(os.path.relpath(tap.SOURCE, build)))
    other = {"umask": 0o077, "environment": {"TZ": "Asia/Shanghai", "CFLAGS": "-g -O1"}}
    run(["make", "-s", "-j2", "lambda-x86_64", "lambda-layer", "SNAPSHOT=other.name"], build, **other)
    run(["make", "-s", "lambda/serverful.snapshot", "IMPORT=--jieba-data " + data], build, **other)
    return {name: package(build, name) for name in ("x86_64/function.zip", "layer.zip")}, package(build, "serverful.snapshot")


def compiled(directory, store):
    """Compile a store as that of make lambda is compiled, with 0 in place of each random number. Returns the snapshot's path."""
    snapshot = os.path.join(directory, "compiled.snapshot")
    trigger = sql(store, "SELECT sql FROM sqlite_schema WHERE name = 'revision_update';")
    sql(store, "DROP TRIGGER revision_update; UPDATE revision SET n = iif(part = 'store', 0, n >> 20 << 20);" + trigger + ";")
    serverful("snapshot", "--store", store, "--snapshot", snapshot)
    return snapshot


def new_store(directory, data):
    """Create a store with some data by `serverful init`. Returns its path."""
    store = os.path.join(directory, "new.db")
    serverful("init", "--store", store)
    serverful("import", "--store", store, "--jieba-data", data)
    return store


def layout(name, package, entry, mode, limit):
    """Check that a package has this entry only. Returns the entry's bytes."""
    tap.ok(len(package) < limit, f"{name} has {len(package)} bytes, fewer than {limit}")
    with zipfile.ZipFile(io.BytesIO(package)) as file:
        tap.equal(file.namelist(), [entry], f"{name} has one entry, {entry}")
        info = file.infolist()[0]
        tap.equal(oct(info.external_attr >> 16), oct(0o100000 | mode), f"{name}: {entry} is a regular file of mode {mode:o}")
        tap.equal((info.date_time, info.create_system), ((1980, 1, 1, 0, 0, 0), 3),
                  f"{name}: the entry's time is 1980-01-01, and its system Unix")
        local_extra = struct.unpack_from("<H", package, info.header_offset + 28)[0]
        more = info.extra, local_extra, info.comment, file.comment
        tap.equal(more, (b"", 0, b"", b""), f"{name} has neither extra fields nor comments")
        return file.read(entry)


def elf(name, program, machine):
    """Check that a program is static, stripped, and for the machine."""
    magic, got, offset, sections = struct.unpack_from("<7s11xH12xQQ", program)
    tap.equal((magic, got), (b"\x7fELF\x02\x01\x01", machine), f"{name}: the program is for ELF machine {machine}")
    size, count, section_size, section_count = struct.unpack_from("<4H", program, 54)
    segments = [struct.unpack_from("<I", program, offset + i * size)[0] for i in range(count)]
    tap.ok(1 in segments and PT_INTERP not in segments, f"{name}: the program is static", segments)
    kinds = [struct.unpack_from("<I", program, sections + i * section_size + 4)[0] for i in range(section_count)]
    tap.ok(2 not in kinds and b".debug_info" not in program, f"{name}: the program is stripped", kinds)


def all_events():
    """Return events: each case in each shape that can carry it, and texts for the dictionary and the model."""
    found = [json.dumps(events.event(shape, case["request"])) for shape in events.SHAPES for case in cases.load()
             if not events.misfit(shape, case["request"])]
    found += [json.dumps({"text": text, "mode": mode}) for text in texts.generated(5, 300)
              for mode in ("accurate", "full", "search")]
    return found + ["{}", "[]", "no JSON"]


def answers(command, snapshot, asked):
    """Return the answers of a bootstrap to the events."""
    with RuntimeApi() as api, Bootstrap(api, snapshot, command=command):
        results = [api.invoke(event) for event in asked]
    return [(result.kind, result.type, IMAGE.sub(b"an image", result.body)) for result in results]


def subdirectory(directory, name):
    path = os.path.join(directory, name)
    os.mkdir(path)
    return path


def unpack(directory, name, content):
    path = os.path.join(directory, name)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, 0o755)
    return path


def compare(x86_64, arm64, snapshot):
    """Check that both bootstraps answer all events alike."""
    asked = all_events()
    expected, got = answers([x86_64], snapshot, asked), answers([RUN_ARM64, arm64], snapshot, asked)
    different = [f"{event[:300]}\n  x86_64: {one}\n  arm64:  {other}"
                 for event, one, other in zip(asked, expected, got) if one != other]
    tap.ok(len(asked) > 1000 and not different, f"both bootstraps answer {len(asked)} events alike", "\n".join(different[:5]))
    counts = [sum(needle in body for _, _, body in got) for needle in (b"an image", b'\\"words\\"', b'\\"result\\"')]
    tap.ok(min(counts) > 5, f"the answers include images, words and results: {counts}")


missing = [program for program in NEEDED if not shutil.which(program)]
if missing:
    tap.skip_all(f"not installed: {', '.join(missing)}")
if "SERVERFUL_VALGRIND" in os.environ:
    tap.skip_all("no program that is packed runs under valgrind")
tap.plan(5 * len(PACKAGES) + 3 * len(FUNCTIONS) + 2 + 2 + 2)
with tempfile.TemporaryDirectory() as directory:
    content = compiled(directory, jieba_store(directory))
    data = small_jieba_data(directory)
    here = make_here(content)
    elsewhere, small = make_elsewhere(directory, content, data)
    programs = {}
    for name, machine in FUNCTIONS.items():
        program = layout(name, {**here, **elsewhere}[name], "bootstrap", 0o755, MB)
        elf(name, program, machine)
        programs[machine] = unpack(directory, f"bootstrap-{machine}", program)
    snapshot = unpack(directory, "serverful.snapshot",
                      layout("layer.zip", here["layer.zip"], "serverful.snapshot", 0o644, 8 * MB))
    compare(programs[62], programs[183], snapshot)
    tap.ok(elsewhere["layer.zip"] == here["layer.zip"], "layer.zip has the same bytes when another directory makes it")
    tap.ok(elsewhere["x86_64/function.zip"] == x86_64_here(directory), "x86_64/function.zip has the same bytes when another directory makes it")
    size = struct.calcsize(HEADER)
    tap.ok(read(snapshot)[size:] == read(jieba_snapshot(directory))[size:], "the snapshot has the same content when another process compiles it")
    again = compiled(subdirectory(directory, "again"), new_store(directory, data))
    tap.ok(small == read(again), "the snapshot of make lambda has the same bytes from another store with the same data")
tap.done()
