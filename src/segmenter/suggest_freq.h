/*
 * suggest_freq: computes the frequency that a word needs to be cut as one word, or to be cut into
 * pieces; jieba's suggest_freq(), with the same doubles multiplied in the same order.
 */
#ifndef SEGMENTER_SUGGEST_FREQ_H
#define SEGMENTER_SUGGEST_FREQ_H

#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stddef.h>
#include <stdint.h>

#define SUGGEST_MAX_CHARACTERS 64 /* The most characters of a word; the store has the same limit. */

#define SUGGEST_STORE_MAX_FREQ 1000000000000 /* The highest frequency that the store accepts. */

/* A dictionary to look up frequencies in; jieba's FREQ and total. */
struct freq_source {
    /* Return the frequency of a word; 0 if it is only a prefix of words; -1 if no word begins with
     * it. */
    int64_t (*of)(const void *source, struct str word);
    const void *source; /* The first argument of `of`, borrowed. */
    int64_t total;      /* The sum of all frequencies. */
};

/* Return a source of the frequencies of a compiled dictionary, which is borrowed. */
struct freq_source dict_freq_source(const struct dict *dict);

/* Return suggest_freq(text), the frequency with which the text is cut as one word, or -1 with a
 * reason. The text is valid UTF-8 of at most SUGGEST_MAX_CHARACTERS. */
int64_t suggest_join(const struct freq_source *freqs, struct str text, struct err *err);

/* Return suggest_freq((pieces...)), the frequency with which `word` is cut into these pieces; 0
 * forbids the word. */
int64_t suggest_split(const struct freq_source *freqs, struct str word, const struct str *pieces,
                      size_t n);

#endif
