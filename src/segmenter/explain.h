/*
 * explain: how the words of a text come about in accurate mode: the word graph of each block, the
 * most probable way through it, what the model made of the characters that the way leaves alone,
 * where each word comes from, and what would change the answer.
 *
 * It finds all this by itself, slowly and step by step as jieba does, beside the segmenter, which
 * is left as fast as it is; the words are the same. A change is tried out: the block is cut again
 * with the one word changed.
 */
#ifndef SEGMENTER_EXPLAIN_H
#define SEGMENTER_EXPLAIN_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPLAIN_MAX 1000 /* characters of a text */

enum explain_part_kind {
    EXPLAIN_BLOCK,  /* characters that jieba makes words of */
    EXPLAIN_GAP,    /* others: each is a word, but for CR LF, which is one */
    EXPLAIN_PHRASE, /* a word with spaces or symbols, see phrases.h */
};

enum word_origin {
    ORIGIN_DICT, /* a word of the dictionary decided */
    ORIGIN_HMM,  /* the hidden Markov model */
    ORIGIN_RULE, /* letters and digits that belong together, or a character alone */
};

/* Characters [begin, end) of a part. */
struct span {
    size_t begin, end;
};

/* A word of the graph. A character at which no word begins is one, too. */
struct explain_edge {
    struct span span;
    int64_t freq; /* 0: not in the dictionary, and counted as 1 */
    double logp;  /* log(freq) - log(total) */
    bool on_best_path;
};

struct explained_word {
    struct span span;
    enum word_origin from;
    struct span row; /* the word that decided, if one did: this one; or a run of characters
                              that is a word, and which the best path leaves alone: then jieba gives
                        its characters, each alone */
    int64_t freq;    /* of the row, else 0 */
};

/* A run of characters that the best path leaves alone, given to the model, which takes letters and
 * digits by rule. */
struct explain_run {
    struct span span;
    size_t first, n; /* of the part's words */
};

enum suggestion_kind {
    SUGGEST_JOIN,  /* neighbours, or all words of a run, as one word */
    SUGGEST_KEEP,  /* a word that the model made, as a word of the dictionary */
    SUGGEST_SPLIT, /* a word of the dictionary into the likeliest pieces besides itself */
};

/* A word whose frequency would have to be another one. */
struct suggestion {
    enum suggestion_kind kind;
    struct span word;
    int64_t present;         /* its frequency now; 0: it is not in the dictionary */
    int64_t freq;            /* what jieba's suggest_freq() gives; 0: it is to be deleted */
    size_t pieces, n_pieces; /* of the part's spans: what is there now, or the pieces of a split */
    size_t gives, n_gives; /* of the part's spans: the words that overlap `word` with the change */
    bool works;            /* whether these are the word, or the pieces of a split */
};

struct explain_part {
    enum explain_part_kind kind;
    struct str text;
    size_t begin, n;         /* characters before it in the text, and in it */
    const uint32_t *offsets; /* [n + 1] the bytes at which its characters begin */
    double logp;             /* of the best path */

    /* Of a block only; edges by begin, then by end; the others in the order of the text. */
    const struct explain_edge *edges;
    const struct explain_run *runs;
    const struct suggestion *changes;
    size_t n_edges, n_runs, n_changes;

    const struct explained_word *words;
    size_t n_words;
    const struct span *spans;
};

/* Takes the parts of a text in their order, valid during the call only. */
typedef void explain_sink(void *arg, const struct explain_part *part);

/* Explain how `text`, which is UTF-8 of at most EXPLAIN_MAX characters, is cut. Returns 0, or
 * -1 with a reason. */
int explain_text(const struct dict *dict, struct str text, bool hmm, explain_sink *sink, void *arg,
                 struct err *err);

/* The text of characters of a part. */
static inline struct str explain_part_text(const struct explain_part *part, struct span span)
{
    uint32_t at = part->offsets[span.begin];
    return (struct str){part->text.at + at, part->offsets[span.end] - at};
}

#endif
