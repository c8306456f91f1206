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
struct row_file {
    const char *path;
    struct line_file *lines;
    enum row_kind kind;
    const struct format *format;
    const struct row_sink *sink;
    char separator;              /* The separator of CSV; 0 for lines. */
    bool has_url;                /* Whether a line began with "http", for images. */
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
static int hand_on(const struct row_file *file, size_t line, int status, const struct row *row,
                   struct err *err)
{
    struct err reason;
    int taken = status ? 1 : file->sink->take(file->sink->arg, row, &reason);
    if (taken > 0)
        file->sink->refuse(file->sink->arg, line, status ? err->text : reason.text);
    return taken < 0 ? err_set(err, "%s", reason.text) : 0;
}

static int read_line(struct row_file *file, struct str line, struct err *err)
{
    struct row row;
    int status = row_split_line(file->kind, line, &row, err);
    return hand_on(file, line_file_number(file->lines), status, &row, err);
}

/* The field of a column in the last record, as it stands there; empty where there is none. */
static struct str field_of(const struct row_file *file, enum row_column column)
{
    size_t i = file->columns[column];
    return i < file->record.n ? file->record.fields[i] : str_of("");
}

/* Set a number of a row from its field, unless that is empty. */
static int set_number(const struct row_file *file, enum row_column column, int64_t *number,
                      struct err *err)
{
    struct str field = csv_trim_blanks(field_of(file, column));
    bool is_freq = column == ROW_NUMBER && file->kind != ROW_IMAGE;
    if (field.len == 0)
        return 0;
    return row_read_number(is_freq ? "frequency" : file->format->names[column], field, number, err);
}

/* Set the numbers of a row from their fields. */
static int set_numbers(const struct row_file *file, struct row *row, struct err *err)
{
    if (file->kind == ROW_IDF)
        return row_read_idf(csv_trim_blanks(field_of(file, ROW_NUMBER)), file->separator != ',',
                            &row->idf, err);
    if (set_number(file, ROW_NUMBER, &row->number, err))
        return -1;
    return set_number(file, ROW_ENABLED, &row->enabled, err);
}

/* Set a row from the last record. Returns 0, or -1 with a reason. */
static int set_row(const struct row_file *file, struct row *row, struct err *err)
{
    for (size_t i = file->n_columns; i < file->record.n; i++) {
        if (csv_trim_blanks(file->record.fields[i]).len > 0)
            return err_set(
                err, "has %zu fields, but the header has %zu / 有 %zu 个字段，表头只有 %zu 个",
                file->record.n, file->n_columns, file->record.n, file->n_columns);
    }
    row->key = csv_trim_blanks(field_of(file, ROW_KEY));
    row->tag = csv_trim_blanks(field_of(file, ROW_TAG));
    row->note = field_of(file, ROW_NOTE);
    if (row->key.len == 0)
        return err_set(err, "the column '%s' is empty / 列 '%s' 为空", file->format->names[ROW_KEY],
                       file->format->names[ROW_KEY]);
    return set_numbers(file, row, err);
}

/* Whether all fields of the last record are empty. */
static bool is_empty_record(const struct row_file *file)
{
    for (size_t i = 0; i < file->record.n; i++) {
        if (csv_trim_blanks(file->record.fields[i]).len > 0)
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
static int read_record(struct row_file *file, struct str line, struct err *err)
{
    struct row row = {.number = ROW_NO_NUMBER, .enabled = ROW_NO_NUMBER, .is_csv = true};
    size_t number = line_file_number(file->lines);
    enum csv_result result;
    while ((result = csv_split(line, file->separator, file->room, &file->record)) == CSV_OPEN) {
        int more = line_file_extend(file->lines, '"', &line, err);
        if (more < 0)
            return -1;
        if (more == 0)
            break;
    }
    if (result != CSV_OK) {
        line_file_shorten(file->lines);
        err_set(err, "%s", csv_reasons[result]);
    } else if (is_empty_record(file)) {
        return 0;
    }
    int status = result != CSV_OK ? -1 : set_row(file, &row, err);
    return hand_on(file, number, status, &row, err);
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
static size_t set_columns(struct row_file *file, const struct csv_record *record)
{
    size_t found = 0;
    for (size_t i = 0; i < ROW_COLUMNS; i++)
        file->columns[i] = NO_COLUMN;
    for (size_t i = 0; i < record->n; i++) {
        enum row_column column = find_column(file->format, csv_trim(record->fields[i]));
        if (column == ROW_COLUMNS || file->columns[column] != NO_COLUMN)
            continue;
        file->columns[column] = i;
        found++;
    }
    file->n_columns = record->n;
    return found;
}

/* Tell the sink about the columns that are ignored. */
static void ignore_columns(const struct row_file *file)
{
    for (size_t i = 0; i < file->record.n; i++) {
        struct str name = csv_trim(file->record.fields[i]);
        enum row_column column = find_column(file->format, name);
        if (name.len > 0 && (column == ROW_COLUMNS || file->columns[column] != i))
            file->sink->ignore(file->sink->arg, name);
    }
}

/* Whether the line is a header with this separator. Without a column that must be there, it needs two
 * other names to be one. */
static bool is_header(struct row_file *file, struct str line, char separator)
{
    if (csv_split(line, separator, file->room, &file->record) != CSV_OK)
        return false;
    size_t found = set_columns(file, &file->record);
    bool has_key = file->columns[ROW_KEY] != NO_COLUMN;
    return file->record.n >= file->format->fields && (has_key || found >= 2);
}

/* Read the first line. If it is the header of CSV, sets the separator. Returns 1 if it is, 0 if it is
 * not, -1 with a reason. */
static int read_header(struct row_file *file, struct str line, struct err *err)
{
    const char *separator = "\t;,";
    while (*separator && !is_header(file, line, *separator))
        separator++;
    if (!*separator)
        return 0;
    file->separator = *separator;
    enum row_column missing = file->columns[ROW_KEY] == NO_COLUMN ? ROW_KEY : ROW_NUMBER;
    if (missing == ROW_KEY || (file->format->needs_number && file->columns[missing] == NO_COLUMN))
        return err_set(err, "%s: the header in line %zu has no column '%s'", file->path,
                       line_file_number(file->lines), file->format->names[missing]);
    ignore_columns(file);
    return 1;
}

/* Whether a line is that by which a file tells spreadsheets its separator, such as "sep=;". */
static bool is_separator_line(struct str line)
{
    return line.len == 5 && !memcmp(line.at, "sep=", 4) && memchr(",;", line.at[4], 2);
}

/* Refuse a file of images whose first line with a URL is that of CSV without a header: each line would be a URL.
 * Lines before it, such as a header in another language, have none. */
static int check_first_url(struct row_file *file, struct str line, struct err *err)
{
    bool is_first = file->kind == ROW_IMAGE && !file->separator && !file->has_url;
    file->has_url =
        file->has_url || (line.len >= 4 && str_is_nocase((struct str){line.at, 4}, "http"));
    if (!is_first || !row_is_image_csv(line))
        return 0;
    return err_set(
        err,
        "%s: line %zu looks like CSV, which needs a first line with the names of its "
        "columns, such as 'url,weight,tag' (if it is a URL: begin the file with a line "
        "'url') / 像是 CSV，第一行须是列名，如 'url,weight,tag'（如果整行是网址，请在文件"
        "开头加一行 'url'）",
        file->path, line_file_number(file->lines));
}

int row_file_read(struct row_file *file, const struct row_sink *sink, struct err *err)
{
    struct str line;
    bool too_long, is_first = true;
    int status;
    file->sink = sink;
    while ((status = line_file_next(file->lines, &line, &too_long, err)) > 0) {
        struct str text = csv_trim(line);
        if (too_long) {
            err_set(err, "is longer than %d bytes / 超过 %d 字节", LINE_FILE_LIMIT,
                    LINE_FILE_LIMIT);
            hand_on(file, line_file_number(file->lines), -1, NULL, err);
        }
        if (text.len == 0 || (is_first && is_separator_line(text)))
            continue;
        int header = is_first ? read_header(file, line, err) : 0;
        if (header == 0 && check_first_url(file, text, err))
            return -1;
        is_first = false;
        if (header == 0)
            status = file->separator ? read_record(file, line, err) : read_line(file, text, err);
        if (header < 0 || status < 0)
            return -1;
    }
    return status;
}

struct row_file *row_file_open(const char *path, enum row_kind kind, struct err *err)
{
    struct row_file *file = malloc(sizeof *file);
    if (!file) {
        err_set(err, "out of memory for %s", path);
        return NULL;
    }
    file->path = path;
    file->kind = kind;
    file->format = &formats[kind];
    file->separator = 0;
    file->has_url = false;
    file->lines = line_file_open(path, err);
    if (!file->lines) {
        row_file_close(file);
        return NULL;
    }
    return file;
}

void row_file_close(struct row_file *file)
{
    if (!file)
        return;
    line_file_close(file->lines);
    free(file);
}
