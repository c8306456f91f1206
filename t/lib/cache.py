"""Files that tests make once and use again: in the next run, under sanitizers, and in other clones. They are kept in
~/.cache/serverful-tests; SERVERFUL_TEST_CACHE names another directory. A file's name says what it was made from, so none is
ever stale."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import time

from tap import BUILD

KEPT = 30 * 24 * 3600  # seconds that a file is kept after its last use


def _directory():
    """The directory of the cache: in the build directory where there is no home that can be written to."""
    chosen = os.environ.get("SERVERFUL_TEST_CACHE")
    home = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "serverful-tests")
    for path in [chosen] if chosen else [home, os.path.join(BUILD, "cache")]:
        with contextlib.suppress(OSError):
            os.makedirs(path, exist_ok=True)
        if os.path.isdir(path) and os.access(path, os.W_OK):
            return os.path.abspath(path)
    raise RuntimeError(f"cannot write to {chosen or BUILD}: set SERVERFUL_TEST_CACHE to a directory for the tests' files")


DIRECTORY = _directory()


def digest(*parts):
    """A short hash of texts and bytes."""
    found = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(data) + data)
    return found.hexdigest()[:24]


def digest_of_files(paths):
    """A short hash of the content of files."""
    contents = []
    for path in sorted(paths):
        with open(path, "rb") as file:
            contents.append(hashlib.sha256(file.read()).hexdigest())
    return digest(*contents)


@contextlib.contextmanager
def _lock(name):
    """Hold a lock that only one process has at a time."""
    with open(os.path.join(DIRECTORY, name + ".lock"), "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sizes(path):
    """The names and sizes of the files of a directory, as a text."""
    return "".join(sorted(f"{entry.stat().st_size} {entry.name}\n" for entry in os.scandir(path)
                          if entry.is_file() and entry.name != ".complete"))


def _is_complete(path):
    """Whether a directory has the files that it was made with: none is missing or cut short."""
    try:
        with open(os.path.join(path, ".complete"), encoding="utf-8") as file:
            return file.read() == _sizes(path)
    except OSError:
        return False


def made(name, make):
    """The path of a directory of the cache, which `make(path)` fills where it is not there yet. Other processes wait for it.
    `name` is of the form kind-hash; other directories of the kind are removed after a month without use."""
    path, kind = os.path.join(DIRECTORY, name), name.partition("-")[0]
    with _lock(kind):
        if not _is_complete(path):
            remove_old(DIRECTORY, kind + "-")
            shutil.rmtree(path, ignore_errors=True)
            os.makedirs(path)
            make(path)
            with open(os.path.join(path, ".complete"), "w", encoding="utf-8") as file:
                file.write(_sizes(path))
        used(path)
    return path


def used(path):
    """Note that a file or directory of the cache is in use."""
    with contextlib.suppress(OSError):
        os.utime(path)


def remove_old(directory, prefix=""):
    """Remove the files and directories that nothing has used for a month."""
    for entry in os.scandir(directory):
        with contextlib.suppress(FileNotFoundError):  # another process removes it, too
            if entry.name.startswith(prefix) and time.time() - entry.stat().st_mtime > KEPT:
                shutil.rmtree(entry.path) if entry.is_dir() else os.unlink(entry.path)
