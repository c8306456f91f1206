/*
 * The words of an import.
 */
#include "store/import.h"
#include "store/import_statement.h"
#include "store/words.h"
#include "util/utf8.h"

#define MAX_FREQ 1000000000000 /* The highest freq of the schema. */

static int count_freq(struct store_import *import, int64_t freq, struct err *err)
{
    sqlite3_bind_int64(import->statements[COUNT_FREQ], 2, freq);
    return import_run(import, COUNT_FREQ, err);
}

/* Replace a word that exists and has the frequency `old`. */
static enum import_result replace_word(struct store_import *import, struct str word, int64_t freq,
                                       struct str tag, int64_t old, struct err *err)
{
    import_bind_row(import, HAS_WORD, word, freq, tag);
    int code = import_step(import, HAS_WORD, err);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return IMPORT_FAILED;
    import_bind_row(import, REPLACE_WORD, word, freq, tag);
    enum import_result result = import_run_row(import, REPLACE_WORD, IMPORT_CHANGED, err);
    if (result != IMPORT_CHANGED)
        return result;
    if (count_freq(import, old, err))
        return IMPORT_FAILED;
    return code == SQLITE_ROW ? IMPORT_SAME : IMPORT_CHANGED;
}

/* Add a word that does not exist. */
static enum import_result add_word(struct store_import *import, struct str word, int64_t freq,
                                   struct str tag, struct err *err)
{
    import_bind_row(import, ADD_WORD, word, freq, tag);
    return import_run_row(import, ADD_WORD, IMPORT_ADDED, err);
}

enum import_result store_import_word(struct store_import *import, struct str word, int64_t freq,
                                     struct str tag, struct err *err)
{
    int64_t old = 0;
    int found = import_find(import, FIND_WORD, word, &old, err);
    if (found <= 0)
        return found ? IMPORT_FAILED : add_word(import, word, freq, tag, err);
    return replace_word(import, word, freq, tag, old, err);
}

enum import_result store_import_word_row(struct store_import *import, struct str word, int64_t freq,
                                         struct str tag, struct err *err)
{
    int found = import_find(import, FIND_WORD, word, NULL, err);
    if (found <= 0)
        return found ? IMPORT_FAILED : add_word(import, word, freq, tag, err);
    import_bind_row(import, SET_WORD, word, freq, tag);
    return import_run_row(import, SET_WORD, IMPORT_CHANGED, err);
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
