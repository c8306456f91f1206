#include "store/compile_keywords.h"

#include "segmenter/idf.h"

#include <stdlib.h>

static int descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

/* The values of all rows, behind one free place. */
static int read_values(struct store *store, struct buf *values, struct err *err)
{
    sqlite3_stmt *rows = store_prepare(store, "SELECT idf FROM idf", err);
    int got = rows ? 1 : -1;
    for (double value = 0; got > 0;) {
        buf_add(values, &value, sizeof value);
        got = store_step(store, rows, err);
        value = got > 0 ? sqlite3_column_double(rows, 0) : 0;
    }
    sqlite3_finalize(rows);
    if (values->failed)
        return err_set(err, "out of memory for the values of idf");
    return got;
}

/* Put the median first, jieba's sorted(values)[n // 2], and each value once behind it. */
static void settle_values(struct compiled_keywords *keywords, size_t n)
{
    double *values = keywords->values;
    qsort(values + 1, n, sizeof *values, descending);
    values[0] = n ? values[n - n / 2] : 1.0;
    keywords->n_values = 1;
    for (size_t i = 1; i <= n; i++) {
        if (i == 1 || values[i] != values[keywords->n_values - 1])
            values[keywords->n_values++] = values[i];
    }
}

static int compile_values(struct store *store, struct compiled_keywords *keywords, struct err *err)
{
    struct buf values = {0};
    if (read_values(store, &values, err)) {
        buf_free(&values);
        return -1;
    }
    keywords->values = (double *)(void *)values.at;
    settle_values(keywords, values.len / sizeof(double) - 1);
    return 0;
}

/* The index of a value; the first one is the median's. */
static uint32_t index_of(const struct compiled_keywords *keywords, double value)
{
    const double *at =
        bsearch(&value, keywords->values + 1, keywords->n_values - 1, sizeof value, descending);
    return at ? (uint32_t)(at - keywords->values) : 0;
}

static int add_idf(struct compiled_keywords *keywords, sqlite3_stmt *row, struct err *err)
{
    struct str word = store_text(row, 0);
    if (!idf_can_reach(word))
        return 0;
    return word_table_add(&keywords->idf, word, index_of(keywords, sqlite3_column_double(row, 1)),
                          err);
}

static int add_stop_word(struct compiled_keywords *keywords, sqlite3_stmt *row, struct err *err)
{
    struct str word = store_text(row, 0);
    return idf_can_reach(word) ? word_table_add(&keywords->stop_words, word, 0, err) : 0;
}

/* Hand each row of a query to `add`. */
static int add_rows(struct store *store, struct compiled_keywords *keywords, const char *sql,
                    int add(struct compiled_keywords *, sqlite3_stmt *, struct err *),
                    struct err *err)
{
    sqlite3_stmt *rows = store_prepare(store, sql, err);
    int got = rows ? 0 : -1;
    while (!got && (got = store_step(store, rows, err)) > 0)
        got = add(keywords, rows, err);
    sqlite3_finalize(rows);
    return got;
}

int store_compile_keywords(struct store *store, struct compiled_keywords *keywords, struct err *err)
{
    if (compile_values(store, keywords, err) ||
        add_rows(store, keywords, "SELECT word, idf FROM idf ORDER BY word", add_idf, err) ||
        add_rows(store, keywords, "SELECT word FROM stop_words ORDER BY word", add_stop_word, err))
        return -1;
    return 0;
}

void store_free_keywords(struct compiled_keywords *keywords)
{
    free(keywords->values);
    word_table_builder_free(&keywords->idf);
    word_table_builder_free(&keywords->stop_words);
}
