"""Shows on stderr how much of the measuring is done, and how long the rest of it will take. The simulation comes after it."""

import sys
import threading
import time

WIDTH = 12  # of the bar


def as_time(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


class Progress:
    """A context manager that shows progress: on a terminal in one line that changes every second, else in a line for each tenth."""

    def __init__(self, total_seconds):
        self.total, self.done, self.text = total_seconds, 0, ""
        self.terminal = sys.stderr.isatty()
        self.tenth = -1
        self.began = self.step_began = time.monotonic()
        self.step_seconds = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self):
        if self.terminal:
            self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        if self.terminal:
            self.thread.join()
            sys.stderr.write("\r\x1b[K")

    def step(self, seconds, text):
        """Begin a step that will take about `seconds`."""
        self.done += self.step_seconds
        self.step_seconds, self.step_began, self.text = seconds, time.monotonic(), text
        self._show()

    def _show(self):
        share = min(1, (self.done + min(self.step_seconds, time.monotonic() - self.step_began)) / self.total)
        elapsed = time.monotonic() - self.began
        # The rest is expected to deviate from the plan as much as the part that is done.
        pace = elapsed / (share * self.total) if share > 0.05 else 1
        left = as_time((1 - share) * self.total * pace)
        if self.terminal:
            bar = "█" * round(share * WIDTH)
            sys.stderr.write(f"\r\x1b[K{bar:░<{WIDTH}} {share:4.0%}  {left} left to measure  {self.text}")
            sys.stderr.flush()
        elif int(share * 10) > self.tenth:
            self.tenth = int(share * 10)
            print(f"{share:4.0%}  {left} left to measure  {self.text}", file=sys.stderr)

    def _tick(self):
        while not self.over.wait(1):
            self._show()
