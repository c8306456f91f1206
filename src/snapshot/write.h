/*
 * write: makes a snapshot file.
 */
#ifndef SNAPSHOT_WRITE_H
#define SNAPSHOT_WRITE_H

#include "snapshot/format.h"
#include "util/err.h"
#include "util/str.h"

/* What goes into a snapshot: the bytes of each section, borrowed, and the revisions they stand for.
 */
struct snapshot_parts {
    struct str sections[SNAPSHOT_SECTIONS]; /* by enum snapshot_section */
    struct snapshot_revisions revisions;
};

/*
 * Write a snapshot under a temporary name beside `path`, sync it, and rename it to `path`: whoever
 * opens `path` sees the old file or the new one, whole. Returns 0 or -1 with a reason, and then
 * `path` is as it was and no temporary file is left.
 */
int snapshot_write(const char *path, const struct snapshot_parts *parts, struct err *err);

#endif
