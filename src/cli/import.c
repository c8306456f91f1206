/*
 * import: adds words, models and images to the store, all in one transaction.
 */
#include "store/import.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "cli/progress.h"
#include "lexicon/jieba_files.h"
#include "lexicon/posseg_files.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_PATH 4096

struct sources {
    const char *jieba_data, *words, *userdict, *images;
};

/* What the readers of files pass their rows to. */
struct rows {
    struct store_import *import;
    struct progress progress; /* The current step. */
    size_t counted;           /* The number of user words that are only counted in the total. */
};

static int add_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    return store_import_word(rows->import, word, freq, tag, err);
}

static int add_user_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    return store_import_user_word(rows->import, word, freq, tag, &rows->counted, err);
}

static int add_pos_row(void *arg, const struct pos_row *row, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    return store_import_pos(rows->import, row, err);
}

static int add_idf(void *arg, struct str word, double idf, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    return store_import_idf(rows->import, word, idf, err);
}

static int add_stop_word(void *arg, struct str word, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    return store_import_stop_word(rows->import, word, err);
}

/* Imports one kind of data from a file, or from the directory of jieba's data. Returns 0 or -1 with
 * a reason. */
typedef int import_step(struct rows *rows, const char *path, struct err *err);

/* Run a step, and show its progress. */
static int run_step(struct rows *rows, const char *what, import_step *step, const char *path,
                    struct err *err)
{
    progress_begin(&rows->progress, what);
    int status = step(rows, path, err);
    progress_end(&rows->progress, !status);
    return status;
}

/* Set `path` to that of a file of jieba's data. Returns 0 or -1 with a reason. */
static int make_path(char path[MAX_PATH], const char *directory, const char *file, struct err *err)
{
    if (snprintf(path, MAX_PATH, "%s/%s", directory, file) >= MAX_PATH)
        return err_set(err, "the name of the directory is too long: at most %d bytes are allowed",
                       MAX_PATH);
    return 0;
}

static int import_dict(struct rows *rows, const char *path, struct err *err)
{
    return jieba_files_read_dict(path, add_word, rows, err);
}

static int replace_words(struct rows *rows, const char *directory, struct err *err)
{
    char path[MAX_PATH];
    if (make_path(path, directory, "dict.txt", err) || store_import_clear_words(rows->import, err))
        return -1;
    return import_dict(rows, path, err);
}

static int replace_model(struct rows *rows, const char *directory, struct err *err)
{
    struct hmm_model *model = malloc(sizeof *model);
    if (!model)
        return err_set(err, "out of memory for the model");
    int status = jieba_files_read_hmm(directory, model, err);
    if (!status)
        status = store_import_model(rows->import, model, err);
    free(model);
    return status;
}

static int replace_pos(struct rows *rows, const char *directory, struct err *err)
{
    if (store_import_clear_pos(rows->import, err))
        return -1;
    return posseg_read(directory, add_pos_row, rows, err);
}

static int replace_idf(struct rows *rows, const char *directory, struct err *err)
{
    char path[MAX_PATH];
    if (make_path(path, directory, "analyse/idf.txt", err) ||
        store_import_clear_keywords(rows->import, err))
        return -1;
    return jieba_files_read_idf(path, add_idf, rows, err);
}

/* replace_idf() has deleted the previous stop words. */
static int import_stop_words(struct rows *rows, const char *directory, struct err *err)
{
    char path[MAX_PATH];
    if (make_path(path, directory, "analyse/tfidf.py", err))
        return -1;
    return jieba_files_read_stop_words(path, add_stop_word, rows, err);
}

/* Replace everything that comes from jieba. */
static int import_jieba(struct rows *rows, const char *directory, struct err *err)
{
    static const struct {
        const char *what;
        import_step *step;
    } steps[] = {
        {"importing words", replace_words},
        {"importing the model of words", replace_model},
        {"importing the model of parts of speech", replace_pos},
        {"importing inverse document frequencies", replace_idf},
        {"importing stop words", import_stop_words},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (run_step(rows, steps[i].what, steps[i].step, directory, err))
            return -1;
    }
    return 0;
}

static int import_userdict(struct rows *rows, const char *path, struct err *err)
{
    return jieba_files_read_userdict(path, add_user_word, rows, err);
}

/* Tell the user about words that jieba never finds. */
static void report_counted(const struct rows *rows, const char *path)
{
    if (rows->counted)
        fprintf(stderr,
                "serverful import: %s: %zu words have white space inside: as in jieba, they count "
                "in the total but are never found\n",
                path, rows->counted);
}

/* The line without its end, LF or CR LF. */
static struct str without_end(const char *line, size_t len)
{
    if (len && line[len - 1] == '\n')
        len--;
    if (len && line[len - 1] == '\r')
        len--;
    return (struct str){line, len};
}

/* Read one URL a line; skip empty lines. */
static int import_images(struct rows *rows, const char *path, struct err *err)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return err_errno(err, "cannot open %s", path);
    char *line = NULL;
    size_t cap = 0, number = 1;
    int status = 0;
    for (ssize_t n; !status && (n = getline(&line, &cap, file)) >= 0; number++) {
        struct err reason;
        struct str url = without_end(line, (size_t)n);
        if (url.len == 0)
            continue;
        progress_count(&rows->progress);
        if (store_import_image(rows->import, url, &reason))
            status = err_set(err, "%s, line %zu: %s", path, number, reason.text);
    }
    if (!status && ferror(file))
        status = err_errno(err, "cannot read %s", path);
    free(line);
    fclose(file);
    return status;
}

static int import_sources(struct rows *rows, const struct sources *sources, struct err *err)
{
    if (sources->jieba_data && import_jieba(rows, sources->jieba_data, err))
        return -1;
    if (sources->words && run_step(rows, "importing words", import_dict, sources->words, err))
        return -1;
    if (sources->userdict &&
        run_step(rows, "importing a user dictionary", import_userdict, sources->userdict, err))
        return -1;
    report_counted(rows, sources->userdict);
    if (sources->images && run_step(rows, "importing images", import_images, sources->images, err))
        return -1;
    return 0;
}

static int import_into(struct store *store, const struct sources *sources, struct err *err)
{
    struct rows rows = {.import = store_import_begin(store, err)};
    if (!rows.import)
        return -1;
    if (import_sources(&rows, sources, err)) {
        store_import_end(rows.import, false, &(struct err){0});
        return -1;
    }
    return store_import_end(rows.import, true, err);
}

int command_import(int argc, char **argv)
{
    const char *path = DEFAULT_STORE;
    struct sources sources = {0};
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &path},
        {"jieba-data", "DIR", "replace words, models and weights by those of jieba",
         &sources.jieba_data},
        {"words", "FILE", "add words, lines of 'word freq [tag]'", &sources.words},
        {"userdict", "FILE", "add words from a user dictionary of jieba", &sources.userdict},
        {"images", "FILE", "add images, one URL a line", &sources.images},
        {0}};
    int status =
        cli_read_options(argc, argv,
                         "Add words, models and images to the store, all or none. Without a "
                         "source, it\nimports jieba's: --jieba-data " DEFAULT_JIEBA_DATA,
                         options);
    if (status >= 0)
        return status;
    if (!sources.jieba_data && !sources.words && !sources.userdict && !sources.images)
        sources.jieba_data = DEFAULT_JIEBA_DATA;
    struct err err;
    struct store *store = store_open(path, STORE_WRITE, &err);
    status = store ? import_into(store, &sources, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
