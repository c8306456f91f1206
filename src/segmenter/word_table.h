/*
 * table: words with a number each, as they lie in the snapshot: sorted by their bytes and front
 * coded in blocks, which is small, and smaller still when compressed. A look-up is a binary search
 * among the blocks, and a walk through one of them.
 *
 * A word in a block is: how many bytes it shares with the word before it (a byte; 0 for the first
 * one), how many more it has (a byte), these, and its number in LEB128 (seven bits a byte, the
 * lowest first; a set top bit says that more follow).
 */
#ifndef SEGMENTER_WORD_TABLE_H
#define SEGMENTER_WORD_TABLE_H

#include "util/buf.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_TABLE_BLOCK      32         /* words in a block */
#define WORD_TABLE_MAX_WORD   255        /* bytes */
#define WORD_TABLE_MAX_NUMBER (1u << 28) /* four bytes of LEB128; numbers are smaller */

/* Read-only; the memory belongs to whoever mapped or built it. */
struct word_table {
    const uint8_t *text;
    const uint32_t *blocks; /* where each block begins in text */
    size_t size, n_blocks;
};

/* Find a word. Returns whether the table has it, and its number. */
bool word_table_find(const struct word_table *table, struct str word, uint32_t *number);

/* See whether every look-up stays inside, the words are in order, and each number is at least
 * `first` and below `end`. Returns 0 or -1 with a reason. */
int word_table_verify(const struct word_table *table, uint32_t first, uint32_t end,
                      struct err *err);

/* What a table is made in; a zeroed struct is an empty one. */
struct word_table_builder {
    struct buf text, blocks;
    size_t n;
    struct str last; /* the word added last, in `word` */
    char word[WORD_TABLE_MAX_WORD];
};

/* Add a word, which is copied. The words come in ascending order of their bytes, each once. Returns
 * 0 or -1 with a reason. */
int word_table_add(struct word_table_builder *builder, struct str word, uint32_t number,
                   struct err *err);

void word_table_builder_free(struct word_table_builder *builder);

#endif
