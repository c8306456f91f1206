/*
 * explain: how the words of a text come about in accurate mode: the word graph of each block, the
 * most probable way through it, what the model made of the characters that the way leaves alone,
 * where each word comes from, and what would change the answer.
 *
 * It finds all this by itself, slowly and step by step as jieba does, beside the segmenter, which
 * is left as fast as it is; the words are the same. A change is tried out: the block is cut again
 * with the one word changed.
 */
#ifndef JIEBA_EXPLAIN_H
#define JIEBA_EXPLAIN_H

#include "jieba/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JIEBA_EXPLAIN_MAX 1000 /* characters of a text */

enum jieba_part_kind {
    JIEBA_BLOCK,   /* characters that jieba makes words of */
    JIEBA_BETWEEN, /* others: each is a word, but for CR LF, which is one */
    JIEBA_PHRASE,  /* a word with spaces or symbols, see phrases.h */
};

enum jieba_origin {
    JIEBA_FROM_WORDS, /* a word of the dictionary decided */
    JIEBA_FROM_MODEL, /* the hidden Markov model */
    JIEBA_FROM_RULE,  /* letters and digits that belong together, or a character alone */
};

/* Characters [begin, end) of a part. */
struct jieba_span {
    size_t begin, end;
};

/* A word of the graph. A character at which no word begins is one, too. */
struct jieba_edge {
    struct jieba_span span;
    int64_t freq; /* 0: not in the dictionary, and counted as 1 */
    double logp;  /* log(freq) - log(total) */
    bool on_route;
};

struct jieba_explained_word {
    struct jieba_span span;
    enum jieba_origin from;
    struct jieba_span row; /* the word that decided, if one did: this one; or a run of characters
                              that is a word, and which the route leaves alone: then jieba gives its
                              characters, each alone */
    int64_t freq;          /* of the row, else 0 */
};

/* A run of characters that the route leaves alone, given to the model, which takes letters and
 * digits by rule. */
struct jieba_run {
    struct jieba_span span;
    size_t first, n; /* of the part's words */
};

enum jieba_change_kind {
    JIEBA_JOIN,  /* neighbours, or all words of a run, as one word */
    JIEBA_KEEP,  /* a word that the model made, as a word of the dictionary */
    JIEBA_SPLIT, /* a word of the dictionary into the likeliest pieces besides itself */
};

/* A word whose frequency would have to be another one. */
struct jieba_change {
    enum jieba_change_kind kind;
    struct jieba_span word;
    int64_t present;         /* its frequency now; 0: it is not in the dictionary */
    int64_t freq;            /* what jieba's suggest_freq() gives; 0: it is to be deleted */
    size_t pieces, n_pieces; /* of the part's spans: what is there now, or the pieces of a split */
    size_t gives, n_gives; /* of the part's spans: the words that overlap `word` with the change */
    bool works;            /* whether these are the word, or the pieces of a split */
};

struct jieba_part {
    enum jieba_part_kind kind;
    struct str text;
    size_t begin, n;         /* characters before it in the text, and in it */
    const uint32_t *offsets; /* [n + 1] the bytes at which its characters begin */
    double logp;             /* of the route */

    /* Of a block only; edges by begin, then by end; the others in the order of the text. */
    const struct jieba_edge *edges;
    const struct jieba_run *runs;
    const struct jieba_change *changes;
    size_t n_edges, n_runs, n_changes;

    const struct jieba_explained_word *words;
    size_t n_words;
    const struct jieba_span *spans;
};

/* Takes the parts of a text in their order, valid during the call only. */
typedef void jieba_part_sink(void *arg, const struct jieba_part *part);

/* Explain how `text`, which is UTF-8 of at most JIEBA_EXPLAIN_MAX characters, is cut. Returns 0, or
 * -1 with a reason. */
int jieba_explain(const struct jieba_dict *dict, struct str text, bool hmm, jieba_part_sink *sink,
                  void *arg, struct err *err);

/* The text of characters of a part. */
static inline struct str jieba_part_text(const struct jieba_part *part, struct jieba_span span)
{
    uint32_t at = part->offsets[span.begin];
    return (struct str){part->text.at + at, part->offsets[span.end] - at};
}

#endif
