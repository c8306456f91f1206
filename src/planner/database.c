#include "planner/database.h"

#include <stddef.h>

/* How long to wait for another program that writes. */
#define BUSY_MS 10000

/* The identification of the file and its version, as in sql/results.sql. */
#define FILE_APPLICATION 1397904979
#define FILE_VERSION     7

int database_fail(const struct database *database, struct err *err)
{
    return err_set(err, "%s: %s", database->path, sqlite3_errmsg(database->db));
}

int database_exec(const struct database *database, const char *sql, struct err *err)
{
    return sqlite3_exec(database->db, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : database_fail(database, err);
}

sqlite3_stmt *database_prepare(const struct database *database, const char *sql, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(database->db, sql, -1, &statement, NULL) != SQLITE_OK)
        database_fail(database, err);
    return statement;
}

int database_step(const struct database *database, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : database_fail(database, err);
}

/* Refuse a file that this version of serverful compare has not made. */
static int check_file(const struct database *database, struct err *err)
{
    sqlite3_stmt *row = database_prepare(database,
                                         "SELECT application_id, user_version FROM "
                                         "pragma_application_id, pragma_user_version",
                                         err);
    int got = row ? database_step(database, row, err) : -1;
    if (got >= 0 && (sqlite3_column_int(row, 0) != FILE_APPLICATION ||
                     sqlite3_column_int(row, 1) != FILE_VERSION))
        got = err_set(err,
                      "%s: the file has no results of this version of serverful compare: run that "
                      "first, or name another file with --results",
                      database->path);
    sqlite3_finalize(row);
    return got < 0 ? -1 : 0;
}

int database_open(struct database *database, const char *path, struct err *err)
{
    *database = (struct database){.path = path};
    if (sqlite3_open_v2(path, &database->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        return database_fail(database, err);
    sqlite3_busy_timeout(database->db, BUSY_MS);
    if (check_file(database, err) != 0)
        return -1;
    return database_exec(database, "BEGIN IMMEDIATE", err);
}

void database_close(struct database *database)
{
    sqlite3_close(database->db);
}
