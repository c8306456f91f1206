#!/usr/bin/python3
"""The shell completion of serverful knows the commands and the options that --help lists, and no others."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

COMPLETION = os.path.join(tap.SOURCE, "src", "cli", "completion")
# Complete the last of the words of each line as bash does: print the replies, sorted, in a line each.
BASH = r"""
. "$1"
while read -ra COMP_WORDS; do
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    word=${COMP_WORDS[COMP_CWORD]}
    [ "$word" != . ] || word=
    $(complete -p serverful | sed 's/.* -F \([^ ]*\) .*/\1/') "${COMP_WORDS[0]}" "$word" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo $(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort)
done
"""


def help_of(*command):
    return subprocess.run([tap.SERVERFUL, *command, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout


def options_of(text):
    return [option for line in text.splitlines() if re.match(" +-", line) for option in re.findall(r"(?:^ +|, )(--?[a-zA-Z][\w-]*)", line)]


def completed(lines):
    """Complete command lines, of which the last word is "." where it is empty. Returns the lists of replies."""
    given = "".join(f"{tap.SERVERFUL} {line}\n" for line in lines)
    run = subprocess.run(["bash", "--norc", "-c", BASH, "bash", COMPLETION], input=given, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, check=False)
    return [line.split() for line in run.stdout.splitlines()]


commands = re.findall(r"^  ([a-z-]+) ", help_of(), re.M)
options = {command: options_of(help_of(command)) for command in commands}
lines = {  # with the replies
    ".": commands + options_of(help_of()),
    "pu": ["publish"],
    "--v": ["--version"],
    "nothing": [],
    "nothing -": [],
    "segment --snap": ["--snapshot"],
    "segment --snapshot .": [],
    "import --jieba-data dir --no": [option for option in options["import"] if option.startswith("--no")],
    **{f"{command} -": found for command, found in options.items()},
}
tap.plan(len(lines) + 1)
tap.ok(len(commands) >= 8 and all("--help" in found and len(found) > 2 for found in options.values()), "--help lists commands, and options of each", options)
replies = completed(lines)
for (line, expected), reply in zip(lines.items(), replies + [None] * (len(lines) - len(replies))):
    tap.equal(reply, sorted(expected), f"bash completes 'serverful {line.rstrip('.')}' by what --help lists")
tap.done()
