#include "store/row_rules.h"

#include "store/column_definition.h"
#include "store/glob.h"
#include "store/schema.h"
#include "util/buf.h"
#include "util/utf8.h"

static const char list_tables[] =
#include "row_rules_sql.h"
    ;

/* The tables that are compiled into a part. */
struct tables {
    struct store *store;
    sqlite3 *model;     /* A new store. */
    sqlite3_stmt *list; /* Lists the tables; see sql/row_rules.sql. */
};

/* The SQL function is_utf8(text). */
static void sql_is_utf8(sqlite3_context *context, int n, sqlite3_value **values)
{
    (void)n;
    const char *text = (const char *)sqlite3_value_text(values[0]);
    size_t size = text ? (size_t)sqlite3_value_bytes(values[0]) : 0;
    sqlite3_result_int(context, utf8_is_valid((struct str){text, size}));
}

int store_add_rules(struct store *store, struct err *err)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    return glob_add(store->db) == SQLITE_OK &&
                   sqlite3_create_function_v2(store->db, "is_utf8", 1, flags, NULL, sql_is_utf8,
                                              NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : store_fail(store, err);
}

/* Begin to list the tables of a part. The caller closes the list, also after a failure. Returns 0 or -1
 * with a reason. */
static int open_list(struct tables *tables, struct store *store, enum snapshot_part part,
                     struct err *err)
{
    *tables = (struct tables){.store = store};
    if (store_create_model(&tables->model, false, err))
        return -1;
    if (column_definition_add(tables->model) != SQLITE_OK ||
        sqlite3_prepare_v2(tables->model, list_tables, -1, &tables->list, NULL) != SQLITE_OK ||
        sqlite3_bind_text(tables->list, 1, snapshot_part_name(part), -1, SQLITE_STATIC) !=
            SQLITE_OK)
        return err_set(err, "cannot list the rules of rows: %s", sqlite3_errmsg(tables->model));
    return 0;
}

static void close_list(struct tables *tables)
{
    sqlite3_finalize(tables->list);
    sqlite3_close(tables->model);
}

/* Fetch the next table. Returns 1 where there is one, 0 at the end, -1 with a reason. */
static int next_table(struct tables *tables, struct err *err)
{
    int code = sqlite3_step(tables->list);
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return code == SQLITE_ROW;
    return err_set(err, "cannot list the rules of rows: %s", sqlite3_errmsg(tables->model));
}

/* Prepare the query of the current table for those forbidden rows that meet a condition. The name of the
 * table is the query's third column. */
static sqlite3_stmt *prepare_check(struct tables *tables, const char *condition, struct err *err)
{
    struct buf sql = {0};
    buf_print(&sql, "SELECT \"key\", rule, '%s' FROM (%s) WHERE rule IS NOT NULL%s",
              (const char *)sqlite3_column_text(tables->list, 0),
              (const char *)sqlite3_column_text(tables->list, 1), condition);
    buf_add_char(&sql, '\0');
    sqlite3_stmt *check = NULL;
    if (sql.failed)
        err_set(err, "out of memory for the rules of rows");
    else
        check = store_prepare(tables->store, sql.at, err);
    buf_free(&sql);
    return check;
}

/* Run a check. Returns 0, or -1 with a reason. */
static int run_check(struct store *store, sqlite3_stmt *check, struct err *err)
{
    int got = store_step(store, check, err);
    if (got > 0)
        err_set(err, "%s: table %s, row %s: %s (correct or delete the row)", store->path,
                (const char *)sqlite3_column_text(check, 2),
                (const char *)sqlite3_column_text(check, 0),
                (const char *)sqlite3_column_text(check, 1));
    sqlite3_reset(check);
    return got ? -1 : 0;
}

int store_check_rows(struct store *store, enum snapshot_part part, bool words, struct err *err)
{
    struct tables tables;
    int status = open_list(&tables, store, part, err), got = 0;
    while (!status && (got = next_table(&tables, err)) > 0) {
        if (!words && sqlite3_column_int(tables.list, 2))
            continue;
        sqlite3_stmt *check = prepare_check(&tables, " LIMIT 1", err);
        status = check ? run_check(store, check, err) : -1;
        sqlite3_finalize(check);
    }
    close_list(&tables);
    return status || got ? -1 : 0;
}

sqlite3_stmt *store_prepare_word_check(struct store *store, enum snapshot_part part,
                                       const char *table, struct err *err)
{
    struct tables tables;
    sqlite3_stmt *check = NULL;
    int got = open_list(&tables, store, part, err) ? -1 : next_table(&tables, err);
    while (got > 0 && strcmp((const char *)sqlite3_column_text(tables.list, 0), table) != 0)
        got = next_table(&tables, err);
    if (got > 0)
        check = prepare_check(&tables, " AND word IS ?1", err);
    else if (got == 0)
        err_set(err, "%s is no table of words", table);
    close_list(&tables);
    return check;
}

int store_check_word(struct store *store, sqlite3_stmt *check, sqlite3_stmt *row, struct err *err)
{
    return sqlite3_bind_value(check, 1, sqlite3_column_value(row, 0)) == SQLITE_OK
               ? run_check(store, check, err)
               : store_fail(store, err);
}
