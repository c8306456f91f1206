/*
 * word_table: a table of words, each with a number, as it lies in the snapshot. The words are
 * sorted by their bytes and front coded in blocks, so that the table is small, and compresses well.
 * A look-up searches the blocks by bisection, and one block from its beginning.
 * lexicon/word_table_builder.h makes tables.
 *
 * An entry of a block is: the number of bytes that the word shares with the word before it (one
 * byte; 0 for the first word of a block), the number of its other bytes (one byte), these bytes,
 * and the word's number in LEB128 (seven bits a byte, the lowest first; the top bit of a byte is
 * set if another one follows).
 */
#ifndef SEGMENTER_WORD_TABLE_H
#define SEGMENTER_WORD_TABLE_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_TABLE_BLOCK      32         /* The number of words in a block. */
#define WORD_TABLE_MAX_WORD   255        /* The most bytes of a word. */
#define WORD_TABLE_MAX_NUMBER (1u << 28) /* One more than the highest number: 4 bytes of LEB128. */

/* A table. It is read-only; the memory belongs to the snapshot or to the builder. */
struct word_table {
    const uint8_t *text;    /* [size] The blocks. */
    const uint32_t *blocks; /* [n_blocks] The offset in `text` at which each block begins. */
    size_t size, n_blocks;
};

/* Find a word. Returns whether the table has it, and then sets `*number`. */
bool word_table_find(const struct word_table *table, struct str word, uint32_t *number);

/* Receives a word, valid during the call only, and its number. Returns 0, or -1 with a reason. */
typedef int word_table_sink(void *arg, struct str word, uint32_t number, struct err *err);

/* Hand each word to the sink, in order. Returns 0, or -1 with the reason of the sink. */
int word_table_each(const struct word_table *table, word_table_sink *sink, void *arg,
                    struct err *err);

/* Return the number of words. The table need not have been verified; the number may then be wrong. */
size_t word_table_count(const struct word_table *table);

/* Check that no look-up can read outside of the table, that the words are in order, and that each
 * number is in [first, end). Returns 0 or -1 with a reason. */
int word_table_verify(const struct word_table *table, uint32_t first, uint32_t end,
                      struct err *err);

#endif
