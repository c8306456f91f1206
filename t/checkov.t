#!/usr/bin/python3
"""checkov finds nothing in the templates but what each explains where it is. It runs only when it is named, since checkov needs
a hundred packages."""

import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap
from environment import Environment

TEMPLATES = sorted(path for pattern in ("lambda/template.yaml", "vm/template.yaml", "compare/aws/*.yaml")
                   for path in glob.glob(os.path.join(tap.SOURCE, pattern)))
checkov = Environment("checkov", os.path.join(tap.SOURCE, "vm", "requirements-test.txt"))


def findings(template):
    """What checkov prints of a template. The conditions of its resources are removed, since checkov skips a resource whose condition
    is false by the defaults of the parameters."""
    with tempfile.TemporaryDirectory() as directory, open(template, encoding="utf-8") as file:
        copy = os.path.join(directory, "template.yaml")
        with open(copy, "w", encoding="utf-8") as output:
            output.write(re.sub(r"^    Condition: .*", "", file.read(), flags=re.MULTILINE))
        return subprocess.run([checkov.tool("checkov"), "--quiet", "--compact", "--framework", "cloudformation", "--skip-download",
                               "-f", copy], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


tap.plan(len(TEMPLATES))
for template in TEMPLATES:
    found = findings(template)
    tap.ok("Failed checks: 0" in found, f"checkov finds nothing in {os.path.relpath(template, tap.SOURCE)}", found)
tap.done()
