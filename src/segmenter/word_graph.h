/*
 * word_graph: the word graph of one block, its best path, and the words that follow from it; as it
 * is, or with the frequency of one word changed. Private to src/segmenter.
 *
 * It implements accurate mode a second time, for explain.h: it stores the graph, and records where
 * each word comes from.
 */
#ifndef SEGMENTER_WORD_GRAPH_H
#define SEGMENTER_WORD_GRAPH_H

#include "segmenter/explain_part.h"
#include "segmenter/segmenter.h"
#include "util/buf.h"

/* A dictionary in which one word of the block has another frequency. Zeroed, it is the dictionary
 * as it is. */
struct dict_variant {
    size_t begin, n;  /* The word: `n` characters of the block; 0 for no change. */
    int64_t freq;     /* Its frequency; 0 if it is forbidden. */
    double log_total; /* The logarithm of the changed dictionary's total. */
};

struct word_graph {
    bool hmm;
    struct dict dict;     /* The dictionary without its forbidden words. */
    struct segmenter seg; /* The block, for the model. Its arrays are the next three. */
    uint16_t labels[EXPLAIN_MAX + SEGMENTER_PAD];
    uint32_t offsets[EXPLAIN_MAX + 2];
    uint8_t back[EXPLAIN_MAX];

    struct buf edges;                   /* struct explain_edge: sorted by begin, then by end. */
    struct buf log_freqs;               /* double: the logarithms of the edges' frequencies. */
    size_t first_edge[EXPLAIN_MAX + 1]; /* The first edge that begins at a character. */

    double best[EXPLAIN_MAX + 1];   /* As in segmenter.h. */
    uint32_t ends[EXPLAIN_MAX + 1]; /* As in segmenter.h. */

    /* Where the words of the model go, which the graph itself splits if they are forbidden, since it
     * records why. */
    struct buf *hmm_words;
    struct word_table forbidden;
    const struct dict_variant *hmm_variant;
};

/* Prepare zeroed memory. */
void word_graph_init(struct word_graph *graph, const struct dict *dict, bool hmm);

void word_graph_free(struct word_graph *graph);

/* Whether memory for the graph ran out. */
bool word_graph_has_failed(const struct word_graph *graph);

/* Find the edges of the block: `seg.block`, `seg.n`, `labels` and `offsets` are set. */
void word_graph_build(struct word_graph *graph);

/* Find the best path through the characters [begin, end) of the block: set `best` and `ends`. */
void word_graph_find_best_path(struct word_graph *graph, size_t begin, size_t end,
                               const struct dict_variant *variant);

/* Mark the edges of the best path through the whole block. */
void word_graph_mark_best_path(struct word_graph *graph);

/*
 * Set `words` to the words (struct explained_word) that follow from the best path through the whole
 * block, and `runs` to the runs (struct explain_run) that the model cuts, from the first that
 * overlaps `part` to the last.
 */
void word_graph_find_words(struct word_graph *graph, const struct dict_variant *variant,
                           struct span part, struct buf *words, struct buf *runs);

/* Whether the dictionary forbids the characters of a span of the block as a word. */
bool word_graph_forbids(const struct word_graph *graph, struct span span);

/* The edges of the graph. */
static inline struct explain_edge *word_graph_edges(const struct word_graph *graph, size_t *n)
{
    *n = graph->edges.len / sizeof(struct explain_edge);
    return (struct explain_edge *)(void *)graph->edges.at;
}

/* The text of some characters of the block. */
static inline struct str word_graph_text(const struct word_graph *graph, struct span span)
{
    uint32_t at = graph->offsets[span.begin];
    return (struct str){graph->seg.block + at, graph->offsets[span.end] - at};
}

/* The words in a buf of struct explained_word. */
static inline const struct explained_word *explained_words(const struct buf *words, size_t *n)
{
    *n = words->len / sizeof(struct explained_word);
    return (const struct explained_word *)(const void *)words->at;
}

/* Append a word to such a buf. */
static inline void explained_word_add(struct buf *words, struct explained_word word)
{
    buf_add(words, &word, sizeof word);
}

#endif
