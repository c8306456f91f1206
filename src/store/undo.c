#include "store/undo.h"

#include "store/db.h"

#include <stdio.h>

static int handle_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    store_edit_handler *handle = *(store_edit_handler **)arg;
    handle(&(struct store_edit){.id = sqlite3_column_int64(row, 0),
                                .at = store_text(row, 1),
                                .tool = store_text(row, 2),
                                .rows = store_text(row, 3)});
    return 0;
}

int store_each_edit(struct store *store, int n, store_edit_handler *handle, struct err *err)
{
    static const char query[] =
        "SELECT id, at, tool, (SELECT group_concat(n || ' ' || part, ', ') FROM"
        "  (SELECT part, count(*) AS n FROM edited_rows r"
        "   WHERE r.id >= e.first_row AND r.id < e.next GROUP BY part))"
        " FROM (SELECT *, ifnull(lead(first_row) OVER (ORDER BY id), 9e18) AS next FROM edits) e"
        " ORDER BY id DESC LIMIT ";
    char sql[sizeof query + 16];
    snprintf(sql, sizeof sql, "%s%d", query, n);
    return store_each_row(store, sql, handle_row, &handle, err);
}

/* Run an INSERT whose only parameter is bound, and finalise it. */
static int finish(struct store *store, sqlite3_stmt *statement, struct err *err)
{
    int got = store_step(store, statement, err);
    sqlite3_finalize(statement);
    return got < 0 ? -1 : 0;
}

int store_undo_edit(struct store *store, int64_t edit, struct err *err)
{
    sqlite3_stmt *statement = store_prepare(store, "INSERT INTO undo (edit) VALUES (?)", err);
    if (!statement)
        return -1;
    sqlite3_bind_int64(statement, 1, edit);
    return finish(store, statement, err);
}

int store_undo_since(struct store *store, const char *time, struct err *err)
{
    sqlite3_stmt *statement = store_prepare(store, "INSERT INTO undo (since) VALUES (?)", err);
    if (!statement)
        return -1;
    sqlite3_bind_text(statement, 1, time, -1, SQLITE_STATIC);
    return finish(store, statement, err);
}
