/*
 * segment: a drop-in for `python3 -m jieba`, with a search mode besides.
 */
#include "segmenter/segment.h"
#include "cli/command.h"
#include "cli/dictionary.h"
#include "cli/paths.h"
#include "segmenter/tag.h"
#include "snapshot/snapshot.h"
#include "util/buf.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "Usage: serverful segment [OPTION...] [FILE]\n"
    "\n"
    "Cut the lines of FILE, or of the standard input, into words.\n"
    "\n"
    "  -d, --delimiter [DELIM]  between two words (default ' / '; without DELIM a space)\n"
    "  -a, --cut-all            full mode: all words that can be found\n"
    "  -s, --search             search mode: the shorter words inside long ones, too\n"
    "  -p, --pos [DELIM]        DELIM (default '_') and its part of speech behind each word;\n"
    "                           -a and -s are ignored\n"
    "  -n, --no-hmm             without the hidden Markov model\n"
    "  -D, --dict DICT          with the words of this file, 'word freq [tag]' a line\n"
    "  -u, --user-dict DICT     with those of this one besides, 'word [freq] [tag]' a line\n"
    "  -q, --quiet              taken for the sake of jieba; there are no loading messages\n"
    "      --snapshot FILE      the dictionary (default " DEFAULT_SNAPSHOT ")\n"
    "      --help               this text\n";

struct options {
    const char *delimiter, *snapshot, *file, *words, *user_words;
    const char *pos; /* between a word and its tag; NULL for words alone */
    enum segment_mode mode;
    bool hmm;
};

/* What a run needs; one struct, so that one place frees it. */
struct run {
    const struct options *options;
    struct snapshot snapshot;
    struct dict_builder *builder; /* of the dictionary, if it is not the snapshot's */
    struct segmenter *seg;
    struct buf out;
    char *line;
    size_t cap;
};

/* As argparse reads `-d` and `-p`: the next argument is DELIM unless it looks like an option. */
static const char *optional_argument_of(int argc, char **argv, const char *missing)
{
    if (optarg)
        return optarg;
    return optind < argc && argv[optind][0] != '-' ? argv[optind++] : missing;
}

/* 0, or -1 for a wrong usage, or 1 when help was given. */
static int parse(int argc, char **argv, struct options *options)
{
    static const struct option longs[] = {{"delimiter", optional_argument, NULL, 'd'},
                                          {"cut-all", no_argument, NULL, 'a'},
                                          {"pos", optional_argument, NULL, 'p'},
                                          {"search", no_argument, NULL, 's'},
                                          {"no-hmm", no_argument, NULL, 'n'},
                                          {"dict", required_argument, NULL, 'D'},
                                          {"user-dict", required_argument, NULL, 'u'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"snapshot", required_argument, NULL, 'S'},
                                          {"help", no_argument, NULL, 'h'},
                                          {0}};
    *options = (struct options){.delimiter = " / ", .snapshot = DEFAULT_SNAPSHOT, .hmm = true};
    for (int c; (c = getopt_long(argc, argv, "d::ap::snqD:u:", longs, NULL)) != -1;) {
        switch (c) {
        case 'd':
            options->delimiter = optional_argument_of(argc, argv, " ");
            break;
        case 'p':
            options->pos = optional_argument_of(argc, argv, "_");
            break;
        case 'a':
            options->mode = SEGMENT_FULL;
            break;
        case 's':
            options->mode = SEGMENT_SEARCH;
            break;
        case 'n':
            options->hmm = false;
            break;
        case 'D':
            options->words = optarg;
            break;
        case 'u':
            options->user_words = optarg;
            break;
        case 'q':
            break;
        case 'S':
            options->snapshot = optarg;
            break;
        case 'h':
            return fputs(usage, stdout) < 0 ? -1 : 1;
        default:
            return -1;
        }
    }
    if (options->pos && *options->pos == '\0') /* jieba takes an empty DELIM for none */
        options->pos = NULL;
    options->file = optind < argc ? argv[optind++] : NULL;
    return optind < argc ? -1 : 0;
}

