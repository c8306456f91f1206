#include "lexicon/row_writer.h"

#include "lexicon/csv.h"
#include "lexicon/line_file.h"
#include "lexicon/row_line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBER_SIZE 32 /* bytes of the longest number, with its NUL */

void row_write_header(struct buf *to, enum row_kind kind)
{
    for (enum row_column i = ROW_KEY; i < ROW_COLUMNS; i++) {
        const char *name = row_column_name(kind, i);
        if (name && i > ROW_KEY)
            buf_add_char(to, ',');
        if (name)
            buf_add_text(to, name);
    }
    buf_add_text(to, "\r\n");
}

/* Print a whole number, or nothing for none. */
static struct str print_number(char text[NUMBER_SIZE], int64_t number)
{
    int len = number == ROW_NO_NUMBER ? 0 : snprintf(text, NUMBER_SIZE, "%" PRId64, number);
    return (struct str){text, (size_t)len};
}

/* Print a number with the fewest digits from which strtod() reads the same number. */
static struct str print_idf(char text[NUMBER_SIZE], double idf)
{
    int len = 0;
    for (int digits = 15; digits <= 17; digits++) {
        len = snprintf(text, NUMBER_SIZE, "%.*g", digits, idf);
        if (!(strtod(text, NULL) < idf || strtod(text, NULL) > idf))
            break;
    }
    return (struct str){text, (size_t)len};
}

/* The text of a column. A number is printed to `text`. */
static struct str field_of(const struct row *row, enum row_kind kind, enum row_column column,
                           char text[NUMBER_SIZE])
{
    switch (column) {
    case ROW_KEY:
        return row->key;
    case ROW_NUMBER:
        return kind == ROW_IDF ? print_idf(text, row->idf) : print_number(text, row->number);
    case ROW_TAG:
        return row->tag;
    case ROW_ENABLED:
        return print_number(text, row->enabled);
    default:
        return row->note;
    }
}

void row_write_record(struct buf *to, enum row_kind kind, const struct row *row)
{
    char text[NUMBER_SIZE];
    for (enum row_column i = ROW_KEY; i < ROW_COLUMNS; i++) {
        if (!row_column_name(kind, i))
            continue;
        if (i > ROW_KEY)
            buf_add_char(to, ',');
        csv_add_field(to, field_of(row, kind, i, text));
    }
    buf_add_text(to, "\r\n");
}

/* Whether a line of a user dictionary is read as this row. */
static bool is_read_as(struct str line, const struct row *row)
{
    struct row read;
    struct err unreadable;
    return csv_trim(line).len == line.len &&
           !row_split_line(ROW_USER_WORD, line, &read, &unreadable) && str_eq(read.key, row->key) &&
           read.number == row->number && str_eq(read.tag, row->tag);
}

int row_write_user_line(struct buf *to, const struct row *row, struct err *err)
{
    char text[NUMBER_SIZE], room[LINE_FILE_LIMIT];
    struct str number = print_number(text, row->number);
    int len = snprintf(room, sizeof room, "%.*s%s%.*s%s%.*s", (int)row->key.len, row->key.at,
                       number.len > 0 ? " " : "", (int)number.len, number.at,
                       row->tag.len > 0 ? " " : "", (int)row->tag.len, row->tag.at);
    if (len < 0 || len >= (int)sizeof room || !is_read_as((struct str){room, (size_t)len}, row))
        return err_set(err, "the word '%.*s' with the tag '%.*s' cannot stand in a user dictionary",
                       (int)row->key.len, row->key.at, (int)row->tag.len, row->tag.at);
    buf_add(to, room, (size_t)len);
    buf_add_char(to, '\n');
    return 0;
}
