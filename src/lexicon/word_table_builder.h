/*
 * word_table_builder: makes a table of words (see segmenter/word_table.h).
 */
#ifndef LEXICON_WORD_TABLE_BUILDER_H
#define LEXICON_WORD_TABLE_BUILDER_H

#include "segmenter/word_table.h"
#include "util/buf.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/* A table in the making. A zeroed struct is an empty one. */
struct word_table_builder {
    struct buf text, blocks; /* The arrays of `struct word_table`. */
    size_t n;                /* The number of words added. */
    struct str last;         /* The last word of the current block, in `word`. */
    char word[WORD_TABLE_MAX_WORD];
};

/* Add a word, which is copied. The words are added in ascending order of their bytes, each once.
 * Returns 0 or -1 with a reason. */
int word_table_builder_add(struct word_table_builder *builder, struct str word, uint32_t number,
                           struct err *err);

/* Return the table of the words added so far. Its memory is the builder's, and valid until the next
 * word is added. */
struct word_table word_table_builder_table(const struct word_table_builder *builder);

/* Free the memory; the builder is empty afterwards. */
void word_table_builder_free(struct word_table_builder *builder);

#endif
