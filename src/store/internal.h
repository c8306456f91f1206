/*
 * internal: what the files of src/store share. Private to src/store.
 */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "lexicon/pos_builder.h"
#include "store/store.h"

#include <sqlite3.h>

struct store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *data_version; /* prepared once: it is asked many times a second */
    int64_t seen;               /* what it gave last; -1 before */
    int64_t schema;             /* the version of the schema that was checked last; -1 before */
};

/* Write what SQLite says last, after "PATH: ". Returns -1. */
int store_fail(const struct store *store, struct err *err);

/* Run SQL without result rows. Returns 0 or -1 with a reason. */
int store_exec(struct store *store, const char *sql, struct err *err);

/* Prepare one statement; NULL with a reason. To be finalised by the caller. */
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct err *err);

/* Fetch the next row: 1 where there is one, 0 at the end, -1 with a reason. */
int store_step(struct store *store, sqlite3_stmt *statement, struct err *err);

/* The one integer that a query gives. Returns 0 or -1 with a reason. */
int store_query_int(struct store *store, const char *sql, int64_t *value, struct err *err);

/* Run sql/schema.sql in an empty database. Returns what SQLite does. */
int store_make_schema(sqlite3 *db);

/* Run sql/views.sql after it. Returns what SQLite does. */
int store_make_views(sqlite3 *db);

/* See whether all tables of sql/schema.sql with their columns, indexes and triggers are there; what
 * an admin has added, and what is for him alone, is not looked at. Returns 0, or -1 with what is
 * missing. */
int store_check_schema(struct store *store, struct err *err);

/* Compile posseg's model. Returns the builder that the memory of `pos` belongs to, to be freed by
 * the caller, or NULL with a reason. */
struct pos_builder *store_compile_pos(struct store *store, struct pos_model *pos, struct err *err);

/* The text of a column, borrowed until the next step. */
static inline struct str store_text(sqlite3_stmt *statement, int column)
{
    const char *at = (const char *)sqlite3_column_text(statement, column);
    return (struct str){at, at ? (size_t)sqlite3_column_bytes(statement, column) : 0};
}

#endif
