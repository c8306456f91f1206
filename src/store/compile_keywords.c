#include "segmenter/idf.h"
#include "store/compile_parts.h"
#include "store/row_rules.h"

#include <stdlib.h>

static int compare_descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static int add_value_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct buf *values = arg;
    double value = sqlite3_column_double(row, 0);
    buf_add(values, &value, sizeof value);
    return values->failed ? err_set(err, "out of memory for the values of idf") : 0;
}

/* Sort `n` values behind a free first place, and keep each once. The first place becomes their
 * median, jieba's sorted(values)[n // 2], or 1 where there are none. Returns how many remain, with
 * the median. */
static size_t keep_distinct(double *values, size_t n)
{
    size_t kept = 1;
    qsort(values + 1, n, sizeof *values, compare_descending);
    values[0] = n ? values[n - n / 2] : 1.0;
    for (size_t i = 1; i <= n; i++) {
        if (i == 1 || values[i] != values[kept - 1])
            values[kept++] = values[i];
    }
    return kept;
}

/* Compile the median and the distinct values, in descending order. */
static int compile_values(struct store *store, struct compiled *compiled, struct idf *weights,
                          struct err *err)
{
    struct buf *buf = &compiled->values;
    double median = 0; /* The place of it; the value comes last. */
    buf_add(buf, &median, sizeof median);
    if (store_each_row(store, "SELECT idf FROM idf", add_value_row, buf, err))
        return -1;
    if (buf->failed)
        return err_set(err, "out of memory for the values of idf");
    weights->values = (double *)(void *)buf->at;
    weights->n_values = keep_distinct((double *)(void *)buf->at, buf->len / sizeof median - 1);
    return 0;
}

/* The index of a value, 1 or more. The first value is the median's. */
static uint32_t index_of(const struct idf *weights, double value)
{
    const double *at = bsearch(&value, weights->values + 1, weights->n_values - 1, sizeof value,
                               compare_descending);
    return at ? (uint32_t)(at - weights->values) : 0;
}

/* Where the rows of the words go. */
struct keyword_rows {
    struct store *store;
    struct compiled *compiled;
    const struct idf *weights;
    sqlite3_stmt *check; /* Checks a row of the table; NULL where all rows are checked. */
};

/* Whether the previous snapshot has the row, so that it was checked then. */
static bool is_checked(const struct idf *old, const struct word_table *table, sqlite3_stmt *row)
{
    uint32_t number;
    if (sqlite3_column_type(row, 0) != SQLITE_TEXT ||
        !word_table_find(table, store_text(row, 0), &number))
        return false;
    if (table == &old->stop_words)
        return true;
    double value = sqlite3_column_double(row, 1);
    return sqlite3_column_type(row, 1) == SQLITE_FLOAT &&
           !memcmp(&value, &old->values[number], sizeof value);
}

/* Check a row that the table of the previous snapshot does not have. */
static int check_row(struct keyword_rows *rows, const struct word_table *table, sqlite3_stmt *row,
                     struct err *err)
{
    if (!rows->check || is_checked(&rows->compiled->old->weights, table, row))
        return 0;
    return store_check_word(rows->store, rows->check, row, err);
}

static int add_idf_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct keyword_rows *rows = arg;
    if (check_row(rows, &rows->compiled->old->weights.idf, row, err))
        return -1;
    struct str word = store_text(row, 0);
    if (!idf_can_reach(word))
        return 0;
    return word_table_builder_add(&rows->compiled->idf, word,
                                  index_of(rows->weights, sqlite3_column_double(row, 1)), err);
}

static int add_stop_word_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct keyword_rows *rows = arg;
    if (check_row(rows, &rows->compiled->old->weights.stop_words, row, err))
        return -1;
    struct str word = store_text(row, 0);
    return idf_can_reach(word) ? word_table_builder_add(&rows->compiled->stop_words, word, 0, err)
                               : 0;
}

/* Read the rows of a table of words. */
static int read_table(struct keyword_rows *rows, const char *table, const char *query,
                      store_row *add, struct err *err)
{
    rows->check = NULL;
    if (rows->compiled->old->header &&
        !(rows->check = store_prepare_word_check(rows->store, SNAPSHOT_PART_KEYWORDS, table, err)))
        return -1;
    int status = store_each_row(rows->store, query, add, rows, err);
    sqlite3_finalize(rows->check);
    return status;
}

/* Words that no look-up can reach count in the median only. */
int compile_keywords(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                     struct err *err)
{
    struct keyword_rows rows = {
        .store = store, .compiled = compiled, .weights = &snapshot->weights};
    if (compile_values(store, compiled, &snapshot->weights, err) ||
        read_table(&rows, "idf", "SELECT word, idf FROM idf ORDER BY word", add_idf_row, err) ||
        read_table(&rows, "stop_words", "SELECT word FROM stop_words ORDER BY word",
                   add_stop_word_row, err))
        return -1;
    snapshot->weights.idf = word_table_builder_table(&compiled->idf);
    snapshot->weights.stop_words = word_table_builder_table(&compiled->stop_words);
    return 0;
}
