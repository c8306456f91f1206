/*
 * csv: splits a record of a CSV file (RFC 4180) into its fields, and writes such fields.
 *
 * Fields are separated by one character, such as a comma. A field that begins with a quotation mark ends
 * with one; inside it, two of them stand for one, and separators, blanks and line ends are text. Blanks
 * and line ends around a field are not part of it.
 */
#ifndef LEXICON_CSV_H
#define LEXICON_CSV_H

#include "util/buf.h"
#include "util/str.h"

#include <stddef.h>

/* The most fields of a record. */
#define CSV_FIELDS 64

struct csv_record {
    struct str fields[CSV_FIELDS];
    size_t n; /* The number of fields, 1 or more. */
};

enum csv_result {
    CSV_OK,
    CSV_OPEN,     /* The record ends inside quotation marks. */
    CSV_TRAILING, /* A field goes on behind its closing quotation mark. */
    CSV_TOO_MANY, /* The record has more than CSV_FIELDS fields. */
};

/* Split the text of a record. The fields are in `room`, which must hold at least `text.len` bytes. */
enum csv_result csv_split(struct str text, char separator, char *room, struct csv_record *record);

/* Append a field to a record with commas. csv_split() reads the same text back. */
void csv_add_field(struct buf *record, struct str field);

/* Return a text without the blanks at its beginning and its end: ASCII white space, U+00A0 and
 * U+3000. */
struct str csv_trim_blanks(struct str text);

/* The same, without the byte order marks (U+FEFF) there, too. */
struct str csv_trim(struct str text);

#endif
