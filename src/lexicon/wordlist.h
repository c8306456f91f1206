/*
 * wordlist: a dictionary that can still be changed, as jieba's Tokenizer has it in FREQ and total:
 * words with their frequencies, and their prefixes with 0. To be compiled before anything is cut
 * with it.
 */
#ifndef LEXICON_WORDLIST_H
#define LEXICON_WORDLIST_H

#include "lexicon/dict_builder.h"
#include "segmenter/dict.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

struct wordlist;

/* An empty list; NULL with a reason when memory ran out. */
struct wordlist *wordlist_new(struct err *err);
void wordlist_free(struct wordlist *list);

/* Set the frequency of a word (UTF-8, copied), 1 <= freq, and add it to the total, which counts
 * what a word had before, too; and its tag, unless that is empty. Returns 0 or -1 with a reason. */
int wordlist_add(struct wordlist *list, struct str word, int64_t freq, struct str tag,
                 struct err *err);

/* Add a frequency, 0 or more, to the total alone: that of a word which is not looked up. Returns 0
 * or -1 with a reason. */
int wordlist_count(struct wordlist *list, int64_t freq, struct err *err);

/* Add the words of a compiled dictionary to an empty list. Those with characters that no look-up
 * reaches are in its total only. Returns 0 or -1 with a reason. */
int wordlist_add_dict(struct wordlist *list, const struct dict *dict, struct err *err);

/* Give each word that has no tag the one that it has in a compiled dictionary, and remember the
 * tags of single characters that are in no word of the list. To be done last: these have the
 * frequency 0 afterwards. Returns 0 or -1 with a reason. */
int wordlist_add_tags(struct wordlist *list, const struct dict *dict, struct err *err);

/* The frequency of a word: 0 for what is only a prefix of words, -1 for what is in no word. */
int64_t wordlist_freq(const struct wordlist *list, struct str word);

/* The sum of all frequencies added. */
int64_t wordlist_total(const struct wordlist *list);

/* The frequency that a word needs so that it is taken as a whole, for a word in UTF-8 of at most 64
 * characters; jieba's suggest_freq(word). Returns it, or -1 with a reason. */
int64_t wordlist_suggest(const struct wordlist *list, struct str word, struct err *err);

/* Compile the list with a new builder, whose memory `dict` then points into; `dict->hmm` and
 * `dict->pos` are left alone. Returns the builder, to be freed by the caller, or NULL with a
 * reason. */
struct dict_builder *wordlist_compile(const struct wordlist *list, struct dict *dict,
                                      struct err *err);

#endif
