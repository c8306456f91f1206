/*
 * segmenter: the scratch memory that the parts of the segmenter share while they cut one text.
 * Private to src/segmenter.
 *
 * A text is cut block by block. A block is a longest run of characters that have a label (jieba's
 * re_han_default). block.h reads a block into the arrays below; the other parts cut it, and name
 * its characters by their index in the block; output.h collects the words and hands them to the
 * sink.
 */
#ifndef SEGMENTER_SEGMENTER_H
#define SEGMENTER_SEGMENTER_H

#include "segmenter/dict.h"
#include "segmenter/word_sink.h"
#include "util/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OUTPUT_BATCH  256 /* The most words that the sink receives in one call. */
#define SEGMENTER_PAD 3   /* The labels past the end of a block that can be read; they are 0. */

/* The words that wait for the sink; see output.h. */
struct output {
    word_sink *sink;            /* The sink of segmenter_cut(), or NULL. */
    tagged_word_sink *tag_sink; /* The sink of segmenter_tag(), or NULL. */
    void *arg;                  /* The sink's first argument. */
    int status; /* -1 after the sink returned -1, or after memory ran out; else 0. */
    size_t n;   /* The number of words that wait. */
    struct str words[OUTPUT_BATCH];
    struct str tags[OUTPUT_BATCH]; /* The tags of the words, for `tag_sink`. */
};

struct segmenter {
    const struct dict *dict;
    bool search; /* Whether the shorter words inside a word are wanted, too. */

    const char *block; /* The text of the block. */
    size_t n;          /* The number of characters in the block. */

    /* Arrays in one allocation, with room for `cap` characters each. */
    size_t cap;
    dict_unit *singles; /* [n] The unit of each character, or 0 if no word begins with it. */
    dict_unit *pairs;   /* [n] The unit of each character and the next one, or 0. */
    double *best;       /* [n + 1] The best sum of log probabilities from a character to the end. */
    uint32_t *offsets;  /* [n + 2] The byte at which a character begins; the last one twice. */
    uint32_t *ends;     /* [n + 1] The end of the best path's word that begins here; then 0. */
    uint16_t *labels;   /* [n + SEGMENTER_PAD] The labels of the characters, then 0. */
    uint8_t *back;      /* [n] The back pointers of hmm.c; the states of pos_hmm.c. */

    struct buf joined;           /* The word of full.c that is not a run of the text. */
    struct pos_columns *columns; /* The memory of pos_hmm.c, owned; NULL until it is needed. */
    struct output out;
};

#endif