/* The sink: each word with the delimiter before it; cut_line() takes the first one off again. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct run *run = arg;
    for (size_t i = 0; i < n; i++) {
        buf_add_text(&run->out, run->options->delimiter);
        buf_add_str(&run->out, words[i]);
    }
    return run->out.failed ? -1 : 0;
}

/* The same with tags. */
static int add_tagged(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct run *run = arg;
    for (size_t i = 0; i < n; i++) {
        buf_add_text(&run->out, run->options->delimiter);
        buf_add_str(&run->out, words[i]);
        buf_add_text(&run->out, run->options->pos);
        buf_add_str(&run->out, tags[i]);
    }
    return run->out.failed ? -1 : 0;
}

static int cut(struct run *run, struct str line, struct err *err)
{
    const struct options *options = run->options;
    const struct dict *dict = &run->snapshot.dict;
    if (options->pos)
        return segmenter_tag(run->seg, dict, line, options->hmm, add_tagged, run, err);
    return segmenter_cut(run->seg, dict, line, options->mode, options->hmm, add_words, run, err);
}

/* Cut one line, without its end, and print it. */
static int cut_line(struct run *run, struct str line, struct err *err)
{
    const struct options *options = run->options;
    buf_reset(&run->out);
    if (cut(run, line, err))
        return -1;
    size_t skip = run->out.len ? strlen(options->delimiter) : 0;
    buf_add_char(&run->out, '\n');
    size_t len = run->out.len - skip;
    if (run->out.failed || fwrite(run->out.at + skip, 1, len, stdout) != len)
        return err_errno(err, "cannot write the words");
    return 0;
}

/* A line of a file may be many: Python's text files have LF, CR LF and CR for an end. */
static int cut_file_line(struct run *run, struct str line, struct err *err)
{
    if (line.len && line.at[line.len - 1] == '\n')
        line.len--;
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    for (const char *cr; (cr = memchr(line.at, '\r', line.len)) != NULL;) {
        struct str first = {line.at, (size_t)(cr - line.at)};
        if (cut_line(run, first, err))
            return -1;
        line = (struct str){cr + 1, line.len - first.len - 1};
    }
    return cut_line(run, line, err);
}

/* A line of the standard input ends with LF alone, and with any CR before it. */
static int cut_input_line(struct run *run, struct str line, struct err *err)
{
    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    return cut_line(run, line, err);
}

static int cut_lines(struct run *run, FILE *in, struct err *err)
{
    for (ssize_t n; (n = getline(&run->line, &run->cap, in)) >= 0;) {
        struct str line = {run->line, (size_t)n};
        if (in == stdin ? cut_input_line(run, line, err) : cut_file_line(run, line, err))
            return -1;
    }
    if (ferror(in) || fflush(stdout))
        return err_errno(err, "cannot read or write");
    return 0;
}

/* Map the snapshot, and put other words into its dictionary if the options ask for it. */
static int open_dictionary(struct run *run, struct err *err)
{
    const struct options *options = run->options;
    if (snapshot_open(&run->snapshot, options->snapshot, err))
        return -1;
    if (!options->words && !options->user_words)
        return 0;
    run->builder =
        dictionary_compile(options->words, options->user_words, &run->snapshot.dict, err);
    return run->builder ? 0 : -1;
}

static int cut_file(struct run *run, struct err *err)
{
    const char *name = run->options->file;
    FILE *in = name ? fopen(name, "r") : stdin;
    if (!in)
        return err_errno(err, "cannot open %s", name);
    int status = cut_lines(run, in, err);
    if (name)
        fclose(in);
    return status;
}

int command_segment(int argc, char **argv)
{
    struct options options;
    struct err err;
    int parsed = parse(argc, argv, &options);
    if (parsed)
        return parsed > 0 ? 0 : (fputs(usage, stderr), 2);
    struct run run = {.options = &options, .seg = segmenter_new()};
    int status = run.seg ? open_dictionary(&run, &err) : err_set(&err, "out of memory");
    if (!status)
        status = cut_file(&run, &err);
    if (status)
        fprintf(stderr, "serverful segment: %s\n", err.text);
    dict_builder_free(run.builder);
    snapshot_close(&run.snapshot);
    segmenter_free(run.seg);
    buf_free(&run.out);
    free(run.line);
    return status ? 1 : 0;
}
