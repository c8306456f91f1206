"""Installs what the benchmarks need: Debian packages, as root or through sudo, and other software below the build directory."""

import os
import shutil
import subprocess


class Missing(Exception):
    """A requirement is missing and cannot be installed. The text names it."""


def _is_installed(package):
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
    return query.stdout == "install ok installed"


def packages(*names, commands=()):
    """Install Debian packages, except where they, or all of the commands they provide, are there. Raises Missing."""
    if commands and all(shutil.which(command) for command in commands):
        return
    missing = [name for name in names if not _is_installed(name)]
    if not missing:
        return
    sudo = [] if os.getuid() == 0 else ["sudo", "-n"]
    print("installing", *missing, flush=True)
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    try:
        run([*apt, "update"])
        run([*apt, "install", "-y", "--no-install-recommends", *missing])
    except (OSError, Missing):
        raise Missing(f"cannot install {' '.join(missing)}") from None


def run(command, directory=None, log=os.devnull):
    """Run a command with its output in the log. Raises Missing if it fails."""
    with open(log, "a", encoding="utf-8") as out:
        ended = subprocess.run(command, cwd=directory, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    if ended.returncode:
        raise Missing(f"{command[0]} {command[1]} failed; see {log}")
