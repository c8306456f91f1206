#!/usr/bin/python3
"""make lambda: the contents of the packages, that equal inputs give equal bytes, and that both bootstraps, the one for arm64
under qemu, answer alike from the packed snapshot."""

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
from store import jieba_store, serverful, sql

MB = 1000 * 1000
FUNCTIONS = {"x86_64/function.zip": 62, "arm64/function.zip": 183}  # with the machine's number in ELF
PACKAGES = [*FUNCTIONS, "layer.zip"]
MADE_ELSEWHERE = ["arm64/function.zip", "layer.zip"]  # the build for x86_64 differs in its compiler's name only
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


def packages(directory, names=PACKAGES):
    """Return packages of a build directory, as bytes by name."""
    return {name: read(os.path.join(directory, "lambda", name)) for name in names}


def made_elsewhere(directory):
    """Make a function and the layer in another directory, from the same snapshot with another time stamp, under
    another umask and time zone, and with CFLAGS in the environment, which must not matter. Returns them by name."""
    build = os.path.join(directory, "elsewhere", "build")
    sysroot = os.path.join("lambda", "arm64", "sysroot")
    shutil.copytree(os.path.join(tap.BUILD, sysroot), os.path.join(build, sysroot), symlinks=True)
    shutil.copyfile(os.path.join(tap.BUILD, "lambda", "serverful.snapshot"), os.path.join(build, "other.name"))
    os.utime(os.path.join(build, "other.name"), (2000000000, 2000000000))
    other = {"umask": 0o077, "environment": {"TZ": "Asia/Shanghai", "CFLAGS": "-g -O1"}}
    configure = os.path.relpath(os.path.join(tap.SOURCE, "configure"), build)
    run([configure, "-q", "--enable-bootstrap-only"], build, **other)
    run(["make", "-s", "-j2", "lambda-arm64", "lambda-layer", "SNAPSHOT=other.name"], build, **other)
    return packages(build, MADE_ELSEWHERE)


def snapshot_of_another_store(directory):
    """Compile a store that `serverful init` created and that has the same data. Returns the bytes of the snapshot."""
    store, snapshot = jieba_store(directory), os.path.join(directory, "another.snapshot")
    trigger = sql(store, "SELECT sql FROM sqlite_schema WHERE name = 'revision_update';")
    sql(store, "DROP TRIGGER revision_update; UPDATE revision SET n = 0 WHERE part = 'store';" + trigger + ";")
    serverful("snapshot", "--store", store, "--snapshot", snapshot)
    return read(snapshot)


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
tap.plan(5 * len(PACKAGES) + 3 * len(FUNCTIONS) + 2 + len(MADE_ELSEWHERE) + 1)
with tempfile.TemporaryDirectory() as directory:
    run(["make", "-s", "lambda"], tap.BUILD)
    first = packages(tap.BUILD)
    programs = {}
    for name, machine in FUNCTIONS.items():
        program = layout(name, first[name], "bootstrap", 0o755, MB)
        elf(name, program, machine)
        programs[machine] = unpack(directory, f"bootstrap-{machine}", program)
    snapshot = unpack(directory, "serverful.snapshot",
                      layout("layer.zip", first["layer.zip"], "serverful.snapshot", 0o644, 8 * MB))
    compare(programs[62], programs[183], snapshot)
    second = made_elsewhere(directory)
    for name in MADE_ELSEWHERE:
        tap.ok(first[name] == second[name], f"{name} has the same bytes when another directory makes it")
    tap.ok(read(snapshot) == snapshot_of_another_store(directory), "the snapshot has the same bytes from another store with the same data")
tap.done()
