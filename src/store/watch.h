/*
 * watch: recompiles the snapshot whenever the store has changed.
 *
 * Zero a struct watch, set both paths, and call watch_poll() as often as edits should show. Besides
 * commits it notices that the file of the store was replaced, removed or overwritten, and checks such
 * a file before it compiles it. A store of an older version it migrates.
 */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "store/migrate.h"
#include "store/store.h"
#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

struct watch {
    const char *store_path;    /* The path of the store; borrowed. */
    const char *snapshot_path; /* The path of the snapshot; borrowed. */

    /* The last migration; its copy is NULL unless watch_poll() has migrated the store. The caller frees
     * the copy, and sets it to NULL. */
    struct migration migration;

    /* The rest is private. A struct stat is zeroed where there is no such file. */
    struct store *store; /* The open store, or NULL. */
    struct stat file;    /* The store's file at the last poll. */
    struct stat wal;     /* Its write-ahead log at the last poll. */
    struct stat stale;   /* A write-ahead log that outlived its store. */
    struct stat owner;   /* The file that `stale` belongs to. */
    bool suspicious;     /* Whether the file may be damaged, so that it has to be checked. */
    bool is_refused;     /* Whether the last compilation refused an edit. */
    bool is_reported;    /* Whether the refusal counts as a failure. */
    bool is_recorded;    /* Whether the store's table `guard` has the refusal. */
    struct err refusal;  /* The reason of the refusal. */
    unsigned failures;   /* Migrations of this file that failed in a row. */
    unsigned pause;      /* Polls before the next try to migrate it. */
    struct err failure;  /* The reason why the last one failed. */
};

/*
 * Compile the store if it has changed since the last poll; the first poll compiles it if the
 * snapshot is not up to date. Sets `*fresh` to whether a snapshot was written. Cheap where nothing
 * has changed. Returns 0, or -1 with a reason; the next call tries again, except that a store which
 * cannot be migrated is left alone for ever more polls (up to 128), unless its file changes. Without
 * `*fresh` the snapshot is unchanged then. A refused edit (see store_compile()) counts as a failure from the next
 * poll on, until it is confirmed or undone.
 */
int watch_poll(struct watch *watch, bool *fresh, struct err *err);

/* Close the store. The next poll opens it again and compares the snapshot with it. */
void watch_close(struct watch *watch);

#endif
