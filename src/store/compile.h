/*
 * compile: compiles the store into a snapshot.
 */
#ifndef STORE_COMPILE_H
#define STORE_COMPILE_H

#include "store/store.h"

#include <stdbool.h>

/*
 * Write a snapshot of the committed rows to `path` (see snapshot_write()). A part whose revision is
 * that of the snapshot at `path` is carried over from there. Where all parts are, the function
 * writes nothing. Sets `*written`, unless it is NULL, to whether it wrote the file. Returns 0, or -1
 * with a reason, and then the file at `path` is unchanged; or STORE_COMPILE_REFUSED with a reason where
 * an edit would take too many words or images away (see sql/schema.sql, guard), and then these are
 * carried over. With `record` it also writes that into the store.
 */
#define STORE_COMPILE_REFUSED 1
int store_compile(struct store *store, const char *path, bool record, bool *written,
                  struct err *err);

#endif
