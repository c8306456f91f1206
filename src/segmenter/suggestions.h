/*
 * suggestions: finds the changes of one word's frequency that would give a block other words, and
 * tries out each; the frequencies are those of jieba's suggest_freq(). Private to src/segmenter.
 *
 * A trial cuts the block as if the word had the other frequency, and all others the same as before: the
 * total, and with it each log probability, follow, as they do when the store is compiled.
 */
#ifndef SEGMENTER_SUGGESTIONS_H
#define SEGMENTER_SUGGESTIONS_H

#include "segmenter/explain_part.h"
#include "segmenter/suggest_freq.h"
#include "segmenter/word_graph.h"
#include "util/buf.h"

/* A zeroed struct is empty. */
struct suggestions {
    struct freq_source freqs;
    struct str text;                    /* The whole text, of which the block is a part. */
    struct buf list;                    /* struct suggestion */
    struct buf spans;                   /* struct span: what the suggestions refer to. */
    struct buf trial_words, trial_runs; /* The words and runs of the block after a change. */
};

void suggestions_free(struct suggestions *suggestions);

/* Whether memory ran out. */
bool suggestions_have_failed(const struct suggestions *suggestions);

void suggestions_reset(struct suggestions *suggestions);

/* Add the suggestions for the block of `graph`, which has these words and runs. Overwrites the best
 * path of the graph. */
void suggestions_find(struct suggestions *suggestions, struct word_graph *graph,
                      const struct buf *words, const struct buf *runs);

#endif
