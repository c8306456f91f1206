/*
 * Builds, searches and verifies a table of words. A look-up in a damaged table that passes
 * verification must not read outside of it, which a sanitizer or valgrind would report.
 */
#include "t/tap.h"

#include "lexicon/word_table_builder.h"
#include "segmenter/idf.h"

#include <stdlib.h>

#define WORDS 1000

static struct word_table_builder builder;

/* Return the i-th of the words, which are in ascending order and have many bytes in common. */
static struct str word_at(uint32_t i, char room[16])
{
    return (struct str){room, (size_t)snprintf(room, 16, "%04uab%.*s", i, (int)(i % 4), "词")};
}

static struct word_table build_table(void)
{
    struct err err;
    char room[16];
    int status = 0;
    for (uint32_t i = 0; i < WORDS; i++)
        status |= word_table_builder_add(&builder, word_at(i, room), i * i, &err);
    ok(status == 0, "a table takes %d words", WORDS);
    return word_table_builder_table(&builder);
}

static void test_find(const struct word_table *table)
{
    char room[16];
    uint32_t number, wrong = 0;
    for (uint32_t i = 0; i < WORDS; i++) {
        struct str word = word_at(i, room);
        wrong += !word_table_find(table, word, &number) || number != i * i;
        room[0]++;
        wrong += word_table_find(table, word, &number);
        room[0]--;
        wrong += word_table_find(table, (struct str){room, 5}, &number);
    }
    ok(wrong == 0, "a table finds its words with their numbers, and no others (%u wrong)", wrong);
    ok(!word_table_find(table, str_of(""), &number), "a table does not find the empty word");
    ok(!word_table_find(&(struct word_table){0}, str_of("ab"), &number),
       "an empty table finds no word");
}

/* Counts the words of a table that come in order with their numbers; stops at word 900. */
static int count_word(void *arg, struct str word, uint32_t number, struct err *err)
{
    char room[16];
    uint32_t *n = arg;
    if (*n == 900)
        return err_set(err, "enough");
    *n += str_eq(word, word_at(*n, room)) && number == *n * *n;
    return 0;
}

static void test_each(const struct word_table *table)
{
    struct err err = {""};
    struct word_table part = *table;
    uint32_t n = 0;
    part.n_blocks = 2;
    part.size = part.blocks[2];
    ok(word_table_each(&part, count_word, &n, &err) == 0 && n == 2 * WORD_TABLE_BLOCK,
       "word_table_each() hands over all words in order (%u)", n);
    n = 0;
    ok(word_table_each(table, count_word, &n, &err) == -1 && n == 900 &&
           !strcmp(err.text, "enough"),
       "word_table_each() stops with the reason of its sink");
    ok(word_table_each(&(struct word_table){0}, count_word, &n, &err) == 0,
       "word_table_each() accepts an empty table");
}

static void test_count(const struct word_table *table)
{
    struct word_table damaged = *table;
    size_t last = table->n_blocks - 1;
    ok(word_table_count(table) == WORDS, "a table counts its words");
    ok(word_table_count(&(struct word_table){0}) == 0, "an empty table has no words");
    damaged.size = table->blocks[last] - 1;
    ok(word_table_count(&damaged) == last * WORD_TABLE_BLOCK,
       "a table whose last block begins outside of it counts the others");
    damaged.size = table->size - 1;
    ok(word_table_count(&damaged) == WORDS - 1,
       "a table that ends within its last word counts the others");
}

/* Flip each bit; a table that still passes verification must be safe to search. */
static void test_verify(const struct word_table *table)
{
    struct err err;
    char room[16];
    uint32_t number, passed = 0;
    ok(word_table_verify(table, 0, WORDS * WORDS, &err) == 0, "a table passes verification");
    ok(word_table_verify(table, 0, 100, &err) == -1,
       "a table with a number above the range is rejected: %s", err.text);
    ok(word_table_verify(table, 1, WORDS * WORDS, &err) == -1,
       "a table with a number below the range is rejected: %s", err.text);
    for (size_t i = 0; i < builder.text.len; i++) {
        char good = builder.text.at[i];
        for (int flip = 1; flip < 256; flip <<= 1) {
            builder.text.at[i] = (char)(good ^ flip);
            if (!word_table_verify(table, 0, WORDS * WORDS, &err))
                passed += word_table_find(table, word_at((uint32_t)i % WORDS, room), &number);
        }
        builder.text.at[i] = good;
    }
    ok(passed < builder.text.len * 8,
       "verification rejects flipped bits (%u tables pass, and can be searched)", passed);
}

static void test_reach(void)
{
    ok(idf_can_reach(str_of("北京")) && idf_can_reach(str_of("C++")) &&
           idf_can_reach(str_of("4×4")) && idf_can_reach(str_of("a b")),
       "idf_can_reach() accepts words of two and more characters");
    ok(!idf_can_reach(str_of("北")) && !idf_can_reach(str_of("×")) && !idf_can_reach(str_of("")) &&
           !idf_can_reach(str_of("\xE5\x8C")) && !idf_can_reach(str_of("北京\xE5")),
       "idf_can_reach() rejects single characters and invalid UTF-8");
}

int main(void)
{
    tap_plan(17);
    struct word_table table = build_table();
    test_find(&table);
    test_each(&table);
    test_count(&table);
    test_verify(&table);
    test_reach();
    word_table_builder_free(&builder);
    return tap_done();
}
