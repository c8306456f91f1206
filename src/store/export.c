#include "store/export.h"

#include "store/db.h"

/* The rows of each kind. Their columns are the key, the number, the tag, `enabled` and the note. */
static const char *const queries[ROW_KINDS] = {
    [ROW_WORD] = "SELECT word, freq, tag, NULL, '' FROM words ORDER BY word",
    [ROW_USER_WORD] = "SELECT word, freq, tag, NULL, '' FROM words ORDER BY freq IS NULL, word",
    [ROW_IMAGE] = "SELECT url, weight, tag, enabled, note FROM images ORDER BY id",
    [ROW_STOP_WORD] = "SELECT word, NULL, '', NULL, '' FROM stop_words ORDER BY word",
    [ROW_IDF] = "SELECT word, idf, '', NULL, '' FROM idf ORDER BY word",
};

/* Where the rows of a query go. */
struct rows {
    store_export_row *take;
    void *arg;
};

static int64_t number_of(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? ROW_NO_NUMBER
                                                           : sqlite3_column_int64(row, column);
}

static int take_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    const struct rows *rows = arg;
    struct row found = {
        .key = store_text(row, 0),
        .number = number_of(row, 1),
        .idf = sqlite3_column_double(row, 1),
        .tag = store_text(row, 2),
        .enabled = number_of(row, 3),
        .note = store_text(row, 4),
        .is_csv = true,
    };
    return rows->take(rows->arg, &found, err);
}

int store_export(struct store *store, enum row_kind kind, store_export_row *take, void *arg,
                 struct err *err)
{
    struct rows rows = {take, arg};
    return store_each_row(store, queries[kind], take_row, &rows, err);
}
