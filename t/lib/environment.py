"""Environments of Python with packages from PyPI, for tests that need some: made once for each version of their
requirements, in the build directory."""

import os
import subprocess

import tap


class Environment:
    """The environment `name` with the packages of a file of requirements. Without them, the test is skipped."""

    def __init__(self, name, requirements):
        self.directory = os.path.join(tap.BUILD, name)
        with open(requirements, "rb") as file:
            wanted = file.read()
        done = os.path.join(self.directory, "requirements.txt")
        if os.path.exists(done):
            with open(done, "rb") as file:
                if file.read() == wanted:
                    return
        self._make(requirements)
        with open(done, "wb") as file:
            file.write(wanted)

    def _make(self, requirements):
        make = ["/usr/bin/python3", "-m", "venv", "--clear", self.directory]
        fill = [self.tool("pip"), "install", "-q", "--disable-pip-version-check", "-r", requirements]
        for command in make, fill:
            run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if run.returncode:
                tap.skip_all(f"{os.path.basename(requirements)} cannot be installed: " + " ".join(run.stdout.split())[-200:])

    def tool(self, name):
        """A program of the environment."""
        return os.path.join(self.directory, "bin", name)
