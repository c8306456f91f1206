"""Environments of Python with packages from PyPI, for tests that need some: made once for each version of their
requirements, in the cache of the tests."""

import os
import subprocess
import sys

import cache
import tap


class Environment:
    """The environment `name` with the packages of a file of requirements. Without them, the test is skipped."""

    def __init__(self, name, requirements):
        self._requirements = requirements
        self.directory = cache.made(f"{name}-{cache.digest(sys.version, cache.DIRECTORY, cache.digest_of_files([requirements]))}",
                                    self._make)

    def _make(self, directory):
        make = ["/usr/bin/python3", "-m", "venv", "--clear", directory]
        fill = [os.path.join(directory, "bin", "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check",
                "--no-compile", "-r", self._requirements]
        for command in make, fill:
            run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if run.returncode:
                name = os.path.basename(self._requirements)
                tap.skip_all(f"{name} cannot be installed: " + " ".join(run.stdout.split())[-200:])

    def tool(self, name):
        """A program of the environment."""
        return os.path.join(self.directory, "bin", name)
