"""Compares our words with those of the real jieba, text by text, in the five modes of t/cut_records."""

import functools

import jieba
import oracle
import records

MODES = ["accurate, HMM", "accurate, no HMM", "full", "search, HMM", "search, no HMM"]


@functools.cache
def _first_tokenizer():
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


def new_tokenizer():
    """A tokenizer with jieba's words, which the caller may change. Reads jieba's dictionary only once."""
    tokenizer, first = jieba.Tokenizer(), _first_tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = dict(first.FREQ), first.total, True
    return tokenizer


def reference(tokenizer, text):
    """jieba's words for the text, a list for each mode."""
    return [
        tokenizer.lcut(text),
        tokenizer.lcut(text, HMM=False),
        tokenizer.lcut(text, cut_all=True),
        tokenizer.lcut_for_search(text),
        tokenizer.lcut_for_search(text, HMM=False),
    ]


def written(tokenizer, text):
    """The bytes that t/cut_records should write for the text."""
    return b"".join(records.number(len(words)) + b"".join(map(records.record, words)) for words in reference(tokenizer, text))


def _read(stream, _mode):
    n = records.read_number(stream)
    return None if n == records.REFUSED else [records.read_text(stream) for _ in range(n)]


def ours(program, snapshot, texts):
    """Our words, for each text a list for each mode; None where a text is refused. `program` is t/cut_records."""
    return records.answers(program, snapshot, texts, _read, len(MODES))


def differences(tokenizer, program, snapshot, texts):
    """For each mode, the (text, jieba's words, our words) that differ."""
    return records.differences(oracle.remember(written, tokenizer), program, snapshot, texts, _read, len(MODES))
