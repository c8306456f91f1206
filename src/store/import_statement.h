/*
 * import_statement: the SQL statements of an import. Private to src/store.
 */
#ifndef STORE_IMPORT_STATEMENT_H
#define STORE_IMPORT_STATEMENT_H

#include "lexicon/pos_builder.h"
#include "lexicon/wordlist.h"
#include "store/db.h"
#include "store/import_result.h"

enum statement {
    FIND_WORD,
    ADD_WORD,
    COUNT_FREQ,
    HAS_WORD,
    REPLACE_WORD,
    SET_WORD,
    FIND_IMAGE,
    ADD_IMAGE,
    SET_IMAGE,
    ADD_START,
    ADD_TRANS,
    ADD_EMIT,
    ADD_POS, /* ADD_POS + kind adds a row of enum pos_row_kind. */
    ADD_POS_LAST = ADD_POS + POS_ROW_LIST,
    REPLACE_IDF,
    FIND_IDF,
    ADD_IDF,
    SET_IDF,
    ADD_STOP_WORD,
    ADD_LOWER_STOP_WORD,
    STATEMENTS
};

struct store_import {
    struct store *store;
    sqlite3_stmt *statements[STATEMENTS];
    struct wordlist *list; /* The words so far; NULL before the first user word. */
    int64_t history_limit; /* The number of rows that the history keeps. */
    int64_t is_first;      /* Whether nothing was ever inserted but the examples of schema.sql. */
};

/* Prepare the statements. Returns 0 or -1 with a reason; the caller finalises them in both cases. */
int import_prepare(struct store_import *import, struct err *err);

/* Finalise the statements. */
void import_finalize(struct store_import *import);

/* Bind a text. It must live until the statement has run. */
void import_bind_text(sqlite3_stmt *statement, int i, struct str text);

/* Bind the key, number and tag of a row, as far as the statement has them. They live as above. */
void import_bind_row(struct store_import *import, enum statement which, struct str key,
                     int64_t number, struct str tag);

/* Run a statement whose parameters are bound, and clear them. Returns the code of sqlite3_step(). The
 * reason of a failure is that of SQLite alone, which ends with the name of the constraint. */
int import_step(struct store_import *import, enum statement which, struct err *err);

/* Run a statement that must succeed. Returns 0 or -1 with a reason. */
int import_run(struct store_import *import, enum statement which, struct err *err);

/* Run a statement that adds or changes a row. Returns `done` if it does, IMPORT_SAME if not, or
 * IMPORT_REFUSED or IMPORT_FAILED with a reason. */
enum import_result import_run_row(struct store_import *import, enum statement which,
                                  enum import_result done, struct err *err);

/* Find the row of a key by a query whose only parameter that is. An INSERT that met the row would be in the
 * history, even if it did nothing. Sets `*value`, unless that is NULL, to the first column. Returns 1 where
 * there is such a row, 0 where there is none, or -1 with a reason. */
int import_find(struct store_import *import, enum statement find, struct str key, int64_t *value,
                struct err *err);

#endif
