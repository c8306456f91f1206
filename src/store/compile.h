/*
 * compile: makes a snapshot of the store.
 */
#ifndef STORE_COMPILE_H
#define STORE_COMPILE_H

#include "store/store.h"

#include <stdbool.h>

/*
 * Write the snapshot of what is committed to `path` (see snapshot_write()). Sections whose revision
 * is that of the snapshot which lies there already are carried over from it; where all are, nothing
 * is written. `*written`, if not NULL, tells which. Returns 0 or -1 with a reason, and then the
 * file at `path` is as it was.
 */
int store_compile(struct store *store, const char *path, bool *written, struct err *err);

#endif
