#include "lexicon/word_table_builder.h"

#include <string.h>

/* The number of bytes that two words have in common at their beginning. */
static size_t shared_bytes(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.len && n < b.len && a.at[n] == b.at[n])
        n++;
    return n;
}

int word_table_builder_add(struct word_table_builder *builder, struct str word, uint32_t number,
                           struct err *err)
{
    if (word.len > WORD_TABLE_MAX_WORD || number >= WORD_TABLE_MAX_NUMBER ||
        builder->text.len > UINT32_MAX)
        return err_set(err, "the word '%.*s' does not fit into a table of words",
                       (int)(word.len < 40 ? word.len : 40), word.at);
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

struct word_table word_table_builder_table(const struct word_table_builder *builder)
{
    return (struct word_table){
        .text = (const uint8_t *)builder->text.at,
        .blocks = (const uint32_t *)(const void *)builder->blocks.at,
        .size = builder->text.len,
        .n_blocks = builder->blocks.len / sizeof(uint32_t),
    };
}

void word_table_builder_free(struct word_table_builder *builder)
{
    buf_free(&builder->text);
    buf_free(&builder->blocks);
    *builder = (struct word_table_builder){0};
}
