"""Runs a driver that answers records, t/cut_records or t/tag_records, and compares its answers with expected ones."""

import io
import struct
import subprocess

REFUSED = 0xFFFFFFFF  # in place of the number of words: the text is refused


def number(n):
    """A number as the drivers write it."""
    return struct.pack("=I", n)


def record(data):
    """Bytes or a text as a record."""
    data = data if isinstance(data, bytes) else data.encode()
    return number(len(data)) + data


def read_number(stream):
    return struct.unpack("=I", stream.read(4))[0]


def read_text(stream):
    return stream.read(read_number(stream)).decode()


def output(program, snapshot, texts):
    """All that the driver writes for these texts, which may be bytes."""
    run = subprocess.run([program, snapshot], input=b"".join(map(record, texts)), stdout=subprocess.PIPE, check=True)
    return run.stdout


def answers(program, snapshot, texts, read, n_modes):
    """The answers of the driver: for each text a list, by mode, of what `read(stream, mode)` reads."""
    stream = io.BytesIO(output(program, snapshot, texts))
    return [[read(stream, mode) for mode in range(n_modes)] for _ in texts]


def differences(expected, program, snapshot, texts, read, n_modes):
    """By mode, the (text, expected answer, our answer) that differ. `expected(text)` is the bytes that the driver should
    write for a text."""
    wanted = b"".join(map(expected, texts))
    found = [[] for _ in range(n_modes)]
    got = output(program, snapshot, texts)
    if got == wanted:
        return found
    ours, theirs = io.BytesIO(got), io.BytesIO(wanted)
    for text in texts:
        for mode in range(n_modes):
            pair = read(theirs, mode), read(ours, mode)
            if pair[0] != pair[1]:
                found[mode].append((text, *pair))
    return found
