#include "store/schema.h"

static const char schema[] =
#include "schema_sql.h"
    ;

static const char views[] =
#include "views_sql.h"
    ;

static const char staging[] =
#include "staging_sql.h"
    ;

/* PRAGMA journal_mode does not work within a transaction, so it comes first. */
int store_create_schema(struct store *store, struct err *err)
{
    if (store_exec(store, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;", err))
        return -1;
    if (store_exec(store, schema, err) || store_exec(store, views, err) ||
        store_exec(store, staging, err)) {
        store_exec(store, "ROLLBACK", &(struct err){0});
        return -1;
    }
    return store_exec(store, "COMMIT", err);
}

int store_create_model(sqlite3 **model, bool full, struct err *err)
{
    if (sqlite3_open(":memory:", model) != SQLITE_OK ||
        sqlite3_exec(*model, schema, NULL, NULL, NULL) != SQLITE_OK ||
        (full && (sqlite3_exec(*model, views, NULL, NULL, NULL) != SQLITE_OK ||
                  sqlite3_exec(*model, staging, NULL, NULL, NULL) != SQLITE_OK)))
        return err_set(err, "cannot create a schema to compare with: %s", sqlite3_errmsg(*model));
    return 0;
}

int store_attach_model(struct store *store, struct err *err)
{
    sqlite3 *model = NULL;
    sqlite3_int64 size = 0;
    unsigned char *bytes = NULL;
    int status = store_create_model(&model, true, err);
    if (!status && !(bytes = sqlite3_serialize(model, "main", &size, 0)))
        status = err_set(err, "out of memory for a schema to compare with");
    sqlite3_close(model);
    if (!status)
        status = store_exec(store, "ATTACH ':memory:' AS model", err);
    if (!status && sqlite3_deserialize(store->db, "model", bytes, size, size,
                                       SQLITE_DESERIALIZE_FREEONCLOSE) != SQLITE_OK)
        return store_fail(store, err); /* SQLite has freed the bytes. */
    if (status)
        sqlite3_free(bytes);
    return status;
}

/* What a store must have. */
static const struct requirement {
    const char *list; /* Lists it in a new store: three names, and the same in words. */
    const char *find; /* Finds such names. */
} requirements[] = {
    /* SQLite's ALTER TABLE ... RENAME takes the triggers along. */
    {"SELECT type, name, tbl_name, iif(name = tbl_name, type || ' ' || name,"
     " type || ' ' || name || ' of ' || tbl_name) FROM sqlite_schema WHERE name NOT GLOB "
     "'sqlite_*'",
     "SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ? AND tbl_name = ?"},
    {"SELECT s.name, c.name, NULL, 'column ' || c.name || ' of ' || s.name"
     " FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table'",
     "SELECT 1 FROM pragma_table_info(?) WHERE name = ? AND ?3 IS NULL"},
};

/* Find in the store what the current row of `wanted` names. */
static int find_wanted(struct store *store, sqlite3_stmt *wanted, sqlite3_stmt *find,
                       struct err *err)
{
    for (int i = 0; i < 3; i++)
        sqlite3_bind_value(find, i + 1, sqlite3_column_value(wanted, i));
    int got = store_step(store, find, err);
    sqlite3_reset(find);
    if (got == 0)
        return err_set(err, "%s lacks the %s: restore a backup", store->path,
                       sqlite3_column_text(wanted, 3));
    return got < 0 ? -1 : 0;
}

/* Compare the store with `model`, a new store. */
static int check_requirement(struct store *store, sqlite3 *model,
                             const struct requirement *requirement, struct err *err)
{
    sqlite3_stmt *find = store_prepare(store, requirement->find, err), *wanted = NULL;
    int status = find ? 0 : -1, code = SQLITE_ROW;
    if (!status)
        code = sqlite3_prepare_v2(model, requirement->list, -1, &wanted, NULL);
    while (!status && (code = sqlite3_step(wanted)) == SQLITE_ROW)
        status = find_wanted(store, wanted, find, err);
    if (!status && code != SQLITE_DONE)
        status = err_set(err, "cannot list the schema: %s", sqlite3_errmsg(model));
    sqlite3_finalize(wanted);
    sqlite3_finalize(find);
    return status;
}

static int compare_schema(struct store *store, struct err *err)
{
    sqlite3 *model = NULL;
    int status = store_create_model(&model, false, err);
    for (size_t i = 0; !status && i < sizeof requirements / sizeof *requirements; i++)
        status = check_requirement(store, model, &requirements[i], err);
    sqlite3_close(model);
    return status;
}

int store_check_schema(struct store *store, struct err *err)
{
    int64_t version = 0;
    if (store_query_int(store, "PRAGMA schema_version", &version, err))
        return -1;
    if (version == store->checked_schema)
        return 0;
    if (compare_schema(store, err))
        return -1;
    store->checked_schema = version;
    return 0;
}
