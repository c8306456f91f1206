"""Debian packages of this tree, for tests that install them."""

import glob
import os
import shutil
import subprocess

import tap

# lintian and a machine read the package alone: its programs need be neither fast nor debugged, and the other tests run what make check has
# built.
QUICK = {"DEB_BUILD_OPTIONS": "noopt nocheck noautodbgsym", "DEB_CFLAGS_APPEND": "-g0"}


def run(command, cwd, options=()):
    """Run a command without the variables of the make that runs this test, with others as options. The test ends where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    done = subprocess.run(command, cwd=cwd, env=environment | dict(options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        tap.give_up(" ".join(command) + " succeeds", done.stdout[-3000:])


def distribute(directory):
    """Put the files of make dist into the directory. Returns their path."""
    tree = os.path.join(directory, "serverful")
    run(["make", "-s", "-C", tap.BUILD, "distdir", f"distdir={tree}"], directory)
    return tree


def build(tree, options=()):
    """Build the package of a tree, with options as environment variables. Returns its path."""
    run(["dpkg-buildpackage", "-us", "-uc", "-b", "-j" + str(os.cpu_count())], tree, options)
    return glob.glob(os.path.join(os.path.dirname(tree), "serverful_*.deb"))[0]


def later(package, version):
    """Repack the package as a later version. Returns its path."""
    tree, path = package + ".tree", package.replace(".deb", f"+{version}.deb")
    run(["dpkg-deb", "-R", package, tree], "/")
    control = os.path.join(tree, "DEBIAN", "control")
    run(["sed", "-i", f"s/^Version: .*/&+{version}/", control], "/")
    run(["dpkg-deb", "-b", tree, path], "/")
    shutil.rmtree(tree)
    return path
