/*
 * terms: the words of a text that can be keywords, with what both methods do to them. Private to
 * src/jieba.
 */
#ifndef JIEBA_TERMS_H
#define JIEBA_TERMS_H

#include "jieba/keywords.h"
#include "util/buf.h"

/* One occurrence of a word. */
struct jieba_term {
    uint32_t at, len; /* in the text, bytes */
    uint32_t place;   /* how many words of any kind stand before it */
    uint32_t id;      /* of the word; see jieba_terms_number() */
};

struct jieba_terms {
    struct str text;
    struct jieba_term *at; /* [n], owned */
    size_t n, cap;
    uint32_t place; /* words seen */
};

/* Cut the query's text into words, by jieba_cut() or, for those that have an allowed tag, by
 * jieba_tag(), and keep those of two characters or more. Both return what these do. */
int jieba_terms_cut(struct jieba *jieba, const struct jieba_keyword_query *query,
                    struct jieba_terms *terms, struct err *err);
int jieba_terms_tag(struct jieba *jieba, const struct jieba_keyword_query *query,
                    struct jieba_terms *terms, struct err *err);

/* Sort the terms by their text, and the same words by where they stand, leave out the stop words,
 * and number the others from 0 on in this order, which is Python's order of strings. Returns how
 * many different words there are. */
size_t jieba_terms_number(struct jieba_terms *terms, const struct jieba_weights *weights);

void jieba_terms_free(struct jieba_terms *terms);

static inline struct str jieba_term_word(const struct jieba_terms *terms,
                                         const struct jieba_term *term)
{
    return (struct str){terms->text.at + term->at, term->len};
}

/* A word with its weight, and the order among those of the same weight. */
struct jieba_ranked {
    double weight;
    uint32_t order, at, len;
};

/* Sort the words as Python's sorted(key=weight, reverse=True) does, and take as many as the query
 * wants. Returns 0 or -1 with a reason. */
int jieba_rank(struct jieba_ranked *words, size_t n, const struct jieba_keyword_query *query,
               struct jieba_keywords *found, struct err *err);

#endif
