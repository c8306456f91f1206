/*
 * keywords: the words that tell most of a text, exactly as jieba.analyse 0.42.1 for Python finds
 * them, to the last bit of each weight.
 */
#ifndef SEGMENTER_KEYWORDS_H
#define SEGMENTER_KEYWORDS_H

#include "segmenter/idf.h"
#include "segmenter/segment.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>

struct keyword {
    struct str word; /* a run of the text */
    double weight;
};

/* What was found; `at` is owned. A zeroed struct is empty. */
struct keywords {
    struct keyword *at;
    size_t n;
};

/* What is asked for; all borrowed. */
struct keyword_query {
    const struct dict *dict;
    const struct idf *weights;
    struct str text;
    size_t top; /* keywords at most; 0 for all */
    const struct str
        *allow_pos;     /* the tags that a keyword may have, as segmenter_tag() gives them */
    size_t n_allow_pos; /* with none, keywords_tfidf() takes words of any, and their tags are
                           not looked for; keywords_textrank() takes no word */
};

/*
 * Find the keywords of a text, the heaviest first, those of one weight in jieba's order. Returns 0;
 * 1 where the text is no UTF-8; -1 with a reason when memory ran out. Time is O(n log n), memory at
 * most some 40 times that of the text.
 */

/* extract_tags(): how often a word stands in the text, times its inverse document frequency. */
int keywords_tfidf(struct segmenter *seg, const struct keyword_query *query, struct keywords *found,
                   struct err *err);

/* textrank(): how well a word is connected with the words that stand near it, 1 for the best. */
int keywords_textrank(struct segmenter *seg, const struct keyword_query *query,
                      struct keywords *found, struct err *err);

void keywords_free(struct keywords *keywords);

#endif
