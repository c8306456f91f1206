/*
 * keywords: finds the most significant words of a text, exactly as jieba.analyse 0.42.1 for Python
 * does, to the last bit of each weight.
 */
#ifndef SEGMENTER_KEYWORDS_H
#define SEGMENTER_KEYWORDS_H

#include "segmenter/idf.h"
#include "segmenter/segment.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>

struct keyword {
    struct str word; /* A run of bytes of the text. */
    double weight;
};

/* A list of keywords. A zeroed struct is empty. */
struct keywords {
    struct keyword *at; /* [n] The keywords, owned. */
    size_t n;
};

/* What to find, and in which text; everything is borrowed. */
struct keyword_query {
    const struct dict *dict;
    const struct idf *weights;
    struct str text;
    size_t top; /* The most keywords to return; 0 for all. */

    /* The tags that a keyword can have, in the notation of segmenter_tag(). Without any,
     * keywords_tfidf() does not tag the text and allows every word; keywords_textrank() finds no
     * keyword. */
    const struct str *allow_pos;
    size_t n_allow_pos;
};

/*
 * Both functions set `*found` to the keywords, the heaviest first; keywords of the same weight have
 * jieba's order. They return 0 on success; 1 if the text is not valid UTF-8, with the position in
 * `err`; -1 with a reason if memory ran out. The time grows with n log n; the memory is at most
 * about 40 times that of the text. The caller frees the keywords with keywords_free().
 */

/* Weigh each word by its count in the text times its inverse document frequency; extract_tags(). */
int keywords_tfidf(struct segmenter *seg, const struct keyword_query *query, struct keywords *found,
                   struct err *err);

/* Weigh each word by how well it is connected with the words near it, 1 for the best;
 * textrank(). */
int keywords_textrank(struct segmenter *seg, const struct keyword_query *query,
                      struct keywords *found, struct err *err);

/* Free the keywords; the list is empty afterwards. */
void keywords_free(struct keywords *keywords);

#endif
