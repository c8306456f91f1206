"""Compares our words, tags and offsets with those of the real jieba, text by text, in the modes of t/tag_records."""

import oracle
import records

MODES = ["tags, HMM", "tags, no HMM", "tokenize, HMM", "tokenize, no HMM", "tokenize in search mode, HMM",
         "tokenize in search mode, no HMM"]
TAGGED = 2  # modes whose answers are pairs of word and tag; those of the rest are a word, its begin and its end


def reference(posseg, text):
    """jieba's words for the text, a list for each mode. `posseg` is a POSTokenizer."""
    tokenizer = posseg.tokenizer
    return [
        [tuple(pair) for pair in posseg.lcut(text)],
        [tuple(pair) for pair in posseg.lcut(text, HMM=False)],
        list(tokenizer.tokenize(text)),
        list(tokenizer.tokenize(text, HMM=False)),
        list(tokenizer.tokenize(text, mode="search")),
        list(tokenizer.tokenize(text, mode="search", HMM=False)),
    ]


def written(posseg, text):
    """The bytes that t/tag_records should write for the text."""
    found = b""
    for mode, words in enumerate(reference(posseg, text)):
        parts = (records.record(a) + records.record(b) for a, b in words) if mode < TAGGED else (
            records.record(word) + records.number(begin) + records.number(end) for word, begin, end in words)
        found += records.number(len(words)) + b"".join(parts)
    return found


def _read(stream, mode):
    n = records.read_number(stream)
    if n == records.REFUSED:
        return None
    if mode < TAGGED:
        return [(records.read_text(stream), records.read_text(stream)) for _ in range(n)]
    return [(records.read_text(stream), records.read_number(stream), records.read_number(stream)) for _ in range(n)]


def differences(posseg, program, snapshot, texts):
    """For each mode, the (text, jieba's words, our words) that differ. `program` is t/tag_records."""
    return records.differences(oracle.remember(written, posseg), program, snapshot, texts, _read, len(MODES))
