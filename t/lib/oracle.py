"""The answers of python3-jieba, which take it minutes, are computed once and kept in the cache of the tests.

    words_of = oracle.remember(words, tokenizer)    where words(tokenizer, text) asks jieba
    words_of(text)

Answers are kept by content: the files of jieba, the version of Python, the words of the tokenizer, the file of the function, and the
text. None can be stale.
"""

import atexit
import glob
import marshal
import os
import sys

import cache
import jieba

DIRECTORY = os.path.join(cache.DIRECTORY, "oracle")


def _version():
    """A hash of all that jieba's answers depend on, except the tokenizer's words."""
    package = os.path.dirname(jieba.__file__)
    files = glob.glob(os.path.join(package, "**", "*.py"), recursive=True) + glob.glob(os.path.join(package, "**", "*.txt"), recursive=True)
    return cache.digest(sys.version, cache.digest_of_files(files))


VERSION = _version()


def _words(tokenizer):
    """A hash of a tokenizer's words, frequencies and tags. jieba's own one, which no test changes, is not even loaded."""
    inner = getattr(tokenizer, "tokenizer", tokenizer)
    if inner is jieba.dt:
        return "jieba.dt"
    inner.initialize()
    tags = getattr(tokenizer, "word_tag_tab", {})
    return cache.digest("".join(f"{word} {freq}\n" for word, freq in inner.FREQ.items()), inner.total,
                        *(f"{word} {tag}\n" for table in (inner.user_word_tag_tab, tags) for word, tag in table.items()))


_open = {}  # answers by file


def remember(function, tokenizer, *state):
    """A function of one text (or of another value that can be a key), whose value is that of `function(tokenizer, *state,
    text)` and is computed once. The value is of tuples, lists, dicts, texts, bytes and numbers. `function` reads nothing
    else than its own file and jieba's; `repr` of the state says all of it."""
    key = cache.digest(VERSION, _words(tokenizer), repr(state), cache.digest_of_files([function.__code__.co_filename]))
    path = os.path.join(DIRECTORY, f"{os.path.basename(sys.argv[0])}-{function.__name__}-{key}")
    if path not in _open:
        known = _open[path] = _load(path)
        before = len(known)
        atexit.register(lambda: len(known) > before and _save(path, known))
    known = _open[path]

    def value(text):
        if text not in known:
            known[text] = function(tokenizer, *state, text)
        return known[text]

    return value


def _load(path):
    """The answers in a file, by text."""
    try:
        with open(path, "rb") as file:
            found = marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    cache.used(path)
    return found


def _save(path, known):
    os.makedirs(DIRECTORY, exist_ok=True)
    cache.remove_old(DIRECTORY)
    fresh = f"{path}.{os.getpid()}"
    with open(fresh, "wb") as file:
        marshal.dump(known, file)
    os.rename(fresh, path)
