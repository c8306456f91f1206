/*
 * database: runs SQL on results.db, the file of `serverful compare`.
 *
 * A reason of failure begins with the path of the file.
 */
#ifndef PLANNER_DATABASE_H
#define PLANNER_DATABASE_H

#include "util/err.h"

#include <sqlite3.h>

struct database {
    sqlite3 *db;
    const char *path; /* The path of the file; owned by the caller. */
};

/* Open a file that `serverful compare` has made, and begin a transaction. The caller closes it also after a failure. Returns 0, or -1
 * with a reason. */
int database_open(struct database *database, const char *path, struct err *err);

/* Close the file. What was not committed is undone. */
void database_close(struct database *database);

/* Write the last error of SQLite. Returns -1. */
int database_fail(const struct database *database, struct err *err);

/* Run statements that return no rows. Returns 0 or -1 with a reason. */
int database_exec(const struct database *database, const char *sql, struct err *err);

/* Prepare one statement, to be finalised by the caller. Returns NULL with a reason on failure. */
sqlite3_stmt *database_prepare(const struct database *database, const char *sql, struct err *err);

/* Fetch the next row. Returns 1 where there is one, 0 at the end, -1 with a reason. */
int database_step(const struct database *database, sqlite3_stmt *statement, struct err *err);

#endif
