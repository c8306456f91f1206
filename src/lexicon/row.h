/*
 * row: a row of words, images, stop words or inverse document frequencies, as files have it.
 */
#ifndef LEXICON_ROW_H
#define LEXICON_ROW_H

#include "util/str.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns of CSV. Their names depend on the kind, and no kind has all. */
enum row_column { ROW_KEY, ROW_NUMBER, ROW_TAG, ROW_ENABLED, ROW_NOTE, ROW_COLUMNS };

enum row_kind { ROW_WORD, ROW_USER_WORD, ROW_IMAGE, ROW_STOP_WORD, ROW_IDF, ROW_KINDS };

/* The `number` or the `enabled` of a row that has none. */
#define ROW_NO_NUMBER (-1)

struct row {
    struct str key; /* The word or the URL, not empty. */
    int64_t number; /* The frequency or the weight, 0 or more, or ROW_NO_NUMBER. */
    double idf;     /* The inverse document frequency of a ROW_IDF. */
    struct str tag; /* The part of speech or the tag of the image; empty where there is none. */
    bool is_csv;    /* Whether the row is a record of CSV. */

    /* Of an image in CSV. */
    int64_t enabled; /* Whether it is chosen, or ROW_NO_NUMBER. */
    struct str note; /* The note of the admin; empty where there is none. */
};

#endif
