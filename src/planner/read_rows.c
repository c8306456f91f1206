#include "planner/read_rows.h"

#include <stdlib.h>
#include <string.h>

/* Hash a row as text, with the type of each value, so that NULL differs from ''. */
static void hash_row(XXH3_state_t *hash, sqlite3_stmt *row)
{
    for (int i = 0; i < sqlite3_column_count(row); i++) {
        int type = sqlite3_column_type(row, i);
        const unsigned char *text = sqlite3_column_text(row, i);
        int bytes = sqlite3_column_bytes(row, i);
        XXH3_64bits_update(hash, &type, sizeof type);
        XXH3_64bits_update(hash, &bytes, sizeof bytes);
        if (text)
            XXH3_64bits_update(hash, text, (size_t)bytes);
    }
}

int rows_read(const struct rows_reader *reader, const char *sql, double number, rows_take *take,
              void *arg, struct err *err)
{
    sqlite3_stmt *rows = database_prepare(reader->database, sql, err);
    int got = rows ? 0 : -1;
    XXH3_64bits_update(reader->hash, sql, strlen(sql) + 1); /* Tell the rows of queries apart. */
    if (rows && sqlite3_bind_parameter_count(rows) > 0)
        sqlite3_bind_double(rows, 1, number);
    while (got == 0 && (got = database_step(reader->database, rows, err)) > 0) {
        got = take(arg, rows, err);
        hash_row(reader->hash, rows);
    }
    sqlite3_finalize(rows);
    return got;
}

void *rows_grow(void *array, size_t n, size_t size, struct err *err)
{
    if (n & (n - 1))
        return array;
    void *grown = realloc(array, (n ? 2 * n : 1) * size);
    if (!grown)
        err_errno(err, "cannot keep %zu rows", n);
    return grown;
}
