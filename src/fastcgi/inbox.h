/*
 * inbox: takes over the snapshots that another host sends to a path, for a pool that compiles no store.
 *
 * Zero a struct inbox, set both paths, and call inbox_poll() as often as new snapshots should show.
 */
#ifndef FASTCGI_INBOX_H
#define FASTCGI_INBOX_H

#include "util/err.h"

#include <stdbool.h>
#include <sys/stat.h>

struct inbox {
    const char *from; /* The path that snapshots are sent to; borrowed. */
    const char *to;   /* The path of the snapshot that is served; borrowed. */

    /* The rest is private. */
    struct stat seen;  /* The file at `from` at the last poll. */
    bool is_seen;      /* Whether that file has been taken over or refused. */
    bool is_refused;   /* Whether that file was refused. */
    struct err reason; /* The reason why it was refused. */
};

/*
 * If another file lies at `from` than at the last poll, or it has changed, copy it to `to`, provided that
 * it is a good snapshot (see snapshot_receive()). So a file that was cut short on its way is never served.
 * Sets `*fresh` to whether `to` was replaced. Cheap where nothing has changed. Returns 0, or -1 with a
 * reason; `to` is unchanged then, and each poll returns the same until another file comes.
 */
int inbox_poll(struct inbox *inbox, bool *fresh, struct err *err);

/* Forget the file: the next poll compares it with the snapshot that is served. */
void inbox_forget(struct inbox *inbox);

#endif
