/*
 * words: the store's words as a list like that of jieba's Tokenizer, in which words without a freq
 * have the one that jieba suggests. Private to src/store.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "lexicon/wordlist.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * List the words, with jieba's total. Words without a freq come after all others, in ascending order
 * of their bytes; each gets the frequency that jieba's add_word(word) would give it at that point.
 * In an otherwise empty dictionary that is 1, where jieba would divide by zero.
 *
 * With `all` false, only the words that bear on those without a freq are listed; the others are in
 * the total alone. `*list` is then NULL where every word has a freq, which is cheap to find out.
 * Returns 0, or -1 with a reason; the caller frees the list.
 */
int store_list_words(struct store *store, bool all, struct wordlist **list, struct err *err);

#endif
