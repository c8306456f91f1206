/*
 * row_file: reads a file of words, images, stop words or inverse document frequencies, as editors,
 * spreadsheets and jieba's users write them: one reader for all files of `serverful import`.
 *
 * A file is in one of two formats. In both, empty lines and blanks around a field are skipped;
 * line_file.h describes line ends, byte order marks and encodings.
 *
 * - Lines, in which one or more spaces or tabs separate the fields:
 *       ROW_WORD       word freq [tag]
 *       ROW_USER_WORD  word [freq] [tag], as jieba's load_userdict() splits it
 *       ROW_IMAGE      url
 *       ROW_STOP_WORD  word
 *       ROW_IDF        word idf
 * - CSV (csv.h) with a header in the first line, which names columns in any order: word, freq and tag;
 *   url, weight, tag, enabled and note; word; word and idf. The separator is a comma, a semicolon or a
 *   tab, and is found in the header. A line "sep=;" may precede it. The first column of each of these
 *   lists must be there, and idf. For ROW_USER_WORD the header must have two columns, since a line
 *   "word" alone is a word. Blanks around a note that stands in quotation marks are part of it.
 */
#ifndef LEXICON_ROW_FILE_H
#define LEXICON_ROW_FILE_H

#include "util/err.h"
#include "util/str.h"

#include <stdbool.h>
#include <stddef.h>
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

/* The name of a column of CSV; NULL where the kind has no such column. */
const char *row_column_name(enum row_kind kind, enum row_column column);

/* Split a line that is not CSV, without blanks around it, into a row. Its texts are borrowed from the
 * line. Returns 0, or -1 with a reason. */
int row_split_line(enum row_kind kind, struct str line, struct row *row, struct err *err);

struct row_sink {
    /* Take a row, whose texts are valid during the call only. Returns 0; 1 with a reason where the row
     * is refused; or -1 with a reason to stop. */
    int (*take)(void *arg, const struct row *row, struct err *err);

    /* Take the reason why a line, or the record that begins at a line, is refused. */
    void (*refuse)(void *arg, size_t line, const char *reason);

    /* Take the name of a column that is ignored, because its name is unknown. */
    void (*ignore)(void *arg, struct str column);

    void *arg;
};

/* Read a file, and hand its rows to the sink. Returns 0, or -1 with a reason: the file cannot be read,
 * is not UTF-8, or has a header without a column that must be there; or the sink has stopped. */
int row_file_read(const char *path, enum row_kind kind, const struct row_sink *sink,
                  struct err *err);

#endif
