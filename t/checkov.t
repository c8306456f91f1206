#!/usr/bin/python3
"""checkov finds nothing in the template of the VM but what the template explains. It runs only when it is named, since checkov
needs a hundred packages."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from environment import Environment

checkov = Environment("checkov", os.path.join(tap.SOURCE, "vm", "requirements-test.txt"))
tap.plan(1)
run = subprocess.run([checkov.tool("checkov"), "--quiet", "--compact", "--framework", "cloudformation", "--skip-download", "-f",
                      os.path.join(tap.SOURCE, "vm", "template.yaml")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
tap.ok(run.returncode == 0 and "Failed checks: 0" in run.stdout, "checkov finds nothing in the template of the VM", run.stdout)
tap.done()
