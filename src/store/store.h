/*
 * store: the SQLite file that an admin edits. src/store is the only code that uses SQLite.
 *
 * The schema is sql/schema.sql. Its triggers count a revision for each of words, model, images and
 * keywords with every change of a row, so it is cheap to find out what has changed.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "snapshot/format.h"
#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

struct store;

/* The schema version that this program creates and reads. */
#define STORE_VERSION 6

enum store_mode { STORE_READ, STORE_WRITE, STORE_CREATE, STORE_MIGRATE };

/*
 * Open the store at `path`. STORE_CREATE creates file and schema where there is no file. The other
 * modes refuse a file that is missing. All refuse an SQLite file that is not a store, and a store of
 * another version, except that STORE_MIGRATE takes older ones: see store/migrate.h. Returns NULL with
 * a reason on failure; the caller closes the store.
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *err);

/*
 * Copy the store into memory. Whatever is written to the copy is lost when it is closed. Its messages have the
 * path of the store. `store` has a read transaction from then on until it is closed, so that it goes on showing
 * the rows that were copied; others can write meanwhile. Returns NULL with a reason on failure; the caller
 * closes the copy.
 */
struct store *store_copy(struct store *store, struct err *err);

/* Close the store. NULL is allowed. */
void store_close(struct store *store);

/*
 * Set `*changed` to whether any process has committed since the last call; true at the first call.
 * The call is cheap enough to run many times a second. Returns 0 or -1 with a reason.
 */
int store_changed(struct store *store, bool *changed, struct err *err);

/* Read the committed revisions. Returns 0 or -1 with a reason. */
int store_revisions(struct store *store, struct snapshot_revisions *revisions, struct err *err);

/*
 * Check the file with SQLite's integrity_check, and the rows by the rules of sql/schema.sql. The
 * constraints of tables that an admin has added are checked unless the store is open for STORE_READ.
 * `quick` skips the slow checks, all rules among them. Returns 0, or -1 with the first finding.
 */
int store_check(struct store *store, bool quick, struct err *err);

#endif
