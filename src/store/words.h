/*
 * words: the words of the store as jieba's Tokenizer has them, those without a frequency among
 * them. Private to src/store.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "lexicon/wordlist.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * List the words, with jieba's total. Those whose frequency is left out are given what jieba's
 * add_word(word) would, in ascending order of their bytes and after all others; one of an otherwise
 * empty dictionary is given 1, where jieba would divide by zero.
 *
 * Where `all` is not asked for, the words that have no bearing on these are in the total alone, and
 * `*list` is NULL where there are none: that is cheap. Returns 0, or -1 with a reason; the list is
 * the caller's to free.
 */
int store_list_words(struct store *store, bool all, struct wordlist **list, struct err *err);

#endif
