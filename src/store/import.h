/*
 * import: brings rows into the store: one transaction from store_import_begin() to
 * store_import_end(). In the history of edits it is one row for each table that it touches.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "lexicon/pos_builder.h"
#include "segmenter/dict.h"
#include "store/store.h"

struct store_import;

/* Begin a transaction, and prepare what it needs. NULL with a reason on failure. */
struct store_import *store_import_begin(struct store *store, struct err *err);

/*
 * Add one line of a dictionary file. A word that comes again takes the later frequency, and the
 * earlier one is remembered, since jieba's total counts both; an empty tag leaves the earlier one.
 * Returns 0 or -1 with a reason.
 */
int store_import_word(struct store_import *import, struct str word, int64_t freq, struct str tag,
                      struct err *err);

/*
 * Add one line of a user dictionary, as jieba's add_word() does: with `freq` 0, the word takes the
 * frequency that jieba suggests at this moment. A word with white space inside, which jieba counts
 * and never finds, may be refused by the schema: it is then counted in the total alone, and
 * `*counted` rises. Returns 0 or -1 with a reason.
 */
int store_import_user_word(struct store_import *import, struct str word, int64_t freq,
                           struct str tag, size_t *counted, struct err *err);

/* Delete all words, as before an import that replaces them. */
int store_import_clear_words(struct store_import *import, struct err *err);

/* Replace the HMM model. */
int store_import_model(struct store_import *import, const struct hmm_model *model, struct err *err);

/* Delete posseg's model, as before an import that replaces it. */
int store_import_clear_pos(struct store_import *import, struct err *err);

/* Add a row of posseg's model. Returns 0 or -1 with a reason. */
int store_import_pos(struct store_import *import, const struct pos_row *row, struct err *err);

/* Delete what keywords are weighed with, as before an import that replaces it. */
int store_import_clear_keywords(struct store_import *import, struct err *err);

/* Set the inverse document frequency of a word. */
int store_import_idf(struct store_import *import, struct str word, double idf, struct err *err);

/* Add a stop word; one that is there already stays. */
int store_import_stop_word(struct store_import *import, struct str word, struct err *err);

/* Add an image; one that is there already stays. */
int store_import_image(struct store_import *import, struct str url, struct err *err);

/* Commit where `commit`, else roll back; frees `import` in both cases. Returns 0 or -1 with a
 * reason, and then nothing was changed. */
int store_import_end(struct store_import *import, bool commit, struct err *err);

#endif
