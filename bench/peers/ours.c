/*
 * ours SNAPSHOT: our segmenter as a peer of the benchmark. bench/peers.py describes the commands.
 *
 * It has two more: `json MODE` makes the body of /segment for each line with the real handler, and
 * prints the time and the bytes; `walk` measures the limit.
 */
#include "api/handler.h"
#include "api/json.h"
#include "segmenter/segment.h"
#include "snapshot/snapshot.h"
#include "util/buf.h"
#include "util/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct mode {
    const char *name, *query_mode, *query_hmm;
    enum segment_mode mode;
    bool hmm;
} modes[] = {{"hmm", "accurate", "1", SEGMENT_ACCURATE, true},
             {"no-hmm", "accurate", "0", SEGMENT_ACCURATE, false},
             {"full", "full", "1", SEGMENT_FULL, true},
             {"search", "search", "1", SEGMENT_SEARCH, true}};

struct ours {
    struct snapshot snapshot;
    struct api api;
    struct buf corpus;
    struct str *lines; /* lines of the corpus */
    size_t n_lines;
    struct str *words; /* words of one line; the array is reused */
    size_t n_words, cap_words;
    uint16_t *labels; /* labels of one line, for `walk` */
};

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Collect the words of a line in a list, as a caller of the API does. */
static int collect(void *arg, const struct str *words, size_t n)
{
    struct ours *ours = arg;
    if (ours->n_words + n > ours->cap_words) {
        size_t cap = (ours->n_words + n) * 2;
        struct str *more = realloc(ours->words, cap * sizeof *more);
        if (!more)
            return -1;
        ours->words = more;
        ours->cap_words = cap;
    }
    memcpy(ours->words + ours->n_words, words, n * sizeof *words);
    ours->n_words += n;
    return 0;
}

static int time_cut(struct ours *ours, const struct mode *mode, struct err *err)
{
    size_t count = 0;
    int64_t begin = now();
    for (size_t i = 0; i < ours->n_lines; i++) {
        ours->n_words = 0;
        if (segmenter_cut(ours->api.seg, &ours->snapshot.dict, ours->lines[i], mode->mode,
                          mode->hmm, collect, ours, err))
            return -1;
        count += ours->n_words;
    }
    printf("%lld %zu\n", (long long)(now() - begin), count);
    return 0;
}

/* Return the event that every front end makes of a POST of a line as text/plain. */
static struct proxy_event post(struct str line, const struct url_params *params)
{
    return (struct proxy_event){.method = str_of("POST"),
                                .path = str_of("/segment"),
                                .content_type = str_of("text/plain"),
                                .body = line,
                                .params = params};
}

static int make_bodies(struct ours *ours, const struct url_params *params, struct err *err)
{
    struct proxy_response response = {0};
    size_t bytes = 0;
    int status = 0;
    int64_t begin = now();
    for (size_t i = 0; i < ours->n_lines && !status; i++) {
        struct proxy_event event = post(ours->lines[i], params);
        proxy_response_reset(&response);
        status = handle_segment(&ours->api, &event, &response, err);
        bytes += response.body.len;
    }
    int64_t elapsed = now() - begin;
    proxy_response_free(&response);
    if (!status)
        printf("%lld %zu\n", (long long)elapsed, bytes);
    return status;
}

static int time_bodies(struct ours *ours, const struct mode *mode, struct err *err)
{
    struct url_params params = {0};
    int status = url_add_param(&params, str_of("mode"), str_of(mode->query_mode), err);
    if (!status)
        status = url_add_param(&params, str_of("hmm"), str_of(mode->query_hmm), err);
    if (!status)
        status = make_bodies(ours, &params, err);
    url_params_free(&params);
    return status;
}

/* Write the labels of a line, and a 0 behind them. Returns their number. */
static size_t read_labels(struct str line, uint16_t *labels)
{
    size_t n = 0;
    for (size_t i = 0; i < line.len;) {
        uint32_t code;
        size_t len = utf8_read(line.at + i, line.len - i, &code);
        i += len ? len : 1;
        labels[n++] = (uint16_t)(len ? dict_label(code) : 0);
    }
    labels[n] = 0;
    return n;
}

/* Time the least work of any exact segmentation with this double array: decode each character, and
 * look it up alone and with the next one. No word is weighed, chosen or returned. */
static void time_walk(struct ours *ours)
{
    const struct dict *dict = &ours->snapshot.dict;
    const uint16_t *labels = ours->labels;
    size_t count = 0;
    int64_t begin = now();
    for (size_t line = 0; line < ours->n_lines; line++) {
        size_t n = read_labels(ours->lines[line], ours->labels);
        for (size_t i = 0; i < n; i++) {
            dict_unit one = dict_unit_if(dict_child(dict, dict->units[0], labels[i]), labels[i]);
            dict_unit two = dict_unit_if(dict_child(dict, one, labels[i + 1]), labels[i + 1]);
            count += dict_unit_prob(one) != 0;
            count += dict_unit_prob(two) != 0;
        }
    }
    printf("%lld %zu\n", (long long)(now() - begin), count);
}

