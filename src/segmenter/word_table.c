#include "segmenter/word_table.h"

#include <string.h>

struct entry {
    size_t len; /* The bytes of `word` in use. */
    uint32_t number;
    uint8_t word[WORD_TABLE_MAX_WORD];
};

/* Read the entry at `at`; `*entry` is the one before it in the block. Returns where the next one
 * begins. */
static const uint8_t *read_entry(const uint8_t *at, struct entry *entry)
{
    size_t shared = at[0], more = at[1];
    memcpy(entry->word + shared, at + 2, more);
    entry->len = shared + more;
    entry->number = 0;
    at += 2 + more;
    for (unsigned shift = 0;; shift += 7) {
        entry->number |= (uint32_t)(*at & 0x7F) << shift;
        if (!(*at++ & 0x80))
            return at;
    }
}

/* The first word of a block, which shares no bytes with another one. */
static struct str first_word(const struct word_table *table, size_t block)
{
    const uint8_t *at = table->text + table->blocks[block];
    return (struct str){(const char *)at + 2, at[1]};
}

/* One past the last byte of a block. */
static const uint8_t *block_end(const struct word_table *table, size_t block)
{
    return table->text + (block + 1 < table->n_blocks ? table->blocks[block + 1] : table->size);
}

bool word_table_find(const struct word_table *table, struct str word, uint32_t *number)
{
    size_t low = 0, high = table->n_blocks; /* The block is in [low - 1, high - 1]. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(first_word(table, middle), word) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return false;
    struct entry entry;
    const uint8_t *end = block_end(table, low - 1);
    for (const uint8_t *at = table->text + table->blocks[low - 1]; at < end;) {
        at = read_entry(at, &entry);
        int order = str_compare((struct str){(const char *)entry.word, entry.len}, word);
        if (order == 0)
            *number = entry.number;
        if (order >= 0)
            return order == 0;
    }
    return false;
}

int word_table_each(const struct word_table *table, word_table_sink *sink, void *arg,
                    struct err *err)
{
    struct entry entry = {0};
    for (const uint8_t *at = table->text; at < table->text + table->size;) {
        at = read_entry(at, &entry);
        if (sink(arg, (struct str){(const char *)entry.word, entry.len}, entry.number, err))
            return -1;
    }
    return 0;
}

/* Whether the entry at `at` ends before `end`, shares at most `len_before` bytes, and has a word
 * and a number that are not too long. */
static bool is_valid_entry(const uint8_t *at, const uint8_t *end, size_t len_before)
{
    if (end - at < 2 || at[0] > len_before || at[0] + at[1] > WORD_TABLE_MAX_WORD ||
        end - at < 2 + at[1])
        return false;
    at += 2 + at[1];
    for (int n = 1; n <= 4 && at < end; n++) {
        if (!(*at++ & 0x80))
            return true;
    }
    return false;
}

/* All blocks but the last one are full. */
size_t word_table_count(const struct word_table *table)
{
    if (table->n_blocks == 0)
        return 0;
    size_t last = table->n_blocks - 1, n = last * WORD_TABLE_BLOCK;
    if (table->blocks[last] > table->size)
        return n; /* the table is damaged */
    struct entry entry = {0};
    const uint8_t *at = table->text + table->blocks[last], *end = block_end(table, last);
    while (is_valid_entry(at, end, entry.len)) {
        at = read_entry(at, &entry);
        n++;
    }
    return n;
}

/* Check a block. `*before` is the word before it, and becomes its last word. */
static bool verify_block(const struct word_table *table, size_t block, struct entry *before,
                         uint32_t first, uint32_t end_number)
{
    struct entry entry = {0};
    const uint8_t *end = block_end(table, block);
    for (const uint8_t *at = table->text + table->blocks[block]; at < end;) {
        if (!is_valid_entry(at, end, entry.len))
            return false;
        at = read_entry(at, &entry);
        if (str_compare((struct str){(const char *)before->word, before->len},
                        (struct str){(const char *)entry.word, entry.len}) >= 0 ||
            entry.number < first || entry.number >= end_number)
            return false;
        *before = entry;
    }
    return true;
}

int word_table_verify(const struct word_table *table, uint32_t first, uint32_t end, struct err *err)
{
    struct entry before = {0};
    if (!table->n_blocks != !table->size || (table->n_blocks && table->blocks[0] != 0))
        return err_set(err, "a table of words does not begin with a block");
    for (size_t i = 0; i < table->n_blocks; i++) {
        size_t stop = i + 1 < table->n_blocks ? table->blocks[i + 1] : table->size;
        if (table->blocks[i] >= stop || stop > table->size ||
            !verify_block(table, i, &before, first, end))
            return err_set(err, "block %zu of a table of words is damaged", i);
    }
    return 0;
}
