/*
 * text_diff: cuts lines of text with two dictionaries, and prints where their words differ.
 */
#ifndef CLI_TEXT_DIFF_H
#define CLI_TEXT_DIFF_H

#include "segmenter/dict.h"
#include "segmenter/segment.h"
#include "util/buf.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The words of a line. A zeroed struct is empty. */
struct text_words {
    struct buf words; /* struct str: the words, borrowed from the line. */
    struct buf tags;  /* struct str: their parts of speech, borrowed from the dictionary. */
};

/* Set the fields up to `limit` of a zeroed struct. text_diff_free() frees the others. */
struct text_diff {
    const struct dict *before, *after; /* The dictionaries, borrowed. */
    bool hmm;                          /* Whether the hidden Markov model is used. */
    bool pos;                          /* Whether parts of speech are compared, too. */
    size_t limit;                      /* The most differences to print. */

    struct segmenter *seg;      /* The segmenter of both sides; NULL before the first file. */
    struct text_words words[2]; /* The words of the line before and after. */
    char *line;                 /* The buffer of getline(). */
    size_t cap;                 /* The size of that buffer in bytes. */
    size_t lines, differing;    /* The number of lines read, and of those whose words differ. */
    size_t found; /* The number of differences; those above `limit` are not printed. */
};

/*
 * Compare the lines of `in`, and print each difference as `NAME:LINE: old words -> new words` to the
 * standard output. Returns 0; or -1 with a reason, where a line is not valid UTF-8, say.
 */
int text_diff_compare(struct text_diff *diff, FILE *in, const char *name, struct err *err);

/* Free the memory of the comparison. */
void text_diff_free(struct text_diff *diff);

#endif
