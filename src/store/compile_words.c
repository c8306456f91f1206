#include "lexicon/wordlist.h"
#include "store/compile_parts.h"
#include "store/words.h"

/* Where the rows of a query go. */
struct word_rows {
    struct dict_builder *builder;
    const struct wordlist *suggested; /* The words without a freq, or NULL where there are none. */
};

/* Add a word. With the frequency 0, jieba's del_word(), it is none, and the model must not find it. */
static int add_word_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct word_rows *rows = arg;
    struct str word = store_text(row, 0);
    int64_t freq = sqlite3_column_type(row, 1) == SQLITE_NULL ? wordlist_freq(rows->suggested, word)
                                                              : sqlite3_column_int64(row, 1);
    if (dict_builder_add(rows->builder, word, freq, store_text(row, 2), err))
        return -1;
    return freq == 0 ? dict_builder_forbid(rows->builder, word, err) : 0;
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
    struct word_rows rows = {compiled->dict, suggested};
    int status = store_each_row(store, "SELECT word, freq, tag FROM words ORDER BY word",
                                add_word_row, &rows, err);
    wordlist_free(suggested);
    return status ? -1 : dict_builder_finish(compiled->dict, repeated, &snapshot->dict, err);
}
