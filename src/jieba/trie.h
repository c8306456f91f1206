/*
 * trie: collects sorted words, each as a run of labels, and lays them out as a double array.
 * Private to src/jieba.
 */
#ifndef JIEBA_TRIE_H
#define JIEBA_TRIE_H

#include "jieba/dict.h"
#include "util/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JIEBA_MAX_DEPTH 256 /* labels of a word; the store refuses longer ones much earlier */

struct jieba_trie;

/* An empty trie, or NULL with a reason. */
struct jieba_trie *jieba_trie_new(struct err *err);
void jieba_trie_free(struct jieba_trie *trie);

/* Whether no word was added. */
bool jieba_trie_is_empty(const struct jieba_trie *trie);

/* Add a word of n labels, 1 <= n <= JIEBA_MAX_DEPTH, with its cost index and the number of
 * its tag. The words come in ascending order, each once. Returns 0 or -1 with a reason. */
int jieba_trie_add(struct jieba_trie *trie, const uint16_t *labels, size_t n, uint32_t cost,
                   uint16_t tag, struct err *err);

/* Lay it out so that every base + n_labels is inside, n_labels being one more than the largest
 * label: `*n` units, and as many tags, to be freed by the caller. To be called once. Returns 0 or
 * -1 with a reason, and then these are to be freed, too. */
int jieba_trie_lay_out(struct jieba_trie *trie, uint32_t n_labels, jieba_unit **units,
                       uint16_t **tags, uint32_t *n, struct err *err);

#endif
