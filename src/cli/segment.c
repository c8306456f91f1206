/*
 * segment: the command `serverful segment`, a drop-in replacement for `python3 -m jieba` that also
 * has jieba's search mode.
 */
#include "segmenter/segment.h"
#include "cli/command.h"
#include "cli/dictionary.h"
#include "cli/options.h"
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
    "Segment FILE, or the standard input, line by line into words.\n"
    "\n"
    "  -d, --delimiter [DELIM]  print DELIM between two words, or a space if DELIM is omitted\n"
    "                           (default ' / ')\n"
    "  -a, --cut-all            use full mode: print every word that is in the text\n"
    "  -s, --search             use search mode: also print the shorter words inside long ones\n"
    "  -p, --pos [DELIM]        print DELIM (default '_') and the part of speech after each\n"
    "                           word; ignore -a and -s\n"
    "  -n, --no-hmm             do not use the hidden Markov model\n"
    "  -D, --dict DICT          use the words of this file instead, lines 'word freq [tag]'\n"
    "  -u, --user-dict DICT     add the words of this file, lines 'word [freq] [tag]'\n"
    "  -q, --quiet              accepted for compatibility with jieba; has no effect\n"
    "      --snapshot FILE      use this snapshot (default " DEFAULT_SNAPSHOT ")\n"
    "  -h, --help               print this help\n";

struct options {
    const char *delimiter, *snapshot, *file, *words, *user_words;
    const char *pos; /* The text between a word and its tag; NULL to print no tags. */
    enum segment_mode mode;
    bool hmm;
};

/* The resources of one run of the command. */
struct segment_run {
    const struct options *options;
    struct snapshot snapshot;
    struct dict_builder *builder; /* The dictionary of -D and -u, or NULL. */
    struct segmenter *seg;
    struct buf out; /* The output of one line. */
    char *line;
    size_t cap;
};

/* Return the DELIM of `-d` or `-p` as argparse finds it: the next argument, unless it looks like an
 * option; else `missing`. */
static const char *optional_argument_of(int argc, char **argv, const char *missing)
{
    if (optarg)
        return optarg;
    return optind < argc && argv[optind][0] != '-' ? argv[optind++] : missing;
}

/* Read the options. Returns 0; -1 for wrong usage; 1 if it has printed the help. */
static int parse_options(int argc, char **argv, struct options *options)
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
    uint64_t given = 0;
    for (int c; (c = getopt_long(argc, argv, "d::ap::snqD:u:h", longs, NULL)) != -1;) {
        if (!cli_accept_option(argv[0], longs, c, &given))
            return -1;
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
    if (options->pos && *options->pos == '\0') /* Jieba prints no tags if DELIM is empty. */
        options->pos = NULL;
    options->file = optind < argc ? argv[optind++] : NULL;
    return optind < argc ? -1 : 0;
}

/* Sink: append each word after a delimiter. cut_line() skips the first delimiter. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct segment_run *run = arg;
    for (size_t i = 0; i < n; i++) {
        buf_add_text(&run->out, run->options->delimiter);
        buf_add_str(&run->out, words[i]);
    }
    return run->out.failed ? -1 : 0;
}

/* Sink: append each word after a delimiter, and its tag. */
static int add_tagged_words(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct segment_run *run = arg;
    for (size_t i = 0; i < n; i++) {
        buf_add_text(&run->out, run->options->delimiter);
        buf_add_str(&run->out, words[i]);
        buf_add_text(&run->out, run->options->pos);
        buf_add_str(&run->out, tags[i]);
    }
    return run->out.failed ? -1 : 0;
}

/* Cut one line into `out`. */
static int append_words(struct segment_run *run, struct str line, struct err *err)
{
    const struct options *options = run->options;
    const struct dict *dict = &run->snapshot.dict;
    if (options->pos)
        return segmenter_tag(run->seg, dict, line, options->hmm, add_tagged_words, run, err);
    return segmenter_cut(run->seg, dict, line, options->mode, options->hmm, add_words, run, err);
}

/* Cut one line, which has no line end, and print its words. */
static int cut_line(struct segment_run *run, struct str line, struct err *err)
{
    const struct options *options = run->options;
    buf_reset(&run->out);
    if (append_words(run, line, err))
        return -1;
    size_t skip = run->out.len ? strlen(options->delimiter) : 0;
    buf_add_char(&run->out, '\n');
    size_t len = run->out.len - skip;
    if (run->out.failed || fwrite(run->out.at + skip, 1, len, stdout) != len)
        return err_errno(err, "cannot write to the standard output");
    return 0;
}

/* Cut a line of a file. It can have several lines for Python, whose text files end lines with LF,
 * CR LF or CR. */
static int cut_file_line(struct segment_run *run, struct str line, struct err *err)
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

/* Cut a line of the standard input, which ends with LF and any number of CR before it. */
static int cut_input_line(struct segment_run *run, struct str line, struct err *err)
{
    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    return cut_line(run, line, err);
}

/* Cut the lines of the input. */
static int cut_lines(struct segment_run *run, FILE *in, struct err *err)
{
    for (ssize_t n; (n = getline(&run->line, &run->cap, in)) >= 0;) {
        struct str line = {run->line, (size_t)n};
        if (in == stdin ? cut_input_line(run, line, err) : cut_file_line(run, line, err))
            return -1;
    }
    if (ferror(in) || fflush(stdout))
        return err_errno(err, "cannot read the input or write the output");
    return 0;
}

/* Open the snapshot, and replace its words by those of -D and -u. */
static int open_dictionary(struct segment_run *run, struct err *err)
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

/* Cut the file of the options, or the standard input. */
static int cut_file(struct segment_run *run, struct err *err)
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
    int parsed = parse_options(argc, argv, &options);
    if (parsed < 0)
        fputs(usage, stderr);
    if (parsed)
        return parsed < 0 ? 2 : 0;
    struct segment_run run = {.options = &options, .seg = segmenter_new()};
    int status =
        run.seg ? open_dictionary(&run, &err) : err_set(&err, "out of memory for the segmenter");
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
