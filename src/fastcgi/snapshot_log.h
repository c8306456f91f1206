/*
 * snapshot_log: logs each new snapshot, so that the log tells when an edit took effect:
 *
 *   snapshot compiled in 412 ms: words revision 366002307421, 349046 -> 349047 words
 *
 * The line has the parts of the store that have another revision than before, and the rows of their
 * tables before and after. The first line has all parts.
 */
#ifndef FASTCGI_SNAPSHOT_LOG_H
#define FASTCGI_SNAPSHOT_LOG_H

#include "fastcgi/log.h"
#include "snapshot/counts.h"

#include <stdbool.h>
#include <stdint.h>

/* The snapshot of the previous line. A zeroed struct is ready for use. */
struct snapshot_log {
    bool has_snapshot;                   /* Whether there was a previous line. */
    struct snapshot_revisions revisions; /* The revisions of its snapshot. */
    struct snapshot_counts counts;       /* The rows in its snapshot. */
};

/* Log the snapshot at `path`, and note it in `*before`. `took` is the time that compiling it took, in
 * nanoseconds; 0 for a snapshot that another program wrote. Does nothing where the file is not a
 * snapshot. */
void snapshot_log_print(struct snapshot_log *before, const char *path, int64_t took,
                        const struct log *log);

#endif
