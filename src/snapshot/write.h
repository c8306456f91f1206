/*
 * write: writes a snapshot file.
 */
#ifndef SNAPSHOT_WRITE_H
#define SNAPSHOT_WRITE_H

#include "snapshot/content.h"
#include "util/err.h"

#include <stdbool.h>

/*
 * Write the sections of `content` and the revisions that they were compiled from to `path`. The
 * function writes a temporary file in the same directory, syncs it, and renames it: a process that
 * opens `path` gets the previous file or the complete new one. `content` needs no header of its
 * own. Returns 0, or -1 with a reason, and then no temporary file is left, and `path` is unchanged,
 * unless only syncing its directory has failed.
 */
int snapshot_write(const char *path, const struct snapshot *content,
                   const struct snapshot_revisions *revisions, struct err *err);

/* Replace the file at `path`, a snapshot, by another file with the same sections and revisions.
 * Returns as snapshot_write(). */
int snapshot_renew(const char *path, struct err *err);

/*
 * Replace the file at `path` by a copy of the file `from`, if that is a good snapshot of this program's
 * format, whatever another program does to `from` meanwhile. Where `path` already has a good snapshot with
 * this revision, it stays. Sets `*fresh` to whether it was replaced. Returns 0, or -1 with a reason, and
 * then `path` is unchanged, unless only syncing its directory has failed.
 */
int snapshot_receive(const char *from, const char *path, bool *fresh, struct err *err);

#endif
