/*
 * watch: keeps the snapshot in step with the store, for the supervisor.
 */
#ifndef FASTCGI_WATCH_H
#define FASTCGI_WATCH_H

#include "store/store.h"
#include "util/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct watch {
    const char *store_path, *snapshot_path; /* borrowed */
    struct store *store;                    /* NULL while closed */
    dev_t device;                           /* of the file that is open, */
    ino_t inode;                            /* to tell when another takes its place */
};

/*
 * See whether anything has been committed to the store, or another file taken its place, and
 * compile it then. Opens the store where it is closed. Sets `*fresh` where a new snapshot was
 * written. Cheap where nothing has changed. Returns 0, or -1 with a reason, and then the snapshot
 * is as it was; the next call tries anew.
 */
int watch_look(struct watch *watch, bool *fresh, struct err *err);

/* Close the store, as before a fork(), which SQLite's connections do not outlive. */
void watch_close(struct watch *watch);

#endif
