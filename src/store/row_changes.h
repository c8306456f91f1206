/*
 * row_changes: runs SQL on a copy of the store, and compares the rows of two stores.
 */
#ifndef STORE_ROW_CHANGES_H
#define STORE_ROW_CHANGES_H

#include "store/store.h"
#include "util/err.h"

/*
 * Run the statements of an admin on a copy of a store (see store_copy()), as the sqlite3 shell does with
 * -bail. Rows that they return are ignored. ATTACH, DETACH and VACUUM are refused, so that no other file
 * changes. Returns 0, or -1 with a reason, which names `name` and the line of the statement.
 */
int store_run_sql(struct store *copy, const char *name, const char *sql, struct err *err);

/* A row that two stores have not in common. The texts are valid during the call only. */
struct row_change {
    const char *table;
    const char *columns; /* The names of the columns, first those of the key. */
    const char *old;     /* The values before, as SQL literals; NULL for a new row. */
    const char *now;     /* The values after; NULL for a removed row. */
};

/* Takes a change. Returns 0, or -1 with a reason to stop. */
typedef int row_change_handler(void *arg, const struct row_change *change, struct err *err);

/*
 * Hand over the rows that differ in the tables that an admin edits, table by table, in the order of their
 * keys. Reads only the tables of those parts whose revisions differ, and the small ones. Returns 0 or -1
 * with a reason.
 */
int store_compare_rows(struct store *before, struct store *after, row_change_handler *handle,
                       void *arg, struct err *err);

#endif
