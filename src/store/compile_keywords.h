/*
 * compile_keywords: compiles idf and stop_words into the sections of a snapshot. Private to
 * src/store.
 */
#ifndef STORE_COMPILE_KEYWORDS_H
#define STORE_COMPILE_KEYWORDS_H

#include "segmenter/word_table.h"
#include "store/internal.h"

/* The sections, owned; a zeroed struct holds none. */
struct compiled_keywords {
    double *values; /* [n_values]: the median, then each value once, in descending order */
    size_t n_values;
    struct word_table_builder idf, stop_words;
};

/* Compile what the store has; the median of no values is 1. Words that no look-up can reach count
 * in the median only. Returns 0 or -1 with a reason. */
int store_compile_keywords(struct store *store, struct compiled_keywords *keywords,
                           struct err *err);

void store_free_keywords(struct compiled_keywords *keywords);

#endif
