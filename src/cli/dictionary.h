/*
 * dictionary: compiles the dictionaries that the options -D and -u of `serverful segment` name.
 */
#ifndef CLI_DICTIONARY_H
#define CLI_DICTIONARY_H

#include "lexicon/dict_builder.h"
#include "segmenter/dict.h"
#include "util/err.h"

/*
 * Compile the words of the dictionary file `words` (jieba's dict.txt format), or the words of
 * `dict` if `words` is NULL; and those of the user dictionary file `user`, unless it is NULL. A
 * word without a frequency gets the one that jieba suggests; one with the frequency 0 is forbidden in
 * the user dictionary, and is no word in `words`. Tags are those of `dict` and of the
 * user dictionary: like `python3 -m jieba`, this ignores the tags in `words`.
 *
 * `dict` then has the new words, and keeps its models. Returns the builder that owns the memory of
 * the words, and which the caller frees; or NULL with a reason.
 */
struct dict_builder *dictionary_compile(const char *words, const char *user, struct dict *dict,
                                        struct err *err);

#endif
