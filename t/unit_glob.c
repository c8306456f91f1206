/*
 * Compares our operator GLOB with SQLite's, for random patterns and texts.
 */
#include "t/tap.h"

#include "store/glob.h"

#include <stdbool.h>
#include <stdint.h>

#define ROUNDS 200000

/* What patterns and texts are made of: the characters with a meaning in sets, white space, Chinese, and
 * bytes that are not UTF-8. */
static const char *const pieces[] = {
    "a",      "b",      "c",          "z",    "-",        "]",      "[",      "^",
    "*",      "?",      "\x01",       "\x1f", " ",        "\u00a0", "\u3000", "\u4e00",
    "\u8bcd", "\u9fd5", "\U00020000", "\x80", "\xe4\xb8", "\xff",
};
#define N_PIECES (sizeof pieces / sizeof *pieces)

static uint32_t state = 1;

/* xorshift32, by Marsaglia */
static uint32_t next_random(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % below;
}

static void add_pieces(char *text, uint32_t most)
{
    for (uint32_t n = next_random(most + 1); n > 0; n--)
        strcat(text, pieces[next_random(N_PIECES)]);
}

/* Three of four patterns have the form that is read once. */
static void make_pattern(char *pattern)
{
    bool is_set = next_random(4) > 0;
    *pattern = '\0';
    if (is_set)
        strcpy(pattern, next_random(2) ? "*[^" : "*[");
    add_pieces(pattern, 6);
    if (is_set)
        strcat(pattern, "]*");
}

static sqlite3_stmt *prepare(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(db, "SELECT ?2 GLOB ?1", -1, &statement, NULL);
    return statement;
}

/* Returns the result of GLOB, or -1 where that is NULL. */
static int glob(sqlite3_stmt *statement, const char *pattern, const char *text)
{
    sqlite3_bind_text(statement, 1, pattern, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
    sqlite3_step(statement);
    int result =
        sqlite3_column_type(statement, 0) == SQLITE_NULL ? -1 : sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    return result;
}

static void test_results(sqlite3 *ours, sqlite3 *theirs)
{
    sqlite3_stmt *our = prepare(ours), *their = prepare(theirs);
    char pattern[64], text[64];
    unsigned matched = 0, wrong = 0;
    for (int i = 0; i < ROUNDS; i++) {
        make_pattern(pattern);
        *text = '\0';
        add_pieces(text, 4);
        int want = glob(their, pattern, text);
        matched += want == 1;
        if (glob(our, pattern, text) != want && wrong++ < 5)
            printf("# '%s' GLOB '%s' must be %d\n", text, pattern, want);
    }
    ok(wrong == 0, "%d random patterns match as in SQLite (%u wrong)", ROUNDS, wrong);
    ok(matched > ROUNDS / 10 && matched < ROUNDS / 10 * 9, "some match, some do not (%u)", matched);
    ok(glob(our, NULL, "a") == -1 && glob(our, "a", NULL) == -1, "NULL matches nothing");
    sqlite3_finalize(our);
    sqlite3_finalize(their);
}

/* Whether SQLite keeps what was read of a constant pattern must not matter. */
static void test_constant(sqlite3 *ours)
{
    static const char query[] =
        "WITH t(x) AS (VALUES ('a1'), ('ab'), (''), ('词'), ('a' || char(0x3000)))"
        " SELECT group_concat(x GLOB '*[^a-z' || char(0x4e00) || '-' || char(0x9fff) || ']*', '') "
        "FROM t";
    sqlite3_stmt *statement = NULL;
    sqlite3_prepare_v2(ours, query, -1, &statement, NULL);
    sqlite3_step(statement);
    const char *found = (const char *)sqlite3_column_text(statement, 0);
    ok(found && !strcmp(found, "10001"), "a constant pattern matches row by row");
    sqlite3_finalize(statement);
}

int main(void)
{
    sqlite3 *ours = NULL, *theirs = NULL;
    tap_plan(5);
    sqlite3_open(":memory:", &ours);
    sqlite3_open(":memory:", &theirs);
    ok(glob_add(ours) == SQLITE_OK, "a connection takes the operator");
    test_results(ours, theirs);
    test_constant(ours);
    sqlite3_close(ours);
    sqlite3_close(theirs);
    return tap_done();
}
