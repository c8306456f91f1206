#include "store/db.h"

/* What the user can do about an error code of SQLite, or "". */
static const char *find_remedy(int code)
{
    switch (code) {
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
        return " (join its group, or correct the owner and the mode of the file and of its "
               "directory)";
    case SQLITE_BUSY:
        return " (another program is writing: end its transaction, or try again)";
    default:
        return "";
    }
}

int store_fail(const struct store *store, struct err *err)
{
    return err_set(err, "%s: %s%s", store->path, sqlite3_errmsg(store->db),
                   find_remedy(sqlite3_errcode(store->db)));
}

int store_exec(struct store *store, const char *sql, struct err *err)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fail(store, err);
}

sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
        store_fail(store, err);
    return statement;
}

int store_step(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    int code = sqlite3_step(statement);
    return code == SQLITE_ROW ? 1 : code == SQLITE_DONE ? 0 : store_fail(store, err);
}

int store_each_row(struct store *store, const char *sql, store_row *handle, void *arg,
                   struct err *err)
{
    sqlite3_stmt *rows = store_prepare(store, sql, err);
    int got = rows ? 0 : -1;
    while (!got && (got = store_step(store, rows, err)) > 0)
        got = handle(arg, rows, err);
    sqlite3_finalize(rows);
    return got;
}

int store_query_int(struct store *store, const char *sql, int64_t *value, struct err *err)
{
    sqlite3_stmt *statement = store_prepare(store, sql, err);
    int got = statement ? store_step(store, statement, err) : -1;
    if (got > 0)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    if (got == 0)
        return err_set(err, "%s: no row: %s", store->path, sql);
    return got > 0 ? 0 : -1;
}
