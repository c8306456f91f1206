/*
 * glob: makes SQL's operator GLOB fast for the patterns of sql/schema.sql. Private to src/store.
 *
 * Most of its rules say which characters a text may have, as in NOT GLOB '*[^a-z]*'. For such a pattern,
 * SQLite reads the whole list of characters again for each character of each text.
 */
#ifndef STORE_GLOB_H
#define STORE_GLOB_H

#include <sqlite3.h>

/* Replace the operator GLOB of a connection by one with the same results. Returns SQLITE_OK or SQLite's
 * code. */
int glob_add(sqlite3 *db);

#endif
