/*
 * suggest: jieba's suggest_freq(): how often a word must be counted so that it is taken as a whole,
 * or so that it is not. The sums are doubles, in jieba's order.
 */
#ifndef SEGMENTER_SUGGEST_FREQ_H
#define SEGMENTER_SUGGEST_FREQ_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

/* Where frequencies are looked up: jieba's FREQ and total. */
struct freq_source {
    /* The frequency of a word: 0 for what is only a prefix of words, -1 for what is in no word. */
    int64_t (*of)(const void *source, struct str word);
    const void *source; /* borrowed */
    int64_t total;
};

/* Those of a compiled dictionary, which is borrowed. */
struct freq_source dict_freq_source(const struct dict *dict);

/* suggest_freq(word), for a word in UTF-8 of at most 64 characters. Returns it, or -1 with a
 * reason. */
int64_t suggest_join(const struct freq_source *freqs, struct str word, struct err *err);

/* suggest_freq((pieces...)), for pieces that together are `word`. */
int64_t suggest_split(const struct freq_source *freqs, struct str word, const struct str *pieces,
                      size_t n);

#endif
