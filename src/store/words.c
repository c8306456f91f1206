#include "store/words.h"

#include "store/db.h"
#include "util/utf8.h"

/* A set of characters, by the low 16 bits of their code point: it may contain more than were
 * added. */
struct characters {
    bool has[1 << 16];
};

static bool *place_of(struct characters *set, uint32_t code)
{
    return &set->has[code % (sizeof set->has / sizeof *set->has)];
}

/* Add the characters of a word without a freq to the set. */
static int mark_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct str word = store_text(row, 0);
    uint32_t code;
    for (size_t at = 0, len; at < word.len; at += len) {
        len = utf8_read(word.at + at, word.len - at, &code);
        if (!len)
            return err_set(err, "the word '%.*s' is not valid UTF-8", (int)word.len, word.at);
        *place_of(arg, code) = true;
    }
    return 0;
}

struct listing {
    struct characters *wanted; /* The characters of words without a freq; NULL: list all words. */
    struct wordlist *list;
};

/* Add a word that has a freq. Unless it begins with a wanted character, it is neither a part of a
 * word without a freq, nor has it such a part as a prefix: only the total needs it. */
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

/* Add a word without a freq. */
static int suggest_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct wordlist *list = arg;
    struct str word = store_text(row, 0);
    int64_t freq = wordlist_total(list) > 0 ? wordlist_suggest(list, word, err) : 1;
    return freq < 0 ? -1 : wordlist_add(list, word, freq, str_of(""), err);
}

static int fill_list(struct store *store, struct listing *listing, struct err *err)
{
    int64_t repeated;
    if (store_query_int(store, "SELECT freq FROM repeated_words", &repeated, err) ||
        wordlist_count(listing->list, repeated, err) ||
        store_each_row(store, "SELECT word, freq FROM words WHERE freq IS NOT NULL", add_row,
                       listing, err))
        return -1;
    return store_each_row(store, "SELECT word FROM words WHERE freq IS NULL ORDER BY word",
                          suggest_row, listing->list, err);
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
        if (store_each_row(store, "SELECT word FROM words WHERE freq IS NULL", mark_row, &wanted,
                           err))
            return -1;
    }
    listing.list = wordlist_new(err);
    if (!listing.list)
        return -1;
    if (fill_list(store, &listing, err)) {
        wordlist_free(listing.list);
        return -1;
    }
    *list = listing.list;
    return 0;
}
