#include "store/import_statement.h"

static const char *const statement_sql[STATEMENTS] = {
    [FIND_WORD] = "SELECT ifnull(freq, 0) FROM words WHERE word = ?1",
    [ADD_WORD] = "INSERT INTO words (word, freq, tag) VALUES (?1, ?2, ?3)",
    [COUNT_FREQ] = "UPDATE repeated_words SET freq = freq + ?2",
    [REPLACE_WORD] = "UPDATE words SET freq = ?2, tag = ifnull(nullif(?3, ''), tag)"
                     " WHERE word = ?1",
    [HAS_WORD] = "SELECT 1 FROM words WHERE word = ?1 AND freq = ?2"
                 " AND tag = ifnull(nullif(?3, ''), tag)",
    [SET_WORD] = "UPDATE words SET freq = ifnull(?2, freq), tag = ifnull(nullif(?3, ''), tag)"
                 " WHERE word = ?1 AND (freq, tag) IS NOT"
                 " (ifnull(?2, freq), ifnull(nullif(?3, ''), tag))",
    [FIND_IMAGE] = "SELECT 1 FROM images WHERE url = ?1",
    [ADD_IMAGE] = "INSERT INTO images (url, weight, tag, enabled, note)"
                  " VALUES (?1, ifnull(?2, 1), ?3, ifnull(?4, 1), ?5)",
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
    [FIND_IDF] = "SELECT 1 FROM idf WHERE word = ?1",
    [ADD_IDF] = "INSERT INTO idf (word, idf) VALUES (?1, ?2)",
    [SET_IDF] = "UPDATE idf SET idf = ?2 WHERE word = ?1 AND idf <> ?2",
    [REPLACE_IDF] = "INSERT INTO idf (word, idf) VALUES (?1, ?2)"
                    " ON CONFLICT (word) DO UPDATE SET idf = ?2",
    [ADD_STOP_WORD] = "INSERT INTO stop_words (word) VALUES (?1) ON CONFLICT (word) DO NOTHING",
    [ADD_LOWER_STOP_WORD] = "INSERT INTO stop_words (word)" /* lower() would end at a NUL. */
                            " VALUES (iif(instr(?1, char(0)), ?1, lower(?1)))"
                            " ON CONFLICT (word) DO NOTHING",
};

int import_prepare(struct store_import *import, struct err *err)
{
    for (int i = 0; i < STATEMENTS; i++) {
        import->statements[i] = store_prepare(import->store, statement_sql[i], err);
        if (!import->statements[i])
            return -1;
    }
    return 0;
}

void import_finalize(struct store_import *import)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(import->statements[i]);
}

void import_bind_text(sqlite3_stmt *statement, int i, struct str text)
{
    sqlite3_bind_text64(statement, i, text.at, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

int import_step(struct store_import *import, enum statement which, struct err *err)
{
    sqlite3_stmt *statement = import->statements[which];
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        err_set(err, "%s", sqlite3_errmsg(import->store->db));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return code;
}

int import_run(struct store_import *import, enum statement which, struct err *err)
{
    return import_step(import, which, err) == SQLITE_DONE ? 0 : -1;
}

enum import_result import_run_row(struct store_import *import, enum statement which,
                                  enum import_result done, struct err *err)
{
    int code = import_step(import, which, err);
    if (code == SQLITE_DONE)
        return sqlite3_changes(import->store->db) > 0 ? done : IMPORT_SAME;
    return (code & 0xFF) == SQLITE_CONSTRAINT ? IMPORT_REFUSED : IMPORT_FAILED;
}

void import_bind_row(struct store_import *import, enum statement which, struct str key,
                     int64_t number, struct str tag)
{
    sqlite3_stmt *statement = import->statements[which];
    int n = sqlite3_bind_parameter_count(statement);
    import_bind_text(statement, 1, key);
    if (n >= 2 && number != STORE_NO_NUMBER)
        sqlite3_bind_int64(statement, 2, number);
    if (n >= 3)
        import_bind_text(statement, 3, tag);
}

int import_find(struct store_import *import, enum statement find, struct str key, int64_t *value,
                struct err *err)
{
    sqlite3_stmt *statement = import->statements[find];
    import_bind_text(statement, 1, key);
    int got = store_step(import->store, statement, err);
    if (got > 0 && value)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return got;
}
