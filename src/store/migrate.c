#include "store/migrate.h"

#include "store/column_definition.h"
#include "store/db.h"
#include "store/schema.h"
#include "store/store.h"
#include "util/buf.h"
#include "util/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPIES 100 /* of one version, at most */

static const char steps[] =
#include "migrate_sql.h"
    ;

/* Run the statement `step`, and append the statements that it returns to `statements`, each with a
 * zero byte at its end. */
static int collect_statements(struct store *store, sqlite3_stmt *step, struct buf *statements,
                              struct err *err)
{
    int got = 0;
    while (step && (got = store_step(store, step, err)) > 0) {
        buf_add_str(statements, store_text(step, 0));
        buf_add_char(statements, '\0');
    }
    if (got == 0 && statements->failed)
        return err_set(err, "out of memory for the schema of %s", store->path);
    return got;
}

/* Run one step, the first statement of `sql`, and then the statements that it returns: one by one,
 * since a comment can be at the end of each. Returns what follows the step, or NULL with a reason. */
static const char *run_step(struct store *store, const char *sql, struct err *err)
{
    sqlite3_stmt *step = NULL;
    struct buf statements = {0};
    const char *rest = NULL;
    int status = sqlite3_prepare_v2(store->db, sql, -1, &step, &rest) == SQLITE_OK
                     ? collect_statements(store, step, &statements, err)
                     : store_fail(store, err);
    sqlite3_finalize(step);
    for (size_t at = 0; !status && at < statements.len; at += strlen(statements.at + at) + 1)
        status = store_exec(store, statements.at + at, err);
    buf_free(&statements);
    return status ? NULL : rest;
}

/* Do all steps within the transaction that the caller has begun. */
static int replace_schema(struct store *store, struct err *err)
{
    char version[64];
    for (const char *sql = steps; *sql;) {
        if (!(sql = run_step(store, sql, err)))
            return -1;
    }
    snprintf(version, sizeof version, "PRAGMA user_version = %d", STORE_VERSION);
    return store_exec(store, version, err) ? -1 : store_check_schema(store, err);
}

/* Copy the store with SQLite's backup API. SQLite refuses to copy through the connection that has the
 * transaction, so this opens another. */
static int back_up(const struct store *store, const char *path, struct err *err)
{
    sqlite3 *from = NULL, *to = NULL;
    sqlite3_backup *backup = NULL;
    int status = 0, result = SQLITE_ERROR;
    if (sqlite3_open_v2(store->path, &from, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK)
        backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup)
        result = sqlite3_backup_step(backup, -1); /* the next function reports no SQLITE_BUSY */
    if (sqlite3_backup_finish(backup) != SQLITE_OK || result != SQLITE_DONE)
        status = err_set(err, "cannot copy %s: %s", store->path, sqlite3_errmsg(to ? to : from));
    sqlite3_close(to);
    sqlite3_close(from);
    return status;
}

/* Give a file the owner and the group of another one, or at least the group, as far as this user may. */
static void copy_owner(int fd, const struct stat *other)
{
    if (fchown(fd, other->st_uid, other->st_gid) && fchown(fd, (uid_t)-1, other->st_gid))
        return;
}

/* Copy the store to a new file at `path`. It gets the owner, the group and the mode of the store, so
 * that the same users can read and write it. */
static int copy_store(struct store *store, const char *path, struct err *err)
{
    struct stat st;
    unlink(path); /* a migration that was killed has left it */
    if (stat(store->path, &st))
        return err_errno(err, "cannot look at the store %s", store->path);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777);
    if (fd >= 0)
        copy_owner(fd, &st);
    if (fd < 0 || fchmod(fd, st.st_mode & 0777)) {
        err_errno(err, "cannot create %s for a copy of the store", path);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    close(fd);
    return back_up(store, path, err);
}

/* Try to give the copy at `path` the name of the n-th copy of this version. Returns the name, or NULL
 * with `errno` set. */
static char *try_name(const struct store *store, const char *path, int64_t version, int n)
{
    char *name = NULL;
    if (asprintf(&name, n ? "%s.version-%d.%d" : "%s.version-%d", store->path, (int)version, n) < 0)
        return NULL;
    if (!link(path, name) && !unlink(path))
        return name;
    int error = errno;
    free(name);
    errno = error;
    return NULL;
}

/* Give the copy at `path` a name that is free, for good. Returns it, to be freed by the caller, or
 * NULL with a reason. */
static char *name_copy(const struct store *store, const char *path, int64_t version,
                       struct err *err)
{
    char *name = NULL;
    for (int n = 0; n < COPIES && !name; n++) {
        if (!(name = try_name(store, path, version, n)) && errno != EEXIST)
            break;
    }
    if (name && !file_sync_directory(name))
        return name;
    err_errno(err, "cannot name the copy %s of the store", path);
    if (name)
        unlink(name);
    free(name);
    return NULL;
}

/* Migrate and commit within the transaction that the caller has begun. Writes the copy to `path`
 * first, and names it when all is done. */
static int migrate(struct store *store, const char *path, struct migration *migration,
                   struct err *err)
{
    if (copy_store(store, path, err) || replace_schema(store, err) ||
        !(migration->copy = name_copy(store, path, migration->from, err)))
        return -1;
    int status = store_exec(store, "COMMIT", err);
    if (status)
        unlink(migration->copy);
    return status;
}

/* Begin a transaction, and read the version again, since another process can have migrated. Migrate
 * in it, or roll back. */
static int migrate_open(struct store *store, struct migration *migration, struct err *err)
{
    char *path = NULL;
    int64_t version = 0;
    if (store_attach_model(store, err))
        return -1;
    if (column_definition_add(store->db) != SQLITE_OK)
        return store_fail(store, err);
    if (store_exec(store,
                   "PRAGMA legacy_alter_table = ON; PRAGMA ignore_check_constraints = ON;"
                   "BEGIN IMMEDIATE",
                   err))
        return -1;
    int status = store_query_int(store, "PRAGMA user_version", &version, err);
    migration->from = (int)version;
    if (!status && version < STORE_VERSION) {
        status = asprintf(&path, "%s.copying", store->path) < 0
                     ? err_set(err, "out of memory for the copy of %s", store->path)
                     : migrate(store, path, migration, err);
        if (status && path)
            unlink(path);
    }
    free(path);
    if (!sqlite3_get_autocommit(store->db))
        store_exec(store, "ROLLBACK", &(struct err){0});
    return status;
}

/* Say in a reason that it is one for which the store is still of an older version. */
static void explain_failure(struct err *err)
{
    struct err reason = *err;
    err_set(err, "cannot migrate the store to schema version %d: %s", STORE_VERSION, reason.text);
}

int store_migrate(const char *path, struct migration *migration, struct err *err)
{
    *migration = (struct migration){0};
    struct store *store = store_open(path, STORE_MIGRATE, err);
    int status = store ? migrate_open(store, migration, err) : -1;
    if (store && status)
        explain_failure(err);
    store_close(store);
    if (status) {
        free(migration->copy);
        migration->copy = NULL;
    }
    return status;
}

/* Reads only: SQLite would write to a store that it may write to when it closes it. */
bool store_is_older(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *row = NULL;
    bool is_older = false;
    if (!file_is_special(path) &&
        sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &row, NULL) == SQLITE_OK &&
        sqlite3_step(row) == SQLITE_ROW)
        is_older = sqlite3_column_int(row, 0) < STORE_VERSION;
    sqlite3_finalize(row);
    sqlite3_close(db);
    return is_older;
}
