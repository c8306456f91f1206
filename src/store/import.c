#include "store/import.h"

#include "store/schema.h"
#include "store/words.h"
#include "util/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* Words with symbols are accepted within the transaction, since jieba's dictionary has some. */
#define BEGIN  "BEGIN IMMEDIATE; UPDATE settings SET value = 1 WHERE name = 'importing'"
#define COMMIT "UPDATE settings SET value = 0 WHERE name = 'importing'; COMMIT"

#define MAX_FREQ 1000000000000 /* The highest freq of the schema. */

enum statement {
    ADD_WORD,
    COUNT_FREQ,
    COUNT_REPEATED,
    HAS_WORD,
    REPLACE_WORD,
    SET_WORD,
    ADD_IMAGE,
    SET_IMAGE,
    ADD_START,
    ADD_TRANS,
    ADD_EMIT,
    ADD_POS, /* ADD_POS + kind adds a row of enum pos_row_kind. */
    ADD_POS_LAST = ADD_POS + POS_ROW_LIST,
    REPLACE_IDF,
    ADD_IDF,
    SET_IDF,
    ADD_STOP_WORD,
    ADD_LOWER_STOP_WORD,
    STATEMENTS
};

static const char *const statement_sql[STATEMENTS] = {
    [ADD_WORD] = "INSERT INTO words (word, freq, tag) VALUES (?1, ?2, ?3)"
                 " ON CONFLICT (word) DO NOTHING",
    [COUNT_FREQ] = "UPDATE repeated_words SET freq = freq + ?2",
    [COUNT_REPEATED] = "UPDATE repeated_words SET freq = freq"
                       " + (SELECT ifnull(freq, 0) FROM words WHERE word = ?1)",
    [REPLACE_WORD] = "UPDATE words SET freq = ?2, tag = ifnull(nullif(?3, ''), tag)"
                     " WHERE word = ?1",
    [HAS_WORD] = "SELECT 1 FROM words WHERE word = ?1 AND freq = ?2"
                 " AND tag = ifnull(nullif(?3, ''), tag)",
    [SET_WORD] = "UPDATE words SET freq = ifnull(?2, freq), tag = ifnull(nullif(?3, ''), tag)"
                 " WHERE word = ?1 AND (freq, tag) IS NOT"
                 " (ifnull(?2, freq), ifnull(nullif(?3, ''), tag))",
    [ADD_IMAGE] = "INSERT INTO images (url, weight, tag, enabled, note)"
                  " VALUES (?1, ifnull(?2, 1), ?3, ifnull(?4, 1), ?5) ON CONFLICT (url) DO NOTHING",
    [SET_IMAGE] =
        "UPDATE images SET weight = ifnull(?2, weight), tag = ifnull(nullif(?3, ''), tag),"
        " enabled = ifnull(?4, enabled), note = ifnull(nullif(?5, ''), note)"
        " WHERE url = ?1 AND (weight, tag, enabled, note) IS NOT (ifnull(?2, weight),"
        " ifnull(nullif(?3, ''), tag), ifnull(?4, enabled), ifnull(nullif(?5, ''), note))",
    [ADD_START] = "INSERT INTO hmm_start (state, logp) VALUES (?1, ?2)",
    [ADD_TRANS] = "INSERT INTO hmm_trans (from_state, to_state, logp) VALUES (?1, ?2, ?3)",
    [ADD_EMIT] = "INSERT INTO hmm_emit (character, state, logp) VALUES (?1, ?2, ?3)",
    [ADD_POS + POS_ROW_START] = "INSERT INTO pos_start (state, tag, logp) VALUES (?1, ?2, ?6)",
    [ADD_POS + POS_ROW_TRANS] = "INSERT INTO pos_trans (from_state, from_tag, to_state, to_tag,"
                                " logp) VALUES (?1, ?2, ?3, ?4, ?6)",
    [ADD_POS + POS_ROW_EMIT] = "INSERT INTO pos_emit (state, tag, character, logp)"
                               " VALUES (?1, ?2, ?5, ?6)",
    [ADD_POS + POS_ROW_LIST] = "INSERT INTO pos_list (state, tag, character) VALUES (?1, ?2, ?5)",
    [ADD_IDF] = "INSERT INTO idf (word, idf) VALUES (?1, ?2) ON CONFLICT (word) DO NOTHING",
    [SET_IDF] = "UPDATE idf SET idf = ?2 WHERE word = ?1 AND idf <> ?2",
    [REPLACE_IDF] = "INSERT INTO idf (word, idf) VALUES (?1, ?2)"
                    " ON CONFLICT (word) DO UPDATE SET idf = ?2",
    [ADD_STOP_WORD] = "INSERT INTO stop_words (word) VALUES (?1) ON CONFLICT (word) DO NOTHING",
    [ADD_LOWER_STOP_WORD] = "INSERT INTO stop_words (word)" /* lower() would end at a NUL. */
                            " VALUES (iif(instr(?1, char(0)), ?1, lower(?1)))"
                            " ON CONFLICT (word) DO NOTHING",
};

