"""Waiting for a condition, for tests that must not judge by elapsed time."""

import time

PATIENCE = 300  # seconds; on a machine under heavy load, a step of a test takes 100 times as long as usual


def wait_until(condition, what, seconds=PATIENCE):
    """Call `condition()` until it returns a true value, and return that value. Raises TimeoutError after `seconds`, with
    `what`, which says what did not happen: a text, or a function that returns the text."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain for {what() if callable(what) else what}")
        time.sleep(0.01)
