/*
 * import: adds words, models and images to the store, all in one transaction.
 */
#include "store/import.h"
#include "cli/command.h"
#include "cli/import_files.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "cli/progress.h"
#include "lexicon/jieba_files.h"
#include "lexicon/posseg_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PATH 4096

/* The values of the options. */
struct sources {
    const char *jieba_data;
    const char *files[ROW_KINDS]; /* The file of each kind, or NULL. */
    const char *strict, *dry_run; /* NULL where the switch is off. */
};

/* What the readers of jieba's data pass their rows to. */
struct rows {
    struct store_import *import;
    struct progress progress; /* The current step. */
};

static int add_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    struct rows *rows = arg;
    progress_count(&rows->progress);
    enum import_result result = store_import_word(rows->import, word, freq, tag, err);
    return result == IMPORT_FAILED || result == IMPORT_REFUSED ? -1 : 0;
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

/* Imports one kind of data from the directory of jieba's data. Returns 0 or -1 with a reason. */
typedef int import_step(struct rows *rows, const char *directory, struct err *err);

/* Run a step, and show its progress. */
static int run_step(struct rows *rows, const char *what, import_step *step, const char *directory,
                    struct err *err)
{
    progress_begin(&rows->progress, what);
    int status = step(rows, directory, err);
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

static int replace_words(struct rows *rows, const char *directory, struct err *err)
{
    char path[MAX_PATH];
    if (make_path(path, directory, "dict.txt", err) || store_import_clear_words(rows->import, err))
        return -1;
    return jieba_files_read_dict(path, add_word, rows, err);
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

/* Import the files that the options name. */
static int import_files(struct import_files *files, const struct sources *sources, struct err *err)
{
    for (enum row_kind kind = ROW_WORD; kind < ROW_KINDS; kind++) {
        if (import_files_read(files, kind, err))
            return -1;
    }
    if (sources->strict && import_files_refused(files))
        return err_set(err, "nothing is imported with --strict; refused rows: %zu",
                       import_files_refused(files));
    return 0;
}

static int import_sources(struct store_import *import, struct import_files *files,
                          const struct sources *sources, struct err *err)
{
    struct rows rows = {.import = import};
    if (sources->jieba_data && import_jieba(&rows, sources->jieba_data, err))
        return -1;
    return import_files(files, sources, err);
}

/* Import all sources in one transaction. */
static int import_into(struct store *store, struct import_files *files,
                       const struct sources *sources, struct err *err)
{
    files->import = store_import_begin(store, err);
    if (!files->import)
        return -1;
    if (import_sources(files->import, files, sources, err)) {
        store_import_end(files->import, false, &(struct err){0});
        return -1;
    }
    if (store_import_end(files->import, true, err))
        return -1;
    import_files_print(files);
    return 0;
}

/* Import all sources into a copy of the store in memory, so that others can write meanwhile, and the store may
 * be read-only. */
static int try_import(struct store *store, struct import_files *files,
                      const struct sources *sources, struct err *err)
{
    struct store *copy = store_copy(store, err);
    int status = copy ? import_into(copy, files, sources, err) : -1;
    store_close(copy);
    if (!status)
        printf("dry run: the store is unchanged\n");
    return status;
}

/* Open the files that the options name; "-" is the standard input, which can be read once. */
static int open_files(struct import_files *files, const struct sources *sources, struct err *err)
{
    bool has_input = false;
    for (enum row_kind kind = ROW_WORD; kind < ROW_KINDS; kind++) {
        const char *path = sources->files[kind];
        bool is_input = path && !strcmp(path, "-");
        if (is_input && has_input)
            return err_set(err, "only one of the files can be the standard input");
        has_input = has_input || is_input;
        if (path && import_files_open(files, kind, is_input ? "/dev/stdin" : path, err))
            return -1;
    }
    return 0;
}

/* Open all files, and import them. */
static int run_import(struct store *store, const struct sources *sources, struct err *err)
{
    struct import_files files = {0};
    int status = open_files(&files, sources, err);
    if (!status)
        status = (sources->dry_run ? try_import : import_into)(store, &files, sources, err);
    import_files_close(&files);
    return status;
}

static bool has_source(const struct sources *sources)
{
    for (enum row_kind kind = ROW_WORD; kind < ROW_KINDS; kind++) {
        if (sources->files[kind])
            return true;
    }
    return sources->jieba_data;
}

int command_import(int argc, char **argv)
{
    const char *path = DEFAULT_STORE;
    struct sources sources = {0};
    const struct cli_option options[] = {
        {"store", "FILE", "the store", &path},
        {"jieba-data", "DIR", "replace words, models and weights by those of jieba",
         &sources.jieba_data},
        {"words", "FILE", "add words, lines of 'word freq [tag]'", &sources.files[ROW_WORD]},
        {"userdict", "FILE", "add words from a user dictionary of jieba",
         &sources.files[ROW_USER_WORD]},
        {"images", "FILE", "add images, one URL a line", &sources.files[ROW_IMAGE]},
        {"stop-words", "FILE", "add stop words, one a line", &sources.files[ROW_STOP_WORD]},
        {"idf", "FILE", "set inverse document frequencies, lines of 'word idf'",
         &sources.files[ROW_IDF]},
        {"strict", NULL, "import nothing if a row is refused", &sources.strict},
        {"dry-run", NULL, "say what would happen, and change nothing", &sources.dry_run},
        {0}};
    int status =
        cli_read_options(argc, argv,
                         "Add words, models and images to the store in one transaction. "
                         "Files can also be\nCSV whose header names the columns; FILE - is "
                         "the standard input. Without a source,\nimport jieba's data: "
                         "--jieba-data " DEFAULT_JIEBA_DATA,
                         options);
    if (status >= 0)
        return status;
    if (!has_source(&sources))
        sources.jieba_data = DEFAULT_JIEBA_DATA;
    struct err err;
    struct store *store = store_open(path, sources.dry_run ? STORE_READ : STORE_WRITE, &err);
    status = store ? run_import(store, &sources, &err) : -1;
    store_close(store);
    return status ? cli_fail(argv[0], err.text) : 0;
}
