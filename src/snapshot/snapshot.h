/*
 * snapshot: a snapshot file, mapped read-only. It holds everything that requests read, so no request
 * waits for SQLite, and all workers share one copy in memory.
 */
#ifndef SNAPSHOT_SNAPSHOT_H
#define SNAPSHOT_SNAPSHOT_H

#include "snapshot/content.h"
#include "util/err.h"

/*
 * Map the snapshot file at `path`. The function checks the header, the bounds of the sections and
 * the sizes that must agree. It does not read the content, so it takes the same time for any file;
 * use snapshot_verify() for a file that may be damaged. Returns 0, or -1 with a reason, and then
 * `snapshot` is closed.
 */
int snapshot_open(struct snapshot *snapshot, const char *path, struct err *err);

/* Do the same with an open file, which reasons call `path`. The mapping stays when the descriptor is closed. */
int snapshot_map(struct snapshot *snapshot, int fd, const char *path, struct err *err);

/*
 * Compare the content with its checksum, and check every index in it, so that no request can read
 * outside the mapping. Reads the whole file. Returns 0 or -1 with a reason.
 */
int snapshot_verify(const struct snapshot *snapshot, struct err *err);

/* Unmap the file. Closing a closed snapshot does nothing. */
void snapshot_close(struct snapshot *snapshot);

#endif
