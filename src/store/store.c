#include "store/store.h"

#include "store/row_rules.h"
#include "store/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 1397904972 /* as in sql/schema.sql */
#define BUSY_MS        5000

/* Keep a damaged or hostile file from doing harm: its schema can run no function with side effects,
 * no statement can corrupt the file, and SQLite checks cells as it reads them. */
static int harden(struct store *store, struct err *err)
{
    if (sqlite3_busy_timeout(store->db, BUSY_MS) != SQLITE_OK ||
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK)
        return store_fail(store, err);
    return store_exec(store, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;", err);
}

/* Refuse a store of another version than `mode` takes. */
static int check_version(const struct store *store, int version, enum store_mode mode,
                         struct err *err)
{
    if (version > STORE_VERSION)
        return err_set(err,
                       "%s has schema version %d, but this program reads version %d: install the "
                       "version of serverful that wrote it, or a newer one",
                       store->path, version, STORE_VERSION);
    if (version < STORE_VERSION && mode != STORE_MIGRATE)
        return err_set(err,
                       "%s has schema version %d, but this program reads version %d: run "
                       "'serverful migrate --store %s'",
                       store->path, version, STORE_VERSION, store->path);
    return 0;
}

/* Refuse a file that is not a store, and a store of another version than `mode` takes. */
static int check_identity(struct store *store, enum store_mode mode, struct err *err)
{
    int64_t id = 0, version = 0;
    if (store_query_int(store, "PRAGMA application_id", &id, err) ||
        store_query_int(store, "PRAGMA user_version", &version, err))
        return -1;
    if (id != APPLICATION_ID)
        return err_set(err, "%s is an SQLite file, but not a store of serverful", store->path);
    return check_version(store, (int)version, mode, err);
}

/* Create the schema where the file is empty. */
static int create_if_empty(struct store *store, struct err *err)
{
    int64_t objects = 0;
    if (store_query_int(store, "SELECT count(*) FROM sqlite_schema", &objects, err))
        return -1;
    return objects ? 0 : store_create_schema(store, err);
}

/* The program has no threads and does not read SQLite's statistics: without locks and statistics, an
 * import takes a fifth less time. This has no effect once SQLite has started. */
static void configure_sqlite(void)
{
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 1200, 200); /* bytes of a slot, slots */
}

