/*
 * import: adds many rows to the store in one transaction, from store_import_begin() to
 * store_import_end(). The history of edits gets one row for words and one for images, not one for
 * each row.
 *
 * Every function returns 0 or -1 with a reason. After a failure, end the import without commit.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "lexicon/pos_builder.h"
#include "segmenter/dict.h"
#include "store/store.h"

struct store_import;

/* Begin the transaction. Returns NULL with a reason on failure; store_import_end() frees it. */
struct store_import *store_import_begin(struct store *store, struct err *err);

/*
 * Add one line of a dictionary file. A word that exists already gets the new frequency, and the
 * previous one is added to the repeated words, since jieba counts both in its total. An empty tag
 * keeps the previous tag.
 */
int store_import_word(struct store_import *import, struct str word, int64_t freq, struct str tag,
                      struct err *err);

/*
 * Add one line of a user dictionary, as jieba's add_word() does. With `freq` 0 the word gets the
 * frequency that jieba would suggest at this point. jieba counts a word with white space inside but
 * never finds it; where the schema refuses such a word, the function adds its frequency to the total
 * alone and increments `*counted`.
 */
int store_import_user_word(struct store_import *import, struct str word, int64_t freq,
                           struct str tag, size_t *counted, struct err *err);

/* Delete all words, before an import that replaces them. */
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

/* Set the inverse document frequency of a word. */
int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err);

/* Add a stop word, unless it exists already. */
int store_import_stop_word(struct store_import *import, struct str word, struct err *err);

/* Add an image, unless it exists already. */
int store_import_image(struct store_import *import, struct str url, struct err *err);

/* Commit or roll back, and free `import` in any case. After a failure the store is unchanged. */
int store_import_end(struct store_import *import, bool commit, struct err *err);

#endif
