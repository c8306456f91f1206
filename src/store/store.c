#include "store/internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define APPLICATION_ID 1397904972 /* as in sql/schema.sql */
#define SCHEMA_VERSION 2
#define BUSY_MS        5000

int store_fail(const struct store *store, struct err *err)
{
    return err_set(err, "%s: %s", store->path, sqlite3_errmsg(store->db));
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

int store_query_int(struct store *store, const char *sql, int64_t *value, struct err *err)
{
    sqlite3_stmt *statement = store_prepare(store, sql, err);
    int got = statement ? store_step(store, statement, err) : -1;
    if (got > 0)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return got > 0 ? 0 : got < 0 ? -1 : err_set(err, "%s: no row: %s", store->path, sql);
}

/* What keeps a damaged or hostile file from doing harm: its schema runs no function with side
 * effects, no statement can corrupt it, and cells are checked as they are read. */
static int harden(struct store *store, struct err *err)
{
    if (sqlite3_busy_timeout(store->db, BUSY_MS) != SQLITE_OK ||
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK)
        return store_fail(store, err);
    return store_exec(store, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;", err);
}

/* Refuse what is no store, or one of another version of this program. */
static int check_identity(struct store *store, struct err *err)
{
    int64_t id = 0, version = 0;
    if (store_query_int(store, "PRAGMA application_id", &id, err) ||
        store_query_int(store, "PRAGMA user_version", &version, err))
        return -1;
    if (id != APPLICATION_ID)
        return err_set(err, "%s is an SQLite file, but not a store of serverful", store->path);
    if (version != SCHEMA_VERSION)
        return err_set(err,
                       "%s has schema version %lld, this program reads %d: see STORES OF ANOTHER "
                       "VERSION in serverful-init(1)",
                       store->path, (long long)version, SCHEMA_VERSION);
    return 0;
}

/* Make the schema in a file without any, in one transaction; the PRAGMA of the journal mode does
 * not run in one, so that it comes first. */
static int create_schema(struct store *store, struct err *err)
{
    int64_t objects = 0;
    if (store_query_int(store, "SELECT count(*) FROM sqlite_schema", &objects, err))
        return -1;
    if (objects)
        return 0;
    if (store_exec(store, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE;", err))
        return -1;
    if (store_make_schema(store->db) != SQLITE_OK || store_make_views(store->db) != SQLITE_OK) {
        store_fail(store, err);
        store_exec(store, "ROLLBACK", &(struct err){0});
        return -1;
    }
    return store_exec(store, "COMMIT", err);
}

static int open_file(struct store *store, enum store_mode mode, struct err *err)
{
    static const int flags[] = {
        /* A reader of a WAL file needs its -shm file, which SQLite makes where the directory lets
           it. */
        [STORE_READ] = SQLITE_OPEN_READONLY,
        [STORE_WRITE] = SQLITE_OPEN_READWRITE,
        [STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    if (mode != STORE_CREATE && access(store->path, R_OK))
        return err_errno(err, "cannot open the store %s (made by 'serverful init')", store->path);
    if (sqlite3_open_v2(store->path, &store->db, flags[mode] | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK)
        return err_set(err, "cannot open the store %s: %s", store->path,
                       store->db ? sqlite3_errmsg(store->db) : "out of memory");
    if (harden(store, err) || (mode == STORE_CREATE && create_schema(store, err)) ||
        check_identity(store, err))
        return -1;
    store->data_version = store_prepare(store, "PRAGMA data_version", err);
    return store->data_version ? 0 : -1;
}

struct store *store_open(const char *path, enum store_mode mode, struct err *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        err_set(err, "out of memory for opening %s", path);
        store_close(store);
        return NULL;
    }
    store->seen = store->schema = -1;
    if (open_file(store, mode, err)) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    sqlite3_finalize(store->data_version);
    sqlite3_close(store->db);
    free(store->path);
    free(store);
}

int store_changed(struct store *store, bool *changed, struct err *err)
{
    int got = store_step(store, store->data_version, err);
    int64_t version = got > 0 ? sqlite3_column_int64(store->data_version, 0) : 0;
    sqlite3_reset(store->data_version);
    if (got < 0)
        return -1;
    *changed = version != store->seen;
    store->seen = version;
    return 0;
}

int store_revisions(struct store *store, struct snapshot_revisions *revisions, struct err *err)
{
    sqlite3_stmt *statement = store_prepare(store,
                                            "SELECT (SELECT n FROM revision WHERE part = 'store'),"
                                            " (SELECT n FROM revision WHERE part = 'words'),"
                                            " (SELECT n FROM revision WHERE part = 'model'),"
                                            " (SELECT n FROM revision WHERE part = 'images'),"
                                            " (SELECT n FROM revision WHERE part = 'keywords')",
                                            err);
    int got = statement ? store_step(store, statement, err) : -1;
    if (got > 0)
        *revisions = (struct snapshot_revisions){
            .store = (uint64_t)sqlite3_column_int64(statement, 0),
            .words = (uint64_t)sqlite3_column_int64(statement, 1),
            .model = (uint64_t)sqlite3_column_int64(statement, 2),
            .images = (uint64_t)sqlite3_column_int64(statement, 3),
            .keywords = (uint64_t)sqlite3_column_int64(statement, 4),
        };
    sqlite3_finalize(statement);
    return got > 0 ? 0 : -1;
}

int store_check(struct store *store, bool quick, struct err *err)
{
    /* integrity_check looks at CHECK constraints, too, which quick_check does not. */
    sqlite3_stmt *statement =
        store_prepare(store, quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", err);
    int got = statement ? store_step(store, statement, err) : -1;
    if (got > 0 && !str_is(store_text(statement, 0), "ok")) {
        struct str finding = store_text(statement, 0); /* a heading in its first line, at times */
        const char *line = memchr(finding.at, '\n', finding.len);
        size_t skip = line ? (size_t)(line + 1 - finding.at) : 0;
        got = err_set(err,
                      "%s does not pass its check, mend it or put a sound copy in its place: %.*s",
                      store->path, (int)(finding.len - skip), finding.at + skip);
    }
    sqlite3_finalize(statement);
    return got > 0 ? 0 : -1;
}
