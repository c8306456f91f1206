"""The parser of command lines, and the options that give the URLs of both sides."""

import argparse

# The targets that may have a URL, and what is measured there; see sql/results.sql.
URLS = {"vm": "the VM", "http": "the function behind an HTTP API", "rest": "the function behind a REST API", "url": "the function's own URL",
        "lambda": "the function, whatever is in front of it"}


class Parser(argparse.ArgumentParser):
    """Fails where it cannot print the help. Since Python 3.12 argparse itself ignores that."""

    def print_help(self, file=None):
        print(self.format_help(), end="", file=file, flush=True)


def url_option(target):
    """Return the option of serverful compare that gives the URL of a target."""
    return "--function-url" if target == "url" else f"--{target}-api-url" if target in ("http", "rest") else f"--{target}-url"
