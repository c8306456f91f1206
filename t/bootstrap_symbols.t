#!/usr/bin/python3
"""What the bootstrap links: nothing of the half that compiles dictionaries, liblexicon.a."""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import symbols
from tap import BOOTSTRAP, BUILD, equal, done, ok, plan


def defined_names(library):
    """The names of the functions and variables that a library defines for others."""
    return {name for item in symbols.objects(os.path.join(BUILD, library)) for name in item.defined}


plan(3)
lexicon, segmenter = defined_names("liblexicon.a"), defined_names("libsegmenter.a")
bootstrap = symbols.defined_in_program(BOOTSTRAP)
ok(len(lexicon) >= 20, "liblexicon.a defines symbols", sorted(lexicon))
ok(len(segmenter & bootstrap) >= 5, "the bootstrap has symbols of libsegmenter.a", sorted(segmenter))
equal(sorted(lexicon & bootstrap), [], "the bootstrap has no symbol of liblexicon.a")
done()
