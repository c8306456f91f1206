#include "lexicon/row_file.h"

#include "lexicon/csv.h"
#include "lexicon/line_file.h"
#include "lexicon/row_line.h"

#include <stdlib.h>

#define NO_COLUMN CSV_FIELDS /* The index of a column that the header does not have. */

/* What a kind of file has. */
struct format {
    const char *names[ROW_COLUMNS]; /* The columns; NULL where the kind has no such column. */
    bool needs_number;              /* Whether the second column must be there. */
    size_t fields;                  /* The fewest fields of a header. */
};

static const struct format formats[] = {
    [ROW_WORD] = {{"word", "freq", "tag"}, false, 1},
    [ROW_USER_WORD] = {{"word", "freq", "tag"}, false, 2},
    [ROW_IMAGE] = {{"url", "weight", "tag", "enabled", "note"}, false, 1},
    [ROW_STOP_WORD] = {{"word"}, false, 1},
    [ROW_IDF] = {{"word", "idf"}, true, 1},
};

/* A file that is read. */
struct reader {
    struct line_file *file;
    enum row_kind kind;
    const struct format *format;
    const struct row_sink *sink;
    char separator;              /* The separator of CSV; 0 for lines. */
    size_t n_columns;            /* The number of columns of the header. */
    size_t columns[ROW_COLUMNS]; /* The index of each column, or NO_COLUMN. */
    struct csv_record record;    /* The last record of CSV, in `room`. */
    char room[LINE_FILE_LIMIT];
};

const char *row_column_name(enum row_kind kind, enum row_column column)
{
    return formats[kind].names[column];
}

/* Hand a row to the sink, unless it has been refused: `status` is that of its splitting. */
static int hand_on(const struct reader *reader, size_t line, int status, const struct row *row,
                   struct err *err)
{
    struct err reason;
    int taken = status ? 1 : reader->sink->take(reader->sink->arg, row, &reason);
    if (taken > 0)
        reader->sink->refuse(reader->sink->arg, line, status ? err->text : reason.text);
    return taken < 0 ? err_set(err, "%s", reason.text) : 0;
}

static int read_line(struct reader *reader, struct str line, struct err *err)
{
    struct row row;
    int status = row_split_line(reader->kind, line, &row, err);
    return hand_on(reader, line_file_number(reader->file), status, &row, err);
}

/* The field of a column in the last record, as it stands there; empty where there is none. */
static struct str field_of(const struct reader *reader, enum row_column column)
{
    size_t i = reader->columns[column];
    return i < reader->record.n ? reader->record.fields[i] : str_of("");
}

/* Set a number of a row from its field, unless that is empty. */
static int set_number(const struct reader *reader, enum row_column column, int64_t *number,
                      struct err *err)
{
    struct str field = csv_trim_blanks(field_of(reader, column));
    bool is_freq = column == ROW_NUMBER && reader->kind != ROW_IMAGE;
    if (field.len == 0)
        return 0;
    return row_read_number(is_freq ? "frequency" : reader->format->names[column], field, number,
                           err);
}

/* Set the numbers of a row from their fields. */
static int set_numbers(const struct reader *reader, struct row *row, struct err *err)
{
    if (reader->kind == ROW_IDF)
        return row_read_idf(csv_trim_blanks(field_of(reader, ROW_NUMBER)), reader->separator != ',',
                            &row->idf, err);
    if (set_number(reader, ROW_NUMBER, &row->number, err))
        return -1;
    return set_number(reader, ROW_ENABLED, &row->enabled, err);
}

/* Set a row from the last record. Returns 0, or -1 with a reason. */
static int set_row(const struct reader *reader, struct row *row, struct err *err)
{
    for (size_t i = reader->n_columns; i < reader->record.n; i++) {
        if (csv_trim_blanks(reader->record.fields[i]).len > 0)
            return err_set(
                err, "has %zu fields, but the header has %zu / 有 %zu 个字段，表头只有 %zu 个",
                reader->record.n, reader->n_columns, reader->record.n, reader->n_columns);
    }
    row->key = csv_trim_blanks(field_of(reader, ROW_KEY));
    row->tag = csv_trim_blanks(field_of(reader, ROW_TAG));
    row->note = field_of(reader, ROW_NOTE);
    if (row->key.len == 0)
        return err_set(err, "the column '%s' is empty / 列 '%s' 为空",
                       reader->format->names[ROW_KEY], reader->format->names[ROW_KEY]);
    return set_numbers(reader, row, err);
}

/* Whether all fields of the last record are empty. */
static bool is_empty_record(const struct reader *reader)
{
    for (size_t i = 0; i < reader->record.n; i++) {
        if (csv_trim_blanks(reader->record.fields[i]).len > 0)
            return false;
    }
    return true;
}

static const char *const csv_reasons[] = {
    [CSV_OPEN] = "a field begins with a quotation mark but does not end with one / "
                 "字段以引号开头，却没有以引号结尾",
    [CSV_TRAILING] = "a quotation mark inside a quoted field must be doubled / "
                     "引号内的引号必须写成两个",
    [CSV_TOO_MANY] = "has more than 64 fields / 超过 64 个字段",
};

