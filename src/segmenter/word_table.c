#include "segmenter/word_table.h"

#include <string.h>

struct entry {
    size_t len;
    uint32_t number;
    uint8_t word[WORD_TABLE_MAX_WORD];
};

/* Read the entry at `at`, over the one before it; where the next one begins. */
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

static int compare(struct str a, struct str b)
{
    int order = memcmp(a.at, b.at, a.len < b.len ? a.len : b.len);
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The first word of a block, which is there as it is. */
static struct str first_word(const struct word_table *table, size_t block)
{
    const uint8_t *at = table->text + table->blocks[block];
    return (struct str){(const char *)at + 2, at[1]};
}

static const uint8_t *block_end(const struct word_table *table, size_t block)
{
    return table->text + (block + 1 < table->n_blocks ? table->blocks[block + 1] : table->size);
}

bool word_table_find(const struct word_table *table, struct str word, uint32_t *number)
{
    size_t low = 0, high = table->n_blocks; /* the block is in [low - 1, high - 1] */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(first_word(table, middle), word) <= 0)
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
        int order = compare((struct str){(const char *)entry.word, entry.len}, word);
        if (order == 0)
            *number = entry.number;
        if (order >= 0)
            return order == 0;
    }
    return false;
}

/* Whether an entry ends before `end`, with a word and a number that are not too long. */
static bool is_whole(const uint8_t *at, const uint8_t *end, size_t len_before)
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

/* Verify a block; `before` is the word before it, and becomes its last one. */
static bool verify_block(const struct word_table *table, size_t block, struct entry *before,
                         uint32_t first, uint32_t end_number)
{
    struct entry entry = {0};
    const uint8_t *end = block_end(table, block);
    for (const uint8_t *at = table->text + table->blocks[block]; at < end;) {
        if (!is_whole(at, end, entry.len))
            return false;
        at = read_entry(at, &entry);
        if (compare((struct str){(const char *)before->word, before->len},
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
        return err_set(err, "a table of words does not begin with its first block");
    for (size_t i = 0; i < table->n_blocks; i++) {
        size_t stop = i + 1 < table->n_blocks ? table->blocks[i + 1] : table->size;
        if (table->blocks[i] >= stop || stop > table->size ||
            !verify_block(table, i, &before, first, end))
            return err_set(err, "block %zu of a table of words is damaged", i);
    }
    return 0;
}

static size_t shared_bytes(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.len && n < b.len && a.at[n] == b.at[n])
        n++;
    return n;
}

int word_table_add(struct word_table_builder *builder, struct str word, uint32_t number,
                   struct err *err)
{
    if (word.len > WORD_TABLE_MAX_WORD || number >= WORD_TABLE_MAX_NUMBER ||
        builder->text.len > UINT32_MAX)
        return err_set(err, "a table of words has no room for '%.40s…'", word.at);
    if (builder->n++ % WORD_TABLE_BLOCK == 0) {
        uint32_t begin = (uint32_t)builder->text.len;
        buf_add(&builder->blocks, &begin, sizeof begin);
        builder->last.len = 0;
    }
    size_t shared = shared_bytes(builder->last, word);
    buf_add_char(&builder->text, (char)shared);
    buf_add_char(&builder->text, (char)(word.len - shared));
    buf_add(&builder->text, word.at + shared, word.len - shared);
    for (; number >= 0x80; number >>= 7)
        buf_add_char(&builder->text, (char)(number | 0x80));
    buf_add_char(&builder->text, (char)number);
    memcpy(builder->word, word.at, word.len);
    builder->last = (struct str){builder->word, word.len};
    if (builder->text.failed || builder->blocks.failed)
        return err_set(err, "out of memory for a table of %zu words", builder->n);
    return 0;
}

void word_table_builder_free(struct word_table_builder *builder)
{
    buf_free(&builder->text);
    buf_free(&builder->blocks);
}
