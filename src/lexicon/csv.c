#include "lexicon/csv.h"

#include <stdbool.h>

/* The blanks that are not ASCII, in UTF-8, and the byte order mark. */
static const char *const wide_blanks[] = {"\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

#define WIDE_BLANKS 2 /* The number of blanks; the mark is behind them. */

/* Cut one of the first `kinds` off the beginning or the end of a text, or both. Returns whether one was
 * there. */
static bool trim_wide(struct str *text, size_t kinds)
{
    for (size_t i = 0; i < kinds; i++) {
        size_t n = strlen(wide_blanks[i]);
        bool begins = text->len >= n && !memcmp(text->at, wide_blanks[i], n);
        bool ends = text->len >= n && !memcmp(text->at + text->len - n, wide_blanks[i], n);
        if (begins || ends) {
            *text = (struct str){text->at + (begins ? n : 0), text->len - n};
            return true;
        }
    }
    return false;
}

static struct str trim(struct str text, size_t kinds)
{
    do
        text = str_trim(text, STR_SPACES);
    while (trim_wide(&text, kinds));
    return text;
}

struct str csv_trim_blanks(struct str text)
{
    return trim(text, WIDE_BLANKS);
}

struct str csv_trim(struct str text)
{
    return trim(text, WIDE_BLANKS + 1);
}

/* Copy a field that begins with a quotation mark to `to`, and cut it off `*rest`, with the separator
 * behind it. Sets `*field` to the copy. */
static enum csv_result cut_quoted(struct str *rest, char separator, char *to, struct str *field)
{
    size_t i = 1, n = 0;
    bool is_closed = false;
    while (i < rest->len) {
        is_closed = rest->at[i] == '"' && (i + 1 == rest->len || rest->at[i + 1] != '"');
        if (is_closed)
            break;
        i += rest->at[i] == '"';
        to[n++] = rest->at[i++];
    }
    if (!is_closed)
        return CSV_OPEN;
    i++;
    *field = (struct str){to, n};
    *rest = (struct str){rest->at + i, rest->len - i};
    return csv_trim(str_cut(rest, separator)).len > 0 ? CSV_TRAILING : CSV_OK;
}

/* Cut a field off `*rest`, and copy it to `to`. */
static enum csv_result cut_field(struct str *rest, char separator, char *to, struct str *field)
{
    while (rest->len > 0 && memchr(STR_BLANKS, rest->at[0], 2) && rest->at[0] != separator)
        *rest = (struct str){rest->at + 1, rest->len - 1};
    if (rest->len > 0 && rest->at[0] == '"')
        return cut_quoted(rest, separator, to, field);
    struct str part = csv_trim(str_cut(rest, separator));
    if (part.len > 0)
        memcpy(to, part.at, part.len);
    *field = (struct str){to, part.len};
    return CSV_OK;
}

enum csv_result csv_split(struct str text, char separator, char *room, struct csv_record *record)
{
    const char *end = text.at + text.len;
    for (record->n = 0; record->n == 0 || text.at < end; record->n++) {
        struct str field;
        if (record->n == CSV_FIELDS)
            return CSV_TOO_MANY;
        enum csv_result result = cut_field(&text, separator, room, &field);
        if (result != CSV_OK)
            return result;
        room += field.len;
        record->fields[record->n] = field;
    }
    return CSV_OK;
}

/* Whether a field would be read as another text if it stood without quotation marks. */
static bool needs_quotes(struct str field)
{
    for (size_t i = 0; i < field.len; i++) {
        if (strchr(",\"\r\n", field.at[i]) && field.at[i])
            return true;
    }
    return csv_trim(field).len < field.len;
}

void csv_add_field(struct buf *record, struct str field)
{
    if (!needs_quotes(field)) {
        buf_add_str(record, field);
        return;
    }
    buf_add_char(record, '"');
    for (size_t i = 0; i < field.len; i++) {
        if (field.at[i] == '"')
            buf_add_char(record, '"');
        buf_add_char(record, field.at[i]);
    }
    buf_add_char(record, '"');
}
