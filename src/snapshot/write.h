/*
 * write: writes a snapshot file.
 */
#ifndef SNAPSHOT_WRITE_H
#define SNAPSHOT_WRITE_H

#include "snapshot/content.h"
#include "util/err.h"

/*
 * Write the sections of `content` and the revisions that they were compiled from to `path`. The
 * function writes a temporary file in the same directory, syncs it, and renames it: a process that
 * opens `path` gets the previous file or the complete new one. `content` needs no header of its
 * own. Returns 0, or -1 with a reason, and then `path` is unchanged and no temporary file is left.
 */
int snapshot_write(const char *path, const struct snapshot *content,
                   const struct snapshot_revisions *revisions, struct err *err);

/* Replace the file at `path` by a copy of it, which is another file with the same content. Returns 0
 * or -1 with a reason, and then nothing has changed. */
int snapshot_renew(const char *path, struct err *err);

#endif
