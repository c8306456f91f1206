/*
 * explain_part: the data of an explanation (see explain.h): why one part of a text is cut into its
 * words.
 */
#ifndef SEGMENTER_EXPLAIN_PART_H
#define SEGMENTER_EXPLAIN_PART_H

#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPLAIN_MAX 1000 /* The most characters that an explained text can have. */

enum explain_part_kind {
    EXPLAIN_BLOCK,  /* Characters that jieba cuts by the dictionary and the model. */
    EXPLAIN_GAP,    /* Other characters: each is a word, and CR LF is one. */
    EXPLAIN_PHRASE, /* A word with spaces or symbols; see phrases.h. */
};

enum word_origin {
    ORIGIN_DICT, /* An entry of the dictionary decided. */
    ORIGIN_HMM,  /* The hidden Markov model decided. */
    ORIGIN_RULE, /* A rule: letters and digits stay together, or a character is alone. */
};

/* Characters [begin, end) of a part. */
struct span {
    size_t begin, end;
};

/* An edge of the word graph: a word, or a character with which no word begins. */
struct explain_edge {
    struct span span;
    int64_t freq; /* The word's frequency; 0 if it is not in the dictionary, which counts as 1. */
    double logp;  /* log(frequency) - log(total). */
    bool on_best_path;
};

struct explained_word {
    struct span span;
    enum word_origin from;

    /* The dictionary's entry that decided, if `from` is ORIGIN_DICT. It is the word itself; or a
     * run of single characters on the best path that is a word, or a word of the model that is
     * forbidden: then jieba puts each character alone. */
    struct span row;
    int64_t freq; /* The frequency of that entry, 0 if it is forbidden; else 0. */
};

/* A run of single characters on the best path that is cut by the model. */
struct explain_run {
    struct span span;
    size_t first, n; /* The words that it became: n of the part's words, from `first` on. */
};

enum suggestion_kind {
    SUGGEST_JOIN,  /* Make neighbours, or all words of a run, one word. */
    SUGGEST_KEEP,  /* Add a word that the model found to the dictionary. */
    SUGGEST_SPLIT, /* Cut a word of the dictionary into its most probable pieces, or a word that the
                      model found into its characters. */
};

#define NO_FREQ (-1) /* The frequency of a word that is not in the dictionary. */

/* A change of one word's frequency that would change how the part is cut. */
struct suggestion {
    enum suggestion_kind kind;
    struct span word;
    int64_t present; /* The word's frequency now, 0 if it is forbidden, or NO_FREQ. */
    int64_t freq;    /* The frequency that jieba's suggest_freq() gives, or 0 to forbid the word. */

    /* The words of the part that SUGGEST_JOIN joins, else the pieces of the word: n_pieces of the
     * part's spans, from `pieces` on. */
    size_t pieces, n_pieces;

    /* The words that overlap `word` after the change: n_gives of the part's spans, from `gives`
     * on. */
    size_t gives, n_gives;

    /* Whether the change has the intended effect: `gives` are the word itself, or, for
     * SUGGEST_SPLIT, its pieces. */
    bool works;
};

struct explain_part {
    enum explain_part_kind kind;
    struct str text;
    size_t begin;            /* The number of characters before it in the whole text. */
    size_t n;                /* The number of characters in it. */
    const uint32_t *offsets; /* [n + 1] The byte of `text` at which each character begins. */
    double logp;             /* The sum of log probabilities of the best path; blocks only. */

    /* Empty in other parts than blocks. Edges are sorted by begin, then by end; runs and changes
     * have the order of the text. */
    const struct explain_edge *edges;
    const struct explain_run *runs;
    const struct suggestion *changes;
    size_t n_edges, n_runs, n_changes;

    const struct explained_word *words;
    size_t n_words;
    const struct span *spans; /* What the suggestions refer to. */
};

/* The text of some characters of a part. */
static inline struct str explain_part_text(const struct explain_part *part, struct span span)
{
    uint32_t at = part->offsets[span.begin];
    return (struct str){part->text.at + at, part->offsets[span.end] - at};
}

#endif
