/*
 * column_definition: finds the definition of a column in the SQL of its table. SQLite describes a column
 * only in part: its constraints, its collation and the expression of a generated column are nowhere but
 * in that SQL.
 */
#ifndef STORE_COLUMN_DEFINITION_H
#define STORE_COLUMN_DEFINITION_H

#include "util/str.h"

#include <sqlite3.h>

/* Return the definition of the n-th column, counted from 0, of the table that the valid statement `sql`
 * creates: its name, its type and its constraints, without a comment at its end. It lies within `sql`,
 * and is empty where there are fewer columns. The constraints of the table count as columns behind the
 * last one. */
struct str column_definition(const char *sql, int n);

/* Give a connection the function as SQL's column_definition(sql, n). Returns SQLITE_OK or SQLite's code. */
int column_definition_add(sqlite3 *db);

#endif
