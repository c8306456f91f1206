#include "cli/import_files.h"

#include "cli/progress.h"
#include "util/buf.h"

#include <stdio.h>

#define SHOWN_ROWS 20 /* The rows of a file whose reasons are shown. */

_Static_assert(ROW_NO_NUMBER == STORE_NO_NUMBER,
               "a row without a number is one for the store, too");

static const struct {
    const char *what, *table;
} kinds[ROW_KINDS] = {
    [ROW_WORD] = {"importing words", "words"},
    [ROW_USER_WORD] = {"importing a user dictionary", "words"},
    [ROW_IMAGE] = {"importing images", "images"},
    [ROW_STOP_WORD] = {"importing stop words", "stop_words"},
    [ROW_IDF] = {"importing inverse document frequencies", "idf"},
};

/* The file that is read. */
struct step {
    struct import_files *files;
    enum row_kind kind;
    struct progress progress;
    size_t refused; /* The number of its rows that are refused. */
    struct {
        size_t line;
        struct err reason;
    } shown[SHOWN_ROWS];
    struct buf ignored; /* The names of its unknown columns. */
};

static enum import_result import_row(struct step *step, const struct row *row, struct err *err)
{
    struct store_import *import = step->files->import;
    switch (step->kind) {
    case ROW_WORD:
        return (row->is_csv ? store_import_word_row
                            : store_import_word)(import, row->key, row->number, row->tag, err);
    case ROW_USER_WORD:
        return store_import_user_word(import, row->key, row->number, row->tag, err);
    case ROW_IMAGE:
        return store_import_image(import, row, err);
    case ROW_STOP_WORD:
        return store_import_stop_word_row(import, row->key, err);
    default:
        return store_import_idf_row(import, row->key, row->idf, err);
    }
}

static int take_row(void *arg, const struct row *row, struct err *err)
{
    struct step *step = arg;
    enum import_result result = import_row(step, row, err);
    if (result == IMPORT_FAILED)
        return -1;
    if (result == IMPORT_REFUSED)
        return 1;
    progress_count(&step->progress);
    step->files->counts[step->kind][result]++;
    return 0;
}

static void refuse_row(void *arg, size_t line, const char *reason)
{
    struct step *step = arg;
    progress_count(&step->progress);
    if (step->refused < SHOWN_ROWS) {
        step->shown[step->refused].line = line;
        err_set(&step->shown[step->refused].reason, "%s", reason);
    }
    step->refused++;
    step->files->counts[step->kind][IMPORT_REFUSED]++;
}

static void ignore_column(void *arg, struct str column)
{
    struct step *step = arg;
    buf_add_text(&step->ignored, step->ignored.len > 0 ? ", '" : "'");
    buf_add_str(&step->ignored, column);
    buf_add_char(&step->ignored, '\'');
}

/* Tell the user what of the file is not imported. */
static void report_step(const struct step *step, const char *path)
{
    size_t counted = step->files->counts[step->kind][IMPORT_COUNTED];
    if (step->ignored.len > 0)
        fprintf(stderr, "serverful import: %s: ignored the unknown columns %.*s\n", path,
                (int)step->ignored.len, step->ignored.at);
    for (size_t i = 0; i < step->refused && i < SHOWN_ROWS; i++)
        fprintf(stderr, "serverful import: %s, line %zu: %s\n", path, step->shown[i].line,
                step->shown[i].reason.text);
    if (step->refused > SHOWN_ROWS)
        fprintf(stderr, "serverful import: %s: %zu more rows are refused\n", path,
                step->refused - SHOWN_ROWS);
    if (counted)
        fprintf(stderr,
                "serverful import: %s: %zu words have white space inside: as in jieba, they count "
                "in the total but are never found\n",
                path, counted);
}

int import_files_open(struct import_files *files, enum row_kind kind, const char *path,
                      struct err *err)
{
    files->paths[kind] = path;
    files->files[kind] = row_file_open(path, kind, err);
    return files->files[kind] ? 0 : -1;
}

void import_files_close(struct import_files *files)
{
    for (size_t kind = 0; kind < ROW_KINDS; kind++)
        row_file_close(files->files[kind]);
}

int import_files_read(struct import_files *files, enum row_kind kind, struct err *err)
{
    struct step step = {.files = files, .kind = kind};
    if (!files->files[kind])
        return 0;
    progress_begin(&step.progress, kinds[kind].what);
    int status = row_file_read(files->files[kind],
                               &(struct row_sink){take_row, refuse_row, ignore_column, &step}, err);
    progress_end(&step.progress, !status);
    if (!status)
        report_step(&step, files->paths[kind]);
    buf_free(&step.ignored);
    return status;
}

size_t import_files_refused(const struct import_files *files)
{
    size_t n = 0;
    for (size_t kind = 0; kind < ROW_KINDS; kind++)
        n += files->counts[kind][IMPORT_REFUSED];
    return n;
}

/* Print the rows of a kind and of the kinds behind it that have the same table. */
static void print_table(const struct import_files *files, size_t kind)
{
    size_t sums[IMPORT_RESULTS] = {0};
    for (size_t i = kind; i < ROW_KINDS; i++) {
        for (size_t result = 0; result < IMPORT_RESULTS; result++)
            sums[result] +=
                !strcmp(kinds[i].table, kinds[kind].table) ? files->counts[i][result] : 0;
    }
    printf("%s: %zu added, %zu changed, %zu same, %zu refused\n", kinds[kind].table,
           sums[IMPORT_ADDED], sums[IMPORT_CHANGED], sums[IMPORT_SAME], sums[IMPORT_REFUSED]);
}

void import_files_print(const struct import_files *files)
{
    bool is_printed = false; /* Whether the table of words is printed, which has two kinds. */
    for (size_t kind = 0; kind < ROW_KINDS; kind++) {
        bool is_word = kind == ROW_WORD || kind == ROW_USER_WORD;
        if (!files->files[kind] || (is_word && is_printed))
            continue;
        print_table(files, kind);
        is_printed = is_printed || is_word;
    }
}
