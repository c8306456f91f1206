/*
 * idf: the weights of keywords, as they lie in the snapshot: the inverse document frequencies of
 * words (jieba's idf.txt), and the stop words, which are never keywords. Read-only; the memory
 * belongs to the snapshot or to the builder.
 */
#ifndef SEGMENTER_IDF_H
#define SEGMENTER_IDF_H

#include "segmenter/word_table.h"

struct idf {
    struct word_table idf;        /* Words; the number of each is the index of its value. */
    const double *values;         /* [n_values] The median at 0, for words that are not in `idf`. */
    size_t n_values;              /* At least 1. */
    struct word_table stop_words; /* Words in lower case, each with the number 0. */
};

/* Whether the keyword functions can ever look a word up: it is valid UTF-8 of two characters or more. Other
 * characters than jieba's can be in phrases; see phrases.h. */
bool idf_can_reach(struct str word);

/* Return the inverse document frequency of a word, or the median if it has none. */
double idf_of(const struct idf *weights, struct str word);

/* Whether a word is a stop word; the case of ASCII letters does not matter. */
bool idf_is_stop_word(const struct idf *weights, struct str word);

#endif