static const char *const states[HMM_STATES] = {
    [HMM_B] = "B", [HMM_M] = "M", [HMM_E] = "E", [HMM_S] = "S"};

struct store_import {
    struct store *store;
    sqlite3_stmt *statements[STATEMENTS];
    struct wordlist *list; /* The words so far; NULL before the first user word. */
    int64_t history_limit; /* The number of rows that the history keeps. */
    int64_t is_first;      /* Whether the store has no words and no edits yet. */
};

static void free_import(struct store_import *import)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(import->statements[i]);
    wordlist_free(import->list);
    free(import);
}

/* Begin the transaction, and an edit of the history. What fills a new store is not recorded, since that
 * would take as much room as the words: no other process sees the history switched off. */
static int begin_import(struct store_import *import, struct err *err)
{
    static const char is_first[] =
        "SELECT NOT EXISTS (SELECT 1 FROM words) AND NOT EXISTS (SELECT 1 FROM edits)";
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
    for (int i = 0; i < STATEMENTS; i++) {
        import->statements[i] = store_prepare(store, statement_sql[i], err);
        if (!import->statements[i]) {
            free_import(import);
            return NULL;
        }
    }
    if (begin_import(import, err)) {
        free_import(import);
        return NULL;
    }
    return import;
}

/* Bind a text. It must live until the statement has run. */
static void bind_text(sqlite3_stmt *statement, int i, struct str text)
{
    sqlite3_bind_text64(statement, i, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

/* Run a statement whose parameters are bound, and clear them. Returns the code of sqlite3_step(). The
 * reason of a failure is that of SQLite alone, which ends with the name of the constraint. */
static int step_statement(struct store_import *import, enum statement which, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        err_set(err, "%s", sqlite3_errmsg(import->store->db));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}

/* Run a statement that must succeed. */
static int run_statement(struct store_import *import, enum statement which, struct err *err)
{
    return step_statement(import, which, err) == SQLITE_DONE ? 0 : -1;
}

/* Run a statement that adds or changes a row. Returns `done` if it does, IMPORT_SAME if not. */
static enum import_result run_row(struct store_import *import, enum statement which,
                                  enum import_result done, struct err *err)
{
    int code = step_statement(import, which, err);
    if (code == SQLITE_DONE)
        return sqlite3_changes(import->store->db) > 0 ? done : IMPORT_SAME;
    return (code & 0xFF) == SQLITE_CONSTRAINT ? IMPORT_REFUSED : IMPORT_FAILED;
}

/* Bind the key, number and tag of a row, as far as the statement has them. */
static void bind_row(struct store_import *import, enum statement which, struct str key,
                     int64_t number, struct str tag)
{
    sqlite3_stmt *statement = import->statements[which];
    int n = sqlite3_bind_parameter_count(statement);
    bind_text(statement, 1, key);
    if (n >= 2 && number != STORE_NO_NUMBER)
        sqlite3_bind_int64(statement, 2, number);
    if (n >= 3)
        bind_text(statement, 3, tag);
}

/* Add a row by one statement or, if there is one with its key, change that by another one. */
static enum import_result add_or_set(struct store_import *import, enum statement add,
                                     enum statement set, struct str key, int64_t number,
                                     struct str tag, struct err *err)
{
    bind_row(import, add, key, number, tag);
    enum import_result result = run_row(import, add, IMPORT_ADDED, err);
    if (result != IMPORT_SAME)
        return result;
    bind_row(import, set, key, number, tag);
    return run_row(import, set, IMPORT_CHANGED, err);
}

static int count_freq(struct store_import *import, int64_t freq, struct err *err)
{
    sqlite3_bind_int64(import->statements[COUNT_FREQ], 2, freq);
    return run_statement(import, COUNT_FREQ, err);
}

/* Replace a word that exists. */
static enum import_result replace_word(struct store_import *import, struct str word, int64_t freq,
                                       struct str tag, struct err *err)
{
    bind_row(import, HAS_WORD, word, freq, tag);
    int code = step_statement(import, HAS_WORD, err);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return IMPORT_FAILED;
    bind_row(import, COUNT_REPEATED, word, STORE_NO_NUMBER, tag);
    if (run_statement(import, COUNT_REPEATED, err))
        return IMPORT_FAILED;
    bind_row(import, REPLACE_WORD, word, freq, tag);
    if (run_statement(import, REPLACE_WORD, err))
        return IMPORT_FAILED;
    return code == SQLITE_ROW ? IMPORT_SAME : IMPORT_CHANGED;
}

enum import_result store_import_word(struct store_import *import, struct str word, int64_t freq,
                                     struct str tag, struct err *err)
{
    bind_row(import, ADD_WORD, word, freq, tag);
    enum import_result result = run_row(import, ADD_WORD, IMPORT_ADDED, err);
    return result == IMPORT_SAME ? replace_word(import, word, freq, tag, err) : result;
}

enum import_result store_import_word_row(struct store_import *import, struct str word, int64_t freq,
                                         struct str tag, struct err *err)
{
    return add_or_set(import, ADD_WORD, SET_WORD, word, freq, tag, err);
}

/* Whether a character is white space, at which jieba splits a text: in a line, that of ASCII, and the
 * spaces of Unicode, which the schema never takes in a word that is imported. */
static bool is_space(uint32_t code)
{
    static const uint32_t spaces[] = {' ',    '\t',   '\v',   '\f',   '\r',
                                      0x00A0, 0x1680, 0x202F, 0x205F, 0x3000};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        if (code == spaces[i])
            return true;
    }
    return code >= 0x2000 && code <= 0x200A;
}

/* Whether a word has white space. What is behind an invalid character is not looked at. */
static bool has_space(struct str word)
{
    uint32_t code;
    for (size_t i = 0, len; i < word.len; i += len) {
        len = utf8_read(word.at + i, word.len - i, &code);
        if (len == 0 || is_space(code))
            return len > 0;
    }
    return false;
}

/* Add a word to the list, too, from which the next frequencies are suggested. */
static enum import_result list_word(struct store_import *import, struct str word, int64_t freq,
                                    enum import_result result, struct err *err)
{
    if (result == IMPORT_COUNTED && count_freq(import, freq, err))
        return IMPORT_FAILED;
    return wordlist_add(import->list, word, freq, str_of(""), err) ? IMPORT_FAILED : result;
}

enum import_result store_import_user_word(struct store_import *import, struct str word,
                                          int64_t freq, struct str tag, struct err *err)
{
    if (!import->list && store_list_words(import->store, true, &import->list, err))
        return IMPORT_FAILED;
    if (freq == STORE_NO_NUMBER)
        freq = wordlist_total(import->list) > 0 ? wordlist_suggest(import->list, word, err) : 1;
    if (freq < 0)
        return IMPORT_REFUSED;
    enum import_result result = store_import_word(import, word, freq, tag, err);
    bool is_refused =
        result == IMPORT_REFUSED && (!has_space(word) || freq > MAX_FREQ || !utf8_is_valid(word));
    if (result == IMPORT_FAILED || is_refused)
        return result;
    return list_word(import, word, freq, result == IMPORT_REFUSED ? IMPORT_COUNTED : result, err);
}

int store_import_clear_words(struct store_import *import, struct err *err)
{
    wordlist_free(import->list);
    import->list = NULL;
    return store_exec(import->store, "DELETE FROM words; UPDATE repeated_words SET freq = 0;", err);
}

/* Add a probability of the model, which has one or two keys, unless it is zero. */
static int add_prob(struct store_import *import, enum statement which, struct str key,
                    const char *state, double logp, struct err *err)
{
    if (logp == LOG_ZERO)
        return 0;
    int i = 1;
    bind_text(import->statements[which], i++, key);
    if (state)
        bind_text(import->statements[which], i++, str_of(state));
    sqlite3_bind_double(import->statements[which], i, logp);
    return run_statement(import, which, err);
}

static int add_emit(struct store_import *import, const struct hmm_model *model, uint32_t han,
                    int state, struct err *err)
{
    uint32_t code = DICT_FIRST_HAN + han;
    const char character[3] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                               (char)(0x80 | (code & 0x3F))};
    return add_prob(import, ADD_EMIT, (struct str){character, sizeof character}, states[state],
                    model->emit[han][state], err);
}

