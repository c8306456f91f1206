#include "store/words.h"

#include "store/internal.h"
#include "util/utf8.h"

/* A set of characters: by the low bits of their code, so that it may have some too many. */
struct characters {
    bool has[1 << 16];
};

static bool *place_of(struct characters *set, uint32_t code)
{
    return &set->has[code % (sizeof set->has / sizeof *set->has)];
}

/* What is done with a row; 0 or -1 with a reason. */
typedef int take_row(void *arg, sqlite3_stmt *row, struct err *err);

static int for_each(struct store *store, const char *sql, take_row *take, void *arg,
                    struct err *err)
{
    sqlite3_stmt *rows = store_prepare(store, sql, err);
    int got = rows ? 0 : -1;
    while (!got && (got = store_step(store, rows, err)) > 0)
        got = take(arg, rows, err);
    sqlite3_finalize(rows);
    return got;
}

/* Add the characters of a word without a frequency. */
static int mark(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct str word = store_text(row, 0);
    uint32_t code;
    for (size_t at = 0, len; at < word.len; at += len) {
        len = utf8_read(word.at + at, word.len - at, &code);
        if (!len)
            return err_set(err, "the word '%.*s' is no UTF-8", (int)word.len, word.at);
        *place_of(arg, code) = true;
    }
    return 0;
}

struct listing {
    struct characters *wanted; /* NULL: all */
    struct wordlist *list;
};

/* Only what begins with a character of a word can be part of it, or have a part of it for a prefix.
 */
static int add_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct listing *listing = arg;
    struct str word = store_text(row, 0);
    int64_t freq = sqlite3_column_int64(row, 1);
    uint32_t code = 0;
    if (listing->wanted && word.len && utf8_read(word.at, word.len, &code) &&
        !*place_of(listing->wanted, code))
        return wordlist_count(listing->list, freq, err);
    return wordlist_add(listing->list, word, freq, str_of(""), err);
}

static int suggest_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct wordlist *list = arg;
    struct str word = store_text(row, 0);
    int64_t freq = wordlist_total(list) > 0 ? wordlist_suggest(list, word, err) : 1;
    return freq < 0 ? -1 : wordlist_add(list, word, freq, str_of(""), err);
}

static int fill(struct store *store, struct listing *listing, struct err *err)
{
    int64_t repeated;
    if (store_query_int(store, "SELECT freq FROM repeated_words", &repeated, err) ||
        wordlist_count(listing->list, repeated, err))
        return -1;
    return for_each(store, "SELECT word, freq FROM words WHERE freq IS NOT NULL", add_row, listing,
                    err) ||
                   for_each(store, "SELECT word FROM words WHERE freq IS NULL ORDER BY word",
                            suggest_row, listing->list, err)
               ? -1
               : 0;
}

int store_list_words(struct store *store, bool all, struct wordlist **list, struct err *err)
{
    struct characters wanted = {0};
    struct listing listing = {.wanted = all ? NULL : &wanted};
    int64_t without = 0;
    *list = NULL;
    if (!all) {
        if (store_query_int(store, "SELECT EXISTS (SELECT 1 FROM words WHERE freq IS NULL)",
                            &without, err))
            return -1;
        if (!without)
            return 0;
        if (for_each(store, "SELECT word FROM words WHERE freq IS NULL", mark, &wanted, err))
            return -1;
    }
    listing.list = wordlist_new(err);
    if (!listing.list)
        return -1;
    if (fill(store, &listing, err)) {
        wordlist_free(listing.list);
        return -1;
    }
    *list = listing.list;
    return 0;
}
