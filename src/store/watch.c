#include "store/watch.h"

#include "store/compile.h"

#include <stdio.h>

void watch_close(struct watch *watch)
{
    store_close(watch->store);
    watch->store = NULL;
}

static struct stat look_at(const char *path)
{
    struct stat st;
    return stat(path, &st) ? (struct stat){0} : st;
}

/* The store's write-ahead log. */
static struct stat look_at_wal(const char *store_path)
{
    char path[4096];
    int len = snprintf(path, sizeof path, "%s-wal", store_path);
    return len < (int)sizeof path ? look_at(path) : (struct stat){0};
}

static bool is_same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

static bool is_unchanged(const struct stat *a, const struct stat *b)
{
    return is_same_file(a, b) && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/*
 * Close the store where its file is not what it was. SQLite tells of commits, but of nothing that
 * is done to the file behind its back; a checkpoint looks the same from here, and costs a check
 * that was not needed. A log with content that stays when its file goes belongs to that file.
 */
static void check_file(struct watch *watch)
{
    struct stat file = look_at(watch->store_path), wal = look_at_wal(watch->store_path);
    if (watch->file.st_ino && !is_unchanged(&file, &watch->file)) {
        if (!is_same_file(&file, &watch->file) && wal.st_size && is_same_file(&wal, &watch->wal))
            watch->stale = wal, watch->owner = watch->file;
        watch->suspicious = true;
        watch_close(watch);
    }
    watch->file = file;
    watch->wal = wal;
}

static int open_store(struct watch *watch, struct err *err)
{
    if (watch->store)
        return 0;
    if (watch->file.st_ino && watch->stale.st_ino && is_unchanged(&watch->stale, &watch->wal) &&
        !is_same_file(&watch->file, &watch->owner))
        return err_set(err,
                       "%s was replaced, but %s-wal beside it belongs to the file before: remove "
                       "%s-wal and %s-shm, before anything is written",
                       watch->store_path, watch->store_path, watch->store_path, watch->store_path);
    watch->store = store_open(watch->store_path, STORE_READ, err);
    if (!watch->store)
        return -1;
    return watch->suspicious ? store_check(watch->store, true, err) : 0;
}

int watch_poll(struct watch *watch, bool *fresh, struct err *err)
{
    bool changed = false;
    *fresh = false;
    check_file(watch);
    if (open_store(watch, err) || store_changed(watch->store, &changed, err) ||
        (changed && store_compile(watch->store, watch->snapshot_path, fresh, err))) {
        watch->suspicious = true;
        watch_close(watch); /* a store that is opened anew counts as changed: nothing is missed */
        return -1;
    }
    watch->suspicious = false;
    return 0;
}
