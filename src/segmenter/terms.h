/*
 * terms: the words of a text that can be keywords, and the steps that both methods of keywords.h
 * share. Private to src/segmenter.
 */
#ifndef SEGMENTER_TERMS_H
#define SEGMENTER_TERMS_H

#include "segmenter/keywords.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/* One occurrence of a word. */
struct term {
    uint32_t at, len; /* Its first byte in the text, and its length in bytes. */
    uint32_t place;   /* The number of words of any kind before it. */
    uint32_t id;      /* The number of the word; see terms_number(). */
};

struct terms {
    struct str text;
    struct term *at; /* [n] Owned. */
    size_t n, cap;
    uint32_t place; /* The number of words seen, of any kind. */
};

/* Cut the query's text, and add the words of two characters or more. Returns what segmenter_cut()
 * does. */
int terms_cut(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err);

/* Tag the query's text, and add the words of two characters or more that have an allowed tag.
 * Returns what segmenter_tag() does. */
int terms_tag(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err);

/* Sort the terms by word, in Python's order of strings, and those of one word by position; remove
 * the stop words; number the different words from 0 on. Returns how many different words there
 * are. */
size_t terms_number(struct terms *terms, const struct idf *weights);

void terms_free(struct terms *terms);

/* The word of a term, borrowed from the text. */
static inline struct str term_word(const struct terms *terms, const struct term *term)
{
    return (struct str){terms->text.at + term->at, term->len};
}

/* A word with its weight. */
struct ranked_term {
    double weight;
    uint32_t order;   /* Its order among words of the same weight. */
    uint32_t at, len; /* Its first byte in the text, and its length in bytes. */
};

/* Sort the `n` words as Python's sorted(key=weight, reverse=True) does, and set `*found` to as many
 * as the query asks for. Returns 0 or -1 with a reason. */
int terms_rank(struct ranked_term *words, size_t n, const struct keyword_query *query,
               struct keywords *found, struct err *err);

#endif
