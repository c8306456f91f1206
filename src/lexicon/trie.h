/*
 * trie: collects sorted words, each as a run of labels, and lays them out as a double array.
 * Private to src/lexicon.
 */
#ifndef LEXICON_TRIE_H
#define LEXICON_TRIE_H

#include "segmenter/dict.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRIE_MAX_DEPTH 256 /* labels of a word; the store refuses longer ones much earlier */

struct trie;

/* An empty trie, or NULL with a reason. */
struct trie *trie_new(struct err *err);
void trie_free(struct trie *trie);

/* Whether no word was added. */
bool trie_is_empty(const struct trie *trie);

/* Add a word of n labels, 1 <= n <= TRIE_MAX_DEPTH, with its probability index and the number of
 * its tag. The words come in ascending order, each once. Returns 0 or -1 with a reason. */
int trie_add(struct trie *trie, const uint16_t *labels, size_t n, uint32_t prob, uint16_t tag,
             struct err *err);

/* Lay it out so that every base + n_labels is inside, n_labels being one more than the largest
 * label: `*n` units, and as many tags, to be freed by the caller. To be called once. Returns 0 or
 * -1 with a reason, and then these are to be freed, too. */
int trie_lay_out(struct trie *trie, uint32_t n_labels, dict_unit **units, uint16_t **tags,
                 uint32_t *n, struct err *err);

#endif
