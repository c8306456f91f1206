#!/usr/bin/python3
"""Numbers are read as by Python's float() and written as by repr(). Texts and doubles are generated from a seed, which the
test prints; NUMBER_SEED sets it."""

import math
import os
import random
import struct
import subprocess
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import tap

SEED = int(os.environ.get("NUMBER_SEED", random.randrange(1 << 32)))
RANDOM = random.Random(SEED)
# Without surrogates, and without what this Python's Unicode does not know yet: number_parse() may have a newer one.
CODES = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn")]
DIGITS = [c for c in CODES if unicodedata.category(c) == "Nd"]
SPACES = [c for c in CODES if c.isspace()]


def bits(value):
    return struct.pack(">d", value).hex()


def double(number):
    return struct.unpack(">d", number.to_bytes(8, "big"))[0]


def digits(longest):
    """Return a run of digits, sometimes with underscores or in another script."""
    text = "".join(RANDOM.choice("0123456789") for _ in range(RANDOM.randint(0, longest)))
    if RANDOM.random() < 0.2:
        text = "".join(c + RANDOM.choice(["", "", "", "_"]) for c in text)
    if RANDOM.random() < 0.1:
        text = "".join(RANDOM.choice(DIGITS) if c.isdigit() else c for c in text)
    return text


def number():
    """Return a text that is a number, or almost one."""
    text = RANDOM.choice(["", "", "", "-", "+"]) + digits(RANDOM.choice([1, 3, 9, 25]))
    if RANDOM.random() < 0.6:
        text += "." + digits(RANDOM.choice([1, 3, 9, 25]))
    if RANDOM.random() < 0.3:
        text += RANDOM.choice("eE") + RANDOM.choice(["", "-", "+"]) + digits(3)
    if RANDOM.random() < 0.1:
        text = RANDOM.choice(SPACES) * RANDOM.randint(1, 3) + text
    if RANDOM.random() < 0.1:
        text += RANDOM.choice(SPACES) * RANDOM.randint(1, 3)
    return text


def damaged():
    """Return a number with a character replaced, inserted or removed."""
    text = number()
    at = RANDOM.randint(0, len(text))
    put = RANDOM.choice(["", "_", "__", ".", "e", "+", "-", " ", "\0", "x", "１", "²", "½", "Ⅷ", "万"])
    put = RANDOM.choice([put, RANDOM.choice(SPACES), RANDOM.choice(DIGITS), RANDOM.choice(CODES)])
    return text[:at] + put + text[at + RANDOM.randint(0, 1):]


def halfway():
    """Return a decimal halfway between two doubles, or just beside it: the hardest to round."""
    low = RANDOM.randrange(1, 0x7FE0 << 48)
    (a, b), (c, d) = double(low).as_integer_ratio(), double(low + 1).as_integer_ratio()
    power = (2 * b * d).bit_length() - 1
    middle = (a * d + c * b) * 5**power  # times ten to the power of -power
    return f"{middle * 10 + RANDOM.choice([-1, 0, 1])}e-{power + 1}"


def texts():
    yield from ["", " ", "+", "-", ".", "e5", "+.e1", "nan", "-nan", "inf", "-Inf", "infinity", "0x10", "0b1",
                "1e400", "-1e400", "1e-400", "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324",
                "2e-324", "1e99999999999999999999", "1e-99999999999999999999", "0e99999999999999999999", "-0",
                "1_000", "1__000", "_1", "1_", "1_.5", "1._5", "1e_5", "1e5_0", "1_e5", "0_0", "\x1c1", "1\x1f",
                "1\0", "\0", "1 2", "1\u30002", "\u20031\u3000", "１２．５", "１２.５", "１e２", "−1", "＋1", "٣.٤",
                "𝟏𝟐", "1d5", "1f", "1L", "1,5", "1e5.0", "1e+", "1e-", "--1", "+-1", "\x7f1"]
    for zeros in (100, 1000, 100000):
        yield from ["0" * zeros + "1", "1" + "0" * zeros, "0." + "0" * zeros + "1", "." + "9" * zeros,
                    "1" + "0" * zeros + f"e-{zeros}", "0." + "0" * zeros + f"1e{zeros}", "1_" * zeros + "1"]
    for c in SPACES + DIGITS + RANDOM.sample(CODES, 5000):
        yield from [c, "1" + c, c + "1", "1" + c + "1", "." + c, "1e" + c]
    for _ in range(20000):
        yield number()
        yield damaged()
    for _ in range(2000):
        yield halfway()


def doubles():
    yield from [0.0, -0.0, 5e-324, sys.float_info.min, sys.float_info.max, 0.1 + 0.2, 1 / 3, 8.0, -1.5]
    yield from [2.0**power for power in range(-1074, 1024)]
    for power in range(-323, 309):
        value = float(f"1e{power}")
        yield from [value, math.nextafter(value, 0), math.nextafter(value, math.inf)]
    for _ in range(10000):
        yield double(RANDOM.randrange(0x7FF0 << 48) | RANDOM.choice([0, 1 << 63]))
        yield double(RANDOM.randrange(1 << RANDOM.randint(1, 52)))  # subnormal
        yield RANDOM.randint(-(10**9), 10**9) / 10 ** RANDOM.randint(0, 12)
        yield float(RANDOM.randrange(10 ** RANDOM.randint(1, 22)))
        yield RANDOM.random() * RANDOM.choice([1e-5, 1e-4, 1.0, 1e15, 1e16, 1e17])


def expected(text):
    try:
        value = float(text)
    except ValueError:
        return "-"
    return bits(value) if math.isfinite(value) else "-"


def ask(questions):
    """Return the answers of number_lines, one for each line of input."""
    driver = os.path.join(tap.BUILD, "t", "number_lines")
    done = subprocess.run([driver], input="".join(questions), capture_output=True, text=True)
    tap.equal(done.returncode, 0, "number_lines exits with 0")
    return done.stdout.splitlines()


def compare(name, inputs, answers, expected):
    """Report many comparisons as one test, with the first differences."""
    wrong = [f"{i!r:.200}: {a}, expected {e}" for i, a, e in zip(inputs, answers, expected) if a != e]
    good = len(answers) == len(inputs) == len(expected) and not wrong
    tap.ok(good, f"{name} agree on {len(inputs)} inputs", "\n".join([f"{len(wrong)} differ"] + wrong[:10]))


tap.plan(4)
print(f"# NUMBER_SEED={SEED}")
read = list(texts())
compare("number_parse() and float()", read, ask(f"read {text.encode().hex()}\n" for text in read),
        [expected(text) for text in read])
written = list(doubles())
compare("number_print() and repr()", written, ask(f"print {bits(value)}\n" for value in written),
        [repr(value) for value in written])
tap.done()