/* Read the record that begins with a line: with line ends inside quotation marks, it has several. */
static int read_record(struct reader *reader, struct str line, struct err *err)
{
    struct row row = {.number = ROW_NO_NUMBER, .enabled = ROW_NO_NUMBER, .is_csv = true};
    size_t number = line_file_number(reader->file);
    enum csv_result result;
    while ((result = csv_split(line, reader->separator, reader->room, &reader->record)) ==
           CSV_OPEN) {
        int more = line_file_extend(reader->file, '"', &line, err);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
    }
    if (result != CSV_OK) {
        line_file_shorten(reader->file);
        err_set(err, "%s", csv_reasons[result]);
    } else if (is_empty_record(reader)) {
        return 0;
    }
    int status = result != CSV_OK ? -1 : set_row(reader, &row, err);
    return hand_on(reader, number, status, &row, err);
}

/* The column of a header that has a name, in any case; ROW_COLUMNS for none. */
static enum row_column find_column(const struct format *format, struct str name)
{
    for (enum row_column i = ROW_KEY; i < ROW_COLUMNS; i++) {
        if (format->names[i] && str_is_nocase(name, format->names[i]))
            return i;
    }
    return ROW_COLUMNS;
}

/* Set the columns to those of a header. Returns the number of columns found. */
static size_t set_columns(struct reader *reader, const struct csv_record *record)
{
    size_t found = 0;
    for (size_t i = 0; i < ROW_COLUMNS; i++)
        reader->columns[i] = NO_COLUMN;
    for (size_t i = 0; i < record->n; i++) {
        enum row_column column = find_column(reader->format, csv_trim(record->fields[i]));
        if (column == ROW_COLUMNS || reader->columns[column] != NO_COLUMN)
            continue;
        reader->columns[column] = i;
        found++;
    }
    reader->n_columns = record->n;
    return found;
}

/* Tell the sink about the columns that are ignored. */
static void ignore_columns(const struct reader *reader)
{
    for (size_t i = 0; i < reader->record.n; i++) {
        struct str name = csv_trim(reader->record.fields[i]);
        enum row_column column = find_column(reader->format, name);
        if (name.len > 0 && (column == ROW_COLUMNS || reader->columns[column] != i))
            reader->sink->ignore(reader->sink->arg, name);
    }
}

/* Whether the line is a header with this separator. Without a column that must be there, it needs two
 * other names to be one. */
static bool is_header(struct reader *reader, struct str line, char separator)
{
    if (csv_split(line, separator, reader->room, &reader->record) != CSV_OK)
        return false;
    size_t found = set_columns(reader, &reader->record);
    bool has_key = reader->columns[ROW_KEY] != NO_COLUMN;
    return reader->record.n >= reader->format->fields && (has_key || found >= 2);
}

/* Read the first line. If it is the header of CSV, sets the separator. Returns 1 if it is, 0 if it is
 * not, -1 with a reason. */
static int read_header(struct reader *reader, const char *path, struct str line, struct err *err)
{
    const char *separator = "\t;,";
    while (*separator && !is_header(reader, line, *separator))
        separator++;
    if (!*separator)
        return 0;
    reader->separator = *separator;
    enum row_column missing = reader->columns[ROW_KEY] == NO_COLUMN ? ROW_KEY : ROW_NUMBER;
    if (missing == ROW_KEY ||
        (reader->format->needs_number && reader->columns[missing] == NO_COLUMN))
        return err_set(err, "%s: the header in line %zu has no column '%s'", path,
                       line_file_number(reader->file), reader->format->names[missing]);
    ignore_columns(reader);
    return 1;
}

/* Whether a line is that by which a file tells spreadsheets its separator, such as "sep=;". */
static bool is_separator_line(struct str line)
{
    return line.len == 5 && !memcmp(line.at, "sep=", 4) && memchr(",;", line.at[4], 2);
}

/* Refuse a file of images whose first line is that of CSV without a header: each line would be a URL. */
static int check_first_line(const struct reader *reader, const char *path, struct str line,
                            struct err *err)
{
    if (reader->kind != ROW_IMAGE || !row_is_image_csv(line))
        return 0;
    return err_set(
        err,
        "%s: line %zu looks like CSV, which needs a first line with the names of its "
        "columns, such as 'url,weight,tag' (if it is a URL: begin the file with a line "
        "'url') / 像是 CSV，第一行须是列名，如 'url,weight,tag'（如果整行是网址，请在文件"
        "开头加一行 'url'）",
        path, line_file_number(reader->file));
}

static int read_rows(struct reader *reader, const char *path, struct err *err)
{
    struct str line;
    bool too_long, is_first = true;
    int status;
    while ((status = line_file_next(reader->file, &line, &too_long, err)) > 0) {
        struct str text = csv_trim(line);
        if (too_long) {
            err_set(err, "is longer than %d bytes / 超过 %d 字节", LINE_FILE_LIMIT,
                    LINE_FILE_LIMIT);
            hand_on(reader, line_file_number(reader->file), -1, NULL, err);
        }
        if (text.len == 0 || (is_first && is_separator_line(text)))
            continue;
        int header = is_first ? read_header(reader, path, line, err) : 0;
        if (header == 0 && is_first && check_first_line(reader, path, text, err))
            return -1;
        is_first = false;
        if (header == 0)
            status =
                reader->separator ? read_record(reader, line, err) : read_line(reader, text, err);
        if (header < 0 || status < 0)
            return -1;
    }
    return status;
}

int row_file_read(const char *path, enum row_kind kind, const struct row_sink *sink,
                  struct err *err)
{
    struct reader *reader = malloc(sizeof *reader);
    if (!reader)
        return err_set(err, "out of memory for %s", path);
    reader->kind = kind;
    reader->format = &formats[kind];
    reader->sink = sink;
    reader->separator = 0;
    reader->file = line_file_open(path, err);
    int status = reader->file ? read_rows(reader, path, err) : -1;
    line_file_close(reader->file);
    free(reader);
    return status;
}
