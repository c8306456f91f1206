"""Computes answers of python3-jieba, which take minutes, once, and keeps them in the cache of the tests.

    words_of = oracle.remember(words, tokenizer)    where words(tokenizer, text) asks jieba
    words_of(text)

The key of an answer is a hash of all that it depends on: the files of jieba, the version of Python, the words of the tokenizer, the
file of the function, and the text. So no answer is ever stale.
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
    """Return a hash of all that jieba's answers depend on, except the tokenizer's words."""
    package = os.path.dirname(jieba.__file__)
    files = glob.glob(os.path.join(package, "**", "*.py"), recursive=True) + glob.glob(os.path.join(package, "**", "*.txt"), recursive=True)
    return cache.digest(sys.version, cache.digest_of_files(files))


VERSION = _version()


def _words(tokenizer):
    """Return a hash of a tokenizer's words, frequencies and tags. Does not load jieba's default tokenizer, which no test changes."""
    inner = getattr(tokenizer, "tokenizer", tokenizer)
    forbidden = "".join(f" {word}" for word in sorted(jieba.finalseg.Force_Split_Words))
    if inner is jieba.dt:
        return "jieba.dt" + forbidden
    inner.initialize()
    tables = [inner.FREQ, inner.user_word_tag_tab, getattr(tokenizer, "word_tag_tab", {})]
    return cache.digest(inner.total, forbidden, *("\n".join(map(str, part)) for table in tables for part in (table, table.values())))


_open = {}  # answers by file


def remember(function, tokenizer, *state):
    """Return a function of one text (or of another hashable value) that computes `function(tokenizer, *state, text)` once. Results
    consist of tuples, lists, dicts, texts, bytes and numbers. `function` must depend on its own file, on jieba's files, and on
    repr(state) only."""
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
    """Return the answers in a file as a dict by text; {} where there is no valid file."""
    try:
        with open(path, "rb") as file:
            found = marshal.load(file)
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    cache.used(path)
    return found if isinstance(found, dict) else {}


def _save(path, known):
    os.makedirs(DIRECTORY, exist_ok=True)
    cache.remove_old(DIRECTORY)
    fresh = f"{path}.{os.getpid()}"
    with open(fresh, "wb") as file:
        marshal.dump(known, file)
    os.rename(fresh, path)
