/* unit_word_table: a table of words is built, searched and verified; and no damage to a byte of it goes
 * unseen and then leads outside. */
#include "t/tap.h"

#include "lexicon/word_table_builder.h"
#include "segmenter/idf.h"

#include <stdlib.h>

#define WORDS 1000

static struct word_table_builder builder;

/* Words in order, with many bytes in common. */
static struct str word_at(uint32_t i, char room[16])
{
    return (struct str){room, (size_t)snprintf(room, 16, "%04uab%.*s", i, (int)(i % 4), "词")};
}

static struct word_table build(void)
{
    struct err err;
    char room[16];
    int status = 0;
    for (uint32_t i = 0; i < WORDS; i++)
        status |= word_table_builder_add(&builder, word_at(i, room), i * i, &err);
    ok(status == 0, "%d words are added", WORDS);
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
    ok(wrong == 0, "each is found, with its number, and none that is not there: %u", wrong);
    ok(!word_table_find(table, str_of(""), &number), "nothing is no word");
    ok(!word_table_find(&(struct word_table){0}, str_of("ab"), &number), "nor is any of no words");
}

/* Change each byte in some ways; what still passes must be safe to search (a sanitizer tells). */
static void test_verify(const struct word_table *table)
{
    struct err err;
    char room[16];
    uint32_t number, passed = 0;
    ok(word_table_verify(table, 0, WORDS * WORDS, &err) == 0, "the table is good");
    ok(word_table_verify(table, 0, 100, &err) == -1, "but for smaller numbers: %s", err.text);
    ok(word_table_verify(table, 1, WORDS * WORDS, &err) == -1, "or for no 0: %s", err.text);
    for (size_t i = 0; i < builder.text.len; i++) {
        char good = builder.text.at[i];
        for (int flip = 1; flip < 256; flip <<= 1) {
            builder.text.at[i] = (char)(good ^ flip);
            if (!word_table_verify(table, 0, WORDS * WORDS, &err))
                passed += word_table_find(table, word_at((uint32_t)i % WORDS, room), &number);
        }
        builder.text.at[i] = good;
    }
    ok(passed < builder.text.len * 8, "a flipped bit: %u tables pass, and are searched", passed);
}

static void test_reach(void)
{
    ok(idf_can_reach(str_of("北京")) && idf_can_reach(str_of("C++")), "words");
    ok(!idf_can_reach(str_of("北")) && !idf_can_reach(str_of("a b")) &&
           !idf_can_reach(str_of("，，")) && !idf_can_reach(str_of("\xE5\x8C")),
       "what is none of two characters or more");
}

int main(void)
{
    struct word_table table = build();
    test_find(&table);
    test_verify(&table);
    test_reach();
    word_table_builder_free(&builder);
    return tap_done();
}
