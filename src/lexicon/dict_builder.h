/*
 * build: compiles a list of words into the double array and the table of log probabilities of
 * `struct dict`.
 */
#ifndef LEXICON_DICT_BUILDER_H
#define LEXICON_DICT_BUILDER_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dict_builder;

/* `phrases` tells whether words with spaces and symbols are to be found, see phrases.h. */
struct dict_builder *dict_builder_new(bool phrases,
                                      struct err *err); /* NULL with a reason when memory ran out */
void dict_builder_free(struct dict_builder *builder);

/*
 * Add a word (UTF-8) with its frequency, and its tag, which can be empty (see lexicon/tagset.h);
 * they are copied. A frequency of 0 is for what is no word, but has a tag. The words come in
 * ascending order of their bytes, each once. A word with a character outside of jieba's class is
 * counted in the total; it is a phrase, or, without those, left out of the tables, since jieba's
 * own look-ups never reach it. Returns 0 or -1 with a reason.
 */
int dict_builder_add(struct dict_builder *builder, struct str word, int64_t freq, struct str tag,
                     struct err *err);

/*
 * Compile. The total that the log probabilities refer to is the sum of all frequencies added, plus
 * `more` (jieba counts a word that stands twice in its dictionary twice). `dict` then points into
 * memory of the builder; `dict->hmm` and `dict->pos` are left alone. Returns 0 or -1 with a reason.
 */
int dict_builder_finish(struct dict_builder *builder, int64_t more, struct dict *dict,
                        struct err *err);

#endif
