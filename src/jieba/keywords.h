/*
 * keywords: the words that tell most of a text, exactly as jieba.analyse 0.42.1 for Python finds
 * them, to the last bit of each weight.
 */
#ifndef JIEBA_KEYWORDS_H
#define JIEBA_KEYWORDS_H

#include "jieba/segment.h"
#include "jieba/weights.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>

struct jieba_keyword {
    struct str word; /* a run of the text */
    double weight;
};

/* What was found; `at` is owned. A zeroed struct is empty. */
struct jieba_keywords {
    struct jieba_keyword *at;
    size_t n;
};

/* What is asked for; all borrowed. */
struct jieba_keyword_query {
    const struct jieba_dict *dict;
    const struct jieba_weights *weights;
    struct str text;
    size_t top;                  /* keywords at most; 0 for all */
    const struct str *allow_pos; /* the tags that a keyword may have, as jieba_tag() gives them */
    size_t n_allow_pos;          /* with none, jieba_tfidf() takes words of any, and their tags are
                                    not looked for; jieba_textrank() takes no word */
};

/*
 * Find the keywords of a text, the heaviest first, those of one weight in jieba's order. Returns 0;
 * 1 where the text is no UTF-8; -1 with a reason when memory ran out. Time is O(n log n), memory at
 * most some 40 times that of the text.
 */

/* extract_tags(): how often a word stands in the text, times its inverse document frequency. */
int jieba_tfidf(struct jieba *jieba, const struct jieba_keyword_query *query,
                struct jieba_keywords *found, struct err *err);

/* textrank(): how well a word is connected with the words that stand near it, 1 for the best. */
int jieba_textrank(struct jieba *jieba, const struct jieba_keyword_query *query,
                   struct jieba_keywords *found, struct err *err);

void jieba_keywords_free(struct jieba_keywords *keywords);

#endif
