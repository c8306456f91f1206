"""The packages of the function where `make lambda` has made none: its program is that of the Debian package, its words and images those of a new
store."""

import io
import os
import subprocess
import tarfile
import zipfile

from failure import Failure

from . import plan
from .deploy import architecture_of

PROGRAM = "./usr/libexec/serverful/bootstrap"
BUILD = "give a package that './dev deb' built"


def _ask(option, package, *fields):
    """Return what dpkg-deb writes about a package. Raises Failure also where it has written something: that may be damaged."""
    try:
        run = subprocess.run(["dpkg-deb", option, package, *fields], capture_output=True, check=False)
    except FileNotFoundError:
        raise Failure("cannot find dpkg-deb: install the package dpkg, or give --function, the directory of 'make lambda'") from None
    why = " ".join(run.stderr.decode(errors="replace").split())
    if run.returncode:
        raise Failure(f"cannot take {PROGRAM[1:]} out of {package}: {why} ({BUILD})")
    return run.stdout


def _program(package):
    """Return the program of the function that a Debian package has, which is for the architecture in the package's name."""
    architecture, named = _ask("--field", package, "Architecture").decode().strip(), architecture_of(package)
    if architecture != named:
        raise Failure(f"{package} is for the architecture {architecture}, and not for {named}, with which its name ends ({BUILD})")
    try:
        with tarfile.open(fileobj=io.BytesIO(_ask("--fsys-tarfile", package))) as archive:
            return archive.extractfile(PROGRAM).read()
    except (tarfile.TarError, KeyError):
        raise Failure(f"cannot take {PROGRAM[1:]} out of {package}: it is not there ({BUILD})") from None


def _snapshot(directory):
    """Return the snapshot of a new store."""
    store, snapshot = os.path.join(directory, "store.db"), os.path.join(directory, "serverful.snapshot")
    for command in (("init", "--store", store), ("import", "--store", store), ("snapshot", "--store", store, "--snapshot", snapshot)):
        run = subprocess.run([os.environ["SERVERFUL"], *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        if run.returncode:
            raise Failure(f"serverful {command[0]} failed: {' '.join(run.stderr.split())[-300:]}")
    with open(snapshot, "rb") as file:
        return file.read()


def _pack(path, name, mode, content):
    """Make a zip with one entry."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(entry, content)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error.strerror} (set TMPDIR to a directory that has room)") from error


def make(package, directory):
    """Make the packages of the function in a directory, as `make lambda` does. Returns the directory. Raises Failure."""
    _pack(os.path.join(directory, plan.LAMBDA_WORDS[architecture_of(package)], "function.zip"), "bootstrap", 0o755, _program(package))
    _pack(os.path.join(directory, "layer.zip"), "serverful.snapshot", 0o644, _snapshot(directory))
    return directory
