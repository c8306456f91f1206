/*
 * row_line: splits lines of words, images, stop words and inverse document frequencies that are not
 * CSV, and tells them from CSV without a header. Private to src/lexicon; see row_file.h.
 */
#ifndef LEXICON_ROW_LINE_H
#define LEXICON_ROW_LINE_H

#include "lexicon/row.h"
#include "util/err.h"

/* Split a line that is not empty and has no blanks around it into a row. Its texts are borrowed from the
 * line. Returns 0, or -1 with a reason. */
int row_split_line(enum row_kind kind, struct str line, struct row *row, struct err *err);

/* Whether the first line with a URL of a file of images is a record of CSV rather than a URL, which may have commas
 * and semicolons, too: behind the URL, there is a whole number, alone or before another field. */
bool row_is_image_csv(struct str line);

/* Read a frequency or a weight, which `name` names. Returns 0, or -1 with a reason. */
int row_read_number(const char *name, struct str field, int64_t *number, struct err *err);

/* Read an inverse document frequency. `comma` says whether a comma may stand for the point. Returns 0,
 * or -1 with a reason. */
int row_read_idf(struct str field, bool comma, double *idf, struct err *err);

#endif
