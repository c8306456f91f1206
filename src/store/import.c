#include "store/import.h"

#include "store/import_statement.h"

#include <stdio.h>
#include <stdlib.h>

/* Words with symbols are accepted within the transaction, since jieba's dictionary has some. */
#define BEGIN  "BEGIN IMMEDIATE; UPDATE settings SET value = 1 WHERE name = 'importing'"
#define COMMIT "UPDATE settings SET value = 0 WHERE name = 'importing'; COMMIT"

static void free_import(struct store_import *import)
{
    import_finalize(import);
    wordlist_free(import->list);
    free(import);
}

/* Begin the transaction, and an edit of the history. What fills a new store, where nothing but the
 * examples of schema.sql was ever inserted, is not recorded, since that would take as much room as the
 * words: no other process sees the history switched off. */
static int begin_import(struct store_import *import, struct err *err)
{
    static const char is_first[] =
        "SELECT NOT EXISTS (SELECT 1 FROM edits) AND NOT EXISTS (SELECT 1 FROM revision"
        " WHERE part <> 'store' AND n <> 0 AND (part, n >> 20) <> ('images', 5))";
    struct store *store = import->store;
    if (store_exec(store, BEGIN, err) || store_query_int(store, is_first, &import->is_first, err) ||
        store_query_int(store, "SELECT max_rows FROM edit_limit", &import->history_limit, err) ||
        store_exec(store,
                   import->is_first ? "UPDATE edit_limit SET max_rows = 0"
                                    : "INSERT INTO edits (tool, open) VALUES ('import', 1)",
                   err)) {
        store_exec(store, "ROLLBACK", &(struct err){0});
        return -1;
    }
    return 0;
}

struct store_import *store_import_begin(struct store *store, struct err *err)
{
    struct store_import *import = calloc(1, sizeof *import);
    if (!import) {
        err_set(err, "out of memory for an import");
        return NULL;
    }
    import->store = store;
    if (import_prepare(import, err) || begin_import(import, err)) {
        free_import(import);
        return NULL;
    }
    return import;
}

int store_import_clear_keywords(struct store_import *import, struct err *err)
{
    return store_exec(import->store, "DELETE FROM idf; DELETE FROM stop_words;", err);
}

static void bind_idf(struct store_import *import, enum statement which, struct str word, double idf)
{
    import_bind_text(import->statements[which], 1, word);
    sqlite3_bind_double(import->statements[which], 2, idf);
}

int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err)
{
    bind_idf(import, REPLACE_IDF, word, idf);
    return import_run(import, REPLACE_IDF, err);
}

enum import_result store_import_idf_row(struct store_import *import, struct str word, double idf,
                                        struct err *err)
{
    int found = import_find(import, FIND_IDF, word, NULL, err);
    if (found < 0)
        return IMPORT_FAILED;
    bind_idf(import, found ? SET_IDF : ADD_IDF, word, idf);
    return found ? import_run_row(import, SET_IDF, IMPORT_CHANGED, err)
                 : import_run_row(import, ADD_IDF, IMPORT_ADDED, err);
}

int store_import_stop_word(struct store_import *import, struct str word, struct err *err)
{
    import_bind_text(import->statements[ADD_STOP_WORD], 1, word);
    return import_run(import, ADD_STOP_WORD, err);
}

enum import_result store_import_stop_word_row(struct store_import *import, struct str word,
                                              struct err *err)
{
    import_bind_text(import->statements[ADD_LOWER_STOP_WORD], 1, word);
    return import_run_row(import, ADD_LOWER_STOP_WORD, IMPORT_ADDED, err);
}

/* Run a statement for a row of an image. */
static enum import_result run_image(struct store_import *import, enum statement which,
                                    const struct row *row, enum import_result done, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    import_bind_row(import, which, row->key, row->number, row->tag);
    if (row->enabled != ROW_NO_NUMBER)
        sqlite3_bind_int64(statement, 4, row->enabled);
    import_bind_text(statement, 5, row->note);
    return import_run_row(import, which, done, err);
}

enum import_result store_import_image(struct store_import *import, const struct row *row,
                                      struct err *err)
{
    int found = import_find(import, FIND_IMAGE, row->key, NULL, err);
    if (found < 0)
        return IMPORT_FAILED;
    return found ? run_image(import, SET_IMAGE, row, IMPORT_CHANGED, err)
                 : run_image(import, ADD_IMAGE, row, IMPORT_ADDED, err);
}

/* End the edit, or switch the history on again. */
static int end_edit(struct store_import *import, struct err *err)
{
    char sql[64];
    if (!import->is_first)
        return store_exec(import->store, "UPDATE edits SET open = -1 WHERE open = 1", err);
    snprintf(sql, sizeof sql, "UPDATE edit_limit SET max_rows = %lld",
             (long long)import->history_limit);
    return store_exec(import->store, sql, err);
}

int store_import_end(struct store_import *import, bool commit, struct err *err)
{
    int status = commit ? end_edit(import, err) : 0;
    if (!status)
        status = store_exec(import->store, commit ? COMMIT : "ROLLBACK", err);
    if (status && commit)
        store_exec(import->store, "ROLLBACK", &(struct err){0});
    free_import(import);
    return status;
}
