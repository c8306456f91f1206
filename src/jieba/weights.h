/*
 * weights: what keywords are weighed with, as it lies in the snapshot: the inverse document
 * frequencies of words (jieba's idf.txt), and the stop words, which are never keywords. Read-only;
 * the memory belongs to whoever mapped or built it.
 */
#ifndef JIEBA_WEIGHTS_H
#define JIEBA_WEIGHTS_H

#include "jieba/table.h"

struct jieba_weights {
    struct jieba_table idf; /* a word's number is the index of its value, from 1 on */
    const double *values;   /* [0] is the median, for words that have no row; there is always one */
    size_t n_values;
    struct jieba_table stop_words; /* in lower case; their numbers are 0 */
};

/* Whether a look-up can reach a word: it has two characters or more, all of jieba's class. */
bool jieba_weights_reach(struct str word);

/* The inverse document frequency of a word, or the median. */
double jieba_weights_idf(const struct jieba_weights *weights, struct str word);

/* Whether a word is a stop word, its Latin letters in any case. */
bool jieba_weights_stop(const struct jieba_weights *weights, struct str word);

/* See whether every look-up stays inside. Returns 0 or -1 with a reason. */
int jieba_weights_verify(const struct jieba_weights *weights, struct err *err);

#endif
