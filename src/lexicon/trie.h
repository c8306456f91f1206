/*
 * trie: collects sorted words, each a sequence of labels, and lays them out as a double array (see
 * segmenter/dict.h). Private to src/lexicon.
 */
#ifndef LEXICON_TRIE_H
#define LEXICON_TRIE_H

#include "segmenter/dict.h"
#include "util/err.h"

#include <stddef.h>
#include <stdint.h>

#define TRIE_MAX_DEPTH 256 /* The most labels of a word; the store's limit is lower. */

struct trie;

/* Return an empty trie, or NULL with a reason. */
struct trie *trie_new(struct err *err);

/* Free the trie; NULL is allowed. */
void trie_free(struct trie *trie);

/* Add a word of n labels, 1 <= n <= TRIE_MAX_DEPTH, with its probability index and the number of
 * its tag. The words are added in ascending order, each once. Returns 0 or -1 with a reason. */
int trie_add(struct trie *trie, const uint16_t *labels, size_t n, uint32_t prob, uint16_t tag,
             struct err *err);

/*
 * Lay the words out as a double array of `*n` units, with as many tags. `n_labels` is one more than
 * the largest label; `*n` is at least every base + n_labels. Call it once. Returns 0 or -1 with a
 * reason. In both cases the caller frees `*units` and `*tags`, which are NULL before.
 */
int trie_lay_out(struct trie *trie, uint32_t n_labels, dict_unit **units, uint16_t **tags,
                 uint32_t *n, struct err *err);

#endif
