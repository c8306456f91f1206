/*
 * row_rules: checks the rows of a store by the rules of sql/schema.sql. Private to src/store.
 *
 * A store can have rows that its schema forbids: PRAGMA ignore_check_constraints switches the
 * constraints off, and PRAGMA writable_schema allows changes of the schema itself. A reason names the
 * table, the row and the rule.
 */
#ifndef STORE_ROW_RULES_H
#define STORE_ROW_RULES_H

#include "snapshot/format.h"
#include "store/db.h"

#include <stdbool.h>

/* Add the SQL functions of the rules to a new connection. Returns 0 or -1 with a reason. */
int store_add_rules(struct store *store, struct err *err);

/* Check all rows of the tables that are compiled into a part. Without `words`, leave out the tables of
 * words, which are large: the caller checks their rows one by one. Returns 0, or -1 with a reason. */
int store_check_rows(struct store *store, enum snapshot_part part, bool words, struct err *err);

/* Prepare the check of single rows of a table of words, which is compiled into the part. Returns NULL
 * with a reason on failure; the caller finalises it. */
sqlite3_stmt *store_prepare_word_check(struct store *store, enum snapshot_part part,
                                       const char *table, struct err *err);

/* Check the row of a word, the first column of `row`. Returns 0, or -1 with a reason. */
int store_check_word(struct store *store, sqlite3_stmt *check, sqlite3_stmt *row, struct err *err);

#endif
