#include "segmenter/idf.h"
#include "store/compile_parts.h"

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
    struct compiled *compiled;
    const struct idf *weights;
};

static int add_idf_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct keyword_rows *rows = arg;
    struct str word = store_text(row, 0);
    if (!idf_can_reach(word))
        return 0;
    return word_table_builder_add(&rows->compiled->idf, word,
                                  index_of(rows->weights, sqlite3_column_double(row, 1)), err);
}

static int add_stop_word_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    struct keyword_rows *rows = arg;
    struct str word = store_text(row, 0);
    return idf_can_reach(word) ? word_table_builder_add(&rows->compiled->stop_words, word, 0, err)
                               : 0;
}

/* Words that no look-up can reach count in the median only. */
int compile_keywords(struct store *store, struct compiled *compiled, struct snapshot *snapshot,
                     struct err *err)
{
    struct keyword_rows rows = {compiled, &snapshot->weights};
    if (compile_values(store, compiled, &snapshot->weights, err) ||
        store_each_row(store, "SELECT word, idf FROM idf ORDER BY word", add_idf_row, &rows, err) ||
        store_each_row(store, "SELECT word FROM stop_words ORDER BY word", add_stop_word_row, &rows,
                       err))
        return -1;
    snapshot->weights.idf = word_table_builder_table(&compiled->idf);
    snapshot->weights.stop_words = word_table_builder_table(&compiled->stop_words);
    return 0;
}
