/*
 * read_rows: reads the rows of a query, and hashes them on the way.
 */
#ifndef PLANNER_READ_ROWS_H
#define PLANNER_READ_ROWS_H

#include "planner/database.h"

#include <xxhash.h>

/* Takes one row. Returns 0, or -1 with a reason to stop. */
typedef int rows_take(void *arg, sqlite3_stmt *row, struct err *err);

/* What reads rows. */
struct rows_reader {
    const struct database *database;
    XXH3_state_t *hash; /* The hash of all rows that were read. */
};

/* Run a query, whose parameter ?1 is `number`, and call `take` for each row. Returns 0 or -1 with a reason. */
int rows_read(const struct rows_reader *reader, const char *sql, double number, rows_take *take,
              void *arg, struct err *err);

/* Make room for one more item in an array that grows by doubling. `n` is the number of items that it has. Returns the array, or NULL
 * with a reason without memory; then the old one is still there. */
void *rows_grow(void *array, size_t n, size_t size, struct err *err);

#endif
