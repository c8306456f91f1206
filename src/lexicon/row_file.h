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
 *   A line that is a record of CSV is refused; a file of images, if its first line is one.
 * - CSV (csv.h) with a header in the first line, which names columns in any order: word, freq and tag;
 *   url, weight, tag, enabled and note; word; word and idf. The separator is a comma, a semicolon or a
 *   tab, and is found in the header. A line "sep=;" may precede it. The first column of each of these
 *   lists must be there, and idf. For ROW_USER_WORD the header must have two columns, since a line
 *   "word" alone is a word. Blanks around a note that stands in quotation marks are part of it.
 */
#ifndef LEXICON_ROW_FILE_H
#define LEXICON_ROW_FILE_H

#include "lexicon/row.h"
#include "util/err.h"

#include <stddef.h>

/* The name of a column of CSV; NULL where the kind has no such column. */
const char *row_column_name(enum row_kind kind, enum row_column column);

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

struct row_file;

/* Open a file. A pipe is copied to a temporary file: only this function waits for it. `path` must live as
 * long as the file. Returns NULL with a reason on failure; the caller closes the file. */
struct row_file *row_file_open(const char *path, enum row_kind kind, struct err *err);

/* Close the file. NULL is allowed. */
void row_file_close(struct row_file *file);

/* Read a file once, and hand its rows to the sink. Returns 0, or -1 with a reason: the file cannot be read,
 * is not UTF-8, has a header without a column that must be there, or has images as CSV without a header;
 * or the sink has stopped. */
int row_file_read(struct row_file *file, const struct row_sink *sink, struct err *err);

#endif