/* Write each word in hexadecimal digits, and a comma behind it. */
static int print_words(void *arg, const struct str *words, size_t n)
{
    FILE *out = arg;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < words[i].len; k++)
            fprintf(out, "%02x", (unsigned char)words[i].at[k]);
        putc(',', out);
    }
    return 0;
}

static int write_words(struct ours *ours, const struct mode *mode, const char *path,
                       struct err *err)
{
    FILE *out = fopen(path, "w");
    if (!out)
        return err_errno(err, "%s", path);
    int status = 0;
    for (size_t i = 0; i < ours->n_lines && !status; i++) {
        status = segmenter_cut(ours->api.seg, &ours->snapshot.dict, ours->lines[i], mode->mode,
                               mode->hmm, print_words, out, err);
        putc('\n', out);
    }
    if (fclose(out) && !status)
        status = err_errno(err, "%s", path);
    if (!status)
        printf("%zu\n", ours->n_lines);
    return status;
}

static int read_file(const char *path, struct buf *text, struct err *err)
{
    FILE *in = fopen(path, "r");
    if (!in)
        return err_errno(err, "%s", path);
    buf_reset(text);
    for (char *at; (at = buf_reserve(text, 1 << 16)) != NULL;) {
        size_t n = fread(at, 1, 1 << 16, in);
        text->len += n;
        if (n == 0)
            break;
    }
    int failed = ferror(in);
    fclose(in);
    return failed || text->failed ? err_set(err, "cannot read %s", path) : 0;
}

/* Read the corpus, and set `lines` to its lines. */
static int load_corpus(struct ours *ours, const char *path, struct err *err)
{
    if (read_file(path, &ours->corpus, err))
        return -1;
    free(ours->lines);
    free(ours->labels);
    ours->n_lines = 0;
    struct str rest = buf_str(&ours->corpus);
    ours->lines = malloc((rest.len + 1) * sizeof *ours->lines);
    ours->labels = malloc((rest.len + 1) * sizeof *ours->labels);
    if (!ours->lines || !ours->labels)
        return err_set(err, "out of memory for %s", path);
    while (rest.len) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;
        ours->lines[ours->n_lines++] = (struct str){rest.at, len};
        rest = (struct str){rest.at + len + (end != NULL), rest.len - len - (end != NULL)};
    }
    printf("%zu\n", ours->n_lines);
    return 0;
}

static const struct mode *find_mode(const char *name)
{
    for (size_t i = 0; name && i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(name, modes[i].name) == 0)
            return &modes[i];
    }
    return NULL;
}

/* Run a command. Returns 0, or 1 for `quit`, or -1 with the reason in `err`. */
static int run_command(struct ours *ours, char *line, struct err *err)
{
    const char *command = strtok(line, " \n"), *first = strtok(NULL, " \n");
    const char *second = strtok(NULL, "\n");
    const struct mode *mode = find_mode(first);
    if (!command)
        return err_set(err, "an empty command");
    if (strcmp(command, "quit") == 0)
        return 1;
    if (strcmp(command, "load") == 0 && first)
        return load_corpus(ours, first, err);
    if (strcmp(command, "cut") == 0 && mode)
        return time_cut(ours, mode, err);
    if (strcmp(command, "json") == 0 && mode)
        return time_bodies(ours, mode, err);
    if (strcmp(command, "words") == 0 && mode && second)
        return write_words(ours, mode, second, err);
    if (strcmp(command, "walk") == 0)
        return time_walk(ours), 0;
    return err_set(err, "unknown command %s", command);
}

static void free_ours(struct ours *ours)
{
    api_free(&ours->api);
    snapshot_close(&ours->snapshot);
    buf_free(&ours->corpus);
    free(ours->lines);
    free(ours->words);
    free(ours->labels);
}

int main(int argc, char **argv)
{
    struct ours ours = {.api.snapshot = &ours.snapshot};
    struct err err;
    char *line = NULL;
    size_t cap = 0;
    int status = argc == 2 ? snapshot_open(&ours.snapshot, argv[1], &err)
                           : err_set(&err, "usage: ours SNAPSHOT");
    if (!status)
        status = api_init(&ours.api, &err);
    while (!status && getline(&line, &cap, stdin) > 0) {
        status = run_command(&ours, line, &err);
        fflush(stdout);
    }
    if (status < 0)
        fprintf(stderr, "%s\n", err.text);
    free(line);
    free_ours(&ours);
    return status < 0;
}
