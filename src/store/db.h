/*
 * db: runs SQL on the store's file. Private to src/store.
 *
 * A reason of failure begins with the path of the store.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "util/err.h"
#include "util/str.h"

#include <sqlite3.h>
#include <stdint.h>

struct store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *data_version; /* PRAGMA data_version, prepared once for many polls. */
    int64_t seen_data_version;  /* The last data_version; -1 before the first call. */
    int64_t checked_schema;     /* The last schema_version checked; -1 before the first. */
};

/* Write the last error of SQLite. Returns -1. */
int store_fail(const struct store *store, struct err *err);

/* Run statements that return no rows. Returns 0 or -1 with a reason. */
int store_exec(struct store *store, const char *sql, struct err *err);

/* Prepare one statement, to be finalised by the caller. Returns NULL with a reason on failure. */
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct err *err);

/* Fetch the next row. Returns 1 where there is one, 0 at the end, -1 with a reason. */
int store_step(struct store *store, sqlite3_stmt *statement, struct err *err);

/* Handles one row. Returns 0, or -1 with a reason to stop. */
typedef int store_row(void *arg, sqlite3_stmt *row, struct err *err);

/* Run a query and call `handle` for each of its rows. Returns 0 or -1 with a reason. */
int store_each_row(struct store *store, const char *sql, store_row *handle, void *arg,
                   struct err *err);

/* Run a query that returns one integer. Returns 0 or -1 with a reason. */
int store_query_int(struct store *store, const char *sql, int64_t *value, struct err *err);

/* The text of a column, borrowed until the next step. NULL is the empty text. */
static inline struct str store_text(sqlite3_stmt *statement, int column)
{
    /* SQLite runs without threads (store_open()), so its value may be read directly. */
    sqlite3_value *value = sqlite3_column_value(statement, column);
    const char *at = (const char *)sqlite3_value_text(value);
    return (struct str){at ? at : "", at ? (size_t)sqlite3_value_bytes(value) : 0};
}

#endif
