/*
 * migrate: brings a store of an older schema version up to date.
 *
 * What a new store would have replaces what an older program has created: tables with another
 * definition are created anew and get the rows of the old ones, missing tables get the rows of a new
 * store, and indexes, triggers and views are created anew. Columns, tables, indexes, triggers and
 * views that an admin has added stay. All this is one transaction: a store is migrated wholly or not
 * at all.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "util/err.h"

#include <stdbool.h>

struct migration {
    int from; /* The schema version that the store had. */

    /* The path of a copy of the store as it was, or NULL where nothing was to be done. */
    char *copy;
};

/*
 * Migrate the store at `path`, unless it is up to date. Keeps a copy of it as PATH.version-N, where N
 * is its version, or as PATH.version-N.1 and so on where that exists. Refuses a store of a newer
 * program. Other programs may have the store open; they can read it meanwhile.
 *
 * Fills in `migration`; the caller frees its copy. Returns 0, or -1 with a reason, and then the store
 * is as it was.
 */
int store_migrate(const char *path, struct migration *migration, struct err *err);

/* Whether `path` is a readable SQLite file of a schema version older than this program's, which need not be
 * a store: store_migrate() finds that out. */
bool store_is_older(const char *path);

#endif
