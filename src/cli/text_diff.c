#include "cli/text_diff.h"

#include "segmenter/tag.h"

#include <stdlib.h>

/* Words [begin, end) of a line. */
struct range {
    size_t begin, end;
};

static const struct str *strings(const struct buf *buf, size_t *n)
{
    *n = buf->len / sizeof(struct str);
    return (const struct str *)(const void *)buf->at;
}

/* Sink: collect the words. */
static int add_words(void *arg, const struct str *words, size_t n)
{
    struct text_words *line = arg;
    buf_add(&line->words, words, n * sizeof *words);
    return line->words.failed ? -1 : 0;
}

/* Sink: collect the words and their tags. */
static int add_tagged_words(void *arg, const struct str *words, const struct str *tags, size_t n)
{
    struct text_words *line = arg;
    buf_add(&line->tags, tags, n * sizeof *tags);
    return line->tags.failed ? -1 : add_words(arg, words, n);
}

/* Cut the line with one of the dictionaries. */
static int cut_line(struct text_diff *diff, const struct dict *dict, struct text_words *words,
                    struct str line, struct err *err)
{
    buf_reset(&words->words);
    buf_reset(&words->tags);
    if (diff->pos)
        return segmenter_tag(diff->seg, dict, line, diff->hmm, add_tagged_words, words, err);
    return segmenter_cut(diff->seg, dict, line, SEGMENT_ACCURATE, diff->hmm, add_words, words, err);
}

/* Whether word `i` before and word `j` after are the same, which begin at the same byte. */
static bool is_same_word(const struct text_diff *diff, size_t i, size_t j)
{
    size_t n, m;
    const struct text_words *before = &diff->words[0], *after = &diff->words[1];
    if (strings(&before->words, &n)[i].len != strings(&after->words, &m)[j].len)
        return false;
    return !diff->pos || str_eq(strings(&before->tags, &n)[i], strings(&after->tags, &m)[j]);
}

/* Print some words, as `serverful segment` does. */
static void print_words(const struct text_diff *diff, int side, struct range range)
{
    size_t n;
    const struct str *words = strings(&diff->words[side].words, &n);
    const struct str *tags = strings(&diff->words[side].tags, &n);
    for (size_t i = range.begin; i < range.end; i++) {
        printf("%s%.*s", i > range.begin ? " / " : "", (int)words[i].len, words[i].at);
        if (diff->pos)
            printf("_%.*s", (int)tags[i].len, tags[i].at);
    }
}

static void print_difference(struct text_diff *diff, const char *name, struct range before,
                             struct range after)
{
    if (diff->found++ >= diff->limit)
        return;
    printf("%s:%zu: ", name, diff->lines);
    print_words(diff, 0, before);
    printf(" -> ");
    print_words(diff, 1, after);
    putchar('\n');
}

/* Find the shortest ranges of words from `before.begin` and `after.begin` on that have the same text. */
static void find_same_text(const struct text_diff *diff, struct range *before, struct range *after)
{
    size_t n, m;
    const struct str *old = strings(&diff->words[0].words, &n);
    const struct str *now = strings(&diff->words[1].words, &m);
    size_t old_len = old[before->begin].len, now_len = now[after->begin].len;
    before->end = before->begin + 1;
    after->end = after->begin + 1;
    while (old_len != now_len) {
        if (old_len < now_len)
            old_len += old[before->end++].len;
        else
            now_len += now[after->end++].len;
    }
}

/* Compare the words of the line, which have the same text in all. Neighbouring differences are one. */
static void compare_words(struct text_diff *diff, const char *name)
{
    size_t n, m, found = diff->found;
    struct range before = {0, 0}, after = {0, 0};
    struct range differing[2] = {{0, 0}, {0, 0}}; /* The difference that is not printed yet. */
    strings(&diff->words[0].words, &n);
    strings(&diff->words[1].words, &m);
    for (; before.begin < n && after.begin < m;
         before.begin = before.end, after.begin = after.end) {
        find_same_text(diff, &before, &after);
        bool is_same = before.end == before.begin + 1 && after.end == after.begin + 1 &&
                       is_same_word(diff, before.begin, after.begin);
        if (is_same && differing[0].end > differing[0].begin)
            print_difference(diff, name, differing[0], differing[1]);
        differing[0] = (struct range){is_same ? before.end : differing[0].begin, before.end};
        differing[1] = (struct range){is_same ? after.end : differing[1].begin, after.end};
    }
    if (differing[0].end > differing[0].begin)
        print_difference(diff, name, differing[0], differing[1]);
    diff->differing += diff->found > found;
}

/* Compare a line, which may end with CR and LF. */
static int compare_line(struct text_diff *diff, struct str line, const char *name, struct err *err)
{
    struct err reason;
    while (line.len && (line.at[line.len - 1] == '\n' || line.at[line.len - 1] == '\r'))
        line.len--;
    diff->lines++;
    if (cut_line(diff, diff->before, &diff->words[0], line, &reason) ||
        cut_line(diff, diff->after, &diff->words[1], line, &reason))
        return err_set(err, "%s, line %zu: %s", name, diff->lines, reason.text);
    compare_words(diff, name);
    return 0;
}

int text_diff_compare(struct text_diff *diff, FILE *in, const char *name, struct err *err)
{
    size_t before = diff->lines;
    if (!diff->seg && !(diff->seg = segmenter_new()))
        return err_set(err, "out of memory for the segmenter");
    diff->lines = 0;
    for (ssize_t n; (n = getline(&diff->line, &diff->cap, in)) >= 0;) {
        if (compare_line(diff, (struct str){diff->line, (size_t)n}, name, err))
            return -1;
    }
    diff->lines += before;
    return ferror(in) ? err_errno(err, "cannot read %s", name) : 0;
}

void text_diff_free(struct text_diff *diff)
{
    segmenter_free(diff->seg);
    for (int side = 0; side < 2; side++) {
        buf_free(&diff->words[side].words);
        buf_free(&diff->words[side].tags);
    }
    free(diff->line);
}
