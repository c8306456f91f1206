/*
 * store: the SQLite file that an admin edits. src/store is the only code that knows SQLite.
 *
 * The schema is sql/schema.sql. Its triggers count a revision for each of words, model, images and
 * keywords with every change of a row, so that it is cheap to ask what has changed.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "snapshot/format.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE };

/*
 * Open the store at `path`. STORE_CREATE makes the file and its schema where there is none, and
 * refuses an SQLite file that is not a store; the others refuse a file that is missing or is not a
 * store. Returns NULL with a reason on failure.
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *err);

/* Close; NULL is allowed. */
void store_close(struct store *store);

/*
 * Tell whether anyone has committed since the last call: sets `*changed`, true at the first call.
 * Cheap (PRAGMA data_version), to be asked many times a second. Returns 0, or -1 with a reason.
 */
int store_changed(struct store *store, bool *changed, struct err *err);

/* The revisions as they are committed now. Returns 0 or -1 with a reason. */
int store_revisions(struct store *store, struct snapshot_revisions *revisions, struct err *err);

/* Check the file (SQLite's integrity_check) and, in a store that is not open for STORE_READ, the
 * rows' constraints; `quick` leaves out what takes long, the constraints among it. Returns 0 or -1
 * with the first finding. */
int store_check(struct store *store, bool quick, struct err *err);

#endif
