/*
 * import: brings words, the HMM models and images into the store, all in one transaction.
 */
#include "store/import.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/paths.h"
#include "lexicon/jieba_files.h"
#include "lexicon/posseg_files.h"

#include <stdio.h>
#include <stdlib.h>

#define MAX_PATH 4096

struct sources {
    const char *jieba_data, *words, *userdict, *images;
};

static int add_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    return store_import_word(arg, word, freq, tag, err);
}

static int add_idf(void *arg, struct str word, double idf, struct err *err)
{
    return store_import_idf(arg, word, idf, err);
}

static int add_stop_word(void *arg, struct str word, struct err *err)
{
    return store_import_stop_word(arg, word, err);
}

/* The path of a file of jieba's data. Returns 0 or -1 with a reason. */
static int make_path(char path[MAX_PATH], const char *directory, const char *file, struct err *err)
{
    if (snprintf(path, MAX_PATH, "%s/%s", directory, file) >= MAX_PATH)
        return err_set(err, "the name of the directory is too long");
    return 0;
}

static int import_words(struct store_import *import, const char *directory, struct err *err)
{
    char path[MAX_PATH];
    return make_path(path, directory, "dict.txt", err) || store_import_clear_words(import, err) ||
                   jieba_files_read_dict(path, add_word, import, err)
               ? -1
               : 0;
}

static int import_keywords(struct store_import *import, const char *directory, struct err *err)
{
    char idf[MAX_PATH], stop_words[MAX_PATH];
    return make_path(idf, directory, "analyse/idf.txt", err) ||
                   make_path(stop_words, directory, "analyse/tfidf.py", err) ||
                   store_import_clear_keywords(import, err) ||
                   jieba_files_read_idf(idf, add_idf, import, err) ||
                   jieba_files_read_stop_words(stop_words, add_stop_word, import, err)
               ? -1
               : 0;
}

struct user_words {
    struct store_import *import;
    size_t counted; /* words that are in the total alone */
};

static int add_user_word(void *arg, struct str word, int64_t freq, struct str tag, struct err *err)
{
    struct user_words *words = arg;
    return store_import_user_word(words->import, word, freq, tag, &words->counted, err);
}

static int import_userdict(struct store_import *import, const char *path, struct err *err)
{
    struct user_words words = {.import = import};
    if (jieba_files_read_userdict(path, add_user_word, &words, err))
        return -1;
    if (words.counted)
        fprintf(stderr,
                "serverful import: %s: %zu words with white space inside are counted as jieba "
                "counts them, and never found\n",
                path, words.counted);
    return 0;
}

static int import_model(struct store_import *import, const char *directory, struct err *err)
{
    struct hmm_model *model = malloc(sizeof *model);
    if (!model)
        return err_set(err, "out of memory for the model");
    int status = jieba_files_read_hmm(directory, model, err);
    if (!status)
        status = store_import_model(import, model, err);
    free(model);
    return status;
}

static int add_pos(void *arg, const struct pos_row *row, struct err *err)
{
    return store_import_pos(arg, row, err);
}

static int import_pos(struct store_import *import, const char *directory, struct err *err)
{
    return store_import_clear_pos(import, err) || posseg_read(directory, add_pos, import, err) ? -1
                                                                                               : 0;
}

/* jieba's words, models, inverse document frequencies and stop words take the place of those in the
 * store. */
static int import_jieba(struct store_import *import, const char *directory, struct err *err)
{
    return import_words(import, directory, err) || import_model(import, directory, err) ||
                   import_pos(import, directory, err) || import_keywords(import, directory, err)
               ? -1
               : 0;
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

/* One URL a line; empty lines are skipped. */
static int import_images(struct store_import *import, const char *path, struct err *err)
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
        if (url.len && store_import_image(import, url, &reason))
            status = err_set(err, "%s, line %zu: %s", path, number, reason.text);
    }
    if (!status && ferror(file))
        status = err_errno(err, "cannot read %s", path);
    free(line);
    fclose(file);
    return status;
}

static int import_all(struct store_import *import, const struct sources *sources, struct err *err)
{
    if (sources->jieba_data && import_jieba(import, sources->jieba_data, err))
        return -1;
    if (sources->words && jieba_files_read_dict(sources->words, add_word, import, err))
        return -1;
    if (sources->userdict && import_userdict(import, sources->userdict, err))
        return -1;
    return sources->images ? import_images(import, sources->images, err) : 0;
}

static int import_into(struct store *store, const struct sources *sources, struct err *err)
{
    struct store_import *import = store_import_begin(store, err);
    if (!import)
        return -1;
    if (import_all(import, sources, err)) {
        store_import_end(import, false, &(struct err){0});
        return -1;
    }
    return store_import_end(import, true, err);
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
        {"userdict", "FILE", "add words, a user dictionary of jieba", &sources.userdict},
        {"images", "FILE", "add images, one URL a line", &sources.images},
        {0}};
    int status =
        cli_read_options(argc, argv,
                         "Bring words, the HMM models and images into the store. Without a source: "
                         "--jieba-data " DEFAULT_JIEBA_DATA,
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
