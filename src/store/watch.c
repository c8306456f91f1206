#include "store/watch.h"

#include "store/compile.h"
#include "util/file.h"

#include <stdio.h>

/* A failed migration is tried again after 1, 2, 4, … polls, and at last after 2 to the power of this. */
#define MAX_BACK_OFF 7

void watch_close(struct watch *watch)
{
    store_close(watch->store);
    watch->store = NULL;
}

static struct stat stat_file(const char *path)
{
    struct stat st;
    return stat(path, &st) ? (struct stat){0} : st;
}

/* The state of the store's write-ahead log. */
static struct stat stat_wal(const char *store_path)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s-wal", store_path);
    return len < (int)sizeof path ? stat_file(path) : (struct stat){0};
}

/* Remember that the present log belongs to the file of the last poll, which is gone. */
static void mark_stale(struct watch *watch, const struct stat *wal)
{
    watch->stale = *wal;
    watch->owner = watch->file;
}

/*
 * Close the store if its file has changed. SQLite reports commits, but nothing that other programs do
 * to the file. A checkpoint also changes the file, so it causes an unnecessary check. When the file
 * was replaced and its non-empty log is still there, the log belongs to the previous file.
 */
static void compare_file(struct watch *watch)
{
    struct stat file = stat_file(watch->store_path), wal = stat_wal(watch->store_path);
    if (watch->file.st_ino && !file_is_unchanged(&file, &watch->file)) {
        if (!file_is_same(&file, &watch->file) && wal.st_size && file_is_same(&wal, &watch->wal))
            mark_stale(watch, &wal);
        watch->suspicious = true;
        watch->failures = watch->pause = 0;
        watch_close(watch);
    }
    watch->file = file;
    watch->wal = wal;
}

/* Whether the log beside the store belongs to another file, the one that the store replaced. */
static bool has_stale_wal(const struct watch *watch)
{
    return watch->file.st_ino && watch->stale.st_ino &&
           file_is_unchanged(&watch->stale, &watch->wal) &&
           !file_is_same(&watch->file, &watch->owner);
}

/* Migrate the store, or fail at once during the pause after a failure: each try copies the store. */
static int migrate_store(struct watch *watch, struct err *err)
{
    if (watch->pause) {
        watch->pause--;
        *err = watch->failure;
        return -1;
    }
    int status = store_migrate(watch->store_path, &watch->migration, err);
    watch->file = stat_file(watch->store_path); /* a try may have moved its log into the file */
    if (!status) {
        watch->failures = 0;
        return 0;
    }
    watch->failure = *err;
    watch->pause = 1U << watch->failures;
    watch->failures += watch->failures < MAX_BACK_OFF;
    return -1;
}

/* Open the store unless it is open, and check it where it may be damaged. */
static int open_store(struct watch *watch, struct err *err)
{
    const char *path = watch->store_path;
    if (watch->store)
        return 0;
    if (has_stale_wal(watch))
        return err_set(
            err,
            "%s was replaced, but %s-wal belongs to the previous file: remove %s-wal and "
            "%s-shm before anything is written",
            path, path, path, path);
    watch->store = store_open(path, STORE_READ, err);
    if (!watch->store && store_is_older(path)) {
        if (migrate_store(watch, err))
            return -1;
        watch->store = store_open(path, STORE_READ, err);
    }
    if (!watch->store)
        return -1;
    return watch->suspicious ? store_check(watch->store, true, err) : 0;
}

/* Compile the store if it has changed. An edit that is refused counts only if it still is at the next
 * poll, since several statements may make it whole: then it is compiled again, to be recorded. */
static int compile_if_changed(struct watch *watch, bool *fresh, struct err *err)
{
    bool changed = false;
    if (store_changed(watch->store, &changed, err))
        return -1;
    if (!changed && (!watch->is_refused || watch->is_recorded))
        return 0;
    watch->is_reported = watch->is_refused;
    int status = store_compile(watch->store, watch->snapshot_path, watch->is_reported, fresh, err);
    watch->is_refused = status > 0;
    watch->is_reported &= watch->is_refused;
    watch->is_recorded = watch->is_reported && status == STORE_COMPILE_REFUSED;
    if (watch->is_refused)
        watch->refusal = *err;
    return status < 0 ? -1 : 0;
}

int watch_poll(struct watch *watch, bool *fresh, struct err *err)
{
    *fresh = false;
    compare_file(watch);
    if (open_store(watch, err) || compile_if_changed(watch, fresh, err)) {
        watch->suspicious = true;
        watch_close(watch); /* A store counts as changed when it is opened, so no edit is missed. */
        return -1;
    }
    watch->suspicious = false;
    if (watch->is_reported)
        *err = watch->refusal;
    return watch->is_reported ? -1 : 0;
}
