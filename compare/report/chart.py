"""The common parts of all charts: scales, axes, and the SVG element. Lengths are in pixels of the chart; the style sheet
gives colours by class."""

import math

from .markup import join, tag

WIDE, NARROW = 860, 328  # widths of a chart for a desktop and for a phone
CHARACTER = 7  # approximate width of a character


class Log:
    """Places values between two pixels by their logarithm. A value below the lower bound is placed at the bound."""

    def __init__(self, low, high, start, end):
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value):
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return self.start + (self.end - self.start) * share

    def ticks(self):
        first, last = (round(math.log10(bound), 6) for bound in (self.low, self.high))
        return [10.0 ** power for power in range(math.ceil(first), math.floor(last) + 1)]


class Fine(Log):
    """A logarithmic scale with ticks at 1, 2 and 5 times each power of ten."""

    def ticks(self):
        first, last = (math.floor(math.log10(bound)) for bound in (self.low, self.high))
        steps = (digit * 10.0 ** power for power in range(first, last + 1) for digit in (1, 2, 5))
        return [step for step in steps if self.low <= step <= self.high]


class Percent:
    """Places shares of requests by the logarithm of the rest: 90 %, 99 % and 99.9 % are at equal distances."""

    def __init__(self, high, start, end):
        self.low, self.high, self.start, self.end = 0, high, start, end

    def __call__(self, share):
        return self.start + (self.end - self.start) * math.log(1 - share) / math.log(1 - self.high)

    def ticks(self):
        return [share for share in (0, 0.5, 0.9, 0.99, 0.999, 0.9999) if share <= self.high]


class Linear:
    """Places counts, from 0 up."""

    def __init__(self, high, start, end):
        self.low, self.high, self.start, self.end = 0, high, start, end

    def __call__(self, value):
        return self.start + (self.end - self.start) * value / self.high

    def ticks(self):
        tens = 10 ** math.floor(math.log10(self.high))
        step = max(1, next(tens * part for part in (0.1, 0.2, 0.5, 1, 2) if self.high / (tens * part) <= 5))
        return [step * i for i in range(int(self.high / step) + 1)]


def log_bounds(values):
    """Return bounds for a logarithmic axis: round numbers (1, 2 or 5 times a power of ten) around the positive values, at least
    a factor of ten apart."""
    values = [value for value in values if value > 0] or [1]
    low, high = (math.log10(value) for value in (min(values), max(values)))
    steps = [power + math.log10(digit) for power in range(math.floor(low), math.ceil(high) + 2) for digit in (1, 2, 5)]
    least = max(step for step in steps if step <= low + 1e-9)
    most = min(step for step in steps if step >= max(high, least + 1) - 1e-9)
    return 10 ** least, 10 ** most


def svg(width, height, label, *children):
    """Return an SVG element with its text alternative."""
    return tag("svg", tag("title", label), *children, viewBox=f"0 0 {width} {height}", role="img", aria_label=label,
               style=f"max-width:{width * 1.25:.0f}px")


def text(x, y, content, anchor="start", class_=None):
    return tag("text", content, x=float(x), y=float(y), text_anchor=None if anchor == "start" else anchor, class_=class_)


def text_near(x, y, content, left, right, class_=None):
    """Return a text centred at x, or as near to x as it fits between `left` and `right`."""
    half = width_of(content) / 2
    return text(max(left + half, min(x, right - half)), y, content, "middle", class_)


def line(x1, y1, x2, y2, class_):
    return tag("path", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", class_=class_)


def path(points, class_):
    """Return a line through points of the chart, or None for fewer than two."""
    return tag("path", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points), class_=class_) if len(points) > 1 else None


def dot(x, y, class_, radius=3.5):
    return tag("circle", cx=float(x), cy=float(y), r=float(radius), class_=class_)


def diamond(x, y, class_, radius=5):
    points = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
    return tag("path", d="M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points) + "Z", class_=class_)


def width_of(words):
    """Return the approximate width of a text in pixels. A Chinese character is wider."""
    return sum(12 if ord(one) > 0x2e7f else CHARACTER for one in words)


def left_of(words):
    """Return the width that the words to the left of an axis need."""
    return max(map(width_of, words), default=0) + 12


def box(x, y, width, height, class_, title=None):
    return tag("rect", tag("title", title) if title else None, x=float(x), y=float(y), width=float(width),
               height=float(height), class_=class_)


def x_axis(scale, y_from, y_to, words, title=None):
    """Draw vertical lines at the ticks, with their words below. `words` turns a value into a text."""
    found, last = [], -math.inf
    for value in scale.ticks():
        x, word = scale(value), words(value)
        found.append(line(x, y_from, x, y_to, "grid"))
        if x - last > width_of(word) + 4:  # leave out words that would overlap
            last = x
            found.append(text_near(x, y_to + 15, word, 1, scale.end + 11))
    if title:
        found.append(text((scale.start + scale.end) / 2, y_to + 32, title, "middle", "axis"))
    return join(found)


def y_axis(scale, x_from, x_to, words, title=None):
    """Draw horizontal lines at the ticks, with their words to the left and the title above."""
    found = []
    for value in scale.ticks():
        y = scale(value)
        found += [line(x_from, y, x_to, y, "grid"), text(x_from - 5, y + 4, words(value), "end")]
    if title:
        found.append(text(4, scale.end - 9, title, class_="axis"))
    return join(found)


def at_both_widths(draw):
    """Draw a chart in both widths; the style sheet shows the one that fits."""
    return join(tag("div", draw(WIDE), class_="wide"), tag("div", draw(NARROW), class_="narrow"))
