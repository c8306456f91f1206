#include "store/import.h"

#include "store/schema.h"
#include "store/words.h"

#include <stdio.h>
#include <stdlib.h>

/* Words with symbols are accepted within the transaction, since jieba's dictionary has some. */
#define BEGIN  "BEGIN IMMEDIATE; UPDATE settings SET value = 1 WHERE name = 'importing'"
#define COMMIT "UPDATE settings SET value = 0 WHERE name = 'importing'; COMMIT"

enum statement {
    ADD_WORD,
    COUNT_FREQ,
    COUNT_REPEATED,
    REPLACE_WORD,
    ADD_IMAGE,
    ADD_START,
    ADD_TRANS,
    ADD_EMIT,
    ADD_POS, /* ADD_POS + kind adds a row of enum pos_row_kind. */
    ADD_POS_LAST = ADD_POS + POS_ROW_LIST,
    ADD_IDF,
    ADD_STOP_WORD,
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
    [ADD_IMAGE] = "INSERT INTO images (url) VALUES (?1) ON CONFLICT (url) DO NOTHING",
    [ADD_START] = "INSERT INTO hmm_start (state, logp) VALUES (?1, ?2)",
    [ADD_TRANS] = "INSERT INTO hmm_trans (from_state, to_state, logp) VALUES (?1, ?2, ?3)",
    [ADD_EMIT] = "INSERT INTO hmm_emit (character, state, logp) VALUES (?1, ?2, ?3)",
    [ADD_POS + POS_ROW_START] = "INSERT INTO pos_start (state, tag, logp) VALUES (?1, ?2, ?6)",
    [ADD_POS + POS_ROW_TRANS] = "INSERT INTO pos_trans (from_state, from_tag, to_state, to_tag,"
                                " logp) VALUES (?1, ?2, ?3, ?4, ?6)",
    [ADD_POS + POS_ROW_EMIT] = "INSERT INTO pos_emit (state, tag, character, logp)"
                               " VALUES (?1, ?2, ?5, ?6)",
    [ADD_POS + POS_ROW_LIST] = "INSERT INTO pos_list (state, tag, character) VALUES (?1, ?2, ?5)",
    [ADD_IDF] = "INSERT INTO idf (word, idf) VALUES (?1, ?2)"
                " ON CONFLICT (word) DO UPDATE SET idf = ?2",
    [ADD_STOP_WORD] = "INSERT INTO stop_words (word) VALUES (?1) ON CONFLICT (word) DO NOTHING",
};

static const char *const states[HMM_STATES] = {
    [HMM_B] = "B", [HMM_M] = "M", [HMM_E] = "E", [HMM_S] = "S"};

struct store_import {
    struct store *store;
    sqlite3_stmt *statements[STATEMENTS];
    struct wordlist *list;     /* The words so far; NULL before the first user word. */
    int64_t n_words, n_images; /* The number of rows imported. */
    int64_t history_limit;     /* The number of rows that the history keeps. */
};

static void free_import(struct store_import *import)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(import->statements[i]);
    wordlist_free(import->list);
    free(import);
}

/* Begin the transaction, and switch the history off within it, since an import would push out all
 * other edits. No other process sees it switched off. */
