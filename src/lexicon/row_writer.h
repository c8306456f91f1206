/*
 * row_writer: writes rows of words, images, stop words or inverse document frequencies as
 * row_file_read() reads them.
 */
#ifndef LEXICON_ROW_WRITER_H
#define LEXICON_ROW_WRITER_H

#include "lexicon/row_file.h"
#include "util/buf.h"

/* Append the header of CSV. Lines end with CR LF, as RFC 4180 says. */
void row_write_header(struct buf *to, enum row_kind kind);

/* Append a row as a record of CSV below that header. */
void row_write_record(struct buf *to, enum row_kind kind, const struct row *row);

/* Append a word as a line of a user dictionary, 'word [freq] [tag]'. Returns 0, or -1 with a reason where
 * such a line would be read as another row, and then appends nothing. */
int row_write_user_line(struct buf *to, const struct row *row, struct err *err);

#endif
