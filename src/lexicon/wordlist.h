/*
 * wordlist: a dictionary that can be changed, like FREQ and total of jieba's Tokenizer: words with
 * their frequencies, and the prefixes of words with the frequency 0. Compile it to cut text with
 * it.
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

/* Return an empty list, or NULL with a reason. */
struct wordlist *wordlist_new(struct err *err);

/* Free the list; NULL is allowed. */
void wordlist_free(struct wordlist *list);

/* Set the frequency of a word (UTF-8, copied), 0 or more, and, unless `tag` is empty, its tag. With
 * 0 it is no longer a word. Adds the frequency to the total; an earlier frequency of the word stays
 * in the total, as in jieba. Returns 0 or -1 with a reason. */
int wordlist_add(struct wordlist *list, struct str word, int64_t freq, struct str tag,
                 struct err *err);

/* Keep the model from finding a word for good (jieba's add_force_split()), whatever its frequency.
 * Returns 0 or -1 with a reason. */
int wordlist_forbid(struct wordlist *list, struct str word, struct err *err);

/* Add a frequency, 0 or more, to the total only: the frequency of a word that is never looked up.
 * Returns 0 or -1 with a reason. */
int wordlist_count(struct wordlist *list, int64_t freq, struct err *err);

/* Add the words of a compiled dictionary, its phrases among them, to an empty list, and set the total to the
 * dictionary's. Words that the dictionary only counts are in the total only. Returns 0 or -1 with a reason. */
int wordlist_add_dict(struct wordlist *list, const struct dict *dict, struct err *err);

/* Give each word without a tag the tag that it has in a compiled dictionary, and add the tags of
 * single characters that are not in the list. Call it last: these characters then look like
 * prefixes, with the frequency 0. Returns 0 or -1 with a reason. */
int wordlist_add_tags(struct wordlist *list, const struct dict *dict, struct err *err);

/* Return the frequency of a word; 0 if it is only a prefix of words; -1 if no word begins with
 * it. */
int64_t wordlist_freq(const struct wordlist *list, struct str word);

/* Return the sum of all frequencies added. */
int64_t wordlist_total(const struct wordlist *list);

/* Return the frequency with which a word is cut as one word, or -1 with a reason; see
 * suggest_join() in segmenter/suggest_freq.h. */
int64_t wordlist_suggest(const struct wordlist *list, struct str word, struct err *err);

/* Compile the list into `*dict`, which then points to memory of the returned builder. Leaves
 * `dict->hmm` and `dict->pos` as they are. Returns the builder, which the caller frees, or NULL
 * with a reason. */
struct dict_builder *wordlist_compile(const struct wordlist *list, struct dict *dict,
                                      struct err *err);

#endif
