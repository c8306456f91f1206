/*
 * dict_builder: compiles words with their frequencies and tags into a `struct dict`.
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

/* Return a new builder, or NULL with a reason. `phrases` is whether words with spaces and symbols, signs
 * among them, are compiled into the phrases of the dictionary (see segmenter/phrases.h). */
struct dict_builder *dict_builder_new(bool phrases, struct err *err);

/* Free the builder with the memory of its dictionary; NULL is allowed. */
void dict_builder_free(struct dict_builder *builder);

/*
 * Add a word (UTF-8) with its frequency and its tag, which are copied. The words are added in
 * ascending order of their bytes, each once. The tag can be empty (see tagset.h). With the frequency
 * 0 they are not a word, but have the tag. With phrases, a word with a sign or with a character that has
 * no label becomes a phrase. Without, the former is a word like any other, and the latter only counts in
 * the total, since jieba's own look-ups never reach it. Returns 0 or -1 with a reason.
 */
int dict_builder_add(struct dict_builder *builder, struct str word, int64_t freq, struct str tag,
                     struct err *err);

/* Keep the model from finding a word (jieba's add_force_split()), which is copied. Such words are
 * added in ascending order of their bytes, each once. Ignores a word that the model never finds: a
 * single character, or a word with a character that has no label. Returns 0 or -1 with a reason. */
int dict_builder_forbid(struct dict_builder *builder, struct str word, struct err *err);

/*
 * Compile the words into `*dict`, which then points to memory of the builder. The total is the sum
 * of all frequencies added, plus `more`, 0 or more (jieba counts a word that is in its dictionary
 * twice two times). Leaves `dict->hmm` and `dict->pos` as they are. Call it once. Returns 0 or -1
 * with a reason.
 */
int dict_builder_finish(struct dict_builder *builder, int64_t more, struct dict *dict,
                        struct err *err);

#endif