/* Open the file at the store's path, and check that it is a store. */
static int open_file(struct store *store, enum store_mode mode, struct err *err)
{
    static const int flags[] = {
        /* To read a WAL file, SQLite needs its -shm file, which it creates if the directory is
         * writable. */
        [STORE_READ] = SQLITE_OPEN_READONLY,
        [STORE_WRITE] = SQLITE_OPEN_READWRITE,
        [STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [STORE_MIGRATE] = SQLITE_OPEN_READWRITE,
    };
    struct stat st;
    if (mode != STORE_CREATE && access(store->path, R_OK))
        return err_errno(err, "cannot open the store %s (%s)", store->path,
                         errno == EACCES ? "join its group, or correct its owner and mode"
                                         : "'serverful init' creates it");
    if (!stat(store->path, &st) && !S_ISREG(st.st_mode)) /* SQLite would wait for a FIFO */
        return err_set(err, "cannot open the store %s: it is not a regular file", store->path);
    configure_sqlite();
    if (sqlite3_open_v2(store->path, &store->db, flags[mode], NULL) != SQLITE_OK)
        return err_set(err, "cannot open the store %s: %s", store->path,
                       store->db ? sqlite3_errmsg(store->db) : "out of memory");
    if (harden(store, err) || store_add_rules(store, err) ||
        (mode == STORE_CREATE && create_if_empty(store, err)))
        return -1;
    return check_identity(store, mode, err);
}

/* Return a store without a connection, or NULL with a reason. */
static struct store *new_store(const char *path, struct err *err)
{
    struct store *store = calloc(1, sizeof *store);
    if (!store || !(store->path = strdup(path))) {
        err_set(err, "out of memory for the store %s", path);
        store_close(store);
        return NULL;
    }
    store->seen_data_version = store->checked_schema = -1;
    return store;
}

struct store *store_open(const char *path, enum store_mode mode, struct err *err)
{
    struct store *store = new_store(path, err);
    if (!store)
        return NULL;
    if (open_file(store, mode, err) ||
        !(store->data_version = store_prepare(store, "PRAGMA data_version", err))) {
        store_close(store);
        return NULL;
    }
    return store;
}

/* Copy all pages into the empty database of `copy`. */
static int copy_pages(const struct store *store, struct store *copy, struct err *err)
{
    int result = SQLITE_ERROR;
    sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", store->db, "main");
    if (backup)
        result = sqlite3_backup_step(backup, -1); /* the next function reports no SQLITE_BUSY */
    if (sqlite3_backup_finish(backup) == SQLITE_OK && result == SQLITE_DONE)
        return 0;
    return err_set(err, "cannot copy %s into memory: %s", store->path,
                   backup ? sqlite3_errstr(result) : sqlite3_errmsg(copy->db));
}

struct store *store_copy(struct store *store, struct err *err)
{
    /* The SELECT begins the transaction. */
    if (store_exec(store, "BEGIN; SELECT count(*) FROM sqlite_schema", err))
        return NULL;
    struct store *copy = new_store(store->path, err);
    if (!copy)
        return NULL;
    int code = sqlite3_open(":memory:", &copy->db);
    int status = code == SQLITE_OK ? copy_pages(store, copy, err) : store_fail(copy, err);
    if (status || harden(copy, err) || store_add_rules(copy, err)) {
        store_close(copy);
        return NULL;
    }
    return copy;
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
    *changed = version != store->seen_data_version;
    store->seen_data_version = version;
    return 0;
}

/* Handle a row of the table `revision`. */
static int read_revision(void *arg, sqlite3_stmt *row, struct err *err)
{
    (void)err;
    struct snapshot_revisions *revisions = arg;
    struct str name = store_text(row, 0);
    uint64_t n = (uint64_t)sqlite3_column_int64(row, 1);
    if (str_is(name, "store"))
        revisions->store = n;
    for (int part = 0; part < SNAPSHOT_PARTS; part++) {
        if (str_is(name, snapshot_part_name((enum snapshot_part)part)))
            revisions->parts[part] = n;
    }
    return 0;
}

int store_revisions(struct store *store, struct snapshot_revisions *revisions, struct err *err)
{
    *revisions = (struct snapshot_revisions){0};
    return store_each_row(store, "SELECT part, n FROM revision", read_revision, revisions, err);
}

/* The finding in the first row of a check, without the heading that SQLite may put in its first
 * line. */
static struct str finding_of(sqlite3_stmt *row)
{
    struct str text = store_text(row, 0);
    const char *line = memchr(text.at, '\n', text.len);
    size_t skip = line ? (size_t)(line + 1 - text.at) : 0;
    return (struct str){text.at + skip, text.len - skip};
}

/* Check all rows that are compiled. Returns 0, or -1 with a reason that names the first forbidden one. */
static int check_rows(struct store *store, struct err *err)
{
    for (int part = 0; part < SNAPSHOT_PARTS; part++) {
        if (store_check_rows(store, (enum snapshot_part)part, true, err))
            return -1;
    }
    return 0;
}

int store_check(struct store *store, bool quick, struct err *err)
{
    /* Of the two, only integrity_check checks CHECK constraints. It does not name the row. */
    sqlite3_stmt *statement =
        store_prepare(store, quick ? "PRAGMA quick_check(1)" : "PRAGMA integrity_check(1)", err);
    int got = statement ? store_step(store, statement, err) : -1;
    struct str finding = got > 0 ? finding_of(statement) : str_of("");
    bool is_ok = str_is(finding, "ok");
    bool is_row = !strncmp(finding.at, "CHECK constraint failed", 23);
    int status = got > 0 ? 0 : -1;
    if (!status && !quick && (is_ok || is_row))
        status = check_rows(store, err);
    if (!status && !is_ok)
        status = err_set(err, "%s is damaged: repair it or restore a backup: %.*s", store->path,
                         (int)finding.len, finding.at);
    sqlite3_finalize(statement);
    return status;
}
