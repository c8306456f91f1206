/*
 * dictionary: the dictionaries that `serverful segment` is given with -D and -u.
 */
#ifndef CLI_DICTIONARY_H
#define CLI_DICTIONARY_H

#include "lexicon/dict_builder.h"
#include "segmenter/dict.h"
#include "util/err.h"

/*
 * Compile the words of the file `words` (jieba's dict.txt format), or, where it is NULL, those of
 * `dict`, with those of the user dictionary `user` on top, unless that is NULL. A word without a
 * frequency is given the one that jieba suggests. Tags are those of `dict` and of the user
 * dictionary, as with `python3 -m jieba`: it never reads those of the file of words. `dict` then
 * has the new words, and keeps its models. Returns the builder that its memory belongs to, or NULL
 * with a reason.
 */
struct dict_builder *dictionary_compile(const char *words, const char *user, struct dict *dict,
                                        struct err *err);

#endif
