/*
 * export: writes words, images, stop words or inverse document frequencies to standard output, as
 * `serverful import` reads them.
 */
#include "store/export.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "lexicon/row_writer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_ROWS 20 /* The rows left out whose reasons are shown. */

/* Where the rows go. */
struct output {
    enum row_kind kind;
    struct buf text;
    size_t left_out; /* The number of rows that a user dictionary cannot have. */
};

static int write_piece(void *arg, struct str piece)
{
    (void)arg;
    return fwrite(piece.at, 1, piece.len, stdout) == piece.len ? 0 : -1;
}

/* Say why a row is left out. */
static void leave_out(struct output *output, const char *reason)
{
    if (output->left_out++ < SHOWN_ROWS)
        fprintf(stderr, "serverful export: %s; --words writes it\n", reason);
}

static int write_row(void *arg, const struct row *row, struct err *err)
{
    struct output *output = arg;
    struct err reason;
    if (output->kind != ROW_USER_WORD)
        row_write_record(&output->text, output->kind, row);
    else if (row_write_user_line(&output->text, row, &reason))
        leave_out(output, reason.text);
    return output->text.failed ? err_errno(err, "cannot write the rows") : 0;
}

/* Write what is left of the text. */
static int finish_output(struct output *output, struct err *err)
{
    if (output->text.failed || write_piece(NULL, buf_str(&output->text)) || fflush(stdout))
        return err_errno(err, "cannot write the rows");
    if (output->left_out > SHOWN_ROWS)
        fprintf(stderr, "serverful export: %zu more words are left out\n",
                output->left_out - SHOWN_ROWS);
    return output->left_out ? err_set(err, "words left out: %zu", output->left_out) : 0;
}

static int export_rows(struct store *store, enum row_kind kind, struct err *err)
{
    struct output output = {.kind = kind, .text.sink = {write_piece, NULL}};
    if (kind != ROW_USER_WORD)
        row_write_header(&output.text, kind);
    int status = store_export(store, kind, write_row, &output, err);
    if (!status)
        status = finish_output(&output, err);
    buf_free(&output.text);
    return status;
}

/* The one kind whose switch is on; ROW_KINDS where none is, or several are. */
static enum row_kind find_kind(const char *const switches[ROW_KINDS])
{
    enum row_kind found = ROW_KINDS;
    size_t n = 0;
    for (enum row_kind kind = ROW_WORD; kind < ROW_KINDS; kind++) {
        if (switches[kind]) {
            found = kind;
            n++;
        }
    }
    return n == 1 ? found : ROW_KINDS;
}

int command_export(int argc, char **argv)
{
    const char *path = DEFAULT_STORE, *switches[ROW_KINDS] = {0};
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &path},
        {"words", NULL, "write the words as CSV: word, freq, tag", &switches[ROW_WORD]},
        {"userdict", NULL, "write the words as a user dictionary of jieba",
         &switches[ROW_USER_WORD]},
        {"images", NULL, "write the images as CSV: url, weight, tag, enabled, note",
         &switches[ROW_IMAGE]},
        {"stop-words", NULL, "write the stop words as CSV: word", &switches[ROW_STOP_WORD]},
        {"idf", NULL, "write the inverse document frequencies as CSV: word, idf",
         &switches[ROW_IDF]},
        {0}};
    int status = cli_read_options(
        argc, argv, "Write rows of the store to standard output, as 'serverful import' reads them.",
        options);
    if (status >= 0)
        return status;
    enum row_kind kind = find_kind(switches);
    if (kind == ROW_KINDS) {
        fprintf(stderr, "serverful export: give one of --words, --userdict, --images, --stop-words "
                        "and --idf; see 'serverful export --help'\n");
        return 2;
    }
    struct err err;
    struct store *store = store_open(path, STORE_READ, &err);
    status = store ? export_rows(store, kind, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
