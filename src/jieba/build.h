/*
 * build: compiles a list of words into the double array and the table of costs of `struct
 * jieba_dict`.
 */
#ifndef JIEBA_BUILD_H
#define JIEBA_BUILD_H

#include "jieba/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jieba_builder;

/* `phrases` tells whether words with spaces and symbols are to be found, see phrases.h. */
struct jieba_builder *
jieba_builder_new(bool phrases, struct err *err); /* NULL with a reason when memory ran out */
void jieba_builder_free(struct jieba_builder *builder);

/*
 * Add a word (UTF-8) with its frequency, and its tag, which can be empty (see jieba/tagset.h);
 * they are copied. A frequency of 0 is for what is no word, but has a tag. The words come in
 * ascending order of their bytes, each once. A word with a character outside of jieba's class is
 * counted in the total; it is a phrase, or, without those, left out of the tables, since jieba's
 * own look-ups never reach it. Returns 0 or -1 with a reason.
 */
int jieba_builder_add(struct jieba_builder *builder, struct str word, int64_t freq, struct str tag,
                      struct err *err);

/*
 * Compile. The total that the costs refer to is the sum of all frequencies added, plus `more`
 * (jieba counts a word that stands twice in its dictionary twice). `dict` then points into memory
 * of the builder; `dict->hmm` and `dict->pos` are left alone. Returns 0 or -1 with a reason.
 */
int jieba_builder_finish(struct jieba_builder *builder, int64_t more, struct jieba_dict *dict,
                         struct err *err);

#endif
