"""The error that ends a comparison."""


class Failure(Exception):
    """A comparison failed. The text says why, and what to do."""
