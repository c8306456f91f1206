#include "store/undo.h"

#include "store/db.h"

#include <inttypes.h>
#include <stdio.h>

/* The edits that are handed on. */
struct listing {
    store_edit_handler *handle;
    int n; /* The number of edits so far. */
};

static int handle_row(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    struct listing *listing = arg;
    listing->n++;
    listing->handle(&(struct store_edit){.id = sqlite3_column_int64(row, 0),
                                         .at = store_text(row, 1),
                                         .tool = store_text(row, 2),
                                         .rows = store_text(row, 3)});
    return 0;
}

/* A setting is 0 or 1, so that an even number of changes leaves it as it was: an undo of words switches
 * words_with_symbols on and off again. */
int store_each_edit(struct store *store, int n, store_edit_handler *handle, struct err *err)
{
    static const char query[] =
        "SELECT id, at, tool, (SELECT ifnull(group_concat(n || ' ' || part, ', '), 'no rows') FROM"
        "  (SELECT part, sum(n) AS n FROM"
        "    (SELECT part, iif(part = 'settings', count(*) % 2, count(*)) AS n FROM edited_rows r"
        "     WHERE r.id >= e.first_row AND r.id < e.next"
        "     GROUP BY part, iif(part = 'settings', c1, NULL))"
        "   WHERE n > 0 GROUP BY part))"
        " FROM (SELECT *, ifnull(lead(first_row) OVER (ORDER BY id), 9e18) AS next FROM edits) e"
        " ORDER BY id DESC LIMIT ";
    char sql[sizeof query + 16];
    snprintf(sql, sizeof sql, "%s%d", query, n);
    struct listing listing = {.handle = handle};
    return store_each_row(store, sql, handle_row, &listing, err) ? -1 : listing.n;
}

/* The edit, or the time, that an undo names. */
struct target {
    int64_t edit;      /* 0 where `since` is the target. */
    const char *since; /* NULL where `edit` is the target. */
};

/* Run a statement whose parameters are a target. Returns 1 for a row, 0 for none, or -1 with a reason; the
 * caller finalises `*statement`. */
static int step_with(struct store *store, const char *sql, const struct target *target,
                     sqlite3_stmt **statement, struct err *err)
{
    *statement = store_prepare(store, sql, err);
    if (!*statement)
        return -1;
    if (target->edit)
        sqlite3_bind_int64(*statement, 1, target->edit);
    else
        sqlite3_bind_text(*statement, 2, target->since, -1, SQLITE_STATIC);
    return store_step(store, *statement, err);
}

/* Where the target is earlier than the history, append to the reason where the history begins. */
static void add_begin(struct store *store, const struct target *target, struct err *err)
{
    static const char query[] = "SELECT id, at FROM (SELECT * FROM edits ORDER BY id LIMIT 1)"
                                " WHERE id > ?1 OR at > strftime('%Y-%m-%d %H:%M:%f', ?2)";
    sqlite3_stmt *row;
    struct err reason = *err, ignored;
    if (step_with(store, query, target, &row, &ignored) > 0)
        err_set(err, "%s (the history begins with edit %" PRId64 " at %s)", reason.text,
                (int64_t)sqlite3_column_int64(row, 0), (const char *)sqlite3_column_text(row, 1));
    sqlite3_finalize(row);
}

static int undo(struct store *store, const struct target *target, struct err *err)
{
    sqlite3_stmt *statement;
    int got =
        step_with(store, "INSERT INTO undo (edit, since) VALUES (?1, ?2)", target, &statement, err);
    sqlite3_finalize(statement);
    if (got < 0)
        add_begin(store, target, err);
    return got < 0 ? -1 : 0;
}

int store_undo_edit(struct store *store, int64_t edit, struct err *err)
{
    return undo(store, &(struct target){.edit = edit}, err);
}

int store_undo_since(struct store *store, const char *time, struct err *err)
{
    return undo(store, &(struct target){.since = time}, err);
}