int store_import_model(struct store_import *import, const struct hmm_model *model, struct err *err)
{
    if (store_exec(import->store,
                   "DELETE FROM hmm_start; DELETE FROM hmm_trans; DELETE FROM hmm_emit;", err))
        return -1;
    for (int state = 0; state < HMM_STATES; state++) {
        struct str name = str_of(states[state]);
        if (add_prob(import, ADD_START, name, NULL, model->start[state], err))
            return -1;
        for (int to = 0; to < HMM_STATES; to++) {
            if (add_prob(import, ADD_TRANS, name, states[to], model->trans[state][to], err))
                return -1;
        }
        for (uint32_t han = 0; han < DICT_HAN_COUNT; han++) {
            if (add_emit(import, model, han, state, err))
                return -1;
        }
    }
    return 0;
}

int store_import_clear_pos(struct store_import *import, struct err *err)
{
    return store_exec(import->store,
                      "DELETE FROM pos_start; DELETE FROM pos_trans; DELETE FROM pos_emit;"
                      " DELETE FROM pos_list;",
                      err);
}

int store_import_pos(struct store_import *import, const struct pos_row *row, struct err *err)
{
    enum statement which = ADD_POS + (enum statement)row->kind;
    sqlite3_stmt *statement = import->statements[which];
    const struct str texts[] = {row->state.place, row->state.tag, row->next.place, row->next.tag,
                                row->character};
    for (int i = 0; i < 5 && i < sqlite3_bind_parameter_count(statement); i++)
        bind_text(statement, i + 1, texts[i]);
    sqlite3_bind_double(statement, 6, row->log); /* fails harmlessly where there is no ?6 */
    return run_statement(import, which, err);
}