static int begin_import(struct store_import *import, struct err *err)
{
    struct store *store = import->store;
    if (store_exec(store, BEGIN, err) ||
        store_query_int(store, "SELECT keep FROM edit_history_limit", &import->history_limit,
                        err) ||
        store_exec(store, "UPDATE edit_history_limit SET keep = 0", err)) {
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

/* Run a statement whose parameters are bound, and clear them. The reason of a failure is that of
 * SQLite alone, which ends with the name of the constraint. */
static int run_statement(struct store_import *import, enum statement which, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    int status = 0;
    if (sqlite3_step(statement) != SQLITE_DONE)
        status = err_set(err, "%s", sqlite3_errmsg(import->store->db));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return status;
}

static int run_word(struct store_import *import, enum statement which, struct str word,
                    int64_t freq, struct str tag, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    bind_text(statement, 1, word);
    if (which != COUNT_REPEATED) {
        sqlite3_bind_int64(statement, 2, freq);
        bind_text(statement, 3, tag);
    }
    return run_statement(import, which, err);
}

static int count_freq(struct store_import *import, int64_t freq, struct err *err)
{
    sqlite3_bind_int64(import->statements[COUNT_FREQ], 2, freq);
    return run_statement(import, COUNT_FREQ, err);
}

int store_import_word(struct store_import *import, struct str word, int64_t freq, struct str tag,
                      struct err *err)
{
    if (run_word(import, ADD_WORD, word, freq, tag, err))
        return -1;
    import->n_words++;
    if (sqlite3_changes(import->store->db) > 0)
        return 0;
    return run_word(import, COUNT_REPEATED, word, freq, tag, err) ||
                   run_word(import, REPLACE_WORD, word, freq, tag, err)
               ? -1
               : 0;
}

/* Whether a word has ASCII white space, at which jieba splits it. */
static bool has_space(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (strchr(" \t\v\f\r", word.at[i]) && word.at[i])
            return true;
    }
    return false;
}

int store_import_user_word(struct store_import *import, struct str word, int64_t freq,
                           struct str tag, size_t *counted, struct err *err)
{
    if (!import->list && store_list_words(import->store, true, &import->list, err))
        return -1;
    if (freq == 0)
        freq = wordlist_total(import->list) > 0 ? wordlist_suggest(import->list, word, err) : 1;
    if (freq < 0 || wordlist_add(import->list, word, freq, str_of(""), err))
        return -1;
    if (!store_import_word(import, word, freq, tag, err))
        return 0;
    if (!has_space(word))
        return -1;
    ++*counted;
    return count_freq(import, freq, err);
}

int store_import_clear_words(struct store_import *import, struct err *err)
{
    wordlist_free(import->list);
    import->list = NULL;
    return store_exec(import->store, "DELETE FROM words; UPDATE repeated_words SET freq = 0;", err);
}

static int add_start(struct store_import *import, const struct hmm_model *model, int state,
                     struct err *err)
{
    if (model->start[state] == LOG_ZERO)
        return 0;
    bind_text(import->statements[ADD_START], 1, str_of(states[state]));
    sqlite3_bind_double(import->statements[ADD_START], 2, model->start[state]);
    return run_statement(import, ADD_START, err);
}

static int add_trans(struct store_import *import, const struct hmm_model *model, int from, int to,
                     struct err *err)
{
    if (model->trans[from][to] == LOG_ZERO)
        return 0;
    bind_text(import->statements[ADD_TRANS], 1, str_of(states[from]));
    bind_text(import->statements[ADD_TRANS], 2, str_of(states[to]));
    sqlite3_bind_double(import->statements[ADD_TRANS], 3, model->trans[from][to]);
    return run_statement(import, ADD_TRANS, err);
}

static int add_emit(struct store_import *import, const struct hmm_model *model, uint32_t han,
                    int state, struct err *err)
{
    uint32_t code = DICT_FIRST_HAN + han;
    const char character[3] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                               (char)(0x80 | (code & 0x3F))};
    if (model->emit[han][state] == LOG_ZERO)
        return 0;
    bind_text(import->statements[ADD_EMIT], 1, (struct str){character, sizeof character});
    bind_text(import->statements[ADD_EMIT], 2, str_of(states[state]));
    sqlite3_bind_double(import->statements[ADD_EMIT], 3, model->emit[han][state]);
    return run_statement(import, ADD_EMIT, err);
}

int store_import_model(struct store_import *import, const struct hmm_model *model, struct err *err)
{
    if (store_exec(import->store,
                   "DELETE FROM hmm_start; DELETE FROM hmm_trans; DELETE FROM hmm_emit;", err))
        return -1;
    for (int state = 0; state < HMM_STATES; state++) {
        if (add_start(import, model, state, err))
            return -1;
        for (int to = 0; to < HMM_STATES; to++) {
            if (add_trans(import, model, state, to, err))
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

int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err)
{
    bind_text(import->statements[ADD_IDF], 1, word);
    sqlite3_bind_double(import->statements[ADD_IDF], 2, idf);
    return run_statement(import, ADD_IDF, err);
}

int store_import_stop_word(struct store_import *import, struct str word, struct err *err)
{
    bind_text(import->statements[ADD_STOP_WORD], 1, word);
    return run_statement(import, ADD_STOP_WORD, err);
}

int store_import_image(struct store_import *import, struct str url, struct err *err)
{
    bind_text(import->statements[ADD_IMAGE], 1, url);
    import->n_images++;
    return run_statement(import, ADD_IMAGE, err);
}

/* Switch the history on again, and record the number of rows imported. */
static int record_import(struct store_import *import, struct err *err)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "UPDATE edit_history_limit SET keep = %lld;"
             "INSERT INTO edit_history (part, action, new)"
             " SELECT part, 'import', format('{\"rows\":%%d}', n)"
             " FROM (SELECT 'words' AS part, %lld AS n UNION ALL SELECT 'images', %lld)"
             " WHERE n > 0 AND %lld > 0;",
             (long long)import->history_limit, (long long)import->n_words,
             (long long)import->n_images, (long long)import->history_limit);
    return store_exec(import->store, sql, err);
}

int store_import_end(struct store_import *import, bool commit, struct err *err)
{
    int status = commit ? record_import(import, err) : 0;
    if (!status)
        status = store_exec(import->store, commit ? COMMIT : "ROLLBACK", err);
    if (status && commit)
        store_exec(import->store, "ROLLBACK", &(struct err){0});
    free_import(import);
    return status;
}
