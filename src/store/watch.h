/*
 * watch: keeps the snapshot in step with the store.
 */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "store/store.h"
#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

struct watch {
    const char *store_path, *snapshot_path; /* borrowed */
    struct store *store;                    /* NULL while closed */
    struct stat file;  /* the store's file, as it was at the last look; zeros before the first */
    struct stat wal;   /* its write-ahead log; zeros where there is none */
    struct stat stale; /* a log whose file has gone; zeros where there is none */
    struct stat owner; /* that file */
    bool suspicious;   /* the file has changed by other hands than SQLite's, or was bad */
};

/*
 * See whether anything has been committed to the store, or its file was replaced or written to
 * otherwise, and compile it then; a file that was is checked before. Opens the store where it is
 * closed. Sets `*fresh` where a new snapshot was written. Cheap where nothing has changed. Returns
 * 0, or -1 with a reason, and then the snapshot is as it was; the next call tries anew.
 */
int watch_poll(struct watch *watch, bool *fresh, struct err *err);

/* Close the store. The next look opens it, and sees whether the snapshot is what it says. */
void watch_close(struct watch *watch);

#endif
