"""Pauses between two looks at something that takes its time on AWS."""

import os
import time


def pause(seconds):
    """Wait for some time; in a test, which sets SERVERFUL_COMPARE_BRIEF, hardly at all."""
    time.sleep(0.02 if "SERVERFUL_COMPARE_BRIEF" in os.environ else max(0, seconds))
