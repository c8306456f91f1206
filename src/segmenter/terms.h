/*
 * terms: the words of a text that can be keywords, with what both methods do to them. Private to
 * src/segmenter.
 */
#ifndef SEGMENTER_TERMS_H
#define SEGMENTER_TERMS_H

#include "segmenter/keywords.h"
#include "util/buf.h"

/* One occurrence of a word. */
struct term {
    uint32_t at, len; /* in the text, bytes */
    uint32_t place;   /* how many words of any kind stand before it */
    uint32_t id;      /* of the word; see terms_number() */
};

struct terms {
    struct str text;
    struct term *at; /* [n], owned */
    size_t n, cap;
    uint32_t place; /* words seen */
};

/* Cut the query's text into words, by segmenter_cut() or, for those that have an allowed tag, by
 * segmenter_tag(), and keep those of two characters or more. Both return what these do. */
int terms_cut(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err);
int terms_tag(struct segmenter *seg, const struct keyword_query *query, struct terms *terms,
              struct err *err);

/* Sort the terms by their text, and the same words by where they stand, leave out the stop words,
 * and number the others from 0 on in this order, which is Python's order of strings. Returns how
 * many different words there are. */
size_t terms_number(struct terms *terms, const struct idf *weights);

void terms_free(struct terms *terms);

static inline struct str term_word(const struct terms *terms, const struct term *term)
{
    return (struct str){terms->text.at + term->at, term->len};
}

/* A word with its weight, and the order among those of the same weight. */
struct ranked_term {
    double weight;
    uint32_t order, at, len;
};

/* Sort the words as Python's sorted(key=weight, reverse=True) does, and take as many as the query
 * wants. Returns 0 or -1 with a reason. */
int terms_rank(struct ranked_term *words, size_t n, const struct keyword_query *query,
               struct keywords *found, struct err *err);

#endif
