#include "store/internal.h"

static const char schema[] =
#include "schema_sql.h"
    ;

static const char views[] =
#include "views_sql.h"
    ;

/* What a store must have: a query that lists it in a new store, by two names each and in words, and
 * one that finds such a pair of names. */
static const struct requirement {
    const char *list, *find;
} requirements[] = {
    {"SELECT type, name, type || ' ' || name FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'",
     "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?"},
    {"SELECT s.name, c.name, 'column ' || c.name || ' of ' || s.name"
     " FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'",
     "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"},
};

int store_make_schema(sqlite3 *db)
{
    return sqlite3_exec(db, schema, NULL, NULL, NULL);
}

int store_make_views(sqlite3 *db)
{
    return sqlite3_exec(db, views, NULL, NULL, NULL);
}

/* Find the pair that `wanted` stands at. */
static int find_pair(struct store *store, sqlite3_stmt *wanted, sqlite3_stmt *find, struct err *err)
{
    sqlite3_bind_value(find, 1, sqlite3_column_value(wanted, 0));
    sqlite3_bind_value(find, 2, sqlite3_column_value(wanted, 1));
    int got = store_step(store, find, err);
    sqlite3_reset(find);
    if (got == 0)
        return err_set(err, "%s has no %s any more: put a sound copy in its place", store->path,
                       sqlite3_column_text(wanted, 2));
    return got < 0 ? -1 : 0;
}

static int check(struct store *store, sqlite3 *model, const struct requirement *requirement,
                 struct err *err)
{
    sqlite3_stmt *find = store_prepare(store, requirement->find, err), *wanted = NULL;
    int status = find ? 0 : -1, code = SQLITE_ROW;
    if (!status)
        code = sqlite3_prepare_v2(model, requirement->list, -1, &wanted, NULL);
    while (!status && (code = sqlite3_step(wanted)) == SQLITE_ROW)
        status = find_pair(store, wanted, find, err);
    if (!status && code != SQLITE_DONE)
        status = err_set(err, "cannot list the schema: %s", sqlite3_errmsg(model));
    sqlite3_finalize(wanted);
    sqlite3_finalize(find);
    return status;
}

int store_check_schema(struct store *store, struct err *err)
{
    sqlite3 *model = NULL;
    int status = 0;
    if (sqlite3_open(":memory:", &model) != SQLITE_OK || store_make_schema(model) != SQLITE_OK)
        status = err_set(err, "cannot make a schema to compare with: %s", sqlite3_errmsg(model));
    for (size_t i = 0; !status && i < sizeof requirements / sizeof *requirements; i++)
        status = check(store, model, &requirements[i], err);
    sqlite3_close(model);
    return status;
}
