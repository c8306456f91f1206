"""What ends a comparison."""


class Failure(Exception):
    """A comparison cannot go on; the text says why, and what to do."""
