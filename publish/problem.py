"""The error that ends a publication, or that of one place."""


class Problem(Exception):
    """Something failed. The text says what, and what to do."""
