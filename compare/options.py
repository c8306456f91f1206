"""The parser of command lines."""

import argparse


class Parser(argparse.ArgumentParser):
    """Fails where it cannot print the help. Since Python 3.12 argparse itself ignores that."""

    def print_help(self, file=None):
        print(self.format_help(), end="", file=file, flush=True)
