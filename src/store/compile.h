/*
 * compile: compiles the store into a snapshot.
 */
#ifndef STORE_COMPILE_H
#define STORE_COMPILE_H

#include "snapshot/content.h"
#include "store/store.h"

#include <stdbool.h>

/*
 * Write a snapshot of the committed rows to `path` (see snapshot_write()). A part whose revision is
 * that of the snapshot at `path` is carried over from there. Where all parts are, the function
 * writes nothing. Sets `*written`, unless it is NULL, to whether it wrote the file. Returns 0, or -1
 * with a reason, and then the file at `path` is unchanged; or STORE_COMPILE_REFUSED with a reason where
 * an edit would take too many words or images away (see sql/schema.sql, guard), and then these are
 * carried over. With `record` it also writes that into the store; where another program is writing to
 * it, the function returns STORE_COMPILE_UNRECORDED instead, and can be called again.
 */
#define STORE_COMPILE_REFUSED    1
#define STORE_COMPILE_UNRECORDED 2
int store_compile(struct store *store, const char *path, bool record, bool *written,
                  struct err *err);

/* What a store would be compiled into, in memory. Nothing serves it. */
struct store_preview;

/*
 * Compile the rows that `store` has, outside of a transaction, as store_compile() does with the snapshot at
 * `path`. Writes neither a file nor the store. The guard judges, but holds nothing back. Where there is no
 * usable snapshot at `path`, all parts are compiled, and the guard has nothing to compare with. Returns
 * NULL with a reason; the caller frees the preview.
 */
struct store_preview *store_preview_new(struct store *store, const char *path, struct err *err);

/* Free the preview. NULL is allowed. */
void store_preview_free(struct store_preview *preview);

/* The compiled content, without a header. It is borrowed from the preview. */
const struct snapshot *store_preview_content(const struct store_preview *preview);

/* The snapshot at the path, borrowed from the preview. Its header is NULL where there was no usable one. */
const struct snapshot *store_preview_served(const struct store_preview *preview);

/* Whether the snapshot at the path is that of an earlier revision of the same store. */
bool store_preview_is_same_store(const struct store_preview *preview);

/* Whether the snapshot at the path has another revision of a part. */
bool store_preview_has_changed(const struct store_preview *preview, enum snapshot_part part);

/* Whether the guard would refuse a part. Sets the reason then. */
bool store_preview_is_refused(const struct store_preview *preview, enum snapshot_part part,
                              struct err *reason);

#endif
