/*
 * schema: creates the tables of a store, and checks that they are all there. Private to src/store.
 *
 * sql/schema.sql has what the program relies on; sql/views.sql and sql/staging.sql have what only an
 * admin uses.
 */
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/db.h"

#include <stdbool.h>

/* Create everything in an empty database, in one transaction. Returns 0 or -1 with a reason. */
int store_create_schema(struct store *store, struct err *err);

/* Create a new store in memory. `full` is whether it also has what only an admin uses. The caller closes
 * it, also after a failure. Returns 0 or -1 with a reason. */
int store_create_model(sqlite3 **model, bool full, struct err *err);

/* Attach a new store in memory as `model`, outside of a transaction. Returns 0 or -1 with a reason. */
int store_attach_model(struct store *store, struct err *err);

/*
 * Check that all tables of sql/schema.sql with their columns, indexes and triggers are there: edits
 * of a table without its triggers are not counted. Additions of an admin are allowed. Does nothing
 * where the schema is unchanged since the last check. Returns 0, or -1 with what is missing.
 */
int store_check_schema(struct store *store, struct err *err);

#endif
