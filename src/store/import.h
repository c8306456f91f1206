/*
 * import: adds many rows to the store in one transaction, from store_import_begin() to
 * store_import_end(). It is one edit of the history, and can be undone; only the first import into a new
 * store is not recorded.
 *
 * After a failure (-1, NULL or IMPORT_FAILED) end the import without commit. After IMPORT_REFUSED the
 * transaction is as it was before the row, and goes on.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "lexicon/pos_builder.h"
#include "lexicon/row_file.h"
#include "segmenter/dict.h"
#include "store/import_result.h"
#include "store/store.h"

struct store_import;

/* Begin the transaction. Returns NULL with a reason on failure; store_import_end() frees it. */
struct store_import *store_import_begin(struct store *store, struct err *err);

/*
 * Add one line of a dictionary file. A word that exists already gets the new frequency, and the
 * previous one is added to the repeated words, since jieba counts both in its total. An empty tag
 * keeps the previous tag. With the frequency 0, the word is forbidden.
 */
enum import_result store_import_word(struct store_import *import, struct str word, int64_t freq,
                                     struct str tag, struct err *err);

/*
 * Add one line of a user dictionary, as jieba's add_word() does. With STORE_NO_NUMBER the word gets
 * the frequency that jieba would suggest at this point. With the frequency 0 it is forbidden, until
 * a later line gives it another one (for jieba, it then is a word, and forbidden for the model). jieba
 * counts a word with white space inside but never finds it; where the schema refuses such a word, the
 * function adds its frequency to the total alone and returns IMPORT_COUNTED.
 */
enum import_result store_import_user_word(struct store_import *import, struct str word,
                                          int64_t freq, struct str tag, struct err *err);

/* Set a word, as an edit with SQL does: the total has the new frequency instead of the previous one.
 * With STORE_NO_NUMBER, or an empty tag, a word keeps what it has, and a new one has none. */
enum import_result store_import_word_row(struct store_import *import, struct str word, int64_t freq,
                                         struct str tag, struct err *err);

/* Delete all words, before an import that replaces them. This function and the next four return 0 or
 * -1 with a reason. */
int store_import_clear_words(struct store_import *import, struct err *err);

/* Replace the model of words (jieba's finalseg). */
int store_import_model(struct store_import *import, const struct hmm_model *model, struct err *err);

/* Delete the model of parts of speech (jieba's posseg), before an import that replaces it. */
int store_import_clear_pos(struct store_import *import, struct err *err);

/* Add a row of the model of parts of speech. */
int store_import_pos(struct store_import *import, const struct pos_row *row, struct err *err);

/* Delete the inverse document frequencies and the stop words, before an import that replaces
 * them. */
int store_import_clear_keywords(struct store_import *import, struct err *err);

/* Set the inverse document frequency of a word. Counts every call as a change of the word's row, and
 * returns 0 or -1 with a reason. */
int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err);

/* The same, but tells what the row has done. */
enum import_result store_import_idf_row(struct store_import *import, struct str word, double idf,
                                        struct err *err);

/* Add a stop word, unless it exists already. Returns 0 or -1 with a reason. */
int store_import_stop_word(struct store_import *import, struct str word, struct err *err);

/* The same, but makes its ASCII letters lower case, as stop words must be, and tells what the row has
 * done. */
enum import_result store_import_stop_word_row(struct store_import *import, struct str word,
                                              struct err *err);

/* Add an image, a ROW_IMAGE. Where the row has no weight, tag, note or `enabled`, an image keeps what it
 * has, and a new one has the default. */
enum import_result store_import_image(struct store_import *import, const struct row *row,
                                      struct err *err);

/* Commit or roll back, and free `import` in any case. Returns 0 or -1 with a reason. After a failure the
 * store is unchanged. */
int store_import_end(struct store_import *import, bool commit, struct err *err);

#endif
