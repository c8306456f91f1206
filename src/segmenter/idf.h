/*
 * weights: what keywords are weighed with, as it lies in the snapshot: the inverse document
 * frequencies of words (jieba's idf.txt), and the stop words, which are never keywords. Read-only;
 * the memory belongs to whoever mapped or built it.
 */
#ifndef SEGMENTER_IDF_H
#define SEGMENTER_IDF_H

#include "segmenter/word_table.h"

struct idf {
    struct word_table idf; /* a word's number is the index of its value, from 1 on */
    const double *values;  /* [0] is the median, for words that have no row; there is always one */
    size_t n_values;
    struct word_table stop_words; /* in lower case; their numbers are 0 */
};

/* Whether a look-up can reach a word: it has two characters or more, all of jieba's class. */
bool idf_can_reach(struct str word);

/* The inverse document frequency of a word, or the median. */
double idf_of(const struct idf *weights, struct str word);

/* Whether a word is a stop word, its Latin letters in any case. */
bool idf_is_stop_word(const struct idf *weights, struct str word);

#endif
