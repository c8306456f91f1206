/*
 * column_definition: finds the definition of a column in the SQL of its table. SQLite describes a column
 * only in part: its constraints, its collation and the expression of a generated column are nowhere but
 * in that SQL.
 */
#ifndef STORE_COLUMN_DEFINITION_H
#define STORE_COLUMN_DEFINITION_H

#include "util/str.h"

/* Return the definition of the n-th column, counted from 0, of the table that the valid statement `sql`
 * creates: its name, its type and its constraints, without a comment at its end. It lies within `sql`,
 * and is empty where there are fewer columns. */
struct str column_definition(const char *sql, int n);

#endif
