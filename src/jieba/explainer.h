/*
 * explainer: what explain.c and changes.c share. Private to src/jieba.
 */
#ifndef JIEBA_EXPLAINER_H
#define JIEBA_EXPLAINER_H

#include "jieba/explain.h"
#include "jieba/scratch.h"
#include "jieba/suggest.h"
#include "util/buf.h"

/* The dictionary with one word of the block changed, where `n` > 0. */
struct jieba_variant {
    size_t begin, n;  /* the word: n characters of the block */
    int64_t freq;     /* 0: it is no word */
    double log_total; /* of the changed dictionary */
};

struct jieba_explainer {
    struct jieba jieba; /* what the model needs of it: its arrays are those below */
    struct jieba_freqs freqs;
    bool hmm;
    struct jieba_part part;

    uint16_t labels[JIEBA_EXPLAIN_MAX + JIEBA_PAD];
    uint32_t offsets[JIEBA_EXPLAIN_MAX + 2];
    uint8_t back[JIEBA_EXPLAIN_MAX];

    size_t first_edge[JIEBA_EXPLAIN_MAX + 1]; /* of the edges that begin at a character */
    double route[JIEBA_EXPLAIN_MAX + 1];      /* as in scratch.h */
    uint32_t ends[JIEBA_EXPLAIN_MAX + 1];

    /* Arrays of what their names say. */
    struct buf edges, logs /* doubles: of the edges' frequencies */;
    struct buf words, runs, trial_words, trial_runs, changes, spans;
    struct buf *to_words; /* where the words that the model makes go to */
};

/* Find the most probable way through the characters [begin, end) of the block. */
void jieba_explain_route(struct jieba_explainer *explainer, size_t begin, size_t end,
                         const struct jieba_variant *variant);

/* The words and runs of the route through the block that overlap a part of it. */
void jieba_explain_words(struct jieba_explainer *explainer, const struct jieba_variant *variant,
                         struct jieba_span part, struct buf *words, struct buf *runs);

/* What would change the words of the block; into `changes` and `spans`. */
void jieba_explain_changes(struct jieba_explainer *explainer);

static inline const struct jieba_explained_word *jieba_words_of(const struct buf *words, size_t *n)
{
    *n = words->len / sizeof(struct jieba_explained_word);
    return (const struct jieba_explained_word *)(const void *)words->at;
}

#endif
