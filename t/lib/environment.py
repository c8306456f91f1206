"""Environments of Python with packages from PyPI, and of Node.js with packages from npm, for tests that need some: made once for
each version of their requirements, in the cache of the tests."""

import os
import shutil
import subprocess
import sys

import cache
import tap


class Unavailable(RuntimeError):
    """An environment cannot be made here. The text says why."""


def _run(requirements, *commands, **options):
    """Run the commands that install what a file requires. Raises Unavailable where one fails."""
    for command in commands:
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
        if run.returncode:
            raise Unavailable(f"{os.path.basename(requirements)} cannot be installed: " + " ".join(run.stdout.split())[-200:])


class PythonEnvironment:
    """The environment `name` with the packages of a file of requirements. `options` are more options of pip. Raises Unavailable
    without the packages."""

    def __init__(self, name, requirements, *options):
        self._requirements, self._options = requirements, options
        self.directory = cache.made(f"{name}-{cache.digest(sys.version, cache.DIRECTORY, cache.digest_of_files([requirements]))}",
                                    self._make)

    def _make(self, directory):
        _run(self._requirements, ["/usr/bin/python3", "-m", "venv", "--clear", directory],
             [os.path.join(directory, "bin", "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
              "--no-compile", *self._options, "-r", self._requirements])

    def tool(self, name):
        """A program of the environment."""
        return os.path.join(self.directory, "bin", name)


class Environment(PythonEnvironment):
    """The same, without which the test is skipped."""

    def __init__(self, name, requirements):
        try:
            super().__init__(name, requirements)
        except Unavailable as reason:
            tap.skip_all(str(reason))


class NodeEnvironment:
    """The environment `name` with the packages of a file package.json. Raises Unavailable without them."""

    def __init__(self, name, package):
        if not shutil.which("node") or not shutil.which("npm"):
            raise Unavailable("node or npm is not installed")
        self._package = package
        self.directory = cache.made(f"{name}-{cache.digest(cache.digest_of_files([package]))}", self._make)
        self.modules = os.path.join(self.directory, "node_modules")

    def _make(self, directory):
        shutil.copy(self._package, os.path.join(directory, "package.json"))
        _run(self._package, ["npm", "install", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1",
                             "--fetch-retry-mintimeout=1000", "--no-package-lock"], cwd=directory)

    def tool(self, name):
        """A program of the environment, to be run by node."""
        return os.path.join(self.modules, ".bin", name)
