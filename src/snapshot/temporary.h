/*
 * temporary: the file that a snapshot is written to, before it replaces the file at its path. Private
 * to src/snapshot.
 *
 * A process that is killed while it writes leaves its file behind, and the next writer removes it.
 * Each writer holds a lock on its file, so that nobody removes a file that is still being written.
 */
#ifndef SNAPSHOT_TEMPORARY_H
#define SNAPSHOT_TEMPORARY_H

#include "util/err.h"

/*
 * Create a temporary file beside `path`, after removing those that killed writers have left there.
 * Sets `*name` to its path, which the caller frees. Returns its descriptor, which is closed on exec,
 * or -1 with a reason, and then `*name` is NULL. The lock ends when the descriptor is closed.
 */
int temporary_create(const char *path, char **name, struct err *err);

#endif