int store_import_clear_keywords(struct store_import *import, struct err *err)
{
    return store_exec(import->store, "DELETE FROM idf; DELETE FROM stop_words;", err);
}

static void bind_idf(struct store_import *import, enum statement which, struct str word, double idf)
{
    bind_text(import->statements[which], 1, word);
    sqlite3_bind_double(import->statements[which], 2, idf);
}

int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err)
{
    bind_idf(import, REPLACE_IDF, word, idf);
    return run_statement(import, REPLACE_IDF, err);
}

enum import_result store_import_idf_row(struct store_import *import, struct str word, double idf,
                                        struct err *err)
{
    bind_idf(import, ADD_IDF, word, idf);
    enum import_result result = run_row(import, ADD_IDF, IMPORT_ADDED, err);
    if (result != IMPORT_SAME)
        return result;
    bind_idf(import, SET_IDF, word, idf);
    return run_row(import, SET_IDF, IMPORT_CHANGED, err);
}

int store_import_stop_word(struct store_import *import, struct str word, struct err *err)
{
    bind_text(import->statements[ADD_STOP_WORD], 1, word);
    return run_statement(import, ADD_STOP_WORD, err);
}

enum import_result store_import_stop_word_row(struct store_import *import, struct str word,
                                              struct err *err)
{
    bind_text(import->statements[ADD_LOWER_STOP_WORD], 1, word);
    return run_row(import, ADD_LOWER_STOP_WORD, IMPORT_ADDED, err);
}

/* Run a statement for a row of an image. */
static enum import_result run_image(struct store_import *import, enum statement which,
                                    const struct row *row, enum import_result done, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    bind_row(import, which, row->key, row->number, row->tag);
    if (row->enabled != ROW_NO_NUMBER)
        sqlite3_bind_int64(statement, 4, row->enabled);
    bind_text(statement, 5, row->note);
    return run_row(import, which, done, err);
}

enum import_result store_import_image(struct store_import *import, const struct row *row,
                                      struct err *err)
{
    enum import_result result = run_image(import, ADD_IMAGE, row, IMPORT_ADDED, err);
    if (result == IMPORT_SAME)
        result = run_image(import, SET_IMAGE, row, IMPORT_CHANGED, err);
    return result;
}

/* End the edit, or switch the history on again. */
static int end_edit(struct store_import *import, struct err *err)
{
    char sql[64];
    if (!import->is_first)
        return store_exec(import->store, "UPDATE edits SET open = 0 WHERE open", err);
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
