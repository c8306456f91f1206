/*
 * explainer: what explain.c and changes.c share. Private to src/segmenter.
 */
#ifndef SEGMENTER_EXPLAIN_INTERNAL_H
#define SEGMENTER_EXPLAIN_INTERNAL_H

#include "segmenter/explain.h"
#include "segmenter/segmenter.h"
#include "segmenter/suggest_freq.h"
#include "util/buf.h"

/* The dictionary with one word of the block changed, where `n` > 0. */
struct dict_variant {
    size_t begin, n;  /* the word: n characters of the block */
    int64_t freq;     /* 0: it is no word */
    double log_total; /* of the changed dictionary */
};

struct explainer {
    struct segmenter seg; /* what the model needs of it: its arrays are those below */
    struct freq_source freqs;
    bool hmm;
    struct explain_part part;

    uint16_t labels[EXPLAIN_MAX + SEGMENTER_PAD];
    uint32_t offsets[EXPLAIN_MAX + 2];
    uint8_t back[EXPLAIN_MAX];

    size_t first_edge[EXPLAIN_MAX + 1]; /* of the edges that begin at a character */
    double best[EXPLAIN_MAX + 1];       /* as in segmenter.h */
    uint32_t ends[EXPLAIN_MAX + 1];

    /* Arrays of what their names say. */
    struct buf edges, logs /* doubles: of the edges' frequencies */;
    struct buf words, runs, trial_words, trial_runs, changes, spans;
    struct buf *to_words; /* where the words that the model makes go to */
};

/* Find the most probable way through the characters [begin, end) of the block. */
void explain_best_path(struct explainer *explainer, size_t begin, size_t end,
                       const struct dict_variant *variant);

/* The words and runs of the best path through the block that overlap a part of it. */
void explain_words(struct explainer *explainer, const struct dict_variant *variant,
                   struct span part, struct buf *words, struct buf *runs);

/* What would change the words of the block; into `changes` and `spans`. */
void explain_suggestions(struct explainer *explainer);

static inline const struct explained_word *explained_words(const struct buf *words, size_t *n)
{
    *n = words->len / sizeof(struct explained_word);
    return (const struct explained_word *)(const void *)words->at;
}

#endif
