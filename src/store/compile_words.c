#include "lexicon/wordlist.h"
#include "store/compile_parts.h"
#include "store/row_rules.h"
#include "store/words.h"
#include "util/utf8.h"

/* Where the rows of a query go. */
struct word_rows {
    struct store *store;
    struct dict_builder *builder;
    const struct wordlist *suggested; /* The words without a freq, or NULL where there are none. */
    const struct dict *old;           /* The previous dictionary. */
    sqlite3_stmt *check;              /* Checks a row; NULL where all rows are checked. */
};

/* Where the previous dictionary has a word, if the unit has the label; label 0 for nowhere. */
struct place {
    uint32_t unit, label;
};

/* Find the place of a word, and begin to fetch it into the processor's cache: each word has another one,
 * for which check_row() would wait longer than for all else. */
static struct place find_place(const struct dict *dict, struct str word)
{
    struct place place = {0, 0};
    for (size_t at = 0, len; at < word.len; at += len) {
        uint32_t code = 0, label;
        len = utf8_read(word.at + at, word.len - at, &code);
        label = len ? dict_label(code) : 0;
        if (!label || (at > 0 && dict_unit_label(dict->units[place.unit]) != place.label))
            return (struct place){0, 0};
        place = (struct place){dict_unit_base(dict->units[place.unit]) + label, label};
    }
    __builtin_prefetch(&dict->units[place.unit]);
    __builtin_prefetch(&dict->tags[place.unit]);
    return place;
}

/* Whether the previous dictionary has the row, so that the row was checked then. */
static bool is_checked(const struct dict *old, struct place place, const int64_t *freq,
                       struct str tag)
{
    dict_unit unit = old->units[place.unit];
    uint32_t prob = dict_unit_prob(unit);
    if (!place.label || dict_unit_label(unit) != place.label || !prob ||
        (freq && old->freqs[prob] != *freq))
        return false;
    return tag.len == 0 || str_eq(tag, tag_str(&old->tag_names[old->tags[place.unit]]));
}

/* Add a word. With the frequency 0, jieba's del_word(), it is none, and the model must not find it. */
static int add_word_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct word_rows *rows = arg;
    int type = sqlite3_column_type(row, 1);
    bool is_typed = sqlite3_column_type(row, 0) == SQLITE_TEXT &&
                    sqlite3_column_type(row, 2) == SQLITE_TEXT &&
                    (type == SQLITE_INTEGER || type == SQLITE_NULL);
    if (rows->check && !is_typed && store_check_word(rows->store, rows->check, row, err))
        return -1;
    struct str word = store_text(row, 0), tag = store_text(row, 2);
    struct place place = rows->check && is_typed ? find_place(rows->old, word) : (struct place){0};
    int64_t freq =
        type == SQLITE_NULL ? wordlist_freq(rows->suggested, word) : sqlite3_column_int64(row, 1);
    int status = dict_builder_add(rows->builder, word, freq, tag, err);
    if (!status && freq == 0)
        status = dict_builder_forbid(rows->builder, word, err);
    if (rows->check && !is_checked(rows->old, place, type == SQLITE_NULL ? NULL : &freq, tag) &&
        store_check_word(rows->store, rows->check, row, err))
        return -1;
    return status;
}

int compile_words(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                  struct err *err)
{
    static const char with_symbols[] =
        "SELECT value FROM settings WHERE name = 'words_with_symbols'";
    int64_t repeated = 0, symbols = 0;
    struct wordlist *suggested = NULL;
    if (store_query_int(store, "SELECT freq FROM repeated_words", &repeated, err) ||
        store_query_int(store, with_symbols, &symbols, err))
        return -1;
    compiled->dict = dict_builder_new(symbols == 1, err);
    if (!compiled->dict || store_list_words(store, false, &suggested, err))
        return -1;
    struct word_rows rows = {store, compiled->dict, suggested, &compiled->old->dict, NULL};
    int status = 0;
    if (compiled->old->header &&
        !(rows.check = store_prepare_word_check(store, SNAPSHOT_PART_WORDS, "words", err)))
        status = -1;
    if (!status)
        status = store_each_row(store, "SELECT word, freq, tag FROM words ORDER BY word",
                                add_word_row, &rows, err);
    sqlite3_finalize(rows.check);
    wordlist_free(suggested);
    return status ? -1 : dict_builder_finish(compiled->dict, repeated, &snapshot->dict, err);
}
